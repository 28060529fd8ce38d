"""Grade rules: every condition, what a rule grants, and which rule counts."""

from __future__ import annotations

from typing import Any

import pytest

from compete.domain.bundle.grade_types import Grant
from compete.domain.grades.granting import granted
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


def rule(code: str = "r", grant: Plain | None = None, **when: Any) -> Plain:
    return {"code": code, "cite": code, "when": when, "grant": grant or {"to": 3}}


def graded(
    grade_rules: list[Plain], points: dict[str, int], *entrants: Plain, **keys: Any
) -> Plain:
    """The event's results; everyone not given is made up from the points."""
    given = {entrant["code"]: entrant for entrant in entrants}
    the_event = event(
        stage(module(**keys.pop("module", {}))), grades=grade_rules, **keys.pop("event", {})
    )
    everyone = [given.get(code, entrant(code)) for code in points]
    return scored(the_event, everyone, totals(**points), **keys)


def who(
    grade_rules: list[Plain], points: dict[str, int], *entrants: Plain, **keys: Any
) -> list[str]:
    return [row["entrant"] for row in graded(grade_rules, points, *entrants, **keys)["grades"]]


FOUR = {"P1": 90, "P2": 80, "P3": 70, "P4": 60}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, ["P1", "P2", "P3", "P4"]),
        ({"max_rank": 2}, ["P1", "P2"]),
        ({"levels": ["municipal", "provincial-1"]}, ["P1", "P2", "P3", "P4"]),
        ({"levels": ["municipal"]}, []),
        ({"top_percent": "50"}, ["P1", "P2"]),
        ({"top_percent": "49.99"}, ["P1"]),
        ({"min_total": "70"}, ["P1", "P2", "P3"]),
        ({"min_total": "70.01"}, ["P1", "P2"]),
        ({"min_ranked": 4}, ["P1", "P2", "P3", "P4"]),
        ({"min_ranked": 5}, []),
        ({"max_rank": 3, "min_total": "75"}, ["P1", "P2"]),
    ],
)
def test_a_place_holds_or_not(condition: Plain, expected: list[str]) -> None:
    assert who([rule(**condition)], FOUR) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"groups": ["student", "teacher"]}, ["P2", "P3"]),
        ({"groups": ["worker"]}, ["P1", "P4"]),
        ({"once_a_year": True}, ["P1", "P2", "P4"]),
        ({"holds": {"at_least": 4}}, ["P2", "P3"]),
        ({"holds": {"at_most": 4}}, ["P1", "P2", "P4"]),
        ({"holds": {"at_least": 3, "at_most": 3}}, ["P3"]),
        ({"under": ["V"]}, ["P2", "P3"]),
        ({"under": ["U"]}, ["P1", "P2", "P3"]),
        ({"under": ["W", "V"]}, ["P2", "P3", "P4"]),
    ],
)
def test_a_person_holds_or_not(condition: Plain, expected: list[str]) -> None:
    units = [
        {"code": "U", "name": "U"},
        {"code": "V", "name": "V", "parent": "U"},
        {"code": "W", "name": "W"},
    ]
    persons = [
        entrant("P1", "U", promoted=2025),
        entrant("P2", "V", group="student", grade=4),
        entrant("P3", "V", group="teacher", grade=3, promoted=2026),
        entrant("P4", "W"),
    ]
    grant = {"to": 1}
    assert who([rule(grant=grant, **condition)], FOUR, *persons, units=units) == expected


def test_an_award_may_be_asked_for() -> None:
    awards = [
        {"code": "gold", "name": "一", "top": 1},
        {"code": "silver", "name": "二", "top": 2},
        {"code": "team", "name": "团", "top": 1, "scope": "teams"},
    ]
    assert who([rule(awards=["silver"])], FOUR, event={"awards": awards}) == ["P2", "P3"]
    assert who([rule(awards=["gold", "silver"])], FOUR, event={"awards": awards}) == [
        "P1",
        "P2",
        "P3",
    ]


def two_items(grade_rules: list[Plain]) -> list[str]:
    """P1 is best in m, P3 in n; P4 is ranked in m alone, and not in the event."""
    two = event(
        stage(module("m", weight=50), module("n", weight=50)),
        items=[
            {"code": "im", "name": "甲", "of": "m"},
            {"code": "in", "name": "乙", "of": "n"},
        ],
        grades=grade_rules,
    )
    given = {"P1": (90, 10), "P2": (80, 60), "P3": (70, 70)}
    marks = [
        mark(code, value, module_code=where)
        for code, values in given.items()
        for where, value in zip("mn", values, strict=True)
    ]
    marks.append(mark("P4", "99"))
    return [row["entrant"] for row in scored(two, people(4), marks)["grades"]]


