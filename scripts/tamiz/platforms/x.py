"""X: list custom audiences of the Ads API, version 12.

Contract: `sandbox/contracts/x.openapi.yaml`. A request is an array of operations and atomic (X3).
Each member is an operation of its own, because X names what it refuses by the operation's index.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from oauthlib.oauth1 import Client

from tamiz.platforms.base import (
    Account,
    Answer,
    BadRow,
    Batch,
    Identifier,
    Json,
    ListPage,
    NewList,
    Pace,
    Platform,
    RateLimit,
    Receipt,
    Refusal,
    RemoteList,
    Request,
    Verdict,
)
from tamiz.platforms.shared import (
    CREATED,
    NO_CONSENT_FIELD,
    OK,
    as_count,
    as_id,
    as_list,
    as_object,
    as_text,
    described,
    fitting_name,
    in_path,
    inner,
    judged,
    optional_text,
    safe_code,
    sandbox_account,
    succeeded,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "email", "email_sha256"),
    Identifier("phone", "phone_number", "phone_sha256"),
    Identifier("idfa", "device_id", "idfa_sha256"),
    Identifier("aaid", "device_id", "aaid_sha256"),
    Identifier("x_user_id", "twitter_id", "x_user_id_sha256"),
    Identifier("x_handle", "handle", "x_handle_sha256"),
    Identifier("external_id", "partner_user_id", is_hashed=False),
)
KEYS = wires(IDENTIFIERS)
SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
LONGEST_RESET = 86_400  # seconds
ACCOUNT_IDS = re.compile(r"[a-z0-9]{4,20}")
LIST_IDS = re.compile(r"[a-z0-9]{2,20}")

VERDICTS: dict[str, Verdict] = {
    **dict.fromkeys(("INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "OVER_CAPACITY"), Verdict.RETRY),
    **dict.fromkeys(("CANCELLED_REQUEST", "LOCK_ACQUISITION_TIMEOUT"), Verdict.RETRY),
    **dict.fromkeys(("TOO_MANY_REQUESTS", "TWEET_RATE_LIMIT_EXCEEDED"), Verdict.WAIT),
    "UNAUTHORIZED_ACCESS": Verdict.REAUTHENTICATE,
    **dict.fromkeys(
        ("UNAUTHORIZED_CLIENT_APPLICATION", "READONLY_CLIENT_APPLICATION"), Verdict.STOP
    ),
    **dict.fromkeys(
        ("INSUFFICIENT_USER_AUTHORIZED_PERMISSION", "ACTION_NOT_ALLOWED"), Verdict.STOP
    ),
    **dict.fromkeys(("ACCOUNT_NOT_FOUND", "ACCOUNT_LOCKED_OUT", "USER_NOT_FOUND"), Verdict.STOP),
    **dict.fromkeys(("CURRENT_USER_SUSPENDED", "FEATURE_NOT_AVAILABLE"), Verdict.STOP),
    **dict.fromkeys(("NOT_FOUND", "ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED"), Verdict.STOP),
    **dict.fromkeys(
        ("INVALID_PARAMETER", "MISSING_PARAMETER", "REQUEST_TOO_COMPLEX"), Verdict.STOP
    ),
}
# The same words about an operation, which is one member here.
ROW_CODES = frozenset(
    (
        "INVALID_PARAMETER",
        "MISSING_PARAMETER",
        "INVALID_USER",
        "INVALID_USER_ID",
        "ILLEGAL_CHARACTERS",
    )
)


def sign(account: Account, request: Request, address: str, nonce: str, now: int) -> dict[str, str]:
    """Sign with OAuth 1.0a, HMAC-SHA1 (RFC 5849): query parameters are signed, a JSON body not."""
    client = Client(
        account.secret("consumer_key"),
        client_secret=account.secret("consumer_secret"),
        resource_owner_key=account.secret("access_token"),
        resource_owner_secret=account.secret("access_token_secret"),
        nonce=nonce,
        timestamp=str(now),
    )
    query = f"?{urlencode(request.query)}" if request.query else ""
    method: Any = request.method
    _, headers, _ = client.sign(f"{address}{query}", http_method=method)
    return {"Authorization": str(headers["Authorization"])}


def find_lists(account: Account, name: str, page: str | None) -> Request:
    """Ask for a page of the account's audiences whose names begin with the name."""
    query = {"q": name, "count": "1000"} | ({"cursor": page} if page else {})
    return Request("GET", _audiences(account), query)


def read_lists(answer: Answer) -> ListPage:
    """Read a page of audiences."""
    body = _body(answer)
    lists = tuple(_list(as_object(entry)) for entry in as_list(body["data"]))
    return ListPage(lists, optional_text(body.get("next_cursor")) or None)


def get_list(account: Account, list_id: str) -> Request:
    """Ask for one audience by its id."""
    return Request("GET", f"{_audiences(account)}/{in_path(list_id, LIST_IDS)}")


def read_list(answer: Answer) -> RemoteList:
    """Read one audience."""
    return _list(as_object(_body(answer)["data"]))


