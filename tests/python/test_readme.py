"""The README is true: its commands exist, its output is what is printed, its examples work."""

# ruff: noqa: S603 - the commands are those of the README

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import duckdb
import pytest
import yaml
from loops import Loop
from worlds import PROJECT, SHARED, World, failures, parsed_project

from tamiz import errors
from tamiz.catalogue import catalogue
from tamiz.cli import cli
from tamiz.ledger import open_ledger
from tamiz.platforms import PLATFORMS, platform
from tamiz.publish import Generation, publish
from tamiz.push import plan, render
from tamiz.push.accounts import read_accounts
from tamiz.push.guards import HELD_COUNT, HELD_SHARE
from tamiz.sandbox.script import read_script
from tamiz.settings import Settings
from tamiz.warehouse import open_warehouse

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
README = (PROJECT / DOCUMENTS[0]).read_text()
PAGE_VIEWS = SHARED / "data/pageviews/pageviews.parquet"
ORDERS = SHARED / "data/orders/online_retail_2009_2010.parquet"
# What a copy of the project needs to be built.
PARTS = (
    *("dbt_project.yml", ".dbtignore", "profiles.yml"),
    *("models", "macros", "seeds", "tests/generic"),
)
needs_data = pytest.mark.skipif(not PAGE_VIEWS.exists(), reason="../shared/data is not here")


def read(document: str) -> str:
    return (PROJECT / document).read_text()


def block(marker: str) -> str:
    """The code block below the comment `<!-- marker -->`."""
    pattern = rf"<!-- {re.escape(marker)} -->\n```\w*\n(.*?)```\n"
    [found] = re.findall(pattern, README, re.DOTALL)
    return str(found)


