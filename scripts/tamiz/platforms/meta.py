"""Meta: customer-file audiences of the Marketing API, v26.0.

Contract: `sandbox/contracts/meta.openapi.yaml`. One identifier stands in one row of a fixed
multi-key schema, because an audience keeps the kind of data source of its first upload (M6).
"""

from hashlib import sha256

from pydantic import SecretStr

from tamiz.platforms.base import (
    Account,
    Batch,
    Identifier,
    Json,
    ListPage,
    Platform,
    Receipt,
    Refusal,
    RemoteList,
    Request,
    Verdict,
    bearer,
)

SCHEMA = {"email": "EMAIL", "phone": "PHONE"}
FIELDS = "id,name,description,account_id"
OBJECT_MISSING = (100, 33)

# Throttling arrives as HTTP 400, so only `error.code` counts, never the HTTP status.
VERDICTS: dict[int, Verdict] = {
    **dict.fromkeys((1, 2, 21009), Verdict.RETRY),
    **dict.fromkeys((4, 17, 32, 341, 613, *range(80000, 80015)), Verdict.WAIT),
    190: Verdict.REAUTHENTICATE,
    **dict.fromkeys((100, 105, 2650), Verdict.STOP),
    **dict.fromkeys((3, 200, 294, 368, 2655, 2663, 1487301, 1487366), Verdict.STOP),
}


def find_lists(account: Account, page: str | None) -> Request:
    """Ask for a page of the account's audiences; there is no look-up by name."""
    query = {"fields": FIELDS, "limit": "500"} | ({"after": page} if page else {})
    return Request("GET", f"/act_{account.account_id}/customaudiences", query)


def read_lists(body: Json) -> ListPage:
    """Read a page of audiences; `paging.next` says whether there is another one."""
    paging = body.get("paging", {})
    after = paging["cursors"]["after"] if "next" in paging else None
    return ListPage(tuple(read_list(entry) for entry in body["data"]), after)


def get_list(_account: Account, list_id: str) -> Request:
    """Ask for one audience by its id."""
    return Request("GET", f"/{list_id}", {"fields": FIELDS})


def read_list(body: Json) -> RemoteList:
    """Read one audience."""
    return RemoteList(
        str(body["id"]),
        str(body.get("name", "")),
        str(body.get("description", "")),
        body.get("account_id"),
    )


def create_list(account: Account, name: str, description: str) -> Request:
    """Create an empty audience. Meta has no idempotency key: look the name up first."""
    body = {
        "name": name,
        "subtype": "CUSTOM",
        "customer_file_source": "USER_PROVIDED_ONLY",
        "description": description,
    }
    return Request("POST", f"/act_{account.account_id}/customaudiences", body=body)


def read_created(body: Json) -> str:
    """Read the id of a new audience."""
    return str(body["id"])


def add_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch."""
    return Request("POST", f"/{list_id}/users", body=_members(batch))


def remove_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch: DELETE with a JSON body, never in the address."""
    return Request("DELETE", f"/{list_id}/users", body=_members(batch))


def read_receipt(body: Json, _sent: int) -> Receipt:
    """Read how many rows were taken; `invalid_entry_samples` is personal and left unread."""
    received, invalid = body["num_received"], body["num_invalid_entries"]
    if type(received) is not int or type(invalid) is not int:
        raise TypeError
    return Receipt(received, invalid, str(body["session_id"]))


def classify(body: Json) -> Refusal | None:
    """Classify an error answer by `error.code`."""
    error = body.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if not isinstance(error, dict) or type(code) is not int:
        return None
    subcode = error.get("error_subcode")
    name = f"{code}/{subcode}" if type(subcode) is int else f"{code}"
    missing = (code, subcode) == OBJECT_MISSING
    return Refusal(VERDICTS.get(code, Verdict.STOP), name, code in VERDICTS, missing)


def _members(batch: Batch) -> Json:
    keys = list(SCHEMA)
    rows = [["" if key != kind else digest for key in keys] for kind, digest in batch.members]
    # Unique per ad account and try, within 63 bits; always sent, for the guide requires it.
    digest = sha256(f"{batch.batch_id}:{batch.attempt}".encode()).digest()
    session = {
        "session_id": int.from_bytes(digest[:8], "big") >> 1 or 1,
        "batch_seq": 1,
        "last_batch_flag": True,
        "estimated_num_total": len(rows),
    }
    return {"session": session, "payload": {"schema": list(SCHEMA.values()), "data": rows}}


PLATFORM = Platform(
    name="meta",
    base_url="https://graph.facebook.com/v26.0",
    identifiers=(Identifier("email", "email_sha256"), Identifier("phone", "phone_sha256")),
    batch_size=10_000,
    minimum_size=100,
    settings=("TAMIZ_META_ACCESS_TOKEN", "TAMIZ_META_AD_ACCOUNT_ID"),
    sandbox=Account("meta", "100200300400500", SecretStr("sandbox-meta-token")),
    headers=bearer,
    find_lists=find_lists,
    read_lists=read_lists,
    get_list=get_list,
    read_list=read_list,
    create_list=create_list,
    read_created=read_created,
    add_members=add_members,
    remove_members=remove_members,
    read_receipt=read_receipt,
    classify=classify,
    clean_account_id=lambda text: text.strip().removeprefix("act_"),
)
