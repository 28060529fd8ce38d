"""退赛 before judging: the person stays registered, takes no part, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compete.domain.values import CompetitionState, Message, msg
from compete.models import (
    Account,
    Decision,
    Entrant,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    Slot,
    TimeEntry,
    Withdrawal,
    db,
    utc_now,
)
from compete.services.kernel import (
    Refusal,
    Refused,
    audit,
    for_update,
    reason_text,
    standing_withdrawal,
    takes_part,
    unit_of_work,
)
from compete.services.registration.writing import make_late_sheets

_JUDGED = (Sheet, OutcomeEntry, PenaltyEntry, TimeEntry, Decision)


def why_not_withdrawn(entrant: Entrant) -> Message | None:
    """Why somebody cannot withdraw without an outcome; None where nothing was judged yet."""
    if entrant.competition.state is not CompetitionState.REGISTERING:
        return msg("评分已经开始，退赛要按缺考或中途退出办，由两个人定")
    if any(_has(table, entrant) for table in _JUDGED):
        return msg("已经有评分表或扣罚、用时，退赛要按缺考或中途退出办")
    return None


def withdraw_person(entrant: Entrant, reason: str, by: Account) -> Withdrawal:
    """Let somebody withdraw before judging; the record stays, and every list leaves them out.

    Raises `Refused` (INVALID) without a reason, (CONFLICT) once judging has begun and for
    somebody who has withdrawn already.
    """
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("退赛要写原因"), kind=Refusal.INVALID)
    with unit_of_work() as session:
        competition = for_update(entrant.competition)
        session.refresh(entrant)
        why = why_not_withdrawn(entrant)
        if why is not None:
            raise Refused(why)
        if standing_withdrawal(entrant) is not None:
            raise Refused(msg("%(code)s 已经退赛了", code=entrant.code))
        row = Withdrawal(entrant_id=entrant.id, reason=reason, made_by=by.id)
        session.add(row)
        session.flush()
        audit.record(competition, by, "entrant.withdraw", entrant.code, reason=reason)
    return row


def why_not_returned(entrant: Entrant) -> Message | None:
    """Why a withdrawal cannot be taken back; None while people can be registered."""
    if entrant.erased_at is not None:
        return msg("个人资料已经删除，不能再改")
    if entrant.competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        return None
    return msg("评分已经锁定，退赛不能再撤回")


def return_person(entrant: Entrant, by: Account) -> Sequence[Entrant]:
    """Take a withdrawal back. Returns who has come to the person's places meanwhile.

    While others are being judged the person gets sheets, as everybody who comes late.
    Raises `Refused` for somebody who takes part, and once marks are locked.
    """
    with unit_of_work() as session:
        competition = for_update(entrant.competition)
        row = standing_withdrawal(entrant)
        if row is None:
            raise Refused(msg("%(code)s 没有退赛", code=entrant.code))
        why = why_not_returned(entrant)
        if why is not None:
            raise Refused(why)
        beside = _at_the_same_places(entrant)
        row.ended_at, row.ended_by = utc_now(), by.id
        session.flush()
        if competition.state is CompetitionState.JUDGING:
            make_late_sheets(competition, [entrant], by)
        audit.record(competition, by, "entrant.return", entrant.code)
    return beside


def _has(
    table: type[Sheet | OutcomeEntry | PenaltyEntry | TimeEntry | Decision], of: Entrant
) -> bool:
    return db.session.scalar(select(table.id).where(table.entrant_id == of.id).limit(1)) is not None


def _at_the_same_places(entrant: Entrant) -> list[Entrant]:
    """Who stands at the same station in the same session, by number."""
    found: dict[int, Entrant] = {}
    for slot in entrant.slots:
        if slot.station is None:
            continue
        query = (
            select(Entrant)
            .join(Slot, Slot.entrant_id == Entrant.id)
            .where(
                Entrant.event_id == entrant.event_id,
                Entrant.id != entrant.id,
                takes_part(),
                Slot.stage == slot.stage,
                Slot.module == slot.module,
                Slot.station == slot.station,
                Slot.session.is_not_distinct_from(slot.session),
                Slot.starts_at.is_not_distinct_from(slot.starts_at),
            )
            .order_by(Entrant.code)
        )
        found |= {other.id: other for other in db.session.scalars(query)}
    return list(found.values())
