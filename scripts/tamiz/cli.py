"""The command line: reads the clock and the environment, and nobody below it does.

Progress goes to standard error, results to standard output. Every mistake is one line with its
remedy and an exit code of its own: see tamiz/errors.py.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tamiz import demo as demonstration
from tamiz.build import dbt_build
from tamiz.errors import ConfigError, TamizError
from tamiz.private import keep_to_owner
from tamiz.settings import Settings

PROJECT = Path()
_MOMENT = click.DateTime(["%Y-%m-%d %H:%M:%S", "%Y-%m-%d"])


def main() -> None:
    """Run the command line; exits with the code of the error's class, or 0."""
    keep_to_owner()
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except TamizError as error:
        click.echo(f"tamiz: {error}", err=True)
        sys.exit(error.exit_code)
    except Exception as error:
        if os.environ.get("TAMIZ_DEBUG"):
            raise
        # The text of a foreign error may hold a value of the data: it is not printed.
        click.echo(
            f"tamiz: {type(error).__name__} in our own code, which is a mistake of ours: "
            "run again with TAMIZ_DEBUG=1 to see where, and report it",
            err=True,
        )
        sys.exit(1)


def _settings() -> Settings:
    return Settings()


def _manifest() -> Path:
    """Where dbt leaves the manifest: it takes its target folder from the same variable."""
    return PROJECT / (os.environ.get("DBT_TARGET_PATH") or "target") / "manifest.json"


def _say() -> Callable[[str], None]:
    started = time.monotonic()

    def say(line: str) -> None:
        click.echo(f"[{time.monotonic() - started:6.1f} s] {line}", err=True)

    return say


def _now() -> datetime:
    return datetime.now(UTC)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    epilog="The loop:  dbt build  →  tamiz validate  →  tamiz plan  →  tamiz push",
)
@click.version_option(package_name="tamiz")
def cli() -> None:
    """Small, reviewed, lawful audiences from your own warehouse.

    \b
    Run in the folder of the dbt project. Examples:
      tamiz demo                    all of it, on made-up people
      dbt build                     build the warehouse (tamiz build: the same, for schedulers)
      tamiz validate                check the build and publish it
      tamiz plan                    what a push would add and remove, and who is left out
      tamiz push                    send it
    """  # noqa: D301 - \b keeps click from re-wrapping the examples


@cli.command("demo-data", short_help="Write the raw tables of a made-up shop.")
@click.option("--people", default=5000, show_default=True, help="Customers of the shop.")
@click.option("--days", default=90, show_default=True, help="Days of events before AS_OF.")
@click.option("--seed", default=7, show_default=True, help="Same seed, same bytes.")
@click.option("--as-of", default="2026-06-30 00:00:00", show_default=True, type=_MOMENT)
@click.option("--out", type=click.Path(path_type=Path), help="Folder.  [default: TAMIZ_RAW]")
def demo_data(people: int, days: int, seed: int, as_of: datetime, out: Path | None) -> None:
    """Write the raw tables of a shop that never was, and what is true of its people.

    \b
    Example: tamiz demo-data --people 20000 --days 120 --seed 1 --out target/demo/raw
    """  # noqa: D301 - as above
    from tamiz.demo_data import make_demo_world  # noqa: PLC0415 - commands load what they need

    if people < 1 or days < 1:
        raise ConfigError("--people and --days count from 1")
    rows = make_demo_world(
        people=people, days=days, seed=seed, out=out or _settings().raw, as_of=as_of, say=_say()
    )
    for name, count in sorted(rows.items()):
        click.echo(f"{name:24}{count:>12,}")


