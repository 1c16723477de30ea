"""Microsoft Advertising: customer lists of Campaign Management v13, over REST.

Contract: `sandbox/contracts/microsoft.openapi.yaml`. HTTP 200 may carry `PartialErrors` (c2_5),
whose `Index` names the row at fault (M1). `Replace` is not used: in parts, it keeps the last (M4).
"""

import re
from dataclasses import replace
from typing import Any

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
    RENEWAL_SECRETS,
    as_id,
    as_list,
    as_object,
    as_text,
    bearer,
    described,
    fitting_name,
    inner,
    judged,
    optional_text,
    renewal,
    sandbox_account,
    succeeded,
    the_wire,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "Email", "email_sha256"),
    Identifier("external_id", "CRM", is_hashed=False),
)
SUB_TYPES = wires(IDENTIFIERS)
IDS = re.compile(r"[0-9]{1,19}")
NO_END = -1  # of the membership; people leave by removal

# Codes about a whole request. Any other that `PartialErrors` gives a row is about that row.
VERDICTS: dict[int, Verdict] = {
    0: Verdict.RETRY,  # an internal error
    **dict.fromkeys((105, 109), Verdict.REAUTHENTICATE),
    106: Verdict.STOP,  # no access
    117: Verdict.WAIT,
    8003: Verdict.STOP,  # the terms of Customer Match are not accepted
}
A_MINUTE = 60.0  # what 117 asks to wait


def headers(account: Account) -> dict[str, str]:
    """Token, developer token, and whose account it is."""
    return {
        **bearer(account),
        "DeveloperToken": account.secret("developer_token"),
        "CustomerAccountId": as_id(account.account_id, IDS),
        "CustomerId": as_id(account.settings["customer_id"], IDS),
    }


def find_lists(_account: Account, _name: str, _page: str | None) -> Request:
    """Ask for all customer lists of the account, which come on one page."""
    return _query(None)


def read_lists(answer: Answer) -> ListPage:
    """Read the customer lists of an account."""
    body = succeeded(answer)
    entries = as_list(body["Audiences"])
    as_list(body["PartialErrors"])
    return ListPage(tuple(_list(as_object(entry)) for entry in entries), None)


def get_list(_account: Account, list_id: str) -> Request:
    """Ask for one list by its id."""
    return _query([as_id(list_id, IDS)])


def read_list(answer: Answer) -> RemoteList:
    """Read one list."""
    (entry,) = as_list(succeeded(answer)["Audiences"])
    return _list(as_object(entry))


def create_list(account: Account, new: NewList) -> Request:
    """Create an empty list of the account."""
    audience = {
        "Name": fitting_name(new, 128),
        "Type": "CustomerList",
        "Description": described(new),
        "MembershipDuration": NO_END,
        "ParentId": account.account_id,
        "Scope": "Account",
    }
    return Request("POST", "/Audiences", body={"Audiences": [audience]})


def read_created(answer: Answer) -> str:
    """Read the id of a new list."""
    (list_id,) = as_list(succeeded(answer)["AudienceIds"])
    return as_id(list_id, IDS)


