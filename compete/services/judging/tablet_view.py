"""What a judge's tablet is told: its sheets, and one sheet whole. Codes, never names."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import or_, select

from compete.domain import bundle as b
from compete.domain.values import AspectType, CompetitionState, SheetState
from compete.models import Act, Competition, Entrant, Event, Judge, OutcomeEntry, Sheet, Slot, db
from compete.services.judging.call_order import called_before
from compete.services.judging.reminders import standing_reminders
from compete.services.kernel import clock_text, date_text, module_of, rules_of, span_text
from compete.services.sheets import (
    OpenSheet,
    is_locked,
    locked_sheets,
    provisional_total,
    standing_values,
)

_DONE = {SheetState.SUBMITTED, SheetState.SIGNED}


def my_sheets(judge: Judge) -> list[Sheet]:
    """The judge's sheets in the order they are called up, without those of the absent.

    In a blind event they stand by code: times and stations would tell who is who.
    """
    absent = (
        select(OutcomeEntry.id)
        .where(
            OutcomeEntry.entrant_id == Sheet.entrant_id,
            OutcomeEntry.stage == Sheet.stage,
            or_(OutcomeEntry.module.is_(None), OutcomeEntry.module == Sheet.module),
            OutcomeEntry.status == "dns",
            OutcomeEntry.withdrawn_at.is_(None),
        )
        .exists()
    )
    query = (
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .outerjoin(
            Slot,
            (Slot.entrant_id == Sheet.entrant_id)
            & (Slot.stage == Sheet.stage)
            & (Slot.module == Sheet.module)
            & ~Event.blind,
        )
        .where(Sheet.judge_id == judge.id, Sheet.state != SheetState.WITHDRAWN)
        .where(~absent | (Sheet.version > 0))
        .order_by(
            Slot.starts_at.is_(None),
            Slot.starts_at,
            Slot.station,
            Sheet.label,
            Sheet.stage,
            Sheet.module,
        )
    )
    return list(db.session.scalars(query))


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
    return sorted(rows, key=lambda row: row.state in _DONE)


def home_data(judge: Judge) -> dict[str, Any]:
    """The judge's home: whose tablet it is, and every sheet with what it says now.

    `reminded` is when the chief judge reminded of it, `10:31` by the hall's clock, or None.
    """
    competition = db.session.get_one(Competition, judge.competition_id)
    sheets = my_sheets(judge)
    values = standing_values([sheet.id for sheet in sheets])
    slots = _slots([sheet.entrant_id for sheet in sheets])
    locked = locked_sheets(competition.id, sheets)
    reminded = standing_reminders(sheets)
    return {
        "judge": {"code": judge.code, "name": judge.name},
        "competition": competition.name,
        "open": competition.state is CompetitionState.JUDGING,
        "early": competition.state is CompetitionState.REGISTERING,
        "sheets": [
            {
                **_brief(sheet, values[sheet.id], slots.get(_slot_key(sheet))),
                "locked": sheet.id in locked,
                "reminded": clock_text(reminded.get(sheet.id)),
            }
            for sheet in sheets
        ],
    }


def sheet_data(sheet: Sheet) -> dict[str, Any]:
    """One sheet whole: its aspects with their controls' settings, and what it says now."""
    event = db.session.get_one(Event, sheet.entrant.event_id)
    rules = rules_of(event)
    module = module_of(rules, sheet.stage, sheet.module)
    competition = db.session.get_one(Competition, sheet.competition_id)
    slot = _slots([sheet.entrant_id]).get(_slot_key(sheet))
    values = standing_values([sheet.id])[sheet.id]
    typical = typical_values(sheet.judge_id, sheet.stage, sheet.module, but=sheet.id)
    mine = my_sheets(sheet.judge)
    following, expected = _next_sheet(sheet, mine), called_before(sheet, mine)
    return {
        **_brief(sheet, values, slot),
        "reminded": clock_text(standing_reminders([sheet]).get(sheet.id)),
        "full": _text(module.full),
        "rounding": rules.rounding.module,
        "locked": competition.state is not CompetitionState.JUDGING
        or is_locked(sheet.entrant, sheet.stage, sheet.module),
        "early": competition.state is CompetitionState.REGISTERING,
        "stands": sheet.state in _DONE,
        "timed": any(aspect.type is AspectType.TIME for aspect in module.aspects),
        "aspects": [aspect_data(aspect, typical.get(aspect.code)) for aspect in module.aspects],
        "values": {
            aspect.code: as_sent(aspect, values[aspect.code])
            for aspect in module.aspects
            if aspect.code in values
        },
        "watch": _watch(sheet),
        "next": _pointer(following),
        "expected": _pointer(expected),
    }


