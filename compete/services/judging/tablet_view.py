"""Tablet view: a judge's sheets for the tablet, and one sheet whole. Codes, never names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import and_, select
from sqlalchemy.orm import contains_eager

from compete.domain.aspects.checklist import met_checks
from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect, Band
from compete.domain.bundle import event_types
from compete.domain.bundle.attempts import Attempt
from compete.domain.stations import station_order
from compete.domain.values.canonical import short_mark
from compete.domain.values.numerals import plain
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import Act, Competition, Entrant, Event, Judge, OutcomeEntry, Sheet, Slot, db
from compete.services.judging.panels.previous_round import called_back_on, previous_values
from compete.services.judging.sent_back_sheets import standing_reminders
from compete.services.judging.tablet_data import (
    AnswerData,
    Answered,
    HomeData,
    Pointer,
    SheetBrief,
    SheetData,
    Value,
    WatchAct,
)
from compete.services.kernel.clock import clock_text, date_text, span_text
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import (
    attempt_of,
    module_of,
    module_of_sheet,
    module_title,
    rules_of,
)
from compete.services.kernel.module_keys import place_of, same_place
from compete.services.sheets.absences import excused, excused_among, excused_sheets
from compete.services.sheets.act_rules import OpenSheet
from compete.services.sheets.blind_codes import is_coded
from compete.services.sheets.comments import standing_comment, takes_comments
from compete.services.sheets.locks_in_force import is_locked, locked_sheets
from compete.services.sheets.totals import left_to_mark, running_total
from compete.services.sheets.values import last_act_on, last_acts, standing_values
from compete.services.sheets.working_times import timed_aspects


def called_before(sheet: Sheet, mine: Sequence[Sheet]) -> Sheet | None:
    """The first of the judge's sheets, in calling order, that ought to be begun before this one.

    It is of the same module at the same station, and not begun; or of an earlier attempt of the
    same entrant, by rounds of anybody, and not begun. None where there is none, where this one is
    begun already, and, but for attempts, where nobody knows who is called up when (in a blind
    event).
    """
    if sheet.state is not SheetState.NOT_BEGUN:
        return None
    attempt = attempt_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)
    before = attempt.before if attempt is not None else ()
    for other in mine:
        first = (attempt is not None and attempt.rounds) or other.entrant_id == sheet.entrant_id
        begun = other.state is not SheetState.NOT_BEGUN
        if first and not begun and other.module in before and _beside(other, sheet):
            return other
    if sheet.entrant.event.blind:
        return None
    near = [other for other in mine if (other.stage, other.module) == (sheet.stage, sheet.module)]
    rows = db.session.execute(
        select(Slot.entrant_id, Slot.station).where(
            Slot.stage == sheet.stage,
            Slot.module == sheet.module,
            Slot.entrant_id.in_([other.entrant_id for other in near]),
            Slot.starts_at.is_not(None),
        )
    )
    stations = dict(rows.tuples().all())
    if sheet.entrant_id not in stations:
        return None
    for other in near:
        if other.id == sheet.id:
            return None
        known = other.entrant_id in stations
        here = known and stations[other.entrant_id] == stations[sheet.entrant_id]
        if here and other.state is SheetState.NOT_BEGUN:
            return other
    return None


def _beside(other: Sheet, sheet: Sheet) -> bool:
    """True if both are of one stage of one event."""
    event, stage = sheet.entrant.event_id, sheet.stage
    return (other.entrant.event_id, other.stage) == (event, stage)


def my_sheets(judge: Judge) -> list[Sheet]:
    """The judge's sheets in the order they are called up, without those of the absent.

    An attempt that the plan gives no time is called as soon as the one before is in; by rounds,
    when everybody has made the one before. In a blind event they stand day by day and module by
    module as those begin, and within by code: times and stations would tell who is who.
    """
    absent = excused(OutcomeEntry.status == "dns")
    query = (
        select(Sheet, Slot.starts_at, Slot.station)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        # Two hundred tablets ask for each of their sheets: not one more question for each row.
        .options(contains_eager(Sheet.entrant))
        .outerjoin(Slot, and_(*same_place(Slot, Sheet), ~Event.blind))
        .where(Sheet.judge_id == judge.id, Sheet.state != SheetState.WITHDRAWN)
        .where(~absent | (Sheet.version > 0))
    )
    rows = [row._tuple() for row in db.session.execute(query)]
    attempts = _attempts_among([sheet for sheet, _starts_at, _station in rows])
    untimed = [sheet for sheet, starts_at, _station in rows if starts_at is None]
    firsts = _first_attempts(untimed, attempts) if attempts else {}
    called = sorted(
        ((sheet, *firsts.get(sheet.id, (at, station))) for sheet, at, station in rows),
        key=lambda row: _called_up(row, attempts),
    )
    return _blind_by_day([sheet for sheet, _starts_at, _station in called])


_Module = tuple[int, str, str]
"""A module's event, and the codes of its stage and its own."""


