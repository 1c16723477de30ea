"""Looks for the addresses planted in the raw tables, in files and in what was said."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
from loops import PLATFORMS, email_hash, phone_hash
from reference.identifiers import sha256
from story import Told

LONG_ENOUGH = 9  # digits of a phone that are no coincidence
ANY_CANARY = re.compile(rb"canary\.[0-9]{4}", re.IGNORECASE)


@dataclass(frozen=True)
class Needles:
    """What to look for: texts as they are, digits that stand alone, and hashes."""

    texts: tuple[bytes, ...]
    digits: tuple[bytes, ...]
    hashes: tuple[bytes, ...]


def needles_of(told: Told) -> Needles:
    """The planted addresses in every form they could have been written in."""
    file = told.loop.raw / "truth" / "canaries.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(f"select kind, value from '{file}'").fetchall()
    emails = [value for kind, value in rows if kind == "email"]
    phones = [value for kind, value in rows if kind == "phone"]
    written = [value for kind, value in rows if kind.startswith("phone")]
    assert (len(emails), len(phones), len(written)) == (24, 24, 48)
    addresses = {form for email in emails for form in (email, email.replace("@", "%40"))}
    digits = {re.sub(r"\D", "", phone) for phone in written}
    hashes = {
        *(email_hash(name, email) for name in PLATFORMS for email in emails),
        *(phone_hash(name, phone) for name in PLATFORMS for phone in phones),
        *(sha256(value) or "" for _, value in rows),
    }
    return Needles(
        texts=tuple(text.lower().encode() for text in {*addresses, *written}),
        digits=tuple(number.encode() for number in digits if len(number) >= LONG_ENOUGH),
        hashes=tuple(digest.encode() for digest in hashes),
    )


def contents(file: Path) -> Iterator[bytes]:
    """The bytes of a file; of a Parquet file its values too, for they are compressed."""
    yield file.read_bytes()
    if file.suffix == ".parquet":
        with duckdb.connect() as connection:
            rows = connection.execute(
                "select cast(everything as varchar) from read_parquet(?) as everything", [str(file)]
            ).fetchall()
        yield "\n".join(text for (text,) in rows).encode()


def addresses_in(content: bytes, needles: Needles) -> int:
    """How many canaries stand in the content, whatever their case."""
    lower = content.lower()
    found = sum(text in lower for text in needles.texts) + len(ANY_CANARY.findall(lower))
    for digits in needles.digits:
        # Digits inside a hash or a longer number are a coincidence.
        pattern = rb"(?<![0-9a-f.])" + digits + rb"(?![0-9a-f])"
        found += digits in lower and re.search(pattern, lower) is not None
    return found


def hashes_in(content: bytes, needles: Needles) -> int:
    """How many hashes of canaries stand in the content, in hex or as bytes."""
    lower = content.lower()
    return sum(
        digest in lower or bytes.fromhex(digest.decode()) in content for digest in needles.hashes
    )


def files_of(told: Told) -> Iterable[Path]:
    """Every file the loop wrote but the raw tables and the warehouse."""
    loop = told.loop
    for file in sorted(loop.folder.rglob("*")):
        is_raw = file.is_relative_to(loop.raw) or file.name.startswith(loop.database.name)
        if file.is_file() and not is_raw:
            yield file


def said(told: Told) -> dict[str, bytes]:
    return {name: (outcome.out + outcome.err).encode() for name, outcome in told.outcomes.items()}
