"""The whole of `tamiz hash`: from what was asked to the rows that are printed."""

import csv
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from tamiz.errors import ConfigError
from tamiz.hashing.compiling import compiled_queries
from tamiz.hashing.running import Value, hashed
from tamiz.hashing.values import values_of_file
from tamiz.platforms import platform as platform_named

_A_NAME = re.compile(r"[a-z0-9_]{1,40}")
HEADER = ("row", "normalised", "hash", "reason")


@dataclass(frozen=True, slots=True)
class Asked:
    """What `tamiz hash` was asked: values of `words`, or of the CSV `file` ('-': standard input).

    `country` (ISO code or name) holds for values that state none; normalised values are printed
    only if `show`.
    """

    platform: str
    identifier: str
    words: tuple[str, ...] = field(default=(), repr=False)
    file: str | None = None
    country: str | None = None
    show: bool = False


def print_hashes(project_dir: Path, asked: Asked, out: TextIO, say: Callable[[str], None]) -> None:
    """Write one CSV row per value to `out`; `say` gets a line of progress per portion.

    A refused value is a row with its reason, not an error. Raises UnknownPlatform, and ConfigError
    where the platform takes no such identifier, the file cannot be read, or it is not clear which
    values are meant.
    """
    platform_named(asked.platform)
    if not _A_NAME.fullmatch(asked.identifier):
        raise ConfigError("--identifier takes a name in lower-case letters, such as email or phone")
    if bool(asked.words) == bool(asked.file):
        raise ConfigError("give values to hash, or --file with a CSV file of them: one of both")
    with _values(asked) as values:
        with tempfile.TemporaryDirectory(prefix="tamiz-hash-") as scratch:
            pair = (asked.platform, asked.identifier)
            (query,) = compiled_queries(project_dir, Path(scratch), [pair])
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        done = refused = 0
        for rows in hashed(query, values, project_dir):
            writer.writerows(
                (row.row, row.normalised if asked.show else None, row.hash, row.reason)
                for row in rows
            )
            done += len(rows)
            refused += sum(row.reason is not None for row in rows)
            say(f"{done:,} values, {refused:,} of them refused")
    out.flush()


@contextmanager
def _values(asked: Asked) -> Iterator[Iterator[Value]]:
    if asked.file is None:
        yield (Value(word, asked.country) for word in asked.words)
    elif asked.file == "-":
        lines = TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="")
        yield values_of_file(lines, "standard input", asked.country)
    else:
        try:
            lines = Path(asked.file).open(encoding="utf-8", newline="")  # noqa: SIM115 - below
        except OSError as error:
            raise ConfigError(
                f"{asked.file}: {error.strerror}: name a CSV file that can be read"
            ) from None
        with lines:
            yield values_of_file(lines, asked.file, asked.country)
