"""Rooms that competitions share: who has one when, and that nobody else gets it then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from compete.models import Account, Competition, Event, RoomUse, Slot, db
from compete.services.accounts.accounts import create_account
from compete.services.directory.rooms import ROOMS, rooms_offered
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_zone
from compete.services.kernel.competition_settings import Timetable, change_settings
from compete.services.kernel.refusal import Refusal, Refused, WrongFieldsError
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.day_plan import groups_of
from compete.services.schedule.rooms import room_clashes
from compete.services.schedule.session_plan import move_session, sessions_in_plan
from compete.services.schedule.timetables import lay_out, undo_timetable
from tests.support.passing import passed
from tests.support.roomed import centre, draw_all, lay_in, make_rooms, planned
from tests.support.small import small

Load = Callable[..., Competition]


def hall(event: Event, room: int, begins: str, by: Account) -> None:
    """Two stations of a contest in one room, one turn of an hour."""
    timetable = Timetable(stations="1号\n2号", sessions=f"第1场，{begins}，2，60", room=room)
    lay_out(event, "S", "m", timetable, by)


@pytest.mark.each_database
def test_two_competitions_never_have_a_room_at_one_time_whichever_is_planned_first(
    load: Load, organiser: Account
) -> None:
    evaluation, contest = passed(load(centre())), load(small())
    rooms = make_rooms(organiser, **{"201": 48})
    hall(contest.events[0], rooms["201"].id, "2026-12-07 09:30", organiser)
    theory = groups_of(evaluation)[0]
    at = "2026-12-07 09:00"
    with pytest.raises(Refused) as refused:
        lay_in(evaluation, theory.key, at, [rooms["201"]], organiser, count=3)
    assert refused.value.kind is Refusal.CONFLICT
    for name in (evaluation.name, contest.name, "201", "09:30"):
        assert name in str(refused.value.message)
    assert not db.session.scalar(select(RoomUse.id).where(RoomUse.event_id != contest.events[0].id))

    lay_in(evaluation, theory.key, "2026-12-07 13:00", [rooms["201"]], organiser, count=3)
    with pytest.raises(Refused, match=f"{evaluation.name}"):
        hall(contest.events[0], rooms["201"].id, "2026-12-07 14:00", organiser)
    assert room_clashes(contest) == room_clashes(evaluation) == []
    assert [*verify_chain(evaluation)] == []


def test_a_room_is_free_as_the_one_before_ends_and_once_it_was_given_up(
    load: Load, organiser: Account
) -> None:
    contest, other = load(small()), load(small(competition={"code": "OTHER"}))
    room = make_rooms(organiser, **{"201": 48})["201"]
    hall(contest.events[0], room.id, "2026-12-07 08:00", organiser)
    hall(other.events[0], room.id, "2026-12-07 10:00", organiser)
    with pytest.raises(Refused, match="撞了"):
        hall(other.events[0], room.id, "2026-12-07 09:59", organiser)
    undo_timetable(contest.events[0], "S", "m", organiser)
    hall(other.events[0], room.id, "2026-12-07 09:59", organiser)


def test_a_session_is_not_moved_into_a_room_that_somebody_else_has(
    load: Load, organiser: Account
) -> None:
    first, second = passed(load(centre("E1"))), passed(load(centre("E2", {"A": 40})))
    rooms = make_rooms(organiser, **{"201": 80, "202": 60, "泵机组": 8})
    planned(first, organiser, [rooms["201"], rooms["202"]], rooms["泵机组"])
    theory = groups_of(second)[0]
    lay_in(second, theory.key, "2026-12-07 14:00", [rooms["202"]], organiser)
    draw_all(second, organiser)
    session = sessions_in_plan(second)[0]
    at = datetime(2026, 12, 7, 10, 0, tzinfo=local_zone())
    with pytest.raises(Refused, match="202撞了"):
        move_session(second, session.mark, at, organiser)
    db.session.rollback()
    move_session(second, session.mark, at + timedelta(days=1), organiser)


def test_what_was_put_away_keeps_no_room(load: Load, organiser: Account) -> None:
    old, new = load(small()), load(small(competition={"code": "NEW"}))
    room = make_rooms(organiser, **{"201": 48})["201"]
    hall(old.events[0], room.id, "2026-12-07 08:00", organiser)
    with unit_of_work():
        change_settings(old, put_away=datetime(2026, 12, 1).date())
    hall(new.events[0], room.id, "2026-12-07 08:00", organiser)


def test_levels_share_a_room_on_seats_of_their_own(load: Load, organiser: Account) -> None:
    evaluation = passed(load(centre(people={"A": 50, "B": 25})))
    rooms = make_rooms(organiser, **{"201": 80})
    theory = groups_of(evaluation)[0]
    lay_in(evaluation, theory.key, "2026-12-07 09:00", [rooms["201"]], organiser)
    assert draw_all(evaluation, organiser) == 2
    slots = db.session.scalars(select(Slot)).all()
    assert {slot.station for slot in slots} == {"201"}
    assert sorted(slot.seat or 0 for slot in slots) == list(range(1, 76))
    assert len({slot.starts_at for slot in slots}) == 1


def test_a_room_is_kept_by_organisers_and_told_apart_by_its_name(
    load: Load, organiser: Account
) -> None:
    load(small())
    stranger = create_account("外人")
    room = make_rooms(organiser, **{"201": 48})["201"]
    with pytest.raises(Refused, match="已经有"):
        ROOMS.add({"name": "２０１", "places": "3"}, organiser)
    with pytest.raises(WrongFieldsError) as wrong:
        ROOMS.add({"name": "", "places": "0"}, organiser)
    assert set(wrong.value.faults) == {"name", "places"}
    with pytest.raises(Refused) as refused:
        ROOMS.close(room, stranger)
    assert refused.value.kind is Refusal.FORBIDDEN
    ROOMS.close(room, organiser)
    assert rooms_offered() == []
    ROOMS.reopen(room, organiser)
    assert [it.name for it in rooms_offered()] == ["201"]
