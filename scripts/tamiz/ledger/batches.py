"""Runs, batches and attempts: the state machine of what is sent, one transaction per step.

PLANNED -> SENDING -> ACKED, UNKNOWN or DEAD; back to PLANNED only if it was surely not applied.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from tamiz.errors import LedgerLocked
from tamiz.ledger.keys import Keys
from tamiz.ledger.records import NewRun, StoredBatch
from tamiz.ledger.sqlite import SqliteStore

PAYLOAD_VERSION = 1
SETTLE = timedelta(seconds=90)  # the longest request and a minute: after it a lost one is lost

BATCHES = """
    select
        batch.batch_id, batch.sync_id, batch.op, batch.n, batch.state, batch.attempt,
        batch.remote_job_id
    from batch
    inner join run on run.run_id = batch.run_id
    where batch.sync_id = ? and batch.state in ('SENDING', 'UNKNOWN', 'PLANNED')
    order by run.base_version, batch.seq
"""
PRESENT = """
    update member set state = 'P', since_batch = ?
    where sync_id = ? and member_hash in (select member_hash from batch_member where batch_id = ?)
"""
MAYBE = """
    update member set state = 'M'
    where sync_id = ? and member_hash in (select member_hash from batch_member where batch_id = ?)
"""
ABSENT = """
    delete from member
    where sync_id = ? and member_hash in (select member_hash from batch_member where batch_id = ?)
"""
MEMBERS = """
    select member.member_hash, member.identifier, member.sealed
    from batch_member
    inner join member on member.member_hash = batch_member.member_hash
    where batch_member.batch_id = ? and member.sync_id = ?
    order by member.member_hash
"""
LOST = """
    select count(*) from attempt
    where batch_id = ? and outcome in ('unknown', 'crash', 'accepted')
"""


def text(moment: datetime) -> str:
    """A UTC time as the ledger writes it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _pieces(new: NewRun) -> Iterator[tuple[str, list[bytes]]]:
    ops = (("remove", new.removals), ("add", [entry.member_hash for entry in new.additions]))
    for op, hashes in ops:
        ordered = sorted(hashes)
        for start in range(0, len(ordered), new.batch_size):
            yield op, ordered[start : start + new.batch_size]


