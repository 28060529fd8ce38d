"""What the page of conditions of entry shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.organiser.last_act import LastAct
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedConditions:
    """One event's form, as it stands or as it was typed."""

    age_from: str = ""
    age_to: str = ""
    age_on: str = ""
    years: str = ""
    grade: str = ""
    certificate: bool = False
    groups: Sequence[str] = ()
    no_posts: str = ""
    not_promoted: bool = False
    one_event: bool = False
    opens: str = ""
    closes: str = ""
    seen: str
    """The mark of what the page showed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventConditions:
    """One event: what it asks in words, and its form."""

    code: str
    name: str
    asked: Sequence[str]
    typed: TypedConditions
    grades: Sequence[Choice]
    """By the names that the event has for them."""
    problem: str | None
    open: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfitPerson:
    """Somebody on the list who does not meet what the event asks."""

    name: str
    code: str
    unit: str
    url: str
    why: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedField:
    """A field of the registration that can be left out."""

    key: str
    label: str
    asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionsPage:
    """What `organiser/entry_conditions/conditions.html` wants."""

    competition: CompetitionLink
    list_link: Link
    day: str
    events: Sequence[EventConditions]
    groups: Sequence[Choice]
    unfit: Sequence[UnfitPerson]
    unfit_total: int
    fields: Sequence[AskedField]
    fields_seen: str
    fields_url: str
    asks: bool
    """Whether any event asks anything."""
    places_url: str = ""
    """Where is set how many each event takes; empty for who may not."""
    last: LastAct | None = None
    """What was changed last, where it still stands."""
