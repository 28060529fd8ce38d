"""A department's squares of one period as a workbook: a row for each unit, found by headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from compete.domain.values import msg
from compete.sheets.workbook.opened import Cell, open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import column_letters
from compete.sheets.workbook.tables import Table, Value, write_tables

_HEAD_ROWS = 10
_PLACES = 6
_NEAR = 1e-9
"""A formula's 27.299999999999997 is the 27.3 that its reader sees."""


@dataclass(frozen=True, slots=True)
class ValueRows:
    """What a workbook says: `title` above the headings, `rows` as (row in the sheet, {heading:
    text}), the `letters` of the columns read, and the headings that were passed over."""

    title: str
    rows: Sequence[tuple[int, Mapping[str, str]]]
    letters: Mapping[str, str]
    passed: Sequence[str]
    sheet: str = ""
    """Its name; empty where there is none that has the headings."""


def write_value_rows(
    name: str, title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]
) -> bytes:
    """The squares as they stand, to be filled in and read again; two columns stay in sight."""
    return write_tables([Table(name=name, title=title, columns=headings, rows=rows, frozen=2)])


def read_value_rows(
    content: bytes,
    wanted: Sequence[str],
    known: Sequence[str],
    most: int,
    *,
    optional: bool = False,
    also: Mapping[str, str] | None = None,
) -> ValueRows:
    """The first sheet that has the `wanted` headings in one row; others that are `known` too.

    `also` says what else a heading may be called, and by which name it is known.

    Raises `WorkbookError` for a file that cannot be opened, has a heading twice or more rows
    than `most`; unless it is `optional`, also for one without such a sheet or any row.
    """
    book = open_workbook(content)
    for name in book.names:
        rows = book.sheet(name).rows
        for at, row in enumerate(rows[:_HEAD_ROWS]):
            texts = [_text(cell) for cell in row]
            titles = [(also or {}).get(text, text) for text in texts]
            if {*wanted} <= {*titles}:
                title = next((_text(cell) for each in rows[:at] for cell in each if cell), "")
                told = _read(rows, at, titles, title, {*wanted, *known}, most)
                told = replace(told, sheet=name)
                if not told.rows and not optional:
                    raise WorkbookError(msg("表里一行也没有"))
                return told
    if optional:
        return ValueRows("", [], {}, [])
    raise WorkbookError(
        msg(
            "没有找到“%(first)s”和“%(second)s”两列，请用下载的那张表",
            first=wanted[0],
            second=wanted[1],
        )
    )


def _read(
    rows: Sequence[Sequence[Cell]],
    at: int,
    titles: Sequence[str],
    title: str,
    known: set[str],
    most: int,
) -> ValueRows:
    places: dict[str, int] = {}
    for place, heading in enumerate(titles):
        if heading not in known:
            continue
        if heading in places:
            raise WorkbookError(msg("“%(heading)s”有两列，留一列", heading=heading))
        places[heading] = place
    found = []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        texts = {
            heading: _text(row[place]) if place < len(row) else ""
            for heading, place in places.items()
        }
        if any(texts.values()):
            found.append((number, texts))
    if len(found) > most:
        raise WorkbookError(msg("一次最多 %(most)s 行，表里有 %(n)s 行", most=most, n=len(found)))
    return ValueRows(
        title,
        found,
        {heading: column_letters(place + 1) for heading, place in places.items()},
        [heading for heading in titles if heading and heading not in known],
    )


def _text(cell: Cell) -> str:
    if isinstance(cell, float):
        rounded = round(cell, _PLACES)
        if abs(rounded - cell) <= _NEAR:
            return f"{rounded:.{_PLACES}f}".rstrip("0").rstrip(".")
        return repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    return str(cell).strip()
