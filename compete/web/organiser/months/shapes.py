"""What the pages about the periods of a labour competition show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.web.organiser.differing import ChangeLine
from compete.web.organiser.shapes import CompetitionLink
from compete.web.shapes import Chip, Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """A period in the list; `depth` from 0 for the whole."""

    name: str
    url: str
    depth: int
    chip: Chip
    said: str
    """When it was closed and by whom, or what is missing."""
    next: bool
    """Whether it can be closed now."""
    bulletin_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsUrls:
    """Where the page of all periods leads to; None where the reader has no such door."""

    publish: str | None
    public: str | None
    late: str
    changes: str
    book: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version that went out."""

    label: str
    words: str
    """The words of its hash."""
    said: str
    """When, and what it changed."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsPage:
    """All periods, and what goes out next."""

    competition: CompetitionLink
    periods: Sequence[PeriodRow]
    waiting: Sequence[str]
    """The names of what would be published."""
    asked: Sequence[CorrectionCard]
    """Corrections that wait for a second person."""
    rules: ChangeLine | None
    """Other rules that wait for one."""
    versions: Sequence[VersionRow]
    keep: FlagKeepForm | None
    """None where no flags go one after another."""
    urls: MonthsUrls


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagKeepForm:
    """After how many periods in a row a flag may be kept for good, as it was typed."""

    url: str | None
    """None for who only looks, and while other rules wait for a second person."""
    after: str
    of: str
    sorts: Sequence[Choice]
    """By the first period of each sort."""
    said: str
    """What holds now, in words."""
    reason: str | None
    """Why, as it was typed; None while one person alone may set it."""
    problem: str | None = None
    reason_problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LackRow:
    """What units lack, in words."""

    what: str
    units: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """What a correction moves for one unit in one period; texts before and after."""

    period: str
    unit: str
    totals: tuple[str, str]
    ranks: tuple[str, str]
    also: Sequence[str]
    """Flag, warning and incident, where these are others, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionCard:
    """A correction, with what it moves and who may end it."""

    id: int
    title: str
    chip: Chip
    reason: str
    said: str
    """Who asked and who ended it, when."""
    shifts: Sequence[ShiftRow]
    more: int
    """How many units moved besides those that are shown."""
    agree_url: str | None
    why_not: str | None
    drop_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionForm:
    """What is to be corrected, as it was typed."""

    url: str
    kinds: Sequence[Choice]
    units: Sequence[Choice]
    indicators: Sequence[Choice]
    typed: Mapping[str, str] = field(default_factory=dict)
    """By the fields' names."""
    problem: str | None = None
    reason_problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """A flag of the period: who has it, and its days as a date field has them."""

    code: str
    name: str
    note: str
    """The group, or that a correction gave the flag to another since."""
    given: str
    back: str
    kept: str | None = None
    """From which day it stays for good; None where it may not and nobody has said so."""
    stays: str = ""
    """For how long the unit has had it, and that it may stay, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRow:
    """A unit with a warning or a veto, and what it is asked, as the fields have it."""

    code: str
    name: str
    why: str
    at: str
    place: str
    by: str
    who: str
    place_problem: str | None = None
    who_problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterForm:
    """What came of a closed period; it stands in the bulletin."""

    url: str | None
    """None for who only looks."""
    flags: Sequence[FlagRow]
    talks: Sequence[TalkRow]
    helpers: Sequence[str]
    """Who may be named: departments with who enters for them."""
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookCard:
    """How far the second look at a leaf period is; no chips: nothing was drawn yet."""

    url: str
    chips: Sequence[Chip]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodPage:
    """One period: what hinders closing it, and what was corrected since."""

    competition: CompetitionLink
    back_url: str
    name: str
    chip_of: Chip
    """Its state; `chip` is the macro that draws it."""
    closed: str | None
    """Who closed it, when and why all the same; None while it is open."""
    is_open: bool
    blockers: Sequence[str]
    missing: Sequence[LackRow]
    away: Sequence[LackRow]
    count: int
    wants_reason: bool
    close_url: str | None
    reason: str
    problem: str | None
    form: CorrectionForm | None
    corrections: Sequence[CorrectionCard]
    bulletin_url: str
    standings_url: str
    look: LookCard | None
    after: AfterForm | None
    """None while the period is open, and where nobody has a flag, a warning or a veto."""
