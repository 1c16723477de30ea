"""Waits: what platforms ask for, what their rates allow, and what a push has patience for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import urllib3
from pushes import PushWorld, people
from tenacity import RetryCallState, Retrying

from tamiz.errors import Unavailable
from tamiz.platforms.base import Pace, RateLimit
from tamiz.push.pacing import LONGEST_WAIT, WAIT_BUDGET, Pacer, pause, retry_after
from tamiz.sandbox import running_sandbox

NOW = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[PushWorld]:
    with running_sandbox() as url:
        yield PushWorld(tmp_path, url)


class Clock:
    """Seconds that pass by sleeping only."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pacer(self, *rates: RateLimit) -> Pacer:
        return Pacer(rates, clock=lambda: self.now, sleep=self.sleep)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        (" 12 ", 12.0),
        ("Tue, 30 Jun 2026 00:00:30 GMT", 30.0),
        ("Mon, 29 Jun 2026 23:59:30 GMT", None),
        ("99999999999", LONGEST_WAIT),
        ("9" * 5000, LONGEST_WAIT),
        ("Tue, 30 Jun 2099 00:00:30 GMT", LONGEST_WAIT),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
        ("\u0667", None),
        ("Tue, 99 Jun 2026 00:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == seconds
    assert retry_after({}, NOW) is None


def test_back_off_grows_with_full_jitter_and_honours_what_was_asked() -> None:
    state = RetryCallState(Retrying(), fn=None, args=(), kwargs={})
    for attempt, most in ((1, 0.5), (3, 2.0), (20, 60.0)):
        state.attempt_number = attempt
        seen = [pause(state) for _ in range(300)]
        assert 0 <= min(seen) < 0.2 * most
        assert 0.8 * most < max(seen) <= most
    assert pause(state, 100.0) == 100.0
    assert pause(state, 10_000.0) == LONGEST_WAIT


def test_no_window_ever_holds_more_requests_than_the_rate_allows() -> None:
    clock = Clock()
    pacer = clock.pacer(RateLimit(3, 10.0), RateLimit(5, 60.0))
    left = []
    for _ in range(12):
        pacer.wait()
        pacer.sent()
        left.append(clock.now)
        clock.now += 0.5
    for count, seconds in ((3, 10.0), (5, 60.0)):
        pairs = zip(left[:-count], left[count:], strict=True)
        assert all(later - sooner >= seconds for sooner, later in pairs)


def test_headers_that_say_nothing_is_left_stop_until_the_reset() -> None:
    clock = Clock()
    pacer = clock.pacer()
    pacer.fed(Pace(remaining=2, reset_after=40.0), in_flight=0)
    for _ in range(2):
        assert pacer.delay() == 0
        pacer.sent()
    assert pacer.delay() == 40.0
    clock.now += 41
    assert pacer.delay() == 0


def test_requests_in_flight_are_not_promised_twice() -> None:
    pacer = Clock().pacer()
    pacer.fed(Pace(remaining=5, reset_after=40.0), in_flight=5)
    assert pacer.delay() == 40.0
    pacer.fed(Pace(remaining=5, reset_after=40.0), in_flight=4)
    assert pacer.delay() == 0


def test_a_clock_that_goes_back_asks_for_no_second_sleep() -> None:
    clock = Clock()
    pacer = clock.pacer()
    pacer.hold(30.0)
    pacer.wait()
    clock.now -= 500
    assert pacer.delay() == 0
    assert clock.slept == [30.0]


def too_many(world: PushWorld, times: int, **headers: str) -> None:
    error = {"error": {"code": 80003, "message": "", "type": "OAuthException"}}
    world.answer("meta", "addUsers", 400, error, headers=headers, times=times)


def test_waits_are_no_failures_however_many_they_are(world: PushWorld) -> None:
    too_many(world, 9, **{"Retry-After": "5"})
    assert not world.push(world.publish(people(100)), platforms=["meta"]).failures
    assert world.slept == [5.0] * 9
    outcomes = world.query("select outcome, count(*) from attempt group by 1 order by 1")
    assert outcomes == [("acked", 1), ("not applied", 9)]


def test_patience_ends_and_nothing_is_lost(world: PushWorld) -> None:
    too_many(world, 50, **{"Retry-After": "99999999"})
    generation = world.publish(people(100))
    result = world.push(generation, platforms=["meta"])
    assert [isinstance(failure, Unavailable) for failure in result.failures] == [True]
    assert world.slept == [LONGEST_WAIT] * 3
    assert sum(world.slept) <= WAIT_BUDGET
    (line,) = result.receipts
    assert (line.sent, line.retried) == (200, 200)


@pytest.mark.parametrize("as_date", [True, False])
def test_the_sandboxes_own_429_is_waited_for(world: PushWorld, as_date: bool) -> None:  # noqa: FBT001
    world.now = datetime.now(UTC)
    fault = {"kind": "status", "status": 429, "retry_after": 20, "as_date": as_date}
    entry: dict[str, Any] = {"platform": "reddit", "when": {"calls": [2]}, "fault": fault}
    world.platforms = ("reddit",)
    told = urllib3.request("POST", f"{world.sandbox_url}/_sandbox/faults", json={"faults": [entry]})
    assert told.status == 200, told.data
    assert not world.push(world.publish(people(1_100))).failures
    assert 15 < max(world.slept) <= 21
