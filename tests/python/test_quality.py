"""Every sentence of the suites can fail, says where, and shows nobody's data."""

import io
import logging
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pytest

from tamiz.platforms import PLATFORMS
from tamiz.quality import QualityResult, run_checks
from tamiz.quality.checks import counted, counts_of
from tamiz.quality.expectations import context_config
from tamiz.quality.rules import HASH_OF_NOTHING
from tamiz.quality.suites import suites

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
TABLES = sum(len(tables) for tables in suites(AS_OF).values())
BEFORE = "timestamp '2026-06-29 10:00:00'"
AFTER = "timestamp '2026-06-30 00:00:01'"
CANARY = "canary.of.the.mine@example.com"
HASH = "md5(i::text) || md5('x' || i)"

# One healthy warehouse: ten people, everything about them in order.
HEALTHY = f"""
create table ten as select range as i, 'p' || range as person_id from range(10);
create table stg_crm__customers as
    select 'c' || i as customer_id, 'c' || i || '@example.com' as email, {BEFORE} as created_at
    from ten;
create table stg_pixel__events as
    select 'e' || i as event_id, 'a' || i as anonymous_id, 'page_view' as event_name,
        {BEFORE} as occurred_at, {BEFORE} as received_at from ten;
create table stg_shop__orders as
    select 'o' || i as order_id, 'c' || i as customer_id, {BEFORE} as ordered_at from ten;
create table stg_consent__events as
    select 's' || i as consent_id, 'email' as subject_type, 'c' || i || '@example.com' as subject,
        'ad_user_data' as purpose, 'granted' as status, {BEFORE} as occurred_at from ten;
create table stg_privacy__requests as
    select 'r' || i as request_id, 'email' as subject_type, 'c' || i || '@example.com' as subject,
        'object' as kind, {BEFORE} as requested_at from ten;
create table stg_row_counts (table_name text, outcome text, reason text, row_count bigint);
insert into stg_row_counts values
    ('crm_customers', 'accepted', null, 81), ('crm_customers', 'rejected', 'no id', 19);
create table fct_unread_values (table_name text, column_name text, reason text, word text,
    value_count bigint, first_lines text, stops_gate boolean);
insert into fct_unread_values values
    ('crm_customers', 'birth_date', 'cannot be read as date', null, 3, '2, 5, 9', false);
create table dim_people as select person_id, 'c' || i as customer_id from ten;
create table fct_person_identifiers as
    select person_id, 'email' as identifier_type, 'c' || i || '@example.com' as identifier from ten;
create table fct_sessions as
    select md5('s' || i) as session_id, person_id, {BEFORE} as started_at,
        {BEFORE} + interval 90 second as ended_at, 90::bigint as duration_seconds,
        2::bigint as event_count from ten;
create table fct_person_value as
    select person_id, 3::integer as recency_days, 1::bigint as frequency,
        10.50::decimal(18, 2) as monetary_amount, 1 + i % 5 as recency_score,
        1 + i % 5 as frequency_score, 1 + i % 5 as monetary_score from ten;
create table fct_consent_current as
    select 'email' as subject_type, 'c' || i || '@example.com' as subject,
        'ad_user_data' as purpose, 'all' as platform, 'granted' as status, true as is_granted,
        {BEFORE} as occurred_at from ten;
create table fct_refusals as select 'consent_events' as source_table, 'email' as subject_type,
    10::bigint as refusal_count, 1::bigint as found_count, false as is_over_limit;
create table dim_segments (
    segment_name text, segment_key text, purpose text, owner text, member_count bigint);
insert into dim_segments values ('seg_lapsed', null, 'win back', 'crm', 10);
create table fct_segment_members as
    select 'seg_lapsed' as segment_name, null::text as segment_key, person_id,
        {BEFORE} as qualified_at from ten;
create table platforms as select unnest(['google', 'meta', 'x']) as platform;
create table fct_exclusions as
    select 'exc_no_ad_consent' as exclusion_name, 'google' as scope, 'p0' as person_id
    union all select 'exc_no_ad_consent', 'x', 'p3'
    union all select 'exc_erased', 'everywhere', 'p9'
    union all select 'exc_recent_buyers', 'where_named', 'p1';
create table int_people_barred_for_good as select 'p9' as person_id, 'erasure' as reason;
create table int_known_hashes as select person_id, {HASH} as identifier_sha256 from ten;
create table int_suppressed_hashes as
    select identifier_sha256, 'erasure' as reason from int_known_hashes where person_id = 'p9';
create table fct_audience_members as
    select 'aud_win_back' as audience_name, 'meta' as platform, person_id, i = 1 as is_holdout,
        case when i <> 1 then {HASH} end as email_sha256,
        case when i > 3 then {HASH} end as phone_sha256, null::text as idfa_sha256,
        null::text as aaid_sha256, null::text as x_user_id_sha256, null::text as x_handle_sha256,
        1 as rule_version
    from ten where i < 9;
"""


