"""The dialect of a CSV file, by our own rule: nothing is guessed from a sample."""

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from tamiz.sources.records import records_of
from tamiz.sources.text import Text, Unreadable, lines_of, text_of, write_copy
from tamiz.sources.trial import reader_of, try_out

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# A line that holds more than this many bytes is none that somebody wrote.
LONGEST = 64 << 20
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_known: dict[tuple[str, ...], "Dialect"] = {}
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; `problem`, where not empty, says why it cannot be read.

    `place` is the file to read, which is a copy where DuckDB cannot read the file itself;
    `reader` the options of read_csv, `columns` the names of the header, and `record_count` the
    number of records below it.
    """

    encoding: str
    line_ends: str = ""
    delimiter: str = ""
    quote: str = ""
    columns: tuple[str, ...] = ()
    record_count: int = 0
    place: str = ""
    reader: str = ""
    problem: str = ""


def dialect_of(path: Path, copies: Path) -> Dialect:
    """Return the dialect of the CSV file at `path`, decided once as long as the file stays.

    In the folder `copies` a file that DuckDB cannot read as it is gets its copy.
    """
    with _one_at_a_time:
        try:
            found = path.stat()
        except OSError:
            return Dialect("", problem=f"{path} cannot be opened: look at its rights")
        key = (str(path), str(copies), f"{found.st_ino} {found.st_size} {found.st_mtime_ns}")
        known = _known.get(key)
        if known is None or not Path(known.place).exists():
            known = _decided(path, copies / f"{path.name.split('.')[0]}.csv")
            _known[key] = known
        return known


def _decided(path: Path, copy: Path) -> Dialect:
    copy.unlink(missing_ok=True)
    found = Dialect("")
    try:
        text = text_of(path)
        found = replace(found, encoding=text.encoding, line_ends=text.line_ends)
        if text.in_place:
            return _read_whole(path, path, text, found)
        write_copy(path, text.encoding, copy)
        return _read_whole(path, copy, text_of(copy), found)
    except Unreadable as error:
        return replace(found, place=str(path), problem=f"{path} {error}")


def _read_whole(path: Path, place: Path, text: Text, found: Dialect) -> Dialect:
    """Return the dialect of the file at `path`, of which `place` is in UTF-8; raises Unreadable."""
    header, delimiter, skip = _header(place)
    quote = "'" if delimiter is None and _all_in_apostrophes(header) else '"'
    if delimiter is None:
        delimiter = max(DELIMITERS, key=lambda sign: len(_cells(header, sign, quote)))
    columns = tuple(cell.strip().lower() for cell in _cells(header, delimiter, quote))
    named = [name for name in columns if name]
    twice = len(named) - len(set(named))
    if twice:
        raise Unreadable(f"names {twice} of its columns twice: give each column a name of its own")
    longest = 0
    reader = reader_of(delimiter, quote, skip=skip, longest=longest)
    trial = try_out(place, reader, len(columns))
    count = text.line_count - skip
    swallowed: tuple[int, ...] = ()
    if trial.read + 1 != count:
        records = records_of(place, delimiter, quote, cells=len(columns), skip=skip)
        if "LINE SIZE OVER MAXIMUM" in trial.rejected and records.longest <= LONGEST:
            reader = reader_of(delimiter, quote, skip=skip, longest=records.longest + 1)
            trial = try_out(place, reader, len(columns))
        count, swallowed = records.count, records.swallowed
    decided = replace(
        found, delimiter=delimiter, quote=quote, columns=columns, record_count=count - 1
    )
    problem = _problem(path, decided, trial.rejected, trial.read, swallowed)
    return replace(decided, place=str(place), reader=reader, problem=problem)


def _header(place: Path) -> tuple[str, str | None, int]:
    """Return the header, the delimiter where the file names it, and the lines before the header."""
    lines = lines_of(place)
    first = next(lines, b"").decode("utf-8-sig")
    named = _SEPARATOR_LINE.fullmatch(first)
    if named is not None:
        return next(lines, b"").decode(), named[1], 1
    if not first.strip():
        raise Unreadable("has no header in its first line: name the columns there")
    return first, None, 0


def _cells(header: str, delimiter: str, quote: str) -> list[str]:
    return next(csv.reader([header], delimiter=delimiter, quotechar=quote), [])


def _all_in_apostrophes(header: str) -> bool:
    return re.fullmatch(r"'[^']*'([,;\t|]'[^']*')*", header) is not None


def _problem(
    path: Path,
    dialect: Dialect,
    rejected: dict[str, tuple[int, ...]],
    read: int,
    swallowed: tuple[int, ...],
) -> str:
    """Say in one line what is wrong with which lines, and what to do; of no line what it holds."""
    signs = DELIMITERS.get(dialect.delimiter, f"the sign {dialect.delimiter}")
    remedies = {
        "UNQUOTED VALUE": "hold a quote that is not closed, or letters beside a quoted cell: "
        "write a quote inside a cell twice, within quotes",
        "LINE SIZE OVER MAXIMUM": f"are longer than {LONGEST >> 20} MB: shorten them",
    }
    for kind, remedy in remedies.items():
        if kind in rejected:
            return f"{_lines(path, rejected[kind])} {remedy}"
    if swallowed:
        return (
            f"{_lines(path, swallowed)} open a quote that swallows the lines below, each of which "
            "would be a record: write a quote inside a cell twice, within quotes"
        )
    if rejected:
        numbers = tuple(sorted({number for lines in rejected.values() for number in lines}))
        return (
            f"{_lines(path, numbers)} do not fit its header: quote what holds {signs}, and give "
            "each line the same number of columns"
        )
    if read != dialect.record_count:
        return (
            f"{path} has {dialect.record_count:,} records, of which {read:,} can be read: write "
            "one record a line, and a quote inside a cell twice"
        )
    return ""


def _lines(path: Path, numbers: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, numbers[:5])) + (", …" if len(numbers) > 5 else "")  # noqa: PLR2004 - what a line has room for
    return f"{len(numbers):,} lines of {path} ({shown})"
