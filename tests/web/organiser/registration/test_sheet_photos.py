"""Photos that lie in a list of people: offered to the person of their row once they are written."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from compete.models import Account, Competition, Entrant, ImportBatch, Portrait, db
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.registration import preview
from tests.sheets.people import citizen_id
from tests.support.signing_in import signed_in

UPLOAD = "/desk/X/entrants/upload"
HEAD = ("姓名", "身份证号", "单位", "赛项", "照片")


def photo(colour: str, size: tuple[int, int] = (300, 420)) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def people(pictures: dict[str, bytes], unit: str = "甲单位") -> bytes:
    """Three people, with pictures at some cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD)
    for place, sign in enumerate("甲乙丙"):
        number = citizen_id(date(1990, 1, 2), 11 + place)
        sheet.append((f"来人{sign}", number, unit if place == 2 else "甲单位", "赛项"))
    for cell, content in pictures.items():
        sheet.add_image(SheetImage(BytesIO(content)), cell)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def desk(app: Flask, fresh: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def send(desk: FlaskClient, content: bytes) -> TestResponse:
    sent = {"workbook": (BytesIO(content), "名册.xlsx")}
    return desk.post(UPLOAD, data=sent, follow_redirects=True)


def press(desk: FlaskClient, page: TestResponse, what: str = "write") -> TestResponse:
    (address,) = re.findall(rf'action="([^"]*/{what}[^"]*)"', page.text)[:1]
    return desk.post(unescape(address), follow_redirects=True)


def with_photo() -> dict[str, str]:
    """The name of everybody who has a photo, with the photo's sum."""
    db.session.rollback()
    query = select(Entrant.name, Portrait.sha256).join(Portrait, Portrait.entrant_id == Entrant.id)
    return dict(db.session.execute(query).tuples().all())


def test_each_person_is_offered_the_picture_of_their_row(desk: FlaskClient) -> None:
    pictures = {"E2": photo("red"), "E3": photo("blue"), "E4": photo("green", (60, 60))}
    page = send(desk, people(pictures))
    assert "表里有 3 张照片，写入以后一张张核对，再存" in page.text
    looked = press(desk, page)
    assert "3 行已写入" in looked.text
    assert "表里的照片在这里，一张张核对再存" in looked.text
    assert with_photo() == {}, "nothing is kept before somebody says so"
    assert "照片太小" in looked.text
    press(desk, looked)
    first = with_photo()
    assert {*first} == {"来人甲", "来人乙"}
    # The same list with a better picture: nobody is written, and the one is offered.
    page = send(desk, people({"E2": photo("white")}))
    assert "没有要写入的行" in page.text
    looked = press(desk, page)
    press(desk, looked)
    now = with_photo()
    assert now["来人甲"] != first["来人甲"]
    assert now["来人乙"] == first["来人乙"]


def test_who_is_not_written_is_offered_none_and_of_two_pictures_none_is_taken(
    desk: FlaskClient,
) -> None:
    pictures = {"E2": photo("red"), "F2": photo("blue"), "E3": photo("red"), "E4": photo("blue")}
    page = send(desk, people(pictures, unit="没有这家单位"))
    assert "旁边有几张图片，不知道哪张是照片，没有用" in page.text
    looked = press(desk, page)
    press(desk, looked)
    assert {*with_photo()} == {"来人乙"}


def test_a_large_list_offers_its_pictures_when_its_job_has_written_it(
    desk: FlaskClient, fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "LARGE_UPLOAD", 1)
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    for colour, added in (("red", 3), ("white", 0)):
        send(desk, people({"E2": photo(colour), "E4": photo("blue", (60, 60))}))
        assert do_next(fresh.id)
        batch = db.session.scalar(select(func.max(ImportBatch.id)))
        page = desk.get(f"{UPLOAD}/{batch}")
        assert f"<b>{added}</b>" in page.text
        assert "表里有 2 张照片" in page.text
        running = press(desk, page)
        assert do_next(fresh.id)
        looked = desk.get(running.request.path, follow_redirects=True)
        assert "表里的照片在这里，一张张核对再存" in looked.text
        assert "照片太小" in looked.text
        press(desk, looked)
        assert {*with_photo()} == {"来人甲"}
