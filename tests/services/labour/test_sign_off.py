"""Sign-off by name and PIN: blocked with the count, read-only afterwards, corrected with reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from compete.models import Account, Competition, LabourSignOff
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.labour.sign_off import (
    Lacking,
    lacking_by_department,
    sign_off,
    sign_offs,
    withdraw_sign_off,
)
from compete.services.labour.squares import grid_of, leaves_of
from tests.services.labour.made_up import PIN, Contest, act, everything, made_up

LOADED = 1_000_000
"""Seen: whatever came with the competition."""


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    return made_up(load, organiser)


def lacking(competition: Competition, period: str) -> list[Lacking]:
    grids = [grid_of(competition, leaf) for leaf in leaves_of(labour_of(competition), period)]
    return [row for grid in grids for row in lacking_by_department(competition, grid)]


def sign(contest: Contest, *, pin: str = PIN, name: str = "周茹") -> LabourSignOff:
    return sign_off(contest.safety, "二月", pin=pin, name=name, by=contest.zhou)


def everybody_signed(contest: Contest, period: str) -> bool:
    return all(lack.signed for lack in lacking(contest.competition, period) if lack.department)


def of_safety(contest: Contest) -> Lacking:
    return next(
        lack for lack in lacking(contest.competition, "二月") if lack.department is contest.safety
    )


def test_it_is_blocked_with_the_count_until_nothing_is_missing(contest: Contest) -> None:
    contest.enter(*everything("甲"), act("乙", "安全", "良"), act("乙", "隐患", "0"))
    contest.enter(act("丙", "隐患", "4"))
    left = of_safety(contest)
    assert (left.units, left.cells) == (3, 6)
    assert (left.empty, left.refused, left.reasons) == (1, 1, 1)
    with pytest.raises(Refused, match="还有 3 格，签核不了：缺 1，没写入 1，没写原因 1"):
        sign(contest)
    contest.enter(act("乙", "安全", "29"), act("丙", "安全", "28"))
    contest.enter(act("丙", "隐患", "临边防护缺 2 处", kind="reason"))
    assert of_safety(contest).open == 0
    row = sign(contest)
    assert (row.units, row.cells) == (3, 6)
    assert sign(contest).id == row.id
    assert list(verify_chain(contest.competition)) == []
    assert list(check_rows(contest.competition)) == []


def test_why_points_were_lost_is_said_of_one_value_alone(contest: Contest) -> None:
    def why() -> str | None:
        grid = grid_of(contest.competition, "二月")
        (row,) = [row for row in grid.standing.values() if row.indicator == "隐患"]
        return row.reason

    contest.enter(act("丙", "隐患", "4"), act("丙", "隐患", "临边防护缺 2 处", kind="reason"))
    contest.enter(act("丙", "隐患", "4.0", seen=10**6))
    assert why() == "临边防护缺 2 处", "the same number"
    contest.enter(act("丙", "隐患", "6", seen=10**6))
    assert why() is None
    assert of_safety(contest).reasons == 1
    contest.enter(act("丙", "隐患", "5", reason="用电不规范", seen=10**6))
    assert why() == "用电不规范"


def test_it_takes_the_name_and_the_pin(contest: Contest) -> None:
    contest.enter(*everything())
    with pytest.raises(Refused, match="写的不是 周茹"):
        sign(contest, name="周如")
    with pytest.raises(Refused, match="PIN 不对"):
        sign(contest, pin="1597")
    assert not sign_offs(contest.competition, "二月")


def test_what_is_signed_takes_a_reason_and_stays_filled(contest: Contest) -> None:
    contest.enter(*everything())
    sign(contest)
    entered = contest.enter(
        act("甲", "安全", "20"),
        act("甲", "安全", "", reason="填错行"),
        act("甲", "安全", "优", reason="填错行"),
    )
    assert [str(message) for _uuid, message in entered.refused] == [
        "已经签核，更正要写理由",
        "已经签核，更正不能让这一格空着",
        "已经签核，更正不能让这一格空着",
    ]
    contest.enter(act("甲", "安全", "20", reason="填错行"))
    grid = grid_of(contest.competition, "二月")
    row = grid.standing[grid.units[0].id, "安全"]
    assert row.value == 20
    assert row.reason == "填错行"
    assert sign_offs(contest.competition, "二月")
    # Another department's squares are open as before.
    assert contest.enter(act("甲", "产值", "9"), by=contest.writer(contest.works)).refused == []


def test_a_period_is_signed_off_once_every_department_has(contest: Contest) -> None:
    contest.enter(*everything())
    contest.enter(act("甲", "产值", "90"), by=contest.writer(contest.works))
    sign(contest)
    assert not everybody_signed(contest, "二月")
    for unit in "甲乙丙":
        contest.enter(
            act(unit, "产值", "100", kind="target"),
            act(unit, "产值", "90"),
            by=contest.writer(contest.works),
        )
    sign_off(contest.works, "二月", pin=PIN, name="陈 平", by=contest.chen)
    assert everybody_signed(contest, "二月")
    assert not everybody_signed(contest, "Q")
    assert [lack.period for lack in lacking(contest.competition, "Q")] == ["一月"] * 2 + [
        "二月"
    ] * 2


def test_an_organiser_gives_it_back_with_a_reason(contest: Contest, organiser: Account) -> None:
    contest.enter(*everything())
    sign(contest)
    with pytest.raises(Refused, match="要写理由"):
        withdraw_sign_off(contest.safety, "二月", " ", organiser)
    withdraw_sign_off(contest.safety, "二月", "隐患要复查", organiser)
    with pytest.raises(Refused, match="已经退回"):
        withdraw_sign_off(contest.safety, "二月", "再退一次", organiser)
    assert contest.enter(act("甲", "安全", "20")).refused == []
    assert list(verify_chain(contest.competition)) == []


def test_who_came_in_later_is_not_asked(contest: Contest) -> None:
    for code in ("安全", "隐患"):
        contest.enter(act("丙", code, "", seen=LOADED), period="一月")
    works = contest.writer(contest.works)
    contest.enter(act("丙", "产值", "", seen=LOADED), period="一月", by=works)
    january = lacking(contest.competition, "一月")
    assert [lack.empty for lack in january] == [2, 1]
    contest.enter(act("丙", "安全", "28"))
    assert [(lack.units, lack.empty) for lack in lacking(contest.competition, "一月")] == [
        (2, 0),
        (2, 0),
    ]
    joined = [unit.joined for unit in grid_of(contest.competition, "一月").units]
    assert joined == [None, None, "二月"]
