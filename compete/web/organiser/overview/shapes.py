"""Shapes of the page of a competition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of the six steps."""

    name: str
    state: str
    """`done`, `now` or `later`."""
    count: int
    of: int | None = None
    """The number that there could be."""
    unit: str
    note: str
    url: str | None = None
    tick_counts: Mapping[str, int] | None = None
    """The number of sheets in each state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """The next step to take now."""

    title: str
    text: str
    label: str
    """The text of the button."""
    url: str
    until: date | None = None
    """The day before which it can only be looked at; None: it can be taken now."""
    besides: str | None = None
    """The address that begins judging all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that is still to be done."""

    icon: str
    what: str
    detail: str = ""
    who: str = ""
    """The people it waits for."""
    label: str | None
    """The text of the button; None for whoever may not go there."""
    url: str | None
    post: bool = False
    """True if the button sends a form, with `fields` beside the token."""
    fields: Mapping[str, str] | None = None
    blocker: bool = False
    """True if the next step waits for it."""
    mine: bool = True
    """True if it waits for the viewer, and not for others."""
    due: datetime | None = None
    """The deadline, if there is one."""
