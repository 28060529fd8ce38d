"""Judges judged: the figures of one module's judges, from what their sheets say now.

Advice for the chief judge. Nothing here writes, and no figure from here enters
a result: marks become floats on the way in, for statistics alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, select

from compete.domain.aspects.kind import AspectKind, Reckoning, quantity
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.reliability.advice import Advice, advise, advise_panel
from compete.domain.reliability.alpha import Level, alpha_of_targets
from compete.domain.reliability.concordance import Concordance, kendall_w
from compete.domain.reliability.estimate import Estimate
from compete.domain.reliability.icc import Intraclass, intraclass
from compete.domain.reliability.panels import panel_levels, whole_panels
from compete.domain.reliability.readings import Reading
from compete.domain.reliability.report import JudgeReport, judge_reports
from compete.domain.values.messages import listed
from compete.domain.values.points import Number, exact
from compete.domain.values.states import HANDED_IN
from compete.models import Act, Entrant, Event, Sheet, Slot, db
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.versions import remembered, remembered_last
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.values import VALUE_KINDS, standing_values

# Marks stored within so short a time were brought in together: their times say nothing.
_AT_ONCE = timedelta(minutes=10)


class NamedJudge(NamedTuple):
    """A judge: code, name, and the row of the own unit."""

    code: str
    name: str
    unit: int | None


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

    `sheets` is how many submitted sheets it rests on, `full` the full marks of
    one; `alphas` tells of each aspect how far all judges agree on it.
    """

    module: Module
    judges: dict[str, NamedJudge]
    sheets: int
    full: float
    reports: dict[str, JudgeReport]
    panels: list[PanelFigures]
    alphas: dict[str, Estimate]
    advice: list[Advice]


def analyse(event: Event, stage: str, module: Module) -> Analysis:
    """The judges of one module, by all sheets that are in and whole.

    Worked out once a version of the competition; not to be altered.
    """
    return remembered(
        event.competition, _name(event, stage, module), lambda: _analyse(event, stage, module)
    )


def last_analysis(event: Event, stage: str, module: Module) -> Analysis | None:
    """The analysis worked out last, perhaps for an earlier version; None if nobody asked."""
    analysis: Analysis | None = remembered_last(event.competition, _name(event, stage, module))
    return analysis


def _name(event: Event, stage: str, module: Module) -> Hashable:
    return "analysis", event.id, stage, module.code


@dataclass(frozen=True)
class _Seat:
    """A sheet in the analysis; `own` says that judge and entrant are of one unit."""

    id: int
    entrant: int
    judge: str
    own: bool


def _analyse(event: Event, stage: str, module: Module) -> Analysis:
    judges = {
        judge.id: NamedJudge(judge.code, judge.name, judge.unit_id)
        for judge in event.competition.judges
    }
    seats = _seats(event, stage, module.code, judges)
    values = standing_values([seat.id for seat in seats])
    sheets = [seat for seat in seats if len(values[seat.id]) == len(module.aspects)]
    marks = _marks(module, {seat.id: values[seat.id] for seat in sheets})
    hours = _hours(event, stage, module.code, sheets)
    by_aspect = {
        aspect.code: [_reading(seat, marks[aspect.code][seat.id], hours) for seat in sheets]
        for aspect in module.aspects
    }
    factors = {aspect.code: exact(aspect.factor) for aspect in module.aspects}
    whole = [
        _reading(seat, sum(marks[code][seat.id] * factors[code] for code in factors), hours)
        for seat in sheets
    ]
    there = {judge.code: judge for judge in judges.values()}
    reports = judge_reports(whole, by_aspect, _compared(event))
    panels = _panels(whole)
    full = float(sum(aspect.max * aspect.factor for aspect in module.aspects))
    names = {aspect.code: (aspect.name, float(aspect.max)) for aspect in module.aspects}
    return Analysis(
        module=module,
        judges={code: there[code] for code in sorted({seat.judge for seat in sheets})},
        sheets=len(sheets),
        full=full,
        reports=dict(sorted(reports.items())),
        panels=panels,
        alphas={
            aspect.code: _alpha(by_aspect[aspect.code], _level(aspect)) for aspect in module.aspects
        },
        advice=[
            piece
            for code, report in sorted(reports.items())
            for piece in advise(report, f"{code} {there[code].name}", full, names)
        ]
        + [
            piece
            for panel in panels
            for names in [listed(there[code].name for code in panel.judges)]
            for piece in advise_panel(panel.judges[0], names, panel.level, full)
        ],
    )


