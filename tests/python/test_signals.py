"""Consent signals only take away: TC and GPP strings, Global Privacy Control, the pixel's word."""

import json

import pytest
from worlds import World

AS_OF = "2026-06-30 00:00:00"
BOTH = frozenset({"google", "meta"})
# Written by the IAB's own library, on 15 March 2026: see reference/consent_strings.mjs.
ALL = "CQhG6EAQhG6EAAfAfAENAfFgAP_gAAAAAAAAIzQAgF5gRmAAAAAA.IIzQAgF5gRmA.YAAAAAAAAAAA"
NOTHING = "CQhG6EAQhG6EAAfAfAENAfFgAAAAAAAAAAAAAAAAAAAA.IIzQAgF5gRmA.YAAAAAAAAAAA"
MEASURE = "CQhG6EAQhG6EAAfAfAENAfFgAIPAAAAAAAAAIzQAgF5gRmAAAAAA.IIzQAgF5gRmA.YAAAAAAAAAAA"
NOT_GOOGLE = "CQhG6EAQhG6EAAfAfAENAfFgAP_gAAAAAAAAIzQAQIzAAAAA.IIzQAgF5gRmA.YAAAAAAAAAAA"
GOOGLE_NOT_SHOWN = "CQhG6EAQhG6EAAfAfAENAfFgAP_gAAAAAAAAIzQAgF5gRmAAAAAA.IIzQAQIzAAAA.YAAAAAAAAAAA"
NO_STATISTICS = "CQhG6EAQhG6EAAfAfAENAfFgAP5gAAAAAAAAIzQAgF5gRmAAAAAA.IIzQAgF5gRmA.YAAAAAAAAAAA"
US_ALL, US_SALE, US_GPC = "DBABBg~BAoAAABA.QA", "DBABBg~BAYAAABA.QA", "DBABBg~BAoAAABA.YA"
US_TARGETED, US_CHILD = "DBABLA~CAApAAAAAABA.QA", "DBABRg~BAoAAJA"

# Customer: the TC string, the GPP string beside a grant of everything, and where that leaves them.
STRINGS: dict[str, tuple[str | None, str | None, frozenset[str]]] = {
    "nothing_said": (None, None, BOTH),
    "all": (ALL, US_ALL, BOTH),
    "no_purpose": (NOTHING, None, frozenset()),
    "no_profiles": (MEASURE, None, frozenset()),
    "not_google": (NOT_GOOGLE, None, frozenset({"meta"})),
    "google_not_shown": (GOOGLE_NOT_SHOWN, None, frozenset({"meta"})),
    "no_vendors_shown": (ALL.split(".", maxsplit=1)[0], None, frozenset()),
    "cut_off": (ALL[:20], None, frozenset()),
    "no_statistics": (NO_STATISTICS, None, BOTH),
    "sale": (None, US_SALE, frozenset()),
    "gpc": (None, US_GPC, frozenset()),
    "targeted": (None, US_TARGETED, frozenset()),
    "child": (None, US_CHILD, frozenset()),
    "us_privacy": (None, "1YYN", frozenset()),
    "in_one": (None, f"DBABMA~{NOTHING}", frozenset()),
    "odd": (None, "DBXX", frozenset()),
}
# Customer: what the pixel says, from oldest to newest (consent_status, gpc).
PAGES: dict[str, tuple[list[tuple[str | None, str | None]], frozenset[str]]] = {
    "pixel_granted": ([("granted", "false")], BOTH),
    "pixel_denied": ([("Denied", None)], frozenset()),
    "pixel_answered": ([("denied", None), ("granted", None)], BOTH),
    "pixel_taken_back": ([("granted", None), ("denied", None), (None, None)], frozenset()),
    "pixel_odd": ([("horoscope", None)], frozenset()),
    "pixel_mode": ([("G110", None)], BOTH),
    "pixel_ads_denied": ([("G101", None)], frozenset()),
    "pixel_gpc": ([("granted", "1")], frozenset()),
    "pixel_gpc_odd": ([("granted", "perhaps")], frozenset()),
}
# Somebody who refused in a string and answers anew: the newest string holds, up to as_of.
LATER = {
    "allows_later": (NOTHING, "2026-02-01", ALL, "2026-03-20", BOTH),
    "refuses_later": (ALL, "2026-02-01", NOTHING, "2026-03-20", frozenset()),
    "allows_after_as_of": (NOTHING, "2026-02-01", ALL, "2026-07-20", frozenset()),
    "refuses_after_as_of": (ALL, "2026-02-01", NOTHING, "2026-07-20", frozenset()),
}


