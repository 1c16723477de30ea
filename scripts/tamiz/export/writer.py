"""Write exports: a folder per audience and platform, aside and then renamed, for its owner only."""

import csv
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from tamiz.errors import ConfigError, UnknownPlatform
from tamiz.export.formats import FORMATS, FileFormat, Row
from tamiz.export.members import members
from tamiz.platforms import PLATFORMS, platform
from tamiz.publish import Generation, refuse_other_times, verify

LABELS = {
    "email": "E-mail (SHA-256)",
    "phone": "Phone (SHA-256)",
    "idfa": "iOS ad id (SHA-256)",
    "aaid": "Android ad id (SHA-256)",
    "x_user_id": "X user id (SHA-256)",
    "x_handle": "X handle (SHA-256)",
}
PEOPLE = "people.csv"
# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file and its rows without headers; or, with no `file`, why nobody was exported."""

    audience: str
    platform: str
    file: Path | None
    row_count: int
    note: str | None = None


def export(  # noqa: PLR0913 - what the command line knows, each by its name
    generation: Generation,
    out: Path,
    *,
    now: datetime,
    audiences: Sequence[str] = (),
    platforms: Sequence[str] = (),
    is_for_people: bool = False,
    however_old: bool = False,
) -> Iterator[ExportedFile]:
    """Write the files of every audience and platform, or of the named ones, below `out`.

    What an earlier export left in the folder of an audience and platform is gone after it; where
    all are exported, so are the folders of audiences that go there no more. With
    `is_for_people` there is one file of each, with labels, in which no cell is a formula; otherwise
    machines read it, and nothing is altered. `however_old` lets what is published be of any day:
    for people who never were. Raises UnknownPlatform on a name nobody has, GateError
    on a generation that is too old or was changed, ConfigError where nothing can be written.
    """
    if not however_old:
        refuse_other_times(
            generation,
            now,
            nothing_was="exported",
            more=", or, for people who never were, `tamiz export --however-old`",
        )
    verify(generation)
    chosen = list(_chosen(generation, audiences, platforms))
    if not chosen:
        raise ConfigError(
            "no audience goes to the named platforms: look at `platforms` in models/audiences"
        )
    if not audiences and not platforms:
        _forget_others(out, {(str(audience["name"]), name) for audience, name in chosen})
    for audience, name in chosen:
        place = out / str(audience["name"]) / name
        try:
            yield from _export(generation, audience, name, place, is_for_people=is_for_people)
        except OSError as error:
            raise ConfigError(
                f"{place} cannot be written ({error.strerror}): name another folder with --out"
            ) from None


def _chosen(
    generation: Generation, audiences: Sequence[str], platforms: Sequence[str]
) -> Iterator[tuple[Mapping[str, Any], str]]:
    known = {str(audience["name"]): audience for audience in generation.audiences}
    for name in audiences:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise UnknownPlatform(f"no audience named '{name}'; known: {listed}")
    for name in platforms:
        platform(name)
    for audience_name in sorted(audiences or known):
        for name in sorted(known[audience_name]["platforms"]):
            if not platforms or name in platforms:
                yield known[audience_name], name


def _export(
    generation: Generation,
    audience: Mapping[str, Any],
    name: str,
    place: Path,
    *,
    is_for_people: bool,
) -> Iterator[ExportedFile]:
    entry, chosen = platform(name), FORMATS[name]
    kinds = [each.kind for each in entry.pushed]
    rows = members(generation, audience, name, kinds)
    smallest = max(int(audience.get("minimum_size") or 0), entry.minimum_size)
    files: list[tuple[str, list[Row], int]] = []
    note = chosen.note
    if not len(rows):
        note = "it has no people: nobody was exported"
    elif len(rows) < smallest:
        note = f"{len(rows):,} people, and it takes {smallest:,}: nobody was exported"
    elif is_for_people:
        files, note = [_for_people(audience, entry.label, kinds, rows)], None
    else:
        files = list(_files(chosen, str(audience["list_name"]), rows))
    _replace(place, [(file, content) for file, content, _ in files])
    for file, _, row_count in files:
        yield ExportedFile(str(audience["name"]), name, place / file, row_count, note)
    if not files:
        yield ExportedFile(str(audience["name"]), name, None, 0, note or "nobody was exported")


