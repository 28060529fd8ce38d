"""Judges judged: the figures of one module's judges, from what their sheets say now.

Advice for the chief judge. Nothing here writes, and no figure from here enters
a result: marks become floats on the way in, for statistics alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from compete.domain import bundle as b
from compete.domain.marking import (
    fixed_marks,
    lower_is_better,
    quantity,
    relative_marks,
    time_marks,
)
from compete.domain.reliability import (
    Advice,
    Concordance,
    Estimate,
    Intraclass,
    JudgeReport,
    Reading,
    advise,
    intraclass,
    judge_reports,
    kendall_w,
    krippendorff_alpha,
    whole_panels,
)
from compete.domain.values import AspectType, Number, exact
from compete.models import Act, Event, Judge, Sheet, Slot, db
from compete.services.panels.judge_progress import HANDED_IN, module_sheets
from compete.services.sheets import VALUE_KINDS, is_coded, standing_values

# Marks stored within so short a time were brought in together: their times say nothing.
_AT_ONCE = timedelta(minutes=10)


@dataclass(frozen=True)
class PanelFigures:
    """One panel as it sat: who, for how many, and how well they agree."""

    judges: tuple[str, ...]
    entrants: int
    icc: Intraclass
    w: Concordance
    alpha: Estimate


@dataclass(frozen=True)
class Analysis:
    """Everything about one module's judges; keys are the judges' codes.

    `sheets` is how many submitted sheets it rests on, `full` the full marks of
    one; `alphas` tells of each aspect how far all judges agree on it.
    """

    module: b.Module
    judges: dict[str, Judge]
    sheets: int
    full: float
    reports: dict[str, JudgeReport]
    panels: list[PanelFigures]
    alphas: dict[str, Estimate]
    advice: list[Advice]


def analyse(event: Event, stage: str, module: b.Module) -> Analysis:
    """The judges of one module, by all sheets that are in and whole."""
    sheets = [
        sheet for sheet in module_sheets(event, stage, module.code) if sheet.state in HANDED_IN
    ]
    values = standing_values([sheet.id for sheet in sheets])
    sheets = [sheet for sheet in sheets if len(values[sheet.id]) == len(module.aspects)]
    marks = _marks(module, {sheet.id: values[sheet.id] for sheet in sheets})
    hours = _hours(sheets)
    by_aspect = {
        aspect.code: [_reading(sheet, marks[sheet.id][aspect.code], hours) for sheet in sheets]
        for aspect in module.aspects
    }
    whole = [
        _reading(
            sheet,
            sum(
                (marks[sheet.id][aspect.code] * exact(aspect.factor) for aspect in module.aspects),
                start=exact(0),
            ),
            hours,
        )
        for sheet in sheets
    ]
    judges = {sheet.judge.code: sheet.judge for sheet in sheets}
    reports = judge_reports(whole, by_aspect)
    full = float(sum(aspect.max * aspect.factor for aspect in module.aspects))
    names = {aspect.code: (aspect.name, float(aspect.max)) for aspect in module.aspects}
    return Analysis(
        module=module,
        judges=dict(sorted(judges.items())),
        sheets=len(sheets),
        full=full,
        reports=dict(sorted(reports.items())),
        panels=_panels(whole),
        alphas={
            aspect.code: _alpha(by_aspect[aspect.code], _level(aspect)) for aspect in module.aspects
        },
        advice=[
            piece
            for code, report in sorted(reports.items())
            for piece in advise(report, f"{code} {judges[code].name}", full, names)
        ],
    )


def _reading(sheet: Sheet, marks: Number, hours: Mapping[int, float]) -> Reading:
    # While a blind event is marked, marks for a judge's own unit would tell whose codes those are.
    unit = None if is_coded(sheet.entrant.event) else sheet.judge.unit_id
    return Reading(
        entrant=str(sheet.entrant_id),
        judge=sheet.judge.code,
        marks=float(marks),
        hour=hours.get(sheet.id),
        own=unit is not None and unit == sheet.entrant.unit_id,
    )


def _marks(
    module: b.Module, values: Mapping[int, Mapping[str, Decimal]]
) -> dict[int, dict[str, Number]]:
    """Each sheet's marks by aspect, before the aspect's factor."""
    found: dict[int, dict[str, Number]] = {sheet: {} for sheet in values}
    for aspect in module.aspects:
        best = None
        if aspect.type is AspectType.RELATIVE:
            better = min if lower_is_better(aspect) else max
            best = better(
                (quantity(sheet_values[aspect.code]) for sheet_values in values.values()),
                default=None,
            )
        for sheet, said in values.items():
            found[sheet][aspect.code] = _aspect_marks(aspect, said[aspect.code], best)
    return found


def _aspect_marks(aspect: b.Aspect, value: Decimal, best: Number | None) -> Number:
    if aspect.type is AspectType.TIME:
        return time_marks(aspect, quantity(value))
    if aspect.type is AspectType.RELATIVE:
        # A zero cannot be measured against: it gets nothing, and is nobody's best.
        return relative_marks(aspect, quantity(value), best) if value and best else 0
    if aspect.type is AspectType.MEASUREMENT and not aspect.bands:
        return fixed_marks(aspect, bool(value))
    return fixed_marks(aspect, value)


def _level(aspect: b.Aspect) -> str:
    return "ordinal" if aspect.type is AspectType.JUDGEMENT else "interval"


def _alpha(readings: Sequence[Reading], level: str) -> Estimate:
    judges = sorted({reading.judge for reading in readings})
    entrants = sorted({reading.entrant for reading in readings})
    said = {(reading.judge, reading.entrant): reading.marks for reading in readings}
    rows = [[said.get((judge, entrant)) for entrant in entrants] for judge in judges]
    return krippendorff_alpha(rows, level)  # type: ignore[arg-type]


def _panels(readings: Sequence[Reading]) -> list[PanelFigures]:
    return [
        PanelFigures(
            judges=panel.judges,
            entrants=len(panel.entrants),
            icc=intraclass(panel.table),
            w=kendall_w(panel.table),
            alpha=krippendorff_alpha(list(zip(*panel.table, strict=True)), "interval"),
        )
        for panel in whole_panels(readings)
    ]


def _hours(sheets: Sequence[Sheet]) -> dict[int, float]:
    """When each sheet was marked, in hours from the first; empty where nobody knows.

    The server's time of the last mark; where all came in together (a paper
    competition, an import), the planned start of the entrant's turn.
    """
    at = _held(sheets)
    if not at or max(at.values()) - min(at.values()) < _AT_ONCE:
        at = _planned(sheets)
    if not at:
        return {}
    first = min(at.values())
    return {sheet: (when - first).total_seconds() / 3600 for sheet, when in at.items()}


def _held(sheets: Sequence[Sheet]) -> dict[int, datetime]:
    rows = db.session.execute(
        select(Act.sheet_id, func.max(Act.held_at))
        .where(Act.sheet_id.in_([sheet.id for sheet in sheets]), Act.kind.in_(VALUE_KINDS))
        .group_by(Act.sheet_id)
    ).tuples()
    return dict(rows.all())


def _planned(sheets: Sequence[Sheet]) -> dict[int, datetime]:
    rows = db.session.scalars(
        select(Slot).where(Slot.entrant_id.in_({sheet.entrant_id for sheet in sheets}))
    )
    starts = {(row.entrant_id, row.stage, row.module): row.starts_at for row in rows}
    planned = {
        sheet.id: starts.get((sheet.entrant_id, sheet.stage, sheet.module)) for sheet in sheets
    }
    return {sheet: when for sheet, when in planned.items() if when is not None}
