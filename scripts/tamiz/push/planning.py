"""What a push would change; no network, and nothing is written."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from tamiz.errors import ConfigError, UnknownPlatform
from tamiz.ledger import Ledger
from tamiz.ledger.columns import no_members
from tamiz.platforms import Platform, platform
from tamiz.publish import Generation, verify
from tamiz.push import guards
from tamiz.push.difference import Difference, difference
from tamiz.push.wanted import left_out, wanted


@dataclass(frozen=True, slots=True)
class AudiencePlan:
    """What would change on one platform's list of one audience; counts only.

    `people` may be reached; the other counts are identifiers. `left_out` pairs a reason with a
    number of people. `notice` says why nobody is added, `warning` what to look at all the same,
    `held` why nothing is done at all. `adds` counts by kind; `add_requests` and `remove_requests`
    would be sent. `is_abandoned`: the project fills the list no more; only removals are left to do.
    `described` is the meta of the audience.
    """

    audience: str
    platform: str
    list_name: str
    people: int
    add_count: int
    remove_count: int
    keep_count: int
    in_flight_count: int
    suppressed_count: int
    adds: tuple[tuple[str, int], ...]
    add_requests: int
    remove_requests: int
    left_out: tuple[tuple[str, int], ...]
    notice: str | None
    warning: str | None
    held: str | None
    approved_by: str | None
    policy_hash: str
    is_abandoned: bool
    described: Mapping[str, Any] = field(repr=False)
    generation: Generation = field(repr=False)

    @property
    def sync_id(self) -> str:
        """The name of this audience on this platform in the ledger."""
        return sync_id(self.audience, self.platform)

    @property
    def changes(self) -> bool:
        """Whether anything would be sent."""
        return self.held is None and bool(self.add_count or self.remove_count)

    @property
    def is_left_alone(self) -> bool:
        """Whether the list is abandoned and nobody has let it be emptied: no account is needed."""
        return self.is_abandoned and self.held is not None


def plan(  # noqa: PLR0913 - what the command line knows, each by its name
    generation: Generation,
    ledger: Ledger,
    *,
    audiences: Sequence[str] = (),
    platforms: Sequence[str] = (),
    approve: str | None = None,
    now: datetime | None = None,
) -> tuple[AudiencePlan, ...]:
    """Return a plan for every audience and platform, or for the named ones.

    Lists that the project fills no more and that still hold members have a plan too.

    `approve` names who lets a held push pass. Who is in quarantine is planned again once the time
    for it has come by `now`; never without it. Raises UnknownPlatform on a name nobody has, and
    GateError on a generation that was changed or holds what is no SHA-256.
    """
    verify(generation)
    abandoned = list(_abandoned(generation, ledger, audiences, platforms))
    gone = {audience["name"] for audience, _ in abandoned}
    plans = tuple(
        examine(generation, ledger, audience, entry, approve, now=now)[0]
        for audience, entry in (*_chosen(generation, gone, audiences, platforms), *abandoned)
    )
    if not plans:
        raise ConfigError(
            "no audience goes to the named platforms: look at `platforms` in models/audiences"
        )
    return plans


def examine(  # noqa: PLR0913 - as above
    generation: Generation,
    ledger: Ledger,
    audience: Mapping[str, Any],
    entry: Platform,
    approve: str | None,
    *,
    now: datetime | None,
) -> tuple[AudiencePlan, Difference]:
    """Return the plan of one audience on one platform, and the members behind its counts."""
    name = sync_id(audience["name"], entry.name)
    want = wanted(generation, audience, entry)
    full = difference(want, ledger.holding(name), ledger.never_sent(name, now), ledger.keys)
    is_abandoned = entry.name not in audience["platforms"]
    if is_abandoned:
        held, notice = guards.given_up(generation, audience["name"], entry.name, full), None
    else:
        held = guards.held(audience["name"], entry.name, want, full)
        notice = guards.too_small(audience, entry, want, full)
    made = full if notice is None else replace(full, additions=no_members())
    adds = tuple((kind, count) for kind, count in made.additions.by_kind().items() if count)
    policy = json.dumps(dict(audience), sort_keys=True, default=str)
    planned = AudiencePlan(
        audience=audience["name"],
        platform=entry.name,
        list_name=audience["list_name"],
        people=want.people,
        add_count=len(made.additions),
        remove_count=len(made.removals),
        keep_count=made.keep_count,
        in_flight_count=made.in_flight_count,
        suppressed_count=made.suppressed_count,
        adds=adds,
        add_requests=_requests([count for _, count in adds], entry),
        remove_requests=_requests([len(made.removals)], entry),
        left_out=left_out(generation, audience["name"], entry.name),
        notice=notice,
        warning=guards.nearly_too_small(audience, entry, want) if notice is None else None,
        held=None if approve else held,
        approved_by=approve,
        policy_hash=sha256(policy.encode()).hexdigest(),
        is_abandoned=is_abandoned,
        described=audience,
        generation=generation,
    )
    return planned, made


def sync_id(audience: str, platform_name: str) -> str:
    """Return the ledger's name of an audience on a platform."""
    return f"{platform_name}/{audience}"


def audience_of(generation: Generation, name: str) -> Mapping[str, Any]:
    """Return the published meta of an audience; raises UnknownPlatform, naming the known ones."""
    known = {audience["name"]: audience for audience in generation.audiences}
    if name not in known:
        raise UnknownPlatform(f"no audience named '{name}'; known: {', '.join(sorted(known))}")
    return known[name]


def _chosen(
    generation: Generation, gone: set[str], audiences: Sequence[str], platforms: Sequence[str]
) -> Iterator[tuple[Mapping[str, Any], Platform]]:
    for name in platforms:
        platform(name)
    published = [audience["name"] for audience in generation.audiences]
    names = dict.fromkeys(audiences or published)
    chosen = [name for name in names if name in published or name not in gone]
    for audience in [audience_of(generation, name) for name in chosen]:
        for name in audience["platforms"]:
            if not platforms or name in platforms:
                yield audience, platform(name)


def _abandoned(
    generation: Generation, ledger: Ledger, audiences: Sequence[str], platforms: Sequence[str]
) -> Iterator[tuple[Mapping[str, Any], Platform]]:
    published = {audience["name"]: audience for audience in generation.audiences}
    for sync in ledger.syncs():
        audience = published.get(sync.audience_name, {"name": sync.audience_name, "platforms": []})
        if (
            sync.platform not in audience["platforms"]
            and (not audiences or sync.audience_name in audiences)
            and (not platforms or sync.platform in platforms)
            and ledger.holding(sync.sync_id).is_somebody
        ):
            yield {**audience, "list_name": sync.list_name}, platform(sync.platform)


def _requests(counts: Sequence[int], entry: Platform) -> int:
    """How many requests so many members of each kind take, at least."""
    parts = counts if entry.one_kind else [sum(counts)]
    return sum(-(-count // entry.batch_size) for count in parts)
