"""Runs, batches and attempts: the state machine of what is sent, one transaction per step.

PLANNED -> SENDING -> ACKED, UNKNOWN, SPLIT or DEAD; back to PLANNED only if surely not applied.
What a batch is made of lies in one sealed piece beside it, which first send, retry and resume all
read; it is dropped once the batch is settled.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import numpy as np

from tamiz.errors import LedgerLocked
from tamiz.ledger.columns import Members, each
from tamiz.ledger.contents import Contents
from tamiz.ledger.keys import Keys
from tamiz.ledger.records import NewRun, Outcome, StoredBatch
from tamiz.ledger.sqlite import SqliteStore, text

SETTLE = timedelta(seconds=90)  # the longest request and a little: after it a lost one is lost
LEASE = timedelta(minutes=10)

OPEN = """
    select
        batch_id, number, run_id, sync_id, op, n, state, attempt, remote_job_id, root_id, is_probe,
        left_out
    from batch
    where sync_id = ? and state in ('SENDING', 'UNKNOWN', 'PLANNED')
    order by number
"""
# A refused or never-sent addition leaves nobody behind, unless an earlier try of it was lost.
MAYBE = """
    update member set state = 'M'
    where sync_id = ? and state <> 'M' and batch_number in (
        select number from batch
        where sync_id = ? and was_lost = 1 and (batch_id = ? or (? and state = 'PLANNED'))
    )
"""
NOBODY = """
    delete from member
    where sync_id = ? and state = 'A' and batch_number in (
        select number from batch
        where sync_id = ? and was_lost = 0 and (batch_id = ? or (? and state = 'PLANNED'))
    )
