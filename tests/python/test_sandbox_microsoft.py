"""Microsoft's rules in the sandbox: M1 to M4, named microsoft_m1 and so on."""

from collections.abc import Iterator
from typing import Any

import pytest
from sandboxes import NOTHING, A, B, C, Probe, many, probing

NEW = {"Name": "x", "Type": "CustomerList", "Description": "why", "MembershipDuration": -1}
APPLY = "/CustomerListUserData/Apply"


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture
def customers(probe: Probe) -> str:
    """The id of an empty list."""
    _, answer = probe.call("microsoft", "POST", "/Audiences", {"Audiences": [NEW]})
    list_id: str = answer["AudienceIds"][0]
    return list_id


def send(
    probe: Probe, customers: str, action: str, *items: str, kind: str = "Email", **more: Any
) -> tuple[int, Any]:
    data = {
        "ActionType": action,
        "AudienceId": customers,
        "CustomerListItemSubType": kind,
        "CustomerListItems": list(items),
        **({"AcceptCustomerMatchTerm": True} | more),
    }
    wanted = {name: value for name, value in data.items() if value is not None}
    return probe.call("microsoft", "POST", APPLY, {"CustomerListUserData": wanted})


def error(answer: Any) -> int:
    found: int = (answer.get("Errors") or answer["OperationErrors"])[0]["Code"]
    return found


def test_microsoft_m1_the_index_points_into_the_items(probe: Probe, customers: str) -> None:
    fault = {"kind": "partial", "share": 0.4}
    probe.tell("faults", seed=5, faults=[{"platform": "microsoft", "fault": fault}])
    values = many(30)
    status, answer = send(probe, customers, "Add", *values)
    bad = {entry["Index"] for entry in answer["PartialErrors"]}
    assert (status, 3 < len(bad) < 27) == (200, True)
    taken = sorted(value for index, value in enumerate(values) if index not in bad)
    assert [value for _, value in probe.members("microsoft")] == taken


def test_microsoft_m1_the_index_points_into_the_audiences(probe: Probe, customers: str) -> None:
    assert customers
    other = {**NEW, "Name": "y", "ParentId": "1", "Scope": "Account"}
    body = {"Audiences": [{**NEW, "Name": "z"}, NEW, other]}
    _, answer = probe.call("microsoft", "POST", "/Audiences", body)
    assert [list_id is not None for list_id in answer["AudienceIds"]] == [True, False, False]
    assert [entry["Index"] for entry in answer["PartialErrors"]] == [1, 2]
    gone = {"AudienceIds": ["1", customers]}
    _, answer = probe.call("microsoft", "DELETE", "/Audiences", gone)
    assert [entry["Index"] for entry in answer["PartialErrors"]] == [0]
    assert [entry["name"] for entry in probe.look("lists")] == ["z"]


def test_microsoft_m2_the_terms_are_accepted_once(probe: Probe, customers: str) -> None:
    status, answer = send(probe, customers, "Add", A, AcceptCustomerMatchTerm=None)
    assert (status, error(answer)) == (400, 8003)
    assert send(probe, customers, "Add", A, AcceptCustomerMatchTerm=False)[0] == 400
    assert probe.members("microsoft") == []
    assert send(probe, customers, "Add", A)[0] == 200
    assert send(probe, customers, "Add", B, AcceptCustomerMatchTerm=None)[0] == 200


def test_microsoft_m3_audiences_and_items_are_capped(probe: Probe, customers: str) -> None:
    assert send(probe, customers, "Add", *many(1_000))[0] == 200
    assert send(probe, customers, "Add", *many(1_001))[0] == 400
    names = [{**NEW, "Name": f"list {number}"} for number in range(101)]
    assert probe.call("microsoft", "POST", "/Audiences", {"Audiences": names})[0] == 400
    assert probe.call("microsoft", "POST", "/Audiences", {"Audiences": names[:100]})[0] == 200


def test_microsoft_m4_a_replace_in_parts_keeps_the_last_part(probe: Probe, customers: str) -> None:
    for values in ([A, B], [C]):
        assert send(probe, customers, "Replace", *values)[0] == 200
    assert probe.members("microsoft") == [["email", C]]


def test_members_are_added_and_removed(probe: Probe, customers: str) -> None:
    send(probe, customers, "Add", A, B)
    send(probe, customers, "Add", "customer 7", kind="CRM")
    assert send(probe, customers, "Remove", A, AcceptCustomerMatchTerm=None)[0] == 200
    assert probe.members("microsoft") == [["email", B], ["external_id", "customer 7"]]


@pytest.mark.parametrize("bad", [NOTHING, A.upper(), "somebody@example.com", ""])
def test_an_item_is_hashed(probe: Probe, customers: str, bad: str) -> None:
    assert send(probe, customers, "Add", B, bad)[0] == 400
    assert send(probe, customers, "Add", "somebody@example.com", kind="CRM")[0] == 400
    assert probe.members("microsoft") == []


def test_lists_are_asked_for_by_id_or_all_of_them(probe: Probe, customers: str) -> None:
    send(probe, customers, "Add", *many(300))

    def query(ids: list[str] | None) -> Any:
        body = {"AudienceIds": ids, "Type": "CustomerList"}
        return probe.call("microsoft", "POST", "/Audiences/QueryByIds", body)[1]["Audiences"]

    (found,) = query(None)
    assert (found["Id"], found["Name"], found["SearchSize"]) == (customers, "x", 300)
    assert query([customers, "1"]) == [found, None]


def test_a_list_that_is_not_there_is_a_fault(probe: Probe) -> None:
    status, answer = send(probe, "1", "Add", A)
    assert (status, answer["Type"]) == (400, "AdApiFaultDetail")


@pytest.mark.parametrize(
    ("header", "value", "told"),
    [
        ("Authorization", "Bearer somebody", (401, 105)),
        ("DeveloperToken", "somebody", (401, 105)),
        ("CustomerAccountId", "1", (400, 106)),
        ("CustomerId", "1", (400, 106)),
    ],
)
def test_every_header_says_who_is_asking(
    probe: Probe, customers: str, header: str, value: str, told: tuple[int, int]
) -> None:
    body = {"AudienceIds": [customers], "Type": "CustomerList"}
    answer = probe.ask("microsoft", "POST", "/Audiences/QueryByIds", body, **{header: value})
    assert (answer.status, error(answer.body)) == told
    missing = probe.ask("microsoft", "POST", "/Audiences/QueryByIds", body, **{header: None})
    assert missing.status in (400, 401)


def test_calls_are_limited_by_the_minute() -> None:
    with probing(platforms={"microsoft": {"rates": {"calls": [2, 60]}}}) as probe:
        body = {"AudienceIds": None, "Type": "CustomerList"}
        answers = [probe.call("microsoft", "POST", "/Audiences/QueryByIds", body) for _ in range(3)]
        assert [status for status, _ in answers] == [200, 200, 429]
        assert error(answers[2][1]) == 117
