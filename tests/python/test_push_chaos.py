"""Eight requests in flight through lost answers, resets and kills: in the end the list is right."""

# ruff: noqa: S603 - the processes started are our own

import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
import urllib3
from pushes import PushWorld, digest, people

from tamiz.errors import LedgerLocked, Rejected
from tamiz.ledger import MAYBE, PRESENT, open_ledger
from tamiz.ledger.columns import each
from tamiz.platforms import PLATFORMS, platform
from tamiz.platforms.base import Answer
from tamiz.push.transport import Prepared, Transport
from tamiz.sandbox import running_sandbox

PUSH = """
    import sys
    from datetime import UTC, datetime
    from pathlib import Path
    from tamiz.ledger import open_ledger
    from tamiz.platforms import PLATFORMS, platform
    from tamiz.publish import latest_generation
    from tamiz.push import plan, push, pacing, line
    from tamiz.push.accounts import sandbox_account
    from dataclasses import replace

    published, ledger_file, url, rows = sys.argv[1:]
    PLATFORMS["meta"] = replace(platform("meta"), batch_rows=int(rows))
    pacing.BACK_OFF = lambda _: 0.01
    line.TRIES = 50
    with open_ledger(Path(ledger_file)) as ledger:
        plans = plan(latest_generation(Path(published)), ledger)
        known = {each.sync_id: sandbox_account(platform(each.platform), url) for each in plans}
        print("ready", flush=True)
        push(plans, ledger, known, clock=lambda: datetime.now(UTC), say=print)
"""
ROWS = 25
TROUBLE = (
    {"kind": "status", "status": 503, "applied": "after"},
    {"kind": "status", "status": 500, "applied": "before"},
    {"kind": "reset", "applied": "after"},
    {"kind": "reset", "applied": "before"},
    {"kind": "garbage", "body": "html"},
    {"kind": "garbage", "body": "truncated"},
    {"kind": "status", "status": 429, "retry_after": 0},
)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushWorld]:
    monkeypatch.setitem(PLATFORMS, "meta", replace(platform("meta"), batch_rows=ROWS))
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url, platforms=("meta",))


def tell(world: PushWorld, seed: int, *, latency: int = 0, share: float = 0.06) -> None:
    """Let each kind of trouble strike some of the requests that change members."""
    faults = [
        {
            "platform": "meta",
            "path": "*/users",
            "when": {"probability": share},
            "fault": fault,
        }
        for fault in TROUBLE
    ]
    script: dict[str, Any] = {"seed": seed, "latency": latency, "faults": faults}
    answer = urllib3.request("POST", f"{world.sandbox_url}/_sandbox/faults", json=script)
    assert answer.status == 200, answer.data


def emails(numbers: range) -> set[str]:
    return {digest("meta", f"person{number}@example.com") for number in numbers}


def is_covered(world: PushWorld) -> bool:
    """Whether everybody on the platform is, to the ledger, there or maybe there (I1)."""
    with open_ledger(world.ledger_file) as ledger:
        holding = ledger.holding("meta/aud_win_back")
        known = set(each(holding.of(PRESENT))) | set(each(holding.of(MAYBE)))
        return {ledger.keys.member_hash(value) for value in world.members("meta")} <= known


@pytest.mark.parametrize("seed", range(4))
def test_whatever_answers_are_lost_the_list_is_right_in_the_end(
    world: PushWorld, seed: int
) -> None:
    for start, count in ((0, 500), (40, 480), (0, 450)):
        generation = world.publish(people(count, start=start), identifiers=["email"])
        tell(world, seed)
        world.push(generation)
        assert is_covered(world)
    tell(world, seed, share=0.0)
    for _ in range(2):
        result = world.push(generation)
    assert (result.receipts, result.failures) == ((), ())
    assert world.members("meta") == emails(range(450))
    with open_ledger(world.ledger_file) as ledger:
        rows = ledger.receipts()
    assert all(
        row.sent == (row.accepted or 0) + (row.invalid or 0) + (row.retried or 0) + row.left_out
        for row in rows
    )
    # I7: what was acknowledged is never sent again.
    again = "select count(*) from attempt as a join attempt as b using (batch_id)"
    assert world.query(f"{again} where a.outcome = 'acked' and b.n > a.n") == [(0,)]


