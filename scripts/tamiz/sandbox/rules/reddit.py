"""Reddit's side of the sandbox: rules R1 to R4, which a schema cannot say."""

import re
from collections.abc import Mapping, Sequence

from tamiz.platforms import Account
from tamiz.sandbox.contract import Violation
from tamiz.sandbox.rules.common import (
    Call,
    Meter,
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

KINDS = {"EMAIL_SHA256": "email", "MAID_SHA256": "mobile_ad_id"}
FIRST_ID = 2_066_268_373_552_000_000
LIBRARY = re.compile(
    r"(axios|curl|go-http-client|java|node-fetch|okhttp|python|schemathesis|urllib3|wget)",
    re.IGNORECASE,
)
INGESTION = ("calls", "ads-custom-audience-ingestion", "ads-custom-audience-ingestion-burst")
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
    """An error answer in Reddit's shape."""
    return Reply(status, {"error": {"code": status, "message": text}})


def trouble(kind: Trouble, status: int | None = None) -> Reply:
    """The answer to what can happen to any request."""
    return error(status or STATUSES[kind], str(kind))


def violated(violation: Violation, _body: object) -> Reply:
    """The answer to a request that breaks its schema; ragged rows and blanks among them (R1)."""
    return error(400, violation.said())


def admits(_account: Account, headers: Mapping[str, str]) -> Trouble | None:
    """Refuse the names that HTTP libraries give themselves, as the contract says of User-Agent."""
    return Trouble.FORBIDDEN if LIBRARY.match(headers.get("user-agent", "")) else None


def headers(_world: World, _call: Call, meters: Sequence[Meter]) -> dict[str, str]:
    """Every answer tells the limits and what is left of them, as the IETF draft has it."""
    policies = [f'"{meter.name}";q={meter.limit};w={meter.window:.0f}' for meter in meters]
    left = [
        f'"{meter.name}";r={max(meter.remaining, 0)};t={int(meter.reset_after) + 1}'
        for meter in meters
    ]
    return {"RateLimit-Policy": ",".join(policies), "RateLimit": ",".join(left)} if meters else {}


def _create(world: World, call: Call) -> Reply:
    if call.path["ad_account_id"] != call.account_id:
        raise Refused(trouble(Trouble.FORBIDDEN))
    list_id, name = f"ca.{FIRST_ID + world.number()}", call.body["data"]["name"]
    found = SandboxList(list_id, "reddit", call.account_id, name, "", {}, world.seconds())
    return Reply(200, _described(world, world.put(found)))


def _get(world: World, call: Call) -> Reply:
    return Reply(200, _described(world, _found(world, call)))


def _delete(world: World, call: Call) -> Reply:
    world.drop(_found(world, call))
    return Reply(204)


def _users(world: World, call: Call) -> Reply:
    found, data = _found(world, call), call.body["data"]
    is_removal = data["action_type"] == "REMOVE"
    hold_to_faults(trouble, world, call, found, is_removal=is_removal)
    rows = data["user_data"]
    refuse_bad_rows(trouble, world, call, (row[0] for row in rows))
    members = {
        KINDS[column]: [row[number] for row in rows]
        for number, column in enumerate(data["column_order"])
    }
    (world.remove if is_removal else world.add)(found, members)
    return Reply(204)  # R3: nothing is told about rows


def _found(world: World, call: Call) -> SandboxList:
    found = world.lists.get(call.path["audience_id"])
    if found is None or found.platform != "reddit":
        raise Refused(trouble(Trouble.NOWHERE))
    return found


def _described(world: World, entry: SandboxList) -> Json:
    status = "VALID" if is_large_enough(world, entry) else "INVALID"
    if not is_ready(world, entry):  # R2
        status = "PENDING"
    data = {"id": entry.list_id, "name": entry.name, "type": "CUSTOMER_LIST"}
    return {"data": {**data, "status": "INVALID" if entry.state.get("is_flagged") else status}}


RULES = Rules(
    name="reddit",
    operations={
        "audienceCreate": _create,
        "audienceGet": _get,
        "audienceDelete": _delete,
        "usersUpdate": _users,
    },
    trouble=trouble,
    violated=violated,
    limits=lambda operation: (
        ("calls", "ads-targeting-taxonomy") if operation == "audienceGet" else INGESTION
    ),
    headers=headers,
    admits=admits,
)
