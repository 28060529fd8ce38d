"""Who goes on, and the final standings over all stages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.scoring.build import (
    Plain,
    entrant,
    event,
    mark,
    module,
    ranks,
    scored,
    stage,
)


def went_on(
    points: dict[str, int], advance: Plain, units: dict[str, str] | None = None
) -> set[str]:
    """Who reaches the second of two stages."""
    two = event(stage(module(), code="A", advance=advance), stage(module(), code="B"))
    entrants = [entrant(code, (units or {}).get(code, "U")) for code in sorted(points)]
    marks = [mark(code, value, stage_code="A") for code, value in points.items()]
    rows = scored(two, entrants, marks)["stages"]
    reached = {row["entrant"] for row in rows[1]["standings"]}
    assert reached == {row["entrant"] for row in rows[0]["standings"] if row["advanced"]}
    return reached


SHARED = {"P1": 90, "P2": 80, "P3": 80, "P4": 70}


def test_all_who_share_the_last_place_go_on() -> None:
    assert went_on(SHARED, {"top": 2}) == {"P1", "P2", "P3"}


def test_or_they_are_cut_in_code_order() -> None:
    assert went_on(SHARED, {"top": 2, "ties": "cut"}) == {"P1", "P2"}


def test_a_unit_sends_no_more_than_its_share() -> None:
    points = {"P1": 90, "P2": 80, "P3": 70, "P4": 60}
    units = {"P1": "U", "P2": "U", "P3": "U", "P4": "V"}
    assert went_on(points, {"per_unit": 2}, units) == {"P1", "P2", "P4"}
    assert went_on(points, {"top": 2, "per_unit": 1}, units) == {"P1", "P4"}


def test_sharers_of_the_last_place_still_count_for_their_unit() -> None:
    points = {"P1": 90, "P2": 80, "P3": 80, "P4": 80}
    units = {"P1": "U", "P2": "V", "P3": "V", "P4": "W"}
    assert went_on(points, {"top": 2, "per_unit": 1}, units) == {"P1", "P2", "P4"}


def test_sharers_are_those_of_the_last_taken_rank() -> None:
    # P2 and P3 share rank 2, but P2's unit has its one; P3 is the second taken.
    points = {"P1": 90, "P2": 80, "P3": 80, "P4": 70}
    units = {"P1": "U", "P2": "U", "P3": "V", "P4": "W"}
    assert went_on(points, {"top": 2, "per_unit": 1}, units) == {"P1", "P3"}
    assert went_on(points, {"top": 3, "per_unit": 1}, units) == {"P1", "P3", "P4"}


def stages_of(
    points: dict[str, dict[str, Any]], *, style: str = "competition", **keys: Any
) -> Plain:
    """Totals by stage and entrant; everyone ranked goes on unless `advance` says."""
    advance: Plain = keys.pop("advance", {})
    codes = list(points)
    stages = [
        stage(module(), code=code, **({"advance": advance[code]} if code in advance else {}))
        for code in codes
    ]
    everyone = sorted(points[codes[0]])
    marks = [
        mark(code, value, stage_code=where)
        for where, given in points.items()
        for code, value in given.items()
    ]
    the_event = event(*stages, ranking={"style": style})
    return scored(the_event, [entrant(code) for code in everyone], marks, **keys)


def test_without_a_rule_all_the_ranked_go_on_and_nobody_else() -> None:
    points = {"A": {"P1": 90, "P2": 80, "P3": 70}, "B": {"P1": 1, "P2": 2, "P3": 3}}
    absent = {"stage": "A", "entrant": "P3", "status": "dns", "reason": "记录"}
    results = stages_of(points, outcomes=[absent])
    rows = results["stages"][0]["standings"]
    assert {row["entrant"]: row["advanced"] for row in rows} == {
        "P1": True,
        "P2": True,
        "P3": False,
    }
    assert [row["advanced"] for row in results["stages"][1]["standings"]] == [None, None]
    assert results["standings"][-1] == {
        "entrant": "P3",
        "rank": None,
        "status": "dns",
        "total": "0.00",
        "stage": "A",
    }


POINTS = {
    "A": {"P1": 60, "P2": 70, "P3": 80, "P4": 90, "P5": 50, "P6": 50, "P7": 40},
    "B": {"P1": 10, "P2": 20, "P3": 30, "P4": 40},
}


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("competition", {"P4": 1, "P3": 2, "P2": 3, "P1": 4, "P5": 5, "P6": 5, "P7": 7}),
        ("dense", {"P4": 1, "P3": 2, "P2": 3, "P1": 4, "P5": 5, "P6": 5, "P7": 6}),
        ("ordinal", {"P4": 1, "P3": 2, "P2": 3, "P1": 4, "P5": 5, "P6": 6, "P7": 7}),
    ],
)
def test_those_who_went_no_further_stand_behind_those_who_did(
    style: str, expected: dict[str, int]
) -> None:
    results = stages_of(POINTS, style=style, advance={"A": {"top": 4}})
    assert ranks(results["standings"]) == expected
    assert [row["stage"] for row in results["standings"]] == ["B"] * 4 + ["A"] * 3


def test_a_disqualified_finalist_makes_room_but_an_absent_one_does_not() -> None:
    dsq = {"stage": "B", "entrant": "P4", "status": "dsq", "reason": "记录"}
    dns = {"stage": "B", "entrant": "P3", "status": "dns", "reason": "记录"}
    results = stages_of(POINTS, advance={"A": {"top": 4}}, outcomes=[dsq, dns])
    assert ranks(results["standings"]) == {
        "P2": 1,
        "P1": 2,
        "P5": 4,
        "P6": 4,
        "P7": 6,
        "P3": None,
        "P4": None,
    }
    assert results["standings"][-1]["total"] is None


def test_those_left_in_a_stage_are_ranked_anew_among_themselves() -> None:
    points = {
        "A": {"P1": 90, "P2": 80, "P3": 70, "P4": 60},
        "B": {"P1": 1, "P3": 2},
    }
    units = [entrant("P1", "U"), entrant("P2", "U"), entrant("P3", "V"), entrant("P4", "V")]
    two = event(stage(module(), code="A", advance={"per_unit": 1}), stage(module(), code="B"))
    marks = [
        mark(code, value, stage_code=where)
        for where, given in points.items()
        for code, value in given.items()
    ]
    results = scored(two, units, marks)
    assert ranks(results["standings"]) == {"P3": 1, "P1": 2, "P2": 3, "P4": 4}


def test_three_stages_stand_one_behind_the_other() -> None:
    points = {
        "A": {"P1": 90, "P2": 80, "P3": 70, "P4": 60},
        "B": {"P1": 50, "P2": 60, "P3": 70},
        "C": {"P3": 1, "P2": 2},
    }
    results = stages_of(points, advance={"A": {"top": 3}, "B": {"top": 2}})
    assert [(row["entrant"], row["rank"], row["stage"]) for row in results["standings"]] == [
        ("P2", 1, "C"),
        ("P3", 2, "C"),
        ("P1", 3, "B"),
        ("P4", 4, "A"),
    ]


def test_marks_for_a_stage_that_was_not_reached_are_ignored() -> None:
    points = {"A": {"P1": 90, "P2": 80}, "B": {"P1": 1, "P2": 100}}
    dsq = {"stage": "B", "entrant": "P2", "status": "dsq", "reason": "记录"}
    results = stages_of(points, advance={"A": {"top": 1}}, outcomes=[dsq])
    assert ranks(results["standings"]) == {"P1": 1, "P2": 2}