def add_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch, with the terms of Customer Match accepted (M2)."""
    data = {**_items(list_id, "Add", batch), "AcceptCustomerMatchTerm": True}
    return Request("POST", "/CustomerListUserData/Apply", body={"CustomerListUserData": data})


def remove_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch."""
    data = _items(list_id, "Remove", batch)
    return Request("POST", "/CustomerListUserData/Apply", body={"CustomerListUserData": data})


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read which rows were refused; all others were taken."""
    body = succeeded(answer, besides="PartialErrors")
    bad = _rows(as_list(body["PartialErrors"]))
    if any(row.index >= len(batch.members) for row in bad):
        raise ValueError
    return Receipt(len(batch.members) - len(bad), len(bad), bad)


def classify(answer: Answer) -> Refusal | None:
    """Classify a fault, or partial errors that are not about members.

    Members are the rows of an answer that has neither `AudienceIds` nor `Audiences`. The body of a
    fault may repeat identifiers: only numbers are read.
    """
    body = answer.body
    whole = [*_errors(body, "Errors"), *_errors(body, "OperationErrors")]
    rows = [*_errors(body, "BatchErrors"), *_errors(body, "PartialErrors")]
    of_members = isinstance(body, dict) and not {"AudienceIds", "Audiences"} & set(body)
    codes = [code for code in (inner(entry, "Code") for entry in whole) if type(code) is int]
    row_codes = [code for code in (inner(entry, "Code") for entry in rows) if type(code) is int]
    codes += [code for code in row_codes if code in VERDICTS or not of_members]
    if codes:
        unknown = [code for code in codes if code not in VERDICTS]
        found = judged(VERDICTS, (unknown or codes)[0], str((unknown or codes)[0]))
        return replace(found, wait=A_MINUTE) if found.verdict is Verdict.WAIT else found
    if not answer.is_success and row_codes:
        return Refusal(Verdict.REFUSE_ROWS, str(row_codes[0]), bad_rows=_rows(rows))
    if inner(body, "Audiences") == [None] and isinstance(inner(body, "PartialErrors"), list):
        return Refusal(Verdict.STOP, "NOT_LISTED", is_missing=True)
    return None


def _errors(body: object, name: str) -> list[Any]:
    found = inner(body, name)
    return [entry for entry in found if entry is not None] if isinstance(found, list) else []


def _rows(errors: list[Any]) -> tuple[BadRow, ...]:
    found: dict[int, BadRow] = {}
    for entry in errors:
        if entry is None:
            continue
        index, code = as_object(entry)["Index"], entry["Code"]
        if type(index) is not int or type(code) is not int or index < 0:
            raise TypeError
        found[index] = BadRow(index, str(code))
    return tuple(found[index] for index in sorted(found))


def _query(ids: list[str] | None) -> Request:
    body = {"AudienceIds": ids, "Type": "CustomerList"}
    return Request("POST", "/Audiences/QueryByIds", body=body)


def _list(entry: Json) -> RemoteList:
    size, parent = entry.get("SearchSize"), entry.get("ParentId")
    is_of_account = entry.get("Scope") == "Account" and isinstance(parent, str)
    return RemoteList(
        as_id(entry["Id"], IDS),
        as_text(entry["Name"]),
        optional_text(entry.get("Description")),
        parent if is_of_account else None,
        size if type(size) is int and size >= 0 else None,
    )


def _items(list_id: str, action: str, batch: Batch) -> Json:
    return {
        "ActionType": action,
        "AudienceId": as_id(list_id, IDS),
        "CustomerListItemSubType": the_wire(batch, SUB_TYPES),
        "CustomerListItems": [digest for _, digest in batch.members],
    }


PLATFORM = Platform(
    name="microsoft",
    label="Microsoft",
    api="Campaign Management v13",
    base_url="https://campaign.api.bingads.microsoft.com/CampaignManagement/v13",
    rule_version="microsoft-1",
    identifiers=IDENTIFIERS,
    batch_rows=1_000,
    batch_bytes=BODY_BYTES,
    member_bytes=67,
    one_kind=True,
    rates=(RateLimit(300, 60),),  # ours: Microsoft counts calls in a minute and names no figure
    minimum_size=300,
    membership_days=None,
    has_replace=True,
    consent="the terms of Customer Match accepted, in every request that adds",
    secrets=("access_token", "developer_token"),
    settings=("customer_id",),
    setting_values={"customer_id": IDS},
    account_ids=IDS,
    list_ids=IDS,
    sandbox=sandbox_account(
        "microsoft",
        "806227",
        ("access_token", "developer_token", *RENEWAL_SECRETS),
        {"customer_id": "251001"},
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
    renewal=renewal(
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        scope="https://ads.microsoft.com/msads.manage offline_access",
    ),
)
