"""Sentences that stand beside an equation, and what each step is about."""

from __future__ import annotations

import json
from typing import Any

from compete.domain.bundle.reading import read_bundle
from compete.domain.explanation.steps import Step, StepKind, every_step
from compete.domain.explanation.tree import explain
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


def steps(plain: Plain, code: str = "P1", kind: StepKind | None = None) -> list[Step]:
    explanation = explain(read_bundle(json.dumps(plain).encode()), code)
    return [step for _, step in every_step(explanation.steps) if kind in (None, step.kind)]


def step_texts(plain: Plain, code: str = "P1", kind: StepKind | None = None) -> list[str]:
    return [str(step.text) for step in steps(plain, code, kind)]


def test_what_a_score_is_worth_is_written_out_and_so_is_the_total() -> None:
    half = module(aspects=[aspect(full=50)], weight=40)
    other = module("n", weight=60)
    marks = [mark("P1", "45"), mark("P1", "80", module_code="n")]
    assert step_texts(bundle(event(stage(half, other)), people(1), marks), kind=StepKind.TOTAL) == [
        "折算 36.00 = 45.00 ÷ 50 × 40",
        "折算 48.00 = 80.00 ÷ 100 × 60",
        "总分 84.00 = 45.00 ÷ 50 × 40 + 80.00 ÷ 100 × 60",
    ]


def test_a_sheet_of_one_aspect_has_no_equation_and_one_of_two_has() -> None:
    the_module = module(panel=panel(2))
    texts = step_texts(bundle(event(stage(the_module)), people(1), by_judges("P1", "80", "90")))
    assert "裁判 J1：合计 80" in texts
    two = module(aspects=[aspect(full=50), aspect("b", full=50)])
    marks = [mark("P1", "40"), mark("P1", "45", aspect_code="b")]
    assert "裁判 J1：合计 85 = 40 + 45" in step_texts(bundle(event(stage(two)), people(1), marks))


def test_an_outcome_is_told_with_its_reason_and_a_module_without_a_score_by_name() -> None:
    ill = {"stage": "S", "module": "m", "entrant": "P1", "status": "dnf", "reason": "伤"}
    the_event = event(stage(module("m"), module("n")))
    plain = bundle(the_event, people(1), [mark("P1", "50")], outcomes=[ill])
    (outcome, follows) = steps(plain, kind=StepKind.OUTCOME)
    assert (outcome.code, str(outcome.text), outcome.steps) == ("dnf", "中途退出：伤", (follows,))
    assert "模块n：还没有得分" in step_texts(plain, kind=StepKind.MODULE)


def test_whom_the_unit_did_not_stop_the_number_of_places_did() -> None:
    two = event(
        stage(module(), code="A", name="预赛", advance={"top": 1}),
        stage(module(), code="B", name="决赛"),
    )
    marks = [mark("P1", "90", stage_code="A"), mark("P2", "80", stage_code="A")]
    (text,) = step_texts(bundle(two, people(2), marks), "P2", StepKind.ADVANCE)
    assert text.startswith("没有进入决赛：名额已由名次在前的用完")


def test_of_two_conditions_of_an_award_the_one_that_stood_in_the_way_is_told() -> None:
    award = {"code": "gold", "name": "一等奖", "top": 2, "min_total": "65", "pass_modules": True}
    the_event = event(stage(module(**{"pass": "85"})), awards=[award])
    plain = bundle(the_event, people(3), totals(P1=90, P2=80, P3=60))
    assert step_texts(plain, "P2", StepKind.AWARD) == ["没有得一等奖：没有及格或没有参加：m"]
    assert step_texts(plain, "P3", StepKind.AWARD) == ["没有得一等奖：总分 60.00，至少要 65"]


def test_a_decision_says_whether_somebody_rises() -> None:
    rules = [{"code": "r", "cite": "r", "when": {"max_rank": 1}, "grant": {"to": 3}}]
    plain = bundle(event(stage(module()), grades=rules), people(2), totals(P1=90, P2=80))
    assert [step.met for step in steps(plain, "P1", StepKind.GRADE)] == [True]
    assert [step.met for step in steps(plain, "P2", StepKind.GRADE)] == [False]


def test_a_team_without_a_rank_is_told_why_under_its_code() -> None:
    the_event = event(stage(module()), team_ranking={"best": 2})
    teams = [{"code": "T", "name": "T", "event": "E", "unit": "U"}]
    plain = bundle(the_event, [entrant("P1", team="T")], totals(P1=90), teams=teams)
    team_steps = [step for step in steps(plain, "P1", StepKind.TEAM) if step.code is not None]
    assert [(step.code, str(step.text)) for step in team_steps] == [("T", "T 队：没有名次")]


def labour(values: dict[str, int], scoring: Plain, **keys: Any) -> Plain:
    """A competition of one indicator over a year."""
    indicator = {"code": "i", "name": "安全", "heading": "比安全", "max": 100, "scoring": scoring}
    return {
        "format": "compete-bundle/1",
        "competition": {"code": "L", "name": "竞赛", "kind": "labour", "level": "enterprise"},
        "units": [{"code": code, "name": code} for code in values],
        "labour": {
            "periods": [{"code": "Y", "name": "全年"}],
            "indicators": [indicator],
            "values": [
                {"unit": code, "period": "Y", "indicator": "i", "value": value}
                for code, value in values.items()
            ],
            **keys,
        },
    }


def test_faults_of_a_unit_are_taken_off_until_there_are_no_points_left() -> None:
    plain = labour({"A": 3, "B": 60}, {"type": "deduction", "points": 2})
    assert "安全：94 = 100 − 3 × 2" in step_texts(plain, "A")
    assert "安全：60，每个扣 2 分，100 分扣完为止，得 0 分" in step_texts(plain, "B")


def test_a_unit_is_held_against_the_one_before_and_the_one_behind() -> None:
    plain = labour({"A": 90, "B": 80, "C": 70, "D": 60}, {"type": "score"})
    assert [(step.code, str(step.text)) for step in steps(plain, "B", StepKind.RANK)] == [
        ("A", "在 A 之后：总分 90.00 > 80.00"),
        ("C", "在 C 之前：总分 80.00 > 70.00"),
    ]


def test_what_is_added_up_to_a_most_and_what_is_taken_off_is_told() -> None:
    given = [("1.5", "创新"), ("2", "献策"), ("-4", "事故")]
    adjustments = [
        {"unit": "A", "period": "Y", "points": points, "reason": reason} for points, reason in given
    ]
    plain = labour({"A": 80}, {"type": "score"}, adjustments=adjustments, adjust_cap="3")
    assert step_texts(plain, "A", StepKind.ADJUSTMENT) == [
        "加 1.5 分：创新",
        "加 2 分：献策",
        "调整 -4 分：事故",
        "加分 3.5 = 1.5 + 2，至多计 3 分",
        "调整合计 -1 = 3 + (-4)",
    ]
