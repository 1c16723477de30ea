"""How long a CSV file of a million rows takes to be checked whole and read, beside DuckDB alone.

DuckDB alone guesses the dialect from the first lines. Ours looks at every byte and every line
before the same reader is told what to do. Files: one without quotes, one with each cell in quotes.
"""

# ruff: noqa: INP001, S608 - a program, no package; its own paths

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import duckdb

from tamiz.sources import dialect_of

LONGEST = 1.5  # times DuckDB's own reader
ROW = (
    "'e' || i as event_id, 'a' || i % 50000 as anonymous_id, 'page_view' as event_name,"
    " timestamp '2026-06-01' + to_seconds(i) as occurred_at,"
    " timestamp '2026-06-01 00:00:05' + to_seconds(i) as received_at, 'u' || i % 9999 as user_id,"
    " 'https://shop.example.com/p/' || i % 3000 as page_url, 'ES' as country,"
    " (i % 100) + 0.5 as value, 'EUR' as currency"
)


@click.command()
@click.option("--rows", default=1_000_000, show_default=True)
@click.option("--rounds", default=5, show_default=True, help="The fastest of each counts.")
def main(rows: int, rounds: int) -> None:
    """Write the files, read them both ways, print what it took; exit 1 above the limit."""
    slow = False
    with tempfile.TemporaryDirectory() as text:
        for kind, quotes in (("plain", ""), ("quoted", ", force_quote *")):
            path = Path(text) / f"{kind}.csv"
            with duckdb.connect() as connection:
                made = f"select {ROW} from range({rows}) as numbers (i)"
                connection.execute(f"copy ({made}) to '{path}' (format csv, header{quotes})")
            alone = min(_seconds(_alone, path) for _ in range(rounds))
            ours = min(_seconds(_ours, path) for _ in range(rounds))
            slow = slow or ours > LONGEST * alone
            click.echo(
                f"{kind}: {rows:,} rows, {path.stat().st_size / 2**20:.0f} MiB: DuckDB alone "
                f"{alone:.2f} s, checked whole and read {ours:.2f} s, {ours / alone:.2f} times"
            )
    sys.exit(1 if slow else 0)


def _seconds(read: Callable[[Path], None], path: Path) -> float:
    # A file that was looked at before is known: this one is another.
    path.touch()
    started = time.perf_counter()
    read(path)
    return time.perf_counter() - started


def _alone(path: Path) -> None:
    _load(f"'{path}'")


def _ours(path: Path) -> None:
    dialect = dialect_of(path, path.parent / "copies")
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in dialect.columns)
    _load(f"'{dialect.place}', {dialect.reader.replace('{columns}', f'{{{columns}}}')}")


def _load(arguments: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table loaded as select * from read_csv({arguments})")


if __name__ == "__main__":
    main()
