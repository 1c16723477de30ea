"""Work that a platform accepts first and does later."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pushes import (
    OPERATIONS,
    PushWorld,
    people,
    processing,
    wanted_by,
)

from tamiz.errors import (
    Rejected,
)
from tamiz.sandbox import running_sandbox


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def test_accepted_work_is_asked_after_and_not_sent_twice(world: PushWorld) -> None:
    generation = world.publish(people(100))
    world.answer("google", "retrieveRequestStatus", 200, processing(), times=3)
    result = world.push(generation, platforms=["google"])
    assert [receipt.is_pending for receipt in result.receipts] == [True]
    assert world.query("select state from member limit 1") == [("A",)]
    assert "on their way 200" in world.plan_lines(generation, platforms=["google"])[0]
    again = world.push(generation, platforms=["google"])
    assert [(line.accepted, line.is_pending) for line in again.receipts] == [(200, False)]
    assert len(world.changes()) == 1
    assert world.query("select distinct state from member") == [("P",)]


def test_who_leaves_while_work_is_accepted_is_removed_once_it_is_done(world: PushWorld) -> None:
    world.answer("google", "retrieveRequestStatus", 200, processing(), times=6)
    world.push(world.publish(people(105)), platforms=["google"])
    fewer = world.publish(people(100))
    world.push(fewer, platforms=["google"])
    assert len(world.changes()) == 1
    assert not world.push(fewer, platforms=["google"]).failures
    assert world.members("google") == wanted_by("google", people(100))


def test_a_removal_that_was_accepted_is_not_sent_twice(world: PushWorld) -> None:
    world.push(world.publish(people(105)), platforms=["google"])
    world.answer("google", "retrieveRequestStatus", 200, processing(), times=6)
    fewer = world.publish(people(100))
    world.push(fewer, platforms=["google"])
    world.push(fewer, platforms=["google"])
    assert not world.push(fewer, platforms=["google"]).failures
    assert [entry["operation"] for entry in world.changes()] == list(OPERATIONS["google"])
    assert world.query("select count(*) from member where state = 'P'") == [(200,)]


def test_work_that_failed_later_is_a_failure_and_sent_anew(world: PushWorld) -> None:
    world.answer("google", "retrieveRequestStatus", 200, processing("FAILED"))
    generation = world.publish(people(100))
    result = world.push(generation, platforms=["google"])
    assert [type(failure) for failure in result.failures] == [Rejected]
    assert "took 200 identifiers of aud_win_back and failed" in str(result.failures[0])
    assert not world.push(generation, platforms=["google"]).failures
    assert world.query("select count(*) from member where state = 'P'") == [(200,)]


def test_who_was_invalid_later_and_is_not_named_is_told_as_a_count(world: PushWorld) -> None:
    answer = processing("PARTIAL_SUCCESS")
    (status,) = answer["requestStatusPerDestination"]
    reason = "PROCESSING_ERROR_REASON_INVALID_FORMAT"
    status["errorInfo"] = {"errorCounts": [{"recordCount": "2", "reason": reason}]}
    counted = {"userDataIngestionStatus": {"recordCount": "200"}}
    status["audienceMembersIngestionStatus"] = counted
    world.answer("google", "retrieveRequestStatus", 200, answer)
    result = world.push(world.publish(people(100)), platforms=["google"])
    assert [(line.accepted, line.invalid) for line in result.receipts] == [(198, 2)]
    told = "google could not use 2 identifiers and names none of them: which they are stays unknown"
    assert any(told in line for line in world.said)
    assert world.query("select count(*) from quarantine") == [(0,)]


def test_work_that_counts_more_than_was_sent_is_not_done_yet(world: PushWorld) -> None:
    answer = processing("SUCCESS")
    (status,) = answer["requestStatusPerDestination"]
    counted = {"userDataIngestionStatus": {"recordCount": "201"}}
    status["audienceMembersIngestionStatus"] = counted
    world.answer("google", "retrieveRequestStatus", 200, answer, times=4)
    generation = world.publish(people(100))
    assert world.push(generation, platforms=["google"]).failures
    assert world.query("select distinct state from member") == [("A",)]
    assert not world.push(generation, platforms=["google"]).failures
    assert world.query("select distinct state from member") == [("P",)]


@pytest.mark.parametrize("body", [{}, {"error": "x"}, {"success": False}, {"data": {}}])
def test_a_removal_is_owed_until_reddit_says_yes_in_its_own_words(
    world: PushWorld, body: dict[str, object]
) -> None:
    world.platforms = ("reddit",)
    world.push(world.publish(people(1_005)), platforms=["reddit"])
    assert len(world.members("reddit")) == 1_005
    world.answer("reddit", "usersUpdate", 200, body, times=4)
    fewer = world.publish(people(1_000))
    assert world.push(fewer, platforms=["reddit"]).failures
    assert world.query("select count(*) from member where state = 'P'") != [(1_000,)]
    assert not world.push(fewer, platforms=["reddit"]).failures
    assert len(world.members("reddit")) == 1_000
    assert world.query("select count(*) from member where state = 'P'") == [(1_000,)]
