"""Receipts: what became of every batch, with the parts it was cut into counted once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from tamiz.ledger.records import ReceiptRow
from tamiz.ledger.sqlite import SqliteStore, moment

# A probe repeats what its root has counted already.
SENT = """
    select
        coalesce(batch.root_id, batch.batch_id) as root,
        sync.segment, sync.platform, sync.account_id, sync.list_name, batch.op, batch.batch_id,
        run.generation_id, batch.run_id, batch.n, batch.state, batch.remote_job_id,
        batch.accepted, batch.invalid, batch.left_out, batch.is_counted, batch.http_status,
        batch.error_code, batch.started_at, batch.settled_at, run.base_version, sync.sync_id
    from batch
    inner join run on run.run_id = batch.run_id
    inner join sync on sync.sync_id = batch.sync_id
    where batch.is_probe = 0 and batch.number >= ?
    order by sync.sync_id, run.base_version, root, batch.number
"""
LAST = """
    select run.sync_id, run.generation_id
    from run
    inner join (select sync_id, max(base_version) as last from run group by sync_id) as newest
        on newest.sync_id = run.sync_id and newest.last = run.base_version
"""
# The state of a batch that was cut is the worst of its parts'.
WORST = ("UNKNOWN", "PENDING", "PLANNED", "DEAD", "ACKED", "SPLIT")
ACKED = WORST.index("ACKED")


@dataclass(frozen=True, slots=True)
class _Part:
    root: str
    names: tuple[str, ...] = field(repr=False)
    n: int
    state: str
    accepted: int
    invalid: int
    left_out: int
    is_counted: bool | None
    http_status: int | None
    error_code: str | None
    started_at: datetime | None
    settled_at: datetime | None
    sync_id: str


def receipts(store: SqliteStore, since: int = 0) -> tuple[ReceiptRow, ...]:
    """Return what became of every batch that was sent, from a number on, oldest first by list."""
    last = {str(sync_id): str(generation_id) for sync_id, generation_id in store.rows(LAST)}
    return tuple(_receipts(map(_part, store.rows(SENT, (since,))), last))


def _part(row: tuple[Any, ...]) -> _Part:
    root, *names, n, state, remote_id, accepted, invalid, left_out = row[:15]
    is_counted, http_status, code, started_at, settled_at, _version, sync_id = row[15:]
    if state == "SENDING":
        state = "UNKNOWN" if remote_id is None else "PENDING"
    return _Part(
        root,
        tuple(names),
        n,
        state,
        accepted or 0,
        invalid or 0,
        left_out,
        None if is_counted is None else bool(is_counted),
        http_status,
        code,
        moment(started_at),
        moment(settled_at),
        sync_id,
    )


def _receipts(parts: Iterator[_Part], last: dict[str, str]) -> Iterator[ReceiptRow]:
    for _root, family in groupby(parts, key=lambda part: part.root):
        first, *others = family
        if first.started_at is not None:
            yield _receipt(first, first.started_at, [first, *others], last)


def _receipt(
    first: _Part, started_at: datetime, family: list[_Part], last: dict[str, str]
) -> ReceiptRow:
    audience, platform, account_id, list_name, op, batch_id, generation_id, run_id = first.names
    state = min((part.state for part in family), key=WORST.index)
    is_settled = WORST.index(state) >= ACKED
    accepted, invalid, left_out = (
        sum(getattr(part, name) for part in family) for name in ("accepted", "invalid", "left_out")
    )
    is_pending = state == "PENDING"
    counted = [part.is_counted for part in family if part.is_counted is not None]
    ended = [part.settled_at for part in family if part.settled_at is not None]
    return ReceiptRow(
        audience_name=audience,
        platform=platform,
        account_id=account_id,
        list_name=list_name,
        operation=op,
        batch_id=batch_id,
        generation_id=generation_id,
        run_id=run_id,
        sent=first.n,
        accepted=None if is_pending else accepted,
        invalid=None if is_pending else invalid,
        retried=None if is_pending else first.n - accepted - invalid - left_out,
        left_out=left_out,
        is_counted=all(counted) if counted else None,
        state="ACKED" if is_settled else state,
        http_status=first.http_status,
        error_code=first.error_code,
        started_at=started_at,
        settled_at=max(ended) if len(ended) == len(family) else None,
        is_last_generation=last[first.sync_id] == generation_id,
    )