def text(value: str | None) -> str:
    return "cast(null as varchar)" if value is None else f"'{value}'"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("signals"))
    people = [*STRINGS, *PAGES, *LATER]
    world.write(
        "crm_customers",
        "select *, customer_id || '@example.com' as email, 'ES' as country from (values "
        + ", ".join(f"('{name}')" for name in people)
        + ") as people (customer_id)",
    )
    statements = [
        (name, day, tcf, gpp) for name, (tcf, gpp, _) in STRINGS.items() for day in ("2026-03-20",)
    ]
    statements += [(name, "2026-03-20", None, None) for name in PAGES]
    for name, (before, day_before, after, day_after, _) in LATER.items():
        statements += [(name, day_before, before, None), (name, day_after, after, None)]
    world.write(
        "consent_events",
        "select *, 'customer_id' as subject_type, 'granted' as status,"
        " subject || purpose || occurred_at as consent_id from (values "
        + ", ".join(
            f"('{name}', timestamp '{day}', {text(tcf)}, {text(gpp)})"
            for name, day, tcf, gpp in statements
        )
        + ") as statements (subject, occurred_at, tcf_string, gpp_string)"
        " cross join (values ('ad_user_data'), ('ad_personalization')) as purposes (purpose)",
    )
    pages = [
        f"('{name}-{place}', 'v-{name}', '{name}', timestamp '2026-06-0{1 + place}',"
        f" {text(status)}, {text(gpc)})"
        for name, (said, _) in PAGES.items()
        for place, (status, gpc) in enumerate(said)
    ]
    world.write(
        "pixel_events",
        "select *, 'page_view' as event_name from (values "
        + ", ".join(pages)
        + ") as pages (event_id, anonymous_id, user_id, occurred_at, consent_status, gpc)",
    )
    world.build(
        "--select",
        "+fct_unread_values",
        "+int_analytics_refusals",
        "+exc_opted_out",
        "+int_person_consent",
        "+int_people",
        as_of=AS_OF,
        command="run",
    )
    return world


@pytest.fixture(scope="module")
def allowed(world: World) -> dict[str, set[str]]:
    """Return the platforms that every customer may be sent to, of Google and Meta."""
    platforms: dict[str, set[str]] = {name: set() for name in (*STRINGS, *PAGES, *LATER)}
    for name, platform in world.query(
        "select int_people.customer_id, int_person_consent.platform from int_person_consent"
        " inner join int_people using (person_id)"
        " where int_person_consent.platform in ('google', 'meta') and person_id not in"
        " (select person_id from exc_opted_out)"
    ):
        platforms[name].add(platform)
    return platforms


@pytest.mark.parametrize("name", STRINGS)
def test_a_consent_string_only_takes_away(name: str, allowed: dict[str, set[str]]) -> None:
    assert allowed[name] == STRINGS[name][2]


@pytest.mark.parametrize("name", PAGES)
def test_what_the_pixel_last_said_takes_away(name: str, allowed: dict[str, set[str]]) -> None:
    assert allowed[name] == PAGES[name][1]


@pytest.mark.parametrize("name", LATER)
def test_the_newest_string_holds_and_a_refusal_whatever_its_stamp(
    name: str, allowed: dict[str, set[str]]
) -> None:
    assert allowed[name] == LATER[name][4]


def test_no_signal_is_ever_a_grant(world: World) -> None:
    assert world.query("select distinct status from int_signal_statements") == [("denied",)]


def test_who_refuses_statistics_in_a_signal_is_left_out_of_them(world: World) -> None:
    refused = {
        name
        for (name,) in world.query(
            "select int_people.customer_id from int_analytics_refusals"
            " inner join int_people using (person_id)"
        )
    }
    assert {"no_statistics", "no_purpose", "cut_off", "pixel_denied", "pixel_mode"} <= refused
    assert not {"all", "no_profiles", "sale", "pixel_granted", "pixel_ads_denied"} & refused


def test_what_cannot_be_read_is_counted_and_stops_the_gate(world: World) -> None:
    # An odd flag is read as a yes; a TC string of TCF 2.2 is read, and no consent any more.
    unread = world.query(
        "select column_name, word, value_count, stops_gate from fct_unread_values"
        " where column_name in ('tcf_string', 'gpp_string', 'consent_status', 'gpc')"
        " order by all"
    )
    assert unread == [
        ("consent_status", "horoscope", 1, True),
        ("gpc", "perhaps", 1, False),
        ("gpp_string", None, 2, True),
        ("tcf_string", None, 2, False),
        ("tcf_string", None, 2, True),
    ], json.dumps(unread, indent=1)
