"""The last change of the conditions of entry, taken back by one press and set again by one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from compete.models import Account, Competition, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import asked_fields
from compete.services.registration.eligibility import conditions_of
from tests.support.signing_in import signed_in
from tests.support.small import small

PAGE = "/desk/X/conditions"


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    return load(small())


@pytest.fixture
def desk(app: Flask, organiser: Account, competition: Competition) -> FlaskClient:
    return signed_in(app, organiser)


def mark(page: str) -> str:
    """What the button that takes back sends; nothing where there is none."""
    hit = re.search(r'name="change" value="([^"]*)"', page)
    return hit[1] if hit else ""


def undo(desk: FlaskClient, change: str) -> int:
    return desk.post(f"{PAGE}-undo", data={"change": change}).status_code


def ages(competition: Competition) -> list[int | None]:
    db.session.expire_all()
    return [condition.age_from for condition in conditions_of(competition).values()]


def set_age(desk: FlaskClient, competition: Competition, age: str) -> None:
    event = competition.events[0].code
    seen = re.search(r'name="seen" value="([^"]*)"', desk.get(PAGE).text)
    assert seen is not None
    data = {"seen": seen[1], "age_from": age}
    assert desk.post(f"{PAGE}/{event}", data=data).status_code == 302


def test_conditions_and_asked_fields_are_taken_back(
    desk: FlaskClient, competition: Competition
) -> None:
    assert mark(desk.get(PAGE).text) == ""
    assert undo(desk, "") == 409
    set_age(desk, competition, "18")
    older = mark(desk.get(PAGE).text)
    set_age(desk, competition, "20")
    # An older page takes back nothing.
    assert undo(desk, older) == 409
    assert ages(competition) == [20]
    assert undo(desk, mark(desk.get(PAGE).text)) == 302
    assert ages(competition) == [18]
    assert undo(desk, mark(desk.get(PAGE).text)) == 302
    assert ages(competition) == [20]
    asked = [field.value for field in asked_fields(competition)]
    data = {"seen": ",".join(asked), "fields": asked[:1]}
    assert desk.post("/desk/X/entry-fields", data=data).status_code == 302
    page = desk.get(PAGE).text
    assert "改了报名还问什么" in page
    assert undo(desk, mark(page)) == 302
    db.session.expire_all()
    assert [field.value for field in asked_fields(competition)] == asked
    assert list(verify_chain(competition)) == []


def test_places_are_set_on_the_events_card(desk: FlaskClient, competition: Competition) -> None:
    """Conditions say them and lead there; neither form undoes what the other set."""
    event = competition.events[0].code
    card = "/desk/X/set-up?part=events"

    def places(of_unit: str, most: str) -> TestResponse:
        seen = re.search(r'name="seen" value="([^"]*)"', desk.get(card).text)
        assert seen is not None
        data = {"seen": seen[1], "most_of_unit": of_unit, "most": most}
        return desk.post(f"/desk/X/set-up/places?event={event}", data=data)

    def stands() -> tuple[int | None, int | None, int | None]:
        db.session.expire_all()
        it = conditions_of(competition)[event]
        return it.most_of_unit, it.most, it.age_from

    set_age(desk, competition, "18")
    assert places("3", "36").status_code == 302
    set_age(desk, competition, "20")
    assert stands() == (3, 36, 20)
    units = len(competition.units)
    assert f"全部 {units} 个单位，最多 {3 * units} 个" in desk.get(card).text
    wrong = places("三", "36")
    assert (wrong.status_code, 'value="三"' in wrong.text) == (400, True)
    assert "不能比一共收的多" in places("37", "36").text
    assert stands() == (3, 36, 20)
    page = desk.get(PAGE).text
    assert "名额：每单位 3 个" in page
    assert 'name="most"' not in page
    assert f'href="{card}"' in page
    assert desk.post("/desk/X/set-up/places?event=none").status_code == 404
    assert undo(desk, mark(page)) == 302
    assert stands() == (3, 36, 18)
