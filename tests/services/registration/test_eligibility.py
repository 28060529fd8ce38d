"""What events ask of people: set, held against everybody, waived with a reason, taken back."""

from __future__ import annotations

from datetime import date

import pytest

from compete.domain.eligibility import Conditions, Rule
from compete.models import Account, AuditEntry, Competition, Entrant, Exemption, db
from compete.services.accounts.sign_in_cards import use_card
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.editions import next_edition
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.acceptance import accept_people
from compete.services.registration.applicant_eligibility import unmet_by
from compete.services.registration.applications import applications_of, save_person
from compete.services.registration.corrections import correct_person
from compete.services.registration.eligibility import (
    change_conditions,
    conditions_of,
    mark_of,
    unfit_in,
)
from compete.services.registration.exemptions import (
    end_exemption,
    exempt_person,
    rules_for_entrant,
    still_unfit,
    without_exempted,
)
from compete.services.registration.preview import keep_upload, offer_of, plan_mark
from compete.services.registration.submission import submit_people
from compete.services.registration.unit_upload import (
    keep_unit_upload,
    plan_unit_upload,
    write_unit_upload,
)
from compete.services.registration.units.links import make_link
from compete.services.registration.waiting_list import plan_with_places
from compete.services.registration.window import Window, change_window
from compete.services.registration.writing import write_plan
from compete.sheets.registration.plan import RowStatus
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.judging import seat_and_open

OLD, YOUNG = citizen_id(date(1950, 2, 3), 5), citizen_id(date(1991, 2, 3), 6)
UNDER_60 = Conditions(age_to=60)


def ask(competition: Competition, by: Account, wanted: Conditions) -> None:
    event = competition.events[0]
    seen = mark_of(conditions_of(competition).get(event.code, Conditions()))
    change_conditions(event, wanted, seen, by)


def row(name: str, number: str, **more: str) -> RegistrationRow:
    return RegistrationRow(name=name, id_number=number, unit="甲单位", **more)


def test_conditions_are_set_listed_and_drop_nobody(fresh: Competition, organiser: Account) -> None:
    event = fresh.events[0]
    assert unfit_in(fresh) == []
    ask(fresh, organiser, Conditions(years=5))
    assert [misfit.holder.code for misfit in unfit_in(fresh)] == ["P1", "P2", "P3", "P4"]
    with pytest.raises(Refused, match="别人改过"):
        change_conditions(event, UNDER_60, mark_of(Conditions()), organiser)
    for wrong in (Conditions(age_from=50, age_to=20), Conditions(years=0), Conditions(age_to=999)):
        with pytest.raises(Refused):
            ask(fresh, organiser, wrong)
    person = db.session.scalars(db.select(Entrant).filter_by(code="P1")).one()
    correct_person(person, {"months": "5年"}, "", organiser)
    assert [misfit.holder.code for misfit in unfit_in(fresh)] == ["P2", "P3", "P4"]
    ask(fresh, organiser, Conditions())
    assert settings_of(fresh).conditions == {}
    assert unfit_in(fresh) == []
    assert list(verify_chain(fresh)) == []


def test_a_condition_is_waived_with_a_reason_and_taken_back_until_judging(
    fresh: Competition, organiser: Account
) -> None:
    ask(fresh, organiser, Conditions(years=5))
    person = db.session.scalars(db.select(Entrant).filter_by(code="P1")).one()
    with pytest.raises(Refused, match="要写原因"):
        exempt_person(person, Rule.YEARS, " ", organiser)
    with pytest.raises(Refused, match="已经符合"):
        exempt_person(person, Rule.AGE, "x", organiser)
    exempt_person(person, Rule.YEARS, "学徒期计入", organiser)
    with pytest.raises(Refused, match="已经特准"):
        exempt_person(person, Rule.YEARS, "再来", organiser)
    assert [misfit.holder.code for misfit in without_exempted(unfit_in(fresh))] == [
        "P2",
        "P3",
        "P4",
    ]
    end_exemption(person, Rule.YEARS, organiser)
    assert rules_for_entrant(person)[0].exemption is None
    with pytest.raises(Refused, match="已经收回"):
        end_exemption(person, Rule.YEARS, organiser)
    exempt_person(person, Rule.YEARS, "学徒期计入", organiser)
    seat_and_open(fresh, organiser)
    with pytest.raises(Refused, match="评分已经开始"):
        end_exemption(person, Rule.YEARS, organiser)
    actions = [entry.action for entry in db.session.scalars(db.select(AuditEntry))]
    assert [actions.count(name) for name in ("entrant.exempt", "entrant.exempt_end")] == [2, 1]
    assert list(check_rows(fresh)) == []


def test_a_workbook_names_the_cell_and_a_reason_takes_the_row(
    fresh: Competition, organiser: Account
) -> None:
    ask(fresh, organiser, Conditions(age_to=60, years=5))
    rows = [row("老王", OLD, months="6"), row("小王", YOUNG, months="4年10个月")]
    content = write_registration_workbook(offer_of(fresh), rows)
    batch = keep_upload(fresh, "a.xlsx", content, organiser)
    plan = plan_with_places(batch)
    assert [plan_row.status for plan_row in plan.rows] == [RowStatus.REFUSED] * 2
    assert [plan_row.unfit for plan_row in plan.rows] == [(Rule.AGE,), (Rule.YEARS,)]
    messages = [str(problem.message) for plan_row in plan.rows for problem in plan_row.problems]
    assert messages[0].startswith("证件号码 D4：年龄要求：不超过 60 岁")
    assert messages[1].startswith("本职业年限 O5：本职业年限要求：满 5 年，此人 4 年 10 个月")
    mark = plan_mark(plan)
    written = write_plan(batch.id, mark, organiser, exempted_for="省里点名")
    assert written.count(RowStatus.ADDED) == 2
    people = db.session.scalars(db.select(Entrant).filter(Entrant.name.like("%王"))).all()
    assert still_unfit(fresh, people) == []
    standing = db.session.scalars(db.select(Exemption)).all()
    assert sorted(exemption.rule for exemption in standing) == ["age", "years"]
    # The same file again changes nothing, and what was waived is only remarked on.
    again = plan_with_places(keep_upload(fresh, "a.xlsx", content, organiser))
    assert [plan_row.status for plan_row in again.rows] == [RowStatus.UNCHANGED] * 2
    assert list(verify_chain(fresh)) == []


