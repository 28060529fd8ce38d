"""The judges of one module: their figures, their panels, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.aspects.kind import AspectKind, Reckoning, Value, quantity
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.reliability.advice import Advice, advise
from compete.domain.reliability.alpha import Level, alpha_of_targets
from compete.domain.reliability.concordance import Concordance, kendall_w
from compete.domain.reliability.estimate import Estimate
from compete.domain.reliability.findings import LEAST_PEOPLE, find
from compete.domain.reliability.icc import Intraclass, intraclass
from compete.domain.reliability.panels import panel_levels, whole_panels
from compete.domain.reliability.readings import Reading
from compete.domain.reliability.report import JudgeReport, judge_reports
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, exact


@dataclass(frozen=True)
class MarkedSheet:
    """A judge's whole sheet for one entrant: a value for each aspect of the module, by its code.

    `hour` is when it was marked, in hours from any instant of the module, where that is known;
    `own` says that judge and entrant are of one unit.
    """

    entrant: str
    judge: str
    values: Mapping[str, Value]
    hour: float | None = None
    own: bool = False


@dataclass(frozen=True)
class PanelFigures:
    """The figures of a panel as it sat: who, for how many, how well they agree, how it lies."""

    judges: tuple[str, ...]
    entrants: int
    level: Estimate
    icc: Intraclass
    w: Concordance
    alpha: Estimate


@dataclass(frozen=True)
class Analysis:
    """The analysis of one module's judges; keys are the judges' codes.

    `names` is what the chief calls them; `sheets` is how many it rests on, `full` the full marks
    of one; `alphas` tells of each aspect how far all judges agree on it. `silent` says of a judge
    why nothing can be said of him or her.
    """

    module: Module
    names: dict[str, str]
    sheets: int
    full: float
    reports: dict[str, JudgeReport]
    panels: list[PanelFigures]
    alphas: dict[str, Estimate]
    advice: list[Advice]
    silent: dict[str, Message]


def analyse_module(
    module: Module, sheets: Sequence[MarkedSheet], names: Mapping[str, str], compared: int
) -> Analysis:
    """Analyse the judges of one module by their whole sheets.

    `compared` is how many judges are looked at in the whole competition, once for each module:
    the more there are, the stronger must be what is said of any of them.
    """
    marks = _marks(module, sheets)
    by_aspect = {
        code: [_reading(sheet, given) for sheet, given in zip(sheets, of_aspect, strict=True)]
        for code, of_aspect in marks.items()
    }
    factors = {aspect.code: exact(aspect.factor) for aspect in module.aspects}
    whole = [
        _reading(sheet, sum(marks[code][place] * factor for code, factor in factors.items()))
        for place, sheet in enumerate(sheets)
    ]
    judges = sorted({sheet.judge for sheet in sheets})
    full = _statistic(sum(exact(aspect.max) * factors[aspect.code] for aspect in module.aspects))
    findings = find(whole, full, len(judges) / max(compared, len(judges), 1))
    reports = judge_reports(whole, by_aspect, compared, findings.named)
    panels = _panels(whole)
    aspects = {
        aspect.code: (aspect.name, _statistic(exact(aspect.max))) for aspect in module.aspects
    }
    by_first = {panel.judges[0]: panel.judges for panel in reversed(panels)}
    return Analysis(
        module=module,
        names={code: names[code] for code in judges},
        sheets=len(sheets),
        full=full,
        reports=dict(sorted(reports.items())),
        panels=panels,
        alphas={
            aspect.code: _alpha(by_aspect[aspect.code], _level(aspect)) for aspect in module.aspects
        },
        advice=list(advise(findings.findings, reports, by_first, names, aspects)),
        silent={
            code: _why_silent(reports.get(code), blind=findings.blind)
            for code in judges
            if code not in findings.compared
        },
    )


def _why_silent(report: JudgeReport | None, *, blind: bool) -> Message:
    seen = report.sheets if report else 0
    if blind and seen >= LEAST_PEOPLE:
        return msg("同组的分完全一样，或者差得一模一样，看不出误差有多大，不作提醒")
    return msg("能和同组比的只有 %(n)s 名选手，满 %(least)s 名再看", n=seen, least=LEAST_PEOPLE)


def _statistic(number: Number) -> float:
    """An exact number for statistics alone: no figure from here enters a result."""
    return number.numerator / number.denominator


def _reading(sheet: MarkedSheet, marks: Number) -> Reading:
    return Reading(
        entrant=sheet.entrant,
        judge=sheet.judge,
        marks=_statistic(marks),
        hour=sheet.hour,
        own=sheet.own,
    )


def _marks(module: Module, sheets: Sequence[MarkedSheet]) -> dict[str, list[Number]]:
    """The marks of each sheet by aspect, before the aspect's factor."""
    marks: dict[str, list[Number]] = {}
    for aspect in module.aspects:
        best = None
        kind = kind_of(aspect)
        if kind.reckoning is Reckoning.FIELD:
            better = min if kind.lower_is_better else max
            best = better((quantity(sheet.values[aspect.code]) for sheet in sheets), default=None)
        # Many sheets say the same.
        known: dict[Value, Number] = {}
        of_aspect = marks[aspect.code] = []
        for sheet in sheets:
            value = sheet.values[aspect.code]
            if value not in known:
                known[value] = _aspect_marks(kind, value, best)
            of_aspect.append(known[value])
    return marks


def _aspect_marks(kind: AspectKind, value: Value, best: Number | None) -> Number:
    marks = kind.marks(kind.judge_value(Decimal(value)))
    if marks is not None:
        return marks
    if kind.reckoning is Reckoning.DIFFICULTY:
        # Judges are compared by what they gave; the difficulty is not theirs.
        return exact(value)
    # A zero cannot be measured against: it gets nothing, and is nobody's best.
    return kind.marks_at(quantity(value), best) if value and best else 0


def _level(aspect: Aspect) -> Level:
    return "interval" if kind_of(aspect).levels is None else "ordinal"


def _alpha(readings: Sequence[Reading], level: Level) -> Estimate:
    targets: dict[str, list[float | None]] = {}
    for reading in readings:
        targets.setdefault(reading.entrant, []).append(reading.marks)
    return alpha_of_targets(list(targets.values()), level)


def _panels(readings: Sequence[Reading]) -> list[PanelFigures]:
    panels = whole_panels(readings)
    return [
        PanelFigures(
            judges=panel.judges,
            entrants=len(panel.entrants),
            level=level,
            icc=intraclass(panel.table),
            w=kendall_w(panel.table),
            alpha=alpha_of_targets(panel.table),
        )
        for panel, level in zip(panels, panel_levels(panels), strict=True)
    ]


AT_ONCE = 1 / 6
"""Hours: marks stored within so short a time were brought in together, their times say nothing."""


def tells_hours(hours: Sequence[float]) -> bool:
    """True if times of sheets, in hours, say when each of them was marked."""
    return bool(hours) and max(hours) - min(hours) >= AT_ONCE
