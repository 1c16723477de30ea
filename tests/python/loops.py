"""The whole loop on a copy of a world: the real commands, their settings and the sandbox."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest
import urllib3
from reference.identifiers import email_for, phone_for, sha256
from worlds import PROJECT, World, parsed_project

from tamiz.build import release_warehouse

PLATFORMS = ("google", "meta")
ADDING = {"ingestAudienceMembers", "addUsers"}
REMOVING = {"removeAudienceMembers", "removeUsers"}
WIN_BACK = "tamiz_win_back"


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The one line that tells of a failure; progress lines stand before it."""
        said = [line for line in self.err.splitlines() if not line.startswith("[")]
        assert len(said) == 1, self.err
        return said[0].removeprefix("tamiz: ")


@dataclass(frozen=True)
class Loop(World):
    """A world with everything the commands read and write, all of it below its folder."""

    @property
    def published(self) -> Path:
        return self.folder / "published"

    @property
    def ledger(self) -> Path:
        return self.folder / "state" / "ledger.db"

    def variables(self) -> dict[str, str]:
        return {
            "TAMIZ_RAW": str(self.raw),
            "TAMIZ_DUCKDB": str(self.database),
            "TAMIZ_PUBLISHED": str(self.published),
            "TAMIZ_LEDGER": str(self.ledger),
            "TAMIZ_QUALITY_DOCS": str(self.folder / "quality"),
            "TAMIZ_REPORT": str(self.folder / "report.html"),
            "DBT_TARGET_PATH": str(self.target),
            "DBT_LOG_PATH": str(self.folder / "logs"),
        }

    def process(self, *arguments: str, program: str = "tamiz") -> Outcome:
        """Run a command as its users do, in a process of its own."""
        done = subprocess.run(  # noqa: S603 - our own program
            [Path(sys.executable).with_name(program), *arguments],
            cwd=PROJECT,
            env=plain_environment() | self.variables(),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def tamiz(self, *arguments: str, project: Path = PROJECT, manifest: Any = None) -> Outcome:
        """Run a command in this process: the same in a tenth of the time, for dbt has parsed."""
        from tamiz.cli import main

        return self._inside(lambda _: main(), arguments, project, manifest)

    def dbt_docs(self) -> Outcome:
        """Run `dbt docs generate` in this process."""
        place = ("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT))

        def generate(runner: Any) -> None:
            assert runner().invoke(["docs", "generate", *place]).success

        return self._inside(generate, (), PROJECT, None)

    def _inside(
        self, run: Callable[[Any], None], arguments: tuple[str, ...], project: Path, manifest: Any
    ) -> Outcome:
        from dbt.cli.main import dbtRunner

        code: Any = 0
        out, err = StringIO(), StringIO()
        # Before dbt's runner is another one.
        parsed = manifest or parsed_project()

        def runner(callbacks: list[Any] | None = None) -> Any:
            return dbtRunner(manifest=parsed, callbacks=callbacks)

        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in set(os.environ) - set(plain_environment()):
                patch.delenv(name)
            for name, value in self.variables().items():
                patch.setenv(name, value)
            patch.chdir(project)
            patch.setattr(sys, "argv", ["tamiz", *arguments])
            patch.setattr("dbt.cli.main.dbtRunner", runner)
            try:
                run(runner)
            except SystemExit as leaving:
                code = leaving.code
            finally:
                release_warehouse()
        return Outcome(int(code or 0), out.getvalue(), err.getvalue())

    def change(self, table: str, *statements: str) -> None:
        """Rewrite one raw table after statements that know it by its name."""
        file = self.raw / f"{table}.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"create table {table} as from read_parquet('{file}')")
            for statement in statements:
                assert connection.execute(statement).fetchall() != [(0,)], statement
            connection.execute(f"copy {table} to '{file}'")


def loop_of(world: World, folder: Path) -> Loop:
    """Return a loop on a copy of a world that was built."""
    loop = Loop(folder)
    shutil.copytree(world.raw, loop.raw)
    shutil.copy(world.database, loop.database)
    _read_from(loop, str(world.raw))
    loop.target.mkdir()
    shutil.copy(world.target / "manifest.json", loop.target)
    return loop


def _read_from(loop: Loop, before: str) -> None:
    """Let the views of a copied warehouse read the copied files: others they may not open."""
    with duckdb.connect(loop.database) as warehouse:
        found = "select sql from duckdb_views() where not internal and contains(sql, $before)"
        for (sql,) in warehouse.execute(found, {"before": before}).fetchall():
            here = sql.replace(before, str(loop.raw))
            warehouse.execute(here.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))


def plain_environment() -> dict[str, str]:
    """The environment without settings of ours or dbt's: whoever runs the tests may have some."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("TAMIZ_", "DBT_"))
    }


@dataclass(frozen=True)
class Sandbox:
    """Asks a running sandbox what it holds and what it saw."""

    url: str

    def members(self, platform: str, list_name: str = WIN_BACK) -> set[str]:
        query = f"platform={platform}&list={list_name}"
        answer = urllib3.request("GET", f"{self.url}/_sandbox/members?{query}")
        return {value for _, value in answer.json()["members"]} if answer.status == 200 else set()

    def changes(self, since: int = 0) -> list[dict[str, Any]]:
        """The requests that change members, those before `since` left out."""
        seen = urllib3.request("GET", f"{self.url}/_sandbox/requests").json()
        return [entry for entry in seen if entry["operation"] in ADDING | REMOVING][since:]

    def sent(self, platform: str, operations: set[str], since: int = 0) -> set[str]:
        """The hashes in requests to one platform."""
        return {
            value
            for entry in self.changes(since)
            if entry["platform"] == platform and entry["operation"] in operations
            for value in entry["hashes"]
        }


def email_hash(platform: str, email: str) -> str:
    return sha256(email_for(platform, email)) or ""


def phone_hash(platform: str, phone: str) -> str:
    return sha256(phone_for(platform, phone)) or ""
