"""Runs dbt in this process and turns what went wrong into one line and an exit code."""

import gc
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from tamiz.errors import AbsentTable, ConfigError, GateError, MissingColumn, TamizError, WrongType

# What our macros say when they stop a build (macros/raw), and the error it is.
_OURS: dict[str, type[TamizError]] = {
    "missing column": MissingColumn,
    "wrong type": WrongType,
    "absent table": AbsentTable,
}
_STOPPED = re.compile(r"tamiz: ((?:[a-z]+ [a-z]+: )?.*)")
_LEFT_OUT = re.compile(r"^\s*(models/\S+ leaves out .*)$", re.MULTILINE)


def dbt_build(
    project_dir: Path,
    arguments: Sequence[str],
    *,
    say: Callable[[str], None],
    command: str = "build",
) -> dict[str, int]:
    """Run `dbt build` (or another command) with `arguments`; return node counts by status.

    `say` gets one line per model, and what the macros say of absent tables. Raises MissingColumn,
    WrongType or AbsentTable where a raw table breaks the input contract, GateError where a model
    or a test failed, ConfigError where dbt could not start.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - takes seconds; only builds need it

    def heard(event: Any) -> None:  # noqa: ANN401 - dbt's events are untyped
        line = _spoken(event)
        if line is not None:
            say(line)

    place = ["--project-dir", str(project_dir), "--profiles-dir", str(project_dir)]
    # What dbt would print, `say` and the one line of the error tell; its log file has all.
    silent = ["--quiet", "--log-level", "none", "--log-level-file", "debug"]
    outcome = dbtRunner(callbacks=[heard]).invoke([command, *silent, *place, *arguments])
    release_warehouse()
    results = list(getattr(outcome.result, "results", None) or [])
    if not outcome.success:
        raise _reason(outcome.exception, results)
    counts: dict[str, int] = {}
    for result in results:
        counts[str(result.status)] = counts.get(str(result.status), 0) + 1
    return counts


def release_warehouse() -> None:
    """Close the DuckDB file that dbt keeps open in this process, so that others can open it."""
    from dbt.adapters.duckdb.connections import (  # noqa: PLC0415 - as above
        DuckDBConnectionManager,
    )

    close: Callable[[], None] = DuckDBConnectionManager.close_all_connections
    close()
    gc.collect()


def _spoken(event: Any) -> str | None:  # noqa: ANN401 - as above
    if event.info.name == "LogModelResult":
        node = event.data.node_info.node_name
        verb = "built" if event.info.level == "info" else "failed"
        return f"{verb} {node} ({event.data.execution_time:.1f} s)"
    message = str(event.info.msg)
    if event.info.name == "JinjaLogInfo" and message.startswith("tamiz: "):
        return message.removeprefix("tamiz: ")
    return None


def _reason(exception: BaseException | None, results: Sequence[Any]) -> TamizError:
    failed = [result for result in results if str(result.status) in ("error", "fail")]
    for text in _texts(exception, failed):
        found = _STOPPED.search(text)
        if found:
            line = found.group(1).strip()
            kind, _, rest = line.partition(": ")
            return _OURS[kind](rest) if kind in _OURS else ConfigError(line)
        found = _LEFT_OUT.search(text)
        if found:
            return ConfigError(found.group(1))
    if failed:
        names = ", ".join(sorted(result.node.name for result in failed)[:3])
        return GateError(
            f"{len(failed)} models or tests failed ({names}{', …' if len(failed) > 3 else ''}):"  # noqa: PLR2004 - three names fit a line
            " run `dbt build` to read why, mend it and build again"
        )
    first = str(exception).strip().splitlines()[:2] if exception else ["no reason given"]
    return ConfigError(f"dbt could not run ({' '.join(part.strip() for part in first)})")


def _texts(exception: BaseException | None, failed: Sequence[Any]) -> Iterator[str]:
    if exception is not None:
        yield str(exception)
    for result in failed:
        yield str(result.message or "")
