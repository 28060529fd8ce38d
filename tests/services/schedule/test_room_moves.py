"""A room that was left is taken again by a press; to which others its people could go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select

from compete.models import Account, Assignment, AuditEntry, Competition, Judge, Room, db
from compete.services.directory.rooms import ROOMS, rooms_offered
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.allocation import assign_judges
from compete.services.schedule.day_plan import LaidPlan, seat_the_rest
from compete.services.schedule.plan_grid import plan_of, rooms_for
from compete.services.schedule.room_moves import (
    RoomMove,
    last_change,
    move_room,
    undo_last_change,
)
from compete.services.schedule.station_moves import move_person, possible_moves
from tests.services.schedule.test_day_plan import entered_late, slots_of
from tests.support.judging import judge_of
from tests.support.passing import passed
from tests.support.roomed import centre, doubled_seats, draw_all, lay_in, make_rooms, planned

Load = Callable[..., Competition]
SIZES = {"201": 48, "202": 48, "203": 60, "泵机组": 8}
MORNING = "2026-12-07|理论第1场"


def in_two_rooms(load: Load, by: Account, **more: int) -> tuple[Competition, dict[str, Room]]:
    """Load two levels of whom 40 sit in 201 and 40 in 202."""
    evaluation = passed(load(centre(people={"A": 40, "B": 40})))
    rooms = make_rooms(by, **{"201": 48, "202": 48}, **more)
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"], rooms["202"]], by)
    draw_all(evaluation, by)
    return evaluation, rooms


def seats_in(competition: Competition) -> dict[str, tuple[int | None, str | None, int | None]]:
    return {
        slot.entrant.code: (slot.room_id, slot.station, slot.seat)
        for slot in slots_of(competition, "theory")
    }


def judges_in(competition: Competition) -> Counter[tuple[str, str, bool]]:
    rows = select(Judge.code, Assignment.station, Assignment.timekeeper).join(Assignment.judge)
    return Counter(db.session.execute(rows.where(Assignment.module == "theory")).tuples().all())


def undo(competition: Competition, by: Account) -> None:
    last = last_change(competition)
    assert last is not None
    undo_last_change(competition, last.mark, "撤销换赛场", by)


@pytest.mark.each_database
def test_who_left_a_room_sits_there_again_and_so_do_its_judges(
    load: Load, organiser: Account
) -> None:
    evaluation, rooms = in_two_rooms(load, organiser, 电教室=50)
    event = next(it for it in evaluation.events if it.code == "B")
    seats = [(judge_of(evaluation, f"J{n}"), "202") for n in (1, 2, 3)]
    assign_judges(event, "s", "theory", seats, organiser)
    with unit_of_work() as session:
        keeper = session.scalars(
            select(Assignment).join(Assignment.judge).where(Judge.code == "J2")
        )
        keeper.one().timekeeper = True
    assert isinstance(last_change(evaluation), LaidPlan)
    before, judges = seats_in(evaluation), judges_in(evaluation)
    move_room(evaluation, rooms["202"].id, MORNING, rooms["电教室"].id, "停电", organiser)
    # Who keeps the time there goes on to.
    assert judges_in(evaluation) == Counter(
        (code, "电教室", keeps) for code, _station, keeps in judges.elements()
    )
    last = last_change(evaluation)
    assert isinstance(last, RoomMove)
    assert (last.room, last.to, last.session, last.people, last.why_not) == (
        *("202", "电教室", "理论第1场", 40),
        None,
    )
    undo(evaluation, organiser)
    assert seats_in(evaluation) == before
    assert judges_in(evaluation) == judges
    assert last_change(evaluation) is None
    with pytest.raises(Refused, match="又改过"):
        undo_last_change(evaluation, last.mark, "再撤销", organiser)
    db.session.rollback()
    reasons = select(AuditEntry.reason).where(AuditEntry.action == "entrant.move")
    assert Counter(db.session.scalars(reasons)) == {"停电": 40, "撤销换赛场": 40}
    assert [*verify_chain(evaluation)] == []


def test_judges_of_the_other_room_stay_there_and_those_of_the_first_come_back(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre(people={"A": 20})))
    rooms = make_rooms(organiser, **{"201": 12, "202": 20, "203": 10})
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"], rooms["203"]], organiser)
    draw_all(evaluation, organiser)
    there = Counter(station for _room, station, _seat in seats_in(evaluation).values())
    assert set(there) == {"201", "203"}
    event = evaluation.events[0]
    seats = [(judge_of(evaluation, code), room) for code, room in (("J1", "201"), ("J2", "203"))]
    assign_judges(event, "s", "theory", seats, organiser)
    with unit_of_work() as session:
        # Whom the plan of the file has there.
        third = judge_of(evaluation, "J3")
        session.add(
            Assignment(
                event_id=event.id, stage="s", module="theory", judge_id=third.id, station="202"
            )
        )
    before, judges = seats_in(evaluation), judges_in(evaluation)
    move_room(evaluation, rooms["203"].id, MORNING, rooms["202"].id, "漏水", organiser)
    assert ("J2", "203", False) not in judges_in(evaluation)
    undo(evaluation, organiser)
    assert (seats_in(evaluation), judges_in(evaluation)) == (before, judges)


def test_people_spread_over_several_rooms_come_back_who_withdrew_too(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre(people={"A": 40, "B": 12})))
    rooms = make_rooms(organiser, **{"201": 48, "202": 20, "203": 6})
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"], rooms["202"]], organiser)
    draw_all(evaluation, organiser)
    before = seats_in(evaluation)
    left = next(number for number, *_rest in before.values() if number != rooms["201"].id)
    small = [slot for slot in slots_of(evaluation, "theory") if slot.room_id == left]
    assert len(small) == 12
    with pytest.raises(Refused, match="还差 4 个"):
        move_room(evaluation, left or 0, MORNING, None, "漏水", organiser)
    db.session.rollback()
    for person in [slot.entrant for slot in small[:4]]:
        withdraw_person(person, "不来了", organiser)
    assert move_room(evaluation, left or 0, MORNING, None, "漏水", organiser) == 8
    last = last_change(evaluation)
    assert isinstance(last, RoomMove)
    assert last.to == ""
    moved = small[-1].entrant
    assert seats_in(evaluation)[moved.code] != before[moved.code]
    withdraw_person(moved, "也不来了", organiser)
    undo(evaluation, organiser)
    assert seats_in(evaluation) == before
    assert doubled_seats(slots_of(evaluation, "theory")) == []


def test_nothing_is_taken_back_once_somebody_was_moved_on(load: Load, organiser: Account) -> None:
    evaluation, rooms = in_two_rooms(load, organiser, 电教室=50)
    move_room(evaluation, rooms["202"].id, MORNING, rooms["电教室"].id, "停电", organiser)
    person = next(it for it in slots_of(evaluation, "theory") if it.station == "电教室").entrant
    free = next(it for it in possible_moves(person, "s", "theory") if it.other is None)
    move_person(person, "s", "theory", free.key, "看不清黑板", organiser)
    before, last = seats_in(evaluation), last_change(evaluation)
    assert last is not None
    assert "反过来换一次" in str(last.why_not)
    with pytest.raises(Refused, match="反过来换一次"):
        undo(evaluation, organiser)
    db.session.rollback()
    assert seats_in(evaluation) == before


def test_a_room_that_is_closed_or_has_other_judges_since_is_not_taken_again(
    load: Load, organiser: Account
) -> None:
    evaluation, rooms = in_two_rooms(load, organiser, 电教室=50)
    event = next(it for it in evaluation.events if it.code == "B")
    assign_judges(event, "s", "theory", [(judge_of(evaluation, "J1"), "202")], organiser)
    move_room(evaluation, rooms["202"].id, MORNING, rooms["电教室"].id, "停电", organiser)
    assign_judges(event, "s", "theory", [(judge_of(evaluation, "J4"), "电教室")], organiser)
    last = last_change(evaluation)
    assert last is not None
    assert "裁判又改过" in str(last.why_not)
    assign_judges(event, "s", "theory", [(judge_of(evaluation, "J1"), "电教室")], organiser)
    last = last_change(evaluation)
    assert last is not None
    assert last.why_not is None
    ROOMS.close(rooms["202"], organiser)
    with pytest.raises(Refused, match="停用"):
        undo(evaluation, organiser)


def test_a_seat_that_was_given_away_since_is_not_taken_again(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre(people={"A": 20})))
    rooms = make_rooms(organiser, **{"201": 20, "202": 20, "203": 20})
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    draw_all(evaluation, organiser)
    move_room(evaluation, rooms["201"].id, MORNING, rooms["202"].id, "停电", organiser)
    last = last_change(evaluation)
    assert last is not None
    entered_late(evaluation, "A", "A0099")
    with pytest.raises(Refused, match="没有空位"):
        seat_the_rest(evaluation, "补报", organiser)
    db.session.rollback()
    other = passed(load(centre("EV2", {"A": 20})))
    lay_in(other, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    with pytest.raises(Refused, match="201撞了"):
        undo_last_change(evaluation, last.mark, "撤销", organiser)
    db.session.rollback()
    assert {station for _room, station, _seat in seats_in(evaluation).values()} == {"202"}


def fitting(competition: Competition, room: Room) -> dict[str, int]:
    """The rooms to which the theory of a room could move, by name."""
    db.session.expire_all()
    names = {it.id: it.name for it in rooms_offered()}
    targets = rooms_for(competition, plan_of(competition), rooms_offered())
    key = next(it for it in targets if it[0] == room.id and it[1][1] == "理论第1场")
    return {names[number]: fits for number, fits in targets[key].items()}


def test_a_room_is_offered_where_all_find_seats_and_nobody_has_it_then(
    load: Load, organiser: Account
) -> None:
    evaluation, rooms = in_two_rooms(load, organiser, 电教室=50, 大教室=60, 小教室=39, 礼堂=90)
    # 202 has eight free seats; 小教室 one too few.
    assert fitting(evaluation, rooms["201"]) == {"电教室": 50, "大教室": 60, "礼堂": 90}
    other = passed(load(centre("EV2", {"A": 20})))
    lay_in(other, "1", "2026-12-07 10:00", [rooms["大教室"]], organiser)
    assert fitting(evaluation, rooms["201"]) == {"电教室": 50, "礼堂": 90}
    ROOMS.close(rooms["电教室"], organiser)
    assert fitting(evaluation, rooms["201"]) == {"礼堂": 90}
    # Whoever withdrew keeps the seat from others, to what is offered as to the act.
    left = next(it for it in slots_of(evaluation, "theory") if it.room_id == rooms["202"].id)
    withdraw_person(left.entrant, "病了", organiser)
    # Whoever is moved there leaves seats for the others.
    move_room(evaluation, rooms["202"].id, MORNING, rooms["礼堂"].id, "停电", organiser)
    assert fitting(evaluation, rooms["201"]) == {"202": 47, "礼堂": 51}
    move_room(evaluation, rooms["201"].id, MORNING, rooms["礼堂"].id, "停电", organiser)
    assert doubled_seats(slots_of(evaluation, "theory")) == []


def test_what_is_not_drawn_yet_moves_nowhere(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 20})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    assert rooms_for(evaluation, plan_of(evaluation), rooms_offered()) == {}


def test_turns_of_a_hall_are_each_asked(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 20})))
    rooms = make_rooms(organiser, **SIZES, 新泵机组=8, 旧泵机组=7)
    planned(evaluation, organiser, [rooms["201"]], rooms["泵机组"])
    targets = rooms_for(evaluation, plan_of(evaluation), rooms_offered())
    hall = [its for (number, _session), its in targets.items() if number == rooms["泵机组"].id]
    assert hall
    assert all(rooms["新泵机组"].id in its and rooms["旧泵机组"].id not in its for its in hall)
