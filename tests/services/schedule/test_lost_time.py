"""停机: written down once, given back or put last, taken back; blind tablets learn nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from compete.models import Account, Competition, Entrant, Sheet, Slot, Stoppage, db
from compete.services.hall.floor import FloorState, floor_of
from compete.services.judging.field_records import stops_on
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.person_record import records_about
from compete.services.schedule.delays import (
    find_stop,
    give_back,
    last_end,
    note_stop,
    put_last,
    stops_of,
    undo_stop,
)
from tests.support.judging import Tablet, seat_and_open
from tests.web.organiser.registration.test_person_moving import planned

NINE = datetime(2022, 9, 16, 1, 0, tzinfo=UTC)
STOPPED, NOW = NINE + timedelta(minutes=5), NINE + timedelta(minutes=16, seconds=20)
M = ("S", "m")


@pytest.fixture
def competition(load: Callable[..., Competition], organiser: Account) -> Competition:
    """P1 at nine and P3 at ten at the first station, P2 at nine at the second; P1 times at ten."""
    competition = load(planned())
    seat_and_open(competition, organiser)
    return competition


def person(competition: Competition, code: str) -> Entrant:
    entrant = entrant_by_code(competition, code)
    assert entrant is not None
    return entrant


def slot(entrant: Entrant) -> Slot:
    return next(it for it in entrant.slots if it.module == "m")


@pytest.mark.each_database
def test_a_stop_is_noted_given_back_and_taken_back(
    competition: Competition, organiser: Account
) -> None:
    p1 = person(competition, "P1")
    with time_machine.travel(NOW, tick=False):
        stop = note_stop(p1, *M, STOPPED, " 叉车液压漏油 ", organiser)
        with pytest.raises(Refused, match="先定怎么补") as twice:
            note_stop(p1, *M, STOPPED, "又停了", organiser)
        assert twice.value.kind is Refusal.CONFLICT
        give_back(stop, 680, organiser)
        (kept,) = stops_of(p1, *M)
        assert (kept.reason, kept.seconds, kept.last) == ("叉车液压漏油", 680, False)
        with pytest.raises(Refused, match="已经定了"):
            put_last(stop, organiser)
        # It may stop again.
        second = note_stop(p1, *M, NOW, "灯不亮", organiser)
        undo_stop(second, organiser)
        assert find_stop(competition, second.id) is None
        undo_stop(stop, organiser)
        assert (stop.seconds, stop.settled_at) == (None, None)
        give_back(stop, 60, organiser)
    with time_machine.travel(NOW + timedelta(minutes=11)), pytest.raises(Refused, match="10 分钟"):
        undo_stop(stop, organiser)
    actions = [row.action for row in records_about(p1)]
    assert actions.count("floor.give_back") == 2
    assert "floor.stop" in actions


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (STOPPED, " "),
        (None, "漏油"),
        (NOW + timedelta(minutes=1), "漏油"),
        (NOW - timedelta(hours=13), "漏油"),
    ],
)
def test_a_stop_wants_a_reason_and_a_time_that_can_be(
    competition: Competition, organiser: Account, at: datetime | None, reason: str
) -> None:
    with time_machine.travel(NOW, tick=False), pytest.raises(Refused) as refused:
        note_stop(person(competition, "P1"), *M, at, reason, organiser)
    assert refused.value.kind is Refusal.INVALID


@pytest.mark.parametrize("seconds", [0, -5, 36_001])
def test_no_more_than_ten_hours_are_given_back(
    competition: Competition, organiser: Account, seconds: int
) -> None:
    with time_machine.travel(NOW, tick=False):
        stop = note_stop(person(competition, "P1"), *M, STOPPED, "漏油", organiser)
        with pytest.raises(Refused) as refused:
            give_back(stop, seconds, organiser)
    assert refused.value.kind is Refusal.INVALID


@pytest.mark.each_database
def test_who_goes_on_last_stands_after_the_others_of_the_station(
    competition: Competition, organiser: Account
) -> None:
    p1, p2 = person(competition, "P1"), person(competition, "P2")
    with unit_of_work():
        slot(p1).check_in_at = NINE - timedelta(minutes=30)
    with time_machine.travel(NOW, tick=False):
        tablet = Tablet(competition, "J1")
        tablet.send(*tablet.full("P1")[:1])
        # At the second station nobody comes after P2.
        alone = note_stop(p2, *M, STOPPED, "断电", organiser)
        assert last_end(alone) is None
        with pytest.raises(Refused, match="直接补时"):
            put_last(alone, organiser)
        stop = note_stop(p1, *M, STOPPED, "漏油", organiser)
        station = floor_of(competition, None).stations[0]
        assert (station.people[0].code, station.people[0].state) == ("P1", FloorState.AT)
        assert station.people[0].stopped_by is not None
    with time_machine.travel(NOW + timedelta(seconds=1), tick=False):
        put_last(stop, organiser)
        # P3 is planned from ten to ten to eleven.
        assert slot(p1).starts_at == NINE + timedelta(minutes=110)
        assert slot(p1).ends_at == NINE + timedelta(minutes=160)
        # Checking in goes along.
        assert slot(p1).check_in_at == NINE + timedelta(minutes=80)
        station = floor_of(competition, None).stations[0]
        assert [(it.code, it.state) for it in station.people] == [
            ("P3", FloorState.MISSING),
            ("P1", FloorState.MISSING),
        ]
        undo_stop(stop, organiser)
        assert slot(p1).starts_at == NINE
        assert slot(p1).check_in_at == NINE - timedelta(minutes=30)
        assert stop.last is False


def test_nobody_goes_on_last_while_elsewhere(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = planned()
    schedule = plain["competition"]["extra"]["schedule"]
    # P1 times when P3 will be done.
    schedule[3] |= {"starts": "2022-09-16T10:45:00", "ends": "2022-09-16T11:30:00"}
    competition = load(plain)
    seat_and_open(competition, organiser)
    p1 = person(competition, "P1")
    with time_machine.travel(NOW, tick=False):
        stop = note_stop(p1, *M, STOPPED, "漏油", organiser)
        with pytest.raises(Refused, match="那时在别处"):
            put_last(stop, organiser)
    assert slot(p1).starts_at == NINE


@pytest.mark.parametrize("blind", [False, True])
def test_a_tablet_is_told_but_not_of_a_blind_event(
    load: Callable[..., Competition], organiser: Account, blind: bool
) -> None:
    plain = planned()
    plain["events"][0]["extra"] = {"blind": blind}
    competition = load(plain)
    seat_and_open(competition, organiser)
    p1 = person(competition, "P1")
    with time_machine.travel(NOW, tick=False):
        note_stop(p1, *M, STOPPED, "漏油", organiser)
    sheets = select(Sheet).where(Sheet.entrant_id == p1.id, Sheet.module == "m")
    stop_counts = [len(stops_on(sheet)) for sheet in db.session.scalars(sheets)]
    assert stop_counts
    assert set(stop_counts) == ({0} if blind else {1})


def test_once_marks_are_locked_nothing_is_given(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(planned())
    with time_machine.travel(NOW, tick=False), pytest.raises(Refused) as early:
        note_stop(person(competition, "P1"), *M, STOPPED, "漏油", organiser)
    assert early.value.kind is Refusal.CONFLICT
    assert db.session.scalars(select(Stoppage)).first() is None


def test_of_a_session_that_begins_together_who_goes_on_last_waits_for_its_end(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = planned()
    schedule = plain["competition"]["extra"]["schedule"]
    schedule[0]["entrants"], schedule[2]["entrants"] = ["P1", "P3"], []
    schedule[3] |= {"starts": "2022-09-16T14:00:00", "ends": "2022-09-16T14:50:00"}
    competition = load(plain)
    seat_and_open(competition, organiser)
    with time_machine.travel(NOW, tick=False):
        stop = note_stop(person(competition, "P1"), *M, STOPPED, "漏油", organiser)
        put_last(stop, organiser)
    assert slot(person(competition, "P1")).starts_at == NINE + timedelta(minutes=50)
