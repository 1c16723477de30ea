"""Send what a plan wants: check first, store all batches, then one request at a time.

For each audience: settle what an earlier push left open, compare again, store the run, removals
first, intent before and outcome after each request. Members change in the ledger only by the
platform's answer.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from tamiz.errors import ConfigError, Held, TamizError
from tamiz.ledger import Ledger, NewRun, StoredBatch, Sync
from tamiz.platforms import Account, platform
from tamiz.platforms.base import Batch, Receipt, Refusal, RemoteList, Verdict
from tamiz.push.line import Line, TryAgain
from tamiz.push.planning import AudiencePlan, audience_of, examine
from tamiz.push.transport import Lost, NotSent, Transport, encoded
from tamiz.push.wanted import wanted
from tamiz.errors import Rejected

POLL_AFTER = (0.0, 0.5, 2.0)  # seconds between questions about accepted work
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


@dataclass(frozen=True, slots=True)
class PushResult:
    """Receipts in the order of sending, and what went wrong with which audience."""

    receipts: tuple[BatchReceipt, ...]
    failures: tuple[TamizError, ...]


def push(
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
    plans = tuple(plans)
    with ledger.exclusive(), ExitStack() as closing:
        lines = _lines(plans, accounts, sleep, closing)
        for plan in plans:
            _refuse_other_account(plan, ledger, lines[plan.platform])
        run = _Push(ledger, lines, clock, say)
        for plan in plans:
            run.guarded(plan, run.check_list)
        for plan in plans:
            run.guarded(plan, run.carry_out)
    return PushResult(tuple(run.receipts), tuple(run.failures.values()))


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


def _refuse_other_account(plan: AudiencePlan, ledger: Ledger, line: Line) -> None:
    known = ledger.sync(plan.sync_id)
    if known is None:
        return
    if known.account_id != line.account.account_id:
        raise ConfigError(
            f"{plan.platform}: the ledger fills lists of account {known.account_id}, and"
            f" {line.platform.settings[1]} names {line.account.account_id}; nothing was sent:"
            " set it back, or keep another ledger for that account (TAMIZ_LEDGER)"
        )
    if known.list_name != plan.list_name:
        raise ConfigError(
            f"{plan.audience} fills '{known.list_name}' on {plan.platform} and its list_name is now"
            f" '{plan.list_name}'; nothing was sent: set it back, or name the audience anew"
        )


@dataclass(slots=True)
class _Push:
    """One push under way."""

    ledger: Ledger
    lines: Mapping[str, Line]
    clock: Callable[[], datetime]
    say: Callable[[str], None]
    receipts: list[BatchReceipt] = field(default_factory=list)
    failures: dict[str, TamizError] = field(default_factory=dict)

    def guarded(self, plan: AudiencePlan, step: Callable[[AudiencePlan], None]) -> None:
        """Take a step unless the platform failed before; a failure waits until the end."""
        if plan.platform in self.failures:
            return
        try:
            step(plan)
        except Held as problem:
            self.failures[plan.sync_id] = problem
        except (Rejected, TryAgain) as problem:
            self.failures[plan.platform] = problem
        except ConfigError as problem:
            if not self.receipts:
                raise
            self.failures[plan.platform] = problem

    def check_list(self, plan: AudiencePlan) -> None:
        """Read list and account back from the platform before anything is written."""
        line, known = self.lines[plan.platform], self.ledger.sync(plan.sync_id)
        if known is None or known.list_id is None:
            found = self._found(line, plan, known)
            if found is not None and known is not None:
                self.ledger.keep_list_id(plan.sync_id, found.list_id)
            return
        there = line.list_by_id(known.list_id)
        if there is None:
            raise ConfigError(
                f"'{plan.list_name}', which the ledger fills, is gone from {plan.platform}; nothing"
                " was sent: restore it there, or move the ledger and its key aside to begin anew"
            )
        if there.name != plan.list_name or there.account_id not in (None, known.account_id):
            raise ConfigError(
                f"the list that the ledger fills for {plan.audience} on {plan.platform} has another"
                " name or account now; nothing was sent: set it back there"
            )

    def carry_out(self, plan: AudiencePlan) -> None:
        """Settle, compare again, store the run, send, and close."""
        ledger, line = self.ledger, self.lines[plan.platform]
        holder = f"{os.uname().nodename}:{os.getpid()}"
        fence = ledger.lease(plan.sync_id, holder, self.clock())
        ledger.batches.recover(plan.sync_id, self.clock())
        task = _Task(self, plan, line, fence)
        is_blocked = True
        try:
            task.settle()
            audience = audience_of(plan.generation, plan.audience)
            latest, difference = examine(
                plan.generation, ledger, audience, line.platform, plan.approved_by
            )
            if latest.held is not None:
                raise Held(latest.held)
            if latest.notice is not None:
                self.say(latest.notice)
            if latest.changes:
                task.send(latest, difference.removals, difference.additions)
            is_blocked = False
        finally:
            ...
