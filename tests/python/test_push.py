"""Plans and pushes against the real sandbox over loopback HTTP, with real ledger files."""

# ruff: noqa: S603 - canned answers are any JSON; the processes started are our own

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pushes import (
    AS_OF,
    NOTHING,
    OPERATIONS,
    PLATFORMS,
    Person,
    PushWorld,
    digest,
    people,
    wanted_by,
)

from tamiz.errors import (
    GateError,
    LedgerLocked,
    UnknownPlatform,
)
from tamiz.ledger import open_ledger
from tamiz.platforms import platform
from tamiz.push import plan, render
from tamiz.sandbox import running_sandbox


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def test_a_first_push_fills_the_lists_of_both_platforms(world: PushWorld) -> None:
    result = world.push(world.publish(people(150)))
    assert not result.failures
    for name in PLATFORMS:
        assert world.members(name) == wanted_by(name, people(150))
    assert {(line.platform, line.op, line.sent, line.accepted) for line in result.receipts} == {
        (name, "add", 300, 300) for name in PLATFORMS
    }


def test_only_who_left_or_changed_is_added_and_removed(world: PushWorld) -> None:
    crowd = people(147)
    leaver = Person("leaver", "leaver@example.com", "+34611111111")
    mover = Person("mover", "old@example.com", "+34622222222")
    sharer = Person("sharer", "family@example.com", "+34633333333")
    stays = Person("stays", "family@example.com", "+34644444444")
    world.push(world.publish([*crowd, leaver, mover, sharer, stays]))
    before = len(world.changes())
    after = [*crowd, replace(mover, email="new@example.com"), stays]
    result = world.push(world.publish(after))
    assert not result.failures
    for name in PLATFORMS:
        assert world.members(name) == wanted_by(name, after)
        add, remove = OPERATIONS[name]
        sent = {
            entry["operation"]: set(entry["hashes"])
            for entry in world.changes()[before:]
            if entry["platform"] == name
        }
        gone = ("leaver@example.com", "+34611111111", "old@example.com", "+34633333333")
        assert sent == {
            add: {digest(name, "new@example.com")},
            remove: {digest(name, text) for text in gone},
        }
        order = [entry["operation"] for entry in world.changes()[before:]]
        assert order.index(remove) < order.index(add)


def test_a_second_push_changes_no_member(world: PushWorld) -> None:
    generation = world.publish(people(120))
    world.push(generation)
    before = world.changes()
    result = world.push(generation)
    assert result.receipts == ()
    assert world.changes() == before
    assert world.said[-1] == "aud_win_back on meta: nothing to change"


def test_one_identifier_stands_in_one_row(world: PushWorld) -> None:
    world.push(world.publish(people(100)))
    assert [entry["member_count"] for entry in world.changes()] == [200, 200]


def test_holdout_people_and_identifiers_not_asked_for_stay_out(world: PushWorld) -> None:
    persons = people(130)
    held_out = [replace(person, is_holdout=True) for person in persons[:20]]
    world.push(world.publish([*held_out, *persons[20:]], identifiers=["email"]))
    emails = {digest("meta", person.email or "") for person in persons[20:]}
    assert world.members("meta") == emails


def test_who_is_held_out_is_never_sent_whatever_the_row_holds(world: PushWorld) -> None:
    row = {"audience_name": "aud_win_back", "platform": "meta", "rule_version": 1}
    rows = [
        {
            **row,
            "person_id": person.person_id,
            "email_sha256": digest("meta", person.email or ""),
            "is_holdout": number < 20,
        }
        for number, person in enumerate(people(130))
    ]
    world.push(world.publish_rows(rows, [], ["aud_win_back"]), platforms=["meta"])
    assert world.members("meta") == {entry["email_sha256"] for entry in rows[20:]}


def test_an_audience_below_the_minimum_of_a_platform_is_not_pushed(world: PushWorld) -> None:
    result = world.push(world.publish(people(84)))
    assert result.receipts == ()
    assert world.changes() == []
    assert world.lists() == []
    assert "aud_win_back has 84 people; meta needs 100: nothing was pushed" in world.said


def test_an_audience_below_its_own_minimum_is_not_pushed(world: PushWorld) -> None:
    world.push(world.publish(people(200), minimum_size=500), platforms=["meta"])
    assert world.changes() == []
    assert "aud_win_back has 200 people; its minimum_size is 500: nothing was pushed" in world.said


def test_people_still_leave_an_audience_that_has_become_too_small(world: PushWorld) -> None:
    world.push(world.publish(people(110)))
    world.push(world.publish([*people(85), *people(5, start=500)]))
    for name in PLATFORMS:
        assert world.members(name) == wanted_by(name, people(85))
    said = "aud_win_back has 90 people; meta needs 100: nobody is added, 50 identifiers are removed"
    assert said in world.said


