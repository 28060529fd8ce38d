"""One reader of the sheets that people have: finds tables, understands columns, asks."""

from compete.sheets.reading.kinds import KINDS, headings_match
from compete.sheets.reading.labour import Said, indicator_name, indicator_of
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.shapes import (
    Column,
    LeftOut,
    Question,
    Reading,
    ReadRow,
    Remark,
    SheetUse,
)

__all__ = [
    "KINDS",
    "Column",
    "LeftOut",
    "Question",
    "ReadRow",
    "Reading",
    "Remark",
    "Said",
    "SheetUse",
    "headings_match",
    "indicator_name",
    "indicator_of",
    "read_sheets",
]
