"""Conditions of entry held against a person, rule by rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from compete.domain.eligibility import (
    Conditions,
    Facts,
    Rule,
    conditions_for,
    findings,
    months_words,
    rules_in,
)
from compete.domain.grades.ladder import read_ladder
from compete.domain.values.kinds import EntrantGroup

DAY = date(2026, 5, 1)
EVERYTHING = Conditions(
    age_from=18,
    age_to=60,
    years=5,
    grade=4,
    certificate=True,
    groups=(EntrantGroup.WORKER, EntrantGroup.STUDENT),
    no_posts=("主任", "经理"),
    not_promoted=True,
    one_event=True,
)
FIT = Facts(
    birth=date(1966, 4, 30),
    months=60,
    grade=4,
    certificate="Y000032000126194000318",
    post="叉车司机",
    promoted=2025,
)


def broken(facts: Facts, conditions: Conditions = EVERYTHING) -> dict[Rule, str]:
    return {
        finding.rule: str(finding.sentence)
        for finding in findings(conditions, facts, DAY)
        if not finding.fits
    }


def test_nothing_is_asked_unless_it_is_set() -> None:
    assert findings(Conditions(), Facts(), DAY) == []
    assert not Conditions().asked
    assert rules_in(EVERYTHING) == list(Rule)
    assert broken(FIT) == {}


@pytest.mark.parametrize(
    ("changed", "rule", "sentence"),
    [
        (
            {"birth": date(1965, 5, 1)},
            Rule.AGE,
            "年龄要求：18–60 岁（到 2026年5月1日），此人 61 岁",
        ),
        ({"birth": date(2008, 5, 2)}, Rule.AGE, "此人 17 岁"),
        ({"birth": None}, Rule.AGE, "此人没填出生日期"),
        ({"months": 58}, Rule.YEARS, "本职业年限要求：满 5 年，此人 4 年 10 个月"),
        ({"months": None}, Rule.YEARS, "，此人没填"),
        ({"grade": None, "certificate": "1432000001500001"}, Rule.GRADE, "四级/中级工或以上"),
        (
            {"certificate": None},
            Rule.CERTIFICATE,
            "等级证书编号要求：填写，并且和现等级对得上，此人没填",
        ),
        (
            {"certificate": None, "reads_it": True},
            Rule.CERTIFICATE,
            "等级证书编号要求：填写，并且和现等级对得上，你没填",
        ),
        ({"months": 58, "reads_it": True}, Rule.YEARS, "，你 4 年 10 个月"),
        ({"group": "teacher", "reads_it": True}, Rule.GROUP, "，你是教师"),
        (
            {"certificate": "Y000032000126193000318"},
            Rule.CERTIFICATE,
            "编号上是三级/高级工，现等级写的是四级/中级工",
        ),
        ({"certificate": "1432000001300001"}, Rule.CERTIFICATE, "编号上是三级/高级工"),
        ({"certificate": "1432000001500001"}, Rule.CERTIFICATE, "编号上是五级/初级工"),
        ({"group": "teacher"}, Rule.GROUP, "组别要求：职工、学生，此人是教师"),
        ({"post": "车间主任"}, Rule.POST, "此人的岗位是“车间主任”"),
        ({"promoted": 2026}, Rule.PROMOTED, "此人 2026 年晋升过"),
        ({"other_events": ["起重机"]}, Rule.ONE_EVENT, "此人还报了起重机"),
    ],
)
def test_what_is_not_met_is_said_with_the_rule_and_the_fact(
    changed: dict[str, object], rule: Rule, sentence: str
) -> None:
    sentences = broken(replace(FIT, **changed))
    assert sentence in sentences[rule]


@pytest.mark.parametrize(
    ("months", "words"), [(5, "5 个月"), (48, "4 年"), (58, "4 年 10 个月"), (0, "0 年")]
)
def test_months_are_told_in_years_and_months(months: int, words: str) -> None:
    assert str(months_words(months)) == words


def test_posts_are_told_apart_by_their_words_and_not_by_how_they_are_written() -> None:
    barred = Conditions(no_posts=("Manager",))
    assert set(broken(replace(FIT, post="line MANAGER"), barred)) == {Rule.POST}
    assert broken(replace(FIT, post="line worker"), barred) == {}


def test_a_promotion_of_another_year_bars_nobody() -> None:
    for year in (2025, 2027):
        assert broken(replace(FIT, promoted=year)) == {}


def test_grades_are_called_as_the_event_calls_them() -> None:
    own = read_ladder("运行员等级", "5 一级运行员\n4 二级运行员\n3 三级运行员")
    sentences = broken(replace(FIT, grade=5, certificate=None, ladder=own))
    assert sentences[Rule.GRADE] == "现等级要求：二级运行员或以上，此人是一级运行员"
    doubts = broken(replace(FIT, certificate="Y000032000126193000318", ladder=own))
    assert "编号上是三级运行员，现等级写的是二级运行员" in doubts[Rule.CERTIFICATE]


def test_an_age_may_be_counted_on_another_day() -> None:
    on = Conditions(age_to=60, age_on=date(2027, 1, 1))
    assert "不超过 60 岁（到 2027年1月1日），此人 60 岁" not in broken(FIT, on).get(Rule.AGE, "")
    assert broken(replace(FIT, birth=date(1966, 1, 1)), on) == {
        Rule.AGE: "年龄要求：不超过 60 岁（到 2027年1月1日），此人 61 岁"
    }


def test_a_number_that_tells_no_grade_is_not_compared() -> None:
    for number in ("1432000001300", "Y00003200012619A000318"):
        assert broken(replace(FIT, certificate=number)) == {}


def test_one_event_alone_holds_from_either_side() -> None:
    by_event = {"A": Conditions(one_event=True)}
    assert conditions_for(by_event, "B", ["A"]).one_event
    assert not conditions_for(by_event, "B", ["C"]).one_event
    assert not conditions_for(by_event, "B", []).one_event
