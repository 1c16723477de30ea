"""Carry plans out: check first, store all batches, then send with several requests in flight.

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

import numpy as np

from tamiz.errors import ConfigError, Held, Rejected, TamizError
from tamiz.ledger import Hashes, Ledger, NewRun
from tamiz.ledger.columns import hashes
from tamiz.platforms import Account, Platform, platform
from tamiz.push.delivery import Delivery
from tamiz.push.difference import Difference
from tamiz.push.line import Line, TokenRefused, TryAgain
from tamiz.push.lists import check_list, is_gone, list_for, refuse_other_account
from tamiz.push.pacing import Pacer
from tamiz.push.planning import AudiencePlan, examine
from tamiz.push.task import BatchReceipt, RowsRefused, Task
from tamiz.push.transport import Transport
from tamiz.push.wanted import give_back_memory, wanted
from tamiz.push.window import Window


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
    ticks: Callable[[], float] = time.monotonic,
    in_flight: int = 8,
) -> PushResult:
    """Carry the plans out; returns receipts, and the failures that did not concern all of them.

    `accounts` has the account of each plan by its `sync_id`. `clock` gives UTC, `ticks` seconds.
    `in_flight` requests of a platform, or as many as it allows, are under way at once.

    Raises ConfigError before the first write if an account or a list is not the one of the ledger,
    and LedgerLocked if another push runs. An account that fails is left alone for the rest of this
    push; the others go on.
    """
    everything = tuple(plans)
    plans = tuple(plan for plan in everything if not plan.is_left_alone)
    with ledger.exclusive(), ExitStack() as closing:
        open_line = _Lines(clock, sleep, ticks, in_flight, closing)
        lines = {plan.sync_id: open_line(plan, accounts) for plan in plans}
        for plan in plans:
            refuse_other_account(plan, ledger, lines[plan.sync_id].line)
        work = _Work(ledger, lines, clock, say)
        for plan in everything:
            if plan.is_left_alone:
                work.failures[plan.sync_id] = Held(plan.held)
        for plan in plans:
            work.unless_failed(plan, work.check)
        for plan in plans:
            if work.has_failed(plan):
                say(f"{plan.audience} on {plan.platform}: left alone, for {plan.platform} failed")
            # Something may have been sent by now: no audience may keep receipts from the others.
            work.unless_failed(plan, work.carry_out, of_audience=(Held, RowsRefused, ConfigError))
    return PushResult(tuple(work.receipts), tuple(work.failures.values()))


@dataclass(slots=True)
class _Lines:
    """Opens one line and one window for each account."""

    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    ticks: Callable[[], float]
    in_flight: int
    closing: ExitStack
    opened: dict[tuple[str, str], Window] = field(default_factory=dict)

    def __call__(self, plan: AudiencePlan, accounts: Mapping[str, Account]) -> Window:
        """Return the window of the plan's account."""
        entry = platform(plan.platform)
        if plan.sync_id not in accounts:
            raise ConfigError(f"no account for {plan.audience} on {entry.name}: see platforms.yml")
        account = accounts[plan.sync_id]
        place = (account.platform, account.account_id)
        if place not in self.opened:
            many = max(1, min(self.in_flight, entry.max_in_flight))
            transport = Transport(entry, account, many, self.ticks)
            self.closing.callback(transport.close)
            pacer = Pacer(entry.rates, clock=self.ticks, sleep=self.sleep)
            line = Line(entry, account, transport, pacer, self.clock, pacer.rest)
            self.opened[place] = self.closing.enter_context(Window(line, many))
        return self.opened[place]


