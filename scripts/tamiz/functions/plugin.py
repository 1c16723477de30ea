"""The plugin that dbt-duckdb loads: it makes our functions known to each new connection."""

from dbt.adapters.duckdb.plugins import BasePlugin
from duckdb import DuckDBPyConnection
from typing_extensions import override

from tamiz.functions import register


class Plugin(BasePlugin):
    """Our functions, for every cursor of the connection dbt opens."""

    @override
    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Register all functions on `conn`."""
        register(conn)