def test_a_plan_says_counts_and_reasons_and_changes_nothing(world: PushWorld) -> None:
    lines = world.plan_lines(world.publish(people(150)), platforms=["meta"])
    assert lines == [
        "aud_win_back on meta: 150 people; identifiers: add 300, remove 0, keep 0",
        "  would send 1 request to add (150 email, 150 phone)",
        "  left out: 4 exc_recent_buyers, 3 no consent, 2 holdout",
    ]
    assert world.lists() == []
    assert world.query("select count(*) from sync") == [(0,)]


def test_a_name_that_nobody_has_is_named_with_those_that_are(world: PushWorld) -> None:
    generation = world.publish(people(100))
    with pytest.raises(UnknownPlatform, match="no audience named 'aud_x'; known: aud_win_back"):
        world.plan_lines(generation, audiences=["aud_x"])
    with pytest.raises(
        UnknownPlatform, match="no platform named 'myspace'; known: google, linkedin, meta"
    ):
        world.plan_lines(generation, platforms=["myspace"])


@pytest.mark.parametrize("value", [NOTHING, "A" * 64, "a" * 63, "somebody@example.com"])
def test_a_value_that_is_no_hash_of_anybody_is_refused(world: PushWorld, value: str) -> None:
    row = {"audience_name": "aud_win_back", "platform": "meta", "person_id": "p"}
    row |= {"email_sha256": value}
    generation = world.publish_rows([{**row, "is_holdout": False}], [], ["aud_win_back"])
    with pytest.raises(
        GateError, match=r"1 values of fct_audience_members\.email_sha256"
    ) as raised:
        world.push(generation)
    assert value not in str(raised.value)
    assert world.lists() == []


def test_a_changed_generation_is_refused(world: PushWorld) -> None:
    generation = world.publish(people(100))
    with generation.tables["fct_audience_members"].file.open("ab") as file:
        file.write(b" ")
    with pytest.raises(GateError):
        world.push(generation)


def test_a_suppressed_identifier_is_never_sent_and_leaves_the_list(world: PushWorld) -> None:
    generation = world.publish(people(100))
    world.push(generation, platforms=["meta"])
    gone = digest("meta", "person7@example.com")
    with open_ledger(world.ledger_file) as ledger:
        ledger.suppress([gone], "opt_out", AS_OF)
    world.push(generation, platforms=["meta"])
    assert world.members("meta") == wanted_by("meta", people(100)) - {gone}


def test_a_ledger_held_by_another_process_stops_the_push(world: PushWorld) -> None:
    generation = world.publish(people(100))
    world.plan_lines(generation)
    script = (
        "import fcntl, sys, time; file = open(sys.argv[1], 'w');"
        " fcntl.flock(file, fcntl.LOCK_EX); print('held', flush=True); time.sleep(60)"
    )
    lock = f"{world.ledger_file}.lock"
    holder = subprocess.Popen([sys.executable, "-c", script, lock], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LedgerLocked, match="another push holds the ledger; nothing was sent"):
            world.push(generation)
    finally:
        holder.kill()
        holder.communicate()
    assert world.lists() == []
    assert not world.push(generation).failures


def test_no_identifier_and_no_token_is_said_or_kept_in_clear(world: PushWorld) -> None:
    persons = people(100)
    generation = world.publish(persons)
    world.answer("google", "ingestAudienceMembers", 500, "oops", times=4)
    result = world.push(generation)
    with open_ledger(world.ledger_file) as ledger:
        plans = plan(generation, ledger)
        seen = f"{result!r} {plans!r} {ledger.holding('meta/aud_win_back')!r} {world.said}"
        seen += " ".join(render(plans)) + str(vars(ledger))
    kept = b"".join(file.read_bytes() for file in world.ledger_file.parent.iterdir())
    for name in PLATFORMS:
        for value in wanted_by(name, persons):
            assert value not in seen
            assert value.encode() not in kept
            assert bytes.fromhex(value) not in kept
        assert platform(name).sandbox.secret("access_token") not in seen


def test_a_hundred_thousand_members_are_pushed_in_bounded_time(world: PushWorld) -> None:
    generation = world.publish(people(25_000))
    started = time.perf_counter()
    result = world.push(generation)
    spent = time.perf_counter() - started
    assert not result.failures
    assert sum(receipt.accepted for receipt in result.receipts) == 100_000
    assert len(world.changes()) == 10
    assert spent < 60  # some 5 s on two idle cores
