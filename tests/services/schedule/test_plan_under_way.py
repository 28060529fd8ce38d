"""The plan as days go by: late entries, somebody in two events, moved sessions, two at the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from compete.models import Account, Competition, Entrant, db
from compete.services.directory.rooms import ROOMS
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import FieldRefused, Refused
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.day_plan import (
    draw_days,
    last_layout,
    modules_to_draw,
    plan_mark,
)
from compete.services.schedule.delays import Batch, delay, fingerprint, shifts
from compete.services.schedule.double_bookings import ReasonWantedError
from compete.services.schedule.overseers import set_overseer
from compete.services.schedule.plan_grid import plan_of
from compete.services.schedule.room_moves import move_room
from compete.services.schedule.session_plan import PlannedSession, move_session, sessions_in_plan
from tests.services.schedule.test_day_plan import SIZES, entered_late, slots_of
from tests.support.passing import passed
from tests.support.roomed import Plain, centre, doubled_seats, draw_all, lay_in, make_rooms

Load = Callable[..., Competition]
MORNING = "2026-12-07 09:00"


def session_in(competition: Competition, event: str) -> PlannedSession:
    return next(it for it in sessions_in_plan(competition) if it.event == event)


def with_overseer(bundle: Plain) -> Plain:
    bundle["judges"].append({"code": "S1", "name": "田春", "role": "supervisor"})
    return bundle


def test_who_is_entered_after_the_layout_holds_the_draw_until_it_is_laid_out_anew(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre(people={"A": 30, "B": 20})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", MORNING, [rooms["203"]], organiser)
    entered_late(evaluation, "A", "A0099")
    # The other level is not drawn alone: then the first could not be laid out with it any more.
    assert modules_to_draw(evaluation) == []
    plan = plan_of(evaluation)
    assert plan.to_draw == 0
    assert "差 1 个座位：重新排一次" in str(plan.lacks[0].render())
    assert not plan.unseated[0].laid
    lay_in(evaluation, "1", MORNING, [rooms["203"]], organiser)
    assert plan_of(evaluation).to_draw == 51
    assert draw_all(evaluation, organiser) == 2


def test_a_level_from_which_all_withdrew_stands_in_nobodys_way(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre(people={"A": 20, "B": 2})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", MORNING, [rooms["201"]], organiser)
    for person in db.session.scalars(select(Entrant).where(Entrant.code.like("B%"))).all():
        withdraw_person(person, "病了", organiser)
    assert draw_all(evaluation, organiser) == 1
    assert modules_to_draw(evaluation) == []


def test_who_is_in_two_levels_at_one_time_takes_a_reason_or_another_time(
    load: Load, organiser: Account
) -> None:
    bundle = centre(people={"A": 30, "B": 20})
    bundle["events"][1]["occupation"] = {"code": "6-29", "name": "电工"}
    for row in bundle["entrants"]:
        if row["code"] in ("A0001", "B0001"):
            row |= {"name": "王一", "id_number": "320101199001011235"}
    evaluation = passed(load(bundle))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", MORNING, [rooms["201"], rooms["202"]], organiser)
    with pytest.raises(ReasonWantedError, match="王一"):
        draw_all(evaluation, organiser)
    db.session.rollback()
    # The first is drawn; the second alone is laid out at another time, around what stands.
    assert [it[0].code for it in modules_to_draw(evaluation)] == ["B"]
    lay_in(evaluation, "1", "2026-12-07 14:00", [rooms["201"]], organiser)
    assert draw_all(evaluation, organiser) == 1
    starts = {it.entrant.event.code: it.starts_at for it in slots_of(evaluation, "theory")}
    assert [local_time(at).hour for _code, at in sorted(starts.items()) if at] == [9, 14]


def test_who_is_in_two_levels_at_one_time_is_drawn_for_a_reason(
    load: Load, organiser: Account
) -> None:
    bundle = centre(people={"A": 3, "B": 3})
    bundle["events"][1]["occupation"] = {"code": "6-29", "name": "电工"}
    for row in bundle["entrants"]:
        if row["code"] in ("A0001", "B0001"):
            row |= {"name": "王一", "id_number": "320101199001011235"}
    evaluation = passed(load(bundle))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", MORNING, [rooms["201"], rooms["202"]], organiser)
    names = {f"{code}|s|theory": code for code in "AB"}
    assert draw_days(evaluation, names, organiser, why="他只考一科") == 2


def test_a_session_is_not_moved_onto_seats_that_others_have(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 40, "B": 40})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", MORNING, [rooms["201"]], organiser, count=2)
    draw_all(evaluation, organiser)
    first, second = session_in(evaluation, "A"), session_in(evaluation, "B")
    assert first.starts is not None
    with pytest.raises(Refused, match=r"201 \d+ 座 09:00 已经坐着 考生A"):
        move_session(evaluation, second.mark, first.starts, organiser)
    db.session.rollback()
    batch = Batch(day=first.starts.date(), event="A")
    planned = shifts(evaluation, batch, 30)
    with pytest.raises(Refused, match="已经坐着 考生B"):
        delay(evaluation, batch, 30, "晚了", fingerprint(planned), organiser)
    db.session.rollback()
    assert doubled_seats(slots_of(evaluation, "theory")) == []


def test_whoever_oversees_a_session_goes_with_it_to_another_day(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(with_overseer(centre(people={"A": 40}))))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", MORNING, [rooms["201"]], organiser)
    draw_all(evaluation, organiser)
    set_overseer(evaluation, "2026-12-07|理论第1场", "S1", organiser)
    session = session_in(evaluation, "A")
    assert session.starts is not None
    move_session(evaluation, session.mark, session.starts + timedelta(days=1), organiser)
    assert settings_of(evaluation).overseers == {"2026-12-08|理论第1场": ("S1",)}


def test_a_room_is_left_on_one_day_alone(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 40, "B": 40})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", MORNING, [rooms["201"], rooms["202"]], organiser)
    draw_all(evaluation, organiser)
    # One level sits in each room; the second's session moves to the next day, under its name.
    there = {it.entrant.event.code: it.station for it in slots_of(evaluation, "theory")}
    assert there == {"A": "201", "B": "202"}
    moved = session_in(evaluation, "B")
    assert moved.starts is not None
    move_session(evaluation, moved.mark, moved.starts + timedelta(days=1), organiser)
    move_room(
        evaluation, rooms["202"].id, "2026-12-08|理论第1场", rooms["201"].id, "停电", organiser
    )
    assert {it.station for it in slots_of(evaluation, "theory")} == {"201"}
    number = rooms["201"].id
    assert move_room(evaluation, number, "2026-12-08|理论第1场", rooms["203"].id, "漏水", organiser)
    stations = {it.entrant.event.code: it.station for it in slots_of(evaluation, "theory")}
    assert stations == {"A": "201", "B": "203"}


def test_sessions_go_on_the_next_day_and_never_into_the_night(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre(people={"A": 30})))
    rooms = make_rooms(organiser, **SIZES)
    turns = {"turns": 4, "minutes": 60, "count": 3}
    with pytest.raises(FieldRefused, match=r"第二天 00:30") as refused:
        lay_in(evaluation, "2", "2026-12-07 12:30", [rooms["泵机组"]], organiser, **turns)
    assert refused.value.field == "a_day"
    db.session.rollback()
    hall, two = [rooms["泵机组"]], {"turns": 2, "minutes": 60, "count": 2, "a_day": 1}
    lay_in(evaluation, "2", "2026-12-07 13:00", hall, organiser, **two)
    assert [it.key for it in plan_of(evaluation).sessions] == [
        (date(2026, 12, 7), "实操第1场"),
        (date(2026, 12, 8), "实操第2场"),
    ]


def test_who_looks_at_an_old_plan_changes_nothing(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 30})))
    rooms = make_rooms(organiser, **SIZES)
    seen = plan_mark(evaluation)
    lay_in(evaluation, "1", MORNING, [rooms["201"]], organiser)
    with pytest.raises(Refused, match="别人刚改过"):
        draw_days(evaluation, {}, organiser, seen)
    assert last_layout(evaluation) is not None
    assert plan_mark(evaluation) != seen


def test_a_room_that_is_smaller_by_now_is_lacking(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 40})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", MORNING, [rooms["201"]], organiser)
    draw_all(evaluation, organiser)
    smaller = {"name": "201", "places": "30", "address": "", "note": ""}
    ROOMS.change(rooms["201"], smaller, organiser)
    words = [it.render() for it in plan_of(evaluation).lacks]
    assert "201只有 30 个位置，理论第1场排了 40 人" in words
