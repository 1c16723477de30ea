"""Plans and pushes against the real sandbox over loopback HTTP, with real ledger files."""

# ruff: noqa: S603 - canned answers are any JSON; the processes started are our own

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import urllib3
from pydantic import SecretStr

from tamiz.errors import (
    ConfigError,
    GateError,
    Held,
    LedgerLocked,
    Rejected,
    Unavailable,
    UnknownPlatform,
)
from tamiz.ledger import open_ledger
from tamiz.platforms import Account, platform
from tamiz.publish import Generation, PublishedTable
from tamiz.publish.generation import (
    MANIFEST,
    content_hash,
    file_sha256,
    generation_name,
    manifest_of,
)
from tamiz.push import PushResult, accounts, plan, push, render
from tamiz.push.transport import ANSWER_LIMIT, Transport, is_loopback
from tamiz.sandbox import running_sandbox
from tamiz.settings import Settings

AS_OF = datetime(2026, 6, 30, tzinfo=UTC)
PLATFORMS = ("google", "meta")
OPERATIONS = {
    "google": ("ingestAudienceMembers", "removeAudienceMembers"),
    "meta": ("addUsers", "removeUsers"),
}
CHANGING = {name for pair in OPERATIONS.values() for name in pair}
TAKEN = (
    '{"audience_id":"1","session_id":"1","num_received":200,"num_invalid_entries":0,'
    '"invalid_entry_samples":{}}'
)
NOTHING = sha256(b"").hexdigest()


def digest(platform_name: str, text: str) -> str:
    """The hash a platform knows a text by; other platforms know it by another one."""
    return sha256(f"{platform_name}:{text}".encode()).hexdigest()


@dataclass(frozen=True)
class Person:
    """Somebody of an audience; None for what is not known."""

    person_id: str
    email: str | None = None
    phone: str | None = None
    is_holdout: bool = False


def people(count: int, start: int = 0) -> list[Person]:
    return [
        Person(f"p{number}", f"person{number}@example.com", f"+3460000{number:04}")
        for number in range(start, start + count)
    ]


@dataclass
class PushWorld:
    """A folder of generations, a ledger and a sandbox; `said` is what pushes said."""

    folder: Path
    sandbox_url: str
    said: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    published: int = 0
    now: datetime = AS_OF

    @property
    def ledger_file(self) -> Path:
        return self.folder / "state" / "ledger.db"

    def publish(
        self, members: Mapping[str, Sequence[Person]] | Sequence[Person], **meta: Any
    ) -> Generation:
        """Publish audiences; `members` alone are those of aud_win_back."""
        audiences = members if isinstance(members, Mapping) else {"aud_win_back": members}
        rows = [
            {
                "audience_name": audience,
                "platform": name,
                "person_id": person.person_id,
                "email_sha256": _hashed(name, person.email, person),
                "phone_sha256": _hashed(name, person.phone, person),
                "rule_version": 1,
                "is_holdout": person.is_holdout,
            }
            for audience, persons in audiences.items()
            for name in PLATFORMS
            for person in persons
        ]
        funnel = [
            (audience, name, number, step, reason, count)
            for audience, persons in audiences.items()
            for name in PLATFORMS
            for number, step, reason, count in (
                (1, "segment", None, len(persons) + 9),
                (2, "excluded", "exc_recent_buyers", 4),
                (3, "no_consent", "exc_no_ad_consent", 3),
                (4, "holdout", None, 2),
                (6, "reachable", None, len(persons)),
            )
        ]
        return self.publish_rows(rows, funnel, list(audiences), **meta)

    def publish_rows(
        self, rows: list[dict[str, Any]], funnel: list[Any], audiences: list[str], **meta: Any
    ) -> Generation:
        self.published += 1
        folder = self.folder / "published" / f"aside{self.published}"
        folder.mkdir(parents=True)
        text = pa.string()
        members = pa.schema(
            [
                ("audience_name", text),
                ("platform", text),
                ("person_id", text),
                ("email_sha256", text),
                ("phone_sha256", text),
                ("rule_version", pa.int32()),
                ("is_holdout", pa.bool_()),
            ]
        )
        counts = pa.schema(
            [
                ("audience_name", text),
                ("platform", text),
                ("step_number", pa.int32()),
                ("step", text),
                ("reason", text),
                ("person_count", pa.int64()),
            ]
        )
        names = ("audience_name", "platform", "step_number", "step", "reason", "person_count")
        steps = [dict(zip(names, row, strict=True)) for row in funnel]
        tables = {
            "fct_audience_members": pa.Table.from_pylist(rows, schema=members),
            "fct_audience_funnel": pa.Table.from_pylist(steps, schema=counts),
        }
        written = {}
        for name, table in tables.items():
            file = folder / f"{name}.parquet"
            pq.write_table(table, file)
            types = {column.name: str(column.type) for column in table.schema}
            written[name] = PublishedTable(file, table.num_rows, file_sha256(file), types)
        described = tuple(
            {
                "name": name,
                "platforms": list(PLATFORMS),
                "list_name": name.replace("aud_", "tamiz_"),
                "identifiers": ["email", "phone"],
                "minimum_size": 1,
                **meta,
            }
            for name in audiences
        )
        name = generation_name(AS_OF, content_hash(written, described, ()))
        generation = Generation(
            folder, name, self.published, AS_OF, "invocation", written, described, ()
        )
        (folder / MANIFEST).write_text(json.dumps(manifest_of(generation)))
        return generation

    def push(self, generation: Generation, **wanted: Any) -> PushResult:
        known = accounts(Settings(), PLATFORMS, sandbox_url=self.sandbox_url)
        known |= wanted.pop("known", {})
        with open_ledger(self.ledger_file, wait=0.2) as ledger:
            plans = plan(generation, ledger, **wanted)
            return push(
                plans,
                ledger,
                known,
                clock=lambda: self.now,
                say=self.said.append,
                sleep=self.slept.append,
            )

    def plan_lines(self, generation: Generation, **wanted: Any) -> list[str]:
        with open_ledger(self.ledger_file, wait=0.2) as ledger:
            return render(plan(generation, ledger, **wanted))

    def members(self, platform_name: str, list_name: str = "tamiz_win_back") -> set[str]:
        query = f"platform={platform_name}&list={list_name}"
        answer = urllib3.request("GET", f"{self.sandbox_url}/_sandbox/members?{query}")
        return {value for _, value in answer.json()["members"]} if answer.status == 200 else set()

    def lists(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = urllib3.request(
            "GET", f"{self.sandbox_url}/_sandbox/lists"
        ).json()
        return found

    def changes(self) -> list[dict[str, Any]]:
        """The requests seen so far that change members."""
        seen = urllib3.request("GET", f"{self.sandbox_url}/_sandbox/requests").json()
        return [entry for entry in seen if entry["operation"] in CHANGING]

    def answer(
        self, platform_name: str, operation: str, status: int, body: Any, **more: Any
    ) -> None:
        told = {"platform": platform_name, "operation": operation, "status": status, "body": body}
        urllib3.request("POST", f"{self.sandbox_url}/_sandbox/answers", json={**told, **more})

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.ledger_file) as connection:
            return connection.execute(sql).fetchall()


