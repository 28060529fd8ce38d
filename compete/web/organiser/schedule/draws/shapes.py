"""Shapes of the pages of draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from compete.models import Entrant, PaperDraw, Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A draw that was held without the program."""

    paper: PaperDraw
    signed: str
    """The supervisor who signed it and when; empty if nobody did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A session's turn, or a station, at the edge of the timetable."""

    label: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A place of the timetable.

    `kind`: `free`, `spare` (beyond the people), `closed`, `named`, `moved`, `double` or `none`.
    """

    kind: str
    text: str = ""
    note: str = ""
    place: str = ""
    """Its code, while it can be closed."""
    person: str = ""
    """The person who stands there, by number."""
    moved_from: str = ""
    """The place where they stood until the rule moved them."""
    found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimetableView:
    """Sessions × stations, or the other way round where the stations are many."""

    corner: str
    heads: Sequence[Head]
    rows: Sequence[tuple[Head, Sequence[Cell]]]
    turned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutForm:
    """Sessions, stations and requirements as they stand, or were typed."""

    begins: str = ""
    count: str = ""
    minutes: str = ""
    pause: str = "10"
    posts: str = ""
    stations: str = ""
    sessions: str = ""
    check_in: str = "20"
    layer: str = ""
    apart: bool = True
    per_session: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The ways to have a draw count no more."""

    number: int
    two: bool
    why: str = ""
    error: str = ""
    asked: str = ""
    """The person who wants it and why, while nobody has agreed."""
    barred: str = ""
    """The reason the viewer cannot agree, and who can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The draw that stands, or is under way: how, when, who, its words."""

    icon: str
    title: str
    words: str
    note: str
    url: str | None
    """Its page: how it was drawn."""
    ending: Ending | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foot:
    """The next step. `form` is sent by its button, or `url` opened, or `post` sent alone."""

    title: str
    text: str = ""
    label: str = ""
    form: str = ""
    url: str = ""
    post: str = ""
    """The address that the button alone is sent to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperToSign(PaperLine):
    """A draw on paper as its supervisor holds it beside the signed record."""

    places: Sequence[tuple[Entrant, Slot]]
    barred: str
    """The reason the viewer cannot be the one to sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One of the five steps."""

    name: str
    time: str
    state: str
    """`done`, `now` or `later`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HashText:
    """A hash for the ear and in full."""

    label: str
    words: str
    hex: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCard:
    """A party's own link, to be scanned; without a `url` the form that makes one."""

    name: str = ""
    spare: bool = False
    url: str = ""
    problem: str = ""
