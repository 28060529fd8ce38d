"""What is sent instead of a workbook is named, with what to do about it."""

from __future__ import annotations

import zlib

import pytest

from compete.sheets.registration.reading import read_registration
from compete.sheets.workbook.opened import Format, format_of, open_workbook
from compete.sheets.workbook.refusal import WorkbookError
from tests.sheets.files import ole_file, repacked, with_part, zip_file
from tests.sheets.people import one_row, own_table, raw_workbook, workbook_of

CSV = "姓名,证件号码,单位\n赵启明,320000199001010012,海州港\n"


def refusal(data: bytes) -> str:
    """What the user is told."""
    with pytest.raises(WorkbookError) as caught:
        read_registration(data)
    return str(caught.value.message)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "空的"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "照片"),
        (b"\x89PNG\r\n\x1a\n", "图片"),
        (b"GIF89a", "图片"),
        (b"Rar!\x1a\x07\x00", "压缩包"),
        (b"7z\xbc\xaf\x27\x1c", "压缩包"),
        (b"\x1f\x8b\x08\x00", "压缩包"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\x00\x01\x02\x03" * 100, "不是 Excel 工作簿"),
    ],
    ids=[
        "empty",
        "pdf",
        "jpeg",
        "png",
        "gif",
        "rar",
        "7z",
        "gzip",
        "web page",
        "noise",
    ],
)
def test_another_kind_of_file_is_named(data: bytes, sentence: str) -> None:
    assert sentence in refusal(data)


@pytest.mark.parametrize(
    "data",
    [CSV.encode(), b"\xef\xbb\xbf" + CSV.encode(), CSV.encode("gb18030"), CSV.encode("utf-16")],
    ids=["csv", "csv with mark", "csv of old Windows", "csv in UTF-16"],
)
def test_plain_text_is_a_sheet(data: bytes) -> None:
    (row,) = read_registration(data).people.rows
    assert row.cells["id_number"] == "320000199001010012"


def test_a_long_text_cut_in_the_middle_of_a_character_is_still_text() -> None:
    assert format_of(("一" * 3000).encode("gb18030") + b"\xc4") is Format.TEXT


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}, "Word"),
        ({"[Content_Types].xml": b"<x/>", "ppt/presentation.xml": b"<x/>"}, "演示文稿"),
        ({"[Content_Types].xml": b"<x/>", "xl/workbook.bin": b"x"}, ".xlsb"),
        ({"报名表.xlsx": b"PK"}, "解压"),
        ({"readme.txt": b"hello"}, "不是 Excel 工作簿"),
    ],
    ids=["docx", "pptx", "xlsb", "zipped workbook", "other zip"],
)
def test_another_kind_of_archive_is_named(parts: dict[str, bytes], sentence: str) -> None:
    assert sentence in refusal(zip_file(parts))


def test_a_workbook_with_a_password_is_refused_with_the_way_out() -> None:
    assert "取消密码" in refusal(ole_file("EncryptionInfo", "EncryptedPackage"))


def test_a_damaged_old_workbook_is_broken() -> None:
    assert "坏了" in refusal(ole_file("Workbook", "\x05SummaryInformation"))


def test_another_old_office_file_is_not_called_a_workbook() -> None:
    assert "不是 Excel 工作簿" in refusal(ole_file("WordDocument"))


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(workbook_of(one_row()))
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "密码" in refusal(bytes(data))


def test_a_cut_off_workbook_is_broken() -> None:
    data = workbook_of(one_row())
    assert "坏了" in refusal(data[: len(data) // 2])


def test_a_changed_byte_is_noticed() -> None:
    data = bytearray(workbook_of(one_row()))
    at = data.index(b"xl/worksheets/sheet1.xml") + 200
    data[at] ^= 0xFF
    assert "坏了" in refusal(bytes(data))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_broken_xml_is_a_broken_file(part: str) -> None:
    assert "坏了" in refusal(with_part(workbook_of(one_row()), part, b"<a><b></a>"))


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/styles.xml"])
def test_broken_xml_of_a_part_that_only_the_reader_sees_is_a_broken_file(part: str) -> None:
    assert "坏了" in refusal(with_part(workbook_of(one_row()), part, b"<sst><si></sst>"))


def test_a_missing_part_is_a_broken_file() -> None:
    data = workbook_of(one_row())
    broken = repacked(data, lambda name, part: None if name.endswith("workbook.xml.rels") else part)
    assert "坏了" in refusal(broken)


def test_a_workbook_without_our_header_says_what_it_lacks() -> None:
    assert "没找到表头" in refusal(raw_workbook({"Sheet1": [["货物", "吨"], ["煤", 3]]}))


def test_a_header_with_nobody_below_is_said_to_be_empty() -> None:
    assert "没有人" in refusal(own_table())


def test_macros_are_left_aside_and_that_is_said() -> None:
    data = with_part(workbook_of(one_row()), "xl/vbaProject.bin", b"\x00" * 64)
    table = read_registration(data)
    assert len(table.people.rows) == 1
    assert any("宏" in str(notice) for notice in table.notices)


def test_nothing_but_text_parts_reaches_the_reader() -> None:
    picture = zlib.compress(b"x")
    data = with_part(workbook_of(one_row()), "xl/media/image1.png", picture)
    assert open_workbook(data).names == ("选手", "单位", "填表说明")


@pytest.mark.parametrize("word", ["花名册", "淮海船闸", "会员单位"])
def test_a_text_file_may_begin_with_a_byte_of_the_mark(word: str) -> None:
    rows = open_workbook(f"{word}\n姓名,单位\n张三,甲单位\n".encode("gb18030"), name="-")
    assert rows.sheet("-").rows[0][0] == word