def _attempts_among(sheets: Sequence[Sheet]) -> dict[_Module, Attempt]:
    """The attempts among the modules of these sheets: rules are asked once for each module."""
    rules = [rules_of(event) for event in {sheet.entrant.event for sheet in sheets}]
    if all(part.take is None for it in rules for stage in it.stages for part in stage.parts):
        return {}
    events = {_module_of(sheet): sheet.entrant.event for sheet in sheets}
    known = {place: attempt_of(rules_of(event), *place[1:]) for place, event in events.items()}
    return {place: attempt for place, attempt in known.items() if attempt is not None}


def _module_of(sheet: Sheet) -> _Module:
    return sheet.entrant.event_id, sheet.stage, sheet.module


def _called_up(
    row: tuple[Sheet, datetime | None, str | None], attempts: Mapping[_Module, Attempt]
) -> tuple[object, ...]:
    """Sort key: by time, then station and code as people count them."""
    sheet, starts_at, station = row
    at = starts_at.timestamp() if starts_at is not None else float("inf")
    places = station_order(station or ""), station_order(sheet.label)
    attempt = attempts.get(_module_of(sheet)) if attempts else None
    turn = (attempt.first, attempt.number) if attempt is not None else (sheet.module, 0)
    round_of = attempt.number if attempt is not None and attempt.rounds else 0
    return at, round_of, *places, sheet.stage, *turn


def _first_attempts(
    untimed: Sequence[Sheet], attempts: Mapping[_Module, Attempt]
) -> dict[int, tuple[datetime | None, str | None]]:
    """When and where the first attempt is called up, of later ones that have no time.

    By rounds they begin with the last of the first ones of the day, in the same order.
    """
    first: dict[int, tuple[int, str, str]] = {}
    rounds: dict[int, _Module] = {}
    for sheet in untimed:
        module = _module_of(sheet)
        attempt = attempts.get(module)
        if attempt is not None and attempt.before and not sheet.entrant.event.blind:
            first[sheet.id] = (sheet.entrant_id, sheet.stage, attempt.first)
            if attempt.rounds:
                rounds[sheet.id] = module
    slots = _slots([entrant for entrant, _stage, _module in first.values()])
    places = ((number, slots.get(place)) for number, place in first.items())
    called = {it: (slot.starts_at, slot.station) for it, slot in places if slot is not None}
    days: dict[tuple[_Module, str | None], list[datetime]] = defaultdict(list)
    timed = [(it, module, *called.get(it, (None, None))) for it, module in rounds.items()]
    for _number, module, at, _station in timed:
        if at is not None:
            days[module, date_text(at)].append(at)
    for number, module, at, station in timed:
        if at is not None:
            firsts = days[module, date_text(at)]
            called[number] = max(firsts) + (at - min(firsts)), station
    return called


