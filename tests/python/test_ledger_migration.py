"""A ledger of version 1 is brought to version 2 in place: nobody on a list is forgotten."""

import fcntl
import sqlite3
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from tamiz.errors import ConfigError, LedgerLocked
from tamiz.ledger import IN_FLIGHT, MAYBE, PRESENT, Outcome, open_ledger
from tamiz.ledger.columns import each
from tamiz.ledger.keys import load_keys
from tamiz.ledger.schema import TABLES as NEW_TABLES

NOW = datetime(2026, 6, 30, tzinfo=UTC)
SYNC = "meta/aud_x"
DIGESTS = [sha256(f"person {number}".encode()).hexdigest() for number in range(12)]
# The tables as version 1 made them.
TABLES = (
    """
    create table schema_version (
        version integer not null,
        key_check text not null
    )
    """,
    """
    create table sync (
        sync_id text primary key,
        platform text not null,
        account_id text not null,
        audience_id text,
        segment text not null,
        list_name text not null,
        policy_hash text not null,
        owner_marker text not null
    )
    """,
    """
    create table lease (
        sync_id text primary key,
        holder text not null,
        fence bigint not null,
        expires_at text not null
    )
    """,
    """
    create table run (
        run_id text primary key,
        sync_id text not null references sync (sync_id),
        generation_id text not null,
        base_version bigint not null,
        state text not null check (state in ('OPEN', 'DONE', 'BLOCKED')),
        counts text not null,
        guard_verdict text not null,
        approved_by text,
        fence bigint not null,
        started_at text not null,
        closed_at text,
        unique (sync_id, base_version)
    )
    """,
    """
    create table batch (
        batch_id text primary key,
        run_id text not null references run (run_id),
        sync_id text not null references sync (sync_id),
        seq integer not null,
        op text not null check (op in ('add', 'remove')),
        n integer not null,
        state text not null check (state in ('PLANNED', 'SENDING', 'ACKED', 'UNKNOWN', 'DEAD')),
        attempt integer not null,
        content_sha256 text not null,
        remote_job_id text,
        not_before text,
        http_status integer,
        error_code text,
        received integer,
        invalid integer
    )
    """,
    "create index batch_by_state on batch (sync_id, state)",
    """
    create table batch_member (
        batch_id text not null references batch (batch_id),
        member_hash bytea not null,
        primary key (batch_id, member_hash)
    )
    """,
    """
    create table member (
        sync_id text not null references sync (sync_id),
        member_hash bytea not null,
        identifier text not null,
        sealed bytea not null,
        state text not null check (state in ('P', 'A', 'M')),
        since_batch text,
        primary key (sync_id, member_hash)
    )
    """,
    """
    create table attempt (
        batch_id text not null references batch (batch_id),
        n integer not null,
        intent_at text not null,
        answered_at text,
        outcome text,
        sent_sha256 text not null,
        suppressed_n integer not null,
        fence bigint not null,
        primary key (batch_id, n)
    )
    """,
    """
    create table quarantine (
        sync_id text not null references sync (sync_id),
        member_hash bytea not null,
        reason_code text not null,
        first_seen text not null,
        retry_after text,
        primary key (sync_id, member_hash)
    )
    """,
    """
    create table suppression (
        member_hash bytea primary key,
        reason text not null check (reason in ('opt_out', 'erasure', 'regulator', 'minor')),
        since text not null
    )
    """,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A ledger as version 1 left it: four there, one maybe, and batches in every state."""
    path = tmp_path / "state" / "ledger.db"
    path.parent.mkdir(mode=0o700)
    keys = load_keys(path)
    hashed = [keys.member_hash(digest) for digest in DIGESTS]
    sealed = [
        keys.seal(member, bytes.fromhex(digest))
        for member, digest in zip(hashed, DIGESTS, strict=True)
    ]
    with sqlite3.connect(path) as old:
        for statement in TABLES:
            old.execute(statement)
        old.execute("insert into schema_version values (1, ?)", (keys.check(),))
        old.execute(
            "insert into sync values (?, 'meta', '1', '7', 'aud_x', 'x', 'p', 'm')", (SYNC,)
        )
        old.execute("insert into lease values (?, '', 3, '2026-06-29')", (SYNC,))
        started = "2026-06-29 00:00:00.000000"
        run = ("r1", SYNC, "g1", 1, "DONE", "{}", "passed", None, 3, started, started)
        old.execute(f"insert into run values ({','.join('?' * 11)})", run)
        states = "PPPPMAAAAAAA"
        for kept in zip(hashed, sealed, states, strict=True):
            old.execute("insert into member values (?, ?, 'email', ?, ?, null)", (SYNC, *kept))
        batches = (
            ("acked", "ACKED", slice(0, 4), None, "acked"),
            ("lost", "UNKNOWN", slice(5, 8), None, "unknown"),
            ("working", "SENDING", slice(8, 10), "remote-1", "accepted"),
            ("planned", "PLANNED", slice(10, 12), None, None),
        )
        for seq, (name, state, part, remote, outcome) in enumerate(batches):
            old.execute(
                "insert into batch values (?, 'r1', ?, ?, 'add', ?, ?, ?, 'c', ?, null, null, null,"
                " ?, ?)",
                (
                    name, SYNC, seq, len(hashed[part]), state, int(outcome is not None), remote,
                    4 if state == "ACKED" else None, 1 if state == "ACKED" else None,
                ),
            )  # fmt: skip
            for member in hashed[part]:
                old.execute("insert into batch_member values (?, ?)", (name, member))
            if outcome is not None:
                old.execute(
                    "insert into attempt values (?, 1, ?, ?, ?, 's', 0, 3)",
                    (name, started, started, outcome),
                )
        old.execute("insert into suppression values (?, 'opt_out', '2026')", (hashed[11],))
    path.chmod(0o600)
    return path


def test_who_is_on_the_list_stays_known_and_what_is_open_is_settled(file: Path) -> None:
    with open_ledger(file) as ledger:
        holding = ledger.holding(SYNC)
        counts = [holding.count(state) for state in (PRESENT, MAYBE, IN_FLIGHT)]
        assert counts == [4, 1 + 3, 2]
        known = ledger.sync(SYNC)
        assert known is not None
        assert (known.list_id, known.owner_marker, known.is_asked) == ("7", "m", False)
        assert set(each(ledger.never_sent(SYNC))) == {ledger.keys.member_hash(DIGESTS[11])}
        lost, working = ledger.batches.unsettled(SYNC)
        assert (lost.batch_id, working.remote_id) == ("lost", "remote-1")
        assert {digest for _, digest in ledger.batches.members(lost)} == set(DIGESTS[5:8])
        fence = ledger.lease(SYNC, "here:1", NOW)
        assert fence == 4
        ledger.batches.recover(SYNC, NOW)
        ledger.batches.intend(lost, sent_sha256="s", suppressed=0, fence=fence, now=NOW)
        ledger.batches.acknowledged(lost, Outcome(accepted=3), NOW)
        ledger.batches.acknowledged(working, Outcome(accepted=2), NOW)
        ledger.batches.close(SYNC, NOW)
        holding = ledger.holding(SYNC)
        assert [holding.count(state) for state in (PRESENT, MAYBE, IN_FLIGHT)] == [9, 1, 0]


def test_receipts_of_version_1_close_too(file: Path) -> None:
    with open_ledger(file) as ledger:
        rows = {row.batch_id: row for row in ledger.receipts()}
    acked = rows["acked"]
    assert (acked.sent, acked.accepted, acked.invalid, acked.retried) == (4, 3, 1, 0)
    assert (rows["lost"].state, rows["lost"].retried) == ("UNKNOWN", 3)
    assert rows["working"].state == "PENDING"
    assert "planned" not in rows


def test_nothing_of_version_1_is_left_and_a_second_opening_changes_nothing(file: Path) -> None:
    for _ in range(2):
        with open_ledger(file):
            pass
    with sqlite3.connect(file) as connection:
        tables = {name for (name,) in connection.execute(
            "select name from sqlite_master where type = 'table'"
        )}  # fmt: skip
        version = connection.execute("select version from schema_version").fetchone()
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert connection.execute("pragma foreign_key_check").fetchall() == []
    assert tables == set(NEW_TABLES)
    assert version == (2,)


def test_a_ledger_that_cannot_be_copied_whole_stays_as_it_was(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("update member set sealed = x'00' where state = 'A'")
    for _ in range(2):
        with pytest.raises(ConfigError, match="does not fit its key"):
            open_ledger(file).__enter__()
    with sqlite3.connect(file) as connection:
        assert connection.execute("select version from schema_version").fetchone() == (1,)
        assert connection.execute("select count(*) from batch_member").fetchone() == (11,)


def test_a_ledger_is_not_changed_under_a_push_of_the_older_tamiz(file: Path) -> None:
    with file.with_name("ledger.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(LedgerLocked):
            open_ledger(file, wait=0.1).__enter__()
    with open_ledger(file) as ledger:
        assert ledger.holding(SYNC).is_somebody
