"""A build is published only when every check holds."""

from datetime import datetime
from pathlib import Path

from tamiz.errors import GateError
from tamiz.publish import Generation, publish, whole_build
from tamiz.quality.checks import Say, run_checks
from tamiz.quality.refusals import refuse_lost_refusals
from tamiz.quality.suites import NOTHING_UNREAD
from tamiz.quality.suppression import suppress
from tamiz.quality.unread import unread_lines
from tamiz.warehouse import Warehouse

NO_CONSENT = (
    "no consent record grants anything: every audience is empty, for a missing consent record"
    " counts as a refusal: bring consent_events"
)
# Broken checks that the message names; the pages have all.
SHOWN = 3


def validate(  # noqa: PLR0913 - places, and what differs between calls is named
    warehouse: Warehouse,
    manifest_path: Path,
    published_dir: Path,
    docs_dir: Path,
    *,
    ledger_file: Path,
    now: datetime,
    say: Say,
    keep: int = 5,
) -> Generation:
    """Check the build in the warehouse and, only if every check holds, publish it.

    `manifest_path` is dbt's manifest.json of that build; the last `keep` generations are kept.
    Before that the hashes of people barred for good go to the suppression list of the ledger, with
    `now` (UTC): what is published is never without them.
    Raises GateError when the build is not whole, has lost a table of refusals or breaks a check
    (nothing is published then), EmptyTable when it has no people, and what `publish`
    and `open_ledger` raise.
    """
    build = whole_build(warehouse, manifest_path)
    refuse_lost_refusals(warehouse, published_dir)
    result = run_checks(warehouse, docs_dir, build.as_of, say)
    if not result.passed:
        unread = unread_lines(warehouse)
        failed = [check.line for check in result.failed if check.expectation != NOTHING_UNREAD]
        if unread or len(failed) < len(result.failed):
            failed[:0] = unread or [NOTHING_UNREAD]
        shown = max(SHOWN, len(unread))
        broken = "; ".join(failed[:shown])
        broken += "; …" if len(failed) > shown else ""
        raise GateError(
            f"{len(result.failed)} of {len(result.checks)} checks are broken, nothing was "
            f"published ({broken}): see {docs_dir / 'index.html'}, mend it, run `dbt build`"
        )
    grants = warehouse.table("select 1 as found from fct_consent_current where is_granted limit 1")
    if not grants.num_rows:
        say(NO_CONSENT)
    suppression = suppress(warehouse, ledger_file, now)
    if suppression.new:
        say(f"suppression list: {suppression.new:,} hashes of people barred for good are new")
    if any(suppression.returned.values()):
        say("suppression list: people whose request is gone from the raw tables stay out")
    return publish(
        warehouse, manifest_path, published_dir, keep=keep, returned=suppression.returned
    )
