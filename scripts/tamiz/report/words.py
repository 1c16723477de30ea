"""How the page writes numbers, dates and names."""

import textwrap
from datetime import date, datetime
from html import escape

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
PLATFORMS = {
    "linkedin": "LinkedIn",
    "openai": "OpenAI",
    "microsoft": "Microsoft Advertising",
    "tiktok": "TikTok",
    "youtube": "YouTube",
}
NONE = "\N{EN DASH}"
THOUSAND, MILLION = 10**3, 10**6
LABEL_WIDTH, LABEL_LINES = 24, 3


def count(number: int) -> str:
    """Return the number with thousands set off by commas."""
    return f"{number:,}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return the number and its noun: '1 person', '1,204 people'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def people(number: int) -> str:
    """Return '1 person' or '1,204 people'."""
    return counted(number, "person", "people")


def signed(number: int) -> str:
    """Return the number with its sign, a true minus, or '±0'."""
    return f"{number:+,}".replace("-", "\N{MINUS SIGN}") if number else "±0"


def short(number: int) -> str:
    """Return at most five characters for a narrow cell: '1,204', '12k', '1.2M'."""
    if number < 10 * THOUSAND:
        return f"{number:,}"
    if number < MILLION - THOUSAND // 2:
        return f"{number / THOUSAND:.0f}k"
    return f"{number / MILLION:.1f}M"


def share(part: int, whole: int) -> str:
    """Return part of whole as a percentage that never rounds to nothing or to everything."""
    if whole == 0:
        return NONE
    percent = 100 * part / whole
    if part and percent < 1:
        return "<1%"
    if part < whole and percent > 99:  # noqa: PLR2004 - as the line above
        return ">99%"
    return f"{percent:.0f}%"


def day(moment: date) -> str:
    """Return '30 June 2026'."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def minute(moment: datetime) -> str:
    """Return '30 June 2026, 00:00 UTC' for a moment in UTC."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def plain(name: str) -> str:
    """Return a model's name as words: 'exc_recent_buyers' gives 'Recent buyers'."""
    words = name
    for prefix in ("exc_", "seg_", "aud_"):
        words = words.removeprefix(prefix)
    return capital(words.replace("_", " "))


def capital(words: str) -> str:
    """Return the words with their first letter, and only that, in upper case."""
    return words[:1].upper() + words[1:]


def platform(name: str) -> str:
    """Return a platform's name as it writes itself."""
    return PLATFORMS.get(name, capital(name))


def quoted(label: str) -> str:
    """Return the label in quotation marks, for use in a sentence."""
    return f"“{label}”"


def listed(parts: list[str]) -> str:
    """Return 'a', 'a and b' or 'a, b and c'."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def axis_label(label: str) -> str:
    """Return the label broken into short lines and escaped, as plotly's text wants it."""
    lines = textwrap.wrap(label, LABEL_WIDTH, max_lines=LABEL_LINES, placeholder=" …")
    return "<br>".join(escape(line, quote=False) for line in lines)
