"""Meta's side of the sandbox: rules M1 to M8, which a schema cannot say."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tamiz.sandbox.contract import Violation
from tamiz.sandbox.world import Call, Json, Reply, SandboxList, World

NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
CLEAR = {"EXTERN_ID", "MADID", "APPUID"}
OPTION = "DATA_PROCESSING_OPTIONS"
NO_MATCH_KEY = {"LOOKALIKE_VALUE", OPTION, f"{OPTION}_COUNTRY", f"{OPTION}_STATE"}
SINGLE = {"EMAIL_SHA256": "EMAIL", "PHONE_SHA256": "PHONE", "MOBILE_ADVERTISER_ID": "MADID"}
DIGEST_LENGTH = 64
FULL = 100  # per cent of the hour's calls
PERMISSION = 200  # Meta's code, not HTTP's
SESSION_SECONDS = 90 * 60
MISMATCH = "Data is missing or does not match schema"


class Refused(Exception):  # noqa: N818 - the platform's word
    """A rule is broken: code, subcode and text of the error answer."""

    def __init__(self, code: int, text: str, subcode: int | None = None) -> None:
        """Keep the code and the subcode beside the text."""
        super().__init__(text)
        self.code, self.subcode = code, subcode


def error(code: int, text: str, subcode: int | None = None, status: int = 400) -> Reply:
    """An error answer in Meta's shape."""
    entry: Json = {"message": f"(#{code}) {text}", "type": "OAuthException", "code": code}
    if subcode is not None:
        entry["error_subcode"] = subcode
    return Reply(status, {"error": {**entry, "fbtrace_id": "sandbox"}})


def unauthorised() -> Reply:
    """The answer to a token nobody knows."""
    return error(190, "Invalid OAuth access token.")


def unknown_path() -> Reply:
    """The answer to a request no operation takes."""
    return error(100, "Unknown path components")


def violated(violation: Violation, _body: object) -> Reply:
    """The answer to a request that breaks its schema."""
    return error(100, f"Invalid parameter: {violation.said()}")


def handle(world: World, call: Call, account_id: str) -> Reply:
    """Carry out an operation; every answer tells how much of the hour's calls is used (M8)."""
    limit = world.meta_calls_per_hour + 40 * len(world.of("meta", account_id))
    used = 100 * world.count_call("meta", timedelta(hours=1)) // limit
    usage = {"type": "custom_audience", "call_count": min(used, 100), "total_cputime": 0}
    usage |= {"total_time": 0, "estimated_time_to_regain_access": 60 if used >= FULL else 0}
    headers = {"X-Business-Use-Case-Usage": json.dumps({account_id: [usage]})}
    try:
        body = _carried_out(world, call, account_id, used)
    except Refused as refused:
        status = 403 if refused.code == PERMISSION else 400
        reply = error(refused.code, str(refused), refused.subcode, status)
        return Reply(reply.status, reply.body, headers)
    return Reply(200, body, headers)


def _carried_out(world: World, call: Call, account_id: str, used: int) -> Json:
    if used >= FULL:
        raise Refused(80003, "There have been too many calls to this ad-account.")
    if call.path.get("ad_account_id", account_id) != account_id:
        raise Refused(PERMISSION, "Permissions error")
    return _OPERATIONS[call.operation](world, call, account_id)


def members_in(body: Json) -> list[str]:
    """Return `type:value` of every match key of a request, in order."""
    payload = body.get("payload", {})
    schema, data = payload.get("schema", []), payload.get("data", [])
    if isinstance(schema, str):
        return [f"{SINGLE[schema]}:{value}" for value in data]
    return [
        f"{key}:{cell}"
        for row in data
        for key, cell in zip(schema, row, strict=True)
        if key not in NO_MATCH_KEY and cell != ""
    ]


def _create(world: World, call: Call, account_id: str) -> Json:
    list_id = str(120_000_000_000_000 + world.number())
    body = call.body
    world.lists[list_id] = SandboxList(
        list_id, "meta", account_id, body["name"], body.get("description", ""), body
    )
    return {"id": list_id}


def _list(world: World, call: Call, account_id: str) -> Json:
    lists = world.of("meta", account_id)
    limit, after = int(call.query.get("limit", "25")), call.query.get("after", "0")
    if not after.isdigit():
        raise Refused(100, "Invalid parameter: after")
    start = int(after)
    page = [_described(entry, call.query) for entry in lists[start : start + limit]]
    end = start + len(page)
    paging: Json = {"cursors": {"before": str(start), "after": str(end)}}
    if end < len(lists):
        paging["next"] = f"customaudiences?after={end}"
    return {"data": page, "paging": paging}


def _get(world: World, call: Call, _account_id: str) -> Json:
    return _described(_found(world, call), call.query)


def _delete(world: World, call: Call, _account_id: str) -> Json:
    del world.lists[_found(world, call).list_id]
    return {"success": True}


def _add(world: World, call: Call, _account_id: str) -> Json:
    found = _found(world, call)
    result = _checked(world, found, call.body)
    now = world.seconds()
    found.members |= dict.fromkeys(members_in(call.body), now)
    return result


