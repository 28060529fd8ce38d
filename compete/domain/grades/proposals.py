"""Proposed grades and the decisions on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compete.domain.bundle.results import EventResults
from compete.domain.grades.ladder import NATIONAL, Ladder, grade_label
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import GradeState


@dataclass(frozen=True, slots=True)
class DecidedGrade:
    """A person's grade as decided, and its state.

    `kept_of` is there where two persons kept the certificate though the results give its
    grade no more: the entrant's code, which of a crew is the crew's.
    """

    grade: int
    state: GradeState
    kept_of: str | None = None


Decided = Mapping[str, DecidedGrade]
"""By entrant or, of a crew, member."""


@dataclass(frozen=True, slots=True)
class ListedGrade:
    """A grade as lists name it. `state` is None where nobody has decided on it yet.

    `kept` says that a certificate stands for it though the results give another, or none.
    """

    entrant: str
    member: str | None
    grade: int
    state: GradeState | None
    kept: bool = False


def listed_grades(event: EventResults, decided: Decided) -> list[ListedGrade]:
    """Every grade that an event's lists have to name, as the rules give it or as it was kept.

    A decision about another grade than the rules give now says nothing of this one,
    unless its certificate was kept.
    """
    grades, named = [], set()
    for row in event.grades or ():
        if row.change != "promoted" or row.grade is None:
            continue
        code = row.member or row.entrant
        named.add(code)
        decision = decided.get(code)
        agrees = decision is not None and decision.grade == row.grade
        if decision is not None and decision.kept_of is not None and not agrees:
            grades.append(_kept_grade(row.entrant, row.member, decision))
        else:
            state = decision.state if decision is not None and agrees else None
            grades.append(ListedGrade(row.entrant, row.member, row.grade, state))
    here = {row.entrant for row in event.standings}
    for code, decision in decided.items():
        if decision.kept_of in here and code not in named:
            member = code if code != decision.kept_of else None
            grades.append(_kept_grade(decision.kept_of, member, decision))
    return grades


def _kept_grade(entrant: str, member: str | None, decision: DecidedGrade) -> ListedGrade:
    return ListedGrade(entrant, member, decision.grade, decision.state, kept=True)


def kept_words(grade: int, ladder: Ladder = NATIONAL) -> Message:
    """The words for a grade whose certificate two persons kept against the results."""
    return msg("保留 %(grade)s", grade=grade_label(grade, ladder))


def promotions(
    event: EventResults,
    decided: Decided,
    members: Mapping[str, str],
    ladder: Ladder = NATIONAL,
    *,
    of: str | None = None,
) -> dict[str, Message | str]:
    """The text of each entrant, or of that one, under 拟晋升等级; 缓办 while a grade is on hold.

    What was refused is left out, what was revoked afterwards says so. Of a crew it is each
    member's, with the name out of `members` before it.
    """
    texts: dict[str, list[Message]] = {}
    for grade in listed_grades(event, decided):
        if grade.state is GradeState.REFUSED or of not in (None, grade.entrant):
            continue
        words = grade_label(grade.grade, ladder)
        if grade.kept:
            words = kept_words(grade.grade, ladder)
        elif grade.state is GradeState.DEFERRED:
            words = msg("缓办")
        elif grade.state is GradeState.REVOKED:
            words = msg("%(grade)s（已撤销）", grade=words)
        if grade.member is not None:
            words = msg("%(name)s %(grade)s", name=members[grade.member], grade=words)
        texts.setdefault(grade.entrant, []).append(words)
    return {code: listed(words) for code, words in texts.items()}
