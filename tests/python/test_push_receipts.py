"""Receipts close on every platform, and bad rows are found, put away and not sent again."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3
from pushes import AS_OF, Person, PushWorld, digest, people, wanted_by

from tamiz.errors import Rejected
from tamiz.ledger import PRESENT, ReceiptRow, open_ledger
from tamiz.platforms import PLATFORMS
from tamiz.platforms.base import Answer
from tamiz.push import sending
from tamiz.push.task import RowsRefused
from tamiz.push.transport import Prepared, Transport
from tamiz.sandbox import running_sandbox

NAMES = sorted(PLATFORMS)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def tell(world: PushWorld, *faults: dict[str, Any]) -> None:
    """Give the sandbox a script; new lists are there at once."""
    # Time stands still in these tests, so no rate is ever free again.
    limits = {"snapchat": {"rates": {"calls": [10_000, 1]}}, "linkedin": {"ready_after": 0}}
    script = {"platforms": limits, "faults": list(faults)}
    answer = urllib3.request("POST", f"{world.sandbox_url}/_sandbox/faults", json=script)
    assert answer.status == 200, answer.data


def partial(share: float) -> dict[str, Any]:
    return {"fault": {"kind": "partial", "share": share}}


def receipts(world: PushWorld) -> tuple[ReceiptRow, ...]:
    with open_ledger(world.ledger_file) as ledger:
        return ledger.receipts()


@pytest.mark.parametrize("name", NAMES)
def test_sent_is_accepted_and_invalid_and_retried_and_left_out(world: PushWorld, name: str) -> None:
    world.platforms = (name,)
    tell(world)
    persons = people(1_100)
    result = world.push(world.publish(persons, identifiers=["email"]))
    assert not result.failures
    wanted = wanted_by(name, persons) & world.members(name)
    assert len(wanted) == 1_100
    for line in result.receipts:
        assert line.sent == line.accepted + line.invalid + line.retried + line.left_out
    assert sum(line.accepted for line in result.receipts) == 1_100
    assert world.push(world.publish(persons, identifiers=["email"])).receipts == ()


@pytest.mark.parametrize("name", NAMES)
def test_bad_rows_are_put_away_and_everybody_else_is_on_the_list(
    world: PushWorld, name: str
) -> None:
    world.platforms = (name,)
    tell(world, partial(0.004))
    persons = people(1_100)
    generation = world.publish(persons, identifiers=["email"])
    result = world.push(generation)
    assert not result.failures
    for line in result.receipts:
        assert line.sent == line.accepted + line.invalid + line.retried + line.left_out
    invalid = sum(line.invalid for line in result.receipts)
    # Pinterest takes a request and says of no record whether it could be used.
    assert bool(invalid) is (name != "pinterest")
    assert world.query("select count(*) from quarantine") == [(invalid,)]
    assert len(world.members(name)) == 1_100 - invalid
    assert world.members(name) <= wanted_by(name, persons)
    assert len(world.query("select * from attempt")) <= 200
    before = len(world.query("select * from attempt"))
    again = world.push(generation)
    assert (again.receipts, again.failures) == ((), ())
    assert len(world.query("select * from attempt")) == before


def test_lost_probes_forget_nobody(world: PushWorld) -> None:
    world.platforms = ("meta",)
    generation = world.publish(people(1_100), identifiers=["email"])
    lost = {"operation": "addUsers", "platform": "meta", "when": {"every": 7}}
    tell(world, {**lost, "fault": {"kind": "reset", "applied": "after"}}, partial(0.004))
    # One at a time: side by side, every seventh call could by chance be all tries of one request.
    result = world.push(generation, in_flight=1)
    assert not result.failures
    (line,) = result.receipts
    assert (line.sent, line.accepted + line.invalid) == (1_100, 1_100)
    with open_ledger(world.ledger_file) as ledger:
        assert ledger.holding("meta/aud_win_back").count(PRESENT) == line.accepted
    assert world.query("select count(*) from attempt where outcome = 'unknown'") > [(0,)]


@pytest.mark.parametrize("name", ["reddit", "tiktok"])
def test_a_batch_that_is_bad_as_a_whole_ends_after_a_few_requests(
    world: PushWorld, name: str
) -> None:
    world.platforms = (name,)
    tell(world, partial(1.0))
    result = world.push(world.publish(people(1_000), identifiers=["email"]))
    assert [type(failure) for failure in result.failures] == [RowsRefused]
    assert "refused part after part of a batch of aud_win_back" in str(result.failures[0])
    assert len(world.query("select * from attempt")) <= 11 + 4 + 8 + 1
    (line,) = result.receipts
    assert line.sent == line.accepted + line.invalid + line.retried + line.left_out == 1_000
    assert line.accepted == 0
    tell(world)
    assert not world.push(world.publish(people(1_000), identifiers=["email"])).failures
    assert len(world.members(name)) == 1_000 - line.invalid


def test_half_of_a_list_bad_stops_within_the_allowance(world: PushWorld) -> None:
    world.platforms = ("tiktok",)
    tell(world, partial(0.5))
    result = world.push(world.publish(people(2_000), identifiers=["email"]))
    assert [type(failure) for failure in result.failures] == [RowsRefused]
    assert len(world.query("select * from attempt")) <= 202
    for line in result.receipts:
        assert line.sent == line.accepted + line.invalid + line.retried + line.left_out


def test_more_invalid_than_one_in_a_hundred_fails_the_audience_and_is_told(
    world: PushWorld,
) -> None:
    world.platforms = ("meta",)
    tell(world, partial(0.05))
    result = world.push(world.publish(people(1_000), identifiers=["email"]))
    (line,) = result.receipts
    assert line.invalid > 10
    assert [str(failure).partition(":")[0] for failure in result.failures] == [
        f"meta could not use {line.invalid} of the 1000 identifiers of aud_win_back"
    ]


def test_who_was_suppressed_while_a_push_was_running_is_left_out_and_counted(
    world: PushWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.platforms = ("meta",)
    persons = people(1_000)
    generation = world.publish(persons, identifiers=["email"])
    real = sending.list_for
    gone = digest("meta", "person7@example.com")

    def suppress_meanwhile(*arguments: Any) -> str:
        list_id = real(*arguments)
        with open_ledger(world.ledger_file) as other:
            other.suppress([gone], "opt_out", AS_OF)
        return list_id

    monkeypatch.setattr(sending, "list_for", suppress_meanwhile)
    (line,) = world.push(generation).receipts
    assert (line.sent, line.accepted, line.left_out, line.retried) == (1_000, 999, 1, 0)
    assert world.members("meta") == wanted_by("meta", persons) - {gone} - phones(persons)
    assert not [entry for entry in world.changes() if gone in entry["hashes"]]


def phones(persons: list[Person]) -> set[str]:
    return {digest("meta", person.phone or "") for person in persons}


def test_receipts_of_what_is_unknown_and_of_what_is_no_longer_wanted(world: PushWorld) -> None:
    world.platforms = ("meta",)
    world.answer("meta", "addUsers", 500, "oops", applied=True, times=4)
    (line,) = world.push(world.publish(people(110), identifiers=["email"])).receipts
    assert (line.sent, line.accepted, line.retried, line.left_out) == (110, 0, 110, 0)
    after = world.push(world.publish(people(105), identifiers=["email"]))
    told = [(one.op, one.sent, one.accepted, one.left_out) for one in after.receipts]
    assert told == [("add", 110, 105, 5), ("remove", 5, 5, 0)]
    assert [(row.state, row.retried) for row in receipts(world)] == [("ACKED", 0), ("ACKED", 0)]


@pytest.mark.parametrize("name", ["pinterest", "reddit", "snapchat", "tiktok"])
def test_no_row_is_bad_as_long_as_the_platform_takes_nothing(world: PushWorld, name: str) -> None:
    tell(world)
    world.platforms = (name,)
    assert not world.push(world.publish(people(1_100))).failures
    tell(world, partial(1.0))
    generation = world.publish(people(1_103))
    [failure] = world.push(generation).failures
    assert isinstance(failure, Rejected)
    assert world.query("select count(*) from quarantine") == [(0,)]
    tell(world)
    assert not world.push(generation).failures
    [(present,)] = world.query("select count(*) from member where state = 'P'")
    assert present == len(world.members(name))
    assert digest(name, "person1102@example.com") in world.members(name)


def refuses_additions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Reddit answer 400 to every addition and do what removals ask."""
    real = Transport.exchange

    def exchange(self: Transport, prepared: Prepared) -> Answer:
        if prepared.method == "PATCH" and b'"ADD"' in (prepared.payload or b""):
            return Answer(400, {}, {"error": {"code": 400, "message": "not now"}})
        return real(self, prepared)

    monkeypatch.setattr(Transport, "exchange", exchange)


