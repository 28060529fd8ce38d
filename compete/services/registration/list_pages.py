"""List pages: the numbers of all who match, and those of a part of them in that order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition, Entrant, Unit, db
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.participants import takes_part
from compete.services.registration.people import matching, order_of
from compete.services.registration.submitted_people import all_handed_in

Row = TypeVar("Row", Entrant, Application)


def numbers_listed(
    competition: Competition, *, q: str = "", unit: str = "", event: str = "", sort: str = ""
) -> Sequence[int]:
    """The row numbers of all who match, in the order of `find_entrants`."""
    columns, backwards = order_of(sort)
    query = matching(competition, q, unit, event)
    place = [column.desc() if backwards else column for column in columns]
    return db.session.scalars(query.order_by(*place)).all()


def numbers_handed_in(
    competition: Competition, *, state: ApplicationState | None = None, unit: str = ""
) -> Sequence[int]:
    """The row numbers of all of them, in the order of `find_applications`."""
    query = all_handed_in(competition, unit).with_only_columns(Application.id)
    if state is not None:
        query = query.where(Application.state == state)
    return db.session.scalars(query.order_by(Application.submitted_at, Application.id)).all()


def rows_listed(table: type[Row], numbers: Sequence[int]) -> list[Row]:
    """List these entrants or applications, in this order, with what a list shows of them."""
    query = select(table).where(table.id.in_(numbers))
    named = (joinedload(table.unit), joinedload(table.event))
    beside = selectinload(Entrant.members) if table is Entrant else joinedload(Application.decider)
    known = {row.id: row for row in db.session.scalars(query.options(*named, beside))}
    return [known[number] for number in numbers if number in known]


@dataclass(frozen=True, slots=True)
class Brought:
    """A mark that somebody brought to an evaluation from an earlier one; `void` says why not."""

    of: str
    competition: str
    until: date
    void: str | None


@dataclass(frozen=True, slots=True)
class Entered:
    """The person behind a number, and what they brought along."""

    name: str
    unit: str
    brought: tuple[Brought, ...] = ()


def entered_as(competition: Competition, codes: Sequence[str]) -> dict[str, Entered]:
    """The people of a list as they are registered now, by number."""
    found: dict[str, Entered] = {}
    for chunk in in_chunks(codes):
        query = (
            select(Entrant.code, Entrant.name, Unit.name, Entrant.carried)
            .join(Unit, Unit.id == Entrant.unit_id)
            .where(Entrant.competition_id == competition.id, Entrant.code.in_(chunk))
            .where(takes_part())
        )
        for code, name, unit, carried in db.session.execute(query).tuples():
            found[code] = Entered(name, unit, brought_by(carried))
    return found


def brought_by(carried: Sequence[Mapping[str, Any]] | None) -> tuple[Brought, ...]:
    """The modules that an entrant brought along, as the file writes them."""
    return tuple(
        Brought(
            it["of"],
            it["from"]["competition"],
            date.fromisoformat(it["until"]),
            it["void"]["reason"] if it.get("void") else None,
        )
        for it in carried or ()
    )
