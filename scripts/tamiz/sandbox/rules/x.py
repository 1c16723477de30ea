"""X's side of the sandbox: rules X2 to X9, which a schema cannot say (X1 is in `signature.py`).

Members are identifiers: the sandbox does not remember which of them one person was added with.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from tamiz.sandbox.rules.common import (
    Call,
    Meter,
    Refused,
    Reply,
    Rules,
    bad_rows,
    hold_to_faults,
    is_large_enough,
    is_ready,
    page_of,
)
from tamiz.sandbox.rules.x_errors import error, operation_errors, trouble, violated
from tamiz.sandbox.rules.x_reach import create_reach_list, list_reach_lists, update_reach_users
from tamiz.sandbox.rules.x_time import THIRTEEN_MONTHS, moment, utc
from tamiz.sandbox.world import Json, SandboxList, World

KINDS = {
    "email": "email",
    "phone_number": "phone",
    "handle": "x_handle",
    "twitter_id": "x_user_id",
    "device_id": "mobile_ad_id",
    "partner_user_id": "external_id",
}
LARGEST_BODY = 5_000_000  # bytes


def headers(world: World, _call: Call, meters: Sequence[Meter]) -> dict[str, str]:
    """Every answer tells what is left of the endpoint's limit (X5)."""
    told = {"x-current-api-version": "12"}
    for meter in meters:
        reset = int(world.seconds() + meter.reset_after) + 1
        told["x-rate-limit-limit"] = str(meter.limit)
        told["x-rate-limit-remaining"] = str(max(meter.remaining, 0))
        told["x-rate-limit-reset"] = str(reset)
    return told


def _create(world: World, call: Call) -> Reply:
    _own(call)
    name = call.query["name"]
    if any(entry.name == name for entry in world.of("x", call.account_id)):  # X8
        raise Refused(error("INVALID_PARAMETER", "name is taken", parameter="name"))
    list_id, text = f"s{world.number():x}", call.query.get("description", "")
    found = SandboxList(list_id, "x", call.account_id, name, text, {}, world.seconds())
    return _told(world, call, world.put(found))


def _list(world: World, call: Call) -> Reply:
    _own(call)
    wanted = call.query.get("custom_audience_ids")
    lists = [
        entry
        for entry in world.of("x", call.account_id)
        if entry.name.startswith(call.query.get("q", ""))
        and (wanted is None or entry.list_id in wanted.split(","))
    ]
    found = page_of(lists, call.query.get("cursor", "0"), int(call.query.get("count", "200")))
    if found is None:
        raise Refused(error("INVALID_PARAMETER", "no such page", parameter="cursor"))
    page, end = found
    answer: Json = {
        "data": [_described(world, entry) for entry in page],
        "next_cursor": None if end is None else str(end),
        "request": _echo(call),
    }
    if call.query.get("with_total_count") == "true":
        answer["total_count"] = len(lists)
    return Reply(200, answer)


def _get(world: World, call: Call) -> Reply:
    return _told(world, call, _found(world, call))


def _delete(world: World, call: Call) -> Reply:
    found = _found(world, call)
    world.drop(found)
    return Reply(
        200, {"data": {**_described(world, found), "deleted": True}, "request": {"params": {}}}
    )


def _users(world: World, call: Call) -> Reply:
    found = _found(world, call)
    if call.size > LARGEST_BODY:  # X2
        raise Refused(error("REQUEST_TOO_COMPLEX", "more than 5,000,000 bytes"))
    names = {operation["operation_type"] for operation in call.body}
    hold_to_faults(trouble, world, call, found, is_removal="Delete" in names)
    now = world.seconds()
    changes = [_change(operation, now) for operation in call.body]
    late = [number for number, change in enumerate(changes) if change[1] is None]
    bad = bad_rows(world, call, (_first(operation) for operation in call.body))
    if late or bad:  # X3, X6
        raise Refused(operation_errors(len(call.body), sorted({*late, *bad})))
    for (kind, since), group in groupby(changes, lambda change: change[:2]):
        members: dict[str, list[str]] = {}
        for key, value in (pair for change in group for pair in _pairs(change[2])):
            members.setdefault(key, []).append(value)
        if kind == "Delete":
            world.remove(found, members)
        else:
            world.add(found, members, since)
    count = sum(len(operation["params"]["users"]) for operation in call.body)
    return Reply(
        200, {"data": {"success_count": count, "total_count": count}, "request": _echo(call)}
    )


def _change(operation: Json, now: float) -> tuple[str, float | None, list[Json]]:
    """Return type, time of addition (None: it would end before it begins), and users."""
    params = operation["params"]
    begins, ends = moment(params.get("effective_at"), now), moment(params.get("expires_at"), None)
    if begins is None or ("expires_at" in params and ends is None):
        return operation["operation_type"], None, []
    if ends is not None and ends <= begins:
        return operation["operation_type"], None, []
    since = now if ends is None else ends - THIRTEEN_MONTHS
    return operation["operation_type"], since, params["users"]


def _pairs(users: list[Json]) -> Iterator[tuple[str, str]]:
    for user in users:
        for key, values in user.items():
            for value in values:
                yield KINDS[key], value


def _first(operation: Json) -> str:
    return next(value for _, value in _pairs(operation["params"]["users"]))


def _own(call: Call) -> None:
    if call.path["account_id"] != call.account_id:
        raise Refused(error("ACCOUNT_NOT_FOUND", "no such account", 404))


def _found(world: World, call: Call) -> SandboxList:
    _own(call)
    found = world.lists.get(call.path["custom_audience_id"])
    if found is None or found.platform != "x":
        raise Refused(error("NOT_FOUND", "no such audience", 404))
    return found


def _told(world: World, call: Call, found: SandboxList) -> Reply:
    return Reply(200, {"data": _described(world, found), "request": _echo(call)})


def _echo(call: Call) -> Json:
    return {"params": {**call.path, **call.query}}


def _described(world: World, entry: SandboxList) -> Json:
    _expire(world, entry)
    settled = is_ready(world, entry)
    large = is_large_enough(world, entry)
    reasons = [] if settled and large else ["TOO_SMALL"] if settled else ["PROCESSING"]
    is_flagged = bool(entry.state.get("is_flagged"))
    return {
        "id": entry.list_id,
        "name": entry.name,
        "description": entry.description or None,
        "audience_type": "CRM",
        "targetable": not reasons and not is_flagged,
        "reasons_not_targetable": reasons,
        "audience_size": entry.matched if settled else None,
        "owner_account_id": entry.account_id,
        "is_owner": True,
        "deleted": False,
        "created_at": utc(entry.created_at),
        "updated_at": utc(entry.since),
    }


def _expire(world: World, entry: SandboxList) -> None:
    before = world.seconds() - THIRTEEN_MONTHS
    old: dict[str, Any] = {
        kind: [value for value, since in values.items() if since <= before]
        for kind, values in entry.members.items()
    }
    if any(old.values()):
        world.remove(entry, old)


RULES = Rules(
    name="x",
    operations={
        "createCustomAudience": _create,
        "listCustomAudiences": _list,
        "getCustomAudience": _get,
        "deleteCustomAudience": _delete,
        "updateAudienceUsers": _users,
        "createDoNotReachList": create_reach_list,
        "listDoNotReachLists": list_reach_lists,
        "updateDoNotReachUsers": update_reach_users,
    },
    trouble=trouble,
    violated=violated,
    limits=lambda operation: ("users" if operation.startswith("update") else "other",),
    headers=headers,
)
