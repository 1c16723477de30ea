"""What a published generation wants on a platform's list: distinct identifiers, and counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tamiz.errors import GateError
from tamiz.ledger import Hashes
from tamiz.ledger.columns import HASH, column_of, hashes
from tamiz.platforms import Platform
from tamiz.platforms.base import Identifier
from tamiz.publish import Generation

MEMBERS = "fct_audience_members"
FUNNEL = "fct_audience_funnel"
HEX = 64  # digits
ROWS = 65_536  # of the published table at a time
SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
NO_DIGIT = 255
VALUE_OF = np.full(256, NO_DIGIT, dtype=np.uint8)
VALUE_OF[np.frombuffer(b"0123456789abcdef", dtype=np.uint8)] = np.arange(16, dtype=np.uint8)
LEFT_OUT = {
    "excluded": "",  # its reason says it
    "no_consent": "no consent",
    "holdout": "holdout",
    "no_identifier": "no identifier",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """People who may be reached, and their distinct identifiers: SHA-256 and kind, in columns.

    `kinds` are positions in `names`.
    """

    people: int
    digests: Hashes = field(repr=False)
    kinds: npt.NDArray[np.uint8] = field(repr=False)
    names: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many identifiers there are."""
        return len(self.digests)


def wanted(generation: Generation, audience: Mapping[str, Any], platform: Platform) -> Wanted:
    """Read what the list of an audience should hold; holdout people are never in it.

    An audience that does not go to the platform wants nobody there.
    Raises GateError if a value is no SHA-256, or the one of an empty text.
    """
    kinds = [entry for entry in platform.pushed if entry.kind in audience.get("identifiers", ())]
    if platform.name not in audience["platforms"] or not kinds:
        return Wanted(0, hashes(), np.zeros(0, dtype=np.uint8))
    people, found = 0, [[hashes()] for _ in kinds]
    for rows in _members(generation, audience["name"], platform.name, kinds):
        # One row a person: the model's own test, which a generation has passed.
        people += pc.sum(reduce(pc.or_, map(pc.is_valid, rows)), min_count=0).as_py()
        for place, column in enumerate(rows):
            found[place].append(_digests(generation, str(kinds[place].column), column))
    give_back_memory()
    lengths = [sum(map(len, parts)) for parts in found]
    digests = np.concatenate([part for parts in found for part in parts])
    found.clear()
    numbers = np.repeat(np.arange(len(kinds), dtype=np.uint8), lengths)
    # Of equal hashes the first stays: people may share one, and kinds too (a device id is either).
    order = np.argsort(digests, kind="stable")
    digests, numbers = digests[order], numbers[order]
    is_first = np.ones(len(digests), dtype=np.bool_)
    is_first[1:] = digests[1:] != digests[:-1]
    if not is_first.all():
        digests, numbers = digests[is_first], numbers[is_first]
    return Wanted(people, digests, numbers, tuple(entry.kind for entry in kinds))


def give_back_memory() -> None:
    """Return to the system what was freed: columns come and go, and the next ones need the room."""
    pa.default_memory_pool().release_unused()
    pa.system_memory_pool().release_unused()


def left_out(generation: Generation, audience: str, platform: str) -> tuple[tuple[str, int], ...]:
    """Return why people of the segments are not reached, and how many, from the funnel."""
    if FUNNEL not in generation.tables:
        return ()
    columns = ["step_number", "step", "reason", "person_count"]
    rows = pq.read_table(
        generation.tables[FUNNEL].file,
        columns=columns,
        filters=[("audience_name", "==", audience), ("platform", "==", platform)],
    ).to_pylist()
    rows.sort(key=lambda row: (row["step_number"], row["reason"] or ""))
    return tuple(
        (LEFT_OUT[row["step"]] or row["reason"], row["person_count"])
        for row in rows
        if row["step"] in LEFT_OUT and row["person_count"]
    )


def _members(generation: Generation, audience: str, platform: str, kinds: list[Identifier]) -> Any:  # noqa: ANN401 - pyarrow has no types
    """Yield the columns of an audience's people who are not held out, some rows at a time."""
    if MEMBERS not in generation.tables:
        raise GateError(
            f"{generation.path} has no {MEMBERS}: run `dbt build`, then `tamiz validate`"
        )
    table, names = generation.tables[MEMBERS], [str(entry.column) for entry in kinds]
    gone = [name for name in names if name not in table.columns]
    if gone:
        raise GateError(
            f"{generation.path}: {MEMBERS} has no column {gone[0]}; nothing was sent: it was"
            " published by an older tamiz: run `dbt build`, then `tamiz validate`"
        )
    # Row group by row group: a table of millions of people is never in memory as a whole.
    with pq.ParquetFile(table.file, pre_buffer=False) as file:
        asked = ["audience_name", "platform", "is_holdout", *names]
        for group in range(file.num_row_groups):
            if _may_hold(file.metadata.row_group(group), audience, platform):
                for rows in file.iter_batches(ROWS, [group], asked, use_threads=False):
                    yield _of_these(rows, audience, platform, names)


def _may_hold(group: Any, audience: str, platform: str) -> bool:  # noqa: ANN401 - as above
    """Whether a row group may hold rows of an audience on a platform, by its statistics."""
    wanted_of = {"audience_name": audience, "platform": platform}
    for number in range(group.num_columns):
        column = group.column(number)
        value, range_ = wanted_of.get(column.path_in_schema), column.statistics
        is_told = value is not None and range_ is not None and range_.has_min_max
        if is_told and not range_.min <= value <= range_.max:
            return False
    return True


def _of_these(rows: Any, audience: str, platform: str, names: list[str]) -> Any:  # noqa: ANN401
    is_theirs = pc.and_(
        pc.equal(rows["audience_name"], audience), pc.equal(rows["platform"], platform)
    )
    kept = rows.filter(pc.and_(is_theirs, pc.invert(rows["is_holdout"])))
    return [kept[name] for name in names]


def _digests(generation: Generation, column: str, texts: Any) -> Hashes:  # noqa: ANN401 - as above
    """Read lower-case hex; raises GateError on anything that is no SHA-256 of something."""
    texts = texts.drop_null().cast(pa.binary())
    fits = texts.filter(pc.equal(pc.binary_length(texts), HEX)).cast(pa.binary(HEX))
    places = slice(fits.offset * HEX, (fits.offset + len(fits)) * HEX)
    digits = VALUE_OF[np.frombuffer(fits.buffers()[1] or b"", dtype=np.uint8)[places]]
    digits = digits.reshape(-1, HEX)
    values = (digits[:, ::2] << 4) | digits[:, 1::2]
    digests = np.ascontiguousarray(values).view(HASH).reshape(-1)
    is_wrong = (digits == NO_DIGIT).any(axis=1)
    is_wrong |= digests == column_of(bytes.fromhex(SHA256_OF_NOTHING))
    wrong = len(texts) - len(fits) + int(is_wrong.sum())
    if wrong:
        raise GateError(
            f"{generation.path}: {wrong} values of {MEMBERS}.{column} are no SHA-256, or that of"
            " an empty text; nothing was sent: mend macros/identifiers, run `dbt build`, then"
            " `tamiz validate`"
        )
    return digests