def create_list(account: Account, new: NewList) -> Request:
    """Create an empty audience; name and description stand in the query."""
    query = {"name": fitting_name(new, 255), "description": described(new)}
    return Request("POST", _audiences(account), query)


def read_created(answer: Answer) -> str:
    """Read the id of a new audience; X answers 200, or 201 as its newer end points do."""
    status = CREATED if answer.http_status == CREATED else OK
    return _list(as_object(_body(answer, status)["data"])).list_id


def add_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch; X forgets them after 13 months unless they are sent again."""
    return _operations(account, list_id, "Update", batch)


def remove_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch."""
    return _operations(account, list_id, "Delete", batch)


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read both counts; unless they equal what was sent, it has to be sent again (X4)."""
    data = as_object(_body(answer)["data"])
    counts = (as_count(data["success_count"]), as_count(data["total_count"]))
    if counts != (len(batch.members), len(batch.members)):
        raise ValueError
    return Receipt(len(batch.members))


def classify(answer: Answer) -> Refusal | None:
    """Classify an error answer: of operations, which are rows, or else of the request."""
    bad = _bad_rows(inner(answer.body, "operation_errors"))
    code = inner(answer.body, "errors", 0, "code")
    if bad:
        first = bad[0].code
        unknown = next((row.code for row in bad if row.code not in ROW_CODES), None)
        if unknown is not None:
            return replace(judged(VERDICTS, unknown, unknown), verdict=Verdict.STOP)
        return Refusal(Verdict.REFUSE_ROWS, first, bad_rows=bad)
    if not isinstance(code, str):
        return None
    return judged(VERDICTS, code, safe_code(code), ("NOT_FOUND",))


def pace(headers: Mapping[str, str], now: float) -> Pace:
    """Read what is left of the endpoint's limit and the account's; resets are Unix times."""
    limits = []
    for prefix in ("x-rate-limit", "x-account-rate-limit"):
        left = _digits(headers.get(f"{prefix}-remaining"))
        reset = _digits(headers.get(f"{prefix}-reset"))
        if left is not None and reset is not None:
            limits.append((left, min(max(reset - now, 0.0), LONGEST_RESET)))
    if not limits:
        return Pace()
    remaining, reset_after = min(limits)
    wait = max((after for left, after in limits if left == 0), default=0.0)
    return Pace(remaining, reset_after, wait)


def _digits(text: str | None) -> int | None:
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,12}", text) else None


def _bad_rows(errors: object) -> tuple[BadRow, ...]:
    if not isinstance(errors, list):
        return ()
    found = []
    for index, entry in enumerate(errors):
        # The inner shape is not documented: a list for each operation, or the error itself.
        first = entry[0] if isinstance(entry, list) and entry else entry
        if isinstance(first, dict):
            found.append(BadRow(index, safe_code(first.get("code"))))
    return tuple(found)


def _audiences(account: Account) -> str:
    return f"/accounts/{in_path(account.account_id, ACCOUNT_IDS)}/custom_audiences"


def _body(answer: Answer, status: int = OK) -> Json:
    """Return the object of a yes, in which X repeats what it was asked."""
    body = succeeded(answer, status=status)
    as_object(body.get("request", {}))
    return body


def _list(entry: Json) -> RemoteList:
    size, owner = entry.get("audience_size"), entry.get("owner_account_id")
    return RemoteList(
        as_id(entry["id"], LIST_IDS),
        as_text(entry["name"]),
        optional_text(entry.get("description")),
        as_text(owner) if owner is not None else None,
        as_count(size) if size is not None else None,
        "DELETED" if entry.get("deleted") is True else None,
    )


def _operations(account: Account, list_id: str, operation: str, batch: Batch) -> Request:
    body = [
        {"operation_type": operation, "params": {"users": [{KEYS[kind]: [digest]}]}}
        for kind, digest in batch.members
    ]
    return Request("POST", f"{_audiences(account)}/{in_path(list_id, LIST_IDS)}/users", body=body)


PLATFORM = Platform(
    name="x",
    label="X",
    api="Ads API 12",
    base_url="https://ads-api.x.com/12",
    rule_version="x-1",
    identifiers=IDENTIFIERS,
    batch_rows=2_500,  # operations
    batch_bytes=5_000_000,
    member_bytes=141,
    one_kind=False,
    rates=(RateLimit(1_500, 60),),
    minimum_size=100,
    membership_days=395,  # 13 months
    has_replace=False,
    consent=NO_CONSENT_FIELD,
    secrets=SECRETS,
    account_ids=ACCOUNT_IDS,
    list_ids=LIST_IDS,
    sandbox=sandbox_account("x", "18ce54d4x5t", SECRETS),
    headers=lambda _account: {},
    get_list=get_list,
    read_list=read_list,
    create_list=create_list,
    read_created=read_created,
    add_members=add_members,
    remove_members=remove_members,
    read_receipt=read_receipt,
    classify=classify,
    find_lists=find_lists,
    read_lists=read_lists,
    clean_account_id=lambda text: text.strip().lower(),
    pace=pace,
    sign=sign,
)
