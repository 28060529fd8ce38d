"""Labour values in sheets: units by indicators in a wide table, or one value a row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.cells import (
    NONE_TOLD,
    STANDS_FOR_NONE,
    fault_words,
    is_number,
    read_decimal,
)
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.context import Rows
from compete.sheets.reading.found_tables import NOTHING_KNOWN, SUM_BELOW
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.kinds import VALUES
from compete.sheets.reading.sections import Names, event_in, is_period, matched
from compete.sheets.reading.shapes import Column, Reading, ReadRow, RowTold
from compete.sheets.reading.words import one_line, reduced
from compete.sheets.texts import unit_called
from compete.sheets.workbook.cells import Cell, Fault, Percent

_BRACKETS = re.compile(r"[（(【\[][^（()）【】\[\]]{0,30}[）)】\]]")
_UNREAD = re.findall(r"\S+", "自评 自评分 自评得分 扣分原因 原因 备注 说明 扣分 排名 名次 完成率")
_SELF = ("自评", "自评分", "自评得分")
_MEASURES = frozenset(
    re.findall(r"\S+", "万元 亿元 千元 人次 人数 次数 起数 处数 项数 公里 千米 立方米 平方米 小时")
)
"""Units of measure of two signs and more."""
_SCALES = (
    *("元 千元 万元 百万元 千万元 亿元", "千克 公斤 吨 千吨 万吨 kg t", "米 千米 公里 万米 m km"),
    *("立方米 方 万立方米 万方", "平方米 万平方米", "度 千瓦时 万度 万千瓦时 亿千瓦时 kwh"),
    *("分钟 小时 天 工日", "% ‰", "人 百人 千人 万人"),
)
"""Units of measure of one thing: a number under one is no number of another."""
_SCALE_OF = {word: scale for scale, words in enumerate(_SCALES) for word in words.split()}
_SAME_MEASURE = {
    **{"公斤": "千克", "kg": "千克", "t": "吨", "公里": "千米", "km": "千米", "m": "米"},
    **{"方": "立方米", "万方": "万立方米", "千瓦时": "度", "kwh": "度", "万千瓦时": "万度"},
}
_MOST_SHARES = 3
"""What stands below this among shares of one may be a share too."""
_LEAST_PARTS = 3
"""So many numbers that come to another are no accident, where nothing else says so."""
_NO_UNIT, _NO_VALUE, _UNREADABLE = msg("没有写单位"), msg("一个数也没有"), msg("没有读到数")
_AWAITS = msg("它的列要问，还没有读")


@dataclass(frozen=True, slots=True)
class Said:
    """The meaning of a heading: an indicator, and whether the column holds its value or target."""

    name: str
    field: str | None
    """`value`, `target`, or None for what is not read, such as a self-assessment."""
    period: str = ""
    """The period that a heading names beside the indicator: 产值 above 1月."""


def indicator_name(heading: str) -> str:
    """A heading without brackets and units of measure: 产值完成（万元） is 产值完成."""
    bare = " ".join(_BRACKETS.sub(" ", heading).split()).strip("*★:：")
    return bare or one_line(heading)


def indicator_of(heading: str, upper: str = "") -> Said:
    """The indicator that a heading names, with what stands above it in a head of two rows."""
    text, above = one_line(heading), one_line(upper)
    if above:
        lower = text.removeprefix(above).strip() or text
        for name, period in ((above, lower), (lower, above)):
            if is_period(period) and not is_period(name):
                return Said(indicator_name(name), "value", period)
        if _is_part(lower):
            return Said(indicator_name(above), _part(lower))
        if VALUES.field_of(above)[1] in ("value", "target") or reduced(above) in _SELF:
            return Said(indicator_name(lower), _part(above))
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


_MEASURE = re.compile(r"[（(【\[]([^（()）【】\[\]]{1,30})[）)】\]]")
_LIKE_NUMBER = re.compile(
    r"\s*(?:约|近|[^\w\s]){0,2}[0-9０-９][0-9０-９.．,，]*(?!\s*[-—年/0-9])[^0-9]{0,6}$"
)
_WRITTEN = re.compile(r"([-+]?[0-9]{1,18}(?:\.[0-9]{1,12})?)(.*)")
_SCORES = re.compile(r"(?:得分|考评分?|评分|考核分|自评分?|分值|分数|积分)$")


_WITHIN = re.compile(r"^其中\s*[:：、]\s*")
_NO_UNITS = frozenset(
    re.findall(
        r"\S+",
        "满分 满分值 标准分 分值 配分 权重 权重系数 系数 目标 目标值 计划 计划值 任务 任务值 基准值"
        " 标准值 考核标准 计量单位 单位 责任部门 考核部门",
    )
)
"""What stands in the place of a unit where a row says something of the columns."""
NO_UNIT_ROW = msg("说的是各列，不是单位")
_SUM_OF_PERIODS = re.compile(
    r"(?:[一二三四1-4]?季度|[上下]半年|全年|年度|本年|年)?(?:累计|合计|小计|平均|总计)"
)


def _sums_up(name: str) -> bool:
    """True for a heading of several periods together, such as 季度累计."""
    return _SUM_OF_PERIODS.fullmatch(name) is not None


def _measures_of(*headings: str) -> frozenset[str]:
    """The units of measure that stand in brackets of a heading: 万元, 起, 分."""
    units_named = set()
    for heading in headings:
        for text in _MEASURE.findall(heading):
            plain_text = "".join(unicodedata.normalize("NFKC", text).split())
            plain_text = re.sub(r"^(?:单位[::]?|满分?[::]?)", "", plain_text)
            units_named.add(re.sub(r"^[0-9.]+", "", plain_text))
    return frozenset(units_named - {""})


def measured_otherwise(heading: str, indicator: str) -> bool:
    """True if a heading measures what an indicator does by another unit: （元） for （万元）."""
    written, wanted = (
        {
            _SCALE_OF[it]: _SAME_MEASURE.get(it, it)
            for text in _measures_of(name)
            if (it := text.casefold()) in _SCALE_OF
        }
        for name in (heading, indicator)
    )
    return any(wanted.get(scale, it) != it for scale, it in written.items())


_MEASURE_LINE = re.compile(r"(?:计量)?单位[:：]\s*([^\s，。；、:：（()）]{1,8})")


def _measured_above(heading: str, known: Understanding) -> str:
    """A heading with the unit of measure that a line above says of all that name none: 单位：元."""
    if not any(it.casefold() in _SCALE_OF for it in _measures_of(heading)):
        for line in reversed(known.table.above):
            for measure in _MEASURE_LINE.findall(unicodedata.normalize("NFKC", line)):
                if measure.casefold() in _SCALE_OF:
                    return f"{heading}（{measure}）"
    return heading


def _is_of_percent(heading: str, upper: str = "") -> bool:
    """True if percentages stand below a heading: with （%） or ending in 率."""
    lower = heading.removeprefix(upper).strip() or heading
    if any("%" in it for it in _measures_of(lower)):
        return True
    if _SCORES.search(indicator_name(lower)):
        return False
    if any("%" in it for it in _measures_of(upper)):
        return True
    name = indicator_name(lower)
    if any("‰" in it for it in _measures_of(heading)):
        return False
    if name.endswith("率"):
        return True
    return _is_part(lower) and bool(upper) and indicator_name(upper).endswith("率")


def _read_measured(
    cell: Cell, measures: Collection[str], *, percent: bool
) -> tuple[Decimal | None, bool]:
    """The number of a cell, and whether it stands plain; None where it is a doubt.

    Magnitudes are never thrown away; only a measure word of the heading goes.
    """
    if isinstance(cell, Percent):
        shown = Decimal(format(round(float(cell) * 100, 9), ".15g"))
        return (shown if percent else None), False
    if isinstance(cell, float):
        value, why = read_decimal(cell)
        return (None if value is None or why is not None else Decimal(str(value))), True
    if not isinstance(cell, str):
        return None, False
    text = "".join(unicodedata.normalize("NFKC", cell).split())
    if re.match(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])", text):
        text = text.replace(",", "")
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None, False
    number, suffix = Decimal(match[1]), match[2]
    if not suffix:
        return number, True
    if suffix == "%":
        return (number if percent else None), False
    return (number, True) if suffix in measures else (None, False)


def _other_measure(heading: str, name: str) -> Message:
    return msg("“%(heading)s”和指标“%(name)s”的计量单位不一样，没有读", heading=heading, name=name)


def read_values(reading: Reading, known: Understanding, names: Names, rows: Rows) -> None:
    """Every value of a table."""
    _Values(reading, known, names, rows).read()


class _Values:
    def __init__(self, reading: Reading, known: Understanding, names: Names, rows: Rows) -> None:
        self.reading, self.known, self.names, self.rows = reading, known, names, rows
        self.unit = self._unit_column()
        self.indicator = next(iter(known.of("indicator")), None)
        self.long = self.indicator is not None and bool(known.of("value"))
        self.wide: dict[int, Said] = {}
        self.of_title = ""
        """The indicator that a title or the sheet's name gives to columns of periods."""
        self.shares: dict[int, bool] = {}
        """By column of percentages True where its plain numbers are shares of one."""
        self.monthly = not self.long and any(
            not it.upper and is_period(indicator_name(it.heading)) for it in known.columns
        )
        """True where periods stand above the numbers, and no indicator above them."""
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
        if self.monthly and self.indicator is None:
            self.of_title = self._indicator_of_title()
        for column in known.columns:
            if column is self.unit or column.field in ("code", "group", "period"):
                continue
            if self.monthly and column is self.indicator:
                continue
            if self.monthly and self.indicator and column.field in ("value", "target"):
                column.field = None
                column.why = msg("各期的数已经读了，这一列没有读")
                continue
            is_known, key = known.kind.field_of(column.heading)
            unread = not column.upper and is_known and key is None
            if (unread and not self._is_indicator(column)) or not column.heading:
                column.field = None
                continue
            if column.place in known.table.fields:
                column.field = None
                continue
            meaning = indicator_of(column.heading, column.upper)
            cells = [known.value(row, column.place) for row in known.table.rows]
            filled = [it for it in cells if it != "" and it not in STANDS_FOR_NONE]
            numbers = [it for it in filled if isinstance(it, Fault) or is_number(it)]
            column.field = meaning.field
            if meaning.field is None:
                continue
            if (
                filled
                and 2 * len(numbers) < len(filled)
                and not any(isinstance(it, Fault) for it in filled)
                and not any(_LIKE_NUMBER.match(it) for it in filled[:20] if isinstance(it, str))
            ):
                column.why = msg("不是数，没有读")
                if numbers:
                    known.ask(column, msg("有的是数，有的不是，没有读"))
                column.field = None
                continue
            if is_period(meaning.name) and (self.indicator is not None or self.of_title):
                self.wide[column.place] = Said(self.of_title, "value", meaning.name)
                continue
            if _sums_up(meaning.name) and any(is_period(it.heading) for it in known.columns):
                why = msg("“%(heading)s”是几期的合计，不是指标，没有读", heading=column.heading)
                known.ask(column, why, field="indicator")
                column.field = None
                continue
            if is_period(meaning.name):
                why = msg("“%(heading)s”是期次，不是指标，没有读", heading=column.heading)
                known.ask(column, why, field="indicator")
                column.field = None
                continue
            if self.names.indicators:
                name = self._indicator(meaning.name, column)
                written = _measured_above(f"{column.upper}{column.heading}", self.known)
                if not name or measured_otherwise(written, name):
                    why = msg("“%(heading)s”不是已有的指标，没有读", heading=column.heading)
                    if name:
                        why = _other_measure(column.heading, name)
                    known.ask(column, why, field="indicator")
                    column.field = None
                    continue
                meaning = Said(name, meaning.field, meaning.period)
            assert meaning.field is not None
            self.wide[column.place] = meaning

    def _indicator_of_title(self) -> str:
        """The indicator that the nearest title or the sheet's name has in it; asked once."""
        table, names = self.known.table, self.names.indicators
        for row in (*reversed(table.lines), 0):
            own = self.known.grid.own(row) if row else []
            text = " ".join(cell_text(cell) for _place, cell in own) if row else table.grid.name
            name = event_in(text, names)[0]
            if not name:
                continue
            letters = self.known.grid.letters(own[0][0]) if own else ""
            why = msg("列名是期次，指标照“%(text)s”读", text=" ".join(text.split()))
            place = row or table.head_row
            self.reading.ask(table.grid.name, place, letters, "indicator", name, why)
            return name
        return ""

    def _is_indicator(self, column: Column) -> bool:
        """True if a heading that is mostly not read is one: it has the name of one, or no parts."""
        if self.names.indicators:
            return bool(self._indicator(column.heading))
        whole = any(
            VALUES.field_of(it.heading)[1] == "target"
            or reduced(it.heading).startswith(("完成数", "完成量", "完成值", "实际"))
            or indicator_of(it.heading, it.upper).field == "target"
            for it in self.known.columns
        )
        return reduced(column.heading) == "完成率" and not whole

    def _indicator(self, name: str, column: Column | None = None) -> str:
        """The indicator of the competition that a name or heading surely means."""
        texts = [name]
        if column is not None:
            lower = column.heading.removeprefix(column.upper).strip()
            texts += [column.heading, lower, f"{column.upper}{lower}"]
        return next((it for text in texts if (it := matched(text, self.names.indicators))), "")

    def read(self) -> None:
        before = len(self.reading.rows)
        for row in self.known.table.rows:
            if self._says_of_columns(row):
                self.reading.leave_out(self.known.grid.name, row, NO_UNIT_ROW)
            elif self.long:
                self._long(row)
            else:
                self._wide(row)
        if not self.long and self.known.table.form is None and self.unit is not None:
            self._ask_of_parents(before)

    def _ask_of_parents(self, before: int) -> None:
        """Ask about units whose numbers are those of the units below or above them together.

        Where 其中 or an indent says so they are left out.
        """
        rows: dict[int, dict[str, Decimal]] = {}
        for it in self.reading.rows[before:]:
            if "value" in it.values:
                key = f"{it.values['indicator']}|{it.values.get('period', '')}"
                rows.setdefault(it.row, {})[key] = Decimal(str(it.values["value"]))
        numbers = [*rows]
        gone: set[int] = set()
        for at, row in enumerate(numbers):
            below = _summed(rows[row], [rows[it] for it in numbers[at + 1 :]])
            parts = numbers[at + 1 : at + 1 + below]
            says = any(map(self._is_within, parts)) and not self._is_within(row)
            if not below:
                above = [rows[it] for it in reversed(numbers[:at]) if it not in gone]
                below = len(above) if at == len(numbers) - 1 else 0
                below = below if _summed(rows[row], above) == below else 0
                parts = numbers[:at]
            # One number may be the sum of some others by accident.
            whole = parts and parts[-1] in (numbers[-1], numbers[-2]) and below >= _LEAST_PARTS
            if not below or not (says or len(rows[row]) > 1 or whole):
                continue
            if says:
                gone.add(row)
                self.reading.leave_out(self.known.grid.name, row, SUM_BELOW)
                continue
            assert self.unit is not None
            text = cell_text(self.known.value(row, self.unit.place))
            why = msg(
                "“%(unit)s”的数是第 %(first)s 到 %(last)s 行加起来的，是不是合计",
                unit=text.strip(), first=parts[0], last=parts[-1],
            )  # fmt: skip
            self._ask(row, self.unit, "unit", text.strip(), why)
        if gone:
            kept = [it for it in self.reading.rows[before:] if it.row not in gone]
            self.reading.rows[before:] = kept

    def _is_within(self, row: int) -> bool:
        """True if a unit says that it is a part of the one above: 其中, or an indent."""
        assert self.unit is not None
        cells = self.known.grid.rows[row - 1]
        cell = cells[self.unit.place] if self.unit.place < len(cells) else ""
        return isinstance(cell, str) and (cell[:1] in " \u3000" or bool(_WITHIN.match(cell)))

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
        if field != "unit" or not text:
            return text
        text = unit_called(_WITHIN.sub("", text))
        if not self.names.units:
            return text
        known = matched(text, self.names.units)
        if not known:
            self._ask(row, column, field, text, msg("没有“%(unit)s”这个单位", unit=text))
        return known

    def _number(
        self, row: int, column: Column, field: str, heading: str = ""
    ) -> tuple[str | None, bool]:
        """The number of a cell, and whether anything stands there."""
        cell = self.known.value(row, column.place)
        if cell == "":
            return None, False
        if isinstance(cell, str) and cell.strip() in STANDS_FOR_NONE:
            self.reading.remarks.append(RowTold(self.known.grid.name, row, NONE_TOLD))
            return None, False
        if isinstance(cell, Fault):
            self._ask(row, column, field, str(cell), fault_words(cell))
            return None, True
        percent = _is_of_percent(heading or column.heading, "" if heading else column.upper)
        measures = _measures_of(column.heading, column.upper, heading)
        if heading and _SCORES.search(indicator_name(column.heading)):
            # In a long table under 得分 stand points, whatever the indicator is called.
            percent = False
        name = indicator_name(heading or column.heading)
        if _SCORES.search(name) or any(it.endswith("分") for it in measures):
            measures |= {"分"}
        value, plain_number = _read_measured(cell, measures, percent=percent)
        shown = cell_text(cell)
        if isinstance(cell, Percent):
            shown = f"{cell_text(round(float(cell) * 100, 9))}%"
        if value is None:
            self._ask(row, column, field, shown, _why_no_number(shown, cell))
            return None, True
        if percent and plain_number and 1 < value < _MOST_SHARES:
            plain_numbers = [it for it, is_plain in self._numbers(column, heading) if is_plain]
            # Beside 0.98 is 1.02 a share too, or a percentage.
            if any(0 < it < 1 for it in plain_numbers):
                why = msg("“%(text)s”是百分之几，还是几成", text=shown)
                self._ask(row, column, field, shown, why)
                return None, True
        if percent and plain_number and 0 <= value <= 1:
            share = self._is_share(column, heading)
            if share is None and value:
                why = msg("“%(text)s”是百分之几，还是几成", text=shown)
                self._ask(row, column, field, shown, why)
                return None, True
            if share:
                value *= 100
                if column.place not in self.shares:
                    self.shares[column.place] = True
                    self._ask(
                        row if self.long else column.head_row, column, field, plain(value),
                        msg("这一列都在 0 和 1 之间，当作百分数乘了 100"),
                    )  # fmt: skip
        return plain(value), True

    def _is_share(self, column: Column, heading: str) -> bool | None:
        """True if all plain numbers of a column are from 0 to 1; None if some are above."""
        numbers = self._numbers(column, heading)
        if any(value > 1 or not plain_number for value, plain_number in numbers):
            return None
        return any(value > 0 for value, _plain in numbers) or None

    def _numbers(self, column: Column, heading: str) -> list[tuple[Decimal, bool]]:
        """The numbers of a column of percentages, and whether each stands plain."""
        measures = _measures_of(column.heading, heading)
        read = (
            _read_measured(known.value(row, place), measures, percent=True)
            for known, place, row in self._cells_like(column, heading)
        )
        return [(value, is_plain) for value, is_plain in read if value is not None]

    def _cells_like(self, column: Column, heading: str) -> Iterator[tuple[Understanding, int, int]]:
        """The cells of a column, or of a long table those of the same indicator."""
        known = self.known
        if known.table.form is not None:
            # Fields go down: the others of this indicator stand in its row.
            row, _own = known.table.form[column.place]
            for place in known.table.beside:
                yield _Across(known), place, row  # type: ignore[misc]
            return
        for row in known.table.rows:
            if self.long and self.indicator is not None:
                name = cell_text(known.value(row, self.indicator.place))
                if not heading.startswith(one_line(name)):
                    continue
            yield known, column.place, row

    def _says_of_columns(self, row: int) -> bool:
        """True if a row says something of the columns, and nothing of a unit."""
        cell = self.known.value(row, self.unit.place) if self.unit is not None else ""
        return (
            isinstance(cell, str)
            and reduced(cell) in _NO_UNITS
            and not matched(cell, self.names.units)
        )

    def _unit(self, row: int) -> str:
        """The unit of a row: its own, or the one above; empty for none."""
        unit = self._text(row, self.unit, "unit")
        written = self.unit is not None and self.known.value(row, self.unit.place) != ""
        given, asked = self.rows.given(row, {"unit"} if written else set(), ("unit",))
        if not written and not self._says_anything(row):
            self.rows.block = self.rows.block and not asked
            return ""
        self.reading.asked += asked
        return unit or given.get("unit", "")

    def _says_anything(self, row: int) -> bool:
        known = self.known
        return any(
            known.value(row, it.place) != ""
            for it in known.columns
            if it.field in ("value", "target")
        )

    def _period(self, row: int) -> dict[str, str]:
        for column in self.known.of("period"):
            if text := self._text(row, column, "period"):
                return {"period": text}
        given, asked = self.rows.given(row, (), ("period",))
        self.reading.asked += asked
        return given

    def _wide(self, row: int) -> None:
        known = self.known
        unit = self._unit(row)
        named = self._named(row) if self.monthly and self.indicator is not None else ""
        if named is None:
            return
        by_indicator: dict[tuple[str, str], dict[str, str]] = {}
        rows: dict[tuple[str, str], tuple[int, str]] = {}
        again: list[tuple[Said, str, int, str]] = []
        """Numbers of an indicator that has another column: both are asked about."""
        is_filled = False
        for column in known.columns:
            indicator = self.wide.get(column.place)
            if indicator is None or indicator.field is None:
                continue
            at = known.table.form[column.place][0] if known.table.form is not None else row
            name = indicator.name or named
            # What is measured stands in the row or the title, where the heading is a period.
            elsewhere = not indicator.name or is_period(column.heading)
            number, there = self._number(at, column, indicator.field, name if elsewhere else "")
            is_filled = is_filled or there
            if number is None:
                continue
            key = name, indicator.period
            if indicator.field in by_indicator.get(key, {}):
                if indicator.field == "target":
                    why = msg("“%(name)s”有两列，读了左边的一列", name=name)
                    self._ask(at, column, "target", number, why)
                else:
                    again.append((indicator, number, at, column.letters))
                continue
            by_indicator.setdefault(key, {})[indicator.field] = number
            if indicator.field == "value" or key not in rows:
                rows[key] = at, column.letters
        if not unit:
            self._no_unit(row, filled=is_filled)
            return
        if self.monthly and self.indicator is not None and not named and is_filled:
            self._unnamed(row)
            return
        for (name, period), values in by_indicator.items():
            whole = {"unit": unit, "indicator": name, **values}
            whole |= {"period": period} if period else self._period(row)
            at, letters = rows[name, period]
            self.reading.rows.append(ReadRow(known.grid.name, at, whole, letters=letters))
        for indicator, number, at, letters in again:
            whole = {"unit": unit, "indicator": indicator.name or named, "value": number}
            whole |= {"period": indicator.period} if indicator.period else self._period(row)
            self.reading.rows.append(ReadRow(known.grid.name, at, whole, letters=letters))
        if not by_indicator and known.table.form is None:
            asked = any(not column.certain for column in known.columns)
            why = _UNREADABLE if is_filled else _AWAITS if asked else _NO_VALUE
            self.reading.leave_out(known.grid.name, row, why)

    def _named(self, row: int) -> str | None:
        """The indicator that a row names; None for one that is not there, which is asked."""
        name = self._text(row, self.indicator, "indicator")
        if not name or not self.names.indicators:
            return indicator_name(name) if name else ""
        known_name = self._indicator(name)
        otherwise = measured_otherwise(_measured_above(name, self.known), known_name)
        if known_name and not otherwise:
            return known_name
        assert self.indicator is not None
        why = msg("“%(heading)s”不是已有的指标，没有读", heading=name)
        if otherwise:
            why = _other_measure(name, known_name)
        self._ask(row, self.indicator, "indicator", name, why)
        self.reading.leave_out(self.known.grid.name, row, msg("不是已有的指标"))
        return None

    def _unnamed(self, row: int) -> None:
        """Ask for the indicator of a row that names none."""
        assert self.indicator is not None
        self._ask(row, self.indicator, "indicator", "", msg("没有写指标"))
        self.reading.leave_out(self.known.grid.name, row, msg("没有写指标"))

    def _no_unit(self, row: int, *, filled: bool) -> None:
        if filled and self.unit is not None:
            asked = any(it.row == row and it.field == "unit" for it in self.reading.asked)
            if not asked:
                self._ask(row, self.unit, "unit", "", _NO_UNIT)
        self.reading.leave_out(self.known.grid.name, row, _NO_UNIT if filled else NOTHING_KNOWN)

    def _long(self, row: int) -> None:
        known = self.known
        unit = self._unit(row)
        name = self._text(row, self.indicator, "indicator")
        named = self._named(row)
        if named is None:
            return
        whole = {"unit": unit, "indicator": named}
        is_filled = False
        measure = next(
            (f"（{text}）" for it in known.columns if reduced(it.heading) == "计量单位"
             and (text := one_line(cell_text(known.value(row, it.place))))), "",
        )  # fmt: skip
        for field in ("value", "target"):
            for column in known.of(field)[:1]:
                number, there = self._number(row, column, field, f"{name}{measure}")
                is_filled = is_filled or there
                if number is not None:
                    whole[field] = number
        if not unit:
            self._no_unit(row, filled=is_filled)
        elif not name and not is_filled:
            self.reading.leave_out(known.grid.name, row, _NO_VALUE)
        elif not name:
            self._unnamed(row)
        elif "value" not in whole and "target" not in whole:
            self.reading.leave_out(known.grid.name, row, _UNREADABLE if is_filled else _NO_VALUE)
        else:
            letters = next((it.letters for it in known.of("value")), "")
            whole |= self._period(row)
            self.reading.rows.append(ReadRow(known.grid.name, row, whole, letters=letters))


