"""Days without an accident (安全生产天数): since when each unit counts them.

A report that is confirmed by the correction because of it begins them anew.
They score nothing: a veto or an indicator does. The wall of a site office shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec.structs import replace
from sqlalchemy import select

from compete.domain.values.accident_states import ACCIDENT_MOVES, AccidentState
from compete.domain.values.messages import msg
from compete.domain.values.period_states import CorrectionKind
from compete.domain.values.states import move
from compete.models import (
    Account,
    Competition,
    LabourAccident,
    PeriodCorrection,
    Unit,
    db,
    utc_now,
)
from compete.services.kernel import audit
from compete.services.kernel.clock import local_today
from compete.services.kernel.competition_settings import SafeSince, change_settings, settings_of
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import changing

EARLIEST = date(1950, 1, 1)


def safe_since(competition: Competition) -> dict[str, SafeSince]:
    """The start of the count by the units' codes; who is not there counts none."""
    known = {unit.code for unit in competition.units}
    starts = settings_of(competition).safe_since
    return {code: start for code, start in starts.items() if code in known}


def safe_days(since: SafeSince, today: date) -> int:
    """Count whole days since then: 0 on the day itself."""
    return max((today - since.day).days, 0)


def set_safe_since(
    competition: Competition, wanted: Mapping[str, SafeSince | None], by: Account
) -> bool:
    """Set since when these units count, None: they count no more; whether anything changed.

    Raises `Refused` (INVALID) for a day to come, or of before 1950, (UNKNOWN) for a unit that
    is not there.
    """
    names = {unit.code: unit.name for unit in competition.units}
    today = local_today()
    for code, start in wanted.items():
        if code not in names:
            raise Refused(msg("没有这家单位"), kind=Refusal.UNKNOWN)
        if start is not None and not EARLIEST <= start.day <= today:
            raise invalid(msg("%(unit)s：写今天或者以前的日子", unit=names[code]))
    with changing(competition) as competition:
        before = safe_since(competition)
        now = utc_now()
        after: dict[str, SafeSince | None] = dict(before)
        for code, start in wanted.items():
            old = before.get(code)
            if start is None or old is None or _since_record(old) != _since_record(start):
                said_at = (start.said or now) if start and start.accident else None
                after[code] = replace(start, said=said_at) if start else None
        kept = {code: since for code, since in after.items() if since is not None}
        changed = [code for code in names if before.get(code) != kept.get(code)]
        if not changed:
            return False
        change_settings(competition, safe_since=kept)
        audit.record(
            competition,
            by,
            "labour.safe_days",
            competition.name,
            before={code: _since_record(before.get(code)) for code in changed},
            after={code: _since_record(kept.get(code)) for code in changed},
        )
    return True


def _since_record(since: SafeSince | None) -> list[str | bool] | None:
    return None if since is None else [since.day.isoformat(), since.accident]


def accident_confirmed(competition: Competition, correction: PeriodCorrection, by: Account) -> None:
    """The report that the agreed correction came from, if any, is confirmed. In a unit of work.

    Where the unit's days without an accident are counted, they begin again on its day, unless
    a later one has begun them already.
    """
    row = _because_of(correction)
    if row is None:
        return
    row.state = move(row.state, AccidentState.CONFIRMED, ACCIDENT_MOVES)
    row.ended_by, row.ended_at = by.id, utc_now()
    note_accident(competition, row, by, "labour.accident.confirm")
    counted = safe_since(competition).get(row.unit.code)
    if counted is not None and (counted.day, counted.accident) < (row.happened, True):
        by_hand = counted.before or counted
        begun = SafeSince(row.happened, accident=True, before=by_hand)
        set_safe_since(competition, {row.unit.code: begun}, by)


def accidents_lifted(competition: Competition, lift: PeriodCorrection, by: Account) -> None:
    """Take back reports that led to vetoes which two have lifted. In a unit of work.

    The unit's days go on from what stood by hand, or from the last accident that still counts;
    what somebody entered by hand since stays.
    """
    rows = db.session.scalars(
        select(LabourAccident)
        .join(PeriodCorrection, PeriodCorrection.id == LabourAccident.correction_id)
        .where(
            LabourAccident.unit_id == lift.unit_id,
            LabourAccident.state == AccidentState.CONFIRMED,
            PeriodCorrection.period == lift.period,
            PeriodCorrection.kind == CorrectionKind.VETO,
        )
        .order_by(LabourAccident.id)
    ).all()
    for row in rows:
        row.state = move(row.state, AccidentState.REFUSED, ACCIDENT_MOVES)
        row.refused_by, row.refused_at, row.refused_why = lift.asked_by, lift.asked_at, lift.reason
        row.ended_by, row.ended_at = by.id, utc_now()
        note_accident(competition, row, by, "labour.accident.refuse", lift.reason)
    if rows:
        _go_on(competition, rows[0].unit, by)


def _go_on(competition: Competition, unit: Unit, by: Account) -> None:
    """The unit's days from what stands, where a report had begun them anew."""
    counted = safe_since(competition).get(unit.code)
    if counted is None or counted.before is None:
        return
    db.session.flush()
    last = db.session.scalars(
        select(LabourAccident)
        .where(
            LabourAccident.unit_id == unit.id,
            LabourAccident.state == AccidentState.CONFIRMED,
        )
        .order_by(LabourAccident.happened.desc(), LabourAccident.id)
        .limit(1)
    ).first()
    since = counted.before
    if last is not None and (since.day, since.accident) < (last.happened, True):
        since = SafeSince(last.happened, accident=True, said=last.ended_at, before=since)
    set_safe_since(competition, {unit.code: since}, by)


def accident_freed(correction: PeriodCorrection) -> None:
    """The report that the dropped correction came from, if any, waits again. In a unit of work."""
    row = _because_of(correction)
    if row is not None:
        row.correction_id = None


def note_accident(
    competition: Competition, row: LabourAccident, by: Account, action: str, why: str | None = None
) -> None:
    """Record what was done with a report, in words that name nobody."""
    after = {
        "accident": row.id,
        "period": labour_of(competition).period_names.get(row.period, row.period),
        "happened": row.happened.isoformat(),
        "sha256": row.sha256,
        "correction": row.correction_id,
    }
    audit.record(competition, by, action, row.unit.name, after=after, reason=why)


def _because_of(correction: PeriodCorrection) -> LabourAccident | None:
    return db.session.scalar(
        select(LabourAccident).where(LabourAccident.correction_id == correction.id)
    )
