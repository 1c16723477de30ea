"""Ways in which people spell what they refuse by: seeded, and made without any pattern."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass

Draw = random.Random
Spell = Callable[[str, Draw], str]
HIDDEN = ("\u200b", "\u00ad", "\ufeff", "\u2060", "\u200d")
BLANKS = ("", " ", "\u00a0", "  ", "\u3000")


@dataclass(frozen=True, slots=True)
class Held:
    """What one made-up person has, in its plain form."""

    customer_id: str
    email: str
    phone: str
    ad_id: str
    x_handle: str
    x_user_id: str


def person(number: int) -> Held:
    """Return the person of that number: no two share eight digits of a phone, nor anything else."""
    return Held(
        customer_id=f"K{number:05d}" if number % 3 else str(40_000 + number),
        email=f"ana.lopez{number}@mail{number % 7}.example.com",
        phone=f"+346{10_000_000 + 7919 * number}",
        ad_id=str(uuid.UUID(int=0xA0B1C2D3 << 96 | number << 40 | 0xABCDEF)),
        x_handle=f"ana_{number}_x",
        x_user_id=str(9_001_002_000 + number),
    )


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def scientific(digits: str) -> str:
    return f"{digits[0]}.{digits[1:]}E+{len(digits) - 1}"


def capitals(text: str, draw: Draw) -> str:
    return "".join(sign.upper() if draw.random() < 0.5 else sign for sign in text)


def hidden(text: str, draw: Draw) -> str:
    place = draw.randrange(len(text) + 1)
    return text[:place] + draw.choice(HIDDEN) + text[place:]


def enclosed(text: str, draw: Draw) -> str:
    before, after = draw.choice(
        ('""', "''", "“”", "\u2018\u2019", "«»", "()", "[]", "{}", "<>"),
    )
    return before + text + after


def blanks(text: str, draw: Draw) -> str:
    return draw.choice(BLANKS) + text + draw.choice(BLANKS)


def some(text: str, draw: Draw, *ways: Spell) -> str:
    """Return the text after up to three of the ways, in their order."""
    chosen = set(draw.sample(range(len(ways)), draw.randint(0, min(3, len(ways)))))
    for place, way in enumerate(ways):
        if place in chosen:
            text = way(text, draw)
    return text


def email(held: Held, draw: Draw) -> str:
    """Return a spelling of the person's address."""
    mailbox, _, domain = held.email.partition("@")
    if draw.random() < 0.3:
        mailbox = draw.choice((mailbox.replace(".", ""), f"a.{mailbox[1:]}", f"{mailbox}+news"))
    at = draw.choice(("@", "@", " @ ", "@ ", "(at)", " [at] ", "%40", "%2540", "\uff20", "&#64;"))
    address = mailbox.replace("+", draw.choice(("+", "%2B"))) + at + domain
    address = some(
        address,
        draw,
        hidden,
        lambda text, _: text + draw.choice((".", ";", ",")),
        lambda text, _: draw.choice(
            (
                f"mailto:{text}?subject=No%20more",
                f"Ana López <{text}>",
                f"other@elsewhere.org; {text}",
            )
        ),
    )
    return some(address, draw, capitals, blanks)


def phone(held: Held, draw: Draw) -> str:
    """Return a spelling of the person's number."""
    digits, national = held.phone[1:], held.phone[3:]
    written = draw.choice(
        (
            *(held.phone, digits, national, f"00{digits}", f"{digits}.0", scientific(digits)),
            *(f"(+34) {national}", f"+34 {national[:3]} {national[3:6]} {national[6:]}"),
            *(f"tel:{held.phone}", f"Tel. {national}", f"{held.phone} ext. 12"),
            *(f"{held.phone}; +34911111111", f"+34-{national[:5]}-{national[5:]}"),
            scientific(digits).replace(".", ","),
            national.translate({ord("0") + figure: 0x660 + figure for figure in range(10)}),
        )
    )
    return some(written, draw, hidden, lambda text, _: wide(text), blanks)


def customer_id(held: Held, draw: Draw) -> str:
    """Return a spelling of the person's id."""
    text = held.customer_id
    if text.isdigit():
        text = draw.choice((text, f"{text}.0", f"000{text}", scientific(text), f"{text},0"))
    return some(text, draw, capitals, hidden, enclosed, lambda one, _: wide(one), blanks)


def ad_id(held: Held, draw: Draw) -> str:
    """Return a spelling of the person's mobile ad id."""
    text = draw.choice((held.ad_id, held.ad_id.replace("-", "")))
    return some(text, draw, capitals, hidden, enclosed, blanks)


def x_account(held: Held, draw: Draw) -> str:
    """Return a spelling of the person's X account, by name or number."""
    if draw.random() < 0.3:
        number = held.x_user_id
        return some(draw.choice((number, f"{number}.0", f"00{number}")), draw, hidden, blanks)
    scheme = draw.choice(("https://", "http://", ""))
    host = draw.choice(("x.com", "twitter.com", "www.x.com", "m.twitter.com", "mobile.twitter.com"))
    rest = draw.choice(("", "/", "?s=20", "/status/12345", "/?lang=es"))
    name = held.x_handle
    written = draw.choice((f"@{name}", name, f"\uff20{name}", f"{scheme}{host}/{name}{rest}"))
    return some(written, draw, capitals, hidden, blanks)
