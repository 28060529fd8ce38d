"""Rows written in the usual way are read quickly, and told as the walk tells them."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from compete.sheets.workbook import scan as rows_read
from compete.sheets.workbook.archive import unpack
from compete.sheets.workbook.limits import DEFAULT_LIMITS, Limits
from compete.sheets.workbook.opened import list_sheets
from compete.sheets.workbook.refusal import WorkbookError
from compete.sheets.workbook.scan import SheetScan, plain_rows, scan_sheet, walk_sheet

HEADS = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<w>', "<w>"]
ROWS = [
    '<row r="2"><c r="A2" s="1" t="s"><v>0</v></c><c r="IV2"/></row>',
    '<row r="3" spans="1:2" hidden="1"><c r="B3" t="inlineStr"><is><t>张&amp;三</t></is></c></row>',
    '<row r="4" hidden="0" />',
    '<row r="50000"><c r="A50000" t="s"></c></row>',
]
ODD = [
    '<row r="5"><c r="A5"><f>1+1</f><v>2</v></c></row>',
    '<row><c t="s"><v>1</v></c></row>',
    '<row r="6"><c r="A9"><v>1</v></c></row>',
    '<row r="7"><c r="IW7"><v>1</v></c></row>',
    '<row r="8"><c r="XFD8"/></row>',
    '<row r="50001"><c r="A50001"><v>1</v></c></row>',
    '<row r="9999999"/>',
    '<row r="9" spans="1:1" spans="1:1"/>',
    '<row r="10"><c r="A10" t="inlineStr"><is><t>a > b t="s"></t></is></c></row>',
    '<row r="11"><c r="A11"><v>&#49;</v></c></row>',
    '<row r="12"><c r="A12"><v>&nobody;</v></c></row>',
    '<row r="13"><c r="A13"><v>\x01</v></c></row>',
    '<!-- <row r="14"/> -->',
    "<x:row r='15'><x:c r='A15'><x:v>1</x:v></x:c></x:row>",
    "</sheetData><sheetData>",
    "</sheetData><!-- <sheetData> --><sheetData>",
    "<row",
]
TAILS = [
    "</sheetData></w>",
    '</sheetData><mergeCells><mergeCell ref="A2:A3"/></mergeCells></w>',
    '</sheetData><sheetData ><row r="70000"><c r="B70000"><v>1</v></c></row></sheetData ></w>',
    "</sheetData>",
    "</w>",
]
pieces = st.lists(st.sampled_from(ROWS), max_size=4)


def scan_or_refusal(xml: bytes, quick: bool) -> SheetScan | str:
    """What is said of a sheet, be it that it is refused."""
    try:
        return (scan_sheet if quick else walk_sheet)(xml, DEFAULT_LIMITS)
    except WorkbookError as error:
        return str(error.message)


@given(
    st.sampled_from(HEADS),
    pieces,
    st.one_of(st.just(""), st.sampled_from(ODD)),
    pieces,
    st.sampled_from(TAILS),
)
def test_it_says_what_the_walk_says(
    head: str, rows: list[str], odd: str, more: list[str], tail: str
) -> None:
    xml = "".join([head, "<sheetData>", *rows, odd, *more, tail]).encode()
    assert scan_or_refusal(xml, quick=True) == scan_or_refusal(xml, quick=False)


@pytest.mark.parametrize(
    "other",
    [
        '<?xml version="1.0" encoding="GBK"?><w><sheetData></sheetData></w>'.encode("gbk"),
        "<w><sheetData></sheetData></w>".encode("utf-16"),
        b'<w><sheetData><row r="1"><c r="A1"><v>\xff</v></c></row></sheetData></w>',
    ],
)
def test_other_encodings_are_left_to_the_walk(other: bytes) -> None:
    assert plain_rows(other) is None
    assert scan_or_refusal(other, quick=True) == scan_or_refusal(other, quick=False)


@pytest.mark.parametrize("piece", [1, 2, 3, 64, 1 << 20])
def test_a_character_may_lie_across_two_pieces(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_read, "_PIECE", piece)
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>赵启明𠮷</t></is></c></row>'.encode()
    whole = b"<w><sheetData>" + row + b"</sheetData></w>"
    assert plain_rows(whole) is not None
    cut = whole.replace("𠮷".encode(), "𠮷".encode()[:3])
    assert plain_rows(cut) is None


def test_what_the_usual_library_writes_needs_no_walk() -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["姓名", 1, 2.5, True, None])
    book.active.append(["a & b < c", "  blanks  "])
    book.active.row_dimensions[2].hidden = True
    book.save(file)
    parts = unpack(file.getvalue(), DEFAULT_LIMITS).parts
    [sheet] = list_sheets(parts)
    scan = plain_rows(parts[sheet.path])
    assert scan is not None
    assert (scan.last_row, scan.hidden_rows) == (2, {2})


def test_a_narrower_limit_is_for_the_walk() -> None:
    xml = b'<w><sheetData><row r="1"><c r="C1"><v>1</v></c></row></sheetData></w>'
    assert scan_sheet(xml, DEFAULT_LIMITS) == SheetScan()
    with pytest.raises(WorkbookError, match="C1"):
        scan_sheet(xml, Limits(columns=2))
