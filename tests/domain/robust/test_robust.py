"""How firmly results stand: the smallest shift, judges left out, places on a tie key."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from compete.domain.bundle.reading import read_bundle
from compete.domain.robust.judges import Move
from compete.domain.robust.robustness import Robustness, robustness
from compete.domain.robust.shifts import Effect, grades_of, medals_of
from compete.domain.scoring.scorer import Scorer, score
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
    report = robustness(scorer, "E", trials)
    assert scorer.events["E"].results == before.events[0]
    return report


def test_the_smallest_shift_of_a_medal_is_found() -> None:
    plain = bundle(
        event(stage(module())), people(5), totals(P1="90", P2="88", P3="87.4", P4="80", P5="79.99")
    )
    shift = looked_at(plain).medals.shift
    assert shift is not None
    # P3 draws level with P2, or P2 with P3, by 0.6; the fifth and the fourth have no medal.
    assert shift.points == Fraction("0.6")
    assert shift.mark.entrant in {"P2", "P3"}
    assert Effect("P3", "#3", "#2") in shift.effects


def test_the_smallest_shift_of_a_grade_is_found() -> None:
    grade_rules = [{"code": "r", "cite": "r", "when": {"min_total": "80"}, "grant": {"to": 3}}]
    plain = bundle(
        event(stage(module()), grades=grade_rules), people(3), totals(P1="99", P2="80.5", P3="79.7")
    )
    shift = looked_at(plain).grades.shift
    assert shift is not None
    assert (shift.mark.entrant, shift.value) == ("P3", Decimal("80"))
    assert shift.effects == (Effect("P3", None, "3"),)


def test_faults_move_in_whole_numbers() -> None:
    the_module = module(aspects=[aspect(full=20, kind="deduction", points="3")])
    plain = bundle(event(stage(the_module)), people(4), totals(P1="0", P2="1", P3="2", P4="3"))
    shift = looked_at(plain).medals.shift
    assert shift is not None
    assert shift.points == 3
    assert shift.value in {Decimal(number) for number in range(4)}


def test_nothing_is_found_where_nothing_can_change() -> None:
    plain = bundle(event(stage(module())), people(1), totals(P1="90"))
    report = looked_at(plain)
    assert report.medals.shift is None
    assert report.grades.shift is None
    assert report.looked == report.marks == 1
    assert report.medals.is_complete
    assert report.grades.is_complete


def test_a_search_that_is_cut_short_says_so() -> None:
    plain = bundle(event(stage(module())), people(5), totals(P1=5, P2=4, P3=3, P4=2, P5=1))
    report = looked_at(plain, trials=1)
    assert report.looked < report.marks
    assert not report.medals.is_complete


def test_ranks_without_a_judge() -> None:
    the_module = module(panel=panel(3))
    marks = [*by_judges("P1", "90", "80", "80"), *by_judges("P2", "60", "85", "85")]
    report = looked_at(bundle(event(stage(the_module)), people(2), marks))
    without = {judge.judge: judge for judge in report.judges}
    assert without["J1"].moves == (Move("P1", 1, 2), Move("P2", 2, 1))
    assert without["J2"].moves == ()
    assert all(judge.is_possible for judge in report.judges)


def test_an_only_judge_stays() -> None:
    two = event(stage(module("m"), module("n", panel=panel(2))))
    marks = [
        mark("P1", "50"),
        *by_judges("P1", "10", "90", module_code="n"),
        mark("P2", "60"),
        *by_judges("P2", "30", "60", module_code="n"),
    ]
    judges = {judge.judge: judge for judge in looked_at(bundle(two, people(2), marks)).judges}
    assert judges["J1"].kept_in == (("S", "m"),)
    # 50 + 90 against 60 + 60, where it was 50 + 50 against 60 + 45.
    assert judges["J1"].moves == (Move("P2", 1, 2), Move("P1", 2, 1))
    single = looked_at(bundle(event(stage(module())), people(1), totals(P1="5"))).judges
    assert [change.is_possible for change in single] == [False]


def test_places_that_rest_on_a_tie_key_are_listed() -> None:
    two = event(stage(module("m"), module("n")), ranking={"ties": ["module:m"]})
    given = {"P1": (60, 40), "P2": (40, 60), "P3": (40, 60), "P4": (1, 1)}
    marks = [
        mark(code, value, module_code=where)
        for code, values in given.items()
        for where, value in zip("mn", values, strict=True)
    ]
    pairs = looked_at(bundle(two, people(4), marks)).resting
    assert [(pair.better, pair.worse, pair.shared) for pair in pairs] == [
        ("P1", "P2", False),
        ("P2", "P3", True),
    ]
    assert str(pairs[0].why) == "总分相同，同分要比的第 1 项 模块m：60.00 > 40.00"


def test_penalty_seconds_count() -> None:
    timed = module(
        aspects=[aspect(full=100, kind="time", full_at=201, zero_at=1201)],
    )
    awards = [{"code": "gold", "name": "金", "top": 9, "min_total": "90"}]
    penalty = {"stage": "S", "module": "m", "entrant": "P1", "seconds": "5", "reason": "越线"}
    plain = bundle(event(stage(timed), awards=awards), people(1), [mark("P1", "302")])
    shift = looked_at({**plain, "penalties": [penalty]}).medals.shift
    assert shift is not None
    # Half a hundredth is rounded up: 301.05 s with the penalty bring 89.995.
    assert (shift.value, shift.points) == (Decimal("296.05"), Fraction("0.595"))
    assert shift.effects == (Effect("P1", "#1", "#1 gold"),)


def test_who_has_no_rank_may_still_win_an_item() -> None:
    two = event(
        stage(module("m"), module("n")),
        items=[{"code": "i", "name": "单项", "of": "m"}],
        awards=[{"code": "best", "name": "最佳", "top": 1, "scope": "items"}],
    )
    marks = [mark("P1", "80"), mark("P1", "50", module_code="n"), mark("P2", "79")]
    shift = looked_at(bundle(two, people(2), marks)).medals.shift
    assert shift is not None
    assert shift.points == 1
    assert Effect("P2", None, "best", "i") in shift.effects


def relative(values: dict[str, str], **keys: str) -> Plain:
    the_module = module(aspects=[aspect(kind="relative", **keys)])
    return bundle(
        event(stage(the_module)),
        people(len(values)),
        [mark(code, value) for code, value in values.items()],
    )


def test_a_relative_change_is_worth_what_it_moves() -> None:
    shift = looked_at(relative({"P1": "10", "P2": "20"})).medals.shift
    assert shift is not None
    # P1 slows to 19.99, so that P2 with 20 comes from 5 to 9.995, which is rounded to 10.
    assert (shift.value, shift.points) == (Decimal("19.99"), Fraction("4.995"))
    assert {effect.who for effect in shift.effects} <= {"P1", "P2"}


def test_a_new_best_moves_everybody_and_all_of_it_is_looked_at() -> None:
    tried = event(
        stage(
            module("m", aspects=[aspect(kind="relative")]),
            module("n", aspects=[aspect("b", step="0.1")]),
        ),
        rounding={"module": 0},
    )
    given = {"P1": ("9", "10"), "P2": ("20", "4.5"), "P3": ("14", "5.2"), "P4": ("18", "5.9")}
    marks = [
        mark(code, value, module_code=where, aspect_code=what)
        for code, values in given.items()
        for where, what, value in zip("mn", "ab", values, strict=True)
    ]
    plain = bundle(tried, people(4), marks)
    shift = looked_at(plain).medals.shift
    assert shift is not None
    # P3 and P4 change places for a moment only while the best of all grows slower.
    assert (shift.mark.entrant, shift.value, shift.points) == (
        "P1",
        Decimal("9.1"),
        Fraction(1, 14),
    )
    event_of = Scorer(read_bundle(json.dumps(plain).encode())).events["E"]
    usual = medals_of(event_of)
    for hundredths in range(901, 910):
        other = msgspec.structs.replace(shift.mark, value=Decimal(hundredths) / 100)
        event_of.change(other)
        assert medals_of(event_of) == usual


def test_a_range_is_searched_to_its_ends() -> None:
    # P2 loses the grade only at over six times P1's value, far beyond twice its own.
    grade_rules = [{"code": "r", "cite": "r", "when": {"min_total": "15"}, "grant": {"to": 3}}]
    plain = relative({"P1": "10", "P2": "12"})
    plain["events"][0]["grades"] = grade_rules
    shift = looked_at(plain).grades.shift
    assert shift is not None
    assert shift.effects in ((Effect("P1", "3", None),), (Effect("P2", "3", None),))
    assert max(shift.value, shift.mark.value) / Decimal(10) > 6
    alone = looked_at(relative({"P1": "10"})).medals
    assert (alone.shift, alone.is_complete) == (None, True)


@settings(max_examples=25)
@given(rng=st.randoms(use_true_random=True))
def test_a_shift_that_is_found_does_change_what_it_says(rng: Random) -> None:
    bundle_read = read_bundle(json.dumps(competition(rng, entrants=6, version=None)).encode())
    scorer = Scorer(bundle_read)
    report = robustness(scorer, "E", 400)
    for search, signature_of in ((report.medals, medals_of), (report.grades, grades_of)):
        if search.shift is None:
            continue
        other = msgspec.structs.replace(search.shift.mark, value=search.shift.value)
        changed = msgspec.structs.replace(bundle_read, marks=(*bundle_read.marks, other))
        assert signature_of(Scorer(changed).events["E"]) != signature_of(scorer.events["E"])
        assert search.shift.effects
    assert scorer.results == score(bundle_read)


def test_whoever_has_no_sheet_yet_does_not_stand_in_the_way_of_a_best() -> None:
    run = module(aspects=[aspect(full=30, kind="relative")])
    plain = bundle(event(stage(run)), people(3), [mark("P1", "20"), mark("P2", "25")])
    search = looked_at(plain).medals
    assert search.is_complete
    assert search.shift is not None
    assert search.shift.effects == (Effect("P2", "#2", "#1"),)


def test_a_title_of_a_crews_member_is_the_members() -> None:
    members = [
        {"code": code, "name": code, "role": role}
        for code, role in (("a", "main"), ("b", "assistant"))
    ]
    titles = {"code": "r", "cite": "r", "when": {"max_rank": 1}, "grant": {"titles": ["能手"]}}
    crew = {**people(1)[0], "members": members}
    plain = bundle(event(stage(module()), grades=[titles]), [crew, people(2)[1]], totals(P1=90))
    scorer = Scorer(read_bundle(json.dumps(plain).encode()))
    assert grades_of(scorer.events["E"]) == {("member", "a"): "能手"}
