"""Writing of a marking scheme as it is read: the trade's form, or the eleven columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.reading.scheme_rows import LEVELS
from compete.sheets.scheme_aspects import SchemeAspect, SchemeForm
from compete.sheets.scheme_wording import rule_words
from compete.sheets.schemes.reading import ABOUT_SHEET, as_number, sum_of
from compete.sheets.workbook.look import tab_name
from compete.sheets.workbook.writing import TITLE_FONT, WRAPPED, put_header, put_text, saved

HEADINGS = (
    "Sub Criteria ID",
    "Sub Criteria Name or Description",
    "Aspect Type\nM = Meas\nJ = Judg",
    "Aspect - Description",
    "Judg Score",
    "Extra Aspect Description (Meas or Judg)\nOR\nJudgement Score Description (Judg only)",
    "Requirement\n(Measurement Only)",
    "WSOS Section",
    "Max Mark",
)
"""Nine as they are written; the criterion's letter and its total stand behind them in a header."""
_TRADE_WIDTHS = (24, 36, 9, 60, 20)
_WIDTHS = (12, 26, 12, 36, 8, 48, 30, 18, 10, 12, 9)
_MIDDLE = Alignment(vertical="center", wrap_text=True)
_EXACT, _PLACES = 15, 9
"""Digits of a number cell, and places behind its point, that are read again as written."""
_TITLE_ROW, _HEAD_ROW = 1, 2


