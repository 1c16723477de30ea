"""One account on one platform on the line: requests, waits between tries, what an answer means."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import SecretStr
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from tamiz.errors import ConfigError, Rejected, Unavailable
from tamiz.platforms import Account, Platform
from tamiz.platforms.base import Answer, Refusal, RemoteList, Request, Verdict
from tamiz.platforms.shared import RENEWAL_SECRETS
from tamiz.push.account_secrets import variable
from tamiz.push.pacing import WAIT_BUDGET, Pacer, pause, retry_after
from tamiz.push.transport import Lost, NotSent, Prepared, Transport, encoded

TRIES = 4
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)
T = TypeVar("T")


class TryAgain(Unavailable):
    """Sending again may help; `retry_after` is what the platform asked for, in seconds.

    `maybe_applied`: nobody knows whether it was. `counts`: it was a failure, not a wait.
    """

    def __init__(
        self,
        message: str,
        retry_after: float | None = None,
        *,
        maybe_applied: bool = True,
        counts: bool = True,
    ) -> None:
        """Keep what is known beside the message."""
        super().__init__(message)
        self.retry_after = retry_after
        self.maybe_applied = maybe_applied
        self.counts = counts


class TokenRefused(ConfigError):  # noqa: N818 - the platform's word
    """The platform does not take the token; the other platforms are not concerned."""


@dataclass(slots=True)
class Line:
    """A platform, the account on it, its connections, and how fast they may be used."""

    platform: Platform
    account: Account
    transport: Transport
    pacer: Pacer
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    renewals: int = 0

    def prepared(self, request: Request) -> Prepared:
        """Make a request ready to leave, signed where the platform wants that."""
        platform, account = self.platform, self.account
        payload, kind = encoded(request)
        address = f"{self.transport.base_url}{request.path}"
        headers = {**kind, **platform.headers(account), **request.headers}
        if platform.sign is not None:
            now = int(self.clock().timestamp())
            headers |= platform.sign(account, request, address, secrets.token_hex(16), now)
        query = f"?{urlencode(request.query)}" if request.query else ""
        return Prepared(request.method, f"{address}{query}", headers, payload)

    def tries(self) -> Retrying:
        """A few tries with growing waits; the last TryAgain comes through as it is."""
        return Retrying(
            retry=retry_if_exception_type(TryAgain),
            stop=stop_after_attempt(TRIES),
            wait=_pause,
            sleep=self.sleep,
            reraise=True,
        )

    def ask(self, request: Request) -> Answer | Refusal:
        """Send a request that changes no member, again if need be; returns answer or refusal."""
        return self.tries()(self.ask_once, request)

    def ask_once(self, request: Request) -> Answer | Refusal:
        """As `ask`, without another try; raises TryAgain."""
        self.pacer.wait()
        self.pacer.sent()
        try:
            answer = self.transport.exchange(self.prepared(request))
        except (NotSent, Lost) as problem:
            raise self.nothing_came(problem) from None
        self.heard(answer, 0)
        refusal = self.refusal(answer)
        if refusal is None:
            return answer
        if refusal.is_missing:
            return refusal
        if refusal.verdict is Verdict.REAUTHENTICATE and self.renewed(self.renewals):
            raise self.again(refusal, answer)
        if refusal.verdict in (Verdict.RETRY, Verdict.WAIT):
            raise self.again(refusal, answer)
        return refusal

    def lists(self, name: str) -> Iterator[RemoteList]:
        """Yield the account's lists of a name, page after page; none if there is no look-up."""
        find, read = self.platform.find_lists, self.platform.read_lists
        page: str | None = None
        seen: set[str] = set()
        while find is not None and read is not None:
            found = self.read(read, self.expect(find(self.account, name, page)))
            yield from (entry for entry in found.lists if entry.name == name)
            page = found.next_page
            if page is None:
                return
            if page in seen:
                raise self.unclear("the same page of lists again")
            seen.add(page)

    def list_by_id(self, list_id: str) -> RemoteList | None:
        """Return a list, or None if it is not there; raises ConfigError on what is no id."""
        if not self.platform.list_ids.fullmatch(list_id):
            raise ConfigError(
                f"the ledger holds a list id that {self.platform.name} never gives; nothing was"
                " sent: restore the ledger from a copy, or name the list by its id under `lists:`"
                f" of the {self.platform.name} account in platforms.yml"
            )
        answer = self.ask(self.platform.get_list(self.account, list_id))
        if isinstance(answer, Refusal):
            if answer.is_missing:
                return None
            raise self.refused(answer)
        return self.read(self.platform.read_list, answer)

    def expect(self, request: Request) -> Answer:
        """As `ask`, but a refusal is raised."""
        answer = self.ask(request)
        if isinstance(answer, Refusal):
            raise self.refused(answer)
        return answer

    def read(self, reader: Callable[[Answer], T], answer: Answer) -> T:
        """Read an answer; raises TryAgain if it is not what the contract says."""
        try:
            return reader(answer)
        except UNREADABLE:
            raise self.unclear("an answer that cannot be read") from None

    def heard(self, answer: Answer, in_flight: int) -> None:
        """Take what the answer's headers say of the pace."""
        if self.platform.pace is None:
            return
        try:
            pace = self.platform.pace(answer.headers, self.clock().timestamp())
        except UNREADABLE:
            return
        self.pacer.fed(pace, in_flight)

    def refusal(self, answer: Answer) -> Refusal | None:
        """Classify an answer; without a readable code, by its HTTP status; None if it is none."""
        try:
            known = self.platform.classify(answer)
        except UNREADABLE:
            known = None
        if known is not None:
            return known
        if answer.is_success:
            is_readable = answer.body is not None or answer.is_empty
            return None if is_readable else Refusal(Verdict.RETRY, "unreadable")
        return _by_status(answer.http_status)

    def renewed(self, seen: int) -> bool:
        """Renew the access token, once a push; whether it is another than the one that was sent.

        `seen` is the number of renewals when the refused request was made.
        """
        if self.renewals > seen:
            return True
        renewal, token_url = self.platform.renewal, self.transport.token_url
        if renewal is None or token_url is None or self.renewals:
            return False
        if not all(name in self.account.secrets for name in RENEWAL_SECRETS):
            return False
        self.renewals += 1
        request = renewal.request(self.account)
        payload, kind = encoded(request)
        headers = {**kind, **request.headers}
        try:
            answer = self.transport.exchange(
                Prepared(request.method, f"{token_url}{request.path}", headers, payload)
            )
            token = renewal.read(answer) if answer.is_success else ""
        except (NotSent, Lost, *UNREADABLE):
            token = ""
        if token:
            tokens = {**self.account.secrets, "access_token": SecretStr(token)}
            self.account = replace(self.account, secrets=tokens)
        return bool(token)

    def again(self, refusal: Refusal, answer: Answer) -> TryAgain:
        """Say that a refused request may be sent again, and when."""
        asked = retry_after(answer.headers, self.clock())
        wait = max((each for each in (asked, refusal.wait) if each is not None), default=None)
        is_lost = refusal.verdict is Verdict.RETRY
        problem = self.unclear(f"code {refusal.code}", wait)
        problem.maybe_applied = problem.counts = is_lost
        return problem

    def hold(self, problem: TryAgain, tries: RetryCallState) -> None:
        """Let the line rest before the next try; raises the problem once it has waited enough."""
        seconds = pause(tries, problem.retry_after)
        if self.pacer.held + seconds > WAIT_BUDGET:
            raise problem
        self.pacer.hold(seconds)

    def refused(self, refusal: Refusal) -> TokenRefused | Rejected:
        """Say a refusal that sending again will not change."""
        name = self.platform.name
        if refusal.verdict is Verdict.REAUTHENTICATE:
            return TokenRefused(
                f"{name} refused the token (code {refusal.code}): renew {self._token_name()},"
                " then run `tamiz push` again"
            )
        known = "" if refusal.is_known else ", which tamiz does not know"
        return Rejected(
            f"{name} refused the request (code {refusal.code}{known}); sending stopped:"
            f" look the code up in {name}'s documentation, mend the cause, then run `tamiz push`"
            " again"
        )

    def nothing_came(self, problem: NotSent | Lost) -> TryAgain:
        """Say that no answer came, and whether the request may have left."""
        if isinstance(problem, Lost):
            return self.unclear(str(problem))
        return TryAgain(
            f"{self.platform.name} cannot be reached at {self.transport.where} ({problem}):"
            " run `tamiz push` again later; it goes on where this one stopped",
            maybe_applied=False,
        )

    def unclear(self, problem: str, asked: float | None = None) -> TryAgain:
        """Say that the platform did not do it, or did not say whether it did."""
        return TryAgain(
            f"{self.platform.name} gave no clear answer ({problem}): run `tamiz push` again later;"
            " it settles what is open",
            asked,
        )

    def _token_name(self) -> str:
        named = [name for name in self.platform.secrets if name == "access_token"]
        secret = (named or [*self.platform.secrets, "token"])[0]
        return variable(self.account.reference, self.platform, secret)


def _by_status(status: int) -> Refusal:
    code = f"HTTP {status}"
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.UNAUTHORIZED):
        is_token = status == HTTPStatus.UNAUTHORIZED
        return Refusal(Verdict.REAUTHENTICATE if is_token else Verdict.WAIT, code)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refusal(Verdict.STOP, code, is_known=False)
    return Refusal(Verdict.RETRY, code)  # a redirect to a page for people, or the server's fault


def _pause(state: RetryCallState) -> float:
    problem = state.outcome.exception() if state.outcome else None
    return pause(state, problem.retry_after if isinstance(problem, TryAgain) else None)
