"""The page of an event's results: what is missing, the days, the moves and who made them."""

from __future__ import annotations

import html
import io
import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.states import ResultState
from compete.models import Account, Competition, Entrant, ResultStand, db
from compete.services.accounts.accounts import create_account
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.results.result_moves import withdraw_notice
from compete.services.results.result_stands import stand_of
from tests.support.announced import announce, end_appeals, lock
from tests.support.signing_in import official, signed_in

PAGE = "/desk/X/results"


@pytest.fixture
def desk(app: Flask, judged: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page)).split())


def state() -> ResultState:
    db.session.expire_all()
    return db.session.query(ResultStand).one().state


def test_before_anything_is_locked_it_says_what_is_missing(desk: FlaskClient) -> None:
    text = words(desk.get(PAGE).text)
    assert "评分还没锁定" in text
    assert "核对无误" not in text
    assert desk.post(f"{PAGE}/check", data={"event": "E"}).status_code == 409


def test_the_chief_checks_and_the_organiser_publishes(
    app: Flask, desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    chief = signed_in(app, official(judged, "C1"))
    page = chief.get(PAGE).text
    assert "核对无误" in page
    assert "/publish" not in page
    page_text = chief.post(f"{PAGE}/check", data={"event": "E"}, follow_redirects=True).text
    assert "核对好了" in words(page_text)
    assert state() is ResultState.CHECKED
    checked = desk.get(PAGE).text
    assert "/desk/X/publish" in checked
    assert "公示期满，申诉都答复了" in checked
    assert chief.post(f"{PAGE}/final", data={"event": "E"}).status_code == 404
    assert desk.post(f"{PAGE}/check", data={"event": "E"}).status_code == 409


def test_the_days_are_shown_as_they_are_counted(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    with time_machine.travel("2026-09-17T10:00:00+08:00"):
        announce(judged, organiser)
        desk = signed_in(app, organiser)
        text = words(desk.get(PAGE).text)
        assert "9月18日 至 9月24日，5 个工作日" not in text
        assert "9月18日 至 9月23日，5 个工作日" in text
        assert "9月20日 星期日" in text
        assert "不上班、不算的：9月19日" in text
        assert "公示中，到9月23日" in text
        assert "还有 5 个工作日" in text
        public = words(desk.get("/p/X").text)
        assert "公示中，到9月23日，还有 5 个工作日" in public
        assert "9月18日 至 9月23日，5 个工作日" in public
        more = {"event": "E", "days": "1", "reason": "有人补材料"}
        page_text = desk.post(f"{PAGE}/extend", data=more, follow_redirects=True).text
        assert "公示延长到 9月24日" in words(page_text)
        assert "公示中，到9月24日" in words(page_text)


def test_years_without_data_are_named_and_an_administrator_is_led_to_them(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    with time_machine.travel("2031-09-17T10:00:00+08:00"):
        lock(judged, organiser)
        before = words(signed_in(app, organiser).get("/desk/X/publish").text)
        assert "现在公布，公示到 9月24日。2031 年" in before
        assert "2031 年的放假安排还没有，按周一到周五算" in before
        publish(judged, organiser)
        text = words(signed_in(app, organiser).get(PAGE).text)
        assert "2031 年的放假安排还没有，按周一到周五算" in text


def test_early_takes_two_and_what_was_typed_stays(
    app: Flask, desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    refused = desk.post(f"{PAGE}/early", data={"event": "E", "reason": ""})
    assert refused.status_code == 400
    assert "公示没期满就定，要写理由" in refused.text
    # A reason comes back as it was typed, in its fold, with what is wrong under it.
    refused = desk.post(f"{PAGE}/withdraw", data={"event": "E", "reason": "急" * 501})
    (fold,) = re.findall(r"<details[^>]* open>.*?</details>", refused.text, re.DOTALL)
    assert "急" * 501 in fold
    assert "太长了，最多 500 个字" in fold.split('id="withdraw-why-error"')[1]
    refused = desk.post(f"{PAGE}/extend", data={"event": "E", "days": "99", "reason": "有人补材料"})
    assert refused.status_code == 400
    assert "有人补材料" in refused.text
    assert 'value="99"' in refused.text
    # What is wrong stands at the field that it is about.
    page_part = refused.text.split('id="extend-days"')[1].split('id="extend-reason"')[0]
    assert "延长要 1 到 30 个工作日" in page_part
    refused = desk.post(f"{PAGE}/extend", data={"event": "E", "days": "3", "reason": " "})
    page_part = refused.text.split('id="extend-reason"')[1]
    assert "延长公示要写理由" in page_part
    end_appeals(judged)
    desk.post(f"{PAGE}/early", data={"event": "E", "reason": "明天颁奖"})
    own = desk.get(PAGE).text
    assert "明天颁奖" in own
    assert f"{PAGE}/agree" not in own
    second = signed_in(app, official(judged, "S1"))
    assert f"{PAGE}/agree" in second.get(PAGE).text
    page_part = second.post(f"{PAGE}/agree", data={"event": "E"}, follow_redirects=True).text
    assert "两个人同意不等公示，提前定了" in page_part
    assert "不公示" not in page_part
    assert state() is ResultState.FINAL
    assert "没等期满就把" in words(page_part)
    # A page that was open meanwhile says so.
    late = desk.post(f"{PAGE}/withdraw", data={"event": "E", "reason": "晚了"})
    assert late.status_code == 409
    assert "已经是最终成绩" in late.text


def test_where_there_is_no_notice_nobody_is_said_to_have_ended_one(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    with unit_of_work():
        change_settings(judged, notice_days=0)
    announce(judged, organiser)
    home = desk.get("/desk/X/").text
    assert ("过了申诉时间定为最终成绩" in home, "申诉受理到" in home) == (True, True)
    assert "不公示，定为最终成绩" not in home
    end_appeals(judged)
    assert "不公示，定为最终成绩" in desk.get("/desk/X/").text
    desk.post(f"{PAGE}/final", data={"event": "E"})
    page = desk.get(PAGE).text
    assert state() is ResultState.FINAL
    assert ("不公示" in page, "两个人同意" in page) == (True, False)


def test_whoever_writes_a_reason_that_everybody_reads_is_told_so(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    sentence = "理由谁都看得到"
    assert sentence not in desk.get("/desk/X/").text
    publish(judged, organiser)
    form = desk.get("/desk/X/").text.partition('id="unlock-why-hint"')[2]
    assert sentence in form.partition("</span>")[0]
    assert (
        sentence
        in desk.get(PAGE).text.partition('id="withdraw-why-hint"')[2].partition("</span>")[0]
    )


def test_what_is_withdrawn_is_seen_by_nobody_but_the_desk(
    app: Flask, desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    assert desk.get("/p/X/results.json").status_code == 200
    token = db.session.query(Entrant.badge_token).filter_by(code="P1").scalar()
    before = desk.get("/p/X").text
    assert "<tbody>" in before or "podium" in before
    withdraw_notice(judged.events[0], "漏了一个人", organiser)
    page = desk.get("/p/X").text
    assert "公示已撤下，名次不作数" in page
    assert "漏了一个人" in page
    assert 'class="card podium"' not in page
    assert "<tbody>" not in page
    assert "results.json" not in page
    assert "谁都能重算" not in page
    assert "存档的核对词" in page
    for visitor in (desk, app.test_client(use_cookies=False)):
        assert visitor.get("/p/X/results.json").status_code == 404
        assert visitor.get("/p/X/bundle.json").status_code == 404
    assert "公示撤下了，改好以后重新公布" in desk.get("/desk/X/").text
    assert "公示已撤下" in app.test_client().get(f"/c/{token}").text


def test_what_was_withdrawn_leads_to_being_published_again(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    withdraw_notice(judged.events[0], "漏了一个人", organiser)
    page = desk.get(PAGE).text
    assert "要重新公布，先解锁评分" in words(page)
    assert "核对无误" not in page
    # The days that were taken back are nobody's any more.
    assert '<span class="step-note">公布成绩后开始</span>' in page
    assert 'href="/desk/X/#unlock-why"' in page
    assert 'id="unlock-why"' in desk.get("/desk/X/").text
    bare = desk.post("/desk/X/unlock", data={"reason": " "})
    assert (bare.status_code, 'id="unlock-why-error"' in bare.text) == (400, True)
    assert desk.post("/desk/X/unlock", data={"reason": "漏了一个人"}).status_code == 302
    assert "评分锁定以后核对成绩" in words(desk.get(PAGE).text)
    lock(judged, organiser)
    assert "/desk/X/publish" in desk.get(PAGE).text
    # All of it goes on notice, though not a mark has changed.
    asked = desk.get("/desk/X/publish").text
    assert "现在公布，公示到" in asked
    assert "成绩有变" not in asked
    publish(judged, organiser, "补上一个人")
    assert state() is ResultState.NOTICE
    assert "公示已撤下" not in desk.get("/p/X").text


def test_home_leads_to_what_comes_next(
    app: Flask, desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    with unit_of_work():
        change_settings(judged, certify_early=False)
    assert "期满以后定为最终成绩" in desk.get("/desk/X/").text
    last = stand_of(judged.events[0]).notice_until
    assert last is not None
    with time_machine.travel(last.replace(year=last.year + 1)):
        later = signed_in(app, organiser)
        assert "公示期满，定为最终成绩" in later.get("/desk/X/").text
        page_text = later.post(f"{PAGE}/final", data={"event": "E"}, follow_redirects=True).text
        assert "定为最终成绩了" in page_text
        assert "最终成绩" in words(later.get("/p/X").text)


def test_an_event_of_another_competition_is_not_found(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    publish(judged, organiser)
    for act in ("check", "final", "early", "agree", "drop", "extend", "withdraw"):
        assert desk.post(f"{PAGE}/{act}", data={"event": "FORK"}).status_code == 404


def test_an_administrator_enters_a_year(app: Flask, here: Flask) -> None:
    desk = signed_in(app, create_account("管理员", is_admin=True))
    assert "休 33 天，调休上班 6 天" in desk.get("/desk/calendar").text
    typed = {"year": "2031", "source": "通知", "days": "2031-13-01 休"}
    refused = desk.post("/desk/calendar", data=typed)
    assert refused.status_code == 400
    assert "第 1 行读不懂" in refused.text
    assert "2031-13-01 休" in refused.text
    file = io.BytesIO("2031-14-01 休".encode()), "days.txt"
    refused = desk.post("/desk/calendar", data=typed | {"file": file})
    assert refused.status_code == 400
    assert "2031-14-01 休" in refused.text
    saved = desk.post(
        "/desk/calendar", data=typed | {"days": "2031-01-01 休"}, follow_redirects=True
    ).text
    assert "2031 年的放假安排存好了" in saved
    assert "休 1 天，调休上班 0 天" in saved
    assert "2031-01-01 休" in desk.get("/desk/calendar?year=2031").text
