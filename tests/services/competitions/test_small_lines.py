"""Pasted lines of a small contest are understood, and what is not is told by its line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from compete.services.competitions.small_contest import SmallContest, small_faults
from compete.services.competitions.small_lines import (
    Answered,
    heading_notice,
    lacking_mark,
    people_lines,
    points_lines,
    read_people,
    read_points,
)

DAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("line", "name", "unit"),
    [
        ("何立军", "何立军", ""),
        ("何立军\t一班", "何立军", "一班"),
        ("王 芳 一班", "王芳", "一班"),
        ("王 芳丽 一班", "王 芳丽", "一班"),
        ("欧阳 娜娜\t五班", "欧阳 娜娜", "五班"),
        ("欧阳 娜娜 五班", "欧阳 娜娜", "五班"),
        ("赵敏、装卸三班", "赵敏", "装卸三班"),
        ("John Smith\tTeam A", "John Smith", "Team A"),
        ("王五\t13900000005\t二班", "王五", "二班"),
        ("王五 139-0000-0005 二班", "王五", "二班"),
        ("3. 李强  二班 夜班", "李强", "二班 夜班"),
        ("1、赵六", "赵六", ""),
        ("阿不都·热合曼　机修", "阿不都·热合曼 机修", ""),
        ("钱七 320102197001011233 三班", "钱七", "三班"),
    ],
)
def test_a_line_is_a_person(line: str, name: str, unit: str) -> None:
    (person,) = read_people(line)
    assert (person.name, person.unit) == (name, unit)


@pytest.mark.parametrize(
    ("line", "name", "most", "off", "whole"),
    [
        ("锉削平面度 25", "锉削平面度", "25", None, False),
        ("尺寸 60±0.05 25分", "尺寸 60±0.05", "25", None, False),
        ("2、工具摆放 每次扣 2 10", "工具摆放", "10", "2", False),
        ("安全文明每处扣0.5分 5", "安全文明", "5", "0.5", False),
        ("锉削 33.333", "锉削", "33.333", None, False),
        ("划线\t0.5", "划线", "0.5", None, False),
        ("M12 攻丝 20", "M12 攻丝", "20", None, False),
        ("清场（40分）", "清场", "40", None, False),
        ("表面 0 到 5 5", "表面", "5", None, True),
        ("垂直度\t20", "垂直度", "20", None, False),
    ],
)
def test_a_line_is_what_is_marked(
    line: str, name: str, most: str, off: str | None, whole: bool
) -> None:
    (point,) = read_points(line)
    assert point.fault is None
    assert (point.name, str(point.most), point.off and str(point.off), point.whole) == (
        name,
        most,
        off,
        whole,
    )


def contest(people: str = "赵一", points: str = "", **rest: Any) -> SmallContest:
    given = {"name": "赛", "day": DAY, "prizes": (1, 0, 0)} | rest
    return SmallContest(people=read_people(people), points=read_points(points), **given)


@pytest.mark.parametrize(
    ("wanted", "field", "word"),
    [
        (contest(people=""), "people", "谁来比"),
        (contest(people="赵一\n\n待定"), "people", "第 3 行"),
        (contest(people="李强 一班\n李强 一班"), "people", "第 1 行"),
        (contest(people="钱七 320102197001011234"), "people", "最后一位"),
        (contest(people="\n".join(f"赵{n}" for n in range(101))), "people", "100"),
        (contest(points="平面度"), "points", "配多少分"),
        (contest(points="倒扣 -5"), "points", "大于 0"),
        (contest(points="锉削\t40\t0.5"), "points", "两格数"),
        (contest(points="表面 0 到 5"), "points", "配多少分"),
        (contest(points="25"), "points", "只有分数"),
        (contest(points="摆放 每次扣 20 10"), "points", "10"),
        (contest(points="摆放 5\n摆放 6"), "points", "同名"),
        (contest(name=""), "name", "名称"),
        (contest(judges=0), "judges", "1 到 9"),
        (contest(judges=3, drop=True), "judges", "4 名"),
        (contest(prizes=(1, 1, 0)), "prizes", "只有 1 人"),
        (contest(prizes=(-1, 0, 0)), "prizes", "负"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(wanted: SmallContest, field: str, word: str) -> None:
    (first, *_others) = small_faults(wanted)[field]
    assert word in first.render()
    assert list(small_faults(wanted)) == [field]


def test_two_of_one_name_stay_two() -> None:
    assert small_faults(contest(people="李强 一班\n李强 二班")) == {}


@pytest.mark.parametrize(
    "text",
    [
        "姓名\t班组\n何立军\t一班",
        "序号\t班组\t姓名\n1\t一班\t何立军",
        "姓名 班组\n何立军 一班",
        "参赛选手大名\t所在班组（车间）\n何立军\t一班",
        "所在班组\t职工姓名\n一班\t何立军",
    ],
)
def test_the_heading_of_a_table_is_no_person_and_that_is_said(text: str) -> None:
    assert "第 1 行" in str(heading_notice(text))
    (person,) = read_people(text)
    assert (person.line, person.name, person.unit) == (2, "何立军", "一班")


@pytest.mark.parametrize("line", ["何立军 机修车间", "何立军", "王人员 公司二部"])
def test_a_person_whose_unit_is_like_a_heading_is_one(line: str) -> None:
    assert heading_notice(line) is None
    (person,) = read_people(line)
    assert person.name == line.split()[0]


def test_the_heading_of_a_table_is_nothing_that_is_marked() -> None:
    points = read_points("序号\t项目\t配分\n1\t锉削平面度\t60\n2\t垂直度\t40")
    assert [(point.name, point.fault) for point in points] == [
        ("锉削平面度", None),
        ("垂直度", None),
    ]


def test_a_name_of_one_character_is_to_be_looked_at_and_stops_nothing() -> None:
    people = read_people("丹 一班")
    assert people[0].fault is None
    assert "只有一个字" in str(people[0].asked)


@pytest.mark.parametrize("line", ["Mary Hill", "五班 王五", "何立军 队员"])
def test_a_whole_line_that_is_a_name_with_a_blank_is_asked(line: str) -> None:
    (person,) = read_people(line)
    assert (person.name, person.unit, person.fault) == (line, "", None)
    assert person.asked is not None


def test_sums_are_neither_people_nor_items() -> None:
    people = people_lines("赵一\n合计\t10人\n共十人\n小计 2")
    assert [it.name for it in people.rows] == ["赵一"]
    assert [it.line for it in people.out] == [2, 3, 4]
    items = points_lines("锉削 60\n划线\n合计（满分）\t100")
    assert [it.name for it in items.rows] == ["锉削", "划线"]
    assert lacking_mark(items) == (2, 40)


def test_what_is_not_taken_is_no_part_of_the_unit_and_masked() -> None:
    (person,) = read_people("王五\t二班\t13900000005\t班长")
    assert person.unit == "二班"
    assert "13900000005" not in person.unused
    assert "139****0005" in person.unused
    assert "班长" in person.unused
    headed = people_lines("姓名\t班组\t联系电话\n许敏强\t装卸一班\t13900000005").rows[0]
    assert (headed.name, headed.unit) == ("许敏强", "装卸一班")


def test_an_answer_takes_the_question_away_and_a_mended_cell_too() -> None:
    asked = people_lines("Mary Hill").rows[0]
    assert asked.asked is not None
    agreed = people_lines("Mary Hill", Answered({1: {"name": "Mary Hill"}}, frozenset({1}))).rows[0]
    assert agreed.asked is None
    mended = people_lines("五班 王五", Answered({1: {"name": "王五", "unit": "五班"}})).rows[0]
    assert (mended.name, mended.unit, mended.asked) == ("王五", "五班", None)
