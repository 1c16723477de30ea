"""Meta's rules in the sandbox: M1 to M8."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sandboxes import NOTHING, A, B, C, Probe, many, probing

ACT = "/act_100200300400500"
NEW = {"name": "x", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing(platforms={"meta": {"rates": {"calls": [300, 3600]}}}) as found:
        yield found


@pytest.fixture
def audience(probe: Probe) -> str:
    """The path of an empty audience."""
    _, answer = meta(probe, "POST", f"{ACT}/customaudiences", NEW)
    return f"/{answer['id']}"


def meta(probe: Probe, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return probe.call("meta", method, path, body)


def rows(schema: Any, *data: Any) -> dict[str, Any]:
    return {"payload": {"schema": schema, "data": list(data)}}


def test_members_are_a_set_that_is_added_to_and_removed_from(probe: Probe, audience: str) -> None:
    schema = ["EMAIL", "PHONE"]
    assert meta(probe, "POST", f"{audience}/users", rows(schema, [A, ""], ["", B]))[0] == 200
    assert meta(probe, "POST", f"{audience}/users", rows(schema, [A, ""]))[0] == 200
    assert probe.members("meta") == [["email", A], ["phone", B]]
    status, answer = meta(probe, "DELETE", f"{audience}/users", rows(schema, [A, ""], [C, ""]))
    assert (status, answer["num_received"]) == (200, 2)
    assert probe.members("meta") == [["phone", B]]


@pytest.mark.parametrize(
    ("rule", "schema", "data"),
    [
        ("M1", ["EMAIL", "PHONE"], [[A]]),
        ("M1", ["EMAIL"], [[A, B]]),
        ("M2", ["EMAIL"], [["somebody"]]),
        ("M2", ["EMAIL"], [[A.upper()]]),
        ("M2", ["EXTERN_ID"], [[A]]),
        ("M2", ["MADID"], [[A]]),
        ("M2", ["EMAIL", "LOOKALIKE_VALUE"], [[A, "7"]]),
        ("M2", ["EMAIL"], [[5]]),
        ("M4", ["EMAIL"], [[NOTHING]]),
        ("M4", "EMAIL_SHA256", [NOTHING]),
        ("M7", ["EMAIL", "DATA_PROCESSING_OPTIONS_COUNTRY"], [[A, 1]]),
        ("contract", ["EMAIL", "EMAIL"], [[A, A]]),
        ("contract", ["LOOKALIKE_VALUE"], [[1]]),
        ("contract", ["SURNAME"], [[A]]),
        ("contract", ["EMAIL"], []),
        ("contract", ["EMAIL"], [[A]] * 10_001),
        ("contract", ["EMAIL"], [["some body@example.com"]]),
    ],
)
def test_meta_refuses_rows_that_break_a_rule(
    probe: Probe, audience: str, rule: str, schema: Any, data: Any
) -> None:
    for method in ("POST", "DELETE"):
        status, answer = meta(probe, method, f"{audience}/users", rows(schema, *data))
        assert (status, answer["error"]["code"]) == (400, 100), rule
    assert probe.members("meta") == []


@pytest.mark.parametrize(
    ("schema", "row"),
    [
        (["EXTERN_ID", "EMAIL"], ["customer-7", A]),
        (["EMAIL", "LOOKALIKE_VALUE"], [A, 12.5]),
        (
            [
                "EMAIL",
                "DATA_PROCESSING_OPTIONS",
                "DATA_PROCESSING_OPTIONS_COUNTRY",
                "DATA_PROCESSING_OPTIONS_STATE",
            ],
            [A, ["LDU"], 1, 1000],
        ),
    ],
)
def test_meta_takes_rows_that_keep_the_rules(
    probe: Probe, audience: str, schema: Any, row: Any
) -> None:
    assert meta(probe, "POST", f"{audience}/users", rows(schema, row))[0] == 200
    assert ["email", A] in probe.members("meta")


def test_m3_an_empty_row_is_counted_and_fails_nothing(probe: Probe, audience: str) -> None:
    body = rows(["EMAIL", "PHONE"], [A, ""], ["", ""])
    status, answer = meta(probe, "POST", f"{audience}/users", body)
    assert (status, answer["num_received"], answer["num_invalid_entries"]) == (200, 2, 1)
    assert probe.members("meta") == [["email", A]]


def test_m5_a_replace_session_changes_everything_at_its_end(probe: Probe, audience: str) -> None:
    def replace(session: int, seq: int, value: str, *, last: bool) -> tuple[int, Any]:
        told = {"session_id": session, "batch_seq": seq, "last_batch_flag": last}
        body = {"session": told, **rows(["EMAIL"], [value])}
        return meta(probe, "POST", f"{audience}/usersreplace", body)

    meta(probe, "POST", f"{audience}/users", rows(["EMAIL"], [A]))
    assert replace(1, 2, B, last=False)[1]["error"]["code"] == 100
    assert replace(1, 1, B, last=False)[0] == 200
    assert probe.members("meta") == [["email", A]]
    assert replace(2, 1, C, last=True)[1]["error"]["code"] == 2650
    assert replace(1, 1, C, last=False)[1]["error"]["code"] == 100
    assert replace(1, 2, C, last=True)[0] == 200
    assert probe.members("meta") == sorted([["email", B], ["email", C]])
    assert replace(1, 3, A, last=True)[1]["error"]["code"] == 2650
    assert replace(3, 1, A, last=False)[0] == 200
    probe.wait(91 * 60)
    assert replace(3, 2, A, last=True)[1]["error"]["code"] == 2650
    assert replace(4, 1, A, last=True)[0] == 200
    assert probe.members("meta") == [["email", A]]
    assert meta(probe, "POST", f"{audience}/usersreplace", rows(["EMAIL"], [A]))[0] == 400
    _, told = meta(probe, "GET", f"{audience}/sessions?session_id=4")
    assert told == {"data": [{"session_id": "4", "stage": "done"}]}


def test_m6_an_audience_keeps_its_kind_of_data_source(probe: Probe, audience: str) -> None:
    assert meta(probe, "POST", f"{audience}/users", rows(["EMAIL"], [A]))[0] == 200
    _, answer = meta(probe, "POST", f"{audience}/users", rows("EMAIL_SHA256", B))
    assert answer["error"]["code"] == 2650
    assert meta(probe, "POST", f"{audience}/users", rows(["PHONE"], [B]))[0] == 200


def test_m8_calls_are_counted_and_end(probe: Probe) -> None:
    path = f"{ACT}/customaudiences"
    answers = [probe.ask("meta", "GET", path) for _ in range(301)]
    assert [told.status for told in answers] == [200] * 300 + [400]
    usage = json.loads(answers[150].headers["x-business-use-case-usage"])
    assert usage["100200300400500"][0]["call_count"] == 50
    assert meta(probe, "GET", path)[1]["error"]["code"] == 80003
    probe.wait(3600)
    assert meta(probe, "GET", path)[0] == 200


def test_an_opt_out_leaves_every_list_of_the_account(probe: Probe, audience: str) -> None:
    _, other = meta(probe, "POST", f"{ACT}/customaudiences", {**NEW, "name": "y"})
    for path in (audience, f"/{other['id']}"):
        meta(probe, "POST", f"{path}/users", rows(["EMAIL"], [A], [B]))
    assert meta(probe, "DELETE", f"{ACT}/usersofanyaudience", rows(["EMAIL"], [A]))[0] == 200
    assert probe.members("meta") == probe.members("meta", "y") == [["email", B]]


def test_meta_lists_audiences_page_by_page_with_the_fields_asked_for(probe: Probe) -> None:
    for number in range(3):
        meta(probe, "POST", f"{ACT}/customaudiences", {**NEW, "name": f"list {number}"})
    path, names = f"{ACT}/customaudiences?fields=id,name&limit=2", []
    _, page = meta(probe, "GET", path)
    names += page["data"]
    _, page = meta(probe, "GET", f"{path}&after={page['paging']['cursors']['after']}")
    names += page["data"]
    assert [entry["name"] for entry in names] == ["list 0", "list 1", "list 2"]
    assert "next" not in page["paging"]
    assert all(set(entry) == {"id", "name"} for entry in names)


def test_a_deleted_audience_is_missing(probe: Probe, audience: str) -> None:
    assert meta(probe, "DELETE", audience) == (200, {"success": True})
    _, answer = meta(probe, "GET", audience)
    assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (100, 33)


def test_every_audience_adds_to_the_calls_of_an_hour(probe: Probe, audience: str) -> None:
    codes = [meta(probe, "GET", audience)[0] for _ in range(340)]
    assert codes == [200] * 339 + [400]


def test_a_small_audience_tells_a_bucket_and_a_large_one_a_count(
    probe: Probe, audience: str
) -> None:
    path = f"{audience}?fields=approximate_count_lower_bound,approximate_count_upper_bound"
    sizes = []
    for count in (999, 1_250):
        meta(probe, "POST", f"{audience}/users", rows("EMAIL_SHA256", *many(count)))
        _, told = meta(probe, "GET", path)
        bounds = (told["approximate_count_lower_bound"], told["approximate_count_upper_bound"])
        sizes.append(bounds)
    assert sizes == [(0, 1_000), (1_200, 1_300)]


def test_the_members_of_an_open_session_are_shown_to_nobody(probe: Probe, audience: str) -> None:
    told = {"session_id": 7, "batch_seq": 1, "last_batch_flag": False}
    body = {"session": told, **rows(["EMAIL"], [A])}
    assert meta(probe, "POST", f"{audience}/usersreplace", body)[0] == 200
    assert [entry["id"] for entry in probe.look("lists")] == [audience[1:]]
    assert probe.members("meta") == []
