"""Members of Google's requests: rules G1, G3, G5, G6, G8 and G10, and who is among them."""

import base64
import binascii
from dataclasses import dataclass

from tamiz.sandbox.rules.common import Call, Refused, bad_rows, hold_to_faults
from tamiz.sandbox.rules.google_errors import error, path_of, refused, trouble
from tamiz.sandbox.world import Json, SandboxList, World

KINDS = {"emailAddress": "email", "phoneNumber": "phone", "address": "address"}
DIGEST_LENGTH = 64  # in hex
DIGEST_BYTES = 32
GRANTED = "CONSENT_GRANTED"
DROPPED = "PROCESSING_ERROR_REASON_"


@dataclass(frozen=True, slots=True)
class Member:
    """One member: pairs of kind and value, the numbers of its destinations, and its consent."""

    identifiers: list[tuple[str, str]]
    goes_to: list[int]
    consent: Json


def read_destinations(world: World, call: Call, *, is_removal: bool) -> list[SandboxList]:
    """Return the lists that a request is about."""
    destinations = call.body["destinations"]
    names = [entry["reference"] for entry in destinations if "reference" in entry]
    if len(names) != len(set(names)):  # G10
        raise refused("DUPLICATE_DESTINATION_REFERENCE")
    ours = {"accountType": "GOOGLE_ADS", "accountId": call.account_id}
    if any(entry["operatingAccount"] != ours for entry in destinations):
        raise refused("USER_PERMISSION_DENIED", 403)
    lists = [
        find(world, entry["productDestinationId"], call.account_id, "INVALID_USER_LIST_ID")
        for entry in destinations
    ]
    for entry in lists:
        hold_to_faults(trouble, world, call, entry, is_removal=is_removal)
    return lists


def find(
    world: World, list_id: str, account_id: str, reason: str, status: int = 400
) -> SandboxList:
    """Return a list of the account; refuses for the reason if there is none."""
    found = world.lists.get(list_id)
    if found is None or (found.platform, found.account_id) != ("google", account_id):
        raise refused(reason, status)
    return found


def read_members(world: World, call: Call, lists: list[SandboxList]) -> list[Member]:
    """Return the members; a bad one fails all of them (G1), and is named."""
    body = call.body
    kinds = {key for member in body["audienceMembers"] for key in member if key.endswith("Data")}
    if len(kinds) > 1:  # G5
        raise refused("MULTIPLE_DATA_TYPES_NOT_ALLOWED")
    takes = [entry.settings["ingestedUserListInfo"]["uploadKeyTypes"] for entry in lists]
    if kinds != {"userData"} or not all("CONTACT_ID" in types for types in takes):
        raise refused("INVALID_USER_LIST_TYPE")
    references = [entry.get("reference") for entry in body["destinations"]]
    everywhere = list(range(len(references)))
    members = []
    for index, member in enumerate(body["audienceMembers"]):
        goes_to = everywhere
        if "destinationReferences" in member:
            if not set(member["destinationReferences"]) <= set(references):
                raise refused("INVALID_DESTINATION")
            goes_to = [references.index(name) for name in member["destinationReferences"]]
        consent = body.get("consent", {}) | member.get("consent", {})
        members.append(Member(_identifiers(index, member, body["encoding"]), goes_to, consent))
    firsts = (member.identifiers[0][1] for member in members)
    bad = sorted(bad_rows(world, call, firsts))
    if bad:
        fields = [path_of(("audienceMembers", index, "userData")) for index in bad]
        raise Refused(error("INVALID_SHA256_FORMAT", fields=fields))
    return members


def by_kind(members: list[Member], number: int) -> dict[str, list[str]]:
    """Return the identifiers that go to one destination, by kind."""
    found: dict[str, list[str]] = {}
    for member in members:
        if number in member.goes_to:
            for kind, value in member.identifiers:
                found.setdefault(kind, []).append(value)
    return found


def no_consent(consent: Json) -> str | None:
    """Why a member is dropped later (G8); the sandbox takes everybody to live in the EEA."""
    given = [consent.get(name) for name in ("adUserData", "adPersonalization")]
    if given == [GRANTED, GRANTED]:
        return None
    if "CONSENT_DENIED" in given:
        return f"{DROPPED}DENIED_CONSENT"
    return f"{DROPPED}NO_CONSENT" if None in given else f"{DROPPED}UNKNOWN_CONSENT"


def _identifiers(index: int, member: Json, encoding: str) -> list[tuple[str, str]]:
    found = []
    for number, identifier in enumerate(member["userData"]["userIdentifiers"]):
        ((kind, value),) = identifier.items()
        where = ("audienceMembers", index, "userData", "userIdentifiers", number, kind)
        if kind == "address":
            names = [_hex(value[name], encoding, where) for name in ("givenName", "familyName")]
            value = "/".join((*names, value["regionCode"], value["postalCode"]))
        else:
            value = _hex(value, encoding, where)
        found.append((KINDS[kind], value))
    return found


def _hex(value: str, encoding: str, where: tuple[str | int, ...]) -> str:
    if encoding == "HEX":
        if len(value) != DIGEST_LENGTH:  # the contract lets through hex and BASE64, nothing else
            raise _bad("INVALID_HEX_ENCODING", where)
        return value
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise _bad("INVALID_BASE64_ENCODING", where) from None
    if len(digest) != DIGEST_BYTES:
        raise _bad("INVALID_SHA256_FORMAT", where)
    return digest.hex()


def _bad(reason: str, where: tuple[str | int, ...]) -> Refused:
    return Refused(error(reason, fields=[path_of(where)]))
