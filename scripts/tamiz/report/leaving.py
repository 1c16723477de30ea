"""The section about who leaves: the funnel of each audience on each platform."""

from collections.abc import Mapping, Sequence

from tamiz.report import figures, words
from tamiz.report.drawing import GREEN, PURPLE, VERMILION
from tamiz.report.facts import Facts, Funnel, FunnelStep, ReceiptLine
from tamiz.report.figures import Bar
from tamiz.report.section import Block, Section, Table

STEPS = {
    "no_consent": "No consent for ads",
    "holdout": "Held out to measure",
    "no_identifier": "No identifier to send",
}


def funnels(facts: Facts, receipts: Sequence[ReceiptLine], labels: Mapping[str, str]) -> Section:
    """Return, per audience and platform, who was taken out and why; `labels` name audiences."""
    if not facts.funnels:
        text = "An audience is one SQL file: segments less exclusions less holdout."
        return Section("funnels", "Audiences", "No audience holds anybody yet", text, ())
    taken: dict[str, int] = {}
    for funnel in facts.funnels:
        for step in funnel.removals:
            taken[_name(step)] = taken.get(_name(step), 0) + step.person_count
    entered = sum(funnel.entered for funnel in facts.funnels)
    reachable = sum(funnel.reachable for funnel in facts.funnels)
    heading = f"{words.count(reachable)} of {words.count(entered)} members can be reached"
    if any(taken.values()):
        reason, number = max(taken.items(), key=lambda item: item[1])
        heading += f"; {words.quoted(reason)} takes out the most, {words.count(number)}"
    return Section(
        "funnels",
        "Audiences",
        heading,
        "Members are counted once per audience and platform. Each person is taken out once, by the "
        "first reason that holds, from top to bottom.",
        tuple(
            _funnel(place, funnel, labels.get(funnel.audience_name), receipts)
            for place, funnel in enumerate(facts.funnels)
        ),
    )


def _funnel(
    place: int, funnel: Funnel, label: str | None, receipts: Sequence[ReceiptLine]
) -> Block:
    name, platform = label or words.plain(funnel.audience_name), words.platform(funnel.platform)
    entered, reachable = funnel.entered, funnel.reachable
    adds = [
        line
        for line in receipts
        if (line.audience_name, line.platform) == (funnel.audience_name, funnel.platform)
        and line.operation.lower() == "add"
    ]
    taken = sum(line.accepted for line in adds)
    left = entered
    bars = [Bar("In the segments", entered, words.count(entered))]
    rows = [("In the segments", "", words.count(entered))]
    for step in funnel.removals:
        left -= step.person_count
        out = words.signed(-step.person_count) if step.person_count else "0"
        rows.append((_name(step), out, words.count(left)))
        if step.person_count:
            bars.append(Bar(_name(step), step.person_count, out, VERMILION, left))
    bars.append(Bar("Reachable", reachable, words.count(reachable), GREEN))
    rows.append(("Reachable", "", words.count(reachable)))
    if adds:
        bars.append(Bar(f"Identifiers at {platform}", taken, words.count(taken), PURPLE))
    pushed = words.count(taken) if adds else "not pushed"
    rows.append((f"Identifiers at {platform}", "", pushed))
    return Block(
        heading=f"{name} on {platform}: {words.count(reachable)} of {words.people(entered)} "
        f"({words.share(reachable, entered)})"
        if entered
        else f"{name} on {platform}: nobody is in its segments",
        text=None
        if left == reachable
        else f"The steps do not add up: they leave {words.people(left)}.",
        picture=figures.bars(
            f"funnel-{place}",
            f"Falling bars: {words.count(entered)} in the segments, "
            f"{words.count(entered - reachable)} taken out, {words.count(reachable)} reachable",
            bars,
        ),
        table=Table(
            f"{name} on {platform}",
            ("Step", "Taken out", "Left"),
            tuple(rows),
            frozenset({"Taken out", "Left"}),
            folded=True,
        ),
    )


def _name(step: FunnelStep) -> str:
    if step.step == "excluded":
        return words.plain(step.reason or "excluded")
    return STEPS.get(step.step, words.plain(step.step))
