"""The ledger's SQLite file: opened private and durable, locked by one push at a time."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tamiz.errors import ConfigError, LedgerLocked

Row = tuple[Any, ...]
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
OUR_MISTAKES = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE)


def text(moment: datetime) -> str:
    """A UTC time as the ledger writes it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def moment(written: str | None) -> datetime | None:
    """The UTC time that the ledger wrote."""
    return None if written is None else datetime.fromisoformat(written).replace(tzinfo=UTC)


def open_file(path: Path, wait: float) -> "SqliteStore":
    """Open the file, making it (mode 600) if need be.

    `wait` is in seconds. Raises LedgerLocked if another process keeps it for longer, and
    ConfigError if it cannot be opened.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or "it is no file SQLite can open"
        raise ConfigError(f"{path}: the ledger cannot be opened: {reason}") from None
    store = SqliteStore(path, connection)
    try:
        store.run("pragma journal_mode = wal")
        store.run("pragma synchronous = full")
        store.run("pragma foreign_keys = on")
    except BaseException:
        connection.close()
        raise
    return store


def open_to_read(path: Path, wait: float) -> "SqliteStore":
    """Open a file that is there, to read it only; raises ConfigError if it cannot be opened."""
    try:
        address = f"{path.absolute().as_uri()}?mode=ro"
        return SqliteStore(path, sqlite3.connect(address, timeout=wait, uri=True))
    except sqlite3.OperationalError:
        raise ConfigError(f"{path}: the ledger cannot be opened: check the rights") from None


class SqliteStore:
    """What the ledger needs of a database: run, run_many, rows, transaction, exclusive, close."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Wrap an open connection in autocommit mode."""
        self.path = path
        self.nothing_sent = True
        self._connection = connection

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run one statement."""
        with self._plain_errors():
            self._connection.execute(sql, values)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for every row."""
        with self._plain_errors():
            self._connection.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """Yield the rows of a query."""
        with self._plain_errors():
            yield from self._connection.execute(sql, values)

    def has_tables(self) -> bool:
        """Whether the ledger's tables are there."""
        sql = "select count(*) from sqlite_master where name = 'schema_version'"
        return bool(next(self.rows(sql))[0])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the statements inside, durably, or none of them."""
        self.run("begin immediate")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self.run("commit")

    @contextmanager
    def exclusive(self, wait: float) -> Iterator[None]:
        """Keep every other push out; the lock dies with the process.

        Raises LedgerLocked after `wait` seconds.
        """
        path = self.path.with_name(f"{self.path.name}.lock")
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            give_up_at = time.monotonic() + wait
            while not _locked(handle):
                if time.monotonic() >= give_up_at:
                    raise _held(self.path, nothing_sent=True)
                time.sleep(min(0.05, wait))
            yield
        finally:
            os.close(handle)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_NOTADB) & 0xFF
            if code in BUSY:
                raise _held(self.path, nothing_sent=self.nothing_sent) from None
            if code in OUR_MISTAKES:
                raise
            name = getattr(error, "sqlite_errorname", "no SQLite file")
            raise ConfigError(
                f"{self.path}: the ledger cannot be read or written ({name}): check the disk and"
                " the rights, or put its backup back"
            ) from None


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _held(path: Path, *, nothing_sent: bool) -> LedgerLocked:
    so_far = "nothing was sent" if nothing_sent else "what was being sent is settled next time"
    return LedgerLocked(
        f"{path}: another push holds the ledger; {so_far}: run `tamiz push` again when it is done"
    )