@pytest.mark.parametrize("seed", range(3))
def test_a_push_killed_in_flight_again_and_again_loses_nobody(world: PushWorld, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - moments, not secrets
    generation = world.publish(people(500), identifiers=["email"])
    tell(world, seed, latency=20)
    places = (generation.path.parent, world.ledger_file, world.sandbox_url, ROWS)
    command = [sys.executable, "-c", textwrap.dedent(PUSH), *map(str, places)]
    killed = 0
    for _ in range(3):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        process.stdout.readline()
        before, until = len(world.changes()), time.monotonic() + 10
        while len(world.changes()) < before + 3 and time.monotonic() < until:
            time.sleep(0.01)
            if process.poll() is not None:
                break
        time.sleep(dice.uniform(0, 0.05))
        process.kill()
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
        if world.members("meta"):
            assert is_covered(world)
    assert killed
    tell(world, seed, share=0.0)
    assert not world.push(generation).failures
    assert world.members("meta") == emails(range(500))
    result = world.push(generation)
    assert (result.receipts, result.failures) == ((), ())


@dataclass
class Watch:
    """Sees the requests that change members while they are under way."""

    real: Callable[[Transport, Prepared], Answer] = Transport.exchange
    lock: threading.Lock = field(default_factory=threading.Lock)
    flying: list[str] = field(default_factory=list)
    most: int = 0
    mixed: bool = False
    sent: int = 0

    def __call__(self, transport: Transport, prepared: Prepared) -> Answer:
        if not prepared.url.endswith("/users"):
            return self.real(transport, prepared)
        with self.lock:
            self.sent += 1
            self.flying.append(prepared.method)
            self.most = max(self.most, len(self.flying))
            self.mixed |= len(set(self.flying)) > 1
        try:
            return self.real(transport, prepared)
        finally:
            with self.lock:
                self.flying.remove(prepared.method)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()

    def exchange(self: Transport, prepared: Prepared) -> Answer:
        return watch(self, prepared)

    monkeypatch.setattr(Transport, "exchange", exchange)
    return watch


def test_several_requests_are_in_flight_and_removals_end_before_additions_begin(
    world: PushWorld, watch: Watch
) -> None:
    tell(world, 1, latency=30, share=0.0)
    world.push(world.publish(people(500), identifiers=["email"]), in_flight=5)
    assert watch.most == 5
    later = world.publish(people(500, start=60), identifiers=["email"])
    assert not world.push(later).failures
    assert not watch.mixed
    assert world.members("meta") == emails(range(60, 560))


def test_one_request_at_a_time_is_sent_where_that_is_asked(world: PushWorld, watch: Watch) -> None:
    tell(world, 1, latency=5, share=0.0)
    assert not world.push(world.publish(people(200), identifiers=["email"]), in_flight=1).failures
    assert watch.most == 1


def test_after_a_fatal_answer_no_other_request_leaves_and_those_in_flight_are_recorded(
    world: PushWorld, watch: Watch
) -> None:
    tell(world, 1, latency=30, share=0.0)
    fault = {"kind": "permission_revoked"}
    entry = {"platform": "meta", "path": "*/users", "when": {"calls": [3]}, "fault": fault}
    urllib3.request(
        "POST", f"{world.sandbox_url}/_sandbox/faults", json={"latency": 30, "faults": [entry]}
    )
    generation = world.publish(people(500), identifiers=["email"])
    result = world.push(generation, in_flight=4)
    assert [isinstance(failure, Rejected) for failure in result.failures] == [True]
    assert watch.sent < 20
    open_ = "select count(*) from attempt where outcome is null"
    assert world.query(open_) == [(0,)]
    assert world.query("select count(*) from batch where state = 'SENDING'") == [(0,)]
    acked = world.query("select coalesce(sum(accepted), 0) from batch where state = 'ACKED'")
    assert acked == [(len(world.members("meta")),)]
    assert is_covered(world)


def test_a_push_that_lost_its_lease_sends_nothing_more(world: PushWorld, watch: Watch) -> None:
    generation = world.publish(people(500), identifiers=["email"])
    real = watch.real
    taken: list[int] = []

    def take_over(transport: Transport, prepared: Prepared) -> Answer:
        if prepared.url.endswith("/users") and not taken:
            with open_ledger(world.ledger_file) as other:
                host = os.uname().nodename
                taken.append(other.lease("meta/aud_win_back", f"{host}:1", world.now))
        return real(transport, prepared)

    watch.real = take_over
    with pytest.raises(LedgerLocked, match="another push took meta/aud_win_back over"):
        world.push(generation, in_flight=2)
    assert watch.sent <= 3
    watch.real = real
    assert not world.push(generation).failures
    assert world.members("meta") == emails(range(500))
