"""Rows by their number, for who has only an address."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import bindparam, select

from compete.models import Base, Competition, db
from compete.services.kernel.shown_competitions import is_shown

Row = TypeVar("Row", bound=Base)

_BY_CODE = select(Competition).where(Competition.code == bindparam("code"), is_shown())


def find(table: type[Row], number: int | None) -> Row | None:
    """The row of that number, or None."""
    return None if number is None else db.session.get(table, number)


def get_row(table: type[Row], number: int) -> Row:
    """The row of a number that another row names. Raises `NoResultFound` where it is gone."""
    return db.session.get_one(table, number)


def find_own(table: type[Row], competition: Competition, number: int) -> Row | None:
    """The row of that number if it is the competition's own, or None."""
    row = db.session.get(table, number)
    return (
        row if row is not None and getattr(row, "competition_id", None) == competition.id else None
    )


def competition_by_code(code: str) -> Competition | None:
    """The competition that bears the code, or None."""
    return db.session.scalar(_BY_CODE, {"code": code})
