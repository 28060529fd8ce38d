"""Advice to a chief judge. It is spoken; it never changes a mark.

An interval that leaves 0 out is not enough: with many sheets a hair's breadth
would do. The difference must also matter, by the shares below.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from compete.domain.reliability.estimate import Estimate
from compete.domain.reliability.report import JudgeReport
from compete.domain.values.messages import Message, msg

# Shares of the full marks from which a difference is worth a word.
WORTH_A_WORD = 0.02
WORTH_A_WORD_OF_ASPECT = 0.10
NARROW, WIDE = 0.6, 1.6

AdviceKind = Literal["severity", "aspect", "drift", "spread", "own", "panel"]


class Advice(msgspec.Struct, frozen=True):
    """A piece of advice about one judge, or about a panel (`judge` is then the first of it).

    `aspect` is the code it is about, if any.
    """

    judge: str
    kind: AdviceKind
    text: Message
    aspect: str | None = None


def advise(
    report: JudgeReport,
    name: str,
    full: float,
    aspects: Mapping[str, tuple[str, float]],
) -> list[Advice]:
    """Advise about one judge, the gravest first; an empty list where all is well.

    `name` is what the chief calls the judge; `full` the full marks of a sheet;
    `aspects` gives each aspect's name and full marks by its code.
    """
    return [
        *_on_severity(report, name, full),
        *_on_aspect(report, name, aspects),
        *_on_own(report, name, full),
        *_on_drift(report, name, full),
        *_on_spread(report, name),
    ]


def advise_panel(judge: str, names: Message | str, level: Estimate, full: float) -> list[Advice]:
    """Advise about a panel that gives otherwise than the others; `names` are its judges'."""
    figures = {"judge": names, "points": f"{abs(level.value or 0):.1f}"}
    more = msg("%(judge)s 这一组比别的组高 %(points)s 分，请对一次标准", **figures)
    less = msg("%(judge)s 这一组比别的组低 %(points)s 分，请对一次标准", **figures)
    return _leaning(judge, "panel", level, full, less, more)


def _leaning(
    judge: str,
    kind: AdviceKind,
    lean: Estimate,
    full: float,
    below: Message,
    above: Message,
    times: float = 1,
) -> list[Advice]:
    """Advise where a clear difference, so many times, of a sheet's `full` marks is worth a word."""
    value = (lean.value or 0) * times
    if not lean.clear or abs(value) < WORTH_A_WORD * full:
        return []
    return [Advice(judge, kind, below if value < 0 else above)]


def _on_severity(report: JudgeReport, name: str, full: float) -> list[Advice]:
    strict = msg("%(judge)s 偏严，建议赛间复述标准", judge=name)
    lenient = msg("%(judge)s 偏宽，建议赛间复述标准", judge=name)
    return _leaning(report.judge, "severity", report.severity.shrunk, full, strict, lenient)


def _on_aspect(
    report: JudgeReport, name: str, aspects: Mapping[str, tuple[str, float]]
) -> list[Advice]:
    """The one aspect on which the judge stands out most, if any."""
    shares = {
        code: abs(aspect.shrunk.value or 0) / aspects[code][1]
        for code, aspect in report.aspects.items()
        if code in aspects and aspects[code][1] > 0 and aspect.shrunk.clear
    }
    if not shares:
        return []
    code = max(shares, key=lambda aspect_code: shares[aspect_code])
    if shares[code] < WORTH_A_WORD_OF_ASPECT:
        return []
    text = msg("请和 %(judge)s 再讲一遍“%(aspect)s”的标准", judge=name, aspect=aspects[code][0])
    return [Advice(report.judge, "aspect", text, code)]


def _on_own(report: JudgeReport, name: str, full: float) -> list[Advice]:
    bias = report.own_bias
    figures = {"judge": name, "points": f"{abs(bias.value or 0):.1f}"}
    more = msg("%(judge)s 给本单位选手高 %(points)s 分，请看一看", **figures)
    less = msg("%(judge)s 给本单位选手低 %(points)s 分，请看一看", **figures)
    return _leaning(report.judge, "own", bias, full, less, more)


def _on_drift(report: JudgeReport, name: str, full: float) -> list[Advice]:
    strict = msg("%(judge)s 越评越严，建议歇一歇再对一次标准", judge=name)
    lenient = msg("%(judge)s 越评越宽，建议歇一歇再对一次标准", judge=name)
    return _leaning(report.judge, "drift", report.drift, full, strict, lenient, report.hours)


def _on_spread(report: JudgeReport, name: str) -> list[Advice]:
    ratio = report.spread.value
    if ratio is None or NARROW <= ratio <= WIDE:
        return []
    if ratio < NARROW:
        text = msg("%(judge)s 给的分挤在一起，没有拉开", judge=name)
    else:
        text = msg("%(judge)s 给的分比同组拉得开很多", judge=name)
    return [Advice(report.judge, "spread", text)]
