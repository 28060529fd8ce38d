"""Small things that several pages of the desk show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import url_for

from compete.models import Competition

Shown = TypeVar("Shown", bound=StrEnum)


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
    """True if it is the one that is shown."""


def views_of(
    endpoint: str, key: str, current: Shown, words: Mapping[Shown, str], **kept: str
) -> list[View]:
    """The views of a page whose address names them by `key` and keeps what is looked for."""
    address: dict[str, str] = {name: text for name, text in kept.items() if text}
    return [
        View(
            label=label,
            url=url_for(endpoint, **address, **{key: view}),  # type: ignore[arg-type]
            current=view is current,
        )
        for view, label in words.items()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A way on."""

    label: str
    url: str


def link_to(label: str, url: str | None) -> Link | None:
    """The way on; None for whoever got no address, as they would not be let in."""
    return Link(label=label, url=url) if url else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One cell of a table."""

    text: str
    bad: bool = False
    """True if it is below what has to be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedRow:
    """A line of an example's results; `was` under the rules in force."""

    name: str
    note: str
    was: str
    now: str
    is_total: bool
