"""What the page of a competition shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from compete.web.organiser.progress.shapes import Tick


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitionHead:
    """The competition whose page it is."""

    name: str
    subtitle: Sequence[str]
    """Level, occupation, days, venue, weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the six steps."""

    name: str
    state: str
    """`done`, `now` or `later`."""
    count: int
    of: int | None = None
    """How many there could be."""
    unit: str
    note: str
    url: str | None = None
    ticks: Sequence[Tick] | None = None
    tick_counts: Mapping[str, int] | None = None
    """How many sheets there are in each state; drawn in place of `ticks`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """A level of an evaluation: who applied, who meets the conditions, what is examined."""

    name: str
    url: str
    """Its verdicts."""
    entered: int
    eligible: int
    short: int
    modules: str
    passed: int
    failed: int
    absent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What to do now."""

    title: str
    text: str
    label: str
    """What the button says."""
    url: str
    until: date | None = None
    """It can only be looked at before; None: it can be taken now."""
    besides: str | None = None
    """Where judging is begun all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that is still to be done."""

    icon: str
    what: str
    detail: str
    who: str
    """Whom it waits for."""
    label: str | None
    """What the button says; None for whoever may not go there."""
    url: str | None
    post: bool = False
    """Whether the button sends a form, with `fields` beside the token."""
    fields: Mapping[str, str] | None = None
    blocker: bool
    """Whether the next step waits for it."""
    mine: bool = True
    """Whether it waits for who looks, and not for others."""
    due: datetime | None = None
    """Until when it has to be done, where that is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingMissing:
    """What stands where nothing is missing."""

    title: str
    text: str
    met: bool
    """Whether all is there; not before judging."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayLine:
    """Something that is done today."""

    time: str
    what: str
    detail: str
    now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The day's course."""

    title: str
    items: Sequence[TodayLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A line of the newest records."""

    time: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewUrls:
    """Where the page leads to; None for what there is not, or whoever may not go there."""

    rules: str | None = None
    people: str | None = None
    recheck: str | None = None
    hall: str | None = None
    settings: str | None = None
    set_up: str | None = None
    print: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockForm:
    """The way back to judging."""

    url: str
    hint: str
    """What becomes of what was worked out."""
    public: bool
    """Whether everybody will read why, since something is announced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewPage:
    """What `organiser/overview/competition.html` wants."""

    competition: CompetitionHead
    steps: Sequence[Step]
    next_step: NextStep | None
    missing: Sequence[Missing]
    """Blockers first."""
    nothing_missing: NothingMissing
    missing_note: str
    today: Today | None
    levels: Sequence[LevelRow] = ()
    """Of an evaluation, where nobody is ranked."""
    records: Sequence[Record]
    """The newest; `records_total` is how many there are."""
    records_total: int
    records_url: str | None
    urls: OverviewUrls
    unlock: UnlockForm | None
    """None where marks are not locked, and for whoever may not open them."""
