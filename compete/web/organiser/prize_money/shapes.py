"""What the page of prize money shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyLine:
    """A title or a grade, and what it brings in yuan as it is typed; empty for nothing."""

    field: str
    """Its field's name; a title's own text is in a hidden field beside it."""
    title: str
    yuan: str
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One who is to be paid."""

    name: str
    unit: str
    title: str
    yuan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPage:
    """What `prize_money.html` wants."""

    competition: CompetitionLink
    is_labour: bool
    titles: Sequence[MoneyLine]
    grades: Sequence[MoneyLine]
    problem: str | None
    paid: Sequence[Paid]
    """The first of them."""
    count: int
    total: str
    save_url: str | None
    book_url: str | None
    """None while nobody is to be paid."""
