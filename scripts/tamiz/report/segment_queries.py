"""The figures about segments: sizes, overlaps, entries and exits."""

from collections import Counter
from pathlib import Path

import duckdb

from tamiz.report.facts import Change, Overlap, Segment

SEGMENT = "segment_name || coalesce(':' || nullif(segment_key, ''), '')"


def segments_of(connection: duckdb.DuckDBPyConnection) -> tuple[Segment, ...]:
    """Return all segments, the largest first; keys of one family are told apart by their label."""
    rows = connection.execute(f"""
        select {SEGMENT} as segment, label, segment_key, member_count
        from dim_segments
        order by member_count desc, segment
    """).fetchall()  # noqa: S608 - a constant
    used = Counter(label for _, label, _, _ in rows)
    return tuple(
        Segment(
            segment,
            f"{label}: {key}" if key and used[label] > 1 else label or segment,
            member_count,
        )
        for segment, label, key, member_count in rows
    )


def overlaps_of(connection: duckdb.DuckDBPyConnection, k: int) -> tuple[Overlap, ...]:
    """Return the overlaps of two segments; 1 to k - 1 people are read as None."""
    rows = connection.execute(
        """
        select
            segment_a,
            segment_b,
            case when person_count = 0 or person_count >= ? then person_count end
        from fct_segment_overlap
        where segment_a <> segment_b
        order by segment_a, segment_b
        """,
        [k],
    ).fetchall()
    return tuple(Overlap(*row) for row in rows)


def changes_of(
    connection: duckdb.DuckDBPyConnection,
    segments: tuple[Segment, ...],
    previous_members: Path,
    previous_segments: tuple[Segment, ...],
) -> tuple[Change, ...]:
    """Return entries and exits per segment since the Parquet file `previous_members`."""
    connection.read_parquet(str(previous_members)).create_view("previous_segment_members")
    rows = connection.execute(f"""
        with

        present as (

            select {SEGMENT} as segment, person_id from fct_segment_members

        ),

        past as (

            select {SEGMENT} as segment, person_id from previous_segment_members

        )

        select
            segment,
            count(*) filter (past.person_id is null) as entries,
            count(*) filter (present.person_id is null) as exits
        from present
        full outer join past using (segment, person_id)
        group by segment
    """).fetchall()  # noqa: S608 - a constant
    moved = {segment: (entries, exits) for segment, entries, exits in rows}
    # A segment that is gone keeps its label: everybody left it.
    named = {segment.key: segment.label for segment in (*previous_segments, *segments)}
    order = [segment.key for segment in segments]
    order += [segment.key for segment in previous_segments if segment.key not in order]
    return tuple(Change(key, named[key], *moved.get(key, (0, 0))) for key in order)
