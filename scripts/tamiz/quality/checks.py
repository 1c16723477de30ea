"""Count in the warehouse what breaks each rule, and let Great Expectations judge the counts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tamiz.quality.expectations import judged
from tamiz.quality.pages import Counts
from tamiz.quality.rules import TableRules
from tamiz.quality.suites import suites
from tamiz.warehouse import Warehouse, columns

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One sentence about one table, whether it holds, and how many rows or keys break it."""

    suite: str
    table: str
    expectation: str
    passed: bool
    unexpected_count: int

    @property
    def line(self) -> str:
        """The check in one line, counts only."""
        verdict = "holds" if self.passed else f"broken {self.unexpected_count} times"
        return f"{self.table}: {self.expectation}: {verdict}"


@dataclass(frozen=True, slots=True)
class QualityResult:
    """Every check of one run; `passed` is whether all of them hold."""

    passed: bool
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.passed)


def run_checks(warehouse: Warehouse, docs_dir: Path, as_of: datetime, say: Say) -> QualityResult:
    """Run all suites, write their pages below `docs_dir` and return every check.

    `as_of` (with its time zone) is the moment the build was made for; `say` gets lines of progress.
    A required table or column that is absent is a failed check; an optional one is only said.
    Raises ConfigError when the warehouse cannot answer.
    """
    counts = counted(warehouse, as_of, say)
    checks = tuple(
        Check(*batch, expectation, passed, counts[batch][expectation])
        for batch, verdicts in judged(counts, docs_dir, as_of).items()
        for expectation, passed in verdicts.items()
    )
    for suite in dict.fromkeys(check.suite for check in checks):
        of_suite = [check for check in checks if check.suite == suite]
        broken = sum(not check.passed for check in of_suite)
        say(f"{suite}: {len(of_suite)} checks, {broken} broken")
    return QualityResult(all(check.passed for check in checks), checks)


def counted(warehouse: Warehouse, as_of: datetime, say: Say) -> Counts:
    """Return how often each sentence is broken, by suite and table; one query per table."""
    relations = warehouse.relations()
    counts = {
        (suite, rules.table): counts_of(warehouse, rules, relations, say)
        for suite, tables in suites(as_of).items()
        for rules in tables
    }
    return {batch: breaks for batch, breaks in counts.items() if breaks}


def counts_of(
    warehouse: Warehouse, rules: TableRules, relations: frozenset[str], say: Say
) -> dict[str, int]:
    """Return how often each sentence about one table is broken; nothing when it is left out."""
    if rules.table not in relations:
        if rules.optional:
            say(f"{rules.table} is not in the warehouse: its checks are left out")
            return {}
        return {"the table is in the warehouse": 1}
    sentences = dict(_sentences(warehouse, rules, relations, say))
    listed = ", ".join(f"{breaks} as n{number}" for number, breaks in enumerate(sentences.values()))
    row = warehouse.table(f"select {listed} from {rules.table}")  # noqa: S608 - our own rules
    return {
        sentence: int(row.column(number)[0].as_py()) for number, sentence in enumerate(sentences)
    }


def _sentences(
    warehouse: Warehouse, rules: TableRules, relations: frozenset[str], say: Say
) -> Iterator[tuple[str, str]]:
    """Yield each sentence and the SQL that counts its breaks, as far as this table allows."""
    present = columns(warehouse, rules.table)
    for rule in rules.rules:
        absent = [name for name in rule.columns if name not in present]
        absent += [name for name in rule.reads if name not in relations]
        if not absent:
            yield rule.words, rule.breaks
        elif rule.optional:
            say(f"{rules.table} has no {', '.join(absent)}: not checked: {rule.words}")
        else:
            for name in absent:
                yield f"{name} is in the warehouse", "1"
