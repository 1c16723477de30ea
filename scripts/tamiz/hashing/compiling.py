"""Compile the query of `tamiz hash` with dbt, from the project's own macros and phone model.

dbt sees a project of its own in a scratch folder, so that no warehouse is read, written or locked
and nothing needs to have been built.
"""

import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from tamiz.errors import ConfigError

# What the query is made of, relative to the project's folder.
MACROS = ("identifiers", "segments", "warehouse")
SEEDS = ("country_names.csv", "phone_countries.csv", "platforms.csv")
PHONES = "int_phone_numbers.sql"
_OURS = Path(__file__).parent / "project"
_STOPPED = re.compile(r"tamiz: (.*)")


def compiled_queries(
    project_dir: Path, scratch: Path, asked: Sequence[tuple[str, str]]
) -> list[str]:
    """Return for each pair of platform and identifier the SQL that hashes `given_values`.

    `given_values` has the columns row_number, value and country, the result row_number,
    normalised, hash and reason, in the order of row_number. `scratch` is an empty folder that is
    written to.

    Raises ConfigError where `project_dir` is no folder of this project, or a platform takes no
    such identifier; the message names those it takes.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - takes a second; only this needs it

    from tamiz.build import release_warehouse  # noqa: PLC0415 - as above

    _assemble(project_dir, scratch, asked)
    outcome: Any = dbtRunner().invoke(
        [
            *("compile", "--select", "hashed_*", "--quiet", "--log-level", "none"),
            *("--project-dir", str(scratch), "--profiles-dir", str(scratch)),
            *("--target-path", str(scratch / "target"), "--log-path", str(scratch / "logs")),
        ]
    )
    release_warehouse()
    if not outcome.success:
        raise _reason(outcome)
    by_name = {result.node.name: result.node.compiled_code for result in outcome.result.results}
    return [str(by_name[f"hashed_{number}"]) for number in range(len(asked))]


def load_seeds(connection: duckdb.DuckDBPyConnection, project_dir: Path) -> None:
    """Create the look-ups that the query joins, from the files dbt loads them from."""
    for name in SEEDS:
        table = Path(name).stem
        connection.execute(
            f"create table {table} as from read_csv($file, header = true, all_varchar = true)",
            {"file": str(project_dir / "seeds" / name)},
        )
    connection.execute("alter table phone_countries alter plan_order type integer")
    connection.execute("alter table phone_countries alter longest_length type integer")


def _assemble(project_dir: Path, scratch: Path, asked: Sequence[tuple[str, str]]) -> None:
    """Write a dbt project with one model per pair of platform and identifier."""
    scratch = scratch.resolve()
    shutil.copytree(_OURS, scratch, dirs_exist_ok=True)
    template = (scratch / "hashed_values.sql.jinja").read_text(encoding="utf-8")
    for number, pair in enumerate(asked):
        platform, name = (json.dumps(text) for text in pair)
        head = f"{{% set platform = {platform} %}}{{% set name = {name} %}}"
        model = scratch / "models" / f"hashed_{number}.sql"
        model.write_text(head + template, encoding="utf-8")
    try:
        for room in MACROS:
            shutil.copytree(project_dir / "macros" / room, scratch / "macros" / room)
        (scratch / "seeds").mkdir()
        for seed in SEEDS:
            shutil.copy(project_dir / "seeds" / seed, scratch / "seeds")
        shutil.copy(project_dir / "models" / "identity" / PHONES, scratch / "models")
    except FileNotFoundError as error:
        raise ConfigError(
            f"no {error.filename}: run in the folder of the dbt project, which has it"
        ) from None
    # The numbering plans become constants of the SQL: dbt reads them here while it compiles.
    plans = scratch / "tamiz.duckdb"
    with duckdb.connect(plans) as connection:
        load_seeds(connection, project_dir)
    output = {"type": "duckdb", "path": str(plans), "threads": 1}
    profile = {"tamiz": {"target": "duckdb", "outputs": {"duckdb": output}}}
    (scratch / "profiles.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")


def _reason(outcome: Any) -> ConfigError:  # noqa: ANN401 - dbt's results are untyped
    texts = [str(outcome.exception or "")]
    texts += [str(result.message) for result in getattr(outcome.result, "results", None) or []]
    for text in texts:
        found = _STOPPED.search(text)
        if found:
            return ConfigError(found.group(1).strip())
    first = " ".join(texts[0].split())[:300]
    return ConfigError(f"the macros in macros/identifiers do not compile: {first}")
