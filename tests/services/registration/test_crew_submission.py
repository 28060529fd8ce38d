"""A crew that a unit enters is handed in and taken back as a whole, and so is its workbook read."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from compete.domain.values.states import ApplicationState
from compete.models import Account, Application, Competition
from compete.services.accounts.sign_in_cards import use_card
from compete.services.kernel.refusal import Refused
from compete.services.registration.acceptance import accept_people
from compete.services.registration.applications import applications_of, save_person
from compete.services.registration.crews import names_of
from compete.services.registration.preview import offer_of
from compete.services.registration.submission import submit_people, take_back
from compete.services.registration.unit_upload import keep_unit_upload, plan_unit_upload
from compete.services.registration.units.links import make_link
from compete.services.registration.waiting_list import places_of
from compete.sheets.registration.plan import RowStatus
from compete.sheets.registration.template import write_registration_workbook
from tests.services.registration.test_waiting_list import seen
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.signing_in import signed_in

_S = ApplicationState
NAMES = ("甲", "乙", "丙")
NUMBERS = [citizen_id(date(1991, 2, 3), 11 + 2 * place) for place in range(3)]


@pytest.fixture
def contact(fresh: Competition, organiser: Account) -> Account:
    return use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))


@pytest.fixture
def drafts(fresh: Competition, contact: Account) -> list[Application]:
    """Three of one crew, not handed in."""
    for name, number in zip(NAMES, NUMBERS, strict=True):
        typed = {"name": name, "id_number": number, "crew": "海鹰组"}
        save_person(fresh.units[0], fresh, typed, contact)
    return [row for row in applications_of(fresh.units[0]) if row.name in NAMES]


def test_a_unit_hands_a_crew_in_and_takes_it_back_whole(
    app: Flask, fresh: Competition, contact: Account, drafts: list[Application], organiser: Account
) -> None:
    unit = fresh.units[0]
    with pytest.raises(Refused, match="组合“海鹰组”：同组的还有 丙"):
        submit_people(unit, fresh, [row.public_id for row in drafts[:2]], contact)
    client, whole = signed_in(app, contact), " ".join(row.public_id for row in drafts)
    page = client.get("/unit/X/").text
    assert page.count('name="who"') == 1
    assert f'value="{whole}"' in page
    assert "勾上就是一组 3 人：甲、乙、丙" in page
    assert "3 人能提交" in page
    assert client.post("/unit/X/submit", data={"who": whole}).status_code == 302
    assert {row.state for row in drafts} == {_S.SUBMITTED}
    assert list(take_back(drafts[1], contact)) == list(NAMES)
    assert {row.state for row in drafts} == {_S.TAKEN_BACK}
    submit_people(unit, fresh, [row.public_id for row in drafts], contact)
    alone = accept_people(fresh, seen(*drafts[:2]), organiser)
    assert (alone.entrants, len(alone.left), places_of(fresh)) == ([], 2, {})
    assert len(accept_people(fresh, seen(*drafts), organiser).entrants) == 3


def test_a_crew_with_somebody_unready_cannot_be_ticked(
    app: Flask, fresh: Competition, contact: Account, drafts: list[Application]
) -> None:
    save_person(fresh.units[0], fresh, {"name": "丁", "crew": "海鹰组"}, contact)
    page = signed_in(app, contact).get("/unit/X/").text
    assert 'name="who"' not in page
    assert "同组的丁还没填齐" in page


def test_of_a_crew_in_a_workbook_with_a_wrong_row_none_is_a_draft(
    fresh: Competition, contact: Account
) -> None:
    rows = [
        RegistrationRow(name=name, id_number=number, unit="甲单位", crew=crew)
        for name, number, crew in zip(
            (*NAMES, "丁"),
            (*NUMBERS[:2], NUMBERS[2][:-1] + "Y", citizen_id(date(1991, 2, 3), 21)),
            ("海鹰组", "海鹰组", "海鹰组", ""),
            strict=True,
        )
    ]
    content = write_registration_workbook(offer_of(fresh), rows)
    batch = keep_unit_upload(fresh.units[0], fresh, "名单.xlsx", content, contact)
    plan = plan_unit_upload(batch, fresh.units[0])
    assert [row.status for row in plan.rows] == [*[RowStatus.REFUSED] * 3, RowStatus.ADDED]
    assert "有错，改好一起写入" in str(plan.rows[0].problems[0].message)


def test_of_more_than_are_named_the_number_is_told() -> None:
    people = [Application(name=f"队员{n}") for n in range(1, 8)]
    assert str(names_of(people)) == "队员1、队员2、队员3、队员4、队员5 等 7 个"
    assert str(names_of(people[:5])) == "队员1、队员2、队员3、队员4、队员5"
