"""Failures of platforms, and pushes that die: what is unknown is settled, nothing is lost."""

# ruff: noqa: S603 - canned answers are any JSON; the processes started are our own

import signal
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pushes import (
    OPERATIONS,
    PLATFORMS,
    TAKEN,
    PushWorld,
    people,
    wanted_by,
)
from pydantic import SecretStr

from tamiz.errors import (
    ConfigError,
    Rejected,
    Unavailable,
)
from tamiz.push.transport import ANSWER_LIMIT, Prepared, Transport
from tamiz.sandbox import running_sandbox


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def test_a_platform_that_is_down_is_told_in_one_line_and_the_next_push_heals(
    world: PushWorld,
) -> None:
    generation, address = world.publish(people(100)), world.sandbox_url
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        world.sandbox_url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        result = world.push(generation)
    assert [failure.exit_code for failure in result.failures] == [30, 30]
    assert all(isinstance(failure, Unavailable) for failure in result.failures)
    assert "\n" not in str(result.failures[0])
    assert "cannot be reached at 127.0.0.1" in str(result.failures[0])
    world.sandbox_url = address
    assert not world.push(generation).failures
    assert world.members("meta") == wanted_by("meta", people(100))


def test_a_platform_that_fails_does_not_stop_the_other(world: PushWorld) -> None:
    world.answer("google", "ingestAudienceMembers", 503, "busy", times=4)
    result = world.push(world.publish(people(100)))
    assert [type(failure).__mro__[1] for failure in result.failures] == [Unavailable]
    assert world.members("google") == set()
    assert len(world.members("meta")) == 200
    again = world.publish({"aud_one": people(100), "aud_two": people(100, start=500)})
    world.answer("google", "ingestAudienceMembers", 503, "busy", times=4)
    world.push(again)
    assert "aud_two on google: left alone, for google failed" in world.said
    assert len(world.members("meta", "tamiz_two")) == 200


def test_too_many_requests_are_waited_for_as_asked(world: PushWorld) -> None:
    error = {"error": {"code": 80003, "message": "", "type": "OAuthException"}}
    world.answer("meta", "addUsers", 400, error, headers={"Retry-After": "7"})
    result = world.push(world.publish(people(100)), platforms=["meta"])
    assert not result.failures
    assert world.slept == [7.0]
    outcomes = world.query("select n, outcome from attempt order by n")
    assert outcomes == [(1, "not applied"), (2, "acked")]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, "<html>oops</html>"),
        (200, "<html>log in</html>"),
        (200, {"unexpected": True}),
        (200, "[]"),
        (302, ""),
        (200, TAKEN + " " * ANSWER_LIMIT),
        (400, {"error": {"code": 2, "message": "", "type": "OAuthException"}}),
    ],
)
def test_an_unclear_answer_is_unknown_and_sent_again_with_the_same_content(
    world: PushWorld, status: int, body: Any
) -> None:
    world.answer("meta", "addUsers", status, body, applied=True)
    result = world.push(world.publish(people(100)), platforms=["meta"])
    assert not result.failures
    first, second = world.changes()
    assert first["hashes"] == second["hashes"]
    assert world.query("select outcome from attempt order by n") == [("unknown",), ("acked",)]
    assert len(result.receipts) == 1


def test_an_unknown_outcome_is_settled_by_the_next_push(world: PushWorld) -> None:
    generation = world.publish(people(100))
    world.answer("meta", "addUsers", 500, "oops", applied=True, times=4)
    result = world.push(generation, platforms=["meta"])
    assert isinstance(result.failures[0], Unavailable)
    assert world.query("select state from batch") == [("UNKNOWN",)]
    assert world.query("select state from run") == [("BLOCKED",)]
    assert not world.push(generation, platforms=["meta"]).failures
    assert world.query("select state, attempt from batch") == [("ACKED", 5)]
    assert world.members("meta") == wanted_by("meta", people(100))


def test_who_left_while_an_outcome_was_unknown_is_not_sent_again_but_removed(
    world: PushWorld,
) -> None:
    world.answer("meta", "addUsers", 500, "oops", applied=True, times=4)
    world.push(world.publish(people(110)), platforms=["meta"])
    before = len(world.changes())
    world.push(world.publish(people(105)), platforms=["meta"])
    assert world.members("meta") == wanted_by("meta", people(105))
    gone = wanted_by("meta", people(5, start=105))
    added = [entry for entry in world.changes()[before:] if entry["operation"] == "addUsers"]
    assert not any(gone & set(entry["hashes"]) for entry in added)


