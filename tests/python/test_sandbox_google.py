"""Google's rules in the sandbox: G1 to G11."""

import base64
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from sandboxes import NOTHING, A, B, Probe, probing

LISTS = "/v1/accountTypes/GOOGLE_ADS/accounts/1234567890/userLists"
NEW = {"displayName": "x", "ingestedUserListInfo": {"uploadKeyTypes": ["CONTACT_ID"]}}
GRANTED = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
DAY = 86_400  # seconds


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing() as found:
        yield found


@pytest.fixture
def user_list(probe: Probe) -> str:
    """The id of an empty list."""
    _, answer = google(probe, "POST", LISTS, NEW)
    list_id: str = answer["id"]
    return list_id


def google(probe: Probe, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return probe.call("google", method, path, body)


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


def test_google_takes_identifiers_and_tells_later(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"emailAddress": A}, {"phoneNumber": B})
    status, answer = google(probe, "POST", "/v1/audienceMembers:ingest", body)
    assert status == 200
    assert probe.members("google") == [["email", A], ["phone", B]]
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    states = [
        google(probe, "GET", path)[1]["requestStatusPerDestination"][0]["requestStatus"]
        for _ in range(2)
    ]
    assert states == ["PROCESSING", "SUCCESS"]
    _, told = google(probe, "GET", path)
    counts = told["requestStatusPerDestination"][0]["audienceMembersIngestionStatus"]
    assert counts["userDataIngestionStatus"]["recordCount"] == "2"
    removal = ingest(user_list, {"emailAddress": A}, consent=None, termsOfService=None)
    assert google(probe, "POST", "/v1/audienceMembers:remove", removal)[0] == 200
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
    status, answer = google(probe, "POST", "/v1/audienceMembers:ingest", body)
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
    _, answer = google(probe, "POST", "/v1/audienceMembers:ingest", body)
    assert reason(answer) == told, rule


def test_g2_ten_destinations_and_no_more(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"emailAddress": A})
    body["destinations"] *= 10
    assert google(probe, "POST", "/v1/audienceMembers:ingest", body)[0] == 200
    body["destinations"] *= 2
    _, answer = google(probe, "POST", "/v1/audienceMembers:ingest", body)
    assert reason(answer) == "TOO_MANY_DESTINATIONS"


def test_g3_both_encodings_name_the_same_member(probe: Probe, user_list: str) -> None:
    text = base64.b64encode(bytes.fromhex(A)).decode()
    body = ingest(user_list, {"emailAddress": text}, encoding="BASE64")
    assert google(probe, "POST", "/v1/audienceMembers:ingest", body)[0] == 200
    assert probe.members("google") == [["email", A]]
    _, answer = google(
        probe, "POST", "/v1/audienceMembers:ingest", ingest(user_list, {"emailAddress": text})
    )
    assert reason(answer) == "INVALID_HEX_ENCODING"


@pytest.mark.parametrize("name", ["consent", "termsOfService"])
def test_g4_a_removal_has_neither_terms_nor_consent(
    probe: Probe, user_list: str, name: str
) -> None:
    body = ingest(user_list, {"emailAddress": A})
    only = {"consent": None, "termsOfService": None} | {name: body[name]}
    status, answer = google(
        probe, "POST", "/v1/audienceMembers:remove", ingest(user_list, {"emailAddress": A}, **only)
    )
    assert (status, reason(answer)) == (400, "INVALID_JSON_FIELD")


def test_g6_a_whole_address_is_a_member(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"address": HOME})
    assert google(probe, "POST", "/v1/audienceMembers:ingest", body)[0] == 200
    assert probe.members("google") == [["address", f"{A}/{B}/ES/28013"]]


def test_g7_a_request_that_only_validates_changes_nothing(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"emailAddress": A}, validateOnly=True)
    _, answer = google(probe, "POST", "/v1/audienceMembers:ingest", body)
    assert probe.members("google") == []
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    assert reason(google(probe, "GET", path)[1]) == "INVALID_REQUEST_ID"


