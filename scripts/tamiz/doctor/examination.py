"""Look at everything a push would need, in the order in which it would need it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tamiz.doctor.accounts import Patient, open_line, remote_checks, settings_checks
from tamiz.doctor.checks import FIX, LATER, Check, unknown, well, wrong
from tamiz.doctor.lists import list_checks
from tamiz.errors import ConfigError, GateError, LedgerLocked, UnknownPlatform
from tamiz.ledger import Sync, open_ledger
from tamiz.platforms import PLATFORMS, Platform, platform
from tamiz.publish import Generation, latest_generation, refuse_other_times, verify
from tamiz.push.accounts import AccountBook, read_accounts

PROJECT = "project"


@dataclass(frozen=True, slots=True)
class Target:
    """A list that an audience fills on a platform, with the account its reference names."""

    audience: str
    platform: str
    reference: str
    list_name: str


def examine(  # noqa: PLR0913 - what the command line knows, each by its name
    accounts_file: Path,
    environment: Mapping[str, str],
    published: Path,
    ledger: Path,
    *,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    audiences: Sequence[str] = (),
    platforms: Sequence[str] = (),
    sandbox_url: str | None = None,
) -> Iterator[Check]:
    """Yield a check after the other; requests only read, and the ledger is opened for reading only.

    Everything published is looked at, or the named audiences and platforms; with nothing published,
    every account of platforms.yml (in a sandbox: every platform). Raises UnknownPlatform on a name
    nobody has, and ConfigError if the sandbox is not on this machine.
    """
    for name in platforms:
        platform(name)
    try:
        book = read_accounts(accounts_file, environment)
    except ConfigError as problem:
        for line in str(problem).splitlines():
            yield wrong(PROJECT, "accounts", line)
        return
    yield _said_of(book, accounts_file, sandbox_url)
    generation, check = _published(published, clock(), is_sandbox=sandbox_url is not None)
    yield check
    syncs, check = _syncs(ledger)
    yield check
    targets = _targets(generation, audiences, platforms)
    look = _Look(book, syncs, clock, sleep, sandbox_url)
    for reference, name in _accounts(book, targets, platforms, sandbox_url):
        place = (reference, name)
        of_account = [each for each in targets if (each.reference, each.platform) == place]
        yield from look.at(reference, platform(name), of_account)


def _said_of(book: AccountBook, file: Path, sandbox_url: str | None) -> Check:
    if sandbox_url is not None:
        return well(PROJECT, "accounts", "those of the sandbox")
    count = sum(len(entries) for entries in book.entries.values())
    if count:
        return well(PROJECT, "accounts", f"{file}: {count}")
    if file.exists():
        return wrong(PROJECT, "accounts", f"{file} names none: write yours, its examples show how")
    return wrong(PROJECT, "accounts", f"{file} is not there: write your accounts in it")


def _published(
    published: Path, now: datetime, *, is_sandbox: bool
) -> tuple[Generation | None, Check]:
    what = "published"
    try:
        generation = latest_generation(published)
        verify(generation)
    except GateError as problem:
        return None, wrong(PROJECT, what, str(problem))
    moment = f"{generation.generation_id}, as of {generation.as_of:%Y-%m-%d %H:%M:%S}"
    try:
        refuse_other_times(generation, now)
    except GateError as problem:
        if is_sandbox:
            return generation, unknown(PROJECT, what, f"{moment}: too old, but for a sandbox")
        return generation, wrong(PROJECT, what, str(problem))
    return generation, well(PROJECT, what, moment)


def _syncs(ledger: Path) -> tuple[Mapping[str, Sync], Check]:
    what = "ledger"
    if not ledger.exists():
        return {}, unknown(PROJECT, what, f"{ledger} is not there yet: the first push makes it")
    try:
        with open_ledger(ledger, read_only=True) as opened:
            syncs = {sync.sync_id: sync for sync in opened.syncs()}
    except (ConfigError, LedgerLocked) as problem:
        return {}, wrong(PROJECT, what, str(problem), _code(problem))
    return syncs, well(PROJECT, what, f"{ledger}: {len(syncs)} lists")


def _code(problem: ConfigError | LedgerLocked) -> int:
    return FIX if isinstance(problem, ConfigError) else LATER


def _targets(
    generation: Generation | None, audiences: Sequence[str], platforms: Sequence[str]
) -> list[Target]:
    known = {} if generation is None else {str(one["name"]): one for one in generation.audiences}
    for name in audiences:
        if generation is not None and name not in known:
            listed = ", ".join(sorted(known))
            raise UnknownPlatform(f"no audience named '{name}'; known: {listed}")
    return [
        Target(name, on, str(meta.get("account")), str(meta["list_name"]))
        for name, meta in sorted(known.items())
        for on in sorted(meta["platforms"])
        if (not audiences or name in audiences) and (not platforms or on in platforms)
    ]


def _accounts(
    book: AccountBook,
    targets: Sequence[Target],
    platforms: Sequence[str],
    sandbox_url: str | None,
) -> list[tuple[str, str]]:
    if targets:
        return sorted({(each.reference, each.platform) for each in targets})
    if sandbox_url is not None:
        return [("default", name) for name in sorted(platforms or PLATFORMS)]
    return sorted(
        (reference, name)
        for reference, entries in book.entries.items()
        for name in entries
        if not platforms or name in platforms
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """What it takes to look at an account and the lists of its audiences."""

    book: AccountBook
    syncs: Mapping[str, Sync]
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    sandbox_url: str | None

    def at(self, reference: str, on: Platform, targets: Sequence[Target]) -> Iterator[Check]:
        """Yield the checks of an account, then those of its lists."""
        account, checks = settings_checks(self.book, reference, on, self.sandbox_url)
        yield from checks
        if account is None:
            return
        line = open_line(on, account, self.clock, self.sleep)
        try:
            yield from self._asked(Patient(f"{reference} on {on.name}", line), targets)
        finally:
            line.transport.close()

    def _asked(self, patient: Patient, targets: Sequence[Target]) -> Iterator[Check]:
        on, account = patient.line.platform, patient.line.account
        known = [self.syncs.get(f"{on.name}/{each.audience}") for each in targets]
        ids = [sync.list_id for sync in known if sync is not None and sync.list_id is not None]
        names = [each.list_name for each in targets]
        checks, is_open = remote_checks(patient, [*ids, *account.lists.values()], names)
        yield from checks
        for target, sync in zip(targets, known, strict=True):
            where = f"{target.audience} on {on.name}"
            if is_open:
                yield list_checks(where, patient, target.list_name, sync)
            else:
                yield unknown(where, "list", "not looked at, for the account is not well")
