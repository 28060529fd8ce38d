"""Search columns of people: pinyin, first letters, the last four signs.

The columns follow name and number whoever writes them; those of rows that an earlier version of
the program wrote are filled as a database is upgraded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, event, inspect, null, or_, select, update
from sqlalchemy.orm import InstanceState, Mapper

from compete.models import Entrant, Member, Person, db
from compete.models.types import keyed_hash
from compete.services.directory.person_records import name_key_of
from compete.services.kernel.pinyin import search_keys
from compete.services.kernel.prefix_search import begins

TAIL = 4
_CHUNK = 500
_SEARCHED: tuple[type[Person | Entrant | Member], ...] = (Person, Entrant, Member)


def tail_key(competition_id: int | None, number: str | None) -> str | None:
    """The look-up key of the last four signs of an ID number, 16 hex digits; none for no number.

    Each competition makes its own, and the installation (None) another.
    """
    tail = (number or "")[-TAIL:].upper()
    whose = "person" if competition_id is None else competition_id
    return keyed_hash(f"tail:{whose}:{tail}")[:16] if len(tail) == TAIL else None


@event.listens_for(Person, "before_insert")
@event.listens_for(Entrant, "before_insert")
@event.listens_for(Member, "before_insert")
def _fill(_mapper: Mapper[Any], _connection: object, row: Person | Entrant | Member) -> None:
    row.spoken, row.initials = search_keys(row.name)
    row.id_tail = tail_key(getattr(row, "competition_id", None), row.id_number)


@event.listens_for(Person, "before_update")
@event.listens_for(Entrant, "before_update")
@event.listens_for(Member, "before_update")
def _follow(_mapper: Mapper[Any], _connection: object, row: Person | Entrant | Member) -> None:
    state: InstanceState[Any] = inspect(row)
    if state.attrs.name.history.has_changes():
        row.spoken, row.initials = search_keys(row.name)
    if state.attrs.id_number.history.has_changes():
        row.id_tail = tail_key(getattr(row, "competition_id", None), row.id_number)


def fill_search_keys() -> None:
    """Fill what an earlier version of the program left empty; in a unit of work."""
    for table in _SEARCHED:
        last = 0
        empty = select(table.id).where(table.spoken.is_(None)).order_by(table.id).limit(_CHUNK)
        while rows := list(db.session.scalars(empty.where(table.id > last))):
            last = rows[-1]
            write_search_keys(table, rows)


def write_search_keys(table: type[Person | Entrant | Member], numbers: Collection[int]) -> None:
    """Write the columns of these people anew; they are open, so there is nothing to seal."""
    whose = getattr(table, "competition_id", null())
    query = select(table.id, table.name, table.id_number, whose).where(table.id.in_(numbers))
    filled = []
    for number, name, paper, competition in db.session.execute(query).tuples():
        spoken, initials = search_keys(name)
        tail = tail_key(competition, paper)
        filled.append({"id": number, "spoken": spoken, "initials": initials, "id_tail": tail})
    if filled:
        db.session.execute(update(table), filled, execution_options={"noted": True})


def people_sought(
    typed: str, from_unit: Callable[[str], ColumnElement[bool]], person: type[Person] = Person
) -> ColumnElement[bool] | None:
    """The condition over `person` of who is meant by what was typed; None where it says nothing.

    The name or a part of it, its pinyin or first letters, the last four signs of the ID number,
    and who comes `from_unit`, which is asked with what was typed.
    """
    key = name_key_of(typed)
    if not key:
        return None
    text = unicodedata.normalize("NFKC", typed).strip()
    ways = [person.name_key.contains(key, autoescape=True), from_unit(text)]
    if text.isascii():
        plain = "".join(sign for sign in text.casefold() if sign.isalnum())
        if plain:
            ways += [begins(person.spoken, plain), begins(person.initials, plain)]
        if len(text) == TAIL:
            ways.append(person.id_tail == tail_key(None, text))
    return or_(*ways)