def answer_data(sheet: OpenSheet) -> dict[str, Any]:
    """What the tablet needs of a sheet after its acts were taken in; new ones end a reminder."""
    return {
        "state": sheet.row.state.value,
        "version": sheet.row.version,
        "returned_reason": sheet.row.return_reason,
        **({"reminded": None} if sheet.changed else {}),
        "values": {
            aspect.code: as_sent(aspect, sheet.values[aspect.code])
            for aspect in sheet.module.aspects
            if aspect.code in sheet.values
        },
    }


def aspect_data(aspect: b.Aspect, typical: Decimal | None = None) -> dict[str, Any]:
    """An aspect as its control wants it; decimals as texts."""
    extra = aspect.extra or {}
    return {
        "code": aspect.code,
        "name": aspect.name,
        "type": aspect.type.value,
        "max": _text(aspect.max),
        "factor": _text(aspect.factor),
        "criterion": aspect.criterion,
        "step": _text(aspect.step),
        "scale": aspect.scale,
        "points": _text(aspect.points),
        "bands": [
            {"within": _text(band.within), "marks": _text(band.marks)} for band in aspect.bands
        ],
        "full_at": _text(aspect.full_at),
        "zero_at": _text(aspect.zero_at),
        "better": aspect.better.value,
        "descriptors": extra.get("descriptors"),
        "unit": extra.get("unit"),
        "hint": extra.get("hint"),
        "typical": _text(typical),
    }


def typical_values(judge_id: int, stage: str, module: str, *, but: int) -> dict[str, Decimal]:
    """The mean of this judge's standing values of each aspect on the other sheets.

    Only where there are at least three: fewer say nothing of what is odd.
    """
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
    return {
        aspect: round(sum(values, Decimal(0)) / len(values), 4)
        for aspect, values in gathered.items()
        if len(values) >= 3
    }


def _brief(sheet: Sheet, values: dict[str, Decimal], slot: Slot | None) -> dict[str, Any]:
    """A sheet in the list. `date`, `begins`, `ends` and `clock` are texts by the hall's clock:
    `2026-09-16`, `10:20`, `11:00` and `10:20–11:00`."""
    event = db.session.get_one(Event, sheet.entrant.event_id)
    module = module_of(rules_of(event), sheet.stage, sheet.module)
    return {
        "id": sheet.public_id,
        "code": sheet.label,
        "state": sheet.state.value,
        "version": sheet.version,
        "module": module.name,
        "module_code": f"{sheet.stage}/{sheet.module}",
        "session": slot.session if slot else None,
        "station": slot.station if slot else None,
        "date": date_text(slot.starts_at) if slot else None,
        "begins": clock_text(slot.starts_at) if slot else None,
        "ends": clock_text(slot.ends_at) if slot else None,
        "clock": span_text(slot.starts_at, slot.ends_at) if slot else None,
        "aspect_count": len(module.aspects),
        "left": sum(1 for aspect in module.aspects if aspect.code not in values),
        "total": provisional_total(module, values),
        "returned_reason": sheet.return_reason,
    }


def _slots(entrants: Sequence[int]) -> dict[tuple[int, str, str], Slot]:
    """When and where each is expected; nothing of a blind event."""
    rows = db.session.scalars(
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .join(Event, Event.id == Entrant.event_id)
        .where(Slot.entrant_id.in_(set(entrants)), ~Event.blind)
    )
    return {(row.entrant_id, row.stage, row.module): row for row in rows}


def _slot_key(sheet: Sheet) -> tuple[int, str, str]:
    return sheet.entrant_id, sheet.stage, sheet.module


def _pointer(sheet: Sheet | None) -> dict[str, str] | None:
    return {"id": sheet.public_id, "code": sheet.label} if sheet else None


def _next_sheet(sheet: Sheet, rows: Sequence[Sheet]) -> Sheet | None:
    open_rows = [row for row in rows if row.state not in _DONE and row.id != sheet.id]
    place = next((n for n, row in enumerate(rows) if row.id == sheet.id), 0)
    later = [row for row in rows[place + 1 :] if row in open_rows]
    return next(iter(later or open_rows), None)


def _watch(sheet: Sheet) -> list[dict[str, Any]]:
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


def as_sent(aspect: b.Aspect, value: Decimal) -> str | bool | None:
    """A value as tablets send and get it: true or false for yes/no, else a decimal text."""
    if aspect.type is AspectType.MEASUREMENT and not aspect.bands:
        return bool(value)
    return _text(value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
