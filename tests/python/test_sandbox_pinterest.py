"""Pinterest's rules in the sandbox: P1 to P4."""

from collections.abc import Iterator
from typing import Any

import pytest
from sandboxes import NOTHING, A, B, C, Probe, many, probing

from tamiz.platforms import PLATFORMS

HOME = f"/ad_accounts/{PLATFORMS['pinterest'].sandbox.account_id}"


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture
def customers(probe: Probe) -> str:
    """The path of a list of one member."""
    return f"{HOME}/customer_lists/{make(probe, 'x')['id']}"


def make(probe: Probe, name: str, *values: str, list_type: str = "EMAIL") -> Any:
    body = {"name": name, "records": ",".join(values or (A,)), "list_type": list_type}
    return probe.call("pinterest", "POST", f"{HOME}/customer_lists", body)[1]


def change(probe: Probe, path: str, operation: str, *values: str) -> tuple[int, Any]:
    body = {"operation_type": operation, "records": ",".join(values)}
    return probe.call("pinterest", "PATCH", path, body)


def test_p1_counters_rise_for_duplicates_and_strangers(probe: Probe, customers: str) -> None:
    change(probe, customers, "ADD", A, B)
    change(probe, customers, "ADD", A, A)
    _, told = change(probe, customers, "REMOVE", C, B)
    counters = ("num_batches", "num_uploaded_user_records", "num_removed_user_records")
    assert [told[name] for name in counters] == [4, 5, 2]
    assert probe.members("pinterest") == [["email", A]]


def test_p2_a_list_is_processed_after_a_call_and_may_be_too_small(
    probe: Probe, customers: str
) -> None:
    def status() -> Any:
        return probe.call("pinterest", "GET", customers)[1]["status"]

    assert status() == "PROCESSING"
    probe.wait(2)
    assert status() == "TOO_SMALL"
    assert change(probe, customers, "ADD", *many(99))[1]["status"] == "PROCESSING"
    probe.wait(2)
    assert status() == "READY"


def test_p3_there_is_no_replace(probe: Probe, customers: str) -> None:
    assert change(probe, customers, "REPLACE", A)[0] == 400
    told = probe.ask("pinterest", "PUT", customers, {"records": A})
    assert (told.status, told.headers["allow"]) == (405, "GET, PATCH")


def test_p4_uploads_are_closed_to_this_account(probe: Probe, customers: str) -> None:
    body = {"operation": "ADD", "total_parts": 1}
    assert probe.call("pinterest", "POST", f"{customers}/uploads", body)[0] == 403
    assert (
        probe.call("pinterest", "POST", f"{customers}/uploads", {**body, "total_parts": 11})[0]
        == 400
    )
    assert probe.call("pinterest", "GET", f"{customers}/uploads/1")[0] == 403
    assert probe.call("pinterest", "POST", f"{customers}/uploads/1/run")[0] == 403


@pytest.mark.parametrize(
    "records", ["", "somebody@example.com", A.upper(), f"{A},", f"{A}, {B}", f"{B},{NOTHING}", [A]]
)
def test_records_are_one_text_of_hashes(probe: Probe, customers: str, records: Any) -> None:
    body = {"operation_type": "ADD", "records": records}
    status, answer = probe.call("pinterest", "PATCH", customers, body)
    assert (status, set(answer)) == (400, {"code", "message"})
    assert probe.members("pinterest") == [["email", A]]


def test_a_list_holds_one_kind(probe: Probe) -> None:
    make(probe, "ios", list_type="IDFA")
    make(probe, "any", list_type="MAID")
    assert probe.members("pinterest", "ios") == [["idfa", A]]
    assert probe.members("pinterest", "any") == [["mobile_ad_id", A]]


def test_lists_are_paged_by_bookmark(probe: Probe) -> None:
    for name in ("a", "b", "c"):
        make(probe, name)
    path = f"{HOME}/customer_lists?page_size=2"
    _, first = probe.call("pinterest", "GET", path)
    _, second = probe.call("pinterest", "GET", f"{path}&bookmark={first['bookmark']}")
    names = [one["name"] for page in (first, second) for one in page["items"]]
    assert (names, second["bookmark"]) == (["a", "b", "c"], None)
    _, back = probe.call("pinterest", "GET", f"{path}&order=DESCENDING")
    assert [one["name"] for one in back["items"]] == ["c", "b"]
    assert probe.call("pinterest", "GET", f"{path}&bookmark=nowhere")[0] == 400


def test_a_list_needs_an_audience_before_it_can_be_targeted(probe: Probe, customers: str) -> None:
    list_id = customers.rpartition("/")[2]
    body = {"name": "x", "audience_type": "CUSTOMER_LIST", "rule": {"customer_list_id": list_id}}
    status, made = probe.call("pinterest", "POST", f"{HOME}/audiences", body)
    assert (status, made["status"]) == (200, "INITIALIZING")
    probe.wait(2)
    path = f"{HOME}/audiences/{made['id']}"
    assert probe.call("pinterest", "GET", path)[1]["status"] == "TOO_SMALL"
    change(probe, customers, "ADD", *many(100))
    renamed = {"operation_type": "UPDATE", "name": "y", "description": "why"}
    _, told = probe.call("pinterest", "PATCH", path, renamed)
    assert (told["name"], told["status"], told["size"]) == ("y", "READY", 101)
    assert probe.call("pinterest", "PATCH", path, {"operation_type": "REMOVE"})[0] == 200
    assert probe.call("pinterest", "GET", path)[0] == 404
    nowhere = {**body, "rule": {"customer_list_id": "1"}}
    assert probe.call("pinterest", "POST", f"{HOME}/audiences", nowhere)[0] == 404


def test_the_account_of_somebody_else_is_refused(probe: Probe) -> None:
    assert probe.call("pinterest", "GET", "/ad_accounts/1/customer_lists")[0] == 403
