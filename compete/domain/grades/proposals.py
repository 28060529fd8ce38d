"""Proposed grades and the decisions on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compete.domain.bundle.results import EventResults
from compete.domain.grades.ladder import NATIONAL, Ladder, grade_label
from compete.domain.values.messages import Message, msg
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
    listed, named = [], set()
    for row in event.grades or ():
        if row.change != "promoted" or row.grade is None:
            continue
        code = row.member or row.entrant
        named.add(code)
        decision = decided.get(code)
        if decision is None:
            listed.append(ListedGrade(row.entrant, row.member, row.grade, None))
        elif decision.grade == row.grade:
            listed.append(ListedGrade(row.entrant, row.member, row.grade, decision.state))
        elif decision.kept_of is not None:
            listed.append(_kept_grade(row.entrant, row.member, decision))
        else:
            listed.append(ListedGrade(row.entrant, row.member, row.grade, None))
    here = {row.entrant for row in event.standings}
    for code, decision in decided.items():
        if decision.kept_of in here and code not in named:
            member = code if code != decision.kept_of else None
            listed.append(_kept_grade(decision.kept_of, member, decision))
    return listed


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
) -> dict[str, Message]:
    """The text of each entrant under 拟晋升等级; 缓办 while a grade is on hold.

    What was refused is left out, what was revoked afterwards says so. Of a crew it is each
    member's, with the name out of `members` before it.
    """
    texts: dict[str, Message] = {}
    for listed in listed_grades(event, decided):
        if listed.state is GradeState.REFUSED:
            continue
        words = grade_label(listed.grade, ladder)
        if listed.kept:
            words = kept_words(listed.grade, ladder)
        elif listed.state is GradeState.DEFERRED:
            words = msg("缓办")
        elif listed.state is GradeState.REVOKED:
            words = msg("%(grade)s（已撤销）", grade=words)
        if listed.member is not None:
            words = msg("%(name)s %(grade)s", name=members[listed.member], grade=words)
        if listed.entrant in texts:
            words = msg("%(some)s、%(more)s", some=texts[listed.entrant], more=words)
        texts[listed.entrant] = words
    return texts
