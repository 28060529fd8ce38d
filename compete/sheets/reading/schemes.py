"""Schemes of marking: the trade's form with its criteria, and international ones by headings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.cells import fault_words, read_decimal
from compete.sheets.reading.columns import Understanding, understand
from compete.sheets.reading.finding import (
    EXAMPLE,
    HEAD_AGAIN,
    NOTE,
    SECTION,
    SIGNATURE,
    SUM,
    FoundTable,
    find_tables,
)
from compete.sheets.reading.grid import Grid, shown
from compete.sheets.reading.kinds import SCHEME
from compete.sheets.reading.shapes import Column, Reading, ReadRow
from compete.sheets.reading.words import one_line, reduced, says_sum
from compete.sheets.scheme_aspects import SchemeAspect
from compete.sheets.scheme_wording import Sure, read_rule
from compete.sheets.workbook.cells import Fault
from compete.sheets.workbook.opened import OpenedSheet

_FINER = re.findall(
    r"\S+", "要点 点 小项 二级 三级 内容 步骤 工序 指标 项目 一级 大项 模块 范围 任务 要求"
)
"""Of two columns of names with as many different ones, the one whose heading comes first here."""
_TYPES = {
    reduced(name): kind.value
    for kind in AspectType
    for name in (class_of(kind).title.text, *class_of(kind).scheme_names)
}
_LEVELS = ("0", "1", "2", "3")
_YES_NO = re.compile(r"yes\s*(?:/|or)\s*no|是\s*/\s*否|合格\s*/\s*不合格|pass\s*/\s*fail", re.I)
_POINTS = r"([0-9]{1,6}(?:\.[0-9]{1,6})?)(?: (?:marks?|points?|pts?))?"
_DEDUCT = re.compile(
    rf"(?:(?:deduct|minus|subtract) -?|(?<![\w.])[-−–]){_POINTS} (?:for|per|each|every)"
    rf"|(?<![\w.]){_POINTS} (?:(?:is|are|will be) )?deducted (?:for|per|each|every)",
    re.I,
)
_LEVEL = re.compile(
    r"(?:^|[\n;；])[^\S\n]*(?:level|score|等级)?[^\S\n]*([0-3])[^\S\n]*[分级档]?"
    r"(?:[^\S\n]*[-–—:：=.、)）]+[^\S\n]*|[^\S\n]+)",
    re.I,
)
_SUB = re.compile(r"[A-Za-z]{1,2}[0-9]{1,3}")
_CRITERION = re.compile(r"criteri(?:on|a)\s*[a-z]{1,2}", re.I)


def read_scheme_tables(reading: Reading, tables: Sequence[FoundTable]) -> None:
    """Find every table of a sheet that is a marking scheme."""
    known = [understand(table, SCHEME) for table in tables]
    international = [it for it in known if it.of("sub_id") or it.of("level")]
    if not international:
        for understood in known:
            _Trade(reading, understood).read()
        return
    for understood in known:
        if understood not in international:
            reading.columns += _unread(understood)
            for row in understood.table.rows:
                reading.leave_out(understood.grid.name, row, msg("不是评分点，是上面的汇总"))
    _International(reading, international).read()


_NO_ASPECTS = (NOTE, SIGNATURE, HEAD_AGAIN, EXAMPLE)
_PEN = frozenset(("得分", "扣分", "实得分", "扣分原因"))


def trade_columns(
    sheet: OpenedSheet,
) -> tuple[int, dict[str, int], tuple[int, ...], tuple[str, ...], dict[int, Message]] | None:
    """The columns of the trade's form.

    The head's last row, each key's column, those of the criterion from the left, the headings
    that are not read, and the rows that are none, with why; columns and rows count from 0.
    """
    for table in find_tables(Grid(sheet), SCHEME).tables:
        scheme = _Trade(Reading("scheme"), understand(table, SCHEME))
        fields: dict[str, int] = {}
        for column in reversed(scheme.known.columns):
            if column.field in ("name", "max", "rule", "type"):
                fields[column.field] = column.place
        if "max" not in fields or "name" not in fields:
            continue
        for column in scheme.known.columns:
            if SCHEME.field_of(column.heading)[1] == "standard":
                fields["standard"] = column.place
        unread = [
            column.heading
            for column in scheme.known.columns
            if column.heading
            and SCHEME.field_of(column.heading)[1] is None
            and reduced(column.heading) not in _PEN
        ]
        coarse = tuple(column.place for column in scheme.coarse)
        none = {row - 1: why for row, why in table.left_out if why in _NO_ASPECTS}
        return table.first - 2, fields, coarse, tuple(unread), none
    return None


@dataclass(frozen=True, slots=True)
class InternationalTable:
    """The rows of one criterion under their head; columns and rows count from 0.

    `columns` are the places of each field, `passed` rows that are none, with why.
    """

    head: int
    letter: str
    total: int | None
    columns: Mapping[str, Sequence[int]]
    rows: Sequence[int]
    passed: Mapping[int, Message]
    unread: Sequence[Message | str]


def international_tables(sheet: OpenedSheet) -> list[InternationalTable]:
    """The tables of a sheet in one of the international forms, however many columns it has."""
    tables = []
    for table in find_tables(Grid(sheet), SCHEME).tables:
        known = understand(table, SCHEME)
        if not (known.of("sub_id") or known.of("level")):
            continue
        columns: dict[str, list[int]] = {}
        letter, total = "", None
        unread: list[Message | str] = []
        for column in known.columns:
            is_known, key = SCHEME.field_of(column.heading) if column.heading else (False, None)
            if key is not None:
                columns.setdefault(key, []).append(column.place)
            elif column.heading and _is_claim(column):
                total = column.place
            elif _CRITERION.fullmatch(column.heading):
                letter = column.heading
            elif not is_known:
                unread.append(column.heading or msg("%(letters)s 列", letters=column.letters))
        none = {row - 1: why for row, why in table.left_out if why in _NO_ASPECTS}
        rows = {*table.rows, *(row for row, _why in table.left_out)}
        tables.append(
            InternationalTable(
                table.head_row - 1,
                letter,
                total,
                columns,
                sorted(row - 1 for row in rows if row - 1 not in none),
                {row: why for row, why in none.items() if why is not HEAD_AGAIN},
                unread,
            )
        )
    return tables


def aspect_letter(kind: str) -> str:
    """`M` or `J`, also in older and in Chinese words; empty for another type."""
    plain_kind = kind.strip().casefold()
    if plain_kind.startswith(("j", "s", "评判", "评价", "主观")):
        return "J"
    return "M" if plain_kind.startswith(("m", "o", "测量", "客观")) else ""


def levels_in(text: str) -> tuple[list[str], str]:
    """The four levels that one cell says, from 0 up, and what else stands before them.

    Each begins with its number, or they are the cell's four lines; none where they are not four.
    """
    marks = list(_LEVEL.finditer(text))
    numbers = [mark[1] for mark in marks]
    if sorted(numbers) == [*_LEVELS] and numbers in ([*_LEVELS], [*reversed(_LEVELS)]):
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        words = [one_line(text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
        if all(words):
            by_number = dict(zip(numbers, words, strict=True))
            return [by_number[number] for number in _LEVELS], text[: marks[0].start()].strip()
    lines = [one_line(line) for line in text.splitlines() if line.strip()]
    return (lines, "") if not marks and len(lines) == len(_LEVELS) else ([], text)


def _unread(known: Understanding) -> list[Column]:
    for column in known.columns:
        column.field = None
    return known.columns


class _Scheme:
    """The part that both forms share: aspects with their marks, and sums held against them."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.total = Decimal(reading.total or 0)
        self.names: dict[tuple[str, str], int] = {}

    def ask(
        self,
        known: Understanding,
        row: int,
        column: str,
        field: str | None,
        text: str,
        why: Message,
    ) -> None:
        self.reading.ask(known.grid.name, row, column, field, text, why)

    def most(self, known: Understanding, row: int) -> str | None:
        """The full marks of a row; ask if something else stands there."""
        for column in known.of("max"):
            cell = known.value(row, column.place)
            if cell == "":
                continue
            if isinstance(cell, Fault):
                self.ask(known, row, column.letters, "max", str(cell), fault_words(cell))
                return None
            if known.grid.lent(row, column.place):
                why = msg("配分和上一行合成了一格，每行各写各的")
                self.ask(known, row, column.letters, "max", shown(cell), why)
                return None
            value, why_not = read_decimal(cell)
            if why_not is not None:
                self.ask(known, row, column.letters, "max", shown(cell), why_not)
                return None
            return str(value)
        return None

    def add(self, known: Understanding, row: int, values: dict[str, Any]) -> None:
        """Add an aspect; ask about two of one name under one criterion."""
        values["name"] = values.get("name") or ""
        letters = next((it.letters for it in known.of("name")), "")
        if not values["name"]:
            self.ask(known, row, letters, "name", "", msg("考核要点没写"))
        key = values.get("criterion", ""), values["name"]
        if values["name"] and key in self.names:
            why = msg("和第 %(row)s 行的评分点重名", row=self.names[key])
            self.ask(known, row, letters, "name", values["name"], why)
        self.names.setdefault(key, row)
        if values.get("max") is not None:
            self.total += Decimal(values["max"])
        elif not any(it.row == row and it.field == "max" for it in self.reading.asked[-3:]):
            column = next((it.letters for it in known.of("max")), "")
            self.ask(known, row, column, "max", "", msg("配分没写"))
        values = {key: value for key, value in values.items() if value not in (None, "", [])}
        self.reading.rows.append(ReadRow(known.grid.name, row, values))
        self.reading.total = plain(self.total)

    def differs(
        self, known: Understanding, row: int, column: str, claimed: Decimal, total: Decimal
    ) -> None:
        """Ask about a sum that its aspects do not come to."""
        if claimed != total:
            why = msg(
                "写的合计是 %(said)s，上面的配分加起来是 %(found)s",
                said=plain(claimed),
                found=plain(total),
            )
            self.ask(known, row, column, "max", plain(claimed), why)