class Batches:
    """The statements about runs and batches; times are UTC and come from the caller."""

    def __init__(self, store: SqliteStore, keys: Keys) -> None:
        """Put them over an open store."""
        self._store = store
        self._keys = keys

    def recover(self, sync_id: str, now: datetime) -> None:
        """Turn what a dead push left behind into what can be gone on from.

        A batch it was sending is UNKNOWN; one it never sent is dead, for it is planned anew.
        """
        store = self._store
        with store.transaction():
            for batch in self._open(sync_id):
                if batch.state == "SENDING" and batch.remote_id is None:
                    self._close_attempt(batch, "crash", now)
                    self._set(batch, "UNKNOWN", "crash", None, text(now + SETTLE))
                if batch.state == "PLANNED":
                    self._bury(batch, "superseded", None, was_lost=False)
            self._close_run(sync_id, "DONE", now)

    def unsettled(self, sync_id: str) -> list[StoredBatch]:
        """Return the batches whose outcome is unknown or still being worked on, oldest first."""
        return [batch for batch in self._open(sync_id) if batch.state != "PLANNED"]

    def begin(self, new: NewRun, now: datetime) -> list[StoredBatch]:
        """Store a run and all of its batches, removals first; nothing is sent yet."""
        store = self._store
        with store.transaction():
            sql = "select coalesce(max(base_version), 0) + 1 from run where sync_id = ?"
            version = int(next(store.rows(sql, (new.sync_id,)))[0])
            run_id = sha256(f"{new.sync_id}:{version}".encode()).hexdigest()[:32]
            verdict = (json.dumps(dict(new.counts)), new.guard_verdict, new.approved_by, new.fence)
            store.run(
                "insert into run values (?, ?, ?, ?, 'OPEN', ?, ?, ?, ?, ?, null)",
                (run_id, new.sync_id, new.generation_id, version, *verdict, text(now)),
            )
            sql = "update sync set policy_hash = ? where sync_id = ?"
            store.run(sql, (new.policy_hash, new.sync_id))
            sql = (
                "insert into member values (?, ?, ?, ?, 'A', null)"
                " on conflict (sync_id, member_hash) do nothing"
            )
            seal = self._keys.seal
            rows = ((e.member_hash, e.kind, seal(e.member_hash, e.digest)) for e in new.additions)
            store.run_many(sql, ((new.sync_id, *row) for row in rows))
            for seq, (op, piece) in enumerate(_pieces(new), 1):
                self._store_batch(run_id, f"{new.sync_id}:{version}", seq, op, piece)
        return [batch for batch in self._open(new.sync_id) if batch.state == "PLANNED"]

    def members(self, batch: StoredBatch) -> list[tuple[bytes, str, str]]:
        """Return member hash, kind and platform hash of each member, in order of member hash."""
        rows = self._store.rows(MEMBERS, (batch.batch_id, batch.sync_id))
        unseal = self._keys.unseal
        return [(hashed, kind, unseal(hashed, sealed)) for hashed, kind, sealed in rows]

    def intend(
        self, batch: StoredBatch, *, sent_sha256: str, suppressed: int, fence: int, now: datetime
    ) -> None:
        """Commit the intent to send; raises LedgerLocked if another push took the lease over."""
        store = self._store
        with store.transaction():
            row = next(store.rows("select fence from lease where sync_id = ?", (batch.sync_id,)))
            if row[0] != fence:
                raise LedgerLocked(f"{store.path}: another push took {batch.sync_id} over")
            sql = "update batch set state = 'SENDING', attempt = attempt + 1 where batch_id = ?"
            store.run(sql, (batch.batch_id,))
            sql = (
                "insert into attempt select batch_id, attempt, ?, null, null, ?, ?, ? from batch"
                " where batch_id = ?"
            )
            store.run(sql, (text(now), sent_sha256, suppressed, fence, batch.batch_id))
        store.nothing_sent = False

    def leave_out(self, batch: StoredBatch, member_hashes: Iterable[bytes]) -> None:
        """Take members out of a batch that must not be sent again: maybe there, if it was lost."""
        was_lost = self._was_lost(batch)
        change = "update member set state = 'M'" if was_lost else "delete from member"
        rows = list(member_hashes)
        with self._store.transaction():
            sql = f"{change} where sync_id = ? and member_hash = ? and state = 'A'"
            self._store.run_many(sql, ((batch.sync_id, hashed) for hashed in rows))
            sql = "delete from batch_member where batch_id = ? and member_hash = ?"
            self._store.run_many(sql, ((batch.batch_id, hashed) for hashed in rows))

    def accepted(self, batch: StoredBatch, remote_id: str, now: datetime) -> None:
        """The platform took the batch and works on it; the id it gave is asked for later."""
        with self._store.transaction():
            self._close_attempt(batch, "accepted", now)
            sql = "update batch set remote_job_id = ?, http_status = 200 where batch_id = ?"
            self._store.run(sql, (remote_id, batch.batch_id))

    def acknowledged(
        self, batch: StoredBatch, *, received: int, invalid: int, now: datetime
    ) -> None:
        """The platform has done it."""
        store, batch_id = self._store, batch.batch_id
        with store.transaction():
            self._close_attempt(batch, "acked", now)
            sql = (
                "update batch set state = 'ACKED', error_code = null, received = ?, invalid = ?,"
                " http_status = 200 where batch_id = ?"
            )
            store.run(sql, (received, invalid, batch_id))
            if batch.op == "remove":
                store.run(ABSENT, (batch.sync_id, batch_id))
                return
            store.run(PRESENT, (batch_id, batch.sync_id, batch_id))

    def unknown(
        self, batch: StoredBatch, *, code: str, http_status: int | None, now: datetime
    ) -> None:
        """Nobody knows whether it was applied; the same content is sent again."""
        with self._store.transaction():
            self._close_attempt(batch, "unknown", now)
            self._set(batch, "UNKNOWN", code, http_status, text(now + SETTLE))

    def not_applied(
        self, batch: StoredBatch, *, code: str, http_status: int | None, now: datetime
    ) -> None:
        """It was surely not applied this time: planned again, or unknown if it was before."""
        with self._store.transaction():
            self._close_attempt(batch, "not applied", now)
            state = "UNKNOWN" if self._was_lost(batch) else "PLANNED"
            self._set(batch, state, code, http_status, None)

    def dead(
        self, batch: StoredBatch, *, code: str, http_status: int | None, now: datetime
    ) -> None:
        """The platform refused it for good; members of an earlier lost try stay maybe."""
        with self._store.transaction():
            was_lost = self._was_lost(batch)
            self._close_attempt(batch, "refused", now)
            self._bury(batch, code, http_status, was_lost=was_lost)

    def close(self, sync_id: str, now: datetime, *, is_blocked: bool = False) -> None:
        """Close the open run of a sync."""
        with self._store.transaction():
            self._close_run(sync_id, "BLOCKED" if is_blocked else "DONE", now)

    def _open(self, sync_id: str) -> list[StoredBatch]:
        return [StoredBatch(*row) for row in self._store.rows(BATCHES, (sync_id,))]

    def _store_batch(
        self, run_id: str, version: str, seq: int, op: str, piece: Sequence[bytes]
    ) -> None:
        content = sha256(b"".join(piece)).hexdigest()
        name = f"{version}:{seq}:{op}:{content}:{PAYLOAD_VERSION}"
        batch_id = sha256(name.encode()).hexdigest()[:32]
        sync_id = version.rpartition(":")[0]
        self._store.run(
            "insert into batch (batch_id, run_id, sync_id, seq, op, n, content_sha256, state,"
            " attempt) values (?, ?, ?, ?, ?, ?, ?, 'PLANNED', 0)",
            (batch_id, run_id, sync_id, seq, op, len(piece), content),
        )
        rows = ((batch_id, member_hash) for member_hash in piece)
        self._store.run_many("insert into batch_member values (?, ?)", rows)

    def _set(
        self,
        batch: StoredBatch,
        state: str,
        code: str,
        http_status: int | None,
        not_before: str | None,
    ) -> None:
        sql = (
            "update batch set state = ?, error_code = ?, http_status = ?, not_before = ?,"
            " remote_job_id = null where batch_id = ?"
        )
        self._store.run(sql, (state, code, http_status, not_before, batch.batch_id))

    def _close_attempt(self, batch: StoredBatch, outcome: str, now: datetime) -> None:
        sql = (
            "update attempt set answered_at = ?, outcome = ? where batch_id = ?"
            " and n = (select attempt from batch where batch_id = ?)"
        )
        self._store.run(sql, (text(now), outcome, batch.batch_id, batch.batch_id))

    def _close_run(self, sync_id: str, state: str, now: datetime) -> None:
        sql = "update run set state = ?, closed_at = ? where sync_id = ? and state = 'OPEN'"
        self._store.run(sql, (state, text(now), sync_id))

    def _was_lost(self, batch: StoredBatch) -> bool:
        return bool(next(self._store.rows(LOST, (batch.batch_id,)))[0])

    def _bury(
        self, batch: StoredBatch, code: str, http_status: int | None, *, was_lost: bool
    ) -> None:
        change = MAYBE if was_lost else f"{ABSENT} and state = 'A'"
        self._store.run(change, (batch.sync_id, batch.batch_id))
        self._set(batch, "DEAD", code, http_status, None)
