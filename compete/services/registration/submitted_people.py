"""Submitted people: found by state and unit, and how many wait for an organiser."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition, Unit, db


@dataclass(frozen=True, slots=True)
class FoundApplications:
    """A page of those who were handed in, and how many there are of each state."""

    rows: Sequence[Application]
    total: int
    counts: Mapping[ApplicationState, int]


def find_applications(
    competition: Competition,
    *,
    state: ApplicationState | None = None,
    unit: str = "",
    page: int = 1,
    page_size: int,
) -> FoundApplications:
    """Find who was handed in, the longest waiting first. Drafts are the units' own affair."""
    here = all_handed_in(competition, unit)
    states = select(Application.state, func.count(Application.id)).group_by(Application.state)
    counts = dict(
        db.session.execute(states.where(Application.id.in_(here.with_only_columns(Application.id))))
        .tuples()
        .all()
    )
    query = here if state is None else here.where(Application.state == state)
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    rows = db.session.scalars(
        query.options(
            joinedload(Application.unit),
            joinedload(Application.event),
            joinedload(Application.decider),
        )
        .order_by(Application.submitted_at, Application.id)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    return FoundApplications(rows, total, counts)


def count_waiting(competition: Competition) -> int:
    """Count the people who wait for an organiser."""
    query = select(func.count(Application.id)).where(
        Application.competition_id == competition.id,
        Application.state == ApplicationState.SUBMITTED,
    )
    return db.session.scalar(query) or 0


def count_by_unit(units: Collection[int]) -> dict[int, dict[ApplicationState, int]]:
    """Count the people whom units enter, in each state, by the unit's id."""
    query = (
        select(Application.unit_id, Application.state, func.count(Application.id))
        .where(Application.unit_id.in_(units))
        .group_by(Application.unit_id, Application.state)
    )
    found: dict[int, dict[ApplicationState, int]] = {}
    for unit, state, count in db.session.execute(query) if units else ():
        found.setdefault(unit, {})[state] = count
    return found


def all_handed_in(competition: Competition, unit: str) -> Select[tuple[Application]]:
    """Select all whom units or people have handed in, or one unit's."""
    query = select(Application).where(
        Application.competition_id == competition.id, Application.submitted_at.is_not(None)
    )
    if unit:
        query = query.where(
            Application.unit_id.in_(
                select(Unit.id).where(Unit.competition_id == competition.id, Unit.code == unit)
            )
        )
    return query
