"""The figures of the page, by SQL over the published Parquet files and nothing else."""

from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

import duckdb

from tamiz.errors import GateError
from tamiz.report.facts import (
    DailySessions,
    Facts,
    Funnel,
    FunnelStep,
    Headline,
    Readiness,
    RowCount,
)
from tamiz.report.segment_queries import changes_of, overlaps_of, segments_of

if TYPE_CHECKING:
    from tamiz.publish import Generation

TABLES = (
    "dim_people",
    "dim_segments",
    "fct_audience_funnel",
    "fct_audience_members",
    "fct_row_counts",
    "fct_segment_members",
    "fct_segment_overlap",
    "fct_sessions",
)
# Not in every generation: those of an earlier version have none.
READINESS = "fct_match_readiness"
DAYS_SHOWN = 90
CHANNELS_SHOWN = 5
OTHER_CHANNELS = "other"

# Every other column of fct_audience_members is an identifier a platform takes.
NOT_IDENTIFIERS = ("audience_name", "platform", "person_id", "is_holdout", "rule_version")


def read_facts(generation: "Generation", previous: "Generation | None", k: int) -> Facts:
    """Return the figures of `generation`; changes and deltas are measured from `previous`.

    Overlaps of 1 to k - 1 people are read as None. Raises GateError when a table is not there or
    cannot be read.
    """
    try:
        with _open(generation) as now:
            segments = segments_of(now)
            before, changes = None, None
            if previous is not None:
                with _open(previous) as then:
                    before, previous_segments = _headline(then), segments_of(then)
                members = previous.tables["fct_segment_members"].file
                changes = changes_of(now, segments, members, previous_segments)
            return Facts(
                headline=_headline(now),
                before=before,
                segments=segments,
                overlaps=overlaps_of(now, k),
                changes=changes,
                sessions=_sessions(now, generation.as_of.date()),
                funnels=_funnels(now),
                readiness=_readiness(now) if READINESS in generation.tables else (),
                row_counts=_row_counts(now),
            )
    except duckdb.Error as error:
        first_line = str(error).splitlines()[0]
        raise GateError(
            f"a table of generation {generation.generation_id}, or of the one before, cannot be "
            f"read ({first_line}): "
            "run `dbt build`, then `tamiz validate`"
        ) from error


def _open(generation: "Generation") -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
    connection.execute("set TimeZone = 'UTC'")
    for name in TABLES:
        if name not in generation.tables:
            connection.close()
            raise GateError(
                f"generation {generation.generation_id} has no table {name}: "
                "run `dbt build`, then `tamiz validate`"
            )
    for name in (*TABLES, *({READINESS} & set(generation.tables))):
        connection.read_parquet(str(generation.tables[name].file)).create_view(name)
    return connection


def _headline(connection: duckdb.DuckDBPyConnection) -> Headline:
    columns = connection.sql("select * from fct_audience_members limit 0").columns
    identifiers = [f'"{name}" is not null' for name in columns if name not in NOT_IDENTIFIERS]
    reachable = connection.execute(f"""
        select
            platform,
            count(distinct person_id) filter (
                not is_holdout and ({" or ".join(identifiers) or "false"})
            ) as reachable
        from fct_audience_members
        group by platform
        union all by name
        select distinct platform, 0 as reachable from fct_audience_funnel
        where platform not in (select platform from fct_audience_members)
        order by platform
    """).fetchall()  # noqa: S608 - column names of our own table, quoted
    people, sessions, segments, in_segments = connection.execute("""
        select
            (select count(*) from dim_people),
            (select count(*) from fct_sessions),
            (select count(*) from dim_segments),
            (select count(distinct person_id) from fct_segment_members)
    """).fetchall()[0]
    return Headline(people, sessions, segments, in_segments, dict(reachable))


def _sessions(connection: duckdb.DuckDBPyConnection, before: date) -> DailySessions:
    # The day of as_of is left out: a part of a day would look like a slump.
    rows = connection.execute(
        """
        with

        sessions as (

            select
                cast(cast(started_at as timestamp) as date) as started_on,
                coalesce(channel, source, 'unknown') as channel
            from fct_sessions

        ),

        whole_days as (

            select * from sessions
            where started_on < ?

        )

        select started_on, channel, count(*) as session_count
        from whole_days
        where started_on > (select max(started_on) from whole_days) - cast(? as integer)
        group by started_on, channel
        order by started_on, channel
        """,
        [before, DAYS_SHOWN],
    ).fetchall()
    if not rows:
        return DailySessions((), {})
    totals: Counter[str] = Counter()
    for _, channel, session_count in rows:
        totals[channel] += session_count
    ranked = sorted(totals, key=lambda channel: (-totals[channel], channel))
    kept = ranked[:CHANNELS_SHOWN] if len(ranked) > CHANNELS_SHOWN + 1 else ranked
    first, last = rows[0][0], rows[-1][0]
    days = tuple(first + timedelta(days=day) for day in range((last - first).days + 1))
    counts = {channel: [0] * len(days) for channel in kept}
    if len(kept) < len(ranked):
        counts[OTHER_CHANNELS] = [0] * len(days)
    for started_on, channel, session_count in rows:
        series = channel if channel in kept else OTHER_CHANNELS
        counts[series][(started_on - first).days] += session_count
    return DailySessions(days, {name: tuple(series) for name, series in counts.items()})


def _funnels(connection: duckdb.DuckDBPyConnection) -> tuple[Funnel, ...]:
    rows = connection.execute("""
        select audience_name, platform, step_number, step, reason, person_count
        from fct_audience_funnel
        order by audience_name, platform, step_number, person_count desc, reason
    """).fetchall()
    return tuple(
        Funnel(audience_name, platform, tuple(FunnelStep(*row[2:]) for row in steps))
        for (audience_name, platform), steps in groupby(rows, key=lambda row: (row[0], row[1]))
    )


def _readiness(connection: duckdb.DuckDBPyConnection) -> tuple[Readiness, ...]:
    rows = connection.execute("""
        select
            audience_name,
            platform,
            person_count,
            identified_person_count,
            valid_person_count,
            consented_person_count,
            unique_identifier_count
        from fct_match_readiness
        order by audience_name, platform
    """).fetchall()
    return tuple(Readiness(*row) for row in rows)


def _row_counts(connection: duckdb.DuckDBPyConnection) -> tuple[RowCount, ...]:
    rows = connection.execute("""
        select table_name, outcome, reason, sum(row_count)::bigint as row_count
        from fct_row_counts
        group by table_name, outcome, reason
        order by table_name, outcome, row_count desc, reason
    """).fetchall()
    return tuple(RowCount(*row) for row in rows)
