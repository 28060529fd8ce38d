"""What the page of the second person shows."""

from __future__ import annotations

from dataclasses import dataclass

from compete.web.organiser.shapes import CompetitionLink
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondRow:
    """Somebody who could be the second beside who looks."""

    name: str
    able: bool
    text: str
    """Why not, and from when; or that they are there."""
    grave: str
    """Why never alone for the gravest acts, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """A signed paper; `late`: it was to be countersigned by now."""

    what: str
    who: str
    text: str
    open: bool
    late: bool
    photo_url: str | None
    countersign_url: str | None
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SameDayUrls:
    """Where the forms of the same day go."""

    present: str
    in_person: str | None
    on_paper: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondPage:
    """The page: `acts` are what who looks asked for, `people` who could agree to them."""

    competition: CompetitionLink
    now: str
    rows: list[SecondRow]
    here_until: str | None
    secret: str
    """What the own secret is called: `PIN` or the password."""
    acts: list[Choice]
    people: list[Choice]
    together_acts: list[Choice]
    """Those that can be done both being there, and with whom."""
    together_people: list[Choice]
    papers: list[PaperRow]
    urls: SameDayUrls
    chosen: str
    problem: str | None
