"""A file that was made for somebody else: its columns asked, its cells put right on the page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from compete.domain.eligibility import Conditions
from compete.domain.values.states import ImportState
from compete.models import Account, Competition, Entrant, ImportBatch, Unit, db, utc_now
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration import preview
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.known_layouts import columns_of, waiting_uploads
from compete.services.registration.people_seals import check_people
from compete.services.registration.preview import keep_upload
from compete.services.registration.staging import ask_write
from compete.sheets.reading.answers import ColumnRead
from compete.sheets.reading.reading import read_sheets
from compete.sheets.registration.reading import RegistrationBook
from compete.sheets.workbook.opened import open_workbook
from tests.sheets.people import citizen_id
from tests.support.signing_in import signed_in

UPLOAD = "/desk/X/entrants/upload"
IDS = [citizen_id(date(1990, 1, day), day) for day in range(1, 9)]
_YES = re.compile(
    r'name="key" value="([^"]*)"><input type="hidden" name="field" value="([^"]*)">'
    r'<button class="button primary"'
)
HEAD = ("编号", "职工姓名", "证照", "工作单位", "赛项")


def book(*rows: tuple[object, ...]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def people(*units: str, head: tuple[str, ...] = HEAD) -> bytes:
    rows = [
        (n, f"来人{'甲乙丙丁戊己'[n - 1]}", IDS[n], unit, "赛项")
        for n, unit in enumerate(units, start=1)
    ]
    return book(head, *rows)


def names() -> set[str]:
    return set(db.session.scalars(select(Entrant.name).where(Entrant.name.like("来人%"))))


def newest() -> ImportBatch:
    db.session.expire_all()
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()  # type: ignore[return-value]


@pytest.fixture
def desk(app: Flask, fresh: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def send(desk: FlaskClient, content: bytes, name: str = "名册.xlsx") -> TestResponse:
    sent = {"workbook": (BytesIO(content), name)}
    return desk.post(UPLOAD, data=sent, follow_redirects=True)


def say(desk: FlaskClient, **fields: object) -> TestResponse:
    return desk.post(f"{UPLOAD}/{newest().id}/cell", data=fields, follow_redirects=True)


def answer_all(desk: FlaskClient, page: TestResponse) -> TestResponse:
    """Every question answered with yes, as Enter does."""
    while hit := _YES.search(page.text):
        key, field = map(unescape, hit.groups())
        address = f"{UPLOAD}/{newest().id}/columns"
        page = desk.post(address, data={"key": key, "field": field}, follow_redirects=True)
    return desk.get(f"{UPLOAD}/{newest().id}")


def write(desk: FlaskClient, page: TestResponse) -> TestResponse:
    (address,) = re.findall(r'action="([^"]*/write[^"]*)"', page.text)[:1]
    return desk.post(unescape(address), follow_redirects=True)


def test_what_is_doubtful_is_asked_once_and_remembered_until_it_is_forgotten(
    desk: FlaskClient,
) -> None:
    asked = send(desk, people("甲单位", "甲单位"))
    assert "问你" in asked.text
    assert IDS[1] not in asked.text, "samples are masked"
    page = answer_all(desk, asked)
    assert page.status_code == 200
    write(desk, page)
    assert names() == {"来人甲", "来人乙"}

    again = send(desk, people("甲单位", "甲单位", "甲单位"))
    assert "核对报名表" in again.text
    address = f"{UPLOAD}/{newest().id}/columns"
    forgotten = desk.post(f"{address}/forget", follow_redirects=True)
    assert "问你" in forgotten.text


def test_a_column_of_names_that_nobody_knows_is_asked_for(desk: FlaskClient) -> None:
    content = people("甲单位", head=("编号", "大名", "公民身份证件号", "单位（盖章）", "赛项"))
    asked = send(desk, content)
    assert asked.status_code == 200
    assert "照格子里的内容认的，列名认不出" in asked.text
    write(desk, answer_all(desk, asked))
    assert names() == {"来人甲"}
    # What the command reads of it stays a refusal.
    assert not read_sheets(open_workbook(content), "people").rows


def test_a_large_file_asks_as_a_small_one_does_and_its_job_takes_the_answers(
    desk: FlaskClient, fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "LARGE_UPLOAD", 1)
    monkeypatch.setattr(queue, "wake", lambda _competition: None)

    def looked_at(page: TestResponse) -> TestResponse:
        """The file's page once the job has done its part."""
        assert "已经排上" in page.text or "核对报名表" in page.text
        assert do_next(fresh.id)
        return desk.get(f"{UPLOAD}/{newest().id}", follow_redirects=True)

    head = ("编号", "大名", "证照", "工作单位", "赛项")
    rows = [(n, f"来人{'甲乙'[n - 1]}", IDS[n], "甲单位", "赛项") for n in (1, 2)]
    content = book(("二季度报名汇总",), head, *rows, ("合计", "2 人"))
    asked = looked_at(send(desk, content))
    assert "问你" in asked.text
    assert "照格子里的内容认的，列名认不出" in asked.text
    assert "来人甲" in asked.text
    assert IDS[1] not in asked.text, "samples are masked"
    assert "没有读的行：1 二季度报名汇总（标题）" in asked.text
    assert "问你，答了才读" in asked.text
    while hit := _YES.search(asked.text):
        key, field = map(unescape, hit.groups())
        address = f"{UPLOAD}/{newest().id}/columns"
        asked = desk.post(address, data={"key": key, "field": field}, follow_redirects=True)
    page = looked_at(desk.get(f"{UPLOAD}/{newest().id}", follow_redirects=True))
    assert "将写入 2 行" in page.text
    assert "二季度报名汇总" in page.text, "what was left out is told in its words"
    assert "合计" in page.text
    # Another answer, after the rows were shown: they are looked through anew.
    key, field = next(
        (it.key, it.field) for it in columns_of(newest()).columns if it.heading == "赛项"
    )
    say_what = {"key": key, "field": ""}
    desk.post(f"{UPLOAD}/{newest().id}/columns", data=say_what, follow_redirects=True)
    assert newest().summary is None
    desk.post(f"{UPLOAD}/{newest().id}/columns", data={"key": key, "field": field})
    page = looked_at(desk.get(f"{UPLOAD}/{newest().id}", follow_redirects=True))
    write(desk, page)
    assert desk.post(f"{UPLOAD}/{newest().id}/columns", data=say_what).status_code == 409
    assert do_next(fresh.id)
    assert names() == {"来人甲", "来人乙"}
    # The next with the same headings is asked nothing.
    page = looked_at(send(desk, content))
    assert "没有要写入的行" in page.text


