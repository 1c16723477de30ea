"""Google's side of the sandbox: rules G1 to G11, which a schema cannot say.

A request is applied when it is accepted, but its status says PROCESSING at the first question, and
until the delay is over.
"""

from collections import Counter
from datetime import UTC, datetime

from tamiz.sandbox.rules.common import Call, Reply, Rules, is_done, page_of
from tamiz.sandbox.rules.google_errors import refused, trouble, violated
from tamiz.sandbox.rules.google_members import (
    Member,
    by_kind,
    find,
    no_consent,
    read_destinations,
    read_members,
)
from tamiz.sandbox.world import Json, SandboxList, World

DAY = 86_400  # seconds
LONGEST_MEMBERSHIP = 540 * DAY
DIGITS = 12  # no duration that is not too long has more
KEPT = 50 * DAY
READS = {"retrieveRequestStatus", "listUserLists", "getUserList"}


def _ingest(world: World, call: Call) -> Reply:
    lists = read_destinations(world, call, is_removal=False)
    terms = call.body["termsOfService"]
    if terms["customerMatchTermsOfServiceStatus"] != "ACCEPTED":  # G4
        raise refused("TERMS_AND_CONDITIONS_NOT_SIGNED")
    members = read_members(world, call, lists)
    reasons = [no_consent(member.consent) for member in members]
    if not call.body.get("validateOnly", False):
        kept = [member for member, reason in zip(members, reasons, strict=True) if reason is None]
        for number, entry in enumerate(lists):
            world.add(entry, by_kind(kept, number))
    dropped = Counter(reason for reason in reasons if reason is not None)
    return _accepted(world, call.body, "Ingestion", members, dropped)


def _remove(world: World, call: Call) -> Reply:
    lists = read_destinations(world, call, is_removal=True)
    members = read_members(world, call, lists)
    if not call.body.get("validateOnly", False):
        for number, entry in enumerate(lists):
            world.remove(entry, by_kind(members, number))
    return _accepted(world, call.body, "Removal", members, Counter())


def _remove_all(world: World, call: Call) -> Reply:
    body, now = call.body, world.seconds()
    lists = read_destinations(world, call, is_removal=True)
    as_of = _moment(body["removeAsOfTime"]) if "removeAsOfTime" in body else now
    if as_of > now:  # G10
        raise refused("INVALID_REMOVE_AS_OF_TIME")
    if not body.get("validateOnly", False):
        for entry in lists:
            old = {
                kind: [value for value, at in values.items() if at <= as_of]
                for kind, values in entry.members.items()
            }
            world.remove(entry, old)
    return _accepted(world, body, "all", [], Counter())


def _status(world: World, call: Call) -> Reply:
    work_id = call.query["requestId"]
    work = world.work.get(work_id)
    if work is None or work["is_validation"]:  # G7
        raise refused("INVALID_REQUEST_ID")
    if world.seconds() - work["at"] > KEPT:
        raise refused("REQUEST_TOO_OLD")
    world.keep_work(work_id, {**work, "asked": work["asked"] + 1})
    is_over = work["asked"] > 0 and is_done(world, "google", work["at"])
    entries = []
    for destination in work["destinations"]:
        state = work["state"] if is_over else "PROCESSING"
        entry = {"destination": destination, "requestStatus": state, **work["told"]}
        if work["errors"] and is_over:
            entry["errorInfo"] = {"errorCounts": work["errors"]}
        entries.append(entry)
    return Reply(200, {"requestStatusPerDestination": entries})


def _create(world: World, call: Call) -> Reply:
    _own(call)
    body = call.body
    lists = world.of("google", call.account_id)
    if any(entry.name == body["displayName"] for entry in lists):
        raise refused("DISPLAY_NAME_ALREADY_USED")
    duration = body.get("membershipDuration", f"{LONGEST_MEMBERSHIP}s")[:-1]
    if len(duration) > DIGITS or int(duration) > LONGEST_MEMBERSHIP or int(duration) % DAY:
        raise refused("MEMBERSHIP_DURATION_TOO_LONG")
    list_id, name = str(7_000_000_000 + world.number()), body["displayName"]
    text = body.get("description", "")
    found = SandboxList(list_id, "google", call.account_id, name, text, body, world.seconds())
    if call.query.get("validateOnly") != "true":
        world.put(found)
    return Reply(200, _described(found))


def _list(world: World, call: Call) -> Reply:
    _own(call)
    if "filter" in call.query:
        raise refused("UNSUPPORTED_FILTER")
    lists, token = world.of("google", call.account_id), call.query.get("pageToken", "0")
    found = page_of(lists, token, int(call.query.get("pageSize", "50")))
    if found is None:
        raise refused("INVALID_PAGE_TOKEN")
    page, end = found
    answer: Json = {"userLists": [_described(entry) for entry in page]} if page else {}
    return Reply(200, answer | ({"nextPageToken": str(end)} if end is not None else {}))


def _get(world: World, call: Call) -> Reply:
    return Reply(200, _described(_found(world, call)))


def _delete(world: World, call: Call) -> Reply:
    found = _found(world, call)
    if call.query.get("validateOnly") != "true":
        world.drop(found)
    return Reply(200, {})


def _own(call: Call) -> None:
    if call.path["account_id"] != call.account_id:
        raise refused("USER_PERMISSION_DENIED", 403)


def _found(world: World, call: Call) -> SandboxList:
    _own(call)
    return find(world, call.path["user_list_id"], call.account_id, "NOT_FOUND", 404)


def _described(entry: SandboxList) -> Json:
    size = str(entry.matched)
    return {
        "name": f"accountTypes/GOOGLE_ADS/accounts/{entry.account_id}/userLists/{entry.list_id}",
        "id": entry.list_id,
        "displayName": entry.name,
        "description": entry.description,
        "membershipStatus": "OPEN",
        "sizeInfo": {"displayNetworkMembersCount": size, "searchNetworkMembersCount": size},
        "ingestedUserListInfo": entry.settings["ingestedUserListInfo"],
    }


def _accepted(
    world: World, body: Json, what: str, members: list[Member], dropped: Counter[str]
) -> Reply:
    request_id, count, bad = f"sandbox-{world.number()}", len(members), dropped.total()
    told: Json = {"removeAllAudienceMembersStatus": {}}
    if what != "all":
        identifiers = sum(len(member.identifiers) for member in members)
        counts = {"recordCount": str(count), "userIdentifierCount": str(identifiers)}
        told = {f"audienceMembers{what}Status": {f"userData{what}Status": counts}}
    work = {
        "at": world.seconds(),
        "asked": 0,
        "destinations": body["destinations"],
        "errors": [{"recordCount": str(n), "reason": reason} for reason, n in dropped.items()],
        "is_validation": body.get("validateOnly", False),
        "state": "SUCCESS" if not bad else "FAILED" if bad == count else "PARTIAL_SUCCESS",
        "told": told,
    }
    world.keep_work(request_id, work)
    return Reply(200, {"requestId": request_id})


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).timestamp()
    except (ValueError, OverflowError):
        raise refused("INVALID_REMOVE_AS_OF_TIME") from None


RULES = Rules(
    name="google",
    operations={
        "ingestAudienceMembers": _ingest,
        "removeAudienceMembers": _remove,
        "removeAllAudienceMembers": _remove_all,
        "retrieveRequestStatus": _status,
        "createUserList": _create,
        "listUserLists": _list,
        "getUserList": _get,
        "deleteUserList": _delete,
    },
    trouble=trouble,
    violated=violated,
    limits=lambda operation: ("read",) if operation in READS else ("write",),
)