class Break(NamedTuple):
    """SQL that does one harm, and the table and sentence that must notice."""

    sql: str
    table: str
    sentence: str


def emptied(table: str, *names: str) -> list[Break]:
    """One case per column: a row that has nothing in it."""
    return [
        Break(f"update {table} set {name} = null where rowid = 0", table, f"{name} is never empty")
        for name in names
    ]


def doubled(table: str, key: str) -> Break:
    """A row that is there twice."""
    return Break(f"insert into {table} from {table} limit 1", table, f"{key} is unique")


def late(table: str, name: str) -> Break:
    """A row of the future."""
    sentence = f"{name} is not after as_of (2026-06-30 00:00:00)"
    return Break(f"update {table} set {name} = {AFTER} where rowid = 0", table, sentence)


def set_to(table: str, name: str, value: str, sentence: str) -> Break:
    """A row with a value that must not be."""
    return Break(f"update {table} set {name} = {value} where rowid = 0", table, sentence)


def stranger(table: str) -> Break:
    """A row of a person nobody knows."""
    return set_to(table, "person_id", "'nobody'", "person_id is in dim_people")


MEMBERS = "fct_audience_members"
HEX = "is a SHA-256 in lower-case hex, and not that of an empty text"
STATUSES = "status is one of granted, denied, withdrawn"
SUBJECTS = (
    "subject_type is one of customer_id, email, phone, anonymous_id, device_id, x_user_id,"
    " x_handle, mobile_ad_id"
)
PHONE_ALONE = "phone_sha256 is filled for google, meta, snapchat, tiktok, x alone"
BARRED = "int_people_barred_for_good"
SUPPRESSED = "int_suppressed_hashes"
BREAKS = [
    *emptied("stg_crm__customers", "customer_id"),
    doubled("stg_crm__customers", "customer_id"),
    late("stg_crm__customers", "created_at"),
    *emptied("stg_pixel__events", "event_id", "anonymous_id", "event_name", "occurred_at"),
    late("stg_pixel__events", "occurred_at"),
    late("stg_pixel__events", "received_at"),
    *emptied("stg_shop__orders", "order_id", "ordered_at"),
    doubled("stg_shop__orders", "order_id"),
    late("stg_shop__orders", "ordered_at"),
    *emptied("stg_consent__events", "consent_id", "subject_type", "subject"),
    set_to("stg_consent__events", "subject_type", "'shoe_size'", SUBJECTS),
    *emptied("stg_privacy__requests", "request_id", "subject_type", "subject"),
    set_to("stg_privacy__requests", "subject_type", "'shoe_size'", SUBJECTS),
    *emptied("stg_row_counts", "table_name", "outcome", "row_count"),
    set_to(
        "stg_row_counts", "outcome", "'lost'", "outcome is one of accepted, duplicate, rejected"
    ),
    set_to("stg_row_counts", "row_count", "-1", "row_count is at least 0"),
    Break(
        "update stg_row_counts set row_count = 80 - 4 where outcome = 'accepted'",
        "stg_row_counts",
        "less than 20 % of the rows of every raw table are rejected (see stg_row_counts)",
    ),
    Break(
        "insert into stg_row_counts values ('privacy_requests', 'accepted', null, 99),"
        " ('privacy_requests', 'rejected', 'no subject', 1)",
        "stg_row_counts",
        "no row of privacy_requests is rejected",
    ),
    Break(
        "update fct_unread_values set stops_gate = true",
        "fct_unread_values",
        "nothing is unread that may bar somebody",
    ),
    *emptied("dim_people", "person_id"),
    set_to("dim_people", "customer_id", f"'{CANARY}'", "customer_id is no address"),
    doubled("dim_people", "person_id"),
    *emptied("fct_person_identifiers", "person_id", "identifier_type", "identifier"),
    doubled("fct_person_identifiers", "(person_id, identifier_type, identifier)"),
    stranger("fct_person_identifiers"),
    *emptied("fct_sessions", "session_id", "started_at", "ended_at"),
    doubled("fct_sessions", "session_id"),
    set_to(
        "fct_sessions",
        "ended_at",
        "started_at - interval 1 second",
        "a session ends at or after its start",
    ),
    set_to(
        "fct_sessions",
        "duration_seconds",
        "92",
        "duration_seconds is the time from started_at to ended_at",
    ),
    set_to("fct_sessions", "event_count", "0", "event_count is at least 1"),
    late("fct_sessions", "ended_at"),
    *emptied("fct_person_value", "person_id", "monetary_amount"),
    doubled("fct_person_value", "person_id"),
    stranger("fct_person_value"),
    set_to("fct_person_value", "recency_days", "-1", "recency_days is at least 0"),
    set_to("fct_person_value", "frequency", "0", "frequency is at least 1"),
    set_to("fct_person_value", "monetary_amount", "-0.01", "monetary_amount is at least 0"),
    *emptied("fct_person_value", "recency_score", "frequency_score", "monetary_score"),
    set_to("fct_person_value", "recency_score", "6", "recency_score is 1 to 5"),
    set_to("fct_person_value", "frequency_score", "0", "frequency_score is 1 to 5"),
    set_to("fct_person_value", "monetary_score", "6", "monetary_score is 1 to 5"),
    *emptied("fct_consent_current", "subject_type", "subject", "purpose", "platform", "status"),
    doubled("fct_consent_current", "(subject_type, subject, purpose, platform)"),
    set_to("fct_consent_current", "status", "'maybe'", f"{STATUSES}, expired"),
    set_to("fct_consent_current", "status", "'denied'", "only a status of granted is consent"),
    *emptied("dim_segments", "segment_name", "purpose", "owner"),
    doubled("dim_segments", "(segment_name, segment_key)"),
    set_to("dim_segments", "member_count", "-1", "member_count is at least 0"),
    *emptied("fct_segment_members", "segment_name", "person_id"),
    doubled("fct_segment_members", "(segment_name, segment_key, person_id)"),
    stranger("fct_segment_members"),
    late("fct_segment_members", "qualified_at"),
    *emptied(BARRED, "person_id", "reason"),
    stranger(BARRED),
    Break(f"delete from {BARRED}", BARRED, "everybody who asked to be erased is in it"),
    *emptied(SUPPRESSED, "identifier_sha256", "reason"),
    set_to(SUPPRESSED, "reason", "'whim'", "reason is one of erasure, opt_out"),
    set_to(SUPPRESSED, "identifier_sha256", f"'{CANARY}'", f"identifier_sha256 {HEX}"),
    Break(
        f"delete from {SUPPRESSED}",
        SUPPRESSED,
        "every hash of a person barred for good is in it",
    ),
    *emptied("fct_exclusions", "exclusion_name", "scope", "person_id"),
    doubled("fct_exclusions", "(exclusion_name, scope, person_id)"),
    set_to(
        "fct_exclusions",
        "scope",
        "'here'",
        "scope is everywhere, where_named or a platform",
    ),
    Break(f"delete from {MEMBERS}", MEMBERS, "somebody is in an audience, if anybody allowed it"),
    set_to(
        "fct_refusals",
        "is_over_limit",
        "true",
        "no more refusals fit nobody than refusal_limits allows",
    ),
    *emptied(MEMBERS, "audience_name", "platform", "person_id", "is_holdout"),
    doubled(MEMBERS, "(audience_name, platform, person_id)"),
    set_to(MEMBERS, "platform", "'myspace'", f"platform is one of {', '.join(sorted(PLATFORMS))}"),
    set_to(MEMBERS, "email_sha256", f"'{CANARY}'", f"email_sha256 {HEX}"),
    set_to(MEMBERS, "email_sha256", "upper(email_sha256)", f"email_sha256 {HEX}"),
    set_to(MEMBERS, "email_sha256", "email_sha256 || '0'", f"email_sha256 {HEX}"),
    set_to(MEMBERS, "email_sha256", "''", f"email_sha256 {HEX}"),
    set_to(MEMBERS, "phone_sha256", f"'{HASH_OF_NOTHING}'", f"phone_sha256 {HEX}"),
    Break(
        f"update {MEMBERS} set email_sha256 = repeat('a', 64) where is_holdout",
        MEMBERS,
        "email_sha256 is empty for people held out",
    ),
    Break(
        f"update {MEMBERS} set phone_sha256 = repeat('a', 64) where is_holdout",
        MEMBERS,
        "phone_sha256 is empty for people held out",
    ),
    *(
        set_to(MEMBERS, f"{kind}_sha256", "repeat('a', 64)", f"{kind}_sha256 is filled for {alone}")
        for kind, alone in {
            "idfa": "reddit, snapchat, tiktok, x alone",
            "aaid": "reddit, snapchat, tiktok, x alone",
            "x_user_id": "x alone",
            "x_handle": "x alone",
        }.items()
    ),
    *(
        set_to(MEMBERS, f"{kind}_sha256", f"'{HASH_OF_NOTHING}'", f"{kind}_sha256 {HEX}")
        for kind in ("idfa", "aaid", "x_user_id", "x_handle")
    ),
    *(
        Break(
            f"update {MEMBERS} set {kind}_sha256 = repeat('a', 64) where is_holdout",
            MEMBERS,
            f"{kind}_sha256 is empty for people held out",
        )
        for kind in ("idfa", "aaid", "x_user_id", "x_handle")
    ),
    Break(
        f"update {MEMBERS} set platform = 'linkedin' where phone_sha256 is not null",
        MEMBERS,
        PHONE_ALONE,
    ),
    set_to(MEMBERS, "person_id", "'p9'", "nobody excluded everywhere or on the platform is in it"),
    set_to(
        MEMBERS, "platform", "'google'", "nobody excluded everywhere or on the platform is in it"
    ),
]


