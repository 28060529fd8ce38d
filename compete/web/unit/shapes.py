"""What a unit's pages show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.asked_of_people import AskedByEvent
from compete.web.organiser.registration.fields import PersonField
from compete.web.organiser.shapes import Link
from compete.web.portraits import PhotoCard
from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One of the unit's people: entered, handed in, or on the list."""

    name: str
    id_masked: str
    event: str
    grade: str
    state: str
    """A key of the macro `state`."""
    word: str
    notes: Sequence[str]
    warn: bool
    """Whether the notes say what is to be done."""
    times: Sequence[str]
    """When and where the person is to be, once that is known."""
    tick: str | None = None
    """What the form sends for who can be handed in, of a crew for all of it with the first one
    shown; None for who cannot."""
    ticked: bool = False
    """Whether the page ticks it: not who was given back and is as before."""
    edit_url: str | None = None
    edit_word: str = ""
    back_url: str | None = None
    back_word: str = ""
    picture: str | None
    """The address of the photo; None where there is none, and for a crew."""
    photo_url: str
    """Where it is put."""
    photo_word: str
    open: bool
    """Whether it is the contact's turn."""
    seated: bool = True
    """Whether somebody in a state that has a place has it; who entered themselves and was given
    back has none."""
    decide: str | None = None
    """What a form sends of who entered themselves and waits for the unit's word."""
    link_url: str | None = None
    """Where who entered themselves gets a new link."""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One of the quota's places: who has it, or nobody."""

    name: str | None
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuota:
    """How many an event takes from the unit, and what the unit has used of that."""

    event: str
    told: str
    full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDay:
    """A day that the unit has to know."""

    when: str
    what: str
    past: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFilter:
    """Those of one state."""

    key: str
    word: str
    icon: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitUrls:
    """Where the page leads to; None while nobody can be entered."""

    workbook: str
    upload: str | None
    add: str | None
    submit: str | None
    confirm: str | None
    """Of those who entered themselves; None once judging has begun."""
    give_back: str | None
    appeals: str | None
    """None before judging has begun: there is nothing to appeal against."""
    results: str | None
    """What everybody sees of the results, once they were published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitHome:
    """What `unit/home.html` wants."""

    competition: str
    unit: str
    until: Chip | None
    closed: str | None
    quota: str
    event_quotas: Sequence[EventQuota]
    """Of the events that take so many from each unit."""
    seats: Sequence[Seat]
    asked: Sequence[AskedByEvent]
    days: Sequence[KnownDay]
    filters: Sequence[StateFilter]
    people: Sequence[PersonRow]
    everybody: int
    ready: int
    """How many of those shown can be handed in."""
    beyond: int
    """How many of them would wait, handed in all together: there are no more places."""
    asking: Sequence[str]
    """Of everybody who entered themselves and waits for the unit: what a form sends."""
    asking_people: int
    """How many those are."""
    several_events: bool
    urls: UnitUrls


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """What `unit/person.html` wants."""

    back: Link
    title: str
    fields: Sequence[PersonField]
    version: int
    problem: str | None
    returned: str | None
    """Why the organiser gave the person back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacePage:
    """What `unit/replace.html` wants."""

    back: Link
    name: str
    number: str
    """Who is to be replaced."""
    fields: Sequence[PersonField]
    reason: str
    problem: str | None
    returned: str | None
    """Why the organiser gave the request back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLine:
    """One appeal that concerns the unit."""

    title: str
    who: str
    what: str
    at: str
    chip: Chip
    outcome: str | None
    by: str
    open: bool
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealWho:
    """Somebody of the unit for whom it can appeal."""

    name: str
    code: str
    event: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealsOfUnit:
    """What `unit/appeals.html` wants."""

    competition: str
    unit: str
    rows: Sequence[AppealLine]
    people: Sequence[AppealWho]
    back_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoPage:
    """What `unit/photo.html` wants."""

    back: Link
    title: str
    photos: Sequence[PhotoCard]
    """One, or of a crew one for each member."""
