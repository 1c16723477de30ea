"""What a list holds against what it should hold: who is added, who leaves, who stays."""

from dataclasses import dataclass, field

import numpy as np

from tamiz.ledger import IN_FLIGHT, PRESENT, Hashes, Holding, Members
from tamiz.ledger.columns import among, places_in
from tamiz.ledger.keys import Keys
from tamiz.push.wanted import Wanted


@dataclass(frozen=True, slots=True)
class Difference:
    """Members to add and to remove, and how many stay, are on their way, or are never sent."""

    additions: Members = field(repr=False)
    removals: Hashes = field(repr=False)
    keep_count: int
    in_flight_count: int
    suppressed_count: int
    held_count: int


def difference(want: Wanted, holding: Holding, never_sent: Hashes, keys: Keys) -> Difference:
    """Compare identifiers, not rows: one is removed only when nobody who stays still has it.

    ADD = wanted - present; REMOVE = (present or maybe) - wanted. Members of requests a platform
    still works on are left alone until it has said what became of them. `never_sent` is in order.
    """
    found = keys.member_hashes(want.digests)
    order = np.argsort(found, kind="stable")
    found = found[order]
    is_never = among(found, never_sent)
    places = places_in(found, holding.hashes)
    is_known = places >= 0
    states = np.zeros(len(found), dtype=np.uint8)
    states[is_known] = holding.states[places[is_known]]
    is_new = ~is_never & (states != PRESENT) & (states != IN_FLIGHT)
    is_leaving = holding.states != IN_FLIGHT
    held_count = int(np.count_nonzero(is_leaving))
    is_leaving[places[is_known & ~is_never]] = False
    new = order[is_new]
    return Difference(
        additions=Members(found[is_new], want.digests[new], want.kinds[new], want.names),
        removals=holding.hashes[is_leaving],
        keep_count=int(np.count_nonzero(~is_never & (states == PRESENT))),
        in_flight_count=int(np.count_nonzero(~is_never & (states == IN_FLIGHT))),
        suppressed_count=int(np.count_nonzero(is_never)),
        held_count=held_count,
    )
