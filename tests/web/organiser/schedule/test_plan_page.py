"""The page of the plan: a clerk lays two levels out in three rooms over two days, and prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Room, Slot, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.schedule import drawing_jobs
from compete.services.schedule.timetables import timetable_of
from tests.services.schedule.test_day_plan import entered_late
from tests.support.passing import passed
from tests.support.roomed import centre
from tests.support.signing_in import signed_in
from tests.support.small import small

Load = Callable[..., Competition]
SIZES = {"201": 48, "202": 48, "203": 60, "泵机组": 8}


def body(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.get_data(as_text=True)


def sent(client: FlaskClient, path: str, status: int = 302, **form: object) -> str:
    answer = client.post(path, data=form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == status, (answer.status_code, text[:3000])
    return text


def add_rooms(desk: FlaskClient) -> dict[str, str]:
    for name, places in SIZES.items():
        sent(desk, "/desk/rooms", name=name, places=places, address="实训楼", note="")
    db.session.rollback()
    return {room.name: str(room.id) for room in db.session.scalars(select(Room))}


THEORY = {
    **{"group": "1", "begins": "2026-12-07T09:00", "count": "1", "turns": "1"},
    **{"a_day": "10", "minutes": "90", "pause": "0", "check_in": "20", "apart": "y"},
}
PRACTICE = THEORY | {
    **{"group": "2", "begins": "2026-12-08T08:30", "count": "3", "turns": "6", "minutes": "30"}
}


@pytest.fixture
def desk(app: Flask, here: Flask, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


@pytest.fixture
def evaluation(load: Load) -> Competition:
    return passed(load(centre()))


def test_a_clerk_walks_from_rooms_to_seats_and_papers(
    evaluation: Competition, desk: FlaskClient
) -> None:
    page = body(desk, "/desk/EV/plan")
    assert "考场安排" in page
    assert "加考场" in page
    assert "赛场" not in page
    rooms = add_rooms(desk)
    three = [rooms[name] for name in ("201", "202", "203")]

    short = sent(desk, "/desk/EV/plan/layout", 400, **THEORY, room=three[:2])
    assert "放不下：120 人" in short
    assert "还差 24 个" in short
    sent(desk, "/desk/EV/plan/layout", **THEORY, room=three)
    sent(desk, "/desk/EV/plan/layout", **PRACTICE, room=[rooms["泵机组"]])
    page = body(desk, "/desk/EV/plan")
    assert "抽签排座，240 人次" in page
    assert "四级/中级工 60" in page
    sent(desk, "/desk/EV/plan/draw")
    page = body(desk, "/desk/EV/plan")
    assert "240 人次，排了 240" in page
    assert "要 4 名，差 4" in page
    for form in ("seating", "doors", "room_sign_in", "room_record"):
        answer = desk.get(f"/desk/EV/forms/{form}.pdf")
        assert answer.status_code == 200
        assert answer.data[:5] == b"%PDF-"
        assert f"/desk/EV/forms/{form}.pdf" in page


def test_who_may_write_no_rooms_is_led_nowhere(app: Flask, load: Load) -> None:
    evaluation, clerk = passed(load(centre(people={"A": 2}))), create_account("孙考务")
    grant_role(clerk, evaluation, Role.OFFICE)
    page = signed_in(app, clerk).get("/desk/EV/plan").text
    assert "先请组委会写有哪些考场" in page
    assert "/desk/rooms" not in page


def test_two_evaluations_are_told_of_each_other_in_one_room(
    evaluation: Competition, load: Load, desk: FlaskClient
) -> None:
    other = passed(load(centre("EV2", {"A": 30})))
    rooms = add_rooms(desk)
    sent(desk, "/desk/EV2/plan/layout", **THEORY, room=[rooms["201"]])
    three = [rooms[name] for name in ("201", "202", "203")]
    page = sent(desk, "/desk/EV/plan/layout", 409, **THEORY, room=three)
    assert "201撞了" in page
    assert evaluation.name in page
    assert other.name in page


def test_the_last_layout_is_taken_back_on_the_page(
    evaluation: Competition, desk: FlaskClient
) -> None:
    rooms = add_rooms(desk)
    three = [rooms[name] for name in ("201", "202", "203")]
    sent(desk, "/desk/EV/plan/layout", **THEORY, room=three)
    page = body(desk, "/desk/EV/plan")
    mark = page.split('name="change" value="')[1].split('"')[0]
    sent(desk, "/desk/EV/plan/undo", change=mark)
    assert "还没有排" in body(desk, "/desk/EV/plan")


def test_a_late_applicant_and_a_room_that_falls_out(
    evaluation: Competition, desk: FlaskClient
) -> None:
    rooms = add_rooms(desk)
    three = [rooms[name] for name in ("201", "202", "203")]
    sent(desk, "/desk/EV/plan/layout", **THEORY, room=three)
    sent(desk, "/desk/EV/plan/draw")
    entered_late(evaluation, "A", "A0071")
    page = body(desk, "/desk/EV/plan")
    assert "理论 1 人没座位" in page
    assert "排这 1 人次" in page
    sent(desk, "/desk/EV/plan/rest", 400, reason="")
    sent(desk, "/desk/EV/plan/rest", reason="补报")
    assert "补报A0071：理论第1场 201" in body(desk, "/desk/EV/plan")

    sent(desk, "/desk/rooms", name="电教室", places="50", address="", note="")
    db.session.rollback()
    other = db.session.scalars(select(Room).where(Room.name == "电教室")).one().id
    cell = f"{rooms['202']}|2026-12-07|理论第1场"
    page = sent(desk, "/desk/EV/plan/room", 409, cell=cell, to=rooms["201"], reason="停电")
    assert "还差 13 个座位" in page
    sent(desk, "/desk/EV/plan/room", cell=cell, to=other, reason="停电")
    db.session.rollback()
    there = select(Slot).where(Slot.room_id == other)
    assert len(db.session.scalars(there).all()) == 48
    sent(desk, f"/desk/rooms/{rooms['203']}/close")
    assert "203停用了，理论第1场还排着 60 人" in body(desk, "/desk/EV/plan")


def test_a_contest_has_its_plan_in_its_own_words(load: Load, desk: FlaskClient) -> None:
    contest = load(small())
    rooms = add_rooms(desk)
    page = body(desk, f"/desk/{contest.code}/plan")
    assert "赛场安排" in page
    form = THEORY | {"turns": "2", "minutes": "30"}
    sent(desk, f"/desk/{contest.code}/plan/layout", **form, room=[rooms["泵机组"]])
    sent(desk, f"/desk/{contest.code}/plan/draw")
    assert "8 人次，排了 4" in body(desk, f"/desk/{contest.code}/plan")


def test_stations_of_a_contest_stand_in_a_hall_that_nobody_else_has_then(
    load: Load, desk: FlaskClient
) -> None:
    contest, other = load(small()), load(small(competition={"code": "Y", "name": "另一场"}))
    rooms = add_rooms(desk)
    lines = {"stations": "1号\n2号", "sessions": "第1场，2026-12-07 08:40，2，30", "check_in": "20"}
    form = {"module": "E|S|m", "room": rooms["泵机组"], "layer": "station", **lines}
    sent(desk, f"/desk/{contest.code}/draws/timetable", **form)
    assert "泵机组" in body(desk, f"/desk/{contest.code}/plan")
    page = sent(desk, f"/desk/{other.code}/draws/timetable", 409, **form)
    assert "泵机组撞了" in page
    assert contest.name in page
    sent(desk, f"/desk/{other.code}/draws/timetable", **form | {"room": ""})


def test_a_session_gets_who_oversees_it(load: Load, desk: FlaskClient) -> None:
    bundle = centre(people={"A": 20})
    bundle["judges"].append({"code": "S1", "name": "田春", "role": "supervisor"})
    passed(load(bundle))
    rooms = add_rooms(desk)
    sent(desk, "/desk/EV/plan/layout", **THEORY, room=[rooms["201"]])
    assert "没有督导" in body(desk, "/desk/EV/plan")
    key = "2026-12-07|理论第1场"
    sent(desk, "/desk/EV/plan/overseers", session=key, overseer="S1")
    page = body(desk, "/desk/EV/plan")
    assert "督导 田春" in page
    assert "没有督导" not in page
    sent(desk, "/desk/EV/plan/overseers", 400, session=key, overseer="J1")


def test_the_page_of_draws_shows_seats_and_keeps_them(
    evaluation: Competition, desk: FlaskClient
) -> None:
    rooms = add_rooms(desk)
    sent(
        desk, "/desk/EV/plan/layout", **THEORY, room=[rooms[name] for name in ("201", "202", "203")]
    )
    page = body(desk, "/desk/EV/draws?module=B|s|theory")
    assert "48 个位置" in page
    event = next(it for it in evaluation.events if it.code == "B")
    laid = timetable_of(event, "s", "theory")
    assert laid is not None
    form = {"stations": laid.stations, "sessions": laid.sessions, "check_in": "30"}
    form |= {"module": "B|s|theory", "layer": "station", "apart": "1"}
    sent(desk, "/desk/EV/draws/timetable", **form)
    db.session.rollback()
    changed = timetable_of(event, "s", "theory")
    assert changed is not None
    assert changed.seats == laid.seats
    assert changed.check_in == "30"


def test_hundreds_are_drawn_beside_the_page(
    evaluation: Competition, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing_jobs, "MOST_AT_ONCE", 100)
    monkeypatch.setattr(queue, "wake", lambda _competition: None)
    rooms = add_rooms(desk)
    three = [rooms[name] for name in ("201", "202", "203")]
    sent(desk, "/desk/EV/plan/layout", **THEORY, room=three)
    mark = body(desk, "/desk/EV/plan").split('name="seen" value="')[1].split('"')[0]
    sent(desk, "/desk/EV/plan/draw", 409, seen="0" * 16)
    answer = desk.post("/desk/EV/plan/draw", data={"seen": mark})
    assert answer.status_code == 302
    assert "/desk/EV/jobs/" in answer.location
    assert "抽签排座" in body(desk, answer.location)
    db.session.rollback()
    assert do_next(evaluation.id)
    assert "/desk/EV/plan" in desk.get(answer.location).location
    assert "240 人次，排了 120" in body(desk, "/desk/EV/plan")


def test_the_next_module_stands_chosen_and_the_press_counts_what_it_draws(
    evaluation: Competition, desk: FlaskClient
) -> None:
    rooms = add_rooms(desk)
    three = [rooms[name] for name in ("201", "202", "203")]
    sent(desk, "/desk/EV/plan/layout", **THEORY, room=three)
    page = body(desk, "/desk/EV/plan")
    assert "抽签排座，120 人次" in page
    assert '<option value="2" selected' in page


def test_a_room_that_was_left_is_taken_again_by_a_press(
    evaluation: Competition, desk: FlaskClient
) -> None:
    rooms = add_rooms(desk)
    three = [rooms[name] for name in ("201", "202", "203")]
    sent(desk, "/desk/EV/plan/layout", **THEORY, room=three)
    sent(desk, "/desk/EV/plan/draw")
    sent(desk, "/desk/rooms", name="电教室", places="50", address="", note="")
    db.session.rollback()
    other = db.session.scalars(select(Room).where(Room.name == "电教室")).one().id
    cell = f"{rooms['202']}|2026-12-07|理论第1场"
    page = body(desk, "/desk/EV/plan")
    # Where they can be put down stands with those who can be taken up.
    assert f'data-cell="{cell}"' in page
    assert f'data-to="{other}:50"' in page
    assert f'<tr data-room="{other}" data-name="电教室">' in page

    page = sent(desk, "/desk/EV/plan/room", 400, cell=cell, to=other, reason="")
    assert f'<option value="{cell}" selected' in page
    assert f'<option value="{other}" selected' in page
    sent(desk, "/desk/EV/plan/room", cell=cell, to=other, reason="停电")
    page = body(desk, "/desk/EV/plan")
    assert "把理论第1场在202的 48 人换到电教室" in page
    mark = page.split('name="change" value="')[1].split('"')[0]
    sent(desk, "/desk/EV/plan/undo", change=mark)
    page = body(desk, "/desk/EV/plan")
    assert "上一次改动" not in page
    db.session.rollback()
    there = select(Slot).where(Slot.room_id == int(rooms["202"]))
    assert len(db.session.scalars(there).all()) == 48
    assert "撤销换考场，理论第1场的 48 人回到202" in body(desk, "/desk/EV/")
