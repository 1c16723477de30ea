"""A table of refusals that disappears would bring people back: then nothing is published."""

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

from tamiz.errors import GateError
from tamiz.publish import Generation, readable_generations
from tamiz.publish.generation import file_sha256
from tamiz.warehouse import Warehouse

COUNTS = "fct_row_counts"
REFUSALS = ("privacy_requests", "consent_events")


def refuse_lost_refusals(warehouse: Warehouse, published_dir: Path) -> None:
    """Raise GateError if the last generation knew refusals of a raw table that has no row now."""
    before = _published_before(published_dir)
    lost = sorted(before - _read_now(warehouse)) if before else []
    if lost:
        raise GateError(
            f"{' and '.join(lost)}: no row was read, and what is published knows some; nothing is"
            " published, for whoever refused would be sent again: bring the raw table back and run"
            " `dbt build`, or, if these are other people than before, publish to another folder"
            " (TAMIZ_PUBLISHED)"
        )


def _published_before(published_dir: Path) -> set[str]:
    """Return the tables of refusals of the last generation whose counts can be read."""
    for generation in reversed(readable_generations(published_dir)):
        if _has_counts(generation):
            accepted = pc.field("outcome") == "accepted"
            rows = pq.read_table(
                generation.tables[COUNTS].file,
                columns=["table_name"],
                filters=accepted & (pc.field("row_count") > 0),
            )
            return set(rows["table_name"].to_pylist()) & set(REFUSALS)
    return set()


def _has_counts(generation: Generation) -> bool:
    table = generation.tables.get(COUNTS)
    return table is not None and table.file.is_file() and file_sha256(table.file) == table.sha256


def _read_now(warehouse: Warehouse) -> set[str]:
    if COUNTS not in warehouse.relations():
        return set()
    rows = warehouse.table(
        f"select table_name from {COUNTS} where outcome = 'accepted' and row_count > 0"  # noqa: S608 - our own name
    )
    return set(rows.column(0).to_pylist())
