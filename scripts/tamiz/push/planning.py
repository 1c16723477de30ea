"""What a push would change, and the guards that hold it; no network, and nothing is written."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from tamiz.errors import ConfigError, UnknownPlatform
from tamiz.ledger import Addition, Holding, Ledger
from tamiz.ledger.keys import Keys
from tamiz.platforms import Platform, platform
from tamiz.publish import Generation, verify
from tamiz.push.wanted import Wanted, left_out, wanted

HELD_SHARE = 0.2  # a push that removes more than this share
HELD_COUNT = 100  # and more than this many identifiers waits for approval


@dataclass(frozen=True, slots=True)
class AudiencePlan:
    """What would change on one platform's list of one audience; counts only.

    `people` may be reached; the other counts are identifiers. `left_out` pairs a reason with a
    number of people. `notice` says why nobody is added, `held` why nothing is done at all.
    `is_abandoned`: the project fills the list no more; only removals are left to do. `described`
    is the meta of the audience.
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
    left_out: tuple[tuple[str, int], ...]
    notice: str | None
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


@dataclass(frozen=True, slots=True)
class Difference:
    """Members to add and to remove, and how many stay, are on their way, or are never sent."""

    additions: Sequence[Addition] = field(repr=False)
    removals: Sequence[bytes] = field(repr=False)
    keep_count: int
    in_flight_count: int
    suppressed_count: int
    held_count: int


def plan(
    generation: Generation,
    ledger: Ledger,
    *,
    audiences: Sequence[str] = (),
    platforms: Sequence[str] = (),
    approve: str | None = None,
) -> tuple[AudiencePlan, ...]:
    """Return a plan for every audience and platform, or for the named ones.

    Lists that the project fills no more and that still hold members have a plan too.

    `approve` names who lets a held push pass. Raises UnknownPlatform on a name nobody has, and
    GateError on a generation that was changed or holds what is no SHA-256.
    """
    verify(generation)
    abandoned = list(_abandoned(generation, ledger, audiences, platforms))
    gone = {audience["name"] for audience, _ in abandoned}
    plans = tuple(
        examine(generation, ledger, audience, entry, approve)[0]
        for audience, entry in (*_chosen(generation, gone, audiences, platforms), *abandoned)
    )
    if not plans:
        raise ConfigError(
            "no audience goes to the named platforms: look at `platforms` in models/audiences"
        )
    return plans


def examine(
    generation: Generation,
    ledger: Ledger,
    audience: Mapping[str, Any],
    entry: Platform,
    approve: str | None,
) -> tuple[AudiencePlan, Difference]:
    """Return the plan of one audience on one platform, and the members behind its counts."""
    name = sync_id(audience["name"], entry.name)
    want = wanted(generation, audience, entry)
    full = difference(want, ledger.holding(name), ledger.never_sent(name), ledger.keys)
    is_abandoned = entry.name not in audience["platforms"]
    if is_abandoned:
        held, notice = _given_up(generation, audience["name"], entry.name, full), None
    else:
        held = _held(audience["name"], entry.name, want, full)
        notice = _too_small(audience, entry, want, full)
    made = full if notice is None else replace(full, additions=())
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
        left_out=left_out(generation, audience["name"], entry.name),
        notice=notice,
        held=None if approve else held,
        approved_by=approve,
        policy_hash=sha256(policy.encode()).hexdigest(),
        is_abandoned=is_abandoned,
        described=audience,
        generation=generation,
    )
    return planned, made


def difference(want: Wanted, holding: Holding, never_sent: set[bytes], keys: Keys) -> Difference:
    """Compare identifiers, not rows: one is removed only when nobody who stays still has it.

    ADD = wanted - present; REMOVE = (present or maybe) - wanted. Members of requests a platform
    still works on are left alone until it has said what became of them.
    """
    leaving = (holding.present | holding.maybe) - holding.in_flight
    held_count = len(leaving)
    additions = []
    keep = in_flight = suppressed = 0
    for kind, digest in want:
        member_hash = keys.member_hash(digest)
        if member_hash in never_sent:
            suppressed += 1
            continue
        leaving.discard(member_hash)
        if member_hash in holding.in_flight:
            in_flight += 1
        elif member_hash in holding.present:
            keep += 1
        else:
            additions.append(Addition(member_hash, kind, digest))
    additions.sort(key=lambda entry: entry.member_hash)
    return Difference(additions, sorted(leaving), keep, in_flight, suppressed, held_count)


def render(plans: Iterable[AudiencePlan]) -> list[str]:
    """Return the plans as lines of text: counts, never an identifier."""
    return [line for planned in plans for line in _lines(planned)]


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


def _given_up(generation: Generation, audience: str, on: str, full: Difference) -> str | None:
    if not full.held_count:
        return None
    is_published = any(entry["name"] == audience for entry in generation.audiences)
    what = f"no longer goes to {on}" if is_published else "is no longer in the project"
    return (
        f"{audience} {what} and {on} holds {full.held_count} of its identifiers; nothing was sent:"
        f" bring it back, or `tamiz push --audience {audience} --platform {on} --approve NAME`"
        " empties the list"
    )


def _held(audience: str, on: str, want: Wanted, full: Difference) -> str | None:
    removed, there = len(full.removals), full.held_count
    remedy = f"if it is meant, run `tamiz push --audience {audience} --approve NAME`"
    if there and len(want) == full.suppressed_count:
        return (
            f"{audience} is empty and {on} holds {there} of its identifiers; nothing was sent:"
            f" look at its segments, and {remedy}"
        )
    if removed > HELD_COUNT and removed > HELD_SHARE * there:
        return (
            f"{audience} would remove {removed} of the {there} identifiers {on} holds, more than"
            f" {HELD_SHARE:.0%}; nothing was sent: look at its segments, and {remedy}"
        )
    return None


def _too_small(
    audience: Mapping[str, Any], entry: Platform, want: Wanted, full: Difference
) -> str | None:
    own = int(audience.get("minimum_size") or 0)
    if want.people >= max(own, entry.minimum_size):
        return None
    needs = f"{entry.name} needs {entry.minimum_size}"
    if own > entry.minimum_size:
        needs = f"its minimum_size is {own}"
    done = "nothing was pushed"
    if full.removals:
        done = f"nobody is added, {len(full.removals)} identifiers are removed"
    return f"{audience['name']} has {want.people} people; {needs}: {done}"


def _lines(planned: AudiencePlan) -> Iterator[str]:
    counts = {
        "add": planned.add_count,
        "remove": planned.remove_count,
        "keep": planned.keep_count,
        "on their way": planned.in_flight_count,
        "never sent": planned.suppressed_count,
    }
    shown = ", ".join(
        f"{word} {count:,}"
        for word, count in counts.items()
        if count or word in ("add", "remove", "keep")
    )
    yield (
        f"{planned.audience} on {planned.platform}: {planned.people:,} people; identifiers: {shown}"
    )
    if planned.left_out:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in planned.left_out)
        yield f"  left out: {reasons}"
    if planned.notice:
        yield f"  {planned.notice}"
    if planned.held:
        yield f"  held: {planned.held}"
    if planned.approved_by:
        yield f"  approved by {planned.approved_by}: no guard holds it"
