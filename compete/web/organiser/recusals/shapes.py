"""What the page of 回避 shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortPanelRow:
    """A panel with too few judges left for a score."""

    code: str
    module: str
    left: int
    least: int
    url: str
    """Where another judge is put in."""
    judges: Sequence[Choice]
    """Who could step in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalRow:
    """A recusal."""

    judge: str
    whom: str
    count: int
    """How many sheets it closed."""
    reason: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRow:
    """A sheet that is closed."""

    id: str
    code: str
    module: str
    judge: str
    url: str | None
    """Where it is opened again; None once judging is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalForm:
    """The form by which a judge is taken off all of a unit."""

    judges: Sequence[Choice]
    units: Sequence[Choice]
    """Empty for a reader who may not see names."""
    values: Mapping[str, str]
    """What was typed, by the field's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalUrls:
    """Where the page leads to."""

    back: Link
