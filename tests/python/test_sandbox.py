"""The sandbox over loopback HTTP: what it refuses, what it keeps, and what it tells."""

import base64
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import urllib3
import yaml

from tamiz.errors import ConfigError
from tamiz.platforms import PLATFORMS, platform
from tamiz.sandbox import World, running_sandbox
from tamiz.sandbox.contract import load_contract
from tamiz.sandbox.server import serve

NOTHING = sha256(b"").hexdigest()
A, B, C = (sha256(text).hexdigest() for text in (b"a", b"b", b"c"))
BASE = {"meta": "/meta/v26.0", "google": "/google"}
ACT = "/act_100200300400500"
LISTS = "/v1/accountTypes/GOOGLE_ADS/accounts/1234567890/userLists"
NEW_META = {"name": "x", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
NEW_GOOGLE = {"displayName": "x", "ingestedUserListInfo": {"uploadKeyTypes": ["CONTACT_ID"]}}
GRANTED = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 6, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Probe:
    """A caller with the sandbox's tokens, and the clock of its world."""

    url: str
    clock: Clock
    world: World

    def call(
        self, name: str, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, Any]:
        token = platform(name).sandbox.token.get_secret_value()
        answer = urllib3.request(
            method,
            f"{self.url}{BASE[name]}{path}",
            body=body if isinstance(body, bytes) else None if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {token}", **headers},
        )
        return answer.status, answer.json()

    def meta(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        return self.call("meta", method, path, body)

    def google(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        return self.call("google", method, path, body)

    def look(self, path: str) -> Any:
        return urllib3.request("GET", f"{self.url}/_sandbox/{path}").json()

    def members(self, name: str, list_name: str = "x") -> list[list[str]]:
        found: list[list[str]] = self.look(f"members?platform={name}&list={list_name}")["members"]
        return found


@pytest.fixture
def probe() -> Iterator[Probe]:
    clock = Clock()
    world = World(clock, meta_calls_per_hour=300)
    with running_sandbox(world=world) as url:
        yield Probe(url, clock, world)


@pytest.fixture
def audience(probe: Probe) -> str:
    """The path of an empty audience of Meta."""
    _, answer = probe.meta("POST", f"{ACT}/customaudiences", NEW_META)
    return f"/{answer['id']}"


@pytest.fixture
def user_list(probe: Probe) -> str:
    """The id of an empty list of Google."""
    _, answer = probe.google("POST", LISTS, NEW_GOOGLE)
    list_id: str = answer["id"]
    return list_id


def rows(schema: Any, *data: Any) -> dict[str, Any]:
    return {"payload": {"schema": schema, "data": list(data)}}


def ingest(list_id: str, *identifiers: Any, **changes: Any) -> dict[str, Any]:
    """A valid request; a change to None takes the field out."""
    body = {
        "destinations": [
            {
                "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "1234567890"},
                "productDestinationId": list_id,
            }
        ],
        "audienceMembers": [{"userData": {"userIdentifiers": [one]}} for one in identifiers],
        "consent": GRANTED,
        "encoding": "HEX",
        "termsOfService": {"customerMatchTermsOfServiceStatus": "ACCEPTED"},
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def reason(answer: Any) -> str:
    found: str = answer["error"]["details"][0]["reason"]
    return found


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_every_example_of_the_contract_passes_and_a_broken_one_does_not(name: str) -> None:
    text = files("tamiz.sandbox").joinpath("contracts", f"{name}.openapi.yaml").read_text("utf-8")
    contract = load_contract(name)
    examples = [
        (body["example_of"], example["value"])
        for body in _bodies(yaml.load(text, Loader=yaml.CSafeLoader))
        for example in body.get("examples", {}).values()
    ]
    assert examples
    gates = {operation.operation_id: operation.body for operation in contract.operations}
    for operation, example in examples:
        assert gates[operation].is_valid(example)
        assert not gates[operation].is_valid({**example, "surprise": 1})


def _bodies(document: Any) -> Iterator[Any]:
    for item in document["paths"].values():
        for method in ("post", "delete"):
            operation = item.get(method, {})
            body = operation.get("requestBody", {})
            if "$ref" in body:
                body = document["components"]["requestBodies"][body["$ref"].split("/")[-1]]
            if body:
                content = body["content"]["application/json"]
                yield {**content, "example_of": operation["operationId"]}


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_an_unknown_token_is_refused(probe: Probe, name: str) -> None:
    path = {"meta": f"{ACT}/customaudiences", "google": LISTS}[name]
    status, answer = probe.call(name, "GET", path, Authorization="Bearer somebody")
    refused = platform(name).classify(answer)
    assert refused is not None
    assert (status in (400, 401), refused.verdict) == (True, "reauthenticate")


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_request_no_operation_takes_is_refused(probe: Probe, name: str) -> None:
    status, answer = probe.call(name, "PUT", "/nothing/here")
    assert status in (400, 404)
    assert platform(name).classify(answer) is not None


@pytest.mark.parametrize("name", sorted(PLATFORMS))
@pytest.mark.parametrize("body", [b"{", b"", b"[]", b"\xff", b"NaN", b'"\\ud800"', b"1e999"])
def test_a_body_that_is_no_json_object_is_refused(probe: Probe, name: str, body: bytes) -> None:
    path = {"meta": f"{ACT}/customaudiences", "google": LISTS}[name]
    status, _ = probe.call(name, "POST", path, body)
    assert status == 400
    assert probe.look("lists") == []


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("meta", "/act_999/customaudiences"),
        ("google", LISTS.replace("1234567890", "1111111111")),
    ],
)
def test_the_account_of_somebody_else_is_refused(probe: Probe, name: str, path: str) -> None:
    assert probe.call(name, "GET", path)[0] == 403


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("meta", f"{ACT}/customaudiences?surprise=1"),
        ("meta", f"{ACT}/customaudiences?limit=501"),
        ("meta", f"{ACT}/customaudiences?fields=NAME"),
        ("meta", "/act_abc/customaudiences"),
        ("google", f"{LISTS}?pageSize=0"),
        ("google", f"{LISTS}?pageSize=many"),
        ("google", "/v1/requestStatus:retrieve"),
        ("google", LISTS.replace("1234567890", "123")),
    ],
)
def test_parameters_are_held_to_the_contract(probe: Probe, name: str, path: str) -> None:
    assert probe.call(name, "GET", path)[0] == 400


