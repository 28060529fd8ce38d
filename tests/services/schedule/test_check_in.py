"""Check-ins: each act a row that stays, sent twice counted once, and what follows for who came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from compete.domain.values.roles import Role
from compete.domain.values.states import CheckInKind, CompetitionState
from compete.models import Account, CheckIn, Competition, OutcomeEntry, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.arrivals import (
    Arrival,
    ArrivalState,
    arrivals_of,
    count_whole,
    expected_of,
    is_check_in_recorded,
)
from compete.services.schedule.check_in_acts import CheckInIn, take_check_ins, undo_check_in
from tests.support.small import small

S = ArrivalState
DAY = date(2026, 9, 16)
STARTS = datetime(2026, 9, 16, 2, 20, tzinfo=UTC)  # 10:20 in the hall
IN_TIME = STARTS - timedelta(minutes=25)


def planned(**keys: Any) -> dict[str, Any]:
    """Four people in two sessions of one module; the other module needs no check-in."""
    plain = small(**keys)

    def session(name: str, starts: str, people: list[str]) -> dict[str, Any]:
        return {
            **{
                "event": plain["events"][0]["code"],
                "stage": "S",
                "module": "m",
                "session": name,
                "station": "2号",
            },
            **{"check_in": f"2026-09-16T{starts[:2]}:00", "starts": f"2026-09-16T{starts}"},
            **{"judges": [], "entrants": people},
        }

    plain["competition"]["extra"] = {
        "schedule": [
            session("第1场", "10:20", ["P1", "P2"]),
            session("第2场", "14:30", ["P3", "P4"]),
        ]
    }
    return plain


@pytest.fixture
def hall(load: Callable[..., Competition]) -> Competition:
    return load(planned())


@pytest.fixture
def clerk(hall: Competition) -> Account:
    account = create_account("丁一鸣")
    grant_role(account, hall, Role.CLERK)
    return account


def act(entrant: str = "P1", **keys: Any) -> CheckInIn:
    session = "第1场" if entrant in ("P1", "P2") else "第2场"
    fields: dict[str, Any] = {
        **{"uuid": str(uuid4()), "kind": CheckInKind.PASSED, "entrant": entrant, "stage": "S"},
        **{"session": session, "day": DAY, "at": IN_TIME, "compared": True, "items": ("身份证",)},
    }
    return CheckInIn(**(fields | keys))


def arrival(hall: Competition, code: str, now: datetime = IN_TIME) -> Arrival:
    return next(row for row in arrivals_of(hall, now) if row.entrant.code == code)


def states(hall: Competition, now: datetime = IN_TIME) -> Counter[ArrivalState]:
    counted = Counter(row.state for row in arrivals_of(hall, now))
    assert count_whole(hall, now) == counted
    return counted


def why(hall: Competition, by: Account, *acts: CheckInIn) -> list[str]:
    return [str(reason) for _uuid, reason in take_check_ins(hall, acts, by).refused]


def test_nobody_is_said_to_be_there_whom_no_record_names(hall: Competition, clerk: Account) -> None:
    assert not is_check_in_recorded(hall)
    assert states(hall) == {S.EXPECTED: 4}
    assert states(hall, STARTS + timedelta(seconds=1)) == {S.LATE: 2, S.EXPECTED: 2}
    sent = act()
    assert take_check_ins(hall, [sent], clerk).stored == [sent.uuid]
    assert is_check_in_recorded(hall)
    after = STARTS + timedelta(hours=9)
    assert states(hall, after) == {S.PRESENT: 1, S.LATE: 3}
    assert states(hall, after).total() == 4
    row = db.session.query(CheckIn).one()
    assert (row.items, row.compared, row.account_id) == (["身份证"], True, clerk.id)
    assert list(verify_chain(hall)) == list(check_rows(hall.id)) == []


def test_sent_twice_it_counts_once_and_two_tablets_both_show(
    hall: Competition, clerk: Account
) -> None:
    first, later = act(tablet="A"), act(at=IN_TIME + timedelta(minutes=2), tablet="B")
    for _again in range(2):
        assert take_check_ins(hall, [later, first], clerk).stored == [later.uuid, first.uuid]
    assert db.session.query(CheckIn).count() == 2
    check_in = arrival(hall, "P1")
    assert [row.tablet for row in check_in.passes] == ["A", "B"]
    assert check_in.came_at == IN_TIME
    take_check_ins(hall, [act(kind=CheckInKind.UNDONE, undoes=first.uuid)], clerk)
    assert [row.tablet for row in arrival(hall, "P1").passes] == ["B"]


def test_undoing_is_a_row_of_its_own_and_late_only_for_the_desk(
    hall: Competition, clerk: Account, organiser: Account
) -> None:
    passed = act()
    take_check_ins(hall, [passed], clerk)
    late = act(kind=CheckInKind.UNDONE, undoes=passed.uuid, at=IN_TIME + timedelta(minutes=11))
    assert why(hall, clerk, late) == ["检录过了 10 分钟，找组委会撤销"]
    assert arrival(hall, "P1").state is S.PRESENT
    undo_check_in(hall, passed.uuid, organiser)
    assert arrival(hall, "P1").state is S.EXPECTED
    assert states(hall) == {S.EXPECTED: 4}
    assert db.session.query(CheckIn).count() == 2
    with pytest.raises(Refused, match="已经撤销"):
        undo_check_in(hall, passed.uuid, organiser)
    assert why(hall, clerk, act(kind=CheckInKind.UNDONE, undoes=str(uuid4()))) == [
        "没有这条检录记录"
    ]


def test_what_cannot_be_taken_says_why_and_stops_nothing_else(
    hall: Competition, clerk: Account
) -> None:
    good = act("P2")
    taken = take_check_ins(
        hall,
        [
            act(compared=False),
            act("P9"),
            act(session="第2场"),
            act(uuid="1"),
            act(kind=CheckInKind.STOPPED),
            good,
        ],
        clerk,
    )
    assert taken.stored == [good.uuid]
    assert [str(reason) for _uuid, reason in taken.refused] == [
        "P1 的本人还没对过",
        "没有 P9 这个编号",
        "P1 的场次改过了，看过名单再检录一次",
        "这一条读不懂，再检录一次",
        "没放行要写一句为什么",
    ]
    with unit_of_work():
        hall.state = CompetitionState.FINAL
    with pytest.raises(Refused, match="已经结束"):
        take_check_ins(hall, [act()], clerk)


def test_who_was_not_let_in_is_not_there_until_somebody_lets_them_in(
    hall: Competition, clerk: Account
) -> None:
    take_check_ins(hall, [act(kind=CheckInKind.STOPPED, note="照片上是别人")], clerk)
    check_in = arrival(hall, "P1")
    assert check_in.state is S.EXPECTED
    assert check_in.stopped is not None
    assert check_in.stopped.note == "照片上是别人"
    take_check_ins(hall, [act(at=IN_TIME + timedelta(minutes=1))], clerk)
    assert arrival(hall, "P1").stopped is None


def test_absent_is_who_was_decided_absent_and_closing_is_the_competitions(
    hall: Competition, clerk: Account
) -> None:
    with unit_of_work() as session:
        change_settings(hall, check_in_closes=15)
        entrant = arrival(hall, "P2").entrant
        session.add(OutcomeEntry(entrant_id=entrant.id, stage="S", module="m", status="dns"))
    assert arrival(hall, "P1").closes_at == STARTS - timedelta(minutes=15)
    assert arrival(hall, "P1", STARTS - timedelta(minutes=14)).state is S.LATE
    assert arrival(hall, "P2").state is S.ABSENT
    assert states(hall) == {S.EXPECTED: 3, S.ABSENT: 1}
    take_check_ins(hall, [act(at=STARTS - timedelta(minutes=9), note="吴敏准的")], clerk)
    assert arrival(hall, "P1").late_by == timedelta(minutes=6)


def test_without_a_plan_everybody_checks_in_once(
    load: Callable[..., Competition], organiser: Account
) -> None:
    hall = load(small())
    assert states(hall) == {S.UNTIMED: 4}
    assert why(hall, organiser, act(session=None, day=None)) == []
    assert states(hall) == {S.PRESENT: 1, S.UNTIMED: 3}


def test_who_withdrew_is_waited_for_no_more(
    hall: Competition, clerk: Account, organiser: Account
) -> None:
    withdraw_person(arrival(hall, "P2").entrant, "家里有事", organiser)
    assert states(hall) == {S.EXPECTED: 3}
    assert why(hall, clerk, act("P2")) == ["P2 退赛了，找组委会"]


def test_taking_back_is_told_of_its_own_occasion_whatever_the_device_says(
    hall: Competition, clerk: Account
) -> None:
    passed = act()
    undone = act(
        kind=CheckInKind.UNDONE,
        undoes=passed.uuid,
        stage="没有" * 50,
        session="第2场",
        note="长" * 900,
        items=("长" * 900,),
    )
    assert take_check_ins(hall, [passed, undone], clerk).stored == [passed.uuid, undone.uuid]
    assert states(hall) == {S.EXPECTED: 4}
    row = db.session.query(CheckIn).filter_by(uuid=undone.uuid).one()
    assert (row.stage, row.session, row.note, row.items) == ("S", "第1场", None, [])


def test_nothing_but_an_undoing_takes_an_act_back(hall: Competition, clerk: Account) -> None:
    passed = act()
    take_check_ins(hall, [passed, act("P2", undoes=passed.uuid)], clerk)
    assert states(hall) == {S.PRESENT: 2, S.EXPECTED: 2}


@pytest.mark.parametrize(
    "spoilt",
    [
        {"at": datetime.fromisoformat("0001-01-01T00:00:00+14:00")},
        {"at": datetime.fromisoformat("9999-12-31T23:59:59-14:00")},
        {"entrant": "P\0"},
        {"undoes": "\0"},
        {"items": ("\0",)},
    ],
)
def test_what_no_database_keeps_is_refused_and_the_rest_is_taken(
    hall: Competition, clerk: Account, spoilt: dict[str, Any]
) -> None:
    good, bad = act("P2"), act(**({"entrant": "P1"} | spoilt))
    taken = take_check_ins(hall, [bad, good], clerk)
    assert taken.stored == [good.uuid]
    assert [uuid for uuid, _why in taken.refused] == [bad.uuid]


def two_modules_of_one_name() -> dict[str, Any]:
    """A plan whose modules both have a 第1场, at 10:20 and at 16:10."""
    plain = planned()
    schedule = plain["competition"]["extra"]["schedule"]
    schedule.append(
        schedule[0] | {"module": "t", "check_in": "2026-09-16T16:00", "starts": "2026-09-16T16:10"}
    )
    return plain


def test_modules_whose_sessions_share_a_name_are_checked_in_for_apart(
    load: Callable[..., Competition],
) -> None:
    hall = load(two_modules_of_one_name())
    clerk = create_account("丁一鸣")
    grant_role(clerk, hall, Role.CLERK)
    # As every check-in was stored while the plan knew the name alone: it is the earlier one.
    take_check_ins(hall, [act()], clerk)
    after = STARTS + timedelta(minutes=5)
    here = {
        (row.occasion.module, row.occasion.modules): row.state
        for row in arrivals_of(hall, after)
        if row.entrant.code == "P1"
    }
    assert here == {(None, ("m",)): S.PRESENT, ("t", ("t",)): S.EXPECTED}
    assert len(expected_of(hall)) == 3
    take_check_ins(hall, [act(module="t")], clerk)
    assert count_whole(hall, after)[S.PRESENT] == 2
    assert list(verify_chain(hall)) == []
