"""What the page of entry shows."""

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
    """A reported accident: how far it is, what was written, and its file."""

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
    """How many of a unit's workers take part: `text` as its field has it, `said` what stands."""

    url: str | None
    """None once the period is closed."""
    text: str
    said: str
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """What `labour_entry/page.html` wants; the squares come by `state_url`."""

    competition: str
    keeper: str
    """Under what name the browser keeps what is not sent yet."""
    most: int
    """How many acts the browser may send at once."""
    longest_why: int
    period: str
    who: str
    own: bool
    """Whether a unit assesses itself."""
    name: str
    """Who signs."""
    over: str | None
    """A loss of more points wants a reason."""
    deadline: str | None
    """Until when it is to be done, in words; None where nothing is set."""
    late: bool
    reminded: str | None
    """When the organisers asked for what is missing; None where they did not."""
    closed: str | None
    """Why nothing is entered in this period any more; None while it is open."""
    periods: Sequence[PeriodChoice]
    page_url: str
    """The page without a period: it opens on the first that is open."""
    open_period: str | None
    """What that one is called, where it is another than this."""
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
    """What is announced: of a unit its own page; None before anything is."""
    words: Mapping[str, str] | None
