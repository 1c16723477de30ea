"""Who is barred for good stays out: of lists, of what is published, and when imported anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import erasing
import numpy as np
import pyarrow.parquet as pq
import pytest
from loops import Loop, Sandbox, email_hash, phone_hash

from tamiz.ledger import open_ledger
from tamiz.ledger.columns import column_of
from tamiz.publish import latest_generation
from tamiz.sandbox import running_sandbox

NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)
PLATFORMS = ("google", "meta")


@dataclass(frozen=True)
class Seen:
    """A loop gone through twice; the second time the requests were gone and two came back."""

    loop: Loop
    sandbox: Sandbox
    suppressed: int
    sent: dict[str, set[str]]
    published: dict[str, list[dict[str, object]]]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    loop = erasing.new_loop(tmp_path_factory.mktemp("erasing"))
    with running_sandbox() as url:
        sandbox = Sandbox(url)
        erasing.write_people(loop, *erasing.BARRED)
        erasing.write_requests(loop, *erasing.REQUESTS)
        gone_through(loop, url)
        sent = {name: sandbox.members(name) for name in PLATFORMS}
        published = tables(loop)
        with open_ledger(loop.ledger, read_only=True) as ledger:
            suppressed = ledger.suppressions()
        assert loop.tamiz("validate").code == 0
        erasing.write_people(loop, *erasing.BACK)
        erasing.write_requests(loop, erasing.ANOTHER)
        gone_through(loop, url)
        yield Seen(loop, sandbox, suppressed, sent, published)


def gone_through(loop: Loop, url: str) -> None:
    erasing.build(loop)
    for words in (["validate"], ["push", "--sandbox", url]):
        outcome = loop.tamiz(*words)
        assert outcome.code == 0, outcome


def tables(loop: Loop) -> dict[str, list[dict[str, object]]]:
    generation = latest_generation(loop.published)
    return {
        name: pq.read_table(table.file).to_pylist() for name, table in generation.tables.items()
    }


def hashes_of(platform: str) -> set[str]:
    phones = (erasing.ERASED_PHONE, erasing.OBJECTOR_PHONE)
    emails = (erasing.ERASED, erasing.OBJECTOR)
    return {
        *(email_hash(platform, email) for email in emails),
        *(phone_hash(platform, phone) for phone in phones),
    }


def test_all_hashes_of_who_is_barred_for_good_stand_in_the_ledger(seen: Seen) -> None:
    with open_ledger(seen.loop.ledger, read_only=True) as ledger:
        known = {one.tobytes() for one in ledger.suppressed()}
        for platform in PLATFORMS:
            keyed = {ledger.keys.member_hash(digest) for digest in hashes_of(platform)}
            assert keyed <= known


def test_the_list_of_the_suppressed_grows_only_by_who_is_new(seen: Seen) -> None:
    with open_ledger(seen.loop.ledger, read_only=True) as ledger:
        # The stranger's request of the second time is new; validating twice was not.
        assert (seen.suppressed, ledger.suppressions()) == (1, 2)


def test_who_is_imported_anew_is_not_sent_though_the_request_is_gone(seen: Seen) -> None:
    for platform in PLATFORMS:
        assert len(seen.sent[platform]) > 150
        new = {
            phone_hash(platform, "+34655000977"),
            email_hash(platform, erasing.NEW_MAIL),
        }
        everything = seen.sandbox.sent(platform, {"ingestAudienceMembers", "addUsers"})
        assert not everything & (hashes_of(platform) | new)


def test_the_warehouse_would_have_sent_who_came_back(seen: Seen) -> None:
    found = seen.loop.query("select count(distinct person_id) from fct_audience_members")
    assert found == [(erasing.COUNT + 2,)]


def test_no_public_table_names_who_is_barred_for_good(seen: Seen) -> None:
    barred = {
        person
        for (person,) in seen.loop.query(
            "select person_id from fct_person_identifiers where identifier in"
            f" ('{erasing.ERASED}', '+34655000902')"
        )
    }
    visitors = {erasing.ERASED_VISITOR, erasing.ASKING_VISITOR}
    assert len(barred) == 2
    for published in (seen.published, tables(seen.loop)):
        assert len(published["dim_people"]) == erasing.COUNT
        assert len(published["fct_sessions"]) == 1
        for name, rows in published.items():
            for row in rows:
                assert row.get("person_id") not in barred, name
                assert row.get("anonymous_id") not in visitors, name


def test_figures_of_a_funnel_stay(seen: Seen) -> None:
    [row] = [
        row
        for row in seen.published["fct_audience_funnel"]
        if row["step"] == "segment"
        and (row["audience_name"], row["platform"]) == ("aud_win_back", "meta")
    ]
    assert row["person_count"] == erasing.COUNT + 2


def test_a_hundred_thousand_people_are_suppressed_in_seconds(tmp_path: Path) -> None:
    digests = column_of(np.random.default_rng(1).bytes(32 * 100_000))
    with open_ledger(tmp_path / "ledger.db") as ledger:
        started = datetime.now(UTC)
        assert ledger.suppress_all([("erasure", digests)], NOW) == 100_000
        assert ledger.suppress_all([("opt_out", digests)], NOW) == 0
        assert (datetime.now(UTC) - started).total_seconds() < 10
        assert ledger.suppressions() == 1
