"""Reminding who lacks something in a leaf period: it stands on their page of entry (催办)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, Competition, LabourReminder, db
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.labour.deadlines import LateList, late_list
from compete.services.labour.entry import Writer
from compete.services.labour.period_progress import require_open_period

A_DAY = 2
"""So often at most somebody is reminded of a period on one day."""

_Who = tuple[int | None, int | None]
"""A unit's number or a department's."""


def remind(competition: Competition, period: str, by: Account) -> int:
    """Remind everybody who lacks something in a leaf period; how many that were.

    Raises `Refused` (CONFLICT) once the period is closed, and where nobody lacks anything or all
    of them were reminded as often as they may be today.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        require_open_period(competition, period)
        found = late_list(competition, period)
        if not _lacking(found):
            left = found.units or found.unsigned
            raise Refused(msg("缺的都还没发链接，催不到") if left else msg("没有要催的，都齐了"))
        now = reminded_now(competition, period, found)
        if not now:
            raise Refused(msg("今天催过 %(n)s 次了，明天再催", n=A_DAY))
        session.add_all(
            LabourReminder(
                competition_id=competition.id,
                period=period,
                unit_id=unit,
                department_id=department,
                lacking=n,
                made_by=by.id,
            )
            for (unit, department), n in now.items()
        )
        session.flush()
        audit.record(
            competition, by, "labour.remind", period, after={"who": len(now), "period": period}
        )
    return len(now)


def reminded_now(competition: Competition, period: str, found: LateList) -> dict[_Who, int]:
    """Count, by who lacks something and may be told of it today, how much that is."""
    often = _today(competition, period)
    return {who: n for who, n in _lacking(found).items() if often[who] < A_DAY}


def reminders_of(competition: Competition, period: str) -> Sequence[LabourReminder]:
    """List all reminders of a leaf period, the newest first."""
    return db.session.scalars(
        select(LabourReminder)
        .where(LabourReminder.competition_id == competition.id, LabourReminder.period == period)
        .order_by(LabourReminder.id.desc())
    ).all()


def last_reminder(writer: Writer, period: str) -> LabourReminder | None:
    """The newest that the writer got for a leaf period."""
    unit = writer.unit.id if writer.unit is not None else None
    department = writer.department.id if writer.department is not None else None
    return next(
        (
            each
            for each in reminders_of(writer.competition, period)
            if (each.unit_id, each.department_id) == (unit, department)
        ),
        None,
    )


def _lacking(found: LateList) -> dict[_Who, int]:
    """Count what is lacking by who can be told: units with a link, departments not signed off."""
    lacking: dict[_Who, int] = {
        (unit.id, None): unit.missing for unit in found.units if unit.contact is not None
    }
    for department in found.unsigned:
        if department.recorders:
            lacking[None, department.id] = department.lacking.open
    return lacking


def _today(competition: Competition, period: str) -> Counter[_Who]:
    start = datetime.combine(local_today(), time())
    return Counter(
        (each.unit_id, each.department_id)
        for each in reminders_of(competition, period)
        if local_time(each.made_at).replace(tzinfo=None) >= start
    )
