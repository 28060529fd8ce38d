"""The grade ladder: order by place, never by digit."""

from typing import Any

import pytest

from compete.domain.grades.ladder import (
    GRADES,
    NATIONAL,
    GradeError,
    grade_face,
    grade_label,
    ladder_from,
    ladder_lines,
    ladder_tree,
    parse_grade,
    read_ladder,
)
from compete.domain.grades.proposals import kept_words


def test_the_national_ladder_has_eight_rungs_from_apprentice_to_chief() -> None:
    names = [rung.name for rung in NATIONAL.rungs]
    assert names[0] == "学徒工"
    assert names[-1] == "首席技师"
    assert len(names) == 8


def test_the_digit_falls_while_the_grade_rises() -> None:
    keys = [rung.key for rung in NATIONAL.rungs]
    assert keys == ["L6", "L5", "L4", "L3", "L2", "L1", "LT", "LS"]
    assert [rung.grade for rung in NATIONAL.rungs] == [None, 5, 4, 3, 2, 1, None, None]


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


OWN = """5 一级运行员
4 二级运行员
3 三级运行员 | 三级/运行员
- 首席运行员"""


def test_an_employers_words_stand_for_the_grades_and_order_is_the_lists() -> None:
    own = read_ladder("运行员等级", OWN)
    assert [rung.key for rung in own.rungs] == ["L5", "L4", "L3", "R3"]
    assert [str(grade_label(grade, own)) for grade in GRADES] == [
        "一级运行员",
        "二级运行员",
        "三级/运行员",
        # What it has no rung for is named as on the national one.
        "二级/技师",
        "一级/高级技师",
    ]
    assert grade_face(5, own) == "一级运行员"
    assert str(grade_label(None, own)) == "无等级"
    assert str(kept_words(3, own)) == "保留 三级/运行员"


def test_a_ladder_comes_back_from_a_form_and_from_a_file() -> None:
    own = read_ladder("运行员等级", OWN)
    assert ladder_lines(own) == OWN
    assert ladder_from({"ladder": ladder_tree(own)}) == own
    assert read_ladder("", ladder_lines(NATIONAL)).rungs[1].face == "五级/初级工"
    assert ladder_from(None) is NATIONAL
    assert ladder_from({"blind": True}) is NATIONAL


@pytest.mark.parametrize(
    "plain_ladder",
    [
        7,
        {},
        {"rungs": {}},
        {"rungs": [7]},
        {"rungs": [{"grade": 3}]},
        {"rungs": [{"name": "", "grade": 3}]},
        {"rungs": [{"name": "甲", "grade": 9}]},
        {"rungs": [{"name": "甲", "grade": True}]},
        {"rungs": [{"name": "甲", "grade": [3]}]},
        {"rungs": [{"name": "甲", "face": 3, "grade": 3}]},
        {"rungs": [{"name": "甲", "grade": 3}, {"name": "乙", "grade": 4}]},
    ],
)
def test_what_is_no_ladder_stands_in_nobodys_way(plain_ladder: Any) -> None:
    assert ladder_from({"ladder": plain_ladder}) is NATIONAL


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("一级运行员", "第 1 行要写：等级"),
        ("5 |", "第 1 行要写：等级"),
        ("5 甲\n5 乙", "第 2 行：要从低到高写"),
        ("3 甲\n4 乙", "第 2 行：要从低到高写"),
        ("5 甲\n4 甲", "第 2 行：“甲”前面写过了"),
        ("5 " + "长" * 61, "第 1 行的名称最长 60 个字"),
        ("- 甲", "至少有一级"),
        ("\n".join(["5 甲", *(f"- {n}" for n in range(20))]), "最多 20 级，现在是 21 级"),
    ],
)
def test_a_ladder_that_cannot_be_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(GradeError, match=why):
        read_ladder("", text)


def test_on_a_ladder_of_ones_own_a_bare_level_is_nobodys() -> None:
    """Where 一级 is the lowest, reading it as the national highest would be worth a wage."""
    own = read_ladder(
        "运行员等级", "- 学员\n5 一级运行员\n4 二级运行员 | 二级/运行员\n- 首席运行员"
    )
    assert parse_grade("一级运行员", own) == 5
    assert parse_grade("二级/运行员", own) == 4
    assert parse_grade("高级工", own) == 3
    assert parse_grade("学员", own) is None
    assert parse_grade("无", own) is None
    for bare in ("一级", "1", "5级"):
        with pytest.raises(GradeError, match="写 学员、一级运行员"):
            parse_grade(bare, own)
    with pytest.raises(GradeError, match="不对应"):
        parse_grade("首席运行员", own)
    assert parse_grade("一级") == 1
