from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain.values.states import SheetState
from compete.models import Account, Competition, Decision, LockEntry, Sheet, db
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from tests.support.panels import Panel, client_of
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small

BOARD = "/desk/PANEL/progress?module=FORK|final|practice"
PENALTY = Proposal("penalty", "final", "practice", "带手机进场", "录像 12 分 30 秒", points="2")
LIVE = "/desk/PANEL/progress/live?module=FORK|final|practice"


def disputed(app: Flask, panel: Panel) -> str:
    """E1's panel too far apart; the public id of J1's sheet."""
    with app.app_context():
        panel.fill_panel("3", "1", "1")
        return panel.sheet("J1").public_id


def states(app: Flask, panel: Panel) -> list[SheetState]:
    with app.app_context():
        return [panel.sheet(code).state for code in ("J1", "J2", "J3")]


def test_the_chiefs_card_names_all_that_is_too_far_apart(app: Flask, opened: Panel) -> None:
    with app.app_context():
        for judge, smooth, work in (("J1", "3", "17.5"), ("J2", "1", "15"), ("J3", "1", "15")):
            opened.fill(opened.sheet(judge), {"smooth": smooth, "work": work})
    page = client_of(app, opened, "C1").get(BOARD).text
    assert "3 位裁判评 3、1、1，差 2 档，上限 1 档。另有 成品 也超限" in page


def test_the_chiefs_console_puts_the_dispute_first_with_its_ladder(
    app: Flask, opened: Panel
) -> None:
    disputed(app, opened)
    page = client_of(app, opened, "C1").get(BOARD).text
    assert "裁判长工作台" in page
    assert "先处理 1 件" in page
    assert "3 位裁判评 3、1、1，差 2 档，上限 1 档" in page
    assert "3 全程平稳" in page
    for act in ("通知 3 人重评", "我来裁定", "看 3 张评分表"):
        assert act in page


def test_before_all_are_in_the_console_tells_nothing_of_a_spread(app: Flask, opened: Panel) -> None:
    with app.app_context():
        opened.fill(opened.sheet("J1"), {"smooth": "3", "work": "17.5"})
        opened.fill(opened.sheet("J2"), {"smooth": "0", "work": "17.5"})
        public_id = opened.sheet("J1").public_id
    chief = client_of(app, opened, "C1")
    assert "差 3 档" not in chief.get(BOARD).text
    panel = chief.get(f"/desk/PANEL/panels/{public_id}").text
    assert "2 张交了，等 3 张都交齐，一起亮分" in panel
    assert '<td class="num">17.5' not in panel


def test_only_the_chief_is_offered_re_marks_and_rulings(app: Flask, opened: Panel) -> None:
    public_id = disputed(app, opened)
    organiser = client_of(app, opened, "")
    page = organiser.get(BOARD).text
    assert "通知 3 人重评" not in page
    assert "看 3 张评分表" in page
    answer = organiser.post(f"/desk/PANEL/sheets/{public_id}/remark", data={"reason": "再看"})
    assert answer.status_code == 404
    answer = organiser.post(f"/desk/PANEL/panels/{public_id}", data={"value-smooth": "2"})
    assert answer.status_code == 404


def test_the_chief_sends_a_panel_back_to_mark_again(app: Flask, opened: Panel) -> None:
    public_id = disputed(app, opened)
    chief = client_of(app, opened, "C1")
    answer = chief.post(
        f"/desk/PANEL/sheets/{public_id}/remark",
        data={"reason": "看录像再评", "aspects": "smooth"},
    )
    assert answer.status_code == 302
    assert states(app, opened) == [SheetState.RETURNED] * 3
    judge = client_of(app, opened, "J1")
    sheet = judge.get(f"/api/sheets/{public_id}").json
    assert sheet["previous"] == {"smooth": "3"}
    assert "smooth" not in sheet["values"]
    assert sheet["values"]["work"] == "17.5"
    assert sheet["returned_reason"] == "看录像再评"
    assert sheet["dispute"] is None


def test_the_chief_rules_and_the_page_tells_what_was(app: Flask, opened: Panel) -> None:
    public_id = disputed(app, opened)
    chief = client_of(app, opened, "C1")
    where = f"/desk/PANEL/panels/{public_id}"
    wrong = chief.post(where, data={"value-smooth": "2", "reason": ""})
    assert wrong.status_code == 400
    assert "裁定要写理由" in wrong.text
    assert re.search(r'<option value="2" selected>', wrong.text)
    assert chief.post(where, data={"value-smooth": "2", "reason": "录像回看"}).status_code == 302
    page = chief.get(where).text
    assert "原来 J1 3 档、J2 1 档、J3 1 档" in page
    assert "录像回看" in page
    assert "先处理" not in chief.get(BOARD).text
    with app.app_context():
        own = opened.sheet("J1").public_id
    assert "沈国梁" in page
    assert "沈国梁裁定：录像回看" in chief.get(f"/desk/PANEL/sheets/{own}").text


