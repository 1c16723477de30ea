"""What the rules of every platform are made of: calls, replies, and answers to trouble."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tamiz.platforms import Account
from tamiz.sandbox.contract import Violation
from tamiz.sandbox.world import SandboxList, World


class Trouble(StrEnum):
    """What every platform answers in words of its own."""

    UNAUTHORISED = "a token nobody knows"
    EXPIRED = "a token that has ended"
    FORBIDDEN = "no permission"
    NOWHERE = "no operation has this address"
    NO_METHOD = "the address takes other methods"
    BUSY = "too many requests"
    FAILING = "a mistake of the platform"
    FLAGGED = "the list breaks a policy"
    TOO_SMALL = "the list would get too small"
    BAD_ROWS = "members that cannot be used"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; `headers` are the platform's own, a body of None is none."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Refused(Exception):  # noqa: N818 - the platform's word
    """A rule is broken; `reply` says so in the platform's words."""

    def __init__(self, reply: Reply) -> None:
        """Keep the answer."""
        super().__init__(f"HTTP {reply.status}")
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Call:
    """A request that has passed its schema, and what a fault makes of it.

    `size` is that of the body in bytes, `files` holds uploaded files. `bad_share` of all members
    are invalid here.
    """

    operation: str
    account: Account
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    size: int = 0
    files: Mapping[str, bytes] = field(default_factory=dict)
    bad_share: float = 0.0
    flags: bool = False
    refuses_removal: bool = False

    @property
    def account_id(self) -> str:
        """The account that the sandbox knows on this platform."""
        return self.account.account_id


@dataclass(frozen=True, slots=True)
class Meter:
    """How much of a limit is used: requests allowed, left, and seconds until there are more."""

    name: str
    limit: int
    remaining: int
    reset_after: float
    window: float

    @property
    def is_over(self) -> bool:
        """Whether this request was one too many."""
        return self.remaining < 0


@dataclass(frozen=True, slots=True)
class Rules:
    """One platform.

    `trouble` is given the HTTP status to answer with, where that is not the usual one. `limits`
    names the limits that an operation counts for (`allowance` is what the account has beyond the
    fixed figure), `headers` shows them in an answer. `admits` looks at headers beside the token.
    """

    name: str
    operations: Mapping[str, Callable[[World, Call], Reply]]
    trouble: Callable[[Trouble, int | None], Reply]
    violated: Callable[[Violation, object], Reply]
    limits: Callable[[str], Sequence[str]] = lambda _operation: ("calls",)
    headers: Callable[[World, Call, Sequence[Meter]], dict[str, str]] = lambda *_: {}
    allowance: Callable[[World, Call], int] = lambda *_: 0
    admits: Callable[[Account, Mapping[str, str]], Trouble | None] = lambda *_: None


def carry_out(rules: Rules, world: World, call: Call) -> Reply:
    """Carry out an operation and answer as the platform would."""
    meters = [
        _meter(world, f"{rules.name} {name}", *rate, rules.allowance(world, call))
        for name, rate in world.behaviour(rules.name).rates.items()
        if name in rules.limits(call.operation)
    ]
    headers = rules.headers(world, call, meters)
    if any(meter.is_over for meter in meters):
        reply = rules.trouble(Trouble.BUSY, None)
    else:
        try:
            reply = rules.operations[call.operation](world, call)
        except Refused as refused:
            reply = refused.reply
    return Reply(reply.status, reply.body, {**headers, **reply.headers})


def hold_to_faults(
    trouble: Callable[[Trouble], Reply],
    world: World,
    call: Call,
    entry: SandboxList,
    *,
    is_removal: bool,
) -> None:
    """Refuse to write a list that is flagged, or that a removal would leave too small."""
    if call.flags and not entry.state.get("is_flagged"):
        entry.state["is_flagged"] = True
        world.put(entry)
    if entry.state.get("is_flagged"):
        raise Refused(trouble(Trouble.FLAGGED))
    if is_removal and call.refuses_removal:
        raise Refused(trouble(Trouble.TOO_SMALL))


def bad_rows(world: World, call: Call, values: Iterable[str]) -> set[int]:
    """Return which of the values are invalid: always the same ones for a seed."""
    if not call.bad_share:
        return set()
    # Other digits than those that decide on a match.
    return {
        index
        for index, value in enumerate(values)
        if world.draw(value[8:16] or value) < call.bad_share
    }


def refuse_bad_rows(
    trouble: Callable[[Trouble], Reply], world: World, call: Call, values: Iterable[str]
) -> None:
    """Refuse all members for a bad one, where the platform does not say which it is."""
    if bad_rows(world, call, values):
        raise Refused(trouble(Trouble.BAD_ROWS))


def is_done(world: World, name: str, since: float) -> bool:
    """Whether work begun then is done by now."""
    return world.seconds() - since >= world.behaviour(name).delay


def is_ready(world: World, entry: SandboxList) -> bool:
    """Whether the platform has worked through the last change of a list."""
    return is_done(world, entry.platform, entry.since)


def is_large_enough(world: World, entry: SandboxList) -> bool:
    """Whether enough members of a list are matched."""
    return entry.matched >= world.behaviour(entry.platform).minimum_size


def page_of(items: Sequence[Any], start: str, size: int) -> tuple[list[Any], int | None] | None:
    """Return a page and where the next one starts; None if the start is no such place."""
    if not (start.isascii() and start.isdigit() and int(start) <= len(items)):
        return None
    end = int(start) + size
    return list(items[int(start) : end]), end if end < len(items) else None


def _meter(world: World, name: str, requests: int, seconds: float, more: int) -> Meter:
    count, first = world.count_call(name, seconds)
    reset = max(first + seconds - world.seconds(), 0.0)
    limit = requests + more
    return Meter(name.partition(" ")[2], limit, limit - count, reset, seconds)