def test_a_header_is_held_to_the_contract(probe: Probe) -> None:
    assert probe.call("google", "GET", LISTS, **{"login-account": "somebody"})[0] == 400
    manager = {"login-account": "accountTypes/GOOGLE_ADS/accounts/9876543210"}
    assert probe.call("google", "GET", LISTS, **manager)[0] == 200


def test_members_are_a_set_that_is_added_to_and_removed_from(probe: Probe, audience: str) -> None:
    schema = ["EMAIL", "PHONE"]
    assert probe.meta("POST", f"{audience}/users", rows(schema, [A, ""], ["", B]))[0] == 200
    assert probe.meta("POST", f"{audience}/users", rows(schema, [A, ""]))[0] == 200
    assert probe.members("meta") == [["email", A], ["phone", B]]
    status, answer = probe.meta("DELETE", f"{audience}/users", rows(schema, [A, ""], [C, ""]))
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
        status, answer = probe.meta(method, f"{audience}/users", rows(schema, *data))
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
    assert probe.meta("POST", f"{audience}/users", rows(schema, row))[0] == 200
    assert ["email", A] in probe.members("meta")


def test_m3_an_empty_row_is_counted_and_fails_nothing(probe: Probe, audience: str) -> None:
    body = rows(["EMAIL", "PHONE"], [A, ""], ["", ""])
    status, answer = probe.meta("POST", f"{audience}/users", body)
    assert (status, answer["num_received"], answer["num_invalid_entries"]) == (200, 2, 1)
    assert probe.members("meta") == [["email", A]]


