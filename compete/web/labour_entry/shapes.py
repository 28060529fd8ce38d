"""Shapes of the page of entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodChoice:
    """A period that can be chosen."""

    code: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccidentLine:
    """A reported accident: its state, its text, and its file."""

    title: str
    state: str
    kind: str
    text: str
    said: str
    why: str
    file_name: str
    file_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """The reports of a period; `url` takes one more, None for a department, which only reads."""

    lines: Sequence[AccidentLine]
    url: str | None
    uuid: str
    happened: str
    text: str
    today: str
    problem: str | None
    text_problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHeads:
    """The head count of a unit: `text` as its field has it, `said` in words."""

    url: str | None
    """None once the period is closed."""
    text: str
    said: str
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """The values of `labour_entry/page.html`; the squares come by `state_url`."""

    competition: str
    keeper: str
    """The name under which the browser keeps what is not sent yet."""
    most: int
    """The most acts that the browser may send at once."""
    longest_why: int
    period: str
    who: str
    own: bool
    """True if a unit assesses itself."""
    name: str
    """The name of the person who signs."""
    over: str | None
    """The points of loss above which a reason is required."""
    deadline: str | None
    """The deadline in words; None if nothing is set."""
    late: bool
    reminded: str | None
    """The time of the organisers' last reminder; None if there was none."""
    closed: str | None
    """Why nothing is entered in this period any more; None while it is open."""
    periods: Sequence[PeriodChoice]
    page_url: str
    """The page without a period: it opens on the first that is open."""
    open_period: str | None
    """The name of the open period, if it is another than this."""
    state_url: str
    acts_url: str
    sign_url: str
    history_url: str
    notes_url: str
    book_url: str | None
    """The department's squares as a workbook; None for a unit."""
    upload_url: str
    reporting: Reporting
    heads: OwnHeads | None
    """None for a department."""
    standing_url: str | None
    """The address of the announced standings, of a unit its own page; None before there are any."""
    words: Mapping[str, str] | None
