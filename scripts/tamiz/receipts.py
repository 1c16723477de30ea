"""Receipts of pushes: projected from the ledger to a raw table of the warehouse, and summed up."""

import os
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tamiz.errors import ConfigError
from tamiz.ledger import ReceiptRow
from tamiz.publish.generation import as_of_generation
from tamiz.report import ReceiptLine

FILE = "ledger_push_receipts.parquet"
TIME = pa.timestamp("us")
# Columns of the source `ledger` (models/staging/ledger); counts are of identifiers, times UTC.
SCHEMA = pa.schema(
    {
        **dict.fromkeys(("batch_id", "run_id", "generation_id"), pa.string()),
        **dict.fromkeys(("audience_name", "platform", "account_id", "list_name"), pa.string()),
        **dict.fromkeys(("operation", "state", "error_code"), pa.string()),
        "http_status": pa.int64(),
        **dict.fromkeys(("sent_count", "accepted_count", "invalid_count"), pa.int64()),
        **dict.fromkeys(("retried_count", "left_out_count"), pa.int64()),
        **dict.fromkeys(("is_counted", "is_last_generation"), pa.bool_()),
        **dict.fromkeys(("published_as_of", "started_at", "settled_at"), TIME),
    }
)


def project(rows: Iterable[ReceiptRow], raw: Path) -> Path:
    """Write the receipts as a raw table that dbt reads, and return its file.

    The whole table is written each time, one row per batch: written again, it is the same. Written
    aside, then renamed, for its owner only. Raises ConfigError where it cannot be written.
    """
    if not raw.is_dir():
        raise ConfigError(
            f"{raw} is no folder of raw tables, so no receipts were written there: name yours in"
            " TAMIZ_RAW, then run `tamiz receipts`"
        )
    ordered = sorted(rows, key=lambda row: (row.started_at, row.batch_id))
    table = pa.Table.from_pylist([_record(row) for row in ordered], SCHEMA)
    aside = raw / f".{FILE}.aside"
    try:
        aside.unlink(missing_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            pq.write_table(table, stream)
        aside.replace(raw / FILE)
    except OSError as error:
        raise ConfigError(
            f"{raw / FILE} cannot be written ({error.strerror}): mend the rights, then run"
            " `tamiz receipts`"
        ) from None
    return raw / FILE


def summed(rows: Iterable[ReceiptRow]) -> tuple[ReceiptLine, ...]:
    """Return one line per audience, platform and operation of the last generation pushed there."""
    latest = [row for row in rows if row.is_last_generation]
    latest.sort(key=_place)
    return tuple(_line(*place, list(found)) for place, found in groupby(latest, key=_place))


def render(lines: Iterable[ReceiptLine]) -> list[str]:
    """Return the lines as text."""
    return [text for line in lines for text in _texts(line)]


def _place(row: ReceiptRow) -> tuple[str, str, str]:
    return row.audience_name, row.platform, row.operation


def _record(row: ReceiptRow) -> dict[str, object]:
    counts = ("sent", "accepted", "invalid", "retried", "left_out")
    values = {f"{name}_count": getattr(row, name) for name in counts}
    times = {
        name: None if moment is None else moment.replace(tzinfo=None)
        for name, moment in (("started_at", row.started_at), ("settled_at", row.settled_at))
    }
    times["published_as_of"] = as_of_generation(row.generation_id).replace(tzinfo=None)
    as_they_are = (name for name in SCHEMA.names if name not in values and name not in times)
    return {name: getattr(row, name) for name in as_they_are} | values | times


def _line(audience: str, platform: str, operation: str, rows: list[ReceiptRow]) -> ReceiptLine:
    pending = [row for row in rows if row.accepted is None]
    settled = [row for row in rows if row.accepted is not None]
    return ReceiptLine(
        audience_name=audience,
        platform=platform,
        operation=operation,
        batches=len(rows),
        sent=sum(row.sent for row in rows),
        accepted=sum(row.accepted or 0 for row in settled),
        invalid=sum(row.invalid or 0 for row in settled),
        retried=sum(row.retried or 0 for row in settled),
        left_out=sum(row.left_out for row in rows),
        pending=sum(row.sent - row.left_out for row in pending),
        is_counted=all(row.is_counted is not False for row in settled),
    )


def _texts(line: ReceiptLine) -> Iterable[str]:
    parts = {
        "accepted": line.accepted,
        "invalid": line.invalid,
        "retried": line.retried,
        "left out": line.left_out,
    }
    if line.pending:
        parts["still worked on"] = line.pending
    sums = " + ".join(f"{count:,} {word}" for word, count in parts.items())
    batches = f"{line.batches:,} batch{'es' if line.batches != 1 else ''}"
    yield (
        f"{line.audience_name} on {line.platform}, {line.operation}: {line.sent:,} sent in"
        f" {batches} = {sums}"
    )
    if not line.is_counted:
        yield f"  {line.platform} gives no count of its own: accepted is what it said yes to"
