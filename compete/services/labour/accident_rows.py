"""What becomes of a unit's report of an accident as the correction because of it ends."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.values import ACCIDENT_MOVES, AccidentState, move
from compete.models import Account, Competition, LabourAccident, PeriodCorrection, db, utc_now
from compete.services.kernel import SafeSince, audit, labour_of
from compete.services.labour.without_accident import safe_since, set_safe_since


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
    told = accident_told(competition, row)
    audit.record(competition, by, "labour.accident.confirm", row.unit.name, after=told)
    counted = safe_since(competition).get(row.unit.code)
    if counted is not None and (counted.day, counted.accident) < (row.happened, True):
        begun = SafeSince(row.happened, accident=True)
        set_safe_since(competition, {row.unit.code: begun}, by)


def accident_freed(correction: PeriodCorrection) -> None:
    """The report that the dropped correction came from, if any, waits again. In a unit of work."""
    row = _because_of(correction)
    if row is not None:
        row.correction_id = None


def accident_told(competition: Competition, row: LabourAccident) -> dict[str, str | int | None]:
    """What the record says of a report: no words that name anybody."""
    names = {each.code: each.name for each in labour_of(competition).periods}
    return {
        "accident": row.id,
        "period": names.get(row.period, row.period),
        "happened": row.happened.isoformat(),
        "sha256": row.sha256,
        "correction": row.correction_id,
    }


def _because_of(correction: PeriodCorrection) -> LabourAccident | None:
    return db.session.scalar(
        select(LabourAccident).where(LabourAccident.correction_id == correction.id)
    )
