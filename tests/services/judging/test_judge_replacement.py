"""A judge is replaced in the middle: unsigned sheets follow, signed ones stay, nothing is lost."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.domain.values.states import SheetState
from compete.models import Act, Assignment, AuditEntry, Judge, Sheet, db
from compete.services.accounts.accounts import known_account_of
from compete.services.accounts.pins import set_pin
from compete.services.accounts.sign_in_cards import issue_card, lasting_card
from compete.services.judging.act_intake import take_acts
from compete.services.judging.judge_replacement import replace_judge
from compete.services.judging.signing import sign_sheet
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.officials import add_official
from compete.services.schedule.allocation import assign_judges
from compete.services.schedule.clashes import declare_ties
from compete.services.schedule.seating import panels_in, reseat
from compete.services.scoring.bundle_out import export_bundle
from compete.services.sheets.act_rules import ActIn
from tests.support.panels import PIN, SIGNATURE, Panel, client_of


def added(panel: Panel, name: str = "新来的") -> Judge:
    return add_official(panel.competition, Role.JUDGE, name, panel.organiser)


def sheets_of(judge: Judge) -> dict[str, SheetState]:
    rows = db.session.scalars(select(Sheet).where(Sheet.judge_id == judge.id))
    return {row.entrant.code: row.state for row in rows}


@pytest.mark.each_database
def test_unsigned_sheets_follow_signed_ones_stay_and_what_was_said_is_kept(panel: Panel) -> None:
    old, account, by = panel.judge("J1"), panel.account("J1"), panel.organiser
    issue_card(account, one_time=False, by=by)
    signed, begun = panel.sheet("J1", "E1"), panel.sheet("J1", "E2")
    panel.fill_panel("2", "2", "2")
    set_pin(account, PIN, PIN)
    sign_sheet(signed, pin=PIN, drawing=SIGNATURE, by=account)
    panel.act(begun, "mark", aspect="work", value="3")
    new = added(panel)
    with pytest.raises(Refused, match="要写理由"):
        replace_judge(old, new, " ", by)
    with pytest.raises(Refused, match="已经在同一组"):
        replace_judge(old, panel.judge("J2"), "病了", by)
    declare_ties(panel.competition, f"{new.code}，李二，亲属", by)
    with pytest.raises(Refused, match="不能替他评：和 李二 是亲属"):
        replace_judge(old, new, "病了", by)
    assert sheets_of(old) == {"E1": SheetState.SIGNED, "E2": SheetState.BEGUN}
    new = added(panel, "又一个")
    done = replace_judge(old, new, "病了", by)
    assert (len(done.sheets), done.begun, done.kept) == (1, 1, 1)
    assert sheets_of(old) == {"E1": SheetState.SIGNED, "E2": SheetState.WITHDRAWN}
    assert sheets_of(new) == {"E2": SheetState.NOT_BEGUN}
    acts = db.session.scalars(select(Act).where(Act.sheet_id == begun.id)).all()
    assert [str(act.value) for act in acts] == ["3"]
    marks = {(mark.judge, mark.entrant) for mark in export_bundle(panel.competition).marks}
    assert marks == {(code, "E1") for code in ("J1", "J2", "J3")}
    assert known_account_of(old) is None
    assert (lasting_card(account), account.pin_hash) == (None, None)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "judge.replace")).one()
    assert entry.after == {"judge": new.code, "sheets": {"E2": ["practice"]}}
    assert entry.reason == "病了"
    assert list(verify_chain(panel.competition)) == []
    # What was typed without a network comes too late: told, and nothing of it counts.
    late = ActIn(
        uuid=str(uuid.uuid4()), sheet=begun.public_id, kind="mark", aspect="work", value="4"
    )
    ((_uuid, why),) = take_acts(old, [late], account).refused
    assert str(why) == "E2 已经由 又一个 接替，这一条没有记下"
    record = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "acts.take").order_by(AuditEntry.id)
    ).all()[-1]
    assert record.after["refused"][0]["act"]["value"] == "4"
    with pytest.raises(Refused, match="没有席位"):
        replace_judge(old, new, "再换", by)
    # The one replaced gets no seat again, whose sheets would be nobody's.
    event = panel.competition.events[0]
    ((stage, module),) = {(seat.stage, seat.module) for seat in done.seats}
    assert old not in panels_in(event, stage, module).judges
    reseat(event, stage, module, [(new, "")], [], by, "换")
    with pytest.raises(Refused, match="已经换下了"):
        reseat(event, stage, module, [], [(old, "")], by, "回来")
    reseat(event, stage, module, [], [(new, "")], by, "换")
    panel.fill(panel.sheet(new.code, "E2"))


def test_only_who_may_take_over_is_offered(app: Flask, opened: Panel) -> None:
    with app.app_context():
        tied, free = added(opened, "有亲的").code, added(opened, "没亲的").code
        declare_ties(opened.competition, f"{tied}，李二，亲属", opened.organiser)
    desk = client_of(app, opened, "")
    page = desk.get("/desk/PANEL/judges/J1/replace").text
    offered = re.findall(r'<option value="(J\d+)"', page)
    assert free in offered
    assert not {tied, "J1", "J2", "J3"} & set(offered)
    assert "名裁判不能接替，没有列出来" in page
    assert "有亲的 不能替他评：和 李二 是亲属" in page


def test_the_desk_says_what_goes_over_and_the_one_replaced_is_out_at_once(
    app: Flask, opened: Panel
) -> None:
    desk, judge, chief = (client_of(app, opened, who) for who in ("", "J1", "C1"))
    assert judge.get("/judge/").status_code == 200
    page = "/desk/PANEL/judges/J1/replace"
    assert "2 张没交的评分表跟着走" in desk.get(page).text
    assert page in desk.get("/desk/PANEL/judges?people=1").text
    assert chief.get(page).status_code == 404
    assert desk.get("/desk/PANEL/judges/C1/replace").status_code == 404
    unnamed = desk.post(page, data={"judge": "", "name": "", "reason": "病了"})
    assert (unnamed.status_code, "姓名要写" in unnamed.text) == (400, True)
    # A refusal leaves nobody behind who was only just added.
    unsaid = desk.post(page, data={"judge": "", "name": "罗" * 60, "reason": ""})
    assert (unsaid.status_code, "罗" * 60 in unsaid.text) == (400, True)
    assert "罗" * 60 not in desk.get("/desk/PANEL/judges?people=1").text
    done = desk.post(
        page, data={"judge": "", "name": "罗" * 60, "reason": "病了"}, follow_redirects=True
    )
    assert "2 张评分表跟过去了，交了的 0 张没动" in done.text
    assert judge.get("/judge/").status_code != 200
    assert "换下裁判 J1，由 J5 接替，理由：病了" in desk.get("/desk/PANEL/").text


def test_whose_seat_is_gone_but_not_the_sheets_is_replaced_all_the_same(
    app: Flask, opened: Panel
) -> None:
    desk, page = client_of(app, opened, ""), "/desk/PANEL/judges/J1/replace"
    with app.app_context(), unit_of_work() as session:
        for seat in session.scalars(select(Assignment).filter_by(judge_id=opened.judge("J1").id)):
            session.delete(seat)
    assert page in desk.get("/desk/PANEL/judges?people=1").text
    assert "2 张没交的评分表跟着走" in desk.get(page).text


def test_who_has_nothing_to_hand_over_is_told_so_before_anything_is_written(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        idle = added(opened, "没席位的").code
    page = client_of(app, opened, "").get(f"/desk/PANEL/judges/{idle}/replace").text
    assert "没席位的 没有席位，也没有没交的评分表，不用换" in page
    assert 'name="reason"' not in page


def put_into_both(panel: Panel) -> None:
    """J1 judges the paper besides the practice."""
    event = panel.competition.events[0]
    assign_judges(event, "final", "paper", [(panel.judge("J1"), "")], panel.organiser)


def test_a_judge_is_replaced_in_one_module_and_goes_on_in_the_other(panel: Panel) -> None:
    put_into_both(panel)
    old, new, by = panel.judge("J1"), panel.judge("J4"), panel.organiser
    account = panel.account("J1")
    issue_card(account, one_time=False, by=by)
    event = panel.competition.events[0]
    begun = panel.sheet("J1", "E1")
    panel.act(begun, "mark", aspect="work", value="3")
    panel.act(panel.sheet("J1", "E2", "paper"), "mark", aspect="all", value="70")
    done = replace_judge(old, new, "排错了模块", by, at=(event.id, "final", "paper"))
    assert (len(done.sheets), done.begun, done.elsewhere) == (2, 1, True)
    assert {seat.module for seat in done.seats} == {"paper"}
    assert panel.sheet("J1", "E1").state is SheetState.BEGUN
    assert {panel.sheet("J4", code, "paper").state for code in ("E1", "E2")} == {
        SheetState.NOT_BEGUN
    }
    assert known_account_of(old) is not None
    assert lasting_card(account) is not None
    panel.act(panel.sheet("J1", "E1"), "mark", aspect="work", value="4")
    refused = panel.refusal(panel.sheet("J1", "E2", "paper"), "mark", aspect="all", value="71")
    assert refused == "E2 已经由 顾文 接替，这一条没有记下"
    with pytest.raises(Refused, match="已经换下了"):
        reseat(event, "final", "paper", [(new, "")], [(old, "")], by, "回来")
    assert old in panels_in(event, "final", "practice").judges
    assert list(verify_chain(panel.competition)) == []
    # The last module that is left ends the part.
    last = replace_judge(old, added(panel), "病了", by, at=(event.id, "final", "practice"))
    assert last.elsewhere is False
    assert known_account_of(old) is None


def test_the_page_asks_where_a_judge_is_replaced(app: Flask, opened: Panel) -> None:
    with app.app_context():
        put_into_both(opened)
    desk, page = client_of(app, opened, ""), "/desk/PANEL/judges/J1/replace"
    everywhere = desk.get(page).text
    assert "4 张没交的评分表跟着走" in everywhere
    assert "登录卡和 PIN 马上不能用" in everywhere
    paper = f"{page}?module=FORK%7Cfinal%7Cpaper"
    assert paper.partition("?")[2].replace("%7C", "|") in everywhere.replace("%7C", "|")
    there = desk.get(paper).text
    assert "2 张没交的评分表跟着走" in there
    assert "许静 在别的模块照旧评分" in there
    assert 'name="module" value="FORK|final|paper"' in there
    assert desk.get(f"{page}?module=FORK|final|other").status_code == 404
    done = desk.post(
        page,
        data={"module": "FORK|final|paper", "judge": "J4", "name": "", "reason": "排错了模块"},
        follow_redirects=True,
    )
    assert "2 张评分表跟过去了" in done.text
    assert "在“理论”换下裁判 J1，由 J4 接替，理由：排错了模块" in desk.get("/desk/PANEL/").text
    with app.app_context():
        states = {
            module: opened.sheet("J1", "E1", module).state for module in ("practice", "paper")
        }
        assert states == {"practice": SheetState.NOT_BEGUN, "paper": SheetState.WITHDRAWN}


@pytest.mark.parametrize(("signs", "words"), [(True, "签过的"), (False, "交了的")])
def test_what_stays_is_called_what_it_is(
    app: Flask, opened: Panel, signs: bool, words: str
) -> None:
    with app.app_context(), unit_of_work():
        change_settings(opened.competition, must_sign=signs)
    desk, page = client_of(app, opened, ""), "/desk/PANEL/judges/J1/replace"
    text = desk.get(page).text
    assert f"0 张{words}不动" in text
    assert f"2 张没{words[0]}的评分表跟着走" in text
    done = desk.post(page, data={"name": "罗一", "reason": "病了"}, follow_redirects=True)
    assert f"{words} 0 张没动" in done.text
