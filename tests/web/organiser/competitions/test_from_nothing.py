"""From an empty competition to registered people and badges, without a command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import openpyxl
from flask import Flask

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, db, utc_now
from compete.services.accounts.accounts import create_account
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import SelfEntry, SetUp, change_settings
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.people_seals import check_people
from compete.services.registration.self_entry.settings import change_self_entry
from compete.services.registration.window import change_window, window_of
from tests.sheets.people import citizen_id
from tests.support.signing_in import signed_in
from tests.support.small import small
from tests.web.organiser.competitions.test_details_page import fields as details_fields
from tests.web.organiser.rules.test_event_pages import fields


def filled(workbook: bytes, events: tuple[str, ...], people_per_event: int) -> bytes:
    """The downloaded workbook with so many people in each event, by turns of two units."""
    book = openpyxl.load_workbook(BytesIO(workbook))
    sheet = book["选手"]
    heads = {
        str(cell.value).rstrip("*").strip(): cell.column
        for row in sheet.iter_rows(max_row=3)
        for cell in row
        if isinstance(cell.value, str)
    }
    for number in range(people_per_event * len(events)):
        row = {
            "姓名": f"选手{number}",
            "证件号码": citizen_id(date(1990, 1, 1), number + 1),
            "单位": ("甲港", "乙港")[number % 2],
            "赛项": events[number % len(events)],
        }
        for head, text in row.items():
            sheet.cell(4 + number, heads[head], text)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_contest_is_made_in_the_browser_alone(app: Flask, here: Flask) -> None:
    desk = signed_in(app, create_account("管理员", is_admin=True))
    desk.post("/desk/new/blank", data={"name": "新赛", "code": "N-2026", "level": "enterprise"})
    page = desk.get("/desk/N-2026/").text
    for lacks in ("还没有赛项", "没有日期", "没有地点", "还没有裁判长", "还没有单位"):
        assert lacks in page
    assert "草稿" in desk.get("/desk/").text
    # Each line leads to the page that settles it.
    for page_of in ("events", "details", "judges?people=1", "units"):
        assert f"/desk/N-2026/{page_of}" in page
        assert desk.get(f"/desk/N-2026/{page_of}").status_code == 200
    assert "先加赛项" in desk.get("/desk/N-2026/entrants/upload").text
    for name in ("叉车司机", "焊工"):
        place = desk.post("/desk/N-2026/events/add", data={"name": name, "like": ""}).location
        desk.post(place, data=fields(desk.get(place).text) | {"occupation.name": name})
    details = details_fields(desk.get("/desk/N-2026/details").text)
    details |= {"starts": "2099-11-23", "venue": "车间"}
    assert desk.post("/desk/N-2026/details", data=details).status_code == 302
    for role, name in ((Role.CHIEF, "长"), (Role.JUDGE, "一"), (Role.JUDGE, "二")):
        made = desk.post("/desk/N-2026/judges/add", data={"role": role.value, "name": name})
        assert made.status_code == 302
        # After the chief judge it is judges, one by one.
        assert '<option value="judge" selected>' in desk.get(made.location).text
    nobody = desk.post("/desk/N-2026/judges/add", data={"role": "clerk", "name": " \u3000 "})
    assert (nobody.status_code, "姓名要写" in nobody.text) == (400, True)
    assert '<option value="clerk" selected>' in nobody.text
    # Who adds one more adds another of the same.
    clerk = desk.post("/desk/N-2026/judges/add", data={"role": "clerk", "name": "检录员"})
    assert '<option value="clerk" selected>' in desk.get(clerk.location).text
    second = desk.post("/desk/N-2026/judges/add", data={"role": "chief", "name": "又一个"})
    assert second.status_code == 400
    module = desk.get("/desk/N-2026/judges/assign").text.partition('name="module"')[2]
    module = module.partition('value="')[2].partition('"')[0]
    seat = {"module": module, "judge": "J1", "station": ""}
    assert desk.post("/desk/N-2026/judges/assign", data=seat).status_code == 302
    full = "（每组 1 名，已满）"
    assert full in desk.get("/desk/N-2026/judges/assign").text
    one_more = desk.post("/desk/N-2026/judges/assign", data=seat | {"judge": "J2", "reason": "师"})
    assert (one_more.status_code, "选多了" in one_more.text) == (409, True)
    assert '<option value="J2" selected>' in one_more.text
    assert re.search('name="reason"[^>]* value="师"', one_more.text)
    page = desk.get("/desk/N-2026/").text
    assert "加了工作人员 J2 二" in page
    assert re.search("安排裁判 [^<]*：J1 一", page)
    desk.post("/desk/N-2026/units/add", data={"names": "甲港\n乙港"})
    page = desk.get("/desk/N-2026/").text
    assert "去补" not in page
    # Units enter nobody before registration is open, which waits for its last day.
    assert "先开放报名" in page
    assert "先把选手报进来" not in page
    # The step says the same: nothing is going on yet.
    first = page.split("报名</")[1].split("抽签</")[0]
    assert ("正在进行" in first, "还没有开放" in first) == (False, True)
    assert re.search("筹备清单里还差 1 样.*?/desk/N-2026/set-up", page, re.DOTALL)
    new = db.session.query(Competition).filter_by(code="N-2026").one()
    organiser = db.session.query(Account).filter_by(name="管理员").one()
    closes = utc_now() + timedelta(days=3)
    change_window(new, replace(window_of(new), closes=closes), organiser)
    assert "都齐了，开放以后单位才能报" in desk.get("/desk/N-2026/").text
    assert desk.post("/desk/N-2026/set-up/open").status_code == 302
    assert "看看报名页" not in desk.get("/desk/N-2026/set-up").text
    change_self_entry(new, SelfEntry(open=True), organiser)
    page = desk.get("/desk/N-2026/set-up").text
    assert "看看报名页" in page
    assert desk.get("/p/N-2026/enter").status_code == 200
    assert 'href="/p/N-2026/enter"' in page
    # Of awards and panels the first is told, and how many there are.
    assert "理论 每名选手 1 名裁判 等 4 个" in page
    assert "一等奖 前 10% 等 6 个" in page
    desk.set_cookie("lang", "en")
    english = desk.get("/desk/N-2026/set-up").text
    assert re.search(r"4 Rules of the panels.*5 Awards.*6 Promotion rules", english, re.DOTALL)
    desk.set_cookie("lang", "zh")
    page = desk.get("/desk/N-2026/").text
    assert "先开放报名" not in page
    assert "先把选手报进来" in page
    assert "还没有开放" not in page
    empty = desk.get("/desk/N-2026/entrants/workbook.xlsx").data
    workbook = filled(empty, ("叉车司机", "焊工"), 30)
    answer = desk.post(
        "/desk/N-2026/entrants/upload", data={"workbook": (BytesIO(workbook), "报名.xlsx")}
    )
    assert answer.status_code == 302
    preview = desk.get(answer.location).text
    write = preview.split('action="')[1:]
    url = next(part.split('"')[0] for part in write if "/write" in part.split('"')[0])
    desk.post(url.replace("&amp;", "&"))
    assert db.session.query(Entrant).count() == 60
    badges = desk.get("/desk/N-2026/badges.pdf")
    assert badges.data.startswith(b"%PDF")
    competition = db.session.query(Entrant).first().competition
    assert list(verify_chain(competition)) == []
    assert list(check_rows(competition)) == []
    assert list(check_people(competition)) == []


def test_what_is_not_open_is_not_under_way_and_a_venue_is_missed_until_it_is_there(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    plain["competition"].pop("venue", None)
    competition = load(plain)
    desk = signed_in(app, organiser)
    for text in ("没有地点", "正在进行"):
        assert text in desk.get("/desk/X/").text
    with unit_of_work():
        change_settings(competition, set_up=SetUp())
        audit.record(competition, organiser, "test", "")
    page = desk.get("/desk/X/").text
    first = page.split("报名</")[1].split("抽签</")[0]
    assert ("正在进行" in first, "还没有开放" in first) == (False, True)
    assert "没有地点" in page
    assert "没有地点" in desk.get("/desk/").text
