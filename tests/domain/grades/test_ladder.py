"""The grade ladder: order by place, never by digit."""

import pytest

from compete.domain.grades import GRADES, GradeError, grade_face, grade_label, parse_grade
from compete.domain.grades.ladder import NATIONAL, Ladder, Rung


def test_the_national_ladder_has_eight_rungs_from_apprentice_to_chief() -> None:
    names = [rung.name for rung in NATIONAL.rungs]
    assert names[0] == "学徒工"
    assert names[-1] == "首席技师"
    assert len(names) == 8


def test_the_digit_falls_while_the_grade_rises() -> None:
    assert NATIONAL.is_higher("L1", than="L2")
    assert NATIONAL.is_higher("LT", than="L1")
    assert not NATIONAL.is_higher("L5", than="L4")


def test_an_employers_ladder_may_run_the_other_way() -> None:
    operators = Ladder("运行员", (Rung("A", "一级运行员", ""), Rung("B", "二级运行员", "")))
    assert operators.is_higher("B", than="A")
    with pytest.raises(KeyError):
        operators.order("C")


def test_the_face_of_a_certificate_has_level_and_name() -> None:
    assert [grade_face(grade) for grade in GRADES] == [
        "五级/初级工",
        "四级/中级工",
        "三级/高级工",
        "二级/技师",
        "一级/高级技师",
    ]
    assert str(grade_label(3)) == "三级/高级工"
    assert str(grade_label(None)) == "无等级"


@pytest.mark.parametrize("typed", ["四级/中级工", "四级", "中级工", "4", "4级", " 四级 / 中级工 "])
def test_a_grade_is_read_as_people_write_it(typed: str) -> None:
    assert parse_grade(typed) == 4


@pytest.mark.parametrize("typed", ["", "无", " — "])
def test_no_grade_is_a_grade_too(typed: str) -> None:
    assert parse_grade(typed) is None


def test_an_unknown_grade_is_refused_with_an_example() -> None:
    with pytest.raises(GradeError, match="没有“九级”这个等级，写法如 四级/中级工"):
        parse_grade("九级")
