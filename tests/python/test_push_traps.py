"""Traps of the contracts that only show when something is sent, by their numbers."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3
from pushes import Person, PushWorld, digest, people, wanted_by

from tamiz.errors import Rejected, Unavailable
from tamiz.platforms import PLATFORMS, platform
from tamiz.sandbox import running_sandbox

NAMES = sorted(PLATFORMS)
# How the sandbox calls the operations that change members.
REPLACING = ("replace", "Replace")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def tell(world: PushWorld, *faults: dict[str, Any]) -> None:
    limits = {"snapchat": {"rates": {"calls": [10_000, 1]}}, "linkedin": {"ready_after": 0}}
    script = {"platforms": limits, "faults": list(faults)}
    answer = urllib3.request("POST", f"{world.sandbox_url}/_sandbox/faults", json=script)
    assert answer.status == 200, answer.data


def partial(name: str) -> dict[str, Any]:
    return {"platform": name, "fault": {"kind": "partial", "share": 0.004}}


def requests(world: PushWorld) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = urllib3.request(
        "GET", f"{world.sandbox_url}/_sandbox/requests"
    ).json()
    return seen


def writes(world: PushWorld) -> list[dict[str, Any]]:
    return [entry for entry in requests(world) if entry["member_count"]]


@pytest.mark.parametrize(
    ("name", "refusals", "searches"),
    [
        ("google", 1, 0),  # everything is refused and the rows are named
        ("x", 1, 0),  # everything is refused and the rows are named
        ("meta", 0, 10),  # bad rows are dropped into a count that names nobody
        ("linkedin", 0, 0),  # each row has an answer of its own
    ],
)
def test_t9_each_failure_model_is_answered_in_its_own_way(
    world: PushWorld, name: str, refusals: int, searches: int
) -> None:
    world.platforms = (name,)
    tell(world, partial(name))
    (line,) = world.push(world.publish(people(1_100), identifiers=["email"])).receipts
    assert line.invalid > 0
    assert line.accepted == len(world.members(name)) == 1_100 - line.invalid
    assert line.is_counted
    outcomes = dict(world.query("select outcome, count(*) from attempt group by 1"))
    assert outcomes.get("refused rows", 0) == refusals
    probes = world.query("select count(*) from batch where is_probe")[0][0]
    assert (probes >= searches) if searches else not probes


@pytest.mark.parametrize("name", NAMES)
def test_t10_c2_4_a_removal_sends_the_very_hash_that_was_added(world: PushWorld, name: str) -> None:
    world.platforms = (name,)
    tell(world)
    crowd = people(1_300)
    mover = Person("mover", "mover@example.com")
    world.push(world.publish([*crowd, mover], identifiers=["email"]))
    before = len(writes(world))
    # The platform's rule changed: the address of the same person has another hash from now on.
    later = replace(mover, email="Mover+by-another-rule@example.com")
    assert not world.push(world.publish([*crowd, later], identifiers=["email"])).failures
    added, removed = digest(name, later.email or ""), digest(name, "mover@example.com")
    sent = [set(entry["hashes"]) for entry in writes(world)[before:]]
    assert sent == [{removed}, {added}]
    emails = {digest(name, person.email or "") for person in [*crowd, later]}
    assert world.members(name) == emails


@pytest.mark.parametrize("name", ["meta", "reddit"])
def test_t11_a_refused_removal_is_told_and_stays_owed(world: PushWorld, name: str) -> None:
    world.platforms = (name,)
    tell(world)
    world.push(world.publish(people(1_105), identifiers=["email"]))
    tell(world, {"platform": name, "fault": {"kind": "small_audience"}})
    fewer = world.publish([*people(1_100), *people(5, start=2_000)], identifiers=["email"])
    result = world.push(fewer)
    assert [type(failure) for failure in result.failures] == [Rejected]
    told = str(result.failures[0])
    assert f"{name} refused to remove 5 identifiers from the list of aud_win_back (code" in told
    assert "they are still on it and still owed" in told
    assert {line.op: line.retried for line in result.receipts} == {"remove": 5}
    assert "remove 5, keep 1,100" in world.plan_lines(fewer)[0]
    tell(world)
    assert not world.push(fewer).failures
    persons = [*people(1_100), *people(5, start=2_000)]
    assert world.members(name) == {digest(name, person.email or "") for person in persons}


@pytest.mark.parametrize("name", NAMES)
def test_t16_a_plan_opens_no_socket(
    world: PushWorld, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.platforms = (name,)
    generation = world.publish(people(1_300))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a plan reached for the network")

    # The sandbox of this test is in this process too: it accepts, and connects to nobody.
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert f"on {name}: 1,300 people" in world.plan_lines(generation)[0]
    monkeypatch.undo()
    assert requests(world) == []


@pytest.mark.parametrize(
    ("name", "operation", "body"),
    [
        (
            "tiktok",
            "segmentMapping",
            {"code": 51000, "message": "x", "request_id": "r"},
        ),
        (
            "microsoft",
            "applyUserData",
            {"PartialErrors": [{"Code": 106, "ErrorCode": "x", "Message": "x", "Index": None}]},
        ),
    ],
)
def test_c2_5_a_failure_told_with_200_is_a_failure(
    world: PushWorld, name: str, operation: str, body: dict[str, Any]
) -> None:
    world.platforms = (name,)
    tell(world)
    generation = world.publish(people(1_100), identifiers=["email"])
    world.answer(name, operation, 200, body, times=99)
    result = world.push(generation)
    assert [isinstance(failure, Rejected | Unavailable) for failure in result.failures] == [True]
    assert {line.accepted for line in result.receipts} == {0}
    assert world.members(name) == set()
    assert world.query("select count(*) from member where state = 'P'") == [(0,)]


@pytest.mark.parametrize("name", NAMES)
def test_c2_7_nothing_is_ever_replaced(world: PushWorld, name: str) -> None:
    world.platforms = (name,)
    tell(world)
    world.push(world.publish(people(1_200), identifiers=["email"]))
    world.push(world.publish(people(1_150), identifiers=["email"]))
    operations = {str(entry["operation"]) for entry in requests(world)}
    assert not [each for each in operations if any(word in each for word in REPLACING)]
    emails = {digest(name, person.email or "") for person in people(1_150)}
    assert world.members(name) == emails
    assert len(wanted_by(name, people(1_150))) == 2_300


@pytest.mark.parametrize("name", NAMES)
def test_c2_8_too_few_are_refused_and_hardly_enough_are_warned_of(
    world: PushWorld, name: str
) -> None:
    world.platforms = (name,)
    tell(world)
    least = platform(name).minimum_size
    result = world.push(world.publish(people(least - 1), identifiers=["email"]))
    assert result.receipts == ()
    assert world.lists() == []
    assert f"aud_win_back has {least - 1} people; {name} needs {least}: nothing was pushed" in (
        world.said
    )
    said = f"aud_win_back has {least} people and {name} needs {least} that it knows: it may not"
    nearly = world.publish(people(least), identifiers=["email"])
    assert any(said in line for line in world.plan_lines(nearly))
    assert not world.push(nearly).failures
    assert any(line.startswith(said) for line in world.said)
    enough = world.publish(people(least + least // 5), identifiers=["email"])
    assert not any("that it knows" in line for line in world.plan_lines(enough))
