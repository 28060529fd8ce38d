"""Search columns of people in long lists: pinyin, first letters, the number's last four signs.

The columns follow name and number whoever writes them; those of rows that an earlier
version of the program wrote are filled as a database is upgraded.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, event, func, inspect, or_, select, update
from sqlalchemy.orm import InstanceState, Mapper

from compete.models import Competition, Entrant, Member, Unit, db
from compete.models.types import keyed_hash
from compete.services.kernel.participants import takes_part
from compete.services.kernel.pinyin import search_keys
from compete.services.kernel.prefix_search import begins
from compete.sheets.texts import tidy_name

TAIL = 4
_WORD_STARTS = ("", "% ", "%-", "%'", "%’", "%·", "%.")
"""As patterns: what stands before a word of a name in Latin letters."""
_CHUNK = 500


def tail_key(competition_id: int, number: str) -> str | None:
    """The look-up key of the last four signs of an ID number in a competition, 16 hex digits."""
    tail = number[-TAIL:].upper()
    return keyed_hash(f"tail:{competition_id}:{tail}")[:16] if len(tail) == TAIL else None


@event.listens_for(Entrant, "before_insert")
@event.listens_for(Member, "before_insert")
def _fill(_mapper: Mapper[Any], _connection: object, row: Entrant | Member) -> None:
    row.spoken, row.initials = search_keys(row.name)
    row.id_tail = tail_key(row.competition_id, row.id_number) if row.id_number else None


@event.listens_for(Entrant, "before_update")
@event.listens_for(Member, "before_update")
def _follow(_mapper: Mapper[Any], _connection: object, row: Entrant | Member) -> None:
    state: InstanceState[Any] = inspect(row)
    if state.attrs.name.history.has_changes():
        row.spoken, row.initials = search_keys(row.name)
    if state.attrs.id_number.history.has_changes():
        row.id_tail = tail_key(row.competition_id, row.id_number) if row.id_number else None


def fill_search_keys() -> None:
    """Fill what an earlier version of the program left empty; in a unit of work."""
    for table in (Entrant, Member):
        last = 0
        while rows := db.session.execute(
            select(table.id, table.competition_id, table.name, table.id_number)
            .where(table.id > last, table.spoken.is_(None))
            .order_by(table.id)
            .limit(_CHUNK)
        ).all():
            last = rows[-1].id
            filled = []
            for row in rows:
                spoken, initials = search_keys(row.name)
                tail = tail_key(row.competition_id, row.id_number) if row.id_number else None
                filled.append(
                    {"id": row.id, "spoken": spoken, "initials": initials, "id_tail": tail}
                )
            # Open columns: there is nothing to seal.
            db.session.execute(update(table), filled, execution_options={"noted": True})


def sought(competition: Competition, typed: str) -> ColumnElement[bool]:
    """The condition, over entrants, of who is meant by what was typed.

    The name or a part of it, its pinyin (in one or word by word) or first letters, the number
    that the list gives, the unit, or the last four signs of the ID number. Members of a crew
    find the crew.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    of_this = Entrant.competition_id == competition.id
    crew = Member.competition_id == competition.id
    units = select(Unit.id).where(
        Unit.competition_id == competition.id, Unit.name.contains(text, autoescape=True)
    )
    ways = [
        select(Entrant.id).where(of_this, Entrant.unit_id.in_(units)),
        *(
            select(Entrant.id).where(of_this, begins(Entrant.code, code))
            for code in dict.fromkeys((text, text.upper(), text.lower()))
        ),
    ]
    if text.isascii():
        plain = "".join(sign for sign in text.casefold() if sign.isalnum())
        if plain:
            for column in (Entrant.spoken, Entrant.initials):
                ways.append(select(Entrant.id).where(of_this, begins(column, plain)))
            for column in (Member.spoken, Member.initials):
                ways.append(select(Member.entrant_id).where(crew, begins(column, plain)))
        if any(sign.isalpha() for sign in text) and not any(sign.isdigit() for sign in text):
            # Names in Latin letters by any of their words; pinyin by the given name's.
            words = "% ".join(_escaped(word) for word in text.split())
            starts = [f"{start}{words}%" for start in _WORD_STARTS]
            key = (_like(Entrant.name_key, start) for start in starts)
            ways.append(select(Entrant.id).where(of_this, or_(*key)))
            named = (_like(Member.name, start) for start in starts)
            ways.append(select(Member.entrant_id).where(crew, or_(*named)))
        if len(text) == TAIL:
            tail = tail_key(competition.id, text)
            ways.append(select(Entrant.id).where(of_this, Entrant.id_tail == tail))
            ways.append(select(Member.entrant_id).where(crew, Member.id_tail == tail))
    else:
        # The key ends with the name, and its index is small beside the rows. The dot between the
        # parts of a name is typed as another sign, or not at all.
        plain = tidy_name(text)[0].replace("·", "")
        part = func.replace(Entrant.name_key, "·", "").contains(plain, autoescape=True)
        ways.append(select(Entrant.id).where(of_this, part))
        named = func.replace(Member.name, "·", "").contains(plain, autoescape=True)
        ways.append(select(Member.entrant_id).where(crew, named))
    first, *others = ways
    return Entrant.id.in_(first.union(*others))


def count_everybody(competition: Competition) -> int:
    """Count the people who take part, those of a crew each by themselves."""
    here = (Entrant.competition_id == competition.id, takes_part())
    entrants = db.session.scalar(select(func.count(Entrant.id)).where(*here)) or 0
    in_crews = (
        select(func.count(Member.id), func.count(func.distinct(Member.entrant_id)))
        .join(Entrant, Entrant.id == Member.entrant_id)
        .where(*here)
    )
    members, crews = db.session.execute(in_crews).one()
    return int(entrants - crews + members)


def _like(column: Any, pattern: str) -> ColumnElement[bool]:
    """The condition that a column is like a pattern, whatever the case."""
    if db.session.get_bind().dialect.name == "sqlite":
        # Which minds no case of Latin letters anyway, and need not fold a hundred thousand keys.
        return column.like(pattern, escape="\\")  # type: ignore[no-any-return]
    return column.ilike(pattern, escape="\\")  # type: ignore[no-any-return]


def _escaped(text: str) -> str:
    for character in "\\%_":
        text = text.replace(character, "\\" + character)
    return text