def _blind_by_day(sheets: list[Sheet]) -> list[Sheet]:
    """The sheets of blind events in their order, before or after all others as they stood."""
    blind = [sheet for sheet in sheets if sheet.entrant.event.blind]
    if not blind:
        return sheets
    slots = db.session.execute(
        select(Slot.entrant_id, Slot.stage, Slot.module, Slot.starts_at).where(
            Slot.entrant_id.in_({sheet.entrant_id for sheet in blind}),
            Slot.starts_at.is_not(None),
        )
    ).tuples()
    starts = {(entrant, stage, module): at for entrant, stage, module, at in slots}
    days = {sheet.id: date_text(starts.get(place_of(sheet))) or "9999" for sheet in blind}
    first: dict[tuple[str, int, str, str], str] = {}
    for sheet in blind:
        at = starts.get(place_of(sheet))
        part = (days[sheet.id], sheet.entrant.event_id, sheet.stage, sheet.module)
        day = at.isoformat() if at else "9999"
        first[part] = min(first.get(part, day), day)

    def place(sheet: Sheet) -> tuple[str, str, str, str, str]:
        part = (days[sheet.id], sheet.entrant.event_id, sheet.stage, sheet.module)
        return days[sheet.id], first[part], sheet.stage, sheet.module, sheet.label

    ordered = iter(sorted(blind, key=place))
    return [next(ordered) if sheet.entrant.event.blind else sheet for sheet in sheets]


def find_sheet(judge: Judge, public_id: str) -> Sheet | None:
    """The judge's own sheet of that id; another judge's, or one closed by 回避, is not found."""
    return db.session.scalar(
        select(Sheet).where(
            Sheet.public_id == public_id,
            Sheet.judge_id == judge.id,
            Sheet.state != SheetState.WITHDRAWN,
        )
    )


def sheets_of_entrant(judge: Judge, entrant: Entrant) -> list[Sheet]:
    """The judge's sheets for one entrant, those not yet submitted first."""
    rows = db.session.scalars(
        select(Sheet)
        .where(
            Sheet.judge_id == judge.id,
            Sheet.entrant_id == entrant.id,
            Sheet.state != SheetState.WITHDRAWN,
        )
        .order_by(Sheet.id)
    ).all()
    return sorted(rows, key=lambda row: row.state in HANDED_IN)


def home_data(judge: Judge) -> HomeData:
    """The judge's home: whose tablet it is, and every sheet with what it says now."""
    competition = db.session.get_one(Competition, judge.competition_id)
    sheets = my_sheets(judge)
    values = standing_values([sheet.id for sheet in sheets])
    slots = _slots([sheet.entrant_id for sheet in sheets])
    locked = locked_sheets(competition.id, sheets)
    reminded = standing_reminders(sheets)
    away = excused_sheets(competition)
    back = called_back_on(sheets)
    return {
        "judge": {"code": judge.code, "name": judge.name},
        "competition": competition.name,
        "open": competition.state is CompetitionState.JUDGING,
        "early": competition.state is CompetitionState.REGISTERING,
        "sheets": [
            {
                **_brief(sheet, values[sheet.id], slots.get(place_of(sheet)), sheet.id in back),
                "locked": sheet.id in locked,
                "excused": sheet.id in away,
                "reminded": clock_text(reminded.get(sheet.id)),
            }
            for sheet in sheets
        ],
    }


def sheet_data(sheet: Sheet) -> SheetData:
    """The data of one whole sheet: aspects with their controls' settings, and what it says now."""
    event = db.session.get_one(Event, sheet.entrant.event_id)
    rules = rules_of(event)
    module = module_of(rules, sheet.stage, sheet.module)
    competition = db.session.get_one(Competition, sheet.competition_id)
    slot = _slots([sheet.entrant_id]).get(place_of(sheet))
    values = standing_values([sheet.id])[sheet.id]
    others = _own_others(sheet.judge_id, sheet.stage, sheet.module, but=sheet.id)
    every = my_sheets(sheet.judge)
    away = excused_among([sheet, *every])
    # Nobody is led on to, or asked about, who gave up or was sent off.
    mine = [row for row in every if row.id == sheet.id or row.id not in away]
    following, expected = _next_sheet(sheet, mine), called_before(sheet, mine)
    return {
        **_brief(sheet, values, slot, bool(called_back_on([sheet]))),
        "acts": last_act_on(sheet.id),
        "rules": _mark_of(rules, module),
        "reminded": clock_text(standing_reminders([sheet]).get(sheet.id)),
        "full": _text(module.full),
        "rounding": rules.rounding.module,
        "locked": competition.state is not CompetitionState.JUDGING
        or is_locked(sheet.entrant, sheet.stage, sheet.module),
        "early": competition.state is CompetitionState.REGISTERING,
        "excused": sheet.id in away,
        "stands": sheet.state in HANDED_IN,
        "timed": bool(timed_aspects(module)),
        "aspects": [
            _aspect_data(aspect) | plausible(aspect, others.get(aspect.code, []))
            for aspect in module.aspects
        ],
        "values": {
            aspect.code: as_sent(aspect, values[aspect.code])
            for aspect in module.aspects
            if aspect.code in values
        },
        "met": _checks_met(sheet, module),
        "watch": _watch(sheet),
        "comments": takes_comments(module),
        "comment": standing_comment(sheet) if takes_comments(module) else "",
        "next": _pointer(following),
        "expected": _pointer(expected),
    }


