"""专家库 on the desk: added, found, brought as a workbook, asked into a competition."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Expert, Judge, Person, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.directory.duplicates import keep_apart
from compete.services.directory.expert_fields import read_days
from compete.services.registration.officials import add_official
from tests.support.people import visitor
from tests.support.signing_in import signed_in
from tests.web.organiser.directory.brought_rows import (
    again,
    column,
    packed,
    refuses_what_no_preview_packs,
    sent,
)

ROW = {
    "name": "罗平",
    "kind": "考评员",
    "unit": "甲单位",
    "level": "省级",
    "days": "2026-09-15至2026-09-18",
}


@pytest.fixture
def desk(app: Flask, fresh: Competition) -> FlaskClient:
    return visitor(app, "organiser", fresh)


def book(*rows: tuple[str, ...]) -> dict[str, object]:
    return sent(("姓名", "类别", "单位", "有效期至", "能来的日期"), *rows)


def test_days_are_read_as_they_are_written() -> None:
    assert read_days("2026/9/15 到 2026年9月18日，2026-10-01") == [
        ["2026-09-15", "2026-09-18"],
        ["2026-10-01", "2026-10-01"],
    ]
    # As English pages tell to write them.
    assert read_days("2026-09-15 to 2026-09-18, 2026-10-01") == [
        ["2026-09-15", "2026-09-18"],
        ["2026-10-01", "2026-10-01"],
    ]
    assert read_days("") == []
    for wrong in (
        "明天",
        "2026-02-30",
        "2026-09-18至2026-09-15",
        "2026-01-01至2026-01-02至2026-01-03",
    ):
        assert read_days(wrong) is None


def test_one_is_added_changed_found_and_asked_in_once(
    desk: FlaskClient, fresh: Competition, app: Flask
) -> None:
    wrong = desk.post("/desk/experts", data=ROW | {"name": "", "valid_until": "x"})
    assert wrong.status_code == 400
    assert "姓名要写" in wrong.text
    assert "2026-09-15 这样" in wrong.text
    assert desk.post("/desk/experts", data=ROW).status_code == 302
    again = desk.post("/desk/experts", data=ROW)
    assert (again.status_code, "已经在库里了" in again.text) == (409, True)
    # The same name of the same unit is the same person.
    desk.post("/desk/experts", data=ROW | {"kind": "督导员", "level": ""})
    rows = db.session.scalars(select(Expert).order_by(Expert.id)).all()
    assert rows[0].person_id == rows[1].person_id
    page = f"/desk/experts/{rows[0].id}"
    assert 'value="2026-09-15至2026-09-18"' in desk.get(page).text
    assert desk.post(page, data=ROW | {"valid_until": "2020-01-01"}).status_code == 302
    listed = desk.get("/desk/experts?q=甲单&kind=assessor&sort=valid&asking=X").text
    assert "已过期" in listed
    assert "督导员</td>" not in listed
    assert "没有找到" in desk.get("/desk/experts?q=没有的").text
    (take,) = re.findall(r'action="(/desk/X/judges/expert/\d+)"', listed)
    assert desk.post(take).status_code == 302
    judge = db.session.scalars(select(Judge).where(Judge.name == "罗平")).one()
    assert judge.person_id == rows[0].person_id
    assert judge.unit is not None
    assert judge.unit.name == "甲单位"
    board = desk.get("/desk/X/seating").text
    assert "和 赵启明 同单位" in board
    assert re.search(r"is-warn\">.*证书已过期（2020-01-01 到期）", board)
    # Valid again, on the board with the level.
    desk.post(page, data=ROW)
    assert "甲单位，省级专家" in desk.get("/desk/X/seating").text
    assert "已经在名单里" in desk.get("/desk/experts?asking=X").text
    assert desk.post(take).status_code == 409
    stranger = visitor(app, "stranger", fresh)
    assert stranger.get(page).status_code == 404 or 'name="unit"' not in stranger.get(page).text
    assert stranger.post(f"{page}/end").status_code == 404
    assert desk.post(f"{page}/end").status_code == 302
    db.session.expire_all()
    assert desk.get(page).status_code == 404
    assert db.session.get(Person, judge.person_id) is not None


def test_who_is_in_the_pool_is_not_added_again_for_another_level_or_day(
    desk: FlaskClient,
) -> None:
    """As a workbook knows who it is; a certificate of another number is another row."""
    desk.post("/desk/experts", data=ROW)
    first = db.session.scalars(select(Expert)).one()
    for other in ({"level": "国家级"}, {"valid_until": "2031-01-01", "note": "换了证"}):
        refused = desk.post("/desk/experts", data=ROW | other)
        assert refused.status_code == 409
        assert "要改就改那一条" in refused.text
        assert f'<a href="/desk/experts/{first.id}">打开那一条</a>' in refused.text
        assert all(f'value="{text}"' in refused.text for text in other.values())
    numbered = ROW | {"occupation": "电工", "certificate": "ZS-1"}
    for other in (numbered, numbered | {"unit": "乙单位"}, numbered | {"certificate": "ZS-2"}):
        assert desk.post("/desk/experts", data=other).status_code == 302


def test_who_is_on_the_list_by_another_record_is_not_asked_in_beside_himself(
    desk: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    """One name and one unit; who was said to be two people is asked in all the same."""
    unit = next(unit for unit in fresh.units if unit.name == "甲单位")
    listed = add_official(fresh, Role.JUDGE, "罗平", organiser, unit=unit)
    desk.post("/desk/experts", data=ROW)
    take = re.findall(
        r'action="(/desk/X/judges/expert/\d+)"', desk.get("/desk/experts?asking=X").text
    )[0]
    answer = desk.post(take)
    assert answer.status_code == 409
    assert f"名单里的 {listed.code} 也叫罗平，单位相同" in answer.text
    expert = db.session.scalars(select(Expert)).one()
    assert listed.person is not None
    keep_apart(listed.person, expert.person, create_account("管理员", is_admin=True))
    assert desk.post(take).status_code == 302
    names = select(Judge.name).where(Judge.name == "罗平")
    assert len(db.session.scalars(names).all()) == 2


def test_a_workbook_is_looked_at_row_by_row_and_goes_round(desk: FlaskClient) -> None:
    bad = desk.post(
        "/desk/experts/upload",
        data=book(("罗平", "考评员", "甲单位", "2027-01-01", ""), ("", "邻居", "", "明天", "")),
    ).text
    assert "类别：写考评员" in bad
    assert "拒绝" in bad
    assert "不批准" not in bad
    assert 'name="cell:3:kind"' in bad
    long = "阿" * 60
    good = desk.post(
        "/desk/experts/upload",
        data=book(("罗平", "考评员", "甲单位", "2027-01-01", ""), (long, "技术专家", "", "", "")),
    ).text
    assert desk.post("/desk/experts/write", data=packed(good)).status_code == 302
    assert refuses_what_no_preview_packs(desk, "/desk/experts/write")
    for unseen in (r"\ud800", r"\u0000", r"\u001b", r"\u202e"):
        row = f'[{{"name": "{unseen}罗", "kind": "考评员"}}]'
        assert desk.post("/desk/experts/write", data={"rows": row}).status_code == 400
    content = desk.get("/desk/experts/workbook.xlsx").data
    assert long in column(content, 0)
    page_text = desk.post("/desk/experts/upload", data=again(content)).text
    assert "更正 0 条，一样 2 条，拒绝 0 条" in page_text
    empty = desk.post("/desk/experts/upload", data=book())
    assert (empty.status_code, "一行也没有" in empty.text) == (400, True)
    nothing = desk.post("/desk/experts/upload", data=again(b"x"))
    assert nothing.status_code == 400


def test_a_workbook_brought_again_corrects_who_is_there(
    desk: FlaskClient, app: Flask, fresh: Competition
) -> None:
    """One name, unit, kind and occupation is one row; what has no column stays as it is."""
    heads = ("姓名", "类别", "单位", "级别", "有效期至")

    def brought(*rows: tuple[str, ...], by: FlaskClient = desk) -> str:
        return by.post("/desk/experts/upload", data=sent(heads, *rows)).text

    def standing() -> list[tuple[str, str, str]]:
        db.session.expire_all()
        rows = db.session.scalars(select(Expert).where(Expert.ended_at.is_(None)))
        return sorted((row.person.name, row.level, str(row.valid_until)) for row in rows)

    first = ("罗平", "考评员", "甲单位", "省级专家", "2027-01-01")
    assert desk.post("/desk/experts", data=ROW).status_code == 302
    page = brought(first, ("钱一飞", "考评员", "", "国家级裁判员", ""))
    assert "有效期至：原来是 —" in page
    assert "新增 1 条" in page
    assert "更正 1 条，一样 0 条，拒绝 0 条" in page
    assert desk.post("/desk/experts/write", data=packed(page)).status_code == 302
    both = [("罗平", "省级", "2027-01-01"), ("钱一飞", "国家级", "None")]
    assert standing() == both
    kept = db.session.scalars(select(Expert).where(Expert.level == "省级")).one()
    assert kept.days == [["2026-09-15", "2026-09-18"]]
    later = (*first[:4], "2028-01-01")
    # Twice in one sheet and not alike: which of the two counts nobody can say.
    assert "和第 2 行是同一个" in brought(first, later)
    assert "更正 1 条" in brought(later, by=visitor(app, "admin", fresh))
    neighbour = create_account("邻居")
    grant_role(neighbour, fresh, Role.ORGANISER)
    assert "只有录入的人和管理员能改" in brought(later, by=signed_in(app, neighbour))
    # Corrected and added together, taken back together.
    mark = re.search(r'name="change" value="([^"]*)"', desk.get("/desk/experts").text)
    assert mark is not None
    assert desk.post("/desk/experts/undo", data={"change": mark[1]}).status_code == 302
    assert standing() == [("罗平", "省级", "None")]


def test_levels_are_said_in_the_language_of_the_page(desk: FlaskClient) -> None:
    desk.get("/language/en")
    page = desk.get("/desk/experts").text
    assert '<option value="省级">Provincial</option>' in page
    assert ">省级" not in page


def test_what_somebody_did_last_in_the_pool_is_taken_back(desk: FlaskClient) -> None:
    def standing() -> list[tuple[str, str]]:
        db.session.expire_all()
        rows = db.session.scalars(select(Expert).where(Expert.ended_at.is_(None)))
        return sorted((row.person.name, row.level or "") for row in rows)

    def undo() -> int:
        mark = re.search(r'name="change" value="([^"]*)"', desk.get("/desk/experts").text)
        return desk.post("/desk/experts/undo", data={"change": mark[1] if mark else ""}).status_code

    assert undo() == 409
    desk.post("/desk/experts", data=ROW)
    number = db.session.scalars(select(Expert.id)).one()
    desk.post(f"/desk/experts/{number}", data=ROW | {"level": "国家级"})
    assert standing() == [("罗平", "国家级")]
    assert undo() == 302
    assert standing() == [("罗平", "省级")]
    desk.post(f"/desk/experts/{number}/end")
    assert standing() == []
    assert undo() == 302
    assert standing() == [("罗平", "省级")]
    # Added together, gone together, and back together.
    page = desk.post(
        "/desk/experts/upload",
        data=book(("钱一飞", "考评员"), ("孙二宝", "考评员")),
    ).text
    desk.post("/desk/experts/write", data=packed(page))
    assert len(standing()) == 3
    assert undo() == 302
    assert standing() == [("罗平", "省级")]
    assert undo() == 302
    assert len(standing()) == 3
