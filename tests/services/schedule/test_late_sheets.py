"""Who comes after the sheets were allotted gets sheets too, or everybody is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, select

from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Act,
    AuditEntry,
    BlindCode,
    Competition,
    Entrant,
    LockEntry,
    OutcomeEntry,
    Sheet,
    Slot,
    db,
)
from compete.services.closing.blockers import find_blockers
from compete.services.closing.competition_lock import unlock_marks
from compete.services.closing.module_locks import ask_unlock, confirm_unlock, lock_module
from compete.services.judging.signing import signing_state
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.preview import plan_mark
from compete.services.registration.waiting_list import plan_with_places
from compete.services.registration.withdrawals import (
    return_person,
    why_not_withdrawn,
    withdraw_person,
)
from compete.services.registration.writing import write_plan
from compete.services.results.publishing import publish
from compete.services.schedule.allocation import allot_missing, assign_judges, open_judging
from compete.services.schedule.station_moves import (
    LateChoice,
    give_own_time,
    late_choice,
    move_person,
    possible_moves,
    why_not_moved,
)
from compete.services.scoring.bundle_out import export_bundle
from compete.services.scoring.live import live_results
from compete.services.sheets.locks_in_force import standing_locks
from tests.domain.scoring.build import event, mark, module, stage
from tests.services.registration.test_registration import row, sent
from tests.sheets.people import citizen_id
from tests.support.announced import lock
from tests.support.judging import Tablet, judge_of, seat, seat_and_open
from tests.support.signing_in import official
from tests.support.small import all_marks, small

LATE = citizen_id(date(1993, 4, 5), 7)


def register(competition: Competition, by: Account, name: str = "晚到", number: str = LATE) -> str:
    """Somebody uploaded and written; the code."""
    batch = sent(competition, [row(name, number)], by)
    write_plan(batch.id, plan_mark(plan_with_places(batch)), by)
    return db.session.scalars(select(Entrant.code).where(Entrant.name == name)).one()


def judges_of(code: str, module_code: str = "m") -> set[str]:
    rows = db.session.scalars(
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Entrant.code == code, Sheet.module == module_code)
    )
    return {sheet.judge.code for sheet in rows}


def without_sheets(competition: Competition, *, module_code: str, code: str = "P4") -> None:
    """Take somebody's sheets of a module away, as a database from before has it."""
    person = db.session.scalars(select(Entrant).where(Entrant.code == code)).one()
    gone = [Sheet.entrant_id == person.id, Sheet.module == module_code]
    with unit_of_work() as session:
        session.execute(delete(Act).where(Act.sheet_id.in_(select(Sheet.id).where(*gone))))
        session.execute(delete(Sheet).where(*gone), execution_options={"noted": True})


def blockers(competition: Competition) -> dict[str, tuple[str, str]]:
    open_blockers = find_blockers(competition, live_results(competition).results)
    return {blocker.kind: (str(blocker.what), str(blocker.detail)) for blocker in open_blockers}


def schedule_of(competition: Competition) -> list[dict[str, Any]]:
    """The plan as the competition's file has it."""
    schedule: list[dict[str, Any]] = export_bundle(competition).competition.extra["schedule"]  # type: ignore[index]
    return schedule


@pytest.fixture
def planned(load: Callable[..., Competition]) -> Competition:
    """Two stations by the plan: P1 to P3 at the first, P4 at the second."""
    sessions = [
        {
            "event": "E",
            "stage": "S",
            "module": "m",
            "session": "上午",
            "station": station,
            "judges": judges,
            "entrants": people,
        }
        for station, judges, people in (
            ("1号", ["J1", "J2"], ["P1", "P2", "P3"]),
            ("2号", ["J3", "C1"], ["P4"]),
        )
    ]
    plain = small()
    plain["competition"]["extra"] = {"schedule": sessions}
    competition = load(plain)
    seats = [(judge_of(competition, "J3"), "")]
    assign_judges(competition.events[0], "S", "t", seats, organiser_of(competition))
    return competition


