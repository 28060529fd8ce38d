"""A unit's own file: people without numbers become drafts, pictures beside them their photos."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from openpyxl.drawing.image import Image as SheetImage
from sqlalchemy import select
from werkzeug.test import TestResponse

from compete.models import Account, Application, Competition, ImportBatch, Portrait, db
from compete.services.registration.applications import cells_of
from tests.sheets.people import citizen_id
from tests.web.organiser.registration.test_sheet_photos import photo, press
from tests.web.unit.test_unit_pages import by_link

NUMBER = citizen_id(date(1990, 1, 2), 11)


def book(rows: Sequence[Sequence[str]], pictures: dict[str, bytes] | None = None) -> bytes:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cell, content in (pictures or {}).items():
        sheet.add_image(SheetImage(BytesIO(content)), cell)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture
def contact(app: Flask, fresh: Competition, organiser: Account) -> FlaskClient:
    return by_link(app, fresh, organiser)


def send(contact: FlaskClient, content: bytes) -> TestResponse:
    sent = {"workbook": (BytesIO(content), "名册.xlsx")}
    return contact.post("/unit/X/upload", data=sent, follow_redirects=True)


def entered() -> dict[str, str]:
    """Each person who is entered with the number that was written."""
    db.session.rollback()
    rows = db.session.scalars(select(Application).order_by(Application.id))
    return {it.name: cells_of(it).get("id_number", "") for it in rows}


def test_people_without_numbers_become_drafts_once(contact: FlaskClient) -> None:
    rows = [("姓名", "手机"), ("来人甲", "13900000001"), ("来人乙", "13900000002")]
    page = send(contact, book(rows))
    assert "没有证件号码一列" in page.text
    assert "2 行已写入" in press(contact, page).text
    assert entered() == {"来人甲": "", "来人乙": ""}
    # The same file again is of the same people, and one with numbers completes them.
    assert "没有要写入的行" in send(contact, book(rows)).text
    with_numbers = [("姓名", "证件号码"), ("来人甲", NUMBER)]
    press(contact, send(contact, book(with_numbers)))
    assert entered() == {"来人甲": NUMBER, "来人乙": ""}
    # A file without numbers takes nobody's away.
    press(contact, send(contact, book([rows[0], ("来人甲", "13900000009")])))
    assert entered() == {"来人甲": NUMBER, "来人乙": ""}


def test_a_unit_may_leave_one_number_empty(contact: FlaskClient) -> None:
    page = send(contact, book([("姓名", "证件号码"), ("来人甲", NUMBER), ("来人乙", "")]))
    assert "先空着" in page.text


def test_what_a_unit_put_right_waits_on_the_page_of_its_uploads(contact: FlaskClient) -> None:
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    send(contact, book([("姓名", "证件号码"), ("来人甲", wrong)]))
    assert "还有没写的行" not in contact.get("/unit/X/upload").text
    batch = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    assert batch is not None
    right = {"row": "2", "key": "id_number", "act": "text", "text": NUMBER}
    page = contact.post(f"/unit/X/upload/{batch.id}/cell", data=right, follow_redirects=True)
    assert "先放着" in page.text
    waiting = contact.get("/unit/X/upload").text
    assert "名册.xlsx 还有没写的行" in waiting
    assert f"/unit/X/upload/{batch.id}" in waiting


def test_pictures_become_photos_of_those_who_have_none(contact: FlaskClient) -> None:
    rows = [
        ("姓名", "证件号码", "照片"),
        ("来人甲", NUMBER),
        ("来人乙", citizen_id(date(1990, 1, 2), 12)),
    ]
    pictures = {"C2": photo("red"), "C3": photo("green", (60, 60))}
    page = send(contact, book(rows, pictures))
    assert "表里有 2 张照片，写入时存给还没有照片的人" in page.text
    done = press(contact, page).text
    assert "存了表里的 1 张照片" in done
    assert "来人乙：照片太小" in done

    def shown() -> dict[str, str]:
        db.session.rollback()
        query = select(Application.name, Portrait.sha256)
        query = query.join(Portrait, Portrait.application_id == Application.id)
        return dict(db.session.execute(query).tuples().all())

    first = shown()
    assert {*first} == {"来人甲"}
    again = press(contact, send(contact, book(rows, {"C2": photo("blue"), "C3": photo("white")})))
    assert "来人甲已经有照片，没有换" in again.text
    assert {*shown()} == {"来人甲", "来人乙"}
    assert shown()["来人甲"] == first["来人甲"]


def test_people_below_the_name_of_another_unit_are_not_taken_for_ones_own(
    contact: FlaskClient,
) -> None:
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, who in (("甲单位", "来人甲"), ("乙单位", "来人乙"), ("补报", "来人丙")):
        sheet = made.create_sheet(name)
        sheet.append(["姓名", "手机"])
        sheet.append([who, "13900000001"])
    out = BytesIO()
    made.save(out)
    page = send(contact, out.getvalue())
    assert "没有“乙单位”" in page.text
    press(contact, page)
    assert [*entered()] == ["来人甲", "来人丙"]
    # The name of who holds the competition in a title is nobody's unit.
    titled = [("江南市总工会技能竞赛报名表",), ("姓名", "手机"), ("来人丁", "13900000004")]
    press(contact, send(contact, book(titled)))
    assert [*entered()] == ["来人甲", "来人丙", "来人丁"]
