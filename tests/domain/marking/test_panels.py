"""From the judges' sheets to a module score."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.scoring.build import (
    Plain,
    aspect,
    by_judges,
    mark,
    module,
    module_score,
    panel,
)


def of_panel(values: list[Any], the_panel: Plain, **keys: Any) -> Plain:
    """A module of one aspect of ten marks, and a value from each judge."""
    the_module = module(aspects=[aspect(**keys.pop("aspect", {}))], panel=the_panel)
    return module_score(the_module, by_judges("P1", *values), **keys)


@pytest.mark.parametrize("at", ["sheet", "aspect"])
@pytest.mark.parametrize(
    ("combine", "values", "score"),
    [
        ("mean", ["7", "8", "8"], "7.67"),
        ("median", ["2", "9", "8"], "8.00"),
        ("median", ["2", "9", "8", "7"], "7.50"),
        ("sum", ["7", "8", "9.5"], "24.50"),
        ("agreed", ["7", "7"], "7.00"),
    ],
)
def test_judges_are_combined(at: str, combine: str, values: list[str], score: str) -> None:
    row = of_panel(values, panel(len(values), combine, at=at))
    assert row == {"score": score, "points": row["points"], "flags": []}


@pytest.mark.parametrize(
    ("high", "low", "score"),
    [
        (1, 1, "7.33"),
        (0, 1, "8.00"),
        (1, 0, "6.00"),
        (2, 2, "7.00"),
        (3, 2, "6.80"),
        (9, 9, "6.80"),
    ],
)
def test_a_trimmed_mean_leaves_out_the_ends_unless_nothing_would_remain(
    high: int, low: int, score: str
) -> None:
    trimmed = panel(5, "trimmed_mean", drop_high=high, drop_low=low)
    assert of_panel(["2", "10", "7", "6", "9"], trimmed)["score"] == score


def test_judges_who_had_to_agree_and_did_not_leave_the_mean_in_dispute() -> None:
    row = of_panel(["7", "8"], panel(2, "agreed"))
    assert (row["score"], row["flags"]) == ("7.50", ["disputed"])


def two_aspects(at: str, **keys: Any) -> Plain:
    aspects = [aspect("a"), aspect("b")]
    marks = [
        *by_judges("P1", "4", "6", aspect_code="a"),
        *by_judges("P1", "6", "4", aspect_code="b"),
    ]
    return module_score(module(aspects=aspects, panel=panel(2, at=at, **keys)), marks)


def test_agreement_is_of_what_is_combined() -> None:
    assert two_aspects("sheet", combine="agreed")["flags"] == []
    assert two_aspects("aspect", combine="agreed")["flags"] == ["disputed"]


def test_spread_is_of_the_sums_or_of_each_aspect() -> None:
    assert two_aspects("sheet", max_spread="1")["flags"] == []
    assert two_aspects("aspect", max_spread="1")["flags"] == ["disputed"]
    assert two_aspects("aspect", max_spread="2")["flags"] == []


@pytest.mark.parametrize(("most", "flags"), [("3", []), ("2.99", ["disputed"])])
def test_a_spread_that_is_just_reached_is_no_dispute(most: str, flags: list[str]) -> None:
    assert of_panel(["6", "9"], panel(2, max_spread=most))["flags"] == flags


def test_spread_is_looked_at_before_trimming() -> None:
    trimmed = panel(4, "trimmed_mean", drop_high=1, drop_low=1, max_spread="3")
    row = of_panel(["1", "8", "8", "8"], trimmed)
    assert (row["score"], row["flags"]) == ("8.00", ["disputed"])


@pytest.mark.parametrize("at", ["sheet", "aspect"])
def test_judgements_are_compared_by_value_and_never_by_sum(at: str) -> None:
    judged = aspect(full=30, kind="judgement")
    the_module = module(aspects=[judged], panel=panel(2, at=at, max_spread="1"))
    assert module_score(the_module, by_judges("P1", 1, 2))["flags"] == []
    assert module_score(the_module, by_judges("P1", 1, 3))["flags"] == ["disputed"]


def test_beside_another_aspect_judgements_count_in_the_sums_too() -> None:
    aspects = [aspect("a", 30, "judgement"), aspect("b", 10)]
    the_module = module(aspects=aspects, panel=panel(2, max_spread="9"))
    marks = [*by_judges("P1", 1, 2, aspect_code="a"), *by_judges("P1", "5", "5", aspect_code="b")]
    assert module_score(the_module, marks)["flags"] == ["disputed"]


def test_an_aspect_spreads_before_its_factor() -> None:
    wide = {"factor": "5"}
    row = of_panel(["6", "8"], panel(2, at="aspect", max_spread="2"), aspect=wide)
    assert row["flags"] == []
    row = of_panel(["6", "8"], panel(2, at="sheet", max_spread="2"), aspect=wide)
    assert row["flags"] == ["disputed"]


def test_a_sheet_counts_when_it_is_whole() -> None:
    aspects = [aspect("a"), aspect("b")]
    the_module = module(aspects=aspects, panel=panel(2, min=1))
    marks = [mark("P1", "4", "J1", "a"), mark("P1", "5", "J1", "b"), mark("P1", "9", "J2", "a")]
    assert module_score(the_module, marks) == {"score": "9.00", "points": "45.00", "flags": []}


def test_fewer_sheets_than_needed_leave_a_module_incomplete_and_not_disputed() -> None:
    row = of_panel(["1", "9"], panel(3, max_spread="1"))
    assert row == {"score": None, "points": None, "flags": ["incomplete"]}


def test_fewer_judges_than_the_panel_are_combined_the_same_way_or_by_a_plain_mean() -> None:
    trimmed: Plain = {"drop_high": 1, "drop_low": 1, "min": 3}
    same = panel(5, "trimmed_mean", **trimmed)
    assert of_panel(["2", "8", "9"], same)["score"] == "8.00"
    mean = panel(5, "trimmed_mean", **trimmed, reduced="mean")
    assert of_panel(["2", "8", "9"], mean)["score"] == "6.33"


def test_a_reduced_panel_need_not_agree() -> None:
    agreed = panel(3, "agreed", min=2, reduced="mean")
    assert of_panel(["2", "8"], agreed) == {"score": "5.00", "points": "50.00", "flags": []}
    strict = panel(3, "agreed", min=2)
    assert of_panel(["2", "8"], strict)["flags"] == ["disputed"]


def test_a_sum_of_fewer_judges_is_their_sum() -> None:
    assert of_panel(["4", "5"], panel(3, "sum", min=2))["score"] == "9.00"


def test_at_aspect_each_aspect_is_trimmed_for_itself() -> None:
    aspects = [aspect("a"), aspect("b")]
    marks = [
        *by_judges("P1", "1", "5", "9", aspect_code="a"),
        *by_judges("P1", "9", "5", "4", aspect_code="b"),
    ]
    trimmed = panel(3, "trimmed_mean", drop_high=1, drop_low=1)
    by_sheet = module_score(module(aspects=aspects, panel=trimmed), marks)
    by_aspect = module_score(module(aspects=aspects, panel={**trimmed, "at": "aspect"}), marks)
    assert by_sheet["score"] == "10.00"  # sums 10, 10, 13
    assert by_aspect["score"] == "10.00"  # 5 and 5
    marks[2]["value"] = "8"
    assert module_score(module(aspects=aspects, panel=trimmed), marks)["score"] == "10.00"
    marks[3]["value"] = "1"  # sums 2, 10, 12 and medians 5 and 4
    by_aspect = module_score(module(aspects=aspects, panel={**trimmed, "at": "aspect"}), marks)
    assert by_aspect["score"] == "9.00"


def test_an_aspect_is_rounded_before_and_after_its_factor_where_it_is_combined() -> None:
    thirds = {"factor": "1.25"}
    values = ["7", "8", "8"]  # mean 7.666…
    at_aspect = panel(3, at="aspect")
    rounding = {"aspect": 1, "module": 4}
    row = of_panel(values, at_aspect, aspect=thirds, rounding=rounding)
    assert row["score"] == "9.6000"  # 7.7 × 1.25 = 9.625
    row = of_panel(values, panel(3), aspect=thirds, rounding=rounding)
    assert row["score"] == "9.5833"  # no rounding at the sheet
    row = of_panel(values, at_aspect, aspect=thirds, rounding={"module": 4})
    assert row["score"] == "9.5833"


def test_a_factor_weighs_an_aspect() -> None:
    aspects = [aspect("a", factor="2"), aspect("b", factor="0.5")]
    marks = [mark("P1", "3", aspect_code="a"), mark("P1", "7", aspect_code="b")]
    assert module_score(module(aspects=aspects), marks)["score"] == "9.50"


@pytest.mark.parametrize(("places", "score"), [(0, "8"), (1, "7.7"), (3, "7.667")])
def test_a_module_is_rounded_to_its_places(places: int, score: str) -> None:
    row = of_panel(["7", "8", "8"], panel(3), rounding={"module": places})
    assert row["score"] == score


def test_points_off_come_before_rounding_and_stop_at_nothing() -> None:
    off = {"stage": "S", "module": "m", "entrant": "P1", "reason": "违规"}
    row = of_panel(
        ["7", "8", "8"], panel(3), penalties=[{**off, "points": "1.5"}, {**off, "points": "0.162"}]
    )
    assert (row["score"], row["flags"]) == ("6.00", ["penalised"])  # 6.00466…
    row = of_panel(["7", "8", "8"], panel(3), penalties=[{**off, "points": "99"}])
    assert row["score"] == "0.00"


def test_an_incomplete_module_keeps_its_penalty_flag() -> None:
    off = {"stage": "S", "module": "m", "entrant": "P1", "seconds": "5", "reason": "违规"}
    assert of_panel(["7"], panel(2), penalties=[off])["flags"] == ["incomplete", "penalised"]