class _Trade(_Scheme):
    def __init__(self, reading: Reading, known: Understanding) -> None:
        super().__init__(reading)
        self.known = known
        self.coarse: list[Column] = []
        self.fine: Column | None = None
        self._choose()
        reading.columns += known.columns
        reading.asked += known.asked

    def _choose(self) -> None:
        """Choose the finer column of names as the name, the coarser ones as the criterion."""
        known = self.known
        names = known.of("name")
        if not names:
            return
        # They are held against each other where each of them says something.
        whole = [
            row
            for row in known.table.rows
            if all(shown(known.value(row, column.place)) for column in names)
        ]
        rows = whole or known.table.rows

        def fineness(column: Column) -> tuple[int, int]:
            texts = {shown(known.value(row, column.place)) for row in rows} - {""}
            heading = reduced(column.heading)
            place = next((n for n, it in enumerate(_FINER) if it in heading), len(_FINER))
            return len(texts), -place

        self.fine = max(names, key=fineness)
        for column in names:
            if column is not self.fine:
                column.field = "criterion"
                self.coarse.append(column)
        for field in ("sub_id", "sub_name", "level", "standard", "serial"):
            for column in known.of(field):
                column.field = None
        for column in known.of("max")[1:]:
            column.field = None
            known.ask(column, msg("有两列都像配分，读了左边的一列"), field="max")

    def read(self) -> None:
        known = self.known
        heading: dict[int, str] = {}
        since = Decimal(0)
        lines = sorted(
            [(row, False) for row in known.table.rows]
            + [(row, True) for row, why in known.table.left_out if why is SUM]
        )
        begun = self.total
        for row, is_sum in lines:
            if is_sum:
                since = self._sum(row, begun, since)
                continue
            self._row(row, heading)

    def _sum(self, row: int, begun: Decimal, since: Decimal) -> Decimal:
        """Hold a row of sums against the rows above it; the total at which the next part begins."""
        known = self.known
        columns = known.of("max")
        cell = known.grid.cell(row, columns[0].place) if columns else ""
        value, _why = read_decimal(cell) if cell != "" else (None, None)
        if isinstance(cell, Fault):
            self.ask(known, row, columns[0].letters, "max", str(cell), fault_words(cell))
        first = next((t for _c, t in known.grid.own(row) if isinstance(t, str) and says_sum(t)), "")
        part = "小计" in "".join(first.split())
        if value is not None:
            claimed = Decimal(str(value))
            self.differs(
                known, row, columns[0].letters, claimed, self.total - (since if part else begun)
            )
            if not part:
                self.reading.said = plain(Decimal(self.reading.said or 0) + claimed)
        return self.total

    def _row(self, row: int, heading: dict[int, str]) -> None:
        known, grid = self.known, self.known.grid
        for column in self.coarse:
            if text := _line(known, row, column):
                heading[column.place] = text
                # Finer columns begin anew under another heading.
                for place in [it for it in heading if it > column.place]:
                    if not _line(known, row, next(c for c in self.coarse if c.place == place)):
                        del heading[place]
        name = _line(known, row, self.fine) if self.fine else ""
        rule = _rule(known, row)
        most = self.most(known, row)
        asked = bool(self.reading.asked) and self.reading.asked[-1].row == row
        own = [it for it in self.coarse if _line(known, row, it) and not grid.lent(row, it.place)]
        unmarked = most is None and not asked and not rule
        if unmarked and (not name or own or not known.of("max")):
            self.reading.leave_out(grid.name, row, SECTION)
            return
        coarse = [heading[it.place] for it in self.coarse if it.place in heading]
        if not name and own:
            name = _line(known, row, own[-1])
            coarse = [text for text in coarse if text != name]
        read = read_rule(rule)
        values: dict[str, Any] = {
            "criterion": "/".join(dict.fromkeys(coarse)),
            "name": name,
            "max": most,
            "rule": rule,
        }
        values |= _type_of(read.keys)
        for column in known.of("type"):
            if text := _line(known, row, column):
                wanted = _TYPES.get(reduced(text))
                if wanted is None:
                    why = msg("类型“%(type)s”不认得", type=text)
                    self.ask(known, row, column.letters, "type", text, why)
                elif wanted != values["type"]:
                    values["type"] = wanted
                    values.pop("levels", None)
        self.add(known, row, values)


