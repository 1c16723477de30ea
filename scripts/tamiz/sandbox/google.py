"""Google's side of the sandbox: rules G1 to G11, which a schema cannot say.

A request is applied when it is accepted, but its status says PROCESSING at the first question.
"""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tamiz.sandbox.contract import Violation
from tamiz.sandbox.world import Call, Json, Reply, SandboxList, World

CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
}
TOO_MANY = {
    "audienceMembers": "TOO_MANY_AUDIENCE_MEMBERS",
    "userIdentifiers": "TOO_MANY_USER_IDENTIFIERS",
    "destinations": "TOO_MANY_DESTINATIONS",
}
HASHED = {"emailAddress", "phoneNumber", "givenName", "familyName"}
DIGEST_BYTES = 32
DAY = 86_400  # seconds
LONGEST_MEMBERSHIP = 540 * DAY
KEPT = timedelta(days=50)
READS = {"retrieveRequestStatus", "listUserLists", "getUserList"}
GRANTED = "CONSENT_GRANTED"
DROPPED = "PROCESSING_ERROR_REASON_"


class Refused(Exception):  # noqa: N818 - the platform's word
    """A rule is broken: reason and HTTP status of the error answer."""

    def __init__(self, reason: str, status: int = 400, metadata: Json | None = None) -> None:
        """Keep status and metadata beside the reason."""
        super().__init__(reason)
        self.status, self.metadata = status, metadata or {}


def error(reason: str, status: int = 400, metadata: Json | None = None, text: str = "") -> Reply:
    """An error answer in the shape of google.rpc.Status."""
    detail = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "datamanager.googleapis.com",
        "metadata": metadata or {},
    }
    entry = {"code": status, "message": text or reason, "status": CODES[status]}
    return Reply(status, {"error": {**entry, "details": [detail]}})


def unauthorised() -> Reply:
    """The answer to a token nobody knows."""
    return error("ACCESS_TOKEN_TYPE_UNSUPPORTED", 401)


def unknown_path() -> Reply:
    """The answer to a request no operation takes."""
    return error("METHOD_NOT_FOUND", 404)


def violated(violation: Violation, body: object) -> Reply:
    """The answer to a request that breaks its schema, by the reason Google gives."""
    return error(_reason(violation, body), text=violation.said())


def handle(world: World, call: Call, account_id: str) -> Reply:
    """Carry out an operation, within the calls a minute allows (G9)."""
    try:
        return Reply(200, _carried_out(world, call, account_id))
    except Refused as refused:
        return error(str(refused), refused.status, refused.metadata)


def _carried_out(world: World, call: Call, account_id: str) -> Json:
    kind = "read" if call.operation in READS else "write"
    calls = world.count_call(f"google {kind}", timedelta(minutes=1))
    if calls > world.google_calls_per_minute:
        limit = {"quota_limit": f"{kind}RequestsPerMinutePerProject"}
        raise Refused("RATE_LIMIT_EXCEEDED", 429, limit)
    if call.path.get("account_id", account_id) != account_id:
        raise Refused("USER_PERMISSION_DENIED", 403)
    return _OPERATIONS[call.operation](world, call, account_id)


def members_in(body: Json) -> list[str]:
    """Return `type:value` of every identifier of a request, values in hex, in order."""
    return [
        key for member in body.get("audienceMembers", []) for key in _keys(member, body["encoding"])
    ]


def _ingest(world: World, call: Call, account_id: str) -> Json:
    body = call.body
    lists = _destinations(world, body, account_id)
    if body["termsOfService"]["customerMatchTermsOfServiceStatus"] != "ACCEPTED":  # G4
        raise Refused("TERMS_AND_CONDITIONS_NOT_SIGNED")
    members = _checked(body, lists)
    dropped: dict[str, int] = {}
    kept = []
    for member, keys, goes_to in members:
        reason = _no_consent(body.get("consent", {}) | member.get("consent", {}))
        if reason is None:
            kept.append((keys, goes_to))
        else:
            dropped[reason] = dropped.get(reason, 0) + 1
    if not body.get("validateOnly", False):
        now = world.seconds()
        for keys, goes_to in kept:
            for number in goes_to:
                lists[number].members |= dict.fromkeys(keys, now)
    return _accepted(world, body, "Ingestion", dropped)


def _remove(world: World, call: Call, account_id: str) -> Json:
    body = call.body
    lists = _destinations(world, body, account_id)
    members = _checked(body, lists)
    if not body.get("validateOnly", False):
        for _, keys, goes_to in members:
            for number in goes_to:
                for key in keys:
                    lists[number].members.pop(key, None)
    return _accepted(world, body, "Removal", {})


def _remove_all(world: World, call: Call, account_id: str) -> Json:
    body, now = call.body, world.seconds()
    lists = _destinations(world, body, account_id)
    as_of = now
    if "removeAsOfTime" in body:
        as_of = _moment(body["removeAsOfTime"])
    if as_of > now:  # G10
        raise Refused("INVALID_REMOVE_AS_OF_TIME")
    if not body.get("validateOnly", False):
        for found in lists:
            found.members = {key: at for key, at in found.members.items() if at > as_of}
    return _accepted(world, body, "all", {})


