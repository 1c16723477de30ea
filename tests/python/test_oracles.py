"""The platforms' own libraries beside our SQL: equal where they are right, listed where they err.

They are no part of the product, nor of the usual test environment: install the group `oracles`
(requirements-oracles.txt) beside it, or these tests are skipped.
"""

# ruff: noqa: S311 - chance for tests

import hashlib
import importlib.util
import os
import random
import unicodedata
from typing import Any

import pytest
from made_queries import Query
from reference import made_up_values, rules

FUZZ = int(os.environ.get("TAMIZ_FUZZ", "2000"))
NOTHING = hashlib.sha256(b"").hexdigest()
INSTALLED = {
    name: importlib.util.find_spec(name) is not None
    for name in ("facebook_business", "google")
    if importlib.util.find_spec(name) is not None
}
with_google = pytest.mark.skipif(
    not INSTALLED.get("google") or not importlib.util.find_spec("google.ads"),
    reason="google-ads-datamanager-util is not installed: pip install -r requirements-oracles.txt",
)
with_meta = pytest.mark.skipif(
    not INSTALLED.get("facebook_business"),
    reason="facebook-business is not installed: pip install -r requirements-oracles.txt",
)
PAIRS = (
    *(("google", kind) for kind in ("email", "phone", "first_name", "zip", "country")),
    *(("meta", kind) for kind in ("email", "phone", "first_name", "city", "zip", "country")),
    *(("meta", kind) for kind in ("gender", "birth_year", "birth_month", "birth_day")),
)
# What the helpers make of a value, ours beside it: (trap, platform, kind, value, country, theirs,
# ours). None: the helper raises, or we refuse.
GOOGLE_DEFECTS = (
    ("T2", "phone", "612 34 56 78", "ES", "+612345678", "+34612345678"),
    ("T2", "phone", "0034 612 34 56 78", "ES", "+0034612345678", "+34612345678"),
    ("T2", "phone", "٦١٢٣٤٥٦٧٨", "ES", "+٦١٢٣٤٥٦٧٨", "+34612345678"),
    ("T2", "phone", "0", "MX", "+0", None),
    ("T8", "first_name", "I\u0301ker", None, "i\u0301ker", "\u00edker"),
    ("no dot in the domain", "email", "x@y", None, "x@y", None),
    ("unseen stays", "email", "a\u200b@example.es", None, "a\u200b@example.es", "a@example.es"),
    ("any two letters are a country", "country", "zz", None, "ZZ", None),
    ("a name is no country", "country", "Brasil", None, None, "BR"),
)
# (trap, kind, Meta's key, value, country, theirs, ours), of the helper for audiences.
META_DEFECTS = (
    ("T1", "phone", "PHONE", "sin telefono", "ES", "", None),
    ("T1", "first_name", "FN", "정", None, "", "정"),
    ("T3", "first_name", "FN", "LUCÍA", None, "luca", "lucía"),
    ("T3", "gender", "GEN", "Mujer", None, "m", "f"),
    ("T3", "gender", "GEN", "Mulher", None, "m", "f"),
    ("T3", "country", "COUNTRY", "Estados Unidos", None, "es", "us"),
    ("T3", "country", "COUNTRY", "Chile", None, "ch", "cl"),
    ("T3", "phone", "PHONE", "0034655123456", "ES", "0034655123456", "34655123456"),
    ("T3", "email", "EMAIL", "x@y", None, "x@y", None),
    ("T8", "first_name", "FN", "Jose\u0301", None, "jose", "josé"),
    ("T14", "city", "CT", "São Paulo", None, "sopaulo", "saopaulo"),
    ("T14", "zip", "ZIP", "01310-100", "BR", "01310", "01310100"),
    ("T7-like", "birth_month", "DOBM", "13", None, "13", None),
    ("a date is run together", "birth_year", "DOBY", "1990-03-07", None, "19900307", "1990"),
)
# The same of the newer helper for events: (trap, kind, its field, value, country, theirs, ours).
EVENT_DEFECTS = (
    ("punctuation stays", "first_name", "fn", "L'Hospital", None, "l'hospital", "lhospital"),
    ("a word is no letter", "gender", "ge", "Female", None, "female", "f"),
    ("accents stay", "city", "ct", "São Paulo", None, "sãopaulo", "saopaulo"),
    ("T2-like", "phone", "ph", "655 12 34 56", "ES", "655123456", "34655123456"),
    ("T14", "zip", "zp", "01310-100", "BR", "01310", "01310100"),
)


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    return Query(tmp_path_factory.mktemp("queries"), PAIRS)


def google_form(kind: str, value: str) -> str | None:
    from google.ads.datamanager_util.format import (  # type: ignore[import-not-found]
        Formatter,
    )

    formatter = Formatter()
    form = {
        "email": formatter.format_email_address,
        "phone": formatter.format_phone_number,
        "first_name": formatter.format_given_name,
        "zip": formatter.format_postal_code,
        "country": formatter.format_region_code,
    }
    try:
        return form[kind](value)
    except ValueError:
        return None


def meta_form(key: str, value: str) -> str:
    """What the audience helper hashes: found out by the one key it leaves in clear."""
    from facebook_business.adobjects.customaudience import (  # type: ignore[import-not-found]
        CustomAudience,
    )

    stripped = value.strip(" \t\r\n\0\x0b.").lower()
    form = str(CustomAudience.normalize_key(key, stripped))
    (row,) = CustomAudience.format_params([key], [[value]], is_raw=True)["payload"]["data"]
    assert row == [hashlib.sha256(form.encode()).hexdigest()]
    return form


