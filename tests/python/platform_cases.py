"""Requests, list ids and answers of the nine platforms, for the tests of their modules."""

from hashlib import sha256
from typing import Any

from tamiz.platforms import PLATFORMS, platform
from tamiz.platforms.base import Answer, Batch, Json, NewList, Platform, Request

EMAIL = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
NAMES = sorted(PLATFORMS)
MARK = "0123456789abcdef"
NEW = NewList("tamiz_win_back", "aud_win_back", MARK, ("email", EMAIL))
LISTS = {
    "google": "778899",
    "linkedin": "10804",
    "meta": "120000000000001",
    "microsoft": "806300",
    "pinterest": "643000",
    "reddit": "ca.2066268373552240021",
    "snapchat": "5603670370513719",
    "tiktok": "7178918106775990000",
    "x": "1nmth",
}


def answer(body: object = None, status: int = 200, **headers: str) -> Answer:
    """An answer with a body; `headers` have underscores for hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, named, body, is_empty=body is None)


def digest(number: int) -> str:
    """The hash of a made-up identifier."""
    return sha256(f"person {number}".encode()).hexdigest()


def batches_of(entry: Platform, size: int) -> list[Batch]:
    """Batches of that size which hold every kind pushed, each kind alone where that is asked."""
    kinds = [identifier.kind for identifier in entry.pushed]
    groups = [[kind] for kind in kinds] if entry.one_kind else [kinds]
    return [
        Batch(f"b{place}", 1, [(group[n % len(group)], digest(n)) for n in range(size)])
        for place, group in enumerate(groups)
    ]


def requests_of(name: str) -> list[tuple[str, Request]]:
    """Every request a platform can make, by its purpose."""
    entry, account, list_id = platform(name), platform(name).sandbox, LISTS[name]
    made = [
        ("get", entry.get_list(account, list_id)),
        ("create", entry.create_list(account, NEW)),
    ]
    for batch in batches_of(entry, 5):
        made.append(("add", entry.add_members(account, list_id, batch)))
        made.append(("remove", entry.remove_members(account, list_id, batch)))
    if entry.find_lists is not None:
        made.append(("find", entry.find_lists(account, "tamiz_win_back", None)))
        made.append(("find more", entry.find_lists(account, "tamiz_win_back", "25")))
    if entry.poll is not None:
        made.append(("poll", entry.poll(account, "request-1")))
    if entry.make_targetable is not None:
        made.append(("target", entry.make_targetable(account, list_id, "tamiz_win_back")))
    return made


def described_list(name: str, new: NewList, list_id: str) -> Json:  # noqa: PLR0911 - nine
    """A list as the platform describes it that `create_list` made; checked by the contracts."""
    made = platform(name).create_list(platform(name).sandbox, new)
    body: dict[str, Any] = made.body if isinstance(made.body, dict) else {}
    account_id = platform(name).sandbox.account_id
    match name:
        case "google":
            resource = f"accountTypes/GOOGLE_ADS/accounts/{account_id}/userLists/{list_id}"
            return {"name": resource, "id": list_id} | {
                key: body[key] for key in ("displayName", "description")
            }
        case "linkedin":
            status = {"destination": "LINKEDIN", "status": "READY", "audienceSize": 300}
            return {**body, "id": int(list_id), "destinations": [status]}
        case "meta":
            kept = {key: body[key] for key in ("name", "description")}
            return {"id": list_id, "account_id": account_id, **kept}
        case "microsoft":
            return {"Id": list_id, **body["Audiences"][0]}
        case "pinterest":
            counters = ("num_batches", "num_uploaded_user_records", "num_removed_user_records")
            return {
                **dict.fromkeys(counters, 1),
                "id": list_id,
                "ad_account_id": account_id,
                "name": body["name"],
                "status": "PROCESSING",
                "type": "customerlist",
            }
        case "reddit":
            return {"id": list_id, "name": body["data"]["name"], "status": "PENDING"}
        case "snapchat":
            state = {"status": "PENDING", "approximate_number_users": 0}
            return {"id": list_id, **state, **body["segments"][0]}
        case "tiktok":
            name_there = body["custom_audience_name"]
            return {"audience_id": list_id, "name": name_there, "owner_id": account_id}
        case _:
            query = dict(made.query)
            return {
                "id": list_id,
                "name": query["name"],
                "description": query["description"],
                "audience_type": "CRM",
                "targetable": False,
                "reasons_not_targetable": ["PROCESSING"],
                "audience_size": None,
                "owner_account_id": account_id,
                "deleted": False,
            }


def list_answer(name: str, entry: Json) -> Answer:
    """The answer to a question for one list."""
    segments = [{"sub_request_status": "success", "segment": entry}]
    shapes = {
        "microsoft": {"Audiences": [entry], "PartialErrors": []},
        "reddit": {"data": entry},
        "snapchat": {"request_status": "SUCCESS", "request_id": "r", "segments": segments},
        "tiktok": tiktok({"list": [{"audience_details": entry}]}),
        "x": {"data": entry, "request": {"params": {}}},
    }
    return answer(shapes.get(name, entry))


def lists_answer(name: str, entries: list[Json]) -> Answer:
    """The answer to a question for the account's lists, on one page."""
    segments = [{"sub_request_status": "SUCCESS", "segment": entry} for entry in entries]
    info = {"page": 1, "page_size": 100, "total_number": len(entries), "total_page": 1}
    shapes = {
        "google": {"userLists": entries},
        "linkedin": {"elements": entries, "paging": {"start": 0, "count": 100}},
        "meta": {"data": entries},
        "microsoft": {"Audiences": entries, "PartialErrors": []},
        "pinterest": {"items": entries, "bookmark": None},
        "snapchat": {"request_status": "success", "request_id": "r", "segments": segments},
        "tiktok": tiktok({"list": entries, "page_info": info}),
        "x": {"data": entries, "next_cursor": None, "request": {"params": {}}},
    }
    return answer(shapes[name])


def created_answer(name: str, entry: Json, list_id: str) -> Answer:
    """The answer to the making of a list."""
    if name == "linkedin":
        return answer(None, 201, x_restli_id=list_id)
    shapes = {
        "meta": {"id": list_id},
        "microsoft": {"AudienceIds": [list_id], "PartialErrors": []},
        "tiktok": tiktok({"audience_id": list_id}),
    }
    return answer(shapes[name]) if name in shapes else list_answer(name, entry)


def taken(name: str, sent: int) -> Answer:
    """The answer to a batch of which everything was taken."""
    result = {"audience_id": LISTS["meta"], "session_id": "77", "invalid_entry_samples": {}}
    users = [{"sub_request_status": "SUCCESS", "user": {"number_uploaded_users": sent}}]
    counts = {"success_count": sent, "total_count": sent}
    shapes: dict[str, Json] = {
        "google": {"requestId": "r1"},
        "linkedin": {"elements": [{"status": 201}] * sent},
        "meta": {**result, "num_received": sent, "num_invalid_entries": 0},
        "microsoft": {"PartialErrors": []},
        "pinterest": described_list("pinterest", NEW, LISTS["pinterest"]),
        "snapchat": {"request_status": "SUCCESS", "request_id": "r", "users": users},
        "tiktok": tiktok(),
        "x": {"data": counts, "request": {"params": {}}},
    }
    return answer(None, 204) if name == "reddit" else answer(shapes[name])


def tiktok(data: Json | None = None, code: int = 0) -> Json:
    """TikTok's envelope."""
    return {"code": code, "message": "", "request_id": "r"} | ({"data": data} if data else {})
