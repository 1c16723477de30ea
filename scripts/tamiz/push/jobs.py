"""The requests of a delivery: send a batch or its parts, and ask after work that goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from tenacity import RetryCallState

from tamiz.errors import Rejected
from tamiz.ledger import Hashes, Members, Outcome, StoredBatch
from tamiz.platforms.base import Answer, Batch, Receipt, Refusal, Request, Verdict
from tamiz.push.line import TRIES, TryAgain
from tamiz.push.searching import SEARCHES, Suspect, Tree, halves, is_worth_a_search
from tamiz.push.task import Task
from tamiz.push.transport import NotSent, Prepared
from tamiz.push.window import Came, Job


@dataclass(slots=True)
class _Asking:
    """A request about a batch, sent again after failures, a few times, and after waits as asked."""

    task: Task
    batch: StoredBatch
    _failures: RetryCallState = field(init=False, repr=False)
    _waits: RetryCallState = field(init=False, repr=False)
    _renewals: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        retrying = self.task.line.tries()
        self._failures = RetryCallState(retrying, fn=None, args=(), kwargs={})
        self._waits = RetryCallState(retrying, fn=None, args=(), kwargs={})

    def _prepared(self, request: Request) -> Prepared:
        self._renewals = self.task.line.renewals
        return self.task.line.prepared(request)

    def _rest(self, problem: TryAgain) -> None:
        """Let the line rest before the next try; raises the problem after the last one."""
        state = self._failures if problem.counts else self._waits
        if problem.counts and state.attempt_number >= TRIES:
            raise problem
        self.task.line.hold(problem, state)
        state.attempt_number += 1


@dataclass(slots=True)
class Send(_Asking):
    """Sends a batch; `allowed` is who is still wanted, in order, if it was planned earlier.

    `found` is told how many members of a probe are invalid, and returns what follows from that.
    """

    allowed: Hashes | None = field(default=None, repr=False)
    tree: Tree | None = None
    found: Callable[[int], list[Job]] | None = field(default=None, repr=False)
    _members: Members | None = field(init=False, default=None, repr=False)
    _sent: Batch = field(init=False, repr=False)
    _attempt: int = field(init=False, default=0)

    def start(self) -> Prepared | None:
        """Write down the intent to send what may still leave of the batch."""
        task, batch, record = self.task, self.batch, self.task.ledger.batches
        task.touched(batch)
        if self.tree is not None and self.tree.given_up is not None:
            record.dead(batch, code=self.tree.given_up, http_status=None, now=task.clock())
            return None
        self._members, left_out = task.sendable(batch, self.allowed)
        if not len(self._members):
            record.dead(batch, code="nobody left to send", http_status=None, now=task.clock())
            return None
        self._attempt += 1
        pairs = self._members.pairs()
        self._sent = Batch(batch.batch_id, batch.attempt + self._attempt, pairs)
        platform = task.line.platform
        make = platform.add_members if batch.op == "add" else platform.remove_members
        prepared = self._prepared(make(task.line.account, task.list_id, self._sent))
        record.intend(
            batch,
            sent_sha256=sha256(prepared.payload or b"").hexdigest(),
            suppressed=left_out,
            fence=task.fence,
            now=task.clock(),
        )
        return prepared

    def done(self, came: Came, in_flight: int) -> Sequence[Job]:
        """Write down what the platform said; returns what follows from it."""
        line, record, now = self.task.line, self.task.ledger.batches, self.task.clock()
        if not isinstance(came, Answer):
            note = record.not_applied if isinstance(came, NotSent) else record.unknown
            code = "no connection" if isinstance(came, NotSent) else "no answer"
            note(self.batch, code=code, http_status=None, now=now)
            self._rest(line.nothing_came(came))
            return [self]
        line.heard(came, in_flight)
        refusal = line.refusal(came)
        if refusal is not None:
            return self._refused(refusal, came)
        try:
            receipt = line.read(lambda answer: line.platform.read_receipt(answer, self._sent), came)
        except TryAgain as problem:
            status = came.http_status
            record.unknown(self.batch, code="unreadable", http_status=status, now=now)
            self._rest(problem)
            return [self]
        return self._taken(receipt, came.http_status)

    def _refused(self, refusal: Refusal, answer: Answer) -> Sequence[Job]:
        line, record = self.task.line, self.task.ledger.batches
        if refusal.verdict is Verdict.REFUSE_ROWS and not self.batch.is_probe:
            return self._parts(refusal, answer.http_status)
        note = record.dead
        if refusal.verdict is Verdict.RETRY or not refusal.is_known:
            note = record.unknown
        elif refusal.verdict in (Verdict.WAIT, Verdict.REAUTHENTICATE):
            note = record.not_applied
        status = answer.http_status
        note(self.batch, code=refusal.code, http_status=status, now=self.task.clock())
        if refusal.verdict in (Verdict.RETRY, Verdict.WAIT):
            self._rest(line.again(refusal, answer))
            return [self]
        if refusal.verdict is Verdict.REAUTHENTICATE and line.renewed(self._renewals):
            return [self]
        if refusal.verdict is Verdict.STOP and self.batch.op == "remove":
            raise self._still_owed(refusal)
        raise line.refused(refusal)

    def _taken(self, receipt: Receipt, status: int) -> Sequence[Job]:
        task, batch, members = self.task, self.batch, self._members
        if self.tree is not None and (receipt.accepted or receipt.asynchronous):
            self.tree.accepted += 1
        if receipt.asynchronous and receipt.remote_id is not None:
            task.ledger.batches.accepted(batch, receipt.remote_id, task.clock())
            return ()
        task.settled(batch, len(self._sent.members), receipt, status)
        self._members = None
        if self.found is not None:
            return self.found(receipt.invalid)
        is_unnamed = receipt.invalid > 0 and not receipt.bad_rows and receipt.is_counted
        if members is None or not is_unnamed or batch.op == "remove":
            return ()
        if not is_worth_a_search(len(members), receipt.invalid, task.searches):
            return ()
        found = task.ledger.batches.hashed(members)
        return _search(task, batch, found, receipt.invalid)

    def _parts(self, refusal: Refusal, status: int) -> Sequence[Job]:
        """Go on without the rows that were named, or with both halves if none were."""
        task, record = self.task, self.task.ledger.batches
        members = record.hashed(record.content(self.batch))
        tree = self.tree or Tree.of(len(members))
        tree.refused += 1
        bad = {row.index: row.code for row in refusal.bad_rows if row.index < len(members)}
        if not bad and len(members) == 1:
            code = refusal.code
            record.not_applied(self.batch, code=code, http_status=status, now=task.clock())
            task.suspects.append(Suspect(tree, self.batch, code, status))
            return ()
        is_good = np.ones(len(members), dtype=np.bool_)
        is_good[list(bad)] = False
        parts = [members.take(is_good)] if bad else list(halves(members))
        parts = [part for part in parts if len(part)]
        if parts and (tree.is_hopeless or task.searches + len(parts) > SEARCHES):
            tree.given_up = refusal.code
            code = refusal.code
            record.dead(self.batch, code=code, http_status=status, now=task.clock())
            task.problem = task.all_bad(code)
            return ()
        task.searches += len(parts)
        outcome = Outcome(
            invalid=len(bad),
            bad_rows=tuple(sorted(bad.items())),
            code=refusal.code,
            http_status=status,
        )
        children = record.split(self.batch, parts, outcome, task.clock())
        return [Send(task, child, tree=tree) for child in children]

    def _still_owed(self, refusal: Refusal) -> Rejected:
        name, count = self.task.line.platform.name, len(self._sent.members)
        known = "" if refusal.is_known else ", which tamiz does not know"
        return Rejected(
            f"{name} refused to remove {count:,} identifiers from the list of"
            f" {self.task.audience} (code {refusal.code}{known}): they are still on it and still"
            " owed; if the list would become too small, stop using it or delete it there, then"
            " run `tamiz push` again"
        )


@dataclass(slots=True)
class Ask(_Asking):
    """Asks what became of a batch that was accepted; `is_settled` once the platform has said."""

    is_settled: bool = False

    def start(self) -> Prepared | None:
        """Return the question; nothing is written down for it."""
        poll, remote_id = self.task.line.platform.poll, self.batch.remote_id
        self.task.touched(self.batch)
        if poll is None or remote_id is None:
            return None
        return self._prepared(poll(self.task.line.account, remote_id))

    def done(self, came: Came, in_flight: int) -> Sequence[Job]:
        """Write down what became of the batch, if the platform says so."""
        line = self.task.line
        if not isinstance(came, Answer):
            self._rest(line.nothing_came(came))
            return [self]
        line.heard(came, in_flight)
        refusal = line.refusal(came)
        if refusal is None:
            return self._told(came)
        if refusal.verdict in (Verdict.RETRY, Verdict.WAIT):
            self._rest(line.again(refusal, came))
            return [self]
        if refusal.verdict is Verdict.REAUTHENTICATE:
            if line.renewed(self._renewals):
                return [self]
            raise line.refused(refusal)
        # The platform no longer knows the request: its outcome will never be told.
        record, code = self.task.ledger.batches, refusal.code
        record.unknown(self.batch, code=code, http_status=None, now=self.task.clock())
        self.is_settled = True
        return ()

    def _told(self, answer: Answer) -> Sequence[Job]:
        task, line = self.task, self.task.line
        if line.platform.read_status is None:
            return ()
        try:
            status = line.read(line.platform.read_status, answer)
        except TryAgain as problem:
            self._rest(problem)
            return [self]
        if status.receipt is None:
            return ()
        sent = self.batch.n - self.batch.left_out
        if max(status.receipt.accepted, status.receipt.invalid) > sent:
            self._rest(line.unclear("it counts more than was sent"))
            return [self]
        self.is_settled = True
        if status.has_failed:
            record = task.ledger.batches
            record.dead(self.batch, code="FAILED", http_status=None, now=task.clock())
            task.problem = Rejected(
                f"{line.platform.name} took {sent:,} identifiers of {task.audience} and failed"
                " with them later: none of them count; the next push sends them again"
            )
            return ()
        task.settled(self.batch, sent, status.receipt, answer.http_status)
        if self.batch.op == "add" and not status.receipt.bad_rows:
            task.unnamed += status.receipt.invalid
        return ()


def _search(task: Task, batch: StoredBatch, members: Members, invalid: int) -> list[Job]:
    """Return the first requests that tell which of the members are invalid, so many of them."""
    if invalid <= 0:
        return []
    if invalid >= len(members):
        task.ledger.batches.convict(batch, members, "INVALID", task.clock())
        return []
    left, right = halves(members)

    def found_left(count: int) -> list[Job]:
        here = _search(task, batch, left, count)
        return [*here, *_probe(task, batch, right, found_right)] if count < invalid else here

    def found_right(count: int) -> list[Job]:
        return _search(task, batch, right, count)

    return _probe(task, batch, left, found_left)


def _probe(
    task: Task, batch: StoredBatch, part: Members, found: Callable[[int], list[Job]]
) -> list[Job]:
    if task.searches >= SEARCHES:
        return []
    task.searches += 1
    (probe,) = task.ledger.batches.probe(batch, [part])
    return [Send(task, probe, found=found)]
