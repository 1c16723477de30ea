"""Whatever is written is its owner's alone, and SQL opens no file but the project's."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from worlds import World

from tamiz.cli import main
from tamiz.lockdown import lock_down
from tamiz.private import close_to_others, open_to_others
from tamiz.warehouse import open_warehouse


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """The umask of most machines, under which others can read whatever is written."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def world(new_world: Callable[[str], World]) -> World:
    made = new_world("a world")
    made.write("crm_customers", "select '1' as customer_id, 'ana@example.com' as email")
    return made


def rights(folder: Path) -> dict[str, str]:
    """What group or others may do in a folder, by file."""
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
        if path.stat().st_mode & 0o077
    }


def asked(world: World, sql: str) -> Any:
    """Run SQL as dbt would run a model's."""
    return world.dbt("run-operation", "dbt.run_query", "--args", json.dumps({"sql": sql}))


def test_what_dbt_alone_writes_is_its_owner_s(world: World) -> None:
    for place in (world.target, world.folder / "logs"):
        place.mkdir()
        (place / "of_yesterday").touch()
    world.database.touch()
    world.database.unlink()
    assert rights(world.target)
    world.build("--select", "stg_crm__customers", command="run")
    found = rights(world.folder)
    assert [name for name in found if not name.startswith("raw")] == []
    world.database.chmod(0o644)
    world.build("--select", "stg_crm__customers", command="run")
    assert "tamiz.duckdb" not in rights(world.folder)


def test_every_command_writes_for_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["tamiz", "--version"])
    main()
    assert os.umask(0o022) == 0o077


def test_what_others_can_open_is_found_and_closed(tmp_path: Path) -> None:
    folder, closed = tmp_path / "open", tmp_path / "closed"
    for place in (folder, closed):
        place.mkdir()
        (place / "file").touch()
    closed.chmod(0o700)
    (folder / "link").symlink_to(closed / "file")
    assert open_to_others([folder, closed, tmp_path / "nowhere"]) == [folder]
    close_to_others(folder)
    assert open_to_others([folder]) == []
    assert rights(folder) == {"link": "0o644"}
    close_to_others(tmp_path / "nowhere")


def test_a_folder_that_many_share_or_that_we_are_in_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, ours = tmp_path / "shared", tmp_path / "ours"
    for place in (shared, ours):
        place.mkdir()
    shared.chmod(0o1777)
    monkeypatch.chdir(ours)
    for place in (shared, ours, tmp_path):
        mode = place.stat().st_mode
        close_to_others(place)
        assert place.stat().st_mode == mode


def test_a_model_reads_no_file_but_the_project_s(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for sql in (
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('seeds/../pyproject.toml')",
        "select * from read_csv('https://example.com/a.csv')",
    ):
        assert not asked(world, sql).success
        assert "disabled by configuration" in capsys.readouterr().out


def test_the_raw_folder_and_the_seeds_are_read_and_the_clock_is_utc(world: World) -> None:
    raw = world.raw / "crm_customers.parquet"
    sql = f"""
        select
            1 / (select count(*) from read_parquet('{raw}')),
            1 / (select count(*) from read_csv('seeds/platforms.csv')),
            1 / cast(current_setting('TimeZone') = 'UTC' as integer)
    """
    assert asked(world, sql).success
    # Dividing by 0 would give null: an error has to be asked for.
    assert not asked(world, "select error('x') where current_setting('TimeZone') = 'UTC'").success


@pytest.mark.parametrize(
    "sql",
    [
        *("set enable_external_access = true", "set allowed_directories = ['/']"),
        *("set lock_configuration = false", "install httpfs", "load httpfs"),
        *("copy (select 1) to '/tmp/tamiz_out.csv'", "attach '/tmp/tamiz_other.duckdb'"),
        "select * from read_csv('/etc/passwd')",
    ],
)
def test_a_locked_connection_cannot_be_opened_again_by_sql(sql: str) -> None:
    with duckdb.connect() as connection:
        lock_down(connection)
        with pytest.raises(duckdb.Error, match=r"disabled|locked|not found"):
            connection.cursor().execute(sql)


def test_the_warehouse_is_read_and_nothing_else(world: World) -> None:
    world.build("--select", "platforms", command="seed")
    with world.environment(), open_warehouse(Path()) as warehouse:
        assert warehouse.table("select count(*) from platforms") is not None
        with pytest.raises(Exception, match="Permission"):
            warehouse.table("select * from read_csv('/etc/passwd')")
