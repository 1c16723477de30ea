"""What is published is sent while it is fresh: who refused later is in no older generation."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pushes import AS_OF, PushWorld, people

from tamiz import demo
from tamiz.errors import GateError
from tamiz.push import PushResult
from tamiz.sandbox import running_sandbox
from tamiz.settings import Settings

TOKENS = ("TAMIZ_GOOGLE_ACCESS_TOKEN", "TAMIZ_META_ACCESS_TOKEN")
TOO_OLD = (
    "what is published is of 2026-06-30 00:00:00, more than 2 days ago: refusals since then are"
    " not seen; nothing was sent: run `dbt build` with today's as_of, then `tamiz validate`"
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        world = PushWorld(tmp_path, url)
        world.publish(people(120))
        yield world


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would have gone to the platforms themselves, plan by plan."""
    sent: list[Any] = []

    def send(plans: Any, *_: object, **__: object) -> PushResult:
        sent.extend(plans)
        return PushResult((), ())

    monkeypatch.setattr(demo, "send", send)
    return sent


def push(world: PushWorld, later: timedelta, sandbox_url: str | None = None) -> None:
    accounts = world.folder / "platforms.yml"
    accounts.write_text("accounts: {default: {google: {account_id: '1'}, meta: {account_id: '1'}}}")
    settings = Settings(
        published=world.folder / "published",
        ledger=world.ledger_file,
        platforms=accounts,
        raw=world.folder,
    )
    demo.push_published(
        settings,
        environment=dict.fromkeys(TOKENS, "a token"),
        clock=lambda: AS_OF + later,
        say=world.said.append,
        show=world.said.append,
        sandbox_url=sandbox_url,
    )


@pytest.mark.parametrize("later", [timedelta(days=2), timedelta(0), timedelta(days=-1)])
def test_what_is_fresh_is_sent(world: PushWorld, sent: list[Any], later: timedelta) -> None:
    push(world, later)
    assert len(sent) == 2


@pytest.mark.parametrize("later", [timedelta(days=2, seconds=1), timedelta(days=400)])
def test_what_is_more_than_two_days_old_is_not_sent(
    world: PushWorld, sent: list[Any], later: timedelta
) -> None:
    with pytest.raises(GateError) as refused:
        push(world, later)
    assert str(refused.value) == TOO_OLD
    assert sent == []


def test_what_is_of_a_day_to_come_is_not_sent(world: PushWorld, sent: list[Any]) -> None:
    with pytest.raises(GateError, match="more than 1 day ahead of this clock; nothing was sent"):
        push(world, timedelta(days=-1, seconds=-1))
    assert sent == []


def test_the_sandbox_takes_what_is_of_any_day(world: PushWorld) -> None:
    push(world, timedelta(days=400), world.sandbox_url)
    assert len(world.members("meta")) == 240
