"""What the progress board shows: view models of `organiser/progress/*.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.analysis.shapes import SeverityCard
from compete.web.organiser.shapes import CompetitionLink, View


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView(View):
    """A module as a tab."""

    waits: int
    """How many things wait there."""
    lacking: int
    """How many sheets are not in or not signed yet, where they have to be."""
    asked: bool
    """Whether somebody asked to unlock it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What can be done about a dispute, or, with `text` alone, who does it."""

    label: str
    url: str | None = None
    kind: str = ""
    """The button's kind, as in `_parts/buttons.html`."""
    post: bool = False
    """Whether it is a form of its own."""
    fields: Mapping[str, str] | None = None
    """What that form sends beside the token."""
    text: bool = False
    """Whether it is a hint and no button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A rung of a ladder, and the codes of the judges who stand on it."""

    label: str
    judges: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A panel that is too far apart."""

    code: str
    """How the contestant is called on the board."""
    where: str
    """The station, or the module."""
    name: str
    """What is disputed: an aspect, or the total."""
    levels: Sequence[Level]
    """Empty for what is no judgement."""
    text: str
    """How far apart, and how far they may be."""
    acts: Sequence[Act]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits for somebody, beside the disputes."""

    code: str
    """What it is about, in bold."""
    where: str
    state: str
    """`returned`, `odd`, `missing`, or the state of a sheet."""
    text: str
    word: str | None = None
    """What stands in place of the state's own word."""
    label: str | None = None
    url: str | None = None
    """Where it is dealt with; None for whoever may not."""
    reminded: str | None = None
    """When its judge was reminded, as `10:31`."""
    remind_url: str | None = None
    wait: int = 0
    """Seconds until its judge may be reminded again."""
    right: RightForm | None = None
    """How a doubtful value is found right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RightForm:
    """Where a doubtful value is found right or doubted again, and what is sent there."""

    url: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRight:
    """A value that lies outside and was found right."""

    code: str
    text: str
    """Whose value, which, and who found it right and when."""
    url: str
    """The sheet."""
    again: RightForm | None
    """None for whoever may not take it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One sheet."""

    state: str
    label: str
    """Whose it is and how far, for a reader of screens."""
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """When a judge's tablet was last heard of."""

    seen: str
    offline: bool
    """Whether it is missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One judge at one station."""

    judge: str
    done: int
    """How many sheets were handed in, of `all`."""
    all: int
    ticks: Sequence[Tick] | None
    """None where there are too many."""
    counts: Mapping[str, int]
    """How many sheets there are in each state."""
    seen: str
    offline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A row of the board; `done` of `all` sheets were handed in there."""

    name: str
    note: str
    cells: Sequence[Cell]
    done: int
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A contestant and whose sheets are missing."""

    number: str
    name: str
    """Empty in a blind event."""
    missing: Sequence[str]
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRow:
    """A module, or a session of one, and its lock."""

    name: str
    locked: bool
    text: str
    """Why it can't be locked yet, or who locked it and when."""
    words: str | None = None
    """The hash of what was locked, in words."""
    blocked: bool = False
    """Whether `text` says what is missing; `faults` are all of it."""
    faults: Sequence[str] = ()
    lock_url: str | None = None
    """Where locking is confirmed."""
    ask_url: str | None = None
    """Where the first of two asks to unlock it."""
    asked: str | None = None
    """Who asked, and why."""
    confirm_url: str | None = None
    why_not: str | None = None
    """Why who looks cannot be the second of two, and who can."""
    keep_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadLock:
    """The lock at the top: a link, or why there is none yet."""

    label: str
    url: str | None = None
    blocked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredWords:
    """That a backup was restored today, and whose tablets came back since."""

    head: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The parts of the board that change while people mark."""

    counts: Mapping[str, int]
    """How many sheets there are in each state, in the order of the ticks; `all` in total."""
    all: int
    ticks_all: Sequence[Tick] | None
    """None where there are too many."""
    waiting: str
    """Why locking waits; empty when it need not."""
    disputes: Sequence[Dispute]
    """The first, of all modules; `disputes_total` is how many there are."""
    disputes_total: int
    returned: Sequence[Waiting]
    odd_total: int
    found_right: Sequence[FoundRight]
    """The last ones of the module that is shown; `right_total` is how many there are."""
    right_total: int
    oldest: str | None
    """How long the oldest dispute has waited."""
    restored: RestoredWords | None
    stations: Sequence[Station]
    judge_columns: int
    """How many cells the longest row has."""
    contestants: Sequence[Lacking]
    """The first who lack sheets; `contestants_total` is how many do."""
    contestants_total: int
    locks: Sequence[LockRow]
    """The module's first, then its sessions'."""
    must_sign: bool
    exempt: int
    """How many sheets came with the competition and need no signature."""
    must_sign_url: str | None
    lock: HeadLock | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleName:
    """The module that is shown."""

    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardUrls:
    """Where the board leads to; None for whoever may not go there."""

    people: str | None = None
    """The judges and their sign-in cards."""
    decisions: str | None = None
    recusals: str | None = None
    appeals: str | None = None
    paper: str | None = None
    marks_list: str | None = None
    """Where the module's marks are brought as a list."""
    book: str | None = None
    analysis: str | None = None
    """Where the board leaves the figures of the judges to that page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What the whole page has beside its `Live` parts."""

    competition: CompetitionLink
    title: str
    module: ModuleName
    views: Sequence[ModuleView]
    """Empty where there is one module alone."""
    severity: SeverityCard | None
    live_url: str
    """What `static/js/organiser/board.js` asks."""
    urls: BoardUrls
