"""The notice of a correction tells of grades what was decided, as every other list does."""

from __future__ import annotations

from collections.abc import Callable

from compete.domain.values.states import GradeState
from compete.models import Account, Competition
from compete.services.closing.grade_proposals import decide_grades
from compete.services.results.changed_lines import changed_lines
from compete.services.results.publishing import publish
from tests.support.announced import lock
from tests.support.second_day import second_version, with_prizes


def test_a_correction_names_no_grade_that_was_refused_or_is_on_hold(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    lock(competition, organiser)
    decide_grades(competition, ["P2"], GradeState.DEFERRED, organiser, "材料还没齐")
    decide_grades(competition, ["P3"], GradeState.REFUSED, organiser, "本人放弃")
    publish(competition, organiser)
    lines = changed_lines(second_version(competition, organiser))
    grades = {
        line.code: tuple(str(state.grade or "—") if state else "" for state in (line.was, line.now))
        for line in lines
    }
    assert grades == {
        "P1": ("二级/技师", "—"),
        # Of the grade that the new rank brings nobody has decided yet.
        "P2": ("缓办", "二级/技师"),
        "P3": ("—", "—"),
        "P4": ("—", "三级/高级工"),
    }
