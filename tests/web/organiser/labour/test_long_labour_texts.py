"""What is too long in a labour competition's forms is refused at its field; nothing is cut off."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import grant_role
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.labour.closing import close_period
from compete.services.labour.rules import LabourRules, labour_rules, save_labour_rules
from tests.domain.labour.build import one_month
from tests.support.signing_in import signed_in
from tests.web.organiser.labour.test_labour_form import FORM, beside, empty_competition, fields

MONTH = "/desk/L/labour/periods/M"
NAMES = (
    "indicators[0].heading",
    "indicators[0].name",
    "periods[0].name",
    "units[0].group",
)


@pytest.fixture
def desk(app: Flask, load: Callable[..., Competition], organiser: Account) -> FlaskClient:
    bundle = one_month({"甲": 95, "乙": 60}, flags={"count": 1, "min": 90}, warn_below=70)
    competition = load(json.loads(write_bundle(bundle)))
    grant_role(organiser, competition, Role.ORGANISER, by=organiser)
    close_period(competition, "M", "", organiser)
    return signed_in(app, organiser)


def test_names_in_the_rules(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = empty_competition(load)
    grant_role(organiser, competition, Role.ORGANISER, by=organiser)
    client = signed_in(app, organiser)
    page = client.get(FORM).text
    for name in NAMES:
        cell = page[page.index(f'name="{name}"') :].split(">")[0]
        assert "maxlength" not in cell, "a browser would cut off what is pasted, without a word"
    long = dict.fromkeys(NAMES, "长" * 201) | {"indicators[0].department": "部" * 81}
    answer = client.post(FORM, data=fields(page, **long) | {"act": "save"})
    assert answer.status_code == 400
    for name in NAMES:
        assert beside(answer.text, name) == "最多 200 个字，现在是 201 个"
    assert "最多 80 个字" in beside(answer.text, "indicators[0].department")
    assert answer.text.count("长" * 201) >= len(NAMES), "what was typed stays, whole"
    assert not labour_of(competition).indicators[0].heading
    fits = dict.fromkeys(NAMES, "长" * 60) | {"indicators[0].department": "部" * 60}
    answer = client.post(FORM, data=fields(answer.text, **fits) | {"act": "save"})
    assert answer.status_code == 302
    assert labour_of(competition).indicators[0].heading == "长" * 60
    for place in ("/desk/SIX/labour", "/desk/SIX/departments", "/desk/SIX/labour/periods"):
        assert client.get(place).status_code == 200


def test_no_other_way_into_the_rules_takes_them(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = empty_competition(load)
    before = labour_rules(competition)
    group = [(name, "组" * 201) for name, _group in before.units]
    with pytest.raises(Refused, match="最多 200 个字"):
        save_labour_rules(
            competition, LabourRules(before.labour, before.departments, group), organiser
        )
    assert labour_rules(competition) == before


def test_where_a_talk_is_held_and_who_sees_to_it(desk: FlaskClient) -> None:
    place, who = "厅" * 61, "人" * 60
    typed = {"given:甲": "2026-10-15", "place:乙": place, "who:乙": who, "at:乙": "", "by:乙": ""}
    answer = desk.post(f"{MONTH}/after", data=typed)
    assert answer.status_code == 400
    assert beside(answer.text, "place-1") == "最多 60 个字，现在是 61 个"
    assert 'id="who-1-error"' not in answer.text
    for kept in (place, who, "2026-10-15"):
        assert f'value="{kept}"' in answer.text
    assert desk.post(f"{MONTH}/after", data=typed | {"place:乙": "厅" * 60}).status_code == 302


def test_why_something_is_corrected(desk: FlaskClient) -> None:
    typed = {"kind": "adjustment", "unit": "甲", "points": "2", "reason": "由" * 501}
    answer = desk.post(f"{MONTH}/correct", data=typed)
    assert answer.status_code == 400
    assert beside(answer.text, "correct-why") == "最多 500 个字，现在是 501 个"
    assert "由" * 501 in answer.text
    assert desk.post(f"{MONTH}/correct", data=typed | {"reason": "由" * 60}).status_code == 302


def test_a_department_and_who_enters_for_it(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = empty_competition(load)
    grant_role(organiser, competition, Role.ORGANISER, by=organiser)
    client = signed_in(app, organiser)
    home, ticked = "/desk/SIX/departments", {"over": "", "indicator": "I01"}
    answer = client.post(home, data={"name": "部" * 81, **ticked})
    assert answer.status_code == 400
    assert "最多 80 个字" in beside(answer.text, "name")
    assert f'value="{"部" * 81}"' in answer.text
    assert "maxlength" not in answer.text[answer.text.index('name="name"') :].split(">")[0]
    place = client.post(home, data={"name": "部" * 60, **ticked}).location
    answer = client.post(f"{place}/link", data={"recorder": "人" * 81})
    assert answer.status_code == 400
    assert beside(answer.text, "recorder")
    assert f'value="{"人" * 81}"' in answer.text, "what was typed stays"
    assert client.post(f"{place}/link", data={"recorder": "人" * 60}).status_code == 302
