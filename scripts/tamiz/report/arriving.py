"""The sections about what comes in: sessions per day, and what became of the raw rows."""

from collections.abc import Mapping, Sequence

from tamiz.report import figures, words
from tamiz.report.drawing import ORANGE, VERMILION
from tamiz.report.facts import Facts, RowCount
from tamiz.report.figures import Part
from tamiz.report.section import Block, Section, Table


def sessions(facts: Facts) -> Section:
    """Return sessions per day, stacked by channel."""
    daily = facts.sessions
    if not daily.days:
        text = "A session appears once pixel or app events are read."
        return Section("sessions", "Sessions", "There are no sessions yet", text, ())
    titles = [words.capital(channel.replace("_", " ")) for channel in daily.counts]
    totals = [sum(counts) for counts in daily.counts.values()]
    average = words.counted(round(daily.total / len(daily.days)), "session")
    top = words.share(totals[0], daily.total)
    span = f"{words.day(daily.days[0])} to {words.day(daily.days[-1])}"
    picture = figures.daily(
        "sessions",
        f"Stacked areas: sessions per day from {span}; in all "
        + "; ".join(f"{title} {total:,}" for title, total in zip(titles, totals, strict=True)),
        daily,
        titles,
    )
    table = Table(
        "Sessions per day and channel",
        ("Day", *titles, "All"),
        tuple(
            (
                words.day(day),
                *(words.count(number) for number in numbers),
                words.count(sum(numbers)),
            )
            for day, *numbers in zip(daily.days, *daily.counts.values(), strict=True)
        ),
        frozenset({*titles, "All"}),
        folded=True,
    )
    heading = f"There are {average} a day, {top} of them from {words.quoted(titles[0])}"
    text = f"Whole days (UTC), {span}: {words.counted(daily.total, 'session')}."
    return Section("sessions", "Sessions", heading, text, (Block(picture=picture, table=table),))


def raw_rows(facts: Facts) -> Section:
    """Return what became of every row of the raw tables."""
    tables = sorted({row.table_name for row in facts.row_counts})
    counts = {
        outcome: [_rows_of(facts.row_counts, table, outcome) for table in tables]
        for outcome in ("accepted", "duplicate", "rejected")
    }
    totals = [sum(column) for column in zip(*counts.values(), strict=True)]
    read = sum(totals)
    if read == 0:
        return Section("rows", "Raw rows", "No raw rows were read", "", ())
    rejected, duplicate = sum(counts["rejected"]), sum(counts["duplicate"])
    heading = f"{words.count(sum(counts['accepted']))} of {words.counted(read, 'raw row')} were "
    heading += f"accepted; {words.count(duplicate)} duplicate, {words.count(rejected)} rejected"
    numeric = ("Accepted", "Duplicate", "Rejected", "Not accepted")
    table = Table(
        "Rows of each raw table",
        ("Raw table", *numeric),
        tuple(
            (
                name,
                *(words.count(counts[outcome][place]) for outcome in counts),
                words.share(totals[place] - counts["accepted"][place], totals[place]),
            )
            for place, name in enumerate(tables)
        ),
        frozenset(numeric),
    )
    reasons = Table(
        "Why rows were not accepted",
        ("Raw table", "Outcome", "Reason", "Rows"),
        tuple(
            (row.table_name, row.outcome, row.reason or words.NONE, words.count(row.row_count))
            for row in facts.row_counts
            if row.outcome != "accepted" and row.row_count
        ),
        frozenset({"Rows"}),
    )
    blocks = (_lost(tables, counts, totals, table), Block(table=reasons))
    text = (
        "Every raw row is accounted for: it was accepted, it repeats another, or it was rejected "
    )
    text += "for the reason given. The bars show the share of each table that was not accepted."
    return Section("rows", "Raw rows", heading, text, blocks if reasons.rows else blocks[:1])


def _rows_of(row_counts: Sequence[RowCount], table: str, outcome: str) -> int:
    return sum(
        row.row_count for row in row_counts if row.table_name == table and row.outcome == outcome
    )


def _lost(
    tables: Sequence[str], counts: Mapping[str, list[int]], totals: Sequence[int], table: Table
) -> Block:
    if sum(counts["accepted"]) == sum(totals):
        return Block(text="Every row was accepted.", table=table)
    parts = [
        Part(
            outcome,
            colour,
            tuple(
                round(number / total, 6) if total else 0
                for number, total in zip(counts[outcome], totals, strict=True)
            ),
            tuple(
                f"{words.count(number)} ({words.share(number, total)})"
                for number, total in zip(counts[outcome], totals, strict=True)
            ),
        )
        for outcome, colour in (("duplicate", ORANGE), ("rejected", VERMILION))
    ]
    alt = "Stacked bars: share of each raw table's rows that are duplicate or rejected"
    return Block(picture=figures.stacked("rows", alt, tables, parts, ".1~%"), table=table)
