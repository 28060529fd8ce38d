"""The catalogue of occupations on the desk: seen by organisers, changed by administrators."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Competition, Occupation, db
from compete.services.directory.occupations.shipped import fill_catalogue
from compete.services.kernel.transactions import unit_of_work
from tests.support.people import visitor
from tests.web.organiser.directory.brought_rows import (
    again,
    column,
    packed,
    refuses_what_no_preview_packs,
    sent,
)

ROW = {"name": "叉车修理工", "code": "6-31-01-09", "edition": "2015", "tracks": "电动叉车"}


@pytest.fixture
def desks(app: Flask, fresh: Competition) -> tuple[FlaskClient, FlaskClient]:
    """The administrator's and an organiser's."""
    with unit_of_work():
        fill_catalogue()
    return visitor(app, "admin", fresh), visitor(app, "organiser", fresh)


def book(*rows: tuple[object, ...]) -> dict[str, object]:
    return sent(("职业", "编码", "年版", "工种"), *rows)


def test_organisers_look_and_administrators_change(
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    admin, organiser = desks
    seen = organiser.get("/desk/occupations?q=ccsj&edition=2015").text
    assert "起重装卸机械操作工" in seen
    assert "加一条" not in seen
    assert 'href="/desk/occupations"' in seen
    assert organiser.post("/desk/occupations", data=ROW).status_code == 404
    wrong = admin.post("/desk/occupations", data=ROW | {"code": "6-3"})
    assert wrong.status_code == 400
    assert "写成 6-30-05-01 这样" in wrong.text
    assert 'value="叉车修理工"' in wrong.text
    assert admin.post("/desk/occupations", data=ROW).status_code == 302
    assert admin.post("/desk/occupations", data=ROW).status_code == 409
    (made,) = db.session.query(Occupation).filter_by(code="6-31-01-09")
    page = f"/desk/occupations/{made.id}"
    assert "职业目录由管理员改" in organiser.get(page).text
    assert re.search(r"<textarea[^>]*>\s*电动叉车</textarea>", admin.get(page).text)
    for act in ("", "/close", "/reopen"):
        assert organiser.post(page + act, data=ROW).status_code == 404
    assert admin.post(page, data=ROW | {"note": "新的"}, follow_redirects=True).status_code == 200
    assert "存下了" in admin.get(page).text or "新的" in admin.get(page).text
    assert admin.post(page + "/close").status_code == 302
    assert "恢复以后又能选" in admin.get(page).text
    assert admin.post(page, data=ROW | {"note": "再"}).status_code == 409
    assert "叉车修理工" in organiser.get("/desk/occupations?view=closed").text
    assert "叉车修理工" not in organiser.get("/desk/occupations?q=叉车修理").text
    assert admin.post(page + "/reopen").status_code == 302
    assert "待核" in organiser.get("/desk/occupations?view=to-check").text
    assert "没有找到" in organiser.get("/desk/occupations?q=没有的").text
    assert organiser.get("/desk/occupations/999999").status_code == 404


def test_a_workbook_is_looked_at_and_then_written(
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    admin, organiser = desks
    assert organiser.get("/desk/occupations/upload").status_code == 404
    wrong = admin.post(
        "/desk/occupations/upload",
        data=book(("叉车修理工", "6-31-01-09", 2015, "甲"), ("电工", "6-31", 2010, "")),
    ).text
    assert "职业编码：写成 6-30-05-01 这样，还不知道就空着" in wrong
    assert "版本：写 1999、2015 或 2022" in wrong
    assert 'name="cell:3:edition"' in wrong
    good = admin.post(
        "/desk/occupations/upload",
        data=book(
            ("叉车修理工", "6-31-01-09", 2015, "甲"), ("维修电工", "6-31-01-03", "2015年版", "")
        ),
    ).text
    assert "职业名称：原来是 电工" in good
    rows = packed(good)
    assert organiser.post("/desk/occupations/write", data=rows).status_code == 404
    page_text = admin.post("/desk/occupations/write", data=rows, follow_redirects=True).text
    assert "新增 1 条，更正 1 条" in page_text
    assert refuses_what_no_preview_packs(admin, "/desk/occupations/write")
    content = organiser.get("/desk/occupations/workbook.xlsx").data
    assert {"叉车修理工", "维修电工"} <= column(content, 0)
    page_text = admin.post("/desk/occupations/upload", data=again(content)).text
    assert "和目录里一样，不用写" in page_text
    nothing = admin.post("/desk/occupations/upload", data=again(b"x"))
    assert nothing.status_code == 400
    assert admin.post("/desk/occupations/upload", data={}).status_code == 400


def test_what_is_typed_is_proposed_and_what_differs_is_told(
    desks: tuple[FlaskClient, FlaskClient], fresh: Competition
) -> None:
    _admin, organiser = desks
    proposals = organiser.get("/desk/occupations/proposed?q=chache").get_json()
    assert 'data-track="叉车司机"' in proposals["rows"]
    assert proposals["hints"].strip() == ""
    code_proposals = organiser.get(
        "/desk/occupations/proposed?code=6-04-02-05&name=焊工"
    ).get_json()
    assert "2015 年版改成 6-18-02-04 焊工" in code_proposals["hints"]
    assert organiser.get("/desk/occupations/proposed").get_json()["rows"].strip() == ""
    event = fresh.events[0].code
    rules = f"/desk/{fresh.code}/events/rules?event={event}"
    page = organiser.get(rules).text
    assert 'data-field="occupation.name"' in page


def test_an_event_with_an_old_code_is_told_and_not_stopped(
    app: Flask, forklift: Competition
) -> None:
    with unit_of_work() as session:
        fill_catalogue()
        occupation = session.query(Occupation).filter_by(code="6-30-05-01").one()
        occupation.code, occupation.newer, occupation.edition = "6-30-05-01", "6-30-05-99", 1999
    organiser = visitor(app, "organiser", forklift)
    sentence = "6-30-05-01 是 1999 年版的编码，后来改成 6-30-05-99"
    assert sentence in organiser.get("/desk/FORK-2022/events").text
    assert sentence in organiser.get("/desk/FORK-2022/certificates/body").text
