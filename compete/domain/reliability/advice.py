"""Advice to a chief judge: what was found, in words. It is spoken; it never changes a mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from compete.domain.reliability.findings import Finding
from compete.domain.reliability.report import JudgeReport
from compete.domain.values.messages import Message, listed, msg

WORTH_A_WORD_OF_ASPECT = 0.10
"""The share of an aspect's full marks from which a difference on it is worth a word."""

_WORDS: dict[str, tuple[Message, Message]] = {
    "severity": (
        msg("%(judge)s 偏严，建议赛间复述标准"),
        msg("%(judge)s 偏宽，建议赛间复述标准"),
    ),
    "own_unit": (
        msg("%(judge)s 给本单位选手低 %(points)s 分，请看一看"),
        msg("%(judge)s 给本单位选手高 %(points)s 分，请看一看"),
    ),
    "drift": (
        msg("%(judge)s 越评越严，建议歇一歇再对一次标准"),
        msg("%(judge)s 越评越宽，建议歇一歇再对一次标准"),
    ),
    "spread": (
        msg("%(judge)s 给的分挤在一起，没有拉开"),
        msg("%(judge)s 给的分比同组拉得开很多"),
    ),
    "panel": (
        msg("%(judge)s 这一组比别的组低 %(points)s 分，请对一次标准"),
        msg("%(judge)s 这一组比别的组高 %(points)s 分，请对一次标准"),
    ),
}
"""What is said of each kind of finding below 0 and above."""

_EITHER: dict[str, Message] = {
    "severity": msg("%(judge)s 相差 %(points)s 分，看不出是谁偏，请一起复述标准"),
    "own_unit": msg("%(judge)s 对他们本单位的选手相差 %(points)s 分，看不出是谁偏，请看一看"),
    "drift": msg("%(judge)s 从早到晚差出 %(points)s 分，看不出是谁变了，请一起对一次标准"),
    "spread": msg("%(judge)s 一位拉得开、一位挤在一起，看不出是谁，请一起对一次标准"),
}
"""The same of two who cannot be told apart."""


class Advice(msgspec.Struct, frozen=True):
    """A piece of advice about one judge, or about a panel (`judge` is then the first of it).

    `aspect` is the code of the aspect it is about, `kind` then `aspect`; else `finding` is what
    it says, and `kind` the finding's.
    """

    judge: str
    kind: str
    text: Message
    finding: Finding | None = None
    aspect: str | None = None


def advise(
    findings: Iterable[Finding],
    reports: Mapping[str, JudgeReport],
    panels: Mapping[str, tuple[str, ...]],
    names: Mapping[str, str],
    aspects: Mapping[str, tuple[str, float]],
) -> Iterator[Advice]:
    """Put findings into words; of a strict or lenient judge also the aspect where it lies.

    `panels` gives the judges of a panel by the first of them, `names` what the chief calls a
    judge, `aspects` each aspect's name and full marks by its code.
    """
    for finding in findings:
        who = (
            panels[finding.judge] if finding.kind == "panel" else finding.either or (finding.judge,)
        )
        words = _EITHER[finding.kind] if finding.either else _WORDS[finding.kind][finding.value > 0]
        figures: dict[str, object] = {
            "judge": listed(names[judge] for judge in who),
            "points": f"{abs(finding.value):.1f}",
        }
        yield Advice(finding.judge, finding.kind, Message(words.text, figures), finding)
        if finding.kind == "severity" and not finding.either:
            yield from _on_aspect(reports[finding.judge], names[finding.judge], aspects)


def _on_aspect(
    report: JudgeReport, name: str, aspects: Mapping[str, tuple[str, float]]
) -> Iterator[Advice]:
    """The one aspect on which the judge stands out most, if any."""
    shares = {
        code: abs(aspect.shrunk.value or 0) / aspects[code][1]
        for code, aspect in report.aspects.items()
        if code in aspects and aspects[code][1] > 0 and aspect.shrunk.clear
    }
    code = max(shares, key=lambda aspect_code: shares[aspect_code], default=None)
    if code is not None and shares[code] >= WORTH_A_WORD_OF_ASPECT:
        text = msg("请和 %(judge)s 再讲一遍“%(aspect)s”的标准", judge=name, aspect=aspects[code][0])
        yield Advice(report.judge, "aspect", text, aspect=code)
