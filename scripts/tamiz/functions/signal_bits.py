"""Consent strings of the IAB as a row of bits that is read from left to right.

`iab-tcf` (0.2.2, 2022) was looked at and left: past the end of a string that was cut off it reads
ones, so that what is missing counts as consent, and it knows neither TCF 2.3 nor GPP.
"""

from collections.abc import Iterator

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
SIX_BITS = {letter: f"{place:06b}" for place, letter in enumerate(ALPHABET)}


class UnreadableSignalError(ValueError):
    """A consent string that is none: the message says why and holds nothing of the string."""


class Bits:
    """The bits of one base64url segment and how far they are read."""

    def __init__(self, segment: str) -> None:
        """Take one segment of base64url; raise `UnreadableSignalError` where it is none."""
        try:
            self._bits = "".join(SIX_BITS[letter] for letter in segment.rstrip("="))
        except KeyError:
            message = "a letter that base64url has not"
            raise UnreadableSignalError(message) from None
        self._place = 0

    def text(self, count: int) -> str:
        """Return the next `count` bits as `0` and `1`."""
        taken = self._bits[self._place : self._place + count]
        if len(taken) < count:
            message = "cut off"
            raise UnreadableSignalError(message)
        self._place += count
        return taken

    def number(self, count: int) -> int:
        """Return the next `count` bits as a whole number."""
        return int(self.text(count) or "0", 2)

    def flag(self) -> bool:
        """Return the next bit."""
        return self.text(1) == "1"

    def places(self, count: int) -> frozenset[int]:
        """Return where, from 1 on, the next `count` bits are ones."""
        return frozenset(place for place, bit in enumerate(self.text(count), start=1) if bit == "1")

    def fibonacci(self) -> int:
        """Return the next number in Fibonacci coding; it ends with two ones."""
        value, last, step, is_one = 0, 1, 1, False
        while True:
            bit = self.flag()
            if bit and is_one:
                return value
            value += step if bit else 0
            last, step, is_one = step, last + step, bit

    def ranges(self) -> Iterator[range]:
        """Return the ranges of ids that a count of 12 bits announces, each id in 16 bits."""
        for _ in range(self.number(12)):
            is_range = self.flag()
            first = self.number(16)
            last = self.number(16) if is_range else first
            if not 0 < first <= last:
                message = "a range that ends before it begins"
                raise UnreadableSignalError(message)
            yield range(first, last + 1)

    def vendors(self, wanted: frozenset[int]) -> frozenset[int]:
        """Return who of `wanted` is among the vendors: a bit each up to the highest, or ranges."""
        highest = self.number(16)
        if not self.flag():
            return wanted & self.places(highest)
        ranges = [*self.ranges()]
        return frozenset(vendor for vendor in wanted if any(vendor in found for found in ranges))

    def end(self) -> None:
        """Raise `UnreadableSignalError` where more follows than zeros that fill up."""
        if "1" in self._bits[self._place :]:
            message = "more than the standard has"
            raise UnreadableSignalError(message)
