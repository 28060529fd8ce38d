"""Signed content: a sheet's whole content as plain JSON values, in one fixed form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.values.points import readable
from compete.models import Act, Competition, Event, RuleVersion, Sheet, db
from compete.services.kernel.event_rules import module_of, read_rules
from compete.services.sheets.totals import aspect_marks, provisional_total
from compete.services.sheets.values import standing_acts

FORM = "compete-sheet/1"


def last_act(sheet: Sheet) -> int:
    """The number of the newest act on the sheet; 0 where there is none."""
    return db.session.scalar(select(func.max(Act.id)).where(Act.sheet_id == sheet.id)) or 0


def sheet_content(sheet: Sheet, upto: int, rules_number: int | None = None) -> dict[str, Any]:
    """The sheet as the acts up to number `upto` say it, by the rules of that version.

    Codes and labels alone: never a name, a unit or an ID number. Values, marks
    and seconds are decimal texts; `marks` is null for an aspect whose marks
    depend on the others in the field. Raises KeyError where the rules have no
    such version.
    """
    event = db.session.get_one(Event, sheet.entrant.event_id)
    competition = db.session.get_one(Competition, sheet.competition_id)
    version = _version(event, rules_number)
    module = module_of(read_rules(version), sheet.stage, sheet.module)
    acts = standing_acts(sheet.id, upto)
    values = {code: act.value for code, act in acts.items() if act.value is not None}
    seconds = _last(Act.value, sheet, upto, "watch_stop", "watch_correct")
    submitted = _last(Act.held_at, sheet, upto, "submit")
    return {
        "format": FORM,
        "sheet": sheet.public_id,
        "competition": competition.code,
        "event": event.code,
        "rules": {"version": version.number, "sha256": version.sha256},
        "stage": sheet.stage,
        "module": sheet.module,
        "label": sheet.label,
        "judge": sheet.judge.code,
        "aspects": [_aspect(aspect, acts) for aspect in module.aspects],
        "total": provisional_total(module, values),
        "working_time": None if seconds is None else f"{seconds:f}",
        "notes": _notes(sheet, upto),
        "submitted_at": submitted.isoformat(timespec="microseconds") if submitted else None,
    }


def _version(event: Event, number: int | None) -> RuleVersion:
    if number is None:
        return event.rules
    for version in event.versions:
        if version.number == number:
            return version
    raise KeyError(number)


def _aspect(aspect: Aspect, acts: Mapping[str, Act]) -> dict[str, Any]:
    act = acts.get(aspect.code)
    value = act.value if act else None
    line: dict[str, Any] = {"code": aspect.code, "value": None, "marks": None}
    if act is None or value is None:
        return line
    given = kind_of(aspect).judge_value(value)
    line["value"] = given if isinstance(given, bool) else f"{given:f}"
    marks = aspect_marks(aspect, value)
    if marks is not None:
        line["marks"] = readable(marks, 6)
    if act.kind == "ruling":
        line["ruled"] = act.extra
    return line


def _last(what: InstrumentedAttribute[Any], sheet: Sheet, upto: int, *kinds: str) -> Any:
    """What the newest act of these kinds says, where one says anything."""
    return db.session.scalar(
        select(what)
        .where(Act.sheet_id == sheet.id, Act.id <= upto, Act.kind.in_(kinds), what.is_not(None))
        .order_by(Act.id.desc())
        .limit(1)
    )


def _notes(sheet: Sheet, upto: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(
        select(Act)
        .where(Act.sheet_id == sheet.id, Act.id <= upto, Act.kind == "note")
        .order_by(Act.id)
    )
    return [{"aspect": row.aspect, "text": row.note} for row in rows]
