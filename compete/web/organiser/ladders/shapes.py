"""What the pages of the table of ladders show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link, View
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRow:
    """One row of the table."""

    name: str
    url: str
    whose: str
    rungs: str
    """From the lowest to the highest."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LaddersPage:
    """What `organiser/ladders/ladders.html` wants."""

    rows: Sequence[LadderRow]
    views: Sequence[View]
    new_url: str | None
    """None for who may not change the table, as `upload_url`."""
    upload_url: str | None
    workbook_url: str
    occupations_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RungLine:
    """A line of the form, as it stands or as it was typed; each text empty in a new one."""

    number: int
    order: str
    code: str
    rung: str
    face: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderForm:
    """The fields of one ladder."""

    name: str
    whose: str
    note: str
    rungs: Sequence[RungLine]
    grades: Sequence[Choice]
    organisations: Sequence[str]
    """Names that are proposed."""
    faults: Mapping[str, str]
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRung:
    """A line for who may not change it."""

    code: str
    rung: str
    face: str
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderPage:
    """What `organiser/ladders/ladder.html` wants."""

    name: str
    """Empty for a new one."""
    closed: bool
    form: LadderForm | None
    whose: str
    note: str
    shown: Sequence[ShownRung]
    """Where there is no form."""
    events: Sequence[Link]
    """Those that took it, of the reader's competitions."""
    problem: str | None
    may_change: bool
    close_url: str | None
    reopen_url: str | None
    back_url: str
