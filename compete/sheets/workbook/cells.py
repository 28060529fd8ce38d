"""Cells of any sheet."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

Cell = str | float | bool | date | datetime | time | timedelta
"""A cell's value; numbers are always floats, an empty cell is `''`."""

_ERROR = re.compile(
    r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!)|Err:[0-9]{3}"
)


class Fault(str):
    """The contents of a cell that has no value.

    It is an error such as #N/A, or a formula that the file keeps no value of.
    """

    __slots__ = ()

    @property
    def is_formula(self) -> bool:
        """True if it is a formula without a value."""
        return self.startswith("=")


class Percent(float):
    """A number that its cell shows a hundred times as large, with a %."""

    __slots__ = ()


def as_fault(text: str) -> Fault | None:
    """The fault that a text names, or None."""
    return Fault(text.strip()) if text[:1] in "#E" and _ERROR.fullmatch(text.strip()) else None
