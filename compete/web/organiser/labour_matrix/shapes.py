"""What the page of a month's squares shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink, View
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixHeading:
    """What indicators beside each other belong to, over how many columns, and its full marks."""

    name: str
    full: str
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixColumn:
    """An indicator with its full marks, and the median of what units got."""

    code: str
    name: str
    full: str
    median: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixCell:
    """A square; `key` is its unit and indicator, `story` how it came about."""

    key: str
    text: str
    kind: str
    """`low`, `lacking`, `away`, or empty."""
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A unit."""

    name: str
    url: str
    cells: Sequence[MatrixCell]
    total: str | None
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenCell:
    """The square of which the foot tells; `text` has its full marks beside it."""

    key: str
    title: str
    text: str
    story: str
    url: str
    """Everything that was ever written there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixPage:
    """What `organiser/labour_matrix/matrix.html` wants."""

    competition: CompetitionLink
    back: View
    """The standings of the period."""
    period: str
    signed: Chip | None
    periods: Sequence[View]
    groups: Sequence[View]
    kinds: Sequence[View]
    """Scores, self-assessments, what is between them, shares of full marks."""
    orders: Sequence[View]
    low: int
    headings: Sequence[MatrixHeading]
    columns: Sequence[MatrixColumn]
    rows: Sequence[MatrixRow]
    median: str
    """Of the totals."""
    chosen: ChosenCell | None
    asked: Sequence[tuple[str, str]]
    """What the address asks for besides the square."""
    changes_url: str
    book_url: str
    print_url: str
