"""New rows written by statements and not by the mapper, each sealed as the mapper's are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Column, bindparam, insert, inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault

from compete.models import Base, Competition, db
from compete.models.compiled_statements import table_of
from compete.services.kernel.batch_seals import GrowingSeal
from compete.services.kernel.numbering import reserve_ids
from compete.services.kernel.row_digests import new_digests
from compete.services.kernel.row_seals import put_portion, row_seal, seals_begun
from compete.services.kernel.text_limits import refuse_long_texts

_PORTION = 5000


def insert_sealed(
    competition: Competition | None, model: type[Base], rows: Iterable[Mapping[str, Any]]
) -> list[int]:
    """Insert new rows of a sealed table past the session, portion by portion, and seal each.

    For hundreds of thousands: neither the rows nor their seals are kept in memory. All rows
    have the same keys, and values as the database keeps them; a column without a key is null.
    The record that the unit of work ends with vouches for the seals. Call it within a unit of
    work, with the chain claimed. Returns the numbers that the rows got, in their order.
    """
    session, waiting, given = db.session(), iter(rows), list[int]()
    home = None if competition is None else competition.id
    connection = session.connection()
    table = table_of(model)
    trees = {
        column.name: bindparam(column.name, type_=JSON(none_as_null=True))
        for column in table.columns
        if isinstance(column.type, JSON)
    }
    # A plain text, which the fast way of sealing knows: the table's own name is none.
    name = model.__tablename__
    digests = new_digests(name)
    whole = seals_begun(session).setdefault(home, GrowingSeal())
    while portion := list(islice(waiting, _PORTION)):
        bounds = {column: bound for column, bound in trees.items() if column in portion[0]}
        put = insert(table).values(bounds) if bounds else insert(table)
        if ids := reserve_ids(connection, model, len(portion)):
            numbers: Sequence[int] = ids
            there = zip(ids, portion, strict=True)
            connection.execute(put, [{"id": number, **row} for number, row in there])
        else:
            numbered = put.returning(table.c.id, sort_by_parameter_order=True)
            numbers = connection.execute(numbered, portion).scalars().all()
        seals = [
            row_seal(home, name, number, digests(number, row))
            for number, row in zip(numbers, portion, strict=True)
        ]
        whole.add(put_portion(connection, seals))
        given += numbers
    return given


def insert_new(competition: Competition | None, rows: Sequence[Base]) -> None:
    """Insert new rows of one sealed table, none of which the session knows, and seal each.

    The mapper's way takes several times as long. What it does besides is done here too: the
    texts are held against their columns, whoever listens for new rows is told, what has a
    default gets it, and each row gets its number. Afterwards the session still knows none of
    them. Call it within a unit of work, with the chain claimed.
    """
    if not rows:
        return
    refuse_long_texts(rows)
    kept: Mapper[Any] = inspect(type(rows[0]))
    connection = db.session.connection()
    for row in rows:
        kept.dispatch.before_insert(kept, connection, inspect(row))
    values = [_values_of(kept, row) for row in rows]
    for row, number in zip(rows, insert_sealed(competition, type(rows[0]), values), strict=True):
        row.id = number  # type: ignore[attr-defined]


def _values_of(kept: Mapper[Any], row: Base) -> dict[str, Any]:
    """The values of a new row by column; what it says nothing of has its default."""
    attributes = row.__dict__
    values = {}
    for name, key, default in _columns_of(kept):
        value = attributes.get(key)
        values[name] = default() if value is None and default is not None else value
    return values


@cache
def _columns_of(kept: Mapper[Any]) -> list[tuple[str, str, Callable[[], Any] | None]]:
    """The columns but the number: name, the attribute that tells it, and the default."""
    return [
        (column.name, kept.get_property_by_column(column).key, _default_of(column))
        for column in table_of(kept.class_).columns
        if not column.primary_key
    ]


def _default_of(column: Column[Any]) -> Callable[[], Any] | None:
    match column.default:
        case None:
            return None
        case ScalarElementColumnDefault(arg=value):
            return lambda: value
        case CallableColumnDefault(arg=make):
            return lambda: make(None)  # type: ignore[arg-type]
        case _:
            raise TypeError(f"nobody here can work out the default of {column}")
