"""The page of deadlines: who is missing, the words to send, what was typed is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from flask import Flask

from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.labour.closing import close_period
from compete.services.labour.departments import save_department
from compete.services.labour.sign_off import sign_off
from tests.services.labour.made_up import PIN, Contest, act, everything, made_up
from tests.support.signing_in import signed_in


@pytest.fixture
def contest(app: Flask, load: Callable[..., Competition], organiser: Account) -> Contest:
    app.config["WTF_CSRF_ENABLED"] = False
    return made_up(load, organiser)


def test_the_desk_says_who_is_missing_and_gives_the_words_to_send(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    account = create_account("联系人甲")
    unit = contest.competition.units[0]
    grant_role(account, contest.competition, Role.CONTACT, unit=unit)
    page = desk.get("/desk/L/labour/late?period=二月").text
    assert "催办的话" in page
    assert "安全部 周茹：劳动竞赛 二月 的分，缺 6，请尽快填好并签核。" in page
    assert "甲 联系人甲：劳动竞赛 二月 的自评，3 项缺 3，请尽快填好。" in page
    save = "/desk/L/labour/deadlines?period=二月"
    wrong = desk.post(save, data={"own:二月": "2026-11-06T17:00", "sign:二月": "2026-11-05T17:00"})
    assert (wrong.status_code, "要早于" in wrong.text) == (400, True)
    assert 'value="2026-11-06T17:00"' in wrong.text
    assert desk.post(save, data={"own:二月": "明天"}).status_code == 400
    done = desk.post(save, data={"own:二月": "2020-11-04T17:00", "sign:二月": "2020-11-05T17:00"})
    assert done.status_code == 302
    page = desk.get("/desk/L/labour/late?period=二月").text
    assert "2020年11月5日 17:00 已经截止，请马上填好并签核。" in page
    assert "2020年11月4日 17:00 已经截止，请马上填好。" in page, "what a unit's contact is sent"
    assert "迟了" in page
    entry = signed_in(app, contest.zhou).get("/labour-entry/L?period=二月").text
    assert "2020年11月5日 17:00 前签核，已经过了" in entry
    first = {"own:一月": "2026-01-30T17:00", "sign:一月": "2026-01-31T17:00", "carry": "1"}
    for fields in ({"months": "0"}, {"own:一月": "", "sign:一月": ""}):
        assert desk.post(save, data={**first, "months": "1", **fields}).status_code == 400
    carried = desk.post(save, data={**first, "months": "1", "sign:二月": "2026-03-02T12:00"})
    assert carried.status_code == 302
    kept = desk.get(carried.location).text
    for day in ("2026-01-31T17:00", "2026-02-28T17:00", "2026-03-02T12:00"):
        assert f'value="{day}"' in kept, "the last of a shorter month; what was typed stays"
    assert desk.get("/desk/L/labour/late.xlsx?period=二月").data.startswith(b"PK")
    assert desk.get("/desk/L/labour/late?period=Q").status_code == 404
    assert signed_in(app, contest.zhou).get("/desk/L/labour/late").status_code == 404


def test_of_who_has_filled_in_everything_only_the_sign_off_is_asked(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    contest.enter(*everything())
    where, ready = "/desk/L/labour/late?period=二月", "的分，都填齐了，还没签核，"
    assert f"{ready}请尽快签核这一期。" in desk.get(where).text
    for year, words in (
        (2020, "2020年11月5日 17:00 已经截止，请马上签核这一期。"),
        (2120, "请在 2120年11月5日 17:00 以前签核这一期。"),
    ):
        asked = {"own:二月": f"{year}-11-04T17:00", "sign:二月": f"{year}-11-05T17:00"}
        assert desk.post("/desk/L/labour/deadlines?period=二月", data=asked).status_code == 302
        assert f"{ready}{words}" in desk.get(where).text


def test_the_desk_sees_every_period_and_reminds_who_lacks_something(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    contest.enter(*everything("甲乙"))
    page = desk.get("/desk/L/labour/late?period=二月").text
    assert "还差 3 格，3 家" in page
    # Who lacks most of one period stands as the others do; the first is told at the side.
    assert "差 1 项：产值" in page
    assert "工程部 陈平" in page
    named = desk.get("/desk/L/labour/late?period=二月&unit=丙").text
    assert "差 3 项：安全、隐患、产值" in named
    assert "3 项都齐了" in desk.get("/desk/L/labour/late?period=一月&unit=丙").text
    own = desk.get("/desk/L/labour/late?period=二月&own=1&unit=甲").text
    assert "3 项缺 3" in own
    assert "催 2 家" in page
    for status in ("302", "302", "409"):
        answer = desk.post("/desk/L/labour/late/remind?period=二月")
        assert str(answer.status_code) == status
    assert "今天催过了" in desk.get("/desk/L/labour/late?period=二月").text
    entry = signed_in(app, contest.chen).get("/labour-entry/L?period=二月").text
    assert "催过：那时还缺 3" in entry
    # 一月 is filled in, and asked for its sign-off by nobody.
    assert "催过" not in signed_in(app, contest.chen).get("/labour-entry/L?period=一月").text


def sign(contest: Contest, period: str, entered: Mapping[str, Sequence[str]]) -> None:
    """Both departments sign a period off, once they enter these and ask for no reasons."""
    for row, by in ((contest.safety, contest.zhou), (contest.works, contest.chen)):
        if row.reason_over is not None or row.indicators != entered[row.name]:
            codes = entered[row.name]
            save_department(contest.competition, row.name, codes, None, by, department=row)
        sign_off(row, period, pin=PIN, name=by.name, by=by)


def heading(page: str) -> str:
    return page.partition("<h1>")[2].partition("</h1>")[0]


def test_the_heading_says_that_all_is_in_only_where_nothing_lacks_below_it(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    where = "/desk/L/labour/late?period="
    assert heading(desk.get(f"{where}一月").text) == "2 个部门没签核", "every square is filled"
    assert heading(desk.get(f"{where}二月").text) == "2 个部门没签核", "that is not due yet"
    sign(contest, "一月", {"安全部": ["安全", "隐患"], "工程部": ["产值"]})
    assert heading(desk.get(f"{where}一月").text) == "都齐了"
    unit = contest.competition.units[0]
    grant_role(create_account("谢长林"), contest.competition, Role.CONTACT, unit=unit)
    contest.enter(*everything("甲"))
    assert heading(desk.get(f"{where}二月").text).startswith("还差")
    assert heading(desk.get(f"{where}一月").text).startswith("还差"), "the grid's is of all periods"


def test_squares_that_no_department_enters_are_missing_while_they_are_empty(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    contest.enter(*everything())
    contest.enter(
        *(act(unit, "产值", "90", kind=kind) for unit in "甲乙" for kind in ("target", "value")),
        by=contest.writer(contest.works),
    )
    for period in ("一月", "二月"):
        sign(contest, period, {"安全部": ["安全"], "工程部": ["隐患"]})
    page = desk.get("/desk/L/labour/late?period=二月").text
    assert "没有部门打分的：1 格" in page
    assert "没有部门打分的" not in desk.get("/desk/L/labour/late?period=一月").text
    close_period(contest.competition, "一月", "", organiser)
    limits = {"own:二月": "2020-11-04T17:00", "sign:二月": "2020-11-05T17:00"}
    assert desk.post("/desk/L/labour/deadlines?period=二月", data=limits).status_code == 302
    home = desk.get("/desk/").text
    assert "二月有 1 格没有部门打分" in home
    assert "可以结账" not in home
    close_period(contest.competition, "二月", "没人打分", organiser)
    page = desk.get("/desk/L/labour/late?period=二月").text
    assert "没有部门打分的" not in page, "nothing is wanted of what is closed"


def test_a_contact_without_a_name_is_not_told_by_the_units(
    app: Flask, contest: Contest, organiser: Account
) -> None:
    desk, competition = signed_in(app, organiser), contest.competition
    for unit, name in zip(competition.units, ("甲", "谢长林"), strict=False):
        grant_role(create_account(name), competition, Role.CONTACT, unit=unit)
    page = desk.get("/desk/L/labour/late?period=二月&own=1&unit=甲").text
    for words in ("甲：劳动", "乙 谢长林：劳动", "丙 联系人：劳动"):
        assert f"\n{words}" in page
    assert page.count("还没发链接") == 1, "only 丙 has no link"
    assert "催 4 家" in page
    for code in "甲乙":
        desk.post(f"/desk/L/units/{code}/rename", data={"name": f"{code}一局"})
    page = desk.get("/desk/L/labour/late?period=二月").text
    for words in ("甲一局：劳动", "乙一局 谢长林：劳动"):
        assert f"\n{words}" in page, "who is called as the unit is so by its new name too"
