"""What the page says, as plain rows; nothing here names or identifies a person."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What became of what was sent of one audience to one platform, summed over `batches`.

    `operation` is `add` or `remove`; counts are of identifiers, not people. `sent` is `accepted` +
    `invalid` + `retried` + `left_out` + `pending`, the last being what the platform still works on.
    `is_counted`: the platform gives numbers of its own, and does not only say yes.
    """

    audience_name: str
    platform: str
    operation: str
    batches: int
    sent: int
    accepted: int
    invalid: int
    retried: int
    left_out: int
    pending: int
    is_counted: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """How much of an audience a platform could match; each count of people is within the last."""

    audience_name: str
    platform: str
    people: int
    identified: int
    valid: int
    consented: int
    unique_identifiers: int


@dataclass(frozen=True, slots=True)
class Headline:
    """The figures on top: people, sessions and, per platform, the people it can be given."""

    people: int
    sessions: int
    segments: int
    people_in_segments: int
    reachable: dict[str, int]


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as the page names it: `key` is `name` or `name:key`, as in the overlap table."""

    key: str
    label: str
    member_count: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """People in both of two segments; `person_count` is None when the cell is suppressed."""

    first: str
    second: str
    person_count: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """People who entered and who left one segment since the generation before."""

    segment: str
    label: str
    entries: int
    exits: int


@dataclass(frozen=True, slots=True)
class DailySessions:
    """Sessions per whole day (UTC) and channel: `counts[channel]` has one figure per day."""

    days: tuple[date, ...]
    counts: dict[str, tuple[int, ...]]

    @property
    def total(self) -> int:
        """Sessions of all days and channels."""
        return sum(sum(counts) for counts in self.counts.values())


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step of `fct_audience_funnel`: people left at the ends, people taken out between."""

    number: int
    step: str
    reason: str | None
    person_count: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """The way from segment to reachable people for one audience on one platform."""

    audience_name: str
    platform: str
    steps: tuple[FunnelStep, ...]

    @property
    def entered(self) -> int:
        """People of the segments the audience includes."""
        return sum(step.person_count for step in self.steps if step.step == "segment")

    @property
    def reachable(self) -> int:
        """People left at the end."""
        return sum(step.person_count for step in self.steps if step.step == "reachable")

    @property
    def removals(self) -> tuple[FunnelStep, ...]:
        """The steps between, in order: who was taken out and why."""
        return tuple(step for step in self.steps if step.step not in {"segment", "reachable"})


@dataclass(frozen=True, slots=True)
class RowCount:
    """Rows of one raw table with one outcome: accepted, duplicate or rejected, and why."""

    table_name: str
    outcome: str
    reason: str | None
    row_count: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the page shows of one generation."""

    headline: Headline
    before: Headline | None
    segments: tuple[Segment, ...]
    overlaps: tuple[Overlap, ...]
    changes: tuple[Change, ...] | None
    sessions: DailySessions
    funnels: tuple[Funnel, ...]
    readiness: tuple[Readiness, ...]
    row_counts: tuple[RowCount, ...]
