"""SQL functions of ours on DuckDB; dbt takes them as a plugin (profiles.yml).

A model that calls one is materialised as a table: outside dbt nobody else knows the function.
"""

from duckdb import DuckDBPyConnection

from tamiz.functions import (
    ascii_domain,
    csv_dialect,
    gpp_signal,
    parquet_problem,
    registrable_domain,
    tcf_signal,
)

__all__ = ["FUNCTIONS", "register"]

# A function of SQL is a module with its entry `FUNCTIONS`, and a line here.
FUNCTIONS = (
    *ascii_domain.FUNCTIONS,
    *csv_dialect.FUNCTIONS,
    *gpp_signal.FUNCTIONS,
    *parquet_problem.FUNCTIONS,
    *registrable_domain.FUNCTIONS,
    *tcf_signal.FUNCTIONS,
)


def register(connection: DuckDBPyConnection) -> None:
    """Make all our functions known to every cursor of `connection`."""
    for function in FUNCTIONS:
        connection.create_function(
            function.name,
            function.python,
            [*function.parameters],
            function.returns,
            side_effects=function.reads_files,
        )
