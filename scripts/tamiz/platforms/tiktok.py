"""TikTok: streamed segments of the Business API v1.3.

Contract: `sandbox/contracts/tiktok.openapi.yaml`. HTTP is always 200 and only `code` 0 is success
(c2_5). Assumed, for no source says so: a streamed segment appears among the custom audiences, where
it can be found and read.
"""

import json

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
    FIGURES,
    NO_CONSENT_FIELD,
    as_count,
    as_id,
    as_list,
    as_object,
    as_text,
    inner,
    judged,
    marked_name,
    sandbox_account,
    split_name,
    succeeded,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "EMAIL_SHA256", "email_sha256"),
    Identifier("phone", "PHONE_SHA256", "phone_sha256"),
    Identifier("idfa", "IDFA_SHA256", "idfa_sha256"),
    Identifier("aaid", "AAID_SHA256", "aaid_sha256"),
)
SCHEMA = wires(IDENTIFIERS)
LONGEST_NAME = 70  # beyond, TikTok cuts a name and the mark with it

VERDICTS: dict[int, Verdict] = {
    40001: Verdict.STOP,  # no permission for the advertiser
    40002: Verdict.REFUSE_ROWS,  # a parameter is wrong; which row is not said
    40100: Verdict.WAIT,
    40105: Verdict.REAUTHENTICATE,
    50000: Verdict.RETRY,
    50002: Verdict.RETRY,
}


def headers(account: Account) -> dict[str, str]:
    """The bare token: with `Bearer` before it, TikTok does not know it (40105)."""
    return {"Access-Token": account.secret("access_token")}


def find_lists(account: Account, _name: str, page: str | None) -> Request:
    """Ask for a page of the advertiser's audiences."""
    query = {"advertiser_id": _advertiser(account), "page": page or "1", "page_size": "100"}
    return Request("GET", "/dmp/custom_audience/list/", query)


def read_lists(answer: Answer) -> ListPage:
    """Read a page of audiences."""
    data = _data(answer)
    info = as_object(data["page_info"])
    page, pages = as_count(info["page"]), as_count(info["total_page"])
    lists = tuple(_list(as_object(entry)) for entry in as_list(data["list"]))
    return ListPage(lists, str(page + 1) if page < pages else None)


def get_list(account: Account, list_id: str) -> Request:
    """Ask for one audience by its id; the ids stand in the query as a JSON array."""
    ids = json.dumps([as_id(list_id, FIGURES)])
    query = {"advertiser_id": _advertiser(account), "custom_audience_ids": ids}
    return Request("GET", "/dmp/custom_audience/get/", query)


def read_list(answer: Answer) -> RemoteList:
    """Read one audience."""
    (entry,) = as_list(_data(answer)["list"])
    return _list(as_object(as_object(entry)["audience_details"]))


def create_list(account: Account, new: NewList) -> Request:
    """Create an empty segment; its name carries the mark."""
    body = {
        "advertiser_id": _advertiser(account),
        "action": "create",
        "custom_audience_name": marked_name(new, LONGEST_NAME),
    }
    return Request("POST", "/segment/audience/", body=body)


def read_created(answer: Answer) -> str:
    """Read the id of a new segment."""
    return as_id(_data(answer)["audience_id"], FIGURES)


def add_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch."""
    return _mapping(account, list_id, "add", batch)


def remove_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch; the word is `delete`."""
    return _mapping(account, list_id, "delete", batch)


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read that the whole request was taken; TikTok tells no numbers."""
    _envelope(answer)
    return Receipt(len(batch.members), is_counted=False)


def classify(answer: Answer) -> Refusal | None:
    """Classify an answer by `code`, whatever the HTTP status; an audience asked for may lack."""
    code = inner(answer.body, "code")
    if type(code) is not int:
        return None
    if code != 0:
        return judged(VERDICTS, code, str(code))
    data = inner(answer.body, "data")
    if inner(data, "list") == [] and inner(data, "page_info") is None:
        return Refusal(Verdict.STOP, "NOT_LISTED", is_missing=True)
    return None


def _advertiser(account: Account) -> str:
    return as_id(account.account_id, FIGURES)


def _envelope(answer: Answer) -> Json:
    """Return the envelope of a yes: code 0, which false is not, and the request's number."""
    body = succeeded(answer)
    if as_count(body["code"]) != 0:
        raise ValueError
    as_text(body["request_id"])
    return body


def _data(answer: Answer) -> Json:
    return as_object(_envelope(answer)["data"])


def _list(entry: Json) -> RemoteList:
    name, mark = split_name(as_text(entry["name"]))
    size, owner = entry.get("cover_num"), entry.get("owner_id")
    return RemoteList(
        as_id(entry["audience_id"], FIGURES),
        name,
        mark,
        as_text(owner) if owner is not None else None,
        size if type(size) is int and size >= 0 else None,
    )


def _mapping(account: Account, list_id: str, action: str, batch: Batch) -> Request:
    present = {kind for kind, _ in batch.members}
    kinds = [kind for kind in SCHEMA if kind in present]
    if len(kinds) != len(present):
        raise KeyError
    segment = as_id(list_id, FIGURES)
    rows = [
        [{"id": digest, "audience_ids": [segment]} if kind == own else {} for kind in kinds]
        for own, digest in batch.members
    ]
    body = {
        "advertiser_ids": [_advertiser(account)],
        "action": action,
        "id_schema": [SCHEMA[kind] for kind in kinds],
        "batch_data": rows,
    }
    return Request("POST", "/segment/mapping/", body=body)


PLATFORM = Platform(
    name="tiktok",
    label="TikTok",
    api="Business API v1.3",
    base_url="https://business-api.tiktok.com/open_api/v1.3",
    rule_version="tiktok-1",
    identifiers=IDENTIFIERS,
    # Tealium's figures: none was found first-hand.
    batch_rows=1_000,
    batch_bytes=1_000_000,
    member_bytes=128,
    one_kind=False,
    rates=(RateLimit(10, 1),),  # ours: TikTok answers too many requests with a code, no figure
    minimum_size=1_000,
    membership_days=365,
    has_replace=False,  # only for files, where it is the default (c2_7)
    consent=NO_CONSENT_FIELD,
    secrets=("access_token",),
    account_ids=FIGURES,
    list_ids=FIGURES,
    sandbox=sandbox_account("tiktok", "7178918106775994370", ("access_token",)),
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
)
