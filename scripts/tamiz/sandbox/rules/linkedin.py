"""LinkedIn's side of the sandbox: rules L1 to L6, which a schema cannot say."""

from collections.abc import Callable, Mapping

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
    is_ready,
    page_of,
)
from tamiz.sandbox.world import Json, SandboxList, World

KINDS = {"SHA256_EMAIL": "email", "SHA512_EMAIL": "email_sha512", "GOOGLE_AID": "aaid"}
# In November 2026, when the sources of the contract were read; versions live about 12 months.
OLDEST_VERSION = "202512"
PAGE = 10
STATUSES: Mapping[Trouble, int] = {
    Trouble.UNAUTHORISED: 401,
    Trouble.EXPIRED: 401,
    Trouble.FORBIDDEN: 403,
    Trouble.NOWHERE: 404,
    Trouble.NO_METHOD: 405,
    Trouble.BUSY: 429,
    Trouble.FAILING: 500,
    Trouble.FLAGGED: 403,
    Trouble.TOO_SMALL: 403,
    Trouble.BAD_ROWS: 400,
}


def error(status: int, text: str) -> Reply:
    """An error answer in LinkedIn's shape."""
    return Reply(status, {"status": status, "serviceErrorCode": 100, "message": text})


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request; 429 comes without a Retry-After."""
    return error(status or STATUSES[kind], str(kind))


def violated(violation: Violation, _body: object) -> Reply:
    """The answer to a request that breaks its schema."""
    return error(400, violation.said())


def _of_a_living_version(
    operation: Callable[[World, Call], Reply],
) -> Callable[[World, Call], Reply]:
    """L1: an old version answers 426."""

    def held(world: World, call: Call) -> Reply:
        if call.headers["linkedin-version"] < OLDEST_VERSION:
            raise Refused(error(426, "this version is no more"))
        return operation(world, call)

    return held


def _create(world: World, call: Call) -> Reply:
    body = call.body
    if body["sourcePlatform"] != call.account.settings["source_platform"]:
        raise Refused(error(403, "sourcePlatform is not yours"))
    _own(call, body["account"])
    source = body.get("sourceSegmentId")
    lists = world.of("linkedin", call.account_id)
    if source and any(entry.settings.get("sourceSegmentId") == source for entry in lists):
        raise Refused(error(409, "a segment of this sourceSegmentId is being made"))
    list_id, text = str(20_000_000 + world.number()), body.get("description", "")
    found = SandboxList(
        list_id, "linkedin", call.account_id, body["name"], text, body, world.seconds()
    )
    world.put(found)
    return Reply(201, headers={"x-restli-id": list_id, "x-linkedin-id": list_id})  # L6


def _find(world: World, call: Call) -> Reply:
    _own(call, call.query["account"])
    wanted = {
        name: call.query[name]
        for name in ("sourceSegmentId", "sourcePlatform")
        if name in call.query
    }
    lists = [
        entry
        for entry in world.of("linkedin", call.account_id)
        if all(entry.settings.get(name) == value for name, value in wanted.items())
    ]
    start, count = int(call.query.get("start", "0")), int(call.query.get("count", str(PAGE)))
    found = page_of(lists, str(min(start, len(lists))), count)
    page = found[0] if found else []
    paging = {"start": start, "count": count, "total": len(lists), "links": []}
    return Reply(200, {"elements": [_described(world, entry) for entry in page], "paging": paging})


def _get(world: World, call: Call) -> Reply:
    return Reply(200, _described(world, _found(world, call)))


def _delete(world: World, call: Call) -> Reply:
    world.drop(_found(world, call))
    return Reply(204)


def _users(world: World, call: Call) -> Reply:
    found = _found(world, call)
    if world.seconds() - found.created_at < world.behaviour("linkedin").ready_after:  # L2
        raise Refused(error(404, "the segment is not there yet"))
    elements = call.body["elements"]
    is_removal = any(entry["action"] == "REMOVE" for entry in elements)
    hold_to_faults(trouble, world, call, found, is_removal=is_removal)
    bad = bad_rows(world, call, (entry["userIds"][0]["idValue"] for entry in elements))
    changes: list[tuple[str, dict[str, list[str]]]] = []
    for number, entry in enumerate(elements):
        if number in bad:
            continue
        if not changes or changes[-1][0] != entry["action"]:
            changes.append((entry["action"], {}))
        for user in entry["userIds"]:
            changes[-1][1].setdefault(KINDS[user["idType"]], []).append(user["idValue"])
    for action, members in changes:
        (world.add if action == "ADD" else world.remove)(found, members)
    refused = {"status": 400, "error": {"status": 400, "message": "invalid idValue"}}
    results = [refused if number in bad else {"status": 201} for number in range(len(elements))]
    return Reply(200, {"elements": results})  # L3


def _own(call: Call, account: str) -> None:
    if account != f"urn:li:sponsoredAccount:{call.account_id}":
        raise Refused(trouble(Trouble.FORBIDDEN))


def _found(world: World, call: Call) -> SandboxList:
    found = world.lists.get(call.path["dmpSegmentId"])
    if found is None or found.platform != "linkedin":
        raise Refused(error(404, "no such segment"))
    return found


def _described(world: World, entry: SandboxList) -> Json:
    building = "BUILDING" if entry.changed_at is None else "UPDATING"
    status = "READY" if is_ready(world, entry) else building
    large = is_large_enough(world, entry)
    kept = ("account", "type", "accessPolicy", "sourcePlatform", "sourceSegmentId")
    return {
        "id": int(entry.list_id),
        "name": entry.name,
        **{name: entry.settings[name] for name in kept if name in entry.settings},
        "destinations": [
            {
                "destination": "LINKEDIN",
                "status": "FAILED" if entry.state.get("is_flagged") else status,
                "audienceSize": entry.matched if large else 0,
                "matchedCount": entry.matched,
                "inputCount": len(entry),
            }
        ],
    }


_OPERATIONS: Mapping[str, Callable[[World, Call], Reply]] = {
    "createDmpSegment": _create,
    "findDmpSegments": _find,
    "getDmpSegment": _get,
    "deleteDmpSegment": _delete,
    "batchUpdateUsers": _users,
}
RULES = Rules(
    name="linkedin",
    operations={name: _of_a_living_version(entry) for name, entry in _OPERATIONS.items()},
    trouble=trouble,
    violated=violated,
    limits=lambda operation: ("calls", "users") if operation == "batchUpdateUsers" else ("calls",),
)
