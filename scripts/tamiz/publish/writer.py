"""Write one generation: aside, then renamed, so that it is complete or not there at all."""

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tamiz.errors import GateError, Unavailable
from tamiz.publish.build import Build, whole_build
from tamiz.publish.generation import (
    MANIFEST,
    PARTIAL,
    Generation,
    PublishedTable,
    content_hash,
    file_sha256,
    folders,
    generation_name,
    manifest_of,
    read_generation,
    verify,
)
from tamiz.warehouse import BATCH_ROWS, Warehouse, columns

# The columns that name somebody in a public table, and who is left out of each.
BARRED_FOR_GOOD = {
    "person_id": "int_people_barred_for_good",
    "anonymous_id": "int_visitors_barred_for_good",
}


def publish(
    warehouse: Warehouse,
    manifest_path: Path,
    published_dir: Path,
    *,
    keep: int = 5,
    returned: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> Generation:
    """Publish the public tables of the build in `warehouse` and return the generation.

    The same content gives the same bytes and the same generation: publishing it again changes
    nothing, or makes it the latest again. The last `keep` generations (1 or more) stay. No row
    names a person or visitor barred for good, nor one of `returned`, ids of those who
    came back, by the column that names them.

    Raises GateError when the build is not whole, EmptyTable when it has no people, ConfigError
    without a manifest, Unavailable while another process publishes.
    """
    build = whole_build(warehouse, manifest_path)
    published_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(published_dir):
        _sweep(published_dir)
        aside = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=published_dir))  # mode 700
        try:
            generation = _settle(_write(warehouse, build, aside, returned), published_dir)
            _forget(published_dir, keep)
        finally:
            _sweep(published_dir)
    return generation


