"""The ledger: which list of which account each audience fills, and what the lists hold."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from tamiz.errors import ConfigError, LedgerLocked
from tamiz.ledger import schema
from tamiz.ledger.batches import Batches, text
from tamiz.ledger.keys import Keys, load_keys
from tamiz.ledger.records import Holding, ReceiptSum, Sync
from tamiz.ledger.sqlite import SqliteStore, open_file

LEASE = timedelta(minutes=10)
SYNCS = """
    select sync_id, platform, account_id, segment, list_name, owner_marker, audience_id
    from sync
"""
UNSETTLED_MEMBERS = """
    select batch_member.member_hash, batch.op, batch.remote_job_id
    from batch
    inner join batch_member on batch_member.batch_id = batch.batch_id
    where batch.sync_id = ? and batch.state in ('SENDING', 'UNKNOWN')
"""
RECEIPTS = """
    with

    last_runs as (

        select
            sync_id,
            max(base_version) as base_version
        from run
        group by sync_id

    ),

    runs as (

        select run.run_id
        from run
        inner join last_runs on last_runs.sync_id = run.sync_id
        inner join run as last_run
            on last_run.sync_id = run.sync_id and last_run.base_version = last_runs.base_version
        where run.generation_id = last_run.generation_id

    )

    select
        sync.segment,
        sync.platform,
        batch.op,
        sum(batch.n),
        case when count(batch.received) = count(*) then sum(batch.received) end,
        case when count(batch.invalid) = count(*) then sum(batch.invalid) end,
        batch.state,
        count(*)
    from batch
    inner join runs on runs.run_id = batch.run_id
    inner join sync on sync.sync_id = batch.sync_id
    where coalesce(batch.error_code, '') <> 'superseded'
    group by sync.segment, sync.platform, batch.op, batch.state
    order by sync.segment, sync.platform, batch.op, batch.state
"""


@contextmanager
def open_ledger(path: Path, *, wait: float = 5.0) -> Iterator["Ledger"]:
    """Open the ledger, making folder (mode 700), key, file and tables at first.

    `wait` is how many seconds another process may keep it. Raises LedgerLocked after that, and
    ConfigError on a missing or wrong key or a file that is no ledger.
    """
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
                    for statement in schema.TABLES:
                        store.run(statement)
                    row = (schema.VERSION, self.keys.check())
                    store.run("insert into schema_version values (?, ?)", row)
        version, key_check = next(store.rows("select version, key_check from schema_version"))
        if version != schema.VERSION:
            raise ConfigError(
                f"{store.path} has ledger version {version}, this tamiz writes {schema.VERSION}:"
                " use the tamiz that wrote it"
            )
        if key_check != self.keys.check():
            raise ConfigError(
                f"{store.path} belongs to another ledger.key: put ledger and key back from one"
                " backup"
            )

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the ledger against every other push; raises LedgerLocked after the wait."""
        with self._store.exclusive(self._wait):
            yield

    def sync(self, sync_id: str) -> Sync | None:
        """Return what is known of an audience on a platform, or None."""
        rows = self._store.rows(f"{SYNCS} where sync_id = ?", (sync_id,))
        return next((Sync(*row) for row in rows), None)

    def syncs(self) -> tuple[Sync, ...]:
        """Return every audience and platform that was ever filled, in order of their ids."""
        return tuple(Sync(*row) for row in self._store.rows(f"{SYNCS} order by sync_id"))

    def register(self, sync: Sync) -> None:
        """Record an audience on a platform before its list is made."""
        row = (sync.sync_id, sync.platform, sync.account_id, sync.list_id, sync.audience_name)
        with self._store.transaction():
            self._store.run(
                "insert into sync values (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, sync.list_name, "", sync.owner_marker),
            )

    def keep_list_id(self, sync_id: str, list_id: str) -> None:
        """Record the platform's id of the list."""
        with self._store.transaction():
            sql = "update sync set audience_id = ? where sync_id = ?"
            self._store.run(sql, (list_id, sync_id))

    def forget(self, sync_id: str) -> None:
        """Forget the members of a list that is gone, and what was being sent to it."""
        with self._store.transaction():
            sql = (
                "update batch set state = 'DEAD', error_code = 'list gone' where sync_id = ?"
                " and state in ('PLANNED', 'SENDING', 'UNKNOWN')"
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
        """Return which members a list has, may have, or is being given."""
        holding = Holding(set(), set(), set())
        of_state = {"P": holding.present, "M": holding.maybe}
        members = "select member_hash, state from member where sync_id = ? and state <> 'A'"
        for member_hash, state in self._store.rows(members, (sync_id,)):
            of_state[state].add(member_hash)
        for member_hash, op, remote_id in self._store.rows(UNSETTLED_MEMBERS, (sync_id,)):
            if remote_id is not None:
                holding.in_flight.add(member_hash)
            elif op == "add":
                holding.maybe.add(member_hash)
        return holding

    def receipts(self) -> tuple[ReceiptSum, ...]:
        """Return what the platforms answered about the last generation pushed, by audience."""
        return tuple(ReceiptSum(*row) for row in self._store.rows(RECEIPTS))

    def never_sent(self, sync_id: str) -> set[bytes]:
        """Return the member hashes that may not be added: suppressed or in quarantine."""
        hashes = {row[0] for row in self._store.rows("select member_hash from suppression")}
        sql = "select member_hash from quarantine where sync_id = ?"
        return hashes | {row[0] for row in self._store.rows(sql, (sync_id,))}

    def suppress(self, digests: Iterable[str], reason: str, now: datetime) -> None:
        """Never send these platform hashes again, on any list; reasons stand in the schema."""
        sql = "insert into suppression values (?, ?, ?) on conflict (member_hash) do nothing"
        rows = [(self.keys.member_hash(digest), reason, text(now)) for digest in digests]
        with self._store.transaction():
            self._store.run_many(sql, rows)
