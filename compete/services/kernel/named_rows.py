"""Which tables speak of a row: what hangs on it, before it is taken away."""

from __future__ import annotations

from sqlalchemy import inspect, select

from compete.models import Base, db


def tables_naming(row: Base) -> set[type[Base]]:
    """Those in which some row is of this one, by a foreign key to its `id`."""
    return {table for table in Base.__subclasses__() if _names(table, row)}


def _names(table: type[Base], row: Base) -> bool:
    own = type(row).__tablename__
    columns = [
        column
        for column in inspect(table).local_table.columns
        if any(key.column.table.name == own for key in column.foreign_keys)
    ]
    number = inspect(row).identity
    assert number is not None
    return any(
        db.session.scalar(select(column).where(column == number[0]).limit(1)) is not None
        for column in columns
    )
