"""Ticked people: those still as the organiser saw them, crews whole; what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import APPLICATION_MOVES, ApplicationState, move
from compete.models import Account, Application, Competition, Entrant, db, utc_now
from compete.services.kernel.refusal import Refused, invalid
from compete.services.registration.crews import lacking, names_of, why_not_without
from compete.services.registration.waiting_list import Party, party_of

MOST_AT_ONCE = 10_000
"""More than a page shows by far; a statement cannot name any number."""


UNDECIDED = (
    ApplicationState.UNCONFIRMED,
    ApplicationState.SUBMITTED,
    ApplicationState.WAITING,
)
COMING = (*UNDECIDED, ApplicationState.RETURNED)
"""With those who were given back, and may come again."""


@dataclass(frozen=True, slots=True)
class Left:
    """A person who could not be accepted, and why."""

    application: Application
    why: Message


@dataclass(frozen=True, slots=True)
class Accepted:
    """The result of accepting: for each who was taken the entrant, and those who were left."""

    entrants: Sequence[Entrant]
    left: Sequence[Left]
    waiting: Sequence[Application] = ()
    """The people for whom there was no place: they wait for one."""


def still(
    competition: Competition, seen: Mapping[str, int]
) -> tuple[list[Application], list[Left]]:
    """List those who are as they were seen, and those whom their unit changed since."""
    if len(seen) > MOST_AT_ONCE:
        raise invalid(msg("一次选的人太多了，分几次来"))
    rows = db.session.scalars(
        select(Application)
        .where(Application.competition_id == competition.id, Application.public_id.in_(list(seen)))
        .options(joinedload(Application.unit))
        .order_by(Application.submitted_at, Application.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(seen):
        raise Refused(msg("名单刚被别人改过，请再看一遍"))
    chosen, left = [], []
    for row in rows:
        if row.state not in UNDECIDED or row.version != seen[row.public_id]:
            left.append(Left(row, msg("刚被改过，再看一遍")))
        else:
            chosen.append(row)
    return chosen, left


def whole(
    chosen: Sequence[Application], left: list[Left], states: Sequence[ApplicationState]
) -> list[Application]:
    """List those who stand alone or whose whole crew is there: a part is not decided on."""
    apart = lacking(chosen, states)
    found: list[Application] = []
    for application in chosen:
        if others := apart.get(party_of(application)):
            left.append(Left(application, why_not_without(others)))
        else:
            found.append(application)
    return found


def with_partners(chosen: Sequence[Application], left: list[Left]) -> list[Application]:
    """List those of whose crew nobody was left: a crew is accepted as a whole or not at all."""
    without: dict[Party, list[Application]] = {}
    for each in left:
        without.setdefault(party_of(each.application), []).append(each.application)
    found: list[Application] = []
    for application in chosen:
        if others := without.get(party_of(application)):
            why = msg("同组的 %(names)s 收不了，一组的人一起收", names=names_of(others))
            left.append(Left(application, why))
        else:
            found.append(application)
    return found


def decide(
    application: Application, state: ApplicationState, by: Account, reason: str | None
) -> None:
    application.state = move(application.state, state, APPLICATION_MOVES)
    application.decided_by, application.decided_at = by.id, utc_now()
    application.reason = reason
    application.version += 1
