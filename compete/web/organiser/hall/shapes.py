"""What the desk's page of the hall's board shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compete.web.shapes import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCard:
    """The hall's board as the desk sees it."""

    on: bool
    url: str
    delay: int
    """Seconds until what was marked is shown."""
    places: int
    stations: bool
    blind: bool
    opens_at: str
    """As the field takes it; empty where no time is set."""
    phase: str
    chip: Chip
    """The phase in words."""
    frozen_at: str
    opened_at: str
    rows: int
    """How many rows the ceremony opens; `revealed` are open, `left` are not."""
    revealed: int
    left: int
    acts: Mapping[str, str]
    """Where each step is posted: settings, freeze, thaw, reveal, next, break, link."""
