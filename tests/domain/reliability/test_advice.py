"""Advice: spoken where a difference is sure and matters, silent elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from compete.domain.reliability.advice import advise
from compete.domain.reliability.estimate import Estimate
from compete.domain.reliability.report import JudgeReport, Severity
from compete.domain.values.messages import msg

ASPECTS = {"B1": ("起步", 5.0), "B2": ("操作平稳", 10.0)}
NOTHING = Estimate(None, reason=msg("太少"))


def report(**changes: Any) -> JudgeReport:
    usual: dict[str, Any] = {
        "judge": "J08",
        "sheets": 12,
        "hours": 4.0,
        "severity": Severity(0.1, Estimate(0.1, -1, 1.2, 12)),
        "drift": NOTHING,
        "spread": Estimate(1.0),
        "agreement": Estimate(1.0),
        "own_bias": NOTHING,
        "aspects": {},
    }
    return JudgeReport(**(usual | changes))


def sure(value: float, half: float = 0.5) -> Estimate:
    return Estimate(value, value - half, value + half, 12)


def advice_texts(changed: JudgeReport) -> list[str]:
    return [str(advice.text) for advice in advise(changed, "08 沈岳", 100, ASPECTS)]


def test_where_all_is_well_nothing_is_said() -> None:
    assert advice_texts(report()) == []


def test_a_strict_and_a_lenient_judge_are_told_apart() -> None:
    assert advice_texts(report(severity=Severity(-4, sure(-3.8)))) == [
        "08 沈岳 偏严，建议赛间复述标准"
    ]
    assert advice_texts(report(severity=Severity(4, sure(3.8)))) == [
        "08 沈岳 偏宽，建议赛间复述标准"
    ]


def test_a_difference_that_is_sure_but_small_is_not_worth_a_word() -> None:
    assert advice_texts(report(severity=Severity(-1.9, sure(-1.9, 0.1)))) == []


def test_a_difference_that_is_large_but_unsure_is_not_worth_a_word() -> None:
    assert advice_texts(report(severity=Severity(-6, sure(-6, 7)))) == []


def test_the_aspect_on_which_a_judge_stands_out_is_named() -> None:
    aspects = {
        "B1": Severity(0.6, sure(0.6, 0.2)),
        "B2": Severity(-2.4, sure(-2.4)),
    }
    (advice,) = advise(report(aspects=aspects), "08 沈岳", 100, ASPECTS)
    assert (advice.kind, advice.aspect) == ("aspect", "B2")
    assert str(advice.text) == "请和 08 沈岳 再讲一遍“操作平稳”的标准"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"drift": sure(-1.0, 0.4)}, "08 沈岳 越评越严，建议歇一歇再对一次标准"),
        ({"drift": sure(1.0, 0.4)}, "08 沈岳 越评越宽，建议歇一歇再对一次标准"),
        ({"spread": Estimate(0.4)}, "08 沈岳 给的分挤在一起，没有拉开"),
        ({"spread": Estimate(2.0)}, "08 沈岳 给的分比同组拉得开很多"),
        ({"own_bias": sure(3.44)}, "08 沈岳 给本单位选手高 3.4 分，请看一看"),
        ({"own_bias": sure(-3.44)}, "08 沈岳 给本单位选手低 3.4 分，请看一看"),
    ],
)
def test_each_habit_has_its_sentence(changes: dict[str, Any], words: str) -> None:
    assert advice_texts(report(**changes)) == [words]


def test_a_drift_counts_over_the_whole_day() -> None:
    assert advice_texts(report(drift=sure(-0.4, 0.1), hours=4.0)) == []
    assert advice_texts(report(drift=sure(-0.4, 0.1), hours=6.0)) != []


def test_each_piece_of_advice_says_what_it_is_about() -> None:
    everything = report(
        severity=Severity(4, sure(3.8)),
        aspects={"B2": Severity(-2.4, sure(-2.4))},
        own_bias=sure(3.44),
        drift=sure(1.0, 0.4),
        spread=Estimate(2.0),
    )
    advice = advise(everything, "08 沈岳", 100, ASPECTS)
    assert [piece.kind for piece in advice] == ["severity", "aspect", "own", "drift", "spread"]
    assert {piece.judge for piece in advice} == {"J08"}
