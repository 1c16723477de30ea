"""Run the compiled query on values, portion by portion, in a DuckDB in memory."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from tamiz.hashing.compiling import load_seeds

# Values of one query: large enough that planning it is cheap, small enough for any memory.
PORTION = 50_000


@dataclass(frozen=True, slots=True)
class Value:
    """One value as somebody wrote it, and the country that was stated beside it."""

    text: str | None = field(repr=False)
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Hashed:
    """What a platform makes of one value: `row` counts from 1, `reason` says why it was refused.

    `hash` is None where the value was refused, and where the platform takes clear text.
    """

    row: int
    normalised: str | None = field(repr=False)
    hash: str | None = field(repr=False)
    reason: str | None


def hashed(query: str, values: Iterable[Value], project_dir: Path) -> Iterator[list[Hashed]]:
    """Yield what `query` (of `compiled_queries`) makes of `values`, at most PORTION at a time."""
    left = iter(values)
    first_row = 1
    with _connected(project_dir) as connection:
        while portion := list(islice(left, PORTION)):
            given = pa.table(
                {
                    "row_number": pa.array(range(first_row, first_row + len(portion)), pa.int64()),
                    "value": pa.array([value.text for value in portion], pa.string()),
                    "country": pa.array([value.country for value in portion], pa.string()),
                }
            )
            connection.register("given_values", given)
            yield [Hashed(*row) for row in connection.execute(query).fetchall()]
            connection.unregister("given_values")
            first_row += len(portion)


@contextmanager
def _connected(project_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("set enable_progress_bar = false")
        # dbt compiled for a database of this name.
        connection.execute("attach ':memory:' as tamiz; use tamiz")
        load_seeds(connection, project_dir)
        connection.create_function("sha512", _sha512, ["VARCHAR"], "VARCHAR")
        yield connection


def _sha512(text: str) -> str:
    return hashlib.sha512(text.encode()).hexdigest()
