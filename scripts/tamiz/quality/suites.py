"""The three suites: what was staged, the facts made of it, and what may leave."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tamiz.platforms import PLATFORMS
from tamiz.quality.rules import (
    Rule,
    TableRules,
    between,
    never_null,
    no_row,
    one_of,
    sha256_hex,
    unique,
)

# What could not be read; `unread.py` names what of it stops the gate.
UNREAD_VALUES = "fct_unread_values"
NOTHING_UNREAD = "nothing is unread that may bar somebody"
CONSENT = ("granted", "denied", "withdrawn")
# Whom a refusal can be of; of another kind of subject it would be lost in silence.
SUBJECTS = (
    "customer_id",
    "email",
    "phone",
    "anonymous_id",
    "device_id",
    "x_user_id",
    "x_handle",
    "mobile_ad_id",
)


def suites(as_of: datetime) -> Mapping[str, tuple[TableRules, ...]]:
    """Return the rules by suite and table; `as_of` is the moment the build was made for."""
    return {"staged": staged(as_of), "facts": facts(as_of), "audiences": audiences()}


def staged(as_of: datetime) -> tuple[TableRules, ...]:
    """Return what must hold for the rows read from the sources."""
    return (
        TableRules(
            "stg_crm__customers",
            (
                *never_null("customer_id"),
                unique("stg_crm__customers", "customer_id"),
                _seen("created_at", as_of),
            ),
        ),
        TableRules(
            # Copies of an event are told apart later, so event_id may repeat here.
            "stg_pixel__events",
            (
                *never_null("event_id", "anonymous_id", "event_name", "occurred_at"),
                _seen("occurred_at", as_of),
                _seen("received_at", as_of),
            ),
        ),
        TableRules(
            "stg_shop__orders",
            (
                *never_null("order_id", "ordered_at"),
                unique("stg_shop__orders", "order_id"),
                _seen("ordered_at", as_of),
            ),
        ),
        TableRules(
            "stg_consent__events",
            (
                # One id may carry several statements, so consent_id may repeat here.
                # An empty status or time is a refusal, and a refusal has no clock.
                *never_null("consent_id", "subject_type", "subject"),
                one_of("subject_type", *SUBJECTS),
            ),
        ),
        TableRules(
            # One request may name several subjects, so request_id may repeat here.
            "stg_privacy__requests",
            (
                *never_null("request_id", "subject_type", "subject"),
                one_of("subject_type", *SUBJECTS),
            ),
        ),
        TableRules(
            "stg_row_counts",
            (
                *_row_accounting("stg_row_counts"),
                Rule(
                    "no row of privacy_requests is rejected",
                    "coalesce(sum(case when table_name = 'privacy_requests'"
                    " and outcome = 'rejected' then row_count end), 0)",
                    ("table_name", "outcome", "row_count"),
                ),
            ),
        ),
        TableRules(UNREAD_VALUES, (no_row(NOTHING_UNREAD, "stops_gate", "stops_gate"),)),
    )


def facts(as_of: datetime) -> tuple[TableRules, ...]:
    """Return what must hold for people, what they did and who is in which segment."""
    return (
        TableRules(
            "dim_people",
            (
                *never_null("person_id"),
                unique("dim_people", "person_id"),
                no_row("customer_id is no address", "customer_id like '%@%'", "customer_id"),
            ),
        ),
        TableRules(
            "fct_person_identifiers",
            (
                *never_null("person_id", "identifier_type", "identifier"),
                unique("fct_person_identifiers", "person_id", "identifier_type", "identifier"),
                _somebody("fct_person_identifiers"),
            ),
        ),
        TableRules(
            "fct_sessions",
            (
                *never_null("session_id", "started_at", "ended_at"),
                unique("fct_sessions", "session_id"),
                no_row(
                    "a session ends at or after its start",
                    "ended_at < started_at",
                    "ended_at",
                    "started_at",
                ),
                no_row(
                    "duration_seconds is the time from started_at to ended_at",
                    "duration_seconds is null or duration_seconds < 0"
                    " or started_at + (duration_seconds - 1) * interval '1' second >= ended_at"
                    " or started_at + (duration_seconds + 1) * interval '1' second <= ended_at",
                    "duration_seconds",
                    "started_at",
                    "ended_at",
                ),
                between("event_count", 1),
                _seen("ended_at", as_of),
            ),
        ),
        TableRules(
            "fct_person_value",
            (
                *never_null("person_id", "monetary_amount"),
                unique("fct_person_value", "person_id"),
                _somebody("fct_person_value"),
                between("recency_days", 0),
                between("frequency", 1),
                between("monetary_amount", 0),
                *_scores("recency_score", "frequency_score", "monetary_score"),
            ),
        ),
        TableRules(
            "fct_consent_current",
            (
                *never_null("subject_type", "subject", "purpose", "platform", "status"),
                unique("fct_consent_current", "subject_type", "subject", "purpose", "platform"),
                one_of("status", *CONSENT, "expired"),
                no_row(
                    "only a status of granted is consent",
                    "is_granted is null or is_granted <> (status = 'granted')",
                    "is_granted",
                    "status",
                ),
            ),
        ),
        TableRules(
            "fct_refusals",
            (
                no_row(
                    "no more refusals fit nobody than refusal_limits allows",
                    "is_over_limit",
                    "is_over_limit",
                ),
            ),
        ),
        TableRules(
            "dim_segments",
            (
                *never_null("segment_name", "purpose", "owner"),
                unique("dim_segments", "segment_name", "segment_key"),
                between("member_count", 0),
            ),
        ),
        TableRules(
            "fct_segment_members",
            (
                *never_null("segment_name", "person_id"),
                unique("fct_segment_members", "segment_name", "segment_key", "person_id"),
                _somebody("fct_segment_members"),
                _seen("qualified_at", as_of),
            ),
        ),
        TableRules(
            "int_people_barred_for_good",
            (
                *never_null("person_id", "reason"),
                _somebody("int_people_barred_for_good"),
                Rule(
                    "everybody who asked to be erased is in it",
                    "(select count(*) from fct_exclusions where exclusion_name = 'exc_erased'"
                    " and person_id not in"
                    " (select person_id from int_people_barred_for_good"
                    " where person_id is not null))",
                    ("person_id",),
                    reads=("fct_exclusions",),
                ),
            ),
        ),
        TableRules(
            "int_suppressed_hashes",
            (
                *never_null("identifier_sha256", "reason"),
                one_of("reason", "erasure", "opt_out"),
                sha256_hex("identifier_sha256"),
                Rule(
                    "every hash of a person barred for good is in it",
                    "(select count(*) from int_known_hashes where person_id in"
                    " (select person_id from int_people_barred_for_good)"
                    " and identifier_sha256 not in"
                    " (select identifier_sha256 from int_suppressed_hashes"
                    " where identifier_sha256 is not null))",
                    ("identifier_sha256",),
                    reads=("int_known_hashes", "int_people_barred_for_good"),
                ),
            ),
        ),
        TableRules(
            "fct_exclusions",
            (
                *never_null("exclusion_name", "scope", "person_id"),
                unique("fct_exclusions", "exclusion_name", "scope", "person_id"),
                Rule(
                    "scope is everywhere, where_named or a platform",
                    "(select count(*) from fct_exclusions"
                    " where scope not in ('everywhere', 'where_named') and scope not in"
                    " (select platform from platforms where platform is not null))",
                    ("scope",),
                    reads=("platforms",),
                ),
            ),
        ),
    )


def audiences() -> tuple[TableRules, ...]:
    """Return what must hold for the people whose identifiers may leave."""
    table = "fct_audience_members"
    key = ("audience_name", "platform", "person_id")
    columns = dict.fromkeys(
        str(entry.column) for platform in PLATFORMS.values() for entry in platform.pushed
    )
    return (
        TableRules(
            table,
            (
                Rule(
                    "somebody is in an audience, if anybody allowed it",
                    "case when count(*) = 0 and (select count(*) from fct_consent_current"
                    " where is_granted) > 0 then 1 else 0 end",
                    reads=("fct_consent_current",),
                ),
                *never_null(*key, "is_holdout"),
                unique(table, *key),
                one_of("platform", *sorted(PLATFORMS)),
                *(sha256_hex(column) for column in columns),
                *_no_identifier_in_holdout(*columns),
                *(rule for column in columns for rule in _only_where_taken(column)),
                Rule(
                    "nobody excluded everywhere or on the platform is in it",
                    f"(select count(*) from {table} where exists ("  # noqa: S608 - our own names
                    "select 1 from fct_exclusions"
                    f" where fct_exclusions.person_id = {table}.person_id"
                    f" and fct_exclusions.scope in ('everywhere', {table}.platform)))",
                    ("platform", "person_id"),
                    reads=("fct_exclusions",),
                ),
            ),
        ),
    )


def _seen(column: str, as_of: datetime) -> Rule:
    moment = as_of.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return no_row(
        f"{column} is not after as_of ({moment})", f"{column} > timestamp '{moment}'", column
    )


def _somebody(table: str) -> Rule:
    """Every person of `table` is in dim_people."""
    return Rule(
        "person_id is in dim_people",
        f"(select count(*) from {table} where person_id is not null"  # noqa: S608 - our own names
        " and person_id not in (select person_id from dim_people where person_id is not null))",
        ("person_id",),
        reads=("dim_people",),
    )


def _scores(*names: str) -> tuple[Rule, ...]:
    return (*never_null(*names), *(between(name, 1, 5) for name in names))


def _row_accounting(table: str) -> tuple[Rule, ...]:
    return (
        *never_null("table_name", "outcome", "row_count"),
        one_of("outcome", "accepted", "duplicate", "rejected"),
        between("row_count", 0),
        Rule(
            f"less than 20 % of the rows of every raw table are rejected (see {table})",
            f"(select count(*) from (select table_name from {table} group by table_name"  # noqa: S608
            " having 5 * sum(case when outcome = 'rejected' then row_count else 0 end)"
            " >= sum(row_count) and sum(row_count) > 0) as mostly_rejected)",
            ("table_name", "outcome", "row_count"),
        ),
    )


def _only_where_taken(column: str) -> tuple[Rule, ...]:
    """A platform is sent no kind of identifier that it does not take; none where all take it."""
    takers = [
        name
        for name, platform in sorted(PLATFORMS.items())
        if column in {entry.column for entry in platform.pushed}
    ]
    if len(takers) == len(PLATFORMS):
        return ()
    listed = ", ".join(f"'{name}'" for name in takers)
    rule = no_row(
        f"{column} is filled for {', '.join(takers)} alone",
        f"{column} is not null and platform not in ({listed})",
        column,
        "platform",
        optional=True,
    )
    return (rule,)


def _no_identifier_in_holdout(*columns: str) -> tuple[Rule, ...]:
    return tuple(
        no_row(
            f"{name} is empty for people held out",
            f"is_holdout and {name} is not null",
            name,
            "is_holdout",
            optional=True,
        )
        for name in columns
    )
