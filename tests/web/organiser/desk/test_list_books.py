"""Lists of the desk as workbooks: what the page shows, filtered as it is, and nothing that runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.ceremonies.units_then_people import IN_A_ROW
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Slot, db, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.appeals.appeal_states import appeals_of
from compete.services.closing.recheck import draw_recheck
from compete.services.competitions.loading import load_bundle
from compete.services.judging.recusal import recuse_from_entrant, recuse_from_unit
from compete.services.kernel.clock import local_today
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.accidents import Report, report_accident
from compete.services.labour.entry import Writer
from compete.services.registration.acceptance import accept_people
from compete.services.registration.officials import add_official, correct_official
from compete.web.organiser import list_book
from tests.services.labour.made_up import act, made_up
from tests.services.schedule.test_check_in import planned
from tests.sheets.people import citizen_id
from tests.support.announced import announce
from tests.support.appealing import appealed
from tests.support.contest import contest
from tests.support.drawing import drawn, prepared
from tests.support.panels import Panel
from tests.support.people import visitor
from tests.support.second_day import PRIZES
from tests.support.self_entry import enter, switch_on
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

Row = tuple[object, ...]


def rows(desk: FlaskClient, address: str, sheet: int = 0) -> list[Row]:
    """The lines below the headings; no cell of the book may be a formula."""
    answer = desk.get(address)
    assert answer.status_code == 200, answer.text[-2000:]
    assert "spreadsheetml.sheet" in answer.headers["Content-Type"]
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(BytesIO(answer.data))
    cells = [cell for worksheet in book for line in worksheet.iter_rows() for cell in line]
    assert all(cell.data_type != "f" for cell in cells)
    return list(book.worksheets[sheet].iter_rows(min_row=3, values_only=True))


def people_of(competition: Competition) -> list[Entrant]:
    return list(db.session.scalars(select(Entrant).filter_by(competition_id=competition.id)))


def refused(client: FlaskClient, address: str) -> bool:
    return client.get(address).status_code == 404


def offered(desk: FlaskClient, page: str) -> str:
    """The address of the workbook on a page."""
    text = desk.get(page).text
    assert text.count("导出 Excel") == 1
    before = text[: text.index("导出 Excel")]
    return before[before.rindex('href="/') + 6 :].split('"')[0].replace("&amp;", "&")


def test_who_came_goes_out_by_session_and_state_on_all_pages(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    competition, now = load(planned()), utc_now()
    with unit_of_work():
        for slot in db.session.query(Slot):
            begins = now + timedelta(minutes=-15 if slot.session == "第1场" else 60)
            slot.check_in_at = slot.starts_at = begins
            slot.ends_at = None
        competition.units[0].name = "=1+1"
    desk = signed_in(app, organiser)
    everybody = offered(desk, "/desk/X/arrivals?session=all")
    monkeypatch.setattr(list_book, "_PORTION", 1)
    lines = rows(desk, everybody)
    assert [line[0] for line in lines] == ["过了时间没检录"] * 2 + ["没到时间"] * 2
    assert len({line[2] for line in lines}) == 4
    assert "=1+1" in {line[4] for line in lines}
    assert all("停止检录" in str(line[8]) for line in lines[:2])
    late = offered(desk, "/desk/X/arrivals?session=all&state=late")
    assert {line[0] for line in rows(desk, late)} == {"过了时间没检录"}
    # Without a session it is the one that the page shows.
    assert len(rows(desk, offered(desk, "/desk/X/arrivals"))) == 2
    monkeypatch.setattr(list_book, "AT_ONCE", 1)
    assert rows(desk, everybody) == lines, "written row by row"
    monkeypatch.setattr(list_book, "MOST", 3)
    many = desk.get(everybody)
    assert (many.status_code, "这里有 4 行" in many.text) == (400, True)
    assert refused(visitor(app, "chief", competition), everybody)


def test_units_go_out_with_how_many_they_send_and_how_their_link_stands(
    app: Flask, fresh: Competition
) -> None:
    with unit_of_work():
        fresh.units[1].name = "=乙"
    desk = visitor(app, "organiser", fresh)
    lines = rows(desk, offered(desk, "/desk/X/units"))
    sent = Counter(person.unit.code for person in people_of(fresh))
    assert {line[0]: line[2] for line in lines} == sent
    assert {line[3] for line in lines} == {"发链接"}
    assert lines[1][1] == "=乙"
    assert refused(visitor(app, "supervisor", fresh), "/desk/X/units/list.xlsx")


def test_those_who_were_handed_in_go_out_of_one_state_and_without_a_whole_number(
    app: Flask, fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(fresh, organiser)
    numbers = [citizen_id(date(1992, 3, 4), 21 + 2 * place) for place in range(3)]
    people = [enter(fresh, place)[0] for place in range(2)]
    people.append(enter(fresh, 2, name="=1+1")[0])
    desk = signed_in(app, organiser)
    monkeypatch.setattr(list_book, "_PORTION", 1)
    whole = rows(desk, offered(desk, "/desk/X/applications?show=all"))
    assert [line[0] for line in whole] == ["自报甲", "自报乙", "=1+1"]
    assert not {*numbers} & {cell for line in whole for cell in line}
    assert all("*" in str(line[3]) for line in whole)
    accept_people(fresh, {people[0].public_id: people[0].version}, organiser)
    taken = rows(desk, offered(desk, "/desk/X/applications?show=accepted"))
    assert [line[0] for line in taken] == ["自报甲"]
    assert "参赛号" in str(taken[0][6])
    other = f"/desk/X/applications/list.xlsx?show=all&unit={fresh.units[1].code}"
    assert rows(desk, other) == []
    assert refused(visitor(app, "chief", fresh), "/desk/X/applications/list.xlsx")


def test_officials_go_out_with_what_they_mark(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    wrong = add_official(judged, Role.JUDGE, "罗平", organiser)
    correct_official(wrong, "=罗平", None, "写错了", organiser, other="=行业协会")
    desk = visitor(app, "organiser", judged)
    lines = {line[0]: line for line in rows(desk, offered(desk, "/desk/X/judges?people=1"))}
    assert set(lines) == {judge.code for judge in judged.judges}
    assert lines[wrong.code][1:5] == ("=罗平", "=行业协会", "裁判", "还没分工")
    assert lines[wrong.code][5:7] == ("—", "—")
    done, whole = lines["J1"][5:7]
    assert done == whole
    assert isinstance(whole, int)
    assert refused(visitor(app, "stranger", judged), "/desk/X/judges/list.xlsx")


def test_what_was_drawn_goes_out_once_it_is_drawn(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    with unit_of_work():
        fresh.units[0].name = "=甲"
    desk = signed_in(app, organiser)
    waiting = prepared(fresh, organiser)
    page = f"/desk/X/draws/{waiting.id}"
    assert "导出 Excel" not in desk.get(page).text
    assert refused(desk, f"{page}/list.xlsx")
    desk.post(f"{page}/discard")
    done = drawn(fresh, organiser, layer=IN_A_ROW)
    page = f"/desk/X/draws/{done.id}"
    lines = rows(desk, offered(desk, page))
    assert [line[0] for line in lines] == list(range(1, len(lines) + 1))
    assert {line[4] for line in lines} == {person.code for person in people_of(fresh)}
    assert "=甲" in {line[6] for line in lines}
    units = rows(desk, f"{page}/list.xlsx", sheet=1)
    assert [line[0] for line in units] == [1, 2]
    assert sum(int(str(line[3])) for line in units) == len(lines)
    assert refused(visitor(app, "judge", fresh), f"{page}/list.xlsx")


def test_appeals_go_out_in_the_order_of_the_page(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    desk = visitor(app, "organiser", judged)
    assert "导出 Excel" not in desk.get("/desk/X/appeals").text
    with unit_of_work():
        next(person for person in people_of(judged) if person.code == "P1").name = "=1+1"
    announce(judged, organiser)
    for code in ("P2", "P1"):
        appealed(code)
    lines = rows(desk, offered(desk, "/desk/X/appeals"))
    assert [line[0] for line in lines] == [f"{appeal.number:02}" for appeal in appeals_of(judged)]
    assert {line[1] for line in lines} == {"=1+1 P1", "钱文 P2"}
    assert all(line[4] != "—" and line[6] == "—" for line in lines)
    assert refused(visitor(app, "judge", judged), "/desk/X/appeals/list.xlsx")


def test_sheets_that_are_checked_again_go_out_without_a_mark(app: Flask, here: Flask) -> None:
    competition = load_bundle(contest(level="provincial-2", entrants=10, bias={"J1": 3.3}))
    chief = official(competition, "C1")
    desk = signed_in(app, chief)
    assert "导出 Excel" not in desk.get("/desk/CUP/recheck").text
    with unit_of_work():
        judge = next(
            competition_judge
            for competition_judge in competition.judges
            if competition_judge.code == "J1"
        )
        judge.name = "=1+1"
    round = draw_recheck(competition.events[0], "final", chief)
    lines = rows(desk, offered(desk, "/desk/CUP/recheck"))
    assert sorted(str(line[1]) for line in lines) == sorted(
        entry.sheet.label for entry in round.entries
    )
    assert {line[5] for line in lines} == {"没录"}
    assert any("=1+1" in str(line[3]) for line in lines)
    stranger = create_account("别处的")
    assert refused(signed_in(app, stranger), "/desk/CUP/recheck/list.xlsx")


def test_recusals_go_out_with_the_sheets_that_they_closed(app: Flask, panel: Panel) -> None:
    desk = signed_in(app, panel.account("C1"))
    assert "导出 Excel" not in desk.get("/desk/PANEL/recusals").text
    unit = next(unit for unit in panel.competition.units if unit.code == "U1")
    recuse_from_unit(panel.judge("J2"), unit, "=1+1", panel.organiser)
    recuse_from_entrant(panel.sheet("J1", "E2"), "是我徒弟", panel.account("J1"))
    address = offered(desk, "/desk/PANEL/recusals")
    lines = {str(line[0])[:2]: line for line in rows(desk, address)}
    assert lines["J2"][1:4] == (unit.name, 1, "=1+1")
    assert lines["J1"][1:4] == ("一名选手", 1, "是我徒弟")
    closed = {(line[0], str(line[2])[:2]) for line in rows(desk, address, sheet=1)}
    assert closed == {("E1", "J2"), ("E2", "J1")}
    assert refused(signed_in(app, panel.account("J1")), address)


def test_awards_given_by_hand_go_out_with_who_nominated(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES))
    desk = signed_in(app, organiser)
    page = "/desk/X/distinctions"
    assert "导出 Excel" not in desk.get(page).text
    unit = {"title": "优秀组织奖", "people": ["U1"], "reason": "=1+1"}
    assert desk.post(f"{page}/nominate", data=unit).status_code == 302
    (line,) = rows(desk, offered(desk, page))
    assert (line[0], line[1], line[3], line[6]) == ("优秀组织奖", "甲单位", "=1+1", "—")
    assert "提名" in str(line[5])
    outside = create_account("别处的")
    assert refused(signed_in(app, outside), f"{page}/list.xlsx")
    grant_role(outside, competition, Role.ORGANISER)
    assert not refused(signed_in(app, outside), f"{page}/list.xlsx")


def test_changes_of_squares_go_out_as_they_are_filtered_on_all_pages(
    app: Flask,
    load: Callable[..., Competition],
    organiser: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = made_up(load, organiser)
    desk = signed_in(app, organiser)
    assert "导出 Excel" not in desk.get("/desk/L/labour/changes").text
    made.enter(act("甲", "安全", "28", seen=10**6, reason="=1+1"), period="一月")
    made.enter(act("甲", "安全", "25"), act("乙", "安全", "26"))
    monkeypatch.setattr(list_book, "_PORTION", 1)
    whole = rows(desk, offered(desk, "/desk/L/labour/changes"))
    assert len(whole) == 3
    assert whole[-1][1:] == ("周茹", "打分表", "甲", "一月", "安全", "20", "28", "=1+1")
    address = offered(desk, "/desk/L/labour/changes?unit=乙&period=二月")
    assert [line[3] for line in rows(desk, address)] == ["乙"]
    assert refused(signed_in(app, create_account("别处的")), "/desk/L/labour/changes.xlsx")


def test_accidents_go_out_with_how_far_they_are(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made_up(load, organiser).competition
    desk = signed_in(app, organiser)
    page = "/desk/L/labour/accidents"
    assert "导出 Excel" not in desk.get(page).text
    writer = Writer(competition, create_account("联系人"), unit=competition.units[0])
    day = local_today().isoformat()
    report_accident(writer, "二月", Report(uuid=str(uuid4()), happened=day, text="=1+1"))
    (line,) = rows(desk, offered(desk, page))
    assert str(line[0]).startswith("甲 ")
    assert (line[1], line[2], line[4]) == ("待核", "=1+1", "—")
    assert "联系人" in str(line[3])
    assert refused(signed_in(app, create_account("别处的")), f"{page}.xlsx")


def test_people_go_out_as_they_are_looked_for_and_nobody_elses(
    app: Flask, fresh: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unit_of_work():
        next(person for person in people_of(fresh) if person.code == "P1").unit.name = "=1+1"
    desk = visitor(app, "organiser", fresh)
    monkeypatch.setattr(list_book, "_PORTION", 2)
    whole = rows(desk, offered(desk, "/desk/people"))
    entrants = people_of(fresh)
    assert {entrant.name for entrant in entrants} <= {line[0] for line in whole}
    assert len(whole) > 2
    numbers = {entrant.id_number for entrant in entrants if entrant.id_number}
    assert numbers
    assert not numbers & {cell for line in whole for cell in line}
    (line,) = rows(desk, offered(desk, "/desk/people?q=赵启明"))
    assert (line[0], line[3]) == ("赵启明", "=1+1")
    assert "选手 P1" in str(line[4])
    stranger = visitor(app, "stranger", fresh)
    assert stranger.get("/desk/people/list.xlsx").status_code == 404
