"""A row of a competition that an address names, or 404."""

from __future__ import annotations

from typing import TypeVar

from compete.models import Base, Competition
from compete.services.kernel.rows_by_number import find_own
from compete.web.pages import or_404

Row = TypeVar("Row", bound=Base)


def own_row(table: type[Row], competition: Competition, number: int) -> Row:
    """The competition's row of that number; the answer is 404 where it has none."""
    return or_404(find_own(table, competition, number))
