"""Identifiers as people write them, well and badly, made up from a seeded source of chance."""

import random
import re._parser as pattern_parser  # the only way to walk a pattern's parts
from functools import cache
from typing import Any

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat

COUNTRIES = ("ES", "AR", "BR", "MX", "PT", "US", "GB", "CO", "CL", "FR", "DE", "IN")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCXYZ0123456789.+-_'"
ACCENTED = "áéíóúñçüãõÁÉÑÇßøæœłđþªžąęÿảÿЖжйαΩ"
BLANKS = (" ", "  ", "\t", "\n", "\u00a0", "\u200b", "\u202a", "\ufeff", "\u2009", "\u3000", "")
DOMAINS = (
    "gmail.com",
    "Gmail.COM",
    "googlemail.com",
    "example.es",
    "sub.exam-ple.co.uk",
    "españa.es",
)
BAD_DOMAINS = ("localhost", "", "a..b", "example.", ".es", "exa mple.es", "a@b.es", "<x>.es")
ZEROS = (0x660, 0x6F0, 0xFF10)  # Arabic, Persian, full width
TYPES = ("mobile", "mobile", "fixed_line", "fixed_line", "toll_free", "premium_rate", "voip", "uan")
NO_PHONES = (
    *("sin telefono", "no tiene", "n/a", "", " ", "-", "?", "+", "0", "12", "123"),
    *("000000000", "999999999", "1-800-FLOWERS", "juan@example.es", "+999 123456", "+0612345678"),
)
CARRIERS = {
    "BR": ("0 ", "0xx", "0 15 ", "0-41-", "90 21 "),
    "MX": ("044 ", "045 ", "01 ", "+52 1 ", "+521", "1 "),
    "CO": ("03 ", "05", "09 ", "0444", "0"),
    "GB": ("(0)", "0", "+44 (0)", "0044 0", "180020"),
    "US": ("1-", "1 ", "(1) ", "+1 (", "011 1 "),
}


def emails(chance: random.Random, count: int) -> list[str | None]:
    """Return `count` texts that are e-mail addresses, nearly so, or not at all."""
    return [_email(chance) for _ in range(count)]


def names(chance: random.Random, count: int) -> list[tuple[str | None, str | None]]:
    """Return `count` pairs of a first and a last name."""
    return [(_name(chance), _name(chance)) for _ in range(count)]


def phones(
    chance: random.Random, count: int, countries: tuple[str, ...] = COUNTRIES
) -> list[tuple[str, str | None]]:
    """Return `count` different pairs of a phone as typed and the country of who typed it."""
    made: set[tuple[str, str | None]] = set()
    while len(made) < count:
        country = chance.choice(countries)
        elsewhere = chance.choice([None, chance.choice(countries)])
        made.add((_phone(chance, country), country if chance.random() < 0.94 else elsewhere))
    return sorted(made, key=repr)


def _email(chance: random.Random) -> str | None:
    if chance.random() < 0.05:
        return chance.choice([None, "", " ", "\u00a0", "@", "x@y", "sin correo", "+a@gmail.com"])
    letters = LETTERS + (ACCENTED + "e\u0301n\u0303" if chance.random() < 0.2 else "")
    size = 250 if chance.random() < 0.01 else chance.randint(1, 14)
    local = "".join(chance.choice(letters) for _ in range(size))
    if chance.random() < 0.05:
        local += chance.choice([" x", "@", ",b", "\u00a0c", "(d)", '"', "\\", ";e@f.es"])
    domain = chance.choice(BAD_DOMAINS if chance.random() < 0.08 else DOMAINS)
    if size > 14:
        return f"{local}@{domain}"
    return f"{chance.choice(BLANKS)}{local}@{domain}{chance.choice(BLANKS)}"


def _name(chance: random.Random) -> str | None:
    if chance.random() < 0.05:
        return chance.choice([None, "", " ", "-", "'", "\u00a0"])
    letters = "abcdefgiklmnoprstuvzABCM" + ACCENTED + "e\u0301o\u0308"
    size = chance.randint(1, 9)
    word = "".join(chance.choice(letters) for _ in range(size))
    joints = (" ", "-", "'", "\u2019", ".", "  ", "\u00a0", " - ", "", "/")
    return word + chance.choice(joints) + word[: chance.randint(0, 4)]


