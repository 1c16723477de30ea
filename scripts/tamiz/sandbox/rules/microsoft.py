"""Microsoft's side of the sandbox: rules M1 to M4, which a schema cannot say."""

from collections.abc import Mapping, Sequence

from tamiz.platforms import Account
from tamiz.sandbox.contract import Violation
from tamiz.sandbox.rules.common import (
    Call,
    Refused,
    Reply,
    Rules,
    Trouble,
    bad_rows,
    hold_to_faults,
    is_large_enough,
)
from tamiz.sandbox.world import Json, SandboxList, World

KINDS = {"Email": "email", "CRM": "external_id"}
FIRST_ID = 800_000_000
NO_END = -1  # of a membership
TRACKING = "sandbox"
# 105, 106, 109, 117 and 8003 are Microsoft's; the other numbers are ours.
NO_LIST, NAME_TAKEN, BAD_ITEM, BAD_REQUEST, FLAGGED = 4100, 4101, 4102, 4103, 4104
TROUBLES: Mapping[Trouble, tuple[int, str, int]] = {
    Trouble.UNAUTHORISED: (105, "InvalidCredentials", 401),
    Trouble.EXPIRED: (109, "AuthenticationTokenExpired", 401),
    Trouble.FORBIDDEN: (106, "UserIsNotAuthorized", 400),
    Trouble.NOWHERE: (BAD_REQUEST, "NoSuchOperation", 404),
    Trouble.NO_METHOD: (BAD_REQUEST, "NoSuchMethod", 405),
    Trouble.BUSY: (117, "CallRateExceeded", 429),
    Trouble.FAILING: (0, "InternalError", 500),
    Trouble.FLAGGED: (FLAGGED, "AudienceNotAllowed", 400),
    Trouble.TOO_SMALL: (FLAGGED, "AudienceTooSmall", 400),
    Trouble.BAD_ROWS: (BAD_ITEM, "InvalidCustomerListItem", 400),
}
TERMS = ("CustomerMatchTermsNotAccepted", 8003)


