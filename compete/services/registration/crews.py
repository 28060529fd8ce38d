"""A crew goes on as a whole: handed in, confirmed, accepted, given and taken back together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import select

from compete.domain.values.messages import Message, msg, some_of
from compete.domain.values.states import ApplicationState
from compete.models import Application, db
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.applications import cells_of
from compete.services.registration.waiting_list import Party, party_of

_MOST_NAMED = 5


def is_of_crew(application: Application) -> bool:
    """True if somebody is to take part with others, as one."""
    return bool(cells_of(application).get("crew"))


def crews_around(
    rows: Collection[Application], states: Collection[ApplicationState]
) -> Mapping[Party, Sequence[Application]]:
    """The people of the crews these belong to, in these states, in their order, by crew."""
    parties = {party_of(row) for row in rows if is_of_crew(row)}
    if not parties:
        return {}
    crews: dict[Party, list[Application]] = defaultdict(list)
    query = (
        select(Application)
        .where(
            Application.competition_id == next(iter(rows)).competition_id,
            Application.event_id.in_({event for _unit, event, _name in parties}),
            Application.state.in_(states),
        )
        .order_by(Application.submitted_at, Application.id)
    )
    units = {unit for unit, _event, _name in parties}
    if 0 not in units:
        query = query.where(Application.unit_id.in_(units))
    for row in db.session.scalars(query):
        if (party := party_of(row)) in parties:
            crews[party].append(row)
    return crews


def lacking(
    chosen: Collection[Application], states: Collection[ApplicationState]
) -> Mapping[Party, Sequence[Application]]:
    """The people lacking in crews of which some are chosen, by crew; whole ones left out."""
    there = {row.id for row in chosen}
    around = crews_around(chosen, states)
    others = {party: [row for row in rows if row.id not in there] for party, rows in around.items()}
    return {party: rows for party, rows in others.items() if rows}


def names_of(people: Sequence[Application]) -> Message | str:
    """The names of the people, some of many."""
    return some_of([row.name for row in people], _MOST_NAMED)


def why_not_without(people: Sequence[Application], *, own: bool = False) -> Message:
    """Say why nothing is done of a crew without these; `own`: it is the unit that hands them in."""
    back = [row for row in people if row.state is ApplicationState.RETURNED]
    if back and not own:
        return msg("同组的 %(names)s 退回了还没再交，等交了一起办", names=names_of(back))
    return msg("同组的还有 %(names)s，一组的人一起办", names=names_of(people))


def require_whole(
    chosen: Collection[Application],
    states: Collection[ApplicationState],
    kind: Refusal = Refusal.CONFLICT,
    *,
    by_person: bool = True,
) -> None:
    """Raise `Refused` of that kind where of a crew one is chosen, another in these states not.

    `by_person`: whether those count who entered themselves.
    """
    for others in lacking(chosen, states).values():
        people = [row for row in others if by_person or not row.by_person]
        if not people:
            continue
        crew = cells_of(people[0])["crew"]
        why = why_not_without(people, own=not by_person)
        raise Refused(msg("组合“%(crew)s”：%(why)s", crew=crew, why=why), kind=kind)
