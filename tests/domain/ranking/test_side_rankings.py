"""Single items, teams and units beside the people's ranking."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.scoring.build import (
    Plain,
    entrant,
    event,
    mark,
    module,
    people,
    scored,
    stage,
    totals,
)


def item_rows(item: Plain, marks: list[Plain], count: int = 3, **keys: Any) -> list[Any]:
    part = {"code": "p", "name": "实操", "weight": "50", "full": "100"}
    the_event = event(
        stage(
            module("m", weight=50),
            module("n", weight=50, part="p"),
            module("o", weight=50, part="p"),
            parts=[part],
        ),
        items=[{"code": "i", "name": "单项", **item}],
    )
    items = scored(the_event, people(count), marks, **keys)["items"]
    assert [row["item"] for row in items] == ["i"]
    return [(row["entrant"], row["rank"], row["score"]) for row in items[0]["standings"]]


def three(code: str, m: Any, n: Any, o: Any) -> list[Plain]:
    given = {"m": m, "n": n, "o": o}
    return [mark(code, value, module_code=where) for where, value in given.items()]


def fell(code: str, status: str, where: str | None) -> Plain:
    outcome = {"stage": "S", "entrant": code, "status": status, "reason": "记录"}
    return outcome if where is None else {**outcome, "module": where}


def test_an_item_ranks_a_module_by_itself() -> None:
    marks = three("P1", 70, 1, 1) + three("P2", 90, 1, 1) + three("P3", 70, 9, 1)
    assert item_rows({"of": "m"}, marks) == [
        ("P2", 1, "90.00"),
        ("P1", 2, "70.00"),
        ("P3", 2, "70.00"),
    ]
    assert item_rows({"of": "m", "ties": ["module:n"]}, marks)[1][0] == "P3"


def test_an_item_may_be_a_part() -> None:
    marks = three("P1", 1, 60, 80) + three("P2", 1, 80, 80)
    assert item_rows({"of": "p"}, marks, 2) == [("P2", 1, "80.00"), ("P1", 2, "70.00")]


def test_who_has_no_rank_for_another_modules_sake_has_one_in_the_item() -> None:
    marks = [*three("P1", 70, 1, 1), mark("P2", 90), *three("P3", 80, 1, 1)]
    absent = fell("P3", "dns", "n")
    standings = item_rows({"of": "m"}, marks, outcomes=[absent])
    assert standings == [("P2", 1, "90.00"), ("P3", 2, "80.00"), ("P1", 3, "70.00")]


@pytest.mark.parametrize("item", ["m", "p"])
def test_an_absence_or_a_disqualification_has_no_place_in_an_item(item: str) -> None:
    marks = [given for code in ("P1", "P2", "P3") for given in three(code, 70, 70, 70)]
    outcomes = [fell("P1", "dns", None), fell("P2", "dsq", "m" if item == "p" else "n")]
    assert item_rows({"of": item}, marks, outcomes=outcomes) == [("P3", 1, "70.00")]


def test_one_absent_module_takes_the_whole_part() -> None:
    marks = three("P1", 70, 70, 70) + three("P2", 70, 70, 70)
    assert item_rows({"of": "p"}, marks, 2, outcomes=[fell("P1", "dns", "o")]) == [
        ("P2", 1, "70.00")
    ]


def test_who_did_not_finish_has_a_place_in_an_item() -> None:
    marks = three("P1", 70, 70, 70)
    assert item_rows({"of": "m"}, marks, 1, outcomes=[fell("P1", "dnf", None)]) == [
        ("P1", 1, "70.00")
    ]


def test_a_missing_score_is_last_among_an_items_tie_keys() -> None:
    marks = [mark("P1", 70), *three("P2", 70, 0, 0)]
    assert item_rows({"of": "m", "ties": ["module:n", "stage:S"]}, marks, 2) == [
        ("P2", 1, "70.00"),
        ("P1", 2, "70.00"),
    ]


def team_rows(rule: Plain, teams: dict[str, str], points: Plain, **keys: Any) -> list[Any]:
    """Team by entrant; totals by entrant."""
    entrants = [entrant(code, team=team) for code, team in teams.items()]
    listed = [
        {"code": code, "name": code, "event": "E", "unit": "U"}
        for code in sorted({*teams.values(), *keys.pop("more", [])})
    ]
    the_event = event(stage(module()), team_ranking=rule)
    team_standings = scored(the_event, entrants, totals(**points), teams=listed, **keys)["teams"]
    return [(row["team"], row["rank"], row["total"], row["members"]) for row in team_standings]


TWO_TEAMS = {"P1": "A", "P2": "A", "P3": "A", "P4": "B", "P5": "B"}


def test_the_best_members_count() -> None:
    team_standings = team_rows(
        {"best": 2}, TWO_TEAMS, {"P1": 50, "P2": 70, "P3": 60, "P4": 90, "P5": 10}
    )
    assert team_standings == [
        ("A", 1, "130.00", ["P2", "P3"]),
        ("B", 2, "100.00", ["P4", "P5"]),
    ]


def test_a_mean_is_rounded_and_counts_who_is_missing_as_nothing() -> None:
    rule = {"best": 3, "method": "mean", "require_full": False}
    team_standings = team_rows(rule, TWO_TEAMS, {"P1": 50, "P2": 70, "P3": 60, "P4": 91, "P5": 10})
    assert team_standings == [
        ("A", 1, "60.00", ["P2", "P3", "P1"]),
        ("B", 2, "33.67", ["P4", "P5"]),
    ]


def test_a_team_that_is_not_full_has_no_rank() -> None:
    team_standings = team_rows({"best": 2}, TWO_TEAMS, {"P1": 50, "P4": 91, "P5": 10})
    assert team_standings == [("B", 1, "101.00", ["P4", "P5"]), ("A", None, "50.00", ["P1"])]


def test_too_few_people_or_none_ranked_make_no_rank() -> None:
    rule = {"best": 1, "require_full": False, "min_members": 3}
    team_standings = team_rows(rule, TWO_TEAMS, {"P4": 91}, more=["C"])
    assert team_standings == [
        ("A", None, "0.00", []),
        ("B", None, "91.00", ["P4"]),
        ("C", None, "0.00", []),
    ]


EVEN = {"P1": 60, "P2": 40, "P3": 0, "P4": 50, "P5": 50}


@pytest.mark.parametrize(("ties", "first"), [(["best"], "A"), (["best_rank"], "A")])
def test_the_best_member_separates_teams(ties: list[str], first: str) -> None:
    team_standings = team_rows({"best": 2, "ties": ties}, TWO_TEAMS, EVEN)
    assert [row[:2] for row in team_standings] == [(first, 1), ("B", 2)]


def test_teams_that_stay_equal_share_a_rank() -> None:
    assert [row[:2] for row in team_rows({"best": 2}, TWO_TEAMS, EVEN)] == [("A", 1), ("B", 1)]


def test_times_separate_teams_and_a_missing_one_is_last() -> None:
    def times(**seconds: int) -> list[Plain]:
        return [
            {"stage": "S", "module": "m", "entrant": code, "seconds": value}
            for code, value in seconds.items()
        ]

    rule = {"best": 2, "ties": ["time:m"]}
    team_standings = team_rows(rule, TWO_TEAMS, EVEN, times=times(P1=30, P2=30, P4=10, P5=20))
    assert [row[:2] for row in team_standings] == [("B", 1), ("A", 2)]
    team_standings = team_rows(rule, TWO_TEAMS, EVEN, times=times(P1=30, P2=30, P4=10))
    assert [row[:2] for row in team_standings] == [("A", 1), ("B", 2)]


def test_a_team_short_of_a_member_is_last_by_time() -> None:
    times = [{"stage": "S", "module": "m", "entrant": "P4", "seconds": 1}]
    times += [{"stage": "S", "module": "m", "entrant": code, "seconds": 9} for code in ("P1", "P2")]
    rule = {"best": 2, "ties": ["time:m"], "require_full": False}
    team_standings = team_rows(rule, TWO_TEAMS, {"P1": 60, "P2": 40, "P4": 100}, times=times)
    assert [row[:2] for row in team_standings] == [("A", 1), ("B", 2)]


def test_a_module_separates_teams_by_the_members_sum() -> None:
    two = event(
        stage(module("m", weight=50), module("n", weight=50)),
        team_ranking={"best": 2, "ties": ["module:n"]},
    )
    entrants = [entrant(code, team=team) for code, team in TWO_TEAMS.items() if code != "P3"]
    given = {"P1": (80, 20), "P2": (80, 20), "P4": (50, 50), "P5": (50, 50)}
    marks = [
        mark(code, value, module_code=where)
        for code, values in given.items()
        for where, value in zip("mn", values, strict=True)
    ]
    listed = [{"code": code, "name": code, "event": "E", "unit": "U"} for code in "AB"]
    team_standings = scored(two, entrants, marks, teams=listed)["teams"]
    assert [(row["team"], row["rank"], row["total"]) for row in team_standings] == [
        ("B", 1, "100.00"),
        ("A", 2, "100.00"),
    ]


def unit_rows(rule: Plain, points: dict[str, tuple[str, int]]) -> list[Any]:
    entrants = [entrant(code, unit) for code, (unit, _) in points.items()]
    marks = totals(**{code: total for code, (_, total) in points.items()})
    unit_standings = scored(event(stage(module()), unit_ranking=rule), entrants, marks)["units"]
    return [(row["unit"], row["rank"], row["points"], row["medals"]) for row in unit_standings]


UNITS = {
    "P1": ("U", 90),
    "P2": ("V", 90),
    "P3": ("V", 80),
    "P4": ("W", 70),
    "P5": ("W", 60),
}


def test_ranks_bring_points_and_a_shared_rank_brings_each_its_full_points() -> None:
    rule = {"points": {"1": 9, "2": 7, "3": "6.5", "4": "0.50"}}
    assert unit_rows(rule, UNITS) == [
        ("V", 1, "15.5", [1, 0, 1]),
        ("U", 2, "9", [1, 0, 0]),
        ("W", 3, "0.5", [0, 0, 0]),
    ]


def test_medals_are_compared_gold_first() -> None:
    assert unit_rows({"medals": True}, UNITS) == [
        ("V", 1, "0", [1, 0, 1]),
        ("U", 2, "0", [1, 0, 0]),
        ("W", 3, "0", [0, 0, 0]),
    ]


def test_equal_units_share_a_rank() -> None:
    equal = {"P1": ("V", 90), "P2": ("U", 90), "P3": ("W", 10)}
    assert unit_rows({"points": {"1": 5}}, equal) == [
        ("U", 1, "5", [1, 0, 0]),
        ("V", 1, "5", [1, 0, 0]),
        ("W", 3, "0", [0, 0, 1]),
    ]


def test_a_unit_without_anyone_ranked_is_not_listed() -> None:
    the_event = event(stage(module()), unit_ranking={"medals": True})
    unit_standings = scored(the_event, [entrant("P1", "U"), entrant("P2", "V")], totals(P1=1))[
        "units"
    ]
    assert [row["unit"] for row in unit_standings] == ["U"]
