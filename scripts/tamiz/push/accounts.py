"""Which account each audience is written with: the reader's own on each platform, or a sandbox."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from tamiz.errors import ConfigError
from tamiz.platforms import Account, Platform, platform
from tamiz.push.account_file import Entry, read_file
from tamiz.push.account_secrets import DEFAULT, missing_secrets, read_secrets
from tamiz.push.transport import is_loopback

if TYPE_CHECKING:
    from tamiz.push.planning import AudiencePlan


@dataclass(frozen=True, slots=True)
class AccountBook:
    """The accounts of platforms.yml by reference and platform, and where their secrets stand."""

    file: Path
    entries: Mapping[str, Mapping[str, Entry]]
    environment: Mapping[str, str] = field(repr=False)

    def entry(self, reference: str, on: Platform) -> Entry:
        """Return what platforms.yml says of an account; raises ConfigError if it says nothing."""
        if reference not in self.entries:
            known = ", ".join(sorted(self.entries)) or "none"
            raise ConfigError(
                f"{self.file}: no account reference '{reference}' (there are: {known}): add"
                f" accounts.{reference}.{on.name}, or try the push against `tamiz sandbox`"
            )
        if on.name not in self.entries[reference]:
            raise ConfigError(
                f"{self.file}: accounts.{reference} has no {on.name}: add accounts.{reference}."
                f"{on.name}.account_id, or try the push against `tamiz sandbox`"
            )
        return self.entries[reference][on.name]

    def secrets(self, reference: str, on: Platform) -> dict[str, SecretStr]:
        """Return the account's secrets; raises ConfigError naming the variables not set."""
        found = read_secrets(self.environment, reference, on)
        missing = missing_secrets(found, reference, on)
        if missing:
            raise ConfigError(
                f"{', '.join(missing)} not set: export what {on.label} gave you, or name a file"
                " that holds it in the same variable with _FILE at its end"
            )
        return found

    def account(self, reference: str, on: Platform) -> Account:
        """Return the account with its secrets; raises ConfigError on anything that is missing."""
        said = self.entry(reference, on)
        settings = {
            name: said[name]
            for name in (*on.settings, *on.optional_settings)
            if said.get(name) is not None
        }
        account_id = on.clean_account_id(said["account_id"])
        secrets = self.secrets(reference, on)
        lists = said.get("lists", {})
        return Account(on.name, account_id, secrets, settings, lists, reference=reference)

    def reference_of(self, on: Platform, account_id: str) -> str:
        """Return the reference that names an account id, or `default` if none does."""
        for reference, entries in self.entries.items():
            said = entries.get(on.name)
            if said is not None and on.clean_account_id(said["account_id"]) == account_id:
                return reference
        return DEFAULT


def read_accounts(file: Path, environment: Mapping[str, str]) -> AccountBook:
    """Read platforms.yml, which may be absent; raises ConfigError on every mistake in it."""
    return AccountBook(file, read_file(file), environment)


def accounts(
    book: AccountBook,
    plans: Iterable["AudiencePlan"],
    held_by: Mapping[str, str],
    *,
    sandbox_url: str | None = None,
) -> dict[str, Account]:
    """Return the account of every plan by its `sync_id`; abandoned lists left alone need none.

    `held_by` gives the account id that the ledger knows a sync with: an audience that left the
    project names no account any more. With the address of a sandbox on this machine its fixed
    accounts are used, and neither platforms.yml nor a secret is needed. Raises ConfigError.
    """
    known: dict[str, Account] = {}
    made: dict[tuple[str, str], Account] = {}
    for plan in plans:
        if plan.is_left_alone:
            continue
        on = platform(plan.platform)
        if sandbox_url is not None:
            known[plan.sync_id] = sandbox_account(on, sandbox_url)
            continue
        reference = plan.described.get("account")
        if reference is None:
            reference = book.reference_of(on, held_by.get(plan.sync_id, ""))
        place = (str(reference), on.name)
        if place not in made:
            made[place] = book.account(place[0], on)
        known[plan.sync_id] = made[place]
    return known


def sandbox_account(on: Platform, sandbox_url: str) -> Account:
    """Return the platform's sandbox account; raises ConfigError unless the address is loopback."""
    if not is_loopback(sandbox_url):
        raise ConfigError(
            "the sandbox address given is not on this machine: use http://127.0.0.1:<port>"
        )
    below = f"{sandbox_url.rstrip('/')}/{on.name}"
    renewal = on.renewal
    token_url = None if renewal is None else f"{below}{urlsplit(renewal.token_url).path}"
    base_url = f"{below}{urlsplit(on.base_url).path}"
    return replace(on.sandbox, base_url=base_url, token_url=token_url)
