"""Ranks and the keys that separate equal totals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.scoring.build import (
    Plain,
    aspect,
    entrant,
    event,
    mark,
    module,
    panel,
    people,
    ranks,
    scored,
    stage,
    totals,
)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("competition", {"P4": 1, "P1": 2, "P2": 2, "P3": 4}),
        ("dense", {"P4": 1, "P1": 2, "P2": 2, "P3": 3}),
        ("ordinal", {"P4": 1, "P1": 2, "P2": 3, "P3": 4}),
    ],
)
def test_equal_totals_share_a_rank_as_the_style_says(style: str, expected: Plain) -> None:
    the_event = event(stage(module()), ranking={"style": style})
    results = scored(the_event, people(4), totals(P1=80, P2=80, P3=70, P4=90))
    assert ranks(results["standings"]) == expected
    assert list(ranks(results["standings"])) == list(expected)


def two_modules(ties: list[str], **keys: Any) -> Plain:
    """P1 has 60 and 40, P2 has 40 and 60."""
    two = event(stage(module("m"), module("n"), **keys), ranking={"ties": ties})
    marks = [
        mark("P1", "60"),
        mark("P1", "40", module_code="n"),
        mark("P2", "40"),
        mark("P2", "60", module_code="n"),
    ]
    return scored(two, people(2), marks)


def test_a_module_separates_equal_totals() -> None:
    assert ranks(two_modules([])["standings"]) == {"P1": 1, "P2": 1}
    assert ranks(two_modules(["module:m"])["standings"]) == {"P1": 1, "P2": 2}
    assert ranks(two_modules(["module:n"])["standings"]) == {"P2": 1, "P1": 2}


def test_keys_are_asked_in_their_order() -> None:
    assert ranks(two_modules(["module:n", "module:m"])["standings"]) == {"P2": 1, "P1": 2}


def test_a_part_separates_equal_totals() -> None:
    part = {"code": "p", "name": "实操", "weight": "100", "full": "100"}
    two = event(
        stage(module("m"), module("n", part="p"), parts=[part]), ranking={"ties": ["part:p"]}
    )
    marks = [
        mark("P1", "60"),
        mark("P1", "40", module_code="n"),
        mark("P2", "40"),
        mark("P2", "60", module_code="n"),
    ]
    assert ranks(scored(two, people(2), marks)["standings"]) == {"P2": 1, "P1": 2}


def marked_aspects(ties: list[str], first: Plain, second: Plain, **keys: Any) -> Plain:
    """P1 and P2 with the same sum of aspects `a` and `b`, differently made up."""
    aspects = [aspect("a", criterion="安全"), aspect("b", criterion="质量")]
    the_event = event(stage(module(aspects=aspects, **keys)), ranking={"ties": ties})
    marks = [
        mark(code, value, aspect_code=name)
        for code, given in (("P1", first), ("P2", second))
        for name, value in given.items()
    ]
    return ranks(scored(the_event, people(2), marks)["standings"])


@pytest.mark.parametrize("key", ["criterion:质量", "aspect:b"])
def test_a_criterion_or_an_aspect_separates_equal_totals(key: str) -> None:
    rank_of = marked_aspects([key], {"a": "7", "b": "3"}, {"a": "3", "b": "7"})
    assert rank_of == {"P2": 1, "P1": 2}


def test_an_aspect_is_summed_over_the_stage() -> None:
    safety = aspect("a", criterion="安全"), aspect("b")
    two = event(
        stage(module("m", list(safety)), module("n", list(safety))),
        ranking={"ties": ["criterion:安全"]},
    )
    given = {
        ("P1", "m", "a"): "5", ("P1", "m", "b"): "5", ("P1", "n", "a"): "1", ("P1", "n", "b"): "9",
        ("P2", "m", "a"): "4", ("P2", "m", "b"): "6", ("P2", "n", "a"): "3", ("P2", "n", "b"): "7",
    }  # fmt: skip
    marks = [
        mark(code, value, aspect_code=name, module_code=where)
        for (code, where, name), value in given.items()
    ]
    assert ranks(scored(two, people(2), marks)["standings"]) == {"P2": 1, "P1": 2}


def test_an_aspect_key_combines_the_judges_aspect_by_aspect() -> None:
    aspects = [aspect("a"), aspect("b")]
    median = panel(3, "median")
    the_event = event(stage(module(aspects=aspects, panel=median)), ranking={"ties": ["aspect:a"]})
    given = {"P1": (("1", "9"), ("8", "2"), ("9", "1")), "P2": (("7", "3"),) * 3}
    marks = [
        mark(code, value, f"J{judge}", name)
        for code, sheets in given.items()
        for judge, sheet in enumerate(sheets, start=1)
        for name, value in zip("ab", sheet, strict=True)
    ]
    # Every sheet sums to 10; the medians of a are 8 and 7.
    assert ranks(scored(the_event, people(2), marks)["standings"]) == {"P1": 1, "P2": 2}


def test_penalty_points_do_not_touch_an_aspect_key() -> None:
    aspects = [aspect("a"), aspect("b")]
    the_event = event(stage(module(aspects=aspects)), ranking={"ties": ["aspect:a"]})
    marks = [
        mark("P1", "8"),
        mark("P1", "3", aspect_code="b"),
        mark("P2", "7"),
        mark("P2", "3", aspect_code="b"),
    ]
    off = {"stage": "S", "module": "m", "entrant": "P1", "points": "1", "reason": "违规"}
    assert ranks(scored(the_event, people(2), marks, penalties=[off])["standings"]) == {
        "P1": 1,
        "P2": 2,
    }


def times(**seconds: str) -> list[Plain]:
    return [
        {"stage": "S", "module": "m", "entrant": code, "seconds": value}
        for code, value in seconds.items()
    ]


def test_the_shorter_time_is_first_and_none_is_last() -> None:
    the_event = event(stage(module()), ranking={"ties": ["time:m"]})
    marks = totals(P1=80, P2=80, P3=80, P4=80)
    given = times(P1="300.5", P2="300", P4="300.50")
    assert ranks(scored(the_event, people(4), marks, times=given)["standings"]) == {
        "P2": 1,
        "P1": 2,
        "P4": 2,
        "P3": 4,
    }


def test_penalty_seconds_do_not_touch_the_working_time() -> None:
    the_event = event(stage(module()), ranking={"ties": ["time:m"]})
    slow = {"stage": "S", "module": "m", "entrant": "P1", "seconds": "99", "reason": "违规"}
    results = scored(
        the_event, people(2), totals(P1=80, P2=80), times=times(P1="1", P2="2"), penalties=[slow]
    )
    assert ranks(results["standings"]) == {"P1": 1, "P2": 2}


@pytest.mark.parametrize(
    ("key", "expected"),
    [("age:older", {"P2": 1, "P1": 2, "P3": 3}), ("age:younger", {"P1": 1, "P2": 2, "P3": 3})],
)
def test_age_separates_and_an_unknown_birth_is_last(key: str, expected: Plain) -> None:
    the_event = event(stage(module()), ranking={"ties": [key]})
    born = [
        entrant("P1", birth="1995-05-06"),
        entrant("P2", birth="1990-01-02"),
        entrant("P3"),
    ]
    results = scored(the_event, born, totals(P1=80, P2=80, P3=80))
    assert ranks(results["standings"]) == expected


def two_stages(ties: list[str], **ranking: Any) -> Plain:
    """P1 was better in A; in B both are equal."""
    two = event(
        stage(module("m"), code="A"),
        stage(module("n"), code="B"),
        ranking={"ties": ties, **ranking},
    )
    marks = [
        mark("P1", "90", stage_code="A"),
        mark("P2", "80", stage_code="A"),
        mark("P1", "70", stage_code="B", module_code="n"),
        mark("P2", "70", stage_code="B", module_code="n"),
    ]
    return scored(two, people(2), marks)


def test_an_earlier_stage_separates_equal_totals() -> None:
    assert ranks(two_stages(["stage:A"])["standings"]) == {"P1": 1, "P2": 2}


@pytest.mark.parametrize("key", ["module:m", "time:m", "stage:B"])
def test_a_key_that_names_nothing_in_the_stage_is_passed_over(key: str) -> None:
    assert ranks(two_stages([key])["standings"]) == {"P1": 1, "P2": 1}


def test_exact_totals_order_a_stage_though_they_look_the_same() -> None:
    thirds = module("m", [aspect(full=3)], weight="1")
    other = module("n", [aspect(full=1000)], weight="1")
    marks = [
        mark("P1", "1"), mark("P1", "1", module_code="n"),
        mark("P2", "1"), mark("P2", "2", module_code="n"),
    ]  # fmt: skip
    exact = event(stage(thirds, other), ranking={"on": "exact"}, rounding={"total": 1})
    standings = scored(exact, people(2), marks)["standings"]
    assert [row["total"] for row in standings] == ["0.3", "0.3"]
    assert ranks(standings) == {"P2": 1, "P1": 2}
    shown = event(stage(thirds, other), rounding={"total": 1})
    assert ranks(scored(shown, people(2), marks)["standings"]) == {"P1": 1, "P2": 1}


def test_exact_totals_that_are_equal_go_by_the_rounded_total_of_no_later_stage() -> None:
    results = two_stages(["stage:B", "stage:A"], on="exact")
    assert ranks(results["standings"]) == {"P1": 1, "P2": 2}


def test_a_relative_aspect_may_separate_equal_totals() -> None:
    aspects = [aspect("a", kind="relative"), aspect("b", kind="relative"), aspect("c", 10)]
    the_event = event(stage(module(aspects=aspects)), ranking={"ties": ["aspect:b"]})
    given = {"P1": ("10", "20", "5"), "P2": ("20", "10", "5"), "P3": ("40", "40", "1")}
    marks = [
        mark(code, value, aspect_code=name)
        for code, values in given.items()
        for name, value in zip("abc", values, strict=True)
    ]
    rows = scored(the_event, people(3), marks)["standings"]
    assert [row["total"] for row in rows] == ["66.67", "66.67", "20.00"]
    assert ranks(rows) == {"P2": 1, "P1": 2, "P3": 3}
