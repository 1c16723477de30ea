"""Tokens in the sandbox: they end, and are renewed where the platform renews them."""

from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit

import pytest
from sandboxes import Probe, probing

from tamiz.platforms import PLATFORMS, Account, platform
from tamiz.platforms.base import Answer

RENEWING = sorted(name for name, entry in PLATFORMS.items() if entry.renewal is not None)
QUERY = {"AudienceIds": None, "Type": "CustomerList"}
READING: dict[str, tuple[str, str, Any]] = {
    "google": ("GET", "/v1/accountTypes/GOOGLE_ADS/accounts/1234567890/userLists", None),
    "linkedin": (
        "GET",
        "/dmpSegments?q=account&account=urn:li:sponsoredAccount:516848833",
        None,
    ),
    "microsoft": ("POST", "/Audiences/QueryByIds", QUERY),
    "pinterest": ("GET", "/ad_accounts/549755885175/customer_lists", None),
    "reddit": ("GET", "/custom_audiences/ca.1", None),
    "snapchat": ("GET", "/adaccounts/8adc3db7-8148-4fbf-999c-8d2266369d74/segments", None),
}


def is_let_in(probe: Probe, name: str, token: str | None = None) -> bool:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return probe.ask(name, *READING[name], **headers).status in (200, 404)


def renewed(probe: Probe, name: str, path: str | None = None) -> str:
    """What our own module reads out of the answer to its own request."""
    entry = platform(name)
    assert entry.renewal is not None
    asked = entry.renewal.request(entry.sandbox)
    address = path or urlsplit(entry.renewal.token_url).path
    answer = probe.pool.request(
        "POST",
        f"{probe.url}/{name}{address}",
        fields=asked.form,
        headers=dict(asked.headers),
        encode_multipart=False,
    )
    assert answer.status == 200
    assert answer.json()["expires_in"] > 0
    return entry.renewal.read(Answer(200, {}, answer.json()))


def asked(probe: Probe, name: str, account: Account, **changes: str) -> tuple[int, Any]:
    form = {
        "grant_type": "refresh_token",
        **{key: account.secret(key) for key in ("refresh_token", "client_id", "client_secret")},
        **changes,
    }
    answer = probe.pool.request(
        "POST", f"{probe.url}/{name}/oauth/token", fields=form, encode_multipart=False
    )
    return answer.status, answer.json().get("error")


@pytest.mark.parametrize("name", RENEWING)
def test_a_token_ends_after_its_lifetime_and_another_one_is_given(name: str) -> None:
    with probing(platforms={name: {"token_lifetime": 3_600}}) as probe:
        assert is_let_in(probe, name)
        probe.wait(3_600)
        assert not is_let_in(probe, name)
        token = renewed(probe, name)
        assert is_let_in(probe, name, token)
        probe.wait(3_600)
        assert not is_let_in(probe, name, token)
        assert is_let_in(probe, name, renewed(probe, name, "/oauth/token"))


@pytest.mark.parametrize("name", RENEWING)
def test_an_expired_token_is_told_apart_from_no_answer(name: str) -> None:
    with probing(platforms={name: {"token_lifetime": 1}}) as probe:
        is_let_in(probe, name)
        probe.wait(1)
        told = probe.ask(name, *READING[name])
        refusal = platform(name).classify(Answer(told.status, told.headers, told.body))
        assert refusal is not None
        assert refusal.verdict == "reauthenticate"


def test_a_token_of_one_platform_opens_no_other() -> None:
    with probing() as probe:
        token = renewed(probe, "linkedin")
        assert is_let_in(probe, "linkedin", token)
        assert not is_let_in(probe, "snapchat", token)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"refresh_token": "somebody"}, (400, "invalid_grant")),
        ({"client_id": "somebody"}, (401, "invalid_client")),
        ({"client_secret": "somebody"}, (401, "invalid_client")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
        ({"refresh_token": ""}, (400, "invalid_request")),
    ],
)
def test_a_renewal_needs_all_of_its_secrets(change: dict[str, str], told: tuple[int, str]) -> None:
    account = platform("google").sandbox
    with probing() as probe:
        assert asked(probe, "google", account)[0] == 200
        assert asked(probe, "google", account, **change) == told


@pytest.mark.parametrize("name", ["pinterest", "reddit"])
def test_some_take_the_client_in_a_header_only(name: str) -> None:
    account = platform(name).sandbox
    with probing() as probe:
        assert asked(probe, name, account) == (401, "invalid_client")
        for pair, status in ((f"{account.secret('client_id')}:somebody", 401), ("\xff", 401)):
            basic = b64encode(pair.encode("latin-1")).decode()
            answer = probe.pool.request(
                "POST",
                f"{probe.url}/{name}/oauth/token",
                fields={"grant_type": "refresh_token", "refresh_token": "x"},
                headers={"Authorization": f"Basic {basic}"},
                encode_multipart=False,
            )
            assert answer.status == status


@pytest.mark.parametrize("name", sorted(set(PLATFORMS) - set(RENEWING)))
def test_where_nothing_is_renewed_there_is_no_such_address(name: str) -> None:
    with probing() as probe:
        answer = probe.pool.request(
            "POST", f"{probe.url}/{name}/oauth/token", fields={}, encode_multipart=False
        )
        assert "access_token" not in answer.json()


def test_tokens_live_through_a_restart_with_their_state(tmp_path: Any) -> None:
    from sandboxes import Clock, script

    from tamiz.sandbox import World, running_sandbox

    file, clock, token = tmp_path / "sandbox.jsonl", Clock(), ""
    lifetime = script(platforms={"linkedin": {"token_lifetime": 60}})
    for number in range(2):
        world = World(clock, file, lifetime)
        with running_sandbox(world=world) as url:
            probe = Probe(url, clock, world)
            token = token or renewed(probe, "linkedin")
            assert is_let_in(probe, "linkedin", token) is (number == 0)
        clock.pass_by(61)
