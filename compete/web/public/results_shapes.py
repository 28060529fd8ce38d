"""Shapes of the page of published results, as typed lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from compete.documents.standings_list import (
    DistinctionLine,
    HonourLine,
    ItemLine,
    StandingsRow,
    TableLine,
    TeamLine,
    UnitLine,
)
from compete.domain.values.messages import Message
from compete.services.results.published_sums import WorkedLine

FIRST = 3
_Line = TypeVar("_Line", ItemLine, TeamLine, UnitLine, TableLine)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody's line, with the number that stands on the badge."""

    number: str
    line: StandingsRow
    worked: Sequence[WorkedLine] = ()
    """The sums of the total; empty for those without a place."""
    before: int | None = None
    """The place in the version before, where it was another."""
    opened: bool = False
    """True if the row stands open: it is all that a search found."""

    @property
    def appealed(self) -> bool:
        """True if an appeal may still change it."""
        return self.line.appealed

    @property
    def shares(self) -> list[Message | str]:
        """The scores of the shares of the total."""
        return [share.score for share in self.worked if not share.within]

    def has(self, text: str) -> bool:
        """True if number, name or unit hold the text, however wide its letters are typed."""
        wanted = _typed_alike(text)
        shown = (self.number, self.line.name, self.line.unit)
        return any(wanted in _typed_alike(part) for part in shown)


@dataclass(frozen=True, slots=True)
class Shown(Generic[_Line]):
    """A line of a list besides people's, and its place in the version before, if different."""

    line: _Line
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PodiumPlace:
    """One of the first three of the chosen tab, as the podium carries it."""

    rank: int
    name: str
    under: Sequence[str]
    score: str
    award: str = ""
    grade: str = ""
    appealed: bool = False
    before: int | None = None


def _typed_alike(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns in which somebody has something."""

    time: bool
    award: bool
    grade: bool
    shares: list[str]
    """Names of the shares of a total, where they are few."""
    settled: bool
    """True if grades are no longer proposed: the results stand."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the results that has an address of its own, as a tab, and all of its lines."""

    key: str
    label: str
    lines: Sequence[object]


@dataclass(frozen=True, slots=True)
class Award:
    """An award of a person or a team; `who` as it stands elsewhere on the page."""

    title: str
    who: str
    unit: str
    appealed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The chosen tab's part of the page besides people: one of these, or none."""

    label: str
    items: Sequence[Shown[ItemLine]] = ()
    teams: Sequence[Shown[TeamLine]] = ()
    units: Sequence[Shown[UnitLine]] = ()
    tables: Sequence[Shown[TableLine]] = ()
    awards: Sequence[Award] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The side of the page: the start of each list, and the link to all of it."""

    teams: Sequence[Shown[TeamLine]] = ()
    teams_more: Part | None = None
    units: Sequence[Shown[UnitLine]] = ()
    units_more: Part | None = None
    tables: Sequence[tuple[Part, Sequence[Shown[TableLine]]]] = ()
    """Each table over several events that has a tab, and its first places."""
    honours: Sequence[HonourLine] = ()
    distinctions: Sequence[DistinctionLine] = ()
    awards_more: Part | None = None
