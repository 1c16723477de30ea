"""Reddit: customer-list audiences of the Ads API v3.

Contract: `sandbox/contracts/reddit.openapi.yaml`. Rows follow `column_order` and have no blanks
(R1), so a request holds one kind. Lists cannot be looked up: a list whose making was not answered
has to be named by its id in `platforms.yml`.
"""

import re
from collections.abc import Mapping

from tamiz.platforms.base import (
    Account,
    Answer,
    Batch,
    Identifier,
    Json,
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
    NO_CONSENT_FIELD,
    NO_CONTENT,
    RENEWAL_SECRETS,
    as_id,
    as_object,
    as_text,
    bearer,
    in_path,
    inner,
    judged,
    marked_name,
    renewal,
    sandbox_account,
    split_name,
    succeeded,
    the_wire,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "EMAIL_SHA256", "email_sha256"),
    Identifier("idfa", "MAID_SHA256", "idfa_sha256"),
    Identifier("aaid", "MAID_SHA256", "aaid_sha256"),
)
COLUMNS = wires(IDENTIFIERS)
ACCOUNT_IDS = re.compile(r"(t2|a2)_[A-Za-z0-9_]{1,60}")
LIST_IDS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]{0,63}")
STATUSES = ("PENDING", "VALID", "INVALID")  # INVALID: too few people for now

# By `error.code`, which repeats the HTTP status.
VERDICTS: dict[int, Verdict] = {
    400: Verdict.REFUSE_ROWS,  # the request as a whole; which row is not said
    401: Verdict.REAUTHENTICATE,
    **dict.fromkeys((403, 404), Verdict.STOP),  # 403: a scope, or the account is not allow-listed
    410: Verdict.STOP,  # this version of the API is no more
    429: Verdict.WAIT,
    **dict.fromkeys((500, 502, 503, 504), Verdict.RETRY),
}


def own_agent(account: Account) -> dict[str, str]:
    """A name of our own: those of HTTP libraries are throttled or refused."""
    return {"User-Agent": account.settings.get("user_agent", "tamiz audience push")}


def headers(account: Account) -> dict[str, str]:
    """Token and name."""
    return {**bearer(account), **own_agent(account)}


def get_list(_account: Account, list_id: str) -> Request:
    """Ask for one audience by its id."""
    return Request("GET", f"/custom_audiences/{in_path(list_id, LIST_IDS)}")


def read_list(answer: Answer) -> RemoteList:
    """Read one audience; Reddit does not say whose it is."""
    data = as_object(succeeded(answer)["data"])
    name, mark = split_name(as_text(data["name"]))
    if data["status"] not in STATUSES:
        raise ValueError
    return RemoteList(as_id(data["id"], LIST_IDS), name, mark)


def create_list(account: Account, new: NewList) -> Request:
    """Create an empty audience; its name carries the mark."""
    body = {"data": {"name": marked_name(new, 255), "type": "CUSTOMER_LIST"}}
    path = f"/ad_accounts/{in_path(account.account_id, ACCOUNT_IDS)}/custom_audiences"
    return Request("POST", path, body=body)


def read_created(answer: Answer) -> str:
    """Read the id of a new audience."""
    return read_list(answer).list_id


def add_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch."""
    return _users(list_id, "ADD", batch)


def remove_members(_account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch."""
    return _users(list_id, "REMOVE", batch)


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read that the request was taken: 204 without a body; nothing else is known to mean yes."""
    if answer.http_status != NO_CONTENT or not answer.is_empty:
        raise ValueError
    return Receipt(len(batch.members), is_counted=False)


def classify(answer: Answer) -> Refusal | None:
    """Classify an error answer by `error.code`."""
    code = inner(answer.body, "error", "code")
    if type(code) is not int:
        return None
    return judged(VERDICTS, code, str(code), (404,))


def pace(headers: Mapping[str, str], _now: float) -> Pace:
    """Read `RateLimit` (IETF draft): `name;r=<left>;t=<seconds>`, with commas between policies."""
    policies = []
    for policy in headers.get("ratelimit", "").split(","):
        left, after = (re.search(rf";\s*{key}=([0-9]{{1,9}})\b", policy) for key in "rt")
        if left is not None and after is not None:
            policies.append((int(left[1]), float(after[1])))
    if not policies:
        return Pace()
    remaining, reset_after = min(policies)
    wait = max((after for left, after in policies if left == 0), default=0.0)
    return Pace(remaining, reset_after, wait)


def _users(list_id: str, action: str, batch: Batch) -> Request:
    rows = [[digest] for _, digest in batch.members]
    column = the_wire(batch, COLUMNS)
    data: Json = {"action_type": action, "column_order": [column], "user_data": rows}
    path = f"/custom_audiences/{in_path(list_id, LIST_IDS)}/users"
    return Request("PATCH", path, body={"data": data})


PLATFORM = Platform(
    name="reddit",
    label="Reddit",
    api="Ads API v3",
    base_url="https://ads-api.reddit.com/api/v3",
    rule_version="reddit-1",
    identifiers=IDENTIFIERS,
    batch_rows=2_500,
    batch_bytes=BODY_BYTES,
    member_bytes=69,
    one_kind=True,
    rates=(RateLimit(3_000, 900), RateLimit(500, 60)),
    minimum_size=1_000,
    membership_days=None,
    has_replace=False,
    consent=NO_CONSENT_FIELD,
    secrets=("access_token",),
    optional_settings=("user_agent",),
    setting_values={"user_agent": re.compile(r"[ -~]{8,200}")},
    account_ids=ACCOUNT_IDS,
    list_ids=LIST_IDS,
    sandbox=sandbox_account("reddit", "a2_tamiz", ("access_token", *RENEWAL_SECRETS)),
    headers=headers,
    get_list=get_list,
    read_list=read_list,
    create_list=create_list,
    read_created=read_created,
    add_members=add_members,
    remove_members=remove_members,
    read_receipt=read_receipt,
    classify=classify,
    pace=pace,
    renewal=renewal("https://www.reddit.com/api/v1/access_token", basic=True, headers=own_agent),
)
