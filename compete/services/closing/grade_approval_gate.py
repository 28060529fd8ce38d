"""When a grade by results is approved, and by how many.

Once its results have been under notice, unless set otherwise; by two where the competition's kind
or its organiser says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState, ResultState
from compete.models import Competition, ResultStand, db, utc_now
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused


def two_approve(competition: Competition) -> bool:
    """True if one asks for a grade to be approved and another agrees."""
    wanted = settings_of(competition).two_approve_grades
    return competition_kind(competition).two_approve_grades if wanted is None else wanted


_ANNOUNCED = (CompetitionState.NOTICE, CompetitionState.FINAL)
_UNDER_NOTICE = (ResultState.NOTICE, ResultState.CORRECTED)


def why_notice_first(competition: Competition) -> dict[int, Message]:
    """The events, by row, whose grades nobody approves yet, and what they wait for.

    None does where certificates may go out before results are final (`certify_early`).
    """
    if settings_of(competition).certify_early:
        return {}
    query = select(ResultStand).where(ResultStand.competition_id == competition.id)
    stands = {row.event_id: row for row in db.session.scalars(query)}
    several = len(competition.events) > 1
    reasons = {}
    for event in competition.events:
        why = _why(competition, stands.get(event.id))
        if why is not None:
            of_event = msg("%(event)s：%(why)s", event=event.name, why=why)
            reasons[event.id] = of_event if several else why
    return reasons


def _why(competition: Competition, stand: ResultStand | None) -> Message | None:
    # Marks that were locked anew may say something else than what was announced.
    if stand is not None and stand.withdrawn_why:
        return msg("公示撤下了，重新公布、公示期满以后才能批准")
    announced = stand is not None and stand.state in (*_UNDER_NOTICE, ResultState.FINAL)
    if competition.state not in _ANNOUNCED or stand is None or not announced:
        return msg("成绩还没公示，公示期满以后才能批准")
    if stand.state is ResultState.FINAL:
        return None
    until = stand.notice_until
    if until is None or until <= utc_now():
        return None
    day = date_words(local_time(until).date())
    return msg("公示到%(day)s，期满以后才能批准", day=day)


def require_notice_over(competition: Competition, events: Iterable[int]) -> None:
    """Raise `Refused` where one of these events has not had its notice."""
    waiting = why_notice_first(competition)
    for event in dict.fromkeys(events):
        if event in waiting:
            raise Refused(waiting[event])
