"""Awards dealt from the highest down, with shared ranks at the border."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from compete.domain.awards.dealing import award_number
from compete.domain.bundle.event_types import Award
from compete.domain.values.kinds import AwardRound
from tests.domain.scoring.build import (
    Plain,
    bundle,
    entrant,
    event,
    mark,
    module,
    people,
    results_of,
    scored,
    stage,
    totals,
)


def award(code: str, **keys: Any) -> Plain:
    return {"code": code, "name": code, **keys}


def dealt(awards: list[Plain], points: dict[str, int], **keys: Any) -> dict[str, list[str]]:
    """Who got each award."""
    the_event = event(stage(module(**keys)), awards=awards)
    rows = scored(the_event, [entrant(code) for code in points], totals(**points))["awards"]
    entrants_of_awards: dict[str, list[str]] = {award["code"]: [] for award in awards}
    for row in rows:
        assert list(row) == ["award", "entrant"]
        entrants_of_awards[row["award"]].append(row["entrant"])
    return entrants_of_awards


FIVE = {"P1": 90, "P2": 80, "P3": 70, "P4": 60, "P5": 50}


def test_awards_go_down_the_ranks() -> None:
    winners = dealt([award("gold", top=1), award("silver", top=2)], FIVE)
    assert winners == {"gold": ["P1"], "silver": ["P2", "P3"]}


def test_sharers_of_the_border_get_it_too_and_take_places_off_the_next() -> None:
    shared = {"P1": 90, "P2": 90, "P3": 80, "P4": 70, "P5": 60}
    winners = dealt([award("gold", top=1), award("silver", top=2)], shared)
    assert winners == {"gold": ["P1", "P2"], "silver": ["P3"]}


def test_what_the_next_award_can_not_bear_is_taken_off_the_one_after() -> None:
    shared = {"P1": 90, "P2": 90, "P3": 90, "P4": 80, "P5": 70}
    awards = [award("gold", top=1), award("silver", top=1), award("bronze", top=3)]
    assert dealt(awards, shared) == {
        "gold": ["P1", "P2", "P3"],
        "silver": [],
        "bronze": ["P4", "P5"],
    }


def test_a_debt_and_new_sharers_add_up() -> None:
    shared = {"P1": 90, "P2": 90, "P3": 80, "P4": 80, "P5": 70}
    awards = [award("gold", top=1), award("silver", top=2), award("bronze", top=2)]
    assert dealt(awards, shared) == {"gold": ["P1", "P2"], "silver": ["P3", "P4"], "bronze": ["P5"]}


def test_who_misses_the_least_total_is_passed_over_and_stays_in() -> None:
    awards = [award("gold", top=2, min_total="85"), award("silver", top=2)]
    assert dealt(awards, FIVE) == {"gold": ["P1"], "silver": ["P2", "P3"]}


def test_places_that_nobody_can_take_stay_vacant() -> None:
    awards = [award("gold", top=3, min_total="75"), award("silver", top=9)]
    assert dealt(awards, FIVE) == {"gold": ["P1", "P2"], "silver": ["P3", "P4", "P5"]}


def test_the_least_total_may_be_just_reached() -> None:
    assert dealt([award("gold", top=1, min_total="90.00")], FIVE) == {"gold": ["P1"]}
    assert dealt([award("gold", top=1, min_total="90.01")], FIVE) == {"gold": []}


def test_pass_marks_may_be_asked_for() -> None:
    awards = [award("gold", top=2, pass_modules=True), award("silver", top=9)]
    winners = dealt(awards, FIVE, **{"pass": "70"})
    assert winners == {"gold": ["P1", "P2"], "silver": ["P3", "P4", "P5"]}
    winners = dealt([award("gold", top=9, pass_modules=True)], FIVE, **{"pass": "70"})
    assert winners == {"gold": ["P1", "P2", "P3"]}


def test_passing_is_asked_in_every_stage_that_was_reached() -> None:
    passing = {"pass": "60"}
    two = event(
        stage(module("m", **passing), code="A"),
        stage(module("m"), code="B"),
        awards=[award("gold", top=2, pass_modules=True)],
    )
    marks = [
        mark("P1", "59.99", stage_code="A"),
        mark("P2", "60", stage_code="A"),
        mark("P1", "90", stage_code="B"),
        mark("P2", "10", stage_code="B"),
    ]
    assert scored(two, people(2), marks)["awards"] == [{"award": "gold", "entrant": "P2"}]


def test_a_sharer_of_the_border_must_meet_the_conditions_too() -> None:
    two = event(
        stage(module("m", weight=50, **{"pass": "50"}), module("n", weight=50)),
        awards=[award("gold", top=1, pass_modules=True), award("silver", top=1)],
    )
    given = {"P1": (60, 40), "P2": (40, 60), "P3": (55, 45), "P4": (10, 10)}
    marks = [
        mark(code, value, module_code=where)
        for code, values in given.items()
        for where, value in zip("mn", values, strict=True)
    ]
    rows = scored(two, people(4), marks)["awards"]
    # P3 shares the first rank and takes silver's only place; P2 goes without.
    assert rows == [{"award": "gold", "entrant": "P1"}, {"award": "gold", "entrant": "P3"}]


@pytest.mark.parametrize(
    ("ratio", "rounding", "ranked", "number"),
    [
        ("0.1", AwardRound.HALF_UP, 15, 2),
        ("0.1", AwardRound.HALF_UP, 14, 1),
        ("0.1", AwardRound.FLOOR, 19, 1),
        ("0.1", AwardRound.CEIL, 11, 2),
        ("0.1", AwardRound.CEIL, 10, 1),
        ("0.1", AwardRound.FLOOR, 9, 0),
        ("0.07", AwardRound.FLOOR, 100, 7),
        ("0.29", AwardRound.CEIL, 100, 29),
    ],
)
def test_a_ratio_is_of_the_ranked(
    ratio: str, rounding: AwardRound, ranked: int, number: int
) -> None:
    award = Award(code="a", name="a", ratio=Decimal(ratio), round=rounding)
    assert award_number(award, ranked) == number


def test_a_ratio_may_have_a_least_number() -> None:
    award = Award(code="a", name="a", ratio=Decimal("0.1"), at_least=3)
    assert award_number(award, 10) == 3
    assert award_number(award, 40) == 4


def test_a_ratio_leaves_out_who_is_not_ranked() -> None:
    the_event = event(stage(module()), awards=[award("gold", ratio="0.5")])
    rows = scored(the_event, people(4), totals(P1=90, P2=80))["awards"]
    assert [row["entrant"] for row in rows] == ["P1"]


def test_ordinal_ranks_are_never_shared() -> None:
    the_event = event(stage(module()), awards=[award("gold", top=1)], ranking={"style": "ordinal"})
    assert scored(the_event, people(2), totals(P1=80, P2=80))["awards"] == [
        {"award": "gold", "entrant": "P1"}
    ]


def test_teams_have_a_chain_of_their_own() -> None:
    entrants = [entrant("P1", team="A"), entrant("P2", team="A"), entrant("P3", team="B")]
    listed = [{"code": code, "name": code, "event": "E", "unit": "U"} for code in "ABC"]
    awards = [
        award("gold", top=1),
        award("team-gold", top=1, scope="teams", pass_modules=True),
        award("team-silver", ratio="1", scope="teams", min_total="100"),
    ]
    the_event = event(
        stage(module(**{"pass": "50"})),
        awards=awards,
        team_ranking={"best": 2, "require_full": False},
    )
    marks = totals(P1=90, P2=40, P3=60)
    assert scored(the_event, entrants, marks, teams=listed)["awards"] == [
        {"award": "gold", "entrant": "P1"},
        {"award": "team-gold", "team": "B"},
        {"award": "team-silver", "team": "A"},
    ]


def test_each_item_is_a_chain_of_its_own() -> None:
    two = event(
        stage(module("m", weight=50), module("n", weight=50)),
        items=[
            {"code": "im", "name": "甲", "of": "m"},
            {"code": "in", "name": "乙", "of": "n"},
        ],
        awards=[
            award("best", top=1, scope="items", min_total="80"),
            award("good", ratio="0.5", scope="items"),
            award("gold", top=1),
        ],
    )
    given = {"P1": (90, 10), "P2": (80, 20), "P3": (70, 70)}
    marks = [
        mark(code, value, module_code=where)
        for code, values in given.items()
        for where, value in zip("mn", values, strict=True)
    ]
    awards = scored(two, people(3), marks)["awards"]
    assert awards == [
        {"award": "gold", "entrant": "P3"},
        {"award": "best", "item": "im", "entrant": "P1"},
        {"award": "good", "item": "im", "entrant": "P2"},
        {"award": "good", "item": "im", "entrant": "P3"},
        {"award": "good", "item": "in", "entrant": "P3"},
        {"award": "good", "item": "in", "entrant": "P2"},
    ]
    assert list(awards[1]) == ["award", "item", "entrant"]


def test_an_award_for_teams_goes_to_nobody_where_no_teams_are_ranked() -> None:
    award = {"code": "t", "name": "团体", "top": 1, "scope": "teams", "min_total": "5"}
    the_event = event(stage(module()), awards=[award])
    assert scored(the_event, people(2), totals(P1=9, P2=8))["awards"] == []


NEAR = [
    {"code": "gold", "name": "金", "top": 1, "within": "1"},
    {"code": "silver", "name": "银", "top": 1},
    {"code": "bronze", "name": "铜", "top": 2},
]


@pytest.mark.parametrize(
    ("points", "wanted"),
    [
        # Two golds and no silver; nobody is measured from who joins.
        ((90, 89, "88.9", 80), {"P1": "gold", "P2": "gold", "P3": "bronze", "P4": "bronze"}),
        ((90, "88.9", 88, 80), {"P1": "gold", "P2": "silver", "P3": "bronze", "P4": "bronze"}),
        ((90, 90, 89, "88.9"), {"P1": "gold", "P2": "gold", "P3": "gold", "P4": "bronze"}),
    ],
)
def test_who_is_near_joins_and_takes_off_the_next(
    points: tuple[Any, ...], wanted: dict[str, str]
) -> None:
    marks = totals(**{f"P{n}": value for n, value in enumerate(points, start=1)})
    plain = bundle(event(stage(module()), awards=NEAR), people(4), marks)
    results = results_of(plain | {"format": "compete-bundle/2"})
    assert {row["entrant"]: row["award"] for row in results["awards"]} == wanted


def test_nobody_joins_where_there_is_nothing_to_give() -> None:
    awards = [{"code": "gold", "name": "金", "top": 0, "within": "99"}]
    plain = bundle(event(stage(module()), awards=awards), people(2), totals(P1=90, P2=89))
    assert results_of(plain | {"format": "compete-bundle/2"})["awards"] == []
