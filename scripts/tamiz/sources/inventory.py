"""What lies in the folder of raw files: which table each file is, how it is written, what it has."""

import glob
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import duckdb

from tamiz.errors import AbsentTable
from tamiz.sources.contract import Contract
from tamiz.sources.dialect import DELIMITERS, dialect_of

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
    found = _parquet(path) if ending == ".parquet" else _csv(path, copies)
    return _compared(path.name, tables[table], *found)


def _meant(table: str, tables: Mapping[str, Contract]) -> str:
    near = get_close_matches(table.lower().replace("-", "_"), tables, n=1)
    return f": name it {near[0]} if it is that table" if near else ": take it away or rename it"


def _csv(path: Path, copies: Path) -> tuple[int, str, tuple[str, ...], str]:
    dialect = dialect_of(path, copies)
    signs = DELIMITERS.get(dialect.delimiter, dialect.delimiter)
    ends = {"\\n": "LF", "\\r\\n": "CRLF", "\\r": "CR"}.get(dialect.line_ends, dialect.line_ends)
    quotes = "single quotes" if dialect.quote == "'" else ""
    written = ", ".join(part for part in (dialect.encoding, signs, quotes, ends) if part)
    problem = dialect.problem.replace(f"{path} ", "", 1).replace(str(path), path.name)
    return dialect.record_count, written, dialect.columns, problem


def _parquet(path: Path) -> tuple[int, str, tuple[str, ...], str]:
    with duckdb.connect() as connection:
        try:
            relation = connection.read_parquet(glob.escape(str(path)))
            names = tuple(name.lower() for name in relation.columns)
            rows = relation.count("*").fetchall()[0][0]
        except duckdb.Error:
            return 0, "Parquet", (), "is no complete Parquet file: write it again"
    return rows, "Parquet", names, ""


def _compared(
    name: str, contract: Contract, rows: int, written: str, columns: tuple[str, ...], problem: str
) -> RawFile:
    if problem:
        return RawFile(name, contract.table, rows, written, problem=problem)
    ignored = [column for column in columns if column and column not in contract.columns]
    words = [column for column in ignored if _WORD.fullmatch(column)]
    missing = tuple(
        (column, next(iter(get_close_matches(column, words, n=1, cutoff=0.7)), ""))
        for column in contract.columns
        if column not in columns
    )
    absent = [column for column, _ in missing if column in contract.required]
    return RawFile(
        name,
        contract.table,
        rows,
        written,
        used=tuple(column for column in contract.columns if column in columns),
        ignored=(*words, *(["one that is no word"] * (len(ignored) - len(words)))),
        missing=missing,
        problem=f"has no column {', '.join(absent)}, which must be there" if absent else "",
    )
