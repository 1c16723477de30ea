"""What each platform should make of a value, read off the contracts and written without the SQL."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from functools import cache

from reference.identifiers import e164, email_for, normalised_email, phone_for

EMAIL = {"email": "email"}
NAMES = dict.fromkeys(("first_name", "last_name"), "name")
AD_IDS = dict.fromkeys(("idfa", "aaid"), "lower id")
# platform: kind: how. What is in capitals travels in clear.
RULES: dict[str, dict[str, str]] = {
    "google": EMAIL
    | NAMES
    | {"phone": "plus", "zip": "KEPT", "country": "UPPER COUNTRY"}
    | {"idfa": "KEPT ID", "aaid": "KEPT ID", "external_id": "UNCHANGED"},
    "linkedin": EMAIL
    | {"email_sha512": "email", "first_name": "KEPT", "last_name": "KEPT"}
    | {"country": "UPPER COUNTRY", "aaid": "KEPT ID"},
    "meta": EMAIL
    | {"phone": "digits", "first_name": "letters", "last_name": "letters"}
    | {"city": "place", "state": "state", "zip": "zip", "country": "lower country"}
    | {"gender": "gender", "birth_year": "year", "birth_month": "month", "birth_day": "day"}
    | {"idfa": "LOWER ID", "aaid": "LOWER ID", "external_id": "UNCHANGED"},
    "microsoft": EMAIL | {"external_id": "UNCHANGED"},
    "pinterest": EMAIL | AD_IDS,
    "reddit": EMAIL | {"idfa": "upper id", "aaid": "lower id"},
    "snapchat": EMAIL | {"phone": "digits"} | AD_IDS,
    "tiktok": EMAIL | {"phone": "plus"} | AD_IDS,
    "x": EMAIL
    | AD_IDS
    | {"phone": "plus", "external_id": "UNCHANGED", "x_user_id": "number", "x_handle": "handle"},
}
INVISIBLE = {0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF} | {
    *range(0x2066, 0x206A)
}
GENDERS = dict.fromkeys(["f", "female", "mujer", "mulher", "woman"], "f")
GENDERS |= dict.fromkeys(["femenino", "femenina", "feminino", "feminina"], "f")
GENDERS |= dict.fromkeys(["m", "male", "hombre", "homem", "varon", "varón", "man"], "m")
GENDERS |= dict.fromkeys(["masculino", "masculina"], "m")
TWO_LETTERS = {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
OTHER_LETTERS = dict(zip("øłđðħ\u0131ŧªº", "olddhitao", strict=True))
STATES = {"california": "ca", "newyork": "ny", "texas": "tx", "puertorico": "pr"}
STATES |= {code: code for code in ("ca", "ny", "tx", "pr", "wa", "dc")}


def formed(
    platform: str, kind: str, value: str | None, country: str | None
) -> tuple[str | None, str | None]:
    """Return the normalised value and its hash; both None where the platform gets nothing."""
    how = RULES[platform][kind]
    figures = 128 if kind == "email_sha512" else 64
    given = (trimmed(value) or "").lower()
    if how.islower() and len(given) == figures and set(given) <= set("0123456789abcdef"):
        digest = None if given == _hash(kind, "") else given
        return digest, digest
    text = _form(platform, how.lower(), value, country)
    return text, _hash(kind, text) if text is not None and how.islower() else None


def _hash(kind: str, text: str) -> str:
    algorithm = hashlib.sha512 if kind == "email_sha512" else hashlib.sha256
    return algorithm(text.encode()).hexdigest()


def _form(platform: str, how: str, value: str | None, country: str | None) -> str | None:
    text = trimmed(value)
    if text is None:
        return None
    if how == "email":
        spaceless = "".join(c for c in text if not _is_blank(c))
        return email_for(platform, normalised_email(spaceless if platform == "linkedin" else text))
    if how in ("plus", "digits"):
        return phone_for(platform, _number(value, country))
    if how == "unchanged":
        return value
    return FORMS[how](text, country)


def _letters(text: str) -> str | None:
    letters = _wordy(_lower(text))
    return letters if letters.strip("0123456789") else None


def _handle(text: str) -> str | None:
    name = _lower(text[1:] if text[0] in "@\uff20" else text)
    return name if re.fullmatch("[a-z0-9_]{1,20}", name) else None


def _ad_id(text: str) -> str | None:
    found = re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text, re.IGNORECASE)
    return text if found and set(text) != {"0", "-"} else None


@cache
def _number(value: str | None, country: str | None) -> str | None:
    return e164(value, country)


@cache
def country_names() -> dict[str, str]:
    """Return the code of each country by its code and its names, all in lower case."""
    from babel import Locale
    from phonenumbers import SUPPORTED_REGIONS

    names = {code.lower(): code for code in SUPPORTED_REGIONS - {"AC", "TA"}}
    for language in ("es", "pt", "en"):
        territories = Locale(language).territories
        names |= {territories[code].lower(): code for code in names.values()}
    return names


def _country(text: str) -> str | None:
    return country_names().get(_lower(text))


def _is_blank(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Zs", "Zl", "Zp"}


def trimmed(value: str | None) -> str | None:
    """Return a text composed, without what nobody sees and the blanks around it; None if empty."""
    seen = "".join(c for c in value or "" if ord(c) not in INVISIBLE)
    text = unicodedata.normalize("NFC", seen)
    while text and _is_blank(text[0]):
        text = text[1:]
    while text and _is_blank(text[-1]):
        text = text[:-1]
    return text or None


def _lower(text: str) -> str:
    return "".join(c.lower()[0] for c in text)


def _wordy(text: str) -> str:
    """Letters of any alphabet with their marks, and figures."""
    apostrophe = "\u02bc"
    return "".join(
        c
        for c in text
        if c != apostrophe
        and (unicodedata.category(c)[0] in "LM" or unicodedata.category(c) == "Nd")
    )


def _place(text: str) -> str | None:
    letters = []
    for character in _wordy(_lower(text)):
        base = unicodedata.normalize("NFD", character)[0]
        base = TWO_LETTERS.get(character) or OTHER_LETTERS.get(character) or base
        if "0" <= base <= "9" or unicodedata.combining(character):
            continue
        if not re.fullmatch("[a-z]{1,2}", base):
            return None
        letters.append(base)
    return "".join(letters) or None


def _state(text: str, country: str | None) -> str | None:
    place = _place(text)
    if place is None or country == "US":
        return STATES.get(place or "")
    return place if country or len(place) <= 2 else None


def _zip(text: str, country: str | None) -> str | None:
    code = _wordy(_lower(text))
    if not re.fullmatch("[a-z]*[0-9][a-z0-9]*", code):
        return None
    if country == "US":
        return code[:5] if re.fullmatch("[0-9]{5}([0-9]{4})?", code) else None
    return code if country or len(code) <= 5 or not code.isdecimal() else None


def _birth(how: str, text: str) -> str | None:
    dated = re.fullmatch("([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})([ T].*)?", text)
    year, month, day = dated.groups()[:3] if dated else (text, text, text)
    limits = {"year": (1900, 2099), "month": (1, 12), "day": (1, 31)}
    parts = {"year": year, "month": month, "day": day}
    checked = parts.items() if dated else [(how, parts[how])]
    for part, figures in checked:
        low, high = limits[part]
        longest = 4 if part == "year" else 2
        if not re.fullmatch(f"[0-9]{{1,{longest}}}", figures) or not low <= int(figures) <= high:
            return None
    return parts[how].zfill(4 if how == "year" else 2)


FORMS: dict[str, Callable[[str, str | None], str | None]] = {
    "kept": lambda text, _: text,
    "name": lambda text, _: _lower(text),
    "letters": lambda text, _: _letters(text),
    "place": lambda text, _: _place(text),
    "state": _state,
    "zip": _zip,
    "upper country": lambda text, _: _country(text),
    "lower country": lambda text, _: (_country(text) or "").lower() or None,
    "gender": lambda text, _: GENDERS.get(_lower(text)),
    "year": lambda text, _: _birth("year", text),
    "month": lambda text, _: _birth("month", text),
    "day": lambda text, _: _birth("day", text),
    "number": lambda text, _: text if re.fullmatch("[1-9][0-9]{0,19}", text) else None,
    "handle": lambda text, _: _handle(text),
    "kept id": lambda text, _: _ad_id(text),
    "lower id": lambda text, _: (_ad_id(text) or "").lower() or None,
    "upper id": lambda text, _: (_ad_id(text) or "").upper() or None,
}
