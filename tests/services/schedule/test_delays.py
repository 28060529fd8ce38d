"""整批改时间: who has not begun moves together, the plan follows, and ten minutes take it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from compete.domain.values.states import CompetitionState
from compete.models import Account, AuditEntry, Competition, Slot, db
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.clock import local_time
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.person_record import records_about
from compete.services.schedule.delays import (
    Batch,
    delay,
    fingerprint,
    latest_delay,
    shifts,
    undo_delay,
    why_not_taken_back,
)
from compete.services.schedule.slots import planned_sessions
from tests.support.judging import Tablet, seat_and_open
from tests.web.organiser.registration.test_person_moving import planned

DAY = date(2022, 9, 16)
WHOLE = Batch(DAY)
AT_NINE = datetime(2022, 9, 16, 1, 5, tzinfo=UTC)


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    """P1 and P2 at nine, P3 at ten; P1 has another module at ten."""
    return load(planned())


def times(competition: Competition, module: str = "m") -> dict[str, str]:
    """By entrant when they are to begin, by the hall's clock."""
    db.session.expire_all()
    slots = db.session.query(Slot).filter_by(module=module).order_by(Slot.id)
    return {slot.entrant.code: f"{local_time(slot.starts_at):%H:%M}" for slot in slots}  # type: ignore[arg-type]


def move(
    competition: Competition, by: Account, batch: Batch = WHOLE, minutes: int = 12, **keys: Any
) -> AuditEntry:
    """As the page does: what is shown is what is sent."""
    fields = {"reason": "叉车液压漏油", "seen": fingerprint(shifts(competition, batch, minutes))}
    return delay(competition, batch, minutes, by=by, **(fields | keys))


def refusal(competition: Competition, by: Account, *args: Any, **keys: Any) -> str:
    before = times(competition), times(competition, "t")
    with pytest.raises(Refused) as refused:
        move(competition, by, *args, **keys)
    assert (times(competition), times(competition, "t")) == before
    return str(refused.value.message)


@pytest.mark.each_database
def test_a_station_is_moved_and_all_that_follows_from_it(
    competition: Competition, organiser: Account
) -> None:
    done = move(competition, organiser, Batch(DAY, station="1号", session="第2场"), 12)
    assert times(competition) == {"P1": "09:00", "P2": "09:00", "P3": "10:12"}
    plan = planned_sessions(competition)
    third = next(it for it in plan if it["entrants"] == ["P3"])
    assert (third["starts"], third["ends"]) == ("2022-09-16T10:12", "2022-09-16T11:02")
    assert (done.reason, done.after["minutes"], done.after["codes"]) == ("叉车液压漏油", 12, ["P3"])
    person = entrant_by_code(competition, "P3")
    other = entrant_by_code(competition, "P2")
    assert person is not None
    assert other is not None
    assert "schedule.delay" in [row.action for row in records_about(person)]
    assert "schedule.delay" not in [row.action for row in records_about(other)]
    assert list(verify_chain(competition)) == []
    assert list(check_rows(competition)) == []


def test_a_batch_is_chosen_by_day_time_session_and_event(competition: Competition) -> None:
    def codes(**keys: Any) -> list[str]:
        return [
            it.slot.entrant.code for it in shifts(competition, Batch(**({"day": DAY} | keys)), 5)
        ]

    assert codes() == ["P1", "P2", "P3", "P1"]
    assert codes(since=datetime(2022, 9, 16, 2, 0, tzinfo=UTC)) == ["P3", "P1"]
    assert codes(session="第1场") == ["P1", "P2"]
    assert codes(station="跑道") == ["P1"]
    assert codes(event=competition.events[0].code, station="2号") == ["P2"]
    assert codes(event="ELSE") == []
    assert codes(day=date(2022, 9, 17)) == []