def _hashed(platform_name: str, text: str | None, person: Person) -> str | None:
    return None if text is None or person.is_holdout else digest(platform_name, text)


def wanted_by(platform_name: str, persons: Sequence[Person]) -> set[str]:
    texts = [text for person in persons for text in (person.email, person.phone) if text]
    return {digest(platform_name, text) for text in texts}


def processing(state: str = "PROCESSING") -> dict[str, Any]:
    """Google's answer about accepted work."""
    destination = {
        "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "1234567890"},
        "productDestinationId": "1",
    }
    status = {"destination": destination, "requestStatus": state}
    return {"requestStatusPerDestination": [status]}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


def test_a_first_push_fills_the_lists_of_both_platforms(world: PushWorld) -> None:
    result = world.push(world.publish(people(150)))
    assert not result.failures
    for name in PLATFORMS:
        assert world.members(name) == wanted_by(name, people(150))
    assert {(line.platform, line.op, line.sent, line.received) for line in result.receipts} == {
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
    assert "meta holds 240 of its identifiers; nothing was sent" in told
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
        google = accounts(Settings(), ["google"], sandbox_url=world.sandbox_url)
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


def test_a_plan_says_counts_and_reasons_and_changes_nothing(world: PushWorld) -> None:
    lines = world.plan_lines(world.publish(people(150)), platforms=["meta"])
    assert lines == [
        "aud_win_back on meta: 150 people; identifiers: add 300, remove 0, keep 0",
        "  left out: 4 exc_recent_buyers, 3 no consent, 2 holdout",
    ]
    assert world.lists() == []
    assert world.query("select count(*) from sync") == [(0,)]


def test_a_name_that_nobody_has_is_named_with_those_that_are(world: PushWorld) -> None:
    generation = world.publish(people(100))
    with pytest.raises(UnknownPlatform, match="no audience named 'aud_x'; known: aud_win_back"):
        world.plan_lines(generation, audiences=["aud_x"])
    with pytest.raises(UnknownPlatform, match="no platform named 'myspace'; known: google, meta"):
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
    known = accounts(Settings(), PLATFORMS, sandbox_url=world.sandbox_url)
    wrong = {"meta": replace(known["meta"], token=SecretStr("very-secret"))}
    result = world.push(world.publish(people(100)), known=wrong)
    (failure,) = result.failures
    assert isinstance(failure, ConfigError)
    assert "renew TAMIZ_META_ACCESS_TOKEN" in str(failure)
    assert "very-secret" not in f"{failure!r} {wrong!r}"
    assert len(world.members("google")) == 200


def test_another_account_than_the_ledgers_is_refused_before_anything_is_sent(
    world: PushWorld,
) -> None:
    world.push(world.publish(people(100)))
    before = world.changes()
    known = accounts(Settings(), PLATFORMS, sandbox_url=world.sandbox_url)
    wrong = {"meta": replace(known["meta"], account_id="999")}
    with pytest.raises(ConfigError, match="TAMIZ_META_AD_ACCOUNT_ID names 999; nothing was sent"):
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
    accounts_ = accounts(Settings(), PLATFORMS, sandbox_url=world.sandbox_url)
    entry, account = platform("meta"), accounts_["meta"]
    transport = Transport(entry, account)
    for number in range(501):
        request = entry.create_list(account, f"other {number}", "")
        transport.exchange(request, json.dumps(request.body).encode())
    world.answer("meta", "createCustomAudience", 500, "oops", applied=True)
    assert not world.push(world.publish(people(100)), platforms=["meta"]).failures
    assert sum(entry["name"] == "tamiz_win_back" for entry in world.lists()) == 1


def test_a_push_that_died_between_intent_and_outcome_is_settled(
    world: PushWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation, real = world.publish(people(100)), Transport.exchange

    def die_after(self: Transport, request: Any, payload: bytes | None) -> Any:
        answer = real(self, request, payload)
        if request.path.endswith("/users"):
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
    from tamiz.push import accounts, plan, push
    from tamiz.push.transport import Transport
    from tamiz.settings import Settings

    published, ledger_file, url, when = sys.argv[1:]
    real = Transport.exchange

    def exchange(self, request, payload):
        changes = request.path.endswith(("/users", ":ingest"))
        if changes and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(self, request, payload)
        if changes and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    Transport.exchange = exchange
    known = accounts(Settings(), ["google", "meta"], sandbox_url=url)
    with open_ledger(Path(ledger_file)) as ledger:
        plans = plan(latest_generation(Path(published)), ledger)
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


def test_accepted_work_is_asked_after_and_not_sent_twice(world: PushWorld) -> None:
    generation = world.publish(people(100))
    world.answer("google", "retrieveRequestStatus", 200, processing(), times=3)
    result = world.push(generation, platforms=["google"])
    assert [receipt.is_pending for receipt in result.receipts] == [True]
    assert world.query("select state from member limit 1") == [("A",)]
    assert "on their way 200" in world.plan_lines(generation, platforms=["google"])[0]
    again = world.push(generation, platforms=["google"])
    assert [(line.received, line.is_pending) for line in again.receipts] == [(200, False)]
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
    assert "could not use 200 of the 200 identifiers" in str(result.failures[0])
    assert not world.push(generation, platforms=["google"]).failures
    assert world.query("select count(*) from member where state = 'P'") == [(200,)]


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


def test_accounts_name_what_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("TAMIZ_"):
            monkeypatch.delenv(name)
    with pytest.raises(ConfigError, match="TAMIZ_META_ACCESS_TOKEN, TAMIZ_META_AD_ACCOUNT_ID"):
        accounts(Settings(), ["meta"])


def test_accounts_are_read_without_the_marks_people_paste() -> None:
    settings = Settings(
        meta_access_token=SecretStr("very-secret"),
        meta_ad_account_id="act_123",
        google_access_token=SecretStr("very-secret"),
        google_customer_id="123-456-7890",
        google_login_customer_id="987-654-3210",
    )
    known = accounts(settings, PLATFORMS)
    assert known["meta"].account_id == "123"
    assert (known["google"].account_id, known["google"].login_account_id) == (
        "1234567890",
        "9876543210",
    )
    assert "very-secret" not in repr(known)


@pytest.mark.parametrize(
    "address",
    [
        "http://10.0.0.1:8765",
        "https://127.0.0.1",
        "http://127.0.0.1@example.com",
        "http://169.254.169.254",
        "http://127.0.0.1.example.com",
        "http://[",
        "ftp://127.0.0.1",
    ],
)
def test_requests_go_to_the_platform_or_to_this_machine_only(address: str) -> None:
    assert not is_loopback(address)
    with pytest.raises(ConfigError, match="address given is not on this machine"):
        accounts(Settings(), ["meta"], sandbox_url=address)
    account = Account("meta", "1", SecretStr("very-secret"), base_url=address)
    with pytest.raises(ConfigError, match=r"go to graph.facebook.com or to a sandbox"):
        Transport(platform("meta"), account)


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
        assert platform(name).sandbox.token.get_secret_value() not in seen


def test_a_hundred_thousand_members_are_pushed_in_bounded_time(world: PushWorld) -> None:
    generation = world.publish(people(25_000))
    started = time.perf_counter()
    result = world.push(generation)
    spent = time.perf_counter() - started
    assert not result.failures
    assert sum(receipt.received for receipt in result.receipts) == 100_000
    assert len(world.changes()) == 10
    assert spent < 60  # some 5 s on two idle cores
