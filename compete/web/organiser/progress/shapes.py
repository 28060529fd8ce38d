"""What the progress board shows: view models of `organiser/progress/*.html`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.models import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleView:
    """A module as a tab."""

    key: str
    label: str
    waits: int
    """How many things wait there."""
    lacking: int
    """How many sheets are not in or not signed yet, where they have to be."""
    asked: bool
    """Whether somebody asked to unlock it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A panel that is too far apart."""

    code: str
    """How the contestant is called on the board."""
    where: str
    """The station, or the module."""
    name: str
    """What is disputed: an aspect, or the total."""
    levels: Sequence[tuple[str, Sequence[str]]]
    """Rungs of a ladder, each with the judges who stand on it; empty for what is no judgement."""
    text: str
    """How far apart, and how far they may be."""
    sheets: Sequence[Sheet]
    remark: Mapping[str, str] | None
    """What is sent to have them marked anew; None for whoever may not."""
    chiefs: str
    """Who may, by name."""


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
    public_id: str = ""
    """The sheet, where something can be done about it here."""
    may_remind: bool = False
    wait: int = 0
    """Seconds until its judge may be reminded again."""
    right: Mapping[str, str] | None = None
    """What is sent to find a doubtful value right."""


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
    contact: Contact


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A row of the board; `done` of `all` sheets were handed in there."""

    name: str
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
    number: int | None = None
    """The lock's own."""
    session: str | None = None
    may_lock: bool = False
    may_ask: bool = False
    """Whether who looks may be the first of two who unlock it."""
    asked: str | None = None
    """Who asked, and why."""
    may_confirm: bool = False
    why_not: str | None = None
    """Why who looks cannot be the second of two, and who can."""
    may_keep: bool = False


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
    found_right: Sequence[tuple[Sheet, str, str | None]]
    """What lies outside in the module shown: its sheet, whose value it is and who found it
    right, and which aspect can be doubted again (empty for the total, None for who may not).
    The last; `right_total` is how many there are."""
    right_total: int
    oldest: str | None
    """How long the oldest dispute has waited."""
    restored: tuple[str, str] | None
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
    module: str
    key: str
    """How addresses name the module."""
    may_lock: bool
    """Whether who looks may lock the module once nothing is missing."""
