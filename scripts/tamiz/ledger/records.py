"""What is passed to and from the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sync:
    """One audience on one platform: which account and list it fills."""

    sync_id: str
    platform: str
    account_id: str
    audience_name: str
    list_name: str
    owner_marker: str
    list_id: str | None = None


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """A batch as the ledger holds it; `op` is add or remove."""

    batch_id: str
    sync_id: str
    op: str
    n: int
    state: str
    attempt: int
    remote_id: str | None


@dataclass(frozen=True, slots=True)
class Addition:
    """An identifier to add: its member hash, kind and lower-case hex SHA-256."""

    member_hash: bytes = field(repr=False)
    kind: str
    digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Holding:
    """Member hashes of a list: surely there, maybe there, and in requests still worked on."""

    present: set[bytes] = field(repr=False)
    maybe: set[bytes] = field(repr=False)
    in_flight: set[bytes] = field(repr=False)

    @property
    def is_somebody(self) -> bool:
        """Whether the list may hold anybody, now or soon."""
        return bool(self.present or self.maybe or self.in_flight)


@dataclass(frozen=True, slots=True)
class NewRun:
    """What a run is about; removals and additions are sent in batches of `batch_size`."""

    sync_id: str
    generation_id: str
    policy_hash: str
    guard_verdict: str
    approved_by: str | None
    fence: int
    batch_size: int
    counts: Mapping[str, int]
    removals: Sequence[bytes] = field(repr=False)
    additions: Sequence[Addition] = field(repr=False)


@dataclass(frozen=True)
class ReceiptSum:
    """What a platform answered about one audience and operation, summed over `batches`.

    Identifiers, for the last generation pushed; None means that the platform has not said yet.
    """

    audience_name: str
    platform: str
    operation: str
    sent: int
    received: int | None
    invalid: int | None
    state: str
    batches: int
