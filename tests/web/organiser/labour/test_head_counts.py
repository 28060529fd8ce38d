"""Workers taking part: put down and read from Excel at the desk, reported by a unit, told."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask import Flask

from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.head_counts import heads_book, heads_of
from tests.services.labour.made_up import act, everything, made_up
from tests.support.signing_in import signed_in
from tests.web.public.test_labour_wall import made, page_words

PAGE = "/desk/L/labour/heads"


def test_the_desk_puts_down_what_pages_add_up(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made(load, "甲乙丙")
    desk = signed_in(app, create_account("吴敏", is_admin=True))
    assert "还没有人报" in desk.get(f"{PAGE}?period=一月").text
    typed = {"period": "一月", "people:甲": "1,200", "people:乙": "许多", "people:丙": "34"}
    answer = desk.post(PAGE, data=typed)
    assert answer.status_code == 400
    assert "人数写整数" in answer.text
    assert 'value="许多"' in answer.text
    assert heads_of(competition, "一月").reported == {}
    assert desk.post(PAGE, data=typed | {"people:乙": ""}).status_code == 302
    for sentence in ("上报 1,234 人（1 家没报）", "土建 3 家"):
        assert sentence in desk.get("/desk/L/labour").text
    assert "参赛 34 人" in desk.get("/desk/L/labour/units/丙?period=一月").text
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    desk.post(PAGE, data={"period": "一月", "people:乙": "6"})
    assert "上报 1,234 人（1 家没报）" in page_words(app, "/p/L/periods/一月"), (
        "as the version told it"
    )
    assert desk.get(f"{PAGE}?period=Q").status_code == 404


def test_no_trend_is_drawn_of_a_month_in_which_nobody_has_a_rank(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """It once said 前 0 名 over the median of the month before alone."""
    contest = made_up(load, organiser)
    desk = signed_in(app, organiser)
    assert "走势" not in desk.get("/desk/L/labour?period=二月").text
    contest.enter(*everything())
    for unit in "甲乙丙":
        entered = act(unit, "产值", "90"), act(unit, "产值", "100", kind="target")
        contest.enter(*entered, by=contest.writer(contest.works))
    assert "一月到二月的走势" in desk.get("/desk/L/labour?period=二月").text


def test_a_workbook_is_looked_at_before_it_is_stored(
    app: Flask, load: Callable[..., Competition]
) -> None:
    competition = made(load, "甲乙丙")
    desk = signed_in(app, create_account("吴敏", is_admin=True))
    desk.post(PAGE, data={"period": "一月", "people:甲": "5", "people:乙": "6"})
    book = desk.get(f"{PAGE}.xlsx?period=一月").data
    assert heads_book(competition, "一月")[:2] == book[:2]
    desk.post(PAGE, data={"period": "一月", "people:甲": "7"})
    sent = {"period": "一月", "book": (BytesIO(book), "heads.xlsx")}
    shown = desk.post(f"{PAGE}/workbook", data=sent).text
    assert "还没存：1 家会改" in shown
    assert heads_of(competition, "一月").reported == {"甲": 7, "乙": 6}
    nothing = desk.post(f"{PAGE}/workbook", data={"period": "一月"})
    assert nothing.status_code == 400
    no_book = {"period": "一月", "book": (BytesIO(b"no"), "heads.xlsx")}
    assert desk.post(f"{PAGE}/workbook", data=no_book).status_code == 400


def test_a_unit_reports_its_own(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = made(load, "甲乙丙")
    unit = competition.units[1]
    account = create_account("谢长林")
    grant_role(account, competition, Role.CONTACT, unit=unit)
    client = signed_in(app, account)
    page = "/labour-entry/L?period=一月"
    assert "还没报过" in client.get(page).text
    assert client.post("/labour-entry/L/一月/heads", data={"people": "x"}).status_code == 400
    assert client.post("/labour-entry/L/一月/heads", data={"people": "88"}).status_code == 302
    assert heads_of(competition, "一月").reported == {unit.code: 88}
    assert "照前面报的 88 人算" in client.get("/labour-entry/L?period=二月").text
    close_period(competition, "一月", "", organiser)
    assert client.post("/labour-entry/L/一月/heads", data={"people": "9"}).status_code == 409
    assert "要改找组委会" in client.get(page).text
