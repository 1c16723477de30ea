"""What lies in the folder of raw files: the table each is, how it is written, its columns."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from tamiz.errors import AbsentTable
from tamiz.sources.contract import Contract
from tamiz.sources.dialect import DELIMITERS, dialect_of
from tamiz.sources.parquet import footer_of
from tamiz.sources.text import Unreadable

# In this order: where a table lies in several files, the first is read.
ENDINGS = (".parquet", ".csv", ".csv.gz")
# A header may be missing, and what stands in its place may be somebody's address.
_WORD = re.compile(r"(?!.*[0-9]{6})[A-Za-z\u00c0-\u024f0-9 _./-]{1,30}")


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file of the folder; `table` is empty where it is none of the contract's.

    `missing` gives for each absent column the column that may be meant, or an empty text.
    """

    name: str
    table: str = ""
    rows: int = 0
    written: str = ""
    used: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    problem: str = ""


def inventory(folder: Path, copies: Path, tables: Mapping[str, Contract]) -> list[RawFile]:
    """Return the files of `folder` in the order of their names; raises AbsentTable without any.

    In the folder `copies` a file that DuckDB cannot read as it is gets its copy.
    """
    files = [path for path in _files(folder) if not path.name.startswith(".")]
    if not files:
        raise AbsentTable(f"no files in {folder}: set TAMIZ_RAW to the folder of your raw tables")
    names = {path.name for path in files}
    return [_raw_file(path, copies, tables, names) for path in files]


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.is_file())


def _raw_file(path: Path, copies: Path, tables: Mapping[str, Contract], names: set[str]) -> RawFile:
    ending = next((each for each in ENDINGS[::-1] if path.name.endswith(each)), None)
    table = path.name.removesuffix(ending or "".join(path.suffixes))
    if table not in tables:
        return RawFile(path.name, problem=f"is no table of the contract{_meant(table, tables)}")
    if ending is None:
        return RawFile(path.name, problem="is no CSV and no Parquet file: save it as CSV UTF-8")
    read = next(table + each for each in ENDINGS if table + each in names)
    if read != path.name:
        return RawFile(path.name, problem=f"is not read, {read} is: keep one of the two")
    file, columns = _parquet(path) if ending == ".parquet" else _csv(path, copies)
    return file if file.problem else _compared(replace(file, table=table), tables[table], columns)


def _meant(table: str, tables: Mapping[str, Contract]) -> str:
    near = get_close_matches(table.lower().replace("-", "_"), tables, n=1)
    return f": name it {near[0]} if it is that table" if near else ": take it away or rename it"


def _csv(path: Path, copies: Path) -> tuple[RawFile, tuple[str, ...]]:
    dialect = dialect_of(path, copies)
    signs = DELIMITERS.get(dialect.delimiter, dialect.delimiter)
    ends = {"\\n": "LF", "\\r\\n": "CRLF", "\\r": "CR"}.get(dialect.line_ends, dialect.line_ends)
    quotes = "single quotes" if dialect.quote == "'" else ""
    written = ", ".join(part for part in (dialect.encoding, signs, quotes, ends) if part)
    problem = dialect.problem.removeprefix(f"{path} ").replace(str(path), path.name)
    file = RawFile(path.name, rows=dialect.record_count, written=written, problem=problem)
    return file, dialect.columns


def _parquet(path: Path) -> tuple[RawFile, tuple[str, ...]]:
    try:
        rows, columns = footer_of(path)
    except Unreadable as error:
        return RawFile(path.name, problem=str(error)), ()
    return RawFile(path.name, rows=rows, written="Parquet"), columns


def _compared(file: RawFile, contract: Contract, columns: tuple[str, ...]) -> RawFile:
    ignored = [column for column in columns if column and column not in contract.columns]
    words = [column for column in ignored if _WORD.fullmatch(column)]
    absent = [column for column in contract.columns if column not in columns]
    needed = ", ".join(column for column in absent if column in contract.required)
    return replace(
        file,
        used=tuple(column for column in contract.columns if column in columns),
        ignored=(*words, *(["one that is no word"] * (len(ignored) - len(words)))),
        missing=tuple(
            (column, next(iter(get_close_matches(column, words, n=1, cutoff=0.7)), ""))
            for column in absent
        ),
        problem=f"has no column {needed}, which must be there" if needed else "",
    )
