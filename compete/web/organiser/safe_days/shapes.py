"""What the page about days without an accident shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeRow:
    """A unit: `day` and `kind` as its fields have them, how many `days` that is by now."""

    code: str
    name: str
    group: str
    day: str
    kind: str
    days: str
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeDaysPage:
    """What `organiser/safe_days/safe_days.html` wants; `save_url` None: it is only read."""

    rows: Sequence[SafeRow]
    kinds: Sequence[Choice]
    today: str
    rest: str
    """The day for those that have none, as it was typed."""
    problem: str | None
    wall_url: str | None
