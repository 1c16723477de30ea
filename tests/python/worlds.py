"""A folder of raw tables, the warehouse the real dbt builds from it, and ways to ask it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
AS_OF = "2026-06-30 00:00:00"


@dataclass(frozen=True)
class World:
    """One folder with the raw tables, the warehouse and dbt's artefacts."""

    folder: Path

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def database(self) -> Path:
        return self.folder / "tamiz.duckdb"

    @property
    def target(self) -> Path:
        return self.folder / "target"

    @contextmanager
    def environment(self) -> Iterator[None]:
        names = {"TAMIZ_RAW": str(self.raw), "TAMIZ_DUCKDB": str(self.database)}
        before = {name: os.environ.get(name) for name in names}
        os.environ.update(names)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name)
                else:
                    os.environ[name] = value

    def dbt(self, command: str, *arguments: str, as_of: str = AS_OF) -> Any:
        """Run dbt in this process on this world; the project is parsed once a session."""
        from dbt.cli.main import dbtRunner

        from tamiz.build import release_warehouse

        with self.environment():
            outcome = dbtRunner(manifest=parsed_project()).invoke(
                [
                    *(command, "--quiet", "--project-dir", str(PROJECT)),
                    *("--profiles-dir", str(PROJECT), "--target-path", str(self.target)),
                    *("--log-path", str(self.folder / "logs")),
                    *("--vars", f"{{as_of: '{as_of}'}}", *arguments),
                ]
            )
            release_warehouse()
            return outcome

    def build(self, *arguments: str, as_of: str = AS_OF, command: str = "build") -> None:
        outcome = self.dbt(command, *arguments, as_of=as_of)
        assert outcome.success, failures(outcome)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.database), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def write(self, table: str, select: str) -> None:
        self.raw.mkdir(parents=True, exist_ok=True)
        with duckdb.connect() as connection:
            connection.execute(f"copy ({select}) to '{self.raw / table}.parquet'")


@cache
def parsed_project() -> Any:
    """Return dbt's manifest of the project: parsing costs more than building a small world."""
    from dbt.cli.main import dbtRunner

    place = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    outcome = dbtRunner().invoke(["parse", "--quiet", *place, "--target-path", mkdtemp()])
    assert outcome.success, failures(outcome)
    return outcome.result


def failures(outcome: Any) -> str:
    """What went wrong in a dbt invocation, as text."""
    results = getattr(outcome.result, "results", None) or []
    lines = [str(outcome.exception)] if outcome.exception else []
    lines += [
        f"{result.node.name}: {result.message}"
        for result in results
        if str(result.status) in ("error", "fail")
    ]
    return "\n".join(lines)
