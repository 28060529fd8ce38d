"""Awards that are given by hand: which stand, how they are announced, who is best by age or gender.

They are no part of the snapshot, which the marks alone give, and stand beside the newest version.
Each is a record in the chain, so that a stored page never shows an older list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compete.documents.standings_list import DistinctionLine
from compete.domain.eligibility import age_on
from compete.domain.identity.masks import mask_name, shown_crew_name
from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.domain.values.messages import Message
from compete.models import Competition, Distinction, Entrant, Event, Member, Publication, db
from compete.services.kernel.competition_settings import (
    DistinctionRule,
    distinction_rules_of,
    settings_of,
)
from compete.services.kernel.participants import takes_part
from compete.services.registration.consents import consenting
from compete.services.registration.eligibility import day_of, known_birth, known_gender
from compete.services.results.approved_external_awards import (
    BY_HAND,
    distinction_prize,
    honour_book,
)
from compete.services.results.snapshots import published_names, read_snapshot

IN_FORCE = (DistinctionState.GRANTED, DistinctionState.RECALLING)


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


def distinctions_in_force(competition: Competition) -> Sequence[Distinction]:
    """List the distinctions that two granted and nobody took back, by title and then by time."""
    rows = db.session.scalars(
        select(Distinction)
        .where(Distinction.competition_id == competition.id, Distinction.state.in_(IN_FORCE))
        .options(
            joinedload(Distinction.unit),
            joinedload(Distinction.judge),
            joinedload(Distinction.entrant).joinedload(Entrant.unit),
            joinedload(Distinction.member),
        )
        .order_by(Distinction.agreed_at, Distinction.id)
    ).all()
    order = {rule.title: place for place, rule in enumerate(distinction_rules_of(competition))}
    return sorted(rows, key=lambda row: order.get(row.title, len(order)))


def distinction_lines(
    competition: Competition,
    publication: Publication | None = None,
    event: str | None = None,
    *,
    say: Callable[[Message | str], str],
    whole: bool = False,
) -> list[DistinctionLine]:
    """The distinctions beside an event's results: those won there, and those of no event.

    Names are masked as everybody's are: a contestant's by `full_names` and the own consent, an
    official's, a coach's and a worker's unless it was noted that they agreed. `whole` gives every
    name in full, for the desk. What another body has not approved yet says so, by `say`.
    """
    rows = [
        row
        for row in distinctions_in_force(competition)
        if event is None or row.event is None or row.event.code == event
    ]
    if not rows:
        return []
    called = _called_whole if whole else _called_in_public(competition, publication)
    book = honour_book(competition)

    def title(row: Distinction) -> str:
        waiting = book.called(BY_HAND, row.title, distinction_prize(row))
        return say(waiting) if waiting is not None else row.title

    return [
        DistinctionLine(title(row), called(row), row.of_unit, row.reason if whole else "")
        for row in rows
    ]


def approved_distinctions(
    competition: Competition, publication: Publication | None = None
) -> list[tuple[Distinction, str]]:
    """List distinctions in force that wait for no other body, each with its public holder."""
    called, book = _called_in_public(competition, publication), honour_book(competition)
    return [
        (row, called(row))
        for row in distinctions_in_force(competition)
        if book.called(BY_HAND, row.title, distinction_prize(row)) is None
    ]


def _called_whole(row: Distinction) -> str:
    return row.called


def _called_in_public(
    competition: Competition, publication: Publication | None
) -> Callable[[Distinction], str]:
    full = settings_of(competition).full_names
    may = consenting(competition) if full else frozenset()
    names: Mapping[str, str] = published_names(publication) if publication else {}

    def called(row: Distinction) -> str:
        # A pseudonym says nothing of anybody and stays as it is.
        if row.kind in (DistinctionKind.UNIT, DistinctionKind.TEAM) or row.is_erased:
            return row.called
        if row.kind is not DistinctionKind.ENTRANT:
            return row.called if row.full_name else mask_name(row.called)
        holder = row.member or row.entrant
        assert holder is not None
        name = names.get(holder.code, holder.name)
        if isinstance(holder, Entrant) and holder.members:
            return shown_crew_name(name, holder.code, [each.name for each in holder.members])
        return name if holder.code in may else mask_name(name)

    return called


def contenders(
    event: Event, rule: DistinctionRule, publication: Publication
) -> tuple[list[Contender], list[str]]:
    """List the ranked who fit, best first; and the names of those of whom nobody can tell.

    Of those age or gender was never written down. Places are of the publication's standings.
    """
    _bundle, results = read_snapshot(publication)
    found = next((each for each in results.events if each.code == event.code), None)
    if found is None:
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
    for row in found.standings:
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
    return DistinctionRule(
        title=title,
        kind=DistinctionKind.ENTRANT,
        age_to=basis.get("age_to"),
        age_on=_day(basis.get("on")),
        gender=basis.get("gender") or "",
        places=basis.get("places", 1),
    )


def still_best(row: Distinction, publication: Publication) -> Contender | None:
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


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
