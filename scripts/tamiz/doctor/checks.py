"""What a check is, how checks are shown, and which exit code they amount to."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from tamiz.errors import ConfigError, Rejected, Unavailable

FIX, REFUSED, LATER = ConfigError.exit_code, Rejected.exit_code, Unavailable.exit_code


class State(StrEnum):
    """Whether something is well, is not, or could not be known."""

    WELL = "well"
    WRONG = "wrong"
    UNKNOWN = "unknown"


MARKS = {State.WELL: "✓", State.WRONG: "✗", State.UNKNOWN: "\N{EN DASH}"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: where, what, how it is, and what it says or asks for.

    `code` is the exit code of what is wrong: 10 (mend it), 20 (refused) or 30 (try again later).
    """

    where: str
    what: str
    state: State
    said: str
    code: int = 0


def well(where: str, what: str, said: str = "") -> Check:
    """Say that it is well."""
    return Check(where, what, State.WELL, said)


def wrong(where: str, what: str, said: str, code: int = FIX) -> Check:
    """Say that it is not, and what to do."""
    return Check(where, what, State.WRONG, said, code)


def unknown(where: str, what: str, said: str) -> Check:
    """Say that it could not be checked, and why."""
    return Check(where, what, State.UNKNOWN, said)


def exit_code(checks: Iterable[Check]) -> int:
    """Return 0 if nothing is wrong, otherwise the code of the worst."""
    return max((check.code for check in checks), default=0)


def render(checks: Sequence[Check]) -> list[str]:
    """Return the checks as the lines of a table."""
    where = max((len(check.where) for check in checks), default=0)
    what = max((len(check.what) for check in checks), default=0)
    return [
        f"{MARKS[check.state]} {check.where:{where}}  {check.what:{what}}  {check.said}".rstrip()
        for check in checks
    ]


def as_json(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Return the checks as JSON: where, what, state (well, wrong or unknown), said, code."""
    return [asdict(check) for check in checks]
