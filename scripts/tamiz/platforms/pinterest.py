"""Pinterest: customer lists of API v5.

Contract: `sandbox/contracts/pinterest.openapi.yaml`. A list holds one kind of identifier, is made
with its first member, and can be targeted only through an audience made over it.
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
    as_id,
    as_list,
    as_object,
    as_text,
    bearer,
    in_path,
    inner,
    judged,
    marked_name,
    optional_text,
    renewal,
    sandbox_account,
    split_name,
    succeeded,
    the_wire,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "EMAIL", "email_sha256"),
    # Advertising ids would need lists of their own.
    Identifier("idfa", "IDFA"),
    Identifier("aaid", "MAID"),
)
LIST_TYPES = wires(IDENTIFIERS)
IDS = re.compile(r"[0-9]{1,18}")
STATUSES = ("PROCESSING", "READY", "TOO_SMALL", "UPLOADING")

# By the HTTP status: there is no table of the numbers in `code`, which are only shown.
VERDICTS: dict[int, Verdict] = {
    400: Verdict.REFUSE_ROWS,  # the request as a whole; which record is not said
    401: Verdict.REAUTHENTICATE,
    **dict.fromkeys((403, 404), Verdict.STOP),
    429: Verdict.WAIT,
    **dict.fromkeys((500, 502, 503, 504), Verdict.RETRY),
}


def find_lists(account: Account, _name: str, page: str | None) -> Request:
    """Ask for a page of the account's lists."""
    query = {"page_size": "250"} | ({"bookmark": page} if page else {})
    return Request("GET", _lists(account), query)


def read_lists(answer: Answer) -> ListPage:
    """Read a page of lists."""
    body = succeeded(answer)
    lists = tuple(_list(as_object(entry)) for entry in as_list(body["items"]))
    return ListPage(lists, optional_text(body.get("bookmark")) or None)


def get_list(account: Account, list_id: str) -> Request:
    """Ask for one list by its id."""
    return Request("GET", f"{_lists(account)}/{in_path(list_id, IDS)}")


def read_list(answer: Answer) -> RemoteList:
    """Read one list."""
    return _list(succeeded(answer, besides="exceptions"))


def create_list(account: Account, new: NewList) -> Request:
    """Create a list with its first member; its name carries the mark."""
    if new.member is None:
        raise ValueError
    kind, digest = new.member
    body = {"name": marked_name(new, 255), "records": digest, "list_type": LIST_TYPES[kind]}
    return Request("POST", _lists(account), body=body)


def read_created(answer: Answer) -> str:
    """Read the id of a new list."""
    return read_list(answer).list_id


def make_targetable(account: Account, list_id: str, name: str) -> Request:
    """Make the audience over a list, without which no advertisement can use it."""
    rule = {"customer_list_id": as_id(list_id, IDS)}
    body = {"name": name, "audience_type": "CUSTOMER_LIST", "rule": rule}
    return Request("POST", f"{_account(account)}/audiences", body=body)


def read_targetable(answer: Answer) -> str:
    """Read the id of the audience over a list."""
    body = succeeded(answer)
    if body["type"] != "audience":
        raise ValueError
    return as_id(body["id"], IDS)


def add_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch."""
    return _update(account, list_id, "ADD", batch)


def remove_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch."""
    return _update(account, list_id, "REMOVE", batch)


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read that the request was taken; the counters rise for strangers too and prove nothing."""
    read_list(answer)
    return Receipt(len(batch.members), is_counted=False)


def classify(answer: Answer) -> Refusal | None:
    """Classify an error answer by its HTTP status, with Pinterest's number beside it."""
    code = inner(answer.body, "code")
    if answer.is_success or type(code) is not int:
        return None
    return judged(VERDICTS, answer.http_status, f"{answer.http_status}/{code}", (404,))


def _account(account: Account) -> str:
    return f"/ad_accounts/{in_path(account.account_id, IDS)}"


def _lists(account: Account) -> str:
    return f"{_account(account)}/customer_lists"


def _list(entry: Json) -> RemoteList:
    name, mark = split_name(as_text(entry["name"]))
    if entry["type"] != "customerlist" or entry["status"] not in STATUSES:
        raise ValueError
    return RemoteList(as_id(entry["id"], IDS), name, mark, as_id(entry["ad_account_id"], IDS))


def _update(account: Account, list_id: str, operation: str, batch: Batch) -> Request:
    the_wire(batch, LIST_TYPES)
    records = ",".join(digest for _, digest in batch.members)
    body = {"operation_type": operation, "records": records}
    return Request("PATCH", f"{_lists(account)}/{in_path(list_id, IDS)}", body=body)


PLATFORM = Platform(
    name="pinterest",
    label="Pinterest",
    api="API v5",
    base_url="https://api.pinterest.com/v5",
    rule_version="pinterest-1",
    identifiers=IDENTIFIERS,
    batch_rows=10_000,  # ours: no figure was found
    batch_bytes=BODY_BYTES,
    member_bytes=65,
    one_kind=True,
    rates=(RateLimit(100, 1),),
    minimum_size=100,
    membership_days=None,
    has_replace=False,
    consent=NO_CONSENT_FIELD,
    secrets=("access_token",),
    account_ids=IDS,
    list_ids=IDS,
    sandbox=sandbox_account("pinterest", "549755885175", ("access_token", *RENEWAL_SECRETS)),
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
    creates_with_member=True,
    make_targetable=make_targetable,
    read_targetable=read_targetable,
    renewal=renewal("https://api.pinterest.com/v5/oauth/token", basic=True),
)
