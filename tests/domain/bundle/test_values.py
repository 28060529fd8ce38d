"""Which values judges may give, and how many judges there may be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.domain.bundle.sample import changed, mark, refused, skills

# Aspect, values that fit, values that do not.
CASES: list[tuple[str, list[Any], list[Any]]] = [
    ("look", [0, 3, "2", "1.0", 2.0], [4, -1, "1.5", True, 3.5]),
    ("width", [True, False], [1, 0, "1", "0.5"]),
    ("depth", [0, "-0.05", 3.25, "99"], [True, False]),
    ("scratch", [0, 7, "12.0"], [-1, "0.5", True]),
    ("neat", [0, "0.5", 10, "10.0", 9.5], ["10.5", "0.25", -1, "-0.5", True]),
    ("clock", [0, "61.037", 1e3], [-1, "-0.001", False]),
    ("best", ["0.001", 12], [0, "0.00", -3, True]),
]
FITS = [(aspect, value) for aspect, good, _ in CASES for value in good]
FITS_NOT = [(aspect, value) for aspect, _, bad in CASES for value in bad]


def marked(aspect: str, value: Any) -> dict[str, Any]:
    """The sample with one mark, the only one."""
    module = "quick" if aspect in ("clock", "best") else "craft"
    return {**skills(), "marks": [mark(module, "E1", "J1", aspect, value)]}


@pytest.mark.parametrize(("aspect", "value"), FITS)
def test_a_value_on_its_scale_is_taken(aspect: str, value: Any) -> None:
    assert refused(marked(aspect, value)) == {}


@pytest.mark.parametrize(("aspect", "value"), FITS_NOT)
def test_a_value_off_its_scale_is_refused_by_name(aspect: str, value: Any) -> None:
    message = refused(marked(aspect, value))["marks[0].value"]
    for name in ("J1", "E1", aspect):
        assert name in message


def test_what_was_found_and_what_is_wanted_are_said() -> None:
    message = refused(marked("neat", "8.25"))["marks[0].value"]
    assert "8.25" in message
    assert "0 到 10，按 0.5 递增" in message


def test_one_judge_more_than_the_panel_is_refused() -> None:
    plain = skills()
    plain["marks"].append(mark("craft", "E1", "J3", "neat", 5))
    messages = refused(plain)
    assert list(messages) == ["marks[10].judge"]
    assert "只要 2 位" in messages["marks[10].judge"]
    assert "J3" in messages["marks[10].judge"]


def test_judges_are_counted_for_each_entrant_and_module() -> None:
    plain = skills()
    plain["marks"] = [
        mark("craft", "E1", "J1", "neat", 5),
        mark("craft", "E1", "J2", "neat", 5),
        mark("craft", "E2", "J3", "neat", 5),
        mark("craft", "E2", "J1", "look", 1),
        mark("theory", "E1", "J3", "paper", 5),
        mark("theory", "E2", "J2", "paper", 5),
        mark("theory", "E1", "J1", "paper", 5, "s1"),
        mark("craft", "E1", "J1", "neat", 6),
        mark("craft", "E1", "J2", "width", False),
    ]
    assert refused(plain) == {}


def test_values_for_a_stage_not_reached_are_looked_at_all_the_same() -> None:
    plain = changed(skills(), "events[0].stages[0].advance.top", 0)
    assert refused(plain) == {}
    assert "marks[1].value" in refused(changed(plain, "marks[1].value", 9))


def test_numbers_of_the_same_size_are_the_same_however_written() -> None:
    """Long floats are read by their shortest text."""
    from compete.domain import read_bundle

    texts = ["71.25", "71.250", '"71.25"', "71.25000000000000001"]
    data = json.dumps(marked("clock", 123)).encode()
    read = [read_bundle(data.replace(b"123}", f"{text}}}".encode())) for text in texts]
    assert len({bundle.marks[0].value for bundle in read}) == 1
