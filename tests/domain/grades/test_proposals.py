"""What stands under 拟晋升等级 once somebody has decided."""

from __future__ import annotations

from typing import Any

import pytest

from compete.domain.bundle import GradeRow
from compete.domain.grades import promotion_words, promotions
from compete.domain.values import GradeState


def row(entrant: str, grade: int | None = 3, change: Any = "promoted", **keys: Any) -> GradeRow:
    return GradeRow(entrant, grade, "r", change, [], **keys)


def said(rows: list[GradeRow] | None, decided: dict[str, Any], **names: str) -> dict[str, str]:
    return {code: str(words) for code, words in promotions(rows, decided, names).items()}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "二级/技师"),
        (GradeState.PROPOSED, "二级/技师"),
        (GradeState.APPROVED, "二级/技师"),
        (GradeState.ISSUED, "二级/技师"),
        (GradeState.DEFERRED, "缓办"),
        (GradeState.REFUSED, None),
        (GradeState.REVOKED, None),
    ],
)
def test_who_was_refused_is_not_told_a_grade(state: GradeState | None, words: str | None) -> None:
    told = promotion_words(2, state)
    assert (None if told is None else str(told)) == words


def test_a_decision_counts_for_the_grade_that_it_was_about() -> None:
    rows = [row("P1"), row("P2"), row("P3"), row("P4", change="kept"), row("P5", None)]
    decided = {"P1": (3, GradeState.DEFERRED), "P2": (2, GradeState.REFUSED)}
    assert said(rows, decided) == {"P1": "缓办", "P2": "三级/高级工", "P3": "三级/高级工"}
    assert said(None, decided) == {}


def test_of_a_crew_each_member_is_named_with_the_own_grade() -> None:
    rows = [row("C1", member="C1a"), row("C1", 4, member="C1b"), row("C1", 2, member="C1c")]
    decided = {"C1b": (4, GradeState.DEFERRED), "C1c": (2, GradeState.REFUSED)}
    names = {"C1a": "马一", "C1b": "何二", "C1c": "李三"}
    assert said(rows, decided, **names) == {"C1": "马一 三级/高级工、何二 缓办"}
