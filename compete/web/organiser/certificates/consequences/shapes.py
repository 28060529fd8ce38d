"""Shapes of the page of a new version, and of the notice of a correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleWay:
    """A way to settle something."""

    key: str
    """`replace`, `withdraw` or `keep`."""
    name: str
    hint: str
    """The effect of it, or why it can't be taken."""
    blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The typed values of a row, and their problem."""

    row: int
    act: str
    reason: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceRow:
    """A certificate or an approval that no longer is as the newest version says."""

    id: int
    state: str
    who: str
    number: str
    """The number of the contestant; empty for a team."""
    paper: str
    """The certificate's number, or that there is none yet."""
    was: str
    now: str
    why: str
    reason: str | None
    """Why it was settled as it was."""
    settled: str | None
    """The person who settled it, and when."""
    agreed: str | None
    if_kept: str | None
    """The number who hold the prize then, if that is not as many as the version gives it to."""
    earlier: Sequence[str]
    """The earlier decisions on it."""
    open_url: str | None
    """The address that opens the row, for whoever may settle it."""
    anew: bool
    """True if it is settled and may be settled otherwise."""
    acts: Sequence[SettleWay] | None
    """The acts, of the opened row alone."""
    seen: str
    """The state when the page was made: a settlement by another meanwhile is not overturned."""
    chosen: str
    """The chosen one of them: the one sent before, else the first that can be taken."""
    typed: Typed | None
    agree_url: str | None
    agree_why_not: str | None
    """The reason the viewer is not the second who agrees, and who is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFilter:
    """A kind of papers, to look at alone."""

    name: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """The next papers to go out, and to whom."""

    what: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCell:
    """The former words, and the present ones."""

    was: str
    now: str
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """One person or team of the correction."""

    event: str
    code: str
    name: str
    was_name: str | None
    """The name before, where it is another."""
    unit: str
    cells: Sequence[ChangedCell]
    """Rank, total, awards and grades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedEvent:
    """An event, and the people whom the newest version places otherwise in it."""

    name: str
    rows: Sequence[ChangedRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationRow:
    """A certificate that one person wants void, or a void one given again."""

    who: str
    number: str
    reason: str
    again: bool
    """True if it is to be given again."""
    strike: bool
    """True if the result is to be struck with it."""
    asked: str | None
    """The person who asked, and when."""
    agree_url: str | None
    """An address is given only to whoever may."""
    agree_why_not: str | None
    """The reason the viewer is not the second who agrees, and who is."""
    drop_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeRows:
    """Open rows with the same change, which one act may settle."""

    was: str
    now: str
    count: int
    ids: str
    """Their numbers, with commas between them."""
    act: str
    """`withdraw` or `replace`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedFact:
    """A count of moves."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRow:
    """An open row, to be settled with all others as the version has it, or left out."""

    id: int
    who: str
    act: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StillGivenRow:
    """A void certificate whose prize the results in force still give, and what is left to do."""

    who: str
    paper: str
    left: Sequence[str]
    url: str | None
    """The address of the next step."""
    label: str
