"""A sample before the walk through it: people to register, sheets to mark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle
from compete.domain.demonstration import Demonstration, before_demonstration, demonstration_of
from compete.domain.scoring.scorer import score

SAMPLES = Path(__file__).parents[2] / "sample_events"


@pytest.fixture(scope="module")
def forklift() -> Bundle:
    return read_bundle((SAMPLES / "port-forklift" / "bundle.json").read_bytes())


def test_the_walk_names_newcomers_and_who_walks_along(forklift: Bundle) -> None:
    demonstration = demonstration_of(forklift)
    assert demonstration is not None
    assert demonstration.hold_back == {"B44", "B45", "B46"}
    assert set(demonstration.judges) <= {judge.code for judge in forklift.judges}
    assert demonstration.chief in {judge.code for judge in forklift.judges}


def test_before_the_walk_newcomers_are_gone_with_all_that_is_theirs(forklift: Bundle) -> None:
    before = before_demonstration(forklift, marked=True)
    assert len(before.entrants) == len(forklift.entrants) - 3
    left = {entrant.code for entrant in before.entrants}
    for rows in (before.marks, before.outcomes, before.penalties, before.times):
        assert {row.entrant for row in rows} <= left


def test_before_the_walk_only_the_sheets_left_for_it_are_unmarked(forklift: Bundle) -> None:
    before = before_demonstration(forklift, marked=True)
    incomplete = [
        row.entrant
        for row in score(before).events[0].stages[0].standings
        if row.status == "incomplete"
    ]
    assert incomplete == ["B38", "B42"]


def test_without_marks_nobody_has_begun(forklift: Bundle) -> None:
    before = before_demonstration(forklift, marked=False)
    assert before.marks == ()
    assert before.outcomes == ()
    assert before.penalties == ()
    assert before.times == ()
    assert before.events == forklift.events


def test_a_competition_without_a_walk_keeps_everybody(forklift: Bundle) -> None:
    coal = read_bundle((SAMPLES / "coal-sampling" / "bundle.json").read_bytes())
    assert demonstration_of(coal) is None
    assert before_demonstration(coal, marked=False).entrants == coal.entrants
    assert before_demonstration(coal, marked=True) == coal


def demonstration_in(bundle: Bundle, demo: dict[str, Any]) -> Demonstration:
    competition = msgspec.structs.replace(bundle.competition, extra={"demo": demo})
    demonstration = demonstration_of(msgspec.structs.replace(bundle, competition=competition))
    assert demonstration is not None
    return demonstration


def test_what_a_walk_does_not_say_it_leaves_alone(forklift: Bundle) -> None:
    nothing = Demonstration(frozenset(), frozenset(), (), None, frozenset())
    assert demonstration_in(forklift, {}) == nothing


def test_all_that_a_walk_says_is_read(forklift: Bundle) -> None:
    sheets = [{"module": "m", "judge": "J1", "entrants": ["A", "B"]}]
    walk_notes = {
        "hold_back": ["C"],
        "unmarked": sheets,
        "judges": ["J1", "J2"],
        "chief": "J9",
        "away": ["J2"],
    }
    assert demonstration_in(forklift, walk_notes) == Demonstration(
        hold_back=frozenset({"C"}),
        unmarked=frozenset({("m", "J1", "A"), ("m", "J1", "B")}),
        judges=("J1", "J2"),
        chief="J9",
        away=frozenset({"J2"}),
    )


def test_a_mark_that_is_to_be_corrected_stands_as_it_was_first() -> None:
    whole = read_bundle((SAMPLES / "pump-evaluation" / "bundle.json").read_bytes())
    demonstration = demonstration_of(whole)
    assert demonstration is not None
    wrong = demonstration.corrected
    assert wrong is not None
    before = before_demonstration(whole, marked=True)
    there = [mark for mark in whole.marks if mark.entrant not in demonstration.hold_back]
    changed = [pair for pair in zip(before.marks, there, strict=True) if pair[0] != pair[1]]
    ((first, right),) = changed
    assert first == msgspec.structs.replace(right, value=wrong.first)
    assert wrong.is_of(right)
