"""`tcf_signal(text, vendors)`: what a TC string of the IAB's TCF 2 allows, as JSON.

Source: IAB Tech Lab, "Transparency and Consent String with Global Vendor & CMP List Formats";
TCF 2.3 asks for the segment of disclosed vendors in strings written since 28 February 2026.
"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

from tamiz.functions.base import Function
from tamiz.functions.signal_bits import Bits, UnreadableSignalError

# What the first three bits of a segment after the core say that it is.
DISCLOSED, ALLOWED, PUBLISHER = 1, 2, 3
FORBIDDEN_BY_PUBLISHER = 0
PURPOSES = 24
VERSION = 2
TCF_2_3_SINCE = datetime(2026, 3, 1, tzinfo=UTC)


def signal_json(words: Iterable[str], problem: str | None = None) -> str:
    """Return what a signal says (`words`) or why it says nothing (`problem`) as JSON."""
    return json.dumps({"problem": problem, "words": sorted(words)}, separators=(",", ":"))


def tcf_signal(text: str, vendors: str) -> str:
    """Return JSON: `words` such as `tcf purpose 1` or `tcf vendor 755`, or the `problem`.

    `tcf basis 7` is consent or legitimate interest; `vendors` ("755,1126") are those looked for.
    """
    try:
        return signal_json(tcf_words(text, vendors))
    except UnreadableSignalError as problem:
        return signal_json((), str(problem))


def tcf_words(text: str, vendors: str) -> set[str]:
    """Return the words of the TC string `text`.

    Raises:
        UnreadableSignalError: The string is no valid one.
    """
    core, *others = text.strip().split(".")
    bits = Bits(core)
    if bits.number(6) != VERSION:
        message = "another version than TCF 2"
        raise UnreadableSignalError(message)
    bits.text(36)
    written_at = datetime.fromtimestamp(bits.number(36) / 10, UTC)
    # The tool that asked, its screen, language, list of vendors, policy, stacks and features.
    bits.text(12 + 12 + 6 + 12 + 12 + 6 + 1 + 1 + 12)
    purposes = bits.places(PURPOSES)
    interests = bits.places(PURPOSES)
    bits.text(1 + 12)
    wanted = frozenset(int(vendor) for vendor in vendors.split(",") if vendor.strip().isdecimal())
    consented = bits.vendors(wanted)
    bits.vendors(wanted)
    consented -= forbidden_vendors(bits, wanted)
    bits.end()
    disclosed = disclosed_vendors(others, wanted)
    if disclosed is None and written_at >= TCF_2_3_SINCE:
        message = "no disclosed vendors, which TCF 2.3 asks for"
        raise UnreadableSignalError(message)
    return {
        "tcf",
        *(f"tcf purpose {purpose}" for purpose in purposes),
        *(f"tcf basis {purpose}" for purpose in purposes | interests),
        *(
            f"tcf vendor {vendor}"
            for vendor in (consented if disclosed is None else consented & disclosed)
        ),
    }


def forbidden_vendors(bits: Bits, wanted: frozenset[int]) -> frozenset[int]:
    """Return whom of `wanted` the publisher forbids a purpose, of the restrictions that follow."""
    forbidden: set[int] = set()
    for _ in range(bits.number(12)):
        bits.text(6)
        is_forbidden = bits.number(2) == FORBIDDEN_BY_PUBLISHER
        for vendors in bits.ranges():
            forbidden.update(vendor for vendor in wanted if is_forbidden and vendor in vendors)
    return frozenset(forbidden)


def disclosed_vendors(segments: list[str], wanted: frozenset[int]) -> frozenset[int] | None:
    """Return who of `wanted` was shown to the person, or None where no segment tells it.

    Raises:
        UnreadableSignalError: A segment cannot be read, is of no known type or comes twice.
    """
    found: dict[int, frozenset[int]] = {}
    for segment in segments:
        bits = Bits(segment)
        kind = bits.number(3)
        if kind in found or kind not in (DISCLOSED, ALLOWED, PUBLISHER):
            message = "a segment that the standard has not"
            raise UnreadableSignalError(message)
        if kind == PUBLISHER:
            bits.text(2 * PURPOSES)
            bits.text(2 * bits.number(6))
            found[kind] = frozenset()
        else:
            found[kind] = bits.vendors(wanted)
        bits.end()
    return found.get(DISCLOSED)


FUNCTIONS = (Function("tcf_signal", tcf_signal, ("VARCHAR", "VARCHAR")),)
