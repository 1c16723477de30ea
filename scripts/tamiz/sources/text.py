"""The bytes of a CSV file as text: encoding, line ends, and a copy in the usual ones."""

import codecs
import gzip
import io
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

CHUNK = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "UTF-8 with mark"),
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
# How Python names them; it takes the mark away.
CODECS = {
    "UTF-8": "utf-8",
    "UTF-8 with mark": "utf-8-sig",
    "UTF-16": "utf-16",
    "UTF-16 without mark, little endian": "utf-16-le",
    "UTF-16 without mark, big endian": "utf-16-be",
    "UTF-32": "utf-32",
    "Windows-1252": "cp1252",
}
_SEVERAL_BYTES = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_UNUSED_IN_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_FEED = 10
_RETURN = 13
_NO_CSV = {
    b"PK\x03\x04": "a workbook",
    b"PAR1": "a Parquet file",
    b"\xd0\xcf\x11\xe0": "a workbook",
}


class Unreadable(Exception):  # noqa: N818 - what the file is
    """The file cannot be read as text; the message says where and what to do, and no cell of it."""


@dataclass(frozen=True, slots=True)
class Text:
    """What the bytes of a file are.

    `in_place` says that DuckDB reads them where they lie; else lines are counted in the copy.
    """

    encoding: str
    line_ends: str
    line_count: int
    in_place: bool


def text_of(path: Path) -> Text:
    """Return encoding, line ends and number of lines of the whole file; raises Unreadable."""
    with _told(), _opened(path) as file:
        first = file.read(CHUNK)
    for start, what in _NO_CSV.items():
        if first.startswith(start):
            raise Unreadable(f"is {what} by another name: save it as CSV UTF-8")
    encoding = _marked(first)
    if not encoding.startswith("UTF-8"):
        return Text(encoding, "", 0, in_place=False)
    try:
        line_ends, line_count = _surveyed(path)
    except UnicodeDecodeError:
        return Text(_one_byte(path), "", 0, in_place=False)
    return Text(encoding, line_ends, line_count, in_place=line_ends in ("\\n", "\\r\\n"))


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a UTF-8 file without their ends; raises Unreadable."""
    with _told(), _opened(path) as file:
        for line in file:
            yield line.rstrip(b"\r\n")


def write_copy(path: Path, encoding: str, copy: Path) -> None:
    """Write the file as UTF-8 with one kind of line end to `copy`, for its owner alone."""
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = copy.with_name(f"{copy.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as target, _told(), _opened(path) as file:
        for text in _texts(file, encoding):
            target.write(text.encode())
    new.replace(copy)


def _marked(first: bytes) -> str:
    for mark, encoding in _MARKS:
        if first.startswith(mark):
            return encoding
    # Every second byte of Latin letters in UTF-16 is zero, and in no other text.
    if first[1::2].count(0) * 2 > len(first[1::2]):
        return "UTF-16 without mark, little endian"
    if first[::2].count(0) * 2 > len(first[::2]):
        return "UTF-16 without mark, big endian"
    return "UTF-8"


def _surveyed(path: Path) -> tuple[str, int]:
    """Return line ends and number of lines of a UTF-8 file; raises UnicodeDecodeError."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    feeds = returns = pairs = 0
    last = b"\n"
    for chunk in _chunks(path):
        if not chunk.isascii() or decoder.getstate()[0]:
            decoder.decode(chunk)
        signs = np.frombuffer(chunk, np.uint8)
        feeds += int(np.count_nonzero(signs == _FEED))
        if b"\r" in chunk or last == b"\r":
            returns += int(np.count_nonzero(signs == _RETURN))
            pairs += (last + chunk).count(b"\r\n")
        last = chunk[-1:]
    decoder.decode(b"", final=True)
    return _line_ends(feeds, returns, pairs), feeds + (last != b"\n")


def _one_byte(path: Path) -> str:
    together = high = 0
    unused = False
    for chunk in _chunks(path):
        if not chunk.isascii():
            found = _SEVERAL_BYTES.findall(chunk)
            together += len(found)
            high += len(_HIGH_BYTE.findall(chunk)) - sum(map(len, found))
            unused = unused or _UNUSED_IN_WINDOWS.search(chunk) is not None
    if together > high:
        raise Unreadable("is UTF-8 in most lines and not in all: save the whole file as UTF-8")
    if unused:
        raise Unreadable("is neither UTF-8, UTF-16 nor Windows-1252: save it as UTF-8")
    return "Windows-1252"


def _line_ends(feeds: int, returns: int, pairs: int) -> str:
    if not returns:
        return "\\n"
    if feeds == returns == pairs:
        return "\\r\\n"
    return "\\r" if not feeds else "mixed"


def _texts(file: IO[bytes] | gzip.GzipFile, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(CODECS[encoding])()
    line_ends = io.IncrementalNewlineDecoder(None, translate=True)
    while chunk := file.read(CHUNK):
        yield line_ends.decode(decoder.decode(chunk))
    yield line_ends.decode(decoder.decode(b"", final=True), final=True)


def _chunks(path: Path) -> Iterator[bytes]:
    with _told(), _opened(path) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")
    return path.open("rb")


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Unreadable("is no complete gzip file: write it again") from error
    except UnicodeDecodeError as error:
        raise Unreadable("is cut short in the middle of a letter: write it again") from error
    except OSError as error:
        raise Unreadable(f"cannot be opened ({error.strerror}): look at its rights") from error
