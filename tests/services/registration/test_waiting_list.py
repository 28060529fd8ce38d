"""A place that is taken: who is accepted waits, in order, and is offered the next free one."""

from __future__ import annotations

from datetime import date

import pytest

from compete.domain.eligibility import Conditions
from compete.domain.values.states import ApplicationState
from compete.models import Account, Application, Competition, Entrant, db
from compete.services.accounts.sign_in_cards import use_card
from compete.services.kernel.chain_checks import verify_chain
from compete.services.registration.acceptance import accept_people, return_people
from compete.services.registration.applications import applications_of, save_person
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.submission import submit_people, take_back
from compete.services.registration.units.links import make_link
from compete.services.registration.waiting_list import next_in_line, places_of, would_wait
from compete.services.registration.window import Window, change_window
from compete.services.registration.withdrawals import withdraw_person
from tests.sheets.people import citizen_id

_S = ApplicationState


@pytest.fixture
def contact(fresh: Competition, organiser: Account) -> Account:
    """The contact of the first unit."""
    return use_card(make_link(fresh.units[0], fresh, "顾燕", organiser))


def hand_in(
    competition: Competition, contact: Account, *names: str, crew: str = ""
) -> list[Application]:
    """These people, each with a number of their own; in the order of the names."""
    unit = competition.units[0]
    for name in names:
        number = citizen_id(date(1991, 2, 3), 11 + 2 * "甲乙丙丁戊己".index(name))
        save_person(unit, competition, {"name": name, "id_number": number, "crew": crew}, contact)
    rows = [row for row in applications_of(unit) if row.name in names]
    submit_people(unit, competition, [row.public_id for row in rows], contact)
    return rows


def seen(*rows: Application) -> dict[str, int]:
    return {row.public_id: row.version for row in rows}


def test_past_a_units_quota_people_wait_and_the_first_is_offered_a_free_place(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    change_window(fresh, Window(quota=3), organiser)  # two are on the list already
    first, second, third = hand_in(fresh, contact, "甲", "乙", "丙")
    done = accept_people(fresh, seen(first, second, third), organiser)
    assert ([entrant.name for entrant in done.entrants], done.left) == (["甲"], [])
    assert [application.name for application in done.waiting] == ["乙", "丙"]
    assert places_of(fresh) == {second.public_id: 1, third.public_id: 2}
    assert next_in_line(fresh) == []
    again = accept_people(fresh, seen(second), organiser)
    assert (again.entrants, str(again.left[0].why)) == ([], "名额还满着")
    withdraw_person(done.entrants[0], "病了", organiser)
    assert [application.name for application in next_in_line(fresh)] == ["乙"]
    # Nothing happens by itself, and nobody who comes later overtakes.
    assert second.state is _S.WAITING
    (late,) = hand_in(fresh, contact, "丁")
    assert [
        application.name for application in accept_people(fresh, seen(late), organiser).waiting
    ] == ["丁"]
    taken = accept_people(fresh, seen(*next_in_line(fresh)), organiser)
    assert [entrant.name for entrant in taken.entrants] == ["乙"]
    assert places_of(fresh) == {third.public_id: 1, late.public_id: 2}
    take_back(third, contact)
    assert places_of(fresh) == {late.public_id: 1}
    return_people(fresh, seen(late), "不办了", organiser)
    assert places_of(fresh) == {}
    assert list(verify_chain(fresh)) == []


def test_who_would_wait_is_told_before_anybody_is_accepted(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    _first, second, third = rows = hand_in(fresh, contact, "甲", "乙", "丙")
    assert would_wait(fresh, rows) == {}
    change_window(fresh, Window(quota=3), organiser)  # two are on the list already
    full_quotas = would_wait(fresh, rows)
    assert set(full_quotas) == {second.public_id, third.public_id}
    assert {(str(full.what), full.now) for full in full_quotas.values()} == {
        ("每个单位最多 3 人", False)
    }
    assert [
        application.name for application in accept_people(fresh, seen(*rows), organiser).waiting
    ] == [
        "乙",
        "丙",
    ]
    assert would_wait(fresh, [second, third]) == {}  # who waits knows it
    (late,) = hand_in(fresh, contact, "丁")
    assert would_wait(fresh, [late])[late.public_id].now
    event = fresh.events[0]
    change_conditions(event, Conditions(most=3), mark_of(Conditions()), organiser)
    assert str(would_wait(fresh, [late])[late.public_id].what) == "这个赛项一共收 3 个"


def test_an_event_takes_so_many_and_a_crew_waits_as_a_whole(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    event = fresh.events[0]
    change_conditions(event, Conditions(most=5), mark_of(Conditions()), organiser)
    alone = hand_in(fresh, contact, "甲")
    crew = hand_in(fresh, contact, "乙", "丙", crew="海鹰组")
    done = accept_people(fresh, seen(*alone, *crew), organiser)
    assert [entrant.name for entrant in done.entrants] == ["甲"]
    assert [application.name for application in done.waiting] == ["乙", "丙"]
    assert set(places_of(fresh).values()) == {1}
    people = db.session.scalars(db.select(Entrant).filter_by(code="P4")).one()
    withdraw_person(people, "病了", organiser)
    offered = next_in_line(fresh)
    assert [application.name for application in offered] == ["乙", "丙"]
    taken = accept_people(fresh, seen(*offered), organiser)
    assert {entrant.name for entrant in taken.entrants} == {"海鹰组"}
    assert next_in_line(fresh) == []


def test_nobody_overtakes_a_crew_for_which_the_quota_has_too_little(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    change_window(fresh, Window(quota=4), organiser)  # two are on the list already
    crew = hand_in(fresh, contact, "甲", "乙", "丙", crew="海鹰组")
    (beside,) = hand_in(fresh, contact, "丁")
    together = accept_people(fresh, seen(*crew, beside), organiser)
    assert [application.name for application in together.waiting] == ["甲", "乙", "丙", "丁"]
    (late,) = hand_in(fresh, contact, "戊")
    assert [
        application.name for application in accept_people(fresh, seen(late), organiser).waiting
    ] == ["戊"]


def test_in_an_event_of_so_many_too_the_quota_is_for_who_waited_first(
    fresh: Competition, organiser: Account, contact: Account
) -> None:
    event = fresh.events[0]
    change_conditions(event, Conditions(most=9), mark_of(Conditions()), organiser)
    change_window(fresh, Window(quota=2), organiser)
    (first,) = hand_in(fresh, contact, "甲")
    assert accept_people(fresh, seen(first), organiser).waiting == [first]
    change_window(fresh, Window(quota=3), organiser)
    (late,) = hand_in(fresh, contact, "乙")
    assert accept_people(fresh, seen(late), organiser).waiting == [late]
    assert accept_people(fresh, seen(first), organiser).waiting == []
    assert next_in_line(fresh) == []
