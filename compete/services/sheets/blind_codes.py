"""加密号: the codes by which judges know the entrants of a blind event."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from compete.domain.values import CompetitionState, Right, msg
from compete.models import Account, BlindCode, Competition, Entrant, Event, db
from compete.services.accounts import may
from compete.services.kernel import Refusal, Refused, audit, takes_part, unit_of_work

_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_MARKS_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def is_coded(event: Event) -> bool:
    """Whether names of the event must not stand beside codes: it is blind and marks can change."""
    return event.blind and event.competition.state in _MARKS_OPEN


def may_see_names(competition: Competition, events: Iterable[Event], by: Account) -> bool:
    """Whether names and units of these events may stand beside codes for this person.

    Beside each other they tell who is who: while marks of a blind event can
    change, only the organiser, who drew the codes, may see both.
    """
    return may(by, competition, Right.SEE_BLIND) or not any(is_coded(event) for event in events)


def require_unblinded(competition: Competition, events: Iterable[Event], by: Account) -> None:
    """Return if results may be shown with their names to this person (`may_see_names`).

    Raises `Refused` (FORBIDDEN) for a chief judge or supervisor, who return and rule on sheets.
    """
    if not may_see_names(competition, events, by):
        raise Refused(msg("盲评：锁定评分以后才能看名次和姓名"), kind=Refusal.FORBIDDEN)


def drawn_codes(event: Event) -> dict[int, str]:
    """By entrant id the blind code of the last layer; whoever has none is left out."""
    query = (
        select(BlindCode.entrant_id, BlindCode.code)
        .join(Entrant, Entrant.id == BlindCode.entrant_id)
        .where(BlindCode.event_id == event.id, takes_part())
        .order_by(BlindCode.layer)
    )
    return dict(db.session.execute(query).tuples().all())


def draw_blind_codes(event: Event, by: Account | None) -> int:
    """Draw one layer of blind codes for everybody in a blind event who has none."""
    with unit_of_work() as session:
        people = list(
            session.scalars(select(Entrant).where(Entrant.event_id == event.id, takes_part()))
        )
        coded = set(
            session.scalars(select(BlindCode.entrant_id).where(BlindCode.event_id == event.id))
        )
        used = set(session.scalars(select(BlindCode.code).where(BlindCode.event_id == event.id)))
        letter = _free_letter(event)
        uncoded = [person for person in people if person.id not in coded]
        if not uncoded:
            return 0
        # Who comes late draws from what the others drew from: a higher number would tell.
        for among in (len(coded) or len(people), len(people)):
            free = [
                code
                for number in range(1, max(99, 2 * among) + 1)
                if (code := f"{letter}-{number:02d}") not in used
            ]
            if len(free) >= len(uncoded):
                break
        codes = secrets.SystemRandom().sample(free, len(uncoded))
        for person, code in zip(uncoded, codes, strict=True):
            session.add(BlindCode(event_id=event.id, entrant_id=person.id, layer=1, code=code))
        session.flush()
        audit.record(event.competition, by, "blind.draw", event.code, after={"drawn": len(uncoded)})
    return len(uncoded)


def _free_letter(event: Event) -> str:
    """One with which no number of the competition begins: B-06 is not to be taken for B006.

    The letter of the codes that there are stays, for those who come late.
    """
    known = db.session.scalar(
        select(BlindCode.code)
        .where(BlindCode.event_id == event.id, BlindCode.layer == 1)
        .order_by(BlindCode.id)
    )
    if known is not None:
        return known[0]
    numbers = select(func.upper(func.substr(Entrant.code, 1, 1))).where(
        Entrant.competition_id == event.competition_id
    )
    others = select(func.substr(BlindCode.code, 1, 1)).where(
        BlindCode.event_id.in_([other.id for other in event.competition.events])
    )
    taken = set(db.session.scalars(numbers.union(others)))
    turn = event.id % len(_CODE_LETTERS)
    in_turn = _CODE_LETTERS[turn:] + _CODE_LETTERS[:turn]
    return next((letter for letter in in_turn if letter not in taken), in_turn[0])


@dataclass(frozen=True, slots=True)
class EventCoding:
    """How far a blind event is coded: `drawn` codes for `people`."""

    event: str
    name: str
    people: int
    drawn: int


@dataclass(frozen=True, slots=True)
class CodedPerson:
    """Who stands behind a code."""

    event: str
    code: str
    number: str
    name: str
    unit: str


def coding_of(competition: Competition) -> list[EventCoding]:
    """Each blind event of the competition, with how many codes are drawn."""
    people = dict(
        db.session.execute(
            select(Entrant.event_id, func.count())
            .where(Entrant.competition_id == competition.id, takes_part())
            .group_by(Entrant.event_id)
        )
        .tuples()
        .all()
    )
    return [
        EventCoding(event.code, event.name, people.get(event.id, 0), len(drawn_codes(event)))
        for event in competition.events
        if event.blind
    ]


def show_codes(competition: Competition, by: Account) -> list[CodedPerson]:
    """Who stands behind each code of the blind events, by code; the look is recorded."""
    shown = []
    for event in competition.events:
        codes = drawn_codes(event) if event.blind else {}
        for entrant in db.session.scalars(select(Entrant).where(Entrant.event_id == event.id)):
            if entrant.id in codes:
                shown.append(
                    CodedPerson(
                        event.name,
                        codes[entrant.id],
                        entrant.code,
                        entrant.name,
                        entrant.unit.name,
                    )
                )
    with unit_of_work():
        audit.record(competition, by, "codes.show", competition.code, after={"codes": len(shown)})
    return sorted(shown, key=lambda person: (person.event, person.code))
