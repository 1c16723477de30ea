"""What TikTok answers: an envelope whose `code` says what HTTP does not."""

from collections.abc import Mapping

from tamiz.sandbox.contract import Violation
from tamiz.sandbox.rules.common import Call, Refused, Reply, Trouble
from tamiz.sandbox.world import Json

PARAMETER = 40002
TROUBLES: Mapping[Trouble, int] = {
    Trouble.UNAUTHORISED: 40105,
    Trouble.EXPIRED: 40105,
    Trouble.FORBIDDEN: 40001,
    Trouble.NOWHERE: PARAMETER,
    Trouble.NO_METHOD: PARAMETER,
    Trouble.BUSY: 40100,
    Trouble.FAILING: 50000,
    Trouble.FLAGGED: 40001,
    Trouble.TOO_SMALL: 40001,
    Trouble.BAD_ROWS: PARAMETER,
}
STATUSES = {Trouble.NOWHERE: 404, Trouble.NO_METHOD: 405}  # of the gateway, not of the API


def envelope(code: int = 0, text: str = "OK", data: Json | None = None, status: int = 200) -> Reply:
    """An answer; `data` is left out of most that are no success."""
    more = {} if data is None else {"data": data}
    return Reply(status, {"code": code, "message": text, "request_id": "sandbox", **more})


def refused(text: str) -> Refused:
    """Return what to raise for a rule that is broken (T4)."""
    return Refused(envelope(PARAMETER, text))


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request."""
    return envelope(TROUBLES[kind], str(kind), status=status or STATUSES.get(kind, 200))


def violated(violation: Violation, _body: object) -> Reply:
    """The answer to a request that breaks its schema (T4)."""
    return envelope(PARAMETER, violation.said())


def own(call: Call, *advertisers: str) -> None:
    """Refuse the account of somebody else."""
    if any(advertiser != call.account_id for advertiser in advertisers):
        raise Refused(trouble(Trouble.FORBIDDEN))
