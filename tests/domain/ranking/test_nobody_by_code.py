"""Version 2: among equals nobody is preferred by code, and a playoff parts them."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest

from compete.domain import read_bundle, score
from compete.domain.bundle.problems import BundleError
from compete.domain.scoring.scorer import Scorer
from tests.domain.scoring.build import (
    Plain,
    bundle,
    entrant,
    event,
    mark,
    module,
    ranks,
    results_of,
    stage,
)
from tests.domain.scoring.competitions import competition

UNITS = {"P1": "U", "P2": "U", "P3": "V", "P4": "W", "P5": "W"}


def two_stages(points: dict[str, int], advance: Plain, **keys: Any) -> Plain:
    """Points in the first of two stages, as a file of version 2."""
    two = event(stage(module(), code="A", advance=advance), stage(module(), code="B"))
    entrants = [entrant(code, UNITS[code]) for code in sorted(points)]
    marks = [mark(code, value, stage_code="A") for code, value in points.items()]
    return bundle(two, entrants, marks, format="compete-bundle/2", **keys)


def going(plain: Plain) -> tuple[set[str], list[Plain]]:
    """Who goes on, and the notices."""
    results = results_of(plain)
    return {row["entrant"] for row in results["stages"][1]["standings"]}, results.get("notices", [])


def open_places(kind: str, rank: int, places: int, *codes: str, unit: str | None = None) -> Plain:
    notice = {"kind": kind, "stage": "A", "rank": rank, "unit": unit, "open": places}
    return {**{k: v for k, v in notice.items() if v is not None}, "entrants": list(codes)}


LEVEL = {"P1": 90, "P2": 90, "P3": 80, "P4": 80, "P5": 70}


@pytest.mark.parametrize(
    ("advance", "wanted", "notices"),
    [
        ({"per_unit": 1}, {"P1", "P2", "P3", "P4"}, []),
        ({"top": 1}, {"P1", "P2"}, []),
        ({"top": 0}, set(), []),
        (
            {"per_unit": 1, "ties": "cut"},
            {"P3", "P4"},
            [open_places("unit_tie", 1, 1, "P1", "P2", unit="U")],
        ),
        (
            {"top": 2, "per_unit": 1, "ties": "cut"},
            set(),
            [
                open_places("unit_tie", 1, 1, "P1", "P2", unit="U"),
                open_places("cut_tie", 3, 1, "P3", "P4"),
            ],
        ),
        ({"top": 1, "ties": "cut"}, set(), [open_places("cut_tie", 1, 1, "P1", "P2")]),
        ({"top": 3, "ties": "cut"}, {"P1", "P2"}, [open_places("cut_tie", 3, 1, "P3", "P4")]),
        ({"top": 4, "ties": "cut"}, {"P1", "P2", "P3", "P4"}, []),
        # A place that is kept open is one of the number.
        (
            {"top": 3, "per_unit": 1, "ties": "cut"},
            {"P3", "P4"},
            [open_places("unit_tie", 1, 1, "P1", "P2", unit="U")],
        ),
    ],
)
def test_equals_go_on_together_or_wait(
    advance: Plain, wanted: set[str], notices: list[Plain]
) -> None:
    assert going(two_stages(LEVEL, advance)) == (wanted, notices)


def playoff(*order: Any, stage_code: str = "A", **keys: Any) -> Plain:
    order_row = {
        "event": "E",
        "stage": stage_code,
        "order": list(order),
        "kind": "lot",
        "reason": "r",
    }
    return {**order_row, **keys}


def test_a_playoff_closes_a_place_that_was_kept_open() -> None:
    advance = {"top": 3, "per_unit": 1, "ties": "cut"}
    plain = two_stages(LEVEL, advance, playoffs=[playoff("P2", "P1")])
    assert going(plain) == ({"P2", "P3", "P4"}, [])
    assert ranks(results_of(plain)["stages"][0]["standings"])["P1"] == 2


def test_who_stays_equal_in_a_playoff_may_be_parted_by_the_next() -> None:
    level = dict.fromkeys(("P1", "P3", "P4"), 90)
    first, second = playoff("P4", ["P1", "P3"]), playoff("P3", "P1", kind="extra")
    plain = two_stages(level, {"top": 2, "ties": "cut"}, playoffs=[first])
    assert going(plain)[1] == [open_places("cut_tie", 2, 1, "P1", "P3")]
    assert going({**plain, "playoffs": [first, second]}) == ({"P3", "P4"}, [])


def test_a_playoff_comes_before_the_code() -> None:
    plain = two_stages(LEVEL, {"top": 1, "ties": "cut"}, playoffs=[playoff("P2", "P1")])
    plain["events"][0]["ranking"] = {"style": "ordinal", "ordinal_by": "code"}
    assert ranks(results_of(plain)["stages"][0]["standings"]) == {
        "P2": 1, "P1": 2, "P3": 3, "P4": 4, "P5": 5
    }  # fmt: skip
    assert going(plain)[0] == {"P2"}


def test_final_places_follow_the_playoffs_of_earlier_stages() -> None:
    level = {**LEVEL, "P3": 70, "P4": 60}
    plain = two_stages(level, {"top": 2}, playoffs=[playoff("P5", "P3")])
    plain["marks"] += [mark(code, 50, stage_code="B") for code in ("P1", "P2")]
    assert ranks(results_of(plain)["standings"]) == {"P1": 1, "P2": 1, "P5": 3, "P3": 4, "P4": 5}


@pytest.mark.parametrize(
    "order",
    [
        ("P1", "P3"),
        ("P1", "P2", "P3"),
        ("P3", "P5"),
    ],
)
def test_a_playoff_among_others_than_one_set_of_equals_is_refused(order: tuple[str, ...]) -> None:
    right, wrong = playoff("P1", "P2"), playoff(*order)
    plain = two_stages(LEVEL, {"top": 9}, playoffs=[right, wrong])
    with pytest.raises(BundleError) as refusal:
        results_of(plain)
    assert [problem.path for problem in refusal.value.problems] == ["playoffs[1].order"]


def test_a_playoff_takes_all_equals_and_only_who_is_ranked() -> None:
    level = {**LEVEL, "P3": 90}
    for plain in (
        two_stages(level, {"top": 9}, playoffs=[playoff("P1", "P2")]),
        two_stages(LEVEL, {"top": 9}, playoffs=[playoff("P1", "P2", stage_code="B")]),
    ):
        with pytest.raises(BundleError, match=r"playoffs\[0\]\.order"):
            results_of(plain)


def test_a_corrected_mark_undoes_a_playoff_and_putting_it_back_restores_it() -> None:
    advance = {"top": 1, "ties": "cut"}
    plain = two_stages(LEVEL, advance, playoffs=[playoff("P2", "P1")])
    scorer = Scorer(read_bundle(json.dumps(plain).encode()))
    first = scorer.bundle.marks[0]
    assert scorer.problems == []
    before = scorer.results
    higher = two_stages({**LEVEL, "P1": 91}, advance)
    changed = read_bundle(json.dumps(higher).encode()).marks[0]
    after = scorer.change(changed)
    assert [problem.path for problem in scorer.problems] == ["playoffs[0].order"]
    assert after.events == score(read_bundle(json.dumps(higher).encode())).events
    assert scorer.change(first) == before
    assert scorer.problems == []


def test_marks_that_come_one_by_one_give_what_they_give_together() -> None:
    """Playoffs, notices and all, in made-up competitions of version 2."""
    for seed in range(25):
        rng = Random(f"one by one {seed}")
        plain = competition(rng, version=2, repeats=False)
        bundle = read_bundle(json.dumps(plain).encode())
        if not bundle.marks:
            continue
        scorer = Scorer(bundle)
        for _ in range(3):
            mark_before, other = rng.choice(bundle.marks), rng.choice(bundle.marks)
            scorer.change(mark_before)
            scorer.change(other)
        assert scorer.results == Scorer(scorer.current()).results
        assert scorer.results == score(bundle)
