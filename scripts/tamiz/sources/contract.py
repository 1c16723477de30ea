"""The input contract: which raw tables there are and which columns each has."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tamiz.errors import ConfigError
from tamiz.strict_yaml import read_yaml


@dataclass(frozen=True, slots=True)
class Contract:
    """A raw table: its name, its columns, and those that must be there."""

    table: str
    columns: tuple[str, ...]
    required: frozenset[str]


def contracts(project_dir: Path) -> dict[str, Contract]:
    """Return the raw tables by name; raises ConfigError where the project declares none."""
    found: dict[str, Contract] = {}
    for file in sorted(project_dir.glob("models/staging/*/_*__sources.yml")):
        written: Any = read_yaml(file)
        for source in written["sources"]:
            for table in source["tables"]:
                contract = _contract(table)
                found[contract.table] = contract
    if not found:
        raise ConfigError(f"no raw table is declared in {project_dir}: run in the project folder")
    return found


def _contract(table: dict[str, Any]) -> Contract:
    columns = table["columns"]
    return Contract(
        table["identifier"],
        tuple(column["name"] for column in columns),
        frozenset(
            column["name"]
            for column in columns
            if column.get("config", {}).get("meta", {}).get("required")
        ),
    )
