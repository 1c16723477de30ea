"""Check an account: settings and secrets here, and what the platform answers to one question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tamiz.doctor.checks import LATER, REFUSED, Check, unknown, well, wrong
from tamiz.errors import ConfigError
from tamiz.platforms import Account, Platform
from tamiz.platforms.base import Answer, Refusal, RemoteList, Request, Verdict
from tamiz.platforms.shared import RENEWAL_SECRETS
from tamiz.push.accounts import AccountBook, sandbox_account
from tamiz.push.line import UNREADABLE, Line
from tamiz.push.pacing import Pacer
from tamiz.push.transport import Lost, NotSent, Transport

REMOTE = ("reachable", "token", "identity")


@dataclass(frozen=True, slots=True)
class Patient:
    """An account under examination: what it is called in the table, and its line."""

    where: str
    line: Line

    def asked(self, request: Request) -> Answer | Refusal:
        """Ask once; raises NotSent or Lost."""
        line = self.line
        line.pacer.wait()
        line.pacer.sent()
        answer = line.transport.exchange(line.prepared(request))
        return line.refusal(answer) or answer


def open_line(
    on: Platform,
    account: Account,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
) -> Line:
    """Return a line that never renews a token: a refresh token may be good for one use only."""
    seconds = lambda: clock().timestamp()  # noqa: E731 - the pacer's clock
    pacer = Pacer(on.rates, clock=seconds, sleep=sleep)
    reading = replace(on, renewal=None)
    return Line(reading, account, Transport(reading, account), pacer, clock, sleep)


def settings_checks(
    book: AccountBook, reference: str, on: Platform, sandbox_url: str | None
) -> tuple[Account | None, list[Check]]:
    """Return the account, None if it is not complete, and the checks of what stands here."""
    where = f"{reference} on {on.name}"
    if sandbox_url is not None:
        account = sandbox_account(on, sandbox_url)
        return account, [well(where, "settings", f"the sandbox's, {account.account_id}")]
    try:
        book.entry(reference, on)
    except ConfigError as problem:
        return None, [wrong(where, "settings", str(problem))]
    try:
        account = book.account(reference, on)
    except ConfigError as problem:
        return None, [well(where, "settings"), wrong(where, "secrets", str(problem))]
    return account, [well(where, "settings", account.account_id), well(where, "secrets")]


def remote_checks(
    patient: Patient, list_ids: Sequence[str], names: Sequence[str]
) -> tuple[list[Check], bool]:
    """Return the checks of one question to the platform, and whether more may be asked."""
    on, account = patient.line.platform, patient.line.account
    if on.find_lists is not None:
        request = on.find_lists(account, names[0] if names else "tamiz", None)
    elif list_ids:
        request = on.get_list(account, list_ids[0])
    else:
        said = f"{on.label} has no look-up of lists, and none is known yet: the first push tells"
        return [unknown(patient.where, what, said) for what in REMOTE], True
    try:
        heard = patient.asked(request)
    except (NotSent, Lost) as problem:
        said = f"{patient.line.transport.where}: {problem}: check network, proxy and certificates"
        rest = [unknown(patient.where, what, "not reached") for what in REMOTE[1:]]
        return [wrong(patient.where, REMOTE[0], said, LATER), *rest], False
    reached = well(patient.where, REMOTE[0], patient.line.transport.where)
    token, lists = _token(patient, heard)
    if lists is None:
        nothing = unknown(patient.where, REMOTE[2], "nothing was read back")
        return [reached, token, nothing], False
    return [reached, token, _identity(patient, lists)], True


def _token(patient: Patient, heard: Answer | Refusal) -> tuple[Check, list[RemoteList] | None]:
    where, what, line = patient.where, REMOTE[1], patient.line
    if isinstance(heard, Refusal):
        if heard.is_missing:  # the list is not there, and the token was good for asking
            return well(where, what, "accepted"), []
        return _refused(where, line, heard), None
    try:
        if line.platform.find_lists is not None and line.platform.read_lists is not None:
            lists = list(line.platform.read_lists(heard).lists)
        else:
            lists = [line.platform.read_list(heard)]
    except UNREADABLE:
        return wrong(where, what, "an answer that cannot be read: try again later", LATER), None
    return well(where, what, "accepted, may read lists"), lists


def _refused(where: str, line: Line, heard: Refusal) -> Check:
    what, code, label = REMOTE[1], f"code {heard.code}", line.platform.label
    if heard.verdict is Verdict.REAUTHENTICATE:
        if set(RENEWAL_SECRETS) <= set(line.account.secrets):
            return unknown(where, what, f"refused ({code}): the push renews it by itself")
        return wrong(where, what, f"refused ({code}): renew it at {label}, then set it anew")
    if heard.verdict in (Verdict.RETRY, Verdict.WAIT):
        return wrong(where, what, f"no clear answer ({code}): try again later", LATER)
    said = f"may not read lists ({code}): look the code up in {label}'s documentation; account id"
    return wrong(where, what, f"{said} and permissions of the token must fit", REFUSED)


def _identity(patient: Patient, lists: Sequence[RemoteList]) -> Check:
    where, what, own = patient.where, REMOTE[2], patient.line.account.account_id
    named = {each.account_id for each in lists if each.account_id is not None}
    if named - {own}:
        said = f"lists of account {', '.join(sorted(named - {own}))} are read back, and"
        return wrong(where, what, f"{said} platforms.yml names {own}: set it right there")
    if own in named:
        return well(where, what, own)
    return unknown(where, what, "what is read back names no account")
