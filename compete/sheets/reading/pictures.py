"""Pictures beside people: the one that lies in somebody's row, or on somebody's form."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.sheets.reading.found_tables import FoundTable

HAS_PICTURE = msg("旁边的图片当作本人的照片")
SEVERAL_PICTURES = msg("旁边有几张图片，不知道哪张是照片，没有用")


def picture_of_row(table: FoundTable, row: int) -> str | None:
    """The part that is the picture of the person in a row; empty for several, None for none."""
    pictures = table.grid.sheet.pictures
    if not pictures:
        return None
    parts = [
        part
        for (at, column), paths in pictures.items()
        if _belongs(table, row, at, column)
        for part in paths
    ]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else ""


def _belongs(table: FoundTable, row: int, at: int, column: int) -> bool:
    """True if a picture at a place is of the person whose row this is."""
    if table.form is None:
        return at == row
    rows = {place[0] for place in table.form.values()}
    columns = {place[1] for place in table.form.values()}
    if len(rows) == 1:
        # One of a team in a row.
        return at == row and min(columns) <= column <= max(columns)
    if len(columns) == 1:
        return column in columns and min(rows) <= at <= max(rows) + 1
    return table.head_row <= at < table.first
