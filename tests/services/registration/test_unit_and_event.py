"""An event takes so many from each unit: whoever is more waits, whatever way they came."""

from __future__ import annotations

from datetime import date

import pytest

from compete.domain.eligibility import Conditions
from compete.domain.values.states import ApplicationState
from compete.models import Account, Application, Competition, Event
from compete.services.accounts.sign_in_cards import use_card
from compete.services.competitions.event_setup import add_event
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.registration.acceptance import accept_people, return_people
from compete.services.registration.applications import applications_of, save_person
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.eligibility import (
    asked_by,
    change_conditions,
    conditions_of,
    mark_of,
)
from compete.services.registration.preview import keep_upload, offer_of
from compete.services.registration.submission import submit_people
from compete.services.registration.units.links import make_link
from compete.services.registration.waiting_list import (
    next_in_line,
    places_of,
    plan_with_places,
    quota_of,
)
from compete.services.registration.withdrawals import withdraw_person
from compete.services.registration.writing import add_person
from compete.sheets.registration.plan import RowStatus
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.self_entry import enter, switch_on

_S = ApplicationState


@pytest.fixture
def welders(fresh: Competition, organiser: Account) -> Event:
    """A second event, where nobody is yet."""
    return add_event(fresh, "焊工", None, organiser)


@pytest.fixture
def contact(fresh: Competition, organiser: Account) -> Account:
    """The contact of the first unit, who came by the link."""
    return use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))


def takes(event: Event, by: Account, of_unit: int | None, most: int | None = None) -> None:
    now = conditions_of(event.competition).get(event.code, Conditions())
    wanted = Conditions(most_of_unit=of_unit, most=most)
    assert change_conditions(event, wanted, mark_of(now), by)


def number(place: int) -> str:
    return citizen_id(date(1991, 2, 3), 11 + 2 * place)


def hand_in(
    event: Event, contact: Account, *names: str, crew: str = "", at: int = 0
) -> list[Application]:
    competition, unit = event.competition, event.competition.units[at]
    for name in names:
        place = "甲乙丙丁戊己庚".index(name)
        typed = {"name": name, "id_number": number(place), "event": event.name, "crew": crew}
        save_person(unit, competition, typed, contact)
    rows = [row for row in applications_of(unit) if row.name in names]
    submit_people(unit, competition, [row.public_id for row in rows], contact)
    return rows


def seen(*rows: Application) -> dict[str, int]:
    return {row.public_id: row.version for row in rows}


def test_whoever_is_more_waits_in_the_units_own_queue(
    fresh: Competition, organiser: Account, contact: Account, welders: Event
) -> None:
    forks, unit = fresh.events[0], fresh.units[0]
    takes(welders, organiser, 2, 9)
    assert [str(line) for line in asked_by(welders)] == ["名额：一共 9 个", "名额：每单位 2 个"]
    first, second, third, fourth = hand_in(welders, contact, "甲", "乙", "丙", "丁")
    (event_quota,) = quota_of(unit, fresh).events
    assert (event_quota.event, event_quota.used, event_quota.most) == (welders.name, 4, 2)
    done = accept_people(fresh, seen(first, second, third, fourth), organiser)
    assert [entrant.name for entrant in done.entrants] == ["甲", "乙"]
    assert places_of(fresh) == {third.public_id: 1, fourth.public_id: 2}
    # In another event the unit has its places.
    (other,) = hand_in(forks, contact, "戊")
    assert accept_people(fresh, seen(other), organiser).waiting == []
    # Of another unit somebody comes in, before those for whom their own unit has no place.
    switch_on(fresh, organiser)
    own = enter(fresh, event=welders.name, unit=fresh.units[1].code)[0]
    assert [entrant.name for entrant in accept_people(fresh, seen(own), organiser).entrants] == [
        own.name
    ]
    assert next_in_line(fresh) == []
    withdraw_person(done.entrants[0], "病了", organiser)
    assert [application.name for application in next_in_line(fresh)] == ["丙"]
    assert accept_people(fresh, seen(*next_in_line(fresh)), organiser).left == []
    assert places_of(fresh) == {fourth.public_id: 1}
    assert list(verify_chain(fresh)) == []


def test_a_crew_is_one_and_who_was_given_back_keeps_the_place(
    fresh: Competition, organiser: Account, contact: Account, welders: Event
) -> None:
    takes(welders, organiser, 2)
    crew = hand_in(welders, contact, "甲", "乙", crew="海鹰组")
    alone = hand_in(welders, contact, "丙")
    late = hand_in(welders, contact, "丁")
    assert quota_of(fresh.units[0], fresh).events[0].used == 3
    return_people(fresh, seen(*alone), "少了工龄", organiser)
    done = accept_people(fresh, seen(*crew, *late), organiser)
    assert {entrant.name for entrant in done.entrants} == {"海鹰组"}
    assert [application.name for application in done.waiting] == ["丁"]
    # Where an own place is free again, and the unit waits, the earlier one has it.
    takes(welders, organiser, 3)
    assert [application.name for application in next_in_line(fresh)] == ["丁"]


def test_the_organisers_workbook_and_form_refuse_one_too_many(
    fresh: Competition, organiser: Account, welders: Event
) -> None:
    takes(welders, organiser, 1)
    here, there = fresh.units[:2]
    rows = [
        RegistrationRow(name=name, id_number=number(place), unit=unit.name, event=welders.name)
        for place, (name, unit) in enumerate([("甲", here), ("乙", here), ("丙", there)])
    ]
    content = write_registration_workbook(offer_of(fresh), rows)
    plan = plan_with_places(keep_upload(fresh, "名单.xlsx", content, organiser))
    assert [row.status for row in plan.rows] == [
        RowStatus.ADDED,
        RowStatus.REFUSED,
        RowStatus.ADDED,
    ]
    assert "每单位收 1 个" in str(plan.rows[1].problems[0].message)
    typed = {"name": "甲", "id_number": number(0), "unit": here.name, "event": welders.name}
    add_person(fresh, typed, organiser)
    with pytest.raises(WrongFieldsError) as wrong:
        add_person(fresh, typed | {"name": "乙", "id_number": number(1)}, organiser)
    assert "每单位收 1 个" in str(wrong.value.problems["event"])


def test_no_more_from_a_unit_than_in_all(fresh: Competition, organiser: Account) -> None:
    with pytest.raises(Refused, match="不能比一共收的多"):
        takes(fresh.events[0], organiser, 4, 3)
    with pytest.raises(Refused, match="名额写 1 到"):
        takes(fresh.events[0], organiser, 0)