def test_who_comes_after_the_last_place_of_an_event_is_refused_by_the_preview(
    fresh: Competition, organiser: Account
) -> None:
    ask(fresh, organiser, Conditions(most=5))  # four are on the list already
    rows = [row("老王", OLD), row("小王", YOUNG)]
    content = write_registration_workbook(offer_of(fresh), rows)
    batch = keep_upload(fresh, "a.xlsx", content, organiser)
    plan = plan_with_places(batch)
    assert [plan_row.status for plan_row in plan.rows] == [RowStatus.ADDED, RowStatus.REFUSED]
    (problem,) = plan.rows[1].problems
    assert "一共收 5 个，已经满了" in str(problem.message)
    # A reason waives what is asked of a person, and makes no room.
    written = write_plan(batch.id, plan_mark(plan), organiser, exempted_for="省里点名")
    assert [
        entrant.name for entrant in db.session.scalars(db.select(Entrant)) if "王" in entrant.name
    ] == ["老王"]
    assert written.count(RowStatus.REFUSED) == 1
    again = plan_with_places(keep_upload(fresh, "a.xlsx", content, organiser))
    assert [plan_row.status for plan_row in again.rows] == [RowStatus.UNCHANGED, RowStatus.REFUSED]


def test_a_unit_hands_in_and_a_reason_accepts(fresh: Competition, organiser: Account) -> None:
    ask(fresh, organiser, UNDER_60)
    unit = fresh.units[0]
    contact = use_card(make_link(unit, fresh, "顾燕", organiser))
    typed = {"name": "老王", "id_number": OLD, "certificate": "1432000001300001"}
    save_person(unit, fresh, typed, contact)
    content = write_registration_workbook(
        offer_of(fresh), [row("老李", citizen_id(date(1951, 2, 3), 7))]
    )
    batch = keep_unit_upload(unit, fresh, "a.xlsx", content, contact)
    plan = plan_unit_upload(batch, unit)
    # A draft may be of anybody; what is not met is said.
    assert [plan_row.status for plan_row in plan.rows] == [RowStatus.ADDED]
    assert "年龄要求：" in str(plan.rows[0].notes[0])
    write_unit_upload(batch.id, unit, plan_mark(plan), contact)
    waiting = applications_of(unit)
    assert len(unmet_by(fresh, waiting, own=unit)) == 2
    submit_people(unit, fresh, [application.public_id for application in waiting], contact)
    seen = {application.public_id: application.version for application in applications_of(unit)}
    done = accept_people(fresh, seen, organiser)
    assert (len(done.entrants), len(done.left)) == (0, 2)
    assert "要收就写特准的原因" in str(done.left[0].why)
    done = accept_people(fresh, seen, organiser, exempted_for="劳模")
    assert (len(done.entrants), len(done.left)) == (2, 0)
    assert done.entrants[0].certificate == "1432000001300001"
    assert without_exempted(unfit_in(fresh)) == []
    assert list(verify_chain(fresh)) == []


def test_who_waits_comes_in_by_the_reason_that_was_written_then(
    fresh: Competition, organiser: Account
) -> None:
    """For the rules that were broken then; what is asked since wants a reason of its own."""
    ask(fresh, organiser, UNDER_60)
    change_window(fresh, Window(quota=2), organiser)  # two are on the list already
    unit = fresh.units[0]
    contact = use_card(make_link(unit, fresh, "顾燕", organiser))
    save_person(unit, fresh, {"name": "老王", "id_number": OLD}, contact)
    (old,) = applications_of(unit)
    submit_people(unit, fresh, [old.public_id], contact)
    seen = {old.public_id: old.version}
    assert accept_people(fresh, seen, organiser, exempted_for="劳模").waiting == [old]
    change_window(fresh, Window(quota=3), organiser)
    seen = {old.public_id: old.version}
    ask(fresh, organiser, Conditions(age_to=60, years=5))
    (left,) = accept_people(fresh, seen, organiser).left
    assert "年限" in str(left.why)
    assert "年龄" not in str(left.why)
    ask(fresh, organiser, UNDER_60)
    (entrant,) = accept_people(fresh, seen, organiser).entrants
    assert without_exempted(unfit_in(fresh)) == []
    assert [rule.exemption.reason for rule in rules_for_entrant(entrant) if rule.exemption] == [
        "劳模"
    ]
    assert list(verify_chain(fresh)) == []


def test_next_years_edition_asks_the_same_on_its_own_day(
    fresh: Competition, organiser: Account
) -> None:
    ask(fresh, organiser, Conditions(age_to=60, age_on=date(2020, 1, 1)))
    edition = next_edition(fresh, Beginnings(name="明年", code="N", starts=date(2031, 5, 1)))
    assert edition.settings["conditions"] == {"E": {"age_to": 60}}