def test_g7_a_status_is_kept_for_fifty_days(probe: Probe, user_list: str) -> None:
    _, answer = google(
        probe, "POST", "/v1/audienceMembers:ingest", ingest(user_list, {"emailAddress": A})
    )
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    probe.wait(49 * DAY)
    assert google(probe, "GET", path)[0] == 200
    probe.wait(2 * DAY)
    assert reason(google(probe, "GET", path)[1]) == "REQUEST_TOO_OLD"


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
    status, answer = google(probe, "POST", "/v1/audienceMembers:ingest", body)
    assert status == 200
    assert probe.members("google") == [["email", B]]
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    google(probe, "GET", path)
    (entry,) = google(probe, "GET", path)[1]["requestStatusPerDestination"]
    assert entry["requestStatus"] == "PARTIAL_SUCCESS"
    wanted = {"recordCount": "1", "reason": f"PROCESSING_ERROR_REASON_{told}"}
    assert entry["errorInfo"]["errorCounts"] == [wanted]


def test_g9_reads_and_writes_are_counted_by_the_minute(probe: Probe, user_list: str) -> None:
    codes = [google(probe, "GET", LISTS)[0] for _ in range(301)]
    assert codes == [200] * 300 + [429]
    body = ingest(user_list, {"emailAddress": A})
    assert google(probe, "POST", "/v1/audienceMembers:ingest", body)[0] == 200
    _, answer = google(probe, "GET", LISTS)
    assert answer["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert "quota_limit" in answer["error"]["details"][0]["metadata"]
    probe.wait(60)
    assert google(probe, "GET", LISTS)[0] == 200


def test_g10_references_are_unique_and_lead_somewhere(probe: Probe, user_list: str) -> None:
    body = ingest(user_list, {"emailAddress": A})
    body["destinations"][0]["reference"] = "one"
    body["audienceMembers"][0]["destinationReferences"] = ["two"]
    _, answer = google(probe, "POST", "/v1/audienceMembers:ingest", body)
    assert reason(answer) == "INVALID_DESTINATION"
    twice = deepcopy(body)
    twice["destinations"] *= 2
    _, answer = google(probe, "POST", "/v1/audienceMembers:ingest", twice)
    assert reason(answer) == "DUPLICATE_DESTINATION_REFERENCE"
    body["audienceMembers"][0]["destinationReferences"] = ["one"]
    assert google(probe, "POST", "/v1/audienceMembers:ingest", body)[0] == 200


def test_g10_remove_all_removes_who_came_before_a_time(probe: Probe, user_list: str) -> None:
    add = "/v1/audienceMembers:ingest"
    google(probe, "POST", add, ingest(user_list, {"emailAddress": A}))
    probe.wait(3600)
    google(probe, "POST", add, ingest(user_list, {"emailAddress": B}))
    body = {"destinations": ingest(user_list)["destinations"]}
    path = "/v1/audienceMembers:removeAll"
    late = {**body, "removeAsOfTime": "2026-11-25T01:00:01Z"}
    assert reason(google(probe, "POST", path, late)[1]) == "INVALID_REMOVE_AS_OF_TIME"
    status, answer = google(probe, "POST", path, {**body, "removeAsOfTime": "2026-11-25T00:30:00Z"})
    assert status == 200
    assert probe.members("google") == [["email", B]]
    path = f"/v1/requestStatus:retrieve?requestId={answer['requestId']}"
    assert [google(probe, "GET", path)[0] for _ in range(2)] == [200, 200]


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
    _, answer = google(probe, "POST", LISTS, {**NEW, **change})
    assert reason(answer) == told
    assert len(probe.look("lists")) == 1


def test_a_list_for_mobile_ids_takes_no_contacts(probe: Probe) -> None:
    info = {"uploadKeyTypes": ["MOBILE_ID"], "mobileIdInfo": {"keySpace": "IOS", "appId": "1"}}
    _, made = google(probe, "POST", LISTS, {"displayName": "y", "ingestedUserListInfo": info})
    body = ingest(made["id"], {"emailAddress": A})
    _, answer = google(probe, "POST", "/v1/audienceMembers:ingest", body)
    assert reason(answer) == "INVALID_USER_LIST_TYPE"


def test_google_lists_are_paged_described_and_deleted(probe: Probe, user_list: str) -> None:
    google(probe, "POST", LISTS, {**NEW, "displayName": "y"})
    _, page = google(probe, "GET", f"{LISTS}?pageSize=1")
    _, more = google(probe, "GET", f"{LISTS}?pageSize=1&pageToken={page['nextPageToken']}")
    names = [entry["displayName"] for entry in page["userLists"] + more["userLists"]]
    assert (names, "nextPageToken" in more) == (["x", "y"], False)
    assert google(probe, "DELETE", f"{LISTS}/{user_list}") == (200, {})
    assert google(probe, "GET", f"{LISTS}/{user_list}")[0] == 404
