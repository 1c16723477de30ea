"""The warehouse is read through dbt's own profile, read-only, and complains in one line."""

# ruff: noqa: S603 - the commands are our own

import subprocess
import sys
import traceback
from pathlib import Path

import duckdb
import pytest

from tamiz.errors import ConfigError, Unavailable
from tamiz.warehouse import columns, open_warehouse

PROFILES = """
shop:
  target: dev
  outputs:
    dev:
      type: duckdb
      path: "{{ env_var('SHOP_DUCKDB', 'target/shop.duckdb') }}"
      schema: main
    other_schema: {type: duckdb, path: target/shop.duckdb, schema: other}
    elsewhere: {type: postgres, host: "{{ env_var('SHOP_NEVER_SET', 'localhost') }}"}
    unset: {type: duckdb, path: "{{ env_var('SHOP_NEVER_SET') }}"}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    (tmp_path / "profiles.yml").write_text(PROFILES)
    (tmp_path / "target").mkdir()
    build(tmp_path / "target/shop.duckdb")
    return tmp_path


WRITER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def build(path: Path, rows: int = 3) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("create schema other")
        connection.execute("create table other.only_there as select 1 as a")
        connection.execute(
            "create table orders as select range as order_id from range($n)", {"n": rows}
        )
        connection.execute("create view paid_orders as select * from orders")


def test_a_query_comes_back_as_arrow(project: Path) -> None:
    with open_warehouse(project) as warehouse:
        assert warehouse.table("select * from orders order by 1").to_pydict() == {
            "order_id": [0, 1, 2]
        }
        assert columns(warehouse, "paid_orders") == ("order_id",)


def test_a_large_result_is_streamed_in_several_batches(project: Path) -> None:
    with open_warehouse(project) as warehouse:
        reader = warehouse.batches("select range as n from range(300000)")
        assert [batch.num_rows for batch in reader][:-1] == [131_072, 131_072]


def test_tables_and_views_of_the_target_schema_are_named_and_no_others(project: Path) -> None:
    with open_warehouse(project) as warehouse:
        assert warehouse.relations() == {"orders", "paid_orders"}
    with open_warehouse(project, "other_schema") as warehouse:
        assert warehouse.relations() == {"only_there"}


def test_the_environment_moves_the_file_as_it_does_for_dbt(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(tmp_path / "moved.duckdb", rows=1)
    monkeypatch.setenv("SHOP_DUCKDB", str(tmp_path / "moved.duckdb"))
    with open_warehouse(project) as warehouse:
        assert warehouse.table("select * from orders").num_rows == 1


def test_nothing_can_be_written(project: Path) -> None:
    with open_warehouse(project) as warehouse, pytest.raises(ConfigError):
        warehouse.table("create table mine as select 1 as a")
    with duckdb.connect(project / "target/shop.duckdb") as connection:
        assert connection.execute("select count(*) from duckdb_tables()").fetchone() == (2,)


def test_a_missing_file_asks_for_a_build(project: Path) -> None:
    (project / "target/shop.duckdb").unlink()
    with (
        pytest.raises(ConfigError, match=r"no warehouse at .*shop\.duckdb: run `dbt build` first"),
        open_warehouse(project),
    ):
        pass


def test_a_file_that_is_no_database_is_named_as_damaged(project: Path) -> None:
    (project / "target/shop.duckdb").write_bytes(b"nonsense" * 1000)
    with pytest.raises(ConfigError, match="is damaged"), open_warehouse(project):
        pass


def test_a_file_that_another_process_writes_is_unavailable_and_its_holder_is_named(
    project: Path,
) -> None:
    writer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            WRITER,
            str(project / "target/shop.duckdb"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        with pytest.raises(Unavailable) as caught, open_warehouse(project):
            pass
    finally:
        writer.communicate()
    assert f"PID {writer.pid}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_a_killed_writer_had_committed_is_read(project: Path) -> None:
    path = project / "target/shop.duckdb"
    script = (
        "import duckdb, os, signal, sys; c = duckdb.connect(sys.argv[1]);"
        "c.execute('insert into orders values (7)'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=False)
    assert path.with_suffix(".duckdb.wal").exists()
    with open_warehouse(project) as warehouse:
        assert warehouse.table("select * from orders").num_rows == 4


def test_an_adapter_that_is_not_known_here_is_named(project: Path) -> None:
    with pytest.raises(ConfigError, match="'postgres'"), open_warehouse(project, "elsewhere"):
        pass


@pytest.mark.parametrize(
    ("target", "said"),
    [("nowhere", "does not have a target named 'nowhere'"), ("unset", "'SHOP_NEVER_SET'")],
)
def test_a_profile_that_dbt_would_refuse_is_refused_in_one_line(
    project: Path, target: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as caught, open_warehouse(project, target):
        pass
    assert "\n" not in str(caught.value)


def test_a_folder_without_project_or_profile_is_named(project: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(ConfigError, match=r"no dbt_project\.yml"),
        open_warehouse(tmp_path / "target"),
    ):
        pass
    (project / "profiles.yml").write_text("another: {}\n")
    with pytest.raises(ConfigError, match="no profile 'shop'"), open_warehouse(project):
        pass


def test_a_table_that_is_absent_is_named_with_the_remedy(project: Path) -> None:
    with (
        open_warehouse(project) as warehouse,
        pytest.raises(ConfigError, match=r"fct_nothing.*dbt build"),
    ):
        warehouse.table("select * from fct_nothing")


@pytest.mark.parametrize(
    "sql",
    [
        "select cast('canary@example.com' as integer) as n",
        "select cast(email as integer) as n from contacts",
        "select cast(email as integer) as n from contacts order by 1",
    ],
)
def test_a_failing_query_does_not_show_the_value_it_stumbled_over(project: Path, sql: str) -> None:
    with duckdb.connect(project / "target/shop.duckdb") as connection:
        connection.execute(
            "create table contacts as select case when range = 200000 "
            "then 'canary@example.com' else '1' end as email from range(300000)"
        )
    with (
        open_warehouse(project) as warehouse,
        pytest.raises(ConfigError, match="Conversion Error") as caught,
    ):
        warehouse.table(sql)
    assert "canary" not in "".join(traceback.format_exception(caught.value))