def test_who_comes_back_while_a_removal_is_unknown_is_on_the_list_in_the_end(
    world: PushWorld,
) -> None:
    everybody = world.publish(people(110))
    world.push(everybody)
    for name in PLATFORMS:
        world.answer(name, OPERATIONS[name][1], 503, "oops", applied=True, times=4)
    world.push(world.publish(people(105)))
    assert not world.push(everybody).failures
    for name in PLATFORMS:
        assert world.members(name) == wanted_by(name, people(110))


def test_a_code_nobody_knows_stops_at_once(world: PushWorld) -> None:
    error = {"error": {"code": 987654, "message": "somebody@example.com", "type": "X"}}
    world.answer("meta", "addUsers", 400, error, times=9)
    result = world.push(world.publish(people(100)), platforms=["meta"])
    assert [type(failure) for failure in result.failures] == [Rejected]
    text = str(result.failures[0])
    assert "code 987654, which tamiz does not know" in text
    assert "@" not in text
    assert len(world.changes()) == 1
    assert world.slept == []


def test_an_error_without_a_readable_code_stops_unless_the_server_failed(world: PushWorld) -> None:
    world.answer("meta", "addUsers", 403, "<html>no</html>", times=9)
    result = world.push(world.publish(people(100)), platforms=["meta"])
    assert [type(failure) for failure in result.failures] == [Rejected]
    assert "code HTTP 403, which tamiz does not know" in str(result.failures[0])
    assert len(world.changes()) == 1
    assert world.query("select state from batch") == [("UNKNOWN",)]


def test_a_refusal_that_is_known_stops_at_once_and_is_planned_anew(world: PushWorld) -> None:
    error = {"error": {"code": 400, "message": "", "status": "FAILED_PRECONDITION"}}
    world.answer("google", "ingestAudienceMembers", 400, error)
    generation = world.publish(people(100))
    result = world.push(generation, platforms=["google"])
    assert [type(failure) for failure in result.failures] == [Rejected]
    assert world.query("select state, error_code from batch") == [("DEAD", "FAILED_PRECONDITION")]
    assert world.query("select count(*) from member") == [(0,)]
    assert not world.push(generation, platforms=["google"]).failures
    assert len(world.members("google")) == 200


def test_a_refused_token_names_its_setting_and_not_itself(world: PushWorld) -> None:
    account = world.account("meta")
    wrong = {"meta": replace(account, secrets={"access_token": SecretStr("very-secret")})}
    result = world.push(world.publish(people(100)), known=wrong)
    (failure,) = result.failures
    assert isinstance(failure, ConfigError)
    assert "renew TAMIZ_META_ACCESS_TOKEN" in str(failure)
    assert "very-secret" not in f"{failure!r} {wrong!r}"
    assert len(world.members("google")) == 200


def test_a_push_that_died_between_intent_and_outcome_is_settled(
    world: PushWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation, real = world.publish(people(100)), Transport.exchange

    def die_after(self: Transport, prepared: Prepared) -> Any:
        answer = real(self, prepared)
        if prepared.url.endswith("/users"):
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Transport, "exchange", die_after)
    with pytest.raises(KeyboardInterrupt):
        world.push(generation, platforms=["meta"])
    monkeypatch.undo()
    assert world.query("select state from batch") == [("SENDING",)]
    assert world.query("select count(*) from member where state = 'P'") == [(0,)]
    assert not world.push(generation, platforms=["meta"]).failures
    assert world.query("select n, outcome from attempt") == [(1, "crash"), (2, "acked")]
    assert world.members("meta") == wanted_by("meta", people(100))


KILLED = """
    import os, signal, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from tamiz.ledger import open_ledger
    from tamiz.publish import latest_generation
    from tamiz.platforms import platform
    from tamiz.push import plan, push
    from tamiz.push.accounts import sandbox_account
    from tamiz.push.transport import Transport

    published, ledger_file, url, when = sys.argv[1:]
    real = Transport.exchange

    def exchange(self, prepared):
        changes = prepared.url.endswith(("/users", ":ingest"))
        if changes and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(self, prepared)
        if changes and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    Transport.exchange = exchange
    with open_ledger(Path(ledger_file)) as ledger:
        plans = plan(latest_generation(Path(published)), ledger)
        known = {each.sync_id: sandbox_account(platform(each.platform), url) for each in plans}
        push(plans, ledger, known, clock=lambda: datetime.now(UTC), say=print)
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_push_killed_while_sending_is_settled_by_the_next(world: PushWorld, when: str) -> None:
    generation = world.publish(people(100))
    places = (generation.path.parent, world.ledger_file, world.sandbox_url, when)
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), *map(str, places)],
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert world.query("select state from batch") == [("SENDING",)]
    result = world.push(generation)
    assert not result.failures
    for name in PLATFORMS:
        assert world.members(name) == wanted_by(name, people(100))
    assert world.query("select distinct state from batch") == [("ACKED",)]