def write_scheme(
    form: SchemeForm, event: str, module: str, aspects: Sequence[SchemeAspect]
) -> bytes:
    """Write the module's aspects as an .xlsx; a second sheet says what the form cannot."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = tab_name(module)
    if form is SchemeForm.TRADE:
        _write_trade(sheet, f"{event} {module} 评分标准", aspects)
    else:
        _write_columns(sheet, event, module, aspects)
    about = book.create_sheet(ABOUT_SHEET if sheet.title != ABOUT_SHEET else f"{ABOUT_SHEET} 2")
    about.column_dimensions["A"].width = 100
    for number, line in enumerate([*_read_me(form), *left_out(form, aspects)], start=1):
        put_text(about, number, 1, str(line)).alignment = WRAPPED
    return saved(book)


def left_out(form: SchemeForm, aspects: Sequence[SchemeAspect]) -> Iterator[Message]:
    """Say what the form cannot hold of these aspects as they are, and where it stands instead."""
    for aspect in aspects:
        if aspect.factor not in ("", "1"):
            yield msg(
                "“%(name)s”的得分乘 %(factor)s 再算，配分一列是没乘的数",
                name=aspect.name,
                factor=aspect.factor,
            )
        if form is SchemeForm.COLUMNS and not _fits_columns(aspect):
            yield msg(
                "“%(name)s”不是合格不合格，也不是四档都写明的分档，这种表没有它的写法："
                "写成 M，怎么给分写在 F 列，别的软件会当成合格不合格",
                name=aspect.name,
            )


def _read_me(form: SchemeForm) -> Iterator[Message]:
    yield msg("改好可以从“规则和配分”里导回去，先核对，再放进表单。")
    if form is SchemeForm.TRADE:
        yield msg("“评分标准”第一行写怎么给分，下面几行写给裁判看的话。第一行空着就是直接给分。")
    else:
        yield msg("M 怎么给分写在 F 列，空着就是直接给分；J 是 0 到 3 四档，每档一行说明。")
    yield msg(
        "平板上最多最少记多少、评分点的代码，这张表里没有：导回原来的模块，"
        "项目和考核要点没改的，照原来的。"
    )


def _fits_columns(aspect: SchemeAspect) -> bool:
    if aspect.type == "measurement":
        return not aspect.own.get("bands")
    return len(aspect.levels) == len(LEVELS)


def _write_trade(sheet: Worksheet, title: str, aspects: Sequence[SchemeAspect]) -> None:
    headings = ["项目", "考核要点", "配分", "评分标准"]
    if any(aspect.standard for aspect in aspects):
        headings.append("职业标准")
    put_text(sheet, _TITLE_ROW, 1, title).font = TITLE_FONT
    for column, heading in enumerate(headings, start=1):
        put_header(sheet, _HEAD_ROW, column, heading)
        sheet.column_dimensions["ABCDE"[column - 1]].width = _TRADE_WIDTHS[column - 1]
    row = _HEAD_ROW + 1
    for criterion, group in groupby(aspects, key=lambda aspect: aspect.criterion):
        rows = list(group)
        for place, aspect in enumerate(rows):
            # An aspect without heading stands in the heading's column, and has none to be read.
            left, right = (criterion, aspect.name) if criterion else (aspect.name, "")
            if not criterion or place == 0:
                put_text(sheet, row + place, 1, left).alignment = _MIDDLE
            put_text(sheet, row + place, 2, right).alignment = _MIDDLE
            _put_number(sheet, row + place, 3, aspect.max)
            words = "\n".join(text for text in (rule_words(aspect), aspect.hint) if text)
            put_text(sheet, row + place, 4, words).alignment = WRAPPED
            if len(headings) > 4:
                put_text(sheet, row + place, 5, aspect.standard)
        if criterion and len(rows) > 1:
            sheet.merge_cells(
                start_row=row, end_row=row + len(rows) - 1, start_column=1, end_column=1
            )
        row += len(rows)
    put_text(sheet, row, 1, "合计")
    _put_number(sheet, row, 3, plain(sum_of(aspects)))
    sheet.freeze_panes = f"A{_HEAD_ROW + 1}"


def _write_columns(
    sheet: Worksheet, event: str, module: str, aspects: Sequence[SchemeAspect]
) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFGHIJK"[column]].width = width
    judged = [aspect for aspect in aspects if _letter(aspect) == "J"]
    measured = [aspect for aspect in aspects if _letter(aspect) == "M"]
    put_text(sheet, 1, 1, f"Skill: {event}")
    put_text(sheet, 2, 1, f"Test Project: {module}")
    for column, heading in enumerate(
        ("Criterion", "Description", "Meas (M)", "Judg (J)", "Total"), start=1
    ):
        put_header(sheet, 4, column, heading)
    for row, name in ((5, module), (6, "")):
        put_text(sheet, row, 1, "A" if name else "Total")
        put_text(sheet, row, 2, name)
        for column, counted in enumerate((measured, judged, aspects), start=3):
            _put_number(sheet, row, column, plain(sum_of(counted)))
    for column, heading in enumerate(HEADINGS, start=1):
        put_header(sheet, 8, column, heading).alignment = _MIDDLE
    put_header(sheet, 8, 10, "Criterion A")
    _put_number(sheet, 8, 11, plain(sum_of(aspects)))
    put_text(sheet, 9, 1, "A")
    put_text(sheet, 9, 2, module)
    row = 10
    groups = groupby(aspects, key=lambda aspect: aspect.criterion)
    for number, (criterion, group) in enumerate(groups, start=1):
        put_text(sheet, row, 1, f"A{number}")
        put_text(sheet, row, 2, criterion)
        row += 1
        for aspect in group:
            row = _write_aspect(sheet, row, aspect)


def _write_aspect(sheet: Worksheet, row: int, aspect: SchemeAspect) -> int:
    letter = _letter(aspect)
    put_text(sheet, row, 3, letter)
    put_text(sheet, row, 4, aspect.name).alignment = WRAPPED
    words = rule_words(aspect)
    if letter == "J":
        # Its type says it already, but for what the first line adds.
        words = words.split("\n")[0] if "；" in words.split("\n")[0] else ""
        if words:
            words = f"分 {len(LEVELS)} 档，没有写明；{words.partition('；')[2]}"
    put_text(sheet, row, 6, words).alignment = WRAPPED
    put_text(sheet, row, 7, aspect.hint).alignment = WRAPPED
    put_text(sheet, row, 8, aspect.standard)
    _put_number(sheet, row, 9, aspect.max)
    put_text(sheet, row, 10, "A")
    if letter == "J":
        for level, text in zip(LEVELS, aspect.levels, strict=True):
            row += 1
            _put_number(sheet, row, 5, level)
            put_text(sheet, row, 6, text).alignment = WRAPPED
    return row + 1


def _letter(aspect: SchemeAspect) -> str:
    return "J" if aspect.type == "judgement" and _fits_columns(aspect) else "M"


def _put_number(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Put a number where a spreadsheet keeps all of its digits, else a text."""
    number, places = as_number(text), len(text.partition(".")[2])
    cell = put_text(sheet, row, column, text)
    digits = len(text.strip("-").replace(".", "").lstrip("0"))
    if number is not None and digits <= _EXACT and places <= _PLACES:
        cell.value = float(number) if "." in text else int(number)
        cell.data_type = "n"
