"""Tokens that end while a push runs: renewed once, told by name, never shown."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3
from pushes import PushWorld, people

from tamiz.errors import ConfigError
from tamiz.platforms import PLATFORMS
from tamiz.platforms.base import Account
from tamiz.push.transport import Transport
from tamiz.sandbox import running_sandbox

RENEWING = sorted(name for name, entry in PLATFORMS.items() if entry.renewal is not None)
LIMITS = {"snapchat": {"rates": {"calls": [10_000, 1]}}, "linkedin": {"ready_after": 0}}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def tell(world: PushWorld, *faults: dict[str, Any]) -> None:
    script = {"platforms": LIMITS, "faults": list(faults)}
    answer = urllib3.request("POST", f"{world.sandbox_url}/_sandbox/faults", json=script)
    assert answer.status == 200, answer.data


def without(account: Account, name: str) -> Account:
    kept = {key: value for key, value in account.secrets.items() if key != name}
    return replace(account, secrets=kept)


@pytest.mark.parametrize("name", RENEWING)
def test_a_token_that_ends_mid_push_is_renewed_once(world: PushWorld, name: str) -> None:
    world.platforms = (name,)
    ended = {"platform": name, "when": {"calls": [3]}, "fault": {"kind": "token_expired"}}
    tell(world, ended)
    assert not world.push(world.publish(people(1_100), identifiers=["email"])).failures
    assert len(world.members(name)) == 1_100
    spoken = f"{world.said} {world.query('select * from attempt')}"
    for secret in world.account(name).secrets.values():
        assert secret.get_secret_value() not in spoken


@pytest.mark.parametrize("missing", ["refresh_token", "client_id", "client_secret"])
def test_a_token_that_cannot_be_renewed_is_told_by_its_name(world: PushWorld, missing: str) -> None:
    tell(world, {"platform": "google", "fault": {"kind": "token_expired"}})
    known = {"google": without(world.account("google"), missing)}
    result = world.push(world.publish(people(110)), known=known)
    (failure,) = result.failures
    assert isinstance(failure, ConfigError)
    assert "renew TAMIZ_GOOGLE_ACCESS_TOKEN" in str(failure)
    assert len(world.members("meta")) == 220


def test_a_token_is_told_by_the_name_of_its_own_account(world: PushWorld) -> None:
    tell(world, {"platform": "google", "fault": {"kind": "token_expired"}})
    other = replace(without(world.account("google"), "refresh_token"), reference="shop")
    (failure,) = world.push(world.publish(people(110)), known={"google": other}).failures
    assert "renew TAMIZ_SHOP_GOOGLE_ACCESS_TOKEN" in str(failure)


def test_a_token_is_renewed_no_more_than_once_a_push(
    world: PushWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = {"kind": "token_expired"}
    tell(world, {"platform": "google", "operation": "ingestAudienceMembers", "fault": ended})
    renewals = []
    real = Transport.exchange

    def counted(self: Transport, prepared: Any) -> Any:
        if prepared.url == self.token_url:
            renewals.append(prepared.method)
        return real(self, prepared)

    monkeypatch.setattr(Transport, "exchange", counted)
    result = world.push(world.publish(people(110)), platforms=["google"])
    assert isinstance(result.failures[0], ConfigError)
    assert renewals == ["POST"]
