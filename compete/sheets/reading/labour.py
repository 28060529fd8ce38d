"""Labour values in sheets: units by indicators in a wide table, or one value a row."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compete.domain.values.messages import Message, msg
from compete.sheets.reading.cells import fault_words, is_number, read_decimal
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.finding import NOTHING_KNOWN
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.kinds import VALUES
from compete.sheets.reading.shapes import Column, Reading, ReadRow
from compete.sheets.reading.words import one_line, reduced
from compete.sheets.texts import unit_called
from compete.sheets.workbook.cells import Fault

_BRACKETS = re.compile(r"[（(【\[][^（()）【】\[\]]{0,30}[）)】\]]")
_UNREAD = re.findall(r"\S+", "自评 自评分 自评得分 扣分原因 原因 备注 说明 扣分 排名 名次 完成率")
_MEASURES = frozenset(
    re.findall(r"\S+", "万元 亿元 千元 人次 人数 次数 起数 处数 项数 公里 千米 立方米 平方米 小时")
)
"""Units of measure of two signs and more."""
_NO_UNIT, _NO_VALUE, _UNREADABLE = msg("没有写单位"), msg("一个数也没有"), msg("没有读到数")


@dataclass(frozen=True, slots=True)
class Said:
    """The meaning of a heading: an indicator, and whether the column holds its value or target."""

    name: str
    field: str | None
    """`value`, `target`, or None for what is not read, such as a self-assessment."""


def indicator_name(heading: str) -> str:
    """A heading without brackets and units of measure: 产值完成（万元） is 产值完成."""
    bare = " ".join(_BRACKETS.sub(" ", heading).split()).strip("*★:：")
    return bare or one_line(heading)


def indicator_of(heading: str, upper: str = "") -> Said:
    """The indicator that a heading names, with what stands above it in a head of two rows."""
    text, above = one_line(heading), one_line(upper)
    if above:
        lower = text.removeprefix(above).strip() or text
        if _is_part(lower):
            return Said(indicator_name(above), _part(lower))
        # The text above indicators is what they have in common.
        return Said(indicator_name(text), "value")
    head, _blank, last = indicator_name(text).rpartition(" ")
    if head and VALUES.field_of(last)[0]:
        return Said(head, _part(last))
    if not VALUES.field_of(text)[0]:
        for word in ("目标值", "目标", "计划值", "计划"):
            if text.endswith(word) and len(text) > len(word) + 1:
                return Said(indicator_name(text[: -len(word)]), "target")
        for word in ("自评分", "自评", "扣分原因"):
            if text.endswith(word) and len(text) > len(word) + 1:
                return Said(indicator_name(text[: -len(word)]), None)
    return Said(indicator_name(text), "value")


def _is_part(word: str) -> bool:
    """True if a lower word only names a part of the indicator above it: 目标, 得分, 万元."""
    return (
        VALUES.field_of(word)[0]
        or reduced(word) in _UNREAD
        or len(reduced(word)) < 2
        or word.strip("（）() ") in _MEASURES
    )


def _part(word: str) -> str | None:
    known, key = VALUES.field_of(word)
    if key in ("value", "target"):
        return key
    return None if known or reduced(word) in _UNREAD else "value"


def read_values(reading: Reading, known: Understanding) -> None:
    """Every value of a table."""
    _Values(reading, known).read()


class _Values:
    def __init__(self, reading: Reading, known: Understanding) -> None:
        self.reading, self.known = reading, known
        self.unit = self._unit_column()
        self.indicator = next(iter(known.of("indicator")), None)
        self.long = self.indicator is not None and bool(known.of("value"))
        self.wide: dict[int, Said] = {}
        if not self.long:
            self._wide_columns()
        for column in known.of("code") + known.of("group"):
            column.field = None
        reading.columns += known.columns
        reading.asked += known.asked

    def _unit_column(self) -> Column | None:
        columns = self.known.of("unit")
        if not columns:
            return None
        first = VALUES.by_key("unit").first
        chosen = next((it for it in columns if reduced(it.heading) in first), columns[0])
        for column in columns:
            if column is not chosen:
                column.field = None
                column.why = msg("已经读了“%(heading)s”，这一列没有读", heading=chosen.heading)
        return chosen

    def _wide_columns(self) -> None:
        known = self.known
        taken: dict[tuple[str, str], Column] = {}
        for column in known.columns:
            if column is self.unit or column.field in ("code", "group"):
                continue
            is_known, key = known.kind.field_of(column.heading)
            if (not column.upper and is_known and key is None) or not column.heading:
                column.field = None
                continue
            meaning = indicator_of(column.heading, column.upper)
            cells = [known.value(row, column.place) for row in known.table.rows]
            filled = [cell for cell in cells if cell != ""]
            numbers = [it for it in filled if isinstance(it, Fault) or is_number(it)]
            column.field = meaning.field
            if meaning.field is None:
                continue
            if (
                filled
                and 2 * len(numbers) < len(filled)
                and not any(
                    read_decimal(it)[0] is not None
                    for it in filled[:20]
                    if isinstance(it, str | float)
                )
            ):
                column.field = None
                column.why = msg("不是数，没有读")
                continue
            other = taken.setdefault((meaning.name, meaning.field), column)
            if other is not column:
                why = msg("“%(name)s”有两列，读了左边的一列", name=meaning.name)
                known.ask(column, why, field=meaning.field)
                column.field = None
                continue
            self.wide[column.place] = meaning

    def read(self) -> None:
        for row in self.known.table.rows:
            if self.long:
                self._long(row)
            else:
                self._wide(row)

    def _ask(self, row: int, column: Column, field: str, text: str, why: Message) -> None:
        self.reading.ask(self.known.grid.name, row, column.letters, field, text, why)

    def _text(self, row: int, column: Column | None, field: str) -> str:
        if column is None:
            return ""
        cell = self.known.value(row, column.place)
        if isinstance(cell, Fault):
            self._ask(row, column, field, str(cell), fault_words(cell))
            return ""
        text = one_line(cell_text(cell))
        return unit_called(text) if field == "unit" else text

    def _number(self, row: int, column: Column, field: str) -> tuple[str | None, bool]:
        """The number of a cell, and whether anything stands there."""
        cell = self.known.value(row, column.place)
        if cell == "":
            return None, False
        if isinstance(cell, Fault):
            self._ask(row, column, field, str(cell), fault_words(cell))
            return None, True
        value, why = read_decimal(cell)
        if why is not None:
            self._ask(row, column, field, cell_text(cell), why)
        return (None if value is None else str(value)), True

    def _wide(self, row: int) -> None:
        known = self.known
        unit = self._text(row, self.unit, "unit")
        by_indicator: dict[str, dict[str, str]] = {}
        is_filled = False
        for column in known.columns:
            indicator = self.wide.get(column.place)
            if indicator is None or indicator.field is None:
                continue
            number, there = self._number(row, column, indicator.field)
            is_filled = is_filled or there
            if number is not None:
                by_indicator.setdefault(indicator.name, {})[indicator.field] = number
        if not unit:
            self._no_unit(row, filled=is_filled)
            return
        for name, values in by_indicator.items():
            whole = {"unit": unit, "indicator": name, **values}
            self.reading.rows.append(ReadRow(known.grid.name, row, whole))
        if not by_indicator:
            self.reading.leave_out(known.grid.name, row, _UNREADABLE if is_filled else _NO_VALUE)

    def _no_unit(self, row: int, *, filled: bool) -> None:
        if filled and self.unit is not None:
            asked = any(it.row == row and it.field == "unit" for it in self.reading.asked)
            if not asked:
                self._ask(row, self.unit, "unit", "", _NO_UNIT)
        self.reading.leave_out(self.known.grid.name, row, _NO_UNIT if filled else NOTHING_KNOWN)

    def _long(self, row: int) -> None:
        known = self.known
        unit = self._text(row, self.unit, "unit")
        name = self._text(row, self.indicator, "indicator")
        whole = {"unit": unit, "indicator": indicator_name(name) if name else ""}
        is_filled = False
        for field in ("value", "target"):
            for column in known.of(field)[:1]:
                number, there = self._number(row, column, field)
                is_filled = is_filled or there
                if number is not None:
                    whole[field] = number
        if not unit:
            self._no_unit(row, filled=is_filled)
        elif not name:
            assert self.indicator is not None
            self._ask(row, self.indicator, "indicator", "", msg("没有写指标"))
            self.reading.leave_out(self.known.grid.name, row, msg("没有写指标"))
        elif "value" not in whole and "target" not in whole:
            self.reading.leave_out(known.grid.name, row, _UNREADABLE if is_filled else _NO_VALUE)
        else:
            self.reading.rows.append(ReadRow(known.grid.name, row, whole))