def test_m5_a_replace_session_changes_everything_at_its_end(probe: Probe, audience: str) -> None:
    def replace(session: int, seq: int, value: str, *, last: bool) -> tuple[int, Any]:
        told = {"session_id": session, "batch_seq": seq, "last_batch_flag": last}
        body = {"session": told, **rows(["EMAIL"], [value])}
        return probe.meta("POST", f"{audience}/usersreplace", body)

    probe.meta("POST", f"{audience}/users", rows(["EMAIL"], [A]))
    assert replace(1, 2, B, last=False)[1]["error"]["code"] == 100
    assert replace(1, 1, B, last=False)[0] == 200
    assert probe.members("meta") == [["email", A]]
    assert replace(2, 1, C, last=True)[1]["error"]["code"] == 2650
    assert replace(1, 1, C, last=False)[1]["error"]["code"] == 100
    assert replace(1, 2, C, last=True)[0] == 200
    assert probe.members("meta") == sorted([["email", B], ["email", C]])
    assert replace(1, 3, A, last=True)[1]["error"]["code"] == 2650
    assert replace(3, 1, A, last=False)[0] == 200
    probe.clock.now += timedelta(minutes=91)
    assert replace(3, 2, A, last=True)[1]["error"]["code"] == 2650
    assert replace(4, 1, A, last=True)[0] == 200
    assert probe.members("meta") == [["email", A]]
    assert probe.meta("POST", f"{audience}/usersreplace", rows(["EMAIL"], [A]))[0] == 400
    _, told = probe.meta("GET", f"{audience}/sessions?session_id=4")
    assert told == {"data": [{"session_id": "4", "stage": "done"}]}


def test_m6_an_audience_keeps_its_kind_of_data_source(probe: Probe, audience: str) -> None:
    assert probe.meta("POST", f"{audience}/users", rows(["EMAIL"], [A]))[0] == 200
    _, answer = probe.meta("POST", f"{audience}/users", rows("EMAIL_SHA256", B))
    assert answer["error"]["code"] == 2650
    assert probe.meta("POST", f"{audience}/users", rows(["PHONE"], [B]))[0] == 200


def test_m8_calls_are_counted_and_end(probe: Probe) -> None:
    path = f"{ACT}/customaudiences"
    codes = [probe.meta("GET", path)[0] for _ in range(300)]
    assert codes == [200] * 299 + [400]
    assert probe.meta("GET", path)[1]["error"]["code"] == 80003
    probe.clock.now += timedelta(hours=1)
    assert probe.meta("GET", path)[0] == 200


def test_an_opt_out_leaves_every_list_of_the_account(probe: Probe, audience: str) -> None:
    _, other = probe.meta("POST", f"{ACT}/customaudiences", {**NEW_META, "name": "y"})
    for path in (audience, f"/{other['id']}"):
        probe.meta("POST", f"{path}/users", rows(["EMAIL"], [A], [B]))
    assert probe.meta("DELETE", f"{ACT}/usersofanyaudience", rows(["EMAIL"], [A]))[0] == 200
    assert probe.members("meta") == probe.members("meta", "y") == [["email", B]]


def test_meta_lists_audiences_page_by_page_with_the_fields_asked_for(probe: Probe) -> None:
    for number in range(3):
        probe.meta("POST", f"{ACT}/customaudiences", {**NEW_META, "name": f"list {number}"})
    path, names = f"{ACT}/customaudiences?fields=id,name&limit=2", []
    _, page = probe.meta("GET", path)
    names += page["data"]
    _, page = probe.meta("GET", f"{path}&after={page['paging']['cursors']['after']}")
    names += page["data"]
    assert [entry["name"] for entry in names] == ["list 0", "list 1", "list 2"]
    assert "next" not in page["paging"]
    assert all(set(entry) == {"id", "name"} for entry in names)


def test_a_deleted_audience_is_missing(probe: Probe, audience: str) -> None:
    assert probe.meta("DELETE", audience) == (200, {"success": True})
    _, answer = probe.meta("GET", audience)
    assert (answer["error"]["code"], answer["error"]["error_subcode"]) == (100, 33)


