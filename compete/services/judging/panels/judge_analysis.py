"""Judges judged: the figures of one module's judges, from what their sheets say now.

Advice for the chief judge. Nothing here writes, and no figure from here enters
a result: marks become floats on the way in, for statistics alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from compete.domain.bundle.event_types import Module
from compete.domain.reliability.analysis import (
    Analysis,
    MarkedSheet,
    analyse_module,
    tells_hours,
)
from compete.domain.values.states import HANDED_IN
from compete.models import Act, Entrant, Event, Sheet, Slot, db
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.versions import remembered, remembered_last
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.values import VALUE_KINDS, standing_values


class NamedJudge(NamedTuple):
    """A judge: code, name, and the row of the own unit."""

    code: str
    name: str
    unit: int | None


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
    whole = [seat for seat in seats if len(values[seat.id]) == len(module.aspects)]
    hours = _hours(event, stage, module.code, whole)
    sheets = [
        MarkedSheet(str(seat.entrant), seat.judge, values[seat.id], hours.get(seat.id), seat.own)
        for seat in whole
    ]
    names = {judge.code: f"{judge.code} {judge.name}" for judge in judges.values()}
    return analyse_module(module, sheets, names, _compared(event))


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


def _hours(event: Event, stage: str, module: str, sheets: Sequence[_Seat]) -> dict[int, float]:
    """The time when each sheet was marked, in hours from the first; empty if nobody knows.

    The server's time of the last mark; where all came in together (a paper
    competition, an import), the planned start of the entrant's turn.
    """
    hours = _from_first(_last_stored(event, stage, module, sheets))
    if tells_hours(list(hours.values())):
        return hours
    return _from_first(_planned(event, stage, module, sheets))


def _from_first(at: Mapping[int, datetime]) -> dict[int, float]:
    first = min(at.values(), default=None)
    return {sheet: (when - first).total_seconds() / 3600 for sheet, when in at.items() if first}


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
