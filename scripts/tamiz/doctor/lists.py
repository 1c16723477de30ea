"""Check the list an audience fills: there, ours by its mark, of the account, and usable."""

from tamiz.doctor.accounts import Patient
from tamiz.doctor.checks import FIX, LATER, REFUSED, Check, unknown, well, wrong
from tamiz.errors import ConfigError, Rejected, TamizError
from tamiz.ledger import Sync
from tamiz.platforms.base import RemoteList

WHAT = "list"


def list_checks(where: str, patient: Patient, list_name: str, sync: Sync | None) -> Check:
    """Return the check of the list, or of the name it would be made under."""
    account = patient.line.account
    if sync is not None and sync.account_id != account.account_id:
        said = f"the ledger fills lists of account {sync.account_id}, and platforms.yml names"
        return wrong(
            where, WHAT, f"{said} {account.account_id}: set it back, or use another ledger"
        )
    if sync is not None and sync.list_name != list_name:
        said = f"the ledger fills '{sync.list_name}' and list_name is now '{list_name}'"
        return wrong(where, WHAT, f"{said}: set it back, or name the audience anew")
    known = None if sync is None else sync.list_id
    list_id = known or account.lists.get(list_name)
    try:
        if list_id is None:
            return _to_be_made(where, patient, list_name, sync)
        there = patient.line.list_by_id(list_id)
    except TamizError as problem:
        return wrong(where, WHAT, str(problem), _code(problem))
    if there is None:
        return wrong(where, WHAT, f"'{list_name}' is gone from the platform: restore it there")
    return _compared(where, patient, list_name, sync, there)


def _to_be_made(where: str, patient: Patient, list_name: str, sync: Sync | None) -> Check:
    if patient.line.platform.find_lists is None:
        said = f"'{list_name}' cannot be looked up: nobody knows whether the name is free"
        return unknown(where, WHAT, said)
    for there in patient.line.lists(list_name):
        if sync is None or sync.owner_marker not in there.mark:
            said = f"'{list_name}' is there already and this ledger did not make it"
            return wrong(where, WHAT, f"{said}: give the audience another list_name")
    return unknown(where, WHAT, f"'{list_name}' is not there yet: the first push makes it")


def _compared(
    where: str, patient: Patient, list_name: str, sync: Sync | None, there: RemoteList
) -> Check:
    account = patient.line.account
    if there.account_id not in (None, account.account_id):
        said = f"it is of account {there.account_id}, and platforms.yml names {account.account_id}"
        return wrong(where, WHAT, f"{said}: set it right there")
    if there.name != list_name:
        return wrong(where, WHAT, f"it is not called '{list_name}' any more: call it so again")
    by_hand = there.list_id in account.lists.values()
    if sync is not None and not by_hand and sync.owner_marker not in there.mark:
        return wrong(where, WHAT, f"'{list_name}' bears no mark of this ledger: look who fills it")
    if there.trouble is not None:
        said = f"'{list_name}' is in trouble (code {there.trouble}): look at it on the platform"
        return wrong(where, WHAT, said, REFUSED)
    size = "" if there.size is None else f", {there.size:,} matched"
    return well(where, WHAT, f"'{list_name}'{size}")


def _code(problem: TamizError) -> int:
    if isinstance(problem, ConfigError):
        return FIX
    return REFUSED if isinstance(problem, Rejected) else LATER
