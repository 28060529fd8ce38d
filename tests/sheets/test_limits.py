"""A small file may be made to fill any memory; none of these gets that far."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from compete.domain.values.upload_limits import LARGEST_WORKBOOK, MIB
from compete.sheets.registration.reading import RegistrationBook, read_registration
from compete.sheets.workbook.archive import unpack
from compete.sheets.workbook.limits import (
    DEFAULT_LIMITS,
    Limits,
    read_upload,
)
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from tests.sheets.files import lying_about_size, with_part, with_sheet_xml
from tests.sheets.people import one_row, own_table, shared_text_table, workbook_of

SHEET = "xl/worksheets/sheet1.xml"


class Upload:
    """A stream that counts what is taken from it and never ends."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1, /) -> bytes:
        assert size > 0, "reads everything at once"
        self.taken += size
        return bytes(size)


def refusal(data: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    """What the user is told."""
    with pytest.raises(WorkbookError) as caught:
        RegistrationBook(data, limits=limits)
    return str(caught.value.message)


def test_an_upload_announced_as_200_mb_is_refused_unread() -> None:
    upload = Upload()
    with pytest.raises(WorkbookError, match="200 MB，最多 20 MB"):
        read_upload(upload, declared=200 * MIB)
    assert upload.taken == 0


def test_an_upload_that_announces_less_than_it_is_is_cut_off_at_the_limit() -> None:
    upload = Upload()
    with pytest.raises(WorkbookError, match="超过 20 MB"):
        read_upload(upload, declared=10)
    assert upload.taken == LARGEST_WORKBOOK + 1


def test_an_upload_within_the_limit_comes_whole() -> None:
    data = workbook_of(one_row())
    assert read_upload(io.BytesIO(data), declared=len(data)) == data


def test_an_upload_of_just_the_limit_is_taken() -> None:
    assert len(read_upload(io.BytesIO(b"x" * 100), limits=Limits(file=100))) == 100


def test_bytes_over_the_limit_are_refused_before_anything_else() -> None:
    assert "最多 20 MB" in refusal(bytes(LARGEST_WORKBOOK + 1))


def test_a_zip_bomb_that_says_so_is_refused() -> None:
    bomb = with_part(workbook_of(one_row()), SHEET, b"<a>" + b" " * (20 * MIB))
    assert len(bomb) < MIB
    limits = replace(DEFAULT_LIMITS, unpacked=4 * MIB, ratio=10_000)
    assert "大得不正常" in refusal(bomb, limits)


def test_a_part_that_swells_more_than_a_sheet_ever_does_is_refused() -> None:
    bomb = with_part(workbook_of(one_row()), SHEET, b"<a>" + b" " * (20 * MIB))
    assert "大得不正常" in refusal(bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = with_part(workbook_of(one_row()), SHEET, b"<a>" + b" " * (20 * MIB))
    assert "大得不正常" in refusal(lying_about_size(bomb, SHEET, 1000))


def test_a_part_larger_than_it_says_is_refused_even_within_the_limits() -> None:
    data = lying_about_size(workbook_of(one_row()), SHEET, 100)
    assert "坏了" in refusal(data)


def test_many_parts_that_are_small_each_are_too_much_together() -> None:
    data = workbook_of(one_row())
    size = sum(len(part) for part in unpack(data, DEFAULT_LIMITS).parts.values())
    assert RegistrationBook(data, limits=replace(DEFAULT_LIMITS, unpacked=size))
    assert "大得不正常" in refusal(data, replace(DEFAULT_LIMITS, unpacked=size - 1))


def test_an_archive_of_very_many_entries_is_refused() -> None:
    assert "大得不正常" in refusal(workbook_of(one_row()), replace(DEFAULT_LIMITS, parts=5))


def test_two_parts_of_one_name_are_refused() -> None:
    data = with_part(workbook_of(one_row()), "XL/Worksheets/sheet1.xml", b"<a/>")
    assert "坏了" in refusal(data)


def test_two_cells_in_far_corners_do_not_make_a_table_of_all_between() -> None:
    data = with_sheet_xml(
        own_table(["赵启明"]),
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )
    assert "第 1048576 行还有内容" in refusal(data)


def test_a_cell_far_to_the_right_is_named() -> None:
    data = with_sheet_xml(
        own_table(["赵启明"]),
        b"</sheetData>",
        b'<row r="3"><c r="XFD3"><v>1</v></c></row></sheetData>',
    )
    assert "XFD3 里还有内容" in refusal(data)


def test_cells_that_are_only_coloured_count_for_nothing() -> None:
    data = with_sheet_xml(
        own_table(["赵启明", "320000199001010012", "海州港"]),
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>',
    )
    assert len(read_registration(data).people.rows) == 1


def test_one_long_text_in_very_many_cells_is_refused() -> None:
    long_text = "长" * 30_000
    rows = [[long_text, "1", "海州港"] for _ in range(50)]
    data = shared_text_table(*rows)
    assert "特别长的文字" in refusal(data, replace(DEFAULT_LIMITS, cell_text=4_000_000))


def test_one_long_text_in_one_cell_is_no_reason_to_refuse() -> None:
    rows = [["赵启明", "1", "海州港"] for _ in range(50)]
    data = shared_text_table(["长" * 30_000, "1", "海州港"], *rows)
    limits = replace(DEFAULT_LIMITS, cell_text=4_000_000)
    assert len(RegistrationBook(data, limits=limits).table().people.rows) == 51


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml"])
def test_a_document_type_is_refused(part: str) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    assert "坏了" in refusal(with_part(workbook_of(one_row()), part, bomb))


def test_overlapping_merged_areas_are_refused() -> None:
    areas = b'<mergeCell ref="C2:C9"/>' * 9
    rows = [["赵启明", "1", "海州港"]] * 8
    data = with_sheet_xml(
        own_table(*rows), b"</sheetData>", b"</sheetData><mergeCells>" + areas + b"</mergeCells>"
    )
    assert "坏了" in refusal(data)


def test_a_cell_name_that_is_none_is_refused() -> None:
    data = with_sheet_xml(own_table(["赵启明"]), b'r="A2"', b'r="2A"')
    assert "坏了" in refusal(data)


def test_sheets_within_the_limits_open() -> None:
    book = open_workbook(workbook_of(one_row()))
    assert book.sheet("选手").rows[1][1] == "姓名*"
