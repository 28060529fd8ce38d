"""What certificates of this installation say of who tries for a grade, at every door."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from compete.models import (
    Account,
    Application,
    AuditEntry,
    Certificate,
    Competition,
    Entrant,
    Event,
    db,
)
from compete.services.certificates.issuing_bodies import choose_body
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.applicant_eligibility import (
    conditions_of_entrants,
    who_meets,
)
from compete.services.registration.applications import problems_of
from compete.services.registration.corrections import WrongFieldsError, correct_person
from compete.services.registration.known_layouts import say_cell
from compete.services.registration.opening import begin_judging
from compete.services.registration.people_seals import check_people
from compete.services.registration.preview import keep_upload, plan_of
from compete.services.schedule.allocation import assign_judges
from compete.services.scoring.bundle_out import export_bundle
from tests.services.certificates.test_one_grade_once import approve, issue, sitting
from tests.sheets.people import own_table
from tests.sheets.reading.files import id_of
from tests.support.announced import announce
from tests.support.announced import body_for as new_body
from tests.support.passing import passed
from tests.support.sittings import enter

HEAD = ("姓名", "身份证号", "单位", "申报等级", "现等级", "取得现等级的日期", "本职业年限")
ISSUED = date(2026, 5, 20)


def next_sitting(grade: int = 4) -> dict[str, Any]:
    """A later evaluation of the same occupation at which nobody is registered yet."""
    plain = sitting("N")
    plain["competition"] |= {"starts": "2026-08-01"}
    plain["entrants"], plain["marks"] = [], []
    when = {"holds": {"at_least": grade + 1}, "years_in_grade": 3}
    long = {"years_in_trade": 10}
    plain["events"][0] |= {
        "grade": grade,
        "apply": [{"code": "step", "when": when}, {"code": "long", "when": long}],
    }
    return plain


def certified(load: Callable[..., Competition], by: Account, grade: int) -> None:
    """Somebody, P1, gets a certificate of that grade on the day `ISSUED`."""
    plain = sitting("A")
    plain["events"][0]["grade"] = grade
    competition = load(plain)
    announce(competition, by)
    choose_body(competition, new_body(competition), by)
    approve(competition, by)
    issue(competition, by)
    with unit_of_work():
        for row in db.session.scalars(select(Certificate)):
            row.issued_on = ISSUED
        audit.record(competition, by, "test.dated", "P1")


def test_years_run_from_the_certificate_that_was_issued_here(
    load: Callable[..., Competition], organiser: Account
) -> None:
    certified(load, organiser, 5)
    competition = load(next_sitting())
    who = enter(competition, organiser, grade="五级", grade_since="2020-01-01")
    assert (who.grade, who.grade_since) == (5, ISSUED)
    state = conditions_of_entrants(competition, [who])[who.code]
    assert not state.eligible
    assert state.earliest == date(2029, 5, 20)
    # Nor does a correction set them otherwise.
    with pytest.raises(WrongFieldsError) as refused:
        correct_person(who, {"grade_since": "2020-01-01"}, "他说的", organiser)
    assert "2026-05-20" in str(refused.value.problems["grade_since"])


@pytest.mark.parametrize("grade", [4, 3])
def test_who_has_the_grade_or_a_higher_one_is_refused_at_the_door(
    load: Callable[..., Competition], organiser: Account, grade: int
) -> None:
    certified(load, organiser, grade)
    competition = load(next_sitting())
    with pytest.raises(WrongFieldsError) as refused:
        enter(competition, organiser, grade="五级", grade_since="2020-01-01")
    assert "2026-05-20" in str(refused.value.problems["grade"])
    row = ("王小1", id_of(1), "一站", "泵站运行工 四级", "五级", "2020-01-01", "12年")
    batch = keep_upload(competition, "a.xlsx", own_table(HEAD, row), organiser)
    (planned,) = plan_of(batch).rows
    assert "grade" in planned.bad_columns


def test_the_contact_and_the_applicant_are_told(
    load: Callable[..., Competition], organiser: Account
) -> None:
    certified(load, organiser, 4)
    competition = load(next_sitting())
    row = Application(
        competition_id=competition.id,
        competition=competition,
        unit=competition.units[0],
        event_id=competition.events[0].id,
        cells=json.dumps(
            {
                "name": "王小1",
                "id_number": id_of(1),
                "event": "A",
                "grade": "五级",
                "grade_since": "2020-01-01",
            }
        ),
    )
    with db.session.no_autoflush:
        assert "不能再报" in str(problems_of(row)["grade"])


def test_who_got_one_after_they_were_taken_is_looked_at_again(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(next_sitting())
    who = enter(competition, organiser, grade="五级", grade_since="2020-01-01")
    assert [it.eligible for it in who_meets(competition)] == [True]
    certified(load, organiser, 4)
    assert [it.eligible for it in who_meets(competition)] == [False]
    state = conditions_of_entrants(competition, [db.session.get_one(Entrant, who.id)])[who.code]
    assert not state.eligible


def test_an_emptied_answer_is_never_taken_for_none(
    load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(next_sitting(3))
    row = ("王新", id_of(7), "一站", "泵站运行工 四级", "三级", "2020-01-01", "12年")
    batch = keep_upload(competition, "a.xlsx", own_table(HEAD, row), organiser)
    (planned,) = plan_of(batch).rows
    assert planned.bad_columns == {"grade"}
    for key in ("grade", "grade_since"):
        say_cell(batch, [planned.number], key, "")
    (planned,) = plan_of(batch).rows
    assert planned.bad_columns == {"grade"}
    (problem,) = planned.problems
    assert problem.needed
    # What is said to be none is an answer, which somebody stands for.
    say_cell(batch, [planned.number], "grade", "无")
    assert not plan_of(batch).rows[0].problems


@pytest.mark.parametrize("opened", [False, True])
def test_results_count_the_years_from_the_certificate_as_of_opening(
    load: Callable[..., Competition], organiser: Account, opened: bool
) -> None:
    competition = load(next_sitting())
    who = enter(competition, organiser, grade="五级", grade_since="2020-01-01")
    if opened:
        certified(load, organiser, 5)
    for event in competition.events:
        seat_judges(competition, event, organiser)
    with pytest.raises(Refused, match="1 人没有通过审核"):
        begin_judging(competition, organiser, "考评员少")
    db.session.rollback()
    begin_judging(passed(competition), organiser, "考评员少")
    if not opened:
        # What is issued once it is open counts the next time.
        certified(load, organiser, 5)
    (entrant,) = export_bundle(competition).entrants
    day = ISSUED if opened else date(2020, 1, 1)
    assert (entrant.grade, entrant.grade_since) == (5, day)
    state = conditions_of_entrants(competition, [db.session.get_one(Entrant, who.id)])[who.code]
    assert state.eligible is not opened
    assert [it.eligible for it in who_meets(competition)] == [not opened]
    assert list(check_people(competition)) == []
    assert list(verify_chain(competition)) == []
    reasons = db.session.scalars(
        select(AuditEntry.reason).where(AuditEntry.action == "entrant.correct")
    ).all()
    assert len(reasons) == opened


def seat_judges(competition: Competition, event: Event, by: Account) -> None:
    """Each module of the first stage gets as many judges as its panel has."""
    (stage, *_later) = rules_of(event).stages
    judges = [judge for judge in competition.judges if judge.code.startswith("J")]
    for module in stage.modules:
        seats = [(judge, "") for judge in judges[: module.panel.size]]
        assign_judges(event, stage.code, module.code, seats, by)
