"""TikTok's rules in the sandbox: T1 to T6, named tiktok_t1 and so on."""

import json
from collections.abc import Iterator
from hashlib import md5
from typing import Any

import pytest
from sandboxes import NOTHING, A, B, C, D, Probe, many, probing
from urllib3.filepost import encode_multipart_formdata

from tamiz.platforms import PLATFORMS

ACCOUNT = PLATFORMS["tiktok"].sandbox.account_id
MD5 = "0" * 32


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture
def segment(probe: Probe) -> str:
    """The id of an empty segment."""
    body = {"advertiser_id": ACCOUNT, "action": "create", "custom_audience_name": "x"}
    list_id: str = probe.call("tiktok", "POST", "/segment/audience/", body)[1]["data"][
        "audience_id"
    ]
    return list_id


def code(told: tuple[int, Any]) -> int:
    """The code of an answer, whose HTTP status is 200 whatever happened (T4)."""
    assert told[0] == 200
    found: int = told[1]["code"]
    return found


def mapping(
    probe: Probe, segment: str, schema: list[str], *rows: list[str | None], **more: Any
) -> int:
    data = [
        [{} if value is None else {"id": value, "audience_ids": [segment]} for value in row]
        for row in rows
    ]
    body = {"advertiser_ids": [ACCOUNT], "action": "add", "id_schema": schema, "batch_data": data}
    return code(probe.call("tiktok", "POST", "/segment/mapping/", {**body, **more}))


def upload(probe: Probe, content: bytes, kind: str = "EMAIL_SHA256", **fields: Any) -> Any:
    told = {
        "advertiser_id": ACCOUNT,
        "file_signature": md5(content, usedforsecurity=False).hexdigest(),
        "calculate_type": kind,
        "file": ("members.csv", content, "text/csv"),
        **fields,
    }
    body, content_type = encode_multipart_formdata(told)
    path = "/dmp/custom_audience/file/upload/"
    _, answer = probe.call("tiktok", "POST", path, body, Content_Type=content_type)
    return answer["data"]["file_path"] if answer["code"] == 0 else answer["code"]


def post(probe: Probe, name: str, **body: Any) -> Any:
    path = f"/dmp/custom_audience/{name}/"
    return probe.call("tiktok", "POST", path, {"advertiser_id": ACCOUNT, **body})


def lines(*values: str) -> bytes:
    return "\n".join(values).encode()


def test_tiktok_t1_a_row_has_an_entry_for_each_kind_in_their_order(
    probe: Probe, segment: str
) -> None:
    schema = ["EMAIL_SHA256", "PHONE_SHA256"]
    assert mapping(probe, segment, schema, [A, B], [C]) == 40002
    assert mapping(probe, segment, schema, [A, B, C]) == 40002
    assert probe.members("tiktok") == []
    assert mapping(probe, segment, schema, [A, B], [None, C]) == 0
    assert probe.members("tiktok") == sorted([["email", A], ["phone", B], ["phone", C]])


def test_tiktok_t2_a_row_of_blanks_is_refused(probe: Probe, segment: str) -> None:
    schema = ["EMAIL_SHA256", "IDFA_SHA256"]
    assert mapping(probe, segment, schema, [A, None], [None, None]) == 40002
    assert probe.members("tiktok") == []


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        ("EMAIL_SHA256", MD5, 40002),
        ("IDFA_MD5", A, 40002),
        ("AAID_MD5", MD5, 0),
        ("EMAIL_SHA256", NOTHING, 40002),
        ("EMAIL_SHA256", A.upper(), 40002),
        ("AAID_MD", MD5, 40002),
        ("EMAIL_SHA512", A, 40002),
    ],
)
def test_tiktok_t3_an_identifier_is_hashed_as_its_kind_says(
    probe: Probe, segment: str, schema: str, value: str, told: int
) -> None:
    assert mapping(probe, segment, [schema], [value]) == told


def test_tiktok_t4_failures_are_told_by_the_code(probe: Probe, segment: str) -> None:
    path = "/dmp/custom_audience/list/?advertiser_id=" + ACCOUNT
    assert code(probe.call("tiktok", "GET", path)) == 0
    assert code(probe.call("tiktok", "GET", path, Access_Token=A)) == 40105
    bearer = "Bearer sandbox-tiktok-access-token"
    assert code(probe.call("tiktok", "GET", path, Access_Token=bearer)) == 40105
    assert code(probe.call("tiktok", "GET", path, Access_Token=None, Authorization=bearer)) == 40105
    assert code(probe.call("tiktok", "GET", path.replace(ACCOUNT, "1"))) == 40001
    assert mapping(probe, segment, ["EMAIL_SHA256"], [A], advertiser_ids=["1"]) == 40001
    assert mapping(probe, "1", ["EMAIL_SHA256"], [A]) == 40002
    assert mapping(probe, segment, ["EMAIL_SHA256"], [A], action="remove") == 40002


def test_tiktok_t4_too_many_calls_are_told_by_the_code() -> None:
    with probing(platforms={"tiktok": {"rates": {"calls": [2, 1]}}}) as probe:
        path = "/dmp/custom_audience/list/?advertiser_id=" + ACCOUNT
        assert [code(probe.call("tiktok", "GET", path)) for _ in range(3)] == [0, 0, 40100]