def organiser_of(competition: Competition) -> Account:
    return db.session.scalars(select(Account).where(Account.name == "吴敏")).one()


@pytest.mark.each_database
def test_who_has_no_place_in_the_plan_is_marked_where_the_fewest_are(
    planned: Competition, organiser: Account
) -> None:
    late = register(planned, organiser)
    open_judging(planned, organiser)
    assert judges_of(late) == {"J3", "C1"}
    assert judges_of(late, "t") == {"J3"}
    assert judges_of("P1") == {"J1", "J2"}
    place = db.session.scalars(select(Slot).join(Entrant).where(Entrant.code == late)).one()
    assert (place.module, place.station) == ("m", "2号")
    assert "sheetless" not in blockers(planned)
    assert list(verify_chain(planned)) == []
    out = export_bundle(planned).competition.extra or {}
    expected = {code: it["station"] for it in out["schedule"] for code in it["entrants"]}
    assert expected == {"P1": "1号", "P2": "1号", "P3": "1号", "P4": "2号", late: "2号"}


def test_who_comes_while_others_are_judged_is_marked_at_a_station_too(
    planned: Competition, organiser: Account
) -> None:
    open_judging(planned, organiser)
    late = register(planned, organiser)
    assert judges_of(late) == {"J3", "C1"}
    plan = schedule_of(planned)
    (place,) = [it for it in plan if late in it["entrants"]]
    assert (place["station"], place.get("starts")) == ("2号", None)


