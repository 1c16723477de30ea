"""What each platform makes of a value is what the contracts say, the vectors show and Python finds.

The SQL is that of `tamiz hash`, which dbt makes of the models' own macros.
"""

# ruff: noqa: S311 - chance for tests

import json
import os
import random
from functools import cache
from typing import Any

import pytest
from made_queries import Query
from reference import made_up_values, rules
from worlds import SHARED

from tamiz.platforms import PLATFORMS

# The full run is TAMIZ_FUZZ=100000: so many values per platform and identifier.
FUZZ = int(os.environ.get("TAMIZ_FUZZ", "2000"))
ASKED = [(platform, kind) for platform, kinds in rules.RULES.items() for kind in kinds]
VECTORS = [SHARED / "platforms" / f"vectors_{number}.json" for number in (1, 2)]
REASONS = {
    *("empty", "hash of nothing", "not an e-mail address", "no mailbox left", "not a phone number"),
    *("country needed", "no such country", "unknown country or calling code", "number too short"),
    *("number too long", "not a valid number", "no letters", "not in letters a to z"),
    *("no such state", "not a postcode", "neither f nor m", "not a year", "not a month"),
    *("not a day", "not an ad id", "ad id of nobody", "not a handle", "not a user id"),
}


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    return Query(tmp_path_factory.mktemp("queries"), ASKED)


@cache
def values_of(kind: str) -> list[made_up_values.Given]:
    return made_up_values.values(random.Random(kind), kind, FUZZ)


@pytest.mark.parametrize(("platform", "kind"), ASKED)
def test_made_up_values_come_out_as_in_the_reference(
    query: Query, platform: str, kind: str
) -> None:
    values = values_of(kind)
    rows = query(platform, kind, values)
    assert [row.row for row in rows] == list(range(1, FUZZ + 1))
    kept = 0
    for row, (value, country) in zip(rows, values, strict=True):
        wanted = rules.formed(platform, kind, value, country)
        assert (row.normalised, row.hash) == wanted, (ascii(value), country, row.reason)
        assert (row.reason is None) == (row.normalised is not None), ascii(value)
        assert row.reason is None or row.reason in REASONS
        kept += row.normalised is not None
    assert 0.2 * FUZZ < kept < FUZZ


@pytest.mark.parametrize(("platform", "kind"), ASKED)
def test_normalising_twice_is_normalising_once(query: Query, platform: str, kind: str) -> None:
    values = values_of(kind)[:2000]
    once = query(platform, kind, values)
    kept = [
        (row.normalised, country)
        for row, (_, country) in zip(once, values, strict=True)
        # Digits alone are a number again only to who knows its country.
        if row.normalised is not None and not (kind == "phone" and row.normalised[0] != "+")
    ]
    again = query(platform, kind, kept)
    assert [row.normalised for row in again] == [text for text, _ in kept]
    hashes = {row.normalised: row.hash for row in once}
    assert all(row.hash == hashes[row.normalised] for row in again)


def vectors() -> list[dict[str, Any]]:
    if not all(path.exists() for path in VECTORS):
        return []
    found = [vector for path in VECTORS for vector in json.loads(path.read_text())["vectors"]]
    return [vector for vector in found if vector["platform"] in PLATFORMS]


@pytest.mark.skipif(not vectors(), reason=f"no {VECTORS[0].parent} beside the repository")
def test_every_published_vector_of_the_nine_platforms_holds(query: Query) -> None:
    others = {"handle": "x_handle", "user_id": "x_user_id"}
    seen = vectors()
    assert len(seen) == 42
    by_pair: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for vector in seen:
        name = vector["identifier"]
        by_pair.setdefault((vector["platform"], others.get(name, name)), []).append(vector)
    for pair, those in by_pair.items():
        rows = query(*pair, [(vector["raw"], vector["country_hint"]) for vector in those])
        for row, vector in zip(rows, those, strict=True):
            wanted = vector.get("sha512") or vector["sha256"]
            assert (row.normalised, row.hash) == (vector["normalised"], wanted), vector["id"]
            assert (row.reason is None) == (vector["normalised"] is not None), vector["id"]


def test_every_country_is_known_by_its_code_and_its_names_in_three_languages(query: Query) -> None:
    names = rules.country_names()
    assert len(names) > 700
    rows = query("google", "country", [(name, None) for name in names])
    assert [row.normalised for row in rows] == list(names.values())
