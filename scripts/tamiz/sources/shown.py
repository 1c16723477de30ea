"""What was found in the folder of raw files, as lines of text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tamiz.sources.inventory import RawFile


@dataclass(frozen=True, slots=True)
class Unread:
    """Values of one column that could not be read, for one reason."""

    column: str
    reason: str
    word: str | None
    count: int
    lines: str | None
    stops_gate: bool


def render_dialects(files: Sequence[RawFile]) -> Iterator[str]:
    """Yield one line a file: its rows and how it is written, or what is wrong with it."""
    width = max(len(file.name) for file in files)
    for file in files:
        if file.problem:
            yield f"\u2717 {file.name:{width}}  {file.problem}"
        else:
            yield f"\u2713 {file.name:{width}}  {file.rows:>11,} rows  {file.written}"


def render(files: Sequence[RawFile], unread: Mapping[str, Sequence[Unread]]) -> Iterator[str]:
    """Yield the line of each file, and below it columns and values; `unread` is by table."""
    for line, file in zip(render_dialects(files), files, strict=True):
        yield line
        yield from (f"    {part}" for part in _columns(file))
        for values in unread.get(file.table, []) if not file.problem else []:
            yield f"    {_values(values, file.rows)}"


def _columns(file: RawFile) -> Iterator[str]:
    if file.used:
        yield f"{len(file.used)} columns used"
    if file.ignored:
        yield f"ignored: {', '.join(file.ignored)}"
    if file.missing:
        names = (f"{name} (is {near} meant?)" if near else name for name, near in file.missing)
        yield f"missing: {', '.join(names)}"


def _values(values: Unread, rows: int) -> str:
    mark = "\u2717" if values.stops_gate else "-"
    share = f" ({values.count / rows:.1%})" if rows else ""
    word = f" '{values.word}'" if values.word else ""
    lines = f", lines {values.lines}" if values.lines else ""
    gate = ": stops the gate" if values.stops_gate else ""
    count = f"{values.count:,} of {rows:,}{share}"
    return f"{mark} {values.column}{word}: {count} {values.reason}{lines}{gate}"
