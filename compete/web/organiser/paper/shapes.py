"""Shapes of the pages of paper sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.models import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """A paper sheet in a list."""

    sheet: Sheet
    key: str
    """The state's key in `_parts/states.html`, and its `word`."""
    word: str
    page: str
    """The page to do something about it, `sheet` or `paper_sheet`; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """An aspect with both readings."""

    code: str
    name: str
    differs: bool
    readings: Sequence[tuple[int, str]]
    """The reading of each recorder: the number of the entry, and the value."""
    tablet: str
    """The value that the judge's tablet itself has sent; empty for none."""