@dataclass
class Shop:
    """A warehouse in memory that can be harmed; what the checks say is kept."""

    connection: duckdb.DuckDBPyConnection
    said: list[str] = field(default_factory=list)

    def table(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()

    def batches(self, sql: str) -> pa.RecordBatchReader:
        return self.connection.sql(sql).to_arrow_reader()

    def relations(self) -> frozenset[str]:
        return frozenset(name for (name,) in self.connection.execute("show tables").fetchall())

    def run(self, sql: str) -> None:
        self.connection.execute(sql)

    def sentences(self) -> dict[tuple[str, str], int]:
        """Every table and sentence, and how often it is broken."""
        return {
            (table, sentence): count
            for (_, table), sentences in counted(self, AS_OF, self.said.append).items()
            for sentence, count in sentences.items()
        }

    def broken(self) -> dict[tuple[str, str], int]:
        return {place: count for place, count in self.sentences().items() if count}

    def check(self, docs: Path) -> QualityResult:
        return run_checks(self, docs, AS_OF, self.said.append)


@dataclass(frozen=True)
class Run:
    """What one run of the checks left behind."""

    result: QualityResult
    docs: Path
    said: list[str]
    log: str
    connections: list[str]


@pytest.fixture(scope="module")
def healthy() -> Iterator[Shop]:
    with duckdb.connect(":memory:") as connection:
        connection.execute(HEALTHY)
        yield Shop(connection)


@pytest.fixture
def shop(healthy: Shop) -> Iterator[Shop]:
    """The healthy warehouse; what a test does to it is undone."""
    healthy.said.clear()
    healthy.run("begin")
    yield healthy
    healthy.run("rollback")


@pytest.fixture(scope="module")
def healthy_run(healthy: Shop, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_of(healthy, tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="module")
def canary_run(healthy: Shop, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Two rows of each personal column hold the canary, and so break what they can."""
    healthy.run("begin")
    for table, name in [
        ("stg_crm__customers", "customer_id"),
        ("fct_person_identifiers", "identifier"),
        ("fct_consent_current", "status"),
        (MEMBERS, "email_sha256"),
        (MEMBERS, "phone_sha256"),
    ]:
        healthy.run(f"update {table} set {name} = '{CANARY}' where rowid < 2")
    try:
        return run_of(healthy, tmp_path_factory.mktemp("canary"))
    finally:
        healthy.run("rollback")


def run_of(shop: Shop, folder: Path) -> Run:
    """Run all checks in `folder`, on a machine without network and with the log wide open."""
    connections: list[str] = []

    def refuse(*_: object, **__: object) -> None:
        connections.append("a connection was tried")
        raise OSError

    listener = logging.StreamHandler(log := io.StringIO())
    root = logging.getLogger()
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    shop.said.clear()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setattr(socket.socket, "connect", refuse)
            patch.setattr(socket.socket, "connect_ex", refuse)
            patch.setattr(socket, "getaddrinfo", refuse)
            result = shop.check(folder / "quality")
    finally:
        root.removeHandler(listener)
        root.setLevel(level)
    return Run(result, folder / "quality", list(shop.said), log.getvalue(), connections)


def test_a_healthy_warehouse_passes_every_check_and_is_counted_out_loud(healthy_run: Run) -> None:
    result = healthy_run.result
    assert result.passed, result.failed
    assert result.failed == ()
    assert [line.split(":")[0] for line in healthy_run.said] == ["staged", "facts", "audiences"]
    assert all(line.endswith(" checks, 0 broken") for line in healthy_run.said)
    assert "<h1>All checks hold</h1>" in (healthy_run.docs / "index.html").read_text()


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: f"{case.table}: {case.sentence}")
def test_each_sentence_notices_the_harm_it_is_there_for(shop: Shop, case: Break) -> None:
    shop.run(case.sql)
    tables = [rules for suite in suites(AS_OF).values() for rules in suite]
    rules = next(rules for rules in tables if rules.table == case.table)
    assert counts_of(shop, rules, shop.relations(), shop.said.append)[case.sentence] > 0


def test_no_sentence_is_without_a_case_that_breaks_it(shop: Shop) -> None:
    assert set(shop.sentences()) == {(case.table, case.sentence) for case in BREAKS}


def test_the_numbers_of_the_healthy_warehouse_are_just_within_what_may_be(shop: Shop) -> None:
    assert shop.broken() == {}


def test_great_expectations_judges_every_sentence(healthy_run: Run, shop: Shop) -> None:
    judged = {(check.table, check.expectation) for check in healthy_run.result.checks}
    assert judged == set(shop.sentences())


def test_a_broken_check_names_suite_table_sentence_and_how_often(canary_run: Run) -> None:
    assert not canary_run.result.passed
    assert [
        (check.suite, check.table, check.expectation, check.unexpected_count)
        for check in canary_run.result.failed
    ] == [
        ("staged", "stg_crm__customers", "customer_id is unique", 1),
        ("facts", "fct_consent_current", f"{STATUSES}, expired", 2),
        ("facts", "fct_consent_current", "only a status of granted is consent", 2),
        ("audiences", MEMBERS, f"email_sha256 {HEX}", 2),
        ("audiences", MEMBERS, f"phone_sha256 {HEX}", 2),
        ("audiences", MEMBERS, "email_sha256 is empty for people held out", 1),
        ("audiences", MEMBERS, "phone_sha256 is empty for people held out", 1),
    ]
    line = "stg_crm__customers: customer_id is unique: broken 1 times"
    assert canary_run.result.failed[0].line == line
    assert canary_run.said[0].endswith(" checks, 1 broken")


def test_no_value_of_a_person_is_in_results_pages_or_logs(canary_run: Run) -> None:
    texts = {
        str(page): page.read_text(errors="replace")
        for page in canary_run.docs.rglob("*")
        if page.is_file()
    }
    texts["results"] = repr(canary_run.result)
    texts["said"] = "\n".join(canary_run.said)
    texts["log"] = canary_run.log
    assert "great_expectations" in texts["log"]
    assert [place for place, text in texts.items() if "canary" in text or "@example" in text] == []


def test_the_pages_say_what_is_broken_and_lead_to_each_table(canary_run: Run) -> None:
    first = (canary_run.docs / "index.html").read_text()
    assert "<h1>7 of " in first
    assert first.index('class="broken"') < first.index("customer_id is never empty")
    links = {line.split('"')[1] for line in first.split("<a ")[1:]}
    assert len(links) == TABLES
    pages = {link: (canary_run.docs / link).read_text() for link in links}
    members = next(page for link, page in pages.items() if MEMBERS in link)
    assert "email_sha256 is empty for people held out" in members


def test_the_pages_fetch_nothing_from_other_servers(healthy_run: Run) -> None:
    pages = [page.read_text() for page in healthy_run.docs.rglob("*.html")]
    assert len(pages) == 1 + 2 * TABLES
    fetched = [
        tag
        for page in pages
        for tag in page.replace("\n", " ").split("<")
        if tag.startswith(("script", "link", "img", "iframe")) and "http" in tag.split(">")[0]
    ]
    assert fetched == []


def test_no_connection_is_tried_and_analytics_are_off(healthy_run: Run) -> None:
    assert healthy_run.connections == []
    config = context_config(healthy_run.docs)
    assert config.analytics_enabled is False
    assert config.progress_bars["globally"] is False


def test_nothing_is_written_but_the_pages(healthy_run: Run) -> None:
    assert list(healthy_run.docs.parent.iterdir()) == [healthy_run.docs]


def test_pages_of_an_earlier_run_are_replaced_and_files_of_others_stay(
    shop: Shop, tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "validations/gone").mkdir(parents=True)
    (tmp_path / "validations/gone/old.html").write_text("old")
    shop.check(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert not (tmp_path / "validations/gone").exists()


def test_an_empty_warehouse_breaks_nothing(shop: Shop) -> None:
    for name in shop.relations():
        shop.run(f"delete from {name}")
    assert shop.broken() == {}


def test_what_is_absent_is_a_broken_check_unless_it_is_optional(shop: Shop) -> None:
    shop.run(f"alter table {MEMBERS} drop column phone_sha256")
    shop.run("alter table fct_sessions drop column event_count")
    shop.run("drop table fct_exclusions")
    assert shop.broken() == {
        ("fct_sessions", "event_count is in the warehouse"): 1,
        (BARRED, "fct_exclusions is in the warehouse"): 1,
        ("fct_exclusions", "the table is in the warehouse"): 1,
        (MEMBERS, "fct_exclusions is in the warehouse"): 1,
    }
    assert shop.said == [
        f"{MEMBERS} has no phone_sha256: not checked: phone_sha256 {HEX}",
        f"{MEMBERS} has no phone_sha256: not checked: phone_sha256 is empty for people held out",
        f"{MEMBERS} has no phone_sha256: not checked: {PHONE_ALONE}",
    ]
