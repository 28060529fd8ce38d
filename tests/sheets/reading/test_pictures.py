"""Pictures in a sheet: each is offered to the person of its row, and no file is refused for one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image

from compete.domain.values.upload_limits import LARGEST_PORTRAIT
from compete.sheets.reading.reading import read_sheets
from compete.sheets.reading.shapes import Reading
from compete.sheets.workbook.opened import open_workbook
from compete.sheets.workbook.pictures import picture_of

HEAD = ["姓名", "手机", "照片"]
ROWS = [HEAD, ["张三", "13800000001"], ["李四", "13800000002"], ["王五", "13800000003"]]


def _png(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 40), colour).save(out, "PNG")
    return out.getvalue()


def _book(rows: Sequence[Sequence[Any]], pictures: Mapping[str, bytes]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cell, content in pictures.items():
        sheet.add_image(SheetImage(io.BytesIO(content)), cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _read(data: bytes) -> Reading:
    return read_sheets(open_workbook(data), "people")


def _with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in {*old.namelist()} - {*parts}:
            new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def test_each_person_has_the_picture_of_their_row() -> None:
    red, blue = _png("red"), _png("blue")
    data = _book(ROWS, {"C2": red, "C4": blue})
    reading = _read(data)
    pictures = [picture_of(data, row.picture) if row.picture else None for row in reading.rows]
    assert pictures == [red, None, blue]
    assert [(it.row, str(it.why)) for it in reading.remarks] == [
        (2, "旁边的图片当作本人的照片"),
        (4, "旁边的图片当作本人的照片"),
    ]


def test_of_two_pictures_in_a_row_none_is_taken_and_that_is_told() -> None:
    reading = _read(_book(ROWS, {"C2": _png("red"), "D2": _png("blue")}))
    assert not any(row.picture for row in reading.rows)
    assert [it.row for it in reading.remarks] == [2]


def test_a_form_has_its_picture_and_a_crest_above_a_table_is_nobodys() -> None:
    form = [["姓名", "张三", "性别", "男"], ["手机", "13800000001", "技能等级", "高级工"]]
    assert _read(_book(form, {"E1": _png("red")})).rows[0].picture
    titled = [["报名表"], *ROWS]
    assert not any(row.picture for row in _read(_book(titled, {"A1": _png("red")})).rows)


def test_people_side_by_side_have_each_their_own() -> None:
    rows = [[*HEAD, *HEAD], ["张三", "13800000001", None, "李四", "13800000002", None]]
    red, blue = _png("red"), _png("blue")
    data = _book(rows, {"C2": red, "F2": blue})
    reading = _read(data)
    assert [row.values["name"] for row in reading.rows] == ["张三", "李四"]
    assert [picture_of(data, row.picture) for row in reading.rows] == [red, blue]


def test_a_picture_that_lies_inside_a_cell_is_found_by_its_name() -> None:
    rows = [HEAD, ["张三", "13800000001", '=_xlfn.DISPIMG("ID_AB12",1)'], ["李四", "13800000002"]]
    red = _png("red")
    images = (
        b'<etc:cellImages xmlns:etc="e" xmlns:xdr="x" xmlns:a="a" xmlns:r="r"><etc:cellImage>'
        b'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_AB12"/></xdr:nvPicPr><xdr:blipFill>'
        b'<a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>'
    )
    relations = (
        b'<Relationships xmlns="p"><Relationship Id="rId1" Type="t" Target="media/a.png"/>'
        b"</Relationships>"
    )
    parts = {
        "xl/cellimages.xml": images,
        "xl/_rels/cellimages.xml.rels": relations,
        "xl/media/a.png": red,
    }
    data = _with_parts(_book(rows, {}), parts)
    reading = _read(data)
    assert [picture_of(data, row.picture) if row.picture else None for row in reading.rows] == [
        red,
        None,
    ]
    assert not reading.asked


def test_a_broken_drawing_and_a_huge_picture_take_nothing_from_the_people() -> None:
    data = _book(ROWS, {"C2": _png("red")})
    broken = _with_parts(data, {"xl/drawings/drawing1.xml": b"<xdr:wsDr><blip"})
    assert len(_read(broken).rows) == 3
    part = _read(data).rows[0].picture
    huge = _with_parts(data, {part: b"\0" * (LARGEST_PORTRAIT + 1)})
    assert len(_read(huge).rows) == 3
    assert picture_of(huge, part) is None
    assert picture_of(b"PK", part) is None
    assert load_workbook(io.BytesIO(data)).active is not None