def fault(code: int, name: str, status: int) -> Reply:
    """A fault of the request as a whole."""
    entry = {"Code": code, "ErrorCode": name, "Message": name, "Detail": None}
    body = {"Errors": [entry], "TrackingId": TRACKING, "Type": "AdApiFaultDetail"}
    return Reply(status, body, {"TrackingId": TRACKING})


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request."""
    code, name, usual = TROUBLES[kind]
    return fault(code, name, status or usual)


def violated(violation: Violation, _body: object) -> Reply:
    """The answer to a request that breaks its schema."""
    entry = {"Code": BAD_REQUEST, "ErrorCode": "InvalidRequest", "Message": violation.said()}
    body = {"OperationErrors": [entry], "TrackingId": TRACKING, "Type": "ApiFaultDetail"}
    return Reply(400, body, {"TrackingId": TRACKING})


def admits(account: Account, headers: Mapping[str, str]) -> Trouble | None:
    """Whether the developer and the customer are the ones this account is of."""
    if headers.get("developertoken", account.secret("developer_token")) != account.secret(
        "developer_token"
    ):
        return Trouble.UNAUTHORISED
    ours = {"customeraccountid": account.account_id, "customerid": account.settings["customer_id"]}
    is_ours = all(headers.get(name, value) == value for name, value in ours.items())
    return None if is_ours else Trouble.FORBIDDEN


def _add(world: World, call: Call) -> Reply:
    ids: list[str | None] = []
    wrong = []
    for index, audience in enumerate(call.body["Audiences"]):
        lists = world.of("microsoft", call.account_id)
        if audience.get("ParentId", call.account_id) not in (
            call.account_id,
            call.account.settings["customer_id"],
        ):
            wrong.append(_partial(index, 106, "UserIsNotAuthorized"))
        elif any(entry.name == audience["Name"] for entry in lists):
            wrong.append(_partial(index, NAME_TAKEN, "AudienceNameTaken"))
        else:
            ids.append(_made(world, call, audience))
            continue
        ids.append(None)
    return _ok({"AudienceIds": ids, "PartialErrors": wrong})


def _made(world: World, call: Call, audience: Json) -> str:
    list_id, text = str(FIRST_ID + world.number()), audience.get("Description", "")
    name, now = audience["Name"], world.seconds()
    account = call.account_id
    world.put(SandboxList(list_id, "microsoft", account, name, text, audience, now))
    return list_id


def _query(world: World, call: Call) -> Reply:
    wanted = call.body.get("AudienceIds")
    if wanted is None:
        lists: Sequence[SandboxList | None] = world.of("microsoft", call.account_id)
    else:
        lists = [_known(world, list_id) for list_id in wanted]
    told = [None if entry is None else _described(world, entry) for entry in lists]
    return _ok({"Audiences": told, "PartialErrors": []})


def _delete(world: World, call: Call) -> Reply:
    wrong = []
    for index, list_id in enumerate(call.body["AudienceIds"]):
        found = _known(world, list_id)
        if found is None:
            wrong.append(_partial(index, NO_LIST, "AudienceNotFound"))
        else:
            world.drop(found)
    return _ok({"PartialErrors": wrong})


def _apply(world: World, call: Call) -> Reply:
    data = call.body["CustomerListUserData"]
    found = _known(world, data["AudienceId"])
    if found is None:
        raise Refused(fault(NO_LIST, "AudienceNotFound", 400))
    _hold_to_terms(world, call, data)
    action = data["ActionType"]
    hold_to_faults(trouble, world, call, found, is_removal=action != "Add")
    items, kind = data["CustomerListItems"], KINDS[data["CustomerListItemSubType"]]
    bad = bad_rows(world, call, items)
    good = {kind: [item for index, item in enumerate(items) if index not in bad]}
    if action == "Replace":  # M4: what another part put there is gone
        world.remove(found, {key: list(there) for key, there in found.members.items()})
    (world.remove if action == "Remove" else world.add)(found, good)
    wrong = [_partial(index, BAD_ITEM, "InvalidCustomerListItem") for index in sorted(bad)]  # M1
    return _ok({"PartialErrors": wrong})


def _hold_to_terms(world: World, call: Call, data: Json) -> None:
    """M2: whoever accepted the terms once need not say it again."""
    name = f"microsoft terms {call.account_id}"
    if data.get("AcceptCustomerMatchTerm"):
        world.keep_work(name, {"accepted": True})
    if name not in world.work and data["ActionType"] != "Remove":
        text, code = TERMS
        raise Refused(fault(code, text, 400))


def _known(world: World, list_id: str) -> SandboxList | None:
    found = world.lists.get(list_id)
    return found if found is not None and found.platform == "microsoft" else None


def _described(world: World, entry: SandboxList) -> Json:
    large = is_large_enough(world, entry)
    return {
        "Id": entry.list_id,
        "Name": entry.name,
        "Description": entry.description,
        "Type": "CustomerList",
        "MembershipDuration": entry.settings.get("MembershipDuration", NO_END),
        "ParentId": entry.settings.get("ParentId", entry.account_id),
        "Scope": entry.settings.get("Scope", "Account"),
        "SearchSize": entry.matched if large else 0,
        "AudienceNetworkSize": entry.matched if large else 0,
    }


def _partial(index: int, code: int, name: str) -> Json:
    entry = {"Code": code, "ErrorCode": name, "Message": name, "Index": index}
    return {**entry, "Type": "BatchError", "FieldPath": None, "Details": None}


def _ok(body: Json) -> Reply:
    return Reply(200, body, {"TrackingId": TRACKING})


RULES = Rules(
    name="microsoft",
    operations={
        "addAudiences": _add,
        "queryAudiences": _query,
        "deleteAudiences": _delete,
        "applyUserData": _apply,
    },
    trouble=trouble,
    violated=violated,
    admits=admits,
)