def _seats(event: Event, stage: str, module: str, judges: Mapping[int, NamedJudge]) -> list[_Seat]:
    # While a blind event is marked, marks for a judge's own unit would tell whose codes those are.
    coded = is_coded(event)
    rows = db.session.execute(
        select(Sheet.id, Sheet.entrant_id, Sheet.judge_id, Entrant.unit_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(of_event(Sheet, event, stage, module), Sheet.state.in_(HANDED_IN))
        .order_by(Sheet.judge_id, Sheet.label)
    ).tuples()
    return [
        _Seat(number, entrant, judges[judge].code, not coded and judges[judge].unit == unit)
        for number, entrant, judge, unit in rows
    ]


def _reading(seat: _Seat, marks: Number, hours: Mapping[int, float]) -> Reading:
    return Reading(
        entrant=str(seat.entrant),
        judge=seat.judge,
        marks=float(marks),
        hour=hours.get(seat.id),
        own=seat.own,
    )


def _marks(
    module: Module, values: Mapping[int, Mapping[str, Decimal]]
) -> dict[str, dict[int, Number]]:
    """The marks of each sheet by aspect, before the aspect's factor."""
    marks: dict[str, dict[int, Number]] = {}
    for aspect in module.aspects:
        best = None
        kind = kind_of(aspect)
        if kind.reckoning is Reckoning.FIELD:
            better = min if kind.lower_is_better else max
            best = better(
                (quantity(sheet_values[aspect.code]) for sheet_values in values.values()),
                default=None,
            )
        # Many sheets say the same.
        known: dict[Decimal, Number] = {}
        of_aspect = marks[aspect.code] = {}
        for sheet, by_aspect in values.items():
            value = by_aspect[aspect.code]
            if value not in known:
                known[value] = _aspect_marks(kind, value, best)
            of_aspect[sheet] = known[value]
    return marks


def _aspect_marks(kind: AspectKind, value: Decimal, best: Number | None) -> Number:
    marks = kind.marks(kind.judge_value(value))
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


def _compared(event: Event) -> int:
    """Count the judges looked at in the competition, once for each module."""
    pairs = (
        select(Sheet.judge_id, Entrant.event_id, Sheet.stage, Sheet.module)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .where(Event.competition_id == event.competition_id, Sheet.state.in_(HANDED_IN))
        .distinct()
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(pairs)) or 0


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


def _hours(event: Event, stage: str, module: str, sheets: Sequence[_Seat]) -> dict[int, float]:
    """The time when each sheet was marked, in hours from the first; empty if nobody knows.

    The server's time of the last mark; where all came in together (a paper
    competition, an import), the planned start of the entrant's turn.
    """
    at = _last_stored(event, stage, module, sheets)
    if not at or max(at.values()) - min(at.values()) < _AT_ONCE:
        at = _planned(event, stage, module, sheets)
    if not at:
        return {}
    first = min(at.values())
    return {sheet: (when - first).total_seconds() / 3600 for sheet, when in at.items()}


def _last_stored(
    event: Event, stage: str, module: str, sheets: Sequence[_Seat]
) -> dict[int, datetime]:
    rows = db.session.execute(
        select(Act.sheet_id, func.max(Act.held_at))
        .join(Sheet, Sheet.id == Act.sheet_id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(of_event(Sheet, event, stage, module), Act.kind.in_(VALUE_KINDS))
        .group_by(Act.sheet_id)
    ).tuples()
    there = {seat.id for seat in sheets}
    return {sheet: when for sheet, when in rows if sheet in there}


def _planned(event: Event, stage: str, module: str, sheets: Sequence[_Seat]) -> dict[int, datetime]:
    rows = db.session.execute(
        select(Slot.entrant_id, Slot.starts_at)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(of_event(Slot, event, stage, module), Slot.starts_at.is_not(None))
    ).tuples()
    starts = {entrant: at for entrant, at in rows if at is not None}
    return {seat.id: starts[seat.entrant] for seat in sheets if seat.entrant in starts}
