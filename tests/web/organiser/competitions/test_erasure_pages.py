"""Personal data past their time: found, asked for by one, agreed to by another, told everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, ResultStand, db, utc_now
from compete.services.competitions.erasure_requests import erasures_of
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from tests.support.announced import lock
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/personal-data"


@pytest.fixture
def competition(load: Callable[..., Competition], organiser: Account) -> Competition:
    """Published, final, and over for three years."""
    past_competition = load(small(all_marks()))
    lock(past_competition, organiser)
    publish(past_competition, organiser)
    with unit_of_work():
        past_competition.state = CompetitionState.FINAL
        past_competition.starts = past_competition.ends = (utc_now() - timedelta(days=1100)).date()
        for event in past_competition.events:
            stand = next(iter(db.session.query(ResultStand).filter_by(event_id=event.id)))
            stand.changed_at = utc_now() - timedelta(days=1100)
        audit.record(past_competition, None, "competition.change", past_competition.code)
    return past_competition


@pytest.fixture
def desk(app: Flask, organiser: Account, competition: Competition) -> FlaskClient:
    return signed_in(app, organiser)


def test_what_is_past_is_found_and_goes_by_two(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    name = "赵启明"
    assert name in desk.get("/desk/X/entrants").text
    page_text = desk.get("/desk/personal-data").text
    assert "1 场过了保存期" in page_text
    assert PAGE in page_text
    assert "个人资料过了保存期" in desk.get("/desk/X/").text
    page = desk.get(PAGE).text
    assert "证件号码、手机、照片" in page
    assert "发过的证书" in page
    assert desk.post(PAGE, data={"reason": " "}).status_code == 400
    assert desk.post(PAGE, data={"reason": "保存期到了"}).status_code == 302
    (asked,) = erasures_of(competition)
    agree = f"{PAGE}/{asked.id}/agree"
    assert agree not in desk.get(PAGE).text
    assert desk.post(agree).status_code == 409
    supervisor = signed_in(app, official(competition, "S1"))
    assert agree in supervisor.get(PAGE).text
    assert supervisor.post(f"{PAGE}/{asked.id}/refuse").status_code == 400
    assert supervisor.post(f"{PAGE}/999/agree").status_code == 404
    assert "还没有" not in supervisor.post(agree, follow_redirects=True).text

    listed = desk.get("/desk/X/entrants").text
    assert name not in listed
    assert "选手P1" in listed
    public = app.test_client().get("/p/X").text
    assert "赵" not in public
    assert "选手P1" in public
    assert "写化名" in public
    assert desk.get("/desk/X/").status_code == 200
    own = desk.get("/desk/X/entrants/P1/").text
    assert "姓名换成化名" in own
    assert "保存期到了" in own
    # Nothing is offered there that would be refused.
    for gone in ("identity", "photo", "badge.pdf"):
        assert f"/entrants/P1/{gone}" not in own
    register = desk.get("/desk/X/certificates").text
    assert "现名" not in register
    assert "open=" not in register
    assert "没有要看的" in desk.get("/desk/personal-data").text


def test_how_long_is_a_setting_of_the_competition(
    desk: FlaskClient, competition: Competition
) -> None:
    for wrong in ("0", "601", "半年", "9" * 5000):
        assert desk.post(f"{PAGE}/months", data={"months": wrong}).status_code == 400
    assert desk.post(f"{PAGE}/months", data={"months": "120"}).status_code == 302
    page = desk.get(PAGE).text
    assert "保存 120 个月" in page
    assert "还没到期" in page
    assert desk.post(PAGE, data={"reason": "提前"}).status_code == 409
    assert desk.post(f"{PAGE}/months", data={"months": ""}).status_code == 302
    assert "保存 24 个月" in desk.get(PAGE).text


def test_one_persons_wish_is_asked_for_on_the_own_page(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    where = "/desk/X/entrants/P2/"
    assert desk.post(f"{where}erase", data={"reason": ""}).status_code == 400
    page_text = desk.post(
        f"{where}erase", data={"reason": "本人书面提出"}, follow_redirects=True
    ).text
    assert "等第二个人同意：本人书面提出" in page_text
    (asked,) = erasures_of(competition)
    supervisor = signed_in(app, official(competition, "S1"))
    supervisor.post(f"{PAGE}/{asked.id}/refuse", data={"answer": "领奖还要核对"})
    assert "领奖还要核对" in desk.get(where).text


def test_whoever_was_erased_is_offered_no_badge_and_no_withdrawal(
    app: Flask, desk: FlaskClient, competition: Competition
) -> None:
    where = "/desk/X/entrants/P2/"
    there = desk.get(where).text
    for offered in ("换新码", "申诉码", 'class="badge-code"', 'id="withdraw"'):
        assert offered in there
    desk.post(f"{where}erase", data={"reason": "本人书面提出"})
    (asked,) = erasures_of(competition)
    signed_in(app, official(competition, "S1")).post(f"{PAGE}/{asked.id}/agree")
    page = desk.get(where)
    assert page.status_code == 200
    assert "删除了，姓名换成化名" in page.text
    for offered in ("换新码", "申诉码", 'class="badge-code"', 'id="withdraw"'):
        assert offered not in page.text
    assert desk.post(f"{where}appeal-word").status_code == 409
    assert desk.post(f"{where}badge", data={"reason": "丢了"}).status_code == 409


@pytest.mark.usefixtures("fresh")
def test_before_the_end_a_wish_is_answered(app: Flask, organiser: Account) -> None:
    desk = signed_in(app, organiser)
    where = "/desk/X/entrants/P2/"
    assert "现在会答复不能删" in desk.get(where).text
    page_text = desk.post(f"{where}erase", data={"reason": "不想参加"}, follow_redirects=True).text
    assert "竞赛还没有结束" in page_text
    assert desk.post(f"{where}erase", data={"reason": "x", "of": "P1"}).status_code == 404


def test_where_nobody_ever_was_nothing_is_called_erased(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    load(
        {
            "format": "compete-bundle/1",
            "competition": {"code": "X", "name": "六", "kind": "labour", "level": "enterprise"},
            "units": [{"code": "U01", "name": "一标"}],
            "labour": {
                "periods": [{"code": "Y", "name": "全年"}],
                "indicators": [
                    {"code": "I01", "name": "隐", "max": 10, "scoring": {"type": "score"}}
                ],
            },
        }
    )
    page = signed_in(app, organiser).get(PAGE).text
    assert "没有个人资料" in page
    assert "已经删除" not in page
