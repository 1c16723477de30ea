"""`gpp_signal(text, vendors)`: what a string of the IAB's Global Privacy Platform says, as JSON.

Source: IAB Tech Lab, "Global Privacy Platform: Consent String Specification". No Python library
reads it. A section that is not known here may refuse: then the whole string is not read.
"""

import re

from tamiz.functions.base import Function
from tamiz.functions.gpp_sections import CHILD, READ, SECTIONS, Section
from tamiz.functions.signal_bits import Bits, UnreadableSignalError
from tamiz.functions.tcf_signal import PURPOSES, signal_json, tcf_words

HEADER_TYPE, HEADER_VERSION = 3, 1
TCF_EUROPE, TCF_CANADA, US_PRIVACY = 2, 5, 6
HIGHEST_SECTION = 1000
OPTED_OUT, NOT_OPTED_OUT = 1, 2
GPC_SEGMENT = 1
US_PRIVACY_TEXT = re.compile(r"1[yYnN-]([yYnN-])[yYnN-]")


def gpp_signal(text: str, vendors: str) -> str:
    """Return JSON: `words` such as `us sale`, `us gpc` or `tcf purpose 1`, or the `problem`.

    A bare string of the older US Privacy ("1YNN") is read, too; `vendors`: see `tcf_signal`.
    """
    try:
        return signal_json(gpp_words(text.strip(), vendors))
    except UnreadableSignalError as problem:
        return signal_json((), str(problem))


def gpp_words(text: str, vendors: str) -> set[str]:
    """Return the words of all sections of the GPP string `text`.

    Raises:
        UnreadableSignalError: The string, or a section of it, is no valid one.
    """
    if US_PRIVACY_TEXT.fullmatch(text):
        return us_privacy_words(text)
    header, *sections = text.split("~")
    numbers = section_numbers(Bits(header))
    if len(numbers) != len(sections) or not sections:
        message = "other sections than its header says"
        raise UnreadableSignalError(message)
    words: set[str] = set()
    for number, section in zip(numbers, sections, strict=True):
        words |= section_words(number, section, vendors)
    return words


def section_numbers(bits: Bits) -> list[int]:
    """Return the numbers of the sections, as the header tells them.

    Raises:
        UnreadableSignalError: It is no header of a GPP string.
    """
    if bits.number(6) != HEADER_TYPE or bits.number(6) != HEADER_VERSION:
        message = "no header of a GPP string"
        raise UnreadableSignalError(message)
    numbers: list[int] = []
    last = 0
    for _ in range(bits.number(12)):
        is_range = bits.flag()
        first = last + bits.fibonacci()
        last = first + bits.fibonacci() if is_range else first
        if last > HIGHEST_SECTION:
            message = "a section that is not known"
            raise UnreadableSignalError(message)
        numbers.extend(range(first, last + 1))
    bits.end()
    return numbers


def section_words(number: int, section: str, vendors: str) -> set[str]:
    """Return the words of one section."""
    if number == TCF_EUROPE:
        return tcf_words(section, vendors)
    if number == TCF_CANADA:
        return canada_words(section)
    if number == US_PRIVACY:
        return us_privacy_words(section)
    if number not in SECTIONS:
        message = "a section that is not known"
        raise UnreadableSignalError(message)
    return state_words(SECTIONS[number], section)


def us_privacy_words(section: str) -> set[str]:
    """Return the words of a US Privacy string: its third letter tells of a sale."""
    found = US_PRIVACY_TEXT.fullmatch(section)
    if not found:
        message = "no US Privacy string"
        raise UnreadableSignalError(message)
    return {"us", "us sale"} if found[1] in "yY" else {"us"}


def canada_words(section: str) -> set[str]:
    """Return the purposes that somebody in Canada consents to, in so many words or by conduct."""
    bits = Bits(section.split(".", maxsplit=1)[0])
    if bits.number(6) != 1:
        message = "another version than TCF Canada 1"
        raise UnreadableSignalError(message)
    bits.text(36 + 36 + 12 + 12 + 6 + 12 + 12 + 6 + 1 + 12)
    purposes = bits.places(PURPOSES) | bits.places(PURPOSES)
    return {"tcfca", *(f"tcfca purpose {purpose}" for purpose in purposes)}


def state_words(layout: Section, section: str) -> set[str]:
    """Return what a section for the USA refuses, and whether the browser sends GPC."""
    core, *others = section.split(".")
    bits = Bits(core)
    version = bits.number(6)
    if version not in layout.versions:
        message = "a version of a section that is not known"
        raise UnreadableSignalError(message)
    words = {"us"}
    for name, count in layout.versions[version]:
        values = [bits.number(2) for _ in range(count)]
        if max(values, default=0) > NOT_OPTED_OUT:
            message = "a value that the standard has not"
            raise UnreadableSignalError(message)
        # Who is known to be a child is one, whatever was consented to.
        if name in READ and (OPTED_OUT in values or (name == CHILD and any(values))):
            words.add(f"us {name}")
    bits.end()
    for other in others if layout.has_gpc else ():
        segment = Bits(other)
        if segment.number(2) == GPC_SEGMENT and segment.flag():
            words.add("us gpc")
    return words


FUNCTIONS = (Function("gpp_signal", gpp_signal, ("VARCHAR", "VARCHAR")),)
