"""Reading against the names that a competition has: its units, its indicators."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from compete.domain.values.messages import Message, listed, msg
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.kinds import VALUES
from compete.sheets.reading.labour import indicator_of
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.shapes import Column, Question, Reading, ReadRow, RowTold
from compete.sheets.reading.words import reduced
from compete.sheets.workbook.cells import Cell
from compete.sheets.workbook.opened import OpenedSheet, OpenedWorkbook
from compete.sheets.workbook.scan import SheetScan, column_letters

_ENDS = re.compile(
    r"(?<=..)(?:考核得分|考评得分|实际得分|得分|考核分|考评分|评分|分数|分值|完成值|实际值|数值"
    r"|完成情况|情况|值|分)\Z"
)
_UNIT_HEADING = "单位"


def read_known(
    book: OpenedWorkbook,
    kind: str,
    events: Sequence[str] = (),
    *,
    units: Sequence[str] = (),
    indicators: Sequence[str] = (),
) -> Reading:
    """Read a workbook by the names that there are; what is none of them is a doubt."""
    known_units = Names(units)
    if kind != "values" or not (units or indicators):
        reading = read_sheets(book, kind, events)
    else:
        reading = _read_named(book, known_units, Names(indicators))
        _match_indicators(reading, Names(indicators))
    if units:
        _match_units(reading, known_units)
    return reading


class Names:
    """Names that there are, found by how they are written elsewhere."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = list(dict.fromkeys(names))
        keys: dict[str, set[str]] = {}
        for name in self.names:
            keys.setdefault(reduced(name), set()).add(name)
        self._keys = {key: next(iter(them)) for key, them in keys.items() if len(them) == 1}
        self._exact = {"".join(name.split()): name for name in self.names}

    def __bool__(self) -> bool:
        """True if there are any."""
        return bool(self.names)

    def sure(self, text: str) -> str | None:
        """The name that a text surely means: without blanks, brackets and units of measure."""
        return self._exact.get("".join(text.split())) or self._keys.get(reduced(text))

    def likely(self, text: str) -> str | None:
        """The name that a text likely means: 应急演练得分 is 应急演练."""
        bare = _ENDS.sub("", reduced(text))
        near = {name for key, name in self._keys.items() if bare in (key, _ENDS.sub("", key))}
        return near.pop() if len(near) == 1 else None

    def like(self, text: str) -> list[str]:
        """The names that have something in common with a text, for a question."""
        bare = _ENDS.sub("", reduced(text))
        pairs = {bare[at : at + 2] for at in range(len(bare) - 1)}
        return [name for name in self.names if any(pair in reduced(name) for pair in pairs)][:4]


def _match_units(reading: Reading, units: Names) -> None:
    """Give each row the unit's own name; a unit that there is not is a doubt."""
    letters = {it.sheet: it.letters for it in reading.columns if it.field == "unit"}
    rows, asked = [], set[tuple[str, int, str]]()
    for row in reading.rows:
        text = str(row.values.get("unit", ""))
        if not text:
            rows.append(row)
            continue
        name = units.sure(text)
        values = {**row.values, "unit": name} if name is not None else dict(row.values)
        if name is None:
            del values["unit"]
            if (row.sheet, row.row, text) not in asked:
                asked.add((row.sheet, row.row, text))
                why = _no_such(msg("没有“%(text)s”这家单位", text=text), units.like(text))
                reading.asked = [
                    it
                    for it in reading.asked
                    if (it.sheet, it.row, it.field) != (row.sheet, row.row, "unit")
                ]
                reading.ask(row.sheet, row.row, letters.get(row.sheet, ""), "unit", text, why)
        rows.append(replace(row, values=values))
    reading.rows = rows


def _no_such(why: Message, like: Sequence[str]) -> Message:
    return msg("%(why)s，是不是%(names)s", why=why, names=listed(like)) if like else why


def _match_indicators(reading: Reading, indicators: Names) -> None:
    """Give each value its indicator's own name; one that is none of them gives no value."""
    if not indicators:
        return
    named: dict[str, str | None] = {}
    for column in reading.columns:
        if column.field in ("value", "target") and column.heading:
            meaning = indicator_of(column.heading, column.upper)
            if not VALUES.field_of(column.heading)[0] or column.upper:
                named[meaning.name] = _meant(reading, column, meaning.name, indicators)
    by_name = {column.field: column.letters for column in reading.columns}
    doubtful = set[str]()
    rows: list[ReadRow] = []
    dropped: dict[tuple[str, int], Message] = {}
    for row in reading.rows:
        text = str(row.values.get("indicator", ""))
        name = named[text] if text in named else indicators.sure(text)
        if name is None:
            why = _no_such(msg("没有“%(text)s”这项指标", text=text), indicators.like(text))
            dropped.setdefault((row.sheet, row.row), why)
            if text not in named and text not in doubtful:
                doubtful.add(text)
                reading.ask(
                    row.sheet, row.row, by_name.get("indicator", ""), "indicator", text, why
                )
            continue
        rows.append(replace(row, values={**row.values, "indicator": name}))
    kept = {(row.sheet, row.row) for row in rows}
    for (sheet, number), why in dropped.items():
        if (sheet, number) not in kept:
            reading.leave_out(sheet, number, why)
    reading.rows = rows
    _once_each(reading)


