"""What parted equal totals of people, as it is told to everybody."""

from __future__ import annotations

import json

from compete.domain.bundle.reading import read_bundle
from compete.domain.explanation.ties import explain_ties
from compete.domain.scoring.scorer import Scorer
from tests.domain.scoring.build import Plain, bundle, entrant, event, mark, module, stage, totals


def tie_words(plain: Plain) -> dict[str, str]:
    scorer = Scorer(read_bundle(json.dumps(plain).encode()))
    words_of_people = explain_ties(scorer.events["E"], scorer.results.events[0]).people
    return {code: str(why) for code, why in words_of_people.items()}


def test_that_age_decided_is_told_and_nobodys_birth() -> None:
    older = [entrant("P1", birth="1991-02-03"), entrant("P2", birth="1980-04-05")]
    by_age = event(stage(module()), ranking={"ties": ["age:older"]})
    (why,) = (words_of_people := tie_words(bundle(by_age, older, totals(P1=80, P2=80)))).values()
    assert list(words_of_people) == ["P1"]
    assert why.startswith("在第 1 名之后：总分相同，")
    assert not any(year in why for year in ("1991", "1980"))


def test_equal_totals_of_two_stages_are_no_tie() -> None:
    two = event(
        stage(module(), code="S", advance={"top": 1}),
        stage(module("n"), code="F"),
        ranking={"ties": ["age:older"]},
    )
    marks = [*totals(P1=90, P2=80), mark("P1", "80", module_code="n", stage_code="F")]
    assert tie_words(bundle(two, [entrant("P1"), entrant("P2")], marks)) == {}
