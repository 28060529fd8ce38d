"""Each event has its own days for entering people, where the organiser gave it some."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from compete.domain.eligibility import Conditions
from compete.models import Account, Competition, Event, utc_now
from compete.services.accounts.sign_in_cards import use_card
from compete.services.competitions.event_setup import add_event
from compete.services.competitions.overview import Lack
from compete.services.competitions.set_up import opening_lacks
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.registration.applications import save_person
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.eligibility import (
    asked_by,
    change_conditions,
    conditions_of,
    mark_of,
)
from compete.services.registration.preview import offer_of
from compete.services.registration.submission import submit_people, take_back
from compete.services.registration.unit_upload import keep_unit_upload, plan_unit_upload
from compete.services.registration.units.links import make_link
from compete.services.registration.window import Window, change_window, why_units_cannot_enter
from compete.sheets.registration.plan import RowStatus
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.self_entry import enter, switch_on

FIRST, SECOND, THIRD = (citizen_id(date(1991, 2, 3), number) for number in (5, 6, 7))
HOUR = timedelta(hours=1)


@pytest.fixture
def welders(fresh: Competition, organiser: Account) -> Event:
    """A second event beside the first."""
    return add_event(fresh, "焊工", None, organiser)


@pytest.fixture
def contact(fresh: Competition, organiser: Account) -> Account:
    """The contact of the first unit, who came by the link."""
    return use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))


def days(event: Event, by: Account, window: Window) -> None:
    now = conditions_of(event.competition).get(event.code, Conditions())
    wanted = Conditions(opens=window.opens, closes=window.closes)
    assert change_conditions(event, wanted, mark_of(now), by)


def test_one_event_is_closed_while_the_other_takes_people(
    fresh: Competition, organiser: Account, contact: Account, welders: Event
) -> None:
    unit, forks = fresh.units[0], fresh.events[0]
    there = {"name": "新来", "id_number": FIRST, "event": forks.name}
    draft = save_person(unit, fresh, there, contact)
    sent = save_person(unit, fresh, there | {"name": "交了", "id_number": SECOND}, contact)
    submit_people(unit, fresh, [sent.public_id], contact)
    days(forks, organiser, Window(closes=utc_now() - HOUR))
    assert why_units_cannot_enter(fresh) is None
    assert "报名截止：" in str(asked_by(forks)[0])
    closed = f"“{forks.name}”：报名已经在"
    with pytest.raises(Refused, match=closed):
        submit_people(unit, fresh, [draft.public_id], contact)
    with pytest.raises(Refused, match=closed):
        take_back(sent, contact)
    with pytest.raises(WrongFieldsError) as wrong:
        save_person(unit, fresh, {"grade": "3"}, contact, application=draft)
    assert closed in str(wrong.value.problems["event"])
    # A workbook tells the row, and the others go on.
    rows = [
        RegistrationRow(name="表里", id_number=THIRD, unit=unit.name, event=event.name)
        for event in (forks, welders)
    ]
    content = write_registration_workbook(offer_of(fresh), rows)
    batch = keep_unit_upload(unit, fresh, "报名.xlsx", content, contact)
    plan = plan_unit_upload(batch, unit)
    assert [row.status for row in plan.rows] == [RowStatus.REFUSED, RowStatus.ADDED]
    assert closed in str(plan.rows[0].problems[0].message)
    # Who enters themselves is told the same.
    switch_on(fresh, organiser)
    with pytest.raises(WrongFieldsError) as wrong:
        enter(fresh, event=forks.name)
    assert closed in str(wrong.value.problems["event"])
    assert enter(fresh, event=welders.name)[0].event_id == welders.id
    save_person(unit, fresh, {"event": welders.name}, contact, application=draft)
    assert submit_people(unit, fresh, [draft.public_id], contact) == 1
    assert list(verify_chain(fresh)) == []


def test_own_days_go_before_those_of_the_competition(
    fresh: Competition, organiser: Account, welders: Event
) -> None:
    forks, now = fresh.events[0], utc_now()
    change_window(fresh, Window(closes=now - HOUR), organiser)
    assert "截止" in str(why_units_cannot_enter(fresh))
    days(welders, organiser, Window(opens=now + HOUR, closes=now + 3 * HOUR))
    assert "还没到报名时间" in str(why_units_cannot_enter(fresh))
    days(welders, organiser, Window(closes=now + HOUR))
    assert why_units_cannot_enter(fresh) is None
    with pytest.raises(Refused, match="晚于"):
        days(welders, organiser, Window(now, now - HOUR))

    def lacks() -> list[tuple[str, str]]:
        closing_lacks = [lack for lack in opening_lacks(fresh) if lack.kind is Lack.CLOSES]
        return [(lack.name, lack.found) for lack in closing_lacks]

    assert lacks() == [("", "past")]
    days(welders, organiser, Window(closes=now - 2 * HOUR))
    assert lacks() == [("", "past"), ("焊工", "past")]
    days(welders, organiser, Window(closes=now + HOUR))
    days(forks, organiser, Window(closes=now + HOUR))
    change_window(fresh, Window(), organiser)
    assert lacks() == []
    days(forks, organiser, Window(opens=now - HOUR))
    assert lacks() == [(forks.name, "")]
