"""Reddit's rules in the sandbox: R1 to R4."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sandboxes import NOTHING, A, B, C, Probe, many, probing

from tamiz.platforms import PLATFORMS

HOME = f"/ad_accounts/{PLATFORMS['reddit'].sandbox.account_id}/custom_audiences"
NEW = {"data": {"name": "x", "type": "CUSTOMER_LIST"}}


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture
def audience(probe: Probe) -> str:
    """The path of an empty audience."""
    _, answer = probe.call("reddit", "POST", HOME, NEW)
    return f"/custom_audiences/{answer['data']['id']}"


def users(
    probe: Probe, audience: str, columns: list[str], *rows: list[str], action: str = "ADD"
) -> tuple[int, Any]:
    data = {"action_type": action, "column_order": columns, "user_data": list(rows)}
    return probe.call("reddit", "PATCH", f"{audience}/users", {"data": data})


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (["EMAIL_SHA256", "MAID_SHA256"], [[A, B], [C]]),
        (["EMAIL_SHA256", "MAID_SHA256"], [[A, ""]]),
        (["EMAIL_SHA256"], [[A, B]]),
        (["EMAIL_SHA256"], [[NOTHING]]),
        (["EMAIL_SHA256"], [[A.upper()]]),
        (["PHONE_SHA256"], [[A]]),
        (["EMAIL_SHA256", "EMAIL_SHA256"], [[A, B]]),
        (["EMAIL_SHA256"], [[A]] * 2_501),
        (["EMAIL_SHA256"], []),
    ],
)
def test_r1_a_row_has_all_its_columns(
    probe: Probe, audience: str, columns: list[str], rows: list[list[str]]
) -> None:
    status, answer = users(probe, audience, columns, *rows)
    assert (status, answer["error"]["code"]) == (400, 400)
    assert probe.members("reddit") == []


def test_r1_people_without_a_column_go_in_another_request(probe: Probe, audience: str) -> None:
    assert users(probe, audience, ["MAID_SHA256", "EMAIL_SHA256"], [A, B])[0] == 204
    assert users(probe, audience, ["EMAIL_SHA256"], [C])[0] == 204
    assert probe.members("reddit") == sorted([["email", B], ["email", C], ["mobile_ad_id", A]])


def test_r2_an_audience_is_pending_and_then_valid_or_not(probe: Probe, audience: str) -> None:
    def status() -> Any:
        return probe.call("reddit", "GET", audience)[1]["data"]["status"]

    assert status() == "PENDING"
    users(probe, audience, ["EMAIL_SHA256"], *[[value] for value in many(999)])
    probe.wait(2)
    assert status() == "INVALID"
    users(probe, audience, ["EMAIL_SHA256"], *[[value] for value in many(1_000)])
    assert status() == "PENDING"
    probe.wait(2)
    assert status() == "VALID"


def test_r3_nothing_is_told_about_rows(probe: Probe, audience: str) -> None:
    assert users(probe, audience, ["EMAIL_SHA256"], [A]) == (204, None)
    assert users(probe, audience, ["EMAIL_SHA256"], [A], action="REMOVE") == (204, None)
    assert probe.members("reddit") == []


def test_r4_there_is_no_replace(probe: Probe, audience: str) -> None:
    assert users(probe, audience, ["EMAIL_SHA256"], [A], action="REPLACE")[0] == 400
    told = probe.ask("reddit", "PUT", f"{audience}/users", {})
    assert (told.status, told.headers["allow"]) == (405, "PATCH")


@pytest.mark.parametrize("agent", ["python-requests/2.34", "curl/8.1", "urllib3/2", "short", None])
def test_a_library_that_does_not_say_whose_it_is_is_refused(
    probe: Probe, audience: str, agent: str | None
) -> None:
    # Without one of ours, the library puts its own name there.
    assert probe.call("reddit", "GET", audience, User_Agent=agent)[0] in (400, 403)


def test_limits_are_told_in_headers_and_hold(audience: str, probe: Probe) -> None:
    told = probe.ask("reddit", "PATCH", f"{audience}/users", {"data": {}})
    assert told.status == 400
    rates = {"ads-custom-audience-ingestion": [4, 900], "ads-targeting-taxonomy": [100, 60]}
    with probing(platforms={"reddit": {"rates": rates}}) as other:
        answers = [other.ask("reddit", "POST", HOME, NEW) for _ in range(5)]
        assert [one.status for one in answers] == [200] * 4 + [429]
        assert answers[0].headers["ratelimit-policy"] == '"ads-custom-audience-ingestion";q=4;w=900'
        found = re.fullmatch(r'"[a-z-]+";r=(\d+);t=(\d+)', answers[4].headers["ratelimit"])
        assert found is not None
        assert (found[1], int(found[2]) <= 901) == ("0", True)
        path = f"/custom_audiences/{answers[0].body['data']['id']}"
        assert other.call("reddit", "GET", path)[0] == 200


def test_a_deleted_audience_is_missing(probe: Probe, audience: str) -> None:
    assert probe.call("reddit", "DELETE", audience) == (204, None)
    assert probe.call("reddit", "GET", audience)[1]["error"]["code"] == 404


def test_the_account_of_somebody_else_is_refused(probe: Probe) -> None:
    other = HOME.replace("a2_tamiz", "t2_other")
    assert probe.call("reddit", "POST", other, NEW)[0] == 403
