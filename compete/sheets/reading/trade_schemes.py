"""Schemes of marking in the form of the trade: criteria and aspects with their points."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import AspectType
from compete.domain.values.messages import listed, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.cells import fault_words, read_decimal
from compete.sheets.reading.columns import Understanding
from compete.sheets.reading.found_tables import SECTION, SUM, SUM_BELOW
from compete.sheets.reading.grid import cell_text
from compete.sheets.reading.numbering import Numbered, number_of_row, tree_of
from compete.sheets.reading.scheme_rows import (
    LEVELS,
    FoundAspect,
    Scheme,
    SchemeRows,
    letter_of,
    levels_in,
    line_at,
    number_at,
    text_at,
)
from compete.sheets.reading.shapes import Column, Reading
from compete.sheets.reading.words import one_line, reduced, says_sum
from compete.sheets.scheme_aspects import SchemeAspect
from compete.sheets.scheme_wording import Sure, read_rule
from compete.sheets.workbook.cells import Fault

_FINER = re.findall(
    r"\S+", "要点 点 小项 二级 三级 内容 步骤 工序 指标 项目 名称 一级 大项 模块 范围 任务 要求"
)
"""Of two columns of names with as many different ones, the one whose heading comes first here."""
_TYPES = {
    reduced(name): kind.value
    for kind in AspectType
    for name in (class_of(kind).title.text, *class_of(kind).scheme_names)
}
_WEIGHTS = frozenset(
    ["权重", "比重", "占比", "权重系数", "所占比例", "所占权重", "分数权重", "权重比例"]
)
_NAMES_OR_RULES = frozenset(
    ["考核标准", "考核内容及标准", "考核内容和标准", "考核内容与标准", "评价标准"]
)
_WAYS = frozenset(["评分方式", "评价方式", "评判方式"])
"""Headings of a column that says M or J, in words, rather than one of our types."""
_IN_TITLE = re.compile(r"[（(](?:共|计|满分)?([0-9]{1,4}(?:\.[0-9]{1,2})?)分[)）]$")
_SERIAL_WORD = re.compile(r"[㐀-鿿]{2,12}")
_IN_SUM = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)分[)）]?$")


class TradeScheme(Scheme):
    """One table of the form: its columns chosen, its aspects read, its sums held against them."""

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
        self.section = ""
        """The heading alone in its row below which the rows stand."""
        self.word = ""
        """The word in the place of a number that gave that heading."""
        self.open: dict[int, tuple[int, str, Decimal, Decimal]] = {}
        """By column the heading that says points: row, letters, what it says, the sum before it."""
        self.without_place: dict[str, None] = {}
        """Words on marking that are none of our types, and say no more than the rule."""
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
            if column is fine:
                continue
            if reduced(column.heading).endswith("要求") and fineness(column)[0] == len(rows) > 1:
                # It says something else of each item: what is asked there, and groups none.
                column.field = "rule"
                continue
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
        texts = [text for row in known.table.rows if (text := line_at(known, row, column))]
        rules = sum(read_rule(text).sure is not Sure.SILENT for text in texts)
        names = known.of("name")
        return 2 * rules < len(texts) and all(
            len({*texts}) > len({line_at(known, row, it) for row in known.table.rows} - {""})
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
            number = number_at(known, row, finer)
            if number is None:
                return False
            if known.grid.cell(row, column.place) != "" and not known.grid.lent(row, column.place):
                whole = number_at(known, row, column)
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
            name = text_at(known, row, self.fine)
            cell = known.grid.cell(row, self.serial.place) if self.serial is not None else ""
            if cell != "" and self.serial is not None and known.grid.lent(row, self.serial.place):
                continue
            number = number_of_row(cell) if cell != "" and not isinstance(cell, Fault) else None
            if number is None and cell == "":
                first = next((line_at(known, row, it) for it in [*self.coarse, *self.fine]
                              if line_at(known, row, it)), "")  # fmt: skip
                number = number_of_row(first)
                name = name or first
            if number is None:
                continue
            points = None
            for column in known.of("max"):
                value, why = read_decimal(known.value(row, column.place))
                if value is not None and why is None:
                    points = Decimal(str(value))
            label = name or next((t for it in self.coarse if (t := line_at(known, row, it))), "")
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

    def read(self, *, of_several: bool) -> None:
        """Read the aspects; the table may be one `of_several` of its sheet."""
        known = self.known
        heading: dict[int, str] = {}
        since = self.total
        lines = sorted(
            [(row, None) for row in known.table.rows]
            + [(row, why) for row, why in known.table.left_out if why in (SUM, SECTION)],
            key=lambda line: line[0],
        )
        begun = self.total
        self._begin_above(of_several=of_several)
        for row, why in lines:
            if self.rows.is_full():
                return
            if why is SUM:
                since = self._sum(row, begun, since)
            elif why is SECTION:
                self._begin_section(row)
            else:
                self._row(row, heading)
        self._hold_headings()
        if self.without_place:
            column = known.of("type")[0]
            why = msg(
                "%(words)s不是单独的给分办法，照评分标准读；评判要写出四档",
                words=listed(f"“{word}”" for word in self.without_place),
            )
            self.ask(known, column.head_row, column, "type", column.heading, why)

    def _begin_above(self, *, of_several: bool) -> None:
        """Begin the section that stands above the head: 一、安全（20分） where 二、 follows."""
        known = self.known
        above = known.table.lines[-1:]
        texts = [_text_alone(known, row) for row in (*above, *known.table.rows)]
        styles = [it[0] if (it := number_of_row(text)) else "" for text in texts]
        points = texts and _IN_TITLE.search("".join(texts[0].split()))
        if above and points and styles[0] and (of_several or styles[0] in styles[1:]):
            self._begin_section(above[0])

    def _begin_section(self, row: int) -> None:
        """Begin a section by a row that has nothing in it but a number or points and its name."""
        first = next(iter(self.known.grid.own(row)), None)
        text = one_line(cell_text(first[1])) if first is not None else ""
        number = number_of_row(text)
        # Where a column has the criteria, a heading without points is one thing more to be told.
        is_heading = (number is not None and not self.coarse) or _IN_TITLE.search(
            "".join(text.split())
        )
        label = number[2] if number is not None and number[2] else text
        self.section = label if is_heading else ""
        if self.section and first is not None:
            self.rows.headings.add(row)
            self._claim(row, -1, self.known.grid.letters(first[0]), text)

    def _claim(self, row: int, place: int, letters: str, text: str) -> None:
        """End the headings at this column and behind it, and note what this one says of points."""
        self._hold_headings(place)
        points = _IN_TITLE.search("".join(text.split()))
        if points and row not in self.says:
            self.open[place] = row, letters, Decimal(points[1]), self.total

    def _hold_headings(self, since: int = -1) -> None:
        """Hold the points that headings say against what stood below them, from a column on."""
        for place in [it for it in self.open if it >= since]:
            row, letters, claimed, before = self.open.pop(place)
            self.differs(self.known, row, letters, claimed, self.total - before)

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

    def _begin_by_word(self, row: int, heading: dict[int, str]) -> None:
        """Begin a part by a word in the place of a number: 加分项, 一票否决."""
        cell = self.known.value(row, self.serial.place) if self.serial is not None else ""
        text = "".join(cell.split()) if isinstance(cell, str) else ""
        word = text if _SERIAL_WORD.fullmatch(text) and number_of_row(text) is None else ""
        if word == self.word or (not word and not text):
            return
        self.section = word or ("" if self.word else self.section)
        self.word = word
        if word:
            self._hold_headings()
            heading.clear()

    def _row(self, row: int, heading: dict[int, str]) -> None:
        known, grid = self.known, self.known.grid
        self._begin_by_word(row, heading)
        for column in self.coarse:
            if text := line_at(known, row, column):
                if text != heading.get(column.place):
                    self._claim(row, column.place, column.letters, text)
                heading[column.place] = text
                # Finer columns begin anew under another heading.
                for place in [it for it in heading if it > column.place]:
                    if not line_at(known, row, next(c for c in self.coarse if c.place == place)):
                        del heading[place]
        if row in self.sums_of_rows:
            claimed, total = self.sums_of_rows[row]
            letters = next((it.letters for it in known.of("max")), "")
            self.differs(known, row, letters, claimed, total)
            self.reading.leave_out(grid.name, row, SUM_BELOW)
            self.rows.headings.add(row)
            return
        name, rule = text_at(known, row, self.fine), self.rule(known, row)
        most, odd = self.most(known, row)
        own = [it for it in self.coarse if line_at(known, row, it) and not grid.lent(row, it.place)]
        pointed = any(known.value(row, it.place) != "" for it in self.points)
        unmarked = not most and not odd and not rule and not pointed
        if unmarked and not own and row not in self.titles and self._heads_others(row, name):
            self.reading.leave_out(grid.name, row, SECTION)
            self.rows.headings.add(row)
            number = number_of_row(name)
            self.section = number[2] if number is not None and number[2] else name
            self._claim(row, -1, self.fine[0].letters, name)
            return
        if row in self.says:
            self.differs(known, row, next(it.letters for it in self.fine), *self.says[row])
        if unmarked and (not name or own or not known.of("max") or row in self.titles):
            self.reading.leave_out(grid.name, row, SECTION)
            if (own and not name) or row in self.titles:
                self.rows.headings.add(row)
            return
        coarse = [heading[it.place] for it in self.coarse if it.place in heading]
        coarse = [text for text in coarse if not self._is_above(text, row)]
        if self.section and self.section not in self.paths.get(row, ()):
            coarse.insert(0, self.section)
        coarse += [text for text in self.paths.get(row, []) if text not in coarse]
        if not name and own:
            name = line_at(known, row, own[-1])
            coarse = [text for text in coarse if text != name]
        read = read_rule(rule)
        aspect = SchemeAspect(
            **{"criterion": "/".join(dict.fromkeys(coarse)), "name": name, "max": most}
            | {"standard": text_at(known, row, self.standards), "hint": read.hint}
            | dict(read.keys)
        )
        levels = [
            f"{column.heading.removeprefix(column.upper).strip() or column.heading}：{text}"
            for column in self.levels
            if (text := line_at(known, row, column))
        ]
        says_type, typed = read.sure is not Sure.SILENT, False
        if len(levels) == len(LEVELS) and read.sure is Sure.SILENT:
            aspect = replace(aspect, type="judgement", own={"levels": "\n".join(levels)})
            says_type = True
        for column in known.of("type"):
            if text := line_at(known, row, column):
                typed = True
                wanted = _TYPES.get(reduced(text))
                if letter_of(text) and reduced(column.heading) in _WAYS:
                    if letter_of(text) == "J" and aspect.type != "judgement":
                        levels = levels or levels_in(rule)[0]
                        if len(levels) == len(LEVELS):
                            aspect = replace(
                                aspect,
                                type="judgement",
                                own={"levels": "\n".join(levels)},
                                hint=levels_in(rule)[1],
                            )
                            says_type = True
                    if not says_type:
                        self.without_place[text] = None
                    continue
                if wanted is None and reduced(column.heading) in _WAYS:
                    self.without_place[text] = None
                    continue
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
                    if (text := text_at(known, row, known.of(key)))
                },
                says_type=says_type,
                guessed=read.sure is Sure.GUESSED and not typed,
            )
        )

    def _heads_others(self, row: int, name: str) -> bool:
        """True if a row without points says in its name what those below come to."""
        if not _IN_TITLE.search("".join(name.split())):
            return False
        known, rows = self.known, self.known.table.rows
        after = rows[rows.index(row) + 1 : rows.index(row) + 2]
        return any(number_at(known, below, it) for below in after for it in known.of("max"))

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


def _text_alone(known: Understanding, row: int) -> str:
    """The text that stands alone in its row; empty where there is more, or nothing."""
    own = known.grid.own(row)
    return one_line(cell_text(own[0][1])) if len(own) == 1 else ""
