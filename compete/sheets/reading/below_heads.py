"""Rows right below a head: the numbers of its columns, their units of measure, and people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from compete.domain.values.messages import Message, msg
from compete.sheets.reading.found_tables import COLUMN_NUMBERS, FoundTable
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.kinds import Kind
from compete.sheets.reading.numbering import are_column_numbers
from compete.sheets.reading.words import reduced
from compete.sheets.workbook.cells import Cell

_MEASURES = frozenset(
    re.findall(
        r"\S+",
        "元 千元 万元 百万元 亿元 kg t 千克 公斤 吨 万吨 m km 米 千米 公里 延米 m2 m3 平方米 立方米"
        " 方 万方 万立方米 万平方米 度 千瓦时 万千瓦时 kwh kwh/t 分钟 小时 天 工日 % ‰ 人 人次 人数"
        " 次 次数 起 起数 处 处数 项 项数 条 个 件 台 套 根 座 孔 榀 分 名 批 期 份 篇 家 场 组",
    )
)
_NOTHING = frozenset({"", "-", "—", "/", "无"})
_NAME = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]+[·•・][㐀-鿿·•・]+")
_LEAST_PEOPLE = 2
MEASURES_BELOW = msg("各列的计量单位")


def why_below_head(table: FoundTable, row: int, kind: Kind) -> Message | None:
    """Say why a row right below a head is none of its table; None for one that may be.

    Units of measure come behind their headings.
    """
    if are_column_numbers(table.grid, row):
        return COLUMN_NUMBERS
    if kind.way != "values":
        return None
    own = measures_in(table.grid.own(row))
    units = [c for c, h in table.headings.items() if kind.field_of(h.text)[1] == "unit"]
    if any(column in own for column in units) or not own or own.keys() - table.headings.keys():
        return None
    for column, measure in own.items():
        heading = table.headings[column]
        if measure not in _NOTHING and heading.text[-1:] not in ")）":
            heading.text = "".join((heading.text, "（", measure, "）"))
    return MEASURES_BELOW


def measures_in(cells: Iterable[tuple[int, Cell]]) -> dict[int, str]:
    """By column the unit of measure, of a row that has nothing else in it; or nothing."""
    own = {
        column: "".join(unicodedata.normalize("NFKC", cell_text(cell)).split()).strip("()")
        for column, cell in cells
        if cell != ""
    }
    known = [_is_measure(text) for text in own.values() if text not in _NOTHING]
    return own if known and all(known) else {}


def _is_measure(text: str) -> bool:
    return all(part in _MEASURES for part in text.casefold().split("/"))


def people_below(grid: Grid, row: int, kind: Kind) -> bool:
    """True if people stand below the only heading of a row that is known, that of names."""
    named = [
        column
        for column, cell in grid.own(row)
        if "名" in cell_text(cell) and kind.known.get(reduced(cell_text(cell))) in kind.must[0]
    ]
    below = [at for at in range(row + 1, min(row + 6, grid.last) + 1) if grid.own(at)]
    texts = ["".join(cell_text(grid.cell(at, it)).split()) for it in named for at in below[:3]]
    return len(texts) >= _LEAST_PEOPLE and all(
        _NAME.match(text) is not None and not kind.field_of(text)[0] for text in texts
    )
