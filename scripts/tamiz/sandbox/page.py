"""A page for people: lists, members by the first digits of their hash, requests, faults.

Rendered here, with no script and nothing fetched from elsewhere.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tamiz.platforms import PLATFORMS
from tamiz.sandbox.rules.common import is_large_enough, is_ready
from tamiz.sandbox.script import Entry
from tamiz.sandbox.world import SandboxList, World

REQUESTS = 25  # on a page
MEMBERS = 100  # on a page
DIGITS = 8
FAILURE = 400
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'"


class Page:
    """Draws a world."""

    def __init__(self, world: World) -> None:
        """Keep the world to draw."""
        self.world = world
        self.templates = Environment(
            loader=PackageLoader("tamiz.sandbox", "pages"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )

    def routes(self) -> list[Route]:
        """Return the addresses."""
        return [Route("/", self.overview), Route("/_sandbox/list", self.list)]

    async def overview(self, request: Request) -> Response:
        """All lists by platform, a page of the request log, and the script."""
        world = self.world
        lists = world.shown()
        start = _number(request.query_params.get("log"))
        latest = list(reversed(list(world.log)))
        platforms = [
            {
                "label": platform.label,
                "api": platform.api,
                "lists": [_row(world, entry) for entry in lists if entry.platform == name],
            }
            for name, platform in sorted(PLATFORMS.items())
        ]
        return self._drawn(
            "overview.html.j2",
            heading="Sandbox of the ad platforms",
            platforms=platforms,
            tiles=[
                ("lists", len(lists)),
                ("members", sum(len(entry) for entry in lists)),
                ("requests", len(world.log)),
                ("refused", sum(entry["status"] >= FAILURE for entry in latest)),
                ("faults struck", sum(entry["fault"] is not None for entry in latest)),
            ],
            requests=latest[start : start + REQUESTS],
            start=start,
            earlier=start + REQUESTS if start + REQUESTS < len(latest) else None,
            later=max(start - REQUESTS, 0) if start else None,
            seed=world.script.seed,
            faults=[
                (_calls(entry), _when(entry), _fault(entry), world.struck.get(number, 0))
                for number, entry in enumerate(world.script.faults)
            ],
        )

    async def list(self, request: Request) -> Response:
        """One list and a page of its members."""
        entry = self.world.lists.get(request.query_params.get("id", ""))
        if entry is None or entry not in self.world.shown():
            return self._drawn("missing.html.j2", heading="No such list", status=404)
        prefix = request.query_params.get("prefix", "").strip().lower()[:DIGITS]
        start = _number(request.query_params.get("start"))
        found = list(islice(_members(entry, prefix), start, start + MEMBERS + 1))
        return self._drawn(
            "list.html.j2",
            heading=entry.name,
            label=PLATFORMS[entry.platform].label,
            row=_row(self.world, entry),
            prefix=prefix,
            members=found[:MEMBERS],
            start=start,
            earlier=max(start - MEMBERS, 0) if start else None,
            later=start + MEMBERS if len(found) > MEMBERS else None,
        )

    def _drawn(self, name: str, *, status: int = 200, **content: Any) -> Response:  # noqa: ANN401
        text = self.templates.get_template(name).render(**content)
        return HTMLResponse(text, status, {"Content-Security-Policy": POLICY})


def _number(text: str | None) -> int:
    return int(text) if text is not None and re.fullmatch("[0-9]{1,9}", text) else 0


def _row(world: World, entry: SandboxList) -> dict[str, Any]:
    return {
        "id": entry.list_id,
        "name": entry.name,
        "count": len(entry),
        "matched": entry.matched,
        "minimum": world.behaviour(entry.platform).minimum_size,
        "status": _status(world, entry),
        "kinds": ", ".join(sorted(kind for kind, there in entry.members.items() if there)),
        "changed": _time(entry.since),
    }


def _status(world: World, entry: SandboxList) -> str:
    if entry.state.get("is_flagged"):
        return "flagged"
    if not is_ready(world, entry):
        return "processing"
    return "ready" if is_large_enough(world, entry) else "too small"


def _members(entry: SandboxList, prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield kind, first digits of the hash, and when it was added."""
    for kind, values in entry.members.items():
        for value, at in values.items():
            is_hash = re.fullmatch("[0-9a-f]{32,128}", value) is not None
            digits = value if is_hash else sha256(value.encode()).hexdigest()
            if digits.startswith(prefix):
                yield kind, digits[:DIGITS], _time(at)


def _time(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}"


def _calls(entry: Entry) -> str:
    where = entry.operation or " ".join(filter(None, (entry.method, entry.path))) or "every call"
    return f"{entry.platform or 'every platform'}: {where}"


def _when(entry: Entry) -> str:
    when = entry.when
    if when.calls is not None:
        return f"call {', '.join(map(str, when.calls))}"
    if when.every is not None:
        return f"every {when.every} calls"
    if when.after is not None:
        return f"after {when.after} calls"
    return "always" if when.probability is None else f"{when.probability:.0%} of calls"


def _fault(entry: Entry) -> str:
    told = entry.fault.model_dump(exclude={"kind"}, exclude_defaults=True)
    more = ", ".join(f"{name} {value}" for name, value in told.items())
    return f"{entry.fault.kind}{f': {more}' if more else ''}"
