"""Find the bad rows of a batch by halves, where a platform refuses or counts but names none."""

import math
from dataclasses import dataclass, field

from tamiz.ledger import Members, StoredBatch

SEARCHES = 200  # requests of one push that look for bad rows
PATIENCE = 4  # more refusals than there are levels, with nothing accepted: all of it is bad


def halves(members: Members) -> tuple[Members, Members]:
    """Return the first and the other half."""
    middle = len(members) // 2
    return members.take(slice(0, middle)), members.take(slice(middle, len(members)))


@dataclass(slots=True)
class Tree:
    """How the parts of one refused batch fare; it is given up when no part is ever accepted.

    `accepted` counts the parts of which the platform took somebody.
    """

    levels: int
    refused: int = 0
    accepted: int = 0
    given_up: str | None = None  # the code of the refusal that was the last

    @classmethod
    def of(cls, count: int) -> "Tree":
        """Return the tree of a batch of so many members."""
        return cls(math.ceil(math.log2(max(count, 1))) + 1)

    @property
    def is_hopeless(self) -> bool:
        """Whether every part so far was refused, down to single rows and beyond."""
        return not self.accepted and self.refused > self.levels + PATIENCE


@dataclass(frozen=True, slots=True)
class Suspect:
    """The last row of a refused batch: bad only if the platform took others of its tree."""

    tree: Tree
    batch: StoredBatch = field(repr=False)
    code: str
    http_status: int


def is_worth_a_search(count: int, invalid: int, searches: int) -> bool:
    """Whether the invalid members of so many can be found with what is left of the allowance."""
    levels = math.ceil(math.log2(max(count / max(invalid, 1), 1))) + 1
    return searches + 2 * invalid * levels <= SEARCHES