"""
FOLD = (
    """
    update member set state = 'P'
    where sync_id = ? and state <> 'P' and batch_number in (
        select number from batch
        where sync_id = ? and op = 'add' and state = 'ACKED' and is_folded = 0
    )
    """,
    """
    delete from member
    where sync_id = ? and batch_number in (
        select number from batch
        where sync_id = ? and op = 'remove' and state = 'ACKED' and is_folded = 0
    )
    """,
)


class Batches:
    """The statements about runs and batches; times are UTC and come from the caller."""

    def __init__(self, store: SqliteStore, keys: Keys) -> None:
        """Put them over an open store."""
        self._store = store
        self._contents = Contents(store, keys)

    def recover(self, sync_id: str, now: datetime) -> None:
        """Turn what a dead push left behind into what can be gone on from.

        A batch it was sending is UNKNOWN; one it never sent is dead, for it is planned anew.
        """
        store = self._store
        with store.transaction():
            for batch in self._open(sync_id):
                if batch.state == "SENDING" and batch.remote_id is None:
                    self._close_attempt(batch, "crash", now)
                    self._lost(batch, "crash", None, now)
            if any(batch.state == "PLANNED" for batch in self._open(sync_id)):
                self._supersede(sync_id, now)
            self._close_run(sync_id, "DONE", now)

    def unsettled(self, sync_id: str) -> list[StoredBatch]:
        """Return the batches whose outcome is unknown or still being worked on, oldest first."""
        return [batch for batch in self._open(sync_id) if batch.state != "PLANNED"]

    def root_of(self, batch: StoredBatch) -> tuple[str, int]:
        """Return id and number of the batch that was cut into this one, or of itself."""
        if batch.root_id is None:
            return batch.batch_id, batch.number
        sql = "select number from batch where batch_id = ?"
        return batch.root_id, int(next(self._store.rows(sql, (batch.root_id,)))[0])

    def begin(self, new: NewRun, now: datetime) -> list[StoredBatch]:
        """Store a run and all of its batches, removals first; nothing is sent yet."""
        store, made = self._store, []
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
            leaving = self._contents.stored(new.sync_id, new.removals, new.additions.names)
            for op, members in (("remove", leaving), ("add", new.additions)):
                for piece in members.cut(new.batch_size, by_kind=new.one_kind):
                    batch = self._contents.store(run_id, new.sync_id, op, piece)
                    if op == "add":
                        self._contents.enter(batch, piece)
                    else:
                        self._contents.move(batch, piece)
                    made.append(batch)
        return made

    def members(self, batch: StoredBatch) -> list[tuple[str, str]]:
        """Return kind and platform hash (lower-case hex) of each member, in order."""
        return self._contents.of(batch).pairs()

    def content(self, batch: StoredBatch) -> Members:
        """Return the members of a batch that is not settled, in order, without member hashes."""
        return self._contents.of(batch)

    def hashed(self, members: Members) -> Members:
        """Return members with their member hashes."""
        return self._contents.hashed(members)

    def intend(
        self, batch: StoredBatch, *, sent_sha256: str, suppressed: int, fence: int, now: datetime
    ) -> None:
        """Commit the intent to send and renew the lease.

        Raises LedgerLocked if another push took the lease over.
        """
        store = self._store
        with store.transaction():
            row = next(store.rows("select fence from lease where sync_id = ?", (batch.sync_id,)))
            if row[0] != fence:
                raise LedgerLocked(f"{store.path}: another push took {batch.sync_id} over")
            sql = "update lease set expires_at = ? where sync_id = ?"
            store.run(sql, (text(now + LEASE), batch.sync_id))
            sql = (
                "update batch set state = 'SENDING', attempt = attempt + 1,"
                " started_at = coalesce(started_at, ?) where batch_id = ?"
            )
            store.run(sql, (text(now), batch.batch_id))
            sql = (
                "insert into attempt select batch_id, attempt, ?, null, null, ?, ?, ? from batch"
                " where batch_id = ?"
            )
            store.run(sql, (text(now), sent_sha256, suppressed, fence, batch.batch_id))
        store.nothing_sent = False

    def leave_out(self, batch: StoredBatch, places: Sequence[int]) -> None:
        """Take members out of a batch that must not be sent again: maybe there, if it was lost."""
        whole = self._contents.hashed(self._contents.of(batch))
        is_out = np.zeros(len(whole), dtype=np.bool_)
        is_out[list(places)] = True
        was_lost = self._contents.was_lost(batch)
        change = "update member set state = 'M'" if was_lost else "delete from member"
        with self._store.transaction():
            sql = (
                f"{change} where sync_id = ? and member_hash = ? and state = 'A'"
                " and batch_number = ?"
            )
            gone = each(whole.hashes[is_out])
            self._store.run_many(sql, ((batch.sync_id, one, batch.number) for one in gone))
            # It is no longer of this batch: the batch's outcome says nothing of it.
            sql = (
                "update member set batch_number = null where sync_id = ? and member_hash = ?"
                " and batch_number = ?"
            )
            gone = each(whole.hashes[is_out])
            self._store.run_many(sql, ((batch.sync_id, one, batch.number) for one in gone))
            sql = "update batch set left_out = left_out + ? where batch_id = ?"
            self._store.run(sql, (int(is_out.sum()), batch.batch_id))
            self._store.run("delete from batch_content where batch_id = ?", (batch.batch_id,))
            self._contents.keep(batch.batch_id, whole.take(~is_out))

    def accepted(self, batch: StoredBatch, remote_id: str, now: datetime) -> None:
        """The platform took the batch and works on it; the id it gave is asked for later."""
        with self._store.transaction():
            self._close_attempt(batch, "accepted", now)
            sql = (
                "update batch set remote_job_id = ?, http_status = 200, was_lost = 1"
                " where batch_id = ?"
            )
            self._store.run(sql, (remote_id, batch.batch_id))

    def acknowledged(self, batch: StoredBatch, outcome: Outcome, now: datetime) -> None:
        """The platform has done it, but for the rows it named."""
        with self._store.transaction():
            self._close_attempt(batch, "acked", now)
            self._quarantine(batch, outcome.bad_rows, now)
            sql = (
                "update batch set state = 'ACKED', error_code = null, accepted = ?, invalid = ?,"
                " is_counted = ?, http_status = ?, settled_at = ? where batch_id = ?"
            )
            counts = (outcome.accepted, outcome.invalid, outcome.is_counted, outcome.http_status)
            self._store.run(sql, (*counts, text(now), batch.batch_id))
            self._store.run("delete from batch_content where batch_id = ?", (batch.batch_id,))

    def split(
        self, batch: StoredBatch, parts: Sequence[Members], outcome: Outcome, now: datetime
    ) -> list[StoredBatch]:
        """The platform refused the batch for some of its rows: what is good goes on in parts.

        The rows it named go to the quarantine. Returns the parts, in order.
        """
        with self._store.transaction():
            self._close_attempt(batch, "refused rows", now)
            self._quarantine(batch, outcome.bad_rows, now)
            sql = (
                "update batch set state = 'SPLIT', error_code = ?, http_status = ?, accepted = 0,"
                " invalid = ?, is_counted = 1, settled_at = ? where batch_id = ?"
            )
            values = (outcome.code, outcome.http_status, outcome.invalid)
            self._store.run(sql, (*values, text(now), batch.batch_id))
            made = []
            for part in parts:
                child = self._contents.store(batch.run_id, batch.sync_id, batch.op, part, batch)
                self._contents.move(child, part)
                made.append(child)
            self._store.run("delete from batch_content where batch_id = ?", (batch.batch_id,))
        return made

    def probe(self, batch: StoredBatch, parts: Sequence[Members]) -> list[StoredBatch]:
        """Plan to send parts of a batch that was taken again, to find what was invalid in it.

        Its members stay its own: a probe changes no member but by `convict`.
        """
        with self._store.transaction():
            return [
                self._contents.store(
                    batch.run_id, batch.sync_id, batch.op, part, batch, is_probe=True
                )
                for part in parts
            ]

    def convict(self, batch: StoredBatch, members: Members, code: str, now: datetime) -> None:
        """Put members in quarantine that the platform took for invalid."""
        with self._store.transaction():
            self._contents.put_away(batch, [(one, code) for one in each(members.hashes)], now)

    def unknown(
        self, batch: StoredBatch, *, code: str, http_status: int | None, now: datetime
    ) -> None:
        """Nobody knows whether it was applied; the same content is sent again."""
        with self._store.transaction():
            self._close_attempt(batch, "unknown", now)
            self._lost(batch, code, http_status, now)

    def not_applied(
        self, batch: StoredBatch, *, code: str, http_status: int | None, now: datetime
    ) -> None:
        """It was surely not applied this time: planned again, or unknown if it was before."""
        with self._store.transaction():
            self._close_attempt(batch, "not applied", now)
            state = "UNKNOWN" if self._contents.was_lost(batch) else "PLANNED"
            self._set(batch, state, code, http_status)

    def dead(
        self, batch: StoredBatch, *, code: str, http_status: int | None, now: datetime
    ) -> None:
        """The platform refused it for good; members of an earlier lost try stay maybe."""
        store = self._store
        with store.transaction():
            self._close_attempt(batch, "refused", now)
            for change in (MAYBE, NOBODY):
                store.run(change, (batch.sync_id, batch.sync_id, batch.batch_id, False))
            self._set(batch, "DEAD", code, http_status)
            sql = "update batch set settled_at = ? where batch_id = ?"
            store.run(sql, (text(now), batch.batch_id))
            store.run("delete from batch_content where batch_id = ?", (batch.batch_id,))

    def close(self, sync_id: str, now: datetime, *, is_blocked: bool = False) -> None:
        """Close the open run of a sync, and fold what its batches say into their members."""
        with self._store.transaction():
            self._close_run(sync_id, "BLOCKED" if is_blocked else "DONE", now)

    def _open(self, sync_id: str) -> list[StoredBatch]:
        return [StoredBatch(*row) for row in self._store.rows(OPEN, (sync_id,))]

    def _supersede(self, sync_id: str, now: datetime) -> None:
        store = self._store
        for change in (MAYBE, NOBODY):
            store.run(change, (sync_id, sync_id, "", True))
        sql = (
            "delete from batch_content where batch_id in"
            " (select batch_id from batch where sync_id = ? and state = 'PLANNED')"
        )
        store.run(sql, (sync_id,))
        sql = (
            "update batch set state = 'DEAD', error_code = 'superseded', settled_at = ?"
            " where sync_id = ? and state = 'PLANNED'"
        )
        store.run(sql, (text(now), sync_id))

    def _quarantine(
        self, batch: StoredBatch, bad_rows: Sequence[tuple[int, str]], now: datetime
    ) -> None:
        if not bad_rows:
            return
        bad = np.array([place for place, _ in bad_rows], dtype=np.intp)
        found = self._contents.hashed(self._contents.of(batch).take(bad)).hashes
        if batch.op == "remove":  # whoever could not be removed is still owed
            sql = "update member set batch_number = null where sync_id = ? and member_hash = ?"
            self._store.run_many(sql, ((batch.sync_id, one) for one in each(found)))
            return
        pairs = zip(each(found), (code for _, code in bad_rows), strict=True)
        self._contents.put_away(batch, list(pairs), now)

    def _lost(self, batch: StoredBatch, code: str, http_status: int | None, now: datetime) -> None:
        self._set(batch, "UNKNOWN", code, http_status)
        sql = "update batch set was_lost = 1, not_before = ? where batch_id = ?"
        self._store.run(sql, (text(now + SETTLE), batch.batch_id))

    def _set(self, batch: StoredBatch, state: str, code: str, http_status: int | None) -> None:
        sql = (
            "update batch set state = ?, error_code = ?, http_status = ?, not_before = null,"
            " remote_job_id = null where batch_id = ?"
        )
        self._store.run(sql, (state, code, http_status, batch.batch_id))

    def _close_attempt(self, batch: StoredBatch, outcome: str, now: datetime) -> None:
        sql = (
            "update attempt set answered_at = ?, outcome = ? where batch_id = ?"
            " and n = (select attempt from batch where batch_id = ?)"
        )
        self._store.run(sql, (text(now), outcome, batch.batch_id, batch.batch_id))

    def _close_run(self, sync_id: str, state: str, now: datetime) -> None:
        store = self._store
        sql = "select count(*) from batch where sync_id = ? and state = 'ACKED' and is_folded = 0"
        if next(store.rows(sql, (sync_id,)))[0]:
            for change in FOLD:
                store.run(change, (sync_id, sync_id))
        sql = (
            "update batch set is_folded = 1 where sync_id = ? and is_folded = 0"
            " and state in ('ACKED', 'DEAD', 'SPLIT')"
        )
        store.run(sql, (sync_id,))
        sql = "update run set state = ?, closed_at = ? where sync_id = ? and state = 'OPEN'"
        store.run(sql, (state, text(now), sync_id))
