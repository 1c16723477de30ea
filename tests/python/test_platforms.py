"""The platform modules: what they ask for, how they read answers, and what errors mean."""

from dataclasses import replace
from typing import Any

import pytest

from tamiz.errors import UnknownPlatform
from tamiz.platforms import PLATFORMS, google, meta, platform
from tamiz.platforms.base import Account, Batch, Json, Receipt, Refusal, Request, Verdict, safe_code
from tamiz.sandbox.contract import load_contract

EMAIL = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
PHONE = "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"
BATCH = Batch("b1", 1, [("email", EMAIL), ("phone", PHONE)])
LISTS = {"google": "778899", "meta": "120000000000001"}


def requests_of(name: str) -> dict[str, Request]:
    """Every request a platform can make, by the operation it must be."""
    entry, account, list_id = platform(name), platform(name).sandbox, LISTS[name]
    made = {
        "find": entry.find_lists(account, None),
        "find more": entry.find_lists(account, "25"),
        "get": entry.get_list(account, list_id),
        "create": entry.create_list(account, "tamiz_win_back", "Filled by Tamiz"),
        "add": entry.add_members(account, list_id, BATCH),
        "remove": entry.remove_members(account, list_id, BATCH),
    }
    if entry.poll is not None:
        made["poll"] = entry.poll(account, "request-1")
    return made


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_every_request_keeps_to_the_contract(name: str) -> None:
    contract = load_contract(name)
    for purpose, request in requests_of(name).items():
        found = contract.match(request.method, request.path)
        assert found is not None, purpose
        operation, path = found
        texts = {"path": path, "query": request.query, "header": request.headers}
        assert operation.violation(texts, request.body) is None, purpose


def test_an_unknown_platform_is_named_with_the_known_ones() -> None:
    told = r"^no platform named 'myspace'; known: google, meta$"
    with pytest.raises(UnknownPlatform, match=told):
        platform("myspace")


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_platform_is_known_by_its_own_name_and_https_address(name: str) -> None:
    entry = platform(name)
    assert (entry.name, entry.sandbox.platform) == (name, name)
    assert entry.base_url.startswith("https://")
    assert (entry.batch_size, entry.minimum_size) == (10_000, 100)
    assert [identifier.column for identifier in entry.identifiers] == [
        "email_sha256",
        "phone_sha256",
    ]


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_no_identifier_and_no_token_is_in_a_repr(name: str) -> None:
    entry = platform(name)
    shown = repr([BATCH, entry, entry.sandbox, *requests_of(name).values()])
    assert EMAIL not in shown
    assert PHONE not in shown
    assert entry.sandbox.token.get_secret_value() not in shown


@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_token_stands_in_a_header_and_nowhere_else(name: str) -> None:
    entry = platform(name)
    token = entry.sandbox.token.get_secret_value()
    assert entry.headers(entry.sandbox) == {"Authorization": f"Bearer {token}"}
    for request in requests_of(name).values():
        parts = (request.path, request.query, request.headers, request.body)
        assert token not in str(parts)


def test_meta_puts_one_identifier_in_a_row_of_a_schema_that_never_changes() -> None:
    only_phones = Batch("b2", 1, [("phone", PHONE)])
    for batch in (BATCH, only_phones):
        body = meta.add_members(meta.PLATFORM.sandbox, "120000000000001", batch).body or {}
        assert body["payload"]["schema"] == ["EMAIL", "PHONE"]
        assert all(row.count("") == 1 for row in body["payload"]["data"])
    first = meta.remove_members(meta.PLATFORM.sandbox, "120000000000001", BATCH)
    assert first.method == "DELETE"
    assert (first.body or {})["payload"]["data"] == [[EMAIL, ""], ["", PHONE]]


def test_meta_opens_a_session_of_its_own_for_every_try() -> None:
    def session(batch: Batch) -> int:
        body = meta.add_members(meta.PLATFORM.sandbox, "120000000000001", batch).body or {}
        number: int = body["session"]["session_id"]
        return number

    assert session(BATCH) == session(BATCH)
    assert len({session(BATCH), session(replace(BATCH, attempt=2))}) == 2
    assert 0 < session(BATCH) < 2**63


def test_google_grants_both_consents_and_accepts_the_terms_on_adding_only() -> None:
    account = google.PLATFORM.sandbox
    added = google.add_members(account, "778899", BATCH).body or {}
    granted = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}
    assert added["consent"] == granted
    assert added["termsOfService"] == {"customerMatchTermsOfServiceStatus": "ACCEPTED"}
    assert added["encoding"] == "HEX"
    assert added["destinations"] == [
        {
            "loginAccount": {"accountType": "GOOGLE_ADS", "accountId": "9876543210"},
            "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "1234567890"},
            "productDestinationId": "778899",
        }
    ]
    removed = google.remove_members(account, "778899", BATCH).body or {}
    assert set(removed) == {"destinations", "audienceMembers", "encoding"}


def test_google_names_the_manager_account_only_if_there_is_one() -> None:
    account = replace(google.PLATFORM.sandbox, login_account_id=None)
    assert google.find_lists(account, None).headers == {}
    body = google.add_members(account, "1", BATCH).body or {}
    assert body["destinations"][0]["loginAccount"]["accountId"] == account.account_id


