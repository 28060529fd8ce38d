"""The pages of the floor: who sees them, what they say, and times moved from them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, Competition, utc_now
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.clock import local_time
from compete.services.registration.entrant_lookup import entrant_by_code
from tests.services.hall.test_floor import check_in
from tests.support.judging import Tablet, seat_and_open
from tests.support.signing_in import official, signed_in
from tests.web.organiser.registration.test_person_moving import planned
from tests.web.organiser.schedule.test_arrivals_page import counts

PAGE, TIMES = "/desk/X/floor", "/desk/X/floor/times"
ASKED = {"day": "2022-09-16", "station": "1号", "session": "第2场", "minutes": "12"}


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    """P1 and P2 at nine, P3 at ten; P1 times at ten."""
    return load(planned())


@pytest.fixture
def desk(app: Flask, competition: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def seen(page: str) -> str:
    hit = re.search(r'name="seen" value="(\w+)"', page)
    assert hit is not None
    return hit[1]


def test_counts_add_up_filter_and_follow_the_marks(
    desk: FlaskClient, competition: Competition, organiser: Account
) -> None:
    seat_and_open(competition, organiser)
    assert counts(desk.get(PAGE).text) == [4, 4, 0, 0, 0, 0, 0]
    for judge in ("J1", "J2"):
        tablet = Tablet(competition, judge)
        tablet.send(*tablet.full("P1"))
    page = desk.get(PAGE).text
    assert counts(page) == [4, 3, 0, 0, 0, 1, 0]
    done = desk.get(f"{PAGE}?state=done").text
    assert ("赵启明" in done, "钱文" in done) == (True, False)
    live = desk.get(f"{PAGE}/live?state=done")
    assert list(live.json["parts"]) == ["counts", "hall"]
    assert "赵启明" in live.json["parts"]["hall"]
    # The same people, as a list.
    assert f'href="{PAGE}"' in desk.get("/desk/X/arrivals").text
    assert 'href="/desk/X/arrivals"' in page


def test_a_clerk_sees_the_floor_and_moves_nobody(
    app: Flask, competition: Competition, desk: FlaskClient
) -> None:
    account = create_account("丁一鸣")
    grant_role(account, competition, Role.CLERK)
    clerk = signed_in(app, account)
    page = clerk.get(PAGE)
    assert page.status_code == 200
    assert TIMES not in page.text
    assert TIMES in desk.get(PAGE).text
    assert clerk.get(TIMES).status_code == 404
    assert clerk.post(f"{TIMES}/undo").status_code == 404
    assert signed_in(app, official(competition, "J1")).get(PAGE).status_code == 404


def test_times_are_looked_at_moved_with_a_reason_and_taken_back(
    desk: FlaskClient, competition: Competition
) -> None:
    shown = desk.get(TIMES, query_string=ASKED).text
    assert "孙䶮" in shown
    assert "钱文" not in shown
    assert "10:12" in shown
    wanted = ASKED | {"seen": seen(shown)}
    # Without a reason all that was written stays, and nothing moves.
    refused = desk.post(TIMES, data=wanted | {"reason": " "})
    assert (refused.status_code, "要写上" in refused.text) == (400, True)
    assert 'value="12"' in refused.text
    old = desk.post(TIMES, data=wanted | {"seen": "old", "reason": "断电"})
    assert (old.status_code, "断电" in old.text) == (409, True)
    moved = desk.post(TIMES, data=wanted | {"reason": "断电"}, follow_redirects=True).text
    assert "改了 1 人的时间" in moved
    assert "1 人推迟 12 分钟（断电）" in moved
    assert "10:12" in desk.get("/desk/X/entrants/P3/").text
    assert "整批改时间，推迟 12 分钟" in desk.get("/desk/X/entrants/P3/").text
    assert "整批改时间：1 个推迟 12 分钟，理由：断电" in desk.get("/desk/X/").text
    number = re.search(r'name="seq" value="(\d+)"', moved)
    assert number is not None
    back = desk.post(f"{TIMES}/undo", data={"seq": number[1]}, follow_redirects=True).text
    assert "撤销了，1 人回到原来的时间" in back
    assert "10:00" in desk.get("/desk/X/entrants/P3/").text
    assert desk.post(f"{TIMES}/undo", data={"seq": number[1]}).status_code == 409


@pytest.mark.parametrize(
    ("minutes", "sentence"),
    [
        ("", ""),
        ("abc", "写整数分钟"),
        ("0", "1 到 600"),
        ("9999", "1 到 600"),
        ("1e3", "写整数分钟"),
    ],
)
def test_minutes_that_can_t_be_read_are_told_at_the_field(
    desk: FlaskClient, minutes: str, sentence: str
) -> None:
    page = desk.get(TIMES, query_string=ASKED | {"minutes": minutes}).text
    assert sentence in page
    assert f'value="{minutes}"' in page
    assert "seen" not in page or "改 0 人" not in page


def test_the_contestant_reads_the_new_time(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    shown = desk.get(TIMES, query_string=ASKED).text
    person = entrant_by_code(competition, "P3")
    assert person is not None
    visitor = app.test_client()
    assert "10:00" in visitor.get(f"/c/{person.badge_token}").text
    desk.post(TIMES, data=ASKED | {"seen": seen(shown), "reason": "断电"})
    page = visitor.get(f"/c/{person.badge_token}").text
    assert "10:12" in page
    assert "10:00" not in page


STOP = "/desk/X/entrants/P1/stop?place=S/m"


def test_a_stop_is_written_down_given_back_and_taken_back_on_the_floor(
    desk: FlaskClient, competition: Competition, organiser: Account, app: Flask
) -> None:
    early = desk.get(STOP).text
    assert "现在不能记停机：还没开始评分" in early
    assert 'name="reason"' not in early
    seat_and_open(competition, organiser)
    assert 'name="reason"' in desk.get(STOP).text
    # Who is next may lose time as well; of who has not come nothing is offered.
    assert STOP not in desk.get(PAGE).text
    check_in(competition, organiser, "P1", "第1场")
    assert STOP in desk.get(PAGE).text
    for judge in ("J1", "J2"):
        tablet = Tablet(competition, judge)
        tablet.send(*tablet.full("P1")[:1])
    assert STOP.replace("&", "&amp;") in desk.get(PAGE).text
    now = local_time(utc_now()).strftime("%H:%M")
    nothing = desk.post(STOP, data={"act": "note", "at": now, "reason": ""})
    assert nothing.status_code == 400
    assert "什么设备停了、怎么停的，要写上" in nothing.text
    done = {"act": "note", "at": now, "reason": "叉车液压漏油"}
    assert "设备好了来定怎么补" in desk.post(STOP, data=done, follow_redirects=True).text
    assert "叉车液压漏油" in desk.get(PAGE).text
    number = re.search(r'name="stop" value="(\d+)"', desk.get(STOP).text)
    assert number is not None
    own = {"stop": number[1]}
    wrong = desk.post(STOP, data={**own, "act": "give", "length": "elf"})
    assert (wrong.status_code, 'value="elf"' in wrong.text) == (400, True)
    desk.post(STOP, data={**own, "act": "give", "length": "11:20"})
    assert "补时 11 分 20 秒" in desk.get(PAGE).text
    judge = signed_in(app, official(competition, "J1"))
    sheet = next(
        it
        for it in judge.get("/api/home").json["sheets"]
        if (it["code"], it["station"]) == ("P1", "1号")
    )
    sheet_data = judge.get(f"/api/sheets/{sheet['id']}").json
    assert sheet_data["given"] == 680
    assert sheet_data["lost"] == [f"{now} 停：叉车液压漏油，补时 11 分 20 秒"]
    field = judge.get(f"/judge/sheets/{sheet['id']}/field").text
    assert 'value="11:20"' in field
    desk.post(STOP, data={**own, "act": "undo"})
    assert judge.get(f"/api/sheets/{sheet['id']}").json["given"] == 0
    assert desk.post(STOP, data={"act": "give", "stop": "999", "length": "1:00"}).status_code == 404
    assert desk.get("/desk/X/entrants/P1/stop?place=S/nope").status_code == 404


def test_of_a_blind_event_only_who_came_is_told_and_no_tablet_shows_it(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = planned()
    plain["events"][0]["extra"] = {"blind": True}
    competition = load(plain)
    desk = signed_in(app, organiser)
    seat_and_open(competition, organiser)
    now = local_time(utc_now()).strftime("%H:%M")
    assert "裁判的平板上不出现" in desk.get(STOP).text
    desk.post(STOP, data={"act": "note", "at": now, "reason": "断电"})
    assert "断电" in desk.get(PAGE).text
    judge = signed_in(app, official(competition, "J1"))
    for sheet in judge.get("/api/home").json["sheets"]:
        sheet_data = judge.get(f"/api/sheets/{sheet['id']}").json
        assert (sheet_data["lost"], sheet_data["given"]) == ([], 0)
