"""Which account each platform is written with: the reader's own, or the sandbox's."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from pydantic import SecretStr

from tamiz.errors import ConfigError
from tamiz.platforms import Account, Platform, platform
from tamiz.push.transport import is_loopback
from tamiz.settings import Settings


def accounts(
    settings: Settings, platforms: Iterable[str], *, sandbox_url: str | None = None
) -> dict[str, Account]:
    """Return an account for each named platform.

    With the address of a sandbox on this machine, its fixed accounts are used and the reader's own
    tokens are not read. Raises UnknownPlatform, and ConfigError naming what is not set.
    """
    wanted = [platform(name) for name in sorted(set(platforms))]
    if sandbox_url is not None:
        return {entry.name: sandbox_account(entry, sandbox_url) for entry in wanted}
    missing = [name for entry in wanted for name in entry.settings if not _value(settings, name)]
    if missing:
        raise ConfigError(
            f"{', '.join(missing)} not set: export what your ad account gave you, or try the push"
            " against `tamiz sandbox`"
        )
    return {entry.name: _account(settings, entry) for entry in wanted}


def sandbox_account(entry: Platform, sandbox_url: str) -> Account:
    """Return the platform's sandbox account; raises ConfigError unless the address is loopback."""
    if not is_loopback(sandbox_url):
        raise ConfigError(
            "the sandbox address given is not on this machine: use http://127.0.0.1:<port>"
        )
    path = urlsplit(entry.base_url).path
    return replace(entry.sandbox, base_url=f"{sandbox_url.rstrip('/')}/{entry.name}{path}")


def _account(settings: Settings, entry: Platform) -> Account:
    token, account_id = (_value(settings, name) for name in entry.settings)
    login = _value(settings, entry.login_setting) if entry.login_setting else ""
    clean = entry.clean_account_id
    return Account(entry.name, clean(account_id), SecretStr(token), clean(login) or None)


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name.removeprefix("TAMIZ_").lower())
    return value.get_secret_value() if isinstance(value, SecretStr) else value or ""
