"""What locks or announces asks once more, and says to how many it happens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask

from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Entrant, OutcomeEntry, Sheet, db, utc_now
from compete.services.closing.module_locks import set_must_sign
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.window import Window, change_window
from compete.services.schedule.allocation import assign_judges
from tests.support.announced import lock
from tests.support.judging import judge_of, seat
from tests.support.panels import Panel, client_of
from tests.support.people import visitor
from tests.support.small import all_marks, small

LOCKS = "/desk/PANEL/locks?module=FORK|final|practice"


def test_beginning_to_judge_asks_first_and_names_short_panels(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small())
    desk = visitor(app, "organiser", competition)
    assert "还没有裁判：" in desk.get("/desk/X/open").text
    seat(competition, organiser)
    page = desk.get("/desk/X/open").text
    assert f"给 {len(small()['entrants'])} 人生成评分表" in page
    assert "裁判不够" not in page
    # Nobody has drawn; while units may still enter people, that ends with it, too.
    assert "还没有抽签" in page
    assert "报名还开着" not in page
    assert "裁判齐了，还没抽签" in desk.get("/desk/X/").text
    closes = datetime.now(tz=UTC) + timedelta(days=3)
    change_window(competition, Window(closes=closes), organiser)
    page, overview = desk.get("/desk/X/open").text, desk.get("/desk/X/").text
    assert "报名还开着，" in page
    assert "报名齐了" not in overview
    assert "开始以后单位和本人不能再报。还没有抽签，开始以后不能再抽。" in overview
    assert 'method="post" action="/desk/X/open"' in page
    assert 'href="/desk/X/open"' in desk.get("/desk/X/").text
    event = competition.events[0]
    assign_judges(event, "S", "m", [(judge_of(competition, "J1"), "")], organiser)
    short = desk.get("/desk/X/open").text
    assert "裁判不够" in short
    assert "规则要 2 位，有的工位只有 1 位" in short
    assert 'href="/desk/X/judges">去补裁判' in short
    assert competition.state is CompetitionState.REGISTERING
    desk.post("/desk/X/open")
    assert desk.get("/desk/X/open").location == "/desk/X/"


def test_locking_all_says_how_many_sheets_and_who_has_no_place(
    app: Flask, judged: Competition
) -> None:
    desk = visitor(app, "organiser", judged)
    page = desk.get("/desk/X/lock").text
    assert "张评分表" in page
    assert "人有名次" in page
    assert 'method="post" action="/desk/X/lock"' in page
    # Sheets that came with the file are not among those that somebody should have signed.
    hits = [re.search(rf"(\d+) 张{what}", page) for what in ("没签名", "不用签名")]
    assert [hit[1] if hit else None for hit in hits] == [None, "12"]
    assert 'href="/desk/X/lock"' in desk.get("/desk/X/").text
    assert 'action="/desk/X/lock"' not in desk.get("/desk/X/").text
    assert judged.state is CompetitionState.JUDGING
    desk.post("/desk/X/lock")
    assert desk.get("/desk/X/lock").location == "/desk/X/"


def test_what_stands_in_the_way_of_locking_has_a_door(app: Flask, judged: Competition) -> None:
    with unit_of_work():
        judged.settings = judged.settings | {"must_sign": True}
        for sheet in db.session.query(Sheet):
            sheet.submitted_at = utc_now()
    page = visitor(app, "organiser", judged).get("/desk/X/lock").text
    assert '没签名的评分表 12 张 <a href="/desk/X/judges">去看</a>' in page
    assert 'action="/desk/X/lock"' not in page


def test_what_stands_in_the_way_of_locking_a_module_has_names_and_a_door(
    app: Flask, opened: Panel
) -> None:
    """What came with a file and needs no signature hides nobody who owes one."""
    with app.app_context():
        opened.fill_panel("2", "2", "2")
        opened.fill_panel("2", "2", "2", entrant="E2")
        with unit_of_work():
            opened.sheet("J1", "E1").submitted_at = None
        set_must_sign(opened.competition, True, opened.organiser)
    page = client_of(app, opened, "C1").get(LOCKS).text
    assert "没签名的评分表 5 张：E1（J2）、E1（J3）、E2（J1）" in page
    assert "E1（J1）" not in page
    way = re.search(r"没签名的评分表 5 张[^<]*<a href=\"([^\"]+)\">去看", page)
    assert way is not None, page
    assert "/desk/PANEL/progress?module=" in way[1]


def test_who_has_no_place_is_named_before_locking_too(app: Flask, judged: Competition) -> None:
    away = db.session.query(Entrant).filter_by(code="P4").one()
    with unit_of_work() as session:
        session.add(OutcomeEntry(entrant_id=away.id, stage="S", status="dns"))
    phrase = f"P4 {away.name}"
    desk = visitor(app, "organiser", judged)
    assert phrase in desk.get("/desk/X/lock").text


def test_locking_a_module_names_the_unsigned_and_the_absent(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    with app.app_context():
        opened.fill_panel("2", "2", "2")
        away = opened.sheet("J1", "E2").entrant_id
        with unit_of_work() as session:
            session.add(OutcomeEntry(entrant_id=away, stage="final", status="dns"))
    page = chief.get(LOCKS).text
    # Nobody waits for the three sheets of who is absent: no page counts them.
    assert "锁住 3 张评分表" in page
    assert "其中 3 张没签名：E1（J1）、E1（J2）、E1（J3）" in page
    # In English with English brackets.
    chief.get("/language/en")
    assert "E1 (J1), E1 (J2), E1 (J3)" in chief.get(LOCKS).text
    chief.get("/language/zh")
    assert "缺考、退出、取消 1 人" in page
    assert 'name="module" value="practice"' in page
    assert (
        "/desk/PANEL/locks?module"
        in chief.get("/desk/PANEL/progress?module=FORK|final|practice").text
    )


def test_what_is_locked_is_not_offered_to_be_locked(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    with app.app_context():
        opened.fill_panel("2", "2", "2")
        away = opened.sheet("J1", "E2").entrant_id
        with unit_of_work() as session:
            session.add(OutcomeEntry(entrant_id=away, stage="final", status="dns"))
    asked = chief.get(LOCKS).text
    assert "锁定以后不能再签" in asked
    form = {"event": "FORK", "stage": "final", "module": "practice", "session": ""}
    assert chief.post("/desk/PANEL/locks", data=form).status_code == 302
    page = chief.get(LOCKS).text
    assert "已经锁定了" in page
    assert "按下去以后" not in page


def test_locking_all_does_not_count_again_what_its_module_locked(
    app: Flask, judged: Competition
) -> None:
    desk = visitor(app, "organiser", judged)
    before = desk.get("/desk/X/lock").text
    assert "锁住 12 张评分表" in before
    assert "随模块锁定" not in before
    form = {"event": "E", "stage": "S", "module": "m", "session": ""}
    assert desk.post("/desk/X/locks", data=form).status_code == 302
    page = desk.get("/desk/X/lock").text
    hit = re.search(r"另有 (\d+) 张已随模块锁定|(\d+) 张评分表都已随模块锁定", page)
    assert hit is not None, page
    rest = re.search(r"锁住 (\d+) 张评分表", page)
    assert int(hit[1] or hit[2]) + (int(rest[1]) if rest else 0) == 12


def test_what_is_not_ready_has_nothing_to_press(app: Flask, opened: Panel) -> None:
    chief = client_of(app, opened, "C1")
    for address in (LOCKS, "/desk/PANEL/lock"):
        page = chief.get(address).text
        assert "现在还不行" in page
        assert "按下去以后" not in page
        assert f'action="{address.split("?")[0]}"' not in page
    assert chief.get(f"{LOCKS}&session=none").status_code == 404


def test_announcing_says_who_sees_it_and_whose_grade_is_open(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    desk = visitor(app, "admin", forklift)
    assert desk.get("/desk/FORK-2022/publish").location == "/desk/FORK-2022/awards"
    lock(forklift, organiser)
    page = desk.get("/desk/FORK-2022/publish").text
    assert "公示 5 个工作日" in page
    assert "等级还没批准" in page
    assert forklift.state is CompetitionState.LOCKED
    desk.post("/desk/FORK-2022/publish")
    assert forklift.state is CompetitionState.NOTICE


def test_the_preview_says_of_how_many_births_go_out(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks())
    plain["marks"] = [mark for mark in plain["marks"] if mark["entrant"] != "P3"]
    plain["marks"] += [
        mark | {"entrant": "P3"} for mark in plain["marks"] if mark["entrant"] == "P2"
    ]
    plain["events"][0]["ranking"] = {"ties": ["age:younger"]}
    for year, entrant in enumerate(plain["entrants"], 1990):
        entrant["birth"] = f"{year}-01-01"
    competition = load(plain)
    lock(competition, organiser)
    page = visitor(app, "admin", competition).get("/desk/X/publish").text
    assert "2 人比到年龄才分先后，公布他们的出生年月日" in page
    assert "1991-01-01" in page
    assert "1990-01-01" not in page


def test_only_who_may_act_is_asked(app: Flask, judged: Competition) -> None:
    supervisor = visitor(app, "supervisor", judged)
    for path in ("lock", "locks", "publish"):
        assert supervisor.get(f"/desk/X/{path}").status_code == 404
    assert visitor(app, "chief", judged).get("/desk/X/publish").status_code == 404
