"""Carry plans out: check first, store all batches, then one request at a time.

For each audience: settle what an earlier push left open, compare again, store the run with its
batches, removals first, intent before and outcome after each request. Members change in the
ledger only by the platform's answer.
"""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from tamiz.errors import ConfigError, Held, Rejected, TamizError
from tamiz.ledger import Ledger, NewRun
from tamiz.platforms import Account, platform
from tamiz.push.delivery import BatchReceipt, Delivery
from tamiz.push.line import Line, TokenRefused, TryAgain
from tamiz.push.lists import check_list, is_gone, list_for, refuse_other_account
from tamiz.push.planning import AudiencePlan, Difference, examine
from tamiz.push.transport import Transport
from tamiz.push.wanted import wanted


@dataclass(frozen=True, slots=True)
class PushResult:
    """Receipts in the order of sending, and what went wrong with an audience or a platform."""

    receipts: tuple[BatchReceipt, ...]
    failures: tuple[TamizError, ...]


def push(  # noqa: PLR0913 - what the command line knows, each by its name
    plans: Iterable[AudiencePlan],
    ledger: Ledger,
    accounts: Mapping[str, Account],
    *,
    clock: Callable[[], datetime],
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> PushResult:
    """Carry the plans out; returns receipts, and the failures that did not concern all of them.

    `clock` gives UTC. Raises ConfigError before the first write if an account or a list is not
    the one of the ledger, and LedgerLocked if another push runs. A platform that fails is left
    alone for the rest of this push; the others go on.
    """
    everything = tuple(plans)
    plans = tuple(plan for plan in everything if not plan.is_left_alone)
    with ledger.exclusive(), ExitStack() as closing:
        lines = _lines(plans, accounts, sleep, closing)
        for plan in plans:
            refuse_other_account(plan, ledger, lines[plan.platform])
        work = _Work(ledger, lines, clock, say)
        for plan in everything:
            if plan.is_left_alone:
                work.failures[plan.sync_id] = Held(plan.held)
        for plan in plans:
            work.unless_failed(plan, work.check)
        for plan in plans:
            if plan.platform in work.failures:
                say(f"{plan.audience} on {plan.platform}: left alone, for {plan.platform} failed")
            work.unless_failed(plan, work.carry_out)
    return PushResult(tuple(work.receipts), tuple(work.failures.values()))


def _lines(
    plans: Iterable[AudiencePlan],
    accounts: Mapping[str, Account],
    sleep: Callable[[float], None],
    closing: ExitStack,
) -> dict[str, Line]:
    lines = {}
    for name in dict.fromkeys(plan.platform for plan in plans):
        entry = platform(name)
        if name not in accounts:
            raise ConfigError(f"no account for {name}: set {' and '.join(entry.settings)}")
        transport = Transport(entry, accounts[name])
        closing.callback(transport.close)
        lines[name] = Line(entry, accounts[name], transport, sleep)
    return lines


@dataclass(slots=True)
class _Work:
    """One push under way; failures are kept by platform, or by audience for a guard's."""

    ledger: Ledger
    lines: Mapping[str, Line]
    clock: Callable[[], datetime]
    say: Callable[[str], None]
    receipts: list[BatchReceipt] = field(default_factory=list)
    failures: dict[str, TamizError] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def unless_failed(self, plan: AudiencePlan, step: Callable[[AudiencePlan], None]) -> None:
        """Take a step unless the platform failed before; what it raises waits until the end."""
        if plan.platform in self.failures:
            return
        try:
            step(plan)
        except Held as problem:
            self.failures[plan.sync_id] = problem
        except (Rejected, TryAgain, TokenRefused) as problem:
            self.failures[plan.platform] = problem

    def check(self, plan: AudiencePlan) -> None:
        """Read list and account back before anything is written."""
        line = self.lines[plan.platform]
        if is_gone(plan, self.ledger, line):
            self.gone.add(plan.sync_id)
        else:
            check_list(plan, self.ledger, line)

    def carry_out(self, plan: AudiencePlan) -> None:
        """Settle, compare again, store the run, send, and close it."""
        record, clock = self.ledger.batches, self.clock
        holder = f"{os.uname().nodename}:{os.getpid()}"
        fence = self.ledger.lease(plan.sync_id, holder, clock())
        try:
            record.recover(plan.sync_id, clock())
            self._carry_out(plan, fence)
        except TamizError:
            record.close(plan.sync_id, clock(), is_blocked=True)
            self.ledger.release(plan.sync_id, fence, clock())
            raise
        record.close(plan.sync_id, clock())
        self.ledger.release(plan.sync_id, fence, clock())

    def _carry_out(self, plan: AudiencePlan, fence: int) -> None:
        ledger, line = self.ledger, self.lines[plan.platform]
        if plan.sync_id in self.gone:
            ledger.forget(plan.sync_id)
            self.say(f"{plan.audience} on {plan.platform}: its list is gone, nobody is on it")
            return
        known = ledger.sync(plan.sync_id)
        list_id = known.list_id if known is not None else None
        named = (plan.audience, plan.sync_id, list_id or "")
        delivery = Delivery(*named, line, ledger, fence, self.clock)
        try:
            if ledger.batches.unsettled(plan.sync_id):
                delivery.settle(self._allowed(plan, line))
            latest, difference = examine(
                plan.generation, ledger, plan.described, line.platform, plan.approved_by
            )
            if latest.held is not None:
                raise Held(latest.held)
            if latest.notice is not None:
                self.say(latest.notice)
            if latest.changes:
                delivery.list_id = list_for(plan, ledger, line)
                run = _new_run(latest, difference, fence, line.platform.batch_size)
                delivery.send(ledger.batches.begin(run, self.clock()))
            delivery.refuse_invalid()
        finally:
            self.receipts.extend(delivery.receipts)
        self.say(_said(plan, delivery.receipts))

    def _allowed(self, plan: AudiencePlan, line: Line) -> set[bytes]:
        if plan.notice is not None:
            return set()
        member_hash = self.ledger.keys.member_hash
        want = wanted(plan.generation, plan.described, line.platform)
        return {member_hash(digest) for _, digest in want}


def _new_run(latest: AudiencePlan, difference: Difference, fence: int, batch_size: int) -> NewRun:
    counts = {
        "people": latest.people,
        "add": latest.add_count,
        "remove": latest.remove_count,
        "keep": latest.keep_count,
        "in_flight": latest.in_flight_count,
        "suppressed": latest.suppressed_count,
    }
    return NewRun(
        sync_id=latest.sync_id,
        generation_id=latest.generation.generation_id,
        policy_hash=latest.policy_hash,
        guard_verdict="approved" if latest.approved_by else "passed",
        approved_by=latest.approved_by,
        fence=fence,
        batch_size=batch_size,
        counts=counts,
        removals=difference.removals,
        additions=difference.additions,
    )


def _said(plan: AudiencePlan, receipts: Iterable[BatchReceipt]) -> str:
    receipts = list(receipts)
    done = [receipt for receipt in receipts if not receipt.is_pending]
    added = sum(receipt.sent for receipt in done if receipt.op == "add")
    removed = sum(receipt.sent for receipt in done if receipt.op == "remove")
    text = f"{plan.audience} on {plan.platform}: added {added:,}, removed {removed:,} identifiers"
    if done:
        received = sum(receipt.received for receipt in done)
        invalid = sum(receipt.invalid for receipt in done)
        text += f"; {plan.platform} took {received:,}, {invalid:,} invalid"
    if pending := sum(receipt.sent for receipt in receipts if receipt.is_pending):
        text += f"; it still works on {pending:,}: the next push asks again"
    return text if receipts else f"{plan.audience} on {plan.platform}: nothing to change"
