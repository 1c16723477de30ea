"""The ledger on real SQLite files: keys, locks, and the states of batches and members."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from tamiz.errors import ConfigError, LedgerLocked
from tamiz.ledger import (
    IN_FLIGHT,
    MAYBE,
    PRESENT,
    Ledger,
    Members,
    NewRun,
    Outcome,
    Sync,
    open_ledger,
)
from tamiz.ledger.columns import column_of, each

NOW = datetime(2026, 6, 30, tzinfo=UTC)
SYNC = Sync("meta/aud_x", "meta", "1", "aud_x", "tamiz_x", "mark")
DIGESTS = [sha256(f"person {number}".encode()).hexdigest() for number in range(25)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    with open_ledger(file, wait=0.1) as opened:
        opened.register(SYNC)
        yield opened


def members_of(ledger: Ledger, values: Sequence[str]) -> Members:
    digests = column_of(b"".join(map(bytes.fromhex, values)))
    kinds = np.zeros(len(values), dtype=np.uint8)
    return Members(ledger.keys.member_hashes(digests), digests, kinds, ("email",))


def run_of(
    ledger: Ledger, added: Sequence[str] = (), removed: Sequence[str] = (), batch_size: int = 10
) -> NewRun:
    fence = ledger.lease(SYNC.sync_id, "here:1", NOW)
    return NewRun(
        sync_id=SYNC.sync_id,
        generation_id="g1",
        policy_hash="p",
        guard_verdict="passed",
        approved_by=None,
        fence=fence,
        batch_size=batch_size,
        one_kind=False,
        counts={"add": len(added)},
        removals=np.sort(members_of(ledger, removed).hashes),
        additions=members_of(ledger, added),
    )


def held(ledger: Ledger, state: int) -> set[bytes]:
    return set(each(ledger.holding(SYNC.sync_id).of(state)))


def query(file: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as connection:
        return connection.execute(sql).fetchall()


def send_all(ledger: Ledger, new: NewRun) -> None:
    for batch in ledger.batches.begin(new, NOW):
        ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
        ledger.batches.acknowledged(batch, Outcome(accepted=batch.n), NOW)
    ledger.batches.close(SYNC.sync_id, NOW)


def test_folder_file_and_key_are_for_the_owner_only(ledger: Ledger, file: Path) -> None:
    with ledger.exclusive():
        pass
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert modes.keys() >= {"ledger.db", "ledger.key", "ledger.db.lock"}
    assert set(modes.values()) == {0o600}


def test_the_file_keeps_every_commit(ledger: Ledger, file: Path) -> None:
    assert ledger.sync(SYNC.sync_id) == SYNC
    assert query(file, "pragma journal_mode") == [("wal",)]


def test_a_missing_key_is_told_with_its_remedy(file: Path) -> None:
    with open_ledger(file):
        pass
    file.with_name("ledger.key").unlink()
    with (
        pytest.raises(ConfigError, match=r"ledger\.key is missing .* put the key back"),
        open_ledger(file),
    ):
        pass
    assert not file.with_name("ledger.key").exists()


def test_a_key_of_another_ledger_is_refused(file: Path) -> None:
    with open_ledger(file):
        pass
    file.with_name("ledger.key").write_bytes(bytes(32))
    with pytest.raises(ConfigError, match=r"belongs to another ledger\.key"), open_ledger(file):
        pass


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_key_of_the_wrong_length_is_refused(file: Path, content: bytes) -> None:
    with open_ledger(file):
        pass
    file.with_name("ledger.key").write_bytes(content)
    with pytest.raises(ConfigError, match="does not hold a key of 32 bytes"), open_ledger(file):
        pass


def test_a_key_that_others_can_read_is_refused(file: Path) -> None:
    with open_ledger(file):
        pass
    file.with_name("ledger.key").chmod(0o644)
    with pytest.raises(ConfigError, match="can be read by others: run `chmod 600"):
        open_ledger(file).__enter__()


def test_a_file_that_is_no_ledger_is_told(file: Path) -> None:
    with open_ledger(file):
        pass
    file.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(ConfigError, match="the ledger cannot be read or written"):
        open_ledger(file).__enter__()


def test_a_ledger_of_another_version_is_refused(file: Path) -> None:
    with open_ledger(file):
        pass
    with sqlite3.connect(file) as connection:
        connection.execute("update schema_version set version = 99")
    with pytest.raises(ConfigError, match="has ledger version 99, this tamiz writes 2"):
        open_ledger(file).__enter__()


def test_a_ledger_locked_by_another_process_is_waited_for_and_then_told(file: Path) -> None:
    with open_ledger(file):
        pass
    script = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        " c.execute('begin exclusive'); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", script, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        told = "another push holds the ledger; nothing was sent: run `tamiz push` again when it"
        with open_ledger(file, wait=0.1) as opened, pytest.raises(LedgerLocked, match=told):
            opened.register(SYNC)
    finally:
        holder.communicate()
    with open_ledger(file) as opened:
        opened.register(SYNC)


def test_one_push_at_a_time_holds_the_ledger(ledger: Ledger, file: Path) -> None:
    with (
        ledger.exclusive(),
        open_ledger(file, wait=0.1) as other,
        pytest.raises(LedgerLocked),
        other.exclusive(),
    ):
        pass
    with open_ledger(file, wait=0.1) as other, other.exclusive():
        pass


def test_a_lease_of_another_host_holds_until_it_ends(ledger: Ledger) -> None:
    assert ledger.lease(SYNC.sync_id, "there:1", NOW) == 1
    with pytest.raises(LedgerLocked, match="a push on another host holds meta/aud_x"):
        ledger.lease(SYNC.sync_id, "here:1", NOW + timedelta(minutes=1))
    assert ledger.lease(SYNC.sync_id, "here:1", NOW + timedelta(hours=1)) == 2
    assert ledger.lease(SYNC.sync_id, "here:2", NOW + timedelta(hours=1)) == 3
    ledger.release(SYNC.sync_id, 3, NOW)
    assert ledger.lease(SYNC.sync_id, "there:2", NOW + timedelta(hours=1)) == 4


def test_who_lost_the_lease_sends_nothing_more(ledger: Ledger, file: Path) -> None:
    new = run_of(ledger, DIGESTS)
    batch, *_ = ledger.batches.begin(new, NOW)
    ledger.lease(SYNC.sync_id, "here:2", NOW)
    with pytest.raises(LedgerLocked, match="took meta/aud_x over"):
        ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
    assert query(file, "select count(*) from attempt") == [(0,)]


def test_nothing_in_the_files_tells_an_identifier(ledger: Ledger, file: Path) -> None:
    send_all(ledger, run_of(ledger, DIGESTS))
    kept = b"".join(path.read_bytes() for path in file.parent.iterdir())
    for value in DIGESTS:
        assert value.encode() not in kept
        assert bytes.fromhex(value) not in kept


def test_what_the_ledger_holds_can_be_sent_for_removal(ledger: Ledger) -> None:
    send_all(ledger, run_of(ledger, DIGESTS))
    new = run_of(ledger, removed=DIGESTS[:3])
    (batch,) = ledger.batches.begin(new, NOW)
    assert batch.op == "remove"
    members = ledger.batches.members(batch)
    assert {digest for _, digest in members} == set(DIGESTS[:3])
    assert {kind for kind, _ in members} == {"email"}


def test_a_seal_of_another_member_is_refused(ledger: Ledger) -> None:
    one, two = (ledger.keys.member_hash(value) for value in DIGESTS[:2])
    sealed = ledger.keys.seal(one, bytes.fromhex(DIGESTS[0]))
    assert ledger.keys.unseal(one, sealed).hex() == DIGESTS[0]
    with pytest.raises(ConfigError, match="does not fit its key") as raised:
        ledger.keys.unseal(two, sealed)
    assert DIGESTS[0] not in str(raised.value)


def test_batches_are_cut_in_order_removals_first(ledger: Ledger) -> None:
    send_all(ledger, run_of(ledger, DIGESTS))
    batches = ledger.batches.begin(run_of(ledger, ["ab" * 32], DIGESTS), NOW)
    assert [(batch.op, batch.n) for batch in batches] == [
        ("remove", 10),
        ("remove", 10),
        ("remove", 5),
        ("add", 1),
    ]


def test_the_same_run_on_the_same_ledger_has_the_same_batches(tmp_path: Path) -> None:
    names = []
    for copy in ("one", "two"):
        folder = tmp_path / copy
        folder.mkdir(mode=0o700)
        key = folder / "ledger.key"
        key.write_bytes(bytes(range(32)))
        key.chmod(0o600)
        with open_ledger(folder / "ledger.db") as opened:
            opened.register(SYNC)
            shuffled = DIGESTS if copy == "one" else DIGESTS[::-1]
            batches = opened.batches.begin(run_of(opened, shuffled), NOW)
            names.append([batch.batch_id for batch in batches])
    assert names[0] == names[1]


def test_members_change_with_the_answer_and_not_with_the_intent(ledger: Ledger) -> None:
    new = run_of(ledger, DIGESTS[:5])
    (batch,) = ledger.batches.begin(new, NOW)
    assert held(ledger, PRESENT) == set()
    assert held(ledger, MAYBE) == set()
    ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
    assert len(held(ledger, MAYBE)) == 5
    ledger.batches.acknowledged(batch, Outcome(accepted=5), NOW)
    assert (len(held(ledger, PRESENT)), held(ledger, MAYBE)) == (5, set())


def test_members_that_were_removed_are_forgotten(ledger: Ledger, file: Path) -> None:
    send_all(ledger, run_of(ledger, DIGESTS[:5]))
    send_all(ledger, run_of(ledger, removed=DIGESTS[:2]))
    assert query(file, "select count(*) from member") == [(3,)]


def test_a_push_found_dead_leaves_unknown_outcomes_and_no_plans(ledger: Ledger, file: Path) -> None:
    new = run_of(ledger, DIGESTS)
    first, *_ = ledger.batches.begin(new, NOW)
    ledger.batches.intend(first, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
    ledger.batches.recover(SYNC.sync_id, NOW)
    (unknown,) = ledger.batches.unsettled(SYNC.sync_id)
    assert (unknown.batch_id, unknown.state, unknown.attempt) == (first.batch_id, "UNKNOWN", 1)
    assert query(file, "select outcome from attempt") == [("crash",)]
    assert query(file, "select count(*) from batch where error_code = 'superseded'") == [(2,)]
    assert len(held(ledger, MAYBE)) == 10
    assert query(file, "select count(*) from member") == [(10,)]


def test_accepted_work_is_on_its_way_and_stays_so_after_a_crash(ledger: Ledger) -> None:
    new = run_of(ledger, DIGESTS[:5])
    (batch,) = ledger.batches.begin(new, NOW)
    ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
    ledger.batches.accepted(batch, "remote-1", NOW)
    ledger.batches.recover(SYNC.sync_id, NOW)
    assert len(held(ledger, IN_FLIGHT)) == 5
    assert held(ledger, MAYBE) == held(ledger, PRESENT) == set()
    (accepted,) = ledger.batches.unsettled(SYNC.sync_id)
    assert accepted.remote_id == "remote-1"


@pytest.mark.parametrize(("was_lost", "maybe"), [(True, 5), (False, 0)])
def test_a_refused_batch_leaves_members_only_if_an_earlier_try_was_lost(
    ledger: Ledger,
    was_lost: bool,  # noqa: FBT001
    maybe: int,
) -> None:
    new = run_of(ledger, DIGESTS[:5])
    (batch,) = ledger.batches.begin(new, NOW)
    for number in range(2):
        ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
        if number == 0 and was_lost:
            ledger.batches.unknown(batch, code="x", http_status=500, now=NOW)
        elif number == 0:
            ledger.batches.not_applied(batch, code="x", http_status=429, now=NOW)
    ledger.batches.dead(batch, code="100", http_status=400, now=NOW)
    assert len(held(ledger, MAYBE)) == maybe
    assert ledger.batches.unsettled(SYNC.sync_id) == []


def test_a_try_that_was_surely_not_applied_does_not_undo_an_unknown_one(ledger: Ledger) -> None:
    new = run_of(ledger, DIGESTS[:5])
    (batch,) = ledger.batches.begin(new, NOW)
    ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
    ledger.batches.unknown(batch, code="x", http_status=500, now=NOW)
    ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
    ledger.batches.not_applied(batch, code="x", http_status=429, now=NOW)
    (unknown,) = ledger.batches.unsettled(SYNC.sync_id)
    assert unknown.state == "UNKNOWN"


def test_who_is_left_out_of_a_lost_batch_may_still_be_there(ledger: Ledger) -> None:
    new = run_of(ledger, DIGESTS[:5])
    (batch,) = ledger.batches.begin(new, NOW)
    ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)
    ledger.batches.unknown(batch, code="x", http_status=500, now=NOW)
    gone = ledger.keys.member_hash(DIGESTS[0])
    sent = [digest for _, digest in ledger.batches.members(batch)]
    ledger.batches.leave_out(batch, [sent.index(DIGESTS[0])])
    assert len(ledger.batches.members(batch)) == 4
    ledger.batches.acknowledged(batch, Outcome(accepted=4), NOW)
    assert held(ledger, MAYBE) == {gone}
    assert len(held(ledger, PRESENT)) == 4


def test_a_transaction_is_whole_or_nothing(ledger: Ledger, file: Path) -> None:
    new = run_of(ledger, DIGESTS)
    broken = replace(new.additions, kinds=new.additions.kinds + 1)
    with pytest.raises(IndexError):
        ledger.batches.begin(replace(new, additions=broken), NOW)
    for table in ("run", "batch", "batch_content", "member"):
        assert query(file, f"select count(*) from {table}") == [(0,)]


def test_suppressed_hashes_are_never_sent(ledger: Ledger) -> None:
    ledger.suppress(DIGESTS[:2], "erasure", NOW)
    ledger.suppress(DIGESTS[:2], "opt_out", NOW)
    wanted = {ledger.keys.member_hash(value) for value in DIGESTS[:2]}
    assert set(each(ledger.never_sent(SYNC.sync_id))) == wanted
    assert ledger.suppressions() == 2


def test_no_hash_is_in_a_repr(ledger: Ledger) -> None:
    new = run_of(ledger, DIGESTS[:5])
    shown = repr([new, ledger.batches.begin(new, NOW), ledger.holding(SYNC.sync_id), ledger.keys])
    for value in DIGESTS[:5]:
        assert value not in shown
        assert repr(ledger.keys.member_hash(value)) not in shown
