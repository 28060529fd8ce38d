"""What the last look before an act shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What will happen."""

    what: str
    detail: str
    """What stands under it; may be empty."""
    link: Link | None = None
    """Where something is to be done about it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """Why it cannot happen yet."""

    what: str
    link: Link | None = None
    """Where it is dealt with, if that is another page than the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldColumn:
    """What may be told of people."""

    key: str
    name: str
    needed: str
    """Whether `all`, `some` or `none` of the events' rules ask for it."""
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldCell:
    """What would be told of a person."""

    key: str
    text: str
    needed: bool
    """Whether it is told in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPerson:
    """A person as they would be told of."""

    code: str
    name: str
    cells: Sequence[ToldCell]
    """One for each column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRow:
    """A reason, or what is noted beside something."""

    code: str
    what: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRows:
    """The first reasons or notes, of `count`, and whether they are told."""

    key: str
    checked: bool
    count: int
    rows: Sequence[ToldRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPanel:
    """Whose marks are whose, or not: a panel as it would be told either way."""

    key: str
    checked: bool
    code: str
    what: str
    judges: Sequence[str]
    unnamed: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoingOut:
    """What of a competition goes out with its results."""

    columns: Sequence[ToldColumn]
    people: Sequence[ToldPerson]
    reasons: ToldRows
    extras: ToldRows
    panel: ToldPanel | None
    births: str | None
    """Of how many people births go out and why, where a rule compares by age."""
    never: Sequence[str]
    """What does not go out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmUrls:
    """Where the act is posted, and the way back."""

    act: str
    back: str
