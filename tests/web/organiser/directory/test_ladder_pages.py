"""The table of ladders on the desk: looked at, changed, brought as rows, chosen for an event."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Competition, GradeLadder, db
from compete.services.directory.ladders.table import fill_ladders
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.transactions import unit_of_work
from tests.support.people import visitor
from tests.web.organiser.directory.brought_rows import (
    again,
    column,
    packed,
    refuses_what_no_preview_packs,
    sent,
)
from tests.web.organiser.rules.test_event_pages import fields

OWN = {
    "name": "运行员",
    "rungs[1].rung": "一级运行员",
    "rungs[1].grade": "5",
    "rungs[2].rung": "二级运行员",
    "rungs[2].grade": "4",
    "rungs[2].face": "二级/运行员",
    "rungs[3].rung": "",
}


@pytest.fixture
def desks(app: Flask, fresh: Competition) -> tuple[FlaskClient, FlaskClient]:
    """The administrator's and an organiser's."""
    with unit_of_work():
        fill_ladders()
    return visitor(app, "admin", fresh), visitor(app, "organiser", fresh)


def own() -> GradeLadder:
    return db.session.query(GradeLadder).filter_by(name="运行员").one()


def test_organisers_look_and_administrators_change(
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    admin, organiser = desks
    seen = organiser.get("/desk/ladders").text
    assert "学徒工 → 初级工 → 中级工" in seen
    assert "加一个" not in seen
    assert organiser.get("/desk/ladders/new").status_code == 404
    assert organiser.post("/desk/ladders/new", data=OWN).status_code == 404
    wrong = admin.post("/desk/ladders/new", data=OWN | {"rungs[2].grade": "5"})
    assert wrong.status_code == 400
    assert "第 2 行：要从低到高写" in wrong.text
    assert 'value="二级/运行员"' in wrong.text
    assert admin.post("/desk/ladders/new", data=OWN).status_code == 302
    assert admin.post("/desk/ladders/new", data=OWN).status_code == 409
    page = f"/desk/ladders/{own().id}"
    assert "等级体系由管理员改" in organiser.get(page).text
    for act in ("", "/close", "/reopen"):
        assert organiser.post(page + act, data=OWN).status_code == 404
    form = fields(admin.get(page).text, f'action="{page}"')
    assert "和原来一样" in admin.post(page, data=form, follow_redirects=True).text
    named = admin.post(page, data=form | {"note": "企业自己的"}, follow_redirects=True)
    assert "存下了" in named.text
    assert admin.post(page + "/close").status_code == 302
    assert "恢复以后又能选" in admin.get(page).text
    assert admin.post(page, data=OWN).status_code == 409
    assert "运行员" in organiser.get("/desk/ladders?view=closed").text
    assert admin.post(page + "/reopen").status_code == 302
    assert organiser.get("/desk/ladders/999999").status_code == 404


def test_a_workbook_is_looked_at_and_then_written(
    desks: tuple[FlaskClient, FlaskClient],
) -> None:
    admin, organiser = desks
    assert organiser.get("/desk/ladders/upload").status_code == 404
    book = sent(
        ("等级体系", "等级名称", "相当于", "证书上的写法"),
        ("运行员", "一级运行员", "五级", ""),
        ("运行员", "二级运行员", 4, "二级/运行员"),
        ("运行员", "首席运行员", "无", ""),
    )
    looked = admin.post("/desk/ladders/upload", data=book).text
    assert "一级运行员 → 二级运行员 → 首席运行员" in looked
    rows = packed(looked)
    assert organiser.post("/desk/ladders/write", data=rows).status_code == 404
    page_text = admin.post("/desk/ladders/write", data=rows, follow_redirects=True).text
    assert "新增 1 个，更正 0 个" in page_text
    assert refuses_what_no_preview_packs(admin, "/desk/ladders/write")
    content = organiser.get("/desk/ladders/workbook.xlsx").data
    assert {"首席技师", "首席运行员"} <= column(content, 1)
    assert "和表里一样，不用写" in admin.post("/desk/ladders/upload", data=again(content)).text
    assert admin.post("/desk/ladders/upload", data={}).status_code == 400


def test_an_event_takes_one_as_of_that_day_and_is_told_when_it_differs(
    desks: tuple[FlaskClient, FlaskClient], fresh: Competition
) -> None:
    admin, organiser = desks
    assert admin.post("/desk/ladders/new", data=OWN).status_code == 302
    row, (event,) = own(), fresh.events
    address = f"/desk/{fresh.code}/events/rules?event={event.code}"

    def taken() -> dict[str, object] | None:
        db.session.expire_all()
        return (rules_of(event).extra or {}).get("ladder")

    def save(**more: str) -> str:
        form = fields(organiser.get(address).text)
        changed = form | more | {"act": "save"}
        return organiser.post(address, data=changed, follow_redirects=True).text

    assert "运行员</option>" in organiser.get(address).text
    save(**{"ladder.from": row.key})
    copied = {"id": row.key, "name": "运行员", "rungs": row.rungs}
    assert taken() == copied
    assert f"{event.name}</a>" in admin.get(f"/desk/ladders/{row.id}").text
    page = f"/desk/ladders/{row.id}"
    assert admin.post(page, data=OWN | {"rungs[1].rung": "初级运行员"}).status_code == 302
    assert "和原来一样" in save()
    assert taken() == copied
    shown = organiser.get(address).text
    assert "后来改了：初级运行员 → 二级/运行员" in shown
    save(**{"ladder.again": "1"})
    assert taken() == {"id": row.key, "name": "运行员", "rungs": own().rungs}
    assert "”后来改了：" not in organiser.get(address).text
    # Closed, it stays for those that took it.
    assert admin.post(page + "/close").status_code == 302
    assert f'value="{row.key}" selected' in organiser.get(address).text
    save(**{"ladder.from": "own", "ladder": "5 甲级", "ladder.name": "自己的"})
    assert taken() == {"name": "自己的", "rungs": [{"key": "L5", "name": "甲级", "grade": 5}]}
    assert row.key not in organiser.get(address).text
    save(**{"ladder.from": ""})
    assert taken() is None
