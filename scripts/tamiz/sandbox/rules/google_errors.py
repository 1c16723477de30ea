"""What Google answers to a mistake: google.rpc.Status with a reason and the fields at fault."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from tamiz.sandbox.contract import Violation
from tamiz.sandbox.rules.common import Refused, Reply, Trouble
from tamiz.sandbox.world import Json

CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
TROUBLES: Mapping[Trouble, tuple[str, int]] = {
    Trouble.UNAUTHORISED: ("ACCESS_TOKEN_TYPE_UNSUPPORTED", 401),
    Trouble.EXPIRED: ("ACCESS_TOKEN_EXPIRED", 401),
    Trouble.FORBIDDEN: ("USER_PERMISSION_DENIED", 403),
    Trouble.NOWHERE: ("METHOD_NOT_FOUND", 404),
    Trouble.NO_METHOD: ("METHOD_NOT_FOUND", 405),
    Trouble.BUSY: ("RATE_LIMIT_EXCEEDED", 429),
    Trouble.FAILING: ("INTERNAL_ERROR", 500),
    Trouble.FLAGGED: ("POLICY_VIOLATION", 403),
    Trouble.TOO_SMALL: ("OPERATION_NOT_PERMITTED", 403),
    Trouble.BAD_ROWS: ("INVALID_SHA256_FORMAT", 400),
}
TOO_MANY = {
    "audienceMembers": "TOO_MANY_AUDIENCE_MEMBERS",
    "userIdentifiers": "TOO_MANY_USER_IDENTIFIERS",
    "destinations": "TOO_MANY_DESTINATIONS",
}
HASHED = {"emailAddress", "phoneNumber", "givenName", "familyName"}
INFO = "type.googleapis.com/google.rpc.ErrorInfo"
FIELDS = "type.googleapis.com/google.rpc.BadRequest"


def error(
    reason: str,
    status: int = 400,
    metadata: Json | None = None,
    text: str = "",
    fields: Sequence[str] = (),
) -> Reply:
    """An error answer; `fields` are the paths of what is wrong."""
    details: list[Json] = [
        {
            "@type": INFO,
            "reason": reason,
            "domain": "datamanager.googleapis.com",
            "metadata": metadata or {},
        }
    ]
    if fields:
        told = [{"field": path, "description": reason, "reason": reason} for path in fields]
        details.append({"@type": FIELDS, "fieldViolations": told})
    entry = {"code": status, "message": text or reason, "status": CODES.get(status, "INTERNAL")}
    return Reply(status, {"error": {**entry, "details": details}})


def refused(reason: str, status: int = 400) -> Refused:
    """Return what to raise for a rule that is broken."""
    return Refused(error(reason, status))


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request."""
    reason, usual = TROUBLES[kind]
    metadata = {"quota_limit": "RequestsPerMinutePerProject"} if kind is Trouble.BUSY else None
    return error(reason, status or usual, metadata)


def violated(violation: Violation, body: object) -> Reply:
    """The answer to a request that breaks its schema, by the reason and the field."""
    where = violation.where
    fields = [path_of(where)] if len(where) > 1 else []
    return error(_reason(violation, body), text=violation.said(), fields=fields)


def path_of(where: Sequence[str | int]) -> str:
    """Return the path of a field as Google writes it: `audience_members[3].user_data`."""
    text = ""
    for step in where:
        snake = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", str(step))
        text += f"[{step}]" if isinstance(step, int) else f".{snake}" if text else snake
    return text


def _reason(violation: Violation, body: object) -> str:
    last = next((step for step in reversed(violation.where) if isinstance(step, str)), "")
    if violation.keyword == "maxItems":
        return TOO_MANY.get(last, "INVALID_VALUE")
    if violation.keyword == "pattern" and last in HASHED:
        return _digest_reason(violation, body)
    if violation.keyword == "oneOf" and len(_at(body, violation.where)) > 1:
        return "MULTIPLE_DATA_TYPES_NOT_ALLOWED"
    if violation.keyword == "required":
        is_terms = violation.missing in ("termsOfService", "customerMatchTermsOfServiceStatus")
        return "TERMS_AND_CONDITIONS_NOT_SIGNED" if is_terms else "REQUIRED_FIELD_MISSING"
    return "INVALID_JSON_FIELD" if violation.keyword == "additionalProperties" else "INVALID_VALUE"


def _digest_reason(violation: Violation, body: object) -> str:
    if _at(body, ()).get("encoding") == "BASE64":
        return "INVALID_BASE64_ENCODING"
    value = str(_at(body, violation.where))
    is_hex = re.fullmatch("([0-9a-fA-F]{2})+", value) is not None
    return "INVALID_SHA256_FORMAT" if is_hex else "INVALID_HEX_ENCODING"


def _at(body: object, where: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - a part of JSON
    value: Any = body
    for step in where:
        value = value[step]
    return value
