"""Schemes of marking: the trade's form with its criteria, and international ones by headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.cells import fault_words, read_decimal
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.found_tables import SECTION, SUM
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.numbering import Numbered, number_of_row, tree_of
from compete.sheets.reading.shapes import Column, Reading, ReadRow
from compete.sheets.reading.words import one_line, reduced, says_sum
from compete.sheets.scheme_aspects import SchemeAspect
from compete.sheets.scheme_wording import ReadRule, Sure, read_rule
from compete.sheets.workbook.cells import Cell, Fault

_FINER = re.findall(
    r"\S+", "要点 点 小项 二级 三级 内容 步骤 工序 指标 项目 名称 一级 大项 模块 范围 任务 要求"
)
"""Of two columns of names with as many different ones, the one whose heading comes first here."""
_TYPES = {
    reduced(name): kind.value
    for kind in AspectType
    for name in (class_of(kind).title.text, *class_of(kind).scheme_names)
}
LEVELS = ("0", "1", "2", "3")
NOT_OF_J = msg("是一档的说明，上面不是 J 的评分点")
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
_WEIGHTS = frozenset(
    ["权重", "比重", "占比", "权重系数", "所占比例", "所占权重", "分数权重", "权重比例"]
)
_NAMES_OR_RULES = frozenset(
    ["考核标准", "考核内容及标准", "考核内容和标准", "考核内容与标准", "评价标准"]
)
_IN_TITLE = re.compile(r"[（(](?:共|计|满分)?([0-9]{1,4}(?:\.[0-9]{1,2})?)分[)）]$")
_IN_SUM = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)分[)）]?$")
PART_SUM = msg("是下面几行的和")
_SUB = re.compile(r"[A-Za-z]{1,2}[0-9]{1,3}")


@dataclass(slots=True, kw_only=True)
class FoundAspect:
    """An aspect as it was read; what is odd about it was asked at its row."""

    known: Understanding
    row: int
    aspect: SchemeAspect
    rule: str
    """The words about how marks are given, without levels that they say."""
    levels: Sequence[str]
    odd: bool
    """True if its full marks are no number: they were asked about, and stand as written."""
    says_type: bool
    """True if the sheet says how marks are given."""
    guessed: bool = False
    """True if words that were written by hand were taken for that."""
    judged: bool = False
    """True for J of an international form."""
    more: Mapping[str, str] = field(default_factory=dict)
    """What only a labour competition's rows say: the department, the cycle."""
    strays: Sequence[str] = ()
    """The cells of levels that stand below it though it is not J."""


