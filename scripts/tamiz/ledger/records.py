"""What is passed to and from the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt

from tamiz.ledger.columns import Hashes, Members

PRESENT, MAYBE, IN_FLIGHT = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Sync:
    """One audience on one platform: which account and list it fills.

    `made_at` is when the list was made; `is_asked`: it was asked for, and nobody knows whether it
    was made. `targetable_id` is of the second thing some platforms want beside a list.
    """

    sync_id: str
    platform: str
    account_id: str
    audience_name: str
    list_name: str
    owner_marker: str
    list_id: str | None = None
    targetable_id: str | None = None
    is_asked: bool = False
    made_at: datetime | None = None

    @property
    def is_nothing_yet(self) -> bool:
        """Whether no list was made, surely: account and name may still change."""
        return self.list_id is None and not self.is_asked


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as the ledger holds it; `op` is add or remove, `n` what it was planned with.

    `root_id` names the batch it was cut from. A probe sends again what was taken already, to find
    the identifiers that a platform counted as invalid without naming them.
    """

    batch_id: str
    number: int
    run_id: str
    sync_id: str
    op: str
    n: int
    state: str
    attempt: int
    remote_id: str | None
    root_id: str | None = None
    is_probe: bool = False
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """Members of a list in order, each PRESENT, MAYBE there, or IN_FLIGHT: still worked on."""

    hashes: Hashes = field(repr=False)
    states: npt.NDArray[np.uint8] = field(repr=False)

    def of(self, state: int) -> Hashes:
        """Return the members in one state, in order."""
        found: Hashes = self.hashes[self.states == state]
        return found

    def count(self, state: int) -> int:
        """How many members are in one state."""
        return int(np.count_nonzero(self.states == state))

    @property
    def is_somebody(self) -> bool:
        """Whether the list may hold anybody, now or soon."""
        return len(self.hashes) > 0


@dataclass(frozen=True, slots=True)
class NewRun:
    """What a run is about; removals and additions are sent in batches of `batch_size`.

    `one_kind`: all members of a batch are of one kind.
    """

    sync_id: str
    generation_id: str
    policy_hash: str
    guard_verdict: str
    approved_by: str | None
    fence: int
    batch_size: int
    one_kind: bool
    counts: Mapping[str, int]
    removals: Hashes = field(repr=False)
    additions: Members = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the platform said of a batch: members it took, members it could not use, a code.

    `bad_rows` pairs the places of members it named with its reasons.
    """

    accepted: int = 0
    invalid: int = 0
    bad_rows: tuple[tuple[int, str], ...] = ()
    is_counted: bool = True
    code: str | None = None
    http_status: int | None = None


@dataclass(frozen=True)
class ReceiptRow:
    """What became of one batch, in identifiers: sent = accepted + invalid + retried + left out.

    `retried` will be sent again, `left_out` is suppressed or no longer wanted. `state` is ACKED,
    PENDING (the platform works on it, and has not counted yet), UNKNOWN, PLANNED (surely not
    applied) or DEAD (refused). `is_counted`: the numbers are the platform's own. Times are UTC.
    """

    audience_name: str
    platform: str
    account_id: str
    list_name: str
    operation: str
    batch_id: str
    generation_id: str
    run_id: str
    sent: int
    accepted: int | None
    invalid: int | None
    retried: int | None
    left_out: int
    is_counted: bool | None
    state: str
    http_status: int | None
    error_code: str | None
    started_at: datetime
    settled_at: datetime | None
    is_last_generation: bool