def _status(world: World, call: Call, _account_id: str) -> Json:
    work = world.work.get(call.query["requestId"])
    if work is None or work["is_validation"]:  # G7
        raise Refused("INVALID_REQUEST_ID")
    if world.seconds() - work["at"] > KEPT.total_seconds():
        raise Refused("REQUEST_TOO_OLD")
    work["asked"] += 1
    state = "PROCESSING" if work["asked"] == 1 else work["state"]
    entries = []
    for destination in work["destinations"]:
        entry = {"destination": destination, "requestStatus": state, **work["told"]}
        if work["errors"] and state != "PROCESSING":
            entry["errorInfo"] = {"errorCounts": work["errors"]}
        entries.append(entry)
    return {"requestStatusPerDestination": entries}


def _create(world: World, call: Call, account_id: str) -> Json:
    body = call.body
    lists = world.of("google", account_id)
    if any(entry.name == body["displayName"] for entry in lists):
        raise Refused("DISPLAY_NAME_ALREADY_USED")
    seconds = int(body.get("membershipDuration", f"{LONGEST_MEMBERSHIP}s")[:-1])
    if seconds > LONGEST_MEMBERSHIP or seconds % DAY:
        raise Refused("MEMBERSHIP_DURATION_TOO_LONG")
    list_id = str(7_000_000_000 + world.number())
    found = SandboxList(
        list_id, "google", account_id, body["displayName"], body.get("description", ""), body
    )
    if call.query.get("validateOnly") != "true":
        world.lists[list_id] = found
    return _described(found)


def _list(world: World, call: Call, account_id: str) -> Json:
    if "filter" in call.query:
        raise Refused("UNSUPPORTED_FILTER")
    lists = world.of("google", account_id)
    size, token = int(call.query.get("pageSize", "50")), call.query.get("pageToken", "0")
    if not token.isdigit():
        raise Refused("INVALID_PAGE_TOKEN")
    page = lists[int(token) : int(token) + size]
    end = int(token) + len(page)
    answer: Json = {"userLists": [_described(entry) for entry in page]} if page else {}
    return answer | ({"nextPageToken": str(end)} if end < len(lists) else {})


def _get(world: World, call: Call, account_id: str) -> Json:
    return _described(_found(world, call.path["user_list_id"], account_id, "NOT_FOUND", 404))


def _delete(world: World, call: Call, account_id: str) -> Json:
    del world.lists[_found(world, call.path["user_list_id"], account_id, "NOT_FOUND", 404).list_id]
    return {}


def _found(
    world: World, list_id: str, account_id: str, reason: str, status: int = 400
) -> SandboxList:
    found = world.lists.get(list_id)
    if found is None or (found.platform, found.account_id) != ("google", account_id):
        raise Refused(reason, status)
    return found


def _described(entry: SandboxList) -> Json:
    size = str(len(entry.members))
    return {
        "name": f"accountTypes/GOOGLE_ADS/accounts/{entry.account_id}/userLists/{entry.list_id}",
        "id": entry.list_id,
        "displayName": entry.name,
        "description": entry.description,
        "membershipStatus": "OPEN",
        "sizeInfo": {"displayNetworkMembersCount": size, "searchNetworkMembersCount": size},
        "ingestedUserListInfo": entry.settings["ingestedUserListInfo"],
    }


def _destinations(world: World, body: Json, account_id: str) -> list[SandboxList]:
    destinations = body["destinations"]
    names = [entry["reference"] for entry in destinations if "reference" in entry]
    if len(names) != len(set(names)):  # G10
        raise Refused("DUPLICATE_DESTINATION_REFERENCE")
    for entry in destinations:
        if entry["operatingAccount"] != {"accountType": "GOOGLE_ADS", "accountId": account_id}:
            raise Refused("USER_PERMISSION_DENIED", 403)
    wanted = [entry["productDestinationId"] for entry in destinations]
    return [_found(world, list_id, account_id, "INVALID_USER_LIST_ID") for list_id in wanted]


def _checked(body: Json, lists: list[SandboxList]) -> list[tuple[Json, list[str], list[int]]]:
    """Each member with its keys and the numbers of its destinations; one bad one fails all (G1)."""
    kinds = {key for member in body["audienceMembers"] for key in member if key.endswith("Data")}
    if len(kinds) > 1:  # G5
        raise Refused("MULTIPLE_DATA_TYPES_NOT_ALLOWED")
    for entry in lists:
        if "CONTACT_ID" not in entry.settings["ingestedUserListInfo"]["uploadKeyTypes"]:
            raise Refused("INVALID_USER_LIST_TYPE")
    if kinds != {"userData"}:
        raise Refused("INVALID_USER_LIST_TYPE")
    references = [entry.get("reference") for entry in body["destinations"]]
    everywhere = list(range(len(references)))
    members = []
    for member in body["audienceMembers"]:
        goes_to = everywhere
        if "destinationReferences" in member:
            if not set(member["destinationReferences"]) <= set(references):
                raise Refused("INVALID_DESTINATION")
            goes_to = [references.index(name) for name in member["destinationReferences"]]
        members.append((member, _keys(member, body["encoding"]), goes_to))
    return members


