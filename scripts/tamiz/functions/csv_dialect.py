"""`csv_dialect(path, copies)`: how the CSV file at a path is written, as JSON."""

import json
from dataclasses import asdict
from pathlib import Path

from tamiz.functions.base import Function
from tamiz.sources import dialect_of


def csv_dialect(path: str, copies: str) -> str:
    """Return the dialect of the CSV file at `path` as JSON.

    A file that DuckDB cannot read as it lies there gets a copy in the folder `copies`.
    """
    return json.dumps(asdict(dialect_of(Path(path), Path(copies))))


FUNCTIONS = (Function("csv_dialect", csv_dialect, ("VARCHAR", "VARCHAR"), reads_files=True),)
