"""Plans as lines of text: counts, never an identifier."""

from collections.abc import Iterable, Iterator

from tamiz.push.planning import AudiencePlan
from tamiz.push.readiness import readiness


def render(plans: Iterable[AudiencePlan]) -> list[str]:
    """Return the plans as lines of text: counts, never an identifier."""
    return [line for planned in plans for line in _lines(planned)]


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
    if planned.add_requests or planned.remove_requests:
        yield f"  would send {_would_send(planned)}"
    if said := readiness(planned.generation, planned.audience, planned.platform):
        yield f"  {said}"
    if planned.left_out:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in planned.left_out)
        yield f"  left out: {reasons}"
    if planned.notice:
        yield f"  {planned.notice}"
    if planned.warning:
        yield f"  {planned.warning}"
    if planned.held:
        yield f"  held: {planned.held}"
    if planned.approved_by:
        yield f"  approved by {planned.approved_by}: no guard holds it"


def _would_send(planned: AudiencePlan) -> str:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in planned.adds)
    parts = {
        f"to add ({kinds})": planned.add_requests,
        "to remove": planned.remove_requests,
    }
    return ", ".join(
        f"{count:,} {'request' if count == 1 else 'requests'} {what}"
        for what, count in parts.items()
        if count
    )