@cli.command(
    short_help="Run `dbt build`, for schedulers.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED)
def build(dbt_arguments: tuple[str, ...]) -> None:
    """Run `dbt build`; a mistake in the raw tables is one line and an exit code of its own.

    Whatever stands behind goes to dbt.

    \b
    Example: tamiz build --vars "{as_of: '2026-06-30 00:00:00'}"
    """  # noqa: D301 - as above
    counts = dbt_build(PROJECT, dbt_arguments, say=_say())
    click.echo(", ".join(f"{count} {status}" for status, count in sorted(counts.items())))


@cli.command(short_help="Show how the files of raw tables are written.")
def sources() -> None:
    """Show each file of the raw folder: rows, encoding, delimiter and line ends.

    \b
    Example: TAMIZ_RAW=/data/export tamiz sources
    """  # noqa: D301 - as above
    from tamiz.sources import contracts, inventory, render_dialects  # noqa: PLC0415 - as above

    settings = _settings()
    with tempfile.TemporaryDirectory() as copies:
        files = inventory(settings.raw, Path(copies), contracts(PROJECT))
    click.echo("\n".join(render_dialects(files)))
    broken = sum(1 for file in files if file.problem)
    if broken:
        raise ConfigError(f"{broken} of {len(files)} files are not read: do what their lines say")


@cli.command(
    short_help="Show what of your raw tables is read, and what is not.",
    context_settings={"ignore_unknown_options": True},
)
@click.argument("dbt_arguments", nargs=-1, type=click.UNPROCESSED)
def check(dbt_arguments: tuple[str, ...]) -> None:
    """Show each file of the raw folder: rows, columns, and values that cannot be read.

    All is read as a build reads it, aside: warehouse and published tables stay as they are.
    Whatever stands behind goes to dbt. Exits with 10 where a file is not read, with 3 where values
    would stop `tamiz validate`.

    \b
    Example: TAMIZ_RAW=/data/export tamiz check
    """  # noqa: D301 - as above
    from tamiz.checking import check as look  # noqa: PLC0415 - as above

    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "check.duckdb"
        # The profile names the warehouse by this variable.
        os.environ["TAMIZ_DUCKDB"] = str(database)
        arguments = ("--target-path", folder, *dbt_arguments)
        lines, wrong = look(PROJECT, _settings().raw, database, arguments)
    click.echo("\n".join(lines))
    if wrong is not None:
        raise wrong


@cli.command(short_help="Check the build and publish it.")
def validate() -> None:
    """Check the build with Great Expectations and publish it if every check holds.

    \b
    Example: dbt build && tamiz validate
    """  # noqa: D301 - as above
    from tamiz.quality import validate as run  # noqa: PLC0415 - as above
    from tamiz.warehouse import open_warehouse  # noqa: PLC0415

    settings = _settings()
    with open_warehouse(PROJECT) as warehouse:
        generation = run(
            warehouse,
            _manifest(),
            settings.published,
            settings.quality_docs,
            ledger_file=settings.ledger,
            now=_now(),
            say=_say(),
        )
    click.echo(f"published {generation.generation_id}: {len(generation.tables)} tables")
    click.echo(f"data docs: {settings.quality_docs / 'index.html'}")


def _audience_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--audience", "audiences", multiple=True, help="Only this one; repeatable."),
        click.option("--platform", "platforms", multiple=True, help="Only this one; repeatable."),
        click.option(
            "--approve", metavar="NAME", help="Let through what a guard holds; NAME is kept."
        ),
    ):
        command = option(command)
    return command


@cli.command(short_help="Show what a push would change, and who is left out.")
@_audience_options
def plan(audiences: tuple[str, ...], platforms: tuple[str, ...], approve: str | None) -> None:
    """Print what a push would add and remove, and why people were left out. Changes nothing.

    \b
    Example: tamiz plan --audience aud_win_back --platform meta
    """  # noqa: D301 - as above
    from tamiz.ledger import open_ledger  # noqa: PLC0415 - as above
    from tamiz.publish import latest_generation, verify  # noqa: PLC0415
    from tamiz.push import plan as make_plans  # noqa: PLC0415
    from tamiz.push import render  # noqa: PLC0415

    settings = _settings()
    generation = latest_generation(settings.published)
    verify(generation)
    with open_ledger(settings.ledger) as ledger:
        plans = make_plans(
            generation, ledger, audiences=audiences, platforms=platforms, approve=approve
        )
    click.echo("\n".join(render(plans)))


@cli.command(short_help="Send the difference to the ad platforms.")
@_audience_options
@click.option(
    "--sandbox", metavar="URL", help="Send to the sandbox on this machine, not to the platforms."
)
def push(
    audiences: tuple[str, ...], platforms: tuple[str, ...], approve: str | None, sandbox: str | None
) -> None:
    """Send the difference between the published audiences and what the platforms hold.

    \b
    Examples:
      tamiz push --platform google
      tamiz push --sandbox http://127.0.0.1:8765
    """  # noqa: D301 - as above
    demonstration.push_published(
        _settings(),
        audiences=audiences,
        platforms=platforms,
        approve=approve,
        sandbox_url=sandbox,
        environment=os.environ,
        clock=_now,
        say=_say(),
        show=click.echo,
    )