def test_a_place_in_an_item_may_be_asked_for() -> None:
    assert two_items([rule(item={"code": "im", "max_rank": 2})]) == ["P1"]
    assert two_items([rule(item={"code": "any", "max_rank": 1})]) == ["P3"]
    assert two_items([rule(item={"code": "any", "max_rank": 2})]) == ["P2", "P3", "P1"]


def passing(wanted: Any) -> list[str]:
    """P1 to P3 meet in A; P1 and P2 go on to B, where only n has a pass mark."""
    two = event(
        stage(module("m", **{"pass": "60"}), module("n"), code="A", advance={"top": 2}),
        stage(module("n", **{"pass": "60"}), code="B"),
        grades=[rule(pass_modules=wanted)],
    )
    given = {"P1": (90, 90, 50), "P2": (50, 90, 70), "P3": (70, 5, None)}
    places = (("A", "m"), ("A", "n"), ("B", "n"))
    marks = [
        mark(code, value, stage_code=where, module_code=paper)
        for code, values in given.items()
        for (where, paper), value in zip(places, values, strict=True)
        if value is not None
    ]
    return [row["entrant"] for row in scored(two, people(3), marks)["grades"]]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("all", ["P3"]),
        (["m"], ["P1", "P3"]),
        (["n"], ["P2"]),  # P3 took no part in the n that has a pass mark
        (["m", "n"], []),
    ],
)
def test_pass_marks_may_be_asked_for(wanted: Any, expected: list[str]) -> None:
    assert passing(wanted) == expected


@pytest.mark.parametrize(
    ("grant", "present", "grade"),
    [
        ({"to": 3}, None, 3),
        ({"to": 3}, 2, 3),
        ({"up": 1}, 4, 3),
        ({"up": 1}, None, 5),
        ({"up": 2, "floor": 3}, None, 3),
        ({"up": 2, "floor": 3}, 4, 2),
        ({"up": 1, "floor": 2, "ceiling": 1}, 2, 1),
        ({"up": 1, "ceiling": 2}, 2, 2),
        ({"up": 1, "ceiling": 2}, 1, 2),
        ({"up": 9}, 3, 1),
        ({"to": 2, "max_step": 1}, 5, 4),
        ({"to": 2, "max_step": 2}, None, 4),
        ({"up": 3, "floor": 2, "max_step": 2}, 5, 3),
        ({"titles": ["能手"]}, 5, None),
    ],
)
def test_a_rule_grants_a_grade(grant: Plain, present: int | None, grade: int | None) -> None:
    assert granted(Grant(**grant), present) == grade


def decision(grade_rules: list[Plain], present: int | None) -> Plain | None:
    person = entrant("P1") if present is None else entrant("P1", grade=present)
    rows = graded(grade_rules, {"P1": 90}, person)["grades"]
    if not rows:
        return None
    row: Plain = rows[0]
    assert list(row) == ["entrant", "grade", "rule", "change", "reasons"]
    return {key: row[key] for key in ("grade", "rule", "change")}


def test_the_rule_that_gives_the_highest_grade_counts_and_of_equals_the_first() -> None:
    grade_rules = [rule("a", {"to": 4}), rule("b", {"to": 3}), rule("c", {"to": 3})]
    assert decision(grade_rules, 5) == {"grade": 3, "rule": "b", "change": "promoted"}


@pytest.mark.parametrize("present", [3, 2])
def test_a_grade_never_goes_down(present: int) -> None:
    assert decision([rule("a", {"to": 3})], present) == {
        "grade": present,
        "rule": "a",
        "change": "kept",
    }


def test_whom_no_rule_grants_a_grade_has_no_row() -> None:
    assert decision([rule("a", {"to": 3}, min_total="99")], None) is None
    assert decision([rule("a", {"titles": ["能手"]})], None) is None


def test_titles_come_from_every_rule_that_holds_each_once() -> None:
    grade_rules = [
        rule("a", {"to": 3, "titles": ["能手"]}),
        rule("b", {"titles": ["标兵", "能手"]}),
        rule("c", {"titles": ["状元"]}, max_rank=1),
    ]
    honours = graded(grade_rules, {"P1": 80, "P2": 90})["honours"]
    assert honours == [
        {"entrant": "P2", "title": "能手", "rule": "a"},
        {"entrant": "P2", "title": "标兵", "rule": "b"},
        {"entrant": "P2", "title": "状元", "rule": "c"},
        {"entrant": "P1", "title": "能手", "rule": "a"},
        {"entrant": "P1", "title": "标兵", "rule": "b"},
    ]


