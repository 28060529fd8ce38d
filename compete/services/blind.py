"""加密号: the codes by which judges know the entrants of a blind event."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from sqlalchemy import select

from compete.domain.messages import msg
from compete.domain.roles import Role
from compete.domain.states import CompetitionState
from compete.models import Account, BlindCode, Competition, Entrant, Event
from compete.services import audit
from compete.services.access import membership_of
from compete.services.errors import Refused
from compete.services.work import unit_of_work

_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
MARKS_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def require_unblinded(competition: Competition, events: Iterable[Event], by: Account) -> None:
    """Return if results may be shown with their names to this person.

    Ranks with names beside codes tell who is who: while marks of a blind event
    can change, only the organiser, who drew the codes, may see both. Raises
    `Refused` (403) for a chief judge or supervisor, who return and rule on sheets.
    """
    if competition.state not in MARKS_OPEN or not any(event.blind for event in events):
        return
    if may_see_codes(competition, by):
        return
    raise Refused(msg("盲评：锁定评分以后才能看名次和姓名"), status=403)


def may_see_codes(competition: Competition, by: Account) -> bool:
    """Whether this person may know who has which code: the organiser, who drew them."""
    return by.is_admin or membership_of(by, competition, {Role.ORGANISER}) is not None


def draw_blind_codes(event: Event, by: Account | None) -> int:
    """Draw one layer of blind codes for everybody in a blind event who has none."""
    with unit_of_work() as session:
        people = list(session.scalars(select(Entrant).where(Entrant.event_id == event.id)))
        coded = set(
            session.scalars(select(BlindCode.entrant_id).where(BlindCode.event_id == event.id))
        )
        used = set(session.scalars(select(BlindCode.code).where(BlindCode.event_id == event.id)))
        letter = _CODE_LETTERS[event.id % len(_CODE_LETTERS)]
        free = [
            code
            for number in range(1, 10 * (len(people) + 1))
            if (code := f"{letter}-{number:02d}") not in used
        ]
        uncoded = [person for person in people if person.id not in coded]
        chance = secrets.SystemRandom()
        codes = chance.sample(free[: max(99, 2 * len(people))], len(uncoded))
        for person, code in zip(uncoded, codes, strict=True):
            session.add(BlindCode(event_id=event.id, entrant_id=person.id, layer=1, code=code))
        session.flush()
        audit.record(event.competition, by, "blind.draw", event.code, after={"drawn": len(uncoded)})
    return len(uncoded)
