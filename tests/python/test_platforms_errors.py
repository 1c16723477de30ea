"""What the error answers of the platforms mean: every code they name, and one nobody knows."""

from typing import Any

import pytest
from platform_cases import EMAIL, NAMES, answer, digest, tiktok

from tamiz.platforms import google_errors, platform
from tamiz.platforms.base import Answer, BadRow, Json, Refusal, Verdict

RETRY, WAIT, STOP = Verdict.RETRY, Verdict.WAIT, Verdict.STOP
TOKEN, ROWS = Verdict.REAUTHENTICATE, Verdict.REFUSE_ROWS
UNAVAILABLE = (500, 502, 503, 504)
# By platform: what a code is worth. Meta's may have a subcode.
TABLES: dict[str, dict[Verdict, tuple[Any, ...]]] = {
    "google": {
        RETRY: ("INTERNAL", "UNAVAILABLE", "DEADLINE_EXCEEDED", "ABORTED"),
        WAIT: ("RESOURCE_EXHAUSTED",),
        TOKEN: ("UNAUTHENTICATED",),
        STOP: (
            *("INVALID_ARGUMENT", "PERMISSION_DENIED", "NOT_FOUND", "ALREADY_EXISTS"),
            "FAILED_PRECONDITION",
        ),
    },
    "linkedin": {
        RETRY: (409, *UNAVAILABLE),
        WAIT: (404, 429),
        TOKEN: (401,),
        STOP: (400, 403, 426),
    },
    "meta": {
        RETRY: (1, 2, 21009),
        WAIT: (4, 17, 32, 341, 613, *range(80000, 80015)),
        TOKEN: (190,),
        STOP: (
            *(3, 100, 105, 200, 294, 368, 2650, 2655, 2663, 1487301, 1487366),
            *((100, 33), (100, 1713230), (200, 1870034), (200, 1870047)),
        ),
    },
    "microsoft": {RETRY: (0,), WAIT: (117,), TOKEN: (105, 109), STOP: (106, 8003)},
    "pinterest": {RETRY: UNAVAILABLE, WAIT: (429,), TOKEN: (401,), STOP: (403, 404), ROWS: (400,)},
    "reddit": {
        RETRY: UNAVAILABLE,
        WAIT: (429,),
        TOKEN: (401,),
        STOP: (403, 404, 410),
        ROWS: (400,),
    },
    "snapchat": {
        RETRY: UNAVAILABLE,
        WAIT: (429,),
        TOKEN: (401,),
        STOP: (403, 404, "E3002"),
        ROWS: ("E1001",),
    },
    "tiktok": {
        RETRY: (50000, 50002),
        WAIT: (40100,),
        TOKEN: (40105,),
        STOP: (40001,),
        ROWS: (40002,),
    },
    "x": {
        RETRY: (
            *("INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "OVER_CAPACITY", "CANCELLED_REQUEST"),
            "LOCK_ACQUISITION_TIMEOUT",
        ),
        WAIT: ("TOO_MANY_REQUESTS", "TWEET_RATE_LIMIT_EXCEEDED"),
        TOKEN: ("UNAUTHORIZED_ACCESS",),
        STOP: (
            *("UNAUTHORIZED_CLIENT_APPLICATION", "READONLY_CLIENT_APPLICATION"),
            *("INSUFFICIENT_USER_AUTHORIZED_PERMISSION", "ACTION_NOT_ALLOWED"),
            *("ACCOUNT_NOT_FOUND", "ACCOUNT_LOCKED_OUT", "USER_NOT_FOUND"),
            *("CURRENT_USER_SUSPENDED", "FEATURE_NOT_AVAILABLE", "NOT_FOUND"),
            *("ROUTE_NOT_FOUND", "METHOD_NOT_ALLOWED", "INVALID_PARAMETER"),
            *("MISSING_PARAMETER", "REQUEST_TOO_COMPLEX"),
        ),
    },
}
UNKNOWN: dict[str, Any] = {
    **dict.fromkeys(("google", "x"), "SOMETHING_NEW"),
    **dict.fromkeys(("linkedin", "pinterest", "reddit"), 418),
    "meta": 987654,
    "microsoft": 4711,
    "snapchat": "E9999",
    "tiktok": 49999,
}


def refused(name: str, code: Any) -> Answer:  # noqa: PLR0911 - nine platforms
    """An error answer of a platform with that code; its words hold an identifier."""
    said = {"message": EMAIL}
    match name:
        case "google":
            return answer({"error": {**said, "code": 400, "status": code}}, 400)
        case "linkedin":
            return answer({**said, "status": code}, code)
        case "meta":
            known, subcode = code if isinstance(code, tuple) else (code, None)
            more = {"error_subcode": subcode} if subcode is not None else {}
            return answer({"error": {**said, **more, "code": known, "type": "x"}}, 400)
        case "microsoft":
            error = {"Code": code, "ErrorCode": "x", "Message": EMAIL}
            return answer({"Errors": [error], "TrackingId": "t", "Type": "AdApiFaultDetail"}, 500)
        case "pinterest":
            return answer({**said, "code": 2}, code)
        case "reddit":
            return answer({"error": {**said, "code": code}}, code)
        case "snapchat":
            status, known = (code, "E2001") if isinstance(code, int) else (400, code)
            return answer(
                {"request_status": "ERROR", "request_id": "r", "error_code": known}, status
            )
        case "tiktok":
            return answer({**tiktok(code=code), "message": EMAIL})
        case _:
            return answer({"errors": [{**said, "code": code}]}, 400)


CODES = [
    (name, code, verdict)
    for name, table in TABLES.items()
    for verdict, codes in table.items()
    for code in codes
]


@pytest.mark.parametrize(("name", "code", "verdict"), CODES)
def test_every_code_a_platform_names_has_its_verdict(
    name: str, code: object, verdict: Verdict
) -> None:
    found = platform(name).classify(refused(name, code))
    assert found is not None
    assert (found.verdict, found.is_known) == (verdict, True)
    assert EMAIL not in found.code
    assert found.code.startswith(str(code[0] if isinstance(code, tuple) else code)) or (
        name == "snapchat" and found.code == "E2001"
    )


def test_the_tables_here_are_the_tables_of_the_modules() -> None:
    import importlib

    for name in NAMES:
        module = (
            google_errors
            if name == "google"
            else importlib.import_module(f"tamiz.platforms.{name}")
        )
        expected = {
            code if name != "meta" or isinstance(code, tuple) else (code, None): verdict
            for verdict, codes in TABLES[name].items()
            for code in codes
        }
        assert expected == module.VERDICTS, name


@pytest.mark.parametrize("name", NAMES)
def test_a_code_nobody_knows_stops(name: str) -> None:
    found = platform(name).classify(refused(name, UNKNOWN[name]))
    assert found is not None
    assert (found.verdict, found.is_known, found.is_missing) == (STOP, False, False)


@pytest.mark.parametrize("body", [None, {}, [], "<html>", {"error": "no"}, {"code": "1"}])
@pytest.mark.parametrize("name", NAMES)
def test_an_error_without_a_code_is_not_classified(name: str, body: object) -> None:
    assert platform(name).classify(answer(body, 502)) is None


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("google", refused("google", "NOT_FOUND")),
        ("linkedin", refused("linkedin", 404)),
        ("meta", refused("meta", (100, 33))),
        ("microsoft", answer({"Audiences": [None], "PartialErrors": []})),
        ("pinterest", refused("pinterest", 404)),
        ("reddit", refused("reddit", 404)),
        ("snapchat", refused("snapchat", 404)),
        ("tiktok", answer(tiktok({"list": []}))),
        ("x", refused("x", "NOT_FOUND")),
    ],
)
def test_a_list_that_is_not_there_is_told_apart(name: str, reply: Answer) -> None:
    found = platform(name).classify(reply)
    assert found is not None
    assert found.is_missing