def _keys(member: Json, encoding: str) -> list[str]:
    keys = []
    for identifier in member.get("userData", {}).get("userIdentifiers", []):
        ((kind, value),) = identifier.items()
        if kind == "address":
            parts = [
                _hex(value["givenName"], encoding),
                _hex(value["familyName"], encoding),
                value["regionCode"],
                value["postalCode"],
            ]
            keys.append(f"{kind}:{'/'.join(parts)}")
        else:
            keys.append(f"{kind}:{_hex(value, encoding)}")
    return keys


def _hex(value: str, encoding: str) -> str:
    is_hex = re.fullmatch("[0-9a-f]{64}", value) is not None
    if encoding == "HEX":
        if not is_hex:
            raise Refused("INVALID_HEX_ENCODING")
        return value
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise Refused("INVALID_BASE64_ENCODING") from None
    if len(digest) != DIGEST_BYTES:
        raise Refused("INVALID_SHA256_FORMAT")
    return digest.hex()


def _no_consent(consent: Json) -> str | None:
    """Why a member is dropped later (G8); the sandbox takes everybody to live in the EEA."""
    given = [consent.get(name) for name in ("adUserData", "adPersonalization")]
    if given == [GRANTED, GRANTED]:
        return None
    if "CONSENT_DENIED" in given:
        return f"{DROPPED}DENIED_CONSENT"
    return f"{DROPPED}NO_CONSENT" if None in given else f"{DROPPED}UNKNOWN_CONSENT"


def _accepted(world: World, body: Json, what: str, dropped: dict[str, int]) -> Json:
    request_id = f"sandbox-{world.number()}"
    count = len(body.get("audienceMembers", []))
    bad = sum(dropped.values())
    state = "SUCCESS" if not bad else "FAILED" if bad == count else "PARTIAL_SUCCESS"
    told: Json = {"removeAllAudienceMembersStatus": {}}
    if what != "all":
        identifiers = len(members_in(body))
        counts = {"recordCount": str(count), "userIdentifierCount": str(identifiers)}
        told = {f"audienceMembers{what}Status": {f"userData{what}Status": counts}}
    world.work[request_id] = {
        "at": world.seconds(),
        "asked": 0,
        "destinations": body["destinations"],
        "errors": [{"recordCount": str(n), "reason": reason} for reason, n in dropped.items()],
        "is_validation": body.get("validateOnly", False),
        "state": state,
        "told": told,
    }
    return {"requestId": request_id}


def _moment(text: str) -> float:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).timestamp()
    except ValueError:
        raise Refused("INVALID_REMOVE_AS_OF_TIME") from None


def _reason(violation: Violation, body: object) -> str:
    last = next((step for step in reversed(violation.where) if isinstance(step, str)), "")
    if violation.keyword == "maxItems":
        return TOO_MANY.get(last, "INVALID_ARGUMENT")
    if violation.keyword == "pattern" and last in HASHED:
        return _digest_reason(violation, body)
    if violation.keyword == "oneOf" and len(_at(body, violation.where)) > 1:
        return "MULTIPLE_DATA_TYPES_NOT_ALLOWED"
    if violation.keyword == "required":
        is_terms = violation.missing in ("termsOfService", "customerMatchTermsOfServiceStatus")
        return "TERMS_AND_CONDITIONS_NOT_SIGNED" if is_terms else "REQUIRED_FIELD_MISSING"
    return "INVALID_JSON_FIELD" if violation.keyword == "additionalProperties" else "INVALID_VALUE"


def _digest_reason(violation: Violation, body: object) -> str:
    value = str(_at(body, violation.where))
    if _at(body, ()).get("encoding") == "BASE64":
        return "INVALID_BASE64_ENCODING"
    is_hex = re.fullmatch("([0-9a-fA-F]{2})+", value) is not None
    return "INVALID_SHA256_FORMAT" if is_hex else "INVALID_HEX_ENCODING"


def _at(body: object, where: tuple[str | int, ...]) -> Any:  # noqa: ANN401 - a part of JSON
    value: Any = body
    for step in where:
        value = value[step]
    return value


_OPERATIONS = {
    "ingestAudienceMembers": _ingest,
    "removeAudienceMembers": _remove,
    "removeAllAudienceMembers": _remove_all,
    "retrieveRequestStatus": _status,
    "createUserList": _create,
    "listUserLists": _list,
    "getUserList": _get,
    "deleteUserList": _delete,
}
