"""Google: Customer Match lists through the Data Manager API v1.

Contract: `sandbox/contracts/google.openapi.yaml`. An answer 200 means accepted, not done: the
status is asked for later. One bad record rejects a whole request (G1), and the answer names it.
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
    RemoteList,
    Request,
    Status,
)
from tamiz.platforms.google_errors import classify
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
    in_path,
    inner,
    optional_text,
    renewal,
    sandbox_account,
    succeeded,
    wires,
)

IDENTIFIERS = (
    Identifier("email", "emailAddress", "email_sha256"),
    Identifier("phone", "phoneNumber", "phone_sha256"),
    Identifier("first_name", "address.givenName"),
    Identifier("last_name", "address.familyName"),
    Identifier("zip", "address.postalCode", is_hashed=False),
    Identifier("country", "address.regionCode", is_hashed=False),
    Identifier("idfa", "mobileIds", is_hashed=False),
    Identifier("aaid", "mobileIds", is_hashed=False),
    Identifier("external_id", "userId", is_hashed=False),
)
FIELDS = wires(IDENTIFIERS)
CONSENT = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
IDS = re.compile(r"[0-9]{1,19}")
REQUEST_IDS = re.compile(r"[!-~]{1,200}")
FIVE_HUNDRED_FORTY_DAYS = "46656000s"  # the longest membership; people leave by removal


def find_lists(account: Account, _name: str, page: str | None) -> Request:
    """Ask for a page of the account's lists; they are compared by name on our side."""
    query = {"pageSize": "1000"} | ({"pageToken": page} if page else {})
    return Request("GET", _lists(account), query, _login(account))


def read_lists(answer: Answer) -> ListPage:
    """Read a page of lists; an account without lists answers without `userLists`."""
    body = succeeded(answer)
    if set(body) - {"userLists", "nextPageToken"}:
        raise ValueError
    lists = tuple(_list(as_object(entry)) for entry in as_list(body.get("userLists", [])))
    return ListPage(lists, optional_text(body.get("nextPageToken")) or None)


def get_list(account: Account, list_id: str) -> Request:
    """Ask for one list by its id."""
    return Request("GET", f"{_lists(account)}/{in_path(list_id, IDS)}", headers=_login(account))


def read_list(answer: Answer) -> RemoteList:
    """Read one list."""
    return _list(succeeded(answer))


def create_list(account: Account, new: NewList) -> Request:
    """Create an empty list of contact identifiers."""
    body = {
        "displayName": fitting_name(new, 255),
        "description": described(new),
        "membershipDuration": FIVE_HUNDRED_FORTY_DAYS,
        "ingestedUserListInfo": {
            "uploadKeyTypes": ["CONTACT_ID"],
            "contactIdInfo": {"dataSourceType": "DATA_SOURCE_TYPE_FIRST_PARTY"},
        },
    }
    return Request("POST", _lists(account), headers=_login(account), body=body)


def read_created(answer: Answer) -> str:
    """Read the id of a new list."""
    return read_list(answer).list_id


def add_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch; only people who granted both consents are ever in one."""
    terms = {"customerMatchTermsOfServiceStatus": "ACCEPTED"}
    body = {**_members(account, list_id, batch), "consent": CONSENT, "termsOfService": terms}
    return Request("POST", "/v1/audienceMembers:ingest", body=body)


def remove_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch; removal has neither terms nor consent."""
    return Request("POST", "/v1/audienceMembers:remove", body=_members(account, list_id, batch))


def read_receipt(answer: Answer, batch: Batch) -> Receipt:
    """Read the number of the request; everything or nothing of it was accepted."""
    request_id = as_id(succeeded(answer)["requestId"], REQUEST_IDS)
    accepted = len(batch.members)
    return Receipt(accepted, is_counted=False, remote_id=request_id, asynchronous=True)


def poll(_account: Account, remote_id: str) -> Request:
    """Ask how far an accepted request has come."""
    return Request("GET", "/v1/requestStatus:retrieve", {"requestId": remote_id})