def test_who_has_begun_stays_even_if_only_the_watch_runs(
    competition: Competition, organiser: Account
) -> None:
    seat_and_open(competition, organiser)
    Tablet(competition, "J1").send(*Tablet(competition, "J1").full("P1")[:1])
    watch = Tablet(competition, "J3")
    watch.send(watch.act("watch_start", "P1", aspect="s", at="2022-09-16T02:00:00Z"))
    assert [it.slot.entrant.code for it in shifts(competition, WHOLE, 5)] == ["P2", "P3"]
    move(competition, organiser)
    assert times(competition) == {"P1": "09:00", "P2": "09:12", "P3": "10:12"}
    assert times(competition, "t") == {"P1": "10:00"}


def test_in_a_blind_event_the_list_does_not_tell_who_has_begun(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = planned()
    plain["events"][0]["extra"] = {"blind": True}
    competition = load(plain)
    seat_and_open(competition, organiser)
    before = [it.slot.id for it in shifts(competition, WHOLE, 5)]
    Tablet(competition, "J1").send(*Tablet(competition, "J1").full("P1"))
    assert [it.slot.id for it in shifts(competition, WHOLE, 5)] == before
    assert len(before) == 4


def test_what_stands_against_it_is_said_and_nothing_moves(
    competition: Competition, organiser: Account
) -> None:
    assert "1 到 600" in refusal(competition, organiser, minutes=0, seen="x")
    assert "1 到 600" in refusal(competition, organiser, minutes=601, seen="x")
    assert "要写上" in refusal(competition, organiser, reason=" ")
    assert "不一样了" in refusal(competition, organiser, seen="x")
    assert "没有还没开始的人" in refusal(competition, organiser, Batch(DAY, station="9号"))
    # P1 has 计时 at ten, which stays where it is.
    first = Batch(DAY, session="第1场")
    assert "那时在别处" in refusal(competition, organiser, first, 30)
    assert "另一天" in refusal(competition, organiser, minutes=-590)
    with time_machine.travel(datetime(2022, 9, 16, 0, 55, tzinfo=UTC)):
        assert "早于现在" in refusal(competition, organiser, Batch(DAY, station="2号"), -10)
    with unit_of_work():
        competition.state = CompetitionState.LOCKED
    assert "已经锁定" in refusal(competition, organiser)


def test_of_two_who_saw_the_same_the_second_is_asked_to_look_again(
    competition: Competition, organiser: Account
) -> None:
    seen = fingerprint(shifts(competition, WHOLE, 12))
    delay(competition, WHOLE, 12, "断电", seen, organiser)
    assert "不一样了" in refusal(competition, organiser, seen=seen)
    assert times(competition) == {"P1": "09:12", "P2": "09:12", "P3": "10:12"}


def test_ten_minutes_take_a_batch_back_once(competition: Competition, organiser: Account) -> None:
    with time_machine.travel(AT_NINE, tick=False) as clock:
        done = move(competition, organiser)
        assert latest_delay(competition) is done
        clock.shift(timedelta(minutes=11))
        assert "过了 10 分钟" in str(why_not_taken_back(competition, done))
        with pytest.raises(Refused, match="过了 10 分钟"):
            undo_delay(competition, done.seq, organiser)
        clock.shift(timedelta(minutes=-2))
        with pytest.raises(Refused, match="已经撤销了"):
            undo_delay(competition, done.seq + 1, organiser)
        undo_delay(competition, done.seq, organiser)
        assert times(competition) == {"P1": "09:00", "P2": "09:00", "P3": "10:00"}
        assert latest_delay(competition) is None
        with pytest.raises(Refused, match="已经撤销了"):
            undo_delay(competition, done.seq, organiser)
    assert list(check_rows(competition)) == []


def test_nobody_is_taken_back_who_began_since(competition: Competition, organiser: Account) -> None:
    seat_and_open(competition, organiser)
    done = move(competition, organiser)
    Tablet(competition, "J1").send(*Tablet(competition, "J1").full("P2")[:1])
    assert "已经有人开始了" in str(why_not_taken_back(competition, done))
    with pytest.raises(Refused, match="已经有人开始了"):
        undo_delay(competition, done.seq, organiser)
    assert times(competition) == {"P1": "09:12", "P2": "09:12", "P3": "10:12"}
