"""A crew at check-in: each is seen, who is missing is said, and a late pass says who allowed it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from compete.domain.values.roles import Role
from compete.domain.values.states import CheckInKind
from compete.models import Account, CheckIn, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.row_checks import check_rows
from compete.services.schedule.arrivals import ArrivalState
from compete.services.schedule.check_in_acts import take_check_ins, undo_check_in
from tests.services.schedule.test_check_in import STARTS, act, arrival, planned, states, why

S = ArrivalState
BOTH = ("P1甲", "P1乙")


@pytest.fixture
def hall(load: Callable[..., Competition]) -> Competition:
    """The first of four is a crew."""
    plain = planned()
    crew = plain["entrants"][0]
    crew.pop("id_number")
    crew["members"] = [{"code": code, "name": f"队员{code[-1]}"} for code in BOTH]
    return load(plain)


@pytest.fixture
def clerk(hall: Competition) -> Account:
    account = create_account("丁一鸣")
    grant_role(account, hall, Role.CLERK)
    return account


def missing(hall: Competition) -> list[str]:
    return [member.name for member in arrival(hall, "P1").missing]


def test_a_crew_has_come_when_each_was_seen(
    hall: Competition, clerk: Account, organiser: Account
) -> None:
    assert missing(hall) == ["队员甲", "队员乙"]
    assert why(hall, clerk, act()) == ["P1 的本人还没对过"]
    assert why(hall, clerk, act(seen=("P1乙",))) == ["P1 还差 队员甲 没对过本人"]
    assert why(hall, clerk, act(seen=("P1甲", "P9"))) == ["P1 的成员改过了，看过名单再检录一次"]
    came = act(kind=CheckInKind.CAME, seen=("P1乙",))
    assert take_check_ins(hall, [came], clerk).stored == [came.uuid]
    assert states(hall) == {S.EXPECTED: 4}
    assert missing(hall) == ["队员甲"]
    passed = act(seen=BOTH)
    assert take_check_ins(hall, [passed], clerk).stored == [passed.uuid]
    assert states(hall) == {S.PRESENT: 1, S.EXPECTED: 3}
    assert missing(hall) == []
    undo_check_in(hall, passed.uuid, organiser)
    assert states(hall) == {S.EXPECTED: 4}
    assert missing(hall) == ["队员甲"]
    assert list(verify_chain(hall)) == list(check_rows(hall.id)) == []


def test_a_crew_begins_without_one_only_where_somebody_allowed_it(
    hall: Competition, clerk: Account
) -> None:
    short = {"seen": ("P1甲",), "without": ("P1乙",)}
    assert why(hall, clerk, act(**short)) == ["P1 少 队员乙，要写组委会谁准的"]
    assert why(hall, clerk, act(without=BOTH, note="吴敏准的")) == ["P1 的本人还没对过"]
    assert why(hall, clerk, act(note="少 队员乙，吴敏准的", **short)) == []
    check_in = arrival(hall, "P1")
    assert check_in.state is S.PRESENT
    assert missing(hall) == ["队员乙"]
    assert check_in.passes[0].note == "少 队员乙，吴敏准的"
    # Of one person there is nobody to be without.
    assert why(hall, clerk, act("P2", without=("P2",), note="吴敏准的")) == [
        "P2 的成员改过了，看过名单再检录一次"
    ]


def test_after_the_end_somebody_has_to_have_allowed_it(hall: Competition, clerk: Account) -> None:
    late = STARTS + timedelta(minutes=1)
    sentences = why(hall, clerk, act("P2", at=late))
    assert sentences == ["P2 过了 10:20 停止检录，写上组委会谁准的，再检录一次"]
    assert db.session.query(CheckIn).count() == 0
    assert why(hall, clerk, act("P2", at=late, note="晚到，吴敏准的")) == []
    assert arrival(hall, "P2").state is S.PRESENT
