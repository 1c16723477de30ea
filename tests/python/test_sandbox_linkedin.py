"""LinkedIn's rules in the sandbox: L1 to L6."""

from collections.abc import Iterator
from typing import Any

import pytest
from sandboxes import NOTHING, A, B, C, Probe, many, probing

URN = "urn:li:sponsoredAccount:516848833"
NEW = {
    "name": "x",
    "account": URN,
    "sourcePlatform": "TAMIZ_SANDBOX",
    "sourceSegmentId": "aud_x-1",
    "type": "USER",
    "destinations": [{"destination": "LINKEDIN"}],
}


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture
def segment(probe: Probe) -> str:
    """The path of an empty segment that is ready."""
    told = probe.ask("linkedin", "POST", "/dmpSegments", NEW)
    probe.wait(5)
    return f"/dmpSegments/{told.headers['x-restli-id']}"


def element(value: str, action: str = "ADD", **more: Any) -> dict[str, Any]:
    return {"action": action, "userIds": [{"idType": "SHA256_EMAIL", "idValue": value}], **more}


def users(probe: Probe, segment: str, *elements: Any, **headers: Any) -> tuple[int, Any]:
    body = {"elements": list(elements)}
    return probe.call("linkedin", "POST", f"{segment}/users", body, **headers)


@pytest.mark.parametrize(
    ("version", "status"),
    [("202607", 200), ("202512", 200), ("202511", 426), ("199901", 400), (None, 400)],
)
def test_l1_a_version_is_needed_and_does_not_live_for_ever(
    probe: Probe, segment: str, version: str | None, status: int
) -> None:
    assert probe.call("linkedin", "GET", segment, LinkedIn_Version=version)[0] == status


def test_l2_a_new_segment_takes_no_users_for_five_seconds(probe: Probe) -> None:
    told = probe.ask("linkedin", "POST", "/dmpSegments", NEW)
    path = f"/dmpSegments/{told.headers['x-restli-id']}"
    statuses = []
    for seconds in (0, 4.9, 0.1):
        probe.wait(seconds)
        statuses.append(users(probe, path, element(A))[0])
    assert statuses == [404, 404, 200]


def test_l3_results_keep_the_order_of_the_elements(probe: Probe, segment: str) -> None:
    fault = {"kind": "partial", "share": 0.5}
    probe.tell("faults", seed=3, faults=[{"platform": "linkedin", "fault": fault}])
    values = many(40)
    status, answer = users(probe, segment, *map(element, values))
    taken = [
        value
        for value, result in zip(values, answer["elements"], strict=True)
        if result["status"] == 201
    ]
    assert (status, 5 < len(taken) < 35) == (200, True)
    assert probe.members("linkedin") == [["email", value] for value in sorted(taken)]
    refused = next(one for one in answer["elements"] if one["status"] != 201)
    assert refused == {"status": 400, "error": {"status": 400, "message": "invalid idValue"}}


def test_l4_elements_and_requests_are_limited() -> None:
    with probing(platforms={"linkedin": {"ready_after": 0, "rates": {"users": [3, 60]}}}) as probe:
        told = probe.ask("linkedin", "POST", "/dmpSegments", NEW)
        path = f"/dmpSegments/{told.headers['x-restli-id']}"
        assert users(probe, path, *[element(A)] * 5_001)[0] == 400
        assert [users(probe, path, element(A))[0] for _ in range(4)] == [200] * 3 + [429]
        told = probe.ask("linkedin", "POST", f"{path}/users", {"elements": [element(A)]})
        assert "retry-after" not in told.headers
        assert probe.call("linkedin", "GET", path)[0] == 200


@pytest.mark.parametrize(
    "bad",
    [
        {"action": "ADD", "userIds": []},
        {"action": "ADD", "firstName": "Ana", "lastName": "Lima"},
        {**element(A), "country": "es"},
        {**element(A), "firstName": "A" * 36},
        element(NOTHING),
        element("somebody"),
        {"action": "ADD", "userIds": [{"idType": "SHA256_PHONE", "idValue": A}]},
        {"action": "REPLACE", "userIds": [{"idType": "SHA256_EMAIL", "idValue": A}]},
    ],
)
def test_l5_an_element_that_names_nobody_fails_the_request(
    probe: Probe, segment: str, bad: dict[str, Any]
) -> None:
    assert users(probe, segment, element(B), bad)[0] == 400
    assert probe.members("linkedin") == []


def test_l6_the_new_id_is_in_a_header_and_the_body_is_empty(probe: Probe) -> None:
    told = probe.ask("linkedin", "POST", "/dmpSegments", NEW)
    assert (told.status, told.body) == (201, None)
    assert told.headers["x-restli-id"] == told.headers["x-linkedin-id"]
    assert told.headers["x-restli-id"].isdigit()


def test_elements_are_applied_in_their_order(probe: Probe, segment: str) -> None:
    both = [element(A), element(B), element(A, "REMOVE"), element(C), element(C, "REMOVE")]
    assert users(probe, segment, *both)[0] == 200
    assert probe.members("linkedin") == [["email", B]]


def test_the_method_stands_in_a_header(probe: Probe, segment: str) -> None:
    wrong = {"X_RestLi_Method": "CREATE"}
    assert users(probe, segment, element(A), **wrong)[0] == 400


def test_a_segment_is_found_by_our_own_key(probe: Probe, segment: str) -> None:
    other = {**NEW, "sourceSegmentId": "aud_y-2", "name": "y"}
    probe.ask("linkedin", "POST", "/dmpSegments", other)
    path = f"/dmpSegments?q=account&account={URN}"
    _, page = probe.call("linkedin", "GET", f"{path}&sourceSegmentId=aud_x-1")
    assert [f"/dmpSegments/{one['id']}" for one in page["elements"]] == [segment]
    _, rest = probe.call("linkedin", "GET", f"{path}&start=1&count=5")
    assert [one["name"] for one in rest["elements"]] == ["y"]
    assert rest["paging"] == {"start": 1, "count": 5, "total": 2, "links": []}
    assert probe.call("linkedin", "GET", f"{path}&sourcePlatform=OTHER")[1]["elements"] == []
    assert probe.call("linkedin", "POST", "/dmpSegments", other)[0] == 409


def test_size_and_status_follow_the_members(probe: Probe, segment: str) -> None:
    def destination() -> Any:
        return probe.call("linkedin", "GET", segment)[1]["destinations"][0]

    assert destination()["status"] == "READY"
    users(probe, segment, *map(element, many(299)))
    assert (destination()["status"], destination()["audienceSize"]) == ("UPDATING", 0)
    users(probe, segment, *map(element, many(300)))
    probe.wait(2)
    assert (destination()["status"], destination()["audienceSize"]) == ("READY", 300)


def test_a_deleted_segment_is_missing(probe: Probe, segment: str) -> None:
    assert probe.call("linkedin", "DELETE", segment) == (204, None)
    assert probe.call("linkedin", "GET", segment)[0] == 404


def test_the_account_and_the_source_platform_are_ours(probe: Probe) -> None:
    for change in ({"account": "urn:li:sponsoredAccount:1"}, {"sourcePlatform": "SOMEBODY"}):
        assert probe.call("linkedin", "POST", "/dmpSegments", {**NEW, **change})[0] == 403