def google_refusal(*violations: Json, reason: str | None = None, **detail: str) -> Refusal:
    details: list[Json] = [{"@type": "type.googleapis.com/google.rpc.BadRequest"}]
    details[0]["fieldViolations"] = list(violations)
    if reason is not None:
        details.append({"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason})
    if detail:
        details.append(detail)
    status = "RESOURCE_EXHAUSTED" if detail else "INVALID_ARGUMENT"
    error = {"code": 400, "message": EMAIL, "status": status, "details": details}
    found = platform("google").classify(answer({"error": error}, 400))
    assert found is not None
    return found


def broken(place: str, reason: str = "INVALID_SHA256_FORMAT") -> Json:
    return {"field": place, "description": EMAIL, "reason": reason}


def test_t12_google_names_the_rows_at_fault_and_only_those_are_refused() -> None:
    found = google_refusal(
        broken("audience_members[3].user_data.user_identifiers[0].email_address"),
        broken("audienceMembers[17].userData", "INVALID_HEX_ENCODING"),
        broken("audience_members[3].user_data"),
    )
    assert found.verdict is ROWS
    assert found.bad_rows == (
        BadRow(3, "INVALID_SHA256_FORMAT"),
        BadRow(17, "INVALID_HEX_ENCODING"),
    )
    only_reason = google_refusal(reason="INVALID_SHA256_FORMAT")
    assert (only_reason.verdict, only_reason.bad_rows) == (ROWS, ())


def test_google_stops_when_the_request_itself_is_wrong() -> None:
    wrong = google_refusal(broken("destinations[0].product_destination_id", "INVALID_DESTINATION"))
    assert (wrong.verdict, wrong.is_known) == (STOP, True)
    assert wrong.code == "INVALID_ARGUMENT/INVALID_DESTINATION"
    both = google_refusal(
        broken("audience_members[3]"), broken("encoding", "REQUIRED_FIELD_MISSING")
    )
    assert both.verdict is STOP
    missing = google_refusal(broken("audience_members[3].user_data", "REQUIRED_FIELD_MISSING"))
    assert missing.verdict is ROWS
    new = google_refusal(broken("audience_members[3]", "SOMETHING_NEW"))
    assert (new.verdict, new.is_known) == (STOP, False)


@pytest.mark.parametrize("reason", sorted(google_errors.REQUEST_REASONS))
def test_google_stops_for_every_reason_that_is_not_about_rows(reason: str) -> None:
    found = google_refusal(reason=reason)
    assert (found.verdict, found.is_known) == (STOP, True)


def test_google_waits_as_long_as_it_is_told() -> None:
    assert google_refusal(retryDelay="37.5s").wait == 37.5
    assert google_refusal(retryDelay="soon").wait is None


def test_a_reason_that_is_somebodys_text_is_not_shown() -> None:
    found = google_refusal(reason="somebody@example.com")
    assert (found.verdict, found.is_known) == (STOP, False)
    assert found.code == "INVALID_ARGUMENT/an unreadable code"


def test_t11_meta_stops_for_a_list_it_would_leave_too_small_or_that_is_flagged() -> None:
    for code in ((200, 1870047), (100, 1713230), 2650):
        found = platform("meta").classify(refused("meta", code))
        assert found is not None
        assert (found.verdict, found.is_missing) == (STOP, False)
    many = platform("meta").classify(refused("meta", 613))
    assert many is not None
    assert many.verdict is WAIT


def test_meta_waits_as_long_as_its_usage_header_says() -> None:
    usage = '{"1": [{"call_count": 100, "estimated_time_to_regain_access": 7}]}'
    reply = refused("meta", 80003)
    told = Answer(400, {"x-business-use-case-usage": usage}, reply.body)
    assert platform("meta").classify(told) == Refusal(WAIT, "80003", wait=420.0)
    assert platform("meta").classify(reply) == Refusal(WAIT, "80003")


def test_meta_shows_a_subcode_that_nobody_knows_and_goes_by_the_code() -> None:
    found = platform("meta").classify(refused("meta", (190, 463)))
    assert found == Refusal(TOKEN, "190/463")


@pytest.mark.parametrize(
    "inside",
    [[{"code": "INVALID_PARAMETER"}], {"code": "INVALID_PARAMETER"}],
)
def test_x3_names_rows_by_the_index_of_their_operation(inside: object) -> None:
    reply = answer({"operation_errors": [None, [], inside], "request": {}}, 400)
    expected = Refusal(ROWS, "INVALID_PARAMETER", bad_rows=(BadRow(2, "INVALID_PARAMETER"),))
    assert platform("x").classify(reply) == expected


def test_x_stops_for_an_operation_error_that_nobody_knows() -> None:
    errors = [[{"code": "INVALID_PARAMETER"}], [{"code": "SOMETHING_NEW"}]]
    found = platform("x").classify(answer({"operation_errors": errors}, 400))
    assert found is not None
    assert (found.verdict, found.is_known) == (STOP, False)
    busy = [[{"code": "TOO_MANY_REQUESTS"}]]
    found = platform("x").classify(answer({"operation_errors": busy}, 400))
    assert found is not None
    assert found.verdict is STOP


def test_t15_linkedin_does_not_try_again_whatever_the_status() -> None:
    verdicts = {
        code: found.verdict
        for code in (400, 401, 403, 404, 409, 426, 429, 500)
        if (found := platform("linkedin").classify(refused("linkedin", code))) is not None
    }
    assert [code for code, verdict in verdicts.items() if verdict in (RETRY, WAIT)] == [
        *(404, 409, 429, 500)
    ]


def test_linkedin_l2_a_segment_just_made_is_waited_for() -> None:
    assert platform("linkedin").ready_after == 5.0
    found = platform("linkedin").classify(refused("linkedin", 404))
    assert found == Refusal(WAIT, "404", is_missing=True)


def test_snapchat_tells_a_missing_permission_from_an_old_token() -> None:
    for status in (401, 403):
        body = {"request_status": "E", "request_id": "r", "error_code": "E3002"}
        assert platform("snapchat").classify(answer(body, status)) == Refusal(STOP, "E3002")


def microsoft_error(code: int, index: int = 0) -> Json:
    return {"Code": code, "ErrorCode": "x", "Message": digest(index), "Index": index}


def test_c2_5_tiktok_t4_http_200_is_no_success_on_tiktok_and_microsoft() -> None:
    token = platform("tiktok").classify(answer(tiktok(code=40105)))
    assert token == Refusal(TOKEN, "40105")
    terms = answer({"PartialErrors": [None, microsoft_error(8003)]})
    assert platform("microsoft").classify(terms) == Refusal(STOP, "8003")
    made = answer({"AudienceIds": [None], "PartialErrors": [microsoft_error(4711)]})
    assert platform("microsoft").classify(made) == Refusal(STOP, "4711", is_known=False)


def test_microsoft_waits_a_minute_after_too_many_calls() -> None:
    assert platform("microsoft").classify(refused("microsoft", 117)) == Refusal(
        WAIT, "117", wait=60.0
    )


def test_microsoft_names_the_rows_of_a_fault() -> None:
    body = {"BatchErrors": [microsoft_error(4711, 2), microsoft_error(4712, 0)], "TrackingId": "t"}
    expected = Refusal(ROWS, "4711", bad_rows=(BadRow(0, "4712"), BadRow(2, "4711")))
    assert platform("microsoft").classify(answer(body, 400)) == expected
    rows_that_are_fine = answer({"PartialErrors": [microsoft_error(4711)]})
    assert platform("microsoft").classify(rows_that_are_fine) is None
