"""A generation is complete or not there, comes from one whole build, and is never changed."""

# ruff: noqa: S603 - the SQL and the commands of a test are its own

import fcntl
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tamiz.errors import ConfigError, EmptyTable, GateError, TamizError, Unavailable
from tamiz.publish import Generation, generations, latest_generation, publish, verify, whole_build
from tamiz.quality import Check, QualityResult, gate, validate
from tamiz.quality.checks import Say

TABLES = """
create table dim_people as select 'p' || range as person_id, range % 3 as lifecycle from range(50);
create table fct_sessions as
    select md5(range::text) as session_id, 'p' || range % 50 as person_id,
        timestamp '2026-06-01 00:00:00' + range * interval 1 second as started_at
    from range(500);
create table fct_person_identifiers as select 'p1' as person_id, 'a@example.com' as identifier;
create view seg_lapsed as select person_id from dim_people where lifecycle = 2;
create table aud_win_back as select person_id from seg_lapsed;
create table fct_consent_current as select true as is_granted;
create table int_people_barred_for_good (person_id text, reason text);
create table int_visitors_barred_for_good (anonymous_id text);
create table int_suppressed_hashes (identifier_sha256 text, reason text);
create table int_known_hashes (person_id text, anonymous_id text, identifier_sha256 text);
create table tamiz_build_log (
    sequence bigint, invocation_id text, command text, event text, as_of text,
    models_built bigint, models_failed bigint, tests_failed bigint, built_models text);
"""
MODELS = {
    "dim_people": "public",
    "fct_sessions": "public",
    "fct_person_identifiers": "private",
    "seg_lapsed": "private",
    "aud_win_back": "private",
}
WIN_BACK = {"label": "Win back", "platforms": ["meta", "google"], "minimum_size": 100}
AS_OF = "2026-06-30 00:00:00"
NOW = datetime(2026, 6, 30, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """A dbt project's warehouse and manifest, and the folder its generations go to."""

    connection: duckdb.DuckDBPyConnection
    folder: Path

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.json"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def table(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()

    def batches(self, sql: str) -> pa.RecordBatchReader:
        return self.connection.sql(sql).to_arrow_reader(2048)

    def relations(self) -> frozenset[str]:
        return frozenset(name for (name,) in self.connection.execute("show tables").fetchall())

    def run(self, sql: str) -> None:
        self.connection.execute(sql)

    def log(self, event: str, invocation: str, **values: object) -> None:
        """What the project's dbt hooks write."""
        row: dict[str, object] = {
            "command": "build",
            "as_of": AS_OF,
            "models_built": len(MODELS),
            "models_failed": 0,
            "tests_failed": 0,
            "built_models": ",".join(sorted(MODELS)),
        } | values
        self.connection.execute(
            f"insert into tamiz_build_log by name select {', '.join(f'${n} as {n}' for n in row)}, "
            "$event as event, $invocation as invocation_id, (select coalesce(max(sequence), 0) + 1 "
            "from tamiz_build_log) as sequence",
            {**row, "event": event, "invocation": invocation},
        )

    def built(self, invocation: str, **values: object) -> None:
        """A whole dbt invocation."""
        command = {name: values[name] for name in ("command", "as_of") if name in values}
        self.log("started", invocation, models_built=0, built_models="", **command)
        self.log("finished", invocation, **values)

    def write_manifest(self, **win_back: object) -> None:
        nodes: dict[str, dict[str, Any]] = {
            f"model.shop.{name}": {
                "name": name,
                "resource_type": "model",
                "access": access,
                "config": {"enabled": True, "materialized": "table", "meta": {}},
            }
            for name, access in MODELS.items()
        }
        nodes["model.shop.aud_win_back"]["config"]["meta"] = {**WIN_BACK, **win_back}
        nodes["model.shop.int_inline"] = {
            "name": "int_inline",
            "resource_type": "model",
            "access": "private",
            "config": {"enabled": True, "materialized": "ephemeral"},
        }
        nodes["test.shop.unique"] = {"name": "unique", "resource_type": "test", "config": {}}
        self.manifest.write_text(json.dumps({"nodes": nodes}))

    def gate(self, say: Say) -> dict[str, Any]:
        """What `validate` asks for besides the places it reads and writes."""
        return {"ledger_file": self.folder / "ledger.db", "now": NOW, "say": say}

    def publish(self, keep: int = 5) -> Generation:
        return publish(self, self.manifest, self.published, keep=keep)


Harm = Callable[[Shop], None]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with duckdb.connect(tmp_path / "shop.duckdb") as connection:
        connection.execute(TABLES)
        shop = Shop(connection, tmp_path)
        shop.write_manifest()
        shop.built("first")
        yield shop


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_public_tables_are_published_with_a_manifest_and_nothing_else(shop: Shop) -> None:
    generation = shop.publish()
    assert {path.name for path in generation.path.iterdir()} == {
        "dim_people.parquet",
        "fct_sessions.parquet",
        "manifest.json",
    }
    assert generation.path == shop.published / generation.generation_id
    assert generation.generation_id.startswith("20260630T000000-")
    assert generation.as_of == datetime(2026, 6, 30, tzinfo=UTC)
    assert generation.dbt_invocation_id == "first"
    assert generation.audiences == ({"name": "aud_win_back", **WIN_BACK},)
    assert generation.segments == ({"name": "seg_lapsed"},)
    sessions = generation.tables["fct_sessions"]
    assert sessions.row_count == 500
    assert sessions.columns == {
        "session_id": "string",
        "person_id": "string",
        "started_at": "timestamp[us]",
    }
    read = pq.read_table(sessions.file)
    assert read.equals(shop.table("select * from fct_sessions order by all"))


def test_what_is_published_is_found_again(shop: Shop) -> None:
    generation = shop.publish()
    assert latest_generation(shop.published) == generation
    assert generations(shop.published) == [generation]
    verify(generation)


def test_only_the_owner_may_read_what_is_published(shop: Shop) -> None:
    generation = shop.publish()
    folders = [shop.published, generation.path]
    assert [oct(path.stat().st_mode & 0o777) for path in folders] == ["0o700", "0o700"]
    assert {oct(path.stat().st_mode & 0o777) for path in generation.path.iterdir()} == {"0o600"}


def test_the_same_content_published_again_changes_nothing(shop: Shop) -> None:
    first = shop.publish()
    before = bytes_of(first.path)
    shop.built("second")
    assert shop.publish() == first
    assert bytes_of(first.path) == before
    assert latest_generation(shop.published).dbt_invocation_id == "first"


@pytest.mark.parametrize("threads", [1, 4])
def test_equal_rows_are_equal_bytes_in_any_order_and_with_any_number_of_threads(
    shop: Shop, threads: int
) -> None:
    rows = "select range // 3 as n, case when range % 7 > 0 then md5((range // 3)::text) end as t"
    shop.run(f"create or replace table fct_sessions as {rows} from range(300000)")
    first = shop.publish()
    before = bytes_of(first.path)
    shutil.rmtree(shop.published)
    shop.run(f"set threads = {threads}")
    shop.run(f"create or replace table fct_sessions as {rows} from range(300000) order by hash(t)")
    second = shop.publish()
    assert bytes_of(second.path) == before
    groups = pq.ParquetFile(second.tables["fct_sessions"].file).metadata
    assert [groups.row_group(n).num_rows for n in range(groups.num_row_groups)] == [
        131_072,
        131_072,
        37_856,
    ]


def test_a_table_without_rows_is_published_with_its_columns(shop: Shop) -> None:
    shop.run("delete from fct_sessions")
    table = shop.publish().tables["fct_sessions"]
    assert table.row_count == 0
    assert pq.read_schema(table.file).names == ["session_id", "person_id", "started_at"]


def test_another_row_or_another_rule_of_an_audience_is_another_generation(shop: Shop) -> None:
    first = shop.publish()
    shop.run("delete from fct_sessions where person_id = 'p1'")
    second = shop.publish()
    shop.write_manifest(minimum_size=1000)
    third = shop.publish()
    assert generations(shop.published) == [first, second, third]
    assert [found.published_sequence for found in (first, second, third)] == [1, 2, 3]
    assert latest_generation(shop.published).audiences[0]["minimum_size"] == 1000


def test_going_back_to_earlier_content_makes_it_the_latest_again(shop: Shop) -> None:
    first = shop.publish()
    shop.write_manifest(minimum_size=1000)
    second = shop.publish()
    shop.write_manifest()
    shop.built("third")
    again = shop.publish()
    assert again.generation_id == first.generation_id
    assert generations(shop.published) == [second, again]
    assert again.dbt_invocation_id == "third"
    verify(again)


def test_the_last_few_generations_are_kept(shop: Shop) -> None:
    ids = []
    for size in range(4):
        shop.write_manifest(minimum_size=size)
        ids.append(shop.publish(keep=2).generation_id)
    assert [found.generation_id for found in generations(shop.published)] == ids[2:]
    assert sorted(path.name for path in shop.published.iterdir()) == sorted([".lock", *ids[2:]])
    shop.write_manifest(minimum_size=5)
    newest = shop.publish(keep=0)
    assert generations(shop.published) == [newest]


def test_nothing_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GateError, match=r"nothing is published in .*`tamiz validate`"):
        latest_generation(tmp_path / "published")
    assert generations(tmp_path / "published") == []


