"""Read what is published: one folder per generation, Parquet files and a manifest.

target/published/20260630T000000-0123456789ab/
    manifest.json        what is in it, from which dbt invocation, with a hash of every file
    dim_people.parquet   one file per public table
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tamiz.errors import GateError

MANIFEST = "manifest.json"
# Folders of a publication that has not ended start so; nobody reads them.
PARTIAL = ".partial-"

_REMEDY = "run `dbt build`, then `tamiz validate`"


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """One public table: its Parquet file, rows, SHA-256 of the file, and Arrow type by column."""

    file: Path
    row_count: int
    sha256: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Generation:
    """One published build. `as_of` is UTC; `published_sequence` grows with each publication.

    `audiences` and `segments` hold the meta of each model, as its author wrote it, and its `name`.
    """

    path: Path
    generation_id: str
    published_sequence: int
    as_of: datetime
    dbt_invocation_id: str
    tables: Mapping[str, PublishedTable]
    audiences: tuple[Mapping[str, Any], ...]
    segments: tuple[Mapping[str, Any], ...]


def generations(published_dir: Path) -> list[Generation]:
    """Return what is published, in order of publication, the oldest first; files are not read.

    Raises GateError when a manifest cannot be read.
    """
    return sorted(
        (read_generation(folder) for folder in folders(published_dir)),
        key=lambda generation: generation.published_sequence,
    )


def readable_generations(published_dir: Path) -> list[Generation]:
    """As `generations`, without those whose manifest cannot be read."""
    readable = []
    for folder in folders(published_dir):
        with suppress(GateError):
            readable.append(read_generation(folder))
    return sorted(readable, key=lambda generation: generation.published_sequence)


def latest_generation(published_dir: Path) -> Generation:
    """Return what was published last; raises GateError when nothing is or it is damaged."""
    published = generations(published_dir)
    if not published:
        raise GateError(f"nothing is published in {published_dir}: {_REMEDY}")
    return published[-1]


def verify(generation: Generation) -> None:
    """Read every file of `generation`; raises GateError when one was changed since it was written.

    The manifest is covered too: the generation's name ends in the hash of what it says of tables,
    audiences and segments.
    """
    for name, table in generation.tables.items():
        if not table.file.is_file():
            raise _damaged(generation.path, f"{table.file.name} is gone")
        if file_sha256(table.file) != table.sha256:
            raise _damaged(generation.path, f"{table.file.name} was changed after {name} was read")
    said = content_hash(generation.tables, generation.audiences, generation.segments)
    if generation.generation_id != generation_name(generation.as_of, said):
        raise _damaged(generation.path, f"{MANIFEST} was changed")


def folders(published_dir: Path) -> list[Path]:
    """Return the folders of whole generations, in no order of meaning."""
    return [path.parent for path in published_dir.glob(f"[!.]*/{MANIFEST}")]


def read_generation(folder: Path) -> Generation:
    """Return the generation in `folder`; raises GateError when its manifest cannot be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Generation(
            path=folder,
            generation_id=manifest["generation_id"],
            published_sequence=int(manifest["published_sequence"]),
            as_of=datetime.fromisoformat(manifest["as_of"]).replace(tzinfo=UTC),
            dbt_invocation_id=manifest["dbt_invocation_id"],
            tables={
                name: PublishedTable(
                    folder / Path(table["file"]).name,
                    table["row_count"],
                    table["sha256"],
                    table["columns"],
                )
                for name, table in manifest["tables"].items()
            },
            audiences=tuple(manifest["audiences"]),
            segments=tuple(manifest["segments"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(folder, f"{MANIFEST} cannot be read") from error


def manifest_of(generation: Generation) -> dict[str, Any]:
    """Return what manifest.json says of `generation`."""
    return {
        "generation_id": generation.generation_id,
        "published_sequence": generation.published_sequence,
        "dbt_invocation_id": generation.dbt_invocation_id,
        "as_of": generation.as_of.strftime("%Y-%m-%d %H:%M:%S"),
        "tables": {
            name: {
                "file": table.file.name,
                "row_count": table.row_count,
                "sha256": table.sha256,
                "columns": dict(table.columns),
            }
            for name, table in generation.tables.items()
        },
        "audiences": list(generation.audiences),
        "segments": list(generation.segments),
    }


def generation_name(as_of: datetime, content: str) -> str:
    """Return the generation's name: its as_of and twelve digits of the hash of its content."""
    return f"{as_of.strftime('%Y%m%dT%H%M%S')}-{content[:12]}"


def as_of_generation(name: str) -> datetime:
    """Return the as_of in a generation's name, UTC."""
    return datetime.strptime(name.partition("-")[0], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)


def content_hash(
    tables: Mapping[str, PublishedTable],
    audiences: tuple[Mapping[str, Any], ...],
    segments: tuple[Mapping[str, Any], ...],
) -> str:
    """Return one SHA-256 in hex of all tables' hashes and of the audiences' and segments' meta."""
    content = {
        "tables": {name: [table.sha256, table.row_count] for name, table in tables.items()},
        "columns": {name: list(table.columns.items()) for name, table in tables.items()},
        "audiences": audiences,
        "segments": segments,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def file_sha256(file: Path) -> str:
    """Return the SHA-256 of the bytes of `file`, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _damaged(folder: Path, what: str) -> GateError:
    return GateError(f"generation {folder.name} in {folder.parent} is damaged, {what}: {_REMEDY}")
