"""LinkedIn: Matched Audiences, as DMP segments with users.

Contract: `sandbox/contracts/linkedin.openapi.yaml`. HTTP 200 carries a status for each element
(L3), and a segment takes no users in its first seconds (L2).
"""

import re

from tamiz.platforms.base import (
    Account,
    Answer,
    BadRow,
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
    CREATED,
    NO_CONSENT_FIELD,
    RENEWAL_SECRETS,
    as_count,
    as_id,
    as_list,
    as_object,
    as_text,
    bearer,
    fitting_name,
    in_path,
    inner,
    judged,
    optional_text,
    renewal,
    sandbox_account,
    succeeded,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "SHA256_EMAIL", "email_sha256"),
    Identifier("email_sha512", "SHA512_EMAIL"),
    Identifier("aaid", "GOOGLE_AID", is_hashed=False),
    Identifier("first_name", "firstName", is_hashed=False),
    Identifier("last_name", "lastName", is_hashed=False),
    Identifier("country", "country", is_hashed=False),
)
ID_TYPES = wires(IDENTIFIERS)
PAGE = 100
IDS = re.compile(r"[1-9][0-9]{0,18}")
UNUSABLE = ("EXPIRED", "FAILED", "ERROR")  # ARCHIVED comes back when a campaign uses it
SUCCESS = range(200, 300)

# By the HTTP status, which `status` repeats.
VERDICTS: dict[int, Verdict] = {
    400: Verdict.STOP,  # elements are judged one by one: the request itself is wrong
    401: Verdict.REAUTHENTICATE,
    403: Verdict.STOP,
    404: Verdict.WAIT,  # as long as a new segment is not ready; of a list asked for: not there
    409: Verdict.RETRY,  # made by two at the same time
    426: Verdict.STOP,  # the version is too old: set linkedin_version
    429: Verdict.WAIT,
    **dict.fromkeys((500, 502, 503, 504), Verdict.RETRY),
}
AGAIN = (429, *range(500, 600))  # of an element: not the element's fault
REFUSED = range(400, 500)


def headers(account: Account) -> dict[str, str]:
    """Token, and the version of the API, which lives for about a year (L1)."""
    return {
        **bearer(account),
        "LinkedIn-Version": account.settings.get("linkedin_version", "202607"),
        "X-Restli-Protocol-Version": "2.0.0",
    }


def find_lists(account: Account, _name: str, page: str | None) -> Request:
    """Ask for a page of the segments of our source platform."""
    query = {
        "q": "account",
        "account": _urn(account),
        "sourcePlatform": account.settings["source_platform"],
        "start": page or "0",
        "count": str(PAGE),
    }
    return Request("GET", "/dmpSegments", query)


def read_lists(answer: Answer) -> ListPage:
    """Read a page of segments; a page that is not full is the last."""
    body = succeeded(answer)
    lists = tuple(_list(as_object(entry)) for entry in as_list(body["elements"]))
    following = as_count(inner(body, "paging", "start") or 0) + len(lists)
    total = inner(body, "paging", "total")
    is_last = following >= as_count(total) if total is not None else len(lists) < PAGE
    return ListPage(lists, None if is_last or not lists else str(following))


def get_list(_account: Account, list_id: str) -> Request:
    """Ask for one segment by its id."""
    return Request("GET", f"/dmpSegments/{in_path(list_id, IDS)}")


def read_list(answer: Answer) -> RemoteList:
    """Read one segment; the mark stands in `sourceSegmentId`."""
    return _list(succeeded(answer))


def create_list(account: Account, new: NewList) -> Request:
    """Create an empty segment."""
    body = {
        "name": fitting_name(new, 255),
        "account": _urn(account),
        "sourcePlatform": account.settings["source_platform"],
        "sourceSegmentId": f"{new.audience}-{new.mark}",
        "accessPolicy": "PRIVATE",
        "type": "USER",
        "destinations": [{"destination": "LINKEDIN"}],
    }
    return Request("POST", "/dmpSegments", body=body)


