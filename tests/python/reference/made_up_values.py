"""Values of every kind of identifier as people write them, made up from seeded chance."""

# ruff: noqa: RUF001 - characters that look alike are what this is about

import random
import uuid
from collections.abc import Callable
from itertools import chain

from reference import made_up

Given = tuple[str | None, str | None]
COUNTRIES = ("US", "ES", "BR", "GB", None, None)
LATIN = "".join(map(chr, chain(range(0xC0, 0xD7), range(0xD8, 0xF7), range(0xF8, 0x17F))))
OTHER = "αβγδεΩΣάЖжйЫñçßøæœł정김李ابπ" + "".join(map(chr, range(0x5D0, 0x5EA)))
MARKS = "".join(map(chr, chain(range(0x21, 0x30), range(0x3A, 0x41), range(0x5B, 0x61)))) + (
    "{|}~¡¢£§©«¬®°±²³´¶·¸¹»¼½¾¿×÷ʼ‐‑–—‘’‚“”†•…‰′‹›€₿、。〃「」・\uff01\uff0d\uff1a\uff3f"
)
MARKED = "e\u0301", "n\u0303", "I\u0307", "o\u0308", "a\u030a", "c\u0327"
BLANKS = (*made_up.BLANKS, "\u00a0\u00a0", "\x01", "\x7f", "\u0085", "\u1680", "\u2028")
NAMES = ("María José", "O'Neill", "L’Hospital", "Núñez-García", "Mª", "Ana  Belén", "D'Ávila", "정")
CITIES = ("São Paulo", "Lisboa", "A Coruña", "Bogotá D.C.", "Łódź", "Saint-Denis", "Москва", "X 15")
STATES = ("CA", "California", "New York", "n.y.", "tx", "Puerto Rico", "Sevilla", "São Paulo", "DC")
ZIPS = ("90210-1234", "90210", "01310-100", "1200-195", "SW1A 1AA", "D02 X285", "28013", "1234567")
COUNTRY_NAMES = (
    "Estados Unidos",
    "Chile",
    "brasil",
    "Reino Unido",
    "ES",
    "pt",
    "Kenya",
    "uk1",
    "zz",
)
GENDERS = (
    "F",
    "m",
    "Female",
    "MUJER",
    "mulher",
    "Homem",
    "varón",
    "hombre",
    "x",
    "w",
    "femme",
    "H",
)
BIRTHS = ("1990-03-07", "2001-1-9", "1899-12-31", "1990-13-01", "3", "07", "31", "32", "1990", "0")
HEXADECIMAL = "0123456789abcdefABCDEF"
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def values(chance: random.Random, kind: str, count: int) -> list[Given]:
    """Return `count` pairs of a value of that kind, or nearly so, and the country beside it."""
    if kind == "phone":
        return list(made_up.phones(chance, count))
    if kind in ("email", "email_sha512"):
        texts = made_up.emails(chance, count)
        longer = 128 if kind == "email_sha512" else 65
        return [(_sometimes_hash(chance, text, longer), None) for text in texts]
    return [
        (_sometimes_hash(chance, _value(chance, kind), 65), chance.choice(COUNTRIES))
        for _ in range(count)
    ]


def _sometimes_hash(chance: random.Random, text: str | None, longer: int) -> str | None:
    if chance.random() > 0.03:
        return text
    figures = chance.choice([63, 64, 64, 64, longer, longer])
    digits = "".join(chance.choice(HEXADECIMAL) for _ in range(figures))
    return chance.choice([digits, digits, f" {digits}\n", digits[:-1] + "g", NOTHING])


def _value(chance: random.Random, kind: str) -> str | None:
    if chance.random() < 0.04:
        return chance.choice([None, "", *BLANKS, "-", "n/a", "0"])
    padding = chance.choice(BLANKS), chance.choice(BLANKS)
    return _text(chance, kind).join(padding)


def _text(chance: random.Random, kind: str) -> str:
    return MAKERS.get(kind, _other)(chance)


def _other(chance: random.Random) -> str:
    return _word(chance, ("C00012", 'id,with "marks"', "Ñandú 7", "x" * 300))


def _zip(chance: random.Random) -> str:
    figures = "".join(chance.choice("0123456789") for _ in range(chance.randint(1, 9)))
    return _dressed(chance, chance.choice([*ZIPS, figures]))


def _birth(chance: random.Random) -> str:
    date = f"{chance.randint(1880, 2110)}-{chance.randint(0, 13):02}-{chance.randint(0, 32)}"
    time = chance.choice(["", "", " 00:00:00", "T12:30:00Z", "x"])
    return chance.choice([*BIRTHS, date + time, str(chance.randint(0, 2200))])


def _handle(chance: random.Random) -> str:
    name = "".join(chance.choice("abcXYZ_019") for _ in range(chance.randint(1, 22)))
    return chance.choice(["", "@", "@", "\uff20", "@@"]) + chance.choice([name, name, "a b"])


def _user_id(chance: random.Random) -> str:
    return str(chance.randint(0, 10 ** chance.randint(1, 22))) + chance.choice(["", "", ".0"])


def _ad_id(chance: random.Random) -> str:
    ad_id = _cased(chance, str(uuid.UUID(int=chance.getrandbits(128))))
    zeros = "00000000-0000-0000-0000-000000000000"
    return chance.choice([ad_id] * 8 + [zeros, ad_id.replace("-", ""), ad_id[:-1], "{a}"])


def _word(chance: random.Random, known: tuple[str, ...]) -> str:
    if chance.random() < 0.3:
        return _dressed(chance, chance.choice(known))
    letters = "abcdefghijklmnopqrstuvwxyzABCXYZ" + chance.choice(
        ["", "", LATIN, OTHER, MARKS, "0123"]
    )
    word = "".join(chance.choice(letters) for _ in range(chance.randint(1, 10)))
    return word + chance.choice(["", "", chance.choice(MARKED), f" {word}", "-", "3"])


def _dressed(chance: random.Random, text: str) -> str:
    """The same with another case, or a mark or a blank too many."""
    place = chance.randint(0, len(text))
    extra = chance.choice(["", "", "", " ", ".", "\u00ad", "\u2019", "\u00a0"])
    return _cased(chance, text[:place] + extra + text[place:])


def _cased(chance: random.Random, text: str) -> str:
    return chance.choice([text, text, text.lower(), text.upper()])


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "first_name": lambda chance: _word(chance, NAMES),
    "last_name": lambda chance: _word(chance, NAMES),
    "city": lambda chance: _word(chance, CITIES),
    "state": lambda chance: _dressed(chance, chance.choice(STATES)),
    "zip": _zip,
    "country": lambda chance: _cased(chance, chance.choice(COUNTRY_NAMES)),
    "gender": lambda chance: _cased(chance, chance.choice(GENDERS)),
    "birth_year": _birth,
    "birth_month": _birth,
    "birth_day": _birth,
    "x_handle": _handle,
    "x_user_id": _user_id,
    "idfa": _ad_id,
    "aaid": _ad_id,
}
