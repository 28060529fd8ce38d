"""Units by hand: many at once, renamed, taken away only while nobody belongs to them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from compete.domain.bundle.writing import write_bundle
from compete.models import Account, Competition, Entrant, Team, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.closing import close_period, publish_closed
from compete.services.registration.people_seals import check_people
from compete.services.registration.units.unit_list import labour_groups
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.sheets.reading.files import book_of
from tests.support.signing_in import signed_in
from tests.support.small import small


def test_units_are_added_renamed_and_taken_away(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)
    assert 'href="/desk/X/units"' in desk.get("/desk/X/entrants").text
    names = "丙单位\n  丁 单位 \n\n丙单位\n甲单位\n"
    assert (
        "加了 2 个单位"
        in desk.post("/desk/X/units/add", data={"names": names}, follow_redirects=True).text
    )
    db.session.expire_all()
    assert [unit.name for unit in competition.units] == ["甲单位", "乙单位", "丙单位", "丁 单位"]
    code = competition.units[2].code
    taken = desk.post(f"/desk/X/units/{code}/rename", data={"name": "甲 单位"})
    assert taken.status_code == 409
    assert 'value="甲 单位"' in taken.text
    assert desk.post(f"/desk/X/units/{code}/rename", data={"name": "长" * 201}).status_code == 400
    desk.post(f"/desk/X/units/{code}/rename", data={"name": "丙港"})
    db.session.expire_all()
    assert competition.units[2].name == "丙港"
    used = competition.units[0].code
    assert desk.post(f"/desk/X/units/{used}/remove").status_code == 409
    assert "删掉了 丙港" in desk.post(f"/desk/X/units/{code}/remove", follow_redirects=True).text
    nothing = desk.post("/desk/X/units/add", data={"names": " \n"})
    assert (nothing.status_code, "一行写一个单位" in nothing.text) == (400, True)
    for wrong, sentence in (
        ("长" * 201, f"第 2 行：“{'长' * 20}…”太长了，最多 200 个字"),
        ("丙港\t91329900MA1XY2122N", "第 2 行有几列，只贴名称那一列"),
    ):
        refused = desk.post("/desk/X/units/add", data={"names": f"戊港\n{wrong}\n己港"})
        assert refused.status_code == 400
        assert sentence in refused.text
        assert f"戊港\n{wrong}" in refused.text
    assert list(verify_chain(competition)) == []
    assert list(check_people(competition)) == []


def test_sums_seals_and_headings_of_a_pasted_block_are_no_units_and_are_told(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)

    def names() -> set[str]:
        db.session.expire_all()
        return {unit.name for unit in competition.units}

    def looked_at(path: str, **data: Any) -> tuple[str, list[str]]:
        """The preview, and the units that it would add."""
        before = names()
        page = desk.post(f"/desk/X/units/{path}", data=data).text
        assert names() == before
        rows = re.search('name="rows" value="([^"]*)"', page)
        assert rows is not None
        packed = html.unescape(rows[1])
        written = desk.post("/desk/X/units/write", data={"rows": packed}, follow_redirects=True)
        assert "个单位" in written.text
        return page, sorted(names() - before)

    text = "单位名称\n江南港\n清江港\n甲单位\n合计 2 家\n共 2 家\n（盖章）\n填表人：张三"
    page, made = looked_at("add", names=text)
    assert made == ["江南港", "清江港"]
    assert all(f"第 {line} 行" in page for line in (5, 6, 7, 8))
    block = "序号\t单位名称\t联系人\n1\t东港\t张三\n2\t西港\t李四\n合计\t2\n（盖章）："
    page, made = looked_at("add", names=block)
    assert made == ["东港", "西港"]
    assert "第 4 行" in page
    assert "联系人" in page
    sheets: dict[str, Any] = {
        "一": [["参赛单位一览"], ["单位名称", "人数"], ["南港", 3], ["合计", 3]],
        "二": [["企业名称"], ["北港"]],
        "三": [["下周开会"]],
    }
    page, made = looked_at("upload", workbook=(BytesIO(book_of(sheets)), "单位.xlsx"))
    assert made == ["北港", "南港"]
    assert all(phrase in page for phrase in ("人数", "4 合计 3（合计）", "“三”页没有找到表头"))
    assert desk.get("/desk/X/units/upload").status_code == 200
    empty = {"workbook": (BytesIO(book_of({"一": [["说明"]]})), "单位.xlsx")}
    assert "单位名称" in desk.post("/desk/X/units/upload", data=empty).text


def test_teams_that_are_called_after_their_unit_follow_it_and_come_back_with_it(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    event, unit = competition.events[0], competition.units[0]
    with unit_of_work() as session:
        for number, name in enumerate(("甲单位一队", "蓝队", "老甲单位队")):
            session.add(
                Team(
                    competition_id=competition.id,
                    event_id=event.id,
                    unit_id=unit.id,
                    code=f"TT{number}",
                    name=name,
                )
            )

    def team_names() -> list[str]:
        db.session.expire_all()
        query = select(Team.name).where(Team.unit_id == unit.id).order_by(Team.id)
        return list(db.session.scalars(query))

    stood = team_names()
    desk = signed_in(app, organiser)
    address = f"/desk/X/units/{unit.code}/rename"
    page_text = desk.post(address, data={"name": "甲港"}, follow_redirects=True).text
    assert "代表队跟着改名：甲港一队" in page_text
    assert "代表队的名称没有跟着改：老甲单位队" in page_text
    assert team_names() == [
        "甲港" + name.removeprefix("甲单位") if name.startswith("甲单位") else name
        for name in stood
    ]
    assert "甲港一队" in team_names()
    (mark,) = re.findall(r'name="change" value="([^"]+)"', desk.get("/desk/X/units").text)
    desk.post("/desk/X/units/undo", data={"change": mark})
    assert team_names() == stood


def test_a_labour_competitions_units_are_renamed_added_in_a_group_and_published_anew(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙",
        periods=quarter("一月"),
        indicators=[indicator("安全", 100)],
        values=[value(unit, "一月", "安全", 80) for unit in "甲乙"],
        groups={"甲": "土建", "乙": "机电"},
    )
    competition = load(json.loads(write_bundle(bundle)))
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    desk = signed_in(app, organiser)
    assert 'href="/desk/L/units"' in desk.get("/desk/L/labour").text
    wrong = desk.post("/desk/L/units/add", data={"names": "丙", "group": "绿化"})
    assert (wrong.status_code, "选一个组" in wrong.text) == (400, True)
    assert ">丙</textarea>" in wrong.text
    desk.post("/desk/L/units/add", data={"names": "丙", "group": "机电"})
    desk.post("/desk/L/units/甲/rename", data={"name": "甲一局"})
    assert desk.post("/desk/L/units/乙/remove").status_code == 409
    listed = desk.get("/desk/L/units").text
    assert "甲一局" in listed
    assert "退出的单位不用删" in listed
    assert "甲一局" in desk.get("/desk/L/labour?period=一月&group=土建").text
    assert "改过，还没公布" in desk.get("/desk/L/labour?period=一月").text
    waiting = desk.get("/desk/L/labour/periods").text
    for phrase in ("单位改名：甲 改为 甲一局", "新加的单位：丙"):
        assert phrase in waiting
        page = desk.get("/desk/L/labour/publish").text
        assert phrase in page
        assert "写出来是这样" not in page, "nothing follows"
    assert "甲一局" not in app.test_client().get("/p/L").text, "until the next version"
    assert desk.post("/desk/L/labour/publish", data={"note": ""}).status_code == 400
    desk.post("/desk/L/labour/publish", data={"note": "甲改名"})
    public = app.test_client().get("/p/L").text
    assert "甲一局" in public
    assert "没有参加" in public
    fresh = {"names": "丁", "group": "机电", "new_group": " 绿化 "}
    assert desk.post("/desk/L/units/add", data=fresh).status_code == 302
    assert labour_groups(competition) == ["土建", "机电", "绿化"]


def test_the_last_change_of_the_list_is_taken_back(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)

    def names() -> list[str]:
        db.session.expire_all()
        return sorted(unit.name for unit in competition.units)

    def undo(page: str) -> int:
        mark = re.search(r'name="change" value="([^"]*)"', page)
        return desk.post("/desk/X/units/undo", data={"change": mark[1] if mark else ""}).status_code

    before = names()
    assert "撤销这次改动" not in desk.get("/desk/X/units").text
    desk.post("/desk/X/units/add", data={"names": "丙单位\n丁单位"})
    added = desk.get("/desk/X/units").text
    assert "加了 丙单位、丁单位" in added
    # Who has seen an older page takes back nothing else.
    fresh = next(unit for unit in competition.units if unit.name == "丙单位").code
    desk.post(f"/desk/X/units/{fresh}/rename", data={"name": "丙港"})
    assert undo(added) == 409
    assert undo(desk.get("/desk/X/units").text) == 302
    assert names() == sorted([*before, "丙单位", "丁单位"])
    # One step, and then it is said no more.
    assert "撤销这次改动" not in desk.get("/desk/X/units").text
    desk.post(f"/desk/X/units/{fresh}/remove")
    assert "丙单位" not in names()
    assert undo(desk.get("/desk/X/units").text) == 302
    again = next(unit for unit in competition.units if unit.name == "丙单位")
    assert again.code == fresh
    desk.post("/desk/X/units/add", data={"names": "戊单位"})
    assert undo(desk.get("/desk/X/units").text) == 302
    assert "戊单位" not in names()
    # What somebody belongs to stays.
    desk.post("/desk/X/units/add", data={"names": "己单位"})
    own = next(unit for unit in competition.units if unit.name == "己单位")
    person = db.session.query(Entrant).filter_by(competition_id=competition.id).first()
    assert person is not None
    with unit_of_work():
        person.unit_id = own.id
    stays = desk.get("/desk/X/units").text
    assert "己单位 已经有选手、联系人或者别的，不能撤销" in stays
    assert "撤销这次改动" not in stays
    assert list(verify_chain(competition)) == []


def test_a_long_list_stands_in_pages_is_searched_and_opens_where_one_was_renamed(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = signed_in(app, organiser)
    assert 'name="q"' not in desk.get("/desk/X/units").text.split("<main")[1]
    names = [f"第{number}工程公司" for number in range(1, 251)]
    desk.post("/desk/X/units/add", data={"names": "\n".join(names)})
    db.session.expire_all()

    def shown(address: str, **posted: str) -> list[str]:
        answer = (
            desk.post(address, data=posted, follow_redirects=True) if posted else desk.get(address)
        )
        return re.findall(r"<td><b>(.*?)</b>", answer.text)

    first = desk.get("/desk/X/units")
    assert "252 个" in first.text
    assert len(first.data) < 150_000
    assert shown("/desk/X/units") == ["甲单位", "乙单位", *names[:98]]
    assert shown("/desk/X/units?page=3") == names[198:]
    assert shown("/desk/X/units?q=第２４工程") == ["第24工程公司"]
    assert "没有找到" in desk.get("/desk/X/units?q=港").text
    last = competition.units[-1].code
    renamed = shown(f"/desk/X/units/{last}/rename", name="末港")
    assert (len(renamed), renamed[-1]) == (52, "末港")
    taken = desk.post(f"/desk/X/units/{last}/rename", data={"name": "甲单位"})
    assert (taken.status_code, 'value="甲单位"' in taken.text) == (409, True)
    book = load_workbook(BytesIO(desk.get("/desk/X/units/list.xlsx").data))
    assert book.active is not None
    assert {"甲单位", "末港"} <= {row[1] for row in book.active.iter_rows(values_only=True)}