def read_created(answer: Answer) -> str:
    """Read the id of a new segment from its header; the body is empty (L6)."""
    found = answer.headers.get("x-restli-id") or answer.headers.get("x-linkedin-id")
    list_id = as_id(found, IDS)
    if answer.http_status != CREATED or not answer.is_empty:
        raise ValueError
    return list_id


def add_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch."""
    return _users(list_id, "ADD", batch)


def remove_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch."""
    return _users(list_id, "REMOVE", batch)


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read the status of each element, in order; if one has to wait, all are sent again."""
    elements = [as_object(entry) for entry in as_list(succeeded(answer)["elements"])]
    statuses = [as_count(entry["status"]) for entry in elements]
    if len(statuses) != len(batch.members) or any(status in AGAIN for status in statuses):
        raise ValueError
    if any(entry["status"] in SUCCESS and entry.get("error") for entry in elements):
        raise ValueError
    bad = tuple(
        BadRow(index, str(status)) for index, status in enumerate(statuses) if status in REFUSED
    )
    if len(bad) + sum(status in SUCCESS for status in statuses) != len(statuses):
        raise ValueError
    return Receipt(len(statuses) - len(bad), len(bad), bad)


def classify(answer: Answer) -> Refusal | None:
    """Classify an error answer by its status, with LinkedIn's own number beside it."""
    status, code = inner(answer.body, "status"), inner(answer.body, "serviceErrorCode")
    if answer.is_success or type(status) is not int:
        return None
    shown = f"{status}/{code}" if type(code) is int else f"{status}"
    return judged(VERDICTS, status, shown, (404,))


def _urn(account: Account) -> str:
    return f"urn:li:sponsoredAccount:{as_id(account.account_id, IDS)}"


def _list(entry: Json) -> RemoteList:
    status = inner(entry, "destinations", 0, "status")
    size = inner(entry, "destinations", 0, "audienceSize")
    return RemoteList(
        as_id(str(as_count(entry["id"])), IDS),
        as_text(entry["name"]),
        optional_text(entry.get("sourceSegmentId")),
        as_id(as_text(entry["account"]).removeprefix("urn:li:sponsoredAccount:"), IDS),
        as_count(size) if size is not None else None,
        status if status in UNUSABLE else None,
    )


def _users(list_id: str, action: str, batch: Batch) -> Request:
    elements = [
        {"action": action, "userIds": [{"idType": ID_TYPES[kind], "idValue": digest}]}
        for kind, digest in batch.members
    ]
    method = {"X-RestLi-Method": "BATCH_CREATE"}
    path = f"/dmpSegments/{in_path(list_id, IDS)}/users"
    return Request("POST", path, headers=method, body={"elements": elements})


PLATFORM = Platform(
    name="linkedin",
    label="LinkedIn",
    api="Matched Audiences, /rest",
    base_url="https://api.linkedin.com/rest",
    rule_version="linkedin-1",
    identifiers=IDENTIFIERS,
    batch_rows=5_000,
    batch_bytes=BODY_BYTES,
    member_bytes=140,
    one_kind=False,
    rates=(RateLimit(600, 60),),
    minimum_size=300,
    membership_days=None,
    has_replace=False,
    consent=NO_CONSENT_FIELD,
    secrets=("access_token",),
    settings=("source_platform",),
    optional_settings=("linkedin_version",),
    setting_values={
        "source_platform": re.compile(r"[ -~]{1,200}"),
        "linkedin_version": re.compile(r"20[0-9]{2}(0[1-9]|1[0-2])"),
    },
    account_ids=IDS,
    list_ids=IDS,
    sandbox=sandbox_account(
        "linkedin",
        "516848833",
        ("access_token", *RENEWAL_SECRETS),
        {"source_platform": "TAMIZ_SANDBOX"},
    ),
    headers=headers,
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
    clean_account_id=lambda text: text.strip().removeprefix("urn:li:sponsoredAccount:"),
    ready_after=5.0,
    renewal=renewal("https://www.linkedin.com/oauth/v2/accessToken"),
)
