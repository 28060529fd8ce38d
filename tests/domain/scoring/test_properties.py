"""What holds for every skills competition, tried on many that are made up."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from compete.domain.awards.won import certified_in, won_in
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import EventResults, Results, write_results
from compete.domain.bundle.types import Bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.scoring.event_scorer import Written
from compete.domain.scoring.scorer import Scorer, score
from tests.domain.scoring.competitions import competition, marks_of
from tests.domain.scoring.oracle import Oracle
from tests.support.aspect_types import known

Plain = dict[str, Any]
RANDOMS = st.randoms(use_true_random=True)
THOROUGH = settings(max_examples=60)


def read(plain: Plain) -> Bundle:
    return read_bundle(json.dumps(plain).encode())


def results_of(plain: Plain) -> EventResults:
    return afresh(read(plain)).events[0]


def afresh(bundle: Bundle) -> Results:
    """The results, a playoff that other marks have made unfit parting nobody."""
    return Scorer(bundle).results


@THOROUGH
@given(RANDOMS)
def test_totals_are_those_of_the_slow_way(rng: Random) -> None:
    plain = competition(rng, version=None)
    results = results_of(plain)
    totals: dict[tuple[str, str], Fraction | None] = {}
    for stage, rows in zip(plain["events"][0]["stages"], results.stages, strict=True):
        slow = Oracle(plain, stage, {row.entrant for row in rows.standings})
        start = stage.get("carry", {}).get("from", "")
        for row in rows.standings:
            for module in stage["modules"]:
                expected = slow.module_score(module, row.entrant)
                shown = row.modules[module["code"]].score
                assert (None if shown is None else Fraction(shown)) == expected
            total = slow.total(row.entrant, totals.get((start, row.entrant)))
            totals[stage["code"], row.entrant] = total
            if row.status != "dsq":
                assert (None if row.total is None else Fraction(row.total)) == total


@THOROUGH
@given(RANDOMS)
def test_the_order_of_the_lists_never_matters(rng: Random) -> None:
    plain = competition(rng, repeats=False, version=None)
    shuffled = deepcopy(plain)
    for key in ("entrants", "judges", "marks", "units", "teams", "times", "penalties"):
        rng.shuffle(shuffled[key])
    assert results_of(shuffled) == results_of(plain)


@THOROUGH
@given(RANDOMS)
def test_ranks_go_from_one_with_the_gaps_of_the_style(rng: Random) -> None:
    plain = competition(rng, version=None)
    style = plain["events"][0]["ranking"]["style"]
    results = results_of(plain)
    for stage in results.stages:
        ranks = [row.rank for row in stage.standings if row.rank is not None]
        assert ranks == sorted(ranks)
        assert [row.rank is not None for row in stage.standings] == [
            row.status == "ranked" for row in stage.standings
        ]
        for place, rank in enumerate(ranks):
            if style == "ordinal":
                assert rank == place + 1
            elif style == "competition":
                assert rank == ranks.index(rank) + 1
            else:
                assert rank == len(set(ranks[: place + 1]))


def better_value(aspect: Plain, value: Any) -> Any:
    """A value that brings at least the same marks."""
    return known(aspect).better(aspect, value)


@THOROUGH
@given(RANDOMS)
def test_a_better_mark_never_lowers_its_owners_rank(rng: Random) -> None:
    plain = competition(rng, relative=False, version=None)
    stage = plain["events"][0]["stages"][0]
    first = [mark for mark in plain["marks"] if mark["stage"] == stage["code"]]
    assume(first)
    mark = rng.choice(first)
    before = stage_ranks(plain)
    module = next(module for module in stage["modules"] if module["code"] == mark["module"])
    aspect = next(aspect for aspect in module["aspects"] if aspect["code"] == mark["aspect"])
    mark["value"] = better_value(aspect, mark["value"])
    after = stage_ranks(plain)
    owner = mark["entrant"]
    if before[owner] is not None:
        assert after[owner] is not None
        assert after[owner] <= before[owner]


def stage_ranks(plain: Plain) -> dict[str, Any]:
    return {row.entrant: row.rank for row in results_of(plain).stages[0].standings}


@THOROUGH
@given(RANDOMS)
def test_a_total_never_depends_on_another_entrant(rng: Random) -> None:
    plain = competition(rng, relative=False, version=None)
    plain.pop("playoffs", None)
    gone = rng.choice(plain["entrants"])["code"]
    without = deepcopy(plain)
    without["entrants"] = [entrant for entrant in plain["entrants"] if entrant["code"] != gone]
    for key in ("marks", "outcomes", "penalties", "times"):
        without[key] = [row for row in plain[key] if row["entrant"] != gone]
    before = {row.entrant: row for row in results_of(plain).stages[0].standings}
    for row in results_of(without).stages[0].standings:
        assert (row.total, row.modules) == (before[row.entrant].total, before[row.entrant].modules)


@THOROUGH
@given(RANDOMS)
def test_only_shared_ranks_make_more_awards_than_there_are(rng: Random) -> None:
    plain = competition(rng, version=None)
    results = results_of(plain)
    rank_of = {row.entrant: row.rank for row in results.standings}
    given_to = [row.entrant for row in results.awards or () if row.award == "first"]
    first = next(award for award in plain["events"][0]["awards"] if award["code"] == "first")
    number = first["top"]
    assert len(given_to) <= number or number > 0
    beyond = given_to[number:]
    # Who is within so many points of the last one joins too.
    assert "within" in first or all(
        rank_of[code] == rank_of[given_to[number - 1]] for code in beyond
    )
    people = [row.entrant for row in results.awards or () if row.entrant and not row.item]
    assert len(people) == len(set(people))


@THOROUGH
@given(RANDOMS)
def test_a_grade_never_goes_down(rng: Random) -> None:
    plain = competition(rng, version=None)
    people = [
        *plain["entrants"],
        *(m for entrant in plain["entrants"] for m in entrant.get("members", ())),
    ]
    present = {person["code"]: person.get("grade", 6) for person in people}
    for row in results_of(plain).grades or ():
        if row.change == "promoted":
            assert row.grade is not None
            assert row.grade < present[row.member or row.entrant]
        else:
            assert (row.grade or 6) == present[row.member or row.entrant]


@THOROUGH
@given(RANDOMS)
def test_a_bundle_that_is_written_and_read_again_is_the_same(rng: Random) -> None:
    bundle = read(competition(rng, version=None))
    again = read_bundle(write_bundle(bundle, "json"))
    assert again == bundle
    assert write_results(score(again)) == write_results(score(bundle))


@pytest.mark.parametrize("most", [9, 40])
@settings(max_examples=40)
@given(rng=RANDOMS)
@example(rng=Random(7193))  # a playoff parts two of a team no more
def test_marks_one_by_one_give_the_same_as_all_at_once(most: int, rng: Random) -> None:
    plain = competition(rng, entrants=most, version=None)
    scorer = Scorer(read(plain))
    for _ in range(5):
        stage = rng.choice(plain["events"][0]["stages"])
        module = rng.choice(stage["modules"])
        person = rng.choice(plain["entrants"])["code"]
        for mark in marks_of(rng, stage, module, person)[:1]:
            plain["marks"].append(mark)
            bundle = read(plain)
            before, kept = scorer.results, write_results(scorer.results)
            assert scorer.change(bundle.marks[-1]) == afresh(bundle)
            assert write_results(before) == kept
            assert scorer.current() == bundle


@settings(max_examples=40)
@given(rng=RANDOMS)
@example(rng=Random(30711))  # two at once lose what they were ranked by in an item
def test_many_marks_at_once_some_of_them_taken_back_give_the_same_as_afresh(rng: Random) -> None:
    plain = competition(rng, version=None)
    scorer = Scorer(read(plain))
    for _ in range(3):
        stage = rng.choice(plain["events"][0]["stages"])
        people = rng.sample(plain["entrants"], min(3, len(plain["entrants"])))
        came = [
            mark
            for person in people
            for mark in marks_of(rng, stage, rng.choice(stage["modules"]), person["code"])[:3]
        ]
        taken_back = rng.sample(came, len(came) // 3)
        where = ("stage", "module", "entrant", "judge", "aspect")
        gone = {tuple(mark[key] for key in where) for mark in taken_back}
        plain["marks"] += came
        bundle = read(plain)
        values = [
            Written(*(getattr(mark, key) for key in where), mark.value, mark.difficulty)
            for mark in bundle.marks[len(bundle.marks) - len(came) :]
        ]
        values += [Written(*place, None) for place in sorted(gone)]
        plain["marks"] = [
            mark for mark in plain["marks"] if tuple(mark[key] for key in where) not in gone
        ]
        times = [
            {
                "stage": stage["code"],
                "module": stage["modules"][0]["code"],
                "entrant": people[0]["code"],
                "seconds": str(rng.randint(1, 500)),
            }
        ]
        plain["times"] = [*plain.get("times", []), *times]
        fresh = read(plain)
        assert scorer.take(values, fresh.times[-1:]) == afresh(fresh)


@settings(max_examples=40)
@given(RANDOMS)
def test_what_a_crew_wins_is_certified_for_each_of_its_members(rng: Random) -> None:
    bundle = read(competition(rng, version=None))
    results = score(bundle)
    crews = {entrant.code: [it.code for it in entrant.members] for entrant in bundle.entrants}
    expected = [
        (event.code, replace(won, member=member))
        for event in results.events
        for won in won_in(bundle, event)
        for member in (
            crews[won.entrant]
            if won.entrant and crews[won.entrant] and won.member is None
            else [won.member]
        )
    ]
    pairs = list(certified_in(bundle, results))
    assert pairs == expected
    # Nobody is certified for one prize twice.
    whose = [(event, won.entrant, won.team, won.prize) for event, won in pairs]
    assert len(set(whose)) == len(whose)
    for _event, won in pairs:
        if won.member is not None:
            assert won.prize.endswith(f"/{won.member}")
            assert won.crews_prize in (None, won.prize.removesuffix(f"/{won.member}"))
