"""Row references: the tables that speak of a row, looked at before it is taken away."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, inspect, select

from compete.models import Base, db


def columns_naming(of: type[Base]) -> list[Column[Any]]:
    """The columns of all tables that say which row of this one theirs is of, by a foreign key."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == of.__tablename__ for key in column.foreign_keys)
    ]


def tables_naming(row: Base) -> set[str]:
    """The names of the tables in which some row is of this one."""
    number = inspect(row).identity
    assert number is not None
    return {
        column.table.name
        for column in columns_naming(type(row))
        if db.session.scalar(select(column).where(column == number[0]).limit(1)) is not None
    }
