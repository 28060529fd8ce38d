"""导入名单: officials brought as a workbook, all of them written or none."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Expert, Judge, db
from compete.services.directory.experts import write_experts
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.people_seals import check_people
from tests.support.people import visitor
from tests.web.organiser.directory.brought_rows import again, carried, column, packed, sent

UPLOAD, WRITE = "/desk/X/judges/upload", "/desk/X/judges/write"


@pytest.fixture
def desk(app: Flask, fresh: Competition) -> FlaskClient:
    return visitor(app, "organiser", fresh)


def book(*rows: tuple[str, ...]) -> dict[str, object]:
    return sent(("姓名", "职责", "单位"), *rows)


def officials(competition: Competition) -> list[Judge]:
    db.session.expire_all()
    return list(competition.judges)


def test_one_wrong_row_and_nobody_is_written(desk: FlaskClient, fresh: Competition) -> None:
    before = len(officials(fresh))
    only = book(("长一", "裁判长", ""))
    assert "裁判长只有一名，已经是 裁判长甲" in desk.post(UPLOAD, data=only).text
    with unit_of_work():
        next(it for it in fresh.judges if it.code == "C1").role = Role.JUDGE
    rows = (
        ("罗平", "裁判", "甲单位"),
        ("", "裁判", "乙单位"),
        ("门老", "门卫", ""),
        ("长一", "裁判长", ""),
        ("长二", "裁判长", ""),
        ("长" * 201, "监督", ""),
    )
    shown = desk.post(UPLOAD, data=book(*rows))
    assert shown.status_code == 200
    for sentence in (
        "姓名：姓名要写",
        "职责：写 裁判长、裁判、记分员、监督、加密裁判、检录员、仲裁、总仲裁 里的一个",
        "职责：裁判长只有一名，已经是 长一",
    ):
        assert sentence in shown.text
    # Every row with its number in the sheet; nothing is offered to be written.
    assert [f'<td class="num">{n}</td>' in shown.text for n in range(2, 8)] == [True] * 6
    # What is in order is written, the others stay on the page until they are put right.
    assert "加上这 2 人" in shown.text
    assert len(officials(fresh)) == before
    left = desk.post(WRITE, data=packed(shown.text)).text
    assert len(officials(fresh)) == before + 2
    assert "还有 4 行没写" in left
    right = packed(left) | {"cell:4:duty": "监督", "cell:3:name": "老门"}
    again_ = desk.post(UPLOAD, data=right).text
    assert "门老" in again_
    desk.post(WRITE, data=right)
    assert {"老门", "门老"} <= {judge.name for judge in officials(fresh)}
    for empty in (
        {},
        {"workbook": (BytesIO(b"x"), "x.xlsx")},
        sent(("说明",), ("甲",)),
    ):
        assert desk.post(UPLOAD, data=empty).status_code == 400
    asked = desk.post(UPLOAD, data=sent(("人", "单位"), ("甲", "乙"))).text
    assert "没有一列是姓名，在这里选出来" in asked
    form = packed(asked) | {"column:人": "name"}
    assert "加上这 1 人" in desk.post(UPLOAD, data=form).text
    desk.post(WRITE, data=form)
    again_ = desk.post(UPLOAD, data=sent(("人", "单位"), ("乙", "乙"))).text
    assert "照上次那样读的" in again_
    forgotten = desk.post(UPLOAD, data=packed(again_) | {"act": "forget"}).text
    assert "没有一列是姓名" in forgotten


def test_a_list_is_looked_at_and_added_in_one_record(
    desk: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    pool = {"name": "罗平", "kind": "考评员", "unit": "甲单位", "level": "省级"}
    write_experts([pool], organiser)
    was = [judge.code for judge in officials(fresh)]
    rows = (
        ("罗平", "考评员", "甲单位"),
        (" 田 野", "", "行业协会"),
        ("田野", "裁判", "港口职院"),
        ("记一", "记分员", ""),
        ("周一", "监督", "乙单位"),
        ("周三", "裁判", ""),
    )
    shown = desk.post(UPLOAD, data=book(*rows)).text
    for phrase in (
        "专家库里有他，资格照那里",
        "“行业协会”不是参赛单位，单位记下来，不用按单位回避",
        "名单里已经有同名的 J1",
        "新增 5 人",
        "已在名单里 1 人",
    ):
        assert phrase in shown
    assert [judge.code for judge in officials(fresh)] == was
    done = desk.post(WRITE, data=packed(shown), follow_redirects=True)
    assert "加了 5 人" in done.text
    new = {judge.code: judge for judge in officials(fresh) if judge.code not in was}
    assert [(judge.name, judge.role) for judge in new.values()] == [
        ("罗平", Role.JUDGE),
        ("田野", Role.JUDGE),
        ("田野", Role.JUDGE),
        ("记一", Role.RECORDER),
        ("周一", Role.SUPERVISOR),
    ]
    luo = next(iter(new.values()))
    assert luo.unit is not None
    assert luo.unit.name == "甲单位"
    assert luo.person_id == db.session.query(Expert).one().person_id
    assert "导入裁判名单，加了 5 人" in desk.get("/desk/X/").text
    # What is on the list is brought back as it stands, and adds nobody.
    content = desk.get("/desk/X/judges/workbook.xlsx").data
    assert {"罗平", "记一", "周一"} <= column(content, 0)
    twice = desk.post(UPLOAD, data=again(content)).text
    assert "都在名单里了，不用写" in twice
    assert "加了 0 人" not in desk.post(WRITE, data=packed(shown), follow_redirects=True).text
    assert len(officials(fresh)) == len(was) + 5
    assert list(verify_chain(fresh)) == []
    assert list(check_rows(fresh)) == []
    assert list(check_people(fresh)) == []


def test_an_empty_list_is_a_template_and_a_finished_contest_takes_nobody(
    desk: FlaskClient, fresh: Competition
) -> None:
    sheet = load_workbook(BytesIO(desk.get("/desk/X/judges/workbook.xlsx").data)).active
    assert sheet is not None
    heads = [cell.value for row in sheet.iter_rows(max_row=2) for cell in row if cell.value]
    assert heads[-4:] == ["姓名", "职责", "单位", "编号"]
    assert "/desk/X/judges/upload" in desk.get("/desk/X/judges?people=1").text
    assert "/desk/X/judges/upload" in desk.get("/desk/X/seating").text
    with unit_of_work():
        fresh.state = CompetitionState.FINAL
        fresh.ends = date(2026, 1, 1)
    late = desk.post(WRITE, data=carried(("姓名", "职责"), ("晚来", "裁判")))
    assert (late.status_code, "不再加人" in late.text) == (409, True)
    assert "晚来" not in {judge.name for judge in officials(fresh)}


def test_codes_are_as_they_are_given_and_a_unit_that_sends_nobody_is_kept(
    desk: FlaskClient, fresh: Competition
) -> None:
    heads = ("裁判编号", "姓名", "单位", "职责")
    wrong = (("J1", "罗平", ""), ("J1/2", "田野", ""), ("J50", "赵一", ""), ("J50", "钱一", ""))
    shown = desk.post(UPLOAD, data=sent(heads, *wrong, ("J9", "周三", ""))).text
    for phrase in (
        "编号 J1 是 周一 的",
        "编号只用汉字、字母、数字和 -，最多 20 个字",
        "编号 J50 是 赵一 的",
        "已在名单里，编号是 J3，编号不改",
    ):
        assert phrase in shown
    # One is counted on, around those that were given.
    rows = (("", "罗平", "行业协会"), ("J4", "田野", "甲单位"), ("裁-07", "卞强", "长" * 60))
    desk.post(WRITE, data=packed(desk.post(UPLOAD, data=sent(heads, *rows)).text))
    new = {judge.code: (judge.name, judge.unit_name) for judge in officials(fresh)}
    assert new["J4"] == ("田野", "甲单位")
    assert new["J5"] == ("罗平", "行业协会")
    assert new["裁-07"] == ("卞强", "长" * 60)
    for page in ("/desk/X/judges?people=1", "/desk/X/seating"):
        assert "行业协会" in desk.get(page).text
    content = desk.get("/desk/X/judges/workbook.xlsx").data
    assert {"J4", "J5", "裁-07"} <= column(content, 3)
    assert "都在名单里了，不用写" in desk.post(UPLOAD, data=again(content)).text
    # Of a unit that takes part after all.
    put_right = {"name": "罗平", "unit": "U1", "reason": ""}
    assert desk.post("/desk/X/judges/J5/correct", data=put_right).status_code == 302
    luo = next(judge for judge in officials(fresh) if judge.code == "J5")
    assert (luo.unit_name, luo.extra) == ("甲单位", None)
    assert list(verify_chain(fresh)) == []
    assert list(check_rows(fresh)) == []


@pytest.mark.parametrize("unit", ["行业协会", "甲单位"])
def test_a_namesake_without_a_unit_is_told_and_the_unit_is_not_lost(
    desk: FlaskClient, fresh: Competition, unit: str
) -> None:
    desk.post(WRITE, data=packed(desk.post(UPLOAD, data=book(("何春", "裁判", ""))).text))
    bare = next(judge.code for judge in officials(fresh) if judge.name == "何春")
    shown = desk.post(UPLOAD, data=book(("何春", "裁判", unit))).text
    assert f"名单里有同名的 {bare}，没写单位" in shown
    assert "新增 1 人" in shown
    desk.post(WRITE, data=packed(shown))
    units = [judge.unit_name for judge in officials(fresh) if judge.name == "何春"]
    assert sorted(units) == ["", unit]
    assert "都在名单里了" in desk.post(UPLOAD, data=book(("何春", "裁判", unit))).text


def test_a_unit_that_takes_no_part_is_corrected_and_taken_away(
    desk: FlaskClient, fresh: Competition
) -> None:
    rows = (("罗平", "裁判", "行业协汇"),)
    desk.post(WRITE, data=packed(desk.post(UPLOAD, data=book(*rows)).text))
    code = next(judge.code for judge in officials(fresh) if judge.name == "罗平")
    address = f"/desk/X/judges/{code}/correct"

    def unit_now() -> tuple[str, object]:
        luo = next(judge for judge in officials(fresh) if judge.code == code)
        return luo.unit_name, luo.extra

    def put_right(unit: str, **fields: str) -> int:
        return desk.post(address, data={"name": "罗平", "unit": unit} | fields).status_code

    assert 'value="行业协汇"' in desk.get(address).text
    # A form of before, which did not ask, takes nothing away.
    assert (put_right(""), unit_now()[0]) == (302, "行业协汇")
    assert put_right("", other="行业  协会") == 302
    assert unit_now() == ("行业 协会", {"unit_name": "行业 协会"})
    two = desk.post(address, data={"name": "罗平", "unit": "U1", "other": "别的协会"})
    assert (two.status_code, "单位选了名单里的，又写了“别的协会”" in two.text) == (400, True)
    assert 'value="别的协会"' in two.text
    long = desk.post(address, data={"name": "罗平", "unit": "", "other": "长" * 201})
    assert (long.status_code, "太长了，最多 200 个字" in long.text) == (400, True)
    assert unit_now()[0] == "行业 协会"
    assert (put_right("", other=""), unit_now()) == (302, ("", None))
    # The name of one that takes part is that unit.
    assert (put_right("", other="甲单位"), unit_now()) == (302, ("甲单位", None))
    luo = next(judge for judge in officials(fresh) if judge.code == code)
    assert luo.unit is not None
    assert list(verify_chain(fresh)) == []
    assert list(check_rows(fresh)) == []
