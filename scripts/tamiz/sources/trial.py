"""A first reading of a whole CSV file by DuckDB, to learn which lines it cannot read and why."""

import glob
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tamiz.sources.text import Unreadable


@dataclass(frozen=True, slots=True)
class Trial:
    """How many records were read, and the lines that were not, each with DuckDB's name for why."""

    read: int
    rejected: dict[str, tuple[int, ...]]


def reader_of(delimiter: str, quote: str, *, skip: int, longest: int) -> str:
    """Return the options of read_csv that leave DuckDB nothing to guess; `{columns}` is put in."""
    sign, mark = delimiter, quote.replace("'", "''")
    size = f", max_line_size = {longest}" if longest else ""
    return (
        f"auto_detect = false, header = true, skip = {skip}, delim = '{sign}', quote = '{mark}', "
        f"escape = '{mark}', comment = '', nullstr = '', strict_mode = true, null_padding = false, "
        f"columns = {{columns}}{size}"
    )


def try_out(place: Path, reader: str, cells: int) -> Trial:
    """Return what DuckDB makes of all lines of the file at `place`; raises Unreadable."""
    columns = ", ".join(f"'column_{number}': 'VARCHAR'" for number in range(1, cells + 1))
    options = reader.replace("{columns}", f"{{{columns}}}")
    # A pattern would be looked for where the name holds brackets.
    name = glob.escape(str(place)).replace("'", "''")
    with duckdb.connect() as connection:
        try:
            counted = connection.execute(
                f"select count(*) from read_csv('{name}', {options}, store_rejects = true)"  # noqa: S608 - a path of the project
            ).fetchall()
            lines = connection.execute(
                "select error_type::text, list(distinct line order by line) from reject_errors"
                " group by 1"
            ).fetchall()
        except duckdb.Error as error:
            # Its text may hold a line of the file.
            raise Unreadable("is no CSV file that can be read: write it again") from error
    return Trial(counted[0][0], {kind: tuple(numbers) for kind, numbers in lines})
