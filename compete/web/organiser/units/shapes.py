"""What the page of units shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from compete.web.organiser.last_act import LastAct
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.paging import Paging
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit, and what may be done with it."""

    code: str
    name: str
    typed: str
    """What stands in the field of its new name."""
    problem: str | None
    entrants: int
    group: str | None
    """In which a labour competition ranks it."""
    people_url: str | None
    rename_url: str | None
    bears: str
    """What else bears the present name, in a sentence; empty for nothing."""
    old_url: str | None
    """Where what bears another name stands; None where nothing does."""
    remove_url: str | None
    link: str
    """How its link stands, in a word."""
    link_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsPage:
    """What `organiser/units/units.html` wants."""

    competition: CompetitionLink
    units: Sequence[UnitRow]
    """Those of the page that is shown."""
    page: Paging
    count: int
    """All units, whatever is looked for."""
    q: str
    """What is looked for."""
    search_url: str
    typed: str
    problem: str | None
    add_url: str | None
    closed: str
    """Why none can be added or removed any more; empty while they can."""
    rows_url: str | None
    """Where a workbook of units is looked at."""
    upload_url: str | None
    applications_url: str | None
    waiting: int
    """How many wait for the organiser's word."""
    links_url: str
    text_url: str
    """All links as one text."""
    book_url: str
    """The list as a workbook."""
    longest: int
    of_labour: bool = False
    """Its units send nobody: their contacts enter what the unit thinks of itself."""
    groups: Sequence[Choice] = ()
    """Those of a labour competition; one of them is chosen for a new unit."""
    group: str = ""
    new_group: str = ""
    """A group that no unit is in yet, as it was written."""
    last: LastAct | None = None
    """What was changed last, where it still stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldPaper:
    """A certificate that bears another name of the unit."""

    number: str
    title: str
    holder: str
    said: str
    """The unit as it stands on it."""
    url: str
    """Its row in the register, opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamePage:
    """What `organiser/units/name.html` wants: a unit's former name, wherever it still stands."""

    competition: CompetitionLink
    back: Link
    name: str
    papers: Sequence[OldPaper]
    more: int
    """How many of them are not listed."""
    badges: int
    """Of how many people a printed badge bears the unit; none where nothing was published."""
    version: int | None
    """The version announced, where it bears another name."""
    published_name: str | None
    publish_url: str | None
    """Where a version with the names of now is published without opening the marks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """What `organiser/units/link.html` wants."""

    competition: CompetitionLink
    unit: str
    back: Link
    address: str | None
    """None once somebody has opened it."""
    picture: Markup | None
    until: str | None
    made: bool
    standing: bool
    contact: str
    problem: str | None
    new_url: str
    end_url: str | None
    of_labour: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksPage:
    """What `organiser/units/links.html` wants: all links that nobody opened yet, a line each."""

    competition: CompetitionLink
    back: Link
    of_labour: bool
    text: str
    lacking: Sequence[Link]
    """Departments that have no link that holds: whoever enters is named first."""