def read_status(answer: Answer) -> Status:
    """Read the status of the one destination every request of ours has.

    `recordCount` counts all members of the request, the failed ones too; without it the receipt
    is not counted.
    """
    (entry,) = as_list(succeeded(answer)["requestStatusPerDestination"])
    status = as_object(entry)
    state = as_text(status["requestStatus"])
    if state in ("PROCESSING", "REQUEST_STATUS_UNKNOWN"):
        return Status(None)
    if state not in ("SUCCESS", "PARTIAL_SUCCESS", "FAILED"):
        raise ValueError
    counts = as_list(inner(status, "errorInfo", "errorCounts") or [])
    invalid = sum(_int64(as_object(count)["recordCount"]) for count in counts)
    if state == "PARTIAL_SUCCESS" and not invalid:
        raise ValueError  # some failed, and it does not say how many
    total = inner(status, "audienceMembersIngestionStatus", "userDataIngestionStatus")
    total = total or inner(status, "audienceMembersRemovalStatus", "userDataRemovalStatus")
    records = _int64(inner(total, "recordCount") or "0")
    receipt = Receipt(max(records - invalid, 0), invalid, is_counted=records > 0)
    return Status(receipt, has_failed=state == "FAILED")


def _int64(value: object) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", as_text(value)):
        raise ValueError
    return int(as_text(value))


def _list(entry: Json) -> RemoteList:
    resource = re.fullmatch(
        r"accountTypes/[A-Z_]+/accounts/([0-9]+)/userLists/([0-9]+)", as_text(entry["name"])
    )
    if resource is None or resource[2] != entry["id"]:
        raise ValueError
    size = inner(entry, "sizeInfo", "displayNetworkMembersCount")
    closed = entry.get("membershipStatus") == "CLOSED"
    disabled = entry.get("accountAccessStatus") == "DISABLED"
    return RemoteList(
        as_id(entry["id"], IDS),
        as_text(entry["displayName"]),
        optional_text(entry.get("description")),
        resource[1],
        _int64(size) if size is not None else None,
        "CLOSED" if closed else "DISABLED" if disabled else None,
    )


def _lists(account: Account) -> str:
    return f"/v1/accountTypes/GOOGLE_ADS/accounts/{in_path(account.account_id, IDS)}/userLists"


def _manager(account: Account) -> str | None:
    text = account.settings.get("login_customer_id", "").replace("-", "").strip()
    return text or None


def _login(account: Account) -> dict[str, str]:
    manager = _manager(account)
    return (
        {} if manager is None else {"login-account": f"accountTypes/GOOGLE_ADS/accounts/{manager}"}
    )


def _members(account: Account, list_id: str, batch: Batch) -> Json:
    def of(account_id: str) -> Json:
        return {"accountType": "GOOGLE_ADS", "accountId": as_id(account_id, IDS)}

    destination = {
        "loginAccount": of(_manager(account) or account.account_id),
        "operatingAccount": of(account.account_id),
        "productDestinationId": as_id(list_id, IDS),
    }
    members = [
        {"userData": {"userIdentifiers": [{FIELDS[kind]: digest}]}}
        for kind, digest in batch.members
    ]
    return {"destinations": [destination], "audienceMembers": members, "encoding": "HEX"}


PLATFORM = Platform(
    name="google",
    label="Google",
    api="Data Manager API v1",
    base_url="https://datamanager.googleapis.com",
    rule_version="google-1",
    identifiers=IDENTIFIERS,
    batch_rows=10_000,
    batch_bytes=BODY_BYTES,
    member_bytes=123,
    one_kind=False,
    rates=(RateLimit(300, 60), RateLimit(100_000, 86_400)),
    minimum_size=100,
    membership_days=540,
    has_replace=True,
    consent="ad_user_data and ad_personalization granted, in every request that adds",
    secrets=("access_token",),
    optional_settings=("login_customer_id",),
    setting_values={"login_customer_id": re.compile(r"[0-9]{1,19}|[0-9]{3}-[0-9]{3}-[0-9]{4}")},
    account_ids=IDS,
    list_ids=IDS,
    sandbox=sandbox_account(
        "google",
        "1234567890",
        ("access_token", *RENEWAL_SECRETS),
        {"login_customer_id": "9876543210"},
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
    clean_account_id=lambda text: text.strip().replace("-", ""),
    poll=poll,
    read_status=read_status,
    renewal=renewal("https://oauth2.googleapis.com/token"),
)
