"""Reading of a marking scheme: which sheet, which form, and the sums that it claims."""

from __future__ import annotations

from dataclasses import replace

from compete.domain.values.messages import Message, msg
from compete.sheets.reading.schemes import international_tables
from compete.sheets.reading.telling import of_sheet, sheet_without_head, sheets_hidden
from compete.sheets.scheme_aspects import MOST_LINES, Scheme
from compete.sheets.schemes.cells import Grid
from compete.sheets.schemes.eleven_columns import read_columns
from compete.sheets.schemes.trade_form import find_trade, read_trade
from compete.sheets.workbook.limits import DEFAULT_LIMITS
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.refusal import WorkbookError

_LIMITS = replace(DEFAULT_LIMITS, rows=5_000, columns=60)
ABOUT_SHEET = "说明"
"""Of our own workbook: what it says is no scheme."""
_NO_HEADER = msg(
    "没有找到表头。第一种要有“考核要点”和“配分”两列，第二种要有“Sub Criteria ID”和“Max Mark”两列"
)


def says_scheme(data: bytes) -> bool:
    """True if a workbook has the header of either form. Raises `WorkbookError` for no workbook."""
    book = open_workbook(data)
    grids = (Grid(book.sheet(name)) for name in book.names)
    return any(international_tables(it.sheet) or find_trade(it) is not None for it in grids)


def read_scheme(data: bytes, wanted: str = "") -> Scheme:
    """Read a scheme: from the sheet that is called `wanted`, else the first with a header.

    Raises `WorkbookError` for what cannot be read as either form.
    """
    book = open_workbook(data, _LIMITS)
    found: list[Scheme] = []
    told: list[Message] = []
    for name in sorted(book.names, key=lambda name: name.strip() != wanted):
        grid = Grid(book.sheet(name))
        if tables := international_tables(grid.sheet):
            found.append(read_columns(grid, tables))
        elif (header := find_trade(grid)) is not None:
            found.append(read_trade(grid, header))
        elif name != ABOUT_SHEET and any(map(any, grid.rows)):
            told.append(sheet_without_head(name))
    if not found:
        raise WorkbookError(_NO_HEADER)
    scheme = next((it for it in found if it.lines), found[0])
    if not scheme.lines:
        raise WorkbookError(of_sheet(scheme.sheet, msg("表头下面没有评分点")))
    if len(scheme.lines) > MOST_LINES:
        raise WorkbookError(msg("一个模块最多 %(most)s 个评分点，这张表里不止", most=MOST_LINES))
    told += [
        msg("只读了“%(sheet)s”页，“%(other)s”页没有读", sheet=scheme.sheet, other=it.sheet)
        for it in found
        if it is not scheme
    ]
    return replace(scheme, warnings=[*scheme.warnings, *told, *sheets_hidden(book)])
