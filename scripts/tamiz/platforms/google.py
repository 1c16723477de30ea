"""Google: Customer Match lists through the Data Manager API v1.

Contract: `sandbox/contracts/google.openapi.yaml`. An answer 200 means accepted, not done: the
status is asked for later. One bad record rejects a whole request (G1).
"""

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
    Status,
    Verdict,
    bearer,
    safe_code,
)

FIELDS = {"email": "emailAddress", "phone": "phoneNumber"}
CONSENT = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
FIVE_HUNDRED_FORTY_DAYS = "46656000s"  # the longest membership; people leave by removal

VERDICTS: dict[str, Verdict] = {
    **dict.fromkeys(("INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED"), Verdict.RETRY),
    "RESOURCE_EXHAUSTED": Verdict.WAIT,
    "UNAUTHENTICATED": Verdict.REAUTHENTICATE,
    **dict.fromkeys(("INVALID_ARGUMENT", "PERMISSION_DENIED", "NOT_FOUND"), Verdict.STOP),
    **dict.fromkeys(("ALREADY_EXISTS", "FAILED_PRECONDITION"), Verdict.STOP),
}


def find_lists(account: Account, page: str | None) -> Request:
    """Ask for a page of the account's lists; they are compared by name on our side."""
    query = {"pageSize": "1000"} | ({"pageToken": page} if page else {})
    return Request("GET", _lists(account), query, _login(account))


def read_lists(body: Json) -> ListPage:
    """Read a page of lists; an account without lists answers without `userLists`."""
    lists = tuple(read_list(entry) for entry in body.get("userLists", []))
    return ListPage(lists, body.get("nextPageToken") or None)


def get_list(account: Account, list_id: str) -> Request:
    """Ask for one list by its id."""
    return Request("GET", f"{_lists(account)}/{list_id}", headers=_login(account))


def read_list(body: Json) -> RemoteList:
    """Read one list; the account stands in its resource name."""
    _types, _type, _accounts, account_id, *_ = str(body["name"]).split("/")
    description = str(body.get("description", ""))
    return RemoteList(str(body["id"]), str(body["displayName"]), description, account_id)


def create_list(account: Account, name: str, description: str) -> Request:
    """Create an empty list of contact identifiers."""
    body = {
        "displayName": name,
        "description": description,
        "membershipDuration": FIVE_HUNDRED_FORTY_DAYS,
        "ingestedUserListInfo": {
            "uploadKeyTypes": ["CONTACT_ID"],
            "contactIdInfo": {"dataSourceType": "DATA_SOURCE_TYPE_FIRST_PARTY"},
        },
    }
    return Request("POST", _lists(account), headers=_login(account), body=body)


def read_created(body: Json) -> str:
    """Read the id of a new list."""
    return str(body["id"])


def add_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Add the members of a batch; only people who granted both consents are ever in one."""
    terms = {"customerMatchTermsOfServiceStatus": "ACCEPTED"}
    body = {**_members(account, list_id, batch), "consent": CONSENT, "termsOfService": terms}
    return Request("POST", "/v1/audienceMembers:ingest", body=body)


def remove_members(account: Account, list_id: str, batch: Batch) -> Request:
    """Remove the members of a batch; removal has neither terms nor consent."""
    return Request("POST", "/v1/audienceMembers:remove", body=_members(account, list_id, batch))


def read_receipt(body: Json, sent: int) -> Receipt:
    """Read the number of the request; everything or nothing of it was accepted."""
    if not isinstance(body["requestId"], str):
        raise TypeError
    return Receipt(sent, 0, body["requestId"], asynchronous=True)


def poll(_account: Account, remote_id: str) -> Request:
    """Ask how far an accepted request has come."""
    return Request("GET", "/v1/requestStatus:retrieve", {"requestId": remote_id})


def read_status(body: Json) -> Status:
    """Read the status of the one destination every request of ours has."""
    (status,) = body["requestStatusPerDestination"]
    state = status["requestStatus"]
    if state in ("PROCESSING", "REQUEST_STATUS_UNKNOWN"):
        return Status(None)
    counts = status.get("errorInfo", {}).get("errorCounts", [])
    invalid = sum(int(count["recordCount"]) for count in counts)
    both = ("audienceMembersIngestionStatus", "userDataIngestionStatus")
    if "audienceMembersRemovalStatus" in status:
        both = ("audienceMembersRemovalStatus", "userDataRemovalStatus")
    received = int(status.get(both[0], {}).get(both[1], {}).get("recordCount", 0))
    return Status(Receipt(received, invalid), has_failed=state == "FAILED")


def classify(body: Json) -> Refusal | None:
    """Classify an error answer by `error.status`; the reason of its details names it."""
    error = body.get("error")
    status = error.get("status") if isinstance(error, dict) else None
    if not isinstance(error, dict) or not isinstance(status, str):
        return None
    reasons = [detail["reason"] for detail in error.get("details", []) if "reason" in detail]
    code = "/".join(safe_code(part) for part in (status, *reasons[:1]))
    missing = status == "NOT_FOUND"
    return Refusal(VERDICTS.get(status, Verdict.STOP), code, status in VERDICTS, missing)


def _lists(account: Account) -> str:
    return f"/v1/accountTypes/GOOGLE_ADS/accounts/{account.account_id}/userLists"


def _login(account: Account) -> dict[str, str]:
    if account.login_account_id is None:
        return {}
    return {"login-account": f"accountTypes/GOOGLE_ADS/accounts/{account.login_account_id}"}


def _members(account: Account, list_id: str, batch: Batch) -> Json:
    def of(account_id: str) -> Json:
        return {"accountType": "GOOGLE_ADS", "accountId": account_id}

    destination = {
        "loginAccount": of(account.login_account_id or account.account_id),
        "operatingAccount": of(account.account_id),
        "productDestinationId": list_id,
    }
    members = [
        {"userData": {"userIdentifiers": [{FIELDS[kind]: digest}]}}
        for kind, digest in batch.members
    ]
    return {"destinations": [destination], "audienceMembers": members, "encoding": "HEX"}


PLATFORM = Platform(
    name="google",
    base_url="https://datamanager.googleapis.com",
    identifiers=(Identifier("email", "email_sha256"), Identifier("phone", "phone_sha256")),
    batch_size=10_000,
    minimum_size=100,
    settings=("TAMIZ_GOOGLE_ACCESS_TOKEN", "TAMIZ_GOOGLE_CUSTOMER_ID"),
    sandbox=Account("google", "1234567890", SecretStr("sandbox-google-token"), "9876543210"),
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
    login_setting="TAMIZ_GOOGLE_LOGIN_CUSTOMER_ID",
    clean_account_id=lambda text: text.strip().replace("-", ""),
    poll=poll,
    read_status=read_status,
)
