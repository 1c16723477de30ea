"""What one audience on one platform is sent with, and what is written down of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from tamiz.errors import Rejected
from tamiz.ledger import Hashes, Ledger, Members, Outcome, ReceiptRow, StoredBatch
from tamiz.ledger.columns import among
from tamiz.platforms.base import Receipt
from tamiz.push.line import Line
from tamiz.push.searching import Suspect

INVALID_SHARE = 0.01  # more invalid identifiers than this fail the audience


class RowsRefused(Rejected):
    """Rows of one audience are of no use to the platform; other audiences are not concerned."""


@dataclass(frozen=True, slots=True)
class BatchReceipt:
    """What became of one batch, in identifiers: sent = accepted + invalid + retried + left out.

    `is_pending` while the platform works on it: it has not counted yet, so only `sent` is known.
    """

    audience: str
    platform: str
    op: str
    batch_id: str
    sent: int
    accepted: int
    invalid: int
    retried: int
    left_out: int
    is_counted: bool
    is_pending: bool = False


@dataclass(slots=True)
class Task:
    """One audience on one platform, under one lease.

    `suppressions` is the ledger's number at the time of the plan: if it grew, batches are looked
    through again before they leave. `searches` counts the requests that look for bad rows,
    `unnamed` the additions that the platform counts as invalid and names none of, and `problem` is
    what fails the audience once everything else of it is done.
    """

    audience: str
    sync_id: str
    line: Line
    ledger: Ledger
    fence: int
    clock: Callable[[], datetime]
    suppressions: int
    list_id: str = ""
    searches: int = 0
    unnamed: int = 0
    problem: Rejected | None = None
    suspects: list[Suspect] = field(default_factory=list, repr=False)
    _touched: dict[str, int] = field(default_factory=dict)

    def receipts(self) -> Iterator[BatchReceipt]:
        """Yield what became of each batch that was touched."""
        if not self._touched:
            return
        for row in self.ledger.receipts(since=min(self._touched.values())):
            if row.batch_id in self._touched:
                yield self._receipt(row)

    def refuse_invalid(self) -> None:
        """Raise Rejected if the platform could not use more than 1 % of what it was sent."""
        if self.problem is not None:
            raise self.problem
        receipts = list(self.receipts())
        sent = sum(receipt.sent for receipt in receipts)
        invalid = sum(receipt.invalid for receipt in receipts)
        if invalid > INVALID_SHARE * sent:
            raise RowsRefused(
                f"{self.line.platform.name} could not use {invalid} of the {sent} identifiers of"
                f" {self.audience}: check macros/identifiers against its rules"
            )

    def sendable(self, batch: StoredBatch, allowed: Hashes | None) -> tuple[Members, int]:
        """Return the members of a batch that may leave now, and how many were left out of it."""
        record = self.ledger.batches
        members = record.content(batch)
        now = self.ledger.suppressions()
        if batch.op == "remove" or (allowed is None and now == self.suppressions):
            return members, 0
        hashed = record.hashed(members)
        is_out = among(hashed.hashes, self.ledger.never_sent(self.sync_id, self.clock()))
        if allowed is not None:
            is_out |= ~among(hashed.hashes, allowed)
        if is_out.any():
            record.leave_out(batch, np.flatnonzero(is_out).tolist())
        return hashed.take(~is_out), int(is_out.sum())

    def judge(self) -> None:
        """Put suspects away if the platform took others of their batch.

        If it took nobody it may be at fault itself: they are planned anew by the next push.
        """
        record, now = self.ledger.batches, self.clock()
        for one in self.suspects:
            status = one.http_status
            if one.tree.accepted:
                bad = ((0, one.code),)
                outcome = Outcome(invalid=1, bad_rows=bad, code=one.code, http_status=status)
                record.split(one.batch, [], outcome, now)
            else:
                record.dead(one.batch, code=one.code, http_status=status, now=now)
                self.problem = self.all_bad(one.code)
        self.suspects.clear()

    def all_bad(self, code: str) -> RowsRefused:
        """Say that of a refused batch nobody was taken, or that the search was given up."""
        name = self.line.platform.name
        return RowsRefused(
            f"{name} refused part after part of a batch of {self.audience} (code {code}): the rows"
            f" at fault could not be told from the others; look the code up in {name}'s"
            " documentation, check macros/identifiers against its rules, then run `tamiz push`"
            " again"
        )

    def touched(self, batch: StoredBatch) -> None:
        """Remember that something becomes of a batch."""
        root_id, number = self.ledger.batches.root_of(batch)
        self._touched[root_id] = number

    def accepted(self) -> list[StoredBatch]:
        """Return the batches that the platform took and works on."""
        unsettled = self.ledger.batches.unsettled(self.sync_id)
        return [batch for batch in unsettled if batch.remote_id is not None]

    def settled(self, batch: StoredBatch, sent: int, receipt: Receipt, status: int) -> None:
        """Record what the platform says of a batch that it has done."""
        invalid = min(receipt.invalid, sent)
        does_add_up = receipt.accepted + receipt.invalid == sent
        outcome = Outcome(
            accepted=sent - invalid,
            invalid=invalid,
            bad_rows=tuple((row.index, row.code) for row in receipt.bad_rows if row.index < sent),
            is_counted=receipt.is_counted and does_add_up,
            http_status=status,
        )
        self.ledger.batches.acknowledged(batch, outcome, self.clock())

    def _receipt(self, row: ReceiptRow) -> BatchReceipt:
        return BatchReceipt(
            audience=self.audience,
            platform=self.line.platform.name,
            op=row.operation,
            batch_id=row.batch_id,
            sent=row.sent,
            accepted=row.accepted or 0,
            invalid=row.invalid or 0,
            retried=row.retried or 0,
            left_out=row.left_out,
            is_counted=bool(row.is_counted),
            is_pending=row.state == "PENDING",
        )