def _meant(reading: Reading, column: Column, name: str, indicators: Names) -> str | None:
    """The indicator of a heading: sure, likely with a question, or none with one."""
    texts = [column.upper + name, name] if column.upper else [name]
    for text in (column.heading, *texts):
        if (sure := indicators.sure(text)) is not None:
            return sure
    letters, row = column.letters, column.head_row
    reading.asked = [
        it for it in reading.asked if (it.sheet, it.row, it.column) != (column.sheet, row, letters)
    ]
    for text in texts:
        if (likely := indicators.likely(text)) is not None:
            column.certain = False
            column.why = msg("像是“%(name)s”", name=likely)
            reading.ask(column.sheet, row, letters, column.field, likely, column.why)
            return likely
    like = indicators.like(texts[0])
    why = _no_such(msg("“%(heading)s”认不出是哪一项", heading=column.heading), like)
    column.certain, column.field, column.why = False, None, why
    reading.ask(column.sheet, row, letters, "indicator", column.heading, why)
    return None


def _once_each(reading: Reading) -> None:
    """Two columns that would be one indicator's value are a doubt each."""
    seen: dict[tuple[str, str, object, object, str], ReadRow] = {}
    for row in reading.rows:
        for field in ("value", "target"):
            if field in row.values:
                key = (
                    row.sheet,
                    str(row.row),
                    row.values.get("unit"),
                    row.values["indicator"],
                    field,
                )
                if key in seen and seen[key] is not row:
                    name = str(row.values["indicator"])
                    why = msg("“%(name)s”有两列，是哪一列", name=name)
                    reading.ask(row.sheet, row.row, "", field, str(row.values[field]), why)
                    reading.rows = [it for it in reading.rows if it is not row]
                    break
                seen[key] = row


def _read_named(book: OpenedWorkbook, units: Names, indicators: Names) -> Reading:
    """Read labour values, each sheet the right way round and with its units' column named."""
    whole: Reading | None = None
    for name in book.names:
        sheet = book.sheet(name)
        laid = _Laid(sheet, units, indicators)
        single = OpenedWorkbook([(name, True)], lambda _name, it=laid.sheet: it)
        reading = laid.back(read_sheets(single, "values"))
        whole = reading if whole is None else _joined(whole, reading)
    if whole is None:
        return read_sheets(book, "values")
    if book.hidden:
        shown = OpenedWorkbook([(name, False) for name in book.hidden], book.sheet)
        whole = _joined(whole, read_sheets(shown, "values"))
    return whole


def _joined(first: Reading, other: Reading) -> Reading:
    for name in ("sheets", "columns", "rows", "asked", "left_out", "remarks"):
        getattr(first, name).extend(getattr(other, name))
    return first


