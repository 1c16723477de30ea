"""The whole loop in one go, and the pieces of it that several commands share."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tamiz.build import dbt_build
from tamiz.demo_data import make_demo_world
from tamiz.errors import ConfigError
from tamiz.ledger import open_ledger
from tamiz.publish import generations, latest_generation, refuse_other_times, verify
from tamiz.push import PushResult, plan, render
from tamiz.push import push as send
from tamiz.push.accounts import accounts, read_accounts
from tamiz.quality import validate
from tamiz.receipts import project, summed
from tamiz.report import ReceiptLine, write_report
from tamiz.sandbox import running_sandbox
from tamiz.settings import Settings
from tamiz.warehouse import open_warehouse

Say = Callable[[str], None]
PROJECT = Path()
# The as_of of dbt_project.yml: the last moment of the demo world.
DEMO_AS_OF = datetime(2026, 6, 30)  # noqa: DTZ001 - UTC without a zone, as in the tables


def run(  # noqa: PLR0913 - what the command line knows, each by its name
    settings: Settings,
    manifest_path: Path,
    *,
    people: int,
    days: int,
    seed: int,
    clock: Callable[[], datetime],
    say: Say,
    show: Say,
) -> None:
    """Make the demo world and carry it through to a pushed audience and a report.

    `manifest_path` is where dbt leaves its manifest. Raises what the steps raise; every step that
    was done stays done.
    """
    say("demo world")
    rows = make_demo_world(
        people=people, days=days, seed=seed, out=settings.raw, as_of=DEMO_AS_OF, say=say
    )
    say("dbt build")
    counts = dbt_build(PROJECT, [], say=say)
    say("tamiz validate")
    with open_warehouse(PROJECT) as warehouse:
        validate(
            warehouse,
            manifest_path,
            settings.published,
            settings.quality_docs,
            ledger_file=settings.ledger,
            now=clock(),
            say=say,
        )
    say("sandbox of the ad platforms on loopback")
    with running_sandbox(settings.ledger.parent / "sandbox.jsonl") as address:
        push_published(
            settings, environment={}, sandbox_url=address, clock=clock, say=say, show=show
        )
    page = write_published_report(settings)
    show("")
    show(f"raw rows         {sum(rows.values()):>10,}")
    show(f"models and tests {sum(counts.values()):>10,}")
    show(f"data docs        {settings.quality_docs / 'index.html'}")
    show(f"report           {page}  ← open this one")


def push_published(  # noqa: PLR0913 - as above
    settings: Settings,
    *,
    environment: Mapping[str, str],
    clock: Callable[[], datetime],
    say: Say,
    show: Say,
    audiences: Sequence[str] = (),
    platforms: Sequence[str] = (),
    approve: str | None = None,
    sandbox_url: str | None = None,
) -> PushResult:
    """Plan from the newest published generation, send, and show plan and receipts.

    The secrets of accounts are read from `environment`, or from the files it names.

    Raises the first failure after all platforms had their turn; receipts are shown before. Raises
    GateError before anything is sent when the generation is too old, unless it is for a sandbox.
    """
    generation = latest_generation(settings.published)
    verify(generation)
    with open_ledger(settings.ledger) as ledger:
        plans = plan(generation, ledger, audiences=audiences, platforms=platforms, approve=approve)
        for line in render(plans):
            show(line)
        book = read_accounts(settings.platforms, environment)
        held_by = {sync.sync_id: sync.account_id for sync in ledger.syncs()}
        known = accounts(book, plans, held_by, sandbox_url=sandbox_url)
        if sandbox_url is None:
            refuse_other_times(generation, clock())
        result = send(plans, ledger, known, clock=clock, say=say)
        try:
            project(ledger.receipts(), settings.raw)
        except ConfigError as problem:  # what was sent is sent all the same
            say(str(problem))
    added = sum(receipt.sent for receipt in result.receipts if receipt.op == "add")
    removed = sum(receipt.sent for receipt in result.receipts if receipt.op == "remove")
    show(f"pushed: {added:,} identifiers added, {removed:,} removed")
    for failure in result.failures:
        raise failure
    return result


def write_published_report(settings: Settings) -> Path:
    """Write the report of the newest generation against the one before; return its path."""
    known = generations(settings.published)
    generation = latest_generation(settings.published)
    previous = known[-2] if len(known) > 1 else None
    receipts: tuple[ReceiptLine, ...] = ()
    if settings.ledger.exists():
        with open_ledger(settings.ledger) as ledger:
            receipts = summed(ledger.receipts())
    return write_report(generation, previous, receipts, settings.report)
