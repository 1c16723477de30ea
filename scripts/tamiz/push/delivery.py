"""Deliver the batches of one audience to one platform: settle what is open, then send."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tamiz.ledger import Hashes, StoredBatch
from tamiz.push.jobs import Ask, Send
from tamiz.push.task import Task
from tamiz.push.window import Window

POLL_AFTER = (0.0, 0.5, 2.0)  # seconds between questions about work a platform has accepted


@dataclass(frozen=True, slots=True)
class Delivery:
    """A task and the window its requests go through."""

    task: Task
    window: Window

    def settle_removals(self) -> None:
        """Ask after accepted work, and send removals again that nobody knows the outcome of."""
        self._ask_after(self.task.accepted())
        self._settle("remove", None)

    def settle_additions(self, allowed: Hashes) -> None:
        """Send additions again that nobody knows the outcome of.

        The content is the same, less those that are no longer wanted (`allowed`, in order).
        """
        self._settle("add", allowed)

    def send(self, batches: Sequence[StoredBatch]) -> None:
        """Send batches, removals first, and ask what became of those that were only accepted.

        An addition leaves only when every removal is settled, or accepted by the platform.
        """
        for op in ("remove", "add"):
            known = {batch.batch_id for batch in self.task.accepted()}
            self._send([batch for batch in batches if batch.op == op], None, known)

    def _settle(self, op: str, allowed: Hashes | None) -> None:
        known = {batch.batch_id for batch in self.task.accepted()}
        unsettled = self.task.ledger.batches.unsettled(self.task.sync_id)
        lost = [batch for batch in unsettled if batch.op == op and batch.remote_id is None]
        self._send(lost, allowed, known)

    def _send(
        self, batches: Iterable[StoredBatch], allowed: Hashes | None, known: set[str]
    ) -> None:
        self.window.run(Send(self.task, batch, allowed) for batch in batches)
        self.task.judge()
        self._ask_after(batch for batch in self.task.accepted() if batch.batch_id not in known)

    def _ask_after(self, batches: Iterable[StoredBatch]) -> None:
        waiting = [Ask(self.task, batch) for batch in batches]
        for pause in POLL_AFTER:
            if waiting and pause:
                self.task.line.sleep(pause)
            self.window.run(waiting)
            waiting = [Ask(self.task, one.batch) for one in waiting if not one.is_settled]