@dataclass(slots=True)
class SchemeRows:
    """The rows of a sheet's schemes: aspects, headings alone, and by row the sums that differ.

    Reading ends after `most` aspects, and of the words on marking so many characters count as are
    `longest`, where a file may come from anybody.
    """

    most: int | None = None
    longest: int | None = None
    aspects: list[FoundAspect] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    sums: dict[int, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """What a row says, and what its aspects come to."""
    pending: list[tuple[Understanding, int, str, Decimal, Decimal]] = field(default_factory=list)
    """Sums that differ from those of their own table: table, row, column, what it says, is."""

    def is_full(self) -> bool:
        """True if there are more aspects than anybody wants."""
        return self.most is not None and len(self.aspects) > self.most


def is_international(known: Understanding) -> bool:
    """True for a table of one of the international forms, however many columns it has."""
    return bool(known.of("sub_id") or known.of("level"))


def read_scheme_tables(
    reading: Reading,
    tables: Sequence[Understanding],
    most: int | None = None,
    longest: int | None = None,
) -> SchemeRows:
    """Find every aspect in the tables of a sheet."""
    rows = SchemeRows(most, longest)
    if any(map(_says_labour, tables)):
        reading.of = "labour"
    international = [it for it in tables if is_international(it)]
    if not international:
        before = Decimal(reading.total or 0)
        scheme: _Scheme | None = None
        for known in tables:
            scheme = _Trade(reading, rows, known)
            scheme.read()
        several = len({it.table.head_row for it in tables}) < len(tables)
        for known, row, letters, claimed, own in rows.pending:
            if scheme is not None and not (several and claimed == scheme.total - before):
                scheme.differs(known, row, letters, claimed, own)
        return rows
    for known in tables:
        if known not in international:
            reading.columns += _unread(known)
            for row in known.table.rows:
                reading.leave_out(known.grid.name, row, msg("不是评分点，是上面的汇总"))
    _International(reading, rows, international).read()
    return rows


def _letter(kind: str) -> str:
    """`M` or `J`, also in older and in Chinese words; empty for another type."""
    plain_kind = kind.strip().casefold()
    if plain_kind.startswith(("j", "s", "评判", "评价", "主观")):
        return "J"
    return "M" if plain_kind.startswith(("m", "o", "测量", "客观")) else ""


def _levels_in(text: str) -> tuple[list[str], str]:
    """The four levels that one cell says, from 0 up, and what else stands before them.

    Each begins with its number, or they are the cell's four lines; none where they are not four.
    """
    marks = list(_LEVEL.finditer(text))
    numbers = [mark[1] for mark in marks]
    if sorted(numbers) == [*LEVELS] and numbers in ([*LEVELS], [*reversed(LEVELS)]):
        ends = [*(mark.start() for mark in marks[1:]), len(text)]
        words = [one_line(text[mark.end() : end]) for mark, end in zip(marks, ends, strict=True)]
        if all(words):
            by_number = dict(zip(numbers, words, strict=True))
            return [by_number[number] for number in LEVELS], text[: marks[0].start()].strip()
    lines = [one_line(line) for line in text.splitlines() if line.strip()]
    return (lines, "") if not marks and len(lines) == len(LEVELS) else ([], text)


def _unread(known: Understanding) -> list[Column]:
    for column in known.columns:
        column.field = None
    return known.columns


class _Scheme:
    """The part that both forms share: aspects with their marks, and sums held against them."""

    def __init__(self, reading: Reading, rows: SchemeRows) -> None:
        self.reading, self.rows = reading, rows
        self.total = Decimal(reading.total or 0)
        self.names: dict[tuple[str, str], int] = {}

    def ask(
        self,
        known: Understanding,
        row: int,
        column: Column | None,
        field: str | None,
        text: str,
        why: Message,
    ) -> None:
        letters = column.letters if column is not None else ""
        self.reading.ask(known.grid.name, row, letters, field, text, why)

    def most(self, known: Understanding, row: int) -> tuple[str, bool]:
        """The full marks of a row, and whether something else was asked about in their place."""
        for column in known.of("max"):
            cell = known.value(row, column.place)
            if cell == "":
                continue
            if isinstance(cell, Fault):
                self.ask(known, row, column, "max", str(cell), fault_words(cell))
                return "", True
            if known.grid.lent(row, column.place):
                why = msg("配分和上一行合成了一格，每行各写各的")
                self.ask(known, row, column, "max", cell_text(cell), why)
                return "", True
            value, why_not = read_decimal(_bare(cell))
            if (
                why_not is None
                and value is not None
                and (
                    Decimal(str(value)) < 0 or (isinstance(cell, str) and cell.strip()[:1] in "+＋")
                )
            ):
                why_not = msg("“%(text)s”是加分或扣分，不是配分", text=cell_text(cell))
            if why_not is not None:
                self.ask(known, row, column, "max", cell_text(cell), why_not)
                return cell_text(cell), True
            return str(value), False
        return "", False

    def rule(self, known: Understanding, row: int) -> str:
        """The words about how marks are given, all of them, lines kept."""
        texts = []
        for column in known.of("rule"):
            cell = known.value(row, column.place)
            if cell != "" and not isinstance(cell, Fault):
                lines = (line.strip() for line in cell_text(cell)[: self.rows.longest].splitlines())
                texts.append("\n".join(line for line in lines if line))
        return "\n".join(dict.fromkeys(texts))

    def add(self, scheme_row: FoundAspect) -> None:
        """Add an aspect; ask about two of one name under one criterion."""
        known, row, aspect = scheme_row.known, scheme_row.row, scheme_row.aspect
        column = next(iter(known.of("name")), None)
        if not aspect.name:
            self.ask(known, row, column, "name", "", msg("考核要点没写"))
        key = aspect.criterion, aspect.name
        if aspect.name and key in self.names:
            why = msg("和第 %(row)s 行的评分点重名", row=self.names[key])
            self.ask(known, row, column, "name", aspect.name, why)
        self.names.setdefault(key, row)
        if aspect.max and not scheme_row.odd:
            self.total += Decimal(aspect.max)
        elif not scheme_row.odd:
            column = next(iter(known.of("max")), None)
            self.ask(known, row, column, "max", "", msg("配分没写"))
        values = {
            "criterion": aspect.criterion,
            "name": aspect.name,
            "max": "" if scheme_row.odd else aspect.max,
            "rule": scheme_row.rule,
            "type": aspect.type,
            "levels": [*scheme_row.levels],
        }
        values = {key: value for key, value in values.items() if value}
        values |= scheme_row.more
        self.reading.rows.append(ReadRow(known.grid.name, row, values))
        self.reading.total = plain(self.total)
        self.rows.aspects.append(scheme_row)

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
            self.reading.ask(known.grid.name, row, column, "max", plain(claimed), why)
            self.rows.sums[row] = claimed, total


class _Trade(_Scheme):
    def __init__(self, reading: Reading, rows: SchemeRows, known: Understanding) -> None:
        super().__init__(reading, rows)
        self.known = known
        self.coarse: list[Column] = []
        self.fine: list[Column] = []
        self.standards = known.of("standard")
        self.sums_of_rows: dict[int, tuple[Decimal, Decimal]] = {}
        self.paths: dict[int, list[str]] = {}
        self.titles: set[int] = set()
        """Rows without points that have others numbered below them."""
        self.says: dict[int, tuple[Decimal, Decimal]] = {}
        """Of such rows what their names say of points, and what those below come to."""
        self._choose()
        reading.columns += known.columns
        reading.asked += known.asked

    def _choose(self) -> None:
        """Choose the finer column of names as the name, the coarser ones as the criterion."""
        known = self.known
        self.serial = next(iter(known.of("serial")), None)
        self.levels = _level_columns(known)
        for column in known.columns:
            if reduced(column.heading) in _WEIGHTS and known.samples[column.place]:
                known.ask(column, msg("权重没有读，配分照写的"))
        self._groups_above()
        self._standards_as_names()
        self._two_of_points()
        names = known.of("name")
        if not names:
            return
        # They are held against each other where each of them says something.
        whole = [
            row
            for row in known.table.rows
            if all(cell_text(known.value(row, column.place)) for column in names)
        ]
        rows = whole or known.table.rows

        def fineness(column: Column) -> tuple[int, int]:
            texts = {cell_text(known.value(row, column.place)) for row in rows} - {""}
            heading = reduced(column.heading)
            place = next((n for n, it in enumerate(_FINER) if it in heading), len(_FINER))
            return len(texts), -place

        fine = max(names, key=fineness)
        self.fine = [fine]
        for column in names:
            if column is not fine:
                column.field = "criterion"
                self.coarse.append(column)
        for key in ("sub_id", "sub_name", "level", "standard", "serial"):
            for column in known.of(key):
                column.field = None
        self._number_rows()

    def _groups_above(self) -> None:
        """Take columns below one heading of points for points: 配分 above 职工组 and 学生组."""
        known = self.known
        for column in known.columns:
            above = known.kind.field_of(column.upper)[1] if column.upper else None
            unknown = not known.kind.field_of(column.heading)[0] and column not in self.levels
            if above in ("max", "rule") and unknown and column.field is None:
                column.field = above

    def _is_finer(self, column: Column) -> bool:
        """True if a column says more different things than each of names, and not how to score."""
        known = self.known
        texts = [text for row in known.table.rows if (text := _line(known, row, column))]
        rules = sum(read_rule(text).sure is not Sure.SILENT for text in texts)
        names = known.of("name")
        return 2 * rules < len(texts) and all(
            len({*texts}) > len({_line(known, row, it) for row in known.table.rows} - {""})
            for it in names
        )

    def _standards_as_names(self) -> None:
        """Take 考核标准 for what is judged, where it is finer or another column says how."""
        known = self.known
        rules = known.of("rule")
        for column in rules:
            if reduced(column.heading) in _NAMES_OR_RULES and (
                len(rules) > 1 or self._is_finer(column)
            ):
                column.field = "name"
                rules = known.of("rule")

    def _two_of_points(self) -> None:
        """Ask about two columns of points, and take neither."""
        known = self.known
        columns = [it for it in known.of("max") if known.samples[it.place]]
        for column in columns[:-1]:
            if len(columns) == 2 and self._sums_up(column, columns[1]):
                column.field, column.why = None, msg("是右边一列的和，没有读")
                columns = columns[1:]
        self.undecided = len(columns) > 1
        self.points = columns if self.undecided else []
        for column in known.of("max"):
            if self.undecided or column not in columns[:1]:
                column.field = None if self.undecided or columns else column.field
        if self.undecided:
            names = listed(it.heading for it in columns)
            for column in columns:
                known.ask(
                    column,
                    msg("有几列都像配分，不知道读哪一列：%(names)s", names=names),
                    field="max",
                )

    def _sums_up(self, column: Column, finer: Column) -> bool:
        """True if each number of a column is the sum of another's beside it and below."""
        known = self.known
        blocks: list[tuple[Decimal, Decimal]] = []
        for row in known.table.rows:
            number = _number_at(known, row, finer)
            if number is None:
                return False
            if known.grid.cell(row, column.place) != "" and not known.grid.lent(row, column.place):
                whole = _number_at(known, row, column)
                if whole is None:
                    return False
                blocks.append((whole, number))
            elif not blocks:
                return False
            else:
                blocks[-1] = blocks[-1][0], blocks[-1][1] + number
        return len(blocks) < len(known.table.rows) and all(it == total for it, total in blocks)

    def _number_rows(self) -> None:
        """Find the rows whose points are the sum of the rows numbered below them."""
        known = self.known
        rows: list[Numbered] = []
        for row in known.table.rows:
            name = _said(known, row, self.fine)
            cell = known.grid.cell(row, self.serial.place) if self.serial is not None else ""
            if cell != "" and self.serial is not None and known.grid.lent(row, self.serial.place):
                continue
            number = number_of_row(cell) if cell != "" and not isinstance(cell, Fault) else None
            if number is None and cell == "":
                first = next((_line(known, row, it) for it in [*self.coarse, *self.fine]
                              if _line(known, row, it)), "")  # fmt: skip
                number = number_of_row(first)
                name = name or first
            if number is None:
                continue
            points = None
            for column in known.of("max"):
                value, why = read_decimal(known.value(row, column.place))
                if value is not None and why is None:
                    points = Decimal(str(value))
            label = name or next((t for it in self.coarse if (t := _line(known, row, it))), "")
            again = number_of_row(label)
            label = again[2] if again is not None and again[2] else label
            rows.append(Numbered(row, number[0], number[1], points, label))
        tree_of(rows)
        for it in reversed(rows):
            below = [child.points for child in it.children]
            if it.points is None or not below or None in below:
                continue
            total = sum((point for point in below if point is not None), Decimal(0))
            if total == it.points or (
                len(below) > 1
                and it.points * 2 > total
                and it.points < total * 2
                and (it.style != "num" or it.children[0].style.startswith("dotted"))
            ):
                self.sums_of_rows[it.row] = it.points, total
        titles = {it.row: it for it in rows if it.row in self.sums_of_rows or it.points is None}
        self.titles = {it.row for it in rows if it.points is None and it.children}
        for it in rows:
            below = [child.points for child in it.children]
            if (
                it.row in self.titles
                and None not in below
                and (own := _IN_TITLE.search("".join(it.name.split())))
            ):
                total = sum((point for point in below if point is not None), Decimal(0))
                self.says[it.row] = Decimal(own[1]), total
        for it in rows:
            path: list[str] = []
            above = it.parent
            while above is not None:
                if above.row in titles and above.name:
                    path.insert(0, above.name)
                above = above.parent
            self.paths[it.row] = path

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
            if self.rows.is_full():
                return
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
        if cell == "" and columns:
            texts = ["".join(it.split()) for _c, it in known.grid.own(row) if isinstance(it, str)]
            value = next((match[1] for it in texts if (match := _IN_SUM.search(it))), None)
        if isinstance(cell, Fault):
            self.ask(known, row, columns[0], "max", str(cell), fault_words(cell))
        first = next((t for _c, t in known.grid.own(row) if isinstance(t, str) and says_sum(t)), "")
        part = "小计" in "".join(first.split())
        if value is not None:
            claimed = Decimal(str(value))
            own = self.total - (since if part else begun)
            if claimed != own and not part:
                # Of tables side by side one may say the sum of all.
                self.rows.pending.append((known, row, columns[0].letters, claimed, own))
            else:
                self.differs(known, row, columns[0].letters, claimed, own)
            if not part:
                self.reading.said = plain(Decimal(self.reading.said or 0) + claimed)
                claims = self.reading.claims
                claims[known.grid.name] = claims.get(known.grid.name, Decimal(0)) + claimed
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
        if row in self.sums_of_rows:
            claimed, total = self.sums_of_rows[row]
            letters = next((it.letters for it in known.of("max")), "")
            self.differs(known, row, letters, claimed, total)
            self.reading.leave_out(grid.name, row, PART_SUM)
            self.rows.headings.add(row)
            return
        name, rule = _said(known, row, self.fine), self.rule(known, row)
        most, odd = self.most(known, row)
        own = [it for it in self.coarse if _line(known, row, it) and not grid.lent(row, it.place)]
        pointed = any(known.value(row, it.place) != "" for it in self.points)
        unmarked = not most and not odd and not rule and not pointed
        if row in self.says:
            self.differs(known, row, next(it.letters for it in self.fine), *self.says[row])
        if unmarked and (not name or own or not known.of("max") or row in self.titles):
            self.reading.leave_out(grid.name, row, SECTION)
            if (own and not name) or row in self.titles:
                self.rows.headings.add(row)
            return
        coarse = [heading[it.place] for it in self.coarse if it.place in heading]
        coarse = [text for text in coarse if not self._is_above(text, row)]
        coarse += [text for text in self.paths.get(row, []) if text not in coarse]
        if not name and own:
            name = _line(known, row, own[-1])
            coarse = [text for text in coarse if text != name]
        read = read_rule(rule)
        aspect = SchemeAspect(
            **{"criterion": "/".join(dict.fromkeys(coarse)), "name": name, "max": most}
            | {"standard": _said(known, row, self.standards), "hint": read.hint}
            | dict(read.keys)
        )
        levels = [
            f"{column.heading.removeprefix(column.upper).strip() or column.heading}：{text}"
            for column in self.levels
            if (text := _line(known, row, column))
        ]
        says_type, typed = read.sure is not Sure.SILENT, False
        if len(levels) == len(LEVELS) and read.sure is Sure.SILENT:
            aspect = replace(aspect, type="judgement", own={"levels": "\n".join(levels)})
            says_type = True
        for column in known.of("type"):
            if text := _line(known, row, column):
                typed = True
                wanted = _TYPES.get(reduced(text))
                if wanted is None:
                    why = msg("类型“%(type)s”不认得", type=text)
                    self.ask(known, row, column, "type", text, why)
                    continue
                says_type = True
                if wanted != aspect.type:
                    aspect = replace(aspect, type=wanted, own={}, factor="1", unit="")
        self.add(
            FoundAspect(
                known=known,
                row=row,
                aspect=aspect,
                rule=rule,
                levels=levels or aspect.levels,
                odd=odd or self.undecided,
                more={
                    key: text
                    for key in ("department", "cycle")
                    if (text := _said(known, row, known.of(key)))
                },
                says_type=says_type,
                guessed=read.sure is Sure.GUESSED and not typed,
            )
        )

    def _is_above(self, text: str, row: int) -> bool:
        """True if a coarser text only repeats the name of a row numbered above."""
        number = number_of_row(text)
        bare = number[2] if number is not None and number[2] else text
        return bare in self.paths.get(row, [])


_LEVEL_WORDS = [
    "不合格",
    "不及格",
    "不达标",
    "很差",
    "差",
    "较差",
    "E",
    "D",
    "一般",
    "合格",
    "及格",
    "达标",
    "中",
    "中等",
    "C",
    "较好",
    "良",
    "良好",
    "B",
    "好",
    "优",
    "优秀",
    "优良",
    "A",
]
"""Headings of levels, the lowest first."""
_LEVEL_SETS = (
    frozenset(["优", "良", "中", "差", "好", "较好", "一般", "较差", "很差"]),
    frozenset(
        [
            "优秀",
            "良好",
            "中等",
            "一般",
            "合格",
            "及格",
            "不合格",
            "不及格",
            "达标",
            "不达标",
            "较差",
            "差",
        ]
    ),
    frozenset(["A", "B", "C", "D", "E"]),
)


def _level_columns(known: Understanding) -> list[Column]:
    """The columns of 优 良 中 差, the lowest first; none without at least three of a kind."""

    def word(column: Column) -> str:
        text = "".join(column.heading.removeprefix(column.upper).split()) or column.heading
        text = unicodedata.normalize("NFKC", text)
        return re.sub(r"\([^()]*\)|[级等档]$", "", text).upper()

    words = {column.place: word(column) for column in known.columns}
    for choice in _LEVEL_SETS:
        columns = [it for it in known.columns if words[it.place] in choice]
        if len(columns) >= 3:
            for column in columns:
                column.field = "levels"
            return sorted(columns, key=lambda it: _LEVEL_WORDS.index(words[it.place]))
    return []


def _says_labour(known: Understanding) -> bool:
    """True if a scheme is of a labour competition, by its columns or its title."""
    if known.of("department") or known.of("cycle"):
        return True
    return any("劳动竞赛" in text for text in [*known.table.above, known.grid.name])


class _International(_Scheme):
    def __init__(self, reading: Reading, rows: SchemeRows, tables: Sequence[Understanding]) -> None:
        super().__init__(reading, rows)
        self.tables = tables
        self.heading = self.code = ""
        self.begun: tuple[Understanding, int, str, str, str] | None = None
        """The aspect that awaits its levels: its table and row, its type, name and rule."""
        self.levels: list[tuple[str, str]] = []
        self.places: list[str] = []

    def read(self) -> None:
        seen: set[tuple[str, str]] = set()
        sums: list[Decimal | None] = []
        for known in self.tables:
            for column in known.columns:
                if not is_claim(column) and (column.letters, column.heading) not in seen:
                    seen.add((column.letters, column.heading))
                    self.reading.columns.append(column)
            self.reading.asked += known.asked
            self.heading, begun = "", self.total
            for row in known.table.rows:
                if not self.rows.is_full():
                    self._row(known, row)
            self._finish()
            sums.append(self._claimed(known, self.total - begun))
            for column in known.columns:
                column.field = _PUBLIC.get(column.field or "", column.field)
        if sums and None not in sums:
            self.reading.said = plain(sum((it or Decimal(0) for it in sums), Decimal(0)))

    def _claimed(self, known: Understanding, total: Decimal) -> Decimal | None:
        """Hold the total that the head says of its criterion against its aspects."""
        head = known.table.head_row
        for place, cell in reversed(known.grid.own(head)):
            letters = known.grid.letters(place)
            if isinstance(cell, Fault):
                why = fault_words(cell)
                self.reading.ask(known.grid.name, head, letters, "max", str(cell), why)
                return None
            value, why_not = read_decimal(cell) if isinstance(cell, float | str) else (None, None)
            if value is not None and why_not is None:
                claimed = Decimal(str(value))
                self.differs(known, head, letters, claimed, total)
                return claimed
        return None

    def _row(self, known: Understanding, row: int) -> None:
        code, sub, kind, name, level = (
            _said(known, row, known.of(field))
            for field in ("sub_id", "sub_name", "type", "name", "level")
        )
        rule = self.rule(known, row)
        if code or sub:
            self._finish()
            if not code or _SUB.fullmatch(code):
                self.heading = sub or (self.heading if code == self.code else "")
            self.code = code or self.code
        if level and not kind and not name:
            column = known.of("level")[0]
            if self.begun is None:
                why = NOT_OF_J
                self.ask(known, row, column, None, level, why)
            else:
                self.levels.append((level, one_line(rule)))
                self.places.append(f"{column.letters}{row}")
                why = msg("是第 %(row)s 行的第 %(level)s 档", row=self.begun[1], level=level)
            self.reading.leave_out(known.grid.name, row, why)
        elif kind or name or any(known.value(row, it.place) != "" for it in known.of("max")):
            self._finish()
            if level == LEVELS[0] and _letter(kind) == "J":
                self.levels, rule = [(level, one_line(rule))], ""
            self.begun = known, row, kind, name, rule
        else:
            self.reading.leave_out(known.grid.name, row, SECTION)
            if code or sub:
                self.rows.headings.add(row)

    def _finish(self) -> None:
        """Finish the aspect with the levels below it, once they are all read."""
        begun, levels, places = self.begun, self.levels, self.places
        self.begun, self.levels, self.places = None, [], []
        if begun is None:
            return
        known, row, kind, name, rule = begun
        most, odd = self.most(known, row)
        letter = _letter(kind)
        if not letter:
            why = msg("Aspect Type 是“%(found)s”，应当是 M 或 J", found=kind)
            self.ask(known, row, next(iter(known.of("type")), None), "type", kind, why)
        judged, read = letter == "J", read_rule(rule)
        keys: dict[str, Any] = {"type": "judgement"} if judged else dict(_measured_keys(rule))
        texts: list[str] = []
        if is_judgement := keys["type"] == "judgement":
            own = judged or levels
            if not levels:
                texts, rule = _levels_in(rule)
                levels = list(zip(LEVELS, texts, strict=False))
            texts = [words for _level, words in levels]
            if tuple(level for level, _words in levels) != LEVELS or not all(texts):
                column = next(iter(known.of("level")), None)
                why = msg(
                    "J 的评分点下面要有 0、1、2、3 四行，每行写说明；现在是 %(n)s 行", n=len(levels)
                )
                self.ask(known, row, column, "levels", "", why)
            if own:
                keys["own"] = {"levels": "\n".join(filter(None, texts))} if any(texts) else {}
        if judged:
            read = read_rule(rule)
            if read.keys.get("type") == "judgement":
                keys |= {key: it for key, it in read.keys.items() if key in ("factor", "unit")}
            else:
                read = ReadRule(hint=rule)
        in_our_words = read.sure is Sure.SAID
        aspect = SchemeAspect(
            **{"criterion": self.heading, "name": name, "max": most}
            | {"standard": _said(known, row, known.of("standard")), "hint": read.hint}
            | keys
        )
        self.add(
            FoundAspect(
                known=known,
                row=row,
                aspect=aspect,
                rule=rule,
                levels=texts,
                odd=odd,
                # What is given as it is because nothing says how may stay as it was.
                says_type=judged or in_our_words or aspect.type != "score",
                guessed=aspect.type == "deduction" and not in_our_words,
                judged=judged,
                strays=() if is_judgement else places,
            )
        )


_PUBLIC: Mapping[str, str | None] = {
    "sub_name": "criterion",
    "level": "levels",
    **dict.fromkeys(("sub_id", "standard", "serial")),
}


def is_claim(column: Column) -> bool:
    """True for a total beside the heads, or a formula for one."""
    heading = column.heading
    return not heading or heading.startswith("=") or read_decimal(heading)[0] is not None


def _measured_keys(rule: str) -> Mapping[str, Any]:
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


def _bare(cell: Cell) -> Cell:
    """A cell of points without brackets around it: （40分） is 40分."""
    return cell.strip().strip("（）()") if isinstance(cell, str) else cell


def _number_at(known: Understanding, row: int, column: Column) -> Decimal | None:
    value, why = read_decimal(known.value(row, column.place))
    return None if value is None or why is not None else Decimal(str(value))


def _line(known: Understanding, row: int, column: Column) -> str:
    cell = known.value(row, column.place)
    return "" if isinstance(cell, Fault) else one_line(cell_text(cell))


def _said(known: Understanding, row: int, columns: Sequence[Column]) -> str:
    return next((text for it in columns if (text := _line(known, row, it))), "")
