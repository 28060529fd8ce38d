"""What the page of those who were handed in shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.web.edit_conflicts import Whose
from compete.web.organiser.shapes import CompetitionLink
from compete.web.paging import Paging
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitQuestion:
    """Whose somebody is who wrote a unit that is not on the list."""

    url: str
    version: int
    written: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRow:
    """Somebody who was handed in."""

    name: str
    unit: str
    event: str
    id_masked: str
    grade: str
    state: str
    """A key of the macro `state`."""
    word: str
    notes: Sequence[str]
    tick_note: str
    """Who goes along with a tick; empty for who is of no crew."""
    unmet: Sequence[str]
    """What the event asks and the person does not meet."""
    warn: bool
    tick: str | None
    """What the form sends for who waits: the person and the version that is shown."""
    ticked: bool
    url: str | None
    """The contestant's page, once there is one."""
    picture: str | None
    """The address of the photo that was put."""
    link_url: str | None = None
    """Where who entered themselves gets a new link."""
    version: int = 0
    asks_unit: UnitQuestion | None = None
    full: str = ""
    """What is full for them, so that accepting means waiting; empty while there is a place."""
    wants_waiver: bool = False
    """Whether anything unmet is waived by nobody yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOffer:
    """Who is next, now that a place is free."""

    text: str
    who: Sequence[str]
    """What the form sends: the people and the versions that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTaken:
    """Who was accepted last, within the hour."""

    text: str
    who: Sequence[str]
    """What the form sends, as of a `WaitingOffer`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Those of one state."""

    word: str
    icon: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowForm:
    """When units enter people, as typed."""

    opens: str
    closes: str
    quota: str
    was: str
    """What the form carries of what it showed, and `theirs` of what somebody else set."""
    theirs: str = ""
    whose: Mapping[str, Whose] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with a field, by its name; under "" what both changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationUrls:
    """Where the page leads to."""

    accept: str
    back: str
    """Giving people back to their unit."""
    undo: str
    """Taking people out of the list again whom accepting brought there."""
    window: str
    units: str
    self_entry: str
    self: str
    book: str
    """The list as a workbook, filtered as it is."""
    tick_all: str
    """The same page with everybody ticked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationsPage:
    """What `organiser/applications/applications.html` wants."""

    competition: CompetitionLink
    filters: Sequence[Filter]
    rows: Sequence[ApplicationRow]
    everybody: int
    waiting: int
    """How many of those shown can be decided."""
    units: Sequence[Choice]
    unit: str
    several_events: bool
    page: Paging
    window: WindowForm
    reason: str
    unmet: bool
    """Whether anybody shown does not meet what the event asks, and nobody waived it."""
    exempted_for: str
    conditions_url: str
    offer: WaitingOffer | None
    undoes: bool
    """Whether those who are ticked were accepted, and can be taken out of the list again."""
    last: LastTaken | None
    problem: str | None
    urls: ApplicationUrls
