"""Finding contestants in a competition's list, for one page of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from compete.models import Competition, Entrant, Event, Unit, db
from compete.services.kernel import takes_part


@dataclass(frozen=True)
class Found:
    """One page of the list, how many match, how many there are at all."""

    rows: list[Entrant]
    total: int
    everyone: int
    has_groups: bool


def find_entrants(
    competition: Competition,
    *,
    q: str = "",
    unit: str = "",
    event: str = "",
    page: int = 1,
    page_size: int,
) -> Found:
    """A page of the contestants that match, in the order of their numbers.

    `q` is looked for in name, number, pinyin (without tones or blanks) and
    unit; `unit` and `event` are codes.
    """
    everyone = _count(select(Entrant).where(Entrant.competition_id == competition.id, takes_part()))
    query = _matching(competition, q, unit, event)
    rows = db.session.scalars(
        query.options(
            joinedload(Entrant.unit), joinedload(Entrant.event), selectinload(Entrant.members)
        )
        .order_by(Entrant.code)
        .limit(page_size)
        .offset((page - 1) * page_size)
    ).all()
    groups = db.session.scalar(
        select(func.count(func.distinct(Entrant.group))).where(
            Entrant.competition_id == competition.id
        )
    )
    return Found(list(rows), _count(query), everyone, (groups or 0) > 1)


@dataclass(frozen=True)
class Neighbours:
    """Where somebody stands in the list, from 1, and the codes of those beside them."""

    place: int
    total: int
    previous: str | None
    following: str | None


def neighbours_of(
    entrant: Entrant, *, q: str = "", unit: str = "", event: str = ""
) -> Neighbours | None:
    """Who stands before and after somebody in the list that `find_entrants` gives; None if outside.

    Somebody who does not match any more (the name was corrected) has no neighbours there.
    """
    query = _matching(entrant.competition, q, unit, event)
    codes = list(db.session.scalars(query.with_only_columns(Entrant.code).order_by(Entrant.code)))
    if entrant.code not in codes:
        return None
    place = codes.index(entrant.code)
    return Neighbours(
        place + 1,
        len(codes),
        codes[place - 1] if place else None,
        codes[place + 1] if place + 1 < len(codes) else None,
    )


def _matching(competition: Competition, q: str, unit: str, event: str) -> Select[tuple[Entrant]]:
    query = select(Entrant).where(Entrant.competition_id == competition.id)
    if q:
        # Pinyin is kept as "zhao4 qi3 ming2 赵启明": what is typed may skip tones.
        spoken = "%".join(_escaped(word) for word in q.casefold().split())
        query = query.join(Unit, Unit.id == Entrant.unit_id).where(
            or_(
                Entrant.name.contains(q, autoescape=True),
                Entrant.code.ilike(f"{_escaped(q)}%", escape="\\"),
                Entrant.name_key.ilike(f"{spoken}%", escape="\\"),
                Unit.name.contains(q, autoescape=True),
            )
        )
    if unit:
        query = query.where(
            Entrant.unit_id.in_(
                select(Unit.id).where(Unit.competition_id == competition.id, Unit.code == unit)
            )
        )
    if event:
        query = query.where(
            Entrant.event_id.in_(
                select(Event.id).where(Event.competition_id == competition.id, Event.code == event)
            )
        )
    return query


def _count(query: Select[tuple[Entrant]]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _escaped(text: str) -> str:
    for character in "\\%_":
        text = text.replace(character, "\\" + character)
    return text
