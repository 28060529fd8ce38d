"""In a blind event nobody who marks, returns or rules learns whose sheet it is."""

from __future__ import annotations

import pytest
from flask import Flask

from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.judging.panels.judge_analysis import NamedJudge, _seats
from compete.services.judging.recusal import recuse_from_entrant
from compete.services.kernel.transactions import unit_of_work
from tests.support.panels import Panel, bundle_of, client_of, open_panel

NAMES = ("王一", "李二")


@pytest.fixture
def blind(app: Flask) -> Panel:
    """A blind competition in which the panel disagrees on the first entrant."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel(bundle_of(blind=True))
        panel.fill_panel("3", "1", "1")
        db.session.remove()
    return panel


def pages_of(panel: Panel, app: Flask) -> list[str]:
    with app.app_context():
        public_id = panel.sheet("J1").public_id
    return [
        "/desk/PANEL/",
        "/desk/PANEL/progress",
        "/desk/PANEL/analysis",
        "/desk/PANEL/recheck",
        "/desk/PANEL/standings",
        "/desk/PANEL/standings.xlsx",
        "/desk/PANEL/judges?people=1",
        f"/desk/PANEL/sheets/{public_id}",
        "/judge/",
        "/judge/sign",
        f"/judge/sheets/{public_id}",
        f"/judge/sheets/{public_id}/field",
        f"/api/sheets/{public_id}",
        "/api/home",
    ]


@pytest.mark.parametrize("who", ["C1", "J1"])
def test_no_page_of_a_judge_or_the_chief_says_who_is_who(
    app: Flask, blind: Panel, who: str
) -> None:
    client = client_of(app, blind, who)
    for address in pages_of(blind, app):
        page = client.get(address)
        assert not any(name in page.text for name in NAMES), address
        assert ">E1<" not in page.text, address
        assert "E1 实操" not in page.text, address


def test_the_chief_and_the_supervisor_wait_for_the_lock_to_see_names(
    app: Flask, blind: Panel
) -> None:
    with app.app_context():
        watcher = create_account("看的人")
        grant_role(watcher, blind.competition, Role.SUPERVISOR)
        token = issue_card(watcher, one_time=True)[1]
    supervisor = app.test_client()
    assert supervisor.post(f"/sign-in/{token}").status_code == 302
    chief, organiser = client_of(app, blind, "C1"), client_of(app, blind, "")
    for address in ("/desk/PANEL/standings", "/desk/PANEL/standings.xlsx"):
        for official in (chief, supervisor):
            refused = official.get(address)
            assert refused.status_code == 403
            assert "锁定评分以后" in refused.text
        assert organiser.get(address).status_code == 200
    with app.app_context(), unit_of_work():
        blind.competition.state = CompetitionState.LOCKED
    assert chief.get("/desk/PANEL/standings").status_code == 200
    assert chief.get("/desk/PANEL/standings.xlsx").status_code == 200


def test_the_desk_names_disputes_by_the_code_on_the_sheet(app: Flask, blind: Panel) -> None:
    with app.app_context():
        label = blind.sheet("J1").label
    page = client_of(app, blind, "C1").get("/desk/PANEL/").text
    assert f"{label} 实操" in page


def test_who_is_absent_stands_there_by_code_until_the_lock(app: Flask, blind: Panel) -> None:
    with app.app_context():
        entrant = blind.entrant("E1")
        label, name = blind.sheet("J1").label, entrant.name
        wanted = Proposal("dns", "final", None, reason="没有到场", evidence="检录单")
        confirm_proposal(
            propose_decision(entrant, wanted, blind.account("R1")), blind.account("C1")
        )
    chief = client_of(app, blind, "C1")
    page = chief.get("/desk/PANEL/").text
    assert f"1 人缺考：{label}" in page
    assert name not in page
    with app.app_context(), unit_of_work():
        blind.competition.state = CompetitionState.LOCKED
    assert f"1 人缺考：{name}（" in chief.get("/desk/PANEL/").text


def test_only_who_drew_the_codes_takes_a_judge_off_a_unit(app: Flask, blind: Panel) -> None:
    with app.app_context():
        unit = blind.entrant("E1").unit.code
    form = {"judge": "J1", "unit": unit, "reason": "是我徒弟"}
    chief, organiser = client_of(app, blind, "C1"), client_of(app, blind, "")
    refused = chief.post("/desk/PANEL/recusals", data=form)
    assert refused.status_code == 400
    assert "找组委会办" in refused.text
    with app.app_context():
        name = blind.entrant("E1").unit.name
    assert name not in chief.get("/desk/PANEL/recusals").text
    assert organiser.post("/desk/PANEL/recusals", data=form).status_code == 302
    assert name in organiser.get("/desk/PANEL/recusals").text
    page_text = chief.get("/desk/PANEL/recusals").text
    assert name not in page_text
    assert "一个单位" in page_text


def test_what_judges_give_their_own_unit_stays_unsaid_until_the_lock(
    app: Flask, blind: Panel
) -> None:
    with app.app_context(), unit_of_work():
        blind.judge("J1").unit_id = blind.entrant("E1").unit_id
        blind.sheet("J1").state = SheetState.SUBMITTED

    def own() -> list[bool]:
        with app.app_context():
            event, sheet = blind.competition.events[0], blind.sheet("J1")
            judges = {
                judge.id: NamedJudge(judge.code, judge.name, judge.unit_id)
                for judge in blind.competition.judges
            }
            seats = _seats(event, sheet.stage, sheet.module, judges)
            return [seat.own for seat in seats if seat.id == sheet.id]

    assert own() == [False]
    with app.app_context(), unit_of_work():
        blind.competition.state = CompetitionState.LOCKED
    assert own() == [True]


@pytest.mark.parametrize("by_organiser", [True, False])
def test_who_withdrew_is_told_so_at_the_old_address_and_nobody_else(
    app: Flask, blind: Panel, by_organiser: bool
) -> None:
    with app.app_context():
        sheet = blind.sheet("J1")
        address = f"/judge/sheets/{sheet.public_id}"
        by = blind.organiser if by_organiser else blind.account("J1")
        recuse_from_entrant(sheet, "和王一同单位", by)
        label = sheet.label
    answer = client_of(app, blind, "J1").get(address)
    assert answer.status_code == 410
    assert f"你回避了 {label}" in answer.text
    assert ("给你登记的" in answer.text, "你自己" in answer.text) == (
        by_organiser,
        not by_organiser,
    )
    # Another's reason might name whose it is; one's own is known.
    assert ("和王一同单位" in answer.text) is not by_organiser
    assert client_of(app, blind, "J2").get(address).status_code == 404
