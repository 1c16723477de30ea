"""Make the demo world: plan the humans, derive every raw table from the plan, write it at once."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from tamiz.demo_data.contract import ALREADY_SORTED, COLUMNS, TRUTHS, columns_of
from tamiz.demo_data.names import name_pools
from tamiz.demo_data.phones import GB_DRAMA_RANGES, US_AREA_CODES
from tamiz.errors import ConfigError

GENERATOR_VERSION = 4
MARKER = "demo_world.json"
SCRIPTS = (
    "humans",
    "crm",
    "visits",
    "app_visits",
    "orders",
    "consent",
    "pixel",
    "app",
    "social",
    "campaigns",
    "surveys",
    "intake",
    "truth",
)
FEWEST_PEOPLE = 100
FEWEST_DAYS = 14
MOST_DAYS = 1000


def make_demo_world(  # noqa: PLR0913 - the arguments are the world
    *,
    people: int,
    days: int,
    seed: int,
    out: Path,
    as_of: datetime,
    say: Callable[[str], None],
    threads: int | None = None,
) -> dict[str, int]:
    """Write every raw table and the planted truths to the folder `out`; return rows per raw table.

    `people` customers are followed for `days` days up to `as_of` (UTC when it bears no zone); the
    same arguments give the same bytes, whatever the number of `threads`. `say` takes one line per
    step. A world of the same arguments is left as it is. Nothing but a world made here is ever
    replaced, and a killed run leaves no half world: tables are written aside, then renamed.

    Raises:
        ConfigError: an argument is out of bounds, or `out` holds something else.
    """
    if people < FEWEST_PEOPLE:
        raise ConfigError(f"--people is {people}: the demo world needs at least {FEWEST_PEOPLE}")
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise ConfigError(f"--days is {days}: give from {FEWEST_DAYS} to {MOST_DAYS} days")
    moment = as_of.astimezone(UTC).replace(tzinfo=None) if as_of.tzinfo else as_of
    arguments: dict[str, Any] = {
        "generator_version": GENERATOR_VERSION,
        "people": people,
        "days": days,
        "seed": seed,
        "as_of": moment.isoformat(sep=" "),
    }
    made = _made_before(out)
    if made is not None and made["arguments"] == arguments:
        say(f"{out} holds this world already")
        return dict(made["row_counts"])

    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.unfinished")
    shutil.rmtree(aside, ignore_errors=True)
    (aside / "truth").mkdir(parents=True)
    try:
        row_counts = _write_world(aside, arguments, moment, say, threads)
        marker = {"arguments": arguments, "row_counts": row_counts}
        (aside / MARKER).write_text(json.dumps(marker, indent=2) + "\n", encoding="utf-8")
        _replace(out, aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    say(f"{out}: {sum(row_counts.values()):,} rows in {len(row_counts)} tables")
    return row_counts


def _made_before(out: Path) -> dict[str, Any] | None:
    """Return the marker of the world in `out`, None where nothing is."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return None
    try:
        marker: dict[str, Any] = json.loads((out / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        marker = {}
    if "arguments" not in marker or "row_counts" not in marker:
        raise ConfigError(
            f"{out} holds something that is no demo world: give another folder, or empty this one"
        )
    return marker


def _replace(out: Path, finished: Path) -> None:
    """Put the finished folder where `out` is; the old one goes last."""
    old = out.with_name(f".{out.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    finished.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def _write_world(
    folder: Path,
    arguments: dict[str, Any],
    as_of: datetime,
    say: Callable[[str], None],
    threads: int | None,
) -> dict[str, int]:
    """Plan the world in memory and write its tables; return rows per raw table."""
    spill = folder / "spill"
    settings: dict[str, Any] = {"memory_limit": "5GB", "temp_directory": str(spill)}
    if threads is not None:
        settings["threads"] = threads
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute("set TimeZone = 'UTC'")
        _define(connection, arguments, as_of)
        for script in SCRIPTS:
            say(f"planning {script.replace('_', ' ')}")
            connection.execute(_sql(script))
        row_counts = {}
        for table, declared in COLUMNS.items():
            say(f"writing {table}")
            row_counts[table] = _write(
                connection, f"raw_{table}", declared, folder / f"{table}.parquet"
            )
        for table, declared in TRUTHS.items():
            _write(connection, table, declared, folder / "truth" / f"{table}.parquet")
    shutil.rmtree(spill, ignore_errors=True)
    return row_counts


def _define(
    connection: duckdb.DuckDBPyConnection, arguments: dict[str, Any], as_of: datetime
) -> None:
    """Tell the scripts the arguments (as macros of constants) and the pools of names."""
    connection.execute(
        f"""
        create macro world_people() as cast({int(arguments["people"])} as bigint);
        create macro world_days() as cast({int(arguments["days"])} as bigint);
        create macro world_seed() as '{int(arguments["seed"])}';
        create macro world_as_of() as timestamp '{as_of.isoformat(sep=" ")}';
        create macro us_area_codes() as {list(US_AREA_CODES)};
        create macro gb_drama_ranges() as {list(GB_DRAMA_RANGES)};
        create table name_pool (country varchar, kind varchar, position bigint, name varchar);
        """
    )
    pools = list(zip(*name_pools(int(arguments["seed"])), strict=True))
    connection.execute(
        "insert into name_pool select unnest($1), unnest($2), unnest($3), unnest($4)",
        [list(column) for column in pools],
    )
    connection.execute(_sql("macros"))


def _sql(script: str) -> str:
    return (Path(__file__).parent / "sql" / f"{script}.sql").read_text(encoding="utf-8")


def _write(connection: duckdb.DuckDBPyConnection, table: str, declared: str, file: Path) -> int:
    """Write a table in the types declared and in one order of rows; return the number of rows."""
    columns = columns_of(declared)
    selected = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in columns)
    is_sorted = table.removeprefix("raw_") in ALREADY_SORTED
    order = "" if is_sorted else " order by all nulls last"
    copied = connection.execute(
        f"copy (select {selected} from {table}{order}) to '{file}'"  # noqa: S608 - our own names
        " (format parquet, compression zstd, row_group_size 122880)"
    ).fetchone()
    assert copied is not None  # noqa: S101 - copy always answers with a count
    return int(copied[0])