def test_judges_learn_of_a_dispute_when_all_are_in(app: Flask, opened: Panel) -> None:
    with app.app_context():
        public_id = opened.sheet("J1").public_id
        opened.fill(opened.sheet("J1"), {"smooth": "3", "work": "17.5"})
    judge = client_of(app, opened, "J1")
    before = judge.get(f"/api/sheets/{public_id}").json
    assert before["panel"] == {"size": 3, "submitted": 1, "revealed": False, "marks": None}
    assert before["dispute"] is None
    with app.app_context():
        for code in ("J2", "J3"):
            opened.fill(opened.sheet(code), {"smooth": "1", "work": "17.5"})
    after = judge.get(f"/api/sheets/{public_id}").json
    assert after["panel"]["revealed"]
    assert [(mark["judge"], mark["mine"]) for mark in after["panel"]["marks"]] == [
        ("J1", True),
        ("J2", False),
        ("J3", False),
    ]
    assert after["dispute"] == {
        "aspect": "smooth",
        "name": "操作平稳",
        "limit": "1",
        "values": {"J1": "3", "J2": "1", "J3": "1"},
        "descriptors": ["急停急转", "轻微晃动", "个别顿挫", "全程平稳"],
        "also": [],
    }
    home = judge.get("/api/home").json
    (row,) = (sheet for sheet in home["sheets"] if sheet["id"] == public_id)
    assert row["dispute"]["values"] == {"J1": "3", "J2": "1", "J3": "1"}


