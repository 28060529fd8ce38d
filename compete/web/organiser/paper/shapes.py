"""What the pages of paper sheets show."""

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
    """Where something is done about it, `sheet` or `paper_sheet`; empty for nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """An aspect with both readings."""

    code: str
    name: str
    differs: bool
    readings: Sequence[tuple[int, str]]
    """What each recorder read: the number of the entry, and the value."""
    tablet: str
    """What the judge's tablet has sent of it itself; empty for nothing."""