class _International(_Scheme):
    def __init__(self, reading: Reading, tables: Sequence[Understanding]) -> None:
        super().__init__(reading)
        self.tables = tables
        self.heading = ""
        self.values: dict[str, Any] | None = None
        self.at: tuple[Understanding, int] | None = None
        self.levels: list[tuple[str, str]] = []

    def read(self) -> None:
        seen: set[tuple[str, str]] = set()
        sums: list[Decimal | None] = []
        for known in self.tables:
            fields = {it.place: it.field for it in known.columns}
            for column in known.columns:
                column.field = _PUBLIC.get(column.field or "", column.field)
                if _is_claim(column) or (column.letters, column.heading) in seen:
                    continue
                seen.add((column.letters, column.heading))
                self.reading.columns.append(column)
            self.reading.asked += known.asked
            for column in known.columns:
                column.field = fields[column.place]
            self.heading, begun = "", self.total
            for row in known.table.rows:
                self._row(known, row)
            self._finish()
            for column in known.columns:
                column.field = _PUBLIC.get(column.field or "", column.field)
            sums.append(self._claimed(known, self.total - begun))
        if sums and None not in sums:
            self.reading.said = plain(sum((it or Decimal(0) for it in sums), Decimal(0)))

    def _claimed(self, known: Understanding, total: Decimal) -> Decimal | None:
        """Hold the total that the head says of its criterion against its aspects."""
        for column, cell in reversed(known.grid.own(known.table.head_row)):
            if isinstance(cell, Fault):
                letters = known.grid.letters(column)
                head = known.table.head_row
                self.ask(known, head, letters, "max", str(cell), fault_words(cell))
                return None
            value, why = read_decimal(cell) if isinstance(cell, float | str) else (None, None)
            if value is not None and why is None:
                letters = known.grid.letters(column)
                claimed = Decimal(str(value))
                self.differs(known, known.table.head_row, letters, claimed, total)
                return claimed
        return None

    def _row(self, known: Understanding, row: int) -> None:
        code = _field(known, row, "sub_id")
        sub = _field(known, row, "sub_name")
        kind = _field(known, row, "type")
        aspect = _field(known, row, "name")
        level = _field(known, row, "level")
        if code or sub:
            self._finish()
            if not code or _SUB.fullmatch(code):
                self.heading = sub
        if level and not kind and not aspect:
            words = one_line(_rule(known, row))
            if self.values is None or self.at is None:
                letters = known.of("level")[0].letters
                why = msg("是一档的说明，上面不是 J 的评分点")
                self.ask(known, row, letters, None, level, why)
                self.reading.leave_out(known.grid.name, row, why)
                return
            self.levels.append((level, words))
            why = msg("是第 %(row)s 行的第 %(level)s 档", row=self.at[1], level=level)
            self.reading.leave_out(known.grid.name, row, why)
            return
        if kind or aspect or any(known.value(row, it.place) != "" for it in known.of("max")):
            self._finish()
            self._aspect(known, row, kind, aspect)
            if level == _LEVELS[0] and self.values is not None and aspect_letter(kind) == "J":
                self.levels = [(level, one_line(self.values["rule"]))]
                self.values["rule"] = ""
            return
        self.reading.leave_out(known.grid.name, row, SECTION)

    def _aspect(self, known: Understanding, row: int, kind: str, name: str) -> None:
        rule = _rule(known, row)
        letter = aspect_letter(kind)
        values: dict[str, Any] = {
            "criterion": self.heading,
            "name": name,
            "max": self.most(known, row),
            "rule": rule,
        }
        if letter == "J":
            values["type"] = "judgement"
        else:
            values |= _type_of(measured_keys(rule))
            if not letter:
                column = known.of("type")
                why = msg("Aspect Type 是“%(found)s”，应当是 M 或 J", found=kind)
                self.ask(known, row, column[0].letters if column else "", "type", kind, why)
        self.values, self.at, self.levels = values, (known, row), []

    def _finish(self) -> None:
        """Finish the aspect with the levels below it, once they are all read."""
        values, at, levels = self.values, self.at, self.levels
        self.values, self.at, self.levels = None, None, []
        if values is None or at is None:
            return
        known, row = at
        if values["type"] == "judgement":
            if not levels:
                texts, values["rule"] = levels_in(values["rule"])
                levels = list(zip(_LEVELS, texts, strict=False))
            values["levels"] = [words for _level, words in levels]
            numbers = tuple(level for level, _words in levels)
            if numbers != _LEVELS or not all(words for _level, words in levels):
                column = known.of("level")
                why = msg(
                    "J 的评分点下面要有 0、1、2、3 四行，每行写说明；现在是 %(n)s 行", n=len(levels)
                )
                self.ask(known, row, column[0].letters if column else "", "levels", "", why)
        self.add(known, row, values)


