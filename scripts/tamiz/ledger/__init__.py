"""The ledger: the authority on what each platform's lists hold, and on what was tried."""

from tamiz.ledger.columns import Hashes, Members
from tamiz.ledger.records import (
    IN_FLIGHT,
    MAYBE,
    PRESENT,
    Holding,
    NewRun,
    Outcome,
    ReceiptRow,
    StoredBatch,
    Sync,
)
from tamiz.ledger.store import Ledger, open_ledger

__all__ = [
    "IN_FLIGHT",
    "MAYBE",
    "PRESENT",
    "Hashes",
    "Holding",
    "Ledger",
    "Members",
    "NewRun",
    "Outcome",
    "ReceiptRow",
    "StoredBatch",
    "Sync",
    "open_ledger",
]
