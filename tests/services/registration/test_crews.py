"""Crews entered by an organiser's workbook and by a unit, corrected, and read back as a bundle."""

from __future__ import annotations

from datetime import date

import pytest

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.eligibility import Conditions, Rule
from compete.models import Account, Competition, Entrant, Exemption, db
from compete.services.accounts.sign_in_cards import use_card
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.acceptance import accept_people
from compete.services.registration.applications import applications_of, save_person
from compete.services.registration.corrections import correct_person
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.exemptions import rules_for_entrant
from compete.services.registration.people import find_entrants
from compete.services.registration.preview import find_batch, keep_upload, offer_of, plan_mark
from compete.services.registration.submission import submit_people
from compete.services.registration.units.links import make_link
from compete.services.registration.waiting_list import plan_with_places, quota_of
from compete.services.registration.writing import write_plan
from compete.services.scoring.bundle_out import export_bundle
from compete.sheets.registration.plan import RowStatus
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.judging import seat_and_open

FIRST, SECOND, THIRD = (citizen_id(date(1991, 2, 3), number) for number in (5, 6, 7))


def upload(competition: Competition, by: Account, *rows: RegistrationRow) -> int:
    content = write_registration_workbook(offer_of(competition), rows)
    return keep_upload(competition, "a.xlsx", content, by).id


def member(name: str, number: str, **more: str) -> RegistrationRow:
    fields = {"name": name, "id_number": number, "unit": "甲单位", "crew": "海鹰组"}
    return RegistrationRow(**(fields | more))


def the_crew() -> Entrant:
    return db.session.scalars(db.select(Entrant).filter_by(name="海鹰组")).one()


def write(competition: Competition, by: Account, *rows: RegistrationRow) -> None:
    batch = find_batch(competition, upload(competition, by, *rows))
    assert batch is not None
    write_plan(batch.id, plan_mark(plan_with_places(batch)), by)


def test_a_workbook_makes_a_crew_and_a_later_one_adds_to_it(
    fresh: Competition, organiser: Account
) -> None:
    write(fresh, organiser, member("甲", FIRST, grade="四级"), member("乙", SECOND, role="主选手"))
    crew = the_crew()
    assert (crew.id_number, crew.grade, crew.group) == (None, None, "worker")
    assert [
        (crew_member.name, crew_member.role, crew_member.group, crew_member.grade)
        for crew_member in crew.members
    ] == [
        ("甲", None, None, 4),
        ("乙", "main", None, None),
    ]
    assert all(crew_member.person_id for crew_member in crew.members)
    write(fresh, organiser, member("丙", THIRD), member("甲", FIRST, phone="13800000001"))
    db.session.expire_all()
    assert [crew_member.code for crew_member in crew.members] == [
        f"{crew.code}-{n}" for n in (1, 2, 3)
    ]
    assert crew.members[0].phone == "13800000001"
    assert quota_of(fresh.units[0], fresh).used == 5
    # Whoever is looked for by what is known of a member finds the crew.
    for typed in ("海鹰", "hyz", "丙", "bing", THIRD[-4:]):
        listing = find_entrants(fresh, q=typed, page_size=9)
        assert [row.code for row in listing.rows] == [crew.code], typed
    correct_person(crew.members[1], {"role": "assistant"}, "录错", organiser)
    bundle = read_bundle(write_bundle(export_bundle(fresh)))
    entrant = next(row for row in bundle.entrants if row.code == crew.code)
    assert [
        (crew_member.name, crew_member.role and crew_member.role.value)
        for crew_member in entrant.members
    ] == [
        ("甲", None),
        ("乙", "assistant"),
        ("丙", None),
    ]
    seat_and_open(fresh, organiser)
    assert list(verify_chain(fresh)) == []
    assert list(check_rows(fresh)) == []


def test_one_word_lets_in_a_crew_of_whom_one_does_not_fit(
    fresh: Competition, organiser: Account
) -> None:
    event = fresh.events[0]
    change_conditions(event, Conditions(age_to=60), mark_of(Conditions()), organiser)
    old = citizen_id(date(1950, 2, 3), 9)
    content = write_registration_workbook(
        offer_of(fresh), [member("老", old), member("乙", SECOND)]
    )
    batch = keep_upload(fresh, "a.xlsx", content, organiser)
    plan = plan_with_places(batch)
    assert plan.count(RowStatus.REFUSED) == 2
    assert all(row.unfit for row in plan.rows)
    write_plan(batch.id, plan_mark(plan), organiser, exempted_for="请来的师傅")
    crew = the_crew()
    rules = [
        (rule.holder.name, rule.finding.fits, bool(rule.exemption))
        for rule in rules_for_entrant(crew)
    ]
    assert rules == [("老", False, True), ("乙", True, False)]
    standing = db.session.scalars(db.select(Exemption)).one()
    assert (standing.rule, standing.member_id) == (Rule.AGE.value, crew.members[0].id)


def test_a_unit_enters_each_member_and_the_crew_is_taken_together(
    fresh: Competition, organiser: Account
) -> None:
    unit = fresh.units[0]
    contact = use_card(make_link(unit, fresh, "顾燕", organiser))
    for name, number in (("甲", FIRST), ("乙", SECOND)):
        save_person(unit, fresh, {"name": name, "id_number": number, "crew": "海鹰组"}, contact)
    submit_people(
        unit, fresh, [application.public_id for application in applications_of(unit)], contact
    )
    seen = {application.public_id: application.version for application in applications_of(unit)}
    half = dict(list(seen.items())[:1])
    done = accept_people(fresh, half, organiser)
    assert "同组的还有 乙" in str(done.left[0].why)
    done = accept_people(fresh, seen, organiser)
    assert done.left == []
    crew = the_crew()
    assert {entrant.code for entrant in done.entrants} == {crew.code}
    assert [crew_member.name for crew_member in crew.members] == ["甲", "乙"]
    with pytest.raises(Refused):
        save_person(unit, fresh, {"name": "丙", "role": "副手"}, contact)
    assert list(verify_chain(fresh)) == []