def test_google_takes_identifiers_and_tells_later(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"emailAddress": A}, {"phoneNumber": B})
    status, answer = probe.google("POST", "/v1/audienceMembers:ingest", body)
    assert status == 200
    assert probe.members("google") == [["email", A], ["phone", B]]
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    states = [
        probe.google("GET", path)[1]["requestStatusPerDestination"][0]["requestStatus"]
        for _ in range(2)
    ]
    assert states == ["PROCESSING", "SUCCESS"]
    _, told = probe.google("GET", path)
    counts = told["requestStatusPerDestination"][0]["audienceMembersIngestionStatus"]
    assert counts["userDataIngestionStatus"]["recordCount"] == "2"
    removal = ingest(user_list, {"emailAddress": A}, consent=None, termsOfService=None)
    assert probe.google("POST", "/v1/audienceMembers:remove", removal)[0] == 200
    assert probe.members("google") == [["phone", B]]


MEMBER = {"userData": {"userIdentifiers": [{"emailAddress": A}]}}
MANY = {"userData": {"userIdentifiers": [{"emailAddress": A}] * 11}}
MIXED = [MEMBER, {"mobileData": {"mobileIds": ["x"]}}]
BOTH = [{**MEMBER, "mobileData": {"mobileIds": ["x"]}}]
HOME = {"givenName": A, "familyName": B, "regionCode": "ES", "postalCode": "28013"}


def with_identifier(identifier: Any) -> dict[str, Any]:
    return {"audienceMembers": [MEMBER, {"userData": {"userIdentifiers": [identifier]}}]}


@pytest.mark.parametrize(
    ("rule", "changes", "told"),
    [
        ("G1", with_identifier({"emailAddress": "x"}), "INVALID_HEX_ENCODING"),
        ("G2", {"audienceMembers": [MEMBER] * 10_001}, "TOO_MANY_AUDIENCE_MEMBERS"),
        ("G2", {"audienceMembers": [MANY]}, "TOO_MANY_USER_IDENTIFIERS"),
        ("G3", {"encoding": None}, "REQUIRED_FIELD_MISSING"),
        ("G3", with_identifier({"emailAddress": A[:62]}), "INVALID_SHA256_FORMAT"),
        ("G3", with_identifier({"emailAddress": A.upper()}), "INVALID_SHA256_FORMAT"),
        ("G3", with_identifier({"emailAddress": NOTHING}), "INVALID_SHA256_FORMAT"),
        ("G3", {"encoding": "BASE64"}, "INVALID_SHA256_FORMAT"),
        ("G4", {"termsOfService": None}, "TERMS_AND_CONDITIONS_NOT_SIGNED"),
        (
            "G4",
            {"termsOfService": {"customerMatchTermsOfServiceStatus": "REJECTED"}},
            "TERMS_AND_CONDITIONS_NOT_SIGNED",
        ),
        ("G5", {"audienceMembers": MIXED}, "MULTIPLE_DATA_TYPES_NOT_ALLOWED"),
        ("G5", {"audienceMembers": BOTH}, "MULTIPLE_DATA_TYPES_NOT_ALLOWED"),
        (
            "G6",
            with_identifier({"address": {**HOME, "regionCode": "es"}}),
            "INVALID_VALUE",
        ),
        (
            "G6",
            with_identifier({"address": {"givenName": A, "familyName": B, "regionCode": "ES"}}),
            "REQUIRED_FIELD_MISSING",
        ),
        ("G11", with_identifier({"addressInfo": HOME}), "INVALID_JSON_FIELD"),
        ("G11", {"surprise": True}, "INVALID_JSON_FIELD"),
        ("contract", {"audienceMembers": []}, "INVALID_VALUE"),
    ],
)
def test_google_refuses_all_of_a_request_that_breaks_a_rule(
    probe: Probe, user_list: str, rule: str, changes: Any, told: str
) -> None:
    body = ingest(user_list, {"emailAddress": B}, **changes)
    status, answer = probe.google("POST", "/v1/audienceMembers:ingest", body)
    assert (status, reason(answer)) == (400, told), rule
    assert probe.members("google") == []


