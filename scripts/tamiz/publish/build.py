"""What dbt says of its last build, and whether all of it comes from one invocation."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tamiz.errors import ConfigError, EmptyTable, GateError
from tamiz.warehouse import Warehouse

# Written by the project's dbt hooks: a row when a command starts and one when it has ended.
BUILD_LOG = "tamiz_build_log"


@dataclass(frozen=True, slots=True)
class Build:
    """One whole dbt invocation; `as_of` is UTC.

    `audiences` and `segments` hold the meta of the models aud_* and seg_* and their `name`.
    """

    invocation_id: str
    as_of: datetime
    public_tables: tuple[str, ...]
    audiences: tuple[dict[str, Any], ...]
    segments: tuple[dict[str, Any], ...]


def whole_build(warehouse: Warehouse, manifest_path: Path) -> Build:
    """Return the last build when it may be published.

    Raises GateError when the last dbt command was cut short, failed, or did not build every
    enabled model of the manifest, EmptyTable when it has no people, and ConfigError without a
    manifest.
    """
    models = _models(manifest_path)
    relations = warehouse.relations()
    started, finished = _last_invocation(warehouse, relations)
    command = f"`dbt {started['command']}`"
    if finished is None:
        raise GateError(f"the last {command} was cut short before its end: run `dbt build`")
    if finished["models_failed"] or finished["tests_failed"]:
        raise GateError(
            f"{finished['models_failed']} models and {finished['tests_failed']} tests failed or "
            f"were skipped in the last {command}: mend them, then run `dbt build`"
        )
    if started["command"] != "build":
        raise GateError(
            f"the last dbt command was {command}, which does not build and test everything: "
            "run `dbt build`"
        )
    built = {name.strip() for name in finished["built_models"].split(",")}
    left_out = sorted(models.keys() - built)
    if left_out:
        raise GateError(
            f"the last {command} left out {len(left_out)} of {len(models)} models "
            f"({left_out[0]} is one): run `dbt build` without a selection"
        )
    public = tuple(sorted(name for name, node in models.items() if node["access"] == "public"))
    gone = [name for name in public if name not in relations]
    if gone:
        raise GateError(
            f"{len(gone)} public tables are not in the warehouse ({gone[0]} is one): "
            "run `dbt build`"
        )
    _refuse_nobody(warehouse)
    return Build(
        invocation_id=started["invocation_id"],
        as_of=_moment(finished["as_of"]),
        public_tables=public,
        audiences=_meta(models, "aud_"),
        segments=_meta(models, "seg_"),
    )


def _models(manifest_path: Path) -> dict[str, dict[str, Any]]:
    """Return the enabled models that have a relation in the warehouse, by name."""
    try:
        nodes = json.loads(manifest_path.read_text(encoding="utf-8"))["nodes"].values()
    except FileNotFoundError:
        raise ConfigError(f"no dbt manifest at {manifest_path}: run `dbt build` first") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ConfigError(f"{manifest_path} is no dbt manifest: run `dbt build`") from None
    return {
        node["name"]: node
        for node in nodes
        if node["resource_type"] == "model"
        and node["config"].get("enabled", True)
        and node["config"].get("materialized") != "ephemeral"
    }


def _last_invocation(
    warehouse: Warehouse, relations: frozenset[str]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return the rows of the invocation that started last: its start, and its end if it has one."""
    rows: list[dict[str, Any]] = []
    if BUILD_LOG in relations:
        rows = warehouse.table(
            f"select * from {BUILD_LOG} where invocation_id in ("  # noqa: S608 - a constant
            f" select invocation_id from {BUILD_LOG} where event = 'started' and sequence = ("
            f"  select max(sequence) from {BUILD_LOG} where event = 'started'))"
        ).to_pylist()
    by_event = {row["event"]: row for row in rows}
    if "started" not in by_event:
        raise GateError("the warehouse does not say what built it: run `dbt build`")
    return by_event["started"], by_event.get("finished")


def _refuse_nobody(warehouse: Warehouse) -> None:
    if not warehouse.table("select 1 as found from dim_people limit 1").num_rows:
        raise EmptyTable(
            "dim_people: no people: check that TAMIZ_RAW names the folder of your raw tables, "
            "then run `dbt build`"
        )


def _meta(models: dict[str, dict[str, Any]], prefix: str) -> tuple[dict[str, Any], ...]:
    return tuple(
        {"name": name, **models[name]["config"].get("meta", {})}
        for name in sorted(models)
        if name.startswith(prefix)
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"as_of of the last build is {text!r}: write it as YYYY-MM-DD HH:MM:SS in "
            "dbt_project.yml and run `dbt build`"
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
