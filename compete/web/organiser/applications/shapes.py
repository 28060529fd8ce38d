"""Shapes of the page of applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.web.edit_conflicts import Whose
from compete.web.organiser.shapes import CompetitionLink
from compete.web.paging import Paging
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitQuestion:
    """A person whose unit was written by hand and is not on the list."""

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
    """The people who go along with a tick; empty for a person of no crew."""
    unmet: Sequence[str]
    """The conditions of the event that the person does not meet."""
    warn: bool
    tick: str | None
    """The tick's value for a waiting person: the person and the version that is shown."""
    ticked: bool
    url: str | None
    """The contestant's page, once there is one."""
    picture: str | None
    """The address of the photo that was put."""
    link_url: str | None = None
    """The address for a new link, for people who entered themselves."""
    version: int = 0
    asks_unit: UnitQuestion | None = None
    full: str = ""
    """The full limit that makes accepting them mean waiting; empty while there is a place."""
    wants_waiver: bool = False
    """True if anything unmet is waived by nobody yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingOffer:
    """The next people waiting, now that a place is free."""

    text: str
    who: Sequence[str]
    """The form's value: the people and the versions that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTaken:
    """The people accepted last, within the hour."""

    text: str
    who: Sequence[str]
    """The form's value, as of a `WaitingOffer`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter for one state."""

    word: str
    icon: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowForm:
    """The window in which units enter people, as typed."""

    opens: str
    closes: str
    quota: str
    was: str
    """The values that the form has shown; `theirs` are those somebody else set."""
    theirs: str = ""
    whose: Mapping[str, Whose] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    """The faults by the field's name; under "" what both changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationUrls:
    """The links of the page."""

    accept: str
    back: str
    """Giving people back to their unit."""
    undo: str
    """The address that takes people off the list again, whom accepting brought there."""
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
    """The values of `organiser/applications/applications.html`."""

    competition: CompetitionLink
    filters: Sequence[Filter]
    rows: Sequence[ApplicationRow]
    everybody: int
    waiting: int
    """The number of those shown that can be decided."""
    units: Sequence[Choice]
    unit: str
    several_events: bool
    page: Paging
    window: WindowForm
    reason: str
    unmet: bool
    """True if anybody shown does not meet what the event asks, and nobody waived it."""
    exempted_for: str
    conditions_url: str
    offer: WaitingOffer | None
    undoes: bool
    """True if the ticked people were accepted, and can be taken out of the list again."""
    last: LastTaken | None
    problem: str | None
    urls: ApplicationUrls
