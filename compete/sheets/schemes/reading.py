"""Reading of a marking scheme: which sheet, which form, and the sums that it claims."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from compete.domain.aspects.kinds import class_of
from compete.domain.aspects.types import type_of
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.across import leave_out_repeats
from compete.sheets.reading.cells import fault_words, read_decimal
from compete.sheets.reading.columns import Understanding, understand
from compete.sheets.reading.finding import find_tables
from compete.sheets.reading.found_tables import SECTION, SUM, TITLE
from compete.sheets.reading.grid import Grid, cell_text
from compete.sheets.reading.kinds import SCHEME
from compete.sheets.reading.scheme_rows import FoundAspect
from compete.sheets.reading.schemes import (
    NOT_OF_J,
    is_claim,
    is_international,
    read_scheme_tables,
)
from compete.sheets.reading.shapes import Reading
from compete.sheets.reading.telling import (
    cell_sentence,
    columns_unread,
    of_sheet,
    rows_left_out,
    sheet_without_head,
    sheets_hidden,
)
from compete.sheets.reading.words import one_line, reduced
from compete.sheets.scheme_aspects import (
    MOST_LINES,
    Scheme,
    SchemeAspect,
    SchemeBook,
    SchemeForm,
    SchemeLine,
)
from compete.sheets.workbook.cells import Fault
from compete.sheets.workbook.limits import DEFAULT_LIMITS
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.refusal import WorkbookError

LONGEST_NAME, LONGEST_WORDS = 200, 2000
"""Characters of a name, and of words about how marks are given."""
ABOUT_SHEET = "说明"
"""Of our own workbook: what it says is no scheme."""
_COLUMNS = {
    SchemeForm.TRADE: ("项目", "考核要点", "评分标准"),
    SchemeForm.COLUMNS: ("Sub Criteria Name", "Aspect - Description", "Extra Aspect Description"),
}
"""What the criterion, the name and the words on marking are called in a form."""
_SILENT = frozenset(
    re.findall(
        r"\w+", "得分 扣分 实得分 扣分原因 dayofmarking calculationrow criteria total totalmark"
    )
)
"""Columns that stay unread without a word."""
_CRITERION = re.compile(r"criteri(?:on|a)\s*([a-z]{1,2})", re.I)
_CALLED = re.compile(r"[（(]?(评分|配分)(标准|细则|办法|表)*[）)]?$")
_LIMITS = replace(DEFAULT_LIMITS, rows=5_000, columns=60)
_NO_HEADER = msg(
    "没有找到表头。第一种要有“考核要点”和“配分”两列，第二种要有“Sub Criteria ID”和“Max Mark”两列"
)


def as_number(text: str) -> Decimal | None:
    """The decimal that a text is, or None."""
    return Decimal(text) if re.fullmatch(r"-?\d{1,18}(\.\d{1,12})?", text, re.ASCII) else None


def sum_of(aspects: Iterable[SchemeAspect]) -> Decimal:
    """The sum of the maxima that are numbers."""
    return sum((as_number(aspect.max) or Decimal(0) for aspect in aspects), Decimal(0))


def says_scheme(data: bytes) -> bool:
    """True if a workbook has the header of either form. Raises `WorkbookError` for no workbook."""
    book = open_workbook(data)
    return any(_tables(Grid(book.sheet(name))) for name in book.names)


def read_schemes(data: bytes) -> SchemeBook:
    """Read a workbook whole: each sheet with a header is a scheme, such as that of a module.

    What sums the others up is held against them and is none. Raises `WorkbookError` for what
    cannot be read as either form.
    """
    book = open_workbook(data, _LIMITS)
    sheets: list[_Sheet] = []
    notices: list[Message] = []
    for name in book.names:
        grid = Grid(book.sheet(name))
        if tables := _tables(grid):
            sheets.append(_Sheet(grid, tables))
        elif name != ABOUT_SHEET and any(map(grid.own, range(1, grid.last + 1))):
            notices.append(sheet_without_head(name))
    if not sheets:
        raise WorkbookError(_NO_HEADER)
    whole = [it for it in sheets if it.rows.aspects]
    if not whole:
        raise WorkbookError(of_sheet(sheets[0].grid.name, msg("表头下面没有评分点")))
    if any(len(it.rows.aspects) > MOST_LINES for it in whole):
        raise WorkbookError(msg("一个模块最多 %(most)s 个评分点，这张表里不止", most=MOST_LINES))
    notices += [
        of_sheet(it.grid.name, msg("表头下面没有评分点")) for it in sheets if it not in whole
    ]
    reading = Reading(SCHEME.name, rows=[row for it in whole for row in it.reading.rows])
    leave_out_repeats(reading)
    notices += [of_sheet(it.sheet, it.why) for it in reading.remarks]
    notices += [
        cell_sentence(it.sheet, msg("第 %(row)s 行", row=it.row), it.why) for it in reading.asked
    ]
    kept = {row.sheet for row in reading.rows}
    schemes = [it.scheme() for it in whole if it.grid.name in kept]
    if len(schemes) > 1:
        schemes = [
            replace(it, warnings=[of_sheet(it.sheet, why) for why in it.warnings]) for it in schemes
        ]
    return SchemeBook(schemes, [*notices, *sheets_hidden(book)])


def _tables(grid: Grid) -> list[Understanding]:
    """The tables of a sheet; none where no table has the header of either form."""
    tables = [understand(table, SCHEME) for table in find_tables(grid, SCHEME).tables]
    whole = any(is_international(it) or (it.of("max") and it.of("name")) for it in tables)
    return tables if whole else []


class _Sheet:
    """A sheet with a scheme, as it is told to whoever sent it."""

    def __init__(self, grid: Grid, tables: Sequence[Understanding]) -> None:
        self.grid = grid
        criteria = [it for it in tables if is_international(it)]
        self.form = SchemeForm.COLUMNS if criteria else SchemeForm.TRADE
        self.tables = criteria or tables
        self.reading = Reading(SCHEME.name)
        self.rows = read_scheme_tables(self.reading, tables, MOST_LINES, LONGEST_WORDS + 1)

    def scheme(self) -> Scheme:
        """The aspects with what is odd about each, and what is odd about the sheet."""
        lines = [self._line(read) for read in self.rows.aspects]
        international = self.form is SchemeForm.COLUMNS
        warnings = self._ask(lines)
        warnings += self._summary() if international else []
        left_out = [
            (row, why)
            for row, why in [
                *(row for it in self.tables for row in it.table.left_out),
                *((it.row, it.why) for it in self.reading.left_out if it.why is SECTION),
            ]
            if row not in self.rows.headings
        ]
        warnings += rows_left_out("", left_out, (TITLE, SUM))
        warnings += columns_unread("", dict.fromkeys(self._unread()))
        if international and len(self.tables) > 1:
            warnings.append(msg("表里有 %(n)s 个大项，都读进这一个模块", n=len(self.tables)))
        return Scheme(
            form=self.form,
            sheet=self.grid.name,
            lines=lines,
            warnings=warnings,
            title="" if international else self._title(),
        )

    def _line(self, read: FoundAspect) -> SchemeLine:
        aspect = read.aspect
        line = SchemeLine(read.row, aspect, says_type=read.says_type)
        if read.guessed:
            line.notes.append(class_of(type_of(aspect.type)).guess_words(aspect.own))
        texts = (aspect.criterion, aspect.name, aspect.hint)
        mosts = (LONGEST_NAME, LONGEST_NAME, LONGEST_WORDS)
        line.problems += [
            msg(
                "%(column)s有 %(found)s 个字，最多 %(longest)s 个",
                column=column,
                found=len(text),
                longest=most,
            )
            for column, text, most in zip(_COLUMNS[self.form], texts, mosts, strict=True)
            if len(text) > most
        ]
        for column in read.known.columns:
            cell = read.known.value(read.row, column.place)
            # Of one in the place of the marks the reading asks by itself.
            if isinstance(cell, Fault) and column.field in ("criterion", "name", "rule", "type"):
                problem = cell_sentence("", f"{column.letters}{read.row}", fault_words(cell))
                line.problems.append(problem)
        line.problems += [cell_sentence("", place, NOT_OF_J) for place in read.strays]
        return line

    def _ask(self, lines: Sequence[SchemeLine]) -> list[Message]:
        """Put each question to the aspect of its row; what is asked of no aspect is returned."""
        others: list[Message] = []
        for it in self.reading.asked:
            if it.row in self.rows.sums:
                others.append(_differs(it.row, *self.rows.sums[it.row]))
                continue
            question = cell_sentence("", f"{it.column}{it.row}", it.why) if it.column else it.why
            place = bisect_right(lines, it.row, key=lambda line: line.number) - 1
            # A level below no aspect is the fault of what stands above it.
            if place < 0 or not (lines[place].number == it.row or it.why is NOT_OF_J):
                others.append(question)
            # Of M another number of levels may be said in words.
            elif it.field != "levels" or self.rows.aspects[place].judged:
                lines[place].problems.append(question)
        return others

    def _unread(self) -> Iterator[Message | str]:
        for column in (column for it in self.tables for column in it.columns):
            heading = column.heading
            quiet = is_claim(column) or _CRITERION.fullmatch(heading)
            if not heading:
                yield msg("%(letters)s 列", letters=column.letters)
            elif not (SCHEME.field_of(heading)[1] or reduced(heading) in _SILENT or quiet):
                yield heading

    def _title(self) -> str:
        """The first text that stands alone in a row above the table, if it can be a name."""
        for row in range(1, self.tables[0].table.head_row):
            texts = {cell_text(cell) for _column, cell in self.grid.own(row)}
            if len(texts) == 1:
                text = one_line(texts.pop())
                return _CALLED.sub("", text).strip() if len(text) <= LONGEST_NAME else ""
        return ""

    def _summary(self) -> list[Message]:
        """Hold the table on top against what each criterion brings, M, J and both."""
        of_letter: dict[str, list[FoundAspect]] = {}
        for known in self.tables:
            letter = next(
                (it[1] for c in known.columns if (it := _CRITERION.fullmatch(c.heading))), ""
            )
            aspects = of_letter.setdefault(letter.casefold(), [])
            aspects += [it for it in self.rows.aspects if it.known is known]
        columns: dict[str, int] = {}
        warnings: list[Message] = []
        for row in range(1, self.tables[0].table.head_row):
            cells = {place: one_line(cell_text(cell)) for place, cell in self.grid.own(row)}
            first = cells.get(0, "").casefold()
            if reduced(first) == "criterion":
                sums = ((_sum_kind(text), place) for place, text in cells.items())
                columns = {kind: place for kind, place in sums if kind is not None}
                continue
            if "total" in (reduced(first), reduced(cells.get(1, ""))):
                aspects = self.rows.aspects
            elif columns and first in of_letter:
                aspects = of_letter[first]
            else:
                continue
            numbers = {
                place: Decimal(str(number))
                for place, cell in self.grid.own(row)
                if (number := read_decimal(cell)[0]) is not None
            }
            for kind, place in (columns or {"": max(numbers, default=0)}).items():
                total = sum_of(
                    it.aspect for it in aspects if not kind or it.judged == (kind == "J")
                )
                if numbers.get(place, total) != total:
                    warnings.append(_differs(row, numbers[place], total, kind))
        return warnings


def _sum_kind(heading: str) -> str | None:
    """The aspects that a column of the summary adds up: M, J, all of them (empty); None: no sum."""
    folded = heading.casefold()
    if "meas" in folded or "(m)" in folded:
        return "M"
    if "judg" in folded or "(j)" in folded:
        return "J"
    return "" if reduced(heading) == "total" else None


def _differs(row: int, claimed: Decimal, total: Decimal, kind: str = "") -> Message:
    if kind:
        return msg(
            "第 %(row)s 行写的 %(kind)s 合计是 %(said)s，评分点加起来是 %(found)s",
            row=row,
            kind=kind,
            said=plain(claimed),
            found=plain(total),
        )
    return msg(
        "第 %(row)s 行写的合计是 %(said)s，评分点加起来是 %(found)s",
        row=row,
        said=plain(claimed),
        found=plain(total),
    )