@cli.command(short_help="List the ad platforms: identifiers, limits, settings, secrets.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def platforms(*, as_json: bool) -> None:
    """List what each ad platform takes, its limits, and what an account of it needs.

    Names in brackets may be left out. Settings stand in platforms.yml, secrets in the environment.

    \b
    Example: tamiz platforms --json
    """  # noqa: D301 - as above
    from tamiz.catalogue import catalogue, render  # noqa: PLC0415 - as above

    found = catalogue()
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(render(found)))


@cli.command(short_help="Check accounts, tokens and lists; change nothing.")
@click.option("--audience", "audiences", multiple=True, help="Only this one; repeatable.")
@click.option("--platform", "platforms", multiple=True, help="Only this one; repeatable.")
@click.option("--sandbox", metavar="URL", help="Look at the sandbox on this machine.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def doctor(
    audiences: tuple[str, ...], platforms: tuple[str, ...], sandbox: str | None, *, as_json: bool
) -> None:
    """Check all that a push needs, and say what to do.

    Looked at are settings, secrets, reachability, token, account and list of each audience and
    platform; requests only read. A line begins with ✓ (well), ✗ (wrong) or a dash (not known).
    Exits with 0 if nothing is wrong, otherwise with the worst of 10 (mend it), 20 (the platform
    refuses) and 30 (try again later).

    \b
    Examples:
      tamiz doctor --platform meta
      tamiz doctor --sandbox http://127.0.0.1:8765
    """  # noqa: D301 - as above
    from tamiz.doctor import as_json as to_json  # noqa: PLC0415 - as above
    from tamiz.doctor import examine, exit_code, render  # noqa: PLC0415

    settings = _settings()
    checks = list(
        examine(
            settings.platforms,
            os.environ,
            settings.published,
            settings.ledger,
            clock=_now,
            sleep=time.sleep,
            audiences=audiences,
            platforms=platforms,
            sandbox_url=sandbox,
        )
    )
    shown = json.dumps(to_json(checks), indent=2) if as_json else "\n".join(render(checks))
    click.echo(shown)
    sys.exit(exit_code(checks))


@cli.command(short_help="Write what is published as files for other tools.")
@click.option("--audience", "audiences", multiple=True, help="Only this one; repeatable.")
@click.option("--platform", "platforms", multiple=True, help="Only this one; repeatable.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder.  [default: TAMIZ_EXPORTS]")
@click.option(
    "--for",
    "reader",
    type=click.Choice(["machines", "people"]),
    default="machines",
    show_default=True,
    help="Each platform's own upload format, or tables with labels and without formulas.",
)
@click.option(
    "--however-old", is_flag=True, help="Also what is older than two days: for made-up people."
)
def export(
    *,
    audiences: tuple[str, ...],
    platforms: tuple[str, ...],
    out: Path | None,
    reader: str,
    however_old: bool,
) -> None:
    """Write audiences as CSV in each platform's own upload format: hashed identifiers only.

    Nobody held out is in it, and nobody of an audience that is too small. Only its owner can read a
    file; what an earlier export left in the folder of an audience and platform is gone after it.

    \b
    Examples:
      tamiz export --audience aud_win_back --platform meta
      tamiz export --for people --out target/to_look_at
      tamiz export --platform google --however-old      the demo's people, who never were
    """  # noqa: D301 - as above
    from tamiz.export import export as write  # noqa: PLC0415 - as above
    from tamiz.publish import latest_generation  # noqa: PLC0415

    settings = _settings()
    for written in write(
        latest_generation(settings.published),
        out or settings.exports,
        now=_now(),
        audiences=audiences,
        platforms=platforms,
        is_for_people=reader == "people",
        however_old=however_old,
    ):
        place = written.file or f"{written.audience} on {written.platform}"
        count = f"{written.row_count:,} rows" if written.file else ""
        click.echo(f"{place}: {'; '.join(part for part in (count, written.note) if part)}")


@cli.command(short_help="Show what became of what was sent.")
def receipts() -> None:
    """Print what became of what was sent: sent = accepted + invalid + retried + left out.

    Of the last generation that was pushed to each list. All receipts of the ledger are written as
    the raw table ledger_push_receipts, as each push does, so that dbt can build fct_push_receipts.

    \b
    Example: tamiz receipts && dbt build --select fct_push_receipts
    """  # noqa: D301 - as above
    from tamiz.ledger import open_ledger  # noqa: PLC0415 - as above
    from tamiz.receipts import project, render, summed  # noqa: PLC0415

    settings = _settings()
    with open_ledger(settings.ledger, read_only=True) as ledger:
        rows = ledger.receipts()
    click.echo("\n".join(render(summed(rows)) or ["nothing was sent yet"]))
    _say()(f"{project(rows, settings.raw)}: {len(rows):,} batches")


