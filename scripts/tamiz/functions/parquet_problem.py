"""`parquet_problem(path)`: why the Parquet file at a path cannot be read, or an empty text."""

from pathlib import Path

from tamiz.functions.base import Function
from tamiz.sources import Unreadable, footer_of


def parquet_problem(path: str) -> str:
    """Return in a few words why the Parquet file at `path` cannot be read, or an empty text."""
    try:
        footer_of(Path(path))
    except Unreadable as error:
        return f"{path} {error}"
    return ""


FUNCTIONS = (Function("parquet_problem", parquet_problem, ("VARCHAR",), reads_files=True),)
