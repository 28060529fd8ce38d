"""Two events whose stages and modules have the same codes are told apart everywhere."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from flask import Flask

from compete.models import Decision, Entrant, Event, Sheet, db
from compete.services.closing.recheck import draw_recheck
from compete.services.scoring.live import live_results
from tests.support.panels import Panel, bundle_of, client_of, open_panel
from tests.web.organiser.rules.test_event_pages import fields

PLACES = ("FORK|final|practice", "CRANE|final|practice")


def two_events() -> dict[str, Any]:
    bundle = bundle_of()
    crane = copy.deepcopy(bundle["events"][0]) | {"code": "CRANE", "name": "桥吊司机"}
    crane["awards"] = [{"code": "first", "name": "一等奖", "top": 1}]
    bundle["events"].append(crane)
    bundle["entrants"].append({"code": "C9", "name": "赵三", "event": "CRANE", "unit": "U1"})
    return bundle


@pytest.fixture
def desk(app: Flask) -> Panel:
    app.config["WTF_CSRF_ENABLED"] = False
    from compete.services.schedule.allocation import assign_judges
    from tests.support import panels as support

    with app.app_context():
        before = support.open_judging

        def seats_too(competition: Any, by: Any, reason: str) -> int:
            event = next(event for event in competition.events if event.code == "CRANE")
            judges = {judge.code: judge for judge in competition.judges}
            assign_judges(event, "final", "paper", [(judges["J4"], "")], by)
            rest = [(judges[code], "") for code in ("J1", "J2", "J3")]
            assign_judges(event, "final", "practice", rest, by)
            return before(Panel().competition, by, reason)

        support.open_judging = seats_too
        try:
            panel = open_panel(two_events())
        finally:
            support.open_judging = before
        db.session.remove()
    return panel


@pytest.mark.parametrize(
    "page", ["progress", "judges?people=1", "decisions?kind=penalty", "paper?number=C9"]
)
def test_every_page_names_the_event_with_the_module(app: Flask, desk: Panel, page: str) -> None:
    text = client_of(app, desk, "").get(f"/desk/PANEL/{page}").text
    assert "桥吊司机 实操" in text


def test_the_form_offers_each_module_of_each_event(app: Flask, desk: Panel) -> None:
    text = client_of(app, desk, "C1").get("/desk/PANEL/decisions?kind=penalty").text
    assert set(PLACES) <= set(re.findall(r'<option value="([^"]*)"', text))


def test_what_is_disputed_is_named_with_its_event(app: Flask, desk: Panel) -> None:
    with app.app_context():
        desk.fill_panel("3", "0", "3", entrant="C9")
    assert "C9 桥吊司机 实操" in client_of(app, desk, "").get("/desk/PANEL/").text


def test_a_penalty_stands_in_the_event_that_was_chosen(app: Flask, desk: Panel) -> None:
    chief = client_of(app, desk, "C1")
    form = {"kind": "penalty", "points": "2", "reason": "带手机", "evidence": "录像"}
    wrong = chief.post(
        "/desk/PANEL/decisions", data=form | {"who": "C9", "place": "FORK|final|practice"}
    )
    assert "“叉车司机”没有编号是“C9”的选手" in wrong.text
    right = {"who": "C9", "place": "CRANE|final|practice"}
    assert chief.post("/desk/PANEL/decisions", data=form | right).status_code == 302
    with app.app_context():
        (decision,) = db.session.query(Decision)
        assert decision.entrant.event.code == "CRANE"
    assert "桥吊司机 实操" in chief.get("/desk/PANEL/decisions").text


def test_the_tablet_names_the_event_too(app: Flask, desk: Panel) -> None:
    home = client_of(app, desk, "J4").get("/api/home").json
    assert {sheet["module"] for sheet in home["sheets"]} == {"叉车司机 理论", "桥吊司机 理论"}


def test_other_rules_of_one_event_leave_the_other_as_it_was(app: Flask, desk: Panel) -> None:
    with app.app_context():
        desk.fill_panel("2", "2", "2", entrant="C9")
        desk.fill(desk.sheet("J4", "C9", "paper"), {"all": "70"})
        before = live_results(desk.competition).event("FORK")
        versions = {sheet.id: sheet.version for sheet in _sheets("FORK")}
    form = "/desk/PANEL/events/rules?event=CRANE"
    organiser = client_of(app, desk, "")
    row = "stages[0].modules[1].aspects"
    # Nobody marked the other event's module of that code: this one's rows are held all the same.
    assert f'name="{row}[0].gone"' not in organiser.get(form).text
    assert f'name="{row}[0].gone"' in organiser.get(form.replace("CRANE", "FORK")).text
    form_fields = fields(organiser.get(form).text) | {f"{row}[0].max": "8", f"{row}[1].max": "18"}
    where = organiser.post(form, data=form_fields | {"reason": "配分写错了"}).location
    assert "3 张评分表的得分重新算" in organiser.get(where).text
    for code, seat in (("C1", "chief"), ("S1", "supervisor")):
        assert client_of(app, desk, code).post(f"{where}/{seat}").status_code == 302
    with app.app_context():
        assert {event.code: event.rules.number for event in desk.competition.events} == {
            "FORK": 1,
            "CRANE": 2,
        }
        assert live_results(desk.competition).event("FORK") == before
        assert {sheet.id: sheet.version for sheet in _sheets("FORK")} == versions
        assert len({sheet.version for sheet in _sheets("CRANE")}) > 1


def _sheets(event: str) -> list[Sheet]:
    query = db.session.query(Sheet).join(Entrant, Entrant.id == Sheet.entrant_id)
    return query.join(Event, Event.id == Entrant.event_id).filter(Event.code == event).all()


def test_each_draw_of_sheets_to_check_again_says_whose_it_is(app: Flask, desk: Panel) -> None:
    with app.app_context():
        desk.fill_papers()
        desk.fill(desk.sheet("J4", "C9", "paper"), {"all": "70"})
        for who in ("E1", "E2", "C9"):
            desk.fill_panel("2", "2", "2", entrant=who)
        chief = desk.account("C1")
        for event in desk.competition.events:
            draw_recheck(event, "final", chief)
        db.session.remove()
    page = client_of(app, desk, "C1").get("/desk/PANEL/recheck").text
    assert re.findall(r"<h2>怎么抽的</h2>\s*<p>([^<]*)</p>", page) == [
        "叉车司机 · 决赛",
        "桥吊司机 · 决赛",
    ]
    # The card of an event names it once, above the table: its rows name the module alone.
    assert "<td>实操</td>" in page
