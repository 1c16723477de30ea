"""Every mistake is one line with its remedy and an exit code of its own, and nothing is lost."""

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from loops import Loop, Sandbox, loop_of, plain_environment
from worlds import PROJECT, World

from tamiz.sandbox import running_sandbox

CANARY = "canary.of.the.mine@example.com"
AUDIENCES = ("aud_cart_reminder", "aud_existing_customers", "aud_win_back")
PLATFORMS = (
    *("google", "linkedin", "meta", "microsoft", "pinterest", "reddit", "snapchat", "tiktok"),
    "x",
)
COMMANDS = (
    *("demo-data", "build", "validate", "plan", "push", "report", "sandbox"),
    *("platforms", "doctor", "export", "receipts", "hash", "phone-metadata", "demo"),
    *("sources", "check"),
)
BUILD = ("build", "--select", "stg_pixel__events")
# Holds the lock of a ledger, says so, and waits to be ended.
HOLDER = """
import fcntl, sys
with open(sys.argv[1], "a") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def finished(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """A loop that was gone through once: published, pushed and reported."""
    loop = loop_of(demo_world, tmp_path_factory.mktemp("finished"))
    with running_sandbox() as url:
        for command in (("validate",), ("push", "--sandbox", url), ("report",)):
            outcome = loop.tamiz(*command)
            assert outcome.code == 0, outcome
    return loop


@pytest.fixture
def loop(finished: Loop, tmp_path: Path) -> Loop:
    """A copy of the finished loop that may be harmed."""
    return Loop(Path(shutil.copytree(finished.folder, tmp_path / "copy")))


@pytest.fixture
def fresh(demo_world: World, tmp_path: Path) -> Loop:
    """A loop that was built and nothing more."""
    return loop_of(demo_world, tmp_path / "fresh")


def kept(loop: Loop) -> dict[str, bytes]:
    """What must survive every mistake: what is published, and the ledger's lists and members."""
    published = [path for path in loop.published.rglob("*") if path.is_file()]
    with closing(sqlite3.connect(loop.ledger)) as ledger:
        tables = {
            name: repr(sorted(ledger.execute(f"select * from {name}"))).encode()
            for name in ("sync", "member", "run", "batch")
        }
    return tables | {str(path): path.read_bytes() for path in published}


@pytest.mark.parametrize(
    ("statement", "code", "message"),
    [
        (
            "alter table pixel_events drop column occurred_at",
            11,
            "pixel_events has no column occurred_at",
        ),
        (
            f"alter table pixel_events alter occurred_at type text using '{CANARY}'",
            12,
            "pixel_events.occurred_at is VARCHAR",
        ),
    ],
)
def test_a_column_that_is_absent_or_of_another_type_stops_the_build(
    loop: Loop, statement: str, code: int, message: str
) -> None:
    before = kept(loop)
    loop.change("pixel_events", statement)
    outcome = loop.tamiz(*BUILD)
    assert (outcome.code, outcome.out) == (code, "")
    assert message in outcome.error
    assert CANARY not in outcome.err
    refused = loop.tamiz("validate")
    assert refused.code == 3
    assert "failed or were skipped in the last `dbt build`" in refused.error
    assert kept(loop) == before
    plan = loop.tamiz("plan").out
    # Seven lists are too small for their platform in so small a world, and hold nobody.
    assert (plan.count("add 0, remove 0, keep"), plan.count("keep 0")) == (2 + 9 + 2, 7)


def test_a_folder_without_raw_tables_stops_the_build(loop: Loop) -> None:
    before = kept(loop)
    shutil.rmtree(loop.raw)
    outcome = loop.tamiz(*BUILD)
    assert outcome.code == 13
    assert f"TAMIZ_RAW names {loop.raw}, where there are no files: name the" in outcome.error
    assert kept(loop) == before


def test_one_absent_table_counts_as_empty_and_the_build_says_so(loop: Loop) -> None:
    (loop.raw / "social_posts.parquet").unlink()
    outcome = loop.tamiz("build", "--select", "stg_social__posts")
    assert outcome.code == 0
    [line] = [line for line in outcome.err.splitlines() if "built" not in line]
    assert "social_posts" in line
    assert loop.query("select count(*) from stg_social__posts") == [(0,)]


def test_a_shop_without_anybody_is_not_published(loop: Loop) -> None:
    before = kept(loop)
    for file in loop.raw.glob("*.parquet"):
        loop.change(file.stem, f"delete from {file.stem} where 1 = 1 returning 1")
    loop.database.unlink()  # which remembers events
    loop.build("--exclude-resource-type", "unit_test", "test")
    assert loop.query("select count(*) from dim_people") == [(0,)]
    outcome = loop.tamiz("validate")
    assert outcome.code == 14
    assert "dim_people: no people: check that TAMIZ_RAW names" in outcome.error
    assert kept(loop) == before


