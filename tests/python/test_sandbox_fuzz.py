"""Schemathesis thinks up requests from the contracts; the sandbox keeps them whatever comes.

`TAMIZ_FUZZ_EXAMPLES=200` tries that many examples of each operation instead of a few.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from sandboxes import script, signed
from schemathesis import engine
from schemathesis.engine import events

from tamiz.platforms import PLATFORMS
from tamiz.sandbox import running_sandbox
from tamiz.sandbox.loading import base_path, read_contract

EXAMPLES = int(os.environ.get("TAMIZ_FUZZ_EXAMPLES", "2"))
# Their contracts take longest.
LARGEST = ("google", "meta")
SIGNED = "OAuth to be signed"
# What a schema cannot say is refused with 400, as `x-sandbox-rules` has it.
ACCEPTED = {"expected-statuses": ["2xx", "400", "401", "403", "404", "409", "426"]}
OFF = {"enabled": False}
# Their errors cannot be told by the HTTP status: `refused_in_words` looks at the code instead.
IN_WORDS = ("missing_required_header", "ignored_auth")
CHECKS: dict[str, dict[str, Any]] = {
    "meta": dict.fromkeys(IN_WORDS, OFF),  # 400 with code 190
    "tiktok": dict.fromkeys((*IN_WORDS, "negative_data_rejection"), OFF),  # 200 with a code
}


class Signature(requests.auth.AuthBase):
    """Signs what is meant to be signed, and nothing that a check took the header from."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if request.headers.get("Authorization") == SIGNED:
            assert request.method is not None
            assert request.url is not None
            request.headers.update(signed(request.method, request.url, PLATFORMS["x"].sandbox))
        return request


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    without_limits = {name: {"rates": {}} for name in PLATFORMS}
    with running_sandbox(script=script(platforms=without_limits)) as address:
        yield address


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.soak if name in LARGEST else ())
        for name in sorted(PLATFORMS)
    ],
)
def test_schemathesis_finds_no_failure(url: str, name: str) -> None:
    document = read_contract(name)
    config = schemathesis.Config.from_dict(
        {
            "seed": 1,
            "base-url": f"{url}/{name}{base_path(document)}",
            "headers": token(name),
            "continue-on-failure": True,
            "generation": {
                "max-examples": EXAMPLES,
                "deterministic": True,
                "database": "none",
            },
            "checks": {"positive_data_acceptance": ACCEPTED, **CHECKS.get(name, {})},
        }
    )
    schema = schemathesis.openapi.from_dict(document, config=config)

    @schema.hook
    def map_case(_context: schemathesis.HookContext, case: schemathesis.Case) -> schemathesis.Case:
        if case.meta is not None and case.meta.generation.mode.is_positive:
            make_ours(name, case)
        return case

    @schemathesis.hook
    def before_call(
        _context: schemathesis.HookContext, _case: schemathesis.Case, kwargs: dict[str, Any]
    ) -> None:
        kwargs["auth"] = Signature()

    failures, statuses = [], set()
    try:
        for event in engine.from_schema(schema).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                failures.append(
                    str(event.info if isinstance(event, events.NonFatalError) else event.exception)
                )
            if isinstance(event, events.ScenarioFinished):
                failures += found(event)
                failures += accepted_in_words(name, event)
                statuses |= {
                    entry.response.status_code
                    for entry in event.recorder.interactions.values()
                    if entry.response is not None
                }
    finally:
        schemathesis.hooks.unregister(before_call)
    assert failures == []
    # It got past the token and into the rules, and was refused too.
    assert {200} < statuses
    assert 500 not in statuses


def token(name: str) -> dict[str, str]:
    """The headers of access alone, so that checks can take them away."""
    headers = PLATFORMS[name].headers(PLATFORMS[name].sandbox)
    wanted = {key: headers[key] for key in ("Authorization", "Access-Token") if key in headers}
    return wanted or {"Authorization": SIGNED}


def make_ours(name: str, case: schemathesis.Case) -> None:
    """Put the account of the sandbox where a valid request names one: others are not let in."""
    account = PLATFORMS[name].sandbox
    known = {
        **dict.fromkeys(("advertiser_id", "ad_account_id", "account_id"), account.account_id),
        "accountId": account.account_id,
        "accountType": "GOOGLE_ADS",
        "account": f"urn:li:sponsoredAccount:{account.account_id}",
        "sourcePlatform": account.settings.get("source_platform"),
        **PLATFORMS[name].headers(account),
    }

    def mend(part: Any, key: str = "") -> Any:
        if isinstance(part, list):
            return [account.account_id] if key == "advertiser_ids" else [mend(one) for one in part]
        if isinstance(part, dict):
            for inside in list(part):
                part[inside] = mend(part[inside], inside)
            return part
        return known.get(key, part) if isinstance(part, str) else part

    for part in (case.path_parameters, case.query, case.headers):
        for key in list(part or ()):
            part[key] = mend(part[key], key)
    if isinstance(case.body, dict | list):
        case.body = mend(case.body)


def found(event: events.ScenarioFinished) -> list[str]:
    """What the checks of schemathesis say."""
    return [
        f"{event.label} {check.name}: {check.failure_info.failure.message}"
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    ]


def accepted_in_words(name: str, event: events.ScenarioFinished) -> list[str]:
    """Requests that broke the contract of TikTok, or had no token, and got code 0 all the same."""
    if name != "tiktok":
        return []
    wrong = []
    for case_id, entry in event.recorder.interactions.items():
        case = event.recorder.cases[case_id].value
        response = entry.response
        if response is None or response.status_code != requests.codes.ok:
            continue
        given = entry.request.headers
        has_token = any(key.lower() == "access-token" for key in given)
        is_negative = case.meta is not None and case.meta.generation.mode.is_negative
        if (is_negative or not has_token) and response.json()["code"] == 0:
            wrong.append(f"{event.label}: accepted")
    return wrong
