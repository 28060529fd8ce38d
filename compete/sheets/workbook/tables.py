"""Tables written in bulk: a title, a header that stays in sight, rows to filter and sum."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from compete.domain.values.messages import Message, Translate
from compete.sheets.workbook.look import (
    ACCENT,
    FONT,
    HINT,
    INK,
    TAB_UNITS,
    could_be_formula,
    cut_to_units,
    safe_text,
    tab_name,
)

Value = str | int | Decimal | Message | None
"""Decimals keep their places on show; none is shown as —, an empty text leaves the cell empty."""


NONE = "—"
_EXACT_DIGITS = 15
"""Digits of a number that a spreadsheet keeps; longer ones are written as text."""

_TITLE_ROW, _HEADER_ROW = 0, 1
_MOST_WIDTH = 48


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `name` may be any text: it is cut and made different where need be.

    `frozen` is how many columns stay in sight; every row has a value per column. `edition`
    stands in place of the book's where a sheet is of another.
    """

    name: Message | str
    title: Message | str
    columns: Sequence[Message | str]
    rows: Iterable[Sequence[Value]]
    frozen: int = 0
    edition: Message | None = None


@dataclass(frozen=True, slots=True)
class About:
    """A book's own data: title, whose it is, and which `edition`, on every sheet."""

    title: str
    author: str
    edition: Message


def write_tables(
    tables: Sequence[Table],
    translate: Translate | None = None,
    about: About | None = None,
    *,
    row_by_row: bool = False,
) -> bytes:
    """Write the tables as an .xlsx, one sheet each. Texts are text, whatever they begin with.

    `row_by_row` keeps one row in memory and the others on the disk, for the very longest.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory" if row_by_row else "in_memory": True})
    edition = ""
    if about is not None:
        edition = about.edition.render(translate)
        texts = {"title": about.title, "author": about.author, "comments": edition}
        book.set_properties({key: safe_text(text) for key, text in texts.items()})
    writer = _Writer(book, translate, edition)
    for table in tables:
        writer.add(table)
    book.close()
    return out.getvalue()


class _Writer:
    def __init__(self, book: Any, translate: Translate | None, edition: str = "") -> None:
        self.book = book
        self.edition = edition
        self.translate = translate
        self.names: set[str] = set()
        self.formats: dict[str, Any] = {}
        base = {"font_name": FONT, "font_size": 11, "font_color": f"#{INK}"}
        self.base = base
        self.text, self.quoted = self.both(base)
        self.none = book.add_format({**base, "font_color": f"#{HINT}", "align": "right"})
        title = {**base, "font_size": 16, "bold": True}
        header = {
            **base,
            "font_color": "#FFFFFF",
            "bold": True,
            "bg_color": f"#{ACCENT}",
            "valign": "vcenter",
            "text_wrap": True,
        }
        self.title, self.quoted_title = self.both(title)
        self.header, self.quoted_header = self.both(header)

    def both(self, look: dict[str, Any]) -> tuple[Any, Any]:
        """Make a format, and the same for what stays text when somebody edits the cell."""
        return self.book.add_format(look), self.book.add_format({**look, "quote_prefix": True})

    def add(self, table: Table) -> None:
        sheet = self.book.add_worksheet(self.sheet_name(self.words(table.name)))
        edition = self.edition if table.edition is None else self.words(table.edition)
        title = "　".join(part for part in (self.words(table.title), edition) if part)
        style = self.quoted_title if could_be_formula(title) else self.title
        sheet.write_string(_TITLE_ROW, 0, safe_text(title), style)
        if edition:
            # An ampersand begins a code of Excel's own; two stand for one.
            sheet.set_footer("&L" + edition.replace("&", "&&")[:200] + "&R&P / &N")
        sheet.set_row(_TITLE_ROW, 30)
        sheet.set_row(_HEADER_ROW, 26)
        heads = [self.words(title) for title in table.columns]
        widths = [_width(head) for head in heads]
        for place, head in enumerate(heads):
            style = self.quoted_header if could_be_formula(head) else self.header
            sheet.write_string(_HEADER_ROW, place, safe_text(head), style)
        last = _HEADER_ROW
        for last, row in enumerate(table.rows, start=_HEADER_ROW + 1):
            for place, value in enumerate(row):
                shown = self.put(sheet, last, place, value)
                widths[place] = max(widths[place], _width(shown))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(width, _MOST_WIDTH) + 3)
        sheet.freeze_panes(_HEADER_ROW + 1, table.frozen)
        if last > _HEADER_ROW:
            sheet.autofilter(_HEADER_ROW, 0, last, len(heads) - 1)
        sheet.repeat_rows(_HEADER_ROW)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def put(self, sheet: Any, row: int, column: int, value: Value) -> str:
        """Write one cell; return its text for the width."""
        if value is None:
            sheet.write_string(row, column, NONE, self.none)
            return NONE
        if isinstance(value, Decimal | int) and _is_exact(value):
            sheet.write_number(row, column, value, self.number(value))
            return str(value)
        text = safe_text(str(value) if isinstance(value, Decimal | int) else self.words(value))
        if not text:
            return ""
        style = self.quoted if could_be_formula(text) else self.text
        sheet.write_string(row, column, text, style)
        return text

    def number(self, value: Decimal | int) -> Any:
        """The format that shows just the places the number has."""
        places = -int(value.as_tuple().exponent) if isinstance(value, Decimal) else 0
        pattern = "0." + "0" * places if places > 0 else "0"
        if pattern not in self.formats:
            self.formats[pattern] = self.book.add_format({**self.base, "num_format": pattern})
        return self.formats[pattern]

    def words(self, text: Message | str) -> str:
        return text.render(self.translate) if isinstance(text, Message) else text

    def sheet_name(self, wanted: str) -> str:
        """A sheet's name as Excel allows it, and as no other sheet has it."""
        clean = tab_name(wanted)
        name, number = clean, 1
        while name.casefold() in self.names:
            number += 1
            end = f" {number}"
            name = cut_to_units(clean, TAB_UNITS - len(end)) + end
        self.names.add(name.casefold())
        return name


def _is_exact(value: Decimal | int) -> bool:
    return len(str(value).strip("-").replace(".", "").lstrip("0")) <= _EXACT_DIGITS


def _width(text: str) -> int:
    """The width in characters of the default font; a Chinese one takes two."""
    return sum(1 if ord(character) < 0x2E80 else 2 for character in text)
