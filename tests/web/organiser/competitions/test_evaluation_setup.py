"""An evaluation begun by a form, its levels and their rules; no field asks for a weight or rank."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account
from compete.services.competitions.details import change_details, details_of
from compete.services.directory.ladders.conditions import (
    EDITIONS,
    confirm_edition,
    edition_texts,
    fill_editions,
    find_editions,
)
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.fields import with_values
from compete.services.kernel.refusal import FieldRefused
from compete.services.kernel.transactions import unit_of_work
from tests.support.signing_in import signed_in

FIELDS = {
    "name": "2026年泵站运行工认定",
    "code": "PUMP-2026",
    "starts": "2026-12-10",
    "level": "enterprise",
    "occupation": "灌排泵站运行工",
    "track": "",
    "occupation_code": "",
    "levels": ["4", "2"],
}


@pytest.fixture
def admin(here: Flask) -> Account:
    with unit_of_work():
        fill_editions()
    return create_account("管理员", is_admin=True)


@pytest.fixture
def desk(app: Flask, admin: Account) -> FlaskClient:
    return signed_in(app, admin)


def begun(desk: FlaskClient, **fields: object) -> Competition:
    edition = find_editions()[0].key
    answer = desk.post("/desk/new/evaluation", data=FIELDS | {"conditions": edition} | fields)
    assert answer.status_code == 302, answer.text
    return made()


def made() -> Competition:
    db.session.expire_all()
    return db.session.query(Competition).filter_by(code="PUMP-2026").one()


def form_of(html: str) -> dict[str, str]:
    """What the form of rules holds."""
    part = html.split('<form class="cards rules"')[1].split("</form>")[0]
    form_values = {}
    for tag in re.findall(r"<input[^>]*>", part):
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        if name and not ("checkbox" in tag and " checked" not in tag) and "file" not in tag:
            form_values[unescape(name[1])] = unescape(value[1] if value else "")
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', part, re.S):
        picked = re.search(r'value="([^"]*)" selected', inside)
        first = re.search(r'value="([^"]*)"', inside)
        form_values[unescape(name)] = unescape((picked or first or [""] * 2)[1])
    for name, text in re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)<', part):
        form_values[name] = unescape(text)
    return form_values


def test_levels_with_their_modules_and_conditions_are_there(desk: FlaskClient) -> None:
    competition = begun(desk)
    assert competition.kind == "evaluation"
    four, two = (rules_of(event) for event in competition.events)
    assert (four.grade, two.grade) == (4, 2)
    assert [it.name for it in four.stages[0].modules] == ["理论知识", "操作技能"]
    assert [it.review for it in two.stages[0].modules] == [False, False, True]
    assert [line.cite for line in two.apply] == ["三级满 5 年"]
    assert four.occupation is not None
    assert four.occupation.code == "待核"
    overview = desk.get("/desk/PUMP-2026/")
    assert overview.status_code == 200
    assert "名次" not in overview.text
    assert "权重" not in overview.text
    assert "没核对过" in overview.text


@pytest.mark.parametrize(
    ("field", "value"), [("starts", ""), ("levels", []), ("occupation", " "), ("name", "")]
)
def test_what_is_missing_is_told_and_nothing_is_made(
    desk: FlaskClient, field: str, value: object
) -> None:
    answer = desk.post("/desk/new/evaluation", data=FIELDS | {"conditions": ""} | {field: value})
    assert answer.status_code == 400
    assert f'id="{field}-error"' in answer.text
    assert db.session.query(Competition).count() == 0


def test_the_rules_of_a_level_are_corrected_in_their_form(desk: FlaskClient) -> None:
    event = begun(desk).events[0]
    at = f"/desk/PUMP-2026/events/rules?event={event.code}"
    page = desk.get(at).text
    form = form_of(page)
    assert form["grade"] == "4"
    assert not any(name.startswith(("ranking", "awards", "grades")) for name in form)
    assert "五级满 3 年" in page
    assert desk.post(at, data=form | {"act": "save"}).status_code == 302
    assert made().events[0].rules.number == 1, "nothing was changed, nothing is saved"
    wanted = form | {
        "act": "save",
        "cite": "4.2.1",
        "on": "2026-12-01",
        "carry_months": "24",
        "stages[0].modules[0].pass": "70",
        "conditions": "",
    }
    assert desk.post(at, data=wanted).status_code == 302
    rules = rules_of(made().events[0])
    assert (rules.cite, str(rules.on), rules.carry_months) == ("4.2.1", "2026-12-01", 24)
    assert rules.stages[0].modules[0].pass_ == 70
    assert rules.apply == ()
    assert "conditions" not in (rules.extra or {})
    wrong = form_of(desk.get(at).text) | {"act": "save", "carry_months": "很久"}
    refused = desk.post(at, data=wrong)
    assert refused.status_code == 400
    assert 'id="carry_months-error"' in refused.text


def test_an_edition_that_was_corrected_is_taken_anew_when_asked(
    desk: FlaskClient, admin: Account
) -> None:
    event = begun(desk).events[0]
    at = f"/desk/PUMP-2026/events/rules?event={event.code}"
    assert "凭记忆" in desk.get(at).text
    edition = find_editions()[0]
    texts = edition_texts(edition)
    lines = [(n, line) for n, line in texts.lines if line["cite"] != "从业满 5 年"]
    EDITIONS.change(edition, type(texts)(texts.name, texts.note, lines), admin)
    confirm_edition(edition, admin)
    page = desk.get(at).text
    assert "凭记忆" not in page
    assert 'name="conditions.again"' in page
    form = form_of(page)
    desk.post(at, data=form | {"act": "save", "cite": "x"})
    assert len(rules_of(made().events[0]).apply) == 3, "a copy stays until it is asked for"
    again = form_of(desk.get(at).text) | {"act": "save", "conditions.again": "1"}
    desk.post(at, data=again)
    assert len(rules_of(made().events[0]).apply) == 2


def test_a_level_more_is_of_the_same_occupation(desk: FlaskClient) -> None:
    begun(desk)
    page = desk.get("/desk/PUMP-2026/events").text
    assert 'value="level:3"' in page
    assert 'value="level:4"' not in page
    for nothing in ("level:x", "level:9", "event:x"):
        refused = desk.post("/desk/PUMP-2026/events/add", data={"name": "x", "like": nothing})
        assert refused.status_code == 400, nothing
    sent = {"name": "运行工 三级", "like": "level:3"}
    answer = desk.post("/desk/PUMP-2026/events/add", data=sent)
    assert answer.status_code == 302
    third = rules_of(made().events[-1])
    assert (third.grade, third.name) == (3, "运行工 三级")
    assert third.occupation is not None
    assert third.occupation.name == "灌排泵站运行工"
    assert len(third.apply) == 4


def test_editions_are_written_confirmed_and_closed_on_their_pages(
    desk: FlaskClient, app: Flask
) -> None:
    listed = desk.get("/desk/ladders/conditions").text
    assert listed.count("凭记忆，请核对") == 2
    sent = {"name": "本厂的", "note": "", "lines[1].grade": "5", "lines[1].papers": "学徒期满"}
    made_at = desk.post("/desk/ladders/conditions/new", data=sent).headers["Location"]
    assert "学徒期满" in desk.get(made_at).text
    refused = desk.post(made_at, data=sent | {"lines[1].papers": ""})
    assert refused.status_code == 400
    assert "第 1 行" in refused.text
    for act, phrase in (("confirm", "核对过了"), ("close", "已停用"), ("reopen", "核对过了")):
        assert desk.post(f"{made_at}/{act}").status_code == 302
        assert phrase in desk.get(made_at).text
    clerk = create_account("办事员")
    assert signed_in(app, clerk).post(f"{made_at}/confirm").status_code in (403, 404)
    assert desk.get("/desk/ladders/conditions/999").status_code == 404


def test_next_years_begins_with_the_rules_and_wants_its_day(
    desk: FlaskClient, admin: Account
) -> None:
    begun(desk)
    again = {"of": "PUMP-2026", "name": "2027年认定", "code": "PUMP-2027", "year": "2027"}
    sent = again | {"starts": "2027-12-10", "sure": "PUMP-2026|2027年认定|2027|2027-12-10"}
    assert desk.post("/desk/new/edition", data=sent).status_code == 302
    page = desk.get("/desk/PUMP-2027/").text
    assert "灌排泵站运行工 四级" in page
    old = made()
    with pytest.raises(FieldRefused) as refused:
        change_details(old, with_values(details_of(old), starts=None), details_of(old), admin)
    assert refused.value.field == "starts"


def test_a_level_goes_and_comes_back(desk: FlaskClient) -> None:
    codes = [event.code for event in begun(desk).events]
    page = f"/desk/PUMP-2026/events/remove?event={codes[0]}"
    assert (
        f"/desk/PUMP-2026/events/remove?event={codes[0]}" in desk.get("/desk/PUMP-2026/events").text
    )
    assert desk.get(page).status_code == 200
    gone = desk.post(page)
    assert [event.code for event in made().events] == codes[1:]
    token = gone.location.partition("removed=")[2]
    desk.post("/desk/PUMP-2026/events/restore", data={"removed": token})
    assert sorted(event.code for event in made().events) == sorted(codes)


def test_details_lead_to_no_page_that_an_evaluation_has_not(desk: FlaskClient) -> None:
    begun(desk)
    assert "file-version" not in desk.get("/desk/PUMP-2026/details").text