def test_a_removal_that_was_taken_says_nothing_of_the_rows_that_were_refused(
    world: PushWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.platforms = ("reddit",)
    assert not world.push(world.publish(people(1_100))).failures
    refuses_additions(monkeypatch)
    generation = world.publish(people(1_100, start=3))
    [failure] = world.push(generation).failures
    assert isinstance(failure, RowsRefused)
    assert len(world.members("reddit")) == 1_097
    assert world.query("select count(*) from quarantine") == [(0,)]
    assert "on their way" not in " ".join(world.plan_lines(generation))
    monkeypatch.undo()
    assert not world.push(generation).failures
    assert len(world.members("reddit")) == 1_100


def test_rows_of_one_audience_that_are_refused_do_not_hold_the_others(world: PushWorld) -> None:
    world.platforms = ("reddit",)
    tell(world)
    audiences = {"aud_one": people(1_100), "aud_two": people(1_100, start=2_000)}
    assert not world.push(world.publish(audiences)).failures
    audiences = {"aud_one": people(1_101), "aud_two": people(1_101, start=2_000)}
    world.answer("reddit", "usersUpdate", 400, {"error": {"code": 400, "message": ""}})
    result = world.push(world.publish(audiences))
    assert [type(failure) for failure in result.failures] == [RowsRefused]
    assert len(world.members("reddit", "tamiz_one")) == 1_100
    assert len(world.members("reddit", "tamiz_two")) == 1_101


@pytest.mark.parametrize("in_flight", [1, 8])
def test_a_bad_row_is_told_from_the_others_even_if_it_is_refused_before_they_are_taken(
    world: PushWorld, monkeypatch: pytest.MonkeyPatch, in_flight: int
) -> None:
    world.platforms = ("reddit",)
    assert not world.push(world.publish(people(1_100))).failures
    real, bad = Transport.exchange, set[bytes]()

    def exchange(self: Transport, prepared: Prepared) -> Answer:
        found = re.findall(rb"[0-9a-f]{64}", prepared.payload or b"")
        bad.update(found[: not bad])  # the first row of the first request
        if bad & set(found):
            return Answer(400, {}, {"error": {"code": 400, "message": ""}})
        return real(self, prepared)

    monkeypatch.setattr(Transport, "exchange", exchange)
    new = people(3, start=5_000)
    result = world.push(world.publish([*people(1_100), *new]), in_flight=in_flight)
    assert [(line.sent, line.accepted, line.invalid) for line in result.receipts] == [(3, 2, 1)]
    assert world.query("select count(*) from quarantine") == [(1,)]
    assert len(world.members("reddit") & wanted_by("reddit", new)) == 2


def test_who_was_put_away_is_tried_again_after_thirty_days(world: PushWorld) -> None:
    world.platforms = ("meta",)
    tell(world, partial(0.004))
    generation = world.publish(people(1_100), identifiers=["email"])
    world.push(generation)
    [(count,)] = world.query("select count(*) from quarantine")
    assert count
    tell(world)
    world.now = AS_OF + timedelta(days=29)
    assert world.push(generation).receipts == ()
    world.now = AS_OF + timedelta(days=31)
    assert f"add {count}" in " ".join(world.plan_lines(generation))
    (line,) = world.push(generation).receipts
    assert (line.sent, line.accepted) == (count, count)
    assert len(world.members("meta")) == 1_100
    assert world.push(generation).receipts == ()
