"""The list an audience fills: found by its mark, made once, and never somebody else's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3
from pushes import (
    AS_OF,
    PushWorld,
    digest,
    people,
    wanted_by,
)

from tamiz.errors import (
    ConfigError,
    Rejected,
    Unavailable,
)
from tamiz.platforms import platform
from tamiz.platforms.base import Answer, NewList
from tamiz.push.line import Line
from tamiz.push.pacing import Pacer
from tamiz.push.transport import Prepared, Transport
from tamiz.sandbox import running_sandbox


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def line_to(world: PushWorld, platform_name: str) -> Line:
    entry, account = platform(platform_name), world.account(platform_name)
    pacer = Pacer((), clock=lambda: 0.0, sleep=world.slept.append)
    transport = Transport(entry, account)
    return Line(entry, account, transport, pacer, lambda: AS_OF, pacer.rest)


def test_another_account_than_the_ledgers_is_refused_before_anything_is_sent(
    world: PushWorld,
) -> None:
    world.push(world.publish(people(100)))
    before = world.changes()
    wrong = {"meta": replace(world.account("meta"), account_id="999")}
    with pytest.raises(ConfigError, match="the settings name 999; nothing was sent"):
        world.push(world.publish(people(101)), known=wrong)
    assert world.changes() == before


def test_a_list_that_vanished_is_refused_before_anything_is_sent(world: PushWorld) -> None:
    world.push(world.publish(people(100)))
    urllib3.request("POST", f"{world.sandbox_url}/_sandbox/reset")
    with pytest.raises(ConfigError, match="'tamiz_win_back', which the ledger fills, is gone"):
        world.push(world.publish(people(101)))
    assert world.lists() == []


def test_a_list_of_somebody_else_is_never_filled(world: PushWorld, tmp_path: Path) -> None:
    PushWorld(tmp_path / "other", world.sandbox_url).push(world.publish(people(100)))
    before = world.changes()
    with pytest.raises(ConfigError, match="is on google already and this ledger did not make it"):
        world.push(world.publish(people(101)))
    assert world.changes() == before


def test_a_list_made_by_somebody_else_meanwhile_is_never_filled(world: PushWorld) -> None:
    world.answer("meta", "createCustomAudience", 500, "oops", times=4)
    generation = world.publish(people(100))
    result = world.push(generation, platforms=["meta"])
    assert isinstance(result.failures[0], Unavailable)
    PushWorld(world.folder / "other", world.sandbox_url).push(generation)
    before = world.changes()
    with pytest.raises(ConfigError, match="is on meta already and this ledger did not make it"):
        world.push(generation, platforms=["meta"])
    assert world.changes() == before


def test_a_changed_list_name_is_refused(world: PushWorld) -> None:
    world.push(world.publish(people(100)))
    with pytest.raises(ConfigError, match="its list_name is now 'other'"):
        world.push(world.publish(people(101), list_name="other"))


def test_a_lost_answer_to_the_making_of_a_list_makes_no_second_one(world: PushWorld) -> None:
    world.answer("meta", "createCustomAudience", 500, "oops", applied=True)
    world.answer("google", "createUserList", 503, "oops", applied=True)
    assert not world.push(world.publish(people(100))).failures
    assert sorted(entry["platform"] for entry in world.lists()) == ["google", "meta"]


def test_a_list_is_found_on_a_later_page(world: PushWorld) -> None:
    line = line_to(world, "meta")
    for number in range(501):
        line.expect(line.platform.create_list(line.account, NewList(f"other {number}", "x", "m")))
    world.answer("meta", "createCustomAudience", 500, "oops", applied=True)
    assert not world.push(world.publish(people(100)), platforms=["meta"]).failures
    assert sum(entry["name"] == "tamiz_win_back" for entry in world.lists()) == 1


def tell(world: PushWorld, *faults: dict[str, Any], **platforms: Any) -> None:
    script = {"platforms": platforms, "faults": list(faults)}
    answer = urllib3.request("POST", f"{world.sandbox_url}/_sandbox/faults", json=script)
    assert answer.status == 200, answer.data


def test_a_list_made_with_a_first_member_never_forgets_that_member(
    world: PushWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.platforms = ("pinterest",)
    real = Transport.exchange

    def die_after(self: Transport, prepared: Prepared) -> Answer:
        answer = real(self, prepared)
        if prepared.method == "POST":
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Transport, "exchange", die_after)
    with pytest.raises(KeyboardInterrupt):
        world.push(world.publish(people(110), identifiers=["email"]))
    monkeypatch.undo()
    assert world.query("select distinct state from member") == [("M",)]
    assert len(world.members("pinterest")) == 1
    others = world.publish(people(110, start=500), identifiers=["email"])
    assert not world.push(others).failures
    emails = {digest("pinterest", person.email or "") for person in people(110, start=500)}
    assert world.members("pinterest") == emails
    assert len([entry for entry in world.lists() if entry["platform"] == "pinterest"]) == 1


def test_a_list_that_was_surely_not_made_leaves_nobody_behind(world: PushWorld) -> None:
    world.platforms = ("pinterest",)
    refusal = {"code": 29, "message": "no"}
    world.answer("pinterest", "customerListCreate", 403, refusal)
    generation = world.publish(people(110), identifiers=["email"])
    assert isinstance(world.push(generation).failures[0], Rejected)
    assert world.query("select count(*) from member") == [(0,)]
    assert not world.push(generation).failures


def test_a_list_is_made_fit_for_advertisements_once(world: PushWorld) -> None:
    world.platforms = ("pinterest",)
    world.push(world.publish(people(110), identifiers=["email"]))
    world.push(world.publish(people(111), identifiers=["email"]))
    seen = urllib3.request("GET", f"{world.sandbox_url}/_sandbox/requests").json()
    assert [entry["operation"] for entry in seen].count("audienceCreate") == 1
    assert world.query("select count(targetable_id) from sync") == [(1,)]


def test_a_list_that_nobody_can_look_up_is_asked_for_once_and_then_named_by_hand(
    world: PushWorld,
) -> None:
    world.platforms = ("reddit",)
    world.answer("reddit", "audienceCreate", 500, "oops", applied=True)
    generation = world.publish(people(1_100), identifiers=["email"])
    result = world.push(generation)
    assert isinstance(result.failures[0], Unavailable)
    with pytest.raises(ConfigError, match=r"write the id of the list .* under `lists:` of the red"):
        world.push(generation)
    (made,) = world.lists()
    by_hand = replace(world.account("reddit"), lists={"tamiz_win_back": made["id"]})
    assert not world.push(generation, known={"reddit": by_hand}).failures
    assert len(world.members("reddit")) == 1_100
    assert len(world.lists()) == 1
    assert not world.push(generation).failures


def test_an_id_named_by_hand_that_is_no_list_is_refused(world: PushWorld) -> None:
    world.platforms = ("reddit",)
    by_hand = replace(world.account("reddit"), lists={"tamiz_win_back": "ca.404"})
    generation = world.publish(people(1_100), identifiers=["email"])
    with pytest.raises(ConfigError, match="names a list for 'tamiz_win_back' that is not on red"):
        world.push(generation, known={"reddit": by_hand})
    assert world.lists() == []


def test_a_new_list_is_filled_when_it_is_ready(world: PushWorld) -> None:
    world.platforms = ("linkedin",)
    tell(world, linkedin={"ready_after": 0})
    assert not world.push(world.publish(people(310), identifiers=["email"])).failures
    assert world.slept == [5.0]


def test_a_list_that_the_platform_has_locked_is_not_written_to(world: PushWorld) -> None:
    world.push(world.publish(people(110)))
    flagged = {"platform": "meta", "operation": "addUsers", "fault": {"kind": "audience_flagged"}}
    tell(world, flagged)
    world.push(world.publish(people(111)), platforms=["meta"])  # what strikes the list
    before = len(world.changes())
    result = world.push(world.publish(people(112)))
    assert [type(failure) for failure in result.failures] == [Rejected]
    told = "meta has locked 'tamiz_win_back' (code 471); nothing was sent"
    assert told in str(result.failures[0])
    assert {entry["platform"] for entry in world.changes()[before:]} == {"google"}
    assert world.members("google") == wanted_by("google", people(112))


def test_an_account_that_made_no_list_can_be_corrected(world: PushWorld) -> None:
    world.platforms = ("reddit",)
    generation = world.publish(people(1_100))
    wrong = {"reddit": replace(world.account("reddit"), account_id="a2_wrong")}
    assert world.push(generation, known=wrong).failures
    assert world.lists() == []
    assert not world.push(generation).failures
    assert len(world.members("reddit")) == 1_100


def test_a_list_name_under_which_no_list_was_made_can_be_corrected(world: PushWorld) -> None:
    world.platforms = ("pinterest",)
    world.answer("pinterest", "customerListCreate", 403, {"code": 29, "message": "no"})
    assert world.push(world.publish(people(110), list_name="tamiz_wrong")).failures
    assert not world.push(world.publish(people(110), list_name="tamiz_right")).failures
    assert [entry["name"].partition(" ")[0] for entry in world.lists()] == ["tamiz_right"]


def test_a_list_whose_making_was_lost_and_then_refused_is_still_ours(world: PushWorld) -> None:
    nothing_there = {"data": [], "paging": {}}
    world.answer("meta", "createCustomAudience", 500, "oops", applied=True)
    refusal = {"error": {"code": 100, "message": "", "type": "OAuthException"}}
    world.answer("meta", "createCustomAudience", 400, refusal)
    world.answer("meta", "listCustomAudiences", 200, nothing_there, times=3)
    generation = world.publish(people(110))
    assert world.push(generation, platforms=["meta"]).failures
    assert not world.push(generation, platforms=["meta"]).failures
    assert len(world.lists()) == 1
    assert len(world.members("meta")) == 220


def test_an_audience_that_cannot_have_its_list_keeps_no_receipts_from_the_others(
    world: PushWorld,
) -> None:
    audiences = {"aud_one": people(110), "aud_two": people(110, start=500)}
    result = world.push(world.publish(audiences, list_name="tamiz_both"))
    assert [isinstance(failure, ConfigError) for failure in result.failures] == [True, True]
    assert "give aud_two another list_name" in str(result.failures[0])
    told = [(line.audience, line.platform, line.accepted) for line in result.receipts]
    assert told == [("aud_one", "google", 220), ("aud_one", "meta", 220)]


def test_a_list_name_that_is_too_long_is_told_before_anything_and_can_be_shortened(
    world: PushWorld,
) -> None:
    world.platforms = ("tiktok",)
    with pytest.raises(ConfigError, match="shorten it"):
        world.push(world.publish(people(1_100), list_name="a" * 71))
    assert world.lists() == []
    assert not world.push(world.publish(people(1_100), list_name="a" * 40)).failures


def test_a_list_that_was_never_made_is_not_made_for_nobody(world: PushWorld) -> None:
    world.platforms = ("pinterest",)
    world.answer("pinterest", "customerListCreate", 500, {"code": 1, "message": "oops"}, times=9)
    assert world.push(world.publish(people(110))).failures
    urllib3.request("POST", f"{world.sandbox_url}/_sandbox/reset")
    assert not world.push(world.publish(people(3, start=900))).failures
    assert world.lists() == []
    assert world.query("select count(*) from member") == [(0,)]
