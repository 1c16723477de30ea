"""`tamiz check`: what an owner of data brings, file by file and column by column."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from tamiz.build import dbt_build
from tamiz.errors import ConfigError, GateError, TamizError
from tamiz.sources import RawFile, Unread, contracts, inventory, render

# What is read of the raw tables, and all that cannot be read or understood further on.
_READ = ("--select", "+stg_row_counts", "+fct_unread_values")


def check(
    project_dir: Path,
    raw: Path,
    database: Path,
    arguments: Sequence[str],
) -> tuple[list[str], TamizError | None]:
    """Return what to show, and the error that stands for what is wrong, or None.

    The raw tables are read as a build reads them, into `database`, which is to be thrown away;
    `arguments` go to dbt. Raises AbsentTable where the folder holds no files.
    """
    files = inventory(raw, database.with_name(f"{database.name}.read"), contracts(project_dir))
    broken = [file for file in files if file.problem]
    stopped: TamizError | None = None
    unread: dict[str, list[Unread]] = {}
    if not broken:
        try:
            reading = [*_READ, *arguments]
            dbt_build(project_dir, reading, say=lambda _: None, command="run")
            unread = _unread(database)
        except TamizError as error:
            stopped = error
    return list(render(files, unread)), stopped or _verdict(broken, unread)


def _unread(database: Path) -> dict[str, list[Unread]]:
    with duckdb.connect(str(database), read_only=True) as warehouse:
        rows = warehouse.execute("""
            select table_name, column_name, reason, word, value_count, first_lines, stops_gate
            from fct_unread_values
            order by stops_gate desc, column_name, value_count desc, reason, word
        """).fetchall()
    found: dict[str, list[Unread]] = {}
    for table, *values in rows:
        found.setdefault(table, []).append(Unread(*values))
    return found


def _verdict(broken: list[RawFile], unread: dict[str, list[Unread]]) -> TamizError | None:
    if broken:
        return ConfigError(
            f"{len(broken)} files are not read: mend them, then check again what they hold"
        )
    stops = sum(
        values.count for column in unread.values() for values in column if values.stops_gate
    )
    if stops:
        return GateError(f"{stops:,} values stop the gate: mend them where they come from")
    return None