def _remove(world: World, call: Call, _account_id: str) -> Json:
    found = _found(world, call)
    result = _checked(world, found, call.body)
    for member in members_in(call.body):
        found.members.pop(member, None)
    return result


def _replace(world: World, call: Call, _account_id: str) -> Json:
    found, session = _found(world, call), call.body["session"]
    result = _checked(world, found, call.body)
    name, now = str(session["session_id"]), world.seconds()
    running = {
        key: entry
        for key, entry in found.sessions.items()
        if entry["is_open"] and now - entry["opened_at"] <= SESSION_SECONDS
    }
    if name in found.sessions and name not in running:
        raise Refused(2650, "The session is closed")
    if running and name not in running:
        raise Refused(2650, "Another replace session is open")
    fresh = {"is_open": True, "opened_at": now, "seq": 0, "members": {}}
    entry = found.sessions.get(name, fresh)
    if session["batch_seq"] != entry["seq"] + 1:
        raise Refused(100, "batch_seq starts at 1 and increases")
    entry["seq"] += 1
    entry["members"] |= dict.fromkeys(members_in(call.body), now)
    found.sessions[name] = entry
    if session["last_batch_flag"]:
        found.members, entry["is_open"] = entry.pop("members"), False
    return result


def _sessions(world: World, call: Call, _account_id: str) -> Json:
    found, wanted = _found(world, call), call.query.get("session_id")
    stage = {True: "uploading", False: "done"}
    return {
        "data": [
            {"session_id": name, "stage": stage[entry["is_open"]]}
            for name, entry in found.sessions.items()
            if wanted in (None, name)
        ]
    }


def _opt_out(world: World, call: Call, account_id: str) -> Json:
    lists = world.of("meta", account_id)
    nowhere = SandboxList("0", "meta", account_id, "", "", {})
    result = _checked(world, nowhere, call.body)
    for entry in lists:
        for member in members_in(call.body):
            entry.members.pop(member, None)
    return result


def _found(world: World, call: Call) -> SandboxList:
    found = world.lists.get(call.path["custom_audience_id"])
    if found is None or found.platform != "meta":
        raise Refused(100, "Unsupported request: the object does not exist", 33)
    return found


def _described(entry: SandboxList, query: Mapping[str, str]) -> Json:
    size = len(entry.members)
    known = {
        "name": entry.name,
        "description": entry.description,
        "account_id": entry.account_id,
        "subtype": "CUSTOM",
        "approximate_count_lower_bound": size // 100 * 100,
        "approximate_count_upper_bound": size // 100 * 100 + 100,
        "operation_status": {"code": 200, "description": "Normal"},
    }
    fields = query.get("fields", "id").split(",")
    unknown = [name for name in fields if name != "id" and name not in known]
    if unknown:
        raise Refused(100, f"Tried accessing nonexisting field ({unknown[0]})")
    return {"id": entry.list_id, **{name: known[name] for name in fields if name in known}}


def _checked(world: World, found: SandboxList, body: Json) -> Json:
    payload = body["payload"]
    schema, data = payload["schema"], payload["data"]
    source = "single key" if isinstance(schema, str) else "multi key"
    if found.data_source not in (None, source):  # M6
        raise Refused(2650, "Cannot update this audience: another data source")
    invalid = 0
    if isinstance(schema, list):
        if OPTION not in schema and NO_MATCH_KEY & set(schema) - {"LOOKALIKE_VALUE"}:  # M7
            raise Refused(100, f"{OPTION}_COUNTRY and _STATE need {OPTION}")
        invalid = sum(_is_empty_row(schema, row) for row in data)
    found.data_source = source
    session = str(body.get("session", {}).get("session_id", world.number()))
    return {
        "audience_id": found.list_id,
        "session_id": session,
        "num_received": len(data),
        "num_invalid_entries": invalid,
        "invalid_entry_samples": {},
    }


def _is_empty_row(schema: list[str], row: list[Any]) -> bool:
    if len(row) != len(schema):  # M1
        raise Refused(100, MISMATCH)
    if not all(_fits(key, cell) for key, cell in zip(schema, row, strict=True)):  # M2, M4
        raise Refused(100, MISMATCH)
    pairs = zip(schema, row, strict=True)
    return all(cell == "" for key, cell in pairs if key not in NO_MATCH_KEY)  # M3


def _fits(key: str, cell: object) -> bool:
    if key == "LOOKALIKE_VALUE" or key in (f"{OPTION}_COUNTRY", f"{OPTION}_STATE"):
        return isinstance(cell, int | float) and not isinstance(cell, bool) and cell >= 0
    if key == OPTION:
        return isinstance(cell, list)
    if not isinstance(cell, str) or cell == NOTHING:
        return False
    looks_hashed = len(cell) == DIGEST_LENGTH and set(cell) <= set("0123456789abcdef")
    return cell == "" or looks_hashed is (key not in CLEAR)


_OPERATIONS = {
    "createCustomAudience": _create,
    "listCustomAudiences": _list,
    "getCustomAudience": _get,
    "deleteCustomAudience": _delete,
    "addUsers": _add,
    "removeUsers": _remove,
    "replaceUsers": _replace,
    "listSessions": _sessions,
    "optOutFromAllAudiences": _opt_out,
}
