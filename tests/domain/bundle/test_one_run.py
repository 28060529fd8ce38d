"""All problems of a file are told in one run, up to a hundred, and then counted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compete.domain import read_bundle
from compete.domain.bundle.problems import BundleError
from tests.domain.bundle.sample import changed, mark, refused, skills


def test_problems_of_every_sort_are_told_together() -> None:
    plain: Any = skills()
    for path, value in {
        "colour": "red",
        "competition.level": "town",
        "units[0].parent": "U3",
        "entrants[0].grade": 7,
        "entrants[1].unit": "U9",
        "events[0].stages[1].modules[0].full": 90,
        "events[0].stages[1].modules[1].weight": "NaN",
        "events[0].ranking.ties[0]": "part:feet",
        "events[0].awards[0].name": None,
        "marks[0].value": "101",
        "marks[1].judge": "J9",
        "marks[2].value": True,
    }.items():
        plain = changed(plain, path, value)
    assert set(refused(plain)) == {
        "colour",
        "competition.level",
        "units[0].parent",
        "entrants[0].grade",
        "entrants[1].unit",
        "events[0].stages[1].modules[0].full",
        "events[0].stages[1].modules[1].weight",
        "events[0].ranking.ties[0]",
        "events[0].awards[0].name",
        "marks[0].value",
        "marks[1].judge",
        "marks[2].value",
    }


@pytest.mark.parametrize("wrong", [1, 100, 101, 250])
def test_a_hundred_are_told_and_the_rest_counted(wrong: int) -> None:
    plain = skills()
    plain["marks"] = [mark("theory", "E1", "J1", "paper", 101 + number) for number in range(wrong)]
    with pytest.raises(BundleError) as refusal:
        read_bundle(json.dumps(plain).encode())
    problems = refusal.value.problems
    paths = [problem.path for problem in problems if problem.path]
    assert paths == [f"marks[{number}].value" for number in range(min(wrong, 100))]
    rest = [str(problem.message) for problem in problems if not problem.path]
    assert rest == ([f"还有 {wrong - 100} 处问题没有列出"] if wrong > 100 else [])


def test_problems_of_shape_and_of_sense_share_the_hundred() -> None:
    plain = skills()
    plain["marks"] = [{**mark("theory", "E1", "J1", "paper", 200), "x": 1} for _ in range(80)]
    with pytest.raises(BundleError) as refusal:
        read_bundle(json.dumps(plain).encode())
    assert len(refusal.value.problems) == 101
    assert "60" in str(refusal.value.problems[-1].message)


def test_an_error_prints_as_its_lines() -> None:
    with pytest.raises(BundleError, match=r"format: .*\ncompetition: ") as refusal:
        read_bundle(b"{}")
    assert "Problem('format'" in repr(refusal.value.problems[0])
