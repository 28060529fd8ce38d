"""The plan of the days: levels laid out in rooms and drawn; latecomers, a room that falls out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from sqlalchemy import select

from compete.domain.ceremonies.checking import check_draw_file
from compete.models import (
    Account,
    Assignment,
    Competition,
    DrawCeremony,
    Entrant,
    Slot,
    Unit,
    db,
)
from compete.services.directory.rooms import ROOMS
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import FieldRefused, Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.badges import new_badge
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.allocation import assign_judges, open_judging
from compete.services.schedule.day_plan import (
    groups_of,
    last_layout,
    modules_to_draw,
    seat_the_rest,
    seatless,
    undo_layout_of_days,
)
from compete.services.schedule.draw_lists import published_file
from compete.services.schedule.room_moves import move_room
from compete.services.schedule.station_moves import (
    last_move,
    move_person,
    possible_moves,
    undo_move,
)
from compete.services.schedule.timetables import steps_back, timetable_of
from tests.support.judging import judge_of
from tests.support.passing import passed
from tests.support.roomed import centre, doubled_seats, draw_all, lay_in, make_rooms, planned

Load = Callable[..., Competition]
SIZES = {"201": 48, "202": 48, "203": 60, "泵机组": 8}


def slots_of(competition: Competition, module: str) -> list[Slot]:
    query = select(Slot).join(Entrant, Entrant.id == Slot.entrant_id)
    own = Entrant.competition_id == competition.id, Slot.module == module
    return [*db.session.scalars(query.where(*own).order_by(Slot.starts_at, Slot.seat))]


def entered_late(competition: Competition, event: str, code: str) -> Entrant:
    row = next(it for it in competition.events if it.code == event)
    unit = db.session.scalars(select(Unit).where(Unit.competition_id == competition.id)).first()
    assert unit is not None
    token, hashed = new_badge()
    with unit_of_work() as session:
        late = Entrant(
            competition_id=competition.id,
            event_id=row.id,
            unit_id=unit.id,
            code=code,
            name=f"补报{code}",
            name_key=f"补报{code}",
            badge_token=token,
            badge_hash=hashed,
        )
        session.add(late)
    passed(competition)
    return late


@pytest.mark.each_database
def test_two_levels_sit_theory_and_practice_on_two_days_in_shared_rooms(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre()))
    rooms = make_rooms(organiser, **SIZES)
    planned(evaluation, organiser, [rooms[name] for name in ("201", "202", "203")], rooms["泵机组"])
    theory, practice = slots_of(evaluation, "theory"), slots_of(evaluation, "hands")
    assert (len(theory), len(practice)) == (120, 120)
    assert doubled_seats([*theory, *practice]) == []
    there = Counter((slot.station, slot.entrant.event.code) for slot in theory)
    # What does not fit whole fills the largest room that is left; the rest goes together.
    assert there == {("203", "A"): 60, ("202", "B"): 48, ("201", "A"): 10, ("201", "B"): 2}
    assert {slot.seat for slot in practice} == set(range(1, 9))
    assert modules_to_draw(evaluation) == []
    assert seatless(evaluation) == []
    draws = db.session.scalars(select(DrawCeremony)).all()
    for draw in draws:
        file = published_file(draw)
        assert file is not None
        assert not check_draw_file(file).differences
    assert len(draws) == 4
    assert [*verify_chain(evaluation)] == []


def test_nobody_sits_beside_the_own_unit(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 48})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    draw_all(evaluation, organiser)
    units = [slot.entrant.unit_id for slot in slots_of(evaluation, "theory")]
    assert all(left != right for left, right in pairwise(units))


def test_what_does_not_fit_is_counted_and_nothing_is_laid_out(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre()))
    rooms = make_rooms(organiser, **SIZES)
    with pytest.raises(Refused, match=r"120 人.*96 个空位.*还差 24 个") as refused:
        lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"], rooms["202"]], organiser)
    assert refused.value.kind is Refusal.INVALID
    db.session.rollback()
    assert all(timetable_of(*it) is None for it in groups_of(evaluation)[0].modules)
    with pytest.raises(FieldRefused) as wrong:
        lay_in(evaluation, "1", "明天", [rooms["201"]], organiser)
    assert wrong.value.field == "begins"
    with pytest.raises(Refused, match="至少选一个"):
        lay_in(evaluation, "1", "2026-12-07 09:00", [], organiser)


def test_a_layout_is_taken_back_while_nothing_else_was_done(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre()))
    rooms = make_rooms(organiser, **SIZES)
    three = [rooms[name] for name in ("201", "202", "203")]
    lay_in(evaluation, "1", "2026-12-07 09:00", three, organiser)
    lay_in(evaluation, "1", "2026-12-07 10:00", three, organiser)
    last = last_layout(evaluation)
    assert last is not None
    assert (last.group, last.people) == ("理论", 120)
    undo_layout_of_days(evaluation, last.mark, organiser)
    modules = groups_of(evaluation)[0].modules
    assert {steps_back(*it) for it in modules} == {1}
    assert all("09:00" in timetable_of(*it).sessions for it in modules)  # type: ignore[union-attr]
    assert last_layout(evaluation) is None
    with pytest.raises(Refused):
        undo_layout_of_days(evaluation, last.mark, organiser)


def test_who_comes_late_gets_a_free_seat_of_the_own_level_first(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre()))
    rooms = make_rooms(organiser, **SIZES)
    planned(evaluation, organiser, [rooms[name] for name in ("201", "202", "203")], rooms["泵机组"])
    late = entered_late(evaluation, "A", "A0071")
    assert [(it.person.code, it.module[2]) for it in seatless(evaluation)] == [
        ("A0071", "theory"),
        ("A0071", "hands"),
    ]
    words = seat_the_rest(evaluation, "补报", organiser)
    assert len(words) == 2
    seat = next(slot for slot in late.slots if slot.module == "theory")
    # The first free seat, unless somebody of the own unit sits beside it.
    assert (seat.station, seat.session) == ("201", "理论第1场")
    assert seat.seat in (13, 14)
    assert doubled_seats(slots_of(evaluation, "theory")) == []
    assert seatless(evaluation) == []
    assert [*verify_chain(evaluation)] == []


def test_a_seat_that_somebody_left_is_given_away_last(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 48})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    draw_all(evaluation, organiser)
    entered_late(evaluation, "A", "A0099")
    with pytest.raises(Refused, match="还有 1 人没有空位"):
        seat_the_rest(evaluation, "补报", organiser)
    db.session.rollback()
    gone = slots_of(evaluation, "theory")[16].entrant
    withdraw_person(gone, "转下一批", organiser)
    seat_the_rest(evaluation, "补报", organiser)
    late = next(it for it in slots_of(evaluation, "theory") if it.entrant.code == "A0099")
    assert late.seat == 17
    assert len(slots_of(evaluation, "theory")) == 48


def test_a_room_that_falls_out_is_left_for_another_with_whoever_judges_there(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre()))
    rooms = make_rooms(organiser, **SIZES, 电教室=50)
    planned(evaluation, organiser, [rooms[name] for name in ("201", "202", "203")], rooms["泵机组"])
    event = next(it for it in evaluation.events if it.code == "B")
    judges = [(judge_of(evaluation, f"J{n}"), "202") for n in (1, 2, 3)]
    assign_judges(event, "s", "theory", judges, organiser)
    before = {it.entrant.code: it.seat for it in slots_of(evaluation, "theory")}
    number, other, session = rooms["202"].id, rooms["电教室"].id, "2026-12-07|理论第1场"
    with pytest.raises(Refused, match="还差 12 个"):
        move_room(evaluation, number, session, rooms["201"].id, "停电", organiser)
    db.session.rollback()
    assert move_room(evaluation, number, session, other, "停电", organiser) == 48
    moved = [it for it in slots_of(evaluation, "theory") if it.station == "电教室"]
    assert len(moved) == 48
    assert {it.room_id for it in moved} == {other}
    assert all(before[it.entrant.code] == it.seat for it in moved)
    seats = select(Assignment.station).where(Assignment.module == "theory")
    assert set(db.session.scalars(seats)) == {"电教室"}
    # The dozen of the smallest room find seats in what is left of the others.
    move_room(evaluation, other, session, number, "来电了", organiser)
    move_room(evaluation, number, session, other, "又停电", organiser)
    with pytest.raises(Refused, match="还差 10 个"):
        move_room(evaluation, rooms["201"].id, session, None, "漏水", organiser)
    db.session.rollback()
    assert doubled_seats(slots_of(evaluation, "theory")) == []
    assert [*verify_chain(evaluation)] == []


def test_a_person_is_moved_to_a_free_seat_and_back(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 40})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    draw_all(evaluation, organiser)
    slot = slots_of(evaluation, "theory")[6]
    person = slot.entrant
    free = [it for it in possible_moves(person, "s", "theory") if it.other is None]
    assert [it.place.seat for it in free] == [41]
    move_person(person, "s", "theory", free[0].key, "看不清黑板", organiser)
    assert slots_of(evaluation, "theory")[-1].entrant.code == person.code
    last = last_move(person)
    assert last is not None
    assert "201 7 座" in last.was
    undo_move(person, last.mark, "撤销", organiser)
    assert slots_of(evaluation, "theory")[6].entrant.code == person.code


def test_whoever_judges_in_a_room_marks_those_who_sit_there(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 20})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    lay_in(evaluation, "2", "2026-12-08 09:00", [rooms["泵机组"]], organiser, turns=3, minutes=30)
    draw_all(evaluation, organiser)
    event = evaluation.events[0]
    for module, room in (("theory", "201"), ("hands", "泵机组")):
        seats = [(judge_of(evaluation, f"J{n}"), room) for n in (1, 2, 3, 4, 5)[:3]]
        assign_judges(event, "s", module, seats, organiser)
    assert open_judging(evaluation, organiser, "就这些考评员") == 20 * 3 * 2


def test_a_closed_room_is_not_offered_and_who_sits_there_stays(
    load: Load, organiser: Account
) -> None:
    evaluation = passed(load(centre(people={"A": 20})))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    draw_all(evaluation, organiser)
    ROOMS.close(rooms["201"], organiser)
    with pytest.raises(Refused, match="至少选一个"):
        lay_in(evaluation, "2", "2026-12-08 09:00", [rooms["201"]], organiser)
    assert {it.station for it in slots_of(evaluation, "theory")} == {"201"}
