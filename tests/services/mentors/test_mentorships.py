"""Agreements of mentors: made, refused, corrected, visited, ended, withdrawn, many at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from compete.domain.values.mentor_states import MentorOutcome, MentorshipState
from compete.models import (
    Account,
    AuditEntry,
    Competition,
    Person,
    db,
)
from compete.services.accounts.accounts import create_account
from compete.services.directory.organisations import add_organisation
from compete.services.kernel.refusal import Refused, WrongFieldsError
from compete.services.kernel.transactions import unit_of_work
from compete.services.mentors.mentor_rules import MentorRules, rules_in_force, set_rules
from compete.services.mentors.mentorship_fields import (
    EndFields,
    TermFields,
    VisitFields,
    term_of,
    texts_of_pair,
)
from compete.services.mentors.mentorship_rows import plan_pairs
from compete.services.mentors.mentorships import (
    Wanted,
    correct_pair,
    end_pair,
    find_mentorship,
    find_mentorships,
    make_pair,
    note_visit,
    notes_of,
    open_again,
    withdraw_pair,
    withdraw_visit,
    write_pairs,
)
from tests.support.mentors import WORKS, pair_fields, pair_of, row_texts, words_of, works
from tests.support.small import IDS

pytestmark = [pytest.mark.usefixtures("here"), pytest.mark.each_database]


@pytest.fixture
def desk(here: Flask) -> Iterator[Account]:
    with time_machine.travel(date(2026, 6, 1), tick=True):
        account = create_account("管理员", is_admin=True)
        works(account)
        yield account


def faults_of(by: Account, *args: str, **more: object) -> dict[str, str]:
    with pytest.raises(WrongFieldsError) as refused:
        pair_of(by, *args, **more)
    return words_of(dict(refused.value.faults))


def test_an_agreement_is_made_with_people_of_its_own(desk: Account) -> None:
    row = pair_of(desk, aims="能独立焊管\n考高级工", document="XY-1")
    assert (row.mentor.name, row.pupil.name, row.state) == ("王师傅", "小李", MentorshipState.OPEN)
    assert (row.mentor.unit_name, row.pupil_unit) == ("炼钢车间", "炼钢车间")
    again = pair_of(desk, pupil="小张")
    assert again.mentor_id == row.mentor_id
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert entry.action == "mentorship.make"
    assert entry.after["pupil"] == "小张"


@pytest.mark.usefixtures("fresh")
def test_people_of_the_directory_are_known_by_number_or_by_unit(desk: Account) -> None:
    known = db.session.scalars(select(Person).filter_by(name="赵启明")).one()
    row = pair_of(desk, "赵启明", mentor_unit="别处", mentor_number=IDS["P1"])
    assert row.mentor_id == known.id
    other = pair_of(desk, "钱文", "小王", mentor_unit="甲单位")
    assert other.mentor.id_hash is not None
    new = pair_of(desk, "钱文", "小周", mentor_unit="丙单位")
    assert new.mentor_id != other.mentor_id
    faults = faults_of(desk, "钱文", "小吴", mentor_unit="")
    assert "有 2 个同名的" in faults["mentor"]
    assert "mentor_number" in faults_of(desk, mentor_number="123")


def test_what_cannot_be_is_refused(desk: Account) -> None:
    pair_of(desk)
    assert faults_of(desk, "王师傅", "王师傅") == {"pupil": "师傅和徒弟是同一个人"}
    assert faults_of(desk, starts=date(2026, 5, 1)) == {"starts": "这一对在这段时间里已经有协议"}
    assert faults_of(desk, "小李", "王师傅") == {"pupil": "徒弟这时正带着师傅，不能互相带"}
    assert faults_of(desk, pupil="小张", until=date(2027, 1, 1)) == {
        "until": "最长 12 个月，到 2026年12月31日"
    }
    assert faults_of(desk, pupil="小张", until=date(2025, 1, 1)) == {
        "until": "到期日期在开始日期前面"
    }
    assert faults_of(desk, organisation="没有的厂") == {"organisation": "组织名录里没有"}
    pair_of(desk, pupil="小张")
    assert "最多 2 个" in faults_of(desk, pupil="小赵")["mentor"]
    # One of the two has gone by then, and the circle is no more.
    pair_of(desk, pupil="小赵", starts=date(2027, 1, 1), until=date(2027, 6, 30))
    pair_of(desk, "小李", "王师傅", starts=date(2027, 1, 1), until=date(2027, 6, 30))


def test_pupils_are_counted_by_the_day(desk: Account) -> None:
    pair_of(desk, pupil="甲", until=date(2026, 3, 31))
    pair_of(desk, pupil="乙", starts=date(2026, 4, 1))
    # Never more than two at a time, though three within the year.
    pair_of(desk, pupil="丙")
    assert "最多 2 个" in faults_of(desk, pupil="丁", until=date(2026, 1, 31))["mentor"]


def test_a_mentor_below_the_target_wants_a_reason(desk: Account) -> None:
    assert "写师傅等级" in faults_of(desk, target_grade="3")["mentor_grade"]
    low = faults_of(desk, target_grade="2", mentor_grade="3")
    assert low == {"mentor_grade": "师傅是三级/高级工，低于目标二级/技师：写为什么也行"}
    pair_of(desk, target_grade="2", mentor_grade="3", why="厂里只有他会")
    pair_of(desk, "刘师傅", "小周", target_grade="3", mentor_grade="2")


def test_rules_come_from_the_nearest_above(desk: Account) -> None:
    own = find_mentorships(desk, Wanted())
    assert own[1] == 0
    above = add_organisation("钢铁集团", "", None, desk)
    below = add_organisation("第二钢铁厂", "", above, desk)
    assert rules_in_force(below).whose is None
    assert set_rules(above, MentorRules(pupils=1, months=24), desk)
    assert not set_rules(above, MentorRules(pupils=1, months=24), desk)
    stand = rules_in_force(below)
    assert (stand.rules.pupils, stand.whose) == (1, above)
    pair_of(desk, organisation="第二钢铁厂", until=date(2027, 12, 31))
    assert "最多 1 个" in faults_of(desk, pupil="小张", organisation="第二钢铁厂")["mentor"]


def test_terms_are_corrected_and_held_against_the_rest(desk: Account) -> None:
    row = pair_of(desk)
    later = pair_of(desk, starts=date(2027, 1, 1), until=date(2027, 6, 30))
    terms = term_of(row)
    assert not correct_pair(row, terms, desk)
    longer = TermFields(occupation="电工", starts=date(2026, 3, 1), until=date(2027, 2, 1))
    with pytest.raises(WrongFieldsError, match="已经有协议"):
        correct_pair(row, longer, desk)
    withdraw_pair(later, "写错了", desk)
    assert correct_pair(row, longer, desk)
    assert (row.occupation, row.until) == ("电工", date(2027, 2, 1))


def test_visits_stand_within_the_term(desk: Account) -> None:
    row = pair_of(desk)
    note_visit(row, VisitFields(by="工会小张", text="看焊接", hours=Decimal("1.5")), desk)
    note_visit(row, VisitFields(by="工会小张", text="再看", day=date(2026, 2, 1)), desk)
    for day in (date(2025, 12, 31), date(2026, 6, 2)):
        with pytest.raises(WrongFieldsError, match="协议期"):
            note_visit(row, VisitFields(by="甲", text="乙", day=day), desk)
    days = [(note.day, note.hours) for note in notes_of(row)]
    assert days == [(date(2026, 6, 1), Decimal("1.5")), (date(2026, 2, 1), None)]


def test_a_visit_that_was_written_down_by_mistake_is_withdrawn_once(desk: Account) -> None:
    row, other = pair_of(desk), pair_of(desk, "刘师傅", "小周")
    note = note_visit(row, VisitFields(by="工会小张", text="看焊接", hours=Decimal(2)), desk)
    with pytest.raises(Refused, match="写为什么"):
        withdraw_visit(row, note.id, " ", desk)
    with pytest.raises(Refused, match="没有这次走访"):
        withdraw_visit(other, note.id, "记错了人", desk)
    withdraw_visit(row, note.id, "记错了人", desk)
    (kept,) = notes_of(row)
    assert (kept.ended_why, kept.ended_by, kept.text) == ("记错了人", desk.id, "看焊接")
    with pytest.raises(Refused, match="已经撤回"):
        withdraw_visit(row, note.id, "再来", desk)
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.action, last.reason) == ("mentorship.withdraw_visit", "记错了人")


def test_an_agreement_ends_with_an_outcome_and_may_go_on(desk: Account) -> None:
    row = pair_of(desk)
    with pytest.raises(WrongFieldsError, match="写为什么"):
        end_pair(row, EndFields(outcome=MentorOutcome.FAIL), desk)
    with pytest.raises(WrongFieldsError, match="不能晚于今天"):
        end_pair(row, EndFields(day=date(2026, 6, 2)), desk)
    end_pair(row, EndFields(outcome=MentorOutcome.EXCELLENT, day=date(2026, 5, 1)), desk)
    assert (row.state, row.last_day) == (MentorshipState.ENDED, date(2026, 5, 1))
    with pytest.raises(Refused, match="已经结束"):
        correct_pair(row, term_of(row), desk)
    second = pair_of(desk, starts=date(2026, 5, 2))
    with pytest.raises(Refused, match="已经有协议"):
        open_again(row, "写早了", desk)
    withdraw_pair(second, "写错了", desk)
    open_again(row, "写早了", desk)
    assert (row.state, row.outcome) == (MentorshipState.OPEN, None)
    with pytest.raises(Refused, match="已经撤回"):
        note_visit(second, VisitFields(by="甲", text="乙"), desk)


def test_a_sheet_tells_all_faults_at_once_and_knows_what_stands(desk: Account) -> None:
    row = pair_of(desk, document="旧")
    rows = [
        row_texts("王师傅", "小李", document="新", mentor_unit="炼钢车间", pupil_unit="炼钢车间"),
        row_texts("刘师傅", "小周", target_grade="高级工", mentor_grade="技师"),
        row_texts("刘师傅", "刘师傅"),
        row_texts("刘师傅", "小周"),
        row_texts("", "", starts="去年", organisation="哪里"),
        row_texts("小周", "刘师傅"),
        row_texts("何师傅", "小何", mentor_grade="很高"),
    ]
    planned = plan_pairs(list(enumerate(rows, 2)), desk)
    assert [plan.state for plan in planned] == [
        *("changed", "added"),
        *("refused",) * 5,
    ]
    assert planned[0].changes == {"document": "旧"}
    assert [list(plan.faults) for plan in planned[2:]] == [
        ["pupil"],
        ["pupil"],
        ["mentor", "pupil", "starts"],
        ["pupil"],
        ["mentor_grade"],
    ]
    with pytest.raises(Refused, match="一行都没有写"):
        write_pairs(rows, desk)
    assert write_pairs(rows[:2], desk) == (1, 1)
    db.session.refresh(row)
    assert row.document == "新"
    out = [texts_of_pair(it) for it in find_mentorships(desk, Wanted())[0]]
    assert write_pairs(out, desk) == (0, 0)
    assert {it["target_grade"] for it in out} == {"", "三级/高级工"}


def test_a_thousand_pairs_are_looked_at_within_three_seconds(desk: Account) -> None:
    rows = [row_texts(f"师{n // 2}", f"徒{n}", mentor_unit="车间") for n in range(1000)]
    began = time.monotonic()
    planned = plan_pairs(list(enumerate(rows, 2)), desk)
    took = time.monotonic() - began
    assert {plan.state for plan in planned} == {"added"}
    assert took < 3
    assert write_pairs(rows, desk) == (1000, 0)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1500
    planned = plan_pairs(list(enumerate(rows, 2)), desk)
    assert {plan.state for plan in planned} == {"same"}


def test_others_see_what_they_wrote_and_what_is_theirs_alone(
    desk: Account, fresh: Competition, organiser: Account
) -> None:
    row = pair_of(desk)
    assert find_mentorship(row.id, organiser) is None
    with pytest.raises(WrongFieldsError, match="请管理员来录"):
        make_pair(pair_fields(), organiser)
    with unit_of_work():
        fresh.units[0].organisation_id = row.organisation_id
    assert find_mentorship(row.id, organiser) == row
    own = pair_of(organiser, pupil="小张")
    assert find_mentorships(organiser, Wanted())[1] == 2
    assert find_mentorships(organiser, Wanted(q="小张"))[0] == [own]
    assert find_mentorships(organiser, Wanted(q=WORKS))[1] == 0
