"""What the pages of paper sheets show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.models import Sheet
from compete.web.organiser.recheck.shapes import EntryField


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
class PaperForm:
    """What `organiser/paper/sheet.html` wants; nothing of what the other recorder typed."""

    sheet: Sheet
    fields: Sequence[EntryField]
    signed: bool
    """Whether the judge's signature stands on the paper, as this recorder says."""
    signature_differs: bool
    faults: int
    """How many fields are wrong."""
    differs: int
    """On how many things the two differ."""
    waits: bool
    """Whether this recorder has done it and the other has not."""
    shut: bool
    """Whether nothing can be typed in."""
    barred: str | None
    """Why who looks is not the second of the two who read it, and who is."""


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
