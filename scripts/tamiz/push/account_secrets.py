"""The secrets of an account: from the environment, or from files that only their owner reads."""

import stat
from collections.abc import Mapping
from pathlib import Path

from pydantic import SecretStr

from tamiz.errors import ConfigError
from tamiz.platforms import Platform
from tamiz.platforms.shared import RENEWAL_SECRETS

DEFAULT = "default"  # the reference that stands in no variable's name


def optional_secrets(entry: Platform) -> tuple[str, ...]:
    """Return the secrets an account may have: those that let an expired token be renewed."""
    if entry.renewal is None:
        return ()
    return tuple(name for name in RENEWAL_SECRETS if name not in entry.secrets)


def variable(reference: str, entry: Platform, secret: str) -> str:
    """Return the name of the environment variable that holds a secret."""
    middle = () if reference == DEFAULT else (reference,)
    return "_".join(("tamiz", *middle, entry.name, secret)).upper()


def read_secrets(
    environment: Mapping[str, str], reference: str, entry: Platform
) -> dict[str, SecretStr]:
    """Return the secrets of an account that are set, the optional ones among them.

    Raises ConfigError, without a word of the value, on a secret that is set twice, on a file that
    others may read, and on a text that is no secret (empty, of several lines, not ASCII).
    """
    found = {}
    for name in (*entry.secrets, *optional_secrets(entry)):
        value = _value(environment, variable(reference, entry, name))
        if value is not None:
            found[name] = SecretStr(value)
    return found


def missing_secrets(
    secrets: Mapping[str, SecretStr], reference: str, entry: Platform
) -> tuple[str, ...]:
    """Return the variables of the required secrets that are not there."""
    return tuple(variable(reference, entry, name) for name in entry.secrets if name not in secrets)


def _value(environment: Mapping[str, str], name: str) -> str | None:
    in_file = f"{name}_FILE"
    value, path = environment.get(name, ""), environment.get(in_file, "")
    if value and path:
        raise ConfigError(f"{name} and {in_file} are both set: unset one of them")
    if path:
        return _clean(_content(in_file, Path(path)), f"{path}, which {in_file} names,")
    return _clean(value, name) if value else None


def _content(name: str, path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ConfigError(
                f"{path}, which {name} names, can be read by others: run `chmod 600 {path}`"
            )
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"{path}, which {name} names, cannot be read ({error.strerror}): mend the path or the"
            " rights"
        ) from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}, which {name} names, is no text: write the secret in it") from (
            None
        )


def _clean(text: str, where: str) -> str:
    # What stands in a header may not break its line.
    value = text.strip()
    if not (value and value.isascii() and value.isprintable()):
        raise ConfigError(f"{where} is no secret in one line of plain characters: write it anew")
    return value