def never_logged(shop: Shop) -> None:
    shop.run("drop table tamiz_build_log")


def nothing_logged(shop: Shop) -> None:
    shop.run("delete from tamiz_build_log")


def killed(shop: Shop) -> None:
    shop.log("started", "second")


def model_failed(shop: Shop) -> None:
    shop.built("second", models_failed=2)


def tests_failed(shop: Shop) -> None:
    shop.built("second", tests_failed=3)


def selected(shop: Shop) -> None:
    shop.built("second", built_models="dim_people,fct_person_identifiers,seg_lapsed,other")


def untested(shop: Shop) -> None:
    shop.built("second", command="run")


def table_dropped(shop: Shop) -> None:
    shop.run("drop table fct_sessions")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (never_logged, "does not say what built it"),
        (nothing_logged, "does not say what built it"),
        (killed, "`dbt build` was cut short"),
        (model_failed, "2 models and 0 tests failed"),
        (tests_failed, "0 models and 3 tests failed"),
        (selected, r"left out 2 of 5 models \(aud_win_back is one\)"),
        (untested, "the last dbt command was `dbt run`"),
        (table_dropped, r"1 public tables are not in the warehouse \(fct_sessions is one\)"),
    ],
)
def test_a_build_that_is_not_whole_is_refused_and_the_old_generation_stays(
    shop: Shop, harm: Harm, said: str
) -> None:
    old = shop.publish()
    harm(shop)
    with pytest.raises(GateError, match=said) as caught:
        shop.publish()
    assert "run `dbt build`" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert latest_generation(shop.published) == old


