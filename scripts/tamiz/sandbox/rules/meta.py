"""Meta's side of the sandbox: rules M1 to M8, which a schema cannot say."""

import json
from collections.abc import Mapping, Sequence

from tamiz.sandbox.rules.common import (
    Call,
    Meter,
    Refused,
    Reply,
    Rules,
    Trouble,
    hold_to_faults,
    page_of,
)
from tamiz.sandbox.rules.meta_errors import error, trouble, violated
from tamiz.sandbox.rules.meta_rows import read_rows
from tamiz.sandbox.world import HIDDEN, Json, SandboxList, World

PER_LIST = 40  # calls an hour that each audience adds to the account's
SESSION_SECONDS = 90 * 60
SMALLEST_TOLD = 1_000  # smaller audiences are told by this bucket only
FLAGGED = {"code": 471, "description": "The audience may break a policy."}
NORMAL = {"code": 200, "description": "Normal"}


def headers(_world: World, call: Call, meters: Sequence[Meter]) -> dict[str, str]:
    """Every answer tells how much of the hour's calls is used, in per cent (M8)."""
    entries = [
        {
            "type": "custom_audience",
            "call_count": min(100 * (meter.limit - meter.remaining) // meter.limit, 100),
            "total_cputime": 0,
            "total_time": 0,
            "estimated_time_to_regain_access": -(-meter.reset_after // 60) if meter.is_over else 0,
        }
        for meter in meters
    ]
    return {"X-Business-Use-Case-Usage": json.dumps({call.account_id: entries})}


def allowance(world: World, call: Call) -> int:
    """The calls an hour that the account's audiences add."""
    return PER_LIST * len(world.of("meta", call.account_id))


def _create(world: World, call: Call) -> Reply:
    _own(call)
    list_id, body = str(120_000_000_000_000 + world.number()), call.body
    texts = (body["name"], body.get("description", ""))
    world.put(SandboxList(list_id, "meta", call.account_id, *texts, body, world.seconds()))
    return Reply(200, {"id": list_id})


def _list(world: World, call: Call) -> Reply:
    _own(call)
    lists, start = world.of("meta", call.account_id), call.query.get("after", "0")
    found = page_of(lists, start, int(call.query.get("limit", "25")))
    if found is None:
        raise Refused(error(100, "Invalid parameter: after"))
    page, end = found
    after = int(start) + len(page) if end is None else end
    paging: Json = {"cursors": {"before": start, "after": str(after)}}
    if end is not None:
        paging["next"] = f"customaudiences?after={end}"
    return Reply(200, {"data": [_described(entry, call.query) for entry in page], "paging": paging})


def _get(world: World, call: Call) -> Reply:
    return Reply(200, _described(_found(world, call), call.query))


def _delete(world: World, call: Call) -> Reply:
    world.drop(_found(world, call))
    return Reply(200, {"success": True})


def _add(world: World, call: Call) -> Reply:
    found, members, reply = _taken(world, call, is_removal=False)
    world.add(found, members)
    return reply


def _remove(world: World, call: Call) -> Reply:
    found, members, reply = _taken(world, call, is_removal=True)
    world.remove(found, members)
    return reply


def _replace(world: World, call: Call) -> Reply:
    found, members, reply = _taken(world, call, is_removal=False)
    session, now = call.body["session"], world.seconds()
    name, sessions = str(int(session["session_id"])), found.state.setdefault("sessions", {})
    running = {
        key
        for key, entry in sessions.items()
        if entry["is_open"] and now - entry["opened_at"] <= SESSION_SECONDS
    }
    if name in sessions and name not in running:  # M5
        raise Refused(error(2650, "The session is closed"))
    if running and name not in running:
        raise Refused(error(2650, "Another replace session is open"))
    entry = sessions.get(name, {"is_open": True, "opened_at": now, "seq": 0})
    if session["batch_seq"] != entry["seq"] + 1:
        raise Refused(error(100, "batch_seq starts at 1 and increases"))
    entry["seq"] += 1
    sessions[name] = entry
    waiting = _waiting(world, found, name)
    world.add(waiting, members)
    if session["last_batch_flag"]:
        world.remove(found, {kind: list(there) for kind, there in found.members.items()})
        world.add(found, waiting.members)
        world.drop(waiting)
        entry["is_open"] = False
    world.put(found)
    return reply


def _waiting(world: World, found: SandboxList, session: str) -> SandboxList:
    """The members of a session that is open, in a list that nobody is shown."""
    list_id = f"{found.list_id}/{session}"
    there = world.lists.get(list_id)
    hidden = SandboxList(list_id, HIDDEN, found.account_id, "", "", {}, found.created_at)
    return world.put(hidden) if there is None else there


def _sessions(world: World, call: Call) -> Reply:
    found, wanted = _found(world, call), call.query.get("session_id")
    stage = {True: "uploading", False: "done"}
    sessions = found.state.get("sessions", {}).items()
    told = [
        {"session_id": name, "stage": stage[entry["is_open"]]}
        for name, entry in sessions
        if wanted in (None, name)
    ]
    return Reply(200, {"data": told})


def _opt_out(world: World, call: Call) -> Reply:
    _own(call)
    nowhere = SandboxList("0", "meta", call.account_id, "", "", {}, 0.0)
    members, reply = read_rows(world, nowhere, call)
    for entry in world.of("meta", call.account_id):
        world.remove(entry, members)
    return reply


def _own(call: Call) -> None:
    if call.path["ad_account_id"] != call.account_id:
        raise Refused(trouble(Trouble.FORBIDDEN))


def _found(world: World, call: Call) -> SandboxList:
    found = world.lists.get(call.path["custom_audience_id"])
    if found is None or found.platform != "meta":
        raise Refused(error(100, "Unsupported request: the object does not exist", 33))
    return found


def _described(entry: SandboxList, query: Mapping[str, str]) -> Json:
    lower = entry.matched // 100 * 100 if entry.matched >= SMALLEST_TOLD else 0
    known = {
        "name": entry.name,
        "description": entry.description,
        "account_id": entry.account_id,
        "subtype": "CUSTOM",
        "customer_file_source": entry.settings.get("customer_file_source", ""),
        "approximate_count_lower_bound": lower,
        "approximate_count_upper_bound": lower + 100 if lower else SMALLEST_TOLD,
        "operation_status": FLAGGED if entry.state.get("is_flagged") else NORMAL,
        "delivery_status": FLAGGED if entry.state.get("is_flagged") else NORMAL,
        "time_created": int(entry.created_at),
    }
    names = query.get("fields", "id").split(",")
    if any(name != "id" and name not in known for name in names):
        raise Refused(error(100, "Tried accessing nonexisting field"))
    return {"id": entry.list_id, **{name: known[name] for name in names if name in known}}


def _taken(world: World, call: Call, *, is_removal: bool) -> tuple[SandboxList, Json, Reply]:
    found = _found(world, call)
    hold_to_faults(trouble, world, call, found, is_removal=is_removal)
    members, reply = read_rows(world, found, call)
    return found, members, reply


RULES = Rules(
    name="meta",
    operations={
        "createCustomAudience": _create,
        "listCustomAudiences": _list,
        "getCustomAudience": _get,
        "deleteCustomAudience": _delete,
        "addUsers": _add,
        "removeUsers": _remove,
        "replaceUsers": _replace,
        "listSessions": _sessions,
        "optOutFromAllAudiences": _opt_out,
    },
    trouble=trouble,
    violated=violated,
    limits=lambda _operation: ("calls",),
    headers=headers,
    allowance=allowance,
)
