"""The records of a CSV file with line breaks in its cells, counted by a rule of our own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tamiz.sources.text import lines_of


@dataclass(frozen=True, slots=True)
class Records:
    """How many records a file has, its header among them, and how they lie on its lines.

    `swallowed` are the lines at which a quote opens that makes one record of several: each of the
    lines would be a record by itself.
    """

    count: int
    longest: int
    swallowed: tuple[int, ...]
    broken_cells: tuple[int, ...]


def records_of(path: Path, delimiter: str, quote: str, *, cells: int, skip: int) -> Records:
    """Return the records of the UTF-8 file at `path`, whose header has so many `cells`."""
    count = longest = 0
    swallowed: list[int] = []
    broken: list[int] = []
    for first, lines in _gathered(path, _opens(delimiter, quote), quote.encode(), skip):
        if not any(lines) and cells > 1:
            continue
        count += 1
        longest = max(longest, sum(map(len, lines)) + 2 * len(lines))
        if len(lines) > 1:
            broken.append(first)
            whole = all(line.count(delimiter.encode()) == cells - 1 for line in lines)
            if whole and cells > 1:
                swallowed.append(first)
    return Records(count, longest, tuple(swallowed), tuple(broken))


def _opens(delimiter: str, quote: str) -> re.Pattern[bytes]:
    """A line at whose end a quoted cell is still open."""
    sign, mark = re.escape(delimiter), re.escape(quote)
    quoted = f" *+{mark}(?:[^{mark}]|{mark}{mark})*+"
    cell = f"(?>{quoted}{mark}[^{sign}]*|(?! *{mark})[^{sign}]*)"
    return re.compile(f"(?>(?:{cell}{sign})*){quoted}".encode())


def _gathered(
    path: Path, opens: re.Pattern[bytes], mark: bytes, skip: int
) -> Iterator[tuple[int, list[bytes]]]:
    """Yield each record as the number of its first line and its lines."""
    first = 0
    lines: list[bytes] = []
    for number, line in enumerate(lines_of(path), start=1):
        if number <= skip:
            continue
        start = mark if lines else b""
        first = first if lines else number
        lines.append(line)
        if (lines[1:] or mark in line) and opens.fullmatch(start + line):
            continue
        yield first, lines
        lines = []
    if lines:
        yield first, lines