@pytest.mark.parametrize("command", ["plan", "push"])
@pytest.mark.parametrize(
    ("option", "name", "message"),
    [
        (
            "--platform",
            "myspace",
            f"no platform named 'myspace'; known: {', '.join(PLATFORMS)}",
        ),
        (
            "--audience",
            "aud_nobody",
            f"no audience named 'aud_nobody'; known: {', '.join(AUDIENCES)}",
        ),
    ],
)
def test_a_name_that_nobody_has_is_told_with_those_that_are(
    finished: Loop, command: str, option: str, name: str, message: str
) -> None:
    before = kept(finished)
    outcome = finished.tamiz(command, option, name)
    assert (outcome.code, outcome.out, outcome.error) == (15, "", message)
    assert kept(finished) == before


@pytest.mark.parametrize("command", ["plan", "push", "report"])
def test_without_anything_published_there_is_nothing_to_send_or_show(
    fresh: Loop, command: str
) -> None:
    outcome = fresh.tamiz(command)
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.error == (
        f"nothing is published in {fresh.published}: run `dbt build`, then `tamiz validate`"
    )


def test_a_real_process_ends_with_the_code_and_the_line_of_its_mistake(tmp_path: Path) -> None:
    outcome = Loop(tmp_path).process("push")
    assert (outcome.code, outcome.out) == (3, "")
    assert outcome.err.startswith(f"tamiz: nothing is published in {tmp_path}")
    assert outcome.err.count("\n") == 1


def test_a_published_table_that_was_changed_is_not_sent(loop: Loop) -> None:
    [file] = loop.published.glob("*/fct_audience_members.parquet")
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    for command in ("plan", "push"):
        outcome = loop.tamiz(command)
        assert outcome.code == 3
        assert "fct_audience_members.parquet was changed" in outcome.error


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("run", "the last dbt command was `dbt run`"),
        ("build", "the last `dbt build` left out"),
    ],
)
def test_a_warehouse_built_in_part_is_not_published(loop: Loop, command: str, message: str) -> None:
    before = kept(loop)
    loop.build("--select", "int_product_views", command=command)
    outcome = loop.tamiz("validate")
    assert (outcome.code, outcome.out) == (3, "")
    assert message in outcome.error
    assert "run `dbt build`" in outcome.error
    assert kept(loop) == before


def test_a_build_that_was_killed_is_not_published_and_the_next_one_heals(
    demo_world: World, loop: Loop
) -> None:
    before = kept(loop)
    arguments = ("build", "--no-use-colors", "--exclude-resource-type", "unit_test", "test")
    with subprocess.Popen(  # noqa: S603 - our own dbt
        [Path(sys.executable).with_name("dbt"), *arguments, "--profiles-dir", "."],
        cwd=PROJECT,
        env=plain_environment() | loop.variables(),
        stdout=subprocess.PIPE,
        text=True,
    ) as building:
        assert building.stdout is not None
        made = (line for line in building.stdout if "OK created sql table" in line)
        killed_after = next(line for line in made if "int_identity_edges" in line)
        building.kill()
    assert killed_after
    assert building.returncode == -signal.SIGKILL
    outcome = loop.tamiz("validate")
    assert outcome.code == 3
    assert outcome.error == "the last `dbt build` was cut short before its end: run `dbt build`"
    assert kept(loop) == before
    assert loop.tamiz("plan").code == 0
    loop.build("--exclude-resource-type", "unit_test", "test")
    for table in ("dim_people", "fct_sessions", "fct_audience_members", "fct_audience_funnel"):
        rows = f"select * from {table} order by all"
        assert loop.query(rows) == demo_world.query(rows), table
    # What was pushed before is counted and stands in fct_push_receipts now; the rest is the same.
    [first] = loop.published.glob("2*")
    assert loop.tamiz("validate").code == 0
    [healed] = set(loop.published.glob("2*")) - {first}
    hashes = [
        {name: table["sha256"] for name, table in json.loads(text)["tables"].items()}
        for text in ((folder / "manifest.json").read_text() for folder in (first, healed))
    ]
    changed = {name for name in hashes[0] if hashes[0][name] != hashes[1][name]}
    assert changed == {"fct_push_receipts", "fct_row_counts"}


def test_platforms_that_are_down_are_told_and_the_next_push_heals(loop: Loop) -> None:
    shutil.rmtree(loop.ledger.parent)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        outcome = loop.tamiz("push", "--sandbox", address)
    assert outcome.code == 30
    assert "cannot be reached at 127.0.0.1" in outcome.error
    with running_sandbox() as url:
        healed = loop.tamiz("push", "--sandbox", url)
        assert healed.code == 0, healed
        assert len(Sandbox(url).members("meta")) > 100