def test_the_live_board_is_sent_only_when_something_has_changed(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    first = chief.get(LIVE)
    parts = {"ticks", "first", "stations", "right", "lacking", "locks", "lock_button"}
    assert set(first.json["parts"]) == parts
    assert "先处理" not in first.json["parts"]["first"]
    tag = first.headers["ETag"]
    again = chief.get(LIVE, headers={"If-None-Match": tag})
    # The tag holds for the minute it was made in.
    assert again.status_code == 304 or again.headers["ETag"] != tag
    disputed(app, opened)
    changed = chief.get(LIVE, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "先处理 1 件" in changed.json["parts"]["first"]


def test_a_penalty_takes_two_people_on_the_page(app: Flask, opened: Panel) -> None:
    chief, supervisor = client_of(app, opened, "C1"), client_of(app, opened, "S1")
    filled = {
        "who": "E1",
        "kind": "penalty",
        "place": "final|practice",
        "points": "2",
        "reason": "带手机进场",
        "evidence": "录像 12 分 30 秒",
    }
    form = chief.get("/desk/PANEL/decisions").text
    assert "会写进公布的数据" not in form
    assert "公布时勾选了“理由”，才写进公布的数据" in form
    nobody = chief.post("/desk/PANEL/decisions", data={**filled, "who": "E9"})
    assert nobody.status_code == 400
    assert "没有编号是“E9”的选手" in nobody.text
    assert "录像 12 分 30 秒" in nobody.text
    assert chief.post("/desk/PANEL/decisions", data=filled).status_code == 302
    with app.app_context():
        number = db.session.query(Decision.id).scalar()
    assert "要另一个人来" in chief.get("/desk/PANEL/decisions").text
    assert chief.post(f"/desk/PANEL/decisions/{number}/confirm").status_code == 409
    assert "等第二人确认" in chief.get(BOARD).text
    assert "确认生效" in supervisor.get("/desk/PANEL/decisions").text
    assert supervisor.post(f"/desk/PANEL/decisions/{number}/confirm").status_code == 302
    assert "已生效" in chief.get("/desk/PANEL/decisions").text
    assert supervisor.post("/desk/PANEL/decisions", data=filled).status_code == 404


def test_a_stale_page_does_not_withdraw_what_was_confirmed_meanwhile(
    app: Flask, opened: Panel
) -> None:
    chief, supervisor = client_of(app, opened, "C1"), client_of(app, opened, "S1")
    with app.app_context():
        number = propose_decision(opened.entrant("E1"), PENALTY, opened.account("C1")).id
    assert 'name="seen" value="proposed"' in chief.get("/desk/PANEL/decisions").text
    supervisor.post(f"/desk/PANEL/decisions/{number}/confirm")
    withdraw = f"/desk/PANEL/decisions/{number}/withdraw"
    stale = chief.post(withdraw, data={"reason": "不罚了", "seen": "proposed"})
    assert stale.status_code == 409
    assert "已经变成“已生效”了" in stale.text
    page = chief.get("/desk/PANEL/decisions").text
    assert 'name="seen" value="confirmed"' in page
    chief.post(withdraw, data={"reason": "看错人了", "seen": "confirmed"})
    supervisor.post(f"/desk/PANEL/decisions/{number}/confirm")
    with app.app_context():
        name = opened.account("S1").name
    page = chief.get("/desk/PANEL/decisions").text
    assert re.search(f"{name} [^，]* 撤回：看错人了", page)


def test_what_was_loaded_with_the_competition_is_listed_to_be_read(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    absent = {"stage": "S", "entrant": "P4", "status": "dns", "reason": "没到"}
    late = {"stage": "S", "module": "m", "entrant": "P1", "points": "2", "reason": "超时"}
    load(small(all_marks(), outcomes=[absent], penalties=[late]))
    page = signed_in(app, organiser).get("/desk/X/decisions").text
    assert page.count("随竞赛载入") == 2
    assert "P4 李小小" in page
    assert "扣罚，扣 2 分" in page
    assert "decisions/1/withdraw" not in page


def test_a_module_is_locked_and_opened_by_two_on_the_board(app: Flask, opened: Panel) -> None:
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
    chief, organiser = client_of(app, opened, "C1"), client_of(app, opened, "")
    assert "锁定实操" in chief.get(BOARD).text
    place = {"event": "FORK", "stage": "final", "module": "practice"}
    assert chief.post("/desk/PANEL/locks", data=place).status_code == 302
    with app.app_context():
        number = db.session.query(LockEntry.id).scalar()
    page = chief.get(BOARD).text
    assert "第 1 版" in page
    assert "申请解锁" in page
    lock = f"/desk/PANEL/locks/{number}"
    assert chief.post(f"{lock}/ask", data={"reason": "E1 记错了"}).status_code == 302
    assert "要另一个人来" in chief.get(BOARD).text
    assert chief.post(f"{lock}/confirm").status_code == 409
    assert "确认解锁" in organiser.get(BOARD).text
    assert organiser.post(f"{lock}/confirm").status_code == 302
    assert "锁定实操" in organiser.get(BOARD).text


def test_a_modules_page_speaks_of_its_own_sheets_and_says_when_it_is_locked(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
        undone = db.session.query(Sheet).filter_by(module="paper").count()
    chief = client_of(app, opened, "C1")
    assert "都齐了，可以锁定" in chief.get(BOARD).text
    other = chief.get(BOARD.replace("practice", "paper")).text
    assert f"锁定前还差：没交的评分表 {undone} 张" in other
    place = {"event": "FORK", "stage": "final", "module": "practice"}
    assert chief.post("/desk/PANEL/locks", data=place).status_code == 302
    page = chief.get(BOARD).text
    assert "都齐了，可以锁定" not in page
    assert "这个模块已经锁定" in page


def test_nobody_waits_for_the_sheets_of_the_absent(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    lacking = re.compile(r'<td class="soft">(E\d)</td>')
    assert lacking.findall(chief.get(BOARD).text) == ["E1", "E2"]
    absent = Proposal("dns", "final", None, "没到", "检录表")
    with app.app_context():
        waiting = propose_decision(opened.entrant("E1"), absent, opened.account("C1"))
        confirm_proposal(waiting, opened.account("S1"))
    assert lacking.findall(chief.get(BOARD).text) == ["E2"]


def test_a_request_to_unlock_stands_on_the_competitions_page_by_the_modules_name(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
    chief, supervisor = client_of(app, opened, "C1"), client_of(app, opened, "S1")
    place = {"event": "FORK", "stage": "final", "module": "practice"}
    chief.post("/desk/PANEL/locks", data=place)
    assert "，等第二个人同意" not in supervisor.get("/desk/PANEL/").text
    with app.app_context():
        number = db.session.query(LockEntry.id).scalar()
    chief.post(f"/desk/PANEL/locks/{number}/ask", data={"reason": "E1 记错了"})
    other = chief.get(BOARD.replace("practice", "paper")).text
    assert "module=FORK%7Cfinal%7Cpractice#locks" in other
    page = supervisor.get("/desk/PANEL/").text
    assert "解锁“实操”，等第二个人同意" in page
    assert "E1 记错了" in page
    assert "module=FORK%7Cfinal%7Cpractice" in page
    assert "FORK/final/practice" not in page
    supervisor.post(f"/desk/PANEL/locks/{number}/confirm")
    assert "，等第二个人同意" not in chief.get("/desk/PANEL/").text


def test_the_organiser_says_whether_sheets_must_be_signed_before_locking(
    app: Flask, opened: Panel
) -> None:
    with app.app_context():
        for entrant in ("E1", "E2"):
            opened.fill_panel("2", "2", "2", entrant=entrant)
    chief, organiser = client_of(app, opened, "C1"), client_of(app, opened, "")
    assert chief.post("/desk/PANEL/must-sign", data={"wanted": "yes"}).status_code == 404
    assert organiser.post("/desk/PANEL/must-sign", data={"wanted": "yes"}).status_code == 302
    assert "没签名的评分表 6 张" in chief.get(BOARD).text
    place = {"event": "FORK", "stage": "final", "module": "practice"}
    assert chief.post("/desk/PANEL/locks", data=place).status_code == 409


@pytest.mark.parametrize("place", [{}, {"event": "FORK"}, {"event": "FORK", "stage": "final"}])
def test_a_lock_wants_a_module_that_there_is(
    app: Flask, opened: Panel, place: dict[str, str]
) -> None:
    assert client_of(app, opened, "C1").post("/desk/PANEL/locks", data=place).status_code == 400


def test_a_judge_withdraws_on_the_tablet_and_another_steps_in(app: Flask, opened: Panel) -> None:
    with app.app_context():
        ids = [opened.sheet(code).public_id for code in ("J1", "J2")]
    for code, public_id in zip(("J1", "J2"), ids, strict=True):
        judge = client_of(app, opened, code)
        where = f"/judge/sheets/{public_id}/withdraw"
        assert "甲港的全部选手" in judge.get(where).text
        assert judge.post(where, data={"whom": "entrant", "reason": ""}).status_code == 400
        left = judge.post(where, data={"whom": "entrant", "reason": "是我徒弟"})
        assert left.location == "/judge/"
        assert judge.get(f"/judge/sheets/{public_id}").status_code == 410
    chief = client_of(app, opened, "C1")
    assert "回避以后剩 1 位，至少要 2 位" in chief.get(BOARD).text
    page = chief.get("/desk/PANEL/recusals").text
    assert "裁判不够 1 处" in page
    assert "是我徒弟" in page
    answer = chief.post(f"/desk/PANEL/sheets/{ids[0]}/substitute", data={"judge": "J4"})
    assert answer.status_code == 302
    assert "裁判不够" not in chief.get("/desk/PANEL/recusals").text


def test_a_tablet_out_of_touch_is_named_with_what_waits_on_it(app: Flask, opened: Panel) -> None:
    from datetime import timedelta

    from compete.models import Contact
    from compete.services.kernel.transactions import unit_of_work

    judge = client_of(app, opened, "J1")
    with app.app_context():
        public_id = opened.sheet("J1").public_id
        opened.act(opened.sheet("J1"), "mark", aspect="smooth", value="2")
    judge.get(f"/api/sheets/{public_id}", headers={"X-Waiting": "3"})
    chief = client_of(app, opened, "C1")
    assert "3 条待上传" in chief.get(BOARD).text
    with app.app_context(), unit_of_work() as session:
        session.query(Contact).one().heard_at -= timedelta(minutes=10)
    assert re.search(r"3 条待上传，\d\d:\d\d 后没连上", chief.get(BOARD).text)


def test_in_a_blind_event_the_console_knows_codes_alone(app: Flask) -> None:
    from tests.support.panels import bundle_of, open_panel

    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        panel = open_panel(bundle_of(blind=True))
        panel.fill_panel("3", "1", "1")
        public_id, code = panel.sheet("J1").public_id, panel.sheet("J1").label
        db.session.remove()
    chief = client_of(app, panel, "C1")
    filled = {
        "who": code,
        "kind": "dsq",
        "place": "final|",
        "reason": "作弊",
        "evidence": "监督记录",
    }
    assert chief.post("/desk/PANEL/decisions", data=filled).status_code == 302
    pages = [
        BOARD,
        f"/desk/PANEL/panels/{public_id}",
        f"/desk/PANEL/sheets/{public_id}",
        "/desk/PANEL/decisions",
        "/desk/PANEL/recusals",
    ]
    for path in pages:
        page = chief.get(path).text
        assert "王一" not in page, path
        assert ">E1<" not in page, path
    assert chief.post("/desk/PANEL/decisions", data={**filled, "who": "E1"}).status_code == 400
    # Nobody is led to standings that are refused to them.
    for path in ("/desk/PANEL/", BOARD):
        assert "/standings" not in chief.get(path).text
    assert chief.get("/desk/PANEL/standings").status_code == 403
    assert "/desk/PANEL/standings" in client_of(app, panel, "").get("/desk/PANEL/").text
