"""What one person asks for in a labour competition and another agrees to."""

from __future__ import annotations

from typing import TypeVar

from compete.domain.values import Right, msg
from compete.models import Account, Competition, LabourRuleChange, PeriodCorrection, db
from compete.services.accounts import may, require_second
from compete.services.kernel import Refusal, Refused, for_update

Asked = TypeVar("Asked", PeriodCorrection, LabourRuleChange)


def locked(asked: Asked) -> tuple[Asked, Competition]:
    """The row as it stands now and its competition, which waits for nobody else meanwhile."""
    competition = for_update(db.session.get_one(Competition, asked.competition_id))
    return db.session.get_one(type(asked), asked.id, populate_existing=True), competition


def require_other(
    asked: PeriodCorrection | LabourRuleChange, competition: Competition, by: Account
) -> None:
    """Return for a second person; `Refused` for who has no right, who asked, who counts as one."""
    if not may(by, competition, Right.AGREE):
        raise Refused(msg("这一步不归你办"), kind=Refusal.FORBIDDEN)
    if asked.asked_by == by.id:
        raise Refused(msg("这是你提的，要另一个人来确认"))
    require_second(asked.asked_by, by)
