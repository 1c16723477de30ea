"""What an owner of data brings is shown file by file: what is read, what is not, and what to do."""

import os
from pathlib import Path

import pytest
from worlds import PROJECT, World, failures

from tamiz.checking import check
from tamiz.errors import AbsentTable, ConfigError, GateError
from tamiz.sources import contracts, inventory, render_dialects

CANARY = "canary.of.the.mine@example.com"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "crm_customers.csv").write_bytes(
        f"customer_id;email;birthdate;is_employee;{CANARY};created_at;note\r\n"
        "c1;josé@example.com;10-09-01;no;;2026-01-01;\r\n"
        "c2;n/a;2000-01-01;no;;01/02/2026;\r\n".encode("cp1252")
    )
    (folder / "privacy_requests.csv").write_text(
        "request_id,subject_type,subject,kind,requested_at\n"
        "1,email,eva@example.com,erase,2026-01-01\n"
        "2,email,eva@example.com,erase,one day\n",
        encoding="utf-8",
    )
    return folder


def checked(raw: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Exception | None]:
    database = raw.parent / "check.duckdb"
    monkeypatch.setitem(os.environ, "TAMIZ_RAW", str(raw))
    monkeypatch.setitem(os.environ, "TAMIZ_DUCKDB", str(database))
    places = ("--target-path", str(raw.parent / "target"), "--log-path", str(raw.parent))
    lines, wrong = check(PROJECT, raw, database, places)
    return "\n".join(lines), wrong


def test_each_file_is_shown_with_its_columns_and_what_cannot_be_read(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, wrong = checked(raw, monkeypatch)
    assert "✓ crm_customers.csv               2 rows  Windows-1252, semicolons" in shown
    assert "    4 columns used\n    ignored: birthdate, note, one that is no word\n" in shown
    assert "birth_date (is birthdate meant?)" in shown
    assert "    - created_at: 1 of 2 (50.0%) cannot be read as a time, lines 3" in shown
    assert "    - email 'n/a': 1 of 2 (50.0%) is a placeholder, lines 3" in shown
    assert (
        "    ✗ requested_at: 1 of 2 (50.0%) cannot be read as a time, lines 3: stops the gate"
        in shown
    )
    assert "canary" not in shown
    assert isinstance(wrong, GateError)
    assert str(wrong).startswith("1 values stop the gate")


def test_files_that_are_not_read_are_named_with_what_to_do(
    raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in {
        "shop_order.csv": "a\n",
        "shop_products.xlsx": "PK",
        "privacy_requests.csv.gz": "",
        "notes.txt": "",
        "app_events.csv": "a,b\n1\n",
        "pixel_events.parquet": "PAR1",
        "survey_responses.csv": "answer,respond_id\n",
    }.items():
        (raw / name).write_text(content, encoding="utf-8")
    shown, wrong = checked(raw, monkeypatch)
    for line in (
        "✗ shop_order.csv           is no table of the contract: name it shop_orders if it is",
        "✗ shop_products.xlsx       is no CSV and no Parquet file: save it as CSV UTF-8",
        "✗ privacy_requests.csv.gz  is not read, privacy_requests.csv is: keep one of the two",
        "✗ notes.txt                is no table of the contract: take it away or rename it",
        "✗ app_events.csv           1 lines of app_events.csv (2) do not fit its header",
        "✗ pixel_events.parquet     is no complete Parquet file: write it again",
        "✗ survey_responses.csv     has no column response_id, question, answered_at, which must",
    ):
        assert line in shown
    assert isinstance(wrong, ConfigError)
    assert str(wrong).startswith("7 files are not read")


def test_a_folder_without_files_says_so(tmp_path: Path) -> None:
    with pytest.raises(AbsentTable, match="set TAMIZ_RAW"):
        inventory(tmp_path, tmp_path, contracts(PROJECT))


def test_dialects_alone_need_no_build(raw: Path) -> None:
    lines = list(render_dialects(inventory(raw, raw.parent / "copies", contracts(PROJECT))))
    assert lines[1] == "✓ privacy_requests.csv            2 rows  UTF-8, commas, LF"


def test_half_a_parquet_file_stops_the_build_in_our_words(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write("crm_customers", "select 'c1' as customer_id")
    whole = (world.raw / "crm_customers.parquet").read_bytes()
    (world.raw / "crm_customers.parquet").write_bytes(whole[:-9])
    outcome = world.dbt("run", "--select", "stg_crm__customers")
    assert not outcome.success
    assert "crm_customers.parquet is no complete Parquet file: write it again" in failures(outcome)
