"""What a published generation wants on a platform's list: distinct identifiers, and counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tamiz.errors import GateError
from tamiz.platforms import Platform
from tamiz.publish import Generation

MEMBERS = "fct_audience_members"
FUNNEL = "fct_audience_funnel"
SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
SLICE = 65_536  # values that become Python texts at a time
LEFT_OUT = {
    "excluded": "",  # its reason says it
    "no_consent": "no consent",
    "holdout": "holdout",
    "no_identifier": "no identifier",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """People who may be reached, and their distinct identifiers by kind (hex SHA-256)."""

    people: int
    digests: Mapping[str, pa.Array] = field(repr=False)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield kind and platform hash of each identifier."""
        for kind, digests in self.digests.items():
            for start in range(0, len(digests), SLICE):
                for digest in digests.slice(start, SLICE).to_pylist():
                    yield kind, digest

    def __len__(self) -> int:
        """How many identifiers there are."""
        return sum(len(digests) for digests in self.digests.values())


def wanted(generation: Generation, audience: Mapping[str, Any], platform: Platform) -> Wanted:
    """Read what the list of an audience should hold; holdout people are never in it.

    An audience that does not go to the platform wants nobody there.
    Raises GateError if a value is no SHA-256, or the one of an empty text.
    """
    if platform.name not in audience["platforms"]:
        return Wanted(0, {})
    kinds = [entry for entry in platform.identifiers if entry.kind in audience["identifiers"]]
    columns = ["person_id", "is_holdout", *(entry.column for entry in kinds)]
    rows = _rows(generation, MEMBERS, audience["name"], platform.name, columns)
    rows = rows.filter(pc.invert(rows["is_holdout"]))
    found = {entry: rows[entry.column].cast(pa.string()) for entry in kinds}
    if not found:
        return Wanted(0, {})
    reached = reduce(pc.or_, (pc.is_valid(column) for column in found.values()))
    people = pc.count_distinct(rows["person_id"].filter(reached)).as_py()
    digests = {entry: pc.unique(column.drop_null()) for entry, column in found.items()}
    for entry, values in digests.items():
        _refuse_no_digest(generation, entry.column, values)
    return Wanted(people, {entry.kind: values for entry, values in digests.items()})


def left_out(generation: Generation, audience: str, platform: str) -> tuple[tuple[str, int], ...]:
    """Return why people of the segments are not reached, and how many, from the funnel."""
    if FUNNEL not in generation.tables:
        return ()
    columns = ["step_number", "step", "reason", "person_count"]
    rows = _rows(generation, FUNNEL, audience, platform, columns).to_pylist()
    rows.sort(key=lambda row: (row["step_number"], row["reason"] or ""))
    return tuple(
        (LEFT_OUT[row["step"]] or row["reason"], row["person_count"])
        for row in rows
        if row["step"] in LEFT_OUT and row["person_count"]
    )


def _rows(
    generation: Generation, table: str, audience: str, platform: str, columns: list[str]
) -> pa.Table:
    if table not in generation.tables:
        raise GateError(f"{generation.path} has no {table}: run `dbt build`, then `tamiz validate`")
    return pq.read_table(
        generation.tables[table].file,
        columns=columns,
        filters=[("audience_name", "==", audience), ("platform", "==", platform)],
    )


def _refuse_no_digest(generation: Generation, column: str, digests: pa.Array) -> None:
    is_digest = pc.match_substring_regex(digests, "^[0-9a-f]{64}$")
    is_nothing = pc.equal(digests, SHA256_OF_NOTHING)
    wrong = pc.sum(pc.or_(pc.invert(is_digest), is_nothing), min_count=0).as_py()
    if wrong:
        raise GateError(
            f"{generation.path}: {wrong} values of {MEMBERS}.{column} are no SHA-256, or that of"
            " an empty text; nothing was sent: mend macros/identifiers, run `dbt build`, then"
            " `tamiz validate`"
        )
