"""Snapchat's side of the sandbox: rules S1 to S5, which a schema cannot say."""

from collections.abc import Mapping
from datetime import UTC, datetime

from tamiz.sandbox.contract import Violation
from tamiz.sandbox.rules.common import (
    Call,
    Refused,
    Reply,
    Rules,
    Trouble,
    hold_to_faults,
    is_large_enough,
    is_ready,
    refuse_bad_rows,
)
from tamiz.sandbox.world import Json, SandboxList, World

KINDS = {
    "EMAIL_SHA256": "email",
    "PHONE_SHA256": "phone",
    "MOBILE_AD_ID_SHA256": "mobile_ad_id",
}
FIRST_ID = 5_600_000_000_000_000
# E1001 and E3002 were seen in connectors; the numbers of the others are ours.
TROUBLES: Mapping[Trouble, tuple[int, str]] = {
    Trouble.UNAUTHORISED: (401, "E3001"),
    Trouble.EXPIRED: (401, "E3001"),
    Trouble.FORBIDDEN: (403, "E3002"),
    Trouble.NOWHERE: (404, "E1404"),
    Trouble.NO_METHOD: (405, "E1405"),
    Trouble.BUSY: (429, "E1429"),
    Trouble.FAILING: (500, "E1500"),
    Trouble.FLAGGED: (403, "E3002"),
    Trouble.TOO_SMALL: (403, "E3002"),
    Trouble.BAD_ROWS: (400, "E1001"),
}


def error(status: int, code: str, text: str) -> Reply:
    """An error answer in Snapchat's shape."""
    told = {"debug_message": text, "display_message": text, "error_code": code}
    return Reply(status, {"request_status": "ERROR", "request_id": "sandbox", **told})


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request."""
    usual, code = TROUBLES[kind]
    return error(status or usual, code, str(kind))


def violated(violation: Violation, _body: object) -> Reply:
    """The answer to a request that breaks its schema: all of it (S5)."""
    return error(400, "E1001", violation.said())


def _create(world: World, call: Call) -> Reply:
    _own(call)
    (segment,) = call.body["segments"]
    if segment["ad_account_id"] != call.path["ad_account_id"]:  # S3
        raise Refused(error(403, "E3002", "ad_account_id in path and body are equal"))
    list_id, text = str(FIRST_ID + world.number()), segment.get("description", "")
    found = SandboxList(
        list_id, "snapchat", call.account_id, segment["name"], text, segment, world.seconds()
    )
    return _told(world, [world.put(found)])


def _list(world: World, call: Call) -> Reply:
    _own(call)
    return _told(world, world.of("snapchat", call.account_id))


def _get(world: World, call: Call) -> Reply:
    return _told(world, [_found(world, call)])


def _delete(world: World, call: Call) -> Reply:
    found = _found(world, call)
    world.drop(found)
    return _told(world, [found])


def _add(world: World, call: Call) -> Reply:
    found, members = _members(world, call, is_removal=False)
    world.add(found, members)
    return _received(members)


def _remove(world: World, call: Call) -> Reply:
    found, members = _members(world, call, is_removal=True)
    world.remove(found, members)
    return _received(members)


def _members(
    world: World, call: Call, *, is_removal: bool
) -> tuple[SandboxList, dict[str, list[str]]]:
    found = _found(world, call)
    (users,) = call.body["users"]
    if users.get("id", found.list_id) != found.list_id:
        raise Refused(error(403, "E3002", "id is that of the path"))
    hold_to_faults(trouble, world, call, found, is_removal=is_removal)
    values = [value for (value,) in users["data"]]
    refuse_bad_rows(trouble, world, call, values)
    return found, {KINDS[users["schema"][0]]: values}


def _received(members: dict[str, list[str]]) -> Reply:
    """S4: rows received are counted, not those that changed anything."""
    (values,) = members.values()
    user = {"sub_request_status": "SUCCESS", "user": {"number_uploaded_users": len(values)}}
    return Reply(200, {"request_status": "SUCCESS", "request_id": "sandbox", "users": [user]})


def _own(call: Call) -> None:
    if call.path["ad_account_id"] != call.account_id:
        raise Refused(trouble(Trouble.FORBIDDEN))


def _found(world: World, call: Call) -> SandboxList:
    found = world.lists.get(call.path["segment_id"])
    if found is None or found.platform != "snapchat":
        raise Refused(trouble(Trouble.NOWHERE))
    return found


def _told(world: World, lists: list[SandboxList]) -> Reply:
    segments = [
        {"sub_request_status": "SUCCESS", "segment": _described(world, entry)} for entry in lists
    ]
    return Reply(200, {"request_status": "SUCCESS", "request_id": "sandbox", "segments": segments})


def _described(world: World, entry: SandboxList) -> Json:
    is_new, settled = entry.changed_at is None, is_ready(world, entry)
    upload = "NO_UPLOAD" if is_new else "COMPLETE" if settled else "PROCESSING"
    large = is_large_enough(world, entry) and not entry.state.get("is_flagged")
    targetable = "READY" if large else "TOO_FEW_USERS"
    return {
        "id": entry.list_id,
        "name": entry.name,
        "ad_account_id": entry.account_id,
        "description": entry.description,
        "status": "PENDING" if is_new or not settled else "ACTIVE",
        "upload_status": upload,
        "targetable_status": targetable if settled and not is_new else "NOT_READY",
        "source_type": "FIRST_PARTY",
        "retention_in_days": entry.settings["retention_in_days"],
        "approximate_number_users": entry.matched,
        "created_at": _utc(entry.created_at),
        "updated_at": _utc(entry.since),
    }


def _utc(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S.000Z}"


RULES = Rules(
    name="snapchat",
    operations={
        "segmentCreate": _create,
        "segmentList": _list,
        "segmentGet": _get,
        "segmentDelete": _delete,
        "usersAdd": _add,
        "usersRemove": _remove,
    },
    trouble=trouble,
    violated=violated,
)
