"""Shapes of the last look before an act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A thing that will happen."""

    what: str
    detail: str
    """The line under it; may be empty."""
    link: Link | None = None
    """The link to something that is to be done about it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """Why it cannot happen yet."""

    what: str
    link: Link | None = None
    """The link to deal with it, if that is another page than the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldColumn:
    """A column about people that may be published."""

    key: str
    name: str
    needed: str
    """`all`, `some` or `none`: how many of the events' rules ask for it."""
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCell:
    """A published cell about a person."""

    key: str
    text: str
    needed: bool
    """True if it is told in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPerson:
    """A person as they would be published."""

    code: str
    name: str
    cells: Sequence[ToldCell]
    """The cells, one for each column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """A reason, or what is noted beside something."""

    code: str
    what: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRows:
    """The first reasons or notes, of `count`, and whether they go out."""

    key: str
    checked: bool
    count: int
    rows: Sequence[ToldRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPanel:
    """A panel as it would be published, with its judges' names or without."""

    key: str
    checked: bool
    code: str
    what: str
    judges: Sequence[str]
    unnamed: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOut:
    """The parts of a competition that go out with its results."""

    columns: Sequence[ToldColumn]
    people: Sequence[ToldPerson]
    reasons: ToldRows
    extras: ToldRows
    panel: ToldPanel | None
    births: str | None
    """The number of people whose births go out and why, if a rule compares by age."""
    never: Sequence[str]
    """The parts that do not go out."""
