"""Earlier decisions about like matters: the nearest first, and only where one may open them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.domain.values.states import AppealState
from compete.models import Account, Appeal, Competition, Entrant, db
from compete.services.accounts.accounts import grant_role
from compete.services.appeals.decisions import agree
from compete.services.appeals.filing import file_appeal, go_on, withdraw_appeal
from compete.services.appeals.precedents import Likeness, like_cases
from compete.services.appeals.rules import set_appeal_rules
from compete.services.kernel.competition_settings import AppealRules
from compete.services.kernel.transactions import unit_of_work
from tests.support.appealing import appealed, decided, lodged, official
from tests.support.small import all_marks, small

Load = Callable[..., Competition]


@pytest.fixture
def arbiter(judged: Competition, organiser: Account) -> Account:
    """Whose word is enough."""
    set_appeal_rules(judged, AppealRules(arbiters=1), organiser)
    return official(judged, Role.ARBITER, "高原", organiser)


def precedents_of(appeal: Appeal, by: Account) -> list[tuple[int, Likeness]]:
    """The ids, and in what each is alike."""
    return [(case.appeal.id, case.likeness) for case in like_cases(appeal, by)]


def elsewhere(
    load: Load, organiser: Account, arbiter: Account, *, standard: str = "", **event: Any
) -> Appeal:
    """One decided in another competition, which `arbiter` arbitrated."""
    plain = small(all_marks(), competition={"code": "Y"}, event=event)
    if standard:
        module = plain["events"][0]["stages"][0]["modules"][0]
        module["name"] = "别的模块"
        module["aspects"][1] |= {"name": "别的名称", "standard": standard}
    other = load(plain)
    set_appeal_rules(other, AppealRules(arbiters=1, file_minutes=0), organiser)
    grant_role(arbiter, other, Role.ARBITER, by=organiser)
    entrant = db.session.scalars(
        select(Entrant).where(Entrant.competition_id == other.id, Entrant.code == "P2")
    ).one()
    appeal = file_appeal(entrant, lodged(item="S/m"), None)
    with unit_of_work():
        appeal.aspect = "f"
    decided(appeal, arbiter)
    return appeal


def test_the_same_aspect_comes_before_the_same_module(
    judged: Competition, arbiter: Account
) -> None:
    same, module = appealed("P1"), appealed("P2", item="S/m/a")
    whole, clock = appealed("P4", item="S/m"), appealed("P3", item="S/t")
    for precedent in (same, module, whole, clock):
        decided(precedent, arbiter)
    mine = appealed("P3")
    near = [(same.id, Likeness.SAME)]
    # Within a kind the newest is first; another module's is no like case.
    assert precedents_of(mine, arbiter) == [
        *near,
        (whole.id, Likeness.MODULE),
        (module.id, Likeness.MODULE),
    ]
    newer = appealed("P2", kind="equipment")
    decided(newer, arbiter)
    assert precedents_of(mine, arbiter)[:2] == [(newer.id, Likeness.SAME), *near]
    # Of what is decided itself: what was decided before it.
    assert precedents_of(same, arbiter) == []
    assert precedents_of(whole, arbiter) == [
        (module.id, Likeness.MODULE),
        (same.id, Likeness.MODULE),
    ]


def test_what_is_not_settled_is_no_precedent(
    judged: Competition, organiser: Account, arbiter: Account
) -> None:
    head = official(judged, Role.HEAD_ARBITER, "马骏", organiser)
    mine = appealed("P3")
    taken_back, waiting, on = appealed("P1"), appealed("P2"), appealed("P4")
    withdraw_appeal(taken_back, None)
    decided(on, arbiter, outcome="changed", value="0")
    assert precedents_of(mine, arbiter) == [(on.id, Likeness.SAME)]
    go_on(on, "录像还有一段", None)
    assert (waiting.state, precedents_of(mine, arbiter)) == (AppealState.FILED, [])
    decided(on, head)
    (case,) = like_cases(mine, arbiter)
    # The last word is what is told.
    assert (case.decision.instance, case.decision.outcome) == (2, "kept")


def test_one_arbiters_word_is_not_a_decision_where_two_are_needed(
    judged: Competition, organiser: Account
) -> None:
    first, second = (official(judged, Role.ARBITER, name, organiser) for name in ("高原", "方晓"))
    mine, earlier = appealed("P3"), appealed("P2")
    proposed = decided(earlier, first)
    assert precedents_of(mine, first) == []
    agree(proposed, second)
    assert precedents_of(mine, first) == [(earlier.id, Likeness.SAME)]


def test_another_competitions_are_told_to_whom_it_is_open(
    judged: Competition, organiser: Account, arbiter: Account, load: Load
) -> None:
    mine = appealed("P3")
    stranger = official(judged, Role.ARBITER, "方晓", organiser)
    earlier = elsewhere(load, organiser, arbiter)
    for who in (arbiter, organiser):
        assert precedents_of(mine, who) == [(earlier.id, Likeness.SAME)]
    assert precedents_of(mine, stranger) == []
    # Roles other than arbiter's and organiser's tell nothing of another competition.
    grant_role(stranger, earlier.competition, Role.CLERK, by=organiser)
    assert precedents_of(mine, stranger) == []


def test_alike_by_name_in_another_occupation_is_not_like(
    judged: Competition, organiser: Account, arbiter: Account, load: Load
) -> None:
    mine = appealed("P3")
    elsewhere(load, organiser, arbiter, occupation={"code": "6-18-02-04", "name": "焊工"})
    assert precedents_of(mine, arbiter) == []


def test_the_same_clause_is_alike_under_any_name(load: Load, organiser: Account) -> None:
    words = "叉车碰到标杆，每次扣 5 分。"
    plain = small(all_marks())
    plain["events"][0]["stages"][0]["modules"][0]["aspects"][1]["standard"] = words
    here = load(plain)
    set_appeal_rules(here, AppealRules(arbiters=1), organiser)
    arbiter = official(here, Role.ARBITER, "高原", organiser)
    mine, without = appealed("P3"), appealed("P4", item="S/m/a")
    earlier = elsewhere(load, organiser, arbiter, name="别的赛项", standard=words)
    assert precedents_of(mine, arbiter) == [(earlier.id, Likeness.CLAUSE)]
    assert precedents_of(without, arbiter) == []
