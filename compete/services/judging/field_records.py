"""Field records (现场记录): an entrant's times, extra time and violations, signed in person."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from compete.domain.values.canonical import canonical_json, canonical_sha256
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain
from compete.models import (
    Account,
    Competition,
    Event,
    FieldRecord,
    Judge,
    Sheet,
    Slot,
    Stoppage,
    db,
    utc_now,
)
from compete.services.judging.drawn_signature import (
    Drawing,
    drawing_text,
    kept_drawing,
    read_drawing,
)
from compete.services.judging.own_times import known_time
from compete.services.kernel import audit
from compete.services.kernel.clock import clock_text
from compete.services.kernel.module_keys import same_place
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.delays import stops_of
from compete.services.sheets.locks_in_force import claim_open

FORM = "compete-field-record/1"
LONGEST_VIOLATIONS = 1000
MOST_EXTRA_MINUTES = 600
_EXTRA = re.compile(r"([0-9]{1,4})(?::([0-5][0-9]))?")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?")


def record_field(
    sheet: Sheet,
    judge: Judge,
    *,
    started: str,
    ended: str,
    extra_minutes: str,
    violations: str,
    drawing: Any,
    by: Account,
) -> FieldRecord:
    """Keep the record that the contestant has just signed on the judge's tablet.

    Times are `HH:MM` or `HH:MM:SS` by the hall's clock; `extra_minutes` a whole number,
    `11:20` with seconds, or empty. What the desk wrote down of stops goes into it. A new
    record of the same entrant and module replaces the one before, which stays as evidence.
    Raises `Refused` (INVALID) naming the field that is wrong, (CONFLICT) once marks are locked.
    """
    drawn = read_drawing(drawing)
    facts = {
        "started": _clock(started, msg("开始时间")),
        "ended": _clock(ended, msg("结束时间")),
        **_extra_time(extra_minutes),
        "violations": _text(violations),
    }
    with unit_of_work() as session:
        competition = claim_open(sheet)
        if sheet.entrant.event.blind:
            raise Refused(msg("盲评的评分表不让选手签字，名字会和加密号连在一起"))
        before = standing_record(sheet)
        now = utc_now()
        if before is not None:
            before.superseded_at = now
        content = {
            **_place(sheet, competition),
            **facts,
            **_stopped(sheet),
            "working_time": _working_time(sheet),
            "recorded_by": judge.code,
            "signed_at": now.isoformat(timespec="microseconds"),
        }
        record = FieldRecord(
            competition_id=competition.id,
            entrant_id=sheet.entrant_id,
            judge_id=judge.id,
            stage=sheet.stage,
            module=sheet.module,
            content=canonical_json(content).decode(),
            sha256=canonical_sha256(content),
            drawing=drawing_text(drawn),
            signed_at=now,
        )
        session.add(record)
        session.flush()
        audit.record(
            competition,
            by,
            "field.sign",
            sheet.label,
            before={"sha256": before.sha256} if before else None,
            after={"sha256": record.sha256, "module": sheet.module},
        )
    return record


def stops_on(sheet: Sheet) -> Sequence[Stoppage]:
    """List what stopped under the sheet's entrant in its module; nothing of a blind event."""
    if sheet.entrant.event.blind:
        return []
    return stops_of(sheet.entrant, sheet.stage, sheet.module)


def standing_record(sheet: Sheet) -> FieldRecord | None:
    """The record that stands for the sheet's entrant and module, or None."""
    return db.session.scalar(
        select(FieldRecord)
        .where(*same_place(FieldRecord, sheet), FieldRecord.superseded_at.is_(None))
        .order_by(FieldRecord.id.desc())
        .limit(1)
    )


def field_facts(record: FieldRecord) -> dict[str, Any]:
    """The signed facts, as JSON values."""
    facts: dict[str, Any] = json.loads(record.content)
    return facts


def field_drawing(record: FieldRecord) -> Drawing:
    """The contestant's signature; for the desk, never for a tablet."""
    return kept_drawing(record.drawing)


def _place(sheet: Sheet, competition: Competition) -> dict[str, Any]:
    event = db.session.get_one(Event, sheet.entrant.event_id)
    slot = db.session.scalar(select(Slot).where(*same_place(Slot, sheet)))
    return {
        "format": FORM,
        "competition": competition.code,
        "event": event.code,
        "stage": sheet.stage,
        "module": sheet.module,
        "label": sheet.label,
        "station": slot.station if slot else None,
        "session": slot.session if slot else None,
    }


def _working_time(sheet: Sheet) -> dict[str, Any] | None:
    """The time and the readings that the tablet showed, as texts; None where it showed none."""
    taken = known_time(sheet)
    if taken.seconds is None:
        return None
    return {"seconds": plain(taken.seconds), **(taken.as_extra() or {})}


def _clock(text: str, name: Any) -> str:
    text = text.strip()
    if not _CLOCK.fullmatch(text):
        raise invalid(msg("%(name)s要写成 09:05 这样", name=name))
    return text


def _extra_time(text: str) -> dict[str, int]:
    """Read extra time: `2` and `11:20`; a record without seconds reads as it always did."""
    match = _EXTRA.fullmatch(text.strip() or "0")
    if match is None or int(match[1]) * 60 + int(match[2] or 0) > MOST_EXTRA_MINUTES * 60:
        raise invalid(
            msg("补时要写整数分钟，或者写成 11:20，最多 %(most)s 分钟", most=MOST_EXTRA_MINUTES)
        )
    minutes, seconds = int(match[1]), int(match[2] or 0)
    return {"extra_minutes": minutes} | ({"extra_seconds": seconds} if seconds else {})


def _stopped(sheet: Sheet) -> dict[str, Any]:
    """The stoppages on the desk's record, as they are signed; empty where nothing stopped."""
    stops = [
        {
            "at": clock_text(stop.stopped_at),
            "reason": stop.reason,
            **({"seconds": stop.seconds} if stop.seconds else {}),
            **({"last": True} if stop.last else {}),
        }
        for stop in stops_on(sheet)
    ]
    return {"stops": stops} if stops else {}


def _text(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_VIOLATIONS:
        raise invalid(msg("违规情况最多写 %(most)s 个字", most=LONGEST_VIOLATIONS))
    return text