def answer_data(sheet: OpenSheet) -> AnswerData:
    """The data that the tablet needs of a sheet after its acts were taken in."""
    answered: Answered = {
        "state": sheet.row.state.value,
        "version": sheet.row.version,
        "acts": sheet.standing.last_act,
        "returned_reason": sheet.row.return_reason,
    }
    values: dict[str, Value] = {
        aspect.code: as_sent(aspect, sheet.values[aspect.code])
        for aspect in sheet.module.aspects
        if aspect.code in sheet.values
    }
    if sheet.changed:
        return {**answered, "reminded": None, "values": values}
    return {**answered, "values": values}


def _aspect_data(aspect: Aspect) -> dict[str, Any]:
    """An aspect as its control wants it; decimals as texts."""
    extra = aspect.extra or {}
    return {
        **{key: _sent(getattr(aspect, key)) for key in _SENT},
        "descriptors": extra.get("descriptors"),
        "unit": extra.get("unit"),
        "hint": extra.get("hint"),
        **_limits(aspect),
    }


def _mark_of(rules: event_types.Event, module: event_types.Module) -> str:
    """The mark of a module: another text if any of its sheets reads or comes to anything else."""
    content = module.name, module.full, module.panel, module.aspects, module.extra, rules.rounding
    return short_mark(msgspec.to_builtins(content, str_keys=True))[:_MARK_DIGITS]


_MARK_DIGITS = 12

_SENT = [key for key in Aspect.__struct_fields__ if key not in ("standard", "extra")]


def _sent(value: Any) -> Any:
    """The value of an aspect's key, as JSON: decimals as texts, bands without extras."""
    if isinstance(value, Decimal):
        return _text(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_sent(entry) for entry in value]
    if isinstance(value, Band):
        return {"within": _text(value.within), "marks": _text(value.marks)}
    return value


def _limits(aspect: Aspect) -> dict[str, str]:
    """The keys `least` and `most`, where the aspect's type does not say them already."""
    limits = zip(("least", "most"), kind_of(aspect).limits(), strict=True)
    return {key: f"{limit:f}" for key, limit in limits if limit is not None}


def _brief(
    sheet: Sheet, values: dict[str, Decimal], slot: Slot | None, called_back: bool
) -> SheetBrief:
    event = db.session.get_one(Event, sheet.entrant.event_id)
    module = module_of_sheet(sheet)
    anew = previous_values(sheet, module) if called_back else {}
    return {
        "id": sheet.public_id,
        "code": _called(sheet),
        "state": sheet.state.value,
        "version": sheet.version,
        "module": module_title(event, sheet.stage, sheet.module),
        "module_code": f"{sheet.stage}/{sheet.module}",
        "session": slot.session if slot else None,
        "station": slot.station if slot else None,
        "date": date_text(slot.starts_at) if slot else None,
        "begins": clock_text(slot.starts_at) if slot else None,
        "ends": clock_text(slot.ends_at) if slot else None,
        "clock": span_text(slot.starts_at, slot.ends_at) if slot else None,
        "aspect_count": len(module.aspects),
        "left": len(left_to_mark(module, values, anew)),
        "total": None
        if sheet.state is SheetState.NOT_BEGUN
        else running_total(module, values, anew),
        "returned_reason": sheet.return_reason,
        "anew": bool(anew),
    }