_PUBLIC: Mapping[str, str | None] = {
    "sub_name": "criterion",
    "level": "levels",
    **dict.fromkeys(("sub_id", "standard", "serial")),
}


def _is_claim(column: Column) -> bool:
    """True for a total beside the heads, or a formula for one."""
    heading = column.heading
    return not heading or heading.startswith("=") or read_decimal(heading)[0] is not None


def measured_keys(rule: str) -> Mapping[str, Any]:
    """The keys of an aspect M, as `SchemeAspect` calls them.

    It is marked by Yes/No only where the sheet says so, by faults where it can be, else as a score.
    """
    read = read_rule(rule)
    if read.sure is Sure.SAID:
        return read.keys
    if _YES_NO.search(rule.partition("\n")[0]):
        return {"type": "measurement"}
    deductions = ["".join(points) for points in _DEDUCT.findall(one_line(rule))]
    if len(deductions) == 1:
        return {"type": "deduction", "own": {"points": deductions[0]}}
    return read.keys if read.keys.get("type") == "deduction" else {"type": "score"}


def _type_of(keys: Mapping[str, Any]) -> dict[str, Any]:
    aspect = SchemeAspect(**dict(keys))
    aspect_keys: dict[str, Any] = {"type": aspect.type}
    if aspect.type == "judgement" and aspect.own.get("levels"):
        aspect_keys["levels"] = aspect.own["levels"].splitlines()
    return aspect_keys


def _line(known: Understanding, row: int, column: Column) -> str:
    cell = known.value(row, column.place)
    return "" if isinstance(cell, Fault) else one_line(shown(cell))


def _field(known: Understanding, row: int, field: str) -> str:
    return next((text for it in known.of(field) if (text := _line(known, row, it))), "")


def _rule(known: Understanding, row: int) -> str:
    """The words about how marks are given, all of them, lines kept."""
    texts = []
    for column in known.of("rule"):
        cell = known.value(row, column.place)
        if cell != "" and not isinstance(cell, Fault):
            lines = (line.strip() for line in shown(cell).splitlines())
            texts.append("\n".join(line for line in lines if line))
    return "\n".join(dict.fromkeys(texts))