def test_cells_of_a_large_file_are_put_right_in_place_and_looked_through_once_more(
    desk: FlaskClient, fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "LARGE_UPLOAD", 1)
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    head = ("姓名", "身份证号", "单位", "赛项")
    units = ("甲单拉", "甲单拉", "远方集团", "甲单位", "甲单位")
    rows = [(f"来人{'甲乙丙丁戊'[n]}", IDS[n + 1], unit, "赛项") for n, unit in enumerate(units)]
    number = IDS[4]
    rows[3] = (rows[3][0], number[:-1] + ("0" if number[-1] != "0" else "1"), *rows[3][2:])
    send(desk, book(head, *rows))
    assert do_next(fresh.id)
    page = desk.get(f"{UPLOAD}/{newest().id}")
    assert "2 行都改成 甲单位" in page.text
    assert number[:-1] not in page.text, "a number is not shown whole"
    say(desk, row=2, key="unit", act="best", best="甲单位")
    say(desk, row=4, key="unit", act="unit", text="远方集团")
    page = say(desk, row=5, key="id_number", act="text", text=number)
    assert "改好的还没核对" in page.text
    assert "<ins>甲单位</ins>" in page.text
    assert "/write" not in page.text, "what was not looked through is not written"
    with pytest.raises(Refused, match="还没核对"):
        ask_write(newest(), db.session.get_one(Account, newest().made_by))
    db.session.rollback()
    desk.post(f"{UPLOAD}/{newest().id}/again")
    assert do_next(fresh.id)
    page = desk.get(f"{UPLOAD}/{newest().id}")
    assert "将写入 5 行" in page.text
    write(desk, page)
    assert do_next(fresh.id)
    assert names() == {f"来人{sign}" for sign in "甲乙丙丁戊"}
    assert "远方集团" in db.session.scalars(select(Unit.name)).all()
    assert say(desk, row=2, key="unit", act="text", text="甲单位").status_code == 409


