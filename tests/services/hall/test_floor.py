"""现场: everybody is in one state, told by records alone, and a station is as late as they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from compete.domain.values.states import CheckInKind
from compete.models import Account, Competition, OutcomeEntry, Slot
from compete.services.closing.module_locks import lock_module, set_must_sign
from compete.services.hall.floor import Floor, FloorState, floor_of
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins
from tests.support.judging import Tablet, seat_and_open
from tests.support.signing_in import signed_in
from tests.web.organiser.registration.test_person_moving import planned

DAY = date(2022, 9, 16)
NINE = datetime(2022, 9, 16, 1, 0, tzinfo=UTC)
S = FloorState


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    """P1 and P2 at nine at two stations, P3 at ten at the first; P1 times at ten."""
    return load(planned())


def states_of(floor: Floor) -> dict[str, list[tuple[str, FloorState]]]:
    return {
        f"{station.module} {station.station}": [(it.code, it.state) for it in station.people]
        for station in floor.stations
    }


def check_in(competition: Competition, by: Account, code: str, session: str) -> None:
    act = CheckInIn(
        **{"uuid": str(uuid4()), "kind": CheckInKind.PASSED, "entrant": code, "stage": "S"},
        **{"session": session, "day": DAY, "at": NINE, "compared": True, "items": ("身份证",)},
    )
    assert take_check_ins(competition, [act], by).refused == []


@pytest.mark.each_database
def test_everybody_is_in_one_state_by_what_is_on_record(
    competition: Competition, organiser: Account
) -> None:
    seat_and_open(competition, organiser)
    floor = floor_of(competition, DAY, NINE)
    assert states_of(floor) == {
        "m 1号": [("P1", S.MISSING), ("P3", S.MISSING)],
        "m 2号": [("P2", S.MISSING)],
        "t 跑道": [("P1", S.MISSING)],
    }
    # Without records nobody is said to be late in checking in.
    assert not floor.recorded
    assert not any(it.late for station in floor.stations for it in station.people)
    check_in(competition, organiser, "P3", "第2场")
    late = floor_of(competition, DAY, NINE + timedelta(minutes=1))
    assert states_of(late)["m 1号"] == [("P1", S.MISSING), ("P3", S.NEXT)]
    assert [it.late for it in late.stations[0].people] == [True, False]
    for judge in ("J1", "J2"):
        tablet = Tablet(competition, judge)
        tablet.send(*tablet.full("P1")[:-1])
    assert states_of(floor_of(competition, DAY, NINE))["m 1号"][0] == ("P1", S.AT)
    for judge in ("J1", "J2"):
        tablet = Tablet(competition, judge)
        tablet.send(tablet.act("submit", "P1"))
    person = entrant_by_code(competition, "P2")
    assert person is not None
    with unit_of_work() as session:
        session.add(OutcomeEntry(entrant_id=person.id, stage="S", module="m", status="dns"))
    done = floor_of(competition, DAY, NINE)
    assert states_of(done)["m 1号"][0] == ("P1", S.DONE)
    assert states_of(done)["m 2号"] == [("P2", S.OUT)]
    # The other module of the same person stands for itself.
    assert states_of(done)["t 跑道"] == [("P1", S.MISSING)]
    assert done.counts().total() == 4


def test_a_break_in_the_plan_catches_up_what_a_station_is_late(
    app: Flask, competition: Competition, organiser: Account
) -> None:
    with unit_of_work() as session:
        for slot in session.scalars(select(Slot).where(Slot.station == "1号")):
            assert slot.starts_at is not None
            slot.ends_at = slot.starts_at + timedelta(minutes=30)
        audit.record(competition, organiser, "test", "")

    def behind(minutes: int) -> dict[str, int]:
        floor = floor_of(competition, DAY, NINE + timedelta(minutes=minutes))
        first = next(station for station in floor.stations if station.station == "1号")
        return {code: late.seconds // 60 for code, late in first.behind.items()}

    # P1 from nine to half past, P3 from ten on: half an hour lies between.
    assert behind(15) == {"P1": 15, "P3": 0}
    assert behind(40) == {"P1": 40, "P3": 10}
    with time_machine.travel(NINE + timedelta(minutes=15), tick=False):
        page = signed_in(app, organiser).get("/desk/X/floor").text
    assert "照现在算：赵启明 09:15</p>" in page
    assert "<dt>第2场</dt><dd><b>10:30</b></dd>" in page
    assert "minutes=15" in page
    assert "session=%E7%AC%AC1%E5%9C%BA" in page


def test_a_watch_that_runs_is_work_and_says_how_late_the_station_is(
    competition: Competition, organiser: Account
) -> None:
    seat_and_open(competition, organiser)
    watch = Tablet(competition, "J3")
    with time_machine.travel(NINE + timedelta(minutes=72), tick=False):
        watch.send(watch.act("watch_start", "P1", aspect="s", at="2022-09-16T02:12:00Z"))
        floor = floor_of(competition, DAY)
        track = next(station for station in floor.stations if station.station == "跑道")
        (at_work,) = track.people
        assert (at_work.state, at_work.since) == (S.AT, NINE + timedelta(minutes=72))
        assert (at_work.full_at, at_work.stopped) == (60, False)
        assert track.late_by == timedelta(minutes=12)
        # Nobody is at the others: they are as late as who should have begun.
        others = {it.station: it.late_by for it in floor.stations if it.module == "m"}
        assert others == {"1号": timedelta(minutes=72), "2号": timedelta(minutes=72)}
    # Of another day nothing is said to be late.
    old = floor_of(competition, DAY, NINE + timedelta(days=3))
    assert {it.late_by for it in old.stations if it.module == "m"} == {None}


def test_of_a_blind_event_check_in_alone_is_told(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = planned()
    plain["events"][0]["extra"] = {"blind": True}
    competition = load(plain)
    seat_and_open(competition, organiser)
    for judge in ("J1", "J2"):
        tablet = Tablet(competition, judge)
        tablet.send(*tablet.full("P1"))
    floor = floor_of(competition, DAY, NINE)
    assert floor.blind == {competition.events[0].code}
    assert set(floor.counts()) == {S.MISSING}
    # A lock tells of everybody alike, and that nobody is waited for.
    for person in ("P2", "P3", "P4"):
        for judge in ("J1", "J2"):
            tablet = Tablet(competition, judge)
            tablet.send(*tablet.full(person))
    set_must_sign(competition, False, organiser)
    lock_module(competition.events[0], "S", "m", organiser)
    floor = floor_of(competition, DAY, NINE + timedelta(hours=2))
    assert {(it.module, *(passer.state for passer in it.people)) for it in floor.stations} == {
        ("m", S.DONE, S.DONE),
        ("m", S.DONE),
        ("t", S.MISSING),
    }
    assert [it.late_by for it in floor.stations if it.module == "m"] == [None, None]


def test_the_day_is_that_asked_for_or_the_next_and_who_withdrew_is_nowhere(
    competition: Competition, organiser: Account
) -> None:
    person = entrant_by_code(competition, "P2")
    assert person is not None
    withdraw_person(person, "扭伤脚", organiser)
    floor = floor_of(competition, date(1999, 1, 1), NINE)
    assert (floor.day, list(floor.days)) == (DAY, [DAY])
    assert "m 2号" not in states_of(floor)
