"""Faults of the sandbox over loopback HTTP: each kind, before and after, and always the same."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
import urllib3
from sandboxes import Clock, Probe, many, probing

from tamiz.platforms import PLATFORMS, platform
from tamiz.platforms.base import Answer, Batch, NewList, Refusal, Verdict
from tamiz.sandbox import World

VALUES = many(60)
NAMES = sorted(PLATFORMS)
WRITES = {
    "google": ("ingestAudienceMembers", "removeAudienceMembers"),
    "linkedin": ("batchUpdateUsers", "batchUpdateUsers"),
    "meta": ("addUsers", "removeUsers"),
    "microsoft": ("applyUserData", "applyUserData"),
    "pinterest": ("customerListUpdate", "customerListUpdate"),
    "reddit": ("usersUpdate", "usersUpdate"),
    "snapchat": ("usersAdd", "usersRemove"),
    "tiktok": ("segmentMapping", "segmentMapping"),
    "x": ("updateAudienceUsers", "updateAudienceUsers"),
}


@pytest.fixture
def probe() -> Iterator[Probe]:
    with probing(platforms={"linkedin": {"ready_after": 0}, "snapchat": {"rates": {}}}) as found:
        yield found


class Sender:
    """Sends the requests of our own platform module, and reads answers with it."""

    def __init__(self, probe: Probe, name: str) -> None:
        self.probe, self.entry = probe, platform(name)
        self.kind = self.entry.pushed[0].kind
        new = NewList("x", "aud_x", "0123456789abcdef", (self.kind, VALUES[0]))
        made = self.ask(self.entry.create_list(self.entry.sandbox, new))
        self.list_id = self.entry.read_created(made)

    def ask(self, request: Any) -> Answer:
        query = "&".join(
            f"{key}={urllib3.util.url._encode_invalid_chars(value, set())}"  # noqa: SLF001
            for key, value in request.query.items()
        )
        path = f"{request.path}?{query}" if query else request.path
        told = self.probe.ask(
            self.entry.name, request.method, path, request.body, **request.headers
        )
        return Answer(told.status, told.headers, told.body, is_empty=told.body is None)

    def members(self, values: list[str], *, adds: bool = True) -> Answer:
        batch = self.batch(values)
        make = self.entry.add_members if adds else self.entry.remove_members
        return self.ask(make(self.entry.sandbox, self.list_id, batch))

    def batch(self, values: list[str]) -> Batch:
        return Batch("batch", 1, [(self.kind, value) for value in values])

    def refusal(self, answer: Answer) -> Refusal:
        found = self.entry.classify(answer)
        assert found is not None
        return found

    def held(self) -> set[str]:
        return {value for _, value in self.probe.members(self.entry.name)}


def strike(probe: Probe, name: str, kind: str, when: Any = None, **more: Any) -> None:
    """From now on, this fault for the writing operations of a platform."""
    entries = [
        {
            "platform": name,
            "operation": operation,
            "when": when or {},
            "fault": {"kind": kind, **more},
        }
        for operation in sorted(set(WRITES[name]))
    ]
    assert probe.tell("faults", seed=7, faults=entries, platforms=settings(probe)) == 200


def settings(probe: Probe) -> Any:
    return probe.world.script.model_dump()["platforms"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("applied", "count"), [("before", 0), ("after", 2)])
def test_a_server_error_comes_before_or_after_the_request_is_applied(
    probe: Probe, name: str, applied: str, count: int
) -> None:
    sender = Sender(probe, name)
    before = len(sender.held())
    strike(probe, name, "status", {"calls": [1]}, status=503, applied=applied)
    answer = sender.members(VALUES[1:3])
    assert answer.http_status == 503
    assert sender.refusal(answer).verdict == Verdict.RETRY
    assert len(sender.held()) == before + count
    assert sender.members(VALUES[1:3]).is_success
    assert len(sender.held()) == before + 2


@pytest.mark.parametrize("name", NAMES)
def test_too_many_requests_are_told_in_the_platforms_own_way(probe: Probe, name: str) -> None:
    sender = Sender(probe, name)
    strike(probe, name, "status", status=429, retry_after=3)
    answer = sender.members(VALUES)
    assert answer.http_status == {"meta": 400, "tiktok": 200}.get(name, 429)
    assert sender.refusal(answer).verdict == Verdict.WAIT
    assert answer.headers["retry-after"] == "3"


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"retry_after": 2.5}, "2.5"),
        ({"retry_after": 120}, "120"),
        ({"retry_after": "absurd"}, "99999999999"),
        ({}, None),
    ],
)
def test_retry_after_has_several_forms(probe: Probe, told: Any, shown: str | None) -> None:
    sender = Sender(probe, "snapchat")
    strike(probe, "snapchat", "status", status=429, **told)
    assert sender.members(VALUES).headers.get("retry-after") == shown


def test_retry_after_may_be_a_date(probe: Probe) -> None:
    sender = Sender(probe, "snapchat")
    strike(probe, "snapchat", "status", status=503, retry_after=90, as_date=True)
    text = sender.members(VALUES).headers["retry-after"]
    assert parsedate_to_datetime(text) == datetime(2026, 11, 25, 0, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(("applied", "is_there"), [("before", False), ("after", True)])
def test_a_connection_is_reset_before_or_after(
    probe: Probe, applied: str, *, is_there: bool
) -> None:
    sender = Sender(probe, "meta")
    strike(probe, "meta", "reset", {"calls": [1]}, applied=applied)
    with pytest.raises(urllib3.exceptions.ProtocolError, match="reset by peer"):
        sender.members(VALUES)
    assert bool(sender.held()) is is_there
    assert probe.look("requests")[-1]["fault"] == "reset"
    assert sender.members(VALUES).is_success


@pytest.mark.parametrize(("applied", "is_there"), [("before", True), ("after", False)])
def test_a_slow_answer_was_applied_before_or_is_after(
    probe: Probe, applied: str, *, is_there: bool
) -> None:
    sender = Sender(probe, "meta")
    strike(probe, "meta", "slow", {"calls": [1]}, seconds=0.5, applied=applied)
    request = sender.entry.add_members(sender.entry.sandbox, sender.list_id, sender.batch(VALUES))
    address = f"{probe.url}/meta/v26.0{request.path}"
    headers = sender.entry.headers(sender.entry.sandbox)
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        urllib3.request(
            "POST", address, json=request.body, headers=headers, timeout=0.2, retries=False
        )
    assert bool(sender.held()) is is_there
    time.sleep(0.5)
    assert sender.held() == set(VALUES)


def test_every_answer_is_late_by_the_latency() -> None:
    with probing(latency=80) as probe:
        started = time.monotonic()
        probe.call("meta", "GET", "/120000000000001")
        assert 0.08 <= time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("body", "begins", "ends"),
    [
        ("html", b"<!doctype html>", b"again."),
        ("truncated", b'{"audience_id":', b""),
        ("empty", b"", b""),
    ],
)
def test_garbage_is_no_answer_anybody_can_read(
    probe: Probe, body: str, begins: bytes, ends: bytes
) -> None:
    sender = Sender(probe, "meta")
    strike(probe, "meta", "garbage", body=body)
    request = sender.entry.add_members(sender.entry.sandbox, sender.list_id, sender.batch(VALUES))
    headers = sender.entry.headers(sender.entry.sandbox)
    address = f"{probe.url}/meta/v26.0{request.path}"
    answer = urllib3.request("POST", address, json=request.body, headers=headers)
    assert (answer.status, answer.data.startswith(begins)) == (200, True)
    assert answer.data.endswith(ends)
    assert not answer.data.endswith(b"}")
    assert sender.held() == set(VALUES)


def test_garbage_may_be_a_hundred_megabytes(probe: Probe) -> None:
    sender = Sender(probe, "meta")
    strike(probe, "meta", "garbage", body="huge")
    request = sender.entry.add_members(sender.entry.sandbox, sender.list_id, sender.batch(VALUES))
    headers = sender.entry.headers(sender.entry.sandbox)
    address = f"{probe.url}/meta/v26.0{request.path}"
    answer = urllib3.request(
        "POST", address, json=request.body, headers=headers, preload_content=False
    )
    assert sum(map(len, answer.stream(1 << 20))) > 100_000_000
    # A caller that has had enough may leave.
    answer = urllib3.request(
        "POST", address, json=request.body, headers=headers, preload_content=False
    )
    answer.read(1 << 20)
    answer.close()
    assert probe.look("lists")[0]["member_count"] == len(VALUES)


@pytest.mark.parametrize("name", ["google", "linkedin", "microsoft", "x"])
def test_bad_members_are_named(probe: Probe, name: str) -> None:
    sender = Sender(probe, name)
    strike(probe, name, "partial", share=0.3)
    answer = sender.members(VALUES)
    if name in ("google", "x"):
        refusal = sender.refusal(answer)
        assert (refusal.verdict, sender.held()) == (Verdict.REFUSE_ROWS, set())
        bad = [row.index for row in refusal.bad_rows]
    else:
        bad = [
            row.index for row in sender.entry.read_receipt(answer, sender.batch(VALUES)).bad_rows
        ]
    assert 5 < len(bad) < 40
    good = [value for index, value in enumerate(VALUES) if index not in bad]
    assert sender.entry.classify(sender.members(good)) is None
    assert sender.held() == set(good)


def test_bad_members_are_counted_by_meta(probe: Probe) -> None:
    sender = Sender(probe, "meta")
    strike(probe, "meta", "partial", share=0.3)
    answer = sender.members(VALUES)
    receipt = sender.entry.read_receipt(answer, sender.batch(VALUES))
    assert receipt.bad_rows == ()
    assert len(sender.held()) == receipt.accepted == len(VALUES) - receipt.invalid < len(VALUES)


@pytest.mark.parametrize("name", ["pinterest", "reddit", "snapchat", "tiktok"])
def test_bad_members_refuse_the_whole_batch_and_can_be_found_by_halves(
    probe: Probe, name: str
) -> None:
    sender = Sender(probe, name)
    before = sender.held()
    strike(probe, name, "partial", share=0.05)

    def taken(values: list[str]) -> list[str]:
        refusal = sender.entry.classify(sender.members(values))
        if refusal is None:
            return values
        assert (refusal.verdict, refusal.bad_rows) == (Verdict.REFUSE_ROWS, ())
        half = len(values) // 2
        return taken(values[:half]) + taken(values[half:]) if half else []

    good = taken(VALUES)
    assert 40 < len(good) < 60
    assert sender.held() == before | set(good)
    assert sender.entry.classify(sender.members(good)) is None


def test_the_same_members_are_bad_for_a_seed_and_others_for_another(probe: Probe) -> None:
    sender = Sender(probe, "linkedin")

    def bad(seed: int, share: float = 0.3) -> set[int]:
        fault = {"platform": "linkedin", "fault": {"kind": "partial", "share": share}}
        probe.tell("faults", seed=seed, faults=[fault], platforms=settings(probe))
        answer = sender.members(VALUES)
        receipt = sender.entry.read_receipt(answer, sender.batch(VALUES))
        return {row.index for row in receipt.bad_rows}

    assert bad(1) == bad(1) != bad(2)
    assert bad(1) < bad(1, share=0.6) < bad(1, share=1.0) == set(range(len(VALUES)))


@pytest.mark.parametrize("name", NAMES)
def test_an_expired_token_asks_for_another_one(probe: Probe, name: str) -> None:
    sender = Sender(probe, name)
    strike(probe, name, "token_expired", {"calls": [1]})
    before = sender.held()
    assert sender.refusal(sender.members(VALUES)).verdict == Verdict.REAUTHENTICATE
    assert sender.held() == before
    # Where the platform renews, the token is dead; elsewhere nobody could give another one.
    still = sender.entry.classify(sender.members(VALUES))
    assert (still is not None) is (sender.entry.renewal is not None)


@pytest.mark.parametrize("name", NAMES)
def test_a_revoked_permission_stops(probe: Probe, name: str) -> None:
    sender = Sender(probe, name)
    strike(probe, name, "permission_revoked")
    before = sender.held()
    refusal = sender.refusal(sender.members(VALUES))
    assert (refusal.verdict, refusal.is_known, sender.held()) == (Verdict.STOP, True, before)


@pytest.mark.parametrize("name", NAMES)
def test_no_operation_breaks_its_contract_for_want_of_permission(probe: Probe, name: str) -> None:
    for kind in ("permission_revoked", "token_expired"):
        fault = {"platform": name, "fault": {"kind": kind}}
        probe.tell("faults", faults=[fault])
        with pytest.raises((KeyError, TypeError, ValueError)):
            Sender(probe, name)
        assert probe.look("requests")[-1]["status"] != 500


@pytest.mark.parametrize("name", NAMES)
def test_a_flagged_list_takes_no_more_changes(probe: Probe, name: str) -> None:
    sender = Sender(probe, name)
    sender.members(VALUES[:5])
    before = sender.held()
    strike(probe, name, "audience_flagged", {"calls": [1]})
    for adds in (True, True, False):
        assert sender.refusal(sender.members(VALUES, adds=adds)).verdict == Verdict.STOP
    assert sender.held() == before


def test_meta_shows_that_an_audience_is_flagged(probe: Probe) -> None:
    sender = Sender(probe, "meta")
    strike(probe, "meta", "audience_flagged")
    refusal = sender.refusal(sender.members(VALUES))
    assert refusal.code == "100/1713230"
    _, told = probe.call("meta", "GET", f"/{sender.list_id}?fields=operation_status")
    assert told["operation_status"]["code"] == 471


@pytest.mark.parametrize("name", NAMES)
def test_a_removal_is_refused_where_the_list_would_get_too_small(probe: Probe, name: str) -> None:
    sender = Sender(probe, name)
    strike(probe, name, "small_audience")
    assert sender.entry.classify(sender.members(VALUES)) is None
    refusal = sender.refusal(sender.members(VALUES, adds=False))
    assert (refusal.verdict, sender.held()) == (Verdict.STOP, set(VALUES))


@pytest.mark.parametrize(
    ("when", "struck"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8]),
        ({"calls": [2, 5]}, [2, 5]),
        ({"every": 3}, [3, 6]),
        ({"after": 6}, [7, 8]),
        ({"probability": 1.0}, [1, 2, 3, 4, 5, 6, 7, 8]),
        ({"probability": 0.0}, []),
    ],
)
def test_a_fault_strikes_the_calls_it_says(probe: Probe, when: Any, struck: list[int]) -> None:
    sender = Sender(probe, "meta")
    strike(probe, "meta", "status", when, status=500)
    assert failing(sender, 8) == struck


def test_a_probability_strikes_the_same_calls_for_a_seed(probe: Probe) -> None:
    sender = Sender(probe, "meta")
    runs = []
    for seed in (1, 1, 2):
        fault = {"kind": "status", "status": 500}
        entry = {"platform": "meta", "when": {"probability": 0.5}, "fault": fault}
        probe.tell("faults", seed=seed, faults=[entry])
        runs.append(failing(sender, 30))
    assert runs[0] == runs[1] != runs[2]
    assert 5 < len(runs[0]) < 25


def failing(sender: Sender, calls: int) -> list[int]:
    return [number for number in range(1, calls + 1) if not sender.members(VALUES[:1]).is_success]


def test_method_and_path_choose_calls_too(probe: Probe) -> None:
    sender = Sender(probe, "meta")
    fault = {"kind": "status", "status": 502}
    entries = [{"method": "DELETE", "path": "/*/users", "fault": fault}]
    probe.tell("faults", faults=entries)
    assert sender.members(VALUES).is_success
    assert sender.members(VALUES, adds=False).http_status == 502
    assert probe.call("meta", "DELETE", f"/{sender.list_id}")[0] == 200


def test_a_script_that_is_wrong_is_refused_while_running(probe: Probe) -> None:
    wrong = {"faults": [{"operation": "nothing", "fault": {"kind": "reset"}}]}
    answer = probe.pool.request("POST", f"{probe.url}/_sandbox/faults", json=wrong)
    assert answer.status == 400
    assert "no operation 'nothing'" in answer.json()["error"]


def test_matches_depend_on_hash_and_seed_alone() -> None:
    def matched(seed: int, rate: float = 0.7) -> set[str]:
        platforms = {"meta": {"match_rate": rate}}
        from sandboxes import script

        world = World(Clock(), script=script(seed=seed, platforms=platforms))
        return {value for value in many(500) if world.matches("meta", value)}

    assert matched(1) == matched(1) != matched(2)
    assert matched(1, 0.2) < matched(1) < matched(1, 1.0) == set(many(500))
    assert 300 < len(matched(1)) < 400
