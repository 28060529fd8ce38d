"""Shapes of the checklist."""

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
    """The places of an event, as typed, and why that cannot be."""

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
    """The mark of the values that the page showed."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCard:
    """The card of a part, of one event if each has its own."""

    title: str
    chip: Chip | None
    facts: Sequence[tuple[str, str]]
    links: Sequence[Link]
    """The links to change it."""
    keep: KeepForm | None
    differences: Sequence[DifferenceGroup]
    """The differences from earlier."""
    places: PlacesForm | None = None
    """The places of the event."""


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
    """The values of `organiser/set_up/set_up.html`."""

    competition: CompetitionLink
    standing: Chip
    came_from: str
    """The source it was made from, and how many parts of that stand; empty for none."""
    parts: Sequence[PartLine]
    title: str
    cards: Sequence[ItemCard]
    no_cards: str
    """Why a part has no card."""
    left: int
    """The number of things the opening waits for."""
    missing: Sequence[Missing]
    opened: str
    """The time since which registration is open; empty if it is not."""
    told: str
    """The effects of opening, and for whom."""
    compared: Sequence[tuple[str, int]]
    compared_with: str
    editions: Sequence[Choice]
    """The editions from which parts may be taken over."""
    edition: str
    urls: SetUpUrls