def test_a_whole_build_after_a_killed_one_is_published(shop: Shop) -> None:
    shop.log("started", "killed")
    shop.built("third")
    assert shop.publish().dbt_invocation_id == "third"


def test_the_moment_of_a_build_is_read_as_utc(shop: Shop) -> None:
    shop.built("second", as_of="2026-07-01T02:00:00+02:00")
    assert whole_build(shop, shop.manifest).as_of == datetime(2026, 7, 1, tzinfo=UTC)
    shop.built("third", as_of="yesterday")
    with pytest.raises(ConfigError, match="'yesterday'"):
        whole_build(shop, shop.manifest)


def test_a_build_without_people_is_refused(shop: Shop) -> None:
    shop.run("delete from dim_people")
    with pytest.raises(EmptyTable, match="dim_people: no people: check that TAMIZ_RAW"):
        shop.publish()


@pytest.mark.parametrize("text", [None, "", "[]", "{}"])
def test_a_manifest_that_cannot_be_read_asks_for_a_build(shop: Shop, text: str | None) -> None:
    shop.manifest.unlink()
    if text is not None:
        shop.manifest.write_text(text)
    with pytest.raises(ConfigError, match=r"manifest.*run `dbt build`"):
        shop.publish()


def flip(shop: Shop) -> None:
    file = latest_generation(shop.published).tables["dim_people"].file
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def remove(shop: Shop) -> None:
    latest_generation(shop.published).tables["dim_people"].file.unlink()


