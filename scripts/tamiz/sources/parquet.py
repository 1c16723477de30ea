"""The footer of a Parquet file, without which nothing of it can be read."""

import glob
from pathlib import Path

import duckdb

from tamiz.sources.text import Unreadable


def footer_of(path: Path) -> tuple[int, tuple[str, ...]]:
    """Return the rows and the column names of the Parquet file at `path`; raises Unreadable."""
    with duckdb.connect() as connection:
        try:
            relation = connection.read_parquet(glob.escape(str(path)))
            return relation.count("*").fetchall()[0][0], tuple(map(str.lower, relation.columns))
        except duckdb.Error as error:
            # Its text may hold a value of the file.
            raise Unreadable("is no complete Parquet file: write it again") from error
