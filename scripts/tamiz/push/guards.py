"""What holds a push until somebody approves it, and what keeps too small a list from growing."""

from collections.abc import Mapping
from typing import Any

from tamiz.platforms import Platform
from tamiz.publish import Generation
from tamiz.push.difference import Difference
from tamiz.push.wanted import Wanted

HELD_SHARE = 0.2  # a push that removes more than this share
NEAR = 1.2  # times the minimum of a platform: few enough to warn
HELD_COUNT = 100  # and more than this many identifiers waits for approval


def given_up(generation: Generation, audience: str, on: str, full: Difference) -> str | None:
    """Say why a list that the project fills no more is not emptied, or None if nobody is on it."""
    if not full.held_count:
        return None
    is_published = any(entry["name"] == audience for entry in generation.audiences)
    what = f"no longer goes to {on}" if is_published else "is no longer in the project"
    return (
        f"{audience} {what} and {on} holds {full.held_count} of its identifiers; nothing new was"
        f" sent: bring it back, or `tamiz push --audience {audience} --platform {on}"
        " --approve NAME` empties the list"
    )


def held(audience: str, on: str, want: Wanted, full: Difference) -> str | None:
    """Say why a push of too many removals waits, or of an audience that became empty, or None."""
    removed, there = len(full.removals), full.held_count
    remedy = f"if it is meant, run `tamiz push --audience {audience} --approve NAME`"
    if there and len(want) == full.suppressed_count:
        return (
            f"{audience} is empty and {on} holds {there} of its identifiers; nothing new was sent:"
            f" look at its segments, and {remedy}"
        )
    if removed > HELD_COUNT and removed > HELD_SHARE * there:
        return (
            f"{audience} would remove {removed} of the {there} identifiers {on} holds, more than"
            f" {HELD_SHARE:.0%}; nothing new was sent: look at its segments, and {remedy}"
        )
    return None


def too_small(
    audience: Mapping[str, Any], entry: Platform, want: Wanted, full: Difference
) -> str | None:
    """Say why nobody is added to a list below its own or the platform's minimum, or None."""
    own = int(audience.get("minimum_size") or 0)
    if want.people >= max(own, entry.minimum_size):
        return None
    needs = f"{entry.name} needs {entry.minimum_size}"
    if own > entry.minimum_size:
        needs = f"its minimum_size is {own}"
    done = "nothing was pushed"
    if len(full.removals):
        done = f"nobody is added, {len(full.removals)} identifiers are removed"
    return f"{audience['name']} has {want.people} people; {needs}: {done}"


def nearly_too_small(audience: Mapping[str, Any], entry: Platform, want: Wanted) -> str | None:
    """Warn of a list that is hardly above the minimum, which counts matched people; or None."""
    if want.people >= NEAR * entry.minimum_size:
        return None
    return (
        f"{audience['name']} has {want.people} people and {entry.name} needs {entry.minimum_size}"
        " that it knows: it may not show advertisements to so few"
    )