def edit(shop: Shop) -> None:
    file = latest_generation(shop.published).path / "manifest.json"
    file.write_text(file.read_text().replace('"minimum_size": 100', '"minimum_size": 1'))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (flip, r"dim_people\.parquet was changed"),
        (remove, r"dim_people\.parquet is gone"),
        (edit, r"manifest\.json was changed"),
    ],
)
def test_a_changed_generation_is_found_and_the_next_publication_mends_it(
    shop: Shop, harm: Harm, said: str
) -> None:
    whole = shop.publish()
    harm(shop)
    with pytest.raises(GateError, match=f"{whole.generation_id} .* is damaged, {said}"):
        verify(latest_generation(shop.published))
    mended = shop.publish()
    assert mended.generation_id == whole.generation_id
    verify(latest_generation(shop.published))


def test_an_unreadable_manifest_is_an_error_and_no_older_generation_takes_its_place(
    shop: Shop,
) -> None:
    shop.publish()
    shop.write_manifest(minimum_size=1)
    damaged = shop.publish()
    (damaged.path / "manifest.json").write_text("{")
    with pytest.raises(GateError, match=r"manifest\.json cannot be read"):
        latest_generation(shop.published)
    assert shop.publish().generation_id == damaged.generation_id
    assert len(generations(shop.published)) == 2


def test_a_second_publisher_is_told_and_changes_nothing(shop: Shop) -> None:
    shop.publish()
    before = sorted(shop.published.rglob("*"))
    shop.write_manifest(minimum_size=1)
    with (shop.published / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Unavailable, match="another `tamiz validate` is publishing"):
            shop.publish()
    assert sorted(shop.published.rglob("*")) == before
    shop.publish()
    assert len(generations(shop.published)) == 2


# Publishes to each folder in turn; the n-th publication dies at its n-th step on the disk.
DYING = """
import os, signal, sys
from pathlib import Path
import duckdb
from tamiz.publish import publish

class Shop:
    connection = None
    def table(self, sql):
        return self.connection.sql(sql).to_arrow_table()
    def batches(self, sql):
        return self.connection.sql(sql).to_arrow_reader()
    def relations(self):
        return frozenset(row[0] for row in self.connection.execute("show tables").fetchall())

left = 0

def dying(step):
    def stepped(*args):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return step(*args)
    return stepped

os.fsync, Path.rename, Path.replace = dying(os.fsync), dying(Path.rename), dying(Path.replace)
for left, folder in enumerate(sys.argv[3:], start=1):
    child = os.fork()
    if child == 0:
        Shop.connection = duckdb.connect(sys.argv[1], read_only=True)
        publish(Shop(), Path(sys.argv[2]), Path(folder), keep=1)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_killed_at_any_step_the_old_generation_or_the_whole_new_one_is_there(shop: Shop) -> None:
    old = shop.publish()
    shop.write_manifest(minimum_size=1)
    shop.connection.close()
    states = [shop.folder / f"killed_at_{step}" for step in range(1, 13)]
    for state in states:
        shutil.copytree(shop.published, state, ignore=shutil.ignore_patterns(".lock"))
    arguments = [str(path) for path in (shop.folder / "shop.duckdb", shop.manifest, *states)]
    ended = subprocess.run(
        [sys.executable, "-c", DYING, *arguments], check=True, capture_output=True, text=True
    )
    outcomes = []
    for code, state in zip(ended.stdout.split(), states, strict=True):
        found = latest_generation(state)
        verify(found)
        outcomes.append((int(code), found.generation_id == old.generation_id))
    killed_before, killed_after, whole = (-9, True), (-9, False), (0, False)
    assert set(outcomes) == {killed_before, killed_after, whole}
    assert outcomes == sorted(outcomes, key=[killed_before, killed_after, whole].index)
    assert not list(states[-1].glob(".partial-*"))


def test_what_a_killed_publisher_left_is_no_generation_and_is_swept_away(shop: Shop) -> None:
    left = shop.published / ".partial-killed"
    left.mkdir(parents=True)
    (left / "manifest.json").write_text("{")
    assert generations(shop.published) == []
    shop.publish()
    assert not left.exists()


@pytest.fixture
def say() -> Say:
    return lambda _: None


def test_validate_publishes_when_every_check_holds(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    asked: list[datetime] = []

    def run_checks(_: object, __: Path, as_of: datetime, ___: object) -> QualityResult:
        asked.append(as_of)
        return QualityResult(passed=True, checks=())

    monkeypatch.setattr(gate, "run_checks", run_checks)
    generation = validate(
        shop, shop.manifest, shop.published, shop.folder / "docs", **shop.gate(say)
    )
    assert latest_generation(shop.published) == generation
    assert asked == [generation.as_of]


def test_validate_publishes_nothing_when_a_check_is_broken_and_names_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    check = Check("facts", "fct_sessions", "session_id is unique", False, 3)  # noqa: FBT003
    result = QualityResult(passed=False, checks=(check,))
    monkeypatch.setattr(gate, "run_checks", lambda *_: result)
    with pytest.raises(GateError, match="fct_sessions: session_id is unique: broken 3 times"):
        validate(shop, shop.manifest, shop.published, shop.folder / "docs", **shop.gate(say))
    assert generations(shop.published) == []


READ = (
    "create or replace table fct_row_counts as"
    " from (values {}) as read(table_name, outcome, row_count)"
)


@pytest.fixture
def refusing_shop(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop that has published refusals of both tables; its checks hold."""
    result = QualityResult(passed=True, checks=())
    monkeypatch.setattr(gate, "run_checks", lambda *_: result)
    monkeypatch.setitem(MODELS, "fct_row_counts", "public")
    read = "('privacy_requests', 'accepted', 3), ('consent_events', 'accepted', 9::bigint)"
    rebuilt(shop, READ.format(read))
    shop.publish()
    return shop


