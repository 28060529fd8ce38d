"""Shapes of a page of figures: charts, each with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A row of a table: its name, the address it leads to, its cells; its bar with what it says."""

    name: str
    cells: Sequence[int | str]
    bar: float | None = None
    """Of a hundred; None without a bar."""
    value: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """A chart and the table that it is of: small groups share the row before the last."""

    title: str
    chart: str
    """What the length of a bar is."""
    heads: Sequence[str]
    """Of the names, then of the cells."""
    rows: Sequence[FigureRow]
    whole: FigureRow | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of what a page can be of."""

    name: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage:
    """A page of figures; without tables there is nothing to show, and `lack` says why."""

    tables: Sequence[FigureTable]
    lack: str
    choices: Sequence[Choice] = field(default_factory=list)
    asked: str = ""
    """The choice as the workbook's address asks for it."""
