"""The hashes by which ID numbers and phones are found, made anew by another key.

A hash cannot be turned into another; it is made from the number itself, which stands
sealed beside it or with somebody else. One whose number stands nowhere any more could
find nobody, and goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Column, Connection, bindparam, select, update

from compete.models import Application, Base, Entrant, Member, MessageAddress, Person, db
from compete.models.compiled_statements import table_of
from compete.models.types import hashed_by, keyed_hash
from compete.services.directory.person_records import phone_text
from compete.services.directory.search_columns import tail_key, write_search_keys
from compete.services.kernel.chunks import in_chunks
from compete.services.outbox.channels import ROBOTS, address_text
from compete.services.registration.applications import number_in
from compete.services.registration.preview import id_text

_HASHED = {
    "entrant": ("id_hash",),
    "member": ("id_hash",),
    "application": ("id_hash",),
    "person": ("id_hash", "phone_hash"),
    # Of somebody whom nobody knows yet it is emptied: they are held against everybody.
    "import_row": ("id_key",),
    # Of somebody erased it is emptied of its meaning: who wanted no more is nobody any more.
    "message_address": ("address_hash",),
}
_CHUNK = 400


class Rehash:
    """The rehash: called with a table and rows of it, it makes their hashes with the key of now.

    Within a unit of work that seals the rows itself.
    """

    def __init__(self, former: bytes) -> None:
        self._new: dict[str, str] = {}
        for text in _hashed_texts():
            with hashed_by(former):
                before = keyed_hash(text)
            self._new[before] = keyed_hash(text)

    def __call__(self, table: str, rows: Collection[int]) -> None:
        """Hash the given rows anew; what is under the key of now already stays."""
        for of in (Entrant, Member):
            if table == of.__tablename__:
                _write_tails(of, sorted(rows))
        if table == Person.__tablename__:
            for chunk in in_chunks(sorted(rows), _CHUNK):
                write_search_keys(Person, chunk)
        for name in _HASHED.get(table, ()):
            column = Base.metadata.tables[table].c[name]
            numbers = sorted(rows)
            for chunk in in_chunks(numbers, _CHUNK):
                self._write(column, chunk)

    def _write(self, column: Column[str], rows: Sequence[int]) -> None:
        number = column.table.c.id
        connection = db.session.connection()
        pairs = connection.execute(
            select(number, column).where(number.in_(rows), column.is_not(None))
        ).all()
        write_values(connection, column, {row: self._new.get(value) for row, value in pairs})


def write_values(connection: Connection, column: Column[Any], values: Mapping[int, Any]) -> None:
    """Write a column of the rows of these numbers, past the session."""
    if values:
        write = update(column.table).where(column.table.c.id == bindparam("row"))
        changed = [{"row": row, "value": value} for row, value in values.items()]
        connection.execute(write.values({column.name: bindparam("value")}), changed)


def _write_tails(of: type[Entrant] | type[Member], rows: list[int]) -> None:
    """Write anew the hashes of a number's last four, which each competition makes for itself."""
    connection = db.session.connection()
    for chunk in in_chunks(rows, _CHUNK):
        tails = {
            row: tail_key(competition, number)
            for row, competition, number in _read(
                of.id, (of.id, of.competition_id, of.id_number), chunk
            )
        }
        write_values(connection, table_of(of).c.id_tail, tails)


def _hashed_texts() -> Iterator[str]:
    """List every text of which some row bears a hash."""
    for of in (Entrant, Member, Person):
        for kind, number in _readable(of.id, of.id_type, of.id_number):
            if number is not None:
                yield from _texts_of(kind, number)
    for holder in (Entrant, Member):
        for (phone,) in _readable(holder.id, holder.phone):
            if phone is not None:
                yield phone_text(phone)
    for application, _cells in _readable(Application.id, Application.id, Application.cells):
        try:
            id_number = number_in(db.session.get_one(Application, application))
        except (ValueError, LookupError, AttributeError, TypeError):
            continue  # Somebody spoilt what was typed; its hash goes with it.
        if id_number is not None:
            yield from _texts_of(*id_number)
    yield from _texts_of_addresses()


def _texts_of_addresses() -> Iterator[str]:
    columns = (MessageAddress.channel, MessageAddress.address, MessageAddress.competition_id)
    for channel, address, competition in _readable(MessageAddress.id, *columns):
        if address is not None:
            home = competition if channel in ROBOTS else None
            yield address_text(channel, address, home)


def _texts_of(kind: str, number: str) -> Iterator[str]:
    # People of a competition's file are hashed by the number alone, whatever paper it is of.
    yield number
    yield id_text(kind, number)


def _readable(row: Any, *columns: Any) -> Iterator[tuple[Any, ...]]:
    """Read these columns of every row; without rows that somebody spoilt."""
    rows = db.session.scalars(select(row).order_by(row)).all()
    for chunk in in_chunks(rows, _CHUNK):
        yield from _read(row, columns, chunk)


def _read(row: Any, columns: tuple[Any, ...], rows: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    try:
        yield from map(tuple, db.session.execute(select(*columns).where(row.in_(rows))).all())
    except (InvalidTag, ValueError):
        if len(rows) > 1:
            half = len(rows) // 2
            yield from _read(row, columns, rows[:half])
            yield from _read(row, columns, rows[half:])