@pytest.mark.parametrize(
    ("rule", "change", "told"),
    [
        ("G11", {"productDestinationId": 778899}, "INVALID_VALUE"),
        ("contract", {"productDestinationId": "1"}, "INVALID_USER_LIST_ID"),
        (
            "contract",
            {"operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "5555555555"}},
            "USER_PERMISSION_DENIED",
        ),
    ],
)
def test_google_refuses_a_destination_that_is_not_ours(
    probe: Probe, user_list: str, rule: str, change: Any, told: str
) -> None:
    body = ingest(user_list, {"emailAddress": A})
    body["destinations"][0] |= change
    _, answer = probe.google("POST", "/v1/audienceMembers:ingest", body)
    assert reason(answer) == told, rule


def test_g2_ten_destinations_and_no_more(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"emailAddress": A})
    body["destinations"] *= 10
    assert probe.google("POST", "/v1/audienceMembers:ingest", body)[0] == 200
    body["destinations"] *= 2
    _, answer = probe.google("POST", "/v1/audienceMembers:ingest", body)
    assert reason(answer) == "TOO_MANY_DESTINATIONS"


def test_g3_both_encodings_name_the_same_member(probe: Probe, user_list: str) -> None:
    text = base64.b64encode(bytes.fromhex(A)).decode()
    body = ingest(user_list, {"emailAddress": text}, encoding="BASE64")
    assert probe.google("POST", "/v1/audienceMembers:ingest", body)[0] == 200
    assert probe.members("google") == [["email", A]]
    _, answer = probe.google(
        "POST", "/v1/audienceMembers:ingest", ingest(user_list, {"emailAddress": text})
    )
    assert reason(answer) == "INVALID_HEX_ENCODING"


@pytest.mark.parametrize("name", ["consent", "termsOfService"])
def test_g4_a_removal_has_neither_terms_nor_consent(
    probe: Probe, user_list: str, name: str
) -> None:
    body = ingest(user_list, {"emailAddress": A})
    only = {"consent": None, "termsOfService": None} | {name: body[name]}
    status, answer = probe.google(
        "POST", "/v1/audienceMembers:remove", ingest(user_list, {"emailAddress": A}, **only)
    )
    assert (status, reason(answer)) == (400, "INVALID_JSON_FIELD")


def test_g6_a_whole_address_is_a_member(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"address": HOME})
    assert probe.google("POST", "/v1/audienceMembers:ingest", body)[0] == 200
    assert probe.members("google") == [["address", f"{A}/{B}/ES/28013"]]


def test_g7_a_request_that_only_validates_changes_nothing(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"emailAddress": A}, validateOnly=True)
    _, answer = probe.google("POST", "/v1/audienceMembers:ingest", body)
    assert probe.members("google") == []
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    assert reason(probe.google("GET", path)[1]) == "INVALID_REQUEST_ID"


def test_g7_a_status_is_kept_for_fifty_days(probe: Probe, user_list: str) -> None:
    _, answer = probe.google(
        "POST", "/v1/audienceMembers:ingest", ingest(user_list, {"emailAddress": A})
    )
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    probe.clock.now += timedelta(days=49)
    assert probe.google("GET", path)[0] == 200
    probe.clock.now += timedelta(days=2)
    assert reason(probe.google("GET", path)[1]) == "REQUEST_TOO_OLD"


