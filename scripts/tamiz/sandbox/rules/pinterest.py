"""Pinterest's side of the sandbox: rules P1 to P4, which a schema cannot say."""

from collections.abc import Mapping

from tamiz.sandbox.contract import Violation
from tamiz.sandbox.rules.common import (
    Call,
    Refused,
    Reply,
    Rules,
    Trouble,
    hold_to_faults,
    is_done,
    is_large_enough,
    is_ready,
    page_of,
    refuse_bad_rows,
)
from tamiz.sandbox.world import Json, SandboxList, World

KINDS = {"EMAIL": "email", "IDFA": "idfa", "MAID": "mobile_ad_id"}
PAGE = 25
FIRST_ID = 549_000_000_000
TROUBLES: Mapping[Trouble, tuple[int, int]] = {
    Trouble.UNAUTHORISED: (401, 2),
    Trouble.EXPIRED: (401, 2),
    Trouble.FORBIDDEN: (403, 29),
    Trouble.NOWHERE: (404, 0),
    Trouble.NO_METHOD: (405, 0),
    Trouble.BUSY: (429, 8),
    Trouble.FAILING: (500, 0),
    Trouble.FLAGGED: (403, 29),
    Trouble.TOO_SMALL: (403, 29),
    Trouble.BAD_ROWS: (400, 1),
}


