"""Snapchat's rules in the sandbox: S1 to S5."""

from collections.abc import Iterator
from typing import Any

import pytest
from sandboxes import NOTHING, A, B, C, Probe, many, probing

from tamiz.platforms import PLATFORMS

ACCOUNT = PLATFORMS["snapchat"].sandbox.account_id
HOME = f"/adaccounts/{ACCOUNT}/segments"
NEW = {
    "name": "x",
    "source_type": "FIRST_PARTY",
    "retention_in_days": 9_999,
    "ad_account_id": ACCOUNT,
}


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture
def segment(probe: Probe) -> str:
    """The path of an empty segment."""
    _, answer = probe.call("snapchat", "POST", HOME, {"segments": [NEW]})
    return f"/segments/{answer['segments'][0]['segment']['id']}"


def users(
    probe: Probe, segment: str, *values: str, method: str = "POST", kind: str = "EMAIL", **more: Any
) -> tuple[int, Any]:
    entry = {"schema": [f"{kind}_SHA256"], "data": [[value] for value in values], **more}
    return probe.call("snapchat", method, f"{segment}/users", {"users": [entry]})


def described(probe: Probe, segment: str) -> Any:
    return probe.call("snapchat", "GET", segment)[1]["segments"][0]["segment"]


def test_s1_a_request_holds_one_kind(probe: Probe, segment: str) -> None:
    entries = [
        {"schema": ["EMAIL_SHA256"], "data": [[A]]},
        {"schema": ["PHONE_SHA256"], "data": [[B]]},
    ]
    both = {"schema": ["EMAIL_SHA256", "PHONE_SHA256"], "data": [[A, B]]}
    for wrong in (entries, [both]):
        status, answer = probe.call("snapchat", "POST", f"{segment}/users", {"users": wrong})
        assert (status, answer["error_code"]) == (400, "E1001")
    for kind in ("EMAIL", "PHONE", "MOBILE_AD_ID"):
        assert users(probe, segment, A, kind=kind)[0] == 200
    assert probe.members("snapchat") == [["email", A], ["mobile_ad_id", A], ["phone", A]]


def test_s2_an_identifier_stands_once_in_a_request(probe: Probe, segment: str) -> None:
    assert users(probe, segment, A, B, A)[0] == 400
    assert probe.members("snapchat") == []


def test_s3_path_and_body_name_the_same_account(probe: Probe) -> None:
    other = {**NEW, "ad_account_id": "8adc3db7-8148-4fbf-999c-000000000000"}
    status, answer = probe.call("snapchat", "POST", HOME, {"segments": [other]})
    assert (status, answer["error_code"]) == (403, "E3002")
    assert probe.look("lists") == []


def test_s4_rows_received_are_counted_not_those_that_are_new(probe: Probe, segment: str) -> None:
    for method in ("POST", "POST", "DELETE", "DELETE"):
        _, answer = users(probe, segment, A, B, method=method)
        assert answer["users"][0]["user"] == {"number_uploaded_users": 2}


@pytest.mark.parametrize("bad", [NOTHING, A.upper(), "somebody", A[:63]])
def test_s5_one_bad_row_fails_the_request(probe: Probe, segment: str, bad: str) -> None:
    status, answer = users(probe, segment, A, bad)
    assert (status, answer["request_status"]) == (400, "ERROR")
    assert probe.members("snapchat") == []


def test_a_removal_carries_its_body_and_may_repeat_the_id(probe: Probe, segment: str) -> None:
    users(probe, segment, A, B, C)
    assert users(probe, segment, A, method="DELETE")[0] == 200
    assert users(probe, segment, B, method="DELETE", id=segment.rpartition("/")[2])[0] == 200
    assert users(probe, segment, C, method="DELETE", id="1")[0] == 403
    assert probe.call("snapchat", "DELETE", f"{segment}/users")[0] == 400
    assert probe.members("snapchat") == [["email", C]]


def test_a_segment_is_uploaded_processed_and_then_large_enough_or_not(
    probe: Probe, segment: str
) -> None:
    def state() -> tuple[Any, ...]:
        found = described(probe, segment)
        return found["upload_status"], found["targetable_status"], found["status"]

    assert state() == ("NO_UPLOAD", "NOT_READY", "PENDING")
    users(probe, segment, *many(999))
    assert state() == ("PROCESSING", "NOT_READY", "PENDING")
    probe.wait(2)
    assert state() == ("COMPLETE", "TOO_FEW_USERS", "ACTIVE")
    users(probe, segment, *many(1_000))
    probe.wait(2)
    assert state() == ("COMPLETE", "READY", "ACTIVE")
    assert described(probe, segment)["approximate_number_users"] == 1_000


def test_segments_of_the_account_are_listed_and_deleted(probe: Probe, segment: str) -> None:
    _, page = probe.call("snapchat", "GET", HOME)
    assert [one["segment"]["name"] for one in page["segments"]] == ["x"]
    assert probe.call("snapchat", "DELETE", segment)[0] == 200
    assert probe.call("snapchat", "GET", segment)[0] == 404
    other = HOME.replace(ACCOUNT[-4:], "0000")
    assert probe.call("snapchat", "GET", other)[1]["error_code"] == "E3002"


def test_ten_requests_a_second_and_no_more(probe: Probe, segment: str) -> None:
    statuses = [probe.call("snapchat", "GET", segment)[0] for _ in range(10)]
    assert statuses == [200] * 9 + [429]
    probe.wait(1)
    assert probe.call("snapchat", "GET", segment)[0] == 200