def asked_alone(page: TestResponse) -> list[str]:
    """The question of the page's card."""
    return re.findall(r"<h2>([^<]*？)</h2>", page.text)


def test_people_come_without_numbers_where_nothing_hangs_on_them(
    desk: FlaskClient, fresh: Competition
) -> None:
    head = ("姓名", "单位", "赛项", "手机")
    rows = [(f"来人{n}", "甲单位", "赛项", f"1390000000{n}") for n in "12"]
    asked = send(desk, book(head, *rows))
    assert asked.status_code == 200
    assert asked_alone(asked) == ["没有证件号码，照样读吗？"]
    page = answer_all(desk, asked)
    assert page.text.count("没有证件号码一列") == 1, "said once, not for each row"
    assert "将写入 2 行：新增 2" in page.text
    write(desk, page)
    assert names() == {"来人1", "来人2"}
    people = db.session.scalars(select(Entrant).where(Entrant.name.like("来人%"))).all()
    assert {it.id_number for it in people} == {it.id_hash for it in people} == {None}

    # The same list again is asked nothing, and makes nobody twice.
    again = send(desk, book(head, *rows, rows[0]))
    assert "没有要写入的行" in again.text
    assert "与第 2 行同名同单位，没有号码分不开" in again.text
    # Who has a number now is the one who had none; a file without it does not take it away.
    numbers = book((*head, "身份证号"), (*rows[0], IDS[1]))
    page = send(desk, numbers)
    assert "将写入 1 行：新增 0，变更 1" in page.text
    write(desk, page)
    send(desk, book(head, (*rows[0][:3], "13900000009")))
    write(desk, desk.get(f"{UPLOAD}/{newest().id}"))
    db.session.expire_all()
    first = db.session.scalars(select(Entrant).filter_by(name="来人1")).one()
    assert (first.id_number, first.phone) == (IDS[1], "13900000009")
    assert list(check_people(fresh)) == list(check_rows(fresh)) == []


def test_a_number_that_lacks_in_a_few_rows_is_asked_there(desk: FlaskClient) -> None:
    head = ("姓名", "身份证号", "单位", "赛项")
    lacking = [(f"来人{n}", "", "甲单位", "赛项") for n in "乙丙"]
    page = send(desk, book(head, ("来人甲", IDS[1], "甲单位", "赛项"), *lacking))
    assert "将写入 1 行" in page.text
    assert "2 行都先空着" in page.text
    page = say(desk, row=3, key="id_number", act="empty")
    assert "将写入 3 行" in page.text
    page = say(desk, row=3, key="id_number", act="undo")
    assert "将写入 2 行" in page.text
    write(desk, page)
    assert names() == {"来人甲", "来人丙"}


