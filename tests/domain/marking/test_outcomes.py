"""Absence, giving up and disqualification, for a module or its whole stage."""

from __future__ import annotations

import pytest

from tests.domain.scoring.build import (
    Plain,
    aspect,
    by_judges,
    event,
    mark,
    module,
    module_of,
    module_score,
    panel,
    people,
    row_of,
    scored,
    stage,
)

PENALTY = {"stage": "S", "module": "m", "entrant": "P1", "points": "1", "reason": "违规"}


def fell(status: str, module_code: str | None = "m", code: str = "P1") -> Plain:
    outcome = {"stage": "S", "entrant": code, "status": status, "reason": "记录"}
    return outcome if module_code is None else {**outcome, "module": module_code}


def test_who_did_not_start_has_nothing_and_no_other_flag() -> None:
    the_module = module(aspects=[aspect()], panel=panel(2, max_spread="1"))
    marks = by_judges("P1", "1", "9")
    row = module_score(the_module, marks, outcomes=[fell("dns")], penalties=[PENALTY])
    assert row == {"score": "0.00", "points": "0.00", "flags": ["dns"]}


def test_who_did_not_finish_keeps_what_was_marked() -> None:
    aspects = [aspect("a"), aspect("b")]
    the_module = module(aspects=aspects, panel=panel(2, max_spread="1"))
    marks = [mark("P1", "9", "J1", "a"), mark("P1", "3", "J2", "b")]
    row = module_score(the_module, marks, outcomes=[fell("dnf")], penalties=[PENALTY])
    assert (row["score"], row["flags"]) == ("5.00", ["dnf", "penalised"])  # (9 + 3) ÷ 2 − 1


def test_penalty_seconds_count_for_who_did_not_finish() -> None:
    timed = module(aspects=[aspect("a", kind="time", full_at=60, zero_at=70), aspect("b")])
    late = {"stage": "S", "module": "m", "entrant": "P1", "seconds": "2", "reason": "违规"}
    row = module_score(timed, [mark("P1", "63")], outcomes=[fell("dnf")], penalties=[late])
    assert (row["score"], row["flags"]) == ("5.00", ["dnf", "penalised"])


def test_what_was_marked_of_who_did_not_start_separates_nobody_in_an_item() -> None:
    the_event = event(
        stage(module("m"), module("n", aspects=[aspect("b")])),
        items=[{"code": "i", "name": "单项", "of": "m", "ties": ["aspect:b"]}],
    )
    marks = [
        given
        for code, value in (("P1", "9"), ("P2", "3"))
        for given in (
            mark(code, "80"),
            mark(code, value, module_code="n", aspect_code="b"),
        )
    ]
    standings = scored(the_event, people(2), marks, outcomes=[fell("dns", "n")])["items"][0][
        "standings"
    ]
    assert [(row["entrant"], row["rank"]) for row in standings] == [("P2", 1), ("P1", 2)]


def test_who_did_not_finish_and_was_not_marked_has_nothing() -> None:
    row = module_score(module(aspects=[aspect()]), [], outcomes=[fell("dnf")])
    assert (row["score"], row["flags"]) == ("0.00", ["dnf"])


def test_missing_faults_of_who_did_not_finish_are_no_marks() -> None:
    aspects = [aspect("a"), aspect("b", kind="deduction", points="1")]
    row = module_score(module(aspects=aspects), [mark("P1", "4")], outcomes=[fell("dnf")])
    assert row["score"] == "4.00"


def test_a_reduced_panel_goes_by_the_number_of_judges_who_gave_anything() -> None:
    aspects = [aspect("a"), aspect("b")]
    median = panel(3, "median", reduced="mean")
    marks = [*by_judges("P1", "1", "9"), mark("P1", "8", "J1", "b")]
    the_module = module(aspects=aspects, panel=median)
    assert module_score(the_module, marks, outcomes=[fell("dnf")])["score"] == "9.00"
    marks.append(mark("P1", "2", "J3", "b"))  # now three judges: 9, 9 and 2
    assert module_score(the_module, marks, outcomes=[fell("dnf")])["score"] == "9.00"
    marks[2]["value"] = "0"  # 1, 9 and 2
    assert module_score(the_module, marks, outcomes=[fell("dnf")])["score"] == "2.00"


