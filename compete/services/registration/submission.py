"""A unit hands its people in, all who were ticked or none, and takes them back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import APPLICATION_MOVES, ApplicationState, move
from compete.models import Account, Application, Competition, Entrant, Member, Unit, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.registration.applications import (
    EDITABLE,
    MOST_OF_A_UNIT,
    chosen_of,
    offer_for,
    problems_of,
    record_people,
    refresh,
    require_of_unit,
)
from compete.services.registration.crews import crews_around, require_whole
from compete.services.registration.documents import drop_files_of
from compete.services.registration.window import require_units_open, why_event_closed
from compete.sheets.registration.people import RegistrationOffer

_HANDED_IN = (ApplicationState.SUBMITTED, ApplicationState.WAITING)
_Who = tuple[int | None, str | None]
"""The event, and the key of the number."""


def submit_people(
    unit: Unit, competition: Competition, public_ids: Collection[str], by: Account
) -> int:
    """Hand these in; how many. All of them or none.

    Raises `Refused`: INVALID for nobody, for a part of a crew, or for somebody with a field that
    is missing or wrong, CONFLICT outside the window, and for who is entered twice. Past the quota
    people may be handed in: who is accepted then waits for a place (`waiting`).
    """
    if not public_ids:
        raise invalid(msg("先勾选要提交的人"))
    with changing(competition) as competition:
        require_units_open(competition)
        chosen = chosen_of(unit, public_ids, by_person=False, most=MOST_OF_A_UNIT)
        offer = offer_for(competition, unit)
        for application in chosen:
            _check_whole(application, offer)
            _check_open(application)
        # Whom others entered themselves is not the unit's to hand in.
        require_whole(chosen, EDITABLE, Refusal.INVALID, by_person=False)
        require_entered_once(unit, chosen, msg("弄错了找组委会"))
        for application in chosen:
            application.state = move(
                application.state, ApplicationState.SUBMITTED, APPLICATION_MOVES
            )
            application.submitted_at, application.reason = utc_now(), None
            application.version += 1
        record_people(competition, by, "application.submit", unit.code, chosen)
    return len(chosen)


def _check_whole(application: Application, offer: RegistrationOffer) -> None:
    what = next(iter(problems_of(application, offer).values()), None)
    if what is not None:
        raise invalid(msg("%(name)s：%(what)s", name=application.name, what=what))


def _check_open(application: Application) -> None:
    event = application.event
    closed = why_event_closed(event) if event else None
    if closed is not None:
        raise Refused(msg("%(name)s：%(what)s", name=application.name, what=closed))


def require_entered_once(unit: Unit, chosen: Sequence[Application], hint: Message) -> None:
    """Raise `Refused` (CONFLICT) where one of them stands on the unit's list for the event, waits
    for the organiser already, or is chosen twice; `hint` says what to do with whom it has."""
    listed, waiting = _on_list(unit), _waiting_of(unit)
    first: dict[_Who, Application] = {}
    for application in chosen:
        who, name = (application.event_id, application.id_hash), application.name
        if who in listed:
            raise Refused(msg("%(name)s 在这个赛项已经有名字了，%(hint)s", name=name, hint=hint))
        if who in waiting:
            raise Refused(msg("%(name)s 在这个赛项已经提交过了，%(hint)s", name=name, hint=hint))
        if who in first:
            raise Refused(
                msg(
                    "勾上的 %(first)s 和 %(second)s 证件号码一样，同一个赛项只能交一份。"
                    "去掉其中一个的勾再来",
                    first=first[who].name,
                    second=name,
                )
            )
        first[who] = application


def _on_list(unit: Unit) -> set[_Who]:
    """The people on the list for this unit, alone or in a crew.

    Who stands there for another unit is found when an organiser accepts: a unit is told
    nothing of others' people.
    """
    alone = select(Entrant.event_id, Entrant.id_hash).where(Entrant.unit_id == unit.id)
    in_crew = (
        select(Entrant.event_id, Member.id_hash)
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(Entrant.unit_id == unit.id)
    )
    return {tuple(row) for query in (alone, in_crew) for row in db.session.execute(query)}


def _waiting_of(unit: Unit) -> set[_Who]:
    """The people who wait for the organiser in this unit's name."""
    query = select(Application.event_id, Application.id_hash).where(
        Application.unit_id == unit.id, Application.state.in_(_HANDED_IN)
    )
    return {tuple(row) for row in db.session.execute(query)}


def take_back(application: Application, by: Account) -> Sequence[str]:
    """Take back somebody handed in or returned, who is not to take part; a draft is dropped.

    Who was handed in with a crew is taken back with it. The names of all. Raises `Refused`
    (CONFLICT) outside the window, and `MoveError` for who was accepted.
    """
    with unit_of_work():
        competition = _claimed(application)
        if application.state is ApplicationState.DRAFT:
            return [drop_entered(application, competition, by)]
        closed = why_event_closed(application.event) if application.event else None
        if closed is not None:
            raise Refused(closed)
        people = _with_crew(application)
        for row in people:
            row.state = move(row.state, ApplicationState.TAKEN_BACK, APPLICATION_MOVES)
            row.version += 1
        for row in people:
            after = {"application": row.public_id}
            audit.record(competition, by, "application.take_back", row.name, after=after)
        return [person.name for person in people]


def drop_application(application: Application, by: Account) -> None:
    """Drop somebody not handed in from the unit's list; the record keeps the name.

    Raises `Refused` (CONFLICT) outside the window, and for who is handed in or accepted.
    """
    with unit_of_work():
        competition = _claimed(application)
        if application.state not in EDITABLE:
            raise Refused(msg("已经提交了，先撤回再删"))
        drop_entered(application, competition, by)


def _claimed(application: Application) -> Competition:
    refresh(application)
    competition = for_update(application.competition)
    require_units_open(competition)
    refresh(application)
    require_of_unit(application)
    return competition


def _with_crew(application: Application) -> list[Application]:
    """List who goes back: of a crew that was handed in, all whom the unit entered."""
    if application.state not in _HANDED_IN:
        return [application]
    [people] = crews_around([application], _HANDED_IN).values() or [[application]]
    return [person for person in people if not person.by_person]


def drop_entered(
    application: Application, competition: Competition, by: Account, act: str = "drop"
) -> str:
    """Drop what was written of somebody, with the photo; in a unit of work. The name."""
    name, after = application.name, {"application": application.public_id}
    drop_files_of(application)
    db.session.delete(application)
    audit.record(competition, by, f"application.{act}", name, after=after)
    return name
