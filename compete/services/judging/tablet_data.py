"""Tablet data, key by key: the JSON that a judge's tablet reads.

Codes, never names. Decimals are texts; `Value` is a mark as tablets send and get it.
"""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

Value = str | bool | None


class JudgeTag(TypedDict):
    """The judge to whom the tablet belongs."""

    code: str
    name: str


class SheetBrief(TypedDict):
    """A sheet in the list. `date`, `begins`, `ends` and `clock` are texts by the hall's clock:
    `2026-09-16`, `10:20`, `11:00` and `10:20–11:00`; of a blind event there is no time or place.
    """

    id: str
    code: str
    state: str
    version: int
    module: str
    """Its name; `module_code` is `stage/module`."""
    module_code: str
    session: str | None
    station: str | None
    date: str | None
    begins: str | None
    ends: str | None
    clock: str | None
    aspect_count: int
    left: int
    """The number of aspects still to be marked."""
    total: str | None
    """The sum of the marks so far; None before the first."""
    returned_reason: str | None
    anew: bool
    """True if something was called back to be marked again."""


class HomeRow(SheetBrief):
    """A sheet on the judge's home; nobody waits for those `excused`."""

    locked: bool
    excused: bool
    reminded: str | None
    """The time when the chief judge reminded of it, `10:31` by the hall's clock."""


class HomeFrame(TypedDict):
    """The judge's home without its sheets."""

    judge: JudgeTag
    competition: str
    open: bool
    early: bool


class HomeData(HomeFrame):
    """The judge's home."""

    sheets: list[HomeRow]


class Pointer(TypedDict):
    """A pointer to another sheet of the judge."""

    id: str
    code: str


class WatchAct(TypedDict):
    """A watch act: something done with the stop-watch, as the tablet said it."""

    kind: str
    aspect: str | None
    at: str | None
    value: str | None
    note: str | None


class SheetData(SheetBrief):
    """The data of one whole sheet."""

    rules: str
    """The mark of its rules: another text once those of its module have changed."""
    reminded: str | None
    full: str | None
    rounding: int
    acts: int
    """The number of the last act on it: with its own acts a tablet says what it knew of."""
    locked: bool
    early: bool
    excused: bool
    """True if who it is of was absent or withdrew, so that nobody waits for it."""
    stands: bool
    """True if it is handed in."""
    timed: bool
    aspects: list[dict[str, Any]]
    """The keys of an aspect that its type has, with `plausible`."""
    values: dict[str, Value]
    met: dict[str, list[int]]
    """Of each checklist, which checks are met."""
    watch: list[WatchAct]
    comments: bool
    """True if the judge may write a comment to the contestant; `comment` is what stands."""
    comment: str
    next: Pointer | None
    expected: Pointer | None
    """The sheet of who is called before."""


class Answered(TypedDict):
    """The result for a sheet whose acts were taken in."""

    state: str
    version: int
    acts: int
    returned_reason: str | None
    reminded: NotRequired[None]
    """There where the acts have changed something: that ends a reminder."""


class AnswerData(Answered):
    """The same with its values."""

    values: dict[str, Value]
