"""Match-readiness: how much of an audience a platform could match, said before anything is sent."""

import pyarrow.parquet as pq

from tamiz.publish import Generation

TABLE = "fct_match_readiness"
COUNTS = {
    "person_count": "people",
    "identified_person_count": "with an identifier",
    "valid_person_count": "valid",
    "consented_person_count": "consented",
    "unique_identifier_count": "unique identifiers",
}


def readiness(generation: Generation, audience: str, platform: str) -> str | None:
    """Return a line of counts, each of people a part of the one before; None where none are known.

    Older generations have no such table, and an audience that left the project has no row.
    """
    if TABLE not in generation.tables:
        return None
    rows = pq.read_table(
        generation.tables[TABLE].file,
        columns=list(COUNTS),
        filters=[("audience_name", "==", audience), ("platform", "==", platform)],
    ).to_pylist()
    if not rows:
        return None
    counts = ", ".join(f"{rows[0][column]:,} {word}" for column, word in COUNTS.items())
    return f"readiness: {counts}"