def rebuilt(shop: Shop, sql: str) -> None:
    shop.run(sql)
    shop.write_manifest()
    shop.built(f"after {sql}")


@pytest.mark.parametrize(
    ("rows", "lost"),
    [
        ("('consent_events', 'accepted', 9::bigint)", "privacy_requests"),
        ("('privacy_requests', 'accepted', 1::bigint)", "consent_events"),
        (
            "('privacy_requests', 'rejected', 3), ('consent_events', 'accepted', 0::bigint)",
            "consent_events and privacy_requests",
        ),
    ],
)
def test_a_build_that_lost_a_table_of_refusals_is_not_published(
    refusing_shop: Shop, say: Say, rows: str, lost: str
) -> None:
    shop = refusing_shop
    before = latest_generation(shop.published)
    rebuilt(shop, READ.format(rows))
    with pytest.raises(GateError, match=f"^{lost}: no row was read, .* bring the raw table back"):
        validate(shop, shop.manifest, shop.published, shop.folder / "docs", **shop.gate(say))
    assert generations(shop.published) == [before]


def test_a_build_with_fewer_refusals_of_each_table_is_published(
    refusing_shop: Shop, say: Say
) -> None:
    shop = refusing_shop
    rebuilt(
        shop,
        READ.format(
            "('privacy_requests', 'accepted', 1), ('consent_events', 'accepted', 1::bigint)"
        ),
    )
    validate(shop, shop.manifest, shop.published, shop.folder / "docs", **shop.gate(say))
    assert len(generations(shop.published)) == 2


def test_refusals_lost_beside_a_damaged_generation_are_those_of_the_one_before(
    refusing_shop: Shop, say: Say
) -> None:
    shop = refusing_shop
    kept = latest_generation(shop.published)
    shop.run("insert into dim_people values ('new', 1)")
    damaged = shop.publish()
    (damaged.path / "manifest.json").write_text("{")
    rebuilt(shop, READ.format("('crm_customers', 'accepted', 9::bigint)"))
    with pytest.raises(GateError, match="no row was read"):
        validate(shop, shop.manifest, shop.published, shop.folder / "docs", **shop.gate(say))
    assert kept.path.is_dir()


def test_validate_does_not_spend_time_on_the_checks_of_half_a_build(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    monkeypatch.setattr(gate, "run_checks", lambda *_: pytest.fail("checked"))
    killed(shop)
    with pytest.raises(TamizError, match="cut short"):
        validate(shop, shop.manifest, shop.published, shop.folder / "docs", **shop.gate(say))
