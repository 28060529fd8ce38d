"""How firmly results stand: the smallest shift, judges left out, places on a tie key."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.bundle import read_bundle
from compete.domain.robust import Robustness, robustness
from compete.domain.robust.judges import Move
from compete.domain.robust.shifts import Effect, grades_of, medals_of
from compete.domain.scoring import Scorer, score
from tests.domain.scoring.build import (
    Plain,
    aspect,
    bundle,
    by_judges,
    event,
    mark,
    module,
    panel,
    people,
    stage,
    totals,
)
from tests.domain.scoring.competitions import competition


def looked_at(plain: Plain, trials: int = 20_000) -> Robustness:
    scorer = Scorer(read_bundle(json.dumps(plain).encode()))
    before = scorer.results
    found = robustness(scorer, "E", trials)
    assert scorer.events["E"].results == before.events[0]
    return found


def test_the_smallest_shift_of_a_medal_is_found() -> None:
    plain = bundle(
        event(stage(module())), people(5), totals(P1="90", P2="88", P3="87.4", P4="80", P5="79.99")
    )
    found = looked_at(plain).medals.found
    assert found is not None
    # P3 draws level with P2, or P2 with P3, by 0.6; the fifth and the fourth have no medal.
    assert found.points == Fraction("0.6")
    assert found.mark.entrant in {"P2", "P3"}
    assert Effect("P3", "#3", "#2") in found.effects


def test_the_smallest_shift_of_a_grade_is_found() -> None:
    rules = [{"code": "r", "cite": "r", "when": {"min_total": "80"}, "grant": {"to": 3}}]
    plain = bundle(
        event(stage(module()), grades=rules), people(3), totals(P1="99", P2="80.5", P3="79.7")
    )
    found = looked_at(plain).grades.found
    assert found is not None
    assert (found.mark.entrant, found.value) == ("P3", Decimal("80"))
    assert found.effects == (Effect("P3", None, "3"),)


def test_faults_move_in_whole_numbers() -> None:
    lone = module(aspects=[aspect(full=20, kind="deduction", points="3")])
    plain = bundle(event(stage(lone)), people(4), totals(P1="0", P2="1", P3="2", P4="3"))
    found = looked_at(plain).medals.found
    assert found is not None
    assert found.points == 3
    assert found.value in {Decimal(number) for number in range(4)}


def test_nothing_is_found_where_nothing_can_change() -> None:
    plain = bundle(event(stage(module())), people(1), totals(P1="90"))
    found = looked_at(plain)
    assert found.medals.found is None
    assert found.grades.found is None
    assert found.medals.marks == found.marks == 1


def test_a_search_that_is_cut_short_says_so() -> None:
    plain = bundle(event(stage(module())), people(5), totals(P1=5, P2=4, P3=3, P4=2, P5=1))
    found = looked_at(plain, trials=1)
    assert found.medals.marks < found.marks


def test_ranks_without_a_judge() -> None:
    lone = module(panel=panel(3))
    marks = [*by_judges("P1", "90", "80", "80"), *by_judges("P2", "60", "85", "85")]
    found = looked_at(bundle(event(stage(lone)), people(2), marks))
    without = {one.judge: one for one in found.judges}
    assert without["J1"].moves == (Move("P1", 1, 2), Move("P2", 2, 1))
    assert without["J2"].moves == ()
    assert all(one.is_possible for one in found.judges)


def test_an_only_judge_stays() -> None:
    two = event(stage(module("m"), module("n", panel=panel(2))))
    marks = [
        mark("P1", "50"),
        *by_judges("P1", "10", "90", module_code="n"),
        mark("P2", "60"),
        *by_judges("P2", "30", "60", module_code="n"),
    ]
    found = {one.judge: one for one in looked_at(bundle(two, people(2), marks)).judges}
    assert found["J1"].kept_in == ("S/m",)
    # 50 + 90 against 60 + 60, where it was 50 + 50 against 60 + 45.
    assert found["J1"].moves == (Move("P2", 1, 2), Move("P1", 2, 1))
    single = looked_at(bundle(event(stage(module())), people(1), totals(P1="5"))).judges
    assert [one.is_possible for one in single] == [False]


def test_places_that_rest_on_a_tie_key_are_listed() -> None:
    two = event(stage(module("m"), module("n")), ranking={"ties": ["module:m"]})
    given = {"P1": (60, 40), "P2": (40, 60), "P3": (40, 60), "P4": (1, 1)}
    marks = [
        mark(code, value, module_code=where)
        for code, values in given.items()
        for where, value in zip("mn", values, strict=True)
    ]
    found = looked_at(bundle(two, people(4), marks)).resting
    assert [(one.better, one.worse, one.shared) for one in found] == [
        ("P1", "P2", False),
        ("P2", "P3", True),
    ]
    assert str(found[0].why) == "总分相同，第 1 个并列项 模块m：60.00 > 40.00"


@settings(max_examples=25)
@given(rng=st.randoms(use_true_random=True))
def test_a_shift_that_is_found_does_change_what_it_says(rng: Random) -> None:
    bundle_read = read_bundle(json.dumps(competition(rng, entrants=6)).encode())
    scorer = Scorer(bundle_read)
    found = robustness(scorer, "E", 400)
    for search, signature_of in ((found.medals, medals_of), (found.grades, grades_of)):
        if search.found is None:
            continue
        other = msgspec.structs.replace(search.found.mark, value=search.found.value)
        changed = msgspec.structs.replace(bundle_read, marks=(*bundle_read.marks, other))
        assert signature_of(Scorer(changed).events["E"]) != signature_of(scorer.events["E"])
        assert search.found.effects
    assert scorer.results == score(bundle_read)
