"""What the pages of officials show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """What is said of a sign-in card."""

    made: str
    used: str | None
    """When it was used; None before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialRow:
    """An official."""

    code: str
    name: str
    role: str
    unit: str
    modules: Sequence[str]
    sheets: Mapping[str, int]
    """How many there are in each state; `all` in total, `done` handed in."""
    all: int
    done: int
    card: CardWords | None
    no_card: str
    """Why there is none in use."""
    new_card_url: str | None
    """An address is given only to whoever may, and where there is no card in use."""
    renew_url: str | None
    """Where it is asked first: the card in use stops."""
    cancel_url: str | None
    warning: str | None = None
    replace_url: str | None = None
    """Where another takes over."""
    correct_url: str | None = None
    """Where name and unit are put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRow:
    """A judge at a module."""

    id: int
    module: str
    station: str
    """Empty for all stations."""
    judge: str
    timekeeper: bool
    keep_url: str | None
    """Where the judge is named as the one who takes the time, or is no more."""
    remove_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentTyped:
    """What was chosen and written, where that was refused."""

    judge: str = ""
    module: str = ""
    station: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentForm:
    """The form that puts a judge to a module."""

    url: str
    judges: Sequence[Choice]
    modules: Sequence[Choice]
    stations: Sequence[Choice]
    typed: AssignmentTyped
    error: str | None = None
    """Why what was typed was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialForm:
    """The form that adds an official."""

    url: str
    roles: Sequence[Choice]
    """Of a name, in characters."""
    units: Sequence[Choice] = ()
    """Of which one they may be; empty where the competition has none."""
    role: str = ""
    name: str = ""
    unit: str = ""
    error: str | None = None
    """What is wrong with the name that was typed."""
    more: bool = False
    """Whether somebody was added just now, and others may follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgesUrls:
    """Where the list leads to; None for what there is not, or whoever may not go there."""

    cards: str | None
    progress: Link
    book: str
    """The list as a workbook."""
    seating: str | None = None
    assign: str | None = None
    """Seats in a list, and who takes the time."""
    pool: str | None = None
    bring: str | None = None
    """Where a list is brought as a workbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardHolder:
    """Whose card is on the screen."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUrls:
    """Where the page of a card leads to."""

    new: str
    renew: str
    """Asks first."""
    back: str
