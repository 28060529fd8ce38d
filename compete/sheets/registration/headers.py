"""Finding the header of a sheet, wherever it stands, and which column is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.values import listed, msg
from compete.sheets.registration.columns import SILENT_TITLES, Column, by_title, title_key
from compete.sheets.registration.texts import as_typed, tidy
from compete.sheets.workbook import OpenedSheet, WorkbookError
from compete.sheets.workbook.scan import column_letters

SEARCHED_ROWS = 20
"""A header further down than this is not looked for."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header is; columns count from 0, `row` as in Excel."""

    row: int
    places: dict[str, int]
    """Column key to its place."""
    extras: dict[str, int]
    """Titles of columns we don't know to their place."""

    @property
    def letters(self) -> dict[str, str]:
        """Column key to column letters."""
        return {key: column_letters(place + 1) for key, place in self.places.items()}


def find_header(
    sheet: OpenedSheet, columns: tuple[Column, ...], must_have: Sequence[str]
) -> Header | None:
    """The row that names most of the columns, or none if no row names two, or the first.

    `WorkbookError` when a column stands there twice, or one of `must_have` is missing.
    """
    known = by_title(columns)
    best: list[tuple[int, Column]] = []
    best_row = 0
    for number, row in enumerate(sheet.rows[:SEARCHED_ROWS], start=1):
        found = [
            (place, known[key])
            for place, cell in enumerate(row)
            if isinstance(cell, str) and cell and (key := title_key(cell)) in known
        ]
        if len(found) > len(best):
            best, best_row = found, number
    if len(best) < 2 and not any(column.key == must_have[0] for _, column in best):
        return None
    places = _places(best, best_row)
    _require(sheet, columns, must_have, places, best_row)
    return Header(best_row, places, _extras(sheet, best_row, places))


def _places(found: list[tuple[int, Column]], row: int) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, column in found:
        if column.key in places:
            raise WorkbookError(
                msg(
                    "“%(title)s”有两列：%(first)s 和 %(second)s。留一列再传",
                    title=column.title,
                    first=f"{column_letters(places[column.key] + 1)}{row}",
                    second=f"{column_letters(place + 1)}{row}",
                )
            )
        places[column.key] = place
    return places


def _require(
    sheet: OpenedSheet,
    columns: tuple[Column, ...],
    must_have: Sequence[str],
    places: dict[str, int],
    row: int,
) -> None:
    missing = [str(c.title) for c in columns if c.key in must_have and c.key not in places]
    if missing:
        raise WorkbookError(
            msg(
                "“%(sheet)s”页第 %(row)s 行的表头里没有：%(missing)s。补上再传",
                sheet=sheet.name,
                row=row,
                missing=listed(missing),
            )
        )


def _extras(sheet: OpenedSheet, row: int, places: dict[str, int]) -> dict[str, int]:
    taken = set(places.values())
    extras: dict[str, int] = {}
    for place, cell in enumerate(sheet.rows[row - 1]):
        title = tidy(as_typed(cell))
        if title and place not in taken and title_key(title) not in SILENT_TITLES:
            extras.setdefault(title, place)
    return extras
