"""A catalogue or pool as a workbook: a row each, found by the headings its caller names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from compete.domain.values import Message, msg
from compete.sheets.workbook.opened import Cell, open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.tables import Table, write_tables

_HEAD_ROWS = 10


def read_headed_rows(
    content: bytes, headings: Mapping[str, Message], others: Mapping[str, str], most: int
) -> list[tuple[int, dict[str, str]]]:
    """(row in the sheet, {field: text}) of the first sheet that has the first two fields.

    `others` says which field a further heading stands for.

    Raises `WorkbookError` for a file that cannot be opened, has no such sheet, no row or
    more than `most`.
    """
    book = open_workbook(content)
    names = {**others, **{str(title): field for field, title in headings.items()}}
    wanted = list(headings)[:2]
    for sheet in book.names:
        rows = book.sheet(sheet).rows
        for at, row in enumerate(rows[:_HEAD_ROWS]):
            titles = [str(cell).strip() for cell in row]
            if {*wanted} <= {names.get(title) for title in titles}:
                return _rows(rows[at + 1 :], at + 2, titles, names, most)
    raise WorkbookError(
        msg(
            "没有找到“%(first)s”和“%(second)s”两列，请用这里导出的表",
            first=headings[wanted[0]],
            second=headings[wanted[1]],
        )
    )


def _rows(
    rows: Sequence[Sequence[Cell]],
    first: int,
    titles: Sequence[str],
    names: Mapping[str, str],
    most: int,
) -> list[tuple[int, dict[str, str]]]:
    found = []
    for number, row in enumerate(rows, start=first):
        texts: dict[str, str] = {}
        for title, cell in zip(titles, row, strict=False):
            # Of two columns for one field the first that says something counts.
            if title in names and not texts.get(names[title]):
                texts[names[title]] = _text(cell)
        if any(texts.values()):
            found.append((number, texts))
    if not found:
        raise WorkbookError(msg("表里一行也没有"))
    if len(found) > most:
        raise WorkbookError(msg("一次最多 %(most)s 行，表里有 %(n)s 行", most=most, n=len(found)))
    return found


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def write_headed_rows(
    title: Message, headings: Mapping[str, Message], rows: Sequence[Mapping[str, str]]
) -> bytes:
    """What stands there, to be changed and read again; headings in Chinese, as read."""
    table = Table(
        name=title,
        title=title,
        columns=[str(heading) for heading in headings.values()],
        rows=[[row.get(field, "") for field in headings] for row in rows],
        frozen=1,
    )
    return write_tables([table])
