"""Shapes of the progress board: view models of `organiser/judging/progress/*.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.models import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A panel that is too far apart."""

    where: str
    """The station, or the module."""
    name: str
    """The disputed part: an aspect, or the total."""
    levels: Sequence[tuple[str, Sequence[str]]]
    """Rungs of a ladder, each with the judges who stand on it; empty if it is no judgement."""
    text: str
    """The distance, and the greatest allowed one."""
    sheets: Sequence[Sheet]
    remark: Mapping[str, str] | None
    """The form's values to have them marked again; None for whoever may not."""
    chiefs: str
    """The chief judges who may, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingTask:
    """One thing that waits for somebody, beside the disputes."""

    code: str
    """The subject, in bold."""
    where: str
    state: str
    """`returned`, `odd`, `missing`, or the state of a sheet."""
    text: str
    word: str | None = None
    """The word in place of the state's own."""
    label: str | None = None
    url: str | None = None
    """The address to deal with it; None for whoever may not."""
    reminded: str | None = None
    """The time its judge was reminded, as `10:31`."""
    public_id: str = ""
    """The sheet, where something can be done about it here."""
    may_remind: bool = False
    wait: int = 0
    """Seconds until its judge may be reminded again."""
    right: Mapping[str, str] | None = None
    """The form's values to find a doubtful value right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One sheet."""

    state: str
    label: str
    """The person and the progress, for a reader of screens."""
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One judge at one station."""

    judge: str
    done: int
    """The number of sheets handed in, of `all`."""
    all: int
    ticks: Sequence[Tick] | None
    """None where there are too many."""
    counts: Mapping[str, int]
    """The number of sheets in each state."""
    seen: str
    """The last contact of the judge's tablet."""
    offline: bool
    """True if it is missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A row of the board; `done` of `all` sheets were handed in there."""

    name: str
    cells: Sequence[Cell]
    done: int
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """A contestant, and the judges whose sheets are missing."""

    number: str
    name: str
    """The name; empty in a blind event."""
    missing: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockRow:
    """A module, or a session of one, and its lock."""

    name: str
    locked: bool
    text: str
    """Why it can't be locked yet, or who locked it and when."""
    words: str | None = None
    """The hash of the locked content, in words."""
    blocked: bool = False
    """True if `text` says what is missing; `faults` are all of it."""
    faults: Sequence[str] = ()
    number: int | None = None
    """The lock's own."""
    session: str | None = None
    may_lock: bool = False
    may_ask: bool = False
    """True if the viewer may be the first of two who unlock it."""
    second: str = ""
    """The words for who can be the second beside the viewer."""
    asked: str | None = None
    """The person who asked, and why."""
    may_confirm: bool = False
    why_not: str | None = None
    """The reason the viewer cannot be the second of two, and who can."""
    may_keep: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The parts of the board that change while people mark."""

    counts: Mapping[str, int]
    """The number of sheets in each state, in the order of the ticks; `all` in total."""
    all: int
    ticks_all: Sequence[Tick] | None
    """None where there are too many."""
    waiting: str
    """Why locking waits; empty when it need not."""
    disputes: Sequence[Dispute]
    """The first, of all modules; `disputes_total` is how many there are."""
    disputes_total: int
    returned: Sequence[JudgingTask]
    odd_total: int
    found_right: Sequence[tuple[Sheet, str, str | None]]
    """The outliers of the module shown: the sheet, whose value it is and who found it
    right, and which aspect can be doubted again (empty for the total, None for who may not).
    The last; `right_total` is how many there are."""
    right_total: int
    oldest: str | None
    """The time that the oldest dispute has waited."""
    restored: tuple[str, str] | None
    stations: Sequence[Station]
    judge_columns: int
    """The number of cells in the longest row."""
    contestants: Sequence[Lacking]
    """The first who lack sheets; `contestants_total` is how many do."""
    contestants_total: int
    locks: Sequence[LockRow]
    """The module's first, then its sessions'."""
    must_sign: bool
    exempt: int
    """The number of sheets that came with the competition and need no signature."""
    must_sign_url: str | None
    module: str
    key: str
    """The name of the module in addresses."""
    may_lock: bool
    """True if the viewer may lock the module once nothing is missing."""