def error(status: int, code: int, text: str) -> Reply:
    """An error answer in Pinterest's shape."""
    return Reply(status, {"code": code, "message": text})


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request."""
    usual, code = TROUBLES[kind]
    return error(status or usual, code, str(kind))


def violated(violation: Violation, _body: object) -> Reply:
    """The answer to a request that breaks its schema."""
    return error(400, 1, violation.said())


def _create(world: World, call: Call) -> Reply:
    _own(call)
    body, records = call.body, call.body["records"].split(",")
    refuse_bad_rows(trouble, world, call, records)
    list_id = str(FIRST_ID + world.number())
    found = SandboxList(
        list_id, "pinterest", call.account_id, body["name"], "", body, world.seconds()
    )
    found.settings = {"list_type": body["list_type"]}
    found.state = {"batches": 0, "uploaded": 0, "removed": 0}
    world.put(found)
    return _changed(world, found, "ADD", records)


def _list(world: World, call: Call) -> Reply:
    _own(call)
    lists = world.of("pinterest", call.account_id)
    if call.query.get("order") == "DESCENDING":
        lists.reverse()
    start, size = call.query.get("bookmark", "0"), int(call.query.get("page_size", str(PAGE)))
    found = page_of(lists, start, size)
    if found is None:
        raise Refused(error(400, 1, "no such bookmark"))
    page, end = found
    items = [_described(world, entry) for entry in page]
    return Reply(200, {"items": items, "bookmark": None if end is None else str(end)})


def _get(world: World, call: Call) -> Reply:
    return Reply(200, _described(world, _found(world, call)))


def _update(world: World, call: Call) -> Reply:
    found, body = _found(world, call), call.body
    records = body["records"].split(",")
    is_removal = body["operation_type"] == "REMOVE"
    hold_to_faults(trouble, world, call, found, is_removal=is_removal)
    refuse_bad_rows(trouble, world, call, records)
    return _changed(world, found, body["operation_type"], records)


def _changed(world: World, found: SandboxList, operation: str, records: list[str]) -> Reply:
    """P1: the counters rise by what was sent, whether it changes anything or not."""
    list_type = found.settings["list_type"]
    kind = KINDS.get(list_type, list_type)
    counter = "uploaded" if operation == "ADD" else "removed"
    (world.add if operation == "ADD" else world.remove)(found, {str(kind): records})
    found.state[counter] += len(records)
    found.state["batches"] += 1
    return Reply(200, _described(world, world.put(found)))


def _closed(_world: World, call: Call) -> Reply:
    """P4: uploads are a closed beta, and this account is not in it."""
    _own(call)
    raise Refused(error(403, 29, "uploads are a closed beta"))


def _create_audience(world: World, call: Call) -> Reply:
    _own(call)
    if call.body.get("ad_account_id", call.account_id) != call.account_id:
        raise Refused(trouble(Trouble.FORBIDDEN))
    _named(world, call.body["rule"]["customer_list_id"])
    audience_id = str(FIRST_ID + world.number())
    kept = {**call.body, "id": audience_id, "at": world.seconds()}
    world.keep_work(f"pinterest {audience_id}", kept)
    return Reply(200, _described_audience(world, call, kept))


def _get_audience(world: World, call: Call) -> Reply:
    return Reply(200, _described_audience(world, call, _found_audience(world, call)))


def _update_audience(world: World, call: Call) -> Reply:
    kept, body = _found_audience(world, call), call.body
    if body.get("ad_account_id", call.account_id) != call.account_id:
        raise Refused(trouble(Trouble.FORBIDDEN))
    if "rule" in body:
        _named(world, body["rule"]["customer_list_id"])
    is_gone = body["operation_type"] == "REMOVE"
    changes = {name: body[name] for name in ("name", "description", "rule") if name in body}
    changed = {**kept, **changes, "is_gone": is_gone}
    world.keep_work(f"pinterest {kept['id']}", changed)
    return Reply(200, _described_audience(world, call, changed))


def _own(call: Call) -> None:
    if call.path["ad_account_id"] != call.account_id:
        raise Refused(trouble(Trouble.FORBIDDEN))


def _found(world: World, call: Call) -> SandboxList:
    _own(call)
    return _named(world, call.path["customer_list_id"])


def _named(world: World, list_id: str) -> SandboxList:
    found = world.lists.get(list_id)
    if found is None or found.platform != "pinterest":
        raise Refused(error(404, 4_000, "no such customer list"))
    return found


def _found_audience(world: World, call: Call) -> Json:
    _own(call)
    kept = world.work.get(f"pinterest {call.path['audience_id']}")
    if kept is None or kept.get("is_gone"):
        raise Refused(error(404, 4_001, "no such audience"))
    return kept


def _described(world: World, entry: SandboxList) -> Json:
    status = "READY" if is_large_enough(world, entry) else "TOO_SMALL"
    if not is_ready(world, entry):  # P2
        status = "PROCESSING"
    return {
        "id": entry.list_id,
        "ad_account_id": entry.account_id,
        "name": entry.name,
        "status": status,
        "type": "customerlist",
        "num_batches": entry.state["batches"],
        "num_uploaded_user_records": entry.state["uploaded"],
        "num_removed_user_records": entry.state["removed"],
        "created_time": int(entry.created_at),
        "updated_time": int(entry.since),
        "exceptions": {},
    }


def _described_audience(world: World, call: Call, kept: Json) -> Json:
    entry = world.lists.get(kept["rule"]["customer_list_id"])
    status = "READY" if entry is not None and is_large_enough(world, entry) else "TOO_SMALL"
    return {
        "id": kept["id"],
        "ad_account_id": call.account_id,
        "name": kept["name"],
        "audience_type": "CUSTOMER_LIST",
        "type": "audience",
        "status": status if is_done(world, "pinterest", kept["at"]) else "INITIALIZING",
        "size": entry.matched if entry is not None else None,
        "description": kept.get("description"),
        "rule": kept["rule"],
        "created_timestamp": int(kept["at"]),
        "updated_timestamp": int(kept["at"]),
    }


RULES = Rules(
    name="pinterest",
    operations={
        "customerListCreate": _create,
        "customerListList": _list,
        "customerListGet": _get,
        "customerListUpdate": _update,
        "uploadCreate": _closed,
        "uploadGet": _closed,
        "uploadRun": _closed,
        "audienceCreate": _create_audience,
        "audienceGet": _get_audience,
        "audienceUpdate": _update_audience,
    },
    trouble=trouble,
    violated=violated,
)
