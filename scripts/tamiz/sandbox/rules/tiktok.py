"""TikTok's streamed segments in the sandbox: rules T1 to T4, which a schema cannot say.

Files are in `tiktok_files.py`. HTTP is 200 whatever happens; only `code` 0 is success.
"""

import json

from tamiz.sandbox.rules.common import (
    Call,
    Reply,
    Rules,
    hold_to_faults,
    is_large_enough,
    refuse_bad_rows,
)
from tamiz.sandbox.rules.tiktok_errors import envelope, own, refused, trouble, violated
from tamiz.sandbox.rules.tiktok_files import create, delete, find, update, upload
from tamiz.sandbox.world import Json, SandboxList, World

KINDS = {
    "EMAIL_SHA256": "email",
    "PHONE_SHA256": "phone",
    "IDFA_SHA256": "idfa",
    "AAID_SHA256": "aaid",
    "IDFA_MD5": "idfa_md5",
    "AAID_MD5": "aaid_md5",
}
LENGTHS = {"SHA256": 64, "MD5": 32}
PAGE = 10
MOST_IDS = 100


def _segment(world: World, call: Call) -> Reply:
    body = call.body
    own(call, body["advertiser_id"])
    if body["action"] == "delete":
        world.drop(find(world, body["delete_audience_id"]))
        return envelope(data={})
    list_id = str(7_200_000_000_000_000_000 + world.number())
    name, now = body["custom_audience_name"], world.seconds()
    world.put(SandboxList(list_id, "tiktok", call.account_id, name, "", {}, now))
    return envelope(data={"audience_id": list_id})


def _mapping(world: World, call: Call) -> Reply:
    body = call.body
    own(call, *body["advertiser_ids"])
    kinds, rows = body["id_schema"], body["batch_data"]
    for row in rows:
        if len(row) != len(kinds):  # T1
            raise refused("a row has as many entries as id_schema")
        if not any(row):  # T2
            raise refused("a row has an identifier")
        for kind, entry in zip(kinds, row, strict=True):
            if entry and len(entry["id"]) != LENGTHS[kind.rpartition("_")[2]]:  # T3
                raise refused("an identifier is hashed as id_schema says")
    first = [next(entry["id"] for entry in row if entry) for row in rows]
    refuse_bad_rows(trouble, world, call, first)
    change = world.remove if body["action"] == "delete" else world.add
    for list_id, members in _by_list(kinds, rows).items():
        found = find(world, list_id)
        hold_to_faults(trouble, world, call, found, is_removal=body["action"] == "delete")
        change(found, members)
    return envelope(data={})


def _by_list(kinds: list[str], rows: list[list[Json]]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        for kind, entry in zip(kinds, row, strict=True):
            for list_id in entry.get("audience_ids", ()):
                found.setdefault(list_id, {}).setdefault(KINDS[kind], []).append(entry["id"])
    return found


def _get(world: World, call: Call) -> Reply:
    own(call, call.query["advertiser_id"])
    wanted = _ids(call.query["custom_audience_ids"])
    lists = world.of("tiktok", call.account_id)
    found = [
        {"audience_details": _described(world, entry)} for entry in lists if entry.list_id in wanted
    ]
    return envelope(data={"list": found})


def _list(world: World, call: Call) -> Reply:
    own(call, call.query["advertiser_id"])
    lists = world.of("tiktok", call.account_id)
    if "custom_audience_ids" in call.query:
        wanted = _ids(call.query["custom_audience_ids"])
        lists = [entry for entry in lists if entry.list_id in wanted]
    page, size = int(call.query.get("page", "1")), int(call.query.get("page_size", str(PAGE)))
    shown = lists[(page - 1) * size : page * size]
    info = {"page": page, "page_size": size, "total_number": len(lists)}
    info["total_page"] = -(-len(lists) // size)
    return envelope(data={"list": [_described(world, entry) for entry in shown], "page_info": info})


def _ids(text: str) -> list[str]:
    try:
        ids = json.loads(text)
    except (ValueError, RecursionError):
        ids = None
    is_list = isinstance(ids, list) and 1 <= len(ids) <= MOST_IDS
    if not is_list or not all(isinstance(entry, str) for entry in ids):
        raise refused("custom_audience_ids is a JSON array of 1 to 100 ids")
    return list(ids)


def _described(world: World, entry: SandboxList) -> Json:
    return {
        "audience_id": entry.list_id,
        "name": entry.name,
        "owner_id": entry.account_id,
        "cover_num": entry.matched,
        "is_valid": is_large_enough(world, entry) and not entry.state.get("is_flagged", False),
        "audience_type": "Customer File",
    }


RULES = Rules(
    name="tiktok",
    operations={
        "segmentAudience": _segment,
        "segmentMapping": _mapping,
        "fileUpload": upload,
        "audienceCreate": create,
        "audienceUpdate": update,
        "audienceDelete": delete,
        "audienceGet": _get,
        "audienceList": _list,
    },
    trouble=trouble,
    violated=violated,
)
