"""Entrants by what stands on their badge or their sheets."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compete.models import Competition, Entrant, Event, Sheet, db
from compete.services.kernel.chunks import rows_among


def entrant_by_code(competition: Competition, code: str) -> Entrant | None:
    """The competition's entrant of that code, or None."""
    return entrants_by_code(competition, [code]).get(code)


def entrants_by_code(
    competition: Competition, codes: Collection[str], *, with_members: bool = False
) -> dict[str, Entrant]:
    """The entrants by code, of those that there are; where asked, crews' members in one go."""
    query = select(Entrant).options(joinedload(Entrant.unit))
    query = query.where(Entrant.competition_id == competition.id)
    if with_members:
        query = query.options(selectinload(Entrant.members))
    return {entrant.code: entrant for entrant in rows_among(query, Entrant.code, codes)}


def numbers_of(competition: Competition, codes: Collection[str]) -> list[int]:
    """The row numbers of entrants by code."""
    query = select(Entrant.id).where(Entrant.competition_id == competition.id)
    return rows_among(query, Entrant.code, codes)


def names_by_number(numbers: Collection[int]) -> dict[int, str]:
    """The names of entrants by row number."""
    rows = db.session.execute(select(Entrant.id, Entrant.name).where(Entrant.id.in_(list(numbers))))
    return dict(rows.tuples().all())


def codes_by_number(numbers: Collection[int]) -> dict[int, str]:
    """The codes of entrants by row number."""
    rows = db.session.execute(select(Entrant.id, Entrant.code).where(Entrant.id.in_(list(numbers))))
    return dict(rows.tuples().all())


def entrant_on_sheets(
    competition: Competition, event: Event | None, label: str, *, by_number: bool = False
) -> Entrant | None:
    """The entrant with the label in the event (or any); in a blind event the code on the sheets.

    `by_number`: who asks may know who is behind a code, and the number does there too.
    """
    here = [Entrant.competition_id == competition.id]
    if event is not None:
        here.append(Entrant.event_id == event.id)
    by_code = db.session.scalar(select(Entrant).where(*here, Entrant.code == label))
    if by_code is not None and not by_code.event.blind:
        return by_code
    by_label = db.session.scalar(
        select(Entrant)
        .join(Sheet, Entrant.id == Sheet.entrant_id)
        .where(*here, Sheet.label == label)
        .limit(1)
    )
    return by_label or (by_code if by_number else None)
