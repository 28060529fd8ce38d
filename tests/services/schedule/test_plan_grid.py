"""What the plan lacks: examiners by room, who is in two places, sessions that nobody oversees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from compete.models import Account, Competition, Judge, Person, db
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.allocation import assign_judges
from compete.services.schedule.overseers import session_key, set_overseer
from compete.services.schedule.plan_grid import DayPlan, plan_of
from tests.support.judging import judge_of
from tests.support.passing import passed
from tests.support.roomed import centre, draw_all, lay_in, make_rooms, planned

Load = Callable[..., Competition]
SIZES = {"201": 48, "202": 48, "203": 60, "泵机组": 8}


def lacks(competition: Competition) -> list[str]:
    db.session.rollback()
    return [str(words) for words in plan_of(competition).lacks]


def cell(plan: DayPlan, room: str) -> list[tuple[int, int, int]]:
    """Who sits, how many seats are free and how many examiners are wanted, by session."""
    return [(it.sitting, it.free, it.wanted) for it in plan.cells.values() if it.room.name == room]


@pytest.fixture
def evaluation(load: Load, organiser: Account) -> Competition:
    competition = passed(load(centre(people={"A": 54, "B": 40})))
    rooms = make_rooms(organiser, **SIZES)
    planned(competition, organiser, [rooms["201"], rooms["203"]], rooms["泵机组"])
    return competition


def seat(competition: Competition, event: str, of: str, room: str, by: Account, *n: int) -> None:
    row = next(it for it in competition.events if it.code == event)
    seats = [(judge_of(competition, f"J{it}"), room) for it in n]
    assign_judges(row, "s", of, seats, by)


def test_each_room_wants_examiners_for_those_who_sit_there(evaluation: Competition) -> None:
    plan = plan_of(evaluation)
    assert (plan.sittings, plan.seated, plan.late) == (188, 188, 0)
    assert cell(plan, "203") == [(54, 6, 4)]
    assert cell(plan, "201") == [(40, 8, 3)]
    # By turns of eight at most: two examiners by the ratio, three at least.
    assert {wanted for _sitting, _free, wanted in cell(plan, "泵机组")} == {3}
    assert "203 理论第1场要 4 名裁判，差 4 名" in lacks(evaluation)


def test_nobody_examines_in_two_rooms_at_one_time(
    evaluation: Competition, organiser: Account
) -> None:
    seat(evaluation, "A", "theory", "203", organiser, 1, 2, 3)
    seat(evaluation, "B", "theory", "201", organiser, 4, 5, 6)
    assert not any("同时" in words for words in lacks(evaluation))
    seat(evaluation, "B", "theory", "201", organiser, 3, 5, 6)
    assert "考评3 同时在203（理论第1场）和201（理论第1场）" in [
        words.replace("201（理论第1场）和203（理论第1场）", "203（理论第1场）和201（理论第1场）")
        for words in lacks(evaluation)
    ]


def test_who_examines_elsewhere_at_that_time_is_named_with_the_other_competition(
    evaluation: Competition, load: Load, organiser: Account
) -> None:
    other = passed(load(centre("EV2", {"A": 30})))
    rooms = make_rooms(organiser, 电教室=40)
    lay_in(other, "1", "2026-12-07 10:00", [rooms["电教室"]], organiser)
    draw_all(other, organiser)
    seat(evaluation, "A", "theory", "203", organiser, 1, 2, 3)
    seat(other, "A", "theory", "电教室", organiser, 1, 5, 6)
    assert not any("同时" in words for words in lacks(evaluation))
    with unit_of_work() as session:
        person = Person(name="考评1", name_key="考评1")
        session.add(person)
        session.flush()
        for judge in session.scalars(select(Judge).where(Judge.code == "J1")):
            judge.person_id = person.id
    words = f"考评1 同时在203（理论第1场）和“{other.name}”的电教室"
    assert words in lacks(evaluation)
    assert any("同时在电教室" in it and evaluation.name in it for it in lacks(other))


def test_a_session_that_nobody_oversees_is_named_until_somebody_does(
    load: Load, organiser: Account
) -> None:
    bundle = centre(people={"A": 20})
    bundle["judges"].append({"code": "S1", "name": "田春", "role": "supervisor"})
    evaluation = passed(load(bundle))
    rooms = make_rooms(organiser, **SIZES)
    lay_in(evaluation, "1", "2026-12-07 09:00", [rooms["201"]], organiser)
    assert "12月7日 理论第1场没有督导" in lacks(evaluation)
    key = session_key(plan_of(evaluation).sessions[0].key[0], "理论第1场")
    with pytest.raises(Refused, match="先选谁督导"):
        set_overseer(evaluation, key, "J1", organiser)
    db.session.rollback()
    assert set_overseer(evaluation, key, "S1", organiser)
    assert not any("没有督导" in words for words in lacks(evaluation))
    assert [it.name for it in plan_of(evaluation).sessions[0].overseers] == ["田春"]
    set_overseer(evaluation, key, "", organiser)
    assert "12月7日 理论第1场没有督导" in lacks(evaluation)
