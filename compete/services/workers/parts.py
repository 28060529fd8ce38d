"""Parts of somebody: what they took part in, of all competitions or with one unit alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.bundle import event_types
from compete.domain.kinds.kinds import kinds_where
from compete.models import Competition, Entrant, Event, Examinee, Member, Person, Unit, db
from compete.services.directory.merged import standing, with_merged
from compete.services.kernel.clock import local_time
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.shown_competitions import is_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part in one competition: a contestant alone or of a crew, or who gets a grade without."""

    holder: Entrant | Member | Examinee
    competition: Competition
    unit: str

    @property
    def entrant(self) -> Entrant | None:
        """The entrant, of a member the crew; None of who takes no part."""
        if isinstance(self.holder, Member):
            return self.holder.entrant
        return self.holder if isinstance(self.holder, Entrant) else None

    @property
    def rules(self) -> event_types.Event | None:
        """The rules of the event; None of who takes no part."""
        return rules_of(self.entrant.event) if self.entrant is not None else None

    @property
    def day(self) -> date:
        """The day by which it stands among the others: the competition's, else when it came."""
        competition, holder = self.competition, self.holder
        at = holder.made_at if isinstance(holder, Examinee) else None
        came = at or (self.entrant.registered_at if self.entrant is not None else None)
        return (
            competition.ends
            or competition.starts
            or local_time(came or competition.created_at).date()
        )


def parts_of_person(person: Person, unit: Unit | None = None) -> Sequence[Part]:
    """The parts of somebody, the newest first; with a `unit` those alone that they had with it.

    A unit is the same in other competitions where it stands for the same organisation.
    """
    people = list(with_merged(Person, [standing(person).id]))
    entrants = (
        select(Entrant)
        .join(Unit, Unit.id == Entrant.unit_id)
        .where(Entrant.person_id.in_(people))
        .options(joinedload(Entrant.unit), joinedload(Entrant.competition))
        .options(joinedload(Entrant.event).selectinload(Event.versions))
        .options(selectinload(Entrant.members))
    )
    members = (
        select(Member)
        .join(Entrant, Entrant.id == Member.entrant_id)
        .join(Unit, Unit.id == Entrant.unit_id)
        .where(Member.person_id.in_(people))
        .options(joinedload(Member.entrant).joinedload(Entrant.unit))
        .options(joinedload(Member.entrant).joinedload(Entrant.competition))
    )
    examinees = select(Examinee).where(Examinee.person_id.in_(people))
    rows: list[Entrant | Member | Examinee] = [
        *db.session.scalars(_of_unit(_shown(entrants, Entrant), unit).order_by(Entrant.id)),
        *db.session.scalars(_of_unit(_shown(members, Entrant), unit).order_by(Member.id)),
        *(
            it
            for it in db.session.scalars(_shown(examinees, Examinee).order_by(Examinee.id))
            if unit is None or it.unit_name == unit.name
        ),
    ]
    parts = [_part(row) for row in rows if not (isinstance(row, Entrant) and row.members)]
    return sorted(parts, key=lambda it: (it.day, it.competition.id, it.holder.id), reverse=True)


def _part(row: Entrant | Member | Examinee) -> Part:
    if isinstance(row, Examinee):
        return Part(holder=row, competition=row.competition, unit=row.unit_name)
    entrant = row.entrant if isinstance(row, Member) else row
    return Part(holder=row, competition=entrant.competition, unit=entrant.unit.name)


def _shown(query: Select[Any], table: type[Entrant | Examinee]) -> Select[Any]:
    joined = query.join(Competition, Competition.id == table.competition_id)
    kinds = kinds_where(lambda kind: kind.has_results)
    return joined.where(is_shown(), Competition.kind.in_(kinds))


def _of_unit(query: Select[Any], unit: Unit | None) -> Select[Any]:
    if unit is None:
        return query
    if unit.organisation_id is None:
        return query.where(Unit.id == unit.id)
    return query.where((Unit.id == unit.id) | (Unit.organisation_id == unit.organisation_id))
