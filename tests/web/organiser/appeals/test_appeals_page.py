"""Arbiters decide on the matter alone, units appeal for their own, organisers set the rules."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.domain.values.states import AppealState, CompetitionState, SheetState
from compete.models import (
    Account,
    AuditEntry,
    CardHandling,
    Competition,
    LockEntry,
    Presence,
    Ruling,
    Sheet,
    SignedPaper,
    db,
    utc_now,
)
from compete.services.accounts.pins import set_pin
from compete.services.accounts.second_persons import note_device
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.appeals.appeal_states import appeals_of
from compete.services.appeals.decisions import agree
from compete.services.appeals.filing import go_on
from compete.services.closing.competition_lock import unlock_marks
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.units.links import make_link
from compete.services.results.notice import print_notice
from compete.web.organiser.judging.progress import view_model
from compete.web.organiser.judging.progress.to_do import ordered_places
from tests.documents.reading import pages as pages_of
from tests.services.awards.test_external_awards import PDF
from tests.support.announced import announce, lock, reopen
from tests.support.appealing import appealed, bench_of, decided, official, person
from tests.support.panels import PIN
from tests.support.pictures import photo
from tests.support.signing_in import official as known
from tests.support.signing_in import signed_in
from tests.support.small import IDS

PAGE = "/desk/X/appeals"


@pytest.fixture
def arbiters(app: Flask, judged: Competition, organiser: Account) -> list[FlaskClient]:
    """Two arbiters and the head arbiter, signed in."""
    return [signed_in(app, arbiter) for arbiter in bench_of(judged, organiser)]


def seen(page: str) -> str:
    hit = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert hit is not None
    return hit[1]


def test_two_arbiters_decide_and_see_no_ranks(
    judged: Competition, organiser: Account, arbiters: list[FlaskClient]
) -> None:
    announce(judged, organiser)
    appeal = appealed(photos=[photo(), PDF])
    first, second, head = arbiters
    assert first.get("/account").status_code == 200
    page = first.get(PAGE).text
    assert "钱文 P2" in page
    assert "1 次" in page
    assert "合格写 1" not in page, "a count is asked for in its own words"
    for hidden in ("名次</th>", "总成绩", "奖项</th>", "合计"):
        assert hidden not in page
    picture = re.search(r'src="([^"]+/evidence/\d+\.jpg)"', page)
    assert picture is not None
    assert first.get(picture[1]).mimetype == "image/jpeg"
    assert first.get(picture[1].replace(".jpg", ".pdf")).status_code == 404
    paper = re.search(r'href="([^"]+/evidence/\d+\.pdf)"', page)
    assert paper is not None
    sent = first.get(paper[1])
    assert (sent.mimetype, sent.data) == ("application/pdf", PDF)
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.headers["Cache-Control"] == "private, no-store"
    decide = f"{PAGE}/{appeal.public_id}/decide"
    form = {"outcome": "changed", "value": "0", "reason": "录像里没碰到", "seen": seen(page)}
    lacking = first.post(decide, data=form | {"reason": ""})
    assert (lacking.status_code, "理由没写" in lacking.text) == (400, True)
    assert first.post(decide, data=form).status_code == 302
    assert "等另一位同意" in second.get(PAGE).text
    number = re.search(r'name="decision" value="(\d+)"', second.get(PAGE).text)
    assert number is not None
    agree = f"{PAGE}/{appeal.public_id}/agree"
    assert first.post(agree, data={"decision": number[1]}).status_code in (403, 409)
    assert head.post(agree, data={"decision": number[1]}).status_code == 403
    assert second.post(agree, data={"decision": number[1]}).status_code == 302
    assert appeals_of(judged)[0].state is AppealState.DECIDED
    assert "等裁判长执行" in first.get(PAGE).text
    assert "两人同意才生效" in page
    go_on(appeal, "录像还有一段", None)
    last = head.get(PAGE).text
    assert "你定了就生效" in last
    assert "两人同意" not in last
    kept = {"outcome": "kept", "reason": "看过了", "seen": seen(last)}
    assert head.post(decide, data=kept).status_code == 302
    # Nobody else was waited for, so nothing on record says so.
    acts = [row.action for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert acts[-1] == "appeal.decide"
    assert acts.count("appeal.propose") == 1


def test_each_reader_finds_open_what_waits_for_them(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    """What the chief judge is to carry out is due sooner; no arbiter can do anything about it."""
    announce(judged, organiser)
    first, second, _head = bench_of(judged, organiser)
    agree(decided(appealed(), first, outcome="changed", value="0"), second)
    appealed("P3")

    def open_for(account: Account) -> str:
        page = signed_in(app, account).get(PAGE).text
        hit = re.search(r'aria-current="page"><span class="apart"><b>([^<]+)', page)
        assert hit is not None
        return hit[1]

    assert open_for(first) == "申诉 02"
    assert open_for(known(judged, "C1")) == "申诉 01"


def test_who_has_no_part_in_it_finds_nothing(
    app: Flask, judged: Competition, organiser: Account, arbiters: list[FlaskClient]
) -> None:
    appeal = appealed()
    desk = signed_in(app, organiser)
    assert desk.get(PAGE).status_code == 200
    assert 'name="outcome"' not in desk.get(PAGE).text
    for act in ("decide", "agree", "carry-out"):
        assert desk.post(f"{PAGE}/{appeal.public_id}/{act}").status_code == 404
    assert arbiters[0].get("/desk/X/standings").status_code == 404
    assert arbiters[0].post(f"{PAGE}/rules").status_code == 404


def test_organisers_set_how_appeals_go(app: Flask, judged: Competition, organiser: Account) -> None:
    desk = signed_in(app, organiser)
    form = {
        "since": "module",
        "answer_hours": "3",
        "second_hours": "4",
        "arbiters": "1",
        "file_minutes": "5",
        "clause": "规则第 20 条",
        "barred": ["judgement", "score"],
    }
    wrong = desk.post(f"{PAGE}/rules", data=form | {"arbiters": "x"})
    assert wrong.status_code == 400
    assert 'value="规则第 20 条"' in wrong.text
    assert desk.post(f"{PAGE}/rules", data=form | {"arbiters": "3"}).status_code == 400
    # Once judging has begun the time to appeal begins no earlier.
    assert "只能改成较晚的那个" in desk.post(f"{PAGE}/rules", data=form).text
    with unit_of_work():
        judged.state = CompetitionState.REGISTERING
    assert desk.post(f"{PAGE}/rules", data=form).status_code == 302
    rules = settings_of(judged).appeals
    assert (rules.since, rules.answer_hours, rules.arbiters) == ("module", 3, 1)
    assert rules.file_minutes == 5
    assert rules.barred == ("judgement", "score")


def test_a_unit_appeals_for_its_own_and_for_nobody_else(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    clients = []
    for unit in judged.units:
        client = app.test_client()
        token = make_link(unit, judged, f"{unit.name}的联系人", organiser)
        client.post(f"/sign-in/{token}", data={"pin": "4827", "again": "4827"})
        clients.append(client)
    own, other = clients
    assert "/unit/X/appeals/P2" in own.get("/unit/X/appeals").text
    page = own.get("/unit/X/appeals/P2").text
    assert "后四位" not in page
    uuid = re.search(r'name="uuid" value="([^"]+)"', page)
    assert uuid is not None
    form = {
        "uuid": uuid[1],
        "item": "S/m",
        "kind": "equipment",
        "matter": "货叉没力气，停了两分钟",
    }
    assert other.post("/unit/X/appeals/P2", data=form).status_code == 404
    photos = {"photos": [(io.BytesIO(photo()), "a.jpg")]}
    assert own.post("/unit/X/appeals/P2", data=form | photos).status_code == 303
    (appeal,) = appeals_of(judged)
    assert "本单位提的" in own.get("/unit/X/appeals").text
    assert "申诉 01" not in other.get("/unit/X/appeals").text
    act = f"/unit/X/appeals/P2/{appeal.public_id}/withdraw"
    assert other.post(act).status_code == 404
    assert own.post(act).status_code == 303
    assert appeals_of(judged)[0].state is AppealState.WITHDRAWN


def test_the_competitions_page_says_what_appeals_wait_for(
    app: Flask, judged: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = signed_in(app, organiser)
    announce(judged, organiser)
    # With nobody to decide, the organiser is led to where arbiters are added.
    assert 'href="/desk/X/judges?people=1">加仲裁</a>' in desk.get(PAGE).text
    assert "件申诉" not in desk.get("/desk/X/").text
    appeal = appealed()
    assert "1 件申诉等仲裁答复" in desk.get("/desk/X/").text
    with app.test_request_context():
        paper = " ".join(pages_of(print_notice(judged, judged.events[0].code)))
    assert paper.count("（申诉中）") == 1
    first, second, _head = bench_of(judged, organiser)
    decision = decided(appeal, first, outcome="changed", value="1", orders="改成 1 次")
    what = "1 件申诉的决定等另一位仲裁同意"
    line_text = desk.get("/desk/X/").text.partition(what)[2].partition("</li>")[0]
    assert "这一步由仲裁组定。现在能办的：方晓" in line_text
    agree(decision, second)
    home = desk.get("/desk/X/").text
    assert "1 件申诉的决定等裁判长执行" in home
    assert "先解锁评分，再照决定改" in home
    assert "件申诉等仲裁答复" not in home
    assert "加仲裁" not in signed_in(app, first).get(PAGE).text
    blocked = desk.get("/desk/X/certificates").text
    assert "还有 1 件申诉没有了结，了结了才能发证" in blocked
    # The chief judge's own desk says so, too.
    console = signed_in(app, known(judged, "C1")).get("/desk/X/progress").text
    assert "先处理 1 件" in console
    assert re.search(
        rf"<b>申诉 01</b>.*?等裁判长执行.*?P2 \w+.*?href=\"/desk/X/appeals/{appeal.public_id}\"",
        console,
        re.DOTALL,
    )
    # Nothing else waits: the board opens on the module that an appeal is about.
    where = (judged.events[0].id, "S")
    assert ordered_places(judged) == {(*where, "m")}
    monkeypatch.setattr(view_model, "ordered_places", lambda _competition: {(*where, "t")})
    console = signed_in(app, known(judged, "C1")).get("/desk/X/progress").text
    assert re.search(r'href="[^"]*module=E%7CS%7Ct" aria-current="page"', console), re.findall(
        r'href="[^"]*module=[^>]*>', console
    )
    unlock_marks(judged, "照申诉 01 改", organiser)
    lock(judged, organiser)
    asked = desk.get("/desk/X/publish").text
    assert "1 件申诉的决定等裁判长执行" in asked, (
        "a version without the decision is not what is meant"
    )
    unlock_marks(judged, "照申诉 01 改", organiser)
    home = desk.get("/desk/X/").text
    assert "先解锁评分，再照决定改" not in home
    # Who comes now has sheets in a module that is still locked.
    with unit_of_work() as session:
        session.scalars(select(Sheet).limit(1)).one().state = SheetState.BEGUN
    assert "先解锁，再催齐 1 张评分表" in desk.get("/desk/X/").text
    # Once that module is open, nothing is to be unlocked before its sheet comes in.
    with unit_of_work() as session:
        sheet = session.scalars(select(Sheet).where(Sheet.state == SheetState.BEGUN)).one()
        for standing in session.scalars(select(LockEntry).where(LockEntry.module == sheet.module)):
            standing.unlocked_at = utc_now()
    page = desk.get("/desk/X/").text
    assert "催齐 1 张评分表，锁定评分" in page
    assert "先解锁，再催齐" not in page
    assert "第 1 版还公布着，改好再公布" in home


def test_the_chief_judge_rules_by_one_press_what_was_ordered(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    appeal = appealed("P3")
    first, second, _head = bench_of(judged, organiser)
    agree(decided(appeal, first, outcome="changed", value="0"), second)
    chief = signed_in(app, known(judged, "C1"))
    page, press = f"{PAGE}/{appeal.public_id}", f"{PAGE}/{appeal.public_id}/rule"
    assert f'action="{press}"' not in chief.get(page).text
    reopen(judged, organiser)
    assert f'action="{press}"' in chief.get(page).text
    assert signed_in(app, first).post(press).status_code == 404
    assert "照决定裁定了" in chief.post(press, follow_redirects=True).text
    assert f'action="{press}"' not in chief.get(page).text
    (ruling,) = db.session.scalars(select(Ruling))
    assert (ruling.entrant.code, ruling.aspect, ruling.value) == ("P3", "f", 0)


def test_a_decided_appeal_waits_on_the_competitions_page_while_it_may_go_on(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    first, second, _head = bench_of(judged, organiser)
    agree(decided(appealed(), first), second)
    desk = signed_in(app, organiser)
    home = desk.get("/desk/X/").text
    assert "1 件申诉还可以提请总仲裁" in home
    assert "等裁判长执行" not in home
    # Who is content says so, and nothing waits any longer.
    mine = f"/c/{person('P2').badge_token}/appeal"
    phone = app.test_client()
    hit = re.search(rf'action="({mine}/[^"]+/accept)"', phone.get(mine).text)
    assert hit is not None
    assert phone.post(hit[1]).status_code == 422
    assert phone.post(hit[1], data={"last_four": IDS["P2"][-4:]}).status_code == 303
    assert "接受了决定，不再改" in phone.get(mine).text
    home = desk.get("/desk/X/").text
    assert "提请总仲裁" not in home.replace("提请总仲裁的没有人定", "")
    assert "接受申诉 01 的决定" in home


def test_too_few_arbiters_are_told_before_the_results_are_out(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    desk, pages = signed_in(app, organiser), ("/desk/X/", "/desk/X/publish", PAGE)
    for page in pages:
        assert "要 2 位仲裁，现在 0 位" in desk.get(page).text
    for name in ("高原", "方晓"):
        account = official(judged, Role.ARBITER, name, organiser)
        issue_card(account, one_time=False, by=organiser)
    for page in pages:
        page_text = desk.get(page).text
        assert "才能一起定申诉" in page_text
        assert "改成 1 位同意就算" in page_text
    with time_machine.travel(utc_now() + timedelta(hours=25)):
        page_text = signed_in(app, organiser).get(PAGE).text
        assert "才能一起定申诉" not in page_text
        assert "还没有总仲裁" in page_text


def test_arbiters_whose_cards_came_today_decide_both_there_or_by_a_signed_paper(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    bench, page = bench_of(judged, organiser), "/desk/X/second"
    note_device(organiser, "desk", "sign_in")
    for account in bench:
        issue_card(account, one_time=False, by=organiser)
        set_pin(account, PIN, PIN)
        note_device(account, f"phone of {account.name}", "set")
    first, second, head = (signed_in(app, arbiter) for arbiter in bench)
    acts = []
    for code in ("P2", "P3"):
        appeal = appealed(code)
        acts.append(f"appeal:{decided(appeal, bench.first).id}")
        seen = second.get(f"{PAGE}/{appeal.public_id}").text
        assert re.search(rf'不满 24 小时[^<]*<a href="{page}">当面办、交签字件</a>', seen)
    own = first.get(page).text
    shown = {act: re.search(rf'value="({act} [0-9a-f]+)"', own) for act in acts}
    values = [hit[1] for hit in shown.values() if hit is not None]
    assert all(word in own for word in (*acts, "方晓", "两个人都在这里", "照签字件办"))
    assert set(re.findall(r'<option value="(\d+)"', own)) == {str(bench.second.id)}
    assert not any(act in second.get(page).text for act in acts)
    assert head.get(page).status_code == 404
    form = {"act": values[0], "second": str(bench.second.id), "secret": PIN, "other_secret": PIN}
    barred = first.post(f"{page}/in-person", data=form | {"second": str(organiser.id)})
    assert (barred.status_code, "选第二个人是谁" in barred.text) == (400, True)
    assert first.post(f"{page}/in-person", data=form).status_code == 302
    earlier(Presence, 1)
    handed = form | {"act": values[1], "photo": (io.BytesIO(photo()), "paper.jpg")}
    assert first.post(f"{page}/paper", data=handed).status_code == 302
    db.session.expire_all()
    assert {lodged_appeal.state for lodged_appeal in appeals_of(judged)} == {AppealState.DECIDED}
    # It is countersigned by who may decide on appeals; the desk sees it and what it waits for.
    desk = signed_in(app, organiser)
    (paper,) = db.session.scalars(select(SignedPaper))
    sign = f"{page}/papers/{paper.id}/countersign"
    assert "等补签的签字件 1 件" in desk.get("/desk/X/").text
    assert (sign in desk.get(page).text, desk.post(sign).status_code) == (False, 403)
    recorder = signed_in(app, official(judged, Role.RECORDER, "季红", organiser))
    for who, status in ((first, 200), (desk, 200), (recorder, 404)):
        assert who.get(f"{page}/papers/{paper.id}/photo").status_code == status
        assert (paper.what in who.get(page).text) == (status == 200)
    assert second.post(sign).status_code == 409
    earlier(CardHandling, 24)
    assert (sign in second.get(page).text, sign in first.get(page).text) == (True, False)
    assert second.post(sign).status_code == 302
    assert list(verify_chain(judged)) == []


def earlier(kind: type[CardHandling | Presence], hours: int) -> None:
    with unit_of_work():
        for row in db.session.query(kind):
            row.at -= timedelta(hours=hours)
