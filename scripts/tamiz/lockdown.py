"""What a DuckDB connection may not do: read or write other folders, load extensions, unlock itself.

A model is SQL that somebody wrote: it reads the raw tables and the warehouse, and no other file of
this machine and nothing on the network.
"""

import glob
from collections.abc import Iterable, Mapping
from pathlib import Path

from duckdb import DuckDBPyConnection


def raw_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder of raw files, as macros/warehouse/raw_folder does."""
    return Path(environment.get("TAMIZ_RAW") or "target/demo/raw")


def lock_down(connection: DuckDBPyConnection, folders: Iterable[Path] = ()) -> None:
    """Let `connection` and all its cursors open files in `folders` only; for good.

    The database's own files can always be opened. Settings that a connection needs are set before:
    none can be changed afterwards.
    """
    absolute = [str(folder.absolute()) for folder in folders]
    # A folder with brackets is asked for by a pattern that escapes them.
    known = dict.fromkeys([*absolute, *(glob.escape(folder) for folder in absolute)])
    texts = ", ".join("'" + folder.replace("'", "''") + "'" for folder in known)
    connection.execute(f"set allowed_directories = [{texts}]")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
