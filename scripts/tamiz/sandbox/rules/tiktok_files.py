"""TikTok's customer files in the sandbox: rules T5 and T6, which a schema cannot say."""

import csv
import re
from collections.abc import Iterable, Mapping
from hashlib import md5

from tamiz.sandbox.rules.common import Call, Reply, hold_to_faults
from tamiz.sandbox.rules.tiktok_errors import envelope, own, refused, trouble
from tamiz.sandbox.world import SandboxList, World

MIXED = "MULTIPLE_TYPES"
KINDS: Mapping[str, str] = {
    "EMAIL_SHA256": "email",
    "PHONE_SHA256": "phone",
    "MAID_SHA256": "mobile_ad_id",
    "MAID_MD5": "mobile_ad_id_md5",
    "MAID": "mobile_ad_id_clear",
    "FIRST_SHA256": "first_sha256",
    "FIRST_MD5": "first_md5",
    "IDFA_SHA256": "idfa",
    "IDFA_MD5": "idfa_md5",
    "GAID_SHA256": "aaid",
    "GAID_MD5": "aaid_md5",
}
HEADERS = {"MAID", "PHONE_SHA256", "EMAIL_SHA256", "MAID_SHA256", "MAID_MD5"}
HASHES = {"SHA256": re.compile("[0-9a-f]{64}"), "MD5": re.compile("[0-9a-f]{32}")}
CLEAR = re.compile(r"\S+")


def upload(world: World, call: Call) -> Reply:
    """Keep a file until an audience is made of it."""
    body, content = call.body, call.files.get("file", b"")
    own(call, body["advertiser_id"])
    if md5(content, usedforsecurity=False).hexdigest() != body["file_signature"]:  # T5
        raise refused("file_signature is the MD5 of the file")
    file_path = f"sandbox/file-{world.number()}"
    members = _members(content, body["calculate_type"])
    kept = {"calculate_type": body["calculate_type"], "members": members}
    world.keep_work(file_path, kept)
    return envelope(data={"file_path": file_path})


def create(world: World, call: Call) -> Reply:
    """Make an audience of files."""
    body, list_id = call.body, str(7_200_000_000_000_000_000 + world.number())
    own(call, body["advertiser_id"])
    members = _uploaded(world, body["file_paths"], body["calculate_type"])
    name, now = body["custom_audience_name"], world.seconds()
    settings = {"calculate_type": body["calculate_type"]}
    found = world.put(SandboxList(list_id, "tiktok", call.account_id, name, "", settings, now))
    for part in members:
        world.add(found, part)
    return envelope(data={"custom_audience_id": list_id})


def update(world: World, call: Call) -> Reply:
    """Change the name or the members; REPLACE is TikTok's default, and has to be written here."""
    body = call.body
    own(call, body["advertiser_id"])
    found = find(world, body["custom_audience_id"])
    is_removal = body.get("action") in ("REMOVE", "REPLACE")
    hold_to_faults(trouble, world, call, found, is_removal=is_removal)
    members = _uploaded(
        world, body.get("file_paths", []), found.settings.get("calculate_type", MIXED)
    )
    if body.get("action") == "REPLACE" and "file_paths" in body:
        world.remove(found, {kind: list(there) for kind, there in found.members.items()})
    for part in members:
        (world.remove if body["action"] == "REMOVE" else world.add)(found, part)
    found.name = body.get("custom_audience_name", found.name)
    world.put(found)
    return envelope(data={})


def delete(world: World, call: Call) -> Reply:
    """Delete audiences, all of those named or none."""
    own(call, call.body["advertiser_id"])
    for found in [find(world, list_id) for list_id in call.body["custom_audience_ids"]]:
        world.drop(found)
    return envelope(data={})


def find(world: World, list_id: str) -> SandboxList:
    """Return an audience; refuses if there is none."""
    found = world.lists.get(list_id)
    if found is None or found.platform != "tiktok":
        raise refused("there is no such audience")
    return found


def _uploaded(
    world: World, paths: Iterable[str], calculate_type: str
) -> list[dict[str, list[str]]]:
    files = [world.work.get(path) for path in paths]
    if any(kept is None or "calculate_type" not in kept for kept in files):
        raise refused("there is no such file")
    known = [kept for kept in files if kept is not None]
    if any(kept["calculate_type"] != calculate_type for kept in known):  # T6
        raise refused("calculate_type is that of every file")
    return [kept["members"] for kept in known]


def _members(content: bytes, calculate_type: str) -> dict[str, list[str]]:
    lines = content.decode("utf-8", "replace").splitlines()
    if calculate_type != MIXED:
        return {KINDS[calculate_type]: _checked(calculate_type, lines)}
    rows = list(csv.reader(lines))
    names = [name.strip().upper() for name in rows[0]] if rows else []
    if not names or not set(names) <= HEADERS or any(len(row) != len(names) for row in rows):
        raise refused("the header of the file names its columns")
    return {
        KINDS[name]: _checked(name, [row[number] for row in rows[1:] if row[number]])
        for number, name in enumerate(names)
    }


def _checked(name: str, values: list[str]) -> list[str]:
    pattern = HASHES.get(name.rpartition("_")[2], CLEAR)
    if not all(pattern.fullmatch(value) for value in values):
        raise refused("every line is hashed as calculate_type says")
    return values