@pytest.mark.parametrize(
    ("consent", "told"),
    [
        (None, "NO_CONSENT"),
        ({"adUserData": "CONSENT_GRANTED"}, "NO_CONSENT"),
        ({**GRANTED, "adPersonalization": "CONSENT_DENIED"}, "DENIED_CONSENT"),
        ({**GRANTED, "adUserData": "CONSENT_STATUS_UNSPECIFIED"}, "UNKNOWN_CONSENT"),
    ],
)
def test_g8_who_did_not_consent_is_dropped_later(
    probe: Probe, user_list: str, consent: Any, told: str
) -> None:
    body = ingest(user_list, {"emailAddress": A}, {"emailAddress": B}, consent=consent)
    body["audienceMembers"][1]["consent"] = GRANTED
    status, answer = probe.google("POST", "/v1/audienceMembers:ingest", body)
    assert status == 200
    assert probe.members("google") == [["email", B]]
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    probe.google("GET", path)
    (entry,) = probe.google("GET", path)[1]["requestStatusPerDestination"]
    assert entry["requestStatus"] == "PARTIAL_SUCCESS"
    wanted = {"recordCount": "1", "reason": f"PROCESSING_ERROR_REASON_{told}"}
    assert entry["errorInfo"]["errorCounts"] == [wanted]


def test_g9_reads_and_writes_are_counted_by_the_minute(probe: Probe, user_list: str) -> None:
    codes = [probe.google("GET", LISTS)[0] for _ in range(301)]
    assert codes == [200] * 300 + [429]
    body = ingest(user_list, {"emailAddress": A})
    assert probe.google("POST", "/v1/audienceMembers:ingest", body)[0] == 200
    _, answer = probe.google("GET", LISTS)
    assert answer["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert "quota_limit" in answer["error"]["details"][0]["metadata"]
    probe.clock.now += timedelta(minutes=1)
    assert probe.google("GET", LISTS)[0] == 200


def test_g10_references_are_unique_and_lead_somewhere(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"emailAddress": A})
    body["destinations"][0]["reference"] = "one"
    body["audienceMembers"][0]["destinationReferences"] = ["two"]
    _, answer = probe.google("POST", "/v1/audienceMembers:ingest", body)
    assert reason(answer) == "INVALID_DESTINATION"
    twice = deepcopy(body)
    twice["destinations"] *= 2
    _, answer = probe.google("POST", "/v1/audienceMembers:ingest", twice)
    assert reason(answer) == "DUPLICATE_DESTINATION_REFERENCE"
    body["audienceMembers"][0]["destinationReferences"] = ["one"]
    assert probe.google("POST", "/v1/audienceMembers:ingest", body)[0] == 200


def test_g10_remove_all_removes_who_came_before_a_time(probe: Probe, user_list: str) -> None:
    add = "/v1/audienceMembers:ingest"
    probe.google("POST", add, ingest(user_list, {"emailAddress": A}))
    probe.clock.now += timedelta(hours=1)
    probe.google("POST", add, ingest(user_list, {"emailAddress": B}))
    body = {"destinations": ingest(user_list)["destinations"]}
    path = "/v1/audienceMembers:removeAll"
    late = {**body, "removeAsOfTime": "2026-06-30T01:00:01Z"}
    assert reason(probe.google("POST", path, late)[1]) == "INVALID_REMOVE_AS_OF_TIME"
    status, answer = probe.google("POST", path, {**body, "removeAsOfTime": "2026-06-30T00:30:00Z"})
    assert status == 200
    assert probe.members("google") == [["email", B]]
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    assert [probe.google("GET", path)[0] for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, "DISPLAY_NAME_ALREADY_USED"),
        ({"displayName": "y", "membershipDuration": "46742400s"}, "MEMBERSHIP_DURATION_TOO_LONG"),
        ({"displayName": "y", "membershipDuration": "90000s"}, "MEMBERSHIP_DURATION_TOO_LONG"),
        ({"displayName": ""}, "INVALID_VALUE"),
    ],
)
def test_google_refuses_a_list_that_breaks_a_rule(
    probe: Probe, user_list: str, change: Any, told: str
) -> None:
    assert user_list
    _, answer = probe.google("POST", LISTS, {**NEW_GOOGLE, **change})
    assert reason(answer) == told
    assert len(probe.look("lists")) == 1


