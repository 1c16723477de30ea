"""Receipts close: sent = accepted + invalid + retried + left out, in the warehouse and in words."""

import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from worlds import AS_OF, World, failures

from tamiz.cli import cli
from tamiz.errors import ConfigError
from tamiz.ledger import ReceiptRow, open_ledger
from tamiz.receipts import FILE, SCHEMA, project, render, summed
from tamiz.report import ReceiptLine

SELECTED = ("--select", "stg_ledger__push_receipts", "fct_push_receipts")
SENT_AT = datetime(2026, 6, 29, 9, 30, tzinfo=UTC)
FIRST = ReceiptRow(
    audience_name="aud_win_back",
    platform="meta",
    account_id="0042",
    list_name="tamiz_win_back",
    operation="add",
    batch_id="b1",
    generation_id="20260630T000000-0123456789ab",
    run_id="r1",
    sent=100,
    accepted=90,
    invalid=4,
    retried=1,
    left_out=5,
    is_counted=True,
    state="ACKED",
    http_status=200,
    error_code=None,
    started_at=SENT_AT,
    settled_at=SENT_AT + timedelta(seconds=2),
    is_last_generation=True,
)
WORKED_ON = replace(
    FIRST,
    platform="google",
    batch_id="b3",
    sent=50,
    accepted=None,
    invalid=None,
    retried=None,
    left_out=2,
    is_counted=None,
    state="PENDING",
    settled_at=None,
)
UNCOUNTED = replace(
    FIRST,
    platform="tiktok",
    batch_id="b4",
    operation="remove",
    accepted=100,
    invalid=0,
    retried=0,
    left_out=0,
    is_counted=False,
)
LOST = replace(
    FIRST, batch_id="b2", accepted=0, invalid=0, retried=100, left_out=0, state="UNKNOWN",
    http_status=None, error_code="no answer", settled_at=None, is_counted=None,
)  # fmt: skip
OLDER = replace(
    FIRST, batch_id="b0", generation_id="20260629T000000-0123456789ab", is_last_generation=False
)
EVERYTHING = (FIRST, LOST, WORKED_ON, UNCOUNTED, OLDER)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return a world whose only raw table are the receipts, with the models of receipts built."""
    world = World(tmp_path_factory.mktemp("receipts"))
    world.write("shop_products", "select 'p1' as product_id")
    return world


def build(world: World, as_of: str = AS_OF) -> None:
    world.build(*SELECTED, as_of=as_of)


def test_every_batch_is_a_row_of_the_warehouse_as_the_ledger_has_it(world: World) -> None:
    project(EVERYTHING, world.raw)
    build(world)
    [row] = world.query("from fct_push_receipts where batch_id = 'b1'")
    assert row == (
        *("b1", "r1", FIRST.generation_id, "aud_win_back", "meta", "0042", "tamiz_win_back"),
        *("add", "acked", None, 200, 100, 90, 4, 1, 5, True, True),
        datetime(2026, 6, 30),
        datetime(2026, 6, 29, 9, 30),
        datetime(2026, 6, 29, 9, 30, 2),
    )
    states = world.query("select batch_id, state from fct_push_receipts order by batch_id")
    assert states == [
        ("b0", "acked"),
        ("b1", "acked"),
        ("b2", "unknown"),
        ("b3", "pending"),
        ("b4", "acked"),
    ]


def test_without_receipts_the_table_is_there_and_empty(world: World) -> None:
    (world.raw / FILE).unlink(missing_ok=True)
    build(world)
    assert world.query("select count(*) from fct_push_receipts") == [(0,)]


def test_what_was_sent_of_a_later_generation_is_not_seen(world: World) -> None:
    later = datetime(2026, 7, 1, tzinfo=UTC)
    sent_later = replace(FIRST, batch_id="b5", started_at=later, settled_at=later)
    next_one = replace(FIRST, batch_id="b6", generation_id="20260701T000000-0123456789ab")
    project((FIRST, sent_later, next_one), world.raw)
    build(world)
    assert world.query("select batch_id from fct_push_receipts order by 1") == [("b1",), ("b5",)]
    build(world, as_of="2026-07-02 00:00:00")
    assert world.query("select count(*) from fct_push_receipts") == [(3,)]


def test_every_batch_that_does_not_close_fails_the_data_test(world: World) -> None:
    counts = ("sent", "accepted", "invalid", "retried", "left_out")
    astray = [
        replace(FIRST, batch_id=count, **{count: getattr(FIRST, count) + 1}) for count in counts
    ]
    without_counts = replace(WORKED_ON, batch_id="no counts", state="ACKED")
    project((*EVERYTHING, *astray, without_counts), world.raw)
    said = failures(world.dbt("build", *SELECTED))
    assert (
        said
        == f"every_push_receipt_closes: Got {len(counts) + 1} results, configured to fail if != 0"
    )


def test_written_again_the_file_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    first = project(EVERYTHING, tmp_path).read_bytes()
    assert project(EVERYTHING[::-1], tmp_path).read_bytes() == first
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == [FILE]
    assert pq.read_schema(tmp_path / FILE).equals(SCHEMA)


def test_a_killed_projection_is_written_over(tmp_path: Path) -> None:
    (tmp_path / f".{FILE}.aside").write_text("half")
    assert pq.read_table(project((FIRST,), tmp_path)).num_rows == 1


def test_no_folder_of_raw_tables_is_made(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder of raw tables"):
        project((FIRST,), tmp_path / "nowhere")
    assert list(tmp_path.iterdir()) == []


def test_the_lines_of_the_last_generation_close_to_what_was_sent() -> None:
    meta, google, tiktok = (
        line
        for name in ("meta", "google", "tiktok")
        for line in summed(EVERYTHING)
        if line.platform == name
    )
    nothing = {"audience_name": "aud_win_back", "is_counted": True}
    assert meta == ReceiptLine(
        **nothing, platform="meta", operation="add", batches=2, sent=200, accepted=90, invalid=4,
        retried=101, left_out=5, pending=0,
    )  # fmt: skip
    assert (google.sent, google.pending, google.left_out) == (50, 48, 2)
    assert not tiktok.is_counted
    for line in (meta, google, tiktok):
        parts = line.accepted + line.invalid + line.retried + line.left_out + line.pending
        assert parts == line.sent


def test_the_lines_say_who_does_not_count() -> None:
    assert render(summed(EVERYTHING)) == [
        (
            "aud_win_back on google, add: 50 sent in 1 batch = 0 accepted + 0 invalid + 0 retried"
            " + 2 left out + 48 still worked on"
        ),
        (
            "aud_win_back on meta, add: 200 sent in 2 batches = 90 accepted + 4 invalid"
            " + 101 retried + 5 left out"
        ),
        (
            "aud_win_back on tiktok, remove: 100 sent in 1 batch = 100 accepted + 0 invalid"
            " + 0 retried + 0 left out"
        ),
        "  tiktok gives no count of its own: accepted is what it said yes to",
    ]


def test_the_command_needs_a_ledger_and_makes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAMIZ_LEDGER", str(tmp_path / "ledger.db"))
    monkeypatch.setenv("TAMIZ_RAW", str(tmp_path))
    with pytest.raises(ConfigError, match="nothing was pushed with this ledger yet"):
        CliRunner().invoke(cli, ["receipts"], catch_exceptions=False)
    assert list(tmp_path.iterdir()) == []
    with open_ledger(tmp_path / "ledger.db"):
        pass
    outcome = CliRunner().invoke(cli, ["receipts"], catch_exceptions=False)
    assert outcome.stdout == "nothing was sent yet\n"
    assert pq.read_table(tmp_path / FILE).num_rows == 0
