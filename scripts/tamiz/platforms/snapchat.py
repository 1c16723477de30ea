"""Snapchat: first-party segments of the Marketing API v1.

Contract: `sandbox/contracts/snapchat.openapi.yaml`. One kind of identifier in a request (S1), and
a request succeeds or fails as a whole (S5).
"""

import re

from tamiz.platforms.base import (
    Account,
    Answer,
    Batch,
    Identifier,
    Json,
    ListPage,
    NewList,
    Platform,
    RateLimit,
    Receipt,
    Refusal,
    RemoteList,
    Request,
    Verdict,
)
from tamiz.platforms.shared import (
    BODY_BYTES,
    NO_CONSENT_FIELD,
    RENEWAL_SECRETS,
    as_count,
    as_id,
    as_list,
    as_object,
    as_text,
    bearer,
    described,
    fitting_name,
    in_path,
    inner,
    judged,
    optional_text,
    renewal,
    safe_code,
    sandbox_account,
    succeeded,
    the_wire,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "EMAIL_SHA256", "email_sha256"),
    Identifier("phone", "PHONE_SHA256", "phone_sha256"),
    Identifier("idfa", "MOBILE_AD_ID_SHA256", "idfa_sha256"),
    Identifier("aaid", "MOBILE_AD_ID_SHA256", "aaid_sha256"),
)
SCHEMA = wires(IDENTIFIERS)
ACCOUNT_IDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LIST_IDS = re.compile(r"[0-9]{1,40}")
FOR_EVER = 9_999  # days; people leave by removal

# By the HTTP status where that says it; a status 400 is known by its code alone.
VERDICTS: dict[int | str, Verdict] = {
    401: Verdict.REAUTHENTICATE,
    **dict.fromkeys((403, 404), Verdict.STOP),
    429: Verdict.WAIT,
    **dict.fromkeys((500, 502, 503, 504), Verdict.RETRY),
    "E1001": Verdict.REFUSE_ROWS,  # malformed; which row is not said
    "E3002": Verdict.STOP,  # no permission
}


def find_lists(account: Account, _name: str, _page: str | None) -> Request:
    """Ask for the account's segments, which come on one page."""
    return Request("GET", _segments(account))


def read_lists(answer: Answer) -> ListPage:
    """Read the segments of an account."""
    return ListPage(tuple(_list(entry) for entry in _parts(answer, "segments", "segment")), None)


def get_list(_account: Account, list_id: str) -> Request:
    """Ask for one segment by its id."""
    return Request("GET", f"/segments/{in_path(list_id, LIST_IDS)}")


def read_list(answer: Answer) -> RemoteList:
    """Read one segment."""
    (entry,) = _parts(answer, "segments", "segment")
    return _list(entry)


def create_list(account: Account, new: NewList) -> Request:
    """Create an empty segment; the account stands in path and body (S3)."""
    segment = {
        "name": fitting_name(new, 375),
        "description": described(new),
        "source_type": "FIRST_PARTY",
        "retention_in_days": FOR_EVER,
        "ad_account_id": account.account_id,
    }
    return Request("POST", _segments(account), body={"segments": [segment]})


def read_created(answer: Answer) -> str:
    """Read the id of a new segment."""
    return read_list(answer).list_id


def add_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch."""
    return Request("POST", f"/segments/{in_path(list_id, LIST_IDS)}/users", body=_users(batch))


def remove_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch: DELETE with a JSON body."""
    return Request("DELETE", f"/segments/{in_path(list_id, LIST_IDS)}/users", body=_users(batch))


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read how many rows were received, not matched (S4)."""
    (user,) = _parts(answer, "users", "user")
    received, sent = as_count(user["number_uploaded_users"]), len(batch.members)
    if received > sent:
        raise ValueError
    return Receipt(received, sent - received)


def classify(answer: Answer) -> Refusal | None:
    """Classify an error answer by `error_code`, or else by its HTTP status."""
    code, status = inner(answer.body, "error_code"), answer.http_status
    if answer.is_success or not isinstance(code, str):
        return None
    key: int | str = status if status in VERDICTS and code not in VERDICTS else code
    return judged(VERDICTS, key, safe_code(code), (404,))


def _parts(answer: Answer, many: str, one: str) -> list[Json]:
    body = succeeded(answer)
    entries = [as_object(entry) for entry in as_list(body[many])]
    statuses = [body["request_status"], *(entry["sub_request_status"] for entry in entries)]
    # Words come in both cases.
    if any(as_text(status).upper() != "SUCCESS" for status in statuses):
        raise ValueError
    return [as_object(entry[one]) for entry in entries]


def _segments(account: Account) -> str:
    return f"/adaccounts/{in_path(account.account_id, ACCOUNT_IDS)}/segments"


def _list(entry: Json) -> RemoteList:
    size = entry.get("approximate_number_users")
    return RemoteList(
        as_id(entry["id"], LIST_IDS),
        as_text(entry["name"]),
        optional_text(entry.get("description")),
        as_id(entry["ad_account_id"], ACCOUNT_IDS),
        size if type(size) is int and size >= 0 else None,
    )


def _users(batch: Batch) -> Json:
    rows = [[digest] for _, digest in batch.members]
    return {"users": [{"schema": [the_wire(batch, SCHEMA)], "data": rows}]}


PLATFORM = Platform(
    name="snapchat",
    label="Snapchat",
    api="Marketing API v1",
    base_url="https://adsapi.snapchat.com/v1",
    rule_version="snapchat-1",
    identifiers=IDENTIFIERS,
    batch_rows=100_000,
    batch_bytes=BODY_BYTES,
    member_bytes=70,
    one_kind=True,
    rates=(RateLimit(10, 1),),
    minimum_size=1_000,
    membership_days=None,
    has_replace=False,
    consent=NO_CONSENT_FIELD,
    secrets=("access_token",),
    account_ids=ACCOUNT_IDS,
    list_ids=LIST_IDS,
    sandbox=sandbox_account(
        "snapchat", "8adc3db7-8148-4fbf-999c-8d2266369d74", ("access_token", *RENEWAL_SECRETS)
    ),
    headers=bearer,
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
    renewal=renewal("https://accounts.snapchat.com/login/oauth2/access_token"),
)
