"""One platform on the line: requests, waits between tries, and what an answer means."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from tamiz.errors import ConfigError, Rejected, Unavailable
from tamiz.platforms import Account, Platform
from tamiz.platforms.base import Json, Refusal, RemoteList, Request, Verdict
from tamiz.push.transport import Answer, Lost, NotSent, Transport, encoded

TRIES = 4
LONGEST_WAIT = 60.0  # seconds
T = TypeVar("T")


def _pause(state: RetryCallState) -> float:
    problem = state.outcome.exception() if state.outcome else None
    asked = problem.retry_after if isinstance(problem, TryAgain) else None
    grown = math.ldexp(0.25, state.attempt_number)
    spread = grown * random.uniform(0.5, 1)  # noqa: S311 - keeps many pushes from trying at once
    return min(LONGEST_WAIT, max(asked or 0.0, spread))


class TryAgain(Unavailable):
    """Sending again may help; `retry_after` is what the platform asked for, in seconds."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Keep the wait beside the message."""
        super().__init__(message)
        self.retry_after = retry_after


class TokenRefused(ConfigError):  # noqa: N818 - the platform's word
    """The platform does not take the token; the other platforms are not concerned."""


@dataclass(frozen=True, slots=True)
class Line:
    """A platform, the account on it, its connection, and how to wait."""

    platform: Platform
    account: Account
    transport: Transport
    sleep: Callable[[float], None]

    def tries(self) -> Retrying:
        """A few tries with growing waits; the last TryAgain comes through as it is."""
        return Retrying(
            retry=retry_if_exception_type(TryAgain),
            stop=stop_after_attempt(TRIES),
            wait=_pause,
            sleep=self.sleep,
            reraise=True,
        )

    def ask(self, request: Request) -> Json | Refusal:
        """Send a request that changes no member, again if need be; returns body or refusal."""
        return self.tries()(self.ask_once, request)

    def ask_once(self, request: Request) -> Json | Refusal:
        """As `ask`, without another try; raises TryAgain."""
        try:
            answer = self.transport.exchange(request, encoded(request.body))
        except NotSent as problem:
            raise self.unreachable(str(problem)) from None
        except Lost as problem:
            raise self.unclear(str(problem)) from None
        if answer.is_success and answer.body is not None:
            return answer.body
        refusal = self.refusal(answer)
        if refusal.verdict in (Verdict.RETRY, Verdict.WAIT):
            raise self.unclear(f"code {refusal.code}", answer.retry_after)
        return refusal

    def lists(self) -> Iterator[RemoteList]:
        """Yield the account's lists, page after page."""
        page: str | None = None
        while True:
            body = self.expect(self.platform.find_lists(self.account, page))
            found = self.read(self.platform.read_lists, body)
            yield from found.lists
            page = found.next_page
            if page is None:
                return

    def list_by_id(self, list_id: str) -> RemoteList | None:
        """Return a list, or None if it is not there."""
        answer = self.ask(self.platform.get_list(self.account, list_id))
        if isinstance(answer, Refusal):
            if answer.is_missing:
                return None
            raise self.refused(answer)
        return self.read(self.platform.read_list, answer)

    def expect(self, request: Request) -> Json:
        """As `ask`, but a refusal is raised."""
        answer = self.ask(request)
        if isinstance(answer, Refusal):
            raise self.refused(answer)
        return answer

    def read(self, reader: Callable[[Json], T], body: Json) -> T:
        """Read an answer; raises TryAgain if it is not what the contract says."""
        try:
            return reader(body)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise self.unclear("an answer that cannot be read") from None

    def refusal(self, answer: Answer) -> Refusal:
        """Classify an error answer; without a readable code, by its HTTP status."""
        try:
            known = self.platform.classify(answer.body) if answer.body is not None else None
        except (KeyError, TypeError, ValueError, AttributeError):
            known = None
        if known is not None:
            return known
        code = f"HTTP {answer.http_status}"
        if answer.http_status == HTTPStatus.TOO_MANY_REQUESTS:
            return Refusal(Verdict.WAIT, code)
        if answer.http_status < HTTPStatus.BAD_REQUEST:  # a redirect, or 200 with a login page
            return Refusal(Verdict.RETRY, code)
        if answer.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refusal(Verdict.RETRY, code)
        return Refusal(Verdict.STOP, code, is_known=False)

    def refused(self, refusal: Refusal) -> TokenRefused | Rejected:
        """Say a refusal that sending again will not change."""
        name = self.platform.name
        if refusal.verdict is Verdict.REAUTHENTICATE:
            return TokenRefused(
                f"{name} refused the token (code {refusal.code}): renew"
                f" {self.platform.settings[0]}, then run `tamiz push` again"
            )
        known = "" if refusal.is_known else ", which tamiz does not know"
        return Rejected(
            f"{name} refused the request (code {refusal.code}{known}); sending stopped:"
            f" look the code up in {name}'s documentation, mend the cause, then run `tamiz push`"
            " again"
        )

    def unreachable(self, problem: str) -> TryAgain:
        """Say that nothing was sent, because nobody answered."""
        return TryAgain(
            f"{self.platform.name} cannot be reached at {self.transport.where} ({problem}):"
            " run `tamiz push` again later; it goes on where this one stopped"
        )

    def unclear(self, problem: str, retry_after: float | None = None) -> TryAgain:
        """Say that the platform did not do it, or did not say whether it did."""
        return TryAgain(
            f"{self.platform.name} gave no clear answer ({problem}): run `tamiz push` again later;"
            " it settles what is open",
            retry_after,
        )
