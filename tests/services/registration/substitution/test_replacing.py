"""A unit asks that somebody else comes for one of its people; an organiser decides."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from compete.domain.values.states import ApplicationState
from compete.models import Account, Application, Competition, Entrant, Slot, db, utc_now
from compete.services.accounts.sign_in_cards import use_card
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import standing_withdrawal
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.acceptance import return_people
from compete.services.registration.corrections import WrongFieldsError
from compete.services.registration.person_record import records_about
from compete.services.registration.substitution import (
    accept_with_replacements,
    ask_replacement,
    request_for,
    take_request_back,
    why_not_replaced,
)
from compete.services.registration.units.links import make_link
from compete.services.registration.waiting_list import quota_of
from compete.services.registration.window import Window, change_window
from tests.sheets.people import citizen_id

NEW = citizen_id(date(1991, 2, 3), 5)
TYPED = {"name": "周接替", "id_number": NEW, "phone": "13900001111"}


@pytest.fixture
def full(fresh: Competition, organiser: Account) -> Competition:
    """A unit whose places are all taken and for which registration is over; P1 has a place."""
    change_window(fresh, Window(closes=utc_now(), quota=2), organiser)
    old = entrant(fresh, "P1")
    (stage, *_others) = rules_of(old.event).stages
    with unit_of_work() as session:
        for module in stage.modules:
            place = {"stage": stage.code, "module": module.code, "station": f"{module.code}号"}
            session.add(Slot(entrant_id=old.id, session="第1场", **place))
    return fresh


def entrant(competition: Competition, code: str) -> Entrant:
    query = select(Entrant).where(Entrant.competition_id == competition.id, Entrant.code == code)
    return db.session.scalars(query).one()


def contact(competition: Competition, organiser: Account) -> Account:
    return use_card(make_link(competition.units[0], competition, "顾燕", organiser))


def seen(application: Application) -> dict[str, int]:
    return {application.public_id: application.version}


@pytest.mark.each_database
def test_who_comes_for_another_takes_over_the_places(full: Competition, organiser: Account) -> None:
    old, unit = entrant(full, "P1"), contact(full, organiser)
    asked = ask_replacement(old, TYPED, "骨折", unit)
    assert (asked.state, request_for(old)) == (ApplicationState.SUBMITTED, asked)
    assert standing_withdrawal(old) is None, "nothing changes until an organiser says so"
    with pytest.raises(Refused, match="先撤回再改"):
        ask_replacement(old, TYPED, "骨折", unit)
    done = accept_with_replacements(full, seen(asked), organiser)
    [new] = done.entrants
    assert not done.waiting, "the place is the one that is given up"
    assert (new.name, new.unit_id) == ("周接替", old.unit_id)
    assert standing_withdrawal(old) is not None
    assert sorted((slot.module, slot.station) for slot in new.slots) == [("m", "m号"), ("t", "t号")]
    assert old.slots == []
    assert quota_of(full.units[0], full).used == 2
    assert why_not_replaced(old) is not None
    records = {row.action: row for row in records_about(new)}
    assert records["entrant.replace"].after["old"] == "P1"
    assert records["entrant.replace"].reason == "骨折"
    gone = {row.action: row for row in records_about(old)}
    assert gone["entrant.replaced"].after["new"] == new.code
    assert gone["entrant.withdraw"].reason == "骨折"
    assert not list(check_rows(full))
    assert not list(verify_chain(full))


def test_what_came_back_is_asked_for_again_and_can_be_taken_back(
    full: Competition, organiser: Account
) -> None:
    old, unit = entrant(full, "P1"), contact(full, organiser)
    for typed, reason, error in (
        (TYPED | {"id_number": ""}, "骨折", WrongFieldsError),
        (TYPED | {"name": ""}, "骨折", WrongFieldsError),
        (TYPED, " ", Refused),
        (TYPED | {"id_number": old.id_number}, "骨折", Refused),
    ):
        with pytest.raises(error):
            ask_replacement(old, typed, reason, unit)
    assert request_for(old) is None
    asked = ask_replacement(old, TYPED, "骨折", unit)
    return_people(full, seen(asked), "照片要白底", organiser)
    again = ask_replacement(old, TYPED | {"id_number": "", "name": "周接班"}, "骨折", unit)
    assert (again.id, again.name, again.id_hash) == (asked.id, "周接班", asked.id_hash)
    assert take_request_back(again, unit) == "周接班"
    assert request_for(old) is None
    assert standing_withdrawal(old) is None


def test_who_is_gone_or_comes_already_is_replaced_by_nobody(
    full: Competition, organiser: Account
) -> None:
    old, unit = entrant(full, "P1"), contact(full, organiser)
    asked = ask_replacement(old, TYPED, "骨折", unit)
    accept_with_replacements(full, seen(asked), organiser)
    with pytest.raises(Refused, match="已经退赛"):
        ask_replacement(old, TYPED, "骨折", unit)
    twice = TYPED | {"name": "周接二"}
    with pytest.raises(Refused, match="名单里"):
        ask_replacement(entrant(full, "P2"), twice, "出差", unit)
    assert standing_withdrawal(entrant(full, "P2")) is None
