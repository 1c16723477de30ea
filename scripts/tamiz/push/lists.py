"""Which list on the platform an audience fills: found, checked, or made once."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from tamiz.errors import ConfigError, Rejected
from tamiz.ledger import Ledger, Members, Sync
from tamiz.platforms.base import NewList, Refusal, RemoteList
from tamiz.push.line import Line, TryAgain
from tamiz.push.planning import AudiencePlan


def refuse_other_account(plan: AudiencePlan, ledger: Ledger, line: Line) -> None:
    """Raise ConfigError if the ledger knows the audience with another account or list name."""
    known = ledger.sync(plan.sync_id)
    if known is None or known.is_nothing_yet:
        return
    if known.account_id != line.account.account_id:
        raise ConfigError(
            f"{plan.platform}: the ledger fills lists of account {known.account_id}, and the"
            f" settings name {line.account.account_id}; nothing was sent: set it back, or keep"
            " another ledger for that account (TAMIZ_LEDGER)"
        )
    if known.list_name != plan.list_name:
        raise ConfigError(
            f"{plan.audience} fills '{known.list_name}' on {plan.platform} and its list_name is now"
            f" '{plan.list_name}'; nothing was sent: set it back, or name the audience anew"
        )


def check_list(plan: AudiencePlan, ledger: Ledger, line: Line) -> None:
    """Read list and account back from the platform before anything is written.

    Raises ConfigError if they are not ours, or if nobody can know whether the list was made, and
    Rejected if the platform has locked it.
    """
    known = ledger.sync(plan.sync_id)
    if known is None or known.list_id is None:
        _refuse_unfit_name(plan, line)
        there = _find(plan, known, line)
    else:
        there = line.list_by_id(known.list_id)
        if there is None:
            raise ConfigError(
                f"'{plan.list_name}', which the ledger fills, is gone from {plan.platform}; nothing"
                " was sent: restore it there, or move the ledger and its key aside to begin anew"
            )
        _refuse_other_list(plan, there, known.account_id)
    if there is not None and there.trouble is not None:
        raise Rejected(
            f"{plan.platform} has locked '{plan.list_name}' (code {there.trouble}); nothing was"
            f" sent to it: look at the list there, mend the cause, then run `tamiz push` again"
        )


def is_gone(plan: AudiencePlan, ledger: Ledger, line: Line) -> bool:
    """Whether the list of an abandoned audience was deleted on the platform: nobody is on it."""
    known = ledger.sync(plan.sync_id) if plan.is_abandoned else None
    return known is not None and known.list_id is not None and not line.list_by_id(known.list_id)


def list_for(
    plan: AudiencePlan, ledger: Ledger, line: Line, additions: Members, now: datetime
) -> str:
    """Return the id of the audience's list, making the list at first.

    A mark at the list shows that this ledger made it, so a crash between making it and recording
    it leads to no second list, and nobody else's list of that name is ever filled. `additions` is
    who will be added: without anybody no list is made, and "" is returned if there is none.
    """
    known = ledger.sync(plan.sync_id)
    if known is None or (known.is_nothing_yet and not _is_of(known, plan, line)):
        account_id, mark = line.account.account_id, secrets.token_hex(8)
        known = Sync(plan.sync_id, plan.platform, account_id, plan.audience, plan.list_name, mark)
        ledger.register(known)
    if known.list_id is None:
        _Making(plan, known, ledger, line, additions, now).find_or_make()
    known = ledger.sync(plan.sync_id) or known
    list_id = known.list_id or ""
    if known.made_at is not None:
        age = (now - known.made_at).total_seconds()
        if age < line.platform.ready_after:
            line.sleep(line.platform.ready_after - max(age, 0.0))
    _make_targetable(plan, known, ledger, line)
    return list_id


def _is_of(known: Sync, plan: AudiencePlan, line: Line) -> bool:
    return (known.account_id, known.list_name) == (line.account.account_id, plan.list_name)


@dataclass(frozen=True, slots=True)
class _Making:
    """The making of one list, which is asked for once while nobody knows what came of it."""

    plan: AudiencePlan
    known: Sync
    ledger: Ledger
    line: Line
    additions: Members
    now: datetime

    def find_or_make(self) -> None:
        """Find the list by its mark or make it, and keep its id."""
        if self.line.platform.find_lists is None:
            self._once()
        else:
            self.line.tries()(self._once)

    def _once(self) -> None:
        plan, sync_id = self.plan, self.plan.sync_id
        found = _find(plan, self.known, self.line)
        if found is not None:
            self.ledger.keep_list_id(sync_id, found.list_id)
            return
        first = self.additions.take(slice(0, 1))
        if not len(first):
            self.ledger.list_refused(sync_id)  # who may have been on it when it was made is not
            return
        member = None
        if self.line.platform.creates_with_member:
            (member,) = first.pairs()
        new = NewList(plan.list_name, plan.audience, self.known.owner_marker, member)
        request = self.line.platform.create_list(self.line.account, new)
        # An earlier try that nobody knows the outcome of may still have made it.
        was_asked = (self.ledger.sync(sync_id) or self.known).is_asked
        self.ledger.asked_for_list(sync_id, None if member is None else first)
        try:
            answer = self.line.ask_once(request)
        except TryAgain as problem:
            if not (problem.maybe_applied or was_asked):
                self.ledger.list_refused(sync_id)
            raise
        if isinstance(answer, Refusal):
            if answer.is_known and not was_asked:
                self.ledger.list_refused(sync_id)
            raise self.line.refused(answer)
        list_id = self.line.read(self.line.platform.read_created, answer)
        self.ledger.keep_list_id(sync_id, list_id, self.now)


def _make_targetable(plan: AudiencePlan, known: Sync, ledger: Ledger, line: Line) -> None:
    """Take the second step of platforms where a list alone can be shown no advertisements.

    If its answer is lost it is taken again by the next push: two such things over one list do no
    harm.
    """
    make, read = line.platform.make_targetable, line.platform.read_targetable
    if make is None or read is None or known.targetable_id is not None or known.list_id is None:
        return
    answer = line.ask_once(make(line.account, known.list_id, plan.list_name))
    if isinstance(answer, Refusal):
        raise line.refused(answer)
    ledger.keep_targetable_id(plan.sync_id, line.read(read, answer))


def _refuse_unfit_name(plan: AudiencePlan, line: Line) -> None:
    """Raise ConfigError if the platform does not take the name, before anything is written."""
    kind = line.platform.pushed[0].kind
    line.platform.create_list(
        line.account, NewList(plan.list_name, plan.audience, "0" * 16, (kind, "0" * 64))
    )


def _find(plan: AudiencePlan, known: Sync | None, line: Line) -> RemoteList | None:
    by_hand = line.account.lists.get(plan.list_name)
    if by_hand is not None:
        return _named_by_hand(plan, line, by_hand)
    if line.platform.find_lists is None:
        if known is not None and known.is_asked:
            raise ConfigError(
                f"{plan.platform} was asked for the list '{plan.list_name}' and its answer was"
                " lost, and it cannot be asked which lists there are; nothing was sent: look there,"
                f" and write the id of the list (or of one you make) under `lists:` of the"
                f" {plan.platform} account in platforms.yml"
            )
        return None
    same_name = list(line.lists(plan.list_name))
    for entry in same_name:
        if known is not None and known.owner_marker in entry.mark:
            return entry
    if same_name:
        raise ConfigError(
            f"a list named '{plan.list_name}' is on {plan.platform} already and this ledger did not"
            f" make it; nothing was sent: give {plan.audience} another list_name, or delete that"
            " list there"
        )
    return None


def _named_by_hand(plan: AudiencePlan, line: Line, list_id: str) -> RemoteList:
    there = line.list_by_id(list_id)
    if there is None:
        raise ConfigError(
            f"platforms.yml names a list for '{plan.list_name}' that is not on {plan.platform};"
            " nothing was sent: correct its id"
        )
    _refuse_other_list(plan, there, line.account.account_id)
    return there


def _refuse_other_list(plan: AudiencePlan, there: RemoteList, account_id: str) -> None:
    if there.name != plan.list_name or there.account_id not in (None, account_id):
        raise ConfigError(
            f"the list that the ledger fills for {plan.audience} on {plan.platform} has another"
            " name or account now; nothing was sent: set it back there"
        )
