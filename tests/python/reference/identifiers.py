"""What an identifier should become, in Python and by other means than the warehouse's."""

import hashlib
import re
import unicodedata

import phonenumbers

INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\ufeff"))
NOT_IN_AN_ADDRESS = set('@,:;<>()"[]\\')
GMAIL = {"gmail.com", "googlemail.com"}
ALIASES_FALL = {"reddit", "tiktok"}
DIGITS_ONLY = {"meta", "snapchat"}
SPELLED = {"æ": "ae", "œ": "oe", "ß": "ss", "þ": "th"}
STROKED = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "\u0131": "i", "ŧ": "t"}
APOSTROPHES = set("'`\u00b4\u2018\u2019\u02bc")


def normalised_email(text: str | None) -> str | None:
    """Return the address all platforms start from, or None where the text is none."""
    if text is None:
        return None
    composed = unicodedata.normalize("NFC", text.translate(INVISIBLE))
    address = composed.strip().lower()
    local, at, domain = address.partition("@")
    if not (local and at) or len(address) > 254:
        return None
    if any(c.isspace() or c in NOT_IN_AN_ADDRESS for c in local + domain):
        return None
    labels = domain.split(".")
    return address if len(labels) > 1 and all(labels) else None


def email_for(platform: str, email: str | None) -> str | None:
    """Return a normalised address as `platform` hashes it."""
    if email is None:
        return None
    local, _, domain = email.partition("@")
    if platform not in ALIASES_FALL and not (platform == "google" and domain in GMAIL):
        return email
    mailbox = local.partition("+")[0].replace(".", "")
    return f"{mailbox}@{domain}" if mailbox else None


def e164(text: str | None, country: str | None) -> str | None:
    """Return the E.164 form of a phone as typed in `country`, or None where it is not valid."""
    try:
        number = phonenumbers.parse(text or "", country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_for(platform: str, number: str | None) -> str | None:
    """Return an E.164 number as `platform` hashes it."""
    return number[1:] if number is not None and platform in DIGITS_ONLY else number


def sha256(text: str | None) -> str | None:
    """Return the lower-case hexadecimal SHA-256 of the UTF-8 bytes; None for nothing."""
    return hashlib.sha256(text.encode()).hexdigest() if text and text.strip() else None


def folded_name(first: str | None, last: str | None) -> str | None:
    """Return a name in plain lower-case letters and digits, words apart by one space."""
    name = f"{first or ''} {last or ''}".translate(INVISIBLE)
    letters = [_plain(c) for c in unicodedata.normalize("NFC", name).lower()]
    return " ".join("".join(letters).split()) or None


def _plain(character: str) -> str:
    """Return a lower-case character without its accent: a letter, a blank or nothing."""
    if character in APOSTROPHES or unicodedata.combining(character):
        return ""
    base = unicodedata.normalize("NFKD", character)[0]
    if re.fullmatch("[a-z]", base):
        return base
    known = SPELLED.get(character) or STROKED.get(character)
    return known or (character if character.isalnum() else " ")
