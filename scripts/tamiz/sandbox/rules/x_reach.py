"""X's list of people an account must not reach: rule X9."""

from tamiz.sandbox.rules.common import Call, Refused, Reply
from tamiz.sandbox.rules.x_errors import error, operation_errors
from tamiz.sandbox.rules.x_time import THIRTEEN_MONTHS, moment, utc
from tamiz.sandbox.world import Json, SandboxList, World

PLATFORM = "x do not reach"  # of the list, so that it is none of the audiences
KINDS = {"email": "email", "phone_number": "phone"}


def create_reach_list(world: World, call: Call) -> Reply:
    """Make the account's one list."""
    _own(call)
    if world.of(PLATFORM, call.account_id):
        raise Refused(error("INVALID_PARAMETER", "the account has its list"))
    text, list_id = call.query.get("description", ""), f"r{world.number():x}"
    name = "Do Not Reach List"
    found = SandboxList(list_id, PLATFORM, call.account_id, name, text, {}, world.seconds())
    data = _described(world.put(found))
    return Reply(200, {"data": data, "request": {"params": {"account_id": call.account_id}}})


def list_reach_lists(world: World, call: Call) -> Reply:
    """Tell the account's list, if it has one."""
    _own(call)
    data = [_described(entry) for entry in world.of(PLATFORM, call.account_id)]
    echo = {"params": {"account_id": call.account_id}}
    return Reply(200, {"data": data, "next_cursor": None, "request": echo})


def update_reach_users(world: World, call: Call) -> Reply:
    """Add and remove people; the answer is made of arrays here."""
    _own(call)
    found = world.lists.get(call.path["do_not_reach_list_id"])
    if found is None or found.platform != PLATFORM:
        raise Refused(error("NOT_FOUND", "no such list", 404))
    now = world.seconds()
    bad = []
    for number, operation in enumerate(call.body):
        ends = moment(operation["params"]["expires_at"], None)
        if ends is None or not now < ends < now + THIRTEEN_MONTHS:
            bad.append(number)
    if bad:
        raise Refused(operation_errors(len(call.body), bad))
    counts = []
    for operation in call.body:
        users = operation["params"]["users"]
        for key, kind in KINDS.items():
            values = [value for user in users for value in user.get(key, [])]
            change = world.add if operation["operation_type"] == "Update" else world.remove
            change(found, {kind: values})
        counts.append({"success_count": len(users), "total_count": len(users)})
    echo = [{"params": {}, "operation_type": entry["operation_type"]} for entry in call.body]
    return Reply(200, {"data": counts, "request": echo})


def _own(call: Call) -> None:
    if call.path["account_id"] != call.account_id:
        raise Refused(error("ACCOUNT_NOT_FOUND", "no such account", 404))


def _described(entry: SandboxList) -> Json:
    made = utc(entry.created_at)
    return {
        "id": entry.list_id,
        "name": entry.name,
        "description": entry.description or None,
        "targetable": False,
        "reasons_not_targetable": [],
        "list_size": len(entry),
        "deleted": False,
        "created_at": made,
        "updated_at": made,
    }
