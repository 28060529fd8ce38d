"""What is said of a proposed grade once somebody has decided on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from compete.domain.bundle import GradeRow
from compete.domain.grades.ladder import grade_label
from compete.domain.values import GradeState, Message, msg

Decided = Mapping[str, tuple[int, GradeState]]
"""By entrant: the grade that a decision is about, and where it stands."""

_NOT_GIVEN = frozenset({GradeState.REFUSED, GradeState.REVOKED})


def promotion_words(grade: int, state: GradeState | None) -> Message | None:
    """The grade to be given, 缓办 while it is on hold, None when it was refused or revoked."""
    if state is GradeState.DEFERRED:
        return msg("缓办")
    return None if state in _NOT_GIVEN else grade_label(grade)


def promotions(
    rows: Iterable[GradeRow] | None, decided: Decided, members: Mapping[str, str]
) -> dict[str, Message]:
    """By entrant, what stands under 拟晋升等级: the rules' grade as somebody decided on it.

    Of a crew it is each member's, with the name out of `members` before it. A
    decision about another grade than the rules give now says nothing of this one.
    """
    found: dict[str, Message] = {}
    for row in rows or ():
        if row.change != "promoted" or row.grade is None:
            continue
        grade, state = decided.get(row.member or row.entrant, (row.grade, None))
        words = promotion_words(row.grade, state if grade == row.grade else None)
        if words is None:
            continue
        if row.member is not None:
            words = msg("%(name)s %(grade)s", name=members[row.member], grade=words)
        if row.entrant in found:
            words = msg("%(some)s、%(more)s", some=found[row.entrant], more=words)
        found[row.entrant] = words
    return found