def _national_number(chance: random.Random, country: str) -> tuple[int, str]:
    plan = PhoneMetadata.metadata_for_region(country)
    assert plan is not None
    chosen = getattr(plan, chance.choice(TYPES))
    if chosen is None or not chosen.national_number_pattern:
        chosen = plan.general_desc
    return plan.country_code, _sample(chance, _parsed(chosen.national_number_pattern))


@cache
def _parsed(pattern: str) -> Any:
    return pattern_parser.parse(pattern)


def _sample(chance: random.Random, parts: Any) -> str:
    """Return a text that matches the parsed pattern."""
    text = ""
    for kind, value in parts:
        match str(kind):
            case "LITERAL":
                text += chr(value)
            case "IN":
                text += chance.choice([c for item in value for c in _members(*item)])
            case "BRANCH":
                text += _sample(chance, chance.choice(value[1]))
            case "SUBPATTERN":
                text += _sample(chance, value[-1])
            case "MAX_REPEAT":
                low, high, repeated = value
                for _ in range(chance.randint(low, high)):
                    text += _sample(chance, repeated)
    return text


def _members(kind: object, value: Any) -> list[str]:
    match str(kind):
        case "LITERAL":
            return [chr(value)]
        case "RANGE":
            return [chr(code) for code in range(value[0], value[1] + 1)]
    return list("0123456789")


def _spaced(chance: random.Random, digits: str) -> str:
    if chance.random() < 0.3:
        return digits
    mark = chance.choice([" ", "-", ".", "/", "\u00a0", " - ", "  "])
    groups, rest = [], digits
    while rest:
        size = chance.choice([2, 3, 3, 4])
        groups.append(rest[:size])
        rest = rest[size:]
    if chance.random() < 0.2:
        groups[0] = f"({groups[0]})"
    return mark.join(groups)


def _phone(chance: random.Random, country: str) -> str:
    code, digits = _national_number(chance, country)
    number = phonenumbers.PhoneNumber(
        country_code=code,
        national_number=int(digits),
        italian_leading_zero=True if digits.startswith("0") else None,
    )
    trunk = PhoneMetadata.metadata_for_region(country).national_prefix or ""
    written = _spaced(chance, digits)
    dialled = _spaced(chance, trunk + digits)
    wrong = list(dialled)
    wrong[chance.randrange(len(wrong))] = chance.choice("0123456789") * chance.randint(0, 2)
    return chance.choice(
        [
            phonenumbers.format_number(number, PhoneNumberFormat.E164),
            phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL),
            phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL),
            phonenumbers.format_number(number, PhoneNumberFormat.RFC3966),
            phonenumbers.format_out_of_country_calling_number(number, chance.choice(COUNTRIES)),
            written,
            dialled,
            "00" + _spaced(chance, f"{code}{digits}"),
            _spaced(chance, f"{code}{digits}"),
            f"+{code} ({trunk}) {written}",
            f"+{code} {written}",
            f"+{code}{trunk}{written}",
            f"\uff0b{code} {written}",
            f"Tel: {dialled}",
            written + chance.choice([" ext. 12", " x34", " extensión 7", "#9", ";ext=8", ",,3"]),
            dialled.translate({48 + i: chance.choice(ZEROS) + i for i in range(10)}),
            _with_carrier(chance, country, digits),
            "".join(wrong),
            digits[-chance.choice([6, 7, 8]) :],
            "".join(chance.choice("0123456789") for _ in range(chance.randint(1, 14))),
            chance.choice([*NO_PHONES, f"{digits} casa", f"{digits} / {digits[::-1]}"]),
            f" {dialled}" + chance.choice([" ", ".", ";", " -", "\u200b", "\u202c", ")"]),
        ]
    )


def _with_carrier(chance: random.Random, country: str, digits: str) -> str:
    if country == "AR" and digits.startswith("9"):
        area = chance.choice([2, 3, 4]) + 1
        start = chance.choice(["0", "", "+54 ", "+54 0"])
        return f"{start}{digits[1:area]}{chance.choice([' ', '-', ' 15 ', '15'])}{digits[area:]}"
    carrier = chance.choice(CARRIERS.get(country, ("0", "9", "8", "00")))
    return carrier + _spaced(chance, digits)
