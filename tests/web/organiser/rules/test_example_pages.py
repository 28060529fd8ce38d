"""The example beside the rules: by a button without script, as JSON, and once rules are closed."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, RuleVersion, db
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.allocation import assign_judges, open_judging
from tests.support.people import visitor
from tests.support.signing_in import signed_in
from tests.support.small import small
from tests.web.organiser.rules.test_event_pages import fields

TRY = "try.stages[0].modules[0].aspects"


def example(page: str) -> dict[str, str]:
    """What stands in the example's fields, which the form takes along."""
    aside = page.split('id="example"')[1].split("</aside>")[0]
    tags = re.findall(r"<(?:input|select)[^>]*>", aside)
    form_values = {}
    for tag in tags:
        name, value = re.search(r' name="(try[^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name:
            form_values[name[1]] = value[1] if value else "yes"
    return form_values


def totals(page: str) -> list[str]:
    row = page.split('class="worked-total"')[1].split("</tr>")[0]
    return re.findall(r'class="num[^"]*">([^<]*)<', row)


def test_an_example_is_worked_out_and_nothing_is_stored(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    (event,) = competition.events
    desk = signed_in(app, organiser)
    place = f"/desk/X/events/rules?event={event.code}"
    page = desk.get(place).text
    # 48 of 60, one fault of 5 off 30, done: 83 of 100 at 60; 110 seconds are half at 40.
    assert totals(page) == ["69.80"]
    form = fields(page) | example(page)
    assert form[f"{TRY}[0]"] == "48"
    typed = form | {f"{TRY}[0]": "60 50", "name": "改了名"}
    tried = desk.post(place, data=typed | {"act": "try"}).text
    assert totals(tried) == ["74.00"]
    assert example(tried)[f"{TRY}[0]"] == "60 50"
    assert 'value="改了名"' in tried
    live = place.replace("rules?", "rules/try?")
    # What nobody typed follows its full mark; what somebody did is told beside it, in words.
    less = {"stages[0].modules[0].aspects[0].max": "20", "stages[0].modules[0].full": "60"}
    followed = desk.post(live, data=form | less).json
    assert followed is not None
    assert (followed["problems"], f'name="{TRY}[0]" value="16"' in followed["card"]) == ({}, True)
    beyond = desk.post(live, data=typed | less).json
    assert beyond is not None
    assert beyond["problems"][f"{TRY}[0]"].startswith("应当是从 0 到 20")
    halves = {"stages[0].modules[0].weight": "50", "stages[0].modules[1].weight": "50"}
    reply = desk.post(live, data=typed | halves).json
    assert reply is not None
    assert totals(reply["worked"]) == ["74.00", "70.00"]
    assert "裁判 2" in reply["worked"]
    wrong = desk.post(live, data=typed | {f"{TRY}[0]": "61"}).json
    assert wrong is not None
    assert list(wrong["problems"]) == [f"{TRY}[0]"]
    assert "worked-total" not in wrong["worked"]
    # A mark of the type that the aspect had is none of the one it has now.
    other = {"stages[0].modules[0].aspects[0].type": "judgement"}
    other |= {"stages[0].modules[0].aspects[0].levels": "差\n中\n良\n优"}
    ladder = desk.post(live, data=typed | other).json
    assert ladder is not None
    assert (ladder["problems"], f'name="{TRY}[0]" value="2"' in ladder["card"]) == ({}, True)
    assert db.session.query(RuleVersion).count() == 1
    for who in ("chief", "judge"):
        assert visitor(app, who, competition).post(live, data=typed).status_code == 404, who
    for module, codes in (("m", ("J1", "J2")), ("t", ("J3",))):
        seats = [(judge, "") for judge in competition.judges if judge.code in codes]
        assign_judges(event, rules_of(event).stages[0].code, module, seats, organiser)
    open_judging(competition, organiser)
    # While it is judged the form asks for other rules, and works the example out as before.
    answer = desk.post(live, data=typed).json
    assert answer is not None
    assert totals(answer["worked"]) == ["74.00"]
    with unit_of_work():
        competition.state = CompetitionState.LOCKED
    closed = desk.get(place).text
    assert totals(closed) == ["69.80"]
    sent = {key: it for key, it in typed.items() if key.startswith("try.")}
    answer = desk.post(live, data=sent).json
    assert answer is not None
    assert totals(answer["worked"]) == ["74.00"]
    assert totals(desk.post(place, data=sent | {"act": "try"}).text) == ["74.00"]
