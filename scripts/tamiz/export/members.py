"""The members of an audience on a platform, from a published generation: nobody held out."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tamiz.errors import GateError
from tamiz.publish import Generation

MEMBERS = "fct_audience_members"
DIGEST = "^[0-9a-f]{64}$"
SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def members(
    generation: Generation, audience: Mapping[str, Any], platform: str, kinds: Sequence[str]
) -> pa.Table:
    """Return person_id and a column of hashes for each kind, of people who have one of them.

    Kinds the audience does not name are empty. Raises GateError if the table is not there or a
    value in it is no SHA-256, or the one of an empty text.
    """
    if MEMBERS not in generation.tables:
        raise GateError(
            f"{generation.path} has no {MEMBERS}: run `dbt build`, then `tamiz validate`"
        )
    columns = [f"{kind}_sha256" for kind in kinds]
    rows = pq.read_table(
        generation.tables[MEMBERS].file,
        columns=["person_id", "is_holdout", *columns],
        filters=[("audience_name", "==", audience["name"]), ("platform", "==", platform)],
    )
    rows = rows.filter(pc.invert(rows["is_holdout"])).drop_columns(["is_holdout"])
    for kind, column in zip(kinds, columns, strict=True):
        values = rows[column].cast(pa.string())
        if kind not in audience["identifiers"]:
            values = pa.chunked_array([pa.nulls(len(rows), pa.string())])
        _refuse_no_digest(generation, column, values)
        rows = rows.set_column(rows.schema.get_field_index(column), column, values)
    has_one = pa.array([False] * len(rows), pa.bool_())
    for column in columns:
        has_one = pc.or_(has_one, pc.is_valid(rows[column]))
    return rows.filter(has_one)


def _refuse_no_digest(generation: Generation, column: str, values: pa.ChunkedArray) -> None:
    is_digest = pc.match_substring_regex(values, DIGEST)
    is_nothing = pc.equal(values, SHA256_OF_NOTHING)
    wrong = pc.sum(pc.or_(pc.invert(is_digest), is_nothing), min_count=0).as_py()
    if wrong:
        raise GateError(
            f"{generation.path}: {wrong} values of {MEMBERS}.{column} are no SHA-256, or that of"
            " an empty text; nothing was exported: mend macros/identifiers, run `dbt build`, then"
            " `tamiz validate`"
        )
