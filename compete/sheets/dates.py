"""Birth dates as people write them: 1990-01-01, 1990.1, 1990年1月, 19900101, Excel's day count."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from compete.domain.values.messages import ToldError, msg
from compete.sheets.texts import as_typed
from compete.sheets.workbook.cells import Cell

_WRITTEN = re.compile(r"([0-9]{4})[-./年]([0-9]{1,2})(?:(?:[-./月]([0-9]{1,2})日?)|月)?")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00)?$")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})?")

# Excel counts days from here; it believes in 29 February 1900, so the first 59 are one off.
_EXCEL_EPOCH = date(1899, 12, 30)
_SERIALS = range(3_654, 73_051)
"""Day numbers from 1910 to the end of 2099; a compact date has more digits."""


@dataclass(frozen=True, slots=True)
class BirthText:
    """A birth date as far as it was written."""

    year: int
    months: tuple[int, ...]
    """Two where the number 1990.1 may have been typed as 1990.10."""
    day: int | None = None
    day_is_sure: bool = True
    """Excel turns a typed 1989-7 into the first of that month."""

    def agrees_with(self, birth: date) -> bool:
        """True if what was written may be this date."""
        return (
            birth.year == self.year
            and birth.month in self.months
            and (not self._has_sure_day or self.day == birth.day)
        )

    def as_precise(self, birth: date) -> str:
        """A full date written no finer than this one, for comparing by eye."""
        return birth.isoformat() if self._has_sure_day else f"{birth:%Y-%m}"

    @property
    def _has_sure_day(self) -> bool:
        return self.day is not None and self.day_is_sure

    @property
    def text(self) -> str:
        """The written date, in one form."""
        month = f"{self.year:04d}-{self.months[0]:02d}"
        return f"{month}-{self.day:02d}" if self._has_sure_day else month

    @property
    def full(self) -> date | None:
        """The date, if it was written down to the day."""
        return date(self.year, self.months[0], self.day) if self.day else None


class BirthError(ToldError, ValueError):
    """Error: a cell is no date; `message` says what is wanted."""


def parse_birth(value: Cell) -> BirthText:
    """Read a birth date or month from a cell, or raise `BirthError`."""
    if isinstance(value, datetime):
        return _whole(value.date())
    if isinstance(value, date):
        return _whole(value)
    if isinstance(value, float):
        return _from_number(value)
    typed = as_typed(value)
    match = _WRITTEN.fullmatch(typed)
    if match is None:
        text = unicodedata.normalize("NFKC", typed).strip()
        text = "".join(_MIDNIGHT.sub("", text).split())
        match = _WRITTEN.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        raise _unreadable(value)
    year, month, day = match.groups()
    return _checked(int(year), int(month), int(day) if day else None, value)


def _from_number(value: float) -> BirthText:
    """Read a bare number: a day counted by Excel, a compact date, or 1990.1 typed as a number."""
    if value.is_integer():
        number = int(value)
        if number in _SERIALS:
            return _whole(_EXCEL_EPOCH + timedelta(days=number))
        return parse_birth(str(number)) if number > 99_999 else _raise(_unreadable(value))
    text = repr(value)
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise _unreadable(value)
    born = _checked(int(match[1]), int(match[2]), None, value)
    # 1990.10 loses its last zero as a number, so 1990.1 stands for January or October.
    return BirthText(born.year, (1, 10)) if text.endswith(".1") else born


def _raise(error: BirthError) -> BirthText:
    raise error


def _whole(day: date) -> BirthText:
    return BirthText(day.year, (day.month,), day.day, day_is_sure=day.day != 1)


def _checked(year: int, month: int, day: int | None, value: Cell) -> BirthText:
    try:
        date(year, month, day or 1)
    except ValueError:
        raise BirthError(msg("没有 %(found)s 这一天", found=as_typed(value).strip())) from None
    return BirthText(year, (month,), day)


def _unreadable(value: Cell) -> BirthError:
    return BirthError(msg("看不懂“%(found)s”，写成 1990-01-01 这样", found=as_typed(value).strip()))
