"""Whom a unit entered is not to take part after all: taken back, or out of its list."""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.values.messages import msg
from compete.domain.values.states import APPLICATION_MOVES, ApplicationState, move
from compete.models import Account, Application, Competition, db
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.registration.applications import EDITABLE, refresh, require_of_unit
from compete.services.registration.portraits import drop_of
from compete.services.registration.whole_crews import crews_around
from compete.services.registration.window import require_units_open, why_event_closed

_HANDED_IN = (ApplicationState.SUBMITTED, ApplicationState.WAITING)


def take_back(application: Application, by: Account) -> Sequence[str]:
    """Somebody handed in or returned is not to take part after all; a draft is dropped.

    Who was handed in with a crew is taken back with it. The names of all. Raises `Refused`
    (CONFLICT) outside the window, and `MoveError` for who was accepted.
    """
    with unit_of_work():
        competition = _claimed(application)
        if application.state is ApplicationState.DRAFT:
            name = application.name
            _drop(application, competition, by)
            return [name]
        closed = why_event_closed(application.event) if application.event else None
        if closed is not None:
            raise Refused(closed)
        people = _with_crew(application)
        for each in people:
            each.state = move(each.state, ApplicationState.TAKEN_BACK, APPLICATION_MOVES)
            each.version += 1
        db.session.flush()
        for each in people:
            after = {"application": each.public_id}
            audit.record(competition, by, "application.take_back", each.name, after=after)
        return [each.name for each in people]


def drop_application(application: Application, by: Account) -> None:
    """Somebody who is not handed in is taken out of the unit's list; the record keeps the name.

    Raises `Refused` (CONFLICT) outside the window, and for who is handed in or accepted.
    """
    with unit_of_work():
        competition = _claimed(application)
        if application.state not in EDITABLE:
            raise Refused(msg("已经提交了，先撤回再删"))
        _drop(application, competition, by)


def _claimed(application: Application) -> Competition:
    refresh(application)
    competition = for_update(application.competition)
    require_units_open(competition)
    refresh(application)
    require_of_unit(application)
    return competition


def _with_crew(application: Application) -> list[Application]:
    """Who goes back: of a crew that was handed in, all whom the unit entered."""
    if application.state not in _HANDED_IN:
        return [application]
    [people] = crews_around([application], _HANDED_IN).values() or [[application]]
    return [each for each in people if not each.by_person]


def _drop(application: Application, competition: Competition, by: Account) -> None:
    name, after = application.name, {"application": application.public_id}
    drop_of(application)
    db.session.delete(application)
    db.session.flush()
    audit.record(competition, by, "application.drop", name, after=after)
