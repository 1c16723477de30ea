"""Pinterest: customer lists of API v5.

Contract: `sandbox/contracts/pinterest.openapi.yaml`. A list holds one kind of identifier, is made
with its first member, and can be targeted only through an audience made over it.
"""

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
    as_list,
    as_object,
    as_text,
    bearer,
    inner,
    judged,
    marked_name,
    renewal,
    sandbox_account,
    split_name,
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
    body = as_object(answer.body)
    bookmark = body.get("bookmark")
    lists = tuple(_list(as_object(entry)) for entry in as_list(body["items"]))
    return ListPage(lists, as_text(bookmark) if bookmark else None)


def get_list(account: Account, list_id: str) -> Request:
    """Ask for one list by its id."""
    return Request("GET", f"{_lists(account)}/{list_id}")


def read_list(answer: Answer) -> RemoteList:
    """Read one list."""
    return _list(as_object(answer.body))


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
    rule = {"customer_list_id": list_id}
    body = {"name": name, "audience_type": "CUSTOMER_LIST", "rule": rule}
    return Request("POST", f"/ad_accounts/{account.account_id}/audiences", body=body)


def read_targetable(answer: Answer) -> str:
    """Read the id of the audience over a list."""
    return as_text(as_object(answer.body)["id"])


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


def _lists(account: Account) -> str:
    return f"/ad_accounts/{account.account_id}/customer_lists"


def _list(entry: Json) -> RemoteList:
    name, mark = split_name(as_text(entry["name"]))
    return RemoteList(as_text(entry["id"]), name, mark, as_text(entry["ad_account_id"]))


def _update(account: Account, list_id: str, operation: str, batch: Batch) -> Request:
    the_wire(batch, LIST_TYPES)
    records = ",".join(digest for _, digest in batch.members)
    body = {"operation_type": operation, "records": records}
    return Request("PATCH", f"{_lists(account)}/{list_id}", body=body)


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
