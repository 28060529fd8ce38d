"""Whoever would be refused as the second of two finds no button, but why, and who can."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from flask import Flask
from sqlalchemy import select

from compete.models import Base, CardHandling, Decision, LockEntry, SignedPaper
from compete.services.accounts.accounts import create_account
from compete.services.accounts.invitations import invite
from compete.services.accounts.printed_cards import print_judge_cards
from compete.services.accounts.sign_in_cards import show_card, standing_card
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import ask_unlock, lock_module
from compete.services.closing.paper_entry import enter_paper
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.closing.recheck import draw_recheck
from compete.services.competitions.same_day_approvals import agree_on_paper
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.rows_by_number import find_own
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.sheets.locks_in_force import standing_locks
from tests.support.announced import end_appeals, lock
from tests.support.panels import Panel, client_of
from tests.support.pictures import photo

PENALTY = Proposal("penalty", "final", "practice", "带手机", "录像 12:30", points="2")
WHY = "吴敏看过你的登录卡，不满 24 小时"


def shown(app: Flask, panel: Panel, code: str) -> None:
    """The organiser looks at a card whose holder has no PIN yet."""
    with app.app_context():
        standing_card(panel.account(code))
        assert show_card(panel.account(code), panel.competition, panel.organiser) is not None


def asked_for(panel: Panel) -> int:
    """A locked module that the chief judge asks to open; the lock's number."""
    panel.fill_papers()
    lock_module(panel.competition.events[0], "final", "paper", panel.organiser)
    (lock,) = standing_locks(panel.competition)
    ask_unlock(lock, "录错了", panel.account("C1"))
    return lock.id


def test_who_came_by_a_link_is_not_offered_to_open_a_lock(app: Flask, opened: Panel) -> None:
    with app.app_context():
        button = f"/desk/PANEL/locks/{asked_for(opened)}/confirm"
        event, supervisor = opened.competition.events[0].code, opened.account("S1").name
        _made, token = invite("孙志二", competition=opened.competition, by=opened.organiser)
    invited = app.test_client()
    secret = {"password": "lamp-cobalt-42", "again": "lamp-cobalt-42"}
    invited.post(f"/invitation/{token}", data={"name": "孙志二", "username": "sun", **secret})
    where = f"/desk/PANEL/progress?module={event}|final|paper"
    page = invited.get(where).text
    assert button not in page
    assert "你的用户名和密码是用吴敏发的链接设的，不满 24 小时" in page
    assert f"现在能办的：吴敏、{supervisor}" in page
    assert button in client_of(app, opened, "").get(where).text
    asker = client_of(app, opened, "C1").get(where).text
    assert button not in asker
    assert f"要另一个人来。现在能办的：吴敏、{supervisor}" in asker


