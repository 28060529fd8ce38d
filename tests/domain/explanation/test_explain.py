"""Every point, rank, award and grade told in sentences."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.bundle.grade_types import GradeRule
from compete.domain.bundle.reading import read_bundle
from compete.domain.explanation.grades import levels_word, rule_words
from compete.domain.explanation.steps import (
    Explanation,
    NobodyError,
    StepKind,
    compared,
    every_step,
)
from compete.domain.explanation.tree import explain, explain_entrant
from compete.domain.scoring.scorer import Scorer
from tests.domain.scoring.build import (
    Plain,
    aspect,
    bundle,
    by_judges,
    entrant,
    event,
    mark,
    module,
    panel,
    people,
    stage,
    totals,
)
from tests.domain.scoring.competitions import competition

CASES = Path(__file__).parents[2] / "examples"


def explained(plain: Plain, code: str = "P1") -> Explanation:
    return explain(read_bundle(json.dumps(plain).encode()), code)


def sentences(plain: Plain, code: str = "P1", kind: StepKind | None = None) -> list[str]:
    explanation = explained(plain, code)
    return [
        str(step.text) for _, step in every_step(explanation.steps) if kind in (None, step.kind)
    ]


def single(the_module: Plain, marks: list[Plain], **keys: Any) -> Plain:
    rounding = keys.pop("rounding", {})
    return bundle(event(stage(the_module), rounding=rounding), people(1), marks, **keys)


def test_an_aspect_is_written_out_with_its_judges() -> None:
    judged = module(
        aspects=[aspect("规范", full=2, kind="judgement")],
        panel=panel(3, at="aspect"),
    )
    plain = single(judged, by_judges("P1", 2, 3, 2, aspect_code="规范"), rounding={"aspect": 2})
    assert "规范：1.56 ≈ (2+3+2) ÷ 9 × 2（四舍五入到 2 位小数）；裁判 J1 J2 J3" in sentences(plain)


def test_a_panel_of_sheets_names_who_was_left_out() -> None:
    trimmed = module(panel=panel(5, "trimmed_mean", drop_high=1, drop_low=1))
    texts = sentences(single(trimmed, by_judges("P1", "78", "80", "80.5", "80.5", "83")))
    assert "80.3333… = (80+80.5+80.5) ÷ 3；裁判 J2 J3 J4" in texts
    assert "去掉最高 83（裁判 J5）" in texts
    assert "去掉最低 78（裁判 J1）" in texts


def test_a_median_is_the_middle() -> None:
    texts = sentences(single(module(panel=panel(3, "median")), by_judges("P1", "70", "90", "60")))
    assert "70 = 70；裁判 J1" in texts
    assert "取中间的，不计裁判 J2 J3" in texts


@pytest.mark.parametrize(
    ("the_aspect", "value", "sentence"),
    [
        (aspect(), "7.5", "a：7.5 分"),
        (aspect(kind="judgement"), 2, "a：评 2 档：6.6667… = 10 × 2 ÷ 3"),
        (aspect(kind="measurement"), True, "a：达到，得 10 分"),
        (
            aspect(kind="measurement", bands=[{"within": "0.5", "marks": "4"}]),
            "-0.3",
            "a：偏差 -0.3，在 0.5 以内，得 4 分",
        ),
        (aspect(kind="deduction", points="2"), 3, "a：扣 3 次：4 = 10 − 3 × 2"),
        (
            aspect(kind="time", full_at=60, zero_at=90),
            "75",
            "a：用时 1:15（75 秒），在满分线 1:00（60 秒）和零分线 1:30（90 秒）之间："
            "5 = 10 × (90 − 75) ÷ (90 − 60)",
        ),
        (aspect(kind="relative"), "8", "a：10 = 10 × 最好 8 ÷ 本人 8"),
    ],
)
def test_each_type_says_how_its_value_counts(the_aspect: Plain, value: Any, sentence: str) -> None:
    assert sentence in sentences(single(module(aspects=[the_aspect]), [mark("P1", value)]))


def test_a_factor_and_penalties_are_told() -> None:
    weighed = module(aspects=[aspect(factor="1.2")])
    penalty = {"stage": "S", "module": "m", "entrant": "P1", "points": "1", "reason": "越线"}
    texts = sentences(single(weighed, [mark("P1", "7.5")], penalties=[penalty]))
    assert "a：7.5 分；乘系数，9 = 7.5 × 1.2" in texts
    assert "扣 1 分：越线" in texts
    assert "得分 8.00 = 9 − 1" in texts


def test_two_neighbours_are_told_apart_by_the_key_that_did_it() -> None:
    two = event(
        stage(module("theory"), module("driving", name="实操")),
        ranking={"ties": ["time:theory", "module:driving"]},
    )
    marks = [
        mark("P1", "40", module_code="theory"),
        mark("P1", "95", module_code="driving"),
        mark("P2", "41", module_code="theory"),
        mark("P2", "94", module_code="driving"),
    ]
    plain = bundle(two, people(2), marks)
    wanted = "在 P2 之前：总分相同，同分要比的第 2 项 实操：95.00 > 94.00"
    assert wanted in sentences(plain, "P1", StepKind.RANK)
    wanted = "在 P1 之后：总分相同，同分要比的第 2 项 实操：95.00 > 94.00"
    assert wanted in sentences(plain, "P2", StepKind.RANK)


def test_equals_are_told_as_level() -> None:
    plain = bundle(event(stage(module())), people(3), totals(P1=90, P2=90, P3=80))
    assert sentences(plain, "P1", StepKind.RANK) == ["与 P2 并列：总分和同分要比的各项都相同"]
    assert sentences(plain, "P2", StepKind.RANK) == [
        "与 P1 并列：总分和同分要比的各项都相同",
        "在 P3 之前：总分 90.00 > 80.00",
    ]


def test_a_rounded_aspect_is_told_step_by_step() -> None:
    halves = module(aspects=[aspect(factor="2")], panel=panel(2, at="aspect"))
    plain = single(halves, by_judges("P1", "7", "8"), rounding={"aspect": 0})
    wanted = "a：16 = 8 × 2，其中 8 ≈ (7+8) ÷ 2（四舍五入到整数）；裁判 J1 J2"
    assert wanted in sentences(plain)


def test_who_withdrew_is_not_measured_against_the_best() -> None:
    plain = bundle(
        event(stage(module(aspects=[aspect(kind="relative", better="higher")]))),
        people(2),
        [mark("P1", "50"), mark("P2", "50")],
        outcomes=[{"stage": "S", "module": "m", "entrant": "P1", "status": "dnf", "reason": "伤"}],
    )
    texts = sentences(plain)
    assert "a：测得 50，中途退出的不与别人比，计 0 分" in texts
    assert "中途退出的，给过分的裁判都算，没有评的计 0 分，不看裁判是否相差过大" in texts


def test_who_is_absent_is_told_to_have_nothing() -> None:
    dns = {"stage": "S", "module": "m", "entrant": "P1", "status": "dns", "reason": "未到"}
    assert "缺考的计 0 分" in sentences(single(module(), [], outcomes=[dns]))


def test_a_penalty_beyond_the_marks_is_no_subtraction() -> None:
    penalty = {"stage": "S", "module": "m", "entrant": "P1", "points": "12", "reason": "越线"}
    texts = sentences(single(module(), [mark("P1", "9")], penalties=[penalty]))
    assert "得分 9，扣 12，不够扣，计 0 分" in texts


def test_what_the_judges_differ_on_is_named() -> None:
    strict = module(panel=panel(2, max_spread="2"))
    texts = sentences(single(strict, by_judges("P1", "70", "80")), kind=StepKind.FLAG)
    assert texts == ["合计：裁判给分相差超过 2，要复核或由裁判长裁定"]


def test_the_level_of_a_competition_is_told_with_what_was_wanted() -> None:
    levels = ["national-1", "national-2", "provincial-1", "provincial-2"]
    grade_rules = [{"code": "r", "cite": "r", "when": {"levels": levels}, "grant": {"to": 3}}]
    texts = {}
    for level in ("provincial-2", "municipal"):
        plain = bundle(
            event(stage(module()), grades=grade_rules),
            people(1),
            totals(P1=90),
            competition={"level": level},
        )
        (texts[level],) = sentences(plain, "P1", StepKind.CONDITION)
    assert texts == {
        "provincial-2": "✓ 竞赛级别：省级二类（要求省级及以上），符合",
        "municipal": "✗ 竞赛级别：市级（要求省级及以上），不符合",
    }


@pytest.mark.parametrize(
    ("wanted", "word"),
    [
        (["national-1", "national-2"], "国家级"),
        (["municipal", "provincial-2", "provincial-1", "national-2", "national-1"], "市级及以上"),
        (["provincial-2"], "省级二类"),
        (["provincial-1", "municipal"], "省级一类、市级"),
    ],
)
def test_levels_bear_the_shortest_name(wanted: list[str], word: str) -> None:
    assert str(levels_word(wanted)) == word


def test_values_that_look_the_same_are_told_apart() -> None:
    assert compared(Fraction("1.00003"), Fraction("1.00002"), ">") == "1.00003 > 1.00002"


def test_awards_say_why_this_one_and_not_the_one_above() -> None:
    awards = [
        {"code": "gold", "name": "一等奖", "top": 1},
        {"code": "silver", "name": "二等奖", "top": 2},
        {"code": "bronze", "name": "三等奖", "top": 2, "min_total": "65"},
    ]
    plain = bundle(
        event(stage(module()), awards=awards),
        people(5),
        totals(P1=90, P2=90, P3=80, P4=70, P5=60),
    )
    assert sentences(plain, "P3", StepKind.AWARD) == [
        "没有得一等奖：名额到第 1 名用完（共 1 个，发了 2 个）",
        "得二等奖：第 3 名，共 2 个，上一奖项并列多发占去 1 个，发了 1 个",
    ]
    assert sentences(plain, "P5", StepKind.AWARD)[-1] == "没有得三等奖：总分 60.00，至少要 65"


def test_rules_are_told_also_to_who_has_no_row() -> None:
    grade_rules = [
        {
            "code": "top",
            "cite": "第一名晋升",
            "when": {"max_rank": 1, "pass_modules": "all", "holds": {"at_most": 4}},
            "grant": {"up": 1, "floor": 3, "titles": ["能手"]},
        }
    ]
    entrants = [entrant("P1", grade=4), entrant("P2", grade=3)]
    plain = bundle(
        event(stage(module(**{"pass": "85"})), grades=grade_rules), entrants, totals(P1=90, P2=80)
    )
    assert sentences(plain, "P1", StepKind.GRADE) == ["由中级工晋升为高级工，依据规则 top"]
    assert sentences(plain, "P1", StepKind.TITLE) == ["授予能手（规则 top）"]
    assert sentences(plain, "P2", StepKind.GRADE) == ["没有晋升（现为高级工）"]
    assert sentences(plain, "P2", StepKind.CONDITION) == [
        "✗ 名次在前 1 名；实际 第 2 名",
        "✗ 有及格线的都及格；实际 没有及格或没有参加：m",
        "✗ 现有等级至多中级工；实际 高级工",
    ]


def test_a_step_that_keeps_a_grade_lower_is_told() -> None:
    """Without it a rule that says 技师 and a result that says 高级工 stand side by side."""
    rules = [{"code": "r", "when": {"max_rank": 9}, "grant": {"to": 2, "max_step": 1}}]
    entrants = [entrant("P1", grade=4), entrant("P2", grade=3)]
    plain = bundle(event(stage(module()), grades=rules), entrants, totals(P1=90, P2=80))
    assert sentences(plain, "P1", StepKind.RULE) == [
        "规则 r（前 9 名升到技师，给技师，最多升 1 级，到高级工）：符合"
    ]
    assert sentences(plain, "P2", StepKind.RULE) == ["规则 r（前 9 名升到技师，给技师）：符合"]
    rule = msgspec.convert(rules[0], GradeRule)
    assert str(rule_words(rule, 4)) == "前 9 名升到技师（给技师，最多升 1 级，到高级工）"
    assert str(rule_words(rule, 3)) == "前 9 名升到技师"
    cited = msgspec.structs.replace(rule, cite="省文件第 3 条")
    assert str(rule_words(cited, 3)) == "省文件第 3 条"


def test_who_did_not_go_on_is_told_why() -> None:
    two = event(
        stage(module(), code="A", name="预赛", advance={"top": 2, "per_unit": 1}),
        stage(module(), code="B", name="决赛"),
    )
    entrants = [entrant("P1", "U"), entrant("P2", "U"), entrant("P3", "V"), entrant("P4", "W")]
    marks = [
        mark(code, value, stage_code="A")
        for code, value in (("P1", 90), ("P2", 80), ("P3", 70), ("P4", 60))
    ]
    plain = bundle(two, entrants, marks)
    rule = "取前 2 名，每单位至多 1 人，末位并列的都算"
    texts = {code: sentences(plain, code, StepKind.ADVANCE)[0] for code in ("P1", "P2", "P4")}
    assert texts == {
        "P1": f"进入决赛（{rule}）",
        "P2": f"没有进入决赛：本单位已有 1 人进入（{rule}）",
        "P4": f"没有进入决赛：名额已由名次在前的用完（{rule}）",
    }
    for row in entrants:
        row.pop("birth", None)
        row["members"] = [{"code": f"{row['code']}{n}", "name": f"队员{n}"} for n in "甲乙"]
    crews = "取前 2 名，每单位至多 1 个组合，末位并列的都算"
    [second] = sentences(bundle(two, entrants, marks), "P2", StepKind.ADVANCE)
    assert second == f"没有进入决赛：本单位已有 1 个组合进入（{crews}）"


def test_a_carried_total_is_written_out() -> None:
    carry = {"from": "A", "weight": "0.3", "own": "0.7"}
    two = event(stage(module(), code="A"), stage(module(), code="B", carry=carry))
    marks = [mark("P1", "90", stage_code="A"), mark("P1", "80", stage_code="B")]
    texts = sentences(bundle(two, people(1), marks), "P1", StepKind.TOTAL)
    assert texts[-1] == "总分 83.00 = 0.3 × 赛段A总分 90.00 + 0.7 × (80.00 ÷ 100 × 100)"


def test_marks_that_came_later_are_told() -> None:
    plain = single(module(), [mark("P1", "80")])
    scorer = Scorer(read_bundle(json.dumps(plain).encode()))
    later = {**plain, "marks": [mark("P1", "85.5")]}
    scorer.change(read_bundle(json.dumps(later).encode()).marks[0])
    explanation = explain_entrant(scorer, "P1")
    assert "a：85.5 分" in [str(step.text) for _, step in every_step(explanation.steps)]


def test_a_capped_share_is_no_equation_of_the_whole() -> None:
    labour = {
        "periods": [{"code": "Y", "name": "全年"}],
        "indicators": [
            {
                "code": "i",
                "name": "产量",
                "heading": "比产量",
                "max": 100,
                "scoring": {"type": "completion"},
            }
        ],
        "values": [{"unit": "A", "period": "Y", "indicator": "i", "value": 30, "target": 3}],
    }
    plain = {
        "format": "compete-bundle/1",
        "competition": {"code": "L", "name": "竞赛", "kind": "labour", "level": "enterprise"},
        "units": [{"code": "A", "name": "甲"}],
        "labour": labour,
    }
    wanted = "产量：10 = 完成 30 ÷ 目标 3，超过 1 倍的按 1 倍计；100 = 100 × 1"
    assert wanted in sentences(plain, "A")


def test_a_units_totals_are_told_from_the_leaves_up() -> None:
    data = (CASES / "key-projects-labour.bundle.json").read_bytes()
    texts = [str(step.text) for _, step in every_step(explain(read_bundle(data), "S1").steps)]
    assert texts[0] == "三季度：第 2 名，总分 95.20"
    assert "总分 95.20 = (94.00 × 70 + 93.00 × 30) ÷ 100 + 调整 1.5" in texts
    assert "在 S2 之后：总分相同，同分要比的第 1 项 安全：20 > 19.1667…" in texts


@pytest.mark.parametrize("name", ["port-forklift", "key-projects-labour"])
def test_nobody_is_told_as_nobody(name: str) -> None:
    data = (CASES / f"{name}.bundle.json").read_bytes()
    with pytest.raises(NobodyError):
        explain(read_bundle(data), "nobody")


@settings(max_examples=40)
@given(rng=st.randoms(use_true_random=True))
def test_everybody_can_be_told_everything_and_it_agrees_with_the_results(rng: Random) -> None:
    scorer = Scorer(read_bundle(json.dumps(competition(rng, version=None)).encode()))
    results = scorer.results.events[0]
    rows = {row.entrant: row for row in results.standings}
    for code, row in rows.items():
        explanation = explain_entrant(scorer, code)
        stages = [step for step in explanation.steps if step.kind is StepKind.STAGE]
        assert stages[-1].code == row.stage
        if row.total is not None:
            assert row.total in str(stages[-1].text)
        for _, step in every_step(explanation.steps):
            assert str(step.text)
        for stage_step, rows_of in zip(stages, results.stages, strict=False):
            own = next(standing for standing in rows_of.standings if standing.entrant == code)
            modules = [step for step in stage_step.steps if step.kind is StepKind.MODULE]
            assert [module.code for module in modules] == list(own.modules)
            for step in modules:
                score = own.modules[step.code or ""].score
                assert score is None or f"：{score}（" in str(step.text)