def _summed(whole: Mapping[str, Decimal], parts: Sequence[Mapping[str, Decimal]]) -> int:
    """How many of the parts, two or more from the first, come to the whole; 0 for none."""
    total = dict.fromkeys(whole, Decimal(0))
    if not any(whole.values()):
        return 0
    for count, part in enumerate(parts, start=1):
        if part.keys() != whole.keys() or min(part.values()) < 0:
            return 0
        total = {key: number + part[key] for key, number in total.items()}
        if count > 1 and total == whole:
            return count
        if any(total[key] > whole[key] for key in whole):
            return 0
    return 0


class _Across:
    """The cells of a row of the sheet, where each unit has a column."""

    def __init__(self, known: Understanding) -> None:
        self.known = known

    def value(self, row: int, place: int) -> Cell:
        """The value of a cell of the sheet."""
        return self.known.grid.cell(row, place)


def _why_no_number(text: str, cell: Cell) -> Message:
    if isinstance(cell, Percent) or "%" in text:
        return msg("“%(text)s”是百分数，列名里没有 %%", text=text)
    if re.match(r"[-+]?[0-9.,]+[^0-9]", unicodedata.normalize("NFKC", text)):
        return msg("“%(text)s”后面带着单位，列名里写的不是它", text=text)
    return msg("“%(text)s”不是数", text=text)
