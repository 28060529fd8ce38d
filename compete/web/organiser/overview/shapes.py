"""What the page of a competition shows."""

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
    """How many there could be."""
    unit: str
    note: str
    url: str | None = None
    tick_counts: Mapping[str, int] | None = None
    """How many sheets there are in each state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What to do now."""

    title: str
    text: str
    label: str
    """What the button says."""
    url: str
    until: date | None = None
    """It can only be looked at before; None: it can be taken now."""
    besides: str | None = None
    """Where judging is begun all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that is still to be done."""

    icon: str
    what: str
    detail: str = ""
    who: str = ""
    """Whom it waits for."""
    label: str | None
    """What the button says; None for whoever may not go there."""
    url: str | None
    post: bool = False
    """Whether the button sends a form, with `fields` beside the token."""
    fields: Mapping[str, str] | None = None
    blocker: bool = False
    """Whether the next step waits for it."""
    mine: bool = True
    """Whether it waits for who looks, and not for others."""
    due: datetime | None = None
    """Until when it has to be done, where that is set."""
