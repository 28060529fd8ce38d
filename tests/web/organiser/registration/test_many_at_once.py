"""Dozens at once from the lists: accepted and taken back, withdrawn and returned, each told why."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.states import ApplicationState
from compete.models import Account, Competition
from compete.services.accounts.sign_in_cards import use_card
from compete.services.registration.acceptance import accept_people
from compete.services.registration.corrections import correct_person
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.units.links import make_link
from tests.services.registration.test_acceptance_undo import hand_in
from tests.services.registration.test_waiting_list import seen
from tests.support.signing_in import signed_in

LIST = "/desk/X/entrants"


@pytest.fixture
def desk(app: Flask, fresh: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


@pytest.fixture
def contact(fresh: Competition, organiser: Account) -> Account:
    return use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))


def test_one_press_takes_back_who_was_just_accepted_and_names_who_stays(
    desk: FlaskClient, fresh: Competition, organiser: Account, contact: Account
) -> None:
    rows = hand_in(fresh, contact, 20, 6)
    page = desk.post(
        "/desk/X/applications/accept",
        data={"who": [f"{row.public_id}:{row.version}" for row in rows]},
        follow_redirects=True,
    ).text
    assert "收下：人20、人21、人22、人23等 6 人" in page
    form = page[page.index("/applications/undo") :]
    who = re.findall(r'name="who" value="([^"]+)"', form[: form.index("</form>")])
    assert len(who) == 6
    code = re.search(r"参赛号 (\w+)", desk.get("/desk/X/applications?show=accepted").text)
    assert code
    entrant = entrant_by_code(fresh, code[1])
    assert entrant is not None
    correct_person(entrant, {"name": "改名"}, "写错", organiser)
    left = desk.post("/desk/X/applications/undo", data={"who": who})
    assert "撤回了 5 人，又等着收" in left.text
    assert f"收下以后又办过别的（{code[1]}），要退按退赛办" in left.text
    assert sum(row.state is ApplicationState.SUBMITTED for row in rows) == 5
    shown = desk.get("/desk/X/applications?show=accepted").text
    assert "撤回勾上的" in shown
    assert "退回的原因" not in shown
    assert "撤回收下的" in desk.get("/desk/X").text or "撤回收下的" in desk.get("/desk/X/").text


def test_many_withdraw_from_the_list_and_are_taken_back_by_the_next_press(
    desk: FlaskClient, fresh: Competition, organiser: Account, contact: Account
) -> None:
    rows = hand_in(fresh, contact, 20, 3)
    codes = [entrant.code for entrant in accept_people(fresh, seen(*rows), organiser).entrants]
    refused = desk.post(f"{LIST}/withdraw", data={"who": codes, "reason": " "})
    assert (refused.status_code, "退赛要写原因" in refused.text) == (400, True)
    assert refused.text.count(" checked") == 3
    data = {"who": codes[:2], "reason": "单位有任务"}
    done = desk.post(f"{LIST}/withdraw?unit={fresh.units[0].code}", data=data)
    assert f"unit={fresh.units[0].code}" in done.location
    page = desk.get(done.location).text
    assert "2 人退赛了，还勾着，按错了可以撤回" in page
    assert page.count(" checked") == 2
    none = desk.post(f"{LIST}/withdraw", data=data)
    assert (none.status_code, none.text.count(" checked")) == (200, 2)
    assert 'value="单位有任务"' in none.text
    again = desk.post(f"{LIST}/withdraw", data=data | {"who": codes}, follow_redirects=True).text
    assert "已经退赛了" in again
    back = desk.post(f"{LIST}/return", data={"who": codes[:2]}, follow_redirects=True).text
    assert "2 人回到名单了" in back
    assert back.count("已退赛") == 1
    gone = desk.post(f"{LIST}/return", data={"who": ["没有"]})
    assert (gone.status_code, "刚被别人改过" in gone.text) == (409, True)
