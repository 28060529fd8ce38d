"""Search columns of people: pinyin, first letters, the last four signs.

The columns follow name and number whoever writes them; those of rows that an earlier version of
the program wrote are filled as a database is upgraded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import ColumnElement, event, inspect, or_, select, update
from sqlalchemy.orm import InstanceState, Mapper

from compete.models import Person, db
from compete.models.types import keyed_hash
from compete.services.directory.person_records import name_key_of
from compete.services.kernel.pinyin import search_keys
from compete.services.kernel.prefix_search import begins

_TAIL, _CHUNK = 4, 500


def _person_tail(number: str) -> str | None:
    """The look-up key of the last four signs of somebody's ID number, 16 hex digits."""
    tail = number[-_TAIL:].upper()
    return keyed_hash(f"tail:person:{tail}")[:16] if len(tail) == _TAIL else None


@event.listens_for(Person, "before_insert")
def _fill(_mapper: Mapper[Any], _connection: object, row: Person) -> None:
    row.spoken, row.initials = search_keys(row.name)
    row.id_tail = _person_tail(row.id_number) if row.id_number else None


@event.listens_for(Person, "before_update")
def _follow(_mapper: Mapper[Any], _connection: object, row: Person) -> None:
    state: InstanceState[Any] = inspect(row)
    if state.attrs.name.history.has_changes():
        row.spoken, row.initials = search_keys(row.name)
    if state.attrs.id_number.history.has_changes():
        row.id_tail = _person_tail(row.id_number) if row.id_number else None


def fill_person_keys() -> None:
    """Fill what an earlier version of the program left empty; in a unit of work."""
    last = 0
    empty = select(Person.id).where(Person.spoken.is_(None)).order_by(Person.id).limit(_CHUNK)
    while rows := list(db.session.scalars(empty.where(Person.id > last))):
        last = rows[-1]
        write_person_keys(rows)


def write_person_keys(numbers: Collection[int]) -> None:
    """Write the columns of these people anew; they are open, so there is nothing to seal."""
    query = select(Person.id, Person.name, Person.id_number).where(Person.id.in_(numbers))
    filled = []
    for number, name, paper in db.session.execute(query).tuples():
        spoken, initials = search_keys(name)
        tail = _person_tail(paper) if paper else None
        filled.append({"id": number, "spoken": spoken, "initials": initials, "id_tail": tail})
    if filled:
        db.session.execute(update(Person), filled, execution_options={"noted": True})


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
        if len(text) == _TAIL:
            ways.append(person.id_tail == _person_tail(text))
    return or_(*ways)
