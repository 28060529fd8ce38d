"""Accepting many is taken back as long as nothing hangs on it: out of the list without a trace
but the record's; who withdrew with many comes back with many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import event, func, select

from compete.domain.values.states import ApplicationState, CompetitionState
from compete.models import (
    Account,
    Application,
    Competition,
    Consent,
    Entrant,
    Exemption,
    Member,
    OutcomeEntry,
    Person,
    Portrait,
    Slot,
    Team,
    Withdrawal,
    db,
    utc_now,
)
from compete.services.accounts.sign_in_cards import use_card
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.chains import known_chains
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.acceptance import accept_people
from compete.services.registration.acceptance_undo import last_accepted, undo_accepting
from compete.services.registration.applications import entrants_of, save_person
from compete.services.registration.corrections import correct_person
from compete.services.registration.people_seals import check_people
from compete.services.registration.person_record import records_about
from compete.services.registration.portraits import keep_picture
from compete.services.registration.submission import submit_people
from compete.services.registration.units.links import make_link
from compete.services.registration.waiting_list import places_of
from compete.services.registration.window import Window, change_window
from compete.services.registration.withdrawals import (
    return_people_to_list,
    withdraw_people,
    withdraw_person,
)
from tests.services.registration.test_waiting_list import seen
from tests.sheets.people import citizen_id

_S = ApplicationState
_TABLES = (Entrant, Member, Person, Consent, Exemption, Team)


@pytest.fixture
def contact(fresh: Competition, organiser: Account) -> Account:
    return use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))


def hand_in(
    competition: Competition, by: Account, start: int, many: int, **more: str
) -> list[Application]:
    """So many people with numbers of their own from that one on, handed in."""
    unit = competition.units[0]
    rows = [
        save_person(
            unit,
            competition,
            {"name": f"人{n}", "id_number": citizen_id(date(1991, 2, 3), n)} | more,
            by,
        )
        for n in range(start, start + many)
    ]
    submit_people(unit, competition, [row.public_id for row in rows], by)
    return rows


def counts() -> list[int]:
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in _TABLES]


def all_holds(competition: Competition) -> None:
    assert list(verify_chain(competition)) == []
    assert list(check_people(competition)) == []
    db.session.rollback()
    db.session.expire_all()
    assert [fault for chain in known_chains() for fault in check_rows(chain.number)] == []


@contextmanager
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def hear(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


@pytest.mark.each_database
def test_many_are_out_of_the_list_again_and_may_come_again(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    before = counts()
    rows = hand_in(fresh, contact, 20, 55, consent="同意", team="飞鸟队")
    with unit_of_work():
        keep_picture(fresh, rows[0], b"jpeg", "unit", contact)
    first = [entrant.code for entrant in accept_people(fresh, seen(*rows), organiser).entrants]
    assert counts() != before
    last = last_accepted(fresh)
    assert last is not None
    assert {application.public_id for application in last.applications} == {
        row.public_id for row in rows
    }
    back, left = undo_accepting(fresh, seen(*rows), organiser)
    assert (len(back), left, counts()) == (55, [], before)
    assert {(row.state, row.entrant_id, row.decided_at) for row in rows} == {
        (_S.SUBMITTED, None, None)
    }
    assert db.session.scalars(select(Portrait.application_id)).all() == [rows[0].id]
    assert last_accepted(fresh) is None
    all_holds(fresh)
    again = accept_people(fresh, seen(*rows), organiser).entrants
    assert [entrant.code for entrant in again] == first
    assert [row.action for row in records_about(again[1])] == ["application.accept"]
    all_holds(fresh)


def test_statements_grow_neither_with_who_is_taken_back_nor_with_who_withdraws(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    few, many = hand_in(fresh, contact, 20, 2), hand_in(fresh, contact, 30, 30)
    accept_people(fresh, seen(*few), organiser)
    codes = [entrant.code for entrant in accept_people(fresh, seen(*many), organiser).entrants]
    asked = []
    for some in (codes[:2], codes[2:]):
        with statements() as heard:
            withdraw_people(fresh, dict.fromkeys(some, "单位有任务"), organiser)
        asked.append(len(heard))
        with statements() as heard:
            return_people_to_list(fresh, some, organiser)
        asked.append(len(heard))
    assert asked[2] <= asked[0] + 2
    assert asked[3] <= asked[1] + 2
    others = hand_in(fresh, contact, 70, 30)
    accept_people(fresh, seen(*others), organiser)
    sums = []
    for some in (few, others):
        ticked = seen(*some)
        with statements() as heard:
            assert undo_accepting(fresh, ticked, organiser)[1] == []
        sums.append(len(heard))
    # Of each a seal or two is looked up; nothing else is asked of anybody alone.
    assert sums[1] <= sums[0] + 2 * 28 + 4, sums


def test_whose_difficulty_was_told_stays(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    rows = hand_in(fresh, contact, 20, 2)
    entrant = accept_people(fresh, seen(*rows), organiser).entrants[0]
    with unit_of_work():
        after = {"people": 1, "set": {entrant.code: {"a": "1.5"}}}
        audit.record(fresh, organiser, "difficulty.set", "跳水", after=after)
    back, left = undo_accepting(fresh, seen(*rows), organiser)
    assert [row.name for row in back] == [rows[1].name]
    assert str(left[0].why).startswith("收下以后又办过别的")


def test_what_hangs_on_somebody_keeps_them_and_is_said(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    rows = hand_in(fresh, contact, 20, 4)
    entrants = accept_people(fresh, seen(*rows), organiser).entrants
    withdraw_person(entrants[0], "骨折", organiser)
    correct_person(entrants[1], {"name": "改名"}, "写错", organiser)
    stale = seen(*rows) | {rows[2].public_id: rows[2].version - 1}
    back, left = undo_accepting(fresh, stale, organiser)
    assert [row.name for row in back] == [rows[3].name]
    reasons = {leftover.application.public_id: str(leftover.why) for leftover in left}
    assert reasons[rows[0].public_id].startswith("收下以后又办过别的")
    assert reasons[rows[1].public_id].startswith("收下以后又办过别的")
    assert reasons[rows[2].public_id] == "刚被改过，再看一遍"
    assert last_accepted(fresh) is None
    all_holds(fresh)
    with pytest.raises(Refused, match="先勾选"):
        undo_accepting(fresh, {}, organiser)
    with unit_of_work():
        fresh.state = CompetitionState.JUDGING
    with pytest.raises(Refused, match="评分已经开始"):
        undo_accepting(fresh, seen(rows[2]), organiser)


def test_a_crew_goes_as_a_whole_and_who_waited_waits_where_they_did(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    crew = hand_in(fresh, contact, 20, 2, crew="海鹰组")
    accept_people(fresh, seen(*crew), organiser)
    back, left = undo_accepting(fresh, seen(crew[0]), organiser)
    assert (back, [str(leftover.why) for leftover in left]) == (
        [],
        ["同组的还有 人21，一组的人一起办"],
    )
    assert len(undo_accepting(fresh, seen(*crew), organiser)[0]) == 2
    there = len(entrants_of(fresh.units[0]))
    change_window(fresh, Window(None, None, there + 1), organiser)
    first, two = hand_in(fresh, contact, 30, 2)
    with time_machine.travel(utc_now() + timedelta(hours=2), tick=False):
        done = accept_people(fresh, seen(first, two), organiser)
        assert [row.name for row in done.waiting] == [two.name]
        since = two.decided_at
    undo_accepting(fresh, seen(first), organiser)
    change_window(fresh, Window(None, None, there + 2), organiser)
    accept_people(fresh, seen(two), organiser)
    undo_accepting(fresh, seen(two), organiser)
    assert (two.state, two.decided_at, places_of(fresh)) == (_S.WAITING, since, {two.public_id: 1})
    all_holds(fresh)


def test_many_withdraw_for_one_reason_and_come_back(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    rows = hand_in(fresh, contact, 20, 3)
    entrants = accept_people(fresh, seen(*rows), organiser).entrants
    codes = [entrant.code for entrant in entrants]
    withdraw_person(entrants[0], "骨折", organiser)
    for codes_told, reason, why in (([], "任务", "先勾选"), (codes, " ", "要写原因")):
        with pytest.raises(Refused, match=why):
            withdraw_people(fresh, dict.fromkeys(codes_told, reason), organiser)
    with pytest.raises(Refused, match="刚被别人改过"):
        withdraw_people(fresh, dict.fromkeys([*codes, "没有"], "任务"), organiser)
    done, stayed = withdraw_people(fresh, dict.fromkeys(codes, "单位有任务"), organiser)
    assert [entrant.code for entrant in done] == codes[1:]
    assert [(leftover.entrant.code, str(leftover.why)) for leftover in stayed] == [
        (codes[0], "已经退赛了")
    ]
    rows_there = db.session.scalars(select(Withdrawal.reason)).all()
    assert sorted(rows_there) == sorted(["骨折", "单位有任务", "单位有任务"])
    assert [row.reason for row in records_about(entrants[2])][:1] == ["单位有任务"]
    back, away, beside = return_people_to_list(fresh, codes[1:], organiser)
    assert ([entrant.code for entrant in back], away, beside) == (codes[1:], [], [])
    assert standing_withdrawal(entrants[0]) is not None
    assert standing_withdrawal(entrants[1]) is None
    with unit_of_work():
        db.session.add(
            OutcomeEntry(entrant_id=entrants[1].id, stage="s", status="dns", reason="没来")
        )
    done, stayed = withdraw_people(fresh, dict.fromkeys(codes[1:], "任务"), organiser)
    assert [entrant.code for entrant in done] == codes[2:]
    assert str(stayed[0].why).startswith("已经有评分表")
    all_holds(fresh)


def test_who_stands_alone_at_a_place_is_named_and_nobody_of_a_shared_room(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    rows = hand_in(fresh, contact, 20, 4)
    first, *others = accept_people(fresh, seen(*rows), organiser).entrants
    with unit_of_work() as session:
        for entrant in (first, others[0]):
            session.add(Slot(entrant_id=entrant.id, stage="s", module="m", station="1号"))
        for entrant in (first, *others):
            session.add(Slot(entrant_id=entrant.id, stage="s", module="n", station="第1考场"))
    withdraw_people(fresh, dict.fromkeys([first.code], "任务"), organiser)
    _back, _away, beside = return_people_to_list(fresh, [first.code], organiser)
    assert [neighbour.code for neighbour in beside] == [others[0].code]
