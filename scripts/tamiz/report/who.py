"""The sections about people: the sieve as a whole, sizes, overlaps and changes of segments."""

from tamiz.report import figures, words
from tamiz.report.drawing import GREEN, GREY
from tamiz.report.facts import Change, Facts, Overlap, Segment
from tamiz.report.figures import Bar, Cell
from tamiz.report.section import Block, Section, Table, Tile

BARS_SHOWN = 30
HEAT_SHOWN = 12


def tiles(facts: Facts, audience_count: int) -> tuple[Tile, ...]:
    """Return the headline figures."""
    now, then = facts.headline, facts.before

    def tile(label: str, figure: int, earlier: int | None) -> Tile:
        change = None if earlier is None else words.signed(figure - earlier)
        return Tile(label, words.count(figure), change)

    return (
        tile("People", now.people, then.people if then else None),
        tile("Sessions", now.sessions, then.sessions if then else None),
        tile("Segments", now.segments, then.segments if then else None),
        Tile("Audiences", words.count(audience_count), None),
        *(
            tile(
                f"Reachable on {words.platform(name)}",
                number,
                None if then is None else then.reachable.get(name, 0),
            )
            for name, number in now.reachable.items()
        ),
    )


def sieve(facts: Facts) -> Section:
    """Return everybody, those in a segment and those who can be reached, on one scale."""
    headline = facts.headline
    rows = [
        Bar("Everybody", headline.people, words.count(headline.people), GREY),
        Bar("In a segment", headline.people_in_segments, words.count(headline.people_in_segments)),
        *(
            Bar(f"Reachable on {words.platform(name)}", number, words.count(number), GREEN)
            for name, number in headline.reachable.items()
        ),
    ]
    picture = figures.bars(
        "sieve", "Bars: " + "; ".join(f"{row.label} {row.text}" for row in rows), rows
    )
    table = Table(
        "From everybody to the people who can be reached",
        ("Group", "People", "Of everybody"),
        tuple((row.label, row.text, words.share(row.length, headline.people)) for row in rows),
        frozenset({"People", "Of everybody"}),
        folded=True,
    )
    return Section(
        "sieve",
        "The sieve",
        f"{words.share(headline.people_in_segments, headline.people)} of all people are in a "
        "segment"
        if headline.people
        else "There are no people yet",
        "Reachable means: in an audience, not excluded, not in the holdout, and with an "
        "identifier the platform takes. Somebody in two audiences counts once.",
        (Block(picture=picture if headline.people else None, table=table),),
    )


def sizes(facts: Facts) -> Section:
    """Return how many people each segment holds."""
    segments = facts.segments
    if not segments:
        return Section("sizes", "Sizes", "No segment is defined yet", "", ())
    shown = segments[:BARS_SHOWN]
    largest = segments[0]
    picture = figures.bars(
        "sizes",
        f"Bars: people in each of {words.counted(len(shown), 'segment')}, from "
        f"{words.count(largest.member_count)} down to {words.count(shown[-1].member_count)}",
        [
            Bar(segment.label, segment.member_count, words.count(segment.member_count))
            for segment in shown
        ],
    )
    table = Table(
        "People in each segment",
        ("Segment", "Model", "People", "Of everybody"),
        tuple(
            (
                segment.label,
                segment.key,
                words.count(segment.member_count),
                words.share(segment.member_count, facts.headline.people),
            )
            for segment in segments
        ),
        frozenset({"People", "Of everybody"}),
        folded=True,
    )
    heading = f"{words.quoted(largest.label)} is the largest of " + words.counted(
        len(segments), "segment"
    )
    if len(segments) == 1:
        heading = f"{words.quoted(largest.label)} is the only segment"
    heading += f", with {words.people(largest.member_count)}"
    if largest.member_count == 0:
        heading = "Nobody is in a segment"
    text = "Segments overlap: one person can be in several."
    if len(shown) < len(segments):
        text += f" The picture shows the {len(shown)} largest, the table all."
    return Section("sizes", "Sizes", heading, text, (Block(picture=picture, table=table),))


