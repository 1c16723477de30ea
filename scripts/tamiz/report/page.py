"""Lays the figures out as one HTML file that asks the network for nothing."""

import base64
import hashlib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import plotly.offline
from jinja2 import Environment, PackageLoader, StrictUndefined

from tamiz.errors import ConfigError
from tamiz.report import arriving, leaving, sent, who, words
from tamiz.report.drawing import themes
from tamiz.report.facts import Facts, ReceiptLine
from tamiz.report.queries import read_facts

if TYPE_CHECKING:
    from tamiz.publish import Generation

SMALLEST_CELL = 10
PLATFORMS_NAMED = 3  # in the heading


def write_report(
    generation: "Generation",
    previous: "Generation | None",
    receipts: Sequence[ReceiptLine],
    out: Path,
    *,
    smallest_cell: int = SMALLEST_CELL,
) -> Path:
    """Write the page about `generation` to `out` and return `out`.

    Reads the published tables of the two generations only. Entries and exits are measured from
    `previous`; None means that `generation` is the first. Overlaps of 1 to `smallest_cell` - 1
    people are not shown. The same arguments give the same bytes. Written aside, then renamed.
    Raises GateError when a table is absent or unreadable, ConfigError when `out` cannot be written.
    """
    facts = read_facts(generation, previous, smallest_cell)
    page = _render(generation, previous, facts, receipts, smallest_cell)
    aside = out.with_name(f".{out.name}.aside")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(page, encoding="utf-8", newline="\n")
        aside.replace(out)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise ConfigError(
            f"the report cannot be written to {out} ({error.strerror}): name another file"
        ) from error
    return out


def _render(
    generation: "Generation",
    previous: "Generation | None",
    facts: Facts,
    receipts: Sequence[ReceiptLine],
    smallest_cell: int,
) -> str:
    labels = {str(audience["name"]): str(audience["label"]) for audience in generation.audiences}
    since = None if previous is None else words.minute(previous.as_of)
    sections = (
        who.sieve(facts),
        leaving.funnels(facts, receipts, labels),
        who.sizes(facts),
        who.changes(facts, since),
        who.overlaps(facts, smallest_cell),
        arriving.sessions(facts),
        sent.readiness(facts, labels),
        sent.answers(receipts, labels),
        arriving.raw_rows(facts),
    )
    pictures = [block.picture for section in sections for block in section.blocks if block.picture]
    scripts = [plotly.offline.get_plotlyjs(), _beside("page.js")]
    environment = Environment(
        loader=PackageLoader("tamiz.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html.j2").render(
        heading=_heading(facts),
        tiles=who.tiles(facts, len(generation.audiences)),
        since=since,
        sections=sections,
        drawings={
            "themes": themes(),
            "pictures": {
                picture.id: {
                    "data": picture.data,
                    "layout": picture.layout,
                    "narrowTicks": picture.narrow_ticks,
                }
                for picture in pictures
            },
        },
        style=_beside("page.css"),
        scripts=scripts,
        script_hashes=[_csp_hash(script) for script in scripts],
        as_of=words.minute(generation.as_of),
        generation_id=generation.generation_id,
        dbt_invocation_id=generation.dbt_invocation_id,
        smallest_cell=smallest_cell,
    )


def _heading(facts: Facts) -> str:
    everybody = words.people(facts.headline.people)
    by_size = sorted(facts.headline.reachable.items(), key=lambda each: (each[1], each[0]))
    if not by_size:
        return f"{everybody}, and nobody can be reached yet"
    if len(by_size) > PLATFORMS_NAMED:
        (fewest, low), (most, high) = by_size[0], by_size[-1]
        return (
            f"Of {everybody}, from {words.count(low)} ({words.platform(fewest)}) to "
            f"{words.count(high)} ({words.platform(most)}) can be reached on "
            f"{len(by_size)} platforms"
        )
    reached = [
        f"{words.count(number)} on {words.platform(name)}"
        for name, number in facts.headline.reachable.items()
    ]
    return f"Of {everybody}, {words.listed(reached).replace(' on', ' can be reached on', 1)}"


def _beside(name: str) -> str:
    return resources.files("tamiz.report").joinpath(name).read_text(encoding="utf-8")


def _csp_hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