def test_a_ledger_that_another_push_holds_is_left_alone(loop: Loop) -> None:
    before = kept(loop)
    lock = loop.ledger.with_name("ledger.db.lock")
    holder = subprocess.Popen(  # noqa: S603 - our own Python
        [sys.executable, "-c", HOLDER, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with running_sandbox() as url:
            outcome = loop.tamiz("push", "--sandbox", url)
            assert Sandbox(url).changes() == []
    finally:
        holder.communicate("")
    assert outcome.code == 75
    assert "another push holds the ledger; nothing was sent: run `tamiz push`" in outcome.error
    assert kept(loop) == before


def test_a_push_without_credentials_names_what_is_not_set(finished: Loop) -> None:
    before = kept(finished)
    outcome = finished.tamiz("push", "--platform", "meta")
    assert outcome.code == 10
    assert "no account reference 'default' (there are: none): add accounts.default.meta" in (
        outcome.error
    )
    assert kept(finished) == before


@pytest.mark.parametrize(
    "moment", ["yesterday", "2026-02-30", "2026-06-30 24:00:00", "2026-06-30T00:00:00Z", ""]
)
def test_an_as_of_that_is_no_moment_stops_the_build_before_anything_is_built(
    loop: Loop, moment: str
) -> None:
    before, rows = kept(loop), loop.query("select count(*) from tamiz_build_log")
    outcome = loop.tamiz(*BUILD, "--vars", f"{{as_of: '{moment}'}}")
    assert (outcome.code, outcome.out) == (10, "")
    assert f"as_of is '{moment}', which is no moment: write it as" in outcome.error
    assert loop.query("select count(*) from tamiz_build_log") == rows
    assert kept(loop) == before


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_shows_an_example(tmp_path: Path, command: str) -> None:
    outcome = Loop(tmp_path).tamiz(*command.split(), "--help")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith("Usage: ")
    assert "Example" in outcome.out
    assert f"tamiz {command}".strip() in outcome.out.partition("Example")[2]


def test_every_command_has_its_help_tested() -> None:
    from tamiz.cli import cli

    assert sorted(cli.commands) == sorted(COMMANDS)


@pytest.mark.parametrize("arguments", [["fly"], ["plan", "--fly"], ["demo", "--people", "many"]])
def test_a_command_that_is_typed_wrongly_ends_with_2(tmp_path: Path, arguments: list[str]) -> None:
    outcome = Loop(tmp_path).tamiz(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert "--help" in outcome.err


@pytest.fixture(scope="module")
def forgetful(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with a segment, an exclusion and an audience that no list names."""
    project = tmp_path_factory.mktemp("forgetful") / "project"
    project.mkdir()
    for name in ("models", "macros", "seeds"):
        shutil.copytree(PROJECT / name, project / name)
    for name in ("dbt_project.yml", "profiles.yml"):
        shutil.copy(PROJECT / name, project)
    for room, name, forgotten in (
        ("segments", "seg_lapsed", "seg_forgotten"),
        ("exclusions", "exc_erased", "exc_forgotten"),
        ("audiences", "aud_win_back", "aud_forgotten"),
    ):
        folder = project / "models" / room
        shutil.copy(folder / f"{name}.sql", folder / f"{forgotten}.sql")
    return project


@pytest.fixture(scope="module")
def forgetful_manifest(forgetful: Path) -> object:
    from dbt.cli.main import dbtRunner

    place = ["--project-dir", str(forgetful), "--profiles-dir", str(forgetful)]
    outcome = dbtRunner().invoke(["parse", "--quiet", *place])
    assert outcome.success, outcome.exception
    return outcome.result


@pytest.mark.parametrize(
    ("forgotten", "union"),
    [
        ("segments/seg_forgotten", "fct_segment_members"),
        ("exclusions/exc_forgotten", "fct_exclusions"),
        ("audiences/aud_forgotten", "fct_audience_members"),
    ],
)
def test_what_a_list_leaves_out_stops_the_build_with_the_file_to_change(
    loop: Loop, forgetful: Path, forgetful_manifest: object, forgotten: str, union: str
) -> None:
    name = forgotten.partition("/")[2]
    before = kept(loop)
    outcome = loop.tamiz(
        *("build", "--select", union, "--exclude-resource-type", "unit_test", "test"),
        project=forgetful,
        manifest=forgetful_manifest,
    )
    assert (outcome.code, outcome.out) == (10, "")
    assert outcome.error == (
        f"models/audiences/{union}.sql leaves out {name}"
        f" (models/{forgotten}.sql): add ref('{name}') to its list"
    )
    assert loop.tamiz("validate").code == 3
    assert kept(loop) == before