class _Laid:
    """A sheet as it is read: turned where its units stand across, its units' column named."""

    def __init__(self, sheet: OpenedSheet, units: Names, indicators: Names) -> None:
        self.name, self.sheet = sheet.name, sheet
        self.turned = False
        self.words: dict[tuple[int, int], str] = {}
        """What stood in a cell that was named, by row and column of what is read."""
        self.names: tuple[int, int] | None = None
        """Column and first row of the names of units, from 0."""
        self.above = 0
        self.titles: list[int] = []
        if not units:
            return
        rows = [list(row) for row in sheet.rows]
        places = [
            (row, column)
            for row, cells in enumerate(rows)
            for column, cell in enumerate(cells)
            if isinstance(cell, str) and cell and units.sure(cell) is not None
        ]
        if not places:
            return
        row, across = _most([row for row, _column in places])
        column, down = _most([column for _row, column in places])
        if across > down or (
            across == down == 1 and _names_indicators(rows, row, column, indicators)
        ):
            self.turned = True
            width = max(len(cells) for cells in rows)
            rows = [
                [cells[at] if at < len(cells) else "" for cells in rows[row:]]
                for at in range(width)
            ]
            self.above = row
            self.titles = [
                at + 1 for at, cells in enumerate(sheet.rows[:row]) if any(map(cell_text, cells))
            ]
            places = [
                (at, 0)
                for at, cells in enumerate(rows)
                if isinstance(cells[0], str) and units.sure(cells[0]) is not None
            ]
            column = 0
        first = min(at for at, place in places if place == column)
        self.names = column, first
        if first == 0:
            return
        head = rows[first - 1]
        heading = cell_text(head[column]) if column < len(head) else ""
        if not any(cell_text(cell) for at, cell in enumerate(head) if at != column):
            return
        above = (
            cell_text(rows[first - 2][column])
            if first > 1 and column < len(rows[first - 2])
            else ""
        )
        known = (VALUES.field_of(heading)[1], VALUES.field_of(above)[1] if not heading else None)
        if "unit" not in known:
            head += [""] * (column + 1 - len(head))
            self.words[first, column] = heading
            head[column] = _UNIT_HEADING
        self.sheet = OpenedSheet(
            sheet.name, rows, _with_joined_heads(rows, first, sheet.scan, self.turned)
        )

    def back(self, reading: Reading) -> Reading:
        """The reading with the sheet's own words and addresses."""
        for column in reading.columns:
            if (column.head_row, column.place) in self.words:
                column.heading = self.words[column.head_row, column.place]
        if not self.turned:
            return reading
        by_name = {
            indicator_of(it.heading, it.upper).name: it.place + 1 + self.above
            for it in reading.columns
            if it.heading
        }
        letters = {it.letters: it.place + 1 + self.above for it in reading.columns}
        reading.rows = [
            replace(row, row=by_name.get(str(row.values.get("indicator")), row.row))
            for row in reading.rows
        ]
        reading.asked = [
            Question(
                it.sheet,
                letters.get(it.column, it.row),
                column_letters(it.row),
                it.field,
                it.found,
                it.why,
            )
            for it in reading.asked
        ]
        reading.left_out = [
            RowTold(
                it.sheet,
                0,
                msg("%(column)s 列：%(why)s", column=column_letters(it.row), why=it.why),
            )
            for it in reading.left_out
        ]
        for column in reading.columns:
            column.head_row, column.letters = (
                column.place + 1 + self.above,
                column_letters(column.head_row),
            )
        for number in self.titles:
            reading.leave_out(self.name, number, msg("标题"))
        reading.remarks.append(RowTold(self.name, 0, msg("单位横着写，转过来读的")))
        return reading


def _with_joined_heads(
    rows: Sequence[Sequence[Cell]], first: int, scan: SheetScan, turned: bool
) -> SheetScan:
    """Join the words of a head of two rows, as a workbook would say that its cells are merged.

    `first` is the row of the first unit, from 0. In a pasted block a word stands in the first cell
    of its area alone.
    """
    if turned:
        scan = SheetScan()
    elif scan.merged:
        return scan
    if first < 2:
        return scan
    upper, lower = ([cell_text(cell) for cell in rows[at]] for at in (first - 2, first - 1))
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    if sum(map(bool, upper)) < 2 or (
        any(sign.isdigit() for sign in "".join(lower)) and not any(lower)
    ):
        return scan
    merged = list(scan.merged)
    at = 0
    while at < width:
        if not upper[at]:
            at += 1
            continue
        if not lower[at]:
            merged.append((first - 1, at + 1, first, at + 1))
            at += 1
            continue
        end = at
        while end + 1 < width and not upper[end + 1] and lower[end + 1]:
            end += 1
        if end > at:
            merged.append((first - 1, at + 1, first - 1, end + 1))
        at = end + 1
    return replace(scan, merged=merged)


def _most(places: Sequence[int]) -> tuple[int, int]:
    counts: Mapping[int, int] = {at: places.count(at) for at in dict.fromkeys(places)}
    best = max(counts, key=lambda at: (counts[at], -at))
    return best, counts[best]


def _names_indicators(
    rows: Sequence[Sequence[Cell]], row: int, column: int, indicators: Names
) -> bool:
    """True if indicators stand below and left of a lone unit rather than above and right of it."""
    below = sum(
        isinstance(cell, str) and indicators.sure(cell) is not None
        for cells in rows[row + 1 :]
        for cell in cells[:column]
    )
    return below > 0


def laid_out(
    sheet: OpenedSheet, rows: Names, columns: Names
) -> tuple[list[list[Cell]], int, int, bool] | None:
    """A block the right way round: its cells, the column and the first row of known names.

    The last is whether it was turned. None where none of the names stands in it.
    """
    laid = _Laid(sheet, rows, columns)
    if laid.names is None:
        return None
    side, first = laid.names
    whole = [list(row) for row in sheet.rows]
    if laid.turned:
        width = max(map(len, whole))
        whole = [[row[at] if at < len(row) else "" for row in whole] for at in range(width)]
        side = laid.above
    return whole, side, first, laid.turned