def test_rows_are_empty_where_nobody_gets_any_and_absent_where_nothing_is_asked() -> None:
    results = graded([rule(min_total="99")], FOUR)
    assert (results["grades"], results["honours"]) == ([], [])
    assert "grades" not in scored(event(stage(module())), people(1), [])


def test_reasons_name_every_rule_with_what_it_wanted_and_found() -> None:
    grade_rules = [
        rule("a", {"to": 3}, max_rank=3, min_total="75", groups=["worker"]),
        rule("b", {"to": 2}, max_rank=1, top_percent="30"),
    ]
    row = graded(grade_rules, FOUR)["grades"][1]
    assert row["entrant"] == "P2"
    assert row["reasons"] == [
        {
            "rule": "a",
            "held": True,
            "conditions": [
                {"key": "groups", "wanted": ["worker"], "found": "worker", "held": True},
                {"key": "max_rank", "wanted": 3, "found": 2, "held": True},
                {"key": "min_total", "wanted": "75", "found": "80.00", "held": True},
            ],
        },
        {
            "rule": "b",
            "held": False,
            "conditions": [
                {"key": "max_rank", "wanted": 1, "found": 2, "held": False},
                {"key": "top_percent", "wanted": "30", "found": "50", "held": False},
            ],
        },
    ]


@pytest.mark.parametrize(
    ("condition", "wanted", "finding"),
    [
        ({"levels": ["municipal"]}, ["municipal"], "provincial-1"),
        ({"groups": ["worker"]}, ["worker"], "student"),
        ({"awards": ["gold"]}, ["gold"], "silver"),
        ({"item": {"code": "im", "max_rank": 1}}, {"code": "im", "max_rank": 1}, 2),
        ({"item": {"code": "any", "max_rank": 1}}, {"code": "any", "max_rank": 1}, 2),
        ({"top_percent": "30"}, "30", "66.6667…"),
        ({"min_total": "70.5"}, "70.5", "70.00"),
        ({"pass_modules": "all"}, "all", ["m", "n"]),
        ({"pass_modules": ["m"]}, ["m"], ["m"]),
        ({"once_a_year": True}, True, 2026),
        ({"under": ["V"]}, ["V"], "U"),
        ({"holds": {"at_least": 2}}, {"at_least": 2}, 3),
        ({"holds": {"at_most": 4}}, {"at_most": 4}, 3),
        ({"min_ranked": 9}, 9, 3),
        ({"roles": ["assistant"]}, ["assistant"], "main"),
    ],
)
def test_what_was_found_is_that_of_the_person(condition: Plain, wanted: Any, finding: Any) -> None:
    # A rule that holds for everybody lets the second of three be told of.
    strict = {"pass": "75"}
    two = event(
        stage(module("m", weight=50, **strict), module("n", weight=50, **strict)),
        items=[{"code": "im", "name": "甲", "of": "m"}, {"code": "in", "name": "乙", "of": "n"}],
        awards=[
            {"code": "gold", "name": "一", "top": 1},
            {"code": "silver", "name": "二", "top": 1},
        ],
        grades=[rule("all", {"to": 1}), rule("asked", **condition)],
    )
    second = entrant("P2", "U", group="student", grade=3, promoted=2026)
    marks = [
        mark(code, value, module_code=where)
        for code, value in (("P1", 90), ("P2", 70), ("P3", 60))
        for where in "mn"
    ]
    everyone = [entrant("P1", "V"), second, entrant("P3", "V")]
    row = next(row for row in scored(two, everyone, marks)["grades"] if row["entrant"] == "P2")
    (reason,) = [reason for reason in row["reasons"] if reason["rule"] == "asked"]
    (condition_row,) = reason["conditions"]
    assert condition_row["key"] == next(iter(condition))
    assert (condition_row["wanted"], condition_row["found"]) == (wanted, finding)
    assert not condition_row["held"]


def test_only_the_ranked_are_tried() -> None:
    the_event = event(stage(module()), grades=[rule()])
    absent = {"stage": "S", "entrant": "P2", "status": "dns", "reason": "记录"}
    results = scored(the_event, people(3), totals(P1=90, P2=80), outcomes=[absent])
    assert [row["entrant"] for row in results["grades"]] == ["P1"]
