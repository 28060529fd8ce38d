"""Rules of other sports put in the format's words, with numbers worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.domain.scoring.build import (
    Plain,
    aspect,
    by_judges,
    event,
    mark,
    module,
    module_score,
    panel,
    people,
    ranks,
    scored,
    stage,
)


def test_figure_skating_components_are_trimmed_rounded_weighed_and_rounded_again() -> None:
    components = {
        "composition": ["9.25", "9.50", "9.25", "9.75", "9.50", "9.00", "9.50", "9.25", "9.75"],
        "presentation": ["9.00", "9.25", "9.50", "9.25", "9.25", "9.00", "9.75", "9.25", "9.50"],
        "skills": ["9.25", "9.25", "9.25", "9.50", "9.50", "9.25", "9.50", "9.25", "9.50"],
    }
    nine = panel(9, "trimmed_mean", at="aspect", drop_high=1, drop_low=1)
    aspects = [aspect(code, step="0.25", factor="1.67") for code in components]
    marks = [
        judge
        for code, given in components.items()
        for judge in by_judges("P1", *given, aspect_code=code)
    ]
    row = module_score(module(aspects=aspects, panel=nine), marks, rounding={"aspect": 2})
    # 66.00 ÷ 7 = 9.4286 → 9.43 × 1.67 = 15.7481 → 15.75
    # 65.00 ÷ 7 = 9.2857 → 9.29 × 1.67 = 15.5143 → 15.51
    # 65.50 ÷ 7 = 9.3571 → 9.36 × 1.67 = 15.6312 → 15.63
    assert row["score"] == "46.89"


def dive(code: str, difficulty: str, values: list[str]) -> tuple[Plain, list[Plain]]:
    """Seven judges, the middle three count, three times the mean times the difficulty."""
    weighed = aspect(step="0.5", factor=str(3 * Decimal(difficulty)))
    seven = panel(7, "trimmed_mean", drop_high=2, drop_low=2)
    apparatus = module(code, [weighed], weight="1", panel=seven)
    apparatus["weight"] = apparatus["full"]
    return apparatus, by_judges("P1", *values, module_code=code)


def test_a_dive_is_the_middle_three_times_its_difficulty() -> None:
    dives = [
        dive("d1", "3.2", ["8.5", "8.5", "9.0", "8.0", "8.5", "9.0", "7.5"]),
        dive("d2", "3.6", ["7.0", "6.5", "7.5", "7.0", "7.0", "8.0", "7.5"]),
    ]
    the_event = event(stage(*(module for module, _ in dives)))
    row = scored(the_event, people(1), [mark for _, marks in dives for mark in marks])["standings"][
        0
    ]
    # 25.5 × 3.2 = 81.60 and 21.5 × 3.6 = 77.40
    assert row["total"] == "159.00"


def test_ski_jumping_adds_distance_to_the_middle_three_of_five_styles() -> None:
    style = module(
        "style",
        [aspect(full=20, step="0.5", factor="3")],
        weight=60,
        panel=panel(5, "trimmed_mean", drop_high=1, drop_low=1),
    )
    distance = module("distance", [aspect(full=150, step="0.1")], weight=150)
    marks = [
        *by_judges("P1", "18.5", "18.0", "19.0", "18.5", "17.5", module_code="style"),
        mark("P1", "67.8", module_code="distance"),
    ]
    row = scored(event(stage(style, distance)), people(1), marks)["standings"][0]
    assert row["total"] == "122.80"  # 55 + 67.8


def test_gymnastics_starts_from_difficulty_and_takes_the_mean_execution() -> None:
    difficulty = module("d", [aspect(full=10, step="0.1")], weight=10, panel=panel(2, "agreed"))
    execution = module(
        "e",
        [aspect(full=10, step="0.1")],
        weight=10,
        panel=panel(5, "trimmed_mean", drop_high=1, drop_low=1),
    )
    the_event = event(stage(difficulty, execution), rounding={"module": 3, "total": 3})
    marks = [
        *by_judges("P1", "6.4", "6.4", module_code="d"),
        *by_judges("P1", "8.5", "8.6", "8.7", "8.4", "8.8", module_code="e"),
    ]
    line = {"stage": "S", "module": "e", "entrant": "P1", "points": "0.1", "reason": "出界"}
    assert (
        scored(the_event, people(1), marks, penalties=[line])["standings"][0]["total"] == "14.900"
    )


def combined(points: dict[str, list[int]], ties: list[str]) -> Any:
    """Ten disciplines whose table points are added up."""
    codes = [f"d{number}" for number in range(1, 11)]
    disciplines = [module(code, [aspect(full=1500, step="1")], weight=1500) for code in codes]
    the_event = event(
        stage(*disciplines), rounding={"module": 0, "total": 0}, ranking={"ties": ties}
    )
    marks = [
        mark(code, value, module_code=where)
        for code, given in points.items()
        for where, value in zip(codes, given, strict=True)
    ]
    return scored(the_event, people(len(points)), marks)["standings"]


def test_a_decathlon_adds_up_and_the_best_single_discipline_separates() -> None:
    points = {
        "P1": [987, 1050, 790, 850, 880, 1000, 750, 910, 780, 711],
        "P2": [950, 990, 810, 900, 890, 970, 800, 910, 770, 718],
    }
    rows = combined(points, ["module:d2"])
    assert [(row["entrant"], row["rank"], row["total"]) for row in rows] == [
        ("P1", 1, "8708"),
        ("P2", 2, "8708"),
    ]
    assert ranks(combined(points, [])) == {"P1": 1, "P2": 1}


def test_climbing_speed_shares_points_by_the_best_time() -> None:
    relative = module(aspects=[aspect(full=100, kind="relative")])
    rows = scored(
        event(stage(relative)),
        people(3),
        [mark("P1", "5.02"), mark("P2", "5.51"), mark("P3", "10.04")],
    )["standings"]
    assert [row["total"] for row in rows] == ["100.00", "91.11", "50.00"]
