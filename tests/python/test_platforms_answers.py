"""How the platforms' answers are read, and what their requests hold: the traps of the contracts."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from platform_cases import (
    EMAIL,
    LISTS,
    NAMES,
    NEW,
    answer,
    batches_of,
    created_answer,
    described_list,
    digest,
    list_answer,
    lists_answer,
    requests_of,
    taken,
    tiktok,
)

from tamiz.platforms import platform
from tamiz.platforms.base import Answer, BadRow, Batch, Json, Receipt, Request, Status
from tamiz.sandbox.loading import load_contract

PAIR = Batch("b1", 1, [("email", digest(1)), ("phone", digest(2))])
EMAILS = Batch("b2", 1, [("email", digest(n)) for n in range(3)])


def add(name: str, batch: Batch) -> Any:
    entry = platform(name)
    return entry.add_members(entry.sandbox, LISTS[name], batch).body


def is_valid(name: str, request: Request, body: object) -> bool:
    found = load_contract(name).match(request.method, request.path)
    assert found is not None
    assert found[0].body is not None
    return found[0].body.gate.violation(body) is None


def read(name: str, body: object, batch: Batch = EMAILS) -> Receipt:
    return platform(name).read_receipt(answer(body), batch)


# Requests ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["meta", "snapchat"])
def test_t4_a_removal_by_delete_carries_its_members_in_the_body(name: str) -> None:
    entry = platform(name)
    request = entry.remove_members(entry.sandbox, LISTS[name], EMAILS)
    assert request.method == "DELETE"
    assert digest(0) in json.dumps(request.body)
    assert digest(0) not in request.path
    assert dict(request.query) == {}


def test_t6_an_unknown_field_keeps_to_no_contract_of_google() -> None:
    entry = platform("google")
    request = entry.add_members(entry.sandbox, LISTS["google"], EMAILS)
    address: Json = {"userData": {"userIdentifiers": [{"addressInfo": {}}]}}
    assert isinstance(request.body, dict)
    assert is_valid("google", request, request.body)
    assert not is_valid("google", request, {**request.body, "audienceMembers": [address]})


@pytest.mark.parametrize("name", NAMES)
def test_t13_upper_case_hashes_keep_to_no_contract(name: str) -> None:
    entry = platform(name)
    (batch, *_) = batches_of(entry, 1)
    request = entry.add_members(entry.sandbox, LISTS[name], batch)
    upper = json.dumps(request.body).replace(digest(0), digest(0).upper())
    assert is_valid(name, request, request.body)
    assert not is_valid(name, request, json.loads(upper))


@pytest.mark.parametrize("name", NAMES)
def test_t16_no_request_asks_a_platform_to_pretend(name: str) -> None:
    assert "validateOnly" not in json.dumps([request.body for _, request in requests_of(name)])


def test_m1_m6_meta_puts_one_identifier_in_a_row_of_a_schema_that_never_changes() -> None:
    for batch in (PAIR, EMAILS):
        payload = add("meta", batch)["payload"]
        assert payload["schema"] == ["EMAIL", "PHONE"]
        assert all(row.count("") == 1 for row in payload["data"])
    assert add("meta", PAIR)["payload"]["data"] == [[digest(1), ""], ["", digest(2)]]


def test_m5_meta_opens_a_session_of_its_own_for_every_try() -> None:
    first, again = (add("meta", batch)["session"] for batch in (PAIR, replace(PAIR, attempt=2)))
    assert first == add("meta", PAIR)["session"]
    assert first["session_id"] != again["session_id"]
    assert 0 < first["session_id"] < 2**63
    assert (first["batch_seq"], first["last_batch_flag"]) == (1, True)


def test_g4_g8_google_grants_both_consents_and_accepts_the_terms_on_adding_only() -> None:
    added = add("google", PAIR)
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
    entry = platform("google")
    removed = entry.remove_members(entry.sandbox, LISTS["google"], PAIR).body
    assert set(removed or ()) == {"destinations", "audienceMembers", "encoding"}


def test_google_names_the_manager_account_only_if_there_is_one() -> None:
    entry = platform("google")
    account = replace(entry.sandbox, settings={"login_customer_id": " 987-654-3210 "})
    named = {"login-account": "accountTypes/GOOGLE_ADS/accounts/9876543210"}
    assert entry.get_list(account, "1").headers == named
    alone = replace(account, settings={})
    assert entry.get_list(alone, "1").headers == {}
    body: Any = entry.add_members(alone, "1", PAIR).body
    assert body["destinations"][0]["loginAccount"]["accountId"] == account.account_id


def test_x2_x_sends_an_operation_for_each_member() -> None:
    users = [operation["params"]["users"] for operation in add("x", PAIR)]
    assert users == [[{"email": [digest(1)]}], [{"phone_number": [digest(2)]}]]
    devices = Batch("b", 1, [("idfa", digest(1)), ("aaid", digest(2)), ("x_handle", digest(3))])
    keys = [list(entry["params"]["users"][0]) for entry in add("x", devices)]
    assert keys == [["device_id"], ["device_id"], ["handle"]]
    assert {entry["operation_type"] for entry in add("x", PAIR)} == {"Update"}


def test_tiktok_t1_t2_c2_6_rows_follow_the_schema_with_a_blank_for_what_is_not_there() -> None:
    kinds = ["aaid", "email", "idfa"]
    body = add("tiktok", Batch("b", 1, [(kind, digest(n)) for n, kind in enumerate(kinds)]))
    assert body["id_schema"] == ["EMAIL_SHA256", "IDFA_SHA256", "AAID_SHA256"]
    filled = [[cell.get("id") for cell in row] for row in body["batch_data"]]
    assert filled == [
        [None, None, digest(0)],
        [digest(1), None, None],
        [None, digest(2), None],
    ]


def test_r1_c2_6_reddit_rows_have_one_cell_and_no_blanks() -> None:
    entry = platform("reddit")
    ads = Batch("b", 1, [("idfa", digest(1)), ("aaid", digest(2))])
    data = add("reddit", ads)["data"]
    assert (data["column_order"], data["user_data"]) == (
        ["MAID_SHA256"],
        [[digest(1)], [digest(2)]],
    )
    request = entry.add_members(entry.sandbox, LISTS["reddit"], ads)
    for row in (["", digest(1)], [digest(1), digest(2)], []):
        assert not is_valid("reddit", request, {"data": {**data, "user_data": [row]}})


@pytest.mark.parametrize("name", [name for name in NAMES if platform(name).one_kind])
def test_s1_r1_kinds_are_not_mixed_where_a_request_takes_one(name: str) -> None:
    mixed = Batch("b", 1, [("email", digest(1)), ("aaid", digest(2))])
    with pytest.raises((KeyError, ValueError)):
        add(name, mixed)


@pytest.mark.parametrize("name", NAMES)
def test_a_kind_a_platform_does_not_take_is_not_sent(name: str) -> None:
    not_pushed = [entry.kind for entry in platform(name).identifiers if entry.column is None]
    for kind in ("shoe_size", *not_pushed):
        with pytest.raises(KeyError):
            add(name, Batch("b", 1, [(kind, digest(1))]))


def test_c2_7_microsoft_m4_what_replaces_everything_by_default_is_never_left_to_the_default() -> (
    None
):
    for name, action in (("tiktok", "add"), ("microsoft", "Add")):
        entry = platform(name)
        removed: Any = entry.remove_members(entry.sandbox, LISTS[name], EMAILS).body
        body = add(name, EMAILS)
        inside = body.get("CustomerListUserData", body)
        assert action in (inside.get("action"), inside.get("ActionType"))
        assert "eplace" not in json.dumps([body, removed])
    entry = platform("tiktok")
    request = entry.remove_members(entry.sandbox, LISTS["tiktok"], EMAILS)
    assert (request.path, request.body["action"]) == ("/segment/mapping/", "delete")  # type: ignore[call-overload,index]


def test_microsoft_m2_accepts_the_terms_in_every_request_that_adds() -> None:
    data = add("microsoft", EMAILS)["CustomerListUserData"]
    assert data["AcceptCustomerMatchTerm"] is True
    assert data["CustomerListItems"] == [hashed for _, hashed in EMAILS.members]


def test_pinterest_sends_one_string_and_makes_a_list_with_a_member() -> None:
    assert add("pinterest", EMAILS)["records"] == ",".join(digest(n) for n in range(3))
    entry = platform("pinterest")
    assert entry.creates_with_member
    made: Any = entry.create_list(entry.sandbox, NEW).body
    assert (made["records"], made["list_type"]) == (EMAIL, "EMAIL")
    with pytest.raises(ValueError, match=r"^$"):
        entry.create_list(entry.sandbox, replace(NEW, member=None))
    assert entry.make_targetable is not None
    over: Any = entry.make_targetable(entry.sandbox, "643", "tamiz_win_back").body
    assert over["rule"] == {"customer_list_id": "643"}


# Receipts ---------------------------------------------------------------------------------------


def test_t9_m3_meta_counts_invalid_rows_and_the_count_may_hold_them_or_not() -> None:
    samples = {"audience_id": "1", "session_id": "77", "invalid_entry_samples": {EMAIL: "bad"}}
    expected = Receipt(2, 1, remote_id="77")
    for received in (3, 2):
        body = {**samples, "num_received": received, "num_invalid_entries": 1}
        assert read("meta", body) == expected
    for received, invalid in ((1, 0), (4, 0), (3, 4), (True, 2), (-3, 6)):
        body = {**samples, "num_received": received, "num_invalid_entries": invalid}
        with pytest.raises((TypeError, ValueError)):
            read("meta", body)


@pytest.mark.parametrize("counts", [(2, 3), (3, 2), (2, 2), (4, 4), (0, 0)])
def test_x4_unless_both_counts_are_what_was_sent_it_is_sent_again(counts: tuple[int, int]) -> None:
    body = {"data": dict(zip(("success_count", "total_count"), counts, strict=True))}
    with pytest.raises(ValueError, match=r"^$"):
        read("x", body)
    assert read("x", {"data": {"success_count": 3, "total_count": 3}}) == Receipt(3)


def test_l3_t15_linkedin_answers_for_every_element() -> None:
    statuses = [{"status": 201}, {"status": 400, "error": {"message": EMAIL}}, {"status": 200}]
    assert read("linkedin", {"elements": statuses}) == Receipt(2, 1, (BadRow(1, "400"),))
    for again in (429, 500, 503):
        with pytest.raises(ValueError, match=r"^$"):
            read("linkedin", {"elements": [*statuses[:2], {"status": again}]})
    with pytest.raises(ValueError, match=r"^$"):
        read("linkedin", {"elements": statuses[:2]})


def test_microsoft_m1_names_the_rows_it_refused() -> None:
    error = {"Code": 4711, "ErrorCode": "x", "Message": EMAIL, "Index": 2}
    body: Json = {"PartialErrors": [None, error]}
    assert read("microsoft", body) == Receipt(2, 1, (BadRow(2, "4711"),))
    assert EMAIL not in repr(read("microsoft", body))
    for index in (3, -1, None):
        with pytest.raises((TypeError, ValueError)):
            read("microsoft", {"PartialErrors": [{**error, "Index": index}]})


def test_s4_snapchat_counts_the_rows_it_received() -> None:
    def users(number: int, word: str = "SUCCESS") -> Json:
        entry = {"sub_request_status": word, "user": {"number_uploaded_users": number}}
        return {"request_status": "success", "request_id": "r", "users": [entry]}

    assert read("snapchat", users(3)) == Receipt(3)
    assert read("snapchat", users(1, "success")) == Receipt(1, 2)
    for body in (users(4), users(3, "ERROR")):
        with pytest.raises(ValueError, match=r"^$"):
            read("snapchat", body)


def test_p1_tiktok_t4_where_no_number_is_told_or_proves_anything_the_receipt_is_not_counted() -> (
    None
):
    for name in ("pinterest", "reddit", "tiktok"):
        receipt = platform(name).read_receipt(taken(name, 3), EMAILS)
        assert receipt == Receipt(3, is_counted=False)
    many = described_list("pinterest", NEW, "643") | {"num_uploaded_user_records": 99}
    assert read("pinterest", many) == Receipt(3, is_counted=False)
    with pytest.raises(ValueError, match=r"^$"):
        read("tiktok", tiktok(code=40002))


def test_r3_reddit_says_yes_with_204_and_nothing_else() -> None:
    entry = platform("reddit")
    assert entry.read_receipt(answer(None, 204), EMAILS) == Receipt(3, is_counted=False)
    unreadable = Answer(200, {}, None, is_empty=False)
    no_yes = (answer({}), answer({"error": "x"}), answer({"success": False}), answer(None))
    for reply in (*no_yes, unreadable, answer(None, 302), answer({}, 204)):
        with pytest.raises((TypeError, ValueError)):
            entry.read_receipt(reply, EMAILS)


def google_status(state: str, counted: str | None = None, **failed: str) -> Status:
    destination = {"operatingAccount": {}, "productDestinationId": "1"}
    entry: Json = {"destination": destination, "requestStatus": state}
    if counted is not None:
        entry["audienceMembersIngestionStatus"] = {
            "userDataIngestionStatus": {"recordCount": counted}
        }
    if failed:
        counts = [{"recordCount": number, "reason": reason} for reason, number in failed.items()]
        entry["errorInfo"] = {"errorCounts": counts}
    reader = platform("google").read_status
    assert reader is not None
    return reader(answer({"requestStatusPerDestination": [entry]}))


def test_google_says_later_what_became_of_a_request() -> None:
    accepted = read("google", {"requestId": "r"})
    assert accepted == Receipt(3, is_counted=False, remote_id="r", asynchronous=True)
    assert google_status("PROCESSING") == Status(None)
    assert google_status("SUCCESS", "7") == Status(Receipt(7))
    assert google_status("SUCCESS") == Status(Receipt(0, is_counted=False))
    denied = {"PROCESSING_ERROR_REASON_NO_CONSENT": "2", "PROCESSING_ERROR_OTHER": "1"}
    assert google_status("PARTIAL_SUCCESS", "7", **denied) == Status(Receipt(4, 3))
    assert google_status("FAILED", "7", PROCESSING_ERROR_OTHER="7").has_failed
    with pytest.raises(ValueError, match=r"^$"):
        google_status("SOMETHING_NEW")


# Lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "page", "more"),
    [
        ("google", {"nextPageToken": "t"}, "t"),
        ("linkedin", {"elements": [], "paging": {"start": 100, "count": 100, "total": 250}}, None),
        ("meta", {"data": [], "paging": {"cursors": {"after": "c1"}, "next": "address"}}, "c1"),
        ("meta", {"data": [], "paging": {"cursors": {"after": "c1"}}}, None),
        ("microsoft", {"Audiences": [], "PartialErrors": []}, None),
        ("pinterest", {"items": [], "bookmark": "b"}, "b"),
        ("tiktok", tiktok({"list": [], "page_info": {"page": 2, "total_page": 3}}), "3"),
        ("tiktok", tiktok({"list": [], "page_info": {"page": 3, "total_page": 3}}), None),
        ("x", {"data": [], "next_cursor": "c", "request": {}}, "c"),
    ],
)
def test_the_next_page_is_asked_for_while_there_is_one(
    name: str, page: Json, more: str | None
) -> None:
    entry = platform(name)
    assert entry.find_lists is not None
    assert entry.read_lists is not None
    found = entry.read_lists(answer(page))
    assert (found.lists, found.next_page) == ((), more)
    if more is not None:
        asked = entry.find_lists(entry.sandbox, "win_back", more)
        assert more in asked.query.values()


def test_linkedin_counts_its_pages_itself() -> None:
    entry = platform("linkedin")
    assert entry.read_lists is not None
    segments = [described_list("linkedin", NEW, str(number)) for number in range(1, 101)]
    full = {"elements": segments, "paging": {"start": 100, "count": 100}}
    assert entry.read_lists(answer(full)).next_page == "200"
    total = {"elements": segments, "paging": {"start": 100, "count": 100, "total": 200}}
    assert entry.read_lists(answer(total)).next_page is None


@pytest.mark.parametrize(
    ("name", "change", "trouble"),
    [
        ("google", {"membershipStatus": "CLOSED"}, "CLOSED"),
        ("google", {"accountAccessStatus": "DISABLED"}, "DISABLED"),
        *(
            ("linkedin", {"destinations": [{"destination": "LINKEDIN", "status": state}]}, found)
            for state, found in (
                *(("EXPIRED", "EXPIRED"), ("FAILED", "FAILED"), ("ERROR", "ERROR")),
                *(("ARCHIVED", None), ("BUILDING", None), ("UPDATING", None)),
            )
        ),
        ("meta", {"operation_status": {"code": 471, "description": "flagged"}}, "471"),
        ("meta", {"operation_status": {"code": 200}}, None),
        ("x", {"deleted": True}, "DELETED"),
    ],
)
def test_a_list_in_trouble_says_so(name: str, change: Json, trouble: str | None) -> None:
    there = described_list(name, NEW, LISTS[name]) | change
    assert platform(name).read_list(list_answer(name, there)).trouble == trouble


def test_meta_does_not_know_the_size_of_a_list_at_first() -> None:
    there = described_list("meta", NEW, LISTS["meta"])
    for size, known in ((-1, None), (0, 0), (1_200, 1_200)):
        reply = answer(there | {"approximate_count_lower_bound": size})
        assert platform("meta").read_list(reply).size == known


def test_l6_the_id_of_a_segment_stands_in_a_header() -> None:
    entry = platform("linkedin")
    assert entry.read_created(answer(None, 201, x_linkedin_id="77")) == "77"
    with pytest.raises(TypeError):
        entry.read_created(answer({"id": 77}, 201))


def test_reddit_lists_cannot_be_looked_up() -> None:
    assert platform("reddit").find_lists is None


# What is not in the contract means neither yes nor no ------------------------------------------

BAD_IDS = [
    "../x",
    "..",
    "1?y=2",
    "1/2",
    "1#2",
    "",
    "1\n",
    "\n1",
    "1 2",
    "\u0667",
    None,
    True,
    7.5,
    [],
]
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)
ANYTHING = [
    *({}, [], None, "ok", 1, True, [{}], {"data": {}}, {"data": None}, {"data": []}),
    *({"error": "x"}, {"error": {}}, {"errors": []}, {"success": False}, {"success": True}),
    *({"status": "ok"}, {"message": "done"}, {"code": False}, {"code": 0.0}, {"code": "0"}),
    *({"PartialErrors": None}, {"PartialErrors": {}}, {"elements": {}}, {"users": []}),
    {"requestStatusPerDestination": []},
]
BESIDE = [
    *({"error": "x"}, {"errors": [{"code": "X"}]}, {"success": False}, {"Fault": "x"}),
    *({"error_code": "E1"}, {"state": "FAILED"}),
]


def readers_of(name: str) -> dict[str, tuple[Callable[[Answer], Any], Answer]]:
    """Every reading of a yes of a platform, with an answer that is one."""
    entry, new = platform(name), described_list(name, NEW, LISTS[name])
    found: dict[str, tuple[Callable[[Answer], Any], Answer]] = {
        "members": (lambda reply: entry.read_receipt(reply, EMAILS), taken(name, 3)),
        "get": (entry.read_list, list_answer(name, new)),
        "create": (entry.read_created, created_answer(name, new, LISTS[name])),
    }
    if entry.read_lists is not None:
        found["find"] = (entry.read_lists, lists_answer(name, [new]))
    if entry.read_status is not None:
        done = {"destination": {}, "requestStatus": "SUCCESS"}
        found["status"] = (entry.read_status, answer({"requestStatusPerDestination": [done]}))
    if entry.read_targetable is not None:
        over = {"id": "55", "type": "audience", "status": "READY"}
        found["target"] = (entry.read_targetable, answer(over))
    return found


CASES = [(name, purpose) for name in NAMES for purpose in readers_of(name)]


@pytest.mark.parametrize(("name", "purpose"), CASES)
def test_only_the_answer_of_the_contract_is_a_yes(name: str, purpose: str) -> None:
    read_it, good = readers_of(name)[purpose]
    read_it(good)
    unreadable = Answer(200, {}, None, is_empty=False)
    others = [unreadable, *(answer(body) for body in ANYTHING)]
    # As the contracts have it: an account without lists.
    no_lists: Json = {"google": {}, "meta": {"data": []}, "x": {"data": []}}
    if purpose == "find" and name in no_lists:
        others.remove(answer(no_lists[name]))
    if (name, purpose) == ("tiktok", "members"):
        others += [answer({"code": 0}), answer({"code": 0, "message": "OK", "request_id": None})]
    for reply in others:
        with pytest.raises(UNREADABLE):
            read_it(reply)
    for status in (202, 206, 302, 400, 500):
        with pytest.raises(UNREADABLE):
            read_it(replace(good, http_status=status))


@pytest.mark.parametrize(("name", "purpose"), CASES)
def test_a_yes_with_an_error_beside_it_is_none(name: str, purpose: str) -> None:
    read_it, good = readers_of(name)[purpose]
    for beside in BESIDE:
        body = {**(good.body or {}), **beside}
        with pytest.raises(UNREADABLE):
            read_it(replace(good, body=body, is_empty=False))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        *(("meta", "num_received"), ("meta", "num_invalid_entries"), ("x", "success_count")),
        *(("x", "total_count"), ("snapchat", "number_uploaded_users"), ("linkedin", "status")),
    ],
)
def test_a_count_that_cannot_be_is_no_answer(name: str, key: str) -> None:
    good = json.dumps(taken(name, 3).body)
    assert f'"{key}": ' in good
    for wrong in ("-1", "4", "true", '"3"', "3.0", "null", "[]"):
        body = re.sub(rf'"{key}": \d+', f'"{key}": {wrong}', good)
        with pytest.raises(UNREADABLE):
            read(name, json.loads(body))


def test_a_row_that_was_not_sent_is_no_answer_of_microsoft_nor_a_short_one_of_linkedin() -> None:
    error = {"Code": 4711, "ErrorCode": "x", "Message": "", "Index": 3}
    for body in ({"PartialErrors": [error]}, {"PartialErrors": [{"Code": 4711}]}):
        with pytest.raises(UNREADABLE):
            read("microsoft", body)
    for statuses in ([201, 201], [201] * 4, [201, 201, 302], [201, 201, 100], [201, 201, 599]):
        with pytest.raises(UNREADABLE):
            read("linkedin", {"elements": [{"status": status} for status in statuses]})
    yes_and_no = {"status": 201, "error": {"message": "x"}}
    with pytest.raises(UNREADABLE):
        read("linkedin", {"elements": [{"status": 201}, {"status": 201}, yes_and_no]})


def test_google_must_say_how_many_failed() -> None:
    with pytest.raises(ValueError, match=r"^$"):
        google_status("PARTIAL_SUCCESS", "7")
    with pytest.raises(ValueError, match=r"^$"):
        google_status("SUCCESS", "-7")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("bad", BAD_IDS)
def test_an_id_that_is_none_is_neither_read_nor_sent(name: str, bad: object) -> None:
    entry, list_id = platform(name), LISTS[name]
    sent = int(list_id) if name == "linkedin" else list_id
    for purpose, (read_it, good) in readers_of(name).items():
        text = json.dumps(good.body)
        if json.dumps(sent) in text and purpose != "members":
            reply = replace(good, body=json.loads(text.replace(json.dumps(sent), json.dumps(bad))))
            with pytest.raises(UNREADABLE):
                read_it(reply)
    if isinstance(bad, str):
        account = replace(entry.sandbox, account_id=bad)
        (batch, *_) = batches_of(entry, 1)
        for make in (entry.add_members, entry.remove_members):
            with pytest.raises(UNREADABLE):
                make(entry.sandbox, bad, batch)
        with pytest.raises(UNREADABLE):
            entry.get_list(entry.sandbox, bad)
        with pytest.raises(UNREADABLE):
            _ = (entry.headers(account), entry.create_list(account, NEW))


@pytest.mark.parametrize("header", ["../x", "1?y=2", "", "1\n"])
def test_the_id_in_a_header_has_to_be_one_as_well(header: str) -> None:
    with pytest.raises(UNREADABLE):
        platform("linkedin").read_created(answer(None, 201, x_restli_id=header))
