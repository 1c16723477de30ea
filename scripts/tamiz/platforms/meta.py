"""Meta: customer-file audiences of the Marketing API, v26.0.

Contract: `sandbox/contracts/meta.openapi.yaml`. One identifier stands in one row of a fixed
multi-key schema, because an audience keeps the kind of data source of its first upload (M6).
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from tamiz.platforms.base import (
    Account,
    Answer,
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
    BODY_BYTES,
    FIGURES,
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
    sandbox_account,
    succeeded,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "EMAIL", "email_sha256"),
    Identifier("phone", "PHONE", "phone_sha256"),
    Identifier("first_name", "FN"),
    Identifier("last_name", "LN"),
    Identifier("city", "CT"),
    Identifier("state", "ST"),
    Identifier("zip", "ZIP"),
    Identifier("country", "COUNTRY"),
    Identifier("gender", "GEN"),
    Identifier("birth_year", "DOBY"),
    Identifier("birth_month", "DOBM"),
    Identifier("birth_day", "DOBD"),
    Identifier("idfa", "MADID", is_hashed=False),
    Identifier("aaid", "MADID", is_hashed=False),
    Identifier("external_id", "EXTERN_ID", is_hashed=False),
)
SCHEMA = wires(IDENTIFIERS)
FIELDS = "id,name,description,account_id,approximate_count_lower_bound,operation_status"
FLAGGED = 471  # operation_status since 2025-09-02: changes fail with 100/1713230
USED_UP = 100  # percent

# Throttling arrives as HTTP 400, so only `error.code` counts, never the HTTP status. A subcode
# that is named here goes before its code.
VERDICTS: dict[tuple[int, int | None], Verdict] = {
    **{(code, None): Verdict.RETRY for code in (1, 2, 21009)},
    **{(code, None): Verdict.WAIT for code in (4, 17, 32, 341, 613, *range(80000, 80015))},
    (190, None): Verdict.REAUTHENTICATE,
    # Bad rows are counted, not refused: a request refused as a whole is wrong as a whole.
    **{(code, None): Verdict.STOP for code in (100, 105, 2650)},
    (100, 33): Verdict.STOP,  # the audience is not there
    (100, 1713230): Verdict.STOP,  # the audience is flagged
    **{(code, None): Verdict.STOP for code in (3, 200, 294, 368, 2655, 2663, 1487301, 1487366)},
    (200, 1870034): Verdict.STOP,  # the terms of custom audiences are not accepted
    (200, 1870047): Verdict.STOP,  # the removal would leave the audience too small
}
MISSING = ((100, 33),)


def find_lists(account: Account, _name: str, page: str | None) -> Request:
    """Ask for a page of the account's audiences; there is no look-up by name."""
    query = {"fields": FIELDS, "limit": "500"} | ({"after": page} if page else {})
    return Request("GET", _audiences(account), query)


def read_lists(answer: Answer) -> ListPage:
    """Read a page of audiences; `paging.next` says whether there is another one."""
    body, after = succeeded(answer), None
    if inner(body, "paging", "next") is not None:
        after = as_text(inner(body, "paging", "cursors", "after"))
    return ListPage(tuple(_list(as_object(entry)) for entry in as_list(body["data"])), after)


def get_list(_account: Account, list_id: str) -> Request:
    """Ask for one audience by its id."""
    return Request("GET", f"/{in_path(list_id, FIGURES)}", {"fields": FIELDS})


def read_list(answer: Answer) -> RemoteList:
    """Read one audience."""
    return _list(succeeded(answer))


def create_list(account: Account, new: NewList) -> Request:
    """Create an empty audience. Meta has no idempotency key: look the name up first."""
    body = {
        "name": fitting_name(new, 200),
        "subtype": "CUSTOM",
        "customer_file_source": "USER_PROVIDED_ONLY",
        "description": described(new),
    }
    return Request("POST", _audiences(account), body=body)


def read_created(answer: Answer) -> str:
    """Read the id of a new audience."""
    return as_id(succeeded(answer)["id"], FIGURES)


