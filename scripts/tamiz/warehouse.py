"""Run SQL, read-only, on whatever target dbt uses; results come as Arrow."""

import contextvars
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import duckdb
import pyarrow as pa
import yaml

from tamiz.errors import ConfigError, Unavailable
from tamiz.lockdown import lock_down, raw_folder

# Rows of one batch; a multiple of DuckDB's vector of 2,048.
BATCH_ROWS = 131_072


class Warehouse(Protocol):
    """What the rest of the code may ask of a warehouse; nothing here can write."""

    def table(self, sql: str) -> pa.Table:
        """Return the whole result of one `select`; raises ConfigError when it cannot run."""

    def batches(self, sql: str) -> pa.RecordBatchReader:
        """Return the result of one `select`, streamed; raises as `table` does."""

    def relations(self) -> frozenset[str]:
        """Return the names of the tables and views in the schema dbt builds in."""


def columns(warehouse: Warehouse, relation: str) -> tuple[str, ...]:
    """Return the column names of `relation` in their order; raises as `Warehouse.table` does."""
    empty = warehouse.table(f"select * from {relation} where 1 = 0")  # noqa: S608 - our own names
    return tuple(empty.column_names)


@contextmanager
def open_warehouse(project_dir: Path, target: str | None = None) -> Iterator[Warehouse]:
    """Yield the warehouse that dbt builds for the profile in `project_dir`, read-only.

    `target` names an output of profiles.yml; None takes the profile's own. Everything read inside
    one `with` is one state: while it is open no other process can write to a DuckDB file.

    Raises ConfigError when the profile cannot be read, its adapter is not known here or nothing
    has been built, and Unavailable while another process writes to the warehouse.
    """
    output = _dbt_output(project_dir, target)
    adapter = output.get("type")
    if adapter != "duckdb":
        raise ConfigError(
            f"profiles.yml: the target's adapter is {adapter!r}; "
            "tamiz can read 'duckdb' only: choose a duckdb target"
        )
    # dbt changes into the project folder, so a relative path starts there.
    path = project_dir / str(output.get("path", ":memory:"))
    # Views of the staging room read the raw tables where they lie, or copies beside the warehouse.
    connection = _connect(path, project_dir / raw_folder(os.environ))
    try:
        # The file's name is the database's name: only the schema is the profile's to choose.
        connection.execute("set schema = $schema", {"schema": str(output.get("schema", "main"))})
        yield _DuckDB(connection, path)
    finally:
        connection.close()


def _dbt_output(project_dir: Path, target: str | None) -> Mapping[str, Any]:
    """Return the rendered output of profiles.yml that dbt itself would take."""
    project = project_dir / "dbt_project.yml"
    if not project.is_file():
        raise ConfigError(f"no dbt_project.yml in {project_dir}: run in the project folder")
    profile_name = str(yaml.safe_load(project.read_text(encoding="utf-8")).get("profile"))
    # A context of its own: rendering must not leave traces in a dbt run of this process.
    return contextvars.copy_context().run(_rendered_output, project_dir, profile_name, target)


def _rendered_output(project_dir: Path, profile_name: str, target: str | None) -> Mapping[str, Any]:
    # dbt takes seconds to import, and only commands that open the warehouse need it.
    from dbt.config.profile import Profile, read_profile  # noqa: PLC0415
    from dbt.config.renderer import ProfileRenderer  # noqa: PLC0415
    from dbt_common.context import set_invocation_context  # noqa: PLC0415
    from dbt_common.exceptions import DbtBaseException  # noqa: PLC0415

    # profiles.yml speaks of the environment (`env_var`); dbt wants to be handed it.
    set_invocation_context(os.environ)
    try:
        profiles = read_profile(str(project_dir))
        if not profiles.get(profile_name):
            raise ConfigError(
                f"no profile {profile_name!r} in {project_dir / 'profiles.yml'}: add it there"
            )
        _, output = Profile.render_profile(
            profiles[profile_name], profile_name, target, ProfileRenderer({})
        )
    except DbtBaseException as error:
        reason = " ".join(str(error).split())
        raise ConfigError(f"{project_dir / 'profiles.yml'}: {reason}") from None
    return cast("Mapping[str, Any]", output)


def _connect(path: Path, raw: Path) -> duckdb.DuckDBPyConnection:
    if not path.is_file():
        raise ConfigError(f"no warehouse at {path}: run `dbt build` first")
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        connection = duckdb.connect(path, read_only=True, config=config)
    except (duckdb.IOException, duckdb.ConnectionException) as error:
        text = str(error)
        if isinstance(error, duckdb.ConnectionException) or "lock" in text:
            holder = re.search(r"PID \d+", text)
            by = f" ({holder.group()})" if holder else ""
            raise Unavailable(
                f"warehouse {path} is being written by another process{by}: "
                "wait until it ends, then run the command again"
            ) from None
        raise ConfigError(
            f"warehouse {path} is damaged or of another DuckDB version: "
            "move it away and run `dbt build`"
        ) from None
    connection.execute("set timezone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    lock_down(connection, [raw, path.with_name(f"{path.name}.read")])
    return connection


@contextmanager
def _one_line(path: Path) -> Iterator[None]:
    """Turn what DuckDB says into one line without values."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        first_line = str(error).splitlines()[0]
        raise ConfigError(f"warehouse {path}: {first_line} Run `dbt build` again") from None
    except (duckdb.Error, OSError) as error:
        # DuckDB quotes the value it stumbles over, which may be somebody's address.
        kind = str(error).partition(":")[0]
        raise ConfigError(
            f"warehouse {path}: a query failed ({kind}): run `dbt build` again"
        ) from None


@dataclass(frozen=True, slots=True)
class _DuckDB:
    """One read-only connection to a DuckDB file."""

    connection: duckdb.DuckDBPyConnection
    path: Path

    def table(self, sql: str) -> pa.Table:
        return self.batches(sql).read_all()

    def batches(self, sql: str) -> pa.RecordBatchReader:
        with _one_line(self.path):
            reader = self.connection.sql(sql).to_arrow_reader(BATCH_ROWS)
        return pa.RecordBatchReader.from_batches(reader.schema, self._watched(reader))

    def _watched(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        with _one_line(self.path):
            yield from reader

    def relations(self) -> frozenset[str]:
        names = self.table(
            "select table_name from information_schema.tables "
            "where table_catalog = current_database() and table_schema = current_schema()"
        )
        return frozenset(names.column(0).to_pylist())
