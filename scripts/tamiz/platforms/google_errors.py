"""What Google's error answers mean: `google.rpc.Status`, the reasons and the rows it names."""

import re
from dataclasses import replace
from typing import Any

from tamiz.platforms.base import Answer, BadRow, Json, Refusal, Verdict
from tamiz.platforms.shared import inner, judged, safe_code

VERDICTS: dict[str, Verdict] = {
    **dict.fromkeys(("INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED"), Verdict.RETRY),
    "RESOURCE_EXHAUSTED": Verdict.WAIT,
    "UNAUTHENTICATED": Verdict.REAUTHENTICATE,
    **dict.fromkeys(("INVALID_ARGUMENT", "PERMISSION_DENIED", "NOT_FOUND"), Verdict.STOP),
    **dict.fromkeys(("ALREADY_EXISTS", "FAILED_PRECONDITION"), Verdict.STOP),
}
# What `INVALID_ARGUMENT` is about: rows that others need not wait for, or the request itself.
ROW_REASONS = frozenset(
    (
        *("INVALID_HEX_ENCODING", "INVALID_BASE64_ENCODING", "INVALID_SHA256_FORMAT"),
        *("INVALID_POSTAL_CODE", "INVALID_REGION_CODE", "TOO_MANY_USER_IDENTIFIERS"),
    )
)
REQUEST_REASONS = frozenset(
    (
        *("REQUIRED_FIELD_MISSING", "TOO_MANY_AUDIENCE_MEMBERS", "TOO_MANY_DESTINATIONS"),
        *("INVALID_USER_LIST_ID", "INVALID_USER_LIST_TYPE", "INVALID_DESTINATION"),
        *("MULTIPLE_DATA_TYPES_NOT_ALLOWED", "TERMS_AND_CONDITIONS_NOT_SIGNED"),
        *("DUPLICATE_DESTINATION_REFERENCE", "MEMBERSHIP_DURATION_TOO_LONG"),
        *("DISPLAY_NAME_ALREADY_USED", "EU_POLITICAL_ADVERTISING_DECLARATION_REQUIRED"),
        *("INVALID_REMOVE_AS_OF_TIME", "REQUEST_TOO_OLD", "INVALID_REQUEST_ID"),
    )
)


def classify(answer: Answer) -> Refusal | None:
    """Classify an error answer by `error.status` and the reason that its details name."""
    status = inner(answer.body, "error", "status")
    if not isinstance(status, str):
        return None
    found = judged(VERDICTS, status, safe_code(status), ("NOT_FOUND",))
    details = inner(answer.body, "error", "details")
    details = details if isinstance(details, list) else []
    violations = [
        violation
        for detail in details
        for violation in (inner(detail, "fieldViolations") or ())
        if isinstance(violation, dict)
    ]
    reasons = [inner(entry, "reason") for entry in (*details, *violations)]
    reasons = [reason for reason in reasons if reason is not None]
    code = "/".join(safe_code(part) for part in (status, *reasons[:1]))
    found = replace(found, code=code, wait=_wait(details))
    if status != "INVALID_ARGUMENT" or not reasons:
        return found
    if not all(isinstance(reason, str) for reason in reasons):
        return replace(found, is_known=False)
    return _of_rows(found, set(reasons), violations)


def _of_rows(found: Refusal, reasons: set[str], violations: list[Json]) -> Refusal:
    if not reasons <= ROW_REASONS | REQUEST_REASONS:
        return replace(found, is_known=False)
    rows = [
        (re.match(r"audience_?[mM]embers\[(\d{1,6})\]", str(entry.get("field"))), entry)
        for entry in violations
    ]
    named = all(match is not None for match, _ in rows) and rows != []
    if reasons <= ROW_REASONS or (named and reasons <= ROW_REASONS | {"REQUIRED_FIELD_MISSING"}):
        first = min(reasons)
        bad = {
            int(match[1]): BadRow(int(match[1]), safe_code(entry.get("reason") or first))
            for match, entry in rows
            if match is not None
        }
        rows_at_fault = tuple(bad[index] for index in sorted(bad)) if named else ()
        return replace(found, verdict=Verdict.REFUSE_ROWS, bad_rows=rows_at_fault)
    return found


def _wait(details: list[Any]) -> float | None:
    for detail in details:
        delay = re.fullmatch(r"(\d{1,6}(?:\.\d{1,9})?)s", str(inner(detail, "retryDelay")))
        if delay is not None:
            return float(delay[1])
    return None
