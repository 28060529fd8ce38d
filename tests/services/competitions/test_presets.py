"""Presets of common ways to rank: each is valid, and its worked example comes out to the digit."""

from __future__ import annotations

import json

import pytest

from compete.domain import read_bundle, score, write_results
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.resources import resource_dir
from compete.services.competitions.templates import shipped_templates
from compete.services.rules.rules_draft import draft_of, tree_of
from tests.domain.reference import score_bundle

PRESETS = resource_dir("sample_events") / "presets"
# Worked out by hand: the rank and total of each contestant.
BY_HAND = {
    # 90 × 0.3 + 95 × 0.7; of the two with 93.50 the other attempt, 85 and 76, decides.
    "two-attempts": [
        *(("1", 1, "93.50"), ("2", 2, "93.50")),
        *(("3", 3, "88.40"), ("4", 4, "77.70")),
    ],
    "standard-scores": [
        *(("1", 1, "93.00"), ("2", 2, "92.50"), ("3", 3, "80.00")),
        *(("4", 4, "75.00"), ("5", 5, "60.00")),
    ],
    # 240 ÷ 300 × 100 = 80; the third ran 320 s with 30 s of penalty; 700 s beats 740 s.
    "total-time": [("1", 1, "90.00"), ("2", 2, "90.00"), ("3", 3, "84.29")],
    "team-by-places": [
        *(("1", 1, "93.50"), ("2", 2, "90.00"), ("3", 2, "90.00")),
        *(("4", 4, "83.50"), ("5", 5, "77.00"), ("6", 6, "61.40")),
    ],
}


def example(key: str) -> Bundle:
    return read_bundle((PRESETS / f"{key}.bundle.json").read_bytes())


def test_all_presets_are_offered_after_the_samples() -> None:
    names = [template.key for template in shipped_templates(resource_dir("sample_events"))]
    assert names[-len(BY_HAND) :] == sorted(BY_HAND)
    assert {file.name for file in PRESETS.iterdir()} == {
        f"{key}.{what}.json" for key in BY_HAND for what in ("bundle", "results")
    }


@pytest.mark.parametrize("key", BY_HAND)
def test_the_example_of_a_preset_comes_out_to_the_digit(key: str) -> None:
    bundle = example(key)
    assert write_bundle(bundle) == (PRESETS / f"{key}.bundle.json").read_bytes()
    results = score(bundle)
    (event,) = results.events
    assert [(row.entrant, row.rank, row.total) for row in event.standings] == BY_HAND[key]
    kept = (PRESETS / f"{key}.results.json").read_bytes()
    assert write_results(results) == kept
    # The second scorer, written from the format's sentences alone, says the same.
    assert score_bundle(json.loads(write_bundle(bundle))) == json.loads(kept)


def test_standard_scores_give_two_golds_within_two_points_and_no_silver() -> None:
    (event,) = score(example("standard-scores")).events
    # σ = √(750.2 ÷ 5) = 12.249…; 700 + 30 × 13 ÷ σ = 731.8, 30.6, 0, −12.2, −49.0.
    assert [row.scaled for row in event.standings] == ["732", "731", "700", "688", "651"]
    assert [(row.award, row.entrant) for row in event.awards or ()] == [
        *(("gold", "1"), ("gold", "2"), ("bronze", "3"))
    ]


def test_a_shared_place_brings_units_the_mean_of_its_points() -> None:
    (event,) = score(example("team-by-places")).events
    # 9 + 5; (7 + 6) ÷ 2 + 4; (7 + 6) ÷ 2 + 3.
    assert [(row.unit, row.rank, row.points) for row in event.units or ()] == [
        *(("甲", 1, "14"), ("乙", 2, "10.5"), ("丙", 3, "9.5"))
    ]


def test_the_attempts_that_count_are_the_better_ones() -> None:
    (event,) = score(example("two-attempts")).events
    counted = [(row.entrant, (row.counted or {})["practical"]) for row in event.stages[0].standings]
    assert counted == [("1", ["run2"]), ("2", ["run1"]), ("3", ["run1"]), ("4", ["run2"])]


@pytest.mark.parametrize("key", BY_HAND)
def test_the_form_says_all_of_a_preset(key: str) -> None:
    plain = json.loads((PRESETS / f"{key}.bundle.json").read_bytes())["events"][0]
    assert tree_of(draft_of(plain), plain) == plain