def table(name: str) -> list[list[str]]:
    """The cells of the table below the comment `<!-- table: name -->`, without its head."""
    [found] = re.findall(rf"<!-- table: {name} -->\n((?:\|.*\n)+)", README)
    rows = [line.strip("|").split("|") for line in found.splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def masked(text: str) -> str:
    return re.sub(r"\d[\d,.]*", "#", text)


@cache
def nodes(prefix: str) -> dict[str, dict[str, Any]]:
    """The meta of the project's models of a room, by name."""
    models = [node for node in parsed_project().nodes.values() if node.resource_type == "model"]
    return {node.name: node.config.meta for node in models if node.name.startswith(prefix)}


def shell_lines() -> Iterator[list[str]]:
    """The words of every command line in the documents' blocks and code spans."""
    for document in DOCUMENTS:
        text = read(document)
        blocks = re.findall(r"```(?:sh)?\n(.*?)```", text, re.DOTALL)
        lines = [line for found in blocks for line in found.splitlines()]
        lines += codes(re.sub(r"```.*?```", "", text, flags=re.DOTALL))
        for line in lines:
            for part in line.split("&&"):
                words = part.partition("  #")[0].partition("<<")[0].strip()
                if re.match(r"(tamiz|dbt|scripts/\w+|\.ci/\w+)( |$)", words):
                    yield shlex.split(words)


# What is told


def test_every_tamiz_command_and_option_that_is_shown_exists() -> None:
    shown = [words[1:] for words in shell_lines() if words[0] == "tamiz" and len(words) > 1]
    assert len(shown) > 15
    for name, *words in shown:
        command = cli.commands.get(name)
        assert command is not None, f"tamiz {name}"
        # What stands behind `tamiz build` goes to dbt.
        known = {"--vars", "--select", "--full-refresh"} if name == "build" else set()
        for parameter in command.params:
            known |= set(parameter.opts) if isinstance(parameter, click.Option) else set()
        assert {word for word in words if word.startswith("-")} <= known, f"tamiz {name} {words}"


def test_every_script_that_is_shown_can_be_run() -> None:
    scripts = {words[0] for words in shell_lines() if "/" in words[0]}
    assert {"scripts/demo", "scripts/test"} <= scripts
    assert all(os.access(PROJECT / script, os.X_OK) for script in scripts)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_relative_link_and_path_leads_somewhere(document: str) -> None:
    text = read(document)
    links = {link for link in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in link}
    roots = ("models/", "macros/", "scripts/", "seeds/", "tests/", ".ci/")
    spans = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    paths = {word for span in codes(spans) for word in span.split() if word.startswith(roots)}
    made_by_the_reader = set(re.findall(r"<!-- file: (\S+) -->", README))
    wanted = {path for path in links | paths if "<" not in path} - made_by_the_reader
    assert wanted
    assert sorted(path for path in wanted if not (PROJECT / path).exists()) == []


def test_the_exit_codes_are_those_of_the_errors() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", README, re.MULTILINE)
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert {(int(code), name) for code, name in rows} == {
        (kind.exit_code, kind.__name__) for kind in kinds if issubclass(kind, errors.TamizError)
    }
    assert [int(code) for code, _ in rows] == sorted(int(code) for code, _ in rows)


def test_the_environment_variables_are_the_settings_with_their_defaults() -> None:
    rows = {codes(name)[0]: codes(default) for name, default, _ in table("environment")}
    settings = {
        f"TAMIZ_{name.upper()}": [] if field.default is None else [str(field.default)]
        for name, field in Settings.model_fields.items()
    }
    assert rows == {**settings, "TAMIZ_DEBUG": []}
    assert "TAMIZ_DEBUG" in (PROJECT / "scripts/tamiz/cli.py").read_text()
    named = {name for text in DOCUMENTS for name in re.findall(r"TAMIZ_[A-Z_]+\b", read(text))}
    secrets = {secret for facts in catalogue() for secret in facts["secrets"]}
    assert {name.removesuffix("_FILE") for name in named} <= {*rows, *secrets, "TAMIZ_"}


def test_the_accounts_that_are_shown_are_read(tmp_path: Path) -> None:
    file = tmp_path / "platforms.yml"
    file.write_text(block("file: platforms.yml"))
    book = read_accounts(file, {"TAMIZ_META_ACCESS_TOKEN": "a token"})
    assert book.account("default", platform("meta")).account_id == "100200300400500"
    assert book.entry("default", platform("microsoft"))["customer_id"] == "251001"


def test_the_faults_that_are_shown_are_read(tmp_path: Path) -> None:
    file = tmp_path / "faults.yml"
    file.write_text(block("file: faults.yml"))
    assert [entry.platform for entry in read_script(file).faults] == ["meta", "google"]


def test_the_hashes_that_are_shown_are_made() -> None:
    asked, *shown = block("output of: tamiz hash").splitlines()
    words = shlex.split(asked.removeprefix("$ tamiz "))
    outcome = Loop(PROJECT / "target").process(*words)
    assert (outcome.code, outcome.out.splitlines()) == (0, shown)


def test_the_guards_are_those_of_the_push() -> None:
    words = " ".join(README.split())
    assert f"more than {HELD_SHARE * 100:.0f} % of a list and more than {HELD_COUNT}" in words


# What is in it


def test_the_segments_are_those_of_the_project() -> None:
    shown = [(codes(name)[0], label) for name, label, _ in table("segments")]
    assert shown == sorted((name, meta["label"]) for name, meta in nodes("seg_").items())


def test_the_exclusions_are_those_of_the_project_with_their_scopes() -> None:
    shown = [(codes(name)[0], label, scope) for name, label, scope in table("exclusions")]
    scopes = {
        name: re.findall(r"scope='(\w+)'", (PROJECT / f"models/exclusions/{name}.sql").read_text())
        for name in nodes("exc_")
    }
    assert shown == sorted(
        (name, meta["label"], *scopes[name]) for name, meta in nodes("exc_").items()
    )


def test_the_audiences_are_those_of_the_project() -> None:
    shown = [
        (codes(name)[0], label, codes(include), codes(exclude), holdout, platforms.split(", "))
        for name, label, include, exclude, holdout, platforms in table("audiences")
    ]
    assert shown == [
        (name, meta["label"], *in_file(name), f"{meta['holdout'] * 100:.0f} %", meta["platforms"])
        for name, meta in sorted(nodes("aud_").items())
    ]


def in_file(audience: str) -> list[list[str]]:
    text = (PROJECT / f"models/audiences/{audience}.sql").read_text()
    found = [re.findall(rf"{word}=\[(.*?)\]", text, re.DOTALL) for word in ("include", "exclude")]
    return [re.findall(r"'([^']+)'", names) for [names] in found]


def test_the_platforms_are_those_of_the_package() -> None:
    shown = [(codes(row[0])[0], *row[1:]) for row in table("platforms")]
    assert shown == [
        (
            name,
            f"{entry.label}, {entry.api}",
            ", ".join(identifier.kind for identifier in entry.pushed),
            f"{entry.batch_size:,}",
            f"{entry.minimum_size:,}",
        )
        for name, entry in sorted(PLATFORMS.items())
    ]


def test_every_raw_table_has_its_contract_where_the_table_says() -> None:
    shown = {}
    for tables, contract in table("sources"):
        [link] = re.findall(r"\(([^)]+)\)", contract)
        shown |= dict.fromkeys(codes(tables), link)
    sources = parsed_project().sources.values()
    assert shown == {source.identifier: source.original_file_path for source in sources}


def test_every_audience_has_an_exposure_that_reads_what_is_published() -> None:
    file = PROJECT / "models/audiences/_audiences__exposures.yml"
    exposures = yaml.safe_load(file.read_text())["exposures"]
    assert [(each["name"], each["label"], each["owner"]["name"]) for each in exposures] == [
        (meta["list_name"], meta["label"], meta["owner"])
        for _, meta in sorted(nodes("aud_").items())
    ]
    assert all(each["depends_on"] == ["ref('fct_audience_members')"] for each in exposures)


# What is printed


@pytest.fixture(scope="module")
def generation(demo_world: World, tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder = tmp_path_factory.mktemp("readme")
    manifest = folder / "manifest.json"
    parsed_project().write(str(manifest))
    with demo_world.environment(), open_warehouse(PROJECT) as warehouse:
        return publish(warehouse, manifest, folder / "published")


@pytest.fixture(scope="module")
def planned(generation: Generation) -> list[str]:
    with open_ledger(generation.path.parent.parent / "ledger" / "ledger.db") as ledger:
        return render(plan(generation, ledger, audiences=("aud_cart_reminder", "aud_win_back")))


def test_the_plan_reads_as_shown(planned: list[str]) -> None:
    shown = by_audience(block("output of: tamiz plan").splitlines())
    real = {
        head: lines for head, lines in by_audience(planned).items() if head.startswith("aud_win")
    }
    assert list(shown) == list(real)
    for head, [would_send, readiness, left_out] in shown.items():
        assert [would_send, readiness] == real[head][:2]
        really_left_out = real[head][2]
        # In a small world a reason may have nobody; the order of the others stays.
        assert [reason for reason in left_out if reason in really_left_out] == really_left_out


def by_audience(lines: list[str]) -> dict[str, list[Any]]:
    """The lines below each head, digits masked: the requests, the readiness, the reasons."""
    found: dict[str, list[Any]] = {}
    for line in lines:
        if not line.startswith(" "):
            head = masked(line)
            found[head] = []
        elif line.startswith("  left out: "):
            reasons = line.removeprefix("  left out: ").split(", ")
            found[head].append([masked(reason) for reason in reasons])
        else:
            found[head].append(masked(line))
    return found


def test_an_audience_that_is_too_small_is_told_as_shown(planned: list[str]) -> None:
    assert masked(block("a line of: tamiz plan").strip("\n")) in map(masked, planned)


def test_what_is_published_is_told_as_shown(generation: Generation) -> None:
    first, second = block("output of: tamiz validate").splitlines()
    pattern = r"published \d{8}T\d{6}-[0-9a-f]{12}: (\d+) tables"
    assert re.fullmatch(pattern, first).group(1) == str(len(generation.tables))
    assert re.fullmatch(r"\d{8}T\d{6}-[0-9a-f]{12}", generation.generation_id)
    assert second == f"data docs: {Settings.model_fields['quality_docs'].default / 'index.html'}"


def test_the_words_of_a_push_and_of_the_demo_are_in_the_code() -> None:
    code = (PROJECT / "scripts/tamiz/demo.py").read_text()
    sending = (PROJECT / "scripts/tamiz/push/sending.py").read_text()
    pushed = block("output of: tamiz push").splitlines()
    assert pushed[-1] == block("the end of: tamiz demo").splitlines()[0]
    for line in pushed[:-1]:
        assert re.fullmatch(
            r"\[ +[\d.]+ s\] (aud_\w+) on (\w+): added [\d,]+, removed [\d,]+ identifiers;"
            r" \2 took [\d,]+, \d+ invalid",
            line,
        )
    for words in ("identifiers added", "raw rows", "models and tests", "← open this one"):
        assert words in code
    for words in (" identifiers", " took ", "nothing to change"):
        assert words in sending


# What the reader does


@pytest.fixture
def copy(demo_world: World, tmp_path: Path) -> Path:
    """A copy of the project with a built warehouse and the segment, but not its line."""
    folder = tmp_path / "copy"
    (folder / "tests").mkdir(parents=True)
    for part in PARTS:
        take = shutil.copytree if (PROJECT / part).is_dir() else shutil.copy
        take(PROJECT / part, folder / part)
    (folder / "target").mkdir()
    shutil.copy(demo_world.database, folder / "target/tamiz.duckdb")
    for name in ("segments/seg_bought_once.sql", "segments/seg_bought_once.yml"):
        (folder / "models" / name).write_text(block(f"file: models/{name}"))
    return folder


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the README in a copy of the project."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("TAMIZ_")}
    bin_folder = Path(sys.executable).parent
    return subprocess.run(
        [str(bin_folder / words[0]), *words[1:]],
        cwd=folder,
        env={**clean, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def add_line(folder: Path, file: str) -> None:
    """Put the line that the README shows at the top of a list."""
    text = (folder / file).read_text()
    above, bracket, below = text.partition("[\n")
    (folder / file).write_text(f"{above}{bracket}{block(f'line: {file}')}{below}")


def test_a_segment_without_its_line_stops_the_build_with_the_message_shown(copy: Path) -> None:
    left_out = run(copy, "tamiz", "build", "--select", "fct_segment_members")
    assert left_out.returncode == errors.ConfigError.exit_code
    assert left_out.stderr.splitlines()[-1] == block("error of: tamiz build").strip()


def test_the_segment_and_the_audience_of_the_readme_are_built_and_tested(copy: Path) -> None:
    add_line(copy, "models/audiences/fct_segment_members.sql")
    audience = "models/audiences/aud_second_order"
    (copy / f"{audience}.sql").write_text(block(f"file: {audience}.sql"))
    win_back = (copy / "models/audiences/aud_win_back.yml").read_text()
    (copy / f"{audience}.yml").write_text(win_back.replace("aud_win_back", "aud_second_order"))
    add_line(copy, "models/audiences/fct_audience_members.sql")
    command = shlex.split(block("command: the segment"))
    built = run(copy, *command, "aud_second_order", "fct_audience_members")
    assert built.returncode == 0, built.stdout
    assert re.search(r"PASS seg_bought_once::one_order_two_weeks_ago_is_in", built.stdout)
    with duckdb.connect(str(copy / "target/tamiz.duckdb"), read_only=True) as connection:
        [(members, reached)] = connection.execute(
            """select
                (select count(*) from fct_segment_members where segment_name = 'seg_bought_once'),
                (select count(*) from fct_audience_members
                    where audience_name = 'aud_second_order')"""
        ).fetchall()
    assert members > 0
    assert reached > 0


def follow(name: str, world: World) -> None:
    """Do what a block of "Bring your own data" says, in a folder with the data sets."""
    first, sql, last = re.split(r" <<'SQL'\n|\nSQL\n", block(f"block: {name}"))
    where = dict(re.findall(r"(TAMIZ_\w+)=(\S+)", block("block: where")))
    assert f"mkdir -p {where['TAMIZ_RAW']}" in block("block: where")
    folder = world.folder / "reader"
    (folder / where["TAMIZ_RAW"]).parent.mkdir(parents=True)
    (folder / where["TAMIZ_RAW"]).symlink_to(world.raw)
    for data in (PAGE_VIEWS, ORDERS):
        (folder / data.name).symlink_to(data)
    python, *words = shlex.split(first)
    assert python == ".venv/bin/python"
    subprocess.run([sys.executable, *words], input=sql, text=True, check=True, cwd=folder)
    dbt, command, *arguments, option, variables = shlex.split(last)
    assert (dbt, option) == ("dbt", "--vars")
    outcome = world.dbt(command, *arguments, as_of=yaml.safe_load(variables)["as_of"])
    assert outcome.success, failures(outcome)


@needs_data
def test_page_views_become_the_sessions_that_are_told(
    new_world: Callable[[str], World],
) -> None:
    world = new_world("page_views")
    follow("page views", world)
    [(views, sessions, over_midnight)] = world.query(
        "select sum(event_count), count(*),"
        " count_if(cast(started_at as date) <> cast(ended_at as date)) from fct_sessions"
    )
    told = f"Of {views:,} page views of a public web site this makes {sessions:,} sessions"
    assert f"{told}, {over_midnight} of which cross midnight" in " ".join(README.split())


@needs_data
def test_order_lines_become_the_customer_value_that_is_told(
    new_world: Callable[[str], World],
) -> None:
    world = new_world("orders")
    follow("orders", world)
    [(lines,)] = world.query(
        f"select count(*) from read_parquet('{world.raw}/shop_order_items.parquet')"
    )
    [(people,)] = world.query("select count(*) from fct_person_value")
    told = f"Of {lines:,} order lines this makes recency, frequency and monetary value"
    assert f"{told} for {people:,} people" in " ".join(README.split())
