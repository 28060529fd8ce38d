"""Questions that a paper may be put together from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.exam.bank import DIFFICULTY_PLACES, Question
from compete.domain.exam.basis import Basis
from compete.domain.exam.option_order import Chance
from compete.domain.exam.syllabus import Importance
from compete.domain.exam.table import POINTS_PLACES, why_not

DIFFICULTY_UNIT = 10**DIFFICULTY_PLACES
POINTS_UNIT = 10**POINTS_PLACES


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A question, and all that counts where it is chosen or not."""

    question: Question
    lines: tuple[int, ...]
    """The places of the lines that it can fill."""
    point: str | None
    """Its point, where a form holds one question of each."""
    family: str | None
    """Its family, where that rules out more than its point does."""
    importance: Importance
    ease: int
    """Its difficulty less the target, in units of the last place; 0 without a target."""
    uses: int


def candidates(basis: Basis, chance: Chance) -> list[Candidate]:
    """The questions that fit a line, the least used first, equals by chance."""
    table = basis.table
    target = None if table.difficulty is None else in_units(table.difficulty.target)
    usable = []
    for question in basis.bank.questions:
        if why_not(question, table) is None:
            fits = (number for number, line in enumerate(table.lines) if basis.fits(question, line))
            lines = tuple(fits)
            if lines:
                usable.append((question, lines))
    binding = _families_that_bind([question for question, _lines in usable], basis)
    found = [
        Candidate(
            question=question,
            lines=lines,
            point=question.node if table.one_per_point else None,
            family=question.family if question.family in binding else None,
            importance=basis.importance[question.node],
            ease=0 if target is None else in_units(question.last.difficulty) - target,
            uses=len(question.uses),
        )
        for question, lines in usable
    ]
    chance.shuffle(found)
    return sorted(found, key=lambda candidate: candidate.uses)


def in_units(difficulty: Decimal) -> int:
    """A difficulty, or a distance of such, in units of the last place."""
    return int(difficulty * DIFFICULTY_UNIT)


def _families_that_bind(questions: list[Question], basis: Basis) -> set[str | None]:
    """The families with members that could otherwise stand in a form together."""
    members: dict[str, list[str]] = defaultdict(list)
    if basis.table.one_per_family:
        for question in questions:
            if question.family is not None:
                members[question.family].append(question.node)
    return {
        family
        for family, nodes in members.items()
        if len(set(nodes) if basis.table.one_per_point else nodes) > 1
    }
