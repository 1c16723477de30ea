"""The local key beside the ledger: it makes member hashes and seals what must be removable."""

import hmac
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tamiz.errors import ConfigError
from tamiz.ledger.columns import Hashes, Members, each, hashes

KEY_BYTES = 32
NONCE_BYTES = 12


def key_file(ledger: Path) -> Path:
    """Where the key of a ledger lies: `ledger.key` beside it."""
    return ledger.with_name("ledger.key")


def load_keys(ledger: Path) -> "Keys":
    """Read the key of a ledger, or make one (mode 600) for a ledger that is not there yet.

    Raises ConfigError if the ledger is there and its key is not, or is open to others.
    """
    path = key_file(ledger)
    is_there = ledger.exists()  # asked first: another push may be making both, the key first
    if not path.exists():
        if is_there:
            raise ConfigError(
                f"{path} is missing and {ledger} cannot be read without it: put the key back from"
                " its backup, or move the ledger aside and have its lists removed on the platforms"
            )
        _write_new(path, os.urandom(KEY_BYTES))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ConfigError(f"{path} can be read by others: run `chmod 600 {path}`")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ConfigError(f"{path} does not hold a key of {KEY_BYTES} bytes: put its backup back")
    return Keys(key)


def _write_new(path: Path, content: bytes) -> None:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another push was first: its key holds
            os.link(aside, path)
    finally:
        aside.unlink()


class Keys:
    """Keyed hashes and sealed values; both subkeys come from the one key file."""

    __slots__ = ("_cipher", "_mac")

    def __init__(self, key: bytes) -> None:
        """Derive the subkeys from 32 bytes."""
        self._mac = hmac.digest(key, b"tamiz member hash", "sha256")
        self._cipher = AESGCM(hmac.digest(key, b"tamiz sealed identifier", "sha256"))

    def check(self) -> str:
        """A value that shows which key a ledger belongs to and tells nothing about the key."""
        return sha256(hmac.digest(self._mac, b"tamiz ledger", "sha256")).hexdigest()

    def member_hash(self, digest: str) -> bytes:
        """HMAC-SHA256 (32 bytes) of a platform's lower-case hex SHA-256."""
        return hmac.digest(self._mac, bytes.fromhex(digest), "sha256")

    def member_hashes(self, digests: Hashes) -> Hashes:
        """As `member_hash`, of a column."""
        mac = self._mac
        return hashes(hmac.digest(mac, digest, "sha256") for digest in each(digests))

    def seals(self, members: Members) -> Iterator[bytes]:
        """Yield each member's digest sealed with AES-GCM, bound to its member hash: 60 bytes."""
        encrypt = self._cipher.encrypt
        nonces = os.urandom(NONCE_BYTES * len(members))
        pairs = zip(each(members.hashes), each(members.digests), strict=True)
        for number, (member_hash, digest) in enumerate(pairs):
            nonce = nonces[NONCE_BYTES * number : NONCE_BYTES * (number + 1)]
            yield nonce + encrypt(nonce, digest, member_hash)

    def seal(self, bound_to: bytes, content: bytes) -> bytes:
        """Seal a text of bytes with AES-GCM, bound to what it belongs to."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, bound_to)

    def unseal(self, bound_to: bytes, sealed: bytes) -> bytes:
        """Return what was sealed; raises ConfigError on a foreign seal."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):
            raise ConfigError(
                "a sealed identifier in the ledger does not fit its key: put the ledger and"
                " ledger.key back from one backup"
            ) from None
