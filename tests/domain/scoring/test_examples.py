"""The worked cases come out to the digit."""

from __future__ import annotations

import doctest
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import read_results, write_results
from compete.domain.marking import panel as panels
from compete.domain.scoring import scorer as scoring
from compete.domain.scoring.scorer import Scorer, score
from compete.domain.values import points

CASES = Path(__file__).parents[2] / "examples"


def normal(data: bytes) -> bytes:
    """The same JSON in one form, keys in the file's order, without the reasons."""
    results: dict[str, Any] = json.loads(data)
    for event in results["events"]:
        for row in event.get("grades", []):
            row.pop("reasons", None)
    return json.dumps(results, ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["coal-sampling", "port-forklift", "key-projects-labour"])
def test_a_worked_case_comes_out_to_the_digit(name: str) -> None:
    bundle = read_bundle((CASES / f"{name}.bundle.json").read_bytes())
    expected = (CASES / f"{name}.results.json").read_bytes()
    written = write_results(score(bundle))
    assert normal(written) == normal(expected)
    assert write_results(read_results(written)) == written


def test_a_worked_case_comes_out_though_its_marks_came_one_by_one() -> None:
    bundle = read_bundle((CASES / "coal-sampling.bundle.json").read_bytes())
    empty = read_bundle(
        json.dumps(
            {**json.loads((CASES / "coal-sampling.bundle.json").read_bytes()), "marks": []}
        ).encode()
    )
    scorer = Scorer(empty)
    for mark in bundle.marks:
        scorer.change(mark)
    assert scorer.results == score(bundle)


@pytest.mark.parametrize("module", [scoring, points, panels])
def test_examples_in_the_code_are_true(module: ModuleType) -> None:
    tried = doctest.testmod(module)
    assert tried.attempted
    assert not tried.failed
