"""X's rules in the sandbox: X1 to X9."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha1
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from sandboxes import NOTHING, A, B, C, Probe, many, probing, signed

from tamiz.platforms import PLATFORMS

ACCOUNT = PLATFORMS["x"].sandbox
LISTS = f"/accounts/{ACCOUNT.account_id}/custom_audiences"
REACH = f"/accounts/{ACCOUNT.account_id}/do_not_reach_lists"


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture
def users(probe: Probe) -> str:
    """The path of the users of an empty audience."""
    _, answer = probe.call("x", "POST", f"{LISTS}?name=x")
    return f"{LISTS}/{answer['data']['id']}/users"


def update(*users: dict[str, list[str]], kind: str = "Update", **params: str) -> dict[str, Any]:
    return {"operation_type": kind, "params": {"users": list(users), **params}}


def authorised(probe: Probe, header: str, method: str = "GET", **more: Any) -> int:
    return probe.ask("x", method, LISTS, Authorization=header, **more).status


def header(probe: Probe, path: str = LISTS, method: str = "GET", **more: Any) -> str:
    return signed(method, f"{probe.url}/x/12{path}", ACCOUNT, **more)["Authorization"]


def test_x1_a_signature_is_needed_and_good_once(probe: Probe) -> None:
    good = header(probe)
    assert [authorised(probe, good) for _ in range(2)] == [200, 401]
    assert authorised(probe, "Bearer sandbox-x-access-token") == 401
    assert probe.ask("x", "GET", LISTS, Authorization=None).status == 401


@pytest.mark.parametrize(
    "part",
    ["oauth_consumer_key", "oauth_token", "oauth_signature", "oauth_nonce", "oauth_timestamp"],
)
def test_x1_every_part_of_the_signature_counts(probe: Probe, part: str) -> None:
    good = header(probe)
    assert authorised(probe, good.replace(f'{part}="', f'{part}="1')) == 401
    assert authorised(probe, good) == 200


def test_x1_method_address_and_query_are_signed(probe: Probe) -> None:
    assert authorised(probe, header(probe, method="POST")) == 401
    assert authorised(probe, header(probe, path=f"{LISTS}/1")) == 401
    good = header(probe, path=f"{LISTS}?q=a%20b&count=5")
    assert authorised(probe, good) == 401
    path = f"{LISTS}?q=a%20b&count=5"
    assert probe.ask("x", "GET", path, Authorization=good).status == 200


def test_x1_the_hash_of_the_body_is_checked_where_it_is_given(probe: Probe, users: str) -> None:
    content = orjson.dumps([update({"email": [A]})])
    digest = b64encode(sha1(content, usedforsecurity=False).digest()).decode()
    for body, status in ((content, 200), (content.replace(b"Update", b"Delete"), 401)):
        given = header(
            probe,
            users,
            "POST",
            body=content.decode(),
            headers={"Content-Type": "application/json"},
        )
        assert "oauth_body_hash" in given
        assert quote(digest, safe="") in given
        assert probe.ask("x", "POST", users, body, Authorization=given).status == status


def test_x2_operations_and_bytes_have_a_limit(probe: Probe, users: str) -> None:
    assert probe.call("x", "POST", users, [update({"email": [A]})] * 2_500)[0] == 200
    assert probe.call("x", "POST", users, [update({"email": [A]})] * 2_501)[0] == 400
    large = [update({"email": many(75_000)})]
    status, answer = probe.call("x", "POST", users, large)
    assert (status, answer["errors"][0]["code"]) == (400, "REQUEST_TOO_COMPLEX")


@pytest.mark.parametrize(
    "bad",
    [
        update({"email": [NOTHING]}),
        update({"email": ["somebody"]}),
        update({"emails": [A]}),
        update({}),
        update({"email": [A]}, expires_at="2026-11-24T00:00:00Z"),
        update({"email": [A]}, effective_at="2027-13-45T00:00:00Z"),
    ],
)
def test_x3_one_bad_operation_fails_all_and_is_named(
    probe: Probe, users: str, bad: dict[str, Any]
) -> None:
    status, answer = probe.call("x", "POST", users, [update({"email": [B]}), bad])
    assert status == 400
    assert [bool(errors) for errors in answer["operation_errors"]] == [False, True]
    assert probe.members("x") == []


def test_x4_both_counts_are_of_user_objects(probe: Probe, users: str) -> None:
    body = [update({"email": [A]}, {"handle": [B], "email": [C]}), update({"email": [B]})]
    _, answer = probe.call("x", "POST", users, body)
    assert answer["data"] == {"success_count": 3, "total_count": 3}
    assert probe.members("x") == sorted([["email", A], ["email", B], ["email", C], ["x_handle", B]])


def test_x5_requests_are_limited_and_the_headers_say_so() -> None:
    rates = {"users": [3, 60], "other": [5, 60]}
    with probing(platforms={"x": {"rates": rates}}) as probe:
        path = probe.call("x", "POST", f"{LISTS}?name=x")[1]["data"]["id"]
        users = f"{LISTS}/{path}/users"
        told = [probe.ask("x", "POST", users, [update({"email": [A]})]) for _ in range(4)]
        assert [one.status for one in told] == [200] * 3 + [429]
        assert [one.headers["x-rate-limit-remaining"] for one in told] == ["2", "1", "0", "0"]
        assert told[0].headers["x-rate-limit-limit"] == "3"
        reset = int(told[3].headers["x-rate-limit-reset"]) - probe.clock.now.timestamp()
        assert 0 < reset <= 61
        assert probe.call("x", "GET", LISTS)[0] == 200
        probe.wait(reset)
        assert probe.call("x", "POST", users, [update({"email": [A]})])[0] == 200


def test_x6_members_leave_when_they_expire(probe: Probe, users: str) -> None:
    soon = update({"email": [A]}, effective_at="2026-11-25T00:00:00Z")
    soon["params"]["expires_at"] = "2026-12-01T00:00:00Z"
    assert probe.call("x", "POST", users, [soon, update({"email": [B]})])[0] == 200
    path = users.removesuffix("/users")
    for days, left in ((5, [A, B]), (2, [B]), (380, [B]), (10, [])):
        probe.wait(days * 86_400)
        probe.call("x", "GET", path)
        assert [value for _, value in probe.members("x")] == sorted(left)


def test_x7_a_partner_id_is_clear_and_anything_else_is_hashed(probe: Probe, users: str) -> None:
    body = [update({"partner_user_id": ["customer 7"], "twitter_id": [A], "device_id": [B]})]
    assert probe.call("x", "POST", users, body)[0] == 200
    assert probe.members("x") == sorted(
        [["external_id", "customer 7"], ["mobile_ad_id", B], ["x_user_id", A]]
    )
    assert probe.call("x", "POST", users, [update({"phone_number": [A.upper()]})])[0] == 400


def test_x8_a_name_is_taken_once(probe: Probe, users: str) -> None:
    assert users
    status, answer = probe.call("x", "POST", f"{LISTS}?name=x")
    assert (status, answer["errors"][0]["parameter"]) == (400, "name")
    assert probe.call("x", "POST", f"{LISTS}?name=y&description=why")[0] == 200


def test_x9_an_account_has_one_list_of_people_it_must_not_reach(probe: Probe) -> None:
    status, answer = probe.call("x", "POST", f"{REACH}?description=opted+out")
    assert status == 200
    assert probe.call("x", "POST", REACH)[0] == 400
    assert len(probe.call("x", "GET", REACH)[1]["data"]) == 1
    users = f"/batch{REACH}/{answer['data']['id']}/users"
    good = update({"email": [A], "phone_number": [B]}, expires_at="2027-11-25T00:00:00Z")
    status, told = probe.call("x", "POST", users, [good])
    assert (status, told["data"]) == (200, [{"success_count": 1, "total_count": 1}])
    assert probe.call("x", "GET", REACH)[1]["data"][0]["list_size"] == 2
    for bad in (
        update({"email": [A]}),
        update({"email": [A]}, expires_at="2028-01-01T00:00:00Z"),
        update({"email": [A]}, expires_at="2026-11-24T00:00:00Z"),
        update({"handle": [A]}, expires_at="2027-11-25T00:00:00Z"),
        {**good, "params": {**good["params"], "effective_at": "2026-12-01T00:00:00Z"}},
    ):
        assert probe.call("x", "POST", users, [bad])[0] == 400
    gone = update({"email": [A]}, kind="Delete", expires_at="2027-11-25T00:00:00Z")
    assert probe.call("x", "POST", users, [gone])[0] == 200
    assert probe.call("x", "GET", REACH)[1]["data"][0]["list_size"] == 1
    assert probe.look("lists") == []


def test_adds_and_deletes_share_a_request_and_keep_their_order(probe: Probe, users: str) -> None:
    body = [update({"email": [A]}), update({"email": [A]}, kind="Delete"), update({"email": [B]})]
    assert probe.call("x", "POST", users, body)[0] == 200
    assert probe.members("x") == [["email", B]]


def test_an_audience_is_processed_then_too_small_then_targetable(probe: Probe, users: str) -> None:
    path = users.removesuffix("/users")

    def state() -> tuple[Any, ...]:
        data = probe.call("x", "GET", path)[1]["data"]
        return data["targetable"], data["reasons_not_targetable"], data["audience_size"]

    probe.call("x", "POST", users, [update({"email": [value]}) for value in many(99)])
    assert state() == (False, ["PROCESSING"], None)
    probe.wait(2)
    assert state() == (False, ["TOO_SMALL"], 99)
    probe.call("x", "POST", users, [update({"email": [value]}) for value in many(100)])
    probe.wait(2)
    assert state() == (True, [], 100)


def test_audiences_are_found_by_name_page_by_page(probe: Probe) -> None:
    ids = [
        probe.call("x", "POST", f"{LISTS}?name={name}")[1]["data"]["id"]
        for name in ("Cart", "Carts", "Other", "Cart+2")
    ]
    _, page = probe.call("x", "GET", f"{LISTS}?q=Cart&count=2&with_total_count=true")
    assert ([one["id"] for one in page["data"]], page["total_count"]) == (ids[:2], 3)
    _, rest = probe.call("x", "GET", f"{LISTS}?q=Cart&count=2&cursor={page['next_cursor']}")
    assert ([one["id"] for one in rest["data"]], rest["next_cursor"]) == ([ids[3]], None)
    _, some = probe.call("x", "GET", f"{LISTS}?custom_audience_ids={ids[2]},{ids[0]}")
    assert {one["id"] for one in some["data"]} == {ids[0], ids[2]}
    assert probe.call("x", "GET", f"{LISTS}?cursor=nowhere")[0] == 400


def test_a_deleted_audience_is_missing(probe: Probe, users: str) -> None:
    path = users.removesuffix("/users")
    assert probe.call("x", "DELETE", path)[1]["data"]["deleted"] is True
    status, answer = probe.call("x", "GET", path)
    assert (status, answer["errors"][0]["code"]) == (404, "NOT_FOUND")
