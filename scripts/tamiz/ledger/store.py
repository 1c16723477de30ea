"""The ledger: which list of which account each audience fills, and what the lists hold."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np

from tamiz.errors import ConfigError, LedgerLocked
from tamiz.ledger import schema
from tamiz.ledger.batches import LEASE, Batches
from tamiz.ledger.columns import Hashes, Members, column_of, each, hashes
from tamiz.ledger.keys import Keys, load_keys
from tamiz.ledger.migration import migrate
from tamiz.ledger.receipts import receipts
from tamiz.ledger.records import IN_FLIGHT, MAYBE, PRESENT, Holding, ReceiptRow, Sync
from tamiz.ledger.sqlite import Row, SqliteStore, moment, open_file, open_to_read, text

STATES = {"A": 0, "P": PRESENT, "M": MAYBE}
SYNCS = """
    select
        sync_id, platform, account_id, segment, list_name, owner_marker, audience_id,
        targetable_id, is_asked, made_at
    from sync
"""
MEMBERS = """
    select member_hash, state, batch_number
    from member
    where sync_id = ?
    order by member_hash
"""
# What the batches of a list say that is not folded into its members' states yet.
NOT_FOLDED = """
    select number, op, state, remote_job_id
    from batch
    where sync_id = ? and is_folded = 0 and is_probe = 0
