"""Advice: each thing that was found has its sentence, and nothing else is said."""

from __future__ import annotations

import pytest

from compete.domain.reliability.advice import advise
from compete.domain.reliability.estimate import Estimate
from compete.domain.reliability.findings import Finding
from compete.domain.reliability.report import JudgeReport, Severity
from compete.domain.values.messages import msg

ASPECTS = {"B1": ("起步", 5.0), "B2": ("操作平稳", 10.0)}
NAMES = {"J08": "08 沈岳", "J09": "09 罗平"}
PANELS = {"J08": ("J08", "J09")}
NOTHING = Estimate(None, reason=msg("太少"))


def report(aspects: dict[str, Severity] | None = None) -> JudgeReport:
    return JudgeReport(
        judge="J08",
        sheets=12,
        hours=4.0,
        severity=Severity(0.1, Estimate(0.1, -1, 1.2, 12)),
        drift=NOTHING,
        spread=Estimate(1.0),
        agreement=Estimate(1.0),
        own_bias=NOTHING,
        aspects=aspects or {},
    )


def sure(value: float, half: float = 0.5) -> Estimate:
    return Estimate(value, value - half, value + half, 12)


def advice_texts(*findings: Finding, of: JudgeReport | None = None) -> list[str]:
    advice = advise(findings, {"J08": of or report()}, PANELS, NAMES, ASPECTS)
    return [str(piece.text) for piece in advice]


def test_where_nothing_was_found_nothing_is_said() -> None:
    aspects = {"B2": Severity(-2.4, sure(-2.4))}
    assert advice_texts(of=report(aspects)) == []


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("severity", -3.8, "08 沈岳 偏严，建议赛间复述标准"),
        ("severity", 3.8, "08 沈岳 偏宽，建议赛间复述标准"),
        ("drift", -4.0, "08 沈岳 越评越严，建议歇一歇再对一次标准"),
        ("drift", 4.0, "08 沈岳 越评越宽，建议歇一歇再对一次标准"),
        ("spread", -4.0, "08 沈岳 给的分挤在一起，没有拉开"),
        ("spread", 4.0, "08 沈岳 给的分比同组拉得开很多"),
        ("own_unit", 3.44, "08 沈岳 给本单位选手高 3.4 分，请看一看"),
        ("own_unit", -3.44, "08 沈岳 给本单位选手低 3.4 分，请看一看"),
        ("panel", 5.0, "08 沈岳、09 罗平 这一组比别的组高 5.0 分，请对一次标准"),
    ],
)
def test_each_finding_has_its_sentence(kind: str, value: float, words: str) -> None:
    assert advice_texts(Finding("J08", kind, value, value - 1, value + 1)) == [words]  # type: ignore[arg-type]


def test_of_two_who_cannot_be_told_apart_both_are_named() -> None:
    finding = Finding("J08", "severity", 5, 3, 7, ("J08", "J09"))
    assert advice_texts(finding) == ["08 沈岳、09 罗平 相差 5.0 分，看不出是谁偏，请一起复述标准"]


def test_of_a_strict_judge_the_aspect_where_it_lies_is_named() -> None:
    aspects = {"B1": Severity(0.6, sure(0.6, 0.2)), "B2": Severity(-2.4, sure(-2.4))}
    texts = advice_texts(Finding("J08", "severity", -4, -5, -3), of=report(aspects))
    assert texts[1:] == ["请和 08 沈岳 再讲一遍“操作平稳”的标准"]
    small = {"B2": Severity(-0.9, sure(-0.9))}
    assert len(advice_texts(Finding("J08", "severity", -4, -5, -3), of=report(small))) == 1
