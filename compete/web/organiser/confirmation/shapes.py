"""Shapes of the last look before an act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from compete.services.scoring.unnamed_judges import PanelTold
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


ToldRow = tuple[str, str, str]
"""A reason, or what is noted beside something: whose it is, what, and the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOut:
    """The parts of a competition that go out with its results."""

    also: Collection[str]
    """The keys of what goes out though no rule asks for it."""
    columns: Sequence[tuple[str, str, str]]
    """Columns about people: the key, the name, and how many of the events' rules ask for it:
    `all`, `some` or `none`."""
    people: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]
    """Code, name and cells of some, one for each column: its key, empty where it is told in any
    case, and the text."""
    reasons: Sequence[ToldRow]
    extras: Sequence[ToldRow]
    panel: PanelTold | None
    """A panel as it would be published, with its judges' names or without."""
    births: str | None
    """The number of people whose births go out and why, if a rule compares by age."""
    never: Sequence[str]
    """The parts that do not go out."""
