"""What a guard holds until somebody approves it, and lists the project fills no more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from pushes import (
    AS_OF,
    PushWorld,
    people,
    wanted_by,
)

from tamiz.errors import (
    Held,
)
from tamiz.ledger import open_ledger
from tamiz.push import plan, push
from tamiz.sandbox import running_sandbox


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def test_an_audience_that_became_empty_is_held_until_approved(world: PushWorld) -> None:
    world.push(world.publish(people(120)))
    empty = world.publish([])
    result = world.push(empty)
    assert [type(failure) for failure in result.failures] == [Held, Held]
    assert "meta holds 240 of its identifiers" in str(result.failures[1])
    assert len(world.members("meta")) == 240
    lines = world.plan_lines(empty, approve="somebody")
    assert lines.count("  approved by somebody: no guard holds it") == 2
    assert not world.push(empty, approve="somebody").failures
    assert world.members("meta") == world.members("google") == set()
    approved = world.query("select distinct approved_by, guard_verdict from run order by 1")
    assert approved == [(None, "passed"), ("somebody", "approved")]


@pytest.mark.parametrize(("leaving", "is_held"), [(51, True), (50, False), (40, False)])
def test_many_removals_are_held(world: PushWorld, leaving: int, is_held: bool) -> None:  # noqa: FBT001
    world.push(world.publish(people(200)))
    result = world.push(world.publish(people(200 - leaving)), platforms=["meta"])
    assert bool(result.failures) is is_held
    assert len(world.members("meta")) == (400 if is_held else 2 * (200 - leaving))


def test_a_held_audience_does_not_hold_the_others(world: PushWorld) -> None:
    world.push(world.publish({"aud_one": people(120), "aud_two": people(120, start=500)}))
    later = {"aud_one": [], "aud_two": people(121, start=500)}
    result = world.push(world.publish(later))
    assert len(result.failures) == 2
    assert len(world.members("meta", "tamiz_two")) == 242
    assert len(world.members("meta", "tamiz_one")) == 240


@pytest.mark.parametrize(
    ("later", "meta", "message"),
    [
        ({"aud_new": people(120, start=500)}, {}, "aud_win_back is no longer in the project and"),
        (people(120), {"platforms": ["google"]}, "aud_win_back no longer goes to meta and"),
    ],
    ids=["audience deleted", "platform dropped"],
)
def test_a_list_that_the_project_fills_no_more_is_held_until_approved_and_then_emptied(
    world: PushWorld, later: Any, meta: dict[str, Any], message: str
) -> None:
    world.push(world.publish(people(120)))
    generation = world.publish(later, **meta)
    result = world.push(generation)
    told = str(result.failures[-1])
    assert message in told
    assert "meta holds 240 of its identifiers; nothing new was sent" in told
    assert {type(failure) for failure in result.failures} == {Held}
    assert len(world.members("meta")) == 240
    assert f"  held: {told}" in world.plan_lines(generation)
    approved = world.push(generation, audiences=["aud_win_back"], approve="somebody")
    assert not approved.failures
    assert world.members("meta") == set()
    before = world.changes()
    result = world.push(generation)
    assert (result.receipts, result.failures) == ((), ())
    assert world.changes() == before
    assert "aud_win_back on meta" not in " ".join(world.plan_lines(generation))


def test_an_abandoned_list_holds_nobody_else_and_asks_for_no_account(world: PushWorld) -> None:
    world.push(world.publish(people(120)))
    generation = world.publish(people(130), platforms=["google"])
    with open_ledger(world.ledger_file) as ledger:
        plans = plan(generation, ledger)
        google = {"google/aud_win_back": world.account("google")}
        result = push(plans, ledger, google, clock=lambda: AS_OF, say=world.said.append)
    assert [type(failure) for failure in result.failures] == [Held]
    assert world.members("google") == wanted_by("google", people(130))
    assert len(world.members("meta")) == 240


def test_only_the_abandoned_list_that_was_named_is_emptied(world: PushWorld) -> None:
    world.push(world.publish({"aud_one": people(120), "aud_two": people(120)}))
    generation = world.publish({"aud_new": people(120)})
    world.push(generation, audiences=["aud_one"], platforms=["meta"], approve="somebody")
    assert world.members("meta", "tamiz_one") == set()
    assert len(world.members("google", "tamiz_one")) == len(world.members("meta", "tamiz_two"))
    assert len(world.members("meta", "tamiz_two")) == 240


def test_an_abandoned_list_that_is_gone_from_the_platform_is_forgotten(world: PushWorld) -> None:
    world.push(world.publish(people(120)))
    urllib3.request("POST", f"{world.sandbox_url}/_sandbox/reset")
    generation = world.publish({"aud_new": people(120, start=500)})
    assert not world.push(generation, approve="somebody").failures
    assert "aud_win_back on meta: its list is gone, nobody is on it" in world.said
    assert len(world.members("meta", "tamiz_new")) == 240
    assert not world.push(generation).failures


def test_a_held_push_sends_no_addition_again(world: PushWorld) -> None:
    world.push(world.publish(people(200)), platforms=["meta"])
    world.answer("meta", "addUsers", 500, "oops", times=4)
    more = world.publish(people(210))
    assert world.push(more, platforms=["meta"]).failures
    before = len(world.changes())
    result = world.push(world.publish(people(100, start=110)), platforms=["meta"])
    assert [type(failure) for failure in result.failures] == [Held]
    assert "nothing new was sent" in str(result.failures[0])
    assert len(world.changes()) == before
    assert not world.push(more, platforms=["meta"]).failures
    assert world.members("meta") == wanted_by("meta", people(210))


def test_a_removal_that_was_lost_is_sent_again_though_the_push_is_held(world: PushWorld) -> None:
    world.push(world.publish(people(200)), platforms=["meta"])
    world.answer("meta", "removeUsers", 500, "oops", times=4)
    assert world.push(world.publish(people(180)), platforms=["meta"]).failures
    result = world.push(world.publish(people(100)), platforms=["meta"])
    assert [type(failure) for failure in result.failures] == [Held]
    assert world.members("meta") == wanted_by("meta", people(180))
