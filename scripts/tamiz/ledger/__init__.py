"""The ledger: the authority on what each platform's lists hold, and on what was tried."""

from tamiz.ledger.records import Addition, Holding, NewRun, ReceiptSum, StoredBatch, Sync
from tamiz.ledger.store import Ledger, open_ledger

__all__ = [
    "Addition",
    "Holding",
    "Ledger",
    "NewRun",
    "ReceiptSum",
    "StoredBatch",
    "Sync",
    "open_ledger",
]
