"""A role is taken back after a look at what follows; the list, the person and the card say so."""

from __future__ import annotations

import re

from flask import Flask

from compete.domain.values.roles import Role
from compete.models import AuditEntry, db
from compete.services.accounts.accounts import create_account, grant_role, known_account_of
from compete.services.accounts.roles import memberships_in
from compete.services.closing.module_locks import ask_unlock, lock_module
from compete.services.closing.penalties_and_outcomes import Proposal, propose_decision
from compete.services.sheets.locks_in_force import standing_locks
from tests.support.panels import Panel, client_of
from tests.support.signing_in import signed_in

PENALTY = Proposal("penalty", "final", "practice", "带手机", "录像 12:30", points="2")


def address_of(app: Flask, panel: Panel, code: str) -> str:
    """Where the role of an official is taken back."""
    with app.app_context():
        panel.account(code)
        number = next(
            row.id
            for row in memberships_in(panel.competition)
            if row.judge is not None and row.judge.code == code
        )
    return f"/desk/PANEL/accounts/{number}/take-back"


def test_what_follows_is_said_before_a_chief_judge_is_taken_off(app: Flask, opened: Panel) -> None:
    with app.app_context():
        opened.fill_papers()
        lock_module(opened.competition.events[0], "final", "paper", opened.organiser)
        (lock,) = standing_locks(opened.competition)
        ask_unlock(lock, "录错了", opened.account("C1"))
        propose_decision(opened.entrant("E1"), PENALTY, opened.account("C1"))
    where = address_of(app, opened, "C1")
    client_of(app, opened, "C1")
    page = client_of(app, opened, "").get(where).text
    assert "1 台设备马上打不开这个竞赛" in page
    assert "提出的 2 件还等人同意" in page
    assert "扣罚：E1、解锁“理论”" in page
    assert "以后要由裁判长来确认" in page
    assert "没有别的裁判长了" in page
    assert "到“裁判”给这个人发登录卡" in page


def test_who_keeps_another_role_is_not_said_to_be_shut_out(app: Flask, opened: Panel) -> None:
    where = address_of(app, opened, "C1")
    with app.app_context():
        grant_role(opened.account("C1"), opened.competition, Role.ORGANISER)
    page = client_of(app, opened, "").get(where).text
    assert "在这个竞赛还是组委会" in page
    assert "打不开这个竞赛" not in page


def test_a_judges_unfinished_sheets_are_counted(app: Flask, opened: Panel) -> None:
    where = address_of(app, opened, "J1")
    page = client_of(app, opened, "").get(where).text
    assert re.search(r"还有 [1-9]\d* 张评分表没交", page)
    assert "没有别的裁判长了" not in page


def test_who_lost_the_only_role_is_told_by_whom_and_why(app: Flask, opened: Panel) -> None:
    where = address_of(app, opened, "C1")
    chief, desk = client_of(app, opened, "C1"), client_of(app, opened, "")
    assert "现在没有职责" not in chief.get("/account").text
    assert desk.post(where, data={"reason": "另有任务"}).status_code == 302
    page = chief.get("/desk/PANEL/progress", follow_redirects=True)
    assert page.status_code == 200
    for words in ("现在没有职责", "裁判长", "吴敏", "另有任务", "找组委会"):
        assert words in page.text
    for where in ("/desk/PANEL/", "/desk/NONE/"):
        assert chief.get(where).location == "/account"
    assert chief.get("/judge/", follow_redirects=True).status_code == 200
    assert chief.get("/api/home").status_code == 403
    with app.app_context():
        record = db.session.query(AuditEntry).filter_by(action="role.revoke").one()
        assert record.reason == "另有任务"


def test_the_list_tells_a_card_that_was_given_from_none(app: Flask, opened: Panel) -> None:
    desk = client_of(app, opened, "")

    def card_of(code: str) -> str:
        page = desk.get("/desk/PANEL/judges?people=1").text
        row = re.search(rf'id="judge-{code}".*?</tr>', page, re.S)
        assert row is not None
        return row[0]

    assert "没发过" in card_of("C1")
    desk.post("/desk/PANEL/judges/C1/card")
    assert "没用过" in card_of("C1")
    desk.post("/desk/PANEL/judges/C1/cancel")
    assert "作废了" in card_of("C1")
    assert "上一张登录卡作废了" in desk.get("/desk/PANEL/judges/C1/card").text
    desk.post("/desk/PANEL/judges/C1/card")
    with app.app_context():
        before = opened.account("C1").id
    desk.post(address_of(app, opened, "C1"), data={"reason": "另有任务"})
    assert "收回了职责" in card_of("C1")
    assert "没发过" not in card_of("C1")
    # The way back gives the same account its role again.
    desk.post("/desk/PANEL/judges/C1/card")
    assert "没用过" in card_of("C1")
    with app.app_context():
        back = known_account_of(opened.judge("C1"))
        assert back is not None
        assert back.id == before


def test_an_account_is_closed_after_a_look_and_with_a_reason(app: Flask, opened: Panel) -> None:
    with app.app_context():
        admin = create_account("管理员", is_admin=True)
        number = opened.account("C1").id
        desk = signed_in(app, admin)
    client_of(app, opened, "C1")
    where = f"/desk/accounts/{number}/close"
    page = desk.get(where).text
    assert "马上退出 1 台设备" in page
    assert "裁判长" in page
    assert desk.post(where, data={"reason": ""}).status_code == 400
    assert "停用账号要写理由" in desk.post(where, data={"reason": ""}).text
    assert desk.post(where, data={"reason": "不再参加"}).status_code == 302
    with app.app_context():
        record = db.session.query(AuditEntry).filter_by(action="account.close").one()
        assert record.reason == "不再参加"
