"""Who is best by age or gender: the ranked whom an award given by hand fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.eligibility import age_on
from compete.domain.values.distinction_states import DistinctionKind
from compete.models import Distinction, Entrant, Event, Member, Publication, db
from compete.services.kernel.competition_settings import DistinctionRule
from compete.services.kernel.participants import takes_part
from compete.services.registration.eligibility import day_of, known_birth, known_gender
from compete.services.results.snapshots import Unpublished, published_event


@dataclass(frozen=True, slots=True)
class Contender:
    """A ranked person whom an award by age or gender fits; `place` is among these alone.

    Equal ranks share a place, and so do the members of a crew.
    """

    entrant: Entrant
    member: Member | None
    rank: int
    total: str | None
    age: int | None
    place: int

    @property
    def code(self) -> str:
        """The number of the person, of a crew the member's."""
        return (self.member or self.entrant).code


def contenders(
    event: Event, rule: DistinctionRule, publication: Publication | Unpublished
) -> tuple[list[Contender], list[str]]:
    """List the ranked who fit, best first; and the names of those of whom nobody can tell.

    Of those age or gender was never written down. Places are of the publication's standings.
    """
    published = published_event(publication, event.code)
    if published is None:
        return [], []
    people = {
        entrant.code: entrant
        for entrant in db.session.scalars(
            select(Entrant)
            .where(Entrant.event_id == event.id, takes_part())
            .options(selectinload(Entrant.members), joinedload(Entrant.unit))
        )
    }
    day = rule.age_on or day_of(event.competition)
    fitting: list[Contender] = []
    unknown: list[str] = []
    for row in published[1].standings:
        entrant = people.get(row.entrant)
        if row.rank is None or entrant is None:
            continue
        persons: Sequence[Entrant | Member] = entrant.members or [entrant]
        for person in persons:
            if person.erased_at is not None:
                continue
            birth = known_birth(person)
            age = age_on(birth, day) if birth is not None else None
            gender = known_gender(person) if rule.gender else None
            if (rule.age_to and age is None) or (rule.gender and gender is None):
                unknown.append(person.name)
                continue
            if rule.age_to and age is not None and age > rule.age_to:
                continue
            if rule.gender and gender != rule.gender:
                continue
            better = {
                (contender.entrant.id, contender.rank)
                for contender in fitting
                if contender.rank < row.rank
            }
            member = person if isinstance(person, Member) else None
            fitting.append(
                Contender(entrant, member, row.rank, row.total, age, place=len(better) + 1)
            )
    return fitting, unknown


def _rule_of_basis(title: str, basis: Mapping[str, Any]) -> DistinctionRule:
    """The rule by which an award was granted, whatever the organiser asks since."""
    on = basis.get("on")
    return DistinctionRule(
        title=title,
        kind=DistinctionKind.ENTRANT,
        age_to=basis.get("age_to"),
        age_on=date.fromisoformat(on) if on else None,
        gender=basis.get("gender") or "",
        places=basis.get("places", 1),
    )


def still_best(row: Distinction, publication: Publication | Unpublished) -> Contender | None:
    """The holder's place by a publication, or None where others have the award's places now."""
    if row.basis is None or row.event is None or row.entrant is None:
        return None
    rule = _rule_of_basis(row.title, row.basis)
    who = (row.entrant_id, row.member_id)
    return next(
        (
            contender
            for contender in contenders(row.event, rule, publication)[0]
            if (contender.entrant.id, contender.member.id if contender.member else None) == who
            and contender.place <= rule.places
        ),
        None,
    )