def test_a_list_for_mobile_ids_takes_no_contacts(probe: Probe) -> None:
    info = {"uploadKeyTypes": ["MOBILE_ID"], "mobileIdInfo": {"keySpace": "IOS", "appId": "1"}}
    _, made = probe.google("POST", LISTS, {"displayName": "y", "ingestedUserListInfo": info})
    body = ingest(made["id"], {"emailAddress": A})
    _, answer = probe.google("POST", "/v1/audienceMembers:ingest", body)
    assert reason(answer) == "INVALID_USER_LIST_TYPE"


def test_google_lists_are_paged_described_and_deleted(probe: Probe, user_list: str) -> None:
    probe.google("POST", LISTS, {**NEW_GOOGLE, "displayName": "y"})
    _, page = probe.google("GET", f"{LISTS}?pageSize=1")
    _, more = probe.google("GET", f"{LISTS}?pageSize=1&pageToken={page['nextPageToken']}")
    names = [entry["displayName"] for entry in page["userLists"] + more["userLists"]]
    assert (names, "nextPageToken" in more) == (["x", "y"], False)
    assert probe.google("DELETE", f"{LISTS}/{user_list}") == (200, {})
    assert probe.google("GET", f"{LISTS}/{user_list}")[0] == 404


def test_what_was_seen_can_be_looked_at_and_forgotten(probe: Probe, audience: str) -> None:
    probe.meta("POST", f"{audience}/users", rows(["EMAIL"], [A]))
    (entry,) = probe.look("lists")
    assert entry == {
        "id": audience[1:],
        "name": "x",
        "platform": "meta",
        "account_id": "100200300400500",
        "member_count": 1,
    }
    assert probe.look("requests")[-1] == {
        "platform": "meta",
        "method": "POST",
        "operation": "addUsers",
        "status": 200,
        "member_count": 1,
        "hashes": [A],
    }
    urllib3.request("POST", f"{probe.url}/_sandbox/reset")
    assert probe.look("lists") == probe.look("requests") == []


def test_an_answer_can_be_told_beforehand(probe: Probe, audience: str) -> None:
    told = {"platform": "meta", "operation": "addUsers", "status": 500, "body": {"lost": True}}
    urllib3.request("POST", f"{probe.url}/_sandbox/answers", json={**told, "applied": True})
    path, body = f"{audience}/users", rows(["EMAIL"], [A])
    assert probe.meta("POST", path, body) == (500, {"lost": True})
    assert probe.members("meta") == [["email", A]]
    assert probe.meta("POST", path, body)[0] == 200


def test_an_answer_of_ours_that_breaks_the_contract_fails_loudly(
    probe: Probe, audience: str
) -> None:
    probe.world.lists[audience[1:]].account_id = "100200300400500"
    probe.world.lists[audience[1:]].name = 5  # type: ignore[assignment]
    status, answer = probe.meta("GET", f"{audience}?fields=name")
    assert status == 500
    assert "breaks its own contract" in next(iter(answer))


def test_state_is_kept_in_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "state" / "sandbox.json"
    for number in range(2):
        with running_sandbox(file) as url:
            probe = Probe(url, Clock(), World(Clock()))
            if number == 0:
                _, made = probe.meta("POST", f"{ACT}/customaudiences", NEW_META)
                probe.meta("POST", f"/{made['id']}/users", rows(["EMAIL"], [A]))
            else:
                assert probe.members("meta") == [["email", A]]
                _, again = probe.meta("POST", f"{ACT}/customaudiences", NEW_META)
                assert again["id"] != made["id"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_runs_as_a_process_of_its_own_on_loopback_only() -> None:
    command = [sys.executable, "-m", "tamiz.sandbox", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
    try:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://127.0.0.1:")
        assert urllib3.request("GET", f"{url}/_sandbox/lists").json() == []
    finally:
        os.kill(process.pid, signal.SIGINT)
        process.communicate(timeout=20)


def test_a_port_that_is_taken_is_told() -> None:
    with running_sandbox() as url:
        port = int(url.rpartition(":")[2])
        with pytest.raises(ConfigError, match=f"port {port} cannot be used"):
            serve(port)
