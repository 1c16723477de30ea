"""Which list on the platform an audience fills: found, checked, or made once."""

import secrets

from tamiz.errors import ConfigError
from tamiz.ledger import Ledger, Sync
from tamiz.platforms.base import Refusal, RemoteList
from tamiz.push.line import Line
from tamiz.push.planning import AudiencePlan


def refuse_other_account(plan: AudiencePlan, ledger: Ledger, line: Line) -> None:
    """Raise ConfigError if the ledger knows the audience with another account or list name."""
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


def check_list(plan: AudiencePlan, ledger: Ledger, line: Line) -> None:
    """Read list and account back from the platform; raises ConfigError if they are not ours."""
    known = ledger.sync(plan.sync_id)
    if known is None or known.list_id is None:
        _find(plan, known, line)
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


def is_gone(plan: AudiencePlan, ledger: Ledger, line: Line) -> bool:
    """Whether the list of an abandoned audience was deleted on the platform: nobody is on it."""
    known = ledger.sync(plan.sync_id) if plan.is_abandoned else None
    return known is not None and known.list_id is not None and not line.list_by_id(known.list_id)


def list_for(plan: AudiencePlan, ledger: Ledger, line: Line) -> str:
    """Return the id of the audience's list, making the list at first.

    A mark in its description shows that this ledger made it, so a crash between making it and
    recording it leads to no second list, and nobody else's list of that name is ever filled.
    """
    known = ledger.sync(plan.sync_id)
    if known is None:
        account_id, mark = line.account.account_id, secrets.token_hex(8)
        known = Sync(plan.sync_id, plan.platform, account_id, plan.audience, plan.list_name, mark)
        ledger.register(known)
    if known.list_id is not None:
        return known.list_id
    list_id = line.tries()(_find_or_create, plan, known, line)
    ledger.keep_list_id(plan.sync_id, list_id)
    return list_id


def _find_or_create(plan: AudiencePlan, known: Sync, line: Line) -> str:
    found = _find(plan, known, line)
    if found is not None:
        return found.list_id
    description = f"Filled by Tamiz ({plan.audience}); mark {known.owner_marker}"
    answer = line.ask_once(line.platform.create_list(line.account, plan.list_name, description))
    if isinstance(answer, Refusal):
        raise line.refused(answer)
    return line.read(line.platform.read_created, answer)


def _find(plan: AudiencePlan, known: Sync | None, line: Line) -> RemoteList | None:
    same_name = [entry for entry in line.lists() if entry.name == plan.list_name]
    for entry in same_name:
        if known is not None and known.owner_marker in entry.description:
            return entry
    if same_name:
        raise ConfigError(
            f"a list named '{plan.list_name}' is on {plan.platform} already and this ledger did not"
            f" make it; nothing was sent: give {plan.audience} another list_name, or delete that"
            " list there"
        )
    return None