"""


@contextmanager
def open_ledger(path: Path, *, wait: float = 5.0, read_only: bool = False) -> Iterator["Ledger"]:
    """Open the ledger, making folder (mode 700), key, file and tables at first.

    `wait` is how many seconds another process may keep it; with `read_only` nothing is made or
    changed. Raises LedgerLocked after the wait, and ConfigError on a missing or wrong key, a file
    that is no ledger, or one that may only be read and is not there or of an older version.
    """
    if read_only:
        if not path.exists():
            raise ConfigError(f"{path} is not there: nothing was pushed with this ledger yet")
        store = open_to_read(path, wait)
        try:
            ledger = Ledger(store, load_keys(path), wait)
            ledger.check()
            yield ledger
        finally:
            store.close()
        return
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{path.parent}: cannot be made: {error.strerror}") from None
    keys = load_keys(path)
    store = open_file(path, wait)
    try:
        ledger = Ledger(store, keys, wait)
        ledger.prepare()
        yield ledger
    finally:
        store.close()


class Ledger:
    """What is known of every list; `batches` is how it came to be known.

    Times are UTC and come from the caller.
    """

    def __init__(self, store: SqliteStore, keys: Keys, wait: float) -> None:
        """Put the ledger over an open store."""
        self.keys = keys
        self.batches = Batches(store, keys)
        self._store = store
        self._wait = wait

    def prepare(self) -> None:
        """Make the tables at first; raises ConfigError if key or version does not fit."""
        store = self._store
        if not store.has_tables():
            with store.transaction():
                if not store.has_tables():
                    for statement in (*schema.TABLES.values(), *schema.INDEXES):
                        store.run(statement)
                    row = (schema.VERSION, self.keys.check())
                    store.run("insert into schema_version values (?, ?, 0)", row)
        if self._version() == (1, self.keys.check()):
            with self.exclusive(), store.transaction():
                if self._version()[0] == 1:  # another process may have been first
                    migrate(store, self.keys)
        self.check()

    def check(self) -> None:
        """Raise ConfigError if version or key does not fit."""
        path, (version, key_check) = self._store.path, self._version()
        if version == 1 and key_check == self.keys.check():
            raise ConfigError(f"{path} has ledger version 1: run `tamiz plan`, which renews it")
        if version != schema.VERSION:
            raise ConfigError(
                f"{path} has ledger version {version}, this tamiz writes {schema.VERSION}:"
                " use the tamiz that wrote it"
            )
        if key_check != self.keys.check():
            raise ConfigError(
                f"{path} belongs to another ledger.key: put ledger and key back from one backup"
            )

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the ledger against every other push; raises LedgerLocked after the wait."""
        with self._store.exclusive(self._wait):
            yield

    def sync(self, sync_id: str) -> Sync | None:
        """Return what is known of an audience on a platform, or None."""
        rows = self._store.rows(f"{SYNCS} where sync_id = ?", (sync_id,))
        return next((_sync(row) for row in rows), None)

    def syncs(self) -> tuple[Sync, ...]:
        """Return every audience and platform that was ever filled, in order of their ids."""
        return tuple(_sync(row) for row in self._store.rows(f"{SYNCS} order by sync_id"))

    def register(self, sync: Sync) -> None:
        """Record an audience on a platform before its list is made.

        What was recorded of one whose list was surely never made is replaced.
        """
        row = (sync.sync_id, sync.platform, sync.account_id, sync.list_id, sync.audience_name)
        with self._store.transaction():
            self._store.run(
                "insert into sync values (?, ?, ?, ?, ?, ?, ?, ?, null, 0, null)"
                " on conflict (sync_id) do update set account_id = excluded.account_id,"
                " list_name = excluded.list_name, owner_marker = excluded.owner_marker",
                (*row, sync.list_name, "", sync.owner_marker),
            )

    def asked_for_list(self, sync_id: str, first: Members | None = None) -> None:
        """Record, before the request, that a list is being made: with its first member, if any.

        That member is maybe there from now on.
        """
        with self._store.transaction():
            self._store.run("update sync set is_asked = 1 where sync_id = ?", (sync_id,))
            if first is None:
                return
            columns = (each(first.hashes), first.kinds.tolist(), self.keys.seals(first))
            for member_hash, kind, sealed in zip(*columns, strict=True):
                self._store.run(
                    "insert into member values (?, ?, ?, ?, 'M', null)"
                    " on conflict (sync_id, member_hash) do nothing",
                    (sync_id, member_hash, first.names[kind], sealed),
                )

    def list_refused(self, sync_id: str) -> None:
        """Record that the list was surely not made: nobody is on it."""
        with self._store.transaction():
            self._store.run("update sync set is_asked = 0 where sync_id = ?", (sync_id,))
            self._store.run("delete from member where sync_id = ?", (sync_id,))

    def keep_list_id(self, sync_id: str, list_id: str, made_at: datetime | None = None) -> None:
        """Record the platform's id of the list, and when it was made if that was now."""
        made = None if made_at is None else text(made_at)
        with self._store.transaction():
            sql = "update sync set audience_id = ?, is_asked = 0, made_at = ? where sync_id = ?"
            self._store.run(sql, (list_id, made, sync_id))

    def keep_targetable_id(self, sync_id: str, targetable_id: str) -> None:
        """Record the id of what makes the list fit for advertisements."""
        with self._store.transaction():
            sql = "update sync set targetable_id = ? where sync_id = ?"
            self._store.run(sql, (targetable_id, sync_id))

    def forget(self, sync_id: str) -> None:
        """Forget the members of a list that is gone, and what was being sent to it."""
        with self._store.transaction():
            sql = (
                "update batch set state = 'DEAD', error_code = 'list gone' where sync_id = ?"
                " and state in ('PLANNED', 'SENDING', 'UNKNOWN')"
            )
            self._store.run(sql, (sync_id,))
            sql = (
                "delete from batch_content where batch_id in"
                " (select batch_id from batch where sync_id = ?)"
            )
            self._store.run(sql, (sync_id,))
            self._store.run("delete from member where sync_id = ?", (sync_id,))

    def lease(self, sync_id: str, holder: str, now: datetime) -> int:
        """Take the lease of a sync, raising its fence; returns the fence.

        Raises LedgerLocked while another host holds it. A lease of this host is taken over: its
        process is dead, for we hold the lock that dies with it.
        """
        host = holder.partition(":")[0]
        with self._store.transaction():
            sql = "select holder, fence, expires_at from lease where sync_id = ?"
            row = next(self._store.rows(sql, (sync_id,)), ("", 0, ""))
            if row[0].partition(":")[0] not in ("", host) and row[2] > text(now):
                raise LedgerLocked(
                    f"{self._store.path}: a push on another host holds {sync_id} until {row[2]};"
                    " nothing was sent: run `tamiz push` again then"
                )
            fence = int(row[1]) + 1
            self._store.run("delete from lease where sync_id = ?", (sync_id,))
            lease = (sync_id, holder, fence, text(now + LEASE))
            self._store.run("insert into lease values (?, ?, ?, ?)", lease)
        return fence

    def release(self, sync_id: str, fence: int, now: datetime) -> None:
        """Let the lease end now; its fence stays."""
        with self._store.transaction():
            sql = "update lease set holder = '', expires_at = ? where sync_id = ? and fence = ?"
            self._store.run(sql, (text(now), sync_id, fence))

    def holding(self, sync_id: str) -> Holding:
        """Return which members a list has, may have, or is being given, in order."""
        open_ = {row[0]: row[1:] for row in self._store.rows(NOT_FOLDED, (sync_id,))}
        found, states = bytearray(), bytearray()
        for member_hash, kept, number in self._store.rows(MEMBERS, (sync_id,)):
            state = _state(kept, open_.get(number))
            if state:
                found += member_hash
                states.append(state)
        return Holding(column_of(found), np.frombuffer(states, dtype=np.uint8))

    def receipts(self, since: int = 0) -> tuple[ReceiptRow, ...]:
        """Return what became of every batch sent, or of those from a number on, oldest first."""
        return receipts(self._store, since)

    def never_sent(self, sync_id: str, now: datetime | None = None) -> Hashes:
        """Return the member hashes that may not be added, in order: suppressed, in quarantine.

        Who may be tried again by `now` is no longer in quarantine.
        """
        sql = (
            "select member_hash from suppression union"
            " select member_hash from quarantine where sync_id = ?"
        )
        values = [sync_id]
        if now is not None:
            sql += " and retry_after > ?"  # ledgers of before have none: tried again at once
            values.append(text(now))
        return np.sort(hashes(row[0] for row in self._store.rows(sql, values)))

    def suppressions(self) -> int:
        """Return a number that grows with each `suppress`, of whatever process."""
        return int(next(self._store.rows("select suppressions from schema_version"))[0])

    def suppress(self, digests: Iterable[str], reason: str, now: datetime) -> None:
        """Never send these platform hashes again, on any list; reasons stand in the schema."""
        sql = "insert into suppression values (?, ?, ?) on conflict (member_hash) do nothing"
        rows = [(self.keys.member_hash(digest), reason, text(now)) for digest in digests]
        with self._store.transaction():
            self._store.run_many(sql, rows)
            self._store.run("update schema_version set suppressions = suppressions + 1")

    def suppress_all(self, found: Iterable[tuple[str, Hashes]], now: datetime) -> int:
        """Never send these platform hashes again: columns of 32 bytes, each with its reason.

        Returns how many are new. What was known before keeps its reason; if all was, nothing
        changes. All of them are written or none.
        """
        sql = "insert into suppression values (?, ?, ?) on conflict (member_hash) do nothing"
        with self._store.transaction():
            before = self._suppressed_count()
            for reason, digests in found:
                since = text(now)
                keyed = each(self.keys.member_hashes(digests))
                self._store.run_many(sql, ((one, reason, since) for one in keyed))
            new = self._suppressed_count() - before
            if new:
                self._store.run("update schema_version set suppressions = suppressions + 1")
        return new

    def suppressed(self) -> Hashes:
        """Return the member hashes that are never sent on any list, in order."""
        rows = self._store.rows("select member_hash from suppression order by member_hash")
        return hashes(row[0] for row in rows)

    def _suppressed_count(self) -> int:
        return int(next(self._store.rows("select count(*) from suppression"))[0])

    def _version(self) -> tuple[int, str]:
        row = next(self._store.rows("select version, key_check from schema_version"))
        return int(row[0]), str(row[1])


def _sync(row: Row) -> Sync:
    *texts, is_asked, made_at = row
    known = Sync(*texts)
    return replace(known, is_asked=bool(is_asked), made_at=moment(made_at))


def _state(kept: str, batch: tuple[str, str, str | None] | None) -> int:
    """What the list holds of a member, by its own state and its batch's; 0 for nothing."""
    if batch is not None:
        op, state, remote_id = batch
        if state == "ACKED":
            return PRESENT if op == "add" else 0
        if state in ("SENDING", "UNKNOWN"):
            if remote_id is not None:
                return IN_FLIGHT
            if op == "add":
                return MAYBE
    return STATES[kept]
