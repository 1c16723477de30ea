"""What Meta answers to a mistake, and to trouble of its own."""

from collections.abc import Mapping

from tamiz.sandbox.contract import Violation
from tamiz.sandbox.rules.common import Reply, Trouble

MISMATCH = "Data is missing or does not match schema"

# Codes and subcodes of contracts_1; 2655 and the like are told by their own texts.
TROUBLES: Mapping[Trouble, tuple[int, int | None, str, int]] = {
    Trouble.UNAUTHORISED: (190, None, "Invalid OAuth access token.", 400),
    Trouble.EXPIRED: (190, 463, "Error validating access token: Session has expired.", 400),
    Trouble.FORBIDDEN: (200, None, "Permissions error", 403),
    Trouble.NOWHERE: (100, None, "Unknown path components", 400),
    Trouble.NO_METHOD: (100, None, "Unsupported method", 405),
    Trouble.BUSY: (80003, None, "There have been too many calls to this ad-account.", 400),
    Trouble.FAILING: (2, None, "Service temporarily unavailable", 500),
    Trouble.FLAGGED: (100, 1713230, "The audience is blocked for integrity", 400),
    Trouble.TOO_SMALL: (200, 1870047, "Audience Size Too Low", 400),
    Trouble.BAD_ROWS: (100, None, MISMATCH, 400),
}


def error(code: int, text: str, subcode: int | None = None, status: int = 400) -> Reply:
    """An error answer in Meta's shape."""
    entry: dict[str, object] = {
        "message": f"(#{code}) {text}",
        "type": "OAuthException",
        "code": code,
    }
    if subcode is not None:
        entry["error_subcode"] = subcode
    return Reply(status, {"error": {**entry, "fbtrace_id": "sandbox"}})


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request."""
    code, subcode, text, usual = TROUBLES[kind]
    return error(code, text, subcode, status or usual)


def violated(violation: Violation, _body: object) -> Reply:
    """The answer to a request that breaks its schema."""
    return error(100, f"Invalid parameter: {violation.said()}")
