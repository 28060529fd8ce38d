"""What the checklist shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.overview.shapes import Missing
from compete.web.organiser.rule_differences import DifferenceGroup
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """A part in the list at the left; `number` is its key, with Alt."""

    number: int
    name: str
    note: str
    chip: Chip
    icon: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepForm:
    """照旧, for one part (of one event): what it sends, and what it does."""

    part: str
    event: str
    seen: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedPlaces:
    """How many an event takes, as it was typed, and why that cannot be."""

    event: str
    of_unit: str
    most: str
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesForm:
    """The same as a form; `comes_to` is what the units' own places come to."""

    typed: TypedPlaces
    comes_to: str
    seen: str
    """The mark of what the page showed."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """What a part says, of one event where each has its own."""

    title: str
    chip: Chip | None
    facts: Sequence[tuple[str, str]]
    links: Sequence[Link]
    """Where it is changed."""
    keep: KeepForm | None
    differences: Sequence[DifferenceGroup]
    """What is other than earlier."""
    places: PlacesForm | None = None
    """How many the event takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpUrls:
    """Posts, but for `applications` and `enter`, the page where people enter themselves; None
    for what cannot be done now."""

    keep: str
    edition: str
    open: str | None
    shut: str | None
    applications: str
    enter: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpPage:
    """What `organiser/set_up/set_up.html` wants."""

    competition: CompetitionLink
    standing: Chip
    came_from: str
    """From what it was made, and how many parts of that stand; empty for from nothing."""
    parts: Sequence[PartLine]
    title: str
    cards: Sequence[ItemCard]
    no_cards: str
    """Why a part has no card."""
    left: int
    """How many things the opening waits for."""
    missing: Sequence[Missing]
    opened: str
    """Since when registration is open; empty for not."""
    told: str
    """What opening does, and for whom."""
    compared: Sequence[tuple[str, int]]
    compared_with: str
    editions: Sequence[Choice]
    """From which edition parts may be taken over."""
    edition: str
    urls: SetUpUrls
