"""The plan of who is expected is remembered, and a page of arrivals reads a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from compete.domain.values.roles import Role
from compete.domain.values.states import CheckInKind
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.withdrawals import withdraw_person
from compete.services.schedule.arrivals import (
    Arrival,
    ArrivalState,
    ArrivalStates,
    arrivals_of,
    expected_of,
)
from compete.services.schedule.check_in_acts import take_check_ins
from tests.services.schedule.test_check_in import STARTS, act, planned
from tests.support.statements import statements

S = ArrivalState
ORDER = (S.LATE, S.EXPECTED, S.UNTIMED, S.PRESENT, S.ABSENT)


@pytest.fixture
def hall(load: Callable[..., Competition]) -> Competition:
    return load(planned())


@pytest.fixture
def clerk(hall: Competition) -> Account:
    account = create_account("丁一鸣")
    grant_role(account, hall, Role.CLERK)
    return account


def arrival_rows(rows: Sequence[Arrival]) -> list[tuple[str, str | None, ArrivalState]]:
    return [(row.entrant.code, row.occasion.session, row.state) for row in rows]


def test_pages_hold_everybody_once_in_the_order_of_states(
    hall: Competition, clerk: Account
) -> None:
    take_check_ins(hall, [act("P2")], clerk)
    now = STARTS + timedelta(seconds=1)
    states = ArrivalStates(hall, expected_of(hall), now)
    assert states.counts() == {S.LATE: 1, S.EXPECTED: 2, S.PRESENT: 1}
    pages = [*states.part(ORDER, limit=3), *states.part(ORDER, limit=3, offset=3)]
    everybody = arrivals_of(hall, now)
    everybody.sort(key=lambda row: ORDER.index(row.state))
    assert arrival_rows(pages) == arrival_rows(everybody)
    assert arrival_rows(states.part([S.EXPECTED], limit=9)) == [
        row for row in arrival_rows(everybody) if row[2] is S.EXPECTED
    ]
    assert list(states.part(ORDER, limit=3, offset=4)) == []


def test_check_ins_leave_the_plan_as_it_was_and_a_withdrawal_does_not(
    hall: Competition, clerk: Account
) -> None:
    plan = expected_of(hall)
    assert [len(sitting.people) for sitting in plan] == [2, 2]
    sent = act()
    take_check_ins(hall, [sent], clerk)
    undone = act(kind=CheckInKind.UNDONE, undoes=sent.uuid)
    take_check_ins(hall, [undone], clerk)
    with statements(db.engine) as queries:
        assert expected_of(hall) is plan
    assert not any("slot" in text for text in queries)
    entrant = arrivals_of(hall)[0].entrant
    withdraw_person(entrant, "生病", clerk)
    assert [len(sitting.people) for sitting in expected_of(hall)] == [1, 2]


def test_a_page_reads_those_whom_it_shows(hall: Competition) -> None:
    states = ArrivalStates(hall, expected_of(hall), STARTS)
    db.session.expunge_all()
    with unit_of_work() as session:
        shown = states.part(ORDER, limit=1)
        assert len(shown) == 1
        names = {type(row).__name__ for row in session}
        assert sum(type(row).__name__ == "Entrant" for row in session) == 1, names
