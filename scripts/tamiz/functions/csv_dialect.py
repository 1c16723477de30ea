"""`csv_dialect(path)`: how the CSV file at a path is written, as JSON."""

import json
from dataclasses import asdict
from pathlib import Path

from tamiz.functions.base import Function
from tamiz.sources import dialect_of


def csv_dialect(path: str) -> str:
    """Return the dialect of the CSV file at `path` as JSON."""
    return json.dumps(asdict(dialect_of(Path(path))))


FUNCTIONS = (Function("csv_dialect", csv_dialect, ("VARCHAR",), reads_files=True),)
