"""Ties by agreements: judges who taught a contestant, lines of records, the best of a year."""

from __future__ import annotations

from datetime import date

import pytest

from compete.domain.seating import ClashKind
from compete.domain.values.mentor_states import MentorOutcome
from compete.models import Account, Competition, Judge, Organisation, db
from compete.services.accounts.accounts import create_account
from compete.services.kernel.transactions import unit_of_work
from compete.services.mentors.mentorship_fields import EndFields
from compete.services.mentors.mentorships import end_pair, withdraw_pair
from compete.services.schedule.clashes import Clash, clashes_in
from compete.services.workers.mentor_merits import MeritKind, merits_of_year
from compete.services.workers.record import LineKind, record_of
from tests.services.directory.test_person_records import entrant
from tests.support.announced import announce
from tests.support.mentors import pair_of, works
from tests.support.small import IDS

DAY = date(2024, 6, 1)


@pytest.fixture
def admin(fresh: Competition) -> Account:
    account = create_account("管理员", is_admin=True)
    works(account)
    with unit_of_work():
        fresh.starts = fresh.ends = DAY
    return account


def judge_of(competition: Competition, code: str = "J1") -> Judge:
    return next(judge for judge in competition.judges if judge.code == code)


def between(competition: Competition) -> list[Clash]:
    (event,) = competition.events
    clashes = clashes_in(event, "S", "m")
    return [it for it in clashes.at(judge_of(competition).id, "") if it.kind is ClashKind.MENTOR]


def pair_with(admin: Account, competition: Competition, first: date, last: date, **more: str):  # type: ignore[no-untyped-def]
    """J1 teaches P1; the judge's own record is found by the name and the unit."""
    judge = judge_of(competition)
    assert judge.person is not None
    with unit_of_work():
        judge.person.unit_name, judge.person.unit_key = "裁判所", "裁判所"
    names = {
        "mentor": judge.name,
        "mentor_unit": "裁判所",
        "pupil": "赵启明",
        "pupil_number": IDS["P1"],
    } | more
    return pair_of(admin, starts=first, until=last, **names)


@pytest.mark.each_database
def test_a_judge_who_taught_a_contestant_within_three_years_clashes(
    fresh: Competition, admin: Account
) -> None:
    assert between(fresh) == []
    row = pair_with(admin, fresh, date(2020, 6, 2), date(2021, 6, 1))
    assert row.mentor_id == judge_of(fresh).person_id
    (clash,) = between(fresh)
    assert (clash.hard, str(clash.words)) == (True, "带过 赵启明，到 2021 年")
    withdraw_pair(row, "写错了", admin)
    assert between(fresh) == []
    pair_with(admin, fresh, date(2020, 6, 1), date(2021, 5, 31))
    assert between(fresh) == []
    # What begins after the competition ties nobody in it.
    pair_with(admin, fresh, date(2024, 6, 2), date(2025, 6, 1))
    assert between(fresh) == []


def test_who_learnt_from_a_contestant_clashes_too(fresh: Competition, admin: Account) -> None:
    judge = judge_of(fresh)
    pair_with(
        admin,
        fresh,
        date(2023, 1, 1),
        date(2023, 12, 31),
        mentor="赵启明",
        mentor_unit="甲单位",
        mentor_number=IDS["P1"],
        pupil=judge.name,
        pupil_unit="裁判所",
        pupil_number="",
    )
    (clash,) = between(fresh)
    assert str(clash.words) == "跟 赵启明 学过，到 2023 年"


def test_both_have_the_tie_in_their_records(fresh: Competition, admin: Account) -> None:
    row = pair_with(admin, fresh, date(2023, 1, 1), date(2023, 12, 31))
    end_pair(row, EndFields(outcome=MentorOutcome.PASS, day=date(2023, 10, 1)), admin)
    for person, teaches in ((row.mentor, True), (row.pupil, False)):
        (line,) = [it for it in record_of(person).lines if it.kind is LineKind.MENTOR]
        assert line.tie is not None
        assert (line.tie.teaches, line.day) == (teaches, date(2023, 10, 1))
    # A unit is shown what its organisation made, and nothing else.
    unit = entrant(fresh, "P1").unit
    with unit_of_work():
        unit.organisation_id = None
    kinds = {it.kind for it in record_of(row.pupil, unit).lines}
    assert LineKind.MENTOR not in kinds
    with unit_of_work():
        unit.organisation_id = row.organisation_id
    kinds = {it.kind for it in record_of(row.pupil, unit).lines}
    assert LineKind.MENTOR in kinds


def test_the_best_mentors_by_what_pupils_earned(judged: Competition, organiser: Account) -> None:
    admin = create_account("管理员", is_admin=True)
    home = works(admin)
    with unit_of_work():
        judged.starts = judged.ends = DAY
    announce(judged, organiser)
    best = pair_of(
        admin,
        "甲师傅",
        "赵启明",
        pupil_number=IDS["P1"],
        starts=date(2023, 1, 1),
        until=date(2023, 6, 1),
    )
    pair_of(
        admin,
        "乙师傅",
        "李小小",
        pupil_number=IDS["P4"],
        starts=date(2024, 1, 1),
        until=date(2024, 12, 31),
    )
    # A year and a day after it ended nothing counts any more.
    pair_of(
        admin,
        "丙师傅",
        "赵启明",
        pupil_number=IDS["P1"],
        starts=date(2022, 1, 1),
        until=date(2022, 5, 31),
    )
    end_pair(best, EndFields(outcome=MentorOutcome.EXCELLENT), admin)
    rows = merits_of_year(home, 2024, admin)
    assert [(it.mentor.name, it.rank, it.pupils) for it in rows] == [
        ("甲师傅", 1, 1),
        ("乙师傅", 2, 1),
    ]
    assert rows[0].points_of(MeritKind.PLACE) == 10
    # The assessment is of the year in which it ended.
    assert rows[0].points_of(MeritKind.OUTCOME) == 0
    before = merits_of_year(home, 2023, admin)
    assert before[0].points_of(MeritKind.OUTCOME) == 10
    above = db.session.get_one(Organisation, home.id)
    assert merits_of_year(above, 2020, admin) == []
    assert sum(it.points for it in rows[0].merits) == rows[0].points