def test_who_came_late_is_given_a_place_where_judges_have_no_stations(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    sessions = [("P1", "1号", "09"), ("P2", "2号", "09"), ("P3", "1号", "10"), ("P4", "2号", "10")]
    plain["competition"]["extra"] = {
        "schedule": [
            {
                **{"event": "E", "stage": "S", "module": "m", "session": at, "station": station},
                **{"starts": f"2022-09-16T{at}:00", "entrants": [who]},
            }
            for who, station, at in sessions
        ]
    }
    competition = load(plain)
    event = competition.events[0]
    assign_judges(
        event, "S", "m", [(judge_of(competition, c), "") for c in ("J1", "J2")], organiser
    )
    assign_judges(event, "S", "t", [(judge_of(competition, "J3"), "")], organiser)
    open_judging(competition, organiser)
    code = register(competition, organiser)
    late = db.session.scalars(select(Entrant).where(Entrant.code == code)).one()
    drawn = db.session.scalars(select(Entrant).where(Entrant.code == "P1")).one()
    assert possible_moves(drawn, "S", "m") == []
    assert possible_moves(late, "S", "t") == []
    assert why_not_moved(late) is None
    known = {
        (move.place.session, move.place.station): move for move in possible_moves(late, "S", "m")
    }
    assert len(known) == 4
    assert known["10", "2号"].there == 1
    move_person(late, "S", "m", known["10", "2号"].key, "补报", organiser)
    db.session.expire_all()
    slot = db.session.scalars(select(Slot).where(Slot.entrant_id == late.id)).one()
    assert (slot.session, slot.station) == ("10", "2号")
    # Nobody drew it: what was chosen can be chosen again, by hand with a time of its own too.
    assert why_not_moved(late) is None
    assert late_choice(late, "S", "m") is LateChoice.ANYWHERE
    known = {
        (move.place.session, move.place.station): move for move in possible_moves(late, "S", "m")
    }
    assert ("10", "2号") not in known
    move_person(late, "S", "m", known["09", "1号"].key, "换一场", organiser)
    at = datetime(2022, 9, 16, 3, tzinfo=UTC)
    with pytest.raises(Refused, match="先选在哪个工位"):
        give_own_time(late, "S", "m", at, "9号", "加一场", organiser)
    give_own_time(late, "S", "m", at, "2号", "加一场", organiser)
    db.session.refresh(slot)
    assert (slot.starts_at, slot.station) == (at, "2号")
    with pytest.raises(Refused, match="评分已经开始"):
        give_own_time(drawn, "S", "m", at, "2号", "加一场", organiser)
    assert list(verify_chain(competition)) == []


def test_who_came_while_others_are_judged_is_given_a_time_at_the_own_station(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    plain["competition"]["extra"] = {
        "schedule": [
            {
                **{"event": "E", "stage": "S", "module": "m", "session": name, "station": station},
                **{"starts": f"2022-09-16T{at}:00", "judges": judges, "entrants": people},
            }
            for name, station, at, judges, people in (
                ("第1场", "1号", "09", ["J1", "J2"], ["P1", "P2"]),
                ("第1场", "2号", "09", ["J3", "C1"], ["P3"]),
                ("第2场", "1号", "10", ["J1", "J2"], ["P4"]),
            )
        ]
    }
    competition = load(plain)
    seats = [(judge_of(competition, "J3"), "")]
    assign_judges(competition.events[0], "S", "t", seats, organiser)
    open_judging(competition, organiser)
    code = register(competition, organiser)
    late = db.session.scalars(select(Entrant).where(Entrant.code == code)).one()
    drawn = db.session.scalars(select(Entrant).where(Entrant.code == "P1")).one()
    assert possible_moves(drawn, "S", "m") == []
    with pytest.raises(Refused, match="评分已经开始，工位不能再挪"):
        move_person(drawn, "S", "m", "x", "换一场", organiser)
    assert why_not_moved(late) is None
    known = {move.place.session: move for move in possible_moves(late, "S", "m")}
    assert {move.place.station for move in known.values()} == {"2号"}
    assert (known["第1场"].there, known["第2场"].there) == (1, 0)
    move_person(late, "S", "m", known["第1场"].key, "补报", organiser)
    move_person(late, "S", "m", known["第2场"].key, "和裁判说好了", organiser)
    slot = db.session.scalars(select(Slot).where(Slot.entrant_id == late.id)).one()
    assert (slot.session, slot.station) == ("第2场", "2号")
    assert slot.starts_at is not None
    assert judges_of(code) == {"J3", "C1"}
    plan = schedule_of(competition)
    (place,) = [it for it in plan if code in it["entrants"]]
    assert (place["session"], place["station"]) == ("第2场", "2号")
    assert list(verify_chain(competition)) == []


@pytest.mark.each_database
def test_whoever_nobody_marks_stops_the_lock_and_is_named(
    judged: Competition, organiser: Account
) -> None:
    without_sheets(judged, module_code="m")
    assert blockers(judged)["sheetless"] == ("没有评分表的选手 1 人", "模块m：P4")
    with pytest.raises(Refused, match="还不能锁定：没有评分表的选手 1 人"):
        lock(judged, organiser)
    with pytest.raises(Refused, match="没有评分表的选手：P4"):
        lock_module(judged.events[0], "S", "m", organiser)
    lock_module(judged.events[0], "S", "t", organiser)
    with unit_of_work():
        judged.state = CompetitionState.LOCKED
    with pytest.raises(Refused, match="还不能公布：没有评分表的选手 1 人"):
        publish(judged, organiser)


@pytest.mark.each_database
def test_the_missing_sheets_are_made_on_demand(judged: Competition, organiser: Account) -> None:
    without_sheets(judged, module_code="m")
    before = judges_of("P1")
    assert allot_missing(judged, organiser) == 2
    assert judges_of("P4") == {"J1", "J2"}
    assert judges_of("P1") == before
    assert "sheetless" not in blockers(judged)
    with pytest.raises(Refused, match="没有评分表可补"):
        allot_missing(judged, organiser)


def test_who_is_excused_needs_no_sheet(judged: Competition, organiser: Account) -> None:
    without_sheets(judged, module_code="m")
    person = db.session.scalars(select(Entrant).where(Entrant.code == "P4")).one()
    with unit_of_work() as session:
        session.add(OutcomeEntry(entrant_id=person.id, stage="S", module="m", status="dns"))
    assert "sheetless" not in blockers(judged)
    lock(judged, organiser)


def test_in_a_blind_event_the_code_alone_is_named(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(event={"extra": {"blind": True}}))
    seat_and_open(competition, organiser)
    without_sheets(competition, module_code="t")
    code = db.session.scalars(
        select(BlindCode.code).join(Entrant).where(Entrant.code == "P4")
    ).one()
    assert blockers(competition)["sheetless"][1] == f"模块t：{code}"
    drawn = db.session.query(AuditEntry).filter_by(action="blind.draw")
    before = drawn.count()
    assert allot_missing(competition, organiser)
    # Everybody has a code: none was drawn, and none is said to have been.
    assert drawn.count() == before


def two_stages(marks: list[dict[str, Any]]) -> dict[str, Any]:
    first = stage(module(), code="A", advance={"top": 2})
    plain = small(marks)
    plain["events"] = [event(first, stage(module(), code="B"))]
    return plain


def test_a_later_stage_wants_sheets_of_those_who_went_on_once_it_has_begun(
    load: Callable[..., Competition], organiser: Account
) -> None:
    marks = [
        mark(code, str(90 - 10 * place), stage_code="A")
        for place, code in enumerate(("P1", "P2", "P3", "P4"))
    ]
    first = load(two_stages(marks))
    assert "sheetless" not in blockers(first)
    later = two_stages([*marks, mark("P1", "50", stage_code="B")])
    later["competition"]["code"] = "LATER"
    second = load(later)
    assert blockers(second)["sheetless"][1] == "赛段B 模块m：P2"
    assert allot_missing(second, organiser) == 1
    assert "sheetless" not in blockers(second)


def test_nothing_is_allotted_before_judging_begins(fresh: Competition, organiser: Account) -> None:
    with pytest.raises(Refused, match="还没开始评分"):
        allot_missing(fresh, organiser)


def test_marks_of_a_sheet_that_was_allotted_late_are_taken(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    without_sheets(competition, module_code="t")
    allot_missing(competition, organiser)
    tablet = Tablet(competition, "J3")
    tablet.send(*tablet.full("P4"))
    assert tablet.values("P4") == {"s": "75.5"}


def test_whoever_comes_after_a_modules_lock_is_said_to_wait_for_its_opening(
    judged: Competition, organiser: Account
) -> None:
    code = register(judged, organiser)
    # As a database of an earlier version has it: since, nobody is added under a lock.
    place = {"event_id": judged.events[0].id, "stage": "S", "module": "m"}
    with unit_of_work() as session:
        lock = {"version": 1, "sheets": 0, "sha256": "0" * 64, "locked_by": organiser.id}
        session.add(LockEntry(competition_id=judged.id, **place, **lock))
    why = signing_state(Tablet(judged, "J1").sheet(code)).why
    assert "裁判长或组委会申请解锁" in str(why)
    assert "裁判长或组委会申请解锁" not in str(signing_state(Tablet(judged, "J1").sheet("P1")).why)


def test_nobody_is_added_under_a_lock_and_who_came_before_it_can_be_taken_away(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    seat(competition, organiser)
    late = db.session.scalars(
        select(Entrant).where(Entrant.code == register(competition, organiser))
    ).one()
    withdraw_person(late, "填错了赛项", organiser)
    assert judges_of(late.code) | judges_of(late.code, "t") == set()
    lock(competition, organiser)
    unlock_marks(competition, "补一个人", organiser)
    with pytest.raises(Refused, match="两个人解锁"):
        return_person(late, organiser)
    with pytest.raises(Refused, match="两个人解锁"):
        register(competition, organiser, "再晚一点", citizen_id(date(1994, 4, 5), 8))
    second = official(competition, "S1")
    for standing in standing_locks(competition):
        ask_unlock(standing, "补一个人", organiser)
        confirm_unlock(standing, second)
    return_person(late, organiser)
    assert judges_of(late.code)
    withdraw_person(late, "不补了", organiser)
    lock(competition, organiser)
    early = db.session.scalars(select(Entrant).where(Entrant.code == "P1")).one()
    assert why_not_withdrawn(early) is not None
    assert list(verify_chain(competition)) == []