@cli.command(short_help="Write the page a marketer would open.")
def report() -> None:
    """Write the page a marketer would open, from what is published and what was sent.

    \b
    Example: TAMIZ_REPORT=target/today.html tamiz report
    """  # noqa: D301 - as above
    settings = _settings()
    click.echo(f"report: {demonstration.write_published_report(settings)}")


@cli.command(short_help="Run the ad platforms on loopback, strictly.")
@click.option("--port", default=8765, show_default=True, help="Port on 127.0.0.1.")
@click.option(
    "--state", type=click.Path(path_type=Path), help="Keep lists and members in this file."
)
@click.option("--faults", type=click.Path(path_type=Path), help="YAML or JSON: what goes wrong.")
@click.option("--latency", type=click.FloatRange(min=0), help="Milliseconds before each answer.")
def sandbox(port: int, state: Path | None, faults: Path | None, latency: float | None) -> None:
    """Run the ad platforms on loopback: strict to their contracts, with lists that keep members.

    Its address, in a browser, shows lists, members and requests.

    \b
    A script of faults:
      seed: 7
      platforms: {reddit: {delay: 5, match_rate: 0.4}}
      faults:
        - {platform: meta, operation: addUsers, when: {calls: [2]},
           fault: {kind: status, status: 503, applied: after}}
        - {platform: google, when: {probability: 0.1}, fault: {kind: reset}}
    Kinds: status (429, 5xx), reset, slow, garbage, partial, token_expired, permission_revoked,
    audience_flagged, small_audience.

    \b
    Example: tamiz sandbox --port 8765 --state target/sandbox.jsonl --faults faults.yml
    """  # noqa: D301 - as above
    from tamiz.sandbox import Script, read_script, serve  # noqa: PLC0415 - as above

    script = read_script(faults) if faults else Script()
    if latency is not None:
        script = script.model_copy(update={"latency": latency})
    serve(port, state_file=state, script=script)


@cli.command("hash", short_help="Show what a platform makes of an identifier.")
@click.option("--platform", required=True, metavar="P", help="The ad platform.")
@click.option("--identifier", required=True, metavar="I", help="email, phone, first_name …")
@click.option("--country", metavar="CC", help="Country of values that state none: code or name.")
@click.option("--show", is_flag=True, help="Print the normalised values, too: personal data.")
@click.option("--file", metavar="FILE", help="CSV with a header; - is standard input.")
@click.argument("words", nargs=-1, metavar="[VALUE]...")
def hash_values(**asked: Any) -> None:  # noqa: ANN401 - the fields of Asked
    """Print how values are normalised and hashed for a platform, and why one is refused.

    The macros of the models do it, so this is what a push would send. The file has a header: value
    and, if you like, country. Printed is CSV: row, normalised (with --show), hash (empty where the
    platform takes clear text) and reason (where the value is refused).

    \b
    Examples:
      tamiz hash --platform google --identifier email --show "Ana.Lima+news@gmail.com"
      tamiz hash --platform meta --identifier phone --country ES "655 12 34 56"
      tamiz hash --platform x --identifier handle --file values.csv > hashes.csv
    """  # noqa: D301 - as above
    from tamiz.hashing import Asked, print_hashes  # noqa: PLC0415 - as above

    print_hashes(PROJECT, Asked(**asked), sys.stdout, _say())


@cli.command("phone-metadata", short_help="Make the seed of numbering plans anew.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("seeds/phone_countries.csv"),
    show_default=True,
)
def phone_metadata(out: Path) -> None:
    """Write the seed of numbering plans anew from the installed phonenumbers package.

    \b
    Example: tamiz phone-metadata --out seeds/phone_countries.csv
    """  # noqa: D301 - as above
    from tamiz.phone_metadata import write_phone_countries  # noqa: PLC0415 - as above

    click.echo(f"{out}: {write_phone_countries(out)} regions")


@cli.command(short_help="Do all of it, on made-up people.")
@click.option("--people", default=5000, show_default=True)
@click.option("--days", default=90, show_default=True)
@click.option("--seed", default=7, show_default=True)
def demo(people: int, days: int, seed: int) -> None:
    """Do all of it on made-up people: world, dbt build, validate, sandbox, push, report.

    \b
    Example: tamiz demo --people 20000 --days 120
    """  # noqa: D301 - as above
    demonstration.run(
        _settings(),
        _manifest(),
        people=people,
        days=days,
        seed=seed,
        clock=_now,
        say=_say(),
        show=click.echo,
    )
