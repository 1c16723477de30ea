"""The sections about sending: match-readiness before it, and receipts after it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from tamiz.report import figures, words
from tamiz.report.drawing import GREEN, GREY, ORANGE, PURPLE, VERMILION
from tamiz.report.facts import Facts, ReceiptLine
from tamiz.report.figures import Part
from tamiz.report.section import Block, Section, Table

Line = TypeVar("Line")
OPERATIONS = {"add": "added", "remove": "removed"}


def readiness(facts: Facts, labels: Mapping[str, str]) -> Section:
    """Return how much of each audience each platform could match, before anything is sent."""
    lines = facts.readiness
    if not lines:
        text = "A generation of an earlier version does not tell it: run `dbt build` again."
        return Section("readiness", "Readiness", "Match-readiness is not known", text, ())
    people, valid, consented = (
        sum(getattr(line, name) for line in lines) for name in ("people", "valid", "consented")
    )
    heading = f"{words.share(valid, people)} of the people in audiences' segments have a valid "
    heading += f"identifier, and {words.share(consented, people)} also consented"
    steps = (
        ("consented", GREEN, [line.consented for line in lines]),
        ("valid, no consent", ORANGE, [line.valid - line.consented for line in lines]),
        ("identifier not valid", VERMILION, [line.identified - line.valid for line in lines]),
        ("no identifier", GREY, [line.people - line.identified for line in lines]),
    )
    names = [_called(line.audience_name, labels) for line in lines]
    picture = figures.stacked(
        "readiness",
        "Stacked bars: people who consented, did not, have no valid identifier or none, for "
        f"{words.counted(len(lines), 'audience and platform', 'audiences and platforms')}",
        [f"{name}, {words.platform(line.platform)}" for name, line in _both(names, lines)],
        [_part(*step) for step in steps],
        ",~s",
    )
    numeric = ("People", "With an identifier", "Valid", "Consented", "Unique identifiers")
    table = Table(
        "Match-readiness of each audience",
        ("Audience", "Platform", *numeric),
        tuple(
            (
                name,
                words.platform(line.platform),
                words.count(line.people),
                words.count(line.identified),
                words.count(line.valid),
                words.count(line.consented),
                words.count(line.unique_identifiers),
            )
            for name, line in _both(names, lines)
        ),
        frozenset(numeric),
    )
    text = (
        "People of the audience's segments; each step is a part of the one before it. Exclusions "
        "and the holdout come after it, so fewer may be sent. Unique identifiers are those that "
        "may be sent: somebody may have several, and several may share one."
    )
    block = Block(picture=picture, table=table)
    return Section("readiness", "Readiness", heading, text, (block,))


def answers(receipts: Sequence[ReceiptLine], labels: Mapping[str, str]) -> Section:
    """Return what became of everything that was sent: the parts add up to the whole."""
    if not receipts:
        text = "Receipts appear once an audience has been pushed."
        return Section("receipts", "Receipts", "Nothing has been pushed yet", text, ())
    parts = (
        ("accepted", GREEN, [line.accepted for line in receipts]),
        ("invalid", VERMILION, [line.invalid for line in receipts]),
        ("sent again", ORANGE, [line.retried for line in receipts]),
        ("left out", PURPLE, [line.left_out for line in receipts]),
        ("still worked on", GREY, [line.pending for line in receipts]),
    )
    (_, _, accepted), *others = parts
    sent = sum(line.sent for line in receipts)
    heading = f"Platforms accepted {words.count(sum(accepted))} of "
    heading += words.counted(sent, "identifier") + " sent"
    faults = [f"{words.count(sum(counts))} {title}" for title, _, counts in others if sum(counts)]
    heading += f"; {words.listed(faults)}" if faults else ""
    names = [_called(line.audience_name, labels) for line in receipts]
    picture = figures.stacked(
        "receipts",
        f"Stacked bars: what became of the identifiers of {words.counted(len(receipts), 'push')}",
        [
            f"{name}, {words.platform(line.platform)}, {OPERATIONS[line.operation]}"
            for name, line in _both(names, receipts)
        ],
        [_part(*part) for part in parts],
        ",~s",
    )
    numeric = ("Batches", "Sent", *(words.capital(title) for title, _, _ in parts))
    table = Table(
        "What became of the identifiers sent",
        ("Audience", "Platform", "Operation", *numeric, "Counted by"),
        tuple(
            (
                name,
                words.platform(line.platform),
                words.capital(line.operation),
                words.count(line.batches),
                words.count(line.sent),
                *(words.count(counts[place]) for _, _, counts in parts),
                "platform" if line.is_counted else "nobody",
            )
            for place, (name, line) in enumerate(_both(names, receipts))
        ),
        frozenset(numeric),
    )
    block = Block(picture=picture, table=table)
    return Section("receipts", "Receipts", heading, _about(receipts), (block,))


def _about(receipts: Sequence[ReceiptLine]) -> str:
    text = (
        "Identifiers, not people, as the ledger counts them for the last generation pushed: sent = "
        "accepted + invalid + sent again + left out + still worked on."
    )
    silent = sorted({words.platform(line.platform) for line in receipts if not line.is_counted})
    if silent:
        give = "gives no count of its own" if len(silent) == 1 else "give no count of their own"
        text += f" {words.listed(silent)} {give}: accepted is what was said yes to."
    return text


def _called(audience_name: str, labels: Mapping[str, str]) -> str:
    return labels.get(audience_name) or words.plain(audience_name)


def _both(names: Sequence[str], lines: Sequence[Line]) -> Iterable[tuple[str, Line]]:
    return zip(names, lines, strict=True)


def _part(title: str, colour: str, counts: Sequence[int]) -> Part:
    return Part(title, colour, tuple(counts), tuple(words.count(number) for number in counts))
