"""Shapes of the pages that make a competition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A part that comes along, or stays."""

    what: str
    detail: str
    comes: bool
    count: int = 0
    """The number of them that come, if that is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProblem:
    """A fault of the file, with its place."""

    place: str
    """The place in people's words; empty for the file as a whole."""
    path: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAgain:
    """The doubts before anything was made: what does not fit, and what would."""

    doubts: Sequence[str]
    sure: str
    """The mark of the doubts; sent again with it, it is made as it stands."""
    name: str = ""
    """A name that fits, where another than was asked for; the year goes with it."""
    year: int | None = None


FileCount = tuple[str, int, str]
"""What a file brings, how many of it, and some of them by name."""
Source = tuple[str, str, str]
"""An edition or a template to begin from: its key, its title and words on it."""
