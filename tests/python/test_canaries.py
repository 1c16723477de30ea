"""Addresses planted in the raw tables are nowhere but there and in the warehouse file."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
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


@pytest.fixture(scope="module")
def needles(told: Told) -> Needles:
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
    return {
        name: (outcome.out + outcome.err).encode() for name, outcome in told.outcomes.items()
    }


def test_no_planted_address_is_found_in_anything_that_was_written_or_said(
    told: Told, needles: Needles
) -> None:
    files = list(files_of(told))
    found = [
        str(file.relative_to(told.loop.folder))
        for file in files
        if any(addresses_in(content, needles) for content in contents(file))
    ]
    found += [name for name, text in said(told).items() if addresses_in(text, needles)]
    assert found == []
    written = {str(file.relative_to(told.loop.folder)) for file in files}
    assert {
        *("target/manifest.json", "target/run_results.json", "target/catalog.json"),
        *("logs/dbt.log", "quality/index.html", "report.html", "state/ledger.db"),
    } <= written
    assert any(name.endswith("fct_audience_members.parquet") for name in written)
    assert any(name.startswith("target/compiled") for name in written)
    assert any(name.startswith("target/run") for name in written)


def test_hashes_of_planted_addresses_are_in_the_published_tables_and_nowhere_else(
    told: Told, needles: Needles
) -> None:
    published, elsewhere = 0, []
    for file in files_of(told):
        count = sum(hashes_in(content, needles) for content in contents(file))
        if file.is_relative_to(told.loop.published):
            published += count
        elif count:
            elsewhere.append(str(file.relative_to(told.loop.folder)))
    elsewhere += [name for name, text in said(told).items() if hashes_in(text, needles)]
    assert elsewhere == []
    assert published > 0
    assert any(
        digest.decode() in told.sandbox.members(name)
        for name in PLATFORMS
        for digest in needles.hashes
    )


def test_nothing_published_or_written_beside_it_can_be_read_by_others(told: Told) -> None:
    private = [*told.loop.published.rglob("*"), *told.loop.ledger.parent.rglob("*")]
    folders = [told.loop.published, told.loop.ledger.parent]
    assert len(private) > 10
    assert [path.name for path in (*private, *folders) if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize(
    "text",
    [
        "to CANARY.0003@POSTA.EXAMPLE, who",
        "?email=canary.0003%40posta.example&",
        "canary.0003&#64;posta.example",
        'phone": "+34601242486"',
        "call 34601242486.",
        "(201) 555-0101",
    ],
)
def test_an_address_that_was_written_would_be_found(
    tmp_path: Path, needles: Needles, text: str
) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<p>{text}</p>" + "." * 1000)
    table = tmp_path / "table.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 1 as one, ['x', ?] as deep from range(1000))"
            f" to '{table}' (compression zstd)",
            [text],
        )
    for file in (page, table):
        assert any(addresses_in(content, needles) for content in contents(file))
    digest = needles.hashes[0].decode()
    assert hashes_in(f"{digest.upper()}".encode(), needles) == 1
    assert hashes_in(b"x" + bytes.fromhex(digest) + b"x", needles) == 1
    assert addresses_in(digest.encode() + b" 2026-06-30 00:00:00", needles) == 0
