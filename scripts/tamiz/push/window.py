"""Several requests in flight: threads exchange, and one thread alone prepares and records."""

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Protocol, Self

from tamiz.errors import TamizError
from tamiz.platforms.base import Answer
from tamiz.push.line import Line
from tamiz.push.transport import Lost, NotSent, Prepared

Came = Answer | NotSent | Lost


class Job(Protocol):
    """One request, from what is written before it to what is written after it."""

    def start(self) -> Prepared | None:
        """Write down what is going to be sent and return it, or None if nothing is to be sent."""

    def done(self, came: Came, in_flight: int) -> "Sequence[Job]":
        """Write down what came of it; returns the jobs that go next, raises what stops them all."""


class Window:
    """Keeps up to so many requests of a line in flight."""

    def __init__(self, line: Line, in_flight: int) -> None:
        """Threads start with the first requests."""
        self.line = line
        self._in_flight = in_flight
        self._pool = ThreadPoolExecutor(in_flight, thread_name_prefix="tamiz-push")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the threads go; what is in flight after an interruption is settled next time."""
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def run(self, jobs: Iterable[Job]) -> None:
        """Do jobs in order and those that follow from them.

        After a problem no other job starts; those in flight are waited for and written down, then
        it is raised.
        """
        waiting = deque(jobs)  # and nobody else keeps them: what was sent is forgotten when done
        flying: dict[Future[Came], Job] = {}
        problem: TamizError | None = None
        while flying or (waiting and problem is None):
            if waiting and problem is None and self._may_start(len(flying)):
                job = waiting.popleft()
                try:
                    prepared = job.start()
                except TamizError as error:
                    problem = error
                    continue
                if prepared is not None:
                    self.line.pacer.sent()
                    flying[self._pool.submit(self._exchange, prepared)] = job
                continue
            landed, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in [each for each in flying if each in landed]:
                job = flying.pop(future)
                try:
                    waiting.extendleft(reversed(job.done(future.result(), len(flying))))
                except TamizError as error:
                    problem = problem or error
        if problem is not None:
            raise problem

    def _may_start(self, flying: int) -> bool:
        """Whether a request may leave now; sleeps only if no answer can come meanwhile."""
        if flying >= self._in_flight:
            return False
        if flying and self.line.pacer.delay() > 0:
            return False
        if not flying:
            self.line.pacer.wait()
        return True

    def _exchange(self, prepared: Prepared) -> Came:
        try:
            return self.line.transport.exchange(prepared)
        except (NotSent, Lost) as problem:
            return problem