def test_who_would_be_refused_is_not_offered_to_confirm_a_decision(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        decision = propose_decision(opened.entrant("E1"), PENALTY, opened.account("C1"))
        button = f"/desk/PANEL/decisions/{decision.id}/confirm"
    supervisor = client_of(app, opened, "S1")
    assert button in supervisor.get("/desk/PANEL/decisions").text
    for who, offer in ((client_of(app, opened, "C1"), True), (supervisor, False)):
        row = who.get("/desk/PANEL/").text.partition("，等第二个人同意")[2]
        assert ("现在能办的：" in row.partition("</li>")[0], bool(row)) == (offer, True)
    shown(app, opened, "S1")
    page = supervisor.get("/desk/PANEL/decisions").text
    assert button not in page
    assert WHY in page
    assert "现在能办的：吴敏" in page


def test_a_lock_is_told_before_anything_is_written_down(app: Flask, opened: Panel) -> None:
    with app.app_context():
        event = opened.competition.events[0]
        number = propose_decision(opened.entrant("E1"), PENALTY, opened.account("C1")).id
        name = module_title(event, PENALTY.stage, PENALTY.module or "")
    chief, supervisor = client_of(app, opened, "C1"), client_of(app, opened, "S1")
    page, acts = "/desk/PANEL/decisions", f"/desk/PANEL/decisions/{number}/"
    assert f"{acts}withdraw" in chief.get(page).text
    assert f"{acts}confirm" in supervisor.get(page).text
    with app.app_context():
        locked_over(opened, PENALTY)
    for who in (chief, supervisor):
        seen = who.get(page).text
        assert acts not in seen
        assert "评分已经锁定，先解锁才能确认或撤回" in seen
    form = chief.get(page).text
    assert f"{name}（已锁定）</option>" in form
    assert ("缺考：记 0 分" in form, "取消成绩：不排名" in form) == (True, True)
    assert re.search(rf'已经锁定的不能记[^<]+<a href="[^"]+#locks">{name}</a>', form)


def locked_over(opened: Panel, wanted: Proposal) -> None:
    """A lock over the module that a proposal is about."""
    with unit_of_work() as session:
        session.add(
            LockEntry(
                competition_id=opened.competition.id,
                event_id=opened.competition.events[0].id,
                stage=wanted.stage,
                module=wanted.module,
                version=1,
                sheets=0,
                sha256="0" * 64,
                locked_by=opened.organiser.id,
            )
        )


def test_a_recorder_who_cannot_be_the_second_finds_no_fields(app: Flask, opened: Panel) -> None:
    values = {"smooth": Decimal(2), "work": Decimal("17.5")}
    with app.app_context():
        sheet = opened.sheet("J1")
        enter_paper(sheet, values, signed=True, by=opened.account("R1"))
        where = f"/desk/PANEL/paper/{sheet.public_id}"
        supervisor = opened.account("S1").name
    recorder = client_of(app, opened, "R2")
    assert 'name="signed"' in recorder.get(where).text
    shown(app, opened, "R2")
    page = recorder.get(where).text
    assert 'name="signed"' not in page
    assert WHY in page
    assert f"现在能办的：{supervisor}" in page


def test_who_may_not_enter_again_finds_the_list_without_buttons(app: Flask, opened: Panel) -> None:
    with app.app_context():
        opened.fill_papers()
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
        event = opened.competition.events[0]
        drawn = draw_recheck(event, "final", opened.account("C1"))
        address = f"/desk/PANEL/recheck/{drawn.entries[0].id}"
    recorder = client_of(app, opened, "R1")
    assert address in recorder.get("/desk/PANEL/recheck").text
    shown(app, opened, "R1")
    page = recorder.get("/desk/PANEL/recheck").text
    assert address not in page
    assert WHY in page
    assert recorder.get(address).status_code == 302


def test_before_cards_are_printed_the_page_says_who_is_no_second_person_for_a_day(
    app: Flask, opened: Panel
) -> None:
    desk = client_of(app, opened, "")
    with app.app_context():
        chief, supervisor = opened.account("C1"), opened.account("S1")
        _card, token = standing_card(chief)
        names = (chief.name, supervisor.name)
    page = "/desk/PANEL/judges?people=1"
    assert f"你和 {'、'.join(names)} 不能互当第二个人" in desk.get(page).text
    # Who has used the card has chosen a PIN: nobody else can sign in by it.
    app.test_client().post(f"/sign-in/{token}", data={"pin": "4827", "again": "4827"})
    assert f"你和 {supervisor.name} 不能互当第二个人" in desk.get(page).text


def test_a_ruling_refused_under_a_lock_leads_to_where_it_is_opened(
    app: Flask, opened: Panel
) -> None:
    """First a module alone is locked, then all marks: the form says so, the refusal leads there."""
    app.config["WTF_CSRF_ENABLED"] = False
    page = "/desk/PANEL/decisions"
    with app.app_context():
        event = opened.competition.events[0]
        opened.fill_papers()
        number = propose_decision(opened.entrant("E1"), PENALTY, opened.account("C1")).id
        lock_module(event, "final", "paper", opened.organiser)
        board = f"/desk/PANEL/progress?module={event.code}%7Cfinal%7Cpaper#locks"
    chief, desk = client_of(app, opened, "C1"), client_of(app, opened, "")
    typed = {"who": "E1", "kind": "penalty", "points": "2", "reason": "带手机", "evidence": "录像"}
    free = chief.get(page).text
    assert (f'<a href="{board}">理论' in free, "要改先" in free) == (True, False)
    refused = chief.post(page, data=typed | {"place": "final|paper"})
    assert (refused.status_code, f'<a href="{board}">去解锁</a>' in refused.text) == (409, True)
    assert "录像" in refused.text
    # What has nothing to do with a lock leads nowhere.
    for wrong in (typed | {"place": "final|paper", "reason": ""}, typed | {"place": "final|"}):
        refused = chief.post(page, data=wrong)
        assert (refused.status_code, "去解锁" in refused.text) == (400, False)
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
        proposal = find_own(Decision, opened.competition, number)
        assert proposal is not None
        confirm_proposal(proposal, opened.organiser)
        lock_marks(opened.competition, opened.organiser)
    home = '<a href="/desk/PANEL/#unlock-why">去解锁</a>'
    for who, led in ((desk, True), (chief, False)):
        seen = who.get(page).text
        assert ("评分已经锁定，不能再记" in seen, home in seen) == (True, led)
        late = who.post(page, data=typed | {"place": "final|practice"})
        assert (late.status_code, "评分已经锁定，先解锁" in late.text) == (409, True)
        assert (home in late.text) == led
        back = who.post(f"{page}/{number}/withdraw", data={"reason": "错", "seen": "confirmed"})
        assert (back.status_code, home in back.text) == (409, led)
    assert 'id="unlock-why"' in desk.get("/desk/PANEL/").text
    assert "要改先由组委会解锁" in chief.get(page).text


def test_a_signed_paper_does_it_today_and_is_countersigned_within_a_day(
    app: Flask, opened: Panel
) -> None:
    page = "/desk/PANEL/second"
    chief, desk = client_of(app, opened, "C1"), client_of(app, opened, "")
    with app.app_context():
        asked, second = asked_for(opened), str(opened.organiser.id)
        print_judge_cards(opened.competition, opened.organiser)
    shown = chief.get(page).text
    assert "照签字件办" in shown
    act = re.search(rf'value="(lock:{asked} [0-9a-f]+)"', shown)
    assert act is not None
    form = {"act": act[1], "second": second}
    unseen = form | {"act": f"lock:{asked}", "photo": (BytesIO(photo()), "paper.jpg")}
    assert chief.post(f"{page}/paper", data=unseen).status_code == 409
    refused = chief.post(f"{page}/paper", data=form)
    assert (refused.status_code, "签字件要拍一张照片" in refused.text) == (400, True)
    chief.post(f"{page}/paper", data=form | {"photo": (BytesIO(photo()), "paper.jpg")})
    with app.app_context():
        assert standing_locks(opened.competition) == []
    shown = desk.get(page).text
    hit = re.search(r'href="([^"]+/papers/(\d+)/photo)"', shown)
    assert hit is not None
    assert desk.get(hit[1]).mimetype == "image/jpeg"
    assert ("等补签" in shown, "过期没补签" in shown) == (True, False)
    assert "等补签的签字件 1 件" in desk.get("/desk/PANEL/").text
    earlier(app, SignedPaper, "due_at", 25)
    assert "过期没补签" in desk.get(page).text
    home = desk.get("/desk/PANEL/").text
    assert ("过期没补签的签字件 1 件" in home, "等补签的签字件" in home) == (True, False)
    # The second one signs it again in the system, once they count as another person.
    sign = f"{page}/papers/{hit[2]}/countersign"
    for hours, may_sign in ((0, False), (24, True)):
        earlier(app, CardHandling, "at", hours)
        assert (sign in desk.get(page).text, sign in chief.get(page).text) == (may_sign, False)
        assert desk.post(sign).status_code == (302 if may_sign else 409)
    assert "补签了" in desk.get(page).text
    home = desk.get("/desk/PANEL/").text
    assert "签字件 1 件" not in home


def test_a_paper_that_waits_is_told_before_and_after_publishing(app: Flask, opened: Panel) -> None:
    desk, papers = client_of(app, opened, ""), "/desk/PANEL/second#papers"
    with app.app_context():
        competition, by = opened.competition, opened.organiser
        print_judge_cards(competition, by)
        key = f"lock:{asked_for(opened)}"
        agree_on_paper(competition, key, by, photo(), opened.account("C1"))
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
        lock(competition, by)
    before = desk.get("/desk/PANEL/publish").text
    assert ("的签字件等补签" in before, papers in before) == (True, True)
    with app.app_context():
        with unit_of_work():
            change_settings(opened.competition, notice_days=0)
        publish(opened.competition, opened.organiser)
        end_appeals(opened.competition)
    after = desk.get("/desk/PANEL/results").text
    assert ("的签字件等补签" in after, papers in after) == (True, True)
    assert ("/results/final" in after, "都齐了" in after) == (True, False)
    assert "没补签也照样有效" in desk.get("/desk/PANEL/second").text
    earlier(app, SignedPaper, "due_at", 25)
    assert "的签字件过期没补签" in desk.get("/desk/PANEL/results").text


def test_both_there_is_offered_for_what_the_two_can_do_so_alone(app: Flask, opened: Panel) -> None:
    with app.app_context():
        competition, by, chief = opened.competition, opened.organiser, opened.account("C1")
        print_judge_cards(competition, by)
        opened.fill_papers()
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
        lock(competition, by)
        publish(competition, by)
        unlock_marks(competition, "录错了", by)
        first, second = standing_locks(competition)
        ask_unlock(first, "录错了", chief)
        ask_unlock(second, "录错了", by)
        act, own = f'value="lock:{first.id} ', f'value="lock:{second.id} '
        organiser, supervisor = (f'value="{account.id}"' for account in (by, opened.account("S1")))
    chief_page, desk = client_of(app, opened, "C1"), client_of(app, opened, "")
    # The organiser gave both cards: of these two who asks finds nobody, but by a paper.
    together, paper = both_ways(desk.get("/desk/PANEL/second").text)
    assert (together, own in paper) == ("", True)
    together, paper = both_ways(chief_page.get("/desk/PANEL/second").text)
    assert (act in together, supervisor in together, organiser in together) == (True, True, False)
    assert (act in paper, organiser in paper) == (True, True)
    with app.app_context():
        admin = create_account("顾明", is_admin=True).id
    together, _paper = both_ways(desk.get("/desk/PANEL/second").text)
    assert (own in together, f'value="{admin}"' in together) == (True, True)


def both_ways(page: str) -> tuple[str, str]:
    """What is offered to two who are there, and by a paper."""
    together = page.partition('id="together"')[2].partition("</section>")[0]
    return together, page.partition('id="paper"')[2]


def earlier(app: Flask, kind: type[Base], when: str, hours: int) -> None:
    with app.app_context(), unit_of_work() as session:
        for row in session.scalars(select(kind)):
            setattr(row, when, getattr(row, when) - timedelta(hours=hours))


def test_who_rules_on_a_dispute_is_named_at_home(app: Flask, opened: Panel) -> None:
    with app.app_context():
        opened.fill_panel("3", "1", "1")
        chief = opened.account("C1").name
    home = client_of(app, opened, "").get("/desk/PANEL/").text
    row = home.partition("分差超限 1 处")[2].partition("</li>")[0]
    assert f'<span class="who">{chief}</span>' in row
