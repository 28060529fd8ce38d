"""The row that an address names among a competition's own."""

from __future__ import annotations

from typing import TypeVar

from flask import abort

from compete.models import Base, Competition
from compete.services.kernel.finding import find_own

Row = TypeVar("Row", bound=Base)


def own_row(table: type[Row], competition: Competition, number: int) -> Row:
    """The competition's row of that number; the answer is 404 where it has none."""
    row = find_own(table, competition, number)
    if row is None:
        abort(404)
    return row