def test_who_is_disqualified_is_scored_as_if_nothing_had_happened() -> None:
    the_module = module(aspects=[aspect()], panel=panel(2, "agreed"))
    marks = by_judges("P1", "7", "8")
    row = module_score(the_module, marks, outcomes=[fell("dsq")], penalties=[PENALTY])
    assert row["score"] == "6.50"
    assert row["flags"] == ["disputed", "dsq", "penalised"]
    row = module_score(the_module, marks[:1], outcomes=[fell("dsq")])
    assert (row["score"], row["flags"]) == (None, ["dsq", "incomplete"])


def test_an_outcome_of_the_stage_is_one_of_every_module_without_its_own() -> None:
    two = event(stage(module("m", weight=60), module("n", weight=40)))
    marks = [mark("P1", "50"), mark("P1", "70", module_code="n")]
    outcomes = [fell("dns", "m"), fell("dnf", None)]
    results = scored(two, people(1), marks, outcomes=outcomes)
    absent = {"score": "0.00", "points": "0.00", "flags": ["dns"]}
    assert module_of(results, module_code="m") == absent
    assert module_of(results, module_code="n")["flags"] == ["dnf"]
    assert module_of(results, module_code="n")["score"] == "70.00"


@pytest.mark.parametrize(
    ("outcomes", "status", "total"),
    [
        ([], "ranked", "120.00"),
        ([fell("dnf", None)], "ranked", "120.00"),
        ([fell("dns", "m")], "dns", "70.00"),
        ([fell("dns", None)], "dns", "0.00"),
        ([fell("dns", "m"), fell("dsq", "n")], "dsq", None),
        ([fell("dsq", None), fell("dnf", "m"), fell("dnf", "n")], "dsq", None),
        ([fell("dns", None), fell("dnf", "m"), fell("dnf", "n")], "dns", "120.00"),
    ],
)
def test_status_is_the_first_that_fits(
    outcomes: list[Plain], status: str, total: str | None
) -> None:
    two = event(stage(module("m"), module("n")))
    marks = [mark("P1", "50"), mark("P1", "70", module_code="n")]
    row = scored(two, people(1), marks, outcomes=outcomes)["stages"][0]["standings"][0]
    assert (row["status"], row["total"]) == (status, total)
    assert (row["rank"] is None) == (status != "ranked")


def test_an_absence_comes_before_what_is_incomplete_but_its_total_is_unknown() -> None:
    two = event(stage(module("m"), module("n")))
    row = scored(two, people(1), [], outcomes=[fell("dns")])["stages"][0]["standings"][0]
    assert (row["status"], row["total"]) == ("dns", None)


def test_the_later_of_two_outcomes_counts() -> None:
    row = module_score(module(), [mark("P1", "50")], outcomes=[fell("dns"), fell("dnf")])
    assert row["flags"] == ["dnf"]


def test_those_without_a_rank_stand_last_by_status_and_code() -> None:
    the_event = event(stage(module()))
    marks = [mark(code, "50") for code in ("P1", "P3", "P5", "P6")]
    outcomes = [fell("dsq", code="P1"), fell("dns", code="P3"), fell("dsq", code="P5")]
    rows = scored(the_event, people(6), marks, outcomes=outcomes)["stages"][0]["standings"]
    assert [(row["entrant"], row["status"]) for row in rows] == [
        ("P6", "ranked"),
        ("P2", "incomplete"),
        ("P4", "incomplete"),
        ("P3", "dns"),
        ("P1", "dsq"),
        ("P5", "dsq"),
    ]


def test_a_part_keeps_the_nothing_of_a_module_that_was_not_started() -> None:
    part = {"code": "p", "name": "实操", "weight": "100", "full": "100"}
    the_event = event(
        stage(module("m", weight=50, part="p"), module("n", weight=50, part="p"), parts=[part])
    )
    row = scored(the_event, people(1), [mark("P1", "80", module_code="n")], outcomes=[fell("dns")])
    standing = row_of(row["stages"][0]["standings"], "P1")
    assert standing["parts"] == {"p": "40.00"}
    assert standing["total"] == "40.00"
