"""What an address names, or 404: a row among a competition's own, or anything found otherwise."""

from __future__ import annotations

from typing import TypeVar

from flask import abort

from compete.models import Base, Competition
from compete.services.kernel.finding import find_own

Row = TypeVar("Row", bound=Base)
Found = TypeVar("Found")


def own_row(table: type[Row], competition: Competition, number: int) -> Row:
    """The competition's row of that number; the answer is 404 where it has none."""
    return or_404(find_own(table, competition, number))


def or_404(found: Found | None) -> Found:
    """What was found; the answer is 404 where that is nothing."""
    if found is None:
        abort(404)
    return found
