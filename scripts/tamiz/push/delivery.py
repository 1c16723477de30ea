"""Deliver the batches of one audience to one platform, each step recorded before and after."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import count

from tamiz.errors import Rejected
from tamiz.ledger import Ledger, StoredBatch
from tamiz.platforms.base import Batch, Json, Receipt, Refusal, Verdict
from tamiz.push.line import Line, TryAgain
from tamiz.push.transport import Answer, Lost, NotSent, encoded

POLL_AFTER = (0.0, 0.5, 2.0)  # seconds between questions about work a platform has accepted
INVALID_SHARE = 0.01  # more invalid entries than this fail the audience


@dataclass(frozen=True, slots=True)
class BatchReceipt:
    """What became of one batch, in identifiers; `is_pending` while the platform works on it."""

    audience: str
    platform: str
    op: str
    sent: int
    received: int
    invalid: int
    is_pending: bool = False


@dataclass(slots=True)
class Delivery:
    """The batches of one audience on one platform, under one lease."""

    audience: str
    sync_id: str
    list_id: str
    line: Line
    ledger: Ledger
    fence: int
    clock: Callable[[], datetime]
    receipts: list[BatchReceipt] = field(default_factory=list)
    _sent: dict[str, int] = field(default_factory=dict)

    def settle(self, allowed: AbstractSet[bytes]) -> None:
        """Ask after accepted work, and send again what nobody knows the outcome of.

        The content is the same, less the additions that are no longer wanted (`allowed`).
        """
        self._ask_after(self._accepted())
        known = {batch.batch_id for batch in self._accepted()}
        for batch in self.ledger.batches.unsettled(self.sync_id):
            if batch.remote_id is None:
                self._deliver(batch, allowed)
        self._ask_after(batch for batch in self._accepted() if batch.batch_id not in known)

    def send(self, batches: Iterable[StoredBatch]) -> None:
        """Send batches in order, then ask what became of those that were only accepted."""
        known = {batch.batch_id for batch in self._accepted()}
        for batch in batches:
            self._deliver(batch, None)
        self._ask_after(batch for batch in self._accepted() if batch.batch_id not in known)

    def refuse_invalid(self) -> None:
        """Raise Rejected if the platform could not use more than 1 % of what it was sent."""
        sent = sum(receipt.sent for receipt in self.receipts)
        invalid = sum(receipt.invalid for receipt in self.receipts)
        if invalid > INVALID_SHARE * sent:
            raise Rejected(
                f"{self.line.platform.name} could not use {invalid} of the {sent} identifiers of"
                f" {self.audience}: check macros/identifiers against its rules"
            )

    def _deliver(self, batch: StoredBatch, allowed: AbstractSet[bytes] | None) -> None:
        numbers = count(batch.attempt + 1)
        self.line.tries()(self._try, batch, allowed, numbers)

    def _try(
        self, batch: StoredBatch, allowed: AbstractSet[bytes] | None, numbers: "count[int]"
    ) -> None:
        members, left_out = self._sendable(batch, allowed)
        if not members:
            self.ledger.batches.dead(
                batch, code="nobody left to send", http_status=None, now=self.clock()
            )
            return
        adapter, account = self.line.platform, self.line.account
        make = adapter.add_members if batch.op == "add" else adapter.remove_members
        request = make(account, self.list_id, Batch(batch.batch_id, next(numbers), members))
        payload = encoded(request.body)
        self.ledger.batches.intend(
            batch,
            sent_sha256=sha256(payload or b"").hexdigest(),
            suppressed=left_out,
            fence=self.fence,
            now=self.clock(),
        )
        record = self.ledger.batches
        try:
            answer = self.line.transport.exchange(request, payload)
        except NotSent as problem:
            record.not_applied(batch, code="no connection", http_status=None, now=self.clock())
            raise self.line.unreachable(str(problem)) from None
        except Lost as problem:
            record.unknown(batch, code="no answer", http_status=None, now=self.clock())
            raise self.line.unclear(str(problem)) from None
        self._record(batch, answer, len(members))

    def _sendable(
        self, batch: StoredBatch, allowed: AbstractSet[bytes] | None
    ) -> tuple[list[tuple[str, str]], int]:
        members = self.ledger.batches.members(batch)
        if batch.op == "remove":
            return [(kind, digest) for _, kind, digest in members], 0
        never = self.ledger.never_sent(self.sync_id)
        gone = {
            hashed
            for hashed, _, _ in members
            if hashed in never or (allowed is not None and hashed not in allowed)
        }
        if gone:
            self.ledger.batches.leave_out(batch, gone)
        kept = [(kind, digest) for hashed, kind, digest in members if hashed not in gone]
        return kept, len(gone)

    def _record(self, batch: StoredBatch, answer: Answer, sent: int) -> None:
        record, status = self.ledger.batches, answer.http_status
        if answer.is_success and answer.body is not None:
            try:
                receipt = self.line.read(lambda body: self._receipt(body, sent), answer.body)
            except TryAgain:
                record.unknown(batch, code="unreadable", http_status=status, now=self.clock())
                raise
            self._keep(batch, receipt, sent)
            return
        refusal = self.line.refusal(answer)
        note = record.dead
        if refusal.verdict is Verdict.RETRY or not refusal.is_known:
            note = record.unknown
        elif refusal.verdict in (Verdict.WAIT, Verdict.REAUTHENTICATE):
            note = record.not_applied
        note(batch, code=refusal.code, http_status=status, now=self.clock())
        if refusal.verdict in (Verdict.RETRY, Verdict.WAIT):
            raise self.line.unclear(f"code {refusal.code}", answer.retry_after)
        raise self.line.refused(refusal)

    def _receipt(self, body: Json, sent: int) -> Receipt:
        return self.line.platform.read_receipt(body, sent)

    def _keep(self, batch: StoredBatch, receipt: Receipt, sent: int) -> None:
        self._sent[batch.batch_id] = sent
        if receipt.asynchronous and receipt.remote_id is not None:
            self.ledger.batches.accepted(batch, receipt.remote_id, self.clock())
        else:
            self._acknowledge(batch, receipt)

    def _acknowledge(self, batch: StoredBatch, receipt: Receipt) -> None:
        received, invalid = receipt.received, receipt.invalid
        record = self.ledger.batches
        record.acknowledged(batch, received=received, invalid=invalid, now=self.clock())
        self._note(batch, receipt)

    def _accepted(self) -> list[StoredBatch]:
        unsettled = self.ledger.batches.unsettled(self.sync_id)
        return [batch for batch in unsettled if batch.remote_id is not None]

    def _ask_after(self, batches: Iterable[StoredBatch]) -> None:
        waiting = list(batches)
        for pause in POLL_AFTER:
            if waiting and pause:
                self.line.sleep(pause)
            waiting = [batch for batch in waiting if not self._is_settled(batch)]
        for batch in waiting:
            self._note(batch, Receipt(0, 0), is_pending=True)

    def _is_settled(self, batch: StoredBatch) -> bool:
        adapter = self.line.platform
        if adapter.poll is None or adapter.read_status is None or batch.remote_id is None:
            return True
        answer = self.line.ask(adapter.poll(self.line.account, batch.remote_id))
        if isinstance(answer, Refusal):
            if answer.verdict is not Verdict.STOP:
                raise self.line.refused(answer)
            # The platform no longer knows the request: its outcome will never be told.
            code = answer.code
            self.ledger.batches.unknown(batch, code=code, http_status=None, now=self.clock())
            return True
        status = self.line.read(adapter.read_status, answer)
        if status.receipt is None:
            return False
        if status.has_failed:
            self.ledger.batches.dead(batch, code="FAILED", http_status=None, now=self.clock())
            self._note(batch, Receipt(0, self._sent.get(batch.batch_id, batch.n)))
            return True
        self._acknowledge(batch, status.receipt)
        return True

    def _note(self, batch: StoredBatch, receipt: Receipt, *, is_pending: bool = False) -> None:
        sent = self._sent.get(batch.batch_id, batch.n)
        name = self.line.platform.name
        counts = (sent, receipt.received, receipt.invalid)
        self.receipts.append(BatchReceipt(self.audience, name, batch.op, *counts, is_pending))