def overlaps(facts: Facts, k: int) -> Section:
    """Return which segments hold the same people; small cells stay hidden."""
    shown = [segment for segment in facts.segments if segment.member_count][:HEAT_SHOWN]
    found = {(overlap.first, overlap.second): overlap for overlap in facts.overlaps}
    pairs = [
        (one, other, found.get((one.key, other.key), Overlap(one.key, other.key, 0)).person_count)
        for place, one in enumerate(shown)
        for other in shown[place + 1 :]
    ]
    rule = f"An overlap of 1 to {k - 1} people is shown as <{k}."
    seen = [(both, one, other) for one, other, both in pairs if both]
    if not pairs:
        return Section("overlap", "Overlap", "There are no two segments to compare", rule, ())
    heading = "No two segments visibly share people"
    if seen:
        # A segment that lies within another by its rule is no finding while there is a better one.
        crossing = [
            pair for pair in seen if pair[0] < min(pair[1].member_count, pair[2].member_count)
        ]
        both, one, other = max(crossing or seen, key=lambda pair: pair[0])
        smaller = min(one.member_count, other.member_count)
        heading = (
            f"{words.quoted(one.label)} and {words.quoted(other.label)} share the most people: "
            f"{words.count(both)}, {words.share(both, smaller)} of the smaller"
        )
    known = {(one.key, other.key): both for one, other, both in pairs}
    cells = [[_cell(row, column, known, k) for column in shown] for row in shown]
    picture = figures.heat(
        "overlap",
        f"Heat map of {len(shown)} by {len(shown)} segments: people in both, shaded by the share "
        "of the smaller segment",
        [segment.label for segment in shown],
        cells,
    )
    table = Table(
        "People in both of two segments",
        ("Segment", "And", "In both", "Of the smaller"),
        tuple(
            (
                one.label,
                other.label,
                f"<{k}" if both is None else words.count(both),
                words.NONE
                if both is None
                else words.share(both, min(one.member_count, other.member_count)),
            )
            for one, other, both in sorted(pairs, key=lambda pair: -(pair[2] or 0))
        ),
        frozenset({"In both", "Of the smaller"}),
        folded=True,
    )
    text = f"The stronger a cell, the more of the smaller segment is also in the other. {rule}"
    if len(shown) < len(facts.segments):
        text += f" Shown: the {len(shown)} largest segments that hold anybody."
    key = tuple(segment.label for segment in shown)
    block = Block(picture=picture, table=table, key=key)
    return Section("overlap", "Overlap", heading, text, (block,))


def changes(facts: Facts, since: str | None) -> Section:
    """Return who entered and left each segment since the generation before."""
    if facts.changes is None or since is None:
        heading = "This is the first generation: there is nothing to compare it with"
        text = "Entries and exits are shown from the second published generation on."
        return Section("changes", "Changes", heading, text, ())
    entries = sum(change.entries for change in facts.changes)
    exits = sum(change.exits for change in facts.changes)
    ranked = sorted(facts.changes, key=lambda change: -(change.entries + change.exits))
    moved = [change for change in ranked if change.entries or change.exits][:BARS_SHOWN]
    text = f"Measured against the generation as of {since}. "
    text += "Exits point left, entries right. Somebody who enters two segments counts twice."
    table = Table(
        "Entries and exits of each segment",
        ("Segment", "Entered", "Left", "Net"),
        tuple(_change_row(change) for change in ranked),
        frozenset({"Entered", "Left", "Net"}),
        folded=True,
    )
    if not moved:
        block = Block(text="Every segment holds the same people as before.", table=table)
        return Section("changes", "Changes", "Nobody entered or left a segment", text, (block,))
    picture = figures.changes(
        "changes",
        f"Diverging bars for {words.counted(len(moved), 'segment')}: people who entered to the "
        "right, people who left to the left",
        moved,
    )
    heading = f"{words.counted(entries, 'entry', 'entries')} into segments and "
    heading += f"{words.counted(exits, 'exit')} since the last generation"
    return Section("changes", "Changes", heading, text, (Block(picture=picture, table=table),))


def _cell(row: Segment, column: Segment, known: dict[tuple[str, str], int | None], k: int) -> Cell:
    if row.key == column.key:
        return Cell("", None, "")
    pair = (row.key, column.key) if (row.key, column.key) in known else (column.key, row.key)
    both = known[pair]
    names = f"{words.axis_label(row.label)}<br>and {words.axis_label(column.label)}"
    if both is None:
        return Cell(f"<{k}", None, f"{names}: fewer than {k} people")
    smaller = min(row.member_count, column.member_count)
    hover = f"{names}: {words.people(both)}, {words.share(both, smaller)} of the smaller"
    return Cell(words.short(both), round(both / smaller, 4), hover)


def _change_row(change: Change) -> tuple[str, ...]:
    return (
        change.label,
        words.count(change.entries),
        words.count(change.exits),
        words.signed(change.entries - change.exits),
    )
