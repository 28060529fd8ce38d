"""Shapes of the page of a competition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _


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


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is still to be done, or that waits for somebody."""

    icon: str
    what: str
    detail: str
    url: str | None
    """The page that settles it; None for whoever may not go there."""
    who: str = ""
    """The people it waits for."""
    label: str = field(default_factory=lambda: _("去看"), kw_only=True)
    """The text of the button."""
    post: bool = field(default=False, kw_only=True)
    """True if the button sends a form, with `fields` beside the token."""
    fields: Mapping[str, str] | None = field(default=None, kw_only=True)
    blocker: bool = field(default=False, kw_only=True)
    """True if the next step waits for it."""
    mine: bool = field(default=True, kw_only=True)
    """True if it waits for the viewer, and not for others."""
    due: datetime | None = field(default=None, kw_only=True)
    """The deadline, if there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginningStep:
    """A task before the first period is closed, and its progress."""

    what: str
    detail: str
    done: bool
    url: str | None
    """The address to do it, for whoever may."""