@dataclass(slots=True)
class _Work:
    """One push under way; failures are kept by account, or by audience for a guard's."""

    ledger: Ledger
    windows: Mapping[str, Window]
    clock: Callable[[], datetime]
    say: Callable[[str], None]
    receipts: list[BatchReceipt] = field(default_factory=list)
    failures: dict[str, TamizError] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def has_failed(self, plan: AudiencePlan) -> bool:
        """Whether the account of a plan has failed before."""
        return self._account(plan) in self.failures

    def unless_failed(
        self,
        plan: AudiencePlan,
        step: Callable[[AudiencePlan], None],
        of_audience: tuple[type[TamizError], ...] = (),
    ) -> None:
        """Take a step unless the account failed before; what it raises waits until the end.

        It fails the account, or only the audience if it is one of `of_audience`.
        """
        if self.has_failed(plan):
            return
        try:
            step(plan)
        except TokenRefused as problem:
            self.failures[self._account(plan)] = problem
        except of_audience as problem:
            self.failures[plan.sync_id] = problem
        except (Rejected, TryAgain) as problem:
            self.failures[self._account(plan)] = problem

    def check(self, plan: AudiencePlan) -> None:
        """Read list and account back before anything is written."""
        line = self.windows[plan.sync_id].line
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
        ledger, window = self.ledger, self.windows[plan.sync_id]
        line = window.line
        if plan.sync_id in self.gone:
            ledger.forget(plan.sync_id)
            self.say(f"{plan.audience} on {plan.platform}: its list is gone, nobody is on it")
            return
        known = ledger.sync(plan.sync_id)
        task = Task(
            plan.audience, plan.sync_id, line, ledger, fence, self.clock, ledger.suppressions()
        )
        task.list_id = known.list_id or "" if known is not None else ""
        delivery = Delivery(task, window)
        try:
            is_open = bool(ledger.batches.unsettled(plan.sync_id))
            if is_open:
                delivery.settle_removals()
            latest, difference = self._examined(plan, line)
            if is_open:  # and not held
                delivery.settle_additions(self._allowed(plan, line))
                latest, difference = self._examined(plan, line)
            for said in (latest.notice, latest.warning):
                if said is not None:
                    self.say(said)
            if latest.changes:
                task.list_id = list_for(plan, ledger, line, difference.additions, self.clock())
            if latest.changes and task.list_id:
                new = _new_run(latest, difference, fence, line.platform)
                batches = ledger.batches.begin(new, self.clock())
                del new, difference  # their columns are in the ledger from here on
                give_back_memory()
                delivery.send(batches)
            if task.unnamed:
                self.say(_unnamed(plan, task.unnamed))
            task.refuse_invalid()
        finally:
            receipts = list(task.receipts())
            self.receipts.extend(receipts)
        self.say(_said(plan, receipts))

    def _examined(self, plan: AudiencePlan, line: Line) -> tuple[AudiencePlan, Difference]:
        """Compare again; raises Held if a guard holds it."""
        latest, difference = examine(
            plan.generation,
            self.ledger,
            plan.described,
            line.platform,
            plan.approved_by,
            now=self.clock(),
        )
        if latest.held is not None:
            raise Held(latest.held)
        return latest, difference

    def _allowed(self, plan: AudiencePlan, line: Line) -> Hashes:
        if plan.notice is not None:
            return hashes()
        want = wanted(plan.generation, plan.described, line.platform)
        return np.sort(self.ledger.keys.member_hashes(want.digests))

    def _account(self, plan: AudiencePlan) -> str:
        line = self.windows[plan.sync_id].line
        return f"{plan.platform}:{line.account.account_id}"


def _new_run(latest: AudiencePlan, difference: Difference, fence: int, entry: Platform) -> NewRun:
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
        batch_size=entry.batch_size,
        one_kind=entry.one_kind,
        counts=counts,
        removals=difference.removals,
        additions=difference.additions,
    )


def _unnamed(plan: AudiencePlan, count: int) -> str:
    return (
        f"{plan.audience} on {plan.platform}: {plan.platform} could not use {count:,} identifiers"
        " and names none of them: which they are stays unknown, and they count as pushed"
    )


def _said(plan: AudiencePlan, receipts: Iterable[BatchReceipt]) -> str:
    receipts = list(receipts)
    done = [receipt for receipt in receipts if not receipt.is_pending]
    added = sum(receipt.sent for receipt in done if receipt.op == "add")
    removed = sum(receipt.sent for receipt in done if receipt.op == "remove")
    text = f"{plan.audience} on {plan.platform}: added {added:,}, removed {removed:,} identifiers"
    if done:
        accepted = sum(receipt.accepted for receipt in done)
        invalid = sum(receipt.invalid for receipt in done)
        text += f"; {plan.platform} took {accepted:,}, {invalid:,} invalid"
    if left_out := sum(receipt.left_out for receipt in done):
        text += f", {left_out:,} were no longer wanted"
    if pending := sum(receipt.sent for receipt in receipts if receipt.is_pending):
        text += f"; it still works on {pending:,}: the next push asks again"
    return text if receipts else f"{plan.audience} on {plan.platform}: nothing to change"
