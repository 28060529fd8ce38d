"""Small things that several pages of the desk show."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from compete.models import Competition


@dataclass(frozen=True, slots=True, kw_only=True)
class CompetitionLink:
    """The competition that a page belongs to."""

    name: str
    url: str
    """Its own page."""


def competition_link(competition: Competition) -> CompetitionLink:
    """The way back from a page to its competition."""
    return CompetitionLink(
        name=competition.name, url=url_for("organiser.overview", code=competition.code)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One of several views of a page, as a tab."""

    label: str
    url: str
    current: bool
    """Whether it is the one that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way on."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One cell of a table."""

    text: str
    bad: bool = False
    """Whether it is below what has to be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedRow:
    """A line of what an example comes to; `was` under the rules in force."""

    name: str
    note: str
    was: str
    now: str
    is_total: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAct:
    """What was changed last on a page, and how one press takes it back.

    `why_not`: why it cannot be; `undo_url` (post, with `mark` as `change`).
    """

    said: str
    why_not: str
    mark: str
    undo_url: str
