"""How fast requests may leave: the platform's rates, what its answers say of them, and back-off.

Written here, because pyrate-limiter, limits and aiolimiter count calls of their own only and cannot
be told what a platform's headers say is left.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import RetryCallState, wait_random_exponential

from tamiz.platforms.base import Pace, RateLimit

LONGEST_WAIT = 300.0  # seconds; whoever asks for more is asked again after that
WAIT_BUDGET = 900.0  # seconds one push may spend on waits that an account's platform asked for
BACK_OFF = wait_random_exponential(multiplier=0.5, max=60.0)  # full jitter


def pause(tries: RetryCallState, asked: float | None = None) -> float:
    """Seconds until the next try: as long as was asked, or a random part of what grows."""
    return min(LONGEST_WAIT, asked) if asked else BACK_OFF(tries)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds or a date; None if it says nothing of use."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    seconds = (until - now).total_seconds()
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None


class Pacer:
    """Says when the next request may leave; `clock` gives seconds, from whatever moment on.

    No window of a rate ever holds more requests than the rate allows; a bucket that is full at
    first and filled again would let twice as many pass.
    """

    def __init__(
        self,
        rates: Iterable[RateLimit],
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        """Begin with nothing sent."""
        self._windows = [(rate.seconds, deque[float](maxlen=rate.requests)) for rate in rates]
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._slept_until = self._held_until = self._resets_at = float("-inf")
        self._left: int | None = None
        self.held = 0.0

    def delay(self) -> float:
        """Seconds until the next request may leave, 0 for now."""
        with self._lock:
            return self._delay()

    def wait(self) -> None:
        """Sleep until the next request may leave."""
        seconds = self.delay()
        if seconds > 0:
            self.rest(seconds)

    def rest(self, seconds: float) -> None:
        """Sleep for so long."""
        with self._lock:
            self._slept_until = self._now() + seconds
        self._sleep(seconds)

    def sent(self) -> None:
        """Count a request."""
        with self._lock:
            for _, times in self._windows:
                times.append(self._now())
            if self._left is not None:
                self._left -= 1

    def hold(self, seconds: float) -> None:
        """Let nothing leave for so long; counted against the budget in `held`."""
        with self._lock:
            until = self._now() + seconds
            self.held += max(0.0, until - max(self._held_until, self._now()))
            self._held_until = max(self._held_until, until)

    def fed(self, pace: Pace, in_flight: int) -> None:
        """Take what an answer's headers say; those in flight may not be counted there yet."""
        if pace.wait > 0:
            self.hold(min(pace.wait, LONGEST_WAIT))
        with self._lock:
            if pace.remaining is not None and pace.reset_after is not None:
                self._left = pace.remaining - in_flight
                self._resets_at = self._now() + min(pace.reset_after, LONGEST_WAIT)

    def _now(self) -> float:
        return max(self._clock(), self._slept_until)

    def _delay(self) -> float:
        now = self._now()
        free_at = [self._held_until]
        free_at += [
            times[0] + seconds for seconds, times in self._windows if len(times) == times.maxlen
        ]
        if self._left is not None and self._left <= 0:
            free_at.append(self._resets_at)
        return max(0.0, max(free_at) - now)