def _files(
    chosen: FileFormat, list_name: str, rows: pa.Table
) -> Iterator[tuple[str, list[Row], int]]:
    """Yield the name, the rows and the number of values of each file, in an order of their own."""
    for stem, header, values in _values(chosen, rows):
        if chosen.frame is not None:
            yield (
                f"{stem}.csv",
                list(chosen.frame(list_name, [cell for (cell,) in values])),
                len(values),
            )
            continue
        top = [header] if chosen.has_header else []
        parts = list(_cut(values, chosen, top))
        for number, part in enumerate(parts, 1):
            suffix = f"_{number:03}" if len(parts) > 1 else ""
            yield f"{stem}{suffix}.csv", [*top, *part], len(part)


def _values(chosen: FileFormat, rows: pa.Table) -> Iterator[tuple[str, Row, list[Row]]]:
    if not chosen.is_one_kind:
        cells = (_texts(rows, kind) for _, kind in chosen.columns)
        found = sorted({row for row in zip(*cells, strict=True) if any(row)})
        if found:
            yield "members", tuple(header for header, _ in chosen.columns), found
        return
    for header in dict.fromkeys(header for header, _ in chosen.columns):
        kinds = [kind for title, kind in chosen.columns if title == header]
        single = {value for kind in kinds for value in _texts(rows, kind) if value}
        if single:
            yield header.lower(), (header,), [(value,) for value in sorted(single)]


def _texts(rows: pa.Table, kind: str) -> list[str]:
    return [value or "" for value in rows[f"{kind}_sha256"].to_pylist()]


def _cut(values: list[Row], chosen: FileFormat, top: list[Row]) -> Iterator[list[Row]]:
    # Hashes need no quotes, so a row is its cells, the commas between them and the line's end.
    size = max((sum(map(len, row)) + len(row) for row in values), default=1)
    room = (chosen.most_bytes or 0) - sum(sum(map(len, row)) + len(row) for row in top)
    fitting = room // size if chosen.most_bytes else len(values)
    step = max(1, min(chosen.most_rows or len(values), fitting))
    for start in range(0, len(values), step):
        yield values[start : start + step]


def _for_people(
    audience: Mapping[str, Any], label: str, kinds: Sequence[str], rows: pa.Table
) -> tuple[str, list[Row], int]:
    cells = zip(rows["person_id"].to_pylist(), *(_texts(rows, kind) for kind in kinds), strict=True)
    named = (str(audience["label"]), label, str(audience["list_name"]))
    table: list[Row] = [("Audience", "Platform", "List", "Person", *(LABELS[k] for k in kinds))]
    table += sorted((*named, *row) for row in cells)
    return PEOPLE, [tuple(map(_no_formula, row)) for row in table], len(rows)


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _forget_others(out: Path, chosen: set[tuple[str, str]]) -> None:
    """Remove exports of what goes nowhere any more: people in them may have refused since."""
    for place in out.glob("aud_*/*"):
        is_ours = place.name in PLATFORMS and place.is_dir() and not place.is_symlink()
        if is_ours and (place.parent.name, place.name) not in chosen:
            shutil.rmtree(place)


def _replace(place: Path, files: Iterable[tuple[str, Iterable[Row]]]) -> None:
    """Put the files where `place` is, all at once; without files, nothing is left there."""
    files = list(files)
    if files:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not place.parent.exists():
        return
    aside = place.with_name(f".partial-{place.name}")
    old = place.with_name(f".partial-old-{place.name}")
    for left_behind in (aside, old):
        shutil.rmtree(left_behind, ignore_errors=True)
    try:
        aside.mkdir(mode=0o700)
        for name, rows in files:
            _write(aside / name, rows)
        if place.exists():
            place.rename(old)
        if files:
            aside.rename(place)
    finally:
        for left_behind in (aside, old):
            shutil.rmtree(left_behind, ignore_errors=True)
    if not any(place.parent.iterdir()):
        place.parent.rmdir()


def _write(file: Path, rows: Iterable[Row]) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    # Spreadsheets take a file for UTF-8 only if it says so; machines must not find that mark.
    encoding = "utf-8-sig" if file.name == PEOPLE else "utf-8"
    with os.fdopen(handle, "w", encoding=encoding, newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
