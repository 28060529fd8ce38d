"""部门, 文化程度, 师傅, 教练, 领队 and consent: read, asked for or not, used in seating, erased."""

from __future__ import annotations

from datetime import date

import pytest

from compete.domain.registration_columns import BACKGROUND, OF_EVALUATIONS
from compete.models import Account, Competition, Entrant, Member, db
from compete.services.competitions.erasure_requests import erase_person
from compete.services.kernel.competition_settings import asked_fields
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.consents import consents_of, set_consent
from compete.services.registration.corrections import correct_person
from compete.services.registration.eligibility import change_entry_fields
from compete.services.registration.preview import offer_of
from compete.services.registration.waiting_list import plan_with_places
from compete.services.schedule.clashes import clashes_in, declare_ties
from tests.services.registration.test_registration import (
    NEW_ID,
    OTHER_ID,
    row,
    sent,
    someone,
    written,
)
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.judging import judge_of

THIRD_ID = citizen_id(date(1988, 8, 8), 1)
SAID = {
    "department": "装卸一班",
    "education": "大学本科",
    "mentor": "周一、王 师傅",
    "coach": "周二",
    "leader": "林队",
    "consent": "是",
}


def test_what_a_workbook_says_is_written_found_again_and_erased(
    fresh: Competition, organiser: Account
) -> None:
    crew = [
        row("甲", OTHER_ID, crew="同心组", consent="不同意", mentor="周三"),
        row("乙", THIRD_ID, crew="同心组"),
    ]
    plan = written(sent(fresh, [row(**SAID), *crew], organiser), organiser)
    assert [len(plan_row.problems) for plan_row in plan.rows] == [0, 0, 0]
    person = someone("新来")
    background = [getattr(person, key) for key in BACKGROUND]
    assert background == ["装卸一班", "bachelor", "周一、王师傅", "周二", "林队", None, None]
    (word,) = consents_of(person)
    assert (word.given, word.source, word.made_by) == (True, "import", organiser.id)
    member = db.session.query(Member).filter_by(name="甲").one()
    assert [consent.given for consent in consents_of(member)] == [False]
    assert list(check_rows(fresh)) == []

    again = plan_with_places(sent(fresh, [row(**SAID), *crew], organiser))
    assert [plan_row.status.value for plan_row in again.rows] == ["unchanged"] * 3
    rows = [row(consent="不同意", leader="无")]
    changed = plan_with_places(sent(fresh, rows, organiser)).rows[0]
    assert {(change.column, str(change.new)) for change in changed.changes} == {
        ("leader", "无"),
        ("consent", "不同意"),
    }

    set_consent(person, False, "own", None)
    kept = plan_with_places(sent(fresh, [row(**SAID)], organiser)).rows[0]
    assert kept.changes == ()
    assert "本人收回过" in str(kept.notes[0])

    with unit_of_work():
        erase_person(person, "本人要求", organiser)
    assert [getattr(person, key) for key in BACKGROUND] == [None] * len(BACKGROUND)
    assert list(check_rows(fresh)) == []


def test_a_word_of_consent_that_is_none_is_refused_and_an_education_is_asked(
    fresh: Competition, organiser: Account
) -> None:
    (refused,) = plan_with_places(sent(fresh, [row(consent="也许")], organiser)).rows
    assert [problem.column for problem in refused.problems] == ["consent"]
    assert "也许" in str(refused.problems[0].message)
    (asked,) = plan_with_places(sent(fresh, [row(education="幼儿园")], organiser)).rows
    assert asked.problems == ()
    assert any("幼儿园" in str(note) for note in asked.notes)


def test_what_a_competition_does_not_ask_is_not_read_and_stays(
    fresh: Competition, organiser: Account
) -> None:
    everything = asked_fields(fresh)
    written(sent(fresh, [row(**SAID)], organiser), organiser)
    batch = sent(fresh, [row(**(SAID | {"mentor": "别人", "education": "乱写"}))], organiser)
    with pytest.raises(Refused, match="没有这一项"):
        change_entry_fields(fresh, ["salary"], everything, organiser)
    assert change_entry_fields(fresh, ["department", "consent"], everything, organiser)
    with pytest.raises(Refused, match="别人改过"):
        change_entry_fields(fresh, [], everything, organiser)
    assert offer_of(fresh).left_out == OF_EVALUATIONS | {"education", "mentor", "coach", "leader"}
    plan = plan_with_places(batch)
    assert [plan_row.status.value for plan_row in plan.rows] == ["unchanged"]
    assert "文化程度、师傅、教练、领队" in str(plan.notices[-1])
    person = someone("新来")
    correct_person(person, {"mentor": "无"}, "", organiser)
    assert (person.mentor, person.coach) == (None, "周二")


def test_a_judge_who_bears_the_name_of_a_teacher_is_to_be_looked_at(
    fresh: Competition, organiser: Account
) -> None:
    crew = [
        RegistrationRow(name=name, id_number=number, unit="乙单位", crew="组", mentor=mentor)
        for name, number, mentor in (("甲", OTHER_ID, "周一"), ("乙", THIRD_ID, ""))
    ]
    written(sent(fresh, [row(number=NEW_ID, **SAID), *crew], organiser), organiser)

    def why(code: str) -> list[str]:
        clashes = clashes_in(fresh.events[0], "S", "m").at(judge_of(fresh, code).id, "")
        return [("! " if clash.hard else "") + str(clash.words) for clash in clashes]

    assert why("J1") == [
        "新来 报名写的师傅和他同名，是本人就记成师徒",
        "组 报名写的师傅和他同名，是本人就记成师徒",
    ]
    assert why("J2") == ["新来 报名写的教练和他同名，是本人就记成教练"]
    assert why("J3") == []
    code = db.session.query(Entrant).filter_by(name="新来").one().code
    declare_ties(fresh, f"周一，{code}，师徒", organiser)
    assert why("J1")[0] == "! 和 新来 是师徒"
    assert len(why("J1")) == 2
