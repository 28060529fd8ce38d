"""What lists name of a grade once somebody has decided on it."""

from __future__ import annotations

from compete.domain.bundle.results import EventResults, FinalRow, GradeRow
from compete.domain.grades.proposals import DecidedGrade, ListedGrade, listed_grades, promotions
from compete.domain.values.states import GradeState

ISSUED = GradeState.ISSUED


def event(*grades: GradeRow) -> EventResults:
    final = [FinalRow("C1", 1, "ranked", "9", "S"), FinalRow("P2", 2, "ranked", "8", "S")]
    return EventResults("E", [], final, grades=list(grades))


def rise(entrant: str, grade: int, member: str | None = None) -> GradeRow:
    return GradeRow(entrant, grade, "r", "promoted", [], member=member)


def test_of_a_crew_the_member_whose_certificate_was_kept_is_named() -> None:
    decided = {"C1-1": DecidedGrade(2, ISSUED, "C1"), "C1-2": DecidedGrade(3, ISSUED)}
    results = event(rise("C1", 3, "C1-2"))
    assert listed_grades(results, decided) == [
        ListedGrade("C1", "C1-2", 3, ISSUED),
        ListedGrade("C1", "C1-1", 2, ISSUED, kept=True),
    ]
    (words,) = promotions(results, decided, {"C1-1": "甲", "C1-2": "乙"}).values()
    assert words.render() == "乙 三级/高级工、甲 保留 二级/技师"


def test_a_kept_grade_that_the_rules_give_again_is_no_longer_called_so() -> None:
    decided = {"P2": DecidedGrade(3, ISSUED, "P2")}
    (same,) = listed_grades(event(rise("P2", 3)), decided)
    (other,) = listed_grades(event(rise("P2", 2)), decided)
    assert (same.kept, other.kept, other.grade) == (False, True, 3)


def test_a_decision_on_another_grade_says_nothing_and_one_of_another_event_is_not_listed() -> None:
    decided = {
        "P2": DecidedGrade(3, GradeState.REFUSED),
        "X9": DecidedGrade(1, ISSUED, "X9"),
    }
    assert listed_grades(event(rise("P2", 2)), decided) == [ListedGrade("P2", None, 2, None)]


def test_who_was_refused_is_told_no_grade_and_a_revoked_one_says_so() -> None:
    states = [None, *GradeState]
    grades = [rise(f"P{number}", 2) for number in range(len(states))]
    decided = {
        row.entrant: DecidedGrade(2, state)
        for row, state in zip(grades, states, strict=True)
        if state is not None
    }
    grade_words = promotions(event(*grades), decided, {})
    assert {
        state: str(grade_words[row.entrant]) if row.entrant in grade_words else None
        for row, state in zip(grades, states, strict=True)
    } == {
        None: "二级/技师",
        GradeState.PROPOSED: "二级/技师",
        GradeState.DEFERRED: "缓办",
        GradeState.REFUSED: None,
        GradeState.APPROVED: "二级/技师",
        GradeState.ISSUED: "二级/技师",
        GradeState.REVOKED: "二级/技师（已撤销）",
    }


def test_whom_the_rules_raise_no_further_is_not_listed() -> None:
    kept = GradeRow("P1", 3, "r", "kept", [])
    assert promotions(event(kept, rise("P2", 2)), {}, {}).keys() == {"P2"}
    assert promotions(EventResults("E", [], [], grades=None), {}, {}) == {}