def event_form(field: str, value: str) -> str | None:
    from facebook_business.adobjects.serverside.normalize import (  # type: ignore[import-not-found]
        Normalize,
    )

    try:
        form: Any = Normalize.normalize_field_skip_hashing(field, value)
    except (TypeError, ValueError):
        return None
    return None if form is None else str(form)


def ours(query: Query, platform: str, kind: str) -> list[tuple[str, str | None]]:
    """Made-up values as they are once composed and trimmed, and what we make of them."""
    values = made_up_values.values(random.Random(kind), kind, FUZZ)
    rows = query(platform, kind, values)
    pairs = [
        (rules.trimmed(value), row.normalised) for row, (value, _) in zip(rows, values, strict=True)
    ]
    return [(text, form) for text, form in pairs if text is not None and not _is_hash(text)]


def _is_hash(text: str) -> bool:
    return len(text) in (63, 64, 65) and not set(text.lower()) - set("0123456789abcdefg")


@with_google
@pytest.mark.parametrize("kind", ["email", "first_name", "zip"])
def test_google_s_helper_agrees_on_every_value_we_take(query: Query, kind: str) -> None:
    seen = 0
    for text, form in ours(query, "google", kind):
        # Capital sigma at the end of a word, and İ, have more than one small letter.
        if form is not None and not set("Σİ") & set(text):
            assert google_form(kind, text) == form, ascii(text)
            seen += 1
    assert seen > FUZZ * 0.4


@with_google
def test_google_s_helper_leaves_our_numbers_and_countries_as_they_are(query: Query) -> None:
    for kind in ("phone", "country"):
        forms = {form for _, form in ours(query, "google", kind) if form is not None}
        assert len(forms) > 3
        assert {google_form(kind, form) for form in forms} == forms


@with_google
@pytest.mark.parametrize("defect", GOOGLE_DEFECTS, ids=ascii)
def test_google_s_helper_still_errs_where_we_say_so(query: Query, defect: tuple[str, ...]) -> None:
    _, kind, value, country, theirs, wanted = defect
    assert google_form(kind, value) == theirs != wanted
    (row,) = query("google", kind, [(value, country)])
    assert row.normalised == wanted


@with_meta
@pytest.mark.parametrize(
    ("kind", "key"),
    [("email", "EMAIL"), ("phone", "PHONE"), ("country", "COUNTRY"), ("birth_month", "DOBM")],
)
def test_meta_s_audience_helper_leaves_our_forms_as_they_are(
    query: Query, kind: str, key: str
) -> None:
    forms = {form for _, form in ours(query, "meta", kind) if form is not None}
    assert len(forms) > 3
    # It takes a dot for a blank at the ends of an address: a.@b.es stays, .a@b.es does not.
    kept = {form for form in forms if form == form.strip(".")}
    assert {meta_form(key, form) for form in kept} == kept


@with_meta
@pytest.mark.parametrize(
    ("kind", "field"),
    [("email", "em"), ("phone", "ph"), ("country", "country"), ("birth_day", "dobd")],
)
def test_meta_s_event_helper_leaves_our_forms_as_they_are(
    query: Query, kind: str, field: str
) -> None:
    forms = {form for _, form in ours(query, "meta", kind) if form is not None}
    assert len(forms) > 3
    odd = {form for form in forms if kind == "phone" and event_form(field, form) is None}
    assert len(odd) <= len(forms) * 0.1  # it wants seven figures behind the country code
    assert {event_form(field, form) for form in forms - odd} == forms - odd


@with_meta
def test_meta_s_helpers_agree_on_plain_names_and_cities(query: Query) -> None:
    for kind, key, field in (("first_name", "FN", "fn"), ("city", "CT", "ct")):
        plain = [
            (text, form)
            for text, form in ours(query, "meta", kind)
            if form is not None and text.isascii() and text.isalpha()
        ]
        assert len(plain) > FUZZ * 0.05
        for text, form in plain:
            assert meta_form(key, text) == event_form(field, text) == form


@with_meta
@pytest.mark.parametrize("defect", META_DEFECTS, ids=ascii)
def test_meta_s_audience_helper_still_errs_where_we_say_so(
    query: Query, defect: tuple[str, ...]
) -> None:
    _, kind, key, value, country, theirs, wanted = defect
    assert meta_form(key, value) == theirs != wanted
    (row,) = query("meta", kind, [(value, country)])
    assert row.normalised == wanted
    if theirs == "":
        assert hashlib.sha256(meta_form(key, value).encode()).hexdigest() == NOTHING


@with_meta
@pytest.mark.parametrize("defect", EVENT_DEFECTS, ids=ascii)
def test_meta_s_event_helper_still_errs_where_we_say_so(
    query: Query, defect: tuple[str, ...]
) -> None:
    _, kind, field, value, country, theirs, wanted = defect
    assert event_form(field, value) == theirs != wanted
    (row,) = query("meta", kind, [(value, country)])
    assert row.normalised == wanted


def test_every_defect_is_of_a_text_that_is_composed_unless_it_is_trap_8() -> None:
    for defect in (*GOOGLE_DEFECTS, *META_DEFECTS, *EVENT_DEFECTS):
        value = defect[2] if defect in GOOGLE_DEFECTS else defect[3]
        assert unicodedata.is_normalized("NFC", str(value)) == (defect[0] != "T8")