def test_tiktok_t5_the_signature_is_the_md5_of_the_file(probe: Probe) -> None:
    assert upload(probe, lines(A, B), file_signature=MD5) == 40002
    assert isinstance(upload(probe, lines(A, B)), str)
    assert upload(probe, lines(A, "somebody")) == 40002


def test_tiktok_t6_a_file_has_the_type_of_its_audience(probe: Probe) -> None:
    emails, phones = upload(probe, lines(A, B)), upload(probe, lines(C), "PHONE_SHA256")
    new = {"custom_audience_name": "x", "calculate_type": "EMAIL_SHA256"}
    assert code(post(probe, "create", **new, file_paths=[emails, phones])) == 40002
    assert code(post(probe, "create", **new, file_paths=["nowhere"])) == 40002
    told = post(probe, "create", **new, file_paths=[emails])
    list_id = told[1]["data"]["custom_audience_id"]
    change = {"custom_audience_id": list_id, "action": "APPEND"}
    assert code(post(probe, "update", **change, file_paths=[phones])) == 40002
    assert probe.members("tiktok") == sorted([["email", A], ["email", B]])


def test_files_append_remove_and_replace(probe: Probe) -> None:
    new = {"custom_audience_name": "x", "calculate_type": "EMAIL_SHA256"}
    told = post(probe, "create", **new, file_paths=[upload(probe, lines(A, B))])
    list_id = told[1]["data"]["custom_audience_id"]
    for action, value, left in (
        ("APPEND", C, [A, B, C]),
        ("REMOVE", B, [A, C]),
        ("REPLACE", D, [D]),
    ):
        paths = [upload(probe, lines(value))]
        change = {"custom_audience_id": list_id, "action": action, "file_paths": paths}
        assert code(post(probe, "update", **change)) == 0
        assert [value for _, value in probe.members("tiktok")] == sorted(left)
    # REPLACE is the default of the platform, which is why it has to be said (c2_7).
    paths = [upload(probe, lines(A))]
    silent = post(probe, "update", custom_audience_id=list_id, file_paths=paths)
    assert code(silent) == 40002
    renamed = post(probe, "update", custom_audience_id=list_id, custom_audience_name="y")
    assert code(renamed) == 0
    assert probe.members("tiktok", "y") == [["email", D]]


def test_a_file_of_several_types_names_its_columns(probe: Probe) -> None:
    content = lines("email_SHA256,phone_SHA256", f"{A},{B}", f"{C},")
    new = {"custom_audience_name": "x", "calculate_type": "MULTIPLE_TYPES"}
    paths = [upload(probe, content, "MULTIPLE_TYPES")]
    assert code(post(probe, "create", **new, file_paths=paths)) == 0
    assert probe.members("tiktok") == sorted([["email", A], ["email", C], ["phone", B]])
    assert upload(probe, lines("surname", "x"), "MULTIPLE_TYPES") == 40002


def test_members_are_deleted_with_the_word_delete(probe: Probe, segment: str) -> None:
    schema = ["EMAIL_SHA256", "AAID_SHA256", "IDFA_SHA256"]
    assert mapping(probe, segment, schema, [A, B, C]) == 0
    assert mapping(probe, segment, ["AAID_SHA256"], [B], action="delete") == 0
    assert probe.members("tiktok") == sorted([["email", A], ["idfa", C]])


def test_audiences_are_listed_and_got(probe: Probe, segment: str) -> None:
    for name in ("y", "z"):
        body = {"advertiser_id": ACCOUNT, "action": "create", "custom_audience_name": name}
        probe.call("tiktok", "POST", "/segment/audience/", body)
    mapping(probe, segment, ["EMAIL_SHA256"], *[[value] for value in many(1_000)])
    path = f"/dmp/custom_audience/list/?advertiser_id={ACCOUNT}&page_size=2"
    _, first = probe.call("tiktok", "GET", path)
    _, second = probe.call("tiktok", "GET", f"{path}&page=2")
    names = [one["name"] for page in (first, second) for one in page["data"]["list"]]
    info = {"page": 2, "page_size": 2, "total_number": 3, "total_page": 2}
    assert (names, second["data"]["page_info"]) == (["x", "y", "z"], info)
    path = f"/dmp/custom_audience/get/?advertiser_id={ACCOUNT}&custom_audience_ids="
    _, got = probe.call("tiktok", "GET", path + json.dumps([segment]).replace('"', "%22"))
    (entry,) = got["data"]["list"]
    assert entry["audience_details"]["cover_num"] == 1_000
    assert entry["audience_details"]["is_valid"] is True
    assert probe.call("tiktok", "GET", f"{path}%5B%221%22%5D")[1]["data"]["list"] == []
    assert code(probe.call("tiktok", "GET", f"{path}1")) == 40002


def test_audiences_are_deleted_both_ways(probe: Probe, segment: str) -> None:
    body = {"advertiser_id": ACCOUNT, "action": "delete", "delete_audience_id": segment}
    assert code(probe.call("tiktok", "POST", "/segment/audience/", body)) == 0
    assert code(probe.call("tiktok", "POST", "/segment/audience/", body)) == 40002
    new = {"custom_audience_name": "x", "calculate_type": "EMAIL_SHA256"}
    told = post(probe, "create", **new, file_paths=[upload(probe, lines(A))])
    list_id = told[1]["data"]["custom_audience_id"]
    assert code(post(probe, "delete", custom_audience_ids=[list_id, "1"])) == 40002
    assert code(post(probe, "delete", custom_audience_ids=[list_id])) == 0
    assert probe.look("lists") == []
