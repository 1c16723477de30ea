"""Whoever is barred for good goes to the ledger: they stay out when they are imported anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from tamiz.ledger import Hashes, open_ledger
from tamiz.ledger.columns import among, column_of
from tamiz.ledger.keys import Keys
from tamiz.warehouse import Warehouse

SUPPRESSED = "int_suppressed_hashes"
HELD = "int_known_hashes"
NAMING = ("person_id", "anonymous_id")  # as in the published tables


@dataclass(frozen=True, slots=True)
class Suppression:
    """How many hashes are new to the ledger, and who came back, by the column that names them."""

    new: int
    returned: Mapping[str, frozenset[str]]


def suppress(warehouse: Warehouse, ledger_file: Path, now: datetime) -> Suppression:
    """Write the hashes of people and visitors barred for good to the ledger, keyed; `now` is UTC.

    Who holds a hash that the ledger knows, and that no request of this build explains, came back:
    the request is gone from the raw tables. No ledger is made while nobody is barred. Raises what
    `open_ledger` raises.
    """
    sql = f"select identifier_sha256 from {SUPPRESSED} where reason = "  # noqa: S608 - our own names
    found = {
        reason: _digests(warehouse.batches(f"{sql}'{reason}'")) for reason in ("erasure", "opt_out")
    }
    if not any(map(len, found.values())) and not ledger_file.exists():
        return Suppression(0, {})
    with open_ledger(ledger_file) as ledger:
        new = ledger.suppress_all(found.items(), now)
        explained = [ledger.keys.member_hashes(column) for column in found.values()]
        unexplained = _without(ledger.suppressed(), explained)
        return Suppression(new, _holders(warehouse, ledger.keys, unexplained))


def _holders(warehouse: Warehouse, keys: Keys, unexplained: Hashes) -> dict[str, frozenset[str]]:
    """Return the people and visitors who hold one of some member hashes, by column."""
    if not len(unexplained):
        return {}
    returned: dict[str, set[str]] = {name: set() for name in NAMING}
    sql = f"select {', '.join(NAMING)}, identifier_sha256 from {HELD}"  # noqa: S608 - as above
    for batch in warehouse.batches(sql):
        keyed = keys.member_hashes(_column(batch["identifier_sha256"]))
        theirs = batch.filter(pa.array(among(keyed, unexplained)))
        for name in NAMING:
            returned[name].update(theirs[name].drop_null().to_pylist())
    return {name: frozenset(ids) for name, ids in returned.items()}


def _without(known: Hashes, explained: list[Hashes]) -> Hashes:
    if not explained:
        return known
    return known[~among(known, np.sort(np.concatenate(explained)))]


def _digests(batches: pa.RecordBatchReader) -> Hashes:
    found = [_column(batch.column(0)) for batch in batches]
    return np.concatenate(found) if found else column_of(b"")


def _column(texts: pa.Array) -> Hashes:
    return column_of(bytes.fromhex("".join(texts.to_pylist())))
