"""Small things that several pages of the desk show, and how a page is given to its template."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from flask import url_for

from compete.models import Competition

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def keywords(*pages: DataclassInstance) -> dict[str, object]:
    """The fields of these view models by name, as `render_template` takes what a template names.

    What a field holds is given as it is. `ValueError` where two models have a field in common.
    """
    found: dict[str, object] = {}
    for page in pages:
        for field in fields(page):
            if field.name in found:
                raise ValueError(f"two view models say what {field.name} is")
            found[field.name] = getattr(page, field.name)
    return found


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
class Chip:
    """A chip, as the macro `chip` of `_parts/states.html` draws it."""

    text: str
    kind: str
    """Its colour: `ok`, `info`, `warn`, `bad`, `accent`, `solid`, or empty."""
    icon: str | None = None
    """The name of an icon."""


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
class Choice:
    """What a form offers to choose."""

    value: str
    """What the form sends."""
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One cell of a table."""

    text: str
    bad: bool = False
    """Whether it is below what has to be reached."""
