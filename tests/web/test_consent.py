"""Consent to the whole name: written down, taken back on the phone, followed at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.commands.verify import all_faults
from compete.models import Account, Competition
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.consents import consenting, consents_of, set_consent
from compete.services.results.publishing import publish
from tests.support.announced import lock
from tests.support.second_day import person
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

WHERE = "/desk/X/entrants/P1/"
NAME, MASKED = "赵启明", "赵*明"


@pytest.fixture
def competition(load: Callable[..., Competition], organiser: Account) -> Competition:
    """Published, and set so that whole names are told of those who agree."""
    small_competition = load(small(all_marks()))
    lock(small_competition, organiser)
    publish(small_competition, organiser)
    with unit_of_work():
        small_competition.settings = small_competition.settings | {"full_names": True}
    return small_competition


def test_the_desk_writes_it_down_and_the_phone_takes_it_back(
    app: Flask, competition: Competition, organiser: Account
) -> None:
    desk, anybody = signed_in(app, organiser), app.test_client()
    assert MASKED in anybody.get("/p/X").text
    assert "没有问过" in desk.get(WHERE).text
    wrong = desk.post(f"{WHERE}consent", data={"given": "yes", "source": "own"})
    assert wrong.status_code == 400
    fields = {"given": "yes", "source": "paper", "note": "存档第 3 页"}
    page_text = desk.post(f"{WHERE}consent", data=fields, follow_redirects=True).text
    assert "本人签的书面" in page_text
    assert "存档第 3 页" in page_text
    assert desk.post(f"{WHERE}consent", data=fields).status_code == 409
    shown = anybody.get("/p/X").text
    assert NAME in shown
    assert "名字遮住了一部分" not in shown
    assert "本人扫参赛证能看全部" in shown

    own = f"/c/{person(competition, 'P1').badge_token}"
    assert "收回同意" in anybody.get(own).text
    assert anybody.post(f"{own}/consent", data={"of": "P2"}).status_code == 404
    assert anybody.post("/c/nobody/consent").status_code == 404
    assert anybody.post(f"{own}/consent").status_code == 302
    assert NAME not in anybody.get("/p/X").text
    assert "收回同意" not in anybody.get(own).text
    assert anybody.post(f"{own}/consent").status_code == 302
    page = desk.get(WHERE).text
    assert "本人在自己的页面上" in page
    assert "存档第 3 页" in page
    assert [word.given for word in consents_of(person(competition, "P1"))] == [False, True]
    assert all_faults() == []


def test_without_the_setting_nobody_stands_by_the_whole_name(
    app: Flask, competition: Competition, organiser: Account
) -> None:
    set_consent(person(competition, "P1"), True, "told", organiser)
    with unit_of_work():
        competition.settings = competition.settings | {"full_names": False}
    shown = app.test_client().get("/p/X").text
    assert NAME not in shown
    assert "名字遮住了一部分" in shown
    own = app.test_client().get(f"/c/{person(competition, 'P1').badge_token}").text
    assert "公布全名" not in own
    assert "定了不写全名" in signed_in(app, organiser).get(WHERE).text


def test_somebody_who_was_never_asked_may_say_no(
    competition: Competition, organiser: Account
) -> None:
    set_consent(person(competition, "P2"), False, "told", organiser)
    with pytest.raises(Refused, match="已经是这样"):
        set_consent(person(competition, "P2"), False, "told", organiser)
    set_consent(person(competition, "P2"), True, "paper", organiser)
    assert consenting(competition) == {"P2"}
