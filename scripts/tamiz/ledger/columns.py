"""Identifiers in columns of 32-byte values: a million people take no object each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

BYTES = 32
HASH = np.dtype((np.void, BYTES))  # compared byte by byte; a text type would lose trailing zeros
Hashes = npt.NDArray[np.void]
AT_A_TIME = 16_384


def hashes(values: Iterable[bytes] = ()) -> Hashes:
    """Return values of 32 bytes as a column."""
    joined = bytearray()
    for value in values:
        joined += value
    return column_of(joined)


def column_of(joined: bytes | bytearray) -> Hashes:
    """Return a column of values that are joined already."""
    return np.frombuffer(joined, dtype=HASH)


def each(column: Hashes) -> Iterator[bytes]:
    """Yield the values of a column; only some of them are Python's at a time."""
    for first in range(0, len(column), AT_A_TIME):
        joined = column[first : first + AT_A_TIME].tobytes()
        for start in range(0, len(joined), BYTES):
            yield joined[start : start + BYTES]


def places_in(column: Hashes, others: Hashes) -> npt.NDArray[np.intp]:
    """Return where each value stands among others, which are in order; -1 where it does not."""
    found = np.full(len(column), -1, dtype=np.intp)
    for first in range(0, len(column) if len(others) else 0, AT_A_TIME):
        piece = column[first : first + AT_A_TIME]
        places = np.searchsorted(others, piece)
        places[places == len(others)] = 0
        found[first : first + AT_A_TIME] = np.where(others[places] == piece, places, -1)
    return found


def among(column: Hashes, others: Hashes) -> npt.NDArray[np.bool_]:
    """Whether each value stands among others, which are in order."""
    return places_in(column, others) >= 0


@dataclass(frozen=True, slots=True)
class Members:
    """Identifiers: member hash, the platform's SHA-256, and kind as a position in `names`."""

    hashes: Hashes = field(repr=False)
    digests: Hashes = field(repr=False)
    kinds: npt.NDArray[np.uint8] = field(repr=False)
    names: tuple[str, ...]

    def __len__(self) -> int:
        """How many there are."""
        return len(self.hashes)

    def take(self, places: npt.NDArray[np.intp] | npt.NDArray[np.bool_] | slice) -> "Members":
        """Return some of them, or these themselves if all are asked for."""
        if isinstance(places, np.ndarray) and places.dtype == np.bool_ and places.all():
            return self
        return Members(self.hashes[places], self.digests[places], self.kinds[places], self.names)

    def in_order(self) -> "Members":
        """Return them in order of member hash."""
        return self.take(np.argsort(self.hashes, kind="stable"))

    def cut(self, size: int, *, by_kind: bool) -> Iterator["Members"]:
        """Yield pieces of at most `size`, each in order; `by_kind`: of one kind each."""
        ordered = self.in_order()
        parts = [ordered]
        if by_kind:
            present = range(len(self.names))
            parts = [ordered.take(ordered.kinds == kind) for kind in present]
        for part in parts:
            for start in range(0, len(part), size):
                yield part.take(slice(start, start + size))

    def by_kind(self) -> dict[str, int]:
        """How many there are of each kind."""
        counts = np.bincount(self.kinds, minlength=len(self.names)).tolist()
        return dict(zip(self.names, counts, strict=True))

    def pairs(self) -> list[tuple[str, str]]:
        """Return kind and lower-case hex of each, in order."""
        text, names = self.digests.tobytes().hex(), self.names
        return [
            (names[kind], text[start : start + 2 * BYTES])
            for kind, start in zip(self.kinds.tolist(), range(0, len(text), 2 * BYTES), strict=True)
        ]


def no_members(names: tuple[str, ...] = ()) -> Members:
    """Return nobody."""
    return Members(hashes(), hashes(), np.zeros(0, dtype=np.uint8), names)


def packed(members: Members) -> bytes:
    """Kinds and digests in order, as one text of bytes: what a batch is made of."""
    names = ",".join(members.names).encode()
    return names + b"\n" + members.kinds.tobytes() + members.digests.tobytes()


def unpacked(content: bytes) -> tuple[tuple[str, ...], npt.NDArray[np.uint8], Hashes]:
    """Return kind names, kinds and digests of what `packed` made."""
    names, _, rest = content.partition(b"\n")
    count = len(rest) // (BYTES + 1)
    kinds = np.frombuffer(rest[:count], dtype=np.uint8)
    return tuple(names.decode().split(",")), kinds, column_of(rest[count:])
