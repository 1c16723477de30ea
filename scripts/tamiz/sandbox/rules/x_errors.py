"""What X answers to a mistake: errors of the request, or of its operations by their index."""

from collections.abc import Mapping, Sequence

from tamiz.sandbox.contract import Violation
from tamiz.sandbox.rules.common import Reply, Trouble

TROUBLES: Mapping[Trouble, tuple[str, int]] = {
    Trouble.UNAUTHORISED: ("UNAUTHORIZED_ACCESS", 401),
    Trouble.EXPIRED: ("UNAUTHORIZED_ACCESS", 401),
    Trouble.FORBIDDEN: ("INSUFFICIENT_USER_AUTHORIZED_PERMISSION", 403),
    Trouble.NOWHERE: ("ROUTE_NOT_FOUND", 404),
    Trouble.NO_METHOD: ("METHOD_NOT_ALLOWED", 405),
    Trouble.BUSY: ("TOO_MANY_REQUESTS", 429),
    Trouble.FAILING: ("INTERNAL_ERROR", 500),
    Trouble.FLAGGED: ("ACTION_NOT_ALLOWED", 403),
    Trouble.TOO_SMALL: ("ACTION_NOT_ALLOWED", 403),
    Trouble.BAD_ROWS: ("INVALID_PARAMETER", 400),
}


def error(code: str, text: str, status: int = 400, **more: str) -> Reply:
    """An error of the request as a whole."""
    return Reply(status, {"errors": [{"code": code, "message": text, **more}], "request": {}})


def operation_errors(count: int, bad: Sequence[int]) -> Reply:
    """Errors of some of the operations; none of them is applied (X3)."""
    told: list[dict[str, object]] = [
        {"code": "INVALID_PARAMETER", "message": "this user cannot be read"}
    ]
    errors = [told if number in bad else [] for number in range(count)]
    return Reply(400, {"operation_errors": errors, "request": []})


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request."""
    code, usual = TROUBLES[kind]
    if status == 503:  # noqa: PLR2004 - over capacity
        code = "SERVICE_UNAVAILABLE"
    return error(code, str(kind), status or usual)


def violated(violation: Violation, body: object) -> Reply:
    """The answer to a request that breaks its schema: by the index of the operation, if in one."""
    first = violation.where[0] if violation.where else None
    if isinstance(first, int) and isinstance(body, list):
        return operation_errors(len(body), [first])
    code = "MISSING_PARAMETER" if violation.keyword == "required" else "INVALID_PARAMETER"
    return error(code, violation.said())