def add_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch."""
    return Request("POST", f"/{in_path(list_id, FIGURES)}/users", body=_members(batch))


def remove_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch: DELETE with a JSON body, never in the address (T4)."""
    return Request("DELETE", f"/{in_path(list_id, FIGURES)}/users", body=_members(batch))


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read how many rows were taken; `invalid_entry_samples` is personal and left unread.

    Whether `num_received` has the invalid rows in it is not written down, so both are understood.
    """
    body, sent = succeeded(answer, besides="invalid_entry_samples"), len(batch.members)
    as_id(body["audience_id"], FIGURES)
    received, invalid = as_count(body["num_received"]), as_count(body["num_invalid_entries"])
    if sent not in (received, received + invalid) or invalid > sent:
        raise ValueError
    return Receipt(sent - invalid, invalid, remote_id=as_id(body["session_id"], FIGURES))


def classify(answer: Answer) -> Refusal | None:
    """Classify an error answer by `error.code` and `error.error_subcode`."""
    code = inner(answer.body, "error", "code")
    subcode = inner(answer.body, "error", "error_subcode")
    if type(code) is not int:
        return None
    shown = f"{code}/{subcode}" if type(subcode) is int else f"{code}"
    known = (code, subcode) if (code, subcode) in VERDICTS else (code, None)
    found = judged(VERDICTS, known, shown, MISSING)
    pause = pace(answer.headers, 0).wait
    return replace(found, wait=pause) if found.verdict is Verdict.WAIT and pause else found


def pace(headers: Mapping[str, str], _now: float) -> Pace:
    """Read `X-Business-Use-Case-Usage`: percentages, and minutes until access is regained (M8)."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
    except (ValueError, RecursionError):
        return Pace()
    groups = usage.values() if isinstance(usage, dict) else ()
    entries = [entry for group in groups if isinstance(group, list) for entry in group]
    minutes = max(
        (_number(entry, "estimated_time_to_regain_access") for entry in entries), default=0
    )
    used = max(
        (
            _number(entry, name)
            for entry in entries
            for name in ("call_count", "total_cputime", "total_time")
        ),
        default=0,
    )
    return Pace(wait=60.0 * (minutes or (1 if used >= USED_UP else 0)))


def _audiences(account: Account) -> str:
    return f"/act_{in_path(account.account_id, FIGURES)}/customaudiences"


def _number(entry: object, name: str) -> int:
    value = inner(entry, name)
    return value if type(value) is int and 0 < value < 10**6 else 0


def _list(entry: Json) -> RemoteList:
    size = entry.get("approximate_count_lower_bound")
    account_id = entry.get("account_id")
    flagged = inner(entry, "operation_status", "code") == FLAGGED
    return RemoteList(
        as_id(entry["id"], FIGURES),
        as_text(entry["name"]),
        optional_text(entry.get("description")),
        as_text(account_id) if account_id is not None else None,
        size if type(size) is int and size >= 0 else None,
        str(FLAGGED) if flagged else None,
    )


def _members(batch: Batch) -> Json:
    place = {kind: number for number, kind in enumerate(SCHEMA)}
    rows = [["" for _ in SCHEMA] for _ in batch.members]
    for row, (kind, digest) in zip(rows, batch.members, strict=True):
        row[place[kind]] = digest
    # Unique per ad account and try, within 63 bits; always sent, for the guide requires it.
    one_try = sha256(f"{batch.batch_id}:{batch.attempt}".encode()).digest()
    session = {
        "session_id": int.from_bytes(one_try[:8], "big") >> 1 or 1,
        "batch_seq": 1,
        "last_batch_flag": True,
        "estimated_num_total": len(rows),
    }
    return {"session": session, "payload": {"schema": list(SCHEMA.values()), "data": rows}}


PLATFORM = Platform(
    name="meta",
    label="Meta",
    api="Marketing API v26.0",
    base_url="https://graph.facebook.com/v26.0",
    rule_version="meta-1",
    identifiers=IDENTIFIERS,
    batch_rows=10_000,
    batch_bytes=BODY_BYTES,
    member_bytes=72,
    one_kind=False,
    rates=(RateLimit(5_000, 3_600),),  # of the development tier; an account on it is served too
    minimum_size=100,
    membership_days=None,
    has_replace=True,
    consent="no field for consent: who did not give it is not sent",
    secrets=("access_token",),
    account_ids=FIGURES,
    list_ids=FIGURES,
    sandbox=sandbox_account("meta", "100200300400500", ("access_token",)),
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
    clean_account_id=lambda text: text.strip().removeprefix("act_"),
    pace=pace,
)