def test_meta_reads_what_was_taken_and_no_sample() -> None:
    answer = {
        "audience_id": "1",
        "session_id": "77",
        "num_received": 10,
        "num_invalid_entries": 2,
        "invalid_entry_samples": {EMAIL: "bad"},
    }
    assert meta.read_receipt(answer, 10) == Receipt(10, 2, "77")


@pytest.mark.parametrize(
    "answer",
    [{}, {"num_received": "10", "num_invalid_entries": 0, "session_id": "1"}, {"requestId": 5}],
)
@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_an_answer_that_breaks_the_contract_is_no_receipt(name: str, answer: Json) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        platform(name).read_receipt(answer, 10)


def status(state: str, **more: Any) -> Json:
    destination = {"operatingAccount": {}, "productDestinationId": "1"}
    entry = {"destination": destination, "requestStatus": state, **more}
    return {"requestStatusPerDestination": [entry]}


def test_google_says_later_what_became_of_a_request() -> None:
    assert google.read_receipt({"requestId": "r"}, 7) == Receipt(7, 0, "r", asynchronous=True)
    assert google.read_status(status("PROCESSING")).receipt is None
    taken = {"userDataIngestionStatus": {"recordCount": "7"}}
    done = google.read_status(status("SUCCESS", audienceMembersIngestionStatus=taken))
    assert done.receipt == Receipt(7, 0)
    reason = {"recordCount": "2", "reason": "PROCESSING_ERROR_REASON_NO_CONSENT"}
    partial = google.read_status(
        status(
            "PARTIAL_SUCCESS",
            audienceMembersIngestionStatus=taken,
            errorInfo={"errorCounts": [reason]},
        )
    )
    assert (partial.receipt, partial.has_failed) == (Receipt(7, 2), False)
    assert google.read_status(status("FAILED")).has_failed


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (1, Verdict.RETRY),
        (2, Verdict.RETRY),
        (80003, Verdict.WAIT),
        (613, Verdict.WAIT),
        (190, Verdict.REAUTHENTICATE),
        (100, Verdict.STOP),
        (200, Verdict.STOP),
        (2650, Verdict.STOP),
    ],
)
def test_meta_is_classified_by_its_code(code: int, verdict: Verdict) -> None:
    answer = {"error": {"code": code, "message": EMAIL, "type": "OAuthException"}}
    assert meta.classify(answer) == Refusal(verdict, str(code))


def test_meta_tells_a_missing_list_by_its_subcode() -> None:
    answer = {"error": {"code": 100, "error_subcode": 33, "message": ""}}
    assert meta.classify(answer) == Refusal(Verdict.STOP, "100/33", is_missing=True)


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("UNAVAILABLE", Verdict.RETRY),
        ("INTERNAL", Verdict.RETRY),
        ("RESOURCE_EXHAUSTED", Verdict.WAIT),
        ("UNAUTHENTICATED", Verdict.REAUTHENTICATE),
        ("INVALID_ARGUMENT", Verdict.STOP),
        ("PERMISSION_DENIED", Verdict.STOP),
    ],
)
def test_google_is_classified_by_its_status(word: str, verdict: Verdict) -> None:
    answer = {"error": {"code": 400, "message": EMAIL, "status": word}}
    assert google.classify(answer) == Refusal(verdict, word)
    detailed = {**answer["error"], "details": [{"@type": "x"}, {"reason": "INVALID_DESTINATION"}]}
    found = google.classify({"error": detailed})
    assert found is not None
    assert found.code == f"{word}/INVALID_DESTINATION"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("meta", {"code": 987654, "message": "x"}),
        ("google", {"status": "SOMETHING_NEW", "message": "x"}),
    ],
)
def test_a_code_nobody_knows_stops(name: str, error: Json) -> None:
    found = platform(name).classify({"error": error})
    assert found is not None
    assert (found.verdict, found.is_known) == (Verdict.STOP, False)


@pytest.mark.parametrize("answer", [{}, {"error": "no"}, {"error": {"code": "1"}}])
@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_an_error_without_a_code_is_not_classified(name: str, answer: Json) -> None:
    assert platform(name).classify(answer) is None


@pytest.mark.parametrize("text", [EMAIL, "somebody@example.com", "+34600000000", "", "a b"])
def test_words_of_an_answer_are_never_shown(text: str) -> None:
    assert safe_code(text) == "an unreadable code"
    found = google.classify({"error": {"status": "INTERNAL", "details": [{"reason": text}]}})
    assert found is not None
    assert found.code == "INTERNAL/an unreadable code"


def test_account_ids_are_read_without_what_people_paste() -> None:
    assert meta.PLATFORM.clean_account_id(" act_123 ") == "123"
    assert google.PLATFORM.clean_account_id("123-456-7890") == "1234567890"


def test_the_next_page_is_asked_for_while_there_is_one() -> None:
    entry = {"id": "1", "name": "a", "description": "b", "account_id": "9"}
    page = {"data": [entry], "paging": {"cursors": {"after": "c1"}, "next": "address"}}
    assert meta.read_lists(page).next_page == "c1"
    assert meta.read_lists({"data": [], "paging": {"cursors": {"after": "c1"}}}).next_page is None
    assert google.read_lists({}).lists == ()
    assert google.read_lists({"nextPageToken": "t"}).next_page == "t"
    account: Account = google.PLATFORM.sandbox
    assert google.find_lists(account, "t").query["pageToken"] == "t"
