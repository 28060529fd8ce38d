"""What the page of marks that were brought shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtRow:
    """An act of a package, and what became of it."""

    code: str
    what: str
    """The aspect, or the whole sheet."""
    value: str
    key: str
    """The state's key in `_parts/states.html`, and its `word`."""
    word: str
    why: str
    """Why it was refused; empty where it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a package."""

    judge: str
    new: int
    """How many acts are new; `before` were known, `refused` were not taken."""
    before: int
    refused: int
    rows: Sequence[BroughtRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A sheet of a file that counts as paper, and what became of it."""

    code: str
    module: str
    key: str
    """The state's key in `_parts/states.html`, and its `word`."""
    word: str
    why: str
    """Why it was refused; empty where it was not."""
    url: str
