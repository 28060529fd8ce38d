"""What a paper is put together from, and the figures of forms chosen from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations

from compete.domain.exam.bank import Bank, Question
from compete.domain.exam.syllabus import Importance, points_with_all_above
from compete.domain.exam.table import Line, Table

Filled = Sequence[tuple[int, Question]]
"""The items of a form: the place of the line that each fills, and its question."""


@dataclass(frozen=True)
class Basis:
    """A bank and a table, with the hashes of their files."""

    bank: Bank
    table: Table
    bank_sha256: str
    table_sha256: str

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions of the bank by their codes."""
        return {question.code: question for question in self.bank.questions}

    @cached_property
    def importance(self) -> dict[str, Importance]:
        """The class of each point."""
        return {node.code: node.importance for node in self.bank.syllabus if node.importance}

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        return points_with_all_above(self.bank.syllabus)

    def fits(self, question: Question, line: Line) -> bool:
        """True if a question is of a line's kind and under its node."""
        return question.kind is line.kind and (
            line.node is None or line.node in self._above[question.node]
        )

    def missing(self, forms: Sequence[Filled]) -> Missing:
        """What forms lack; those that are not there lack everything."""
        return missing_of(
            self.table,
            [Counter(line for line, _question in items) for items in forms],
            [Counter(self.importance[question.node] for _, question in items) for items in forms],
        )

    def mean(self, items: Filled) -> Fraction | None:
        """The mean difficulty of a form; None of an empty one."""
        worths = [Fraction(self.table.lines[line].points) for line, _question in items]
        if not worths:
            return None
        got = sum(
            (
                worth * Fraction(question.last.difficulty)
                for worth, (_line, question) in zip(worths, items, strict=True)
            ),
            Fraction(),
        )
        return got / sum(worths, Fraction())


@dataclass(frozen=True, slots=True)
class Missing:
    """What forms lack: by the places of form and line, and by form and class."""

    lines: dict[tuple[int, int], int]
    importance: dict[tuple[int, Importance], int]

    @property
    def total(self) -> int:
        """How much is missing altogether."""
        return sum(self.lines.values()) + sum(self.importance.values())


def missing_of(
    table: Table, filled: Sequence[Counter[int]], classes: Sequence[Counter[Importance]]
) -> Missing:
    """What forms lack of which so many items fill each line, and so many are of each class."""
    lines, lacking = {}, {}
    for form in range(len(table.forms)):
        for number, line in enumerate(table.lines):
            short = line.count - (filled[form][number] if form < len(filled) else 0)
            if short > 0:
                lines[form, number] = short
        for importance in Importance:
            least = table.limits(importance).at_least or 0
            short = least - (classes[form][importance] if form < len(classes) else 0)
            if short > 0:
                lacking[form, importance] = short
    return Missing(lines, lacking)


def off(means: Sequence[Fraction], target: Fraction) -> Fraction:
    """How far the mean of a form lies from the target at the most."""
    return max(abs(mean - target) for mean in means)


def apart(means: Sequence[Fraction]) -> Fraction:
    """How far the means of two forms lie from each other at the most."""
    return max((abs(mean - other) for mean, other in combinations(means, 2)), default=Fraction(0))


def keeps_difficulty(table: Table, means: Sequence[Fraction]) -> bool:
    """True if the means of full forms lie as near as the table wants."""
    aim = table.difficulty
    return aim is None or (
        off(means, Fraction(aim.target)) <= aim.band
        and (aim.apart is None or apart(means) <= aim.apart)
    )
