"""Awards that are given by hand: which stand, and how they are announced.

They are no part of the snapshot, which the marks alone give, and stand beside the newest version.
Each is a record in the chain, so that a stored page never shows an older list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.documents.standings_list import DistinctionLine
from compete.domain.identity.masks import mask_name, shown_crew_name
from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.domain.values.messages import Message
from compete.models import Competition, Distinction, Entrant, Publication, db
from compete.services.kernel.competition_settings import distinction_rules_of, settings_of
from compete.services.registration.consents import consenting
from compete.services.results.approved_external_awards import (
    BY_HAND,
    distinction_prize,
    honour_book,
)
from compete.services.results.snapshots import published_names

IN_FORCE = (DistinctionState.GRANTED, DistinctionState.RECALLING)


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
    called = attrgetter("called") if whole else _called_in_public(competition, publication)
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
            return shown_crew_name(name, holder.code, [member.name for member in holder.members])
        return name if holder.code in may else mask_name(name)

    return called