def _called(sheet: Sheet) -> str:
    """The label by which a judge knows an entrant: in a small contest not blind, the name too."""
    event = sheet.entrant.event
    if is_coded(event) or not settings_of(event.competition).small:
        return sheet.label
    return f"{sheet.label} {sheet.entrant.name}"


def _slots(entrants: Sequence[int]) -> dict[tuple[int, str, str], Slot]:
    """The time and place at which each is expected; nothing of a blind event."""
    rows = db.session.scalars(
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .where(Slot.entrant_id.in_(set(entrants)), ~Event.blind)
    )
    return {place_of(row): row for row in rows}


def _pointer(sheet: Sheet | None) -> Pointer | None:
    """Where it points; an attempt says which, as the number alone would not tell it apart."""
    if sheet is None:
        return None
    attempt = attempt_of(rules_of(sheet.entrant.event), sheet.stage, sheet.module)
    code = f"{_called(sheet)} {attempt.words}" if attempt is not None else _called(sheet)
    return {"id": sheet.public_id, "code": code}


def _next_sheet(sheet: Sheet, rows: Sequence[Sheet]) -> Sheet | None:
    open_rows = [row for row in rows if row.state not in HANDED_IN and row.id != sheet.id]
    place = next((n for n, row in enumerate(rows) if row.id == sheet.id), 0)
    later = [row for row in rows[place + 1 :] if row in open_rows]
    return next(iter(later or open_rows), None)


def _checks_met(sheet: Sheet, module: event_types.Module) -> dict[str, list[int]]:
    """The checks of each checklist that are met, as far as that was told."""
    lists = [aspect.code for aspect in module.aspects if kind_of(aspect).tells_which]
    if not lists:
        return {}
    last = last_acts(Act.sheet_id == sheet.id, Act.aspect.in_(lists))
    met = {}
    for act in db.session.scalars(select(Act).where(Act.id.in_(last))):
        places = met_checks(act.note)
        if places is None:
            places = (act.extra or {}).get("met")
        if act.aspect is not None and isinstance(places, list):
            met[act.aspect] = places
    return met


def _watch(sheet: Sheet) -> list[WatchAct]:
    rows = db.session.scalars(
        select(Act).where(Act.sheet_id == sheet.id, Act.kind.like("watch_%")).order_by(Act.id)
    )
    return [
        {
            "kind": row.kind,
            "aspect": row.aspect,
            "at": row.said_at,
            "value": _text(row.value),
            "note": row.note,
        }
        for row in rows
    ]


def as_sent(aspect: Aspect, value: Decimal) -> Value:
    """A value as tablets send and get it: true or false for yes/no, else a decimal text."""
    given = kind_of(aspect).judge_value(value)
    return given if isinstance(given, bool) else _text(given)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def plausible(aspect: Aspect, others: Sequence[Decimal]) -> dict[str, dict[str, str]]:
    """The key `plausible`: outside of it the tablet asks once. Not where anything is."""
    bounds = kind_of(aspect).plausible(others)
    if bounds is None:
        return {}
    if kind_of(aspect).reckoning is Reckoning.TIME:
        # As a watch shows it.
        least, most = (f"{round(bound, 1):f}" for bound in bounds)
    else:
        least, most = map(plain, bounds)
    return {"plausible": {"least": least, "most": most}}


def _own_others(judge_id: int, stage: str, module: str, *, but: int) -> dict[str, list[Decimal]]:
    """The judge's standing values of each aspect on the other sheets of the module."""
    others = db.session.scalars(
        select(Sheet.id).where(
            Sheet.judge_id == judge_id,
            Sheet.stage == stage,
            Sheet.module == module,
            Sheet.id != but,
            Sheet.version > 0,
        )
    ).all()
    gathered: dict[str, list[Decimal]] = {}
    for values in standing_values(others).values():
        for aspect, value in values.items():
            gathered.setdefault(aspect, []).append(value)
    return gathered
