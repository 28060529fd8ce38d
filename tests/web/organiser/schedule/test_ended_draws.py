"""What a draw leaves once it is ended, and what shows that people changed places after it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values.states import CheckInKind
from compete.models import Account, CheckIn, Competition, Entrant, Slot, db, utc_now
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.draw_ends import end_draw
from compete.services.schedule.drawn_places import awaited_draws, drawn_so_far
from compete.services.schedule.slots import planned_sessions
from tests.support.drawing import drawn, end
from tests.support.people import visitor
from tests.support.small import read, small


@pytest.fixture
def competition(here: Flask) -> Competition:
    return load_bundle(read(small()))


@pytest.fixture
def by(competition: Competition) -> Account:
    return create_account("吴敏")


@pytest.fixture
def desk(app: Flask, competition: Competition) -> FlaskClient:
    return visitor(app, "organiser", competition)


def person(code: str) -> Entrant:
    """Who has that number."""
    return db.session.scalars(select(Entrant).where(Entrant.code == code)).one()


def test_nobody_has_a_place_of_a_draw_that_was_ended(
    app: Flask, competition: Competition, by: Account
) -> None:
    draw = drawn(competition, by)
    page = f"/c/{person('P1').badge_token}"
    assert "作废" not in app.test_client().get(page).text
    end(draw, "漏了一人", by)
    db.session.expire_all()
    shown = app.test_client().get(page).text
    assert ("原来抽的签作废了，等重新抽" in shown, "1号" in shown, "2号" in shown) == (
        True,
        False,
        False,
    )
    known = drawn_so_far(competition)
    assert (known.placed, known.drawn) == (0, 0)
    assert db.session.scalars(select(Slot)).all() == []
    assert [code for it in planned_sessions(competition) for code in it["entrants"]] == []
    drawn(competition, by)
    db.session.expire_all()
    assert "作废" not in app.test_client().get(page).text
    assert awaited_draws(person("P1")) == []


def test_a_draw_whose_people_were_let_in_is_not_ended(
    competition: Competition, by: Account
) -> None:
    draw = drawn(competition, by)
    with unit_of_work() as session:
        session.add(
            CheckIn(
                uuid="6a0f9f6e-0000-4000-8000-000000000001",
                competition_id=competition.id,
                entrant_id=person("P1").id,
                stage="S",
                session="第1场",
                kind=CheckInKind.PASSED,
                account_id=by.id,
                said_at=utc_now(),
            )
        )
    with pytest.raises(Refused, match="已经有 1 个参赛号检录进场"):
        end_draw(draw, "漏了一人", by)


def test_a_swap_stands_beside_the_draw_with_its_reason_for_all(
    app: Flask, desk: FlaskClient, competition: Competition, by: Account
) -> None:
    draw = drawn(competition, by)
    public = f"/draw/check?file=/draw/X/{draw.id}.json"
    before = draw.file
    assert "换了位置" not in app.test_client().get(public).text
    form = {"module": "E|S|m", "first": "P1", "second": "P2", "reason": "设备不合"}
    assert "理由谁都看得到" in desk.get("/desk/X/draws").text
    assert desk.post("/desk/X/draws/swap", data=form).status_code == 302
    for page_text in (
        app.test_client().get(public).text,
        desk.get(f"/desk/X/draws/{draw.id}").text,
    ):
        assert page_text.count("P1 和 P2 换了位置") == 1
        assert "原因：设备不合" in page_text
    assert desk.get("/desk/X/draws").text.count("换过") == 2
    with unit_of_work():
        person("P1").name = "设备"
    assert "原因：设*不合" in app.test_client().get(public).text
    db.session.refresh(draw)
    assert draw.file == before


def test_nobody_changes_places_with_themselves(
    desk: FlaskClient, competition: Competition, by: Account
) -> None:
    drawn(competition, by)
    form = {"module": "E|S|m", "first": "P1", "second": "P1", "reason": "设备不合"}
    refused = desk.post("/desk/X/draws/swap", data=form)
    assert (refused.status_code, "写两个不同的" in refused.text) == (400, True)
