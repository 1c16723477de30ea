"""The plugin that dbt-duckdb loads: what holds for each connection that dbt opens.

Our functions are known to it, it can open no files but those of the project, and whatever dbt
writes is its owner's alone.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from duckdb import DuckDBPyConnection
from typing_extensions import override

from tamiz.functions import register
from tamiz.lockdown import lock_down, raw_folder
from tamiz.private import close_to_others, keep_to_owner


class Plugin(BasePlugin):
    """Our functions and our limits, for every cursor of the connection dbt opens."""

    @override
    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Close to others what dbt has written so far, and whatever it will write."""
        keep_to_owner()
        for place in self._written():
            close_to_others(place)

    @override
    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register all functions on `conn`, set its time zone for all cursors, then lock it."""
        register(conn)
        conn.execute("set global timezone = 'UTC'")
        lock_down(conn, self._folders())

    def _written(self) -> Iterator[Path]:
        flags: Any = get_flags()  # type: ignore[no-untyped-call]
        yield Path(getattr(flags, "TARGET_PATH", None) or "target")
        yield Path(getattr(flags, "LOG_PATH", None) or "logs")
        database = self._database()
        if database is not None:
            yield database
            yield database.with_name(f"{database.name}.wal")

    def _folders(self) -> Iterator[Path]:
        """Yield where files of the build lie; dbt runs in the folder of the project."""
        yield raw_folder(os.environ)
        yield Path("seeds")
        yield Path("target")
        yield Path(tempfile.gettempdir())
        database = self._database()
        if database is not None:
            yield database.parent

    def _database(self) -> Path | None:
        path = self.creds.path if self.creds is not None else ":memory:"
        return None if path == ":memory:" else Path(path)