@contextmanager
def _alone(published_dir: Path) -> Iterator[None]:
    """Hold the folder's lock, which ends with the process; raises Unavailable when it is taken."""
    with (published_dir / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable(
                f"another `tamiz validate` is publishing to {published_dir}: "
                "wait until it ends, then run it again"
            ) from None
        yield


def _write(
    warehouse: Warehouse, build: Build, folder: Path, returned: Mapping[str, Collection[str]]
) -> Generation:
    """Write all public tables into `folder`; the generation has no place in the order yet."""
    barred = _barred_for_good(warehouse, returned)
    tables = {name: _write_table(warehouse, name, folder, barred) for name in build.public_tables}
    content = content_hash(tables, build.audiences, build.segments)
    return Generation(
        path=folder,
        generation_id=generation_name(build.as_of, content),
        published_sequence=0,
        as_of=build.as_of,
        dbt_invocation_id=build.invocation_id,
        tables=tables,
        audiences=build.audiences,
        segments=build.segments,
    )


def _barred_for_good(
    warehouse: Warehouse, returned: Mapping[str, Collection[str]]
) -> Mapping[str, pa.Array]:
    """Return the ids that no row may name, by the column that would."""
    found = {}
    for column, table in BARRED_FOR_GOOD.items():
        ids = warehouse.table(f"select {column} from {table}").column(0).cast(pa.string())  # noqa: S608 - our own names
        back = pa.array(sorted(returned.get(column, ())), pa.string())
        found[column] = pa.chunked_array([*ids.chunks, back], pa.string())
    return found


def _write_table(
    warehouse: Warehouse, name: str, folder: Path, barred: Mapping[str, pa.Array]
) -> PublishedTable:
    """Write one table, its rows ordered by all columns, so that equal rows are equal bytes."""
    order = ", ".join(str(number + 1) for number in range(len(columns(warehouse, name))))
    rows = warehouse.batches(f"select * from {name} order by {order}")  # noqa: S608 - a model
    file = folder / f"{name}.parquet"
    row_count = 0
    with (
        _private_file(file) as stream,
        pq.ParquetWriter(stream, rows.schema, compression="zstd") as parquet,
    ):
        for group in _row_groups(_allowed(rows, barred)):
            parquet.write_table(group, row_group_size=BATCH_ROWS)
            row_count += group.num_rows
    types = {field.name: str(field.type) for field in rows.schema}
    return PublishedTable(file, row_count, file_sha256(file), types)


def _allowed(rows: pa.RecordBatchReader, barred: Mapping[str, pa.Array]) -> pa.RecordBatchReader:
    """Leave out the rows that name somebody who is barred for good."""
    naming = [name for name in rows.schema.names if name in barred and len(barred[name])]

    def allowed() -> Iterator[pa.RecordBatch]:
        for batch in rows:
            kept = batch
            for name in naming:
                texts = kept[name].cast(pa.string())
                kept = kept.filter(pc.invert(pc.is_in(texts, value_set=barred[name])))
            yield kept

    return pa.RecordBatchReader.from_batches(rows.schema, allowed())


def _row_groups(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """Cut the stream every BATCH_ROWS rows, however many rows its batches have."""
    held: list[pa.RecordBatch] = []
    for batch in rows:
        held.append(batch)
        while sum(part.num_rows for part in held) >= BATCH_ROWS:
            read = pa.Table.from_batches(held)
            yield read.slice(0, BATCH_ROWS).combine_chunks()
            held = read.slice(BATCH_ROWS).to_batches()
    yield pa.Table.from_batches(held, rows.schema).combine_chunks()


def _settle(written: Generation, published_dir: Path) -> Generation:
    """Give what was written its name and its place in the order, unless it is there already."""
    known = [found for folder in folders(published_dir) if (found := _readable(folder))]
    last = max((found.published_sequence for found in known), default=0)
    place = published_dir / written.generation_id
    same = next((found for found in known if found.path == place), None)
    if same and _is_whole(same):
        if same.published_sequence == last:
            return same
        # What was published before is wanted again: only its manifest changes, in one step.
        written = replace(
            same, published_sequence=last + 1, dbt_invocation_id=written.dbt_invocation_id
        )
        _write_manifest(written)
        return written
    written = replace(written, published_sequence=last + 1)
    _write_manifest(written)
    if place.exists():  # damaged
        place.rename(published_dir / f"{PARTIAL}damaged-{place.name}")
    written.path.rename(place)
    _sync(published_dir)
    return read_generation(place)


def _forget(published_dir: Path, keep: int) -> None:
    """Remove all but the last `keep` generations, and those that cannot be read."""
    order = {folder: _readable(folder) for folder in folders(published_dir)}
    unreadable = [folder for folder, found in order.items() if found is None]
    readable = sorted(
        (found for found in order.values() if found), key=lambda found: found.published_sequence
    )
    for folder in [*unreadable, *(found.path for found in readable[: -max(keep, 1)])]:
        # Renamed before it is swept away: no reader finds half a generation.
        folder.rename(published_dir / f"{PARTIAL}old-{folder.name}")


def _sweep(published_dir: Path) -> None:
    """Remove what a publication, ended or killed, left aside."""
    for left_behind in published_dir.glob(f"{PARTIAL}*"):
        shutil.rmtree(left_behind)


def _readable(folder: Path) -> Generation | None:
    try:
        return read_generation(folder)
    except GateError:
        return None


def _is_whole(generation: Generation) -> bool:
    try:
        verify(generation)
    except GateError:
        return False
    return True


def _write_manifest(generation: Generation) -> None:
    aside = generation.path / f"{PARTIAL}{MANIFEST}"
    aside.unlink(missing_ok=True)
    with _private_file(aside) as stream:
        stream.write(json.dumps(manifest_of(generation), indent=2).encode())
    aside.replace(generation.path / MANIFEST)
    _sync(generation.path)


@contextmanager
def _private_file(file: Path) -> Iterator[pa.OSFile]:
    """Yield a new file that only its owner may read; on the disk when the block ends."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with file.open("wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