def test_where_a_number_is_needed_its_column_is_asked_for_once(
    desk: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    event = fresh.events[0]
    change_conditions(event, Conditions(age_to=60), mark_of(Conditions()), organiser)
    page = send(desk, book(("姓名", "单位", "赛项"), ("来人甲", "甲单位", "赛项")))
    assert page.text.count("这场报名要证件号码，没有这一列报不了") == 1
    assert asked_alone(page) == []
    answer = {"key": "!id_number", "field": ""}
    assert desk.post(f"{UPLOAD}/{newest().id}/columns", data=answer).status_code == 400
    page = send(desk, book(("姓名", "身份证号", "单位", "赛项"), ("来人甲", "", "甲单位", "赛项")))
    assert "先空着</button>" not in page.text
    assert "没填" in page.text


def test_a_wrong_cell_is_put_right_in_place_in_all_rows_alike_and_a_unit_is_made(
    desk: FlaskClient,
) -> None:
    page = answer_all(desk, send(desk, people("甲单拉", "甲单拉", "远方集团", "无此单位")))
    rows = sorted({int(n) for n in re.findall(r'name="row" value="(\d+)"', page.text)})
    assert rows == [2, 3, 4, 5]
    page = say(desk, row=2, key="unit", act="best", best="甲单位")
    page = say(desk, row=4, key="unit", act="unit", text="远方集团")
    write(desk, page)
    assert names() == {"来人甲", "来人乙", "来人丙"}
    assert "远方集团" in db.session.scalars(select(Unit.name)).all()

    batch = newest()
    assert batch.state is ImportState.PREVIEWED
    assert "名册.xlsx" in desk.get(UPLOAD).text
    assert "“名册.xlsx”里还有没写的行" in desk.get("/desk/").text
    page = say(desk, row=5, key="unit", act="text", text="甲单位")
    write(desk, page)
    assert names() == {"来人甲", "来人乙", "来人丙", "来人丁"}
    assert len(db.session.scalars(select(Entrant).where(Entrant.name.like("来人%"))).all()) == 4
    assert newest().state is ImportState.WRITTEN
    assert newest().content is None


def test_what_lacks_in_several_rows_is_filled_for_all_at_once_and_not_thrown_away_in_one_press(
    desk: FlaskClient,
) -> None:
    # Above a unit that is written: what stands below one is taken from it.
    page = answer_all(desk, send(desk, people("", "", "", "甲单位")))
    assert "3 行都填这个" in page.text
    assert "整份丢掉" not in page.text
    page = say(desk, row=2, key="unit", act="all", text="甲单位")
    assert "改好的 3 处会一起丢掉" in page.text
    assert "先放着" in page.text
    # Where it says that one comes back from.
    assert f"{UPLOAD}/{newest().id}" in desk.get(UPLOAD).text
    assert "“名册.xlsx”里还有没写的行" in desk.get("/desk/").text
    write(desk, page)
    assert names() == {"来人甲", "来人乙", "来人丙", "来人丁"}


def test_what_was_put_right_can_be_taken_back(desk: FlaskClient) -> None:
    answer_all(desk, send(desk, people("甲单位", "无此单位")))
    right = say(desk, row=3, key="unit", act="text", text="甲单位")
    assert "撤销" in right.text
    back = say(desk, row=3, key="unit", act="undo")
    assert 'name="row" value="3"' in back.text


def test_several_new_units_are_one_press(desk: FlaskClient) -> None:
    page = answer_all(desk, send(desk, people("远方集团", "近处公司", "甲单位")))
    assert "名单里没有这 2 个单位：远方集团、近处公司" in page.text
    page = say(desk, row=0, key="unit", act="units")
    write(desk, page)
    assert {"远方集团", "近处公司"} <= set(db.session.scalars(select(Unit.name)))
    assert names() == {"来人甲", "来人乙", "来人丙"}


def test_who_is_not_in_the_newer_file_is_named(desk: FlaskClient) -> None:
    write(desk, answer_all(desk, send(desk, people(*["甲单位"] * 6))))
    page_text = answer_all(desk, send(desk, people(*["甲单位"] * 5))).text
    (who,) = re.findall(r"名单里有 5 人不在这份表里，不动他们：([^<]*)", page_text)
    assert "来人己" in who


def test_trades_are_taken_for_events_and_asked_where_only_some_are() -> None:
    def trades(*texts: str) -> ColumnRead:
        content = book(
            ("姓名", "身份证号", "单位", "工种"),
            *((f"来人{n}", IDS[n], "甲单位", text) for n, text in enumerate(texts)),
        )
        columns = RegistrationBook(content, events=("焊工", "电工")).columns()
        return next(it for it in columns if it.heading == "工种")

    plain = trades("焊工", "电工", "电工")
    assert (plain.field, plain.asked) == ("event", None)
    partly = trades("电焊工", "维修电工", "电工")
    assert partly.field == "event"
    assert partly.asked is not None
    assert trades("钳工", "车工").field == "occupation"


def test_of_two_rows_of_one_person_the_first_is_kept_where_somebody_says_so(
    desk: FlaskClient,
) -> None:
    head = ("姓名", "身份证号", "单位", "赛项", "手机")
    first = ("来人甲", IDS[1], "甲单位", "赛项", "13900000001")
    rows = (first, ("来人乙", IDS[2], "甲单位", "赛项", "13900000002"), first, first)
    other = (*first[:4], "13900000009")
    page = answer_all(desk, send(desk, book(head, *rows, other)))
    assert page.text.count("是，留第 2 行") == 3
    assert "与第 2 行是同一个人，手机不一样" in page.text
    page = say(desk, row=4, key="id_number", act="twins")
    assert "2 行和上面的一模一样，没有另写" in page.text
    assert page.text.count("是，留第 2 行") == 1
    page = say(desk, row=6, key="id_number", act="same")
    assert page.text.count("与第 2 行是同一个人，留第 2 行") == 3
    page = say(desk, row=6, key="id_number", act="both")
    assert page.text.count("是，留第 2 行") == 1
    page = say(desk, row=6, key="id_number", act="same")
    # Not the same person after all: the number of the first was wrong.
    page = say(desk, row=2, key="id_number", act="text", text=IDS[5])
    assert "拒绝的排在前面" in page.text
    assert page.text.count("与第 4 行是同一个人") >= 1
    page = say(desk, row=2, key="id_number", act="undo")
    write(desk, page)
    assert names() == {"来人甲", "来人乙"}
    assert newest().state is ImportState.WRITTEN


def test_what_a_row_can_do_without_is_left_empty(desk: FlaskClient) -> None:
    head = ("姓名", "身份证号", "单位", "赛项", "出生年月", "性别")
    row = ("来人甲", IDS[1], "甲单位", "赛项", "1985-07", "")
    page = answer_all(desk, send(desk, book(head, row)))
    assert "以证件为准" in page.text
    page = say(desk, row=2, key="birth", act="empty")
    assert "撤销" in page.text
    write(desk, page)
    assert names() == {"来人甲"}
    page = answer_all(desk, send(desk, book(("姓名", "身份证号", "单位", "赛项"), row[:4])))
    assert "先空着" not in page.text


def test_a_pasted_table_is_read_as_a_file(desk: FlaskClient) -> None:
    lines = ["姓名\t身份证号\t单位\t赛项", f"来人甲\t{IDS[1]}\t甲单位\t赛项"]
    page = desk.post(UPLOAD, data={"pasted": "\n".join(lines)}, follow_redirects=True)
    assert "来人甲" in page.text
    write(desk, page)
    assert names() == {"来人甲"}


def test_people_typed_a_line_each_are_written_though_there_is_no_head(desk: FlaskClient) -> None:
    lines = [
        *("报名接龙", f"1. 来人甲 甲单位 13900000001 {IDS[1]}", f"2、来人乙 甲单位 {IDS[2]}"),
        "领队：周正 13900000009",
    ]
    page = desk.post(UPLOAD, data={"pasted": "\n".join(lines)}, follow_redirects=True)
    assert "没有表头，从第一行起一行一个人" in page.text
    assert "没有读的行：4 领队：周正" in page.text
    write(desk, page)
    db.session.expire_all()
    people = db.session.scalars(select(Entrant).where(Entrant.name.like("来人%")))
    assert {it.name: it.phone for it in people} == {"来人甲": "13900000001", "来人乙": None}


def test_what_waits_for_longer_than_thirty_days_goes(
    desk: FlaskClient, organiser: Account, fresh: Competition
) -> None:
    page = answer_all(desk, send(desk, people("甲单位", "无此单位")))
    write(desk, page)
    batch = newest()
    assert [it.id for it in waiting_uploads(fresh)] == [batch.id]
    with time_machine.travel(utc_now() + timedelta(days=31), tick=False):
        assert waiting_uploads(fresh) == []
        keep_upload(fresh, "另一张.xlsx", people("甲单位"), organiser)
    db.session.refresh(batch)
    assert (batch.state, batch.content) == (ImportState.DISCARDED, None)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_judges_come_from_a_text_file_too(desk: FlaskClient, encoding: str) -> None:
    text = "裁判员姓名;工作单位;裁判职务\n贺兰;甲单位;裁判员\n"
    sent = {"workbook": (BytesIO(text.encode(encoding)), "裁判.csv")}
    page = desk.post("/desk/X/judges/upload", data=sent)
    assert (page.status_code, "贺兰" in page.text) == (200, True)


def test_a_wrong_event_asks_for_no_number_where_nobody_needs_one(desk: FlaskClient) -> None:
    rows = [("姓名", "单位", "赛项"), ("来人甲", "甲单位", "赛项"), ("来人乙", "乙单位", "绣花")]
    page = answer_all(desk, send(desk, book(*rows)))
    assert "没有“绣花”" in page.text
    assert "证件号码：没填" not in page.text
    write(desk, page)
    assert names() == {"来人甲"}
