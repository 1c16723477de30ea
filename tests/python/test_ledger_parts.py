"""Batches that are cut, probed and folded, and the receipts that count each identifier once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from test_ledger import DIGESTS, NOW, SYNC, held, query, run_of

from tamiz.errors import ConfigError
from tamiz.ledger import (
    MAYBE,
    PRESENT,
    Ledger,
    NewRun,
    Outcome,
    ReceiptRow,
    StoredBatch,
    open_ledger,
)
from tamiz.ledger.columns import each


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    with open_ledger(file, wait=0.1) as opened:
        opened.register(SYNC)
        yield opened


def intend(ledger: Ledger, batch: StoredBatch, new: NewRun) -> None:
    ledger.batches.intend(batch, sent_sha256="s", suppressed=0, fence=new.fence, now=NOW)


def begun(
    ledger: Ledger, added: Sequence[str] = (), removed: Sequence[str] = (), size: int = 10
) -> tuple[NewRun, StoredBatch]:
    new = run_of(ledger, added, removed, size)
    batch, *_ = ledger.batches.begin(new, NOW)
    intend(ledger, batch, new)
    return new, batch


def refused(bad: dict[int, str]) -> Outcome:
    rows = tuple(bad.items())
    return Outcome(invalid=len(bad), bad_rows=rows, code="BAD", http_status=400)


def closes(row: ReceiptRow) -> bool:
    counts = (row.accepted, row.invalid, row.retried)
    return row.sent == sum(count or 0 for count in counts) + row.left_out


def test_the_rows_a_platform_names_are_put_away_and_the_rest_goes_on(
    ledger: Ledger, file: Path
) -> None:
    new, batch = begun(ledger, DIGESTS[:6])
    whole = ledger.batches.hashed(ledger.batches.content(batch))
    bad = set(each(whole.hashes[[1, 4]]))
    (rest,) = ledger.batches.split(
        batch, [whole.take([0, 2, 3, 5])], refused({1: "SHORT", 4: "ODD"}), NOW
    )
    assert set(each(ledger.never_sent(SYNC.sync_id))) == bad
    codes = query(file, "select reason_code from quarantine order by 1")
    assert codes == [("ODD",), ("SHORT",)]
    intend(ledger, rest, new)
    ledger.batches.acknowledged(rest, Outcome(accepted=4), NOW)
    ledger.batches.close(SYNC.sync_id, NOW)
    assert len(held(ledger, PRESENT)) == 4
    assert not held(ledger, PRESENT) & bad
    assert query(file, "select count(*) from member") == [(4,)]
    (row,) = ledger.receipts()
    assert (row.sent, row.accepted, row.invalid, row.retried, row.state) == (6, 4, 2, 0, "ACKED")


def test_parts_that_were_not_sent_count_as_sent_again_and_leave_nobody_behind(
    ledger: Ledger, file: Path
) -> None:
    new, batch = begun(ledger, DIGESTS[:6])
    whole = ledger.batches.hashed(ledger.batches.content(batch))
    parts = [whole.take(slice(0, 3)), whole.take(slice(3, 6))]
    first, _second = ledger.batches.split(batch, parts, refused({}), NOW)
    intend(ledger, first, new)
    ledger.batches.acknowledged(first, Outcome(accepted=3), NOW)
    ledger.batches.recover(SYNC.sync_id, NOW)
    assert len(held(ledger, PRESENT)) == 3
    assert query(file, "select count(*) from member") == [(3,)]
    (row,) = ledger.receipts()
    assert (row.accepted, row.retried, row.state) == (3, 3, "DEAD")
    assert closes(row)


def test_parts_of_a_batch_that_was_lost_once_may_be_there(ledger: Ledger) -> None:
    new, batch = begun(ledger, DIGESTS[:6])
    ledger.batches.unknown(batch, code="x", http_status=500, now=NOW)
    intend(ledger, batch, new)
    whole = ledger.batches.hashed(ledger.batches.content(batch))
    ledger.batches.split(batch, [whole.take(slice(1, 6))], refused({0: "BAD"}), NOW)
    ledger.batches.recover(SYNC.sync_id, NOW)
    assert len(held(ledger, MAYBE)) == 6


def test_a_row_that_could_not_be_removed_is_still_owed(ledger: Ledger) -> None:
    _, batch = begun(ledger, DIGESTS[:4])
    ledger.batches.acknowledged(batch, Outcome(accepted=4), NOW)
    ledger.batches.close(SYNC.sync_id, NOW)
    _, batch = begun(ledger, removed=DIGESTS[:4])
    outcome = Outcome(accepted=3, invalid=1, bad_rows=((2, "NO"),))
    ledger.batches.acknowledged(batch, outcome, NOW)
    ledger.batches.close(SYNC.sync_id, NOW)
    assert len(held(ledger, PRESENT)) == 1
    assert len(ledger.never_sent(SYNC.sync_id)) == 0


def test_a_probe_counts_nowhere_and_changes_only_who_is_convicted(
    ledger: Ledger, file: Path
) -> None:
    new, batch = begun(ledger, DIGESTS[:6])
    whole = ledger.batches.hashed(ledger.batches.content(batch))
    ledger.batches.acknowledged(batch, Outcome(accepted=5, invalid=1), NOW)
    half = whole.take(slice(0, 3))
    (probe,) = ledger.batches.probe(batch, [half])
    intend(ledger, probe, new)
    ledger.batches.acknowledged(probe, Outcome(accepted=2, invalid=1), NOW)
    ledger.batches.convict(batch, half.take(slice(0, 1)), "INVALID", NOW)
    ledger.batches.recover(SYNC.sync_id, NOW)
    assert len(held(ledger, PRESENT)) == 5
    (row,) = ledger.receipts()
    assert (row.sent, row.accepted, row.invalid) == (6, 5, 1)
    assert query(file, "select count(*) from attempt") == [(2,)]


def test_probes_that_were_never_sent_take_nobody_off(ledger: Ledger) -> None:
    _, batch = begun(ledger, DIGESTS[:6])
    whole = ledger.batches.hashed(ledger.batches.content(batch))
    ledger.batches.acknowledged(batch, Outcome(accepted=5, invalid=1), NOW)
    ledger.batches.probe(batch, [whole.take(slice(0, 3))])
    ledger.batches.recover(SYNC.sync_id, NOW)
    assert len(held(ledger, PRESENT)) == 6
    assert ledger.batches.unsettled(SYNC.sync_id) == []


def test_what_a_batch_is_made_of_is_dropped_once_it_is_settled(ledger: Ledger, file: Path) -> None:
    new, batch = begun(ledger, DIGESTS[:25])
    ledger.batches.unknown(batch, code="x", http_status=500, now=NOW)
    assert query(file, "select count(*) from batch_content") == [(3,)]
    before = ledger.batches.members(batch)
    ledger.batches.recover(SYNC.sync_id, NOW)
    assert query(file, "select batch_id from batch_content") == [(batch.batch_id,)]
    assert ledger.batches.members(batch) == before
    intend(ledger, batch, new)
    ledger.batches.acknowledged(batch, Outcome(accepted=10), NOW)
    assert query(file, "select count(*) from batch_content") == [(0,)]


def test_an_acknowledgement_holds_before_it_is_folded(ledger: Ledger, file: Path) -> None:
    _, batch = begun(ledger, DIGESTS[:5])
    ledger.batches.acknowledged(batch, Outcome(accepted=5), NOW)
    assert query(file, "select distinct state from member") == [("A",)]
    before = held(ledger, PRESENT)
    ledger.batches.recover(SYNC.sync_id, NOW)
    assert query(file, "select distinct state from member") == [("P",)]
    assert held(ledger, PRESENT) == before
    assert len(before) == 5
    _, batch = begun(ledger, removed=DIGESTS[:5])
    ledger.batches.acknowledged(batch, Outcome(accepted=5), NOW)
    assert held(ledger, PRESENT) == set()
    ledger.batches.recover(SYNC.sync_id, NOW)
    assert query(file, "select count(*) from member") == [(0,)]


def test_every_receipt_closes_whatever_became_of_the_batch(ledger: Ledger) -> None:
    new = run_of(ledger, DIGESTS, batch_size=5)
    one, two, three, four, five = ledger.batches.begin(new, NOW)
    for batch in (one, two, three, four):
        intend(ledger, batch, new)
    ledger.batches.acknowledged(one, Outcome(accepted=4, invalid=1), NOW)
    ledger.batches.unknown(two, code="no answer", http_status=None, now=NOW)
    ledger.batches.leave_out(two, [0, 3])
    ledger.batches.dead(three, code="100", http_status=400, now=NOW)
    ledger.batches.accepted(four, "remote", NOW)
    rows = {row.batch_id: row for row in ledger.receipts()}
    assert five.batch_id not in rows  # it was never sent
    told = [
        (row.state, row.accepted, row.invalid, row.retried, row.left_out)
        for row in (rows[batch.batch_id] for batch in (one, two, three, four))
    ]
    assert told == [
        ("ACKED", 4, 1, 0, 0),
        ("UNKNOWN", 0, 0, 3, 2),
        ("DEAD", 0, 0, 5, 0),
        ("PENDING", None, None, None, 0),
    ]
    assert all(closes(row) for row in rows.values() if row.state != "PENDING")
    assert {row.is_last_generation for row in rows.values()} == {True}
    assert rows[one.batch_id].started_at == rows[one.batch_id].settled_at == NOW
    assert rows[two.batch_id].settled_at is None


def test_one_kind_of_identifier_stands_in_a_batch_where_the_platform_asks_for_it(
    ledger: Ledger,
) -> None:
    new = run_of(ledger, DIGESTS, batch_size=8)
    kinds = np.array([number % 2 for number in range(25)], dtype=np.uint8)
    mixed = replace(new.additions, kinds=kinds, names=("email", "phone"))
    batches = ledger.batches.begin(replace(new, additions=mixed, one_kind=True), NOW)
    found = [{kind for kind, _ in ledger.batches.members(batch)} for batch in batches]
    assert found == [{"email"}, {"email"}, {"phone"}, {"phone"}]
    assert sum(batch.n for batch in batches) == 25


def test_a_ledger_that_may_only_be_read_is_neither_made_nor_changed(file: Path) -> None:
    with (
        pytest.raises(ConfigError, match="nothing was pushed with this ledger yet"),
        open_ledger(file, read_only=True),
    ):
        pass
    assert not file.parent.exists()
    with open_ledger(file) as opened:
        opened.register(SYNC)
    before = file.read_bytes()
    with open_ledger(file, read_only=True) as opened:
        assert opened.sync(SYNC.sync_id) == SYNC
        assert not opened.receipts()
        with pytest.raises(ConfigError, match="cannot be read or written"):
            opened.suppress(DIGESTS[:1], "opt_out", NOW)
    assert file.read_bytes() == before


def test_who_is_put_away_again_waits_again(ledger: Ledger, file: Path) -> None:
    _, batch = begun(ledger, DIGESTS[:2])
    bad = ledger.batches.hashed(ledger.batches.content(batch))
    ledger.batches.convict(batch, bad, "INVALID", NOW)
    after, later = NOW + timedelta(days=31), NOW + timedelta(days=62)
    assert len(ledger.never_sent(SYNC.sync_id, NOW)) == 2
    assert len(ledger.never_sent(SYNC.sync_id, after)) == 0
    ledger.batches.convict(batch, bad.take(slice(0, 1)), "ODD", after)
    assert len(ledger.never_sent(SYNC.sync_id, after)) == 1
    assert len(ledger.never_sent(SYNC.sync_id, later)) == 0
    seen = query(file, "select reason_code, substr(first_seen, 1, 10) from quarantine order by 1")
    assert seen == [("INVALID", "2026-06-30"), ("ODD", "2026-06-30")]
