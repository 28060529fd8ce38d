"""Values that come one after the other leave what a start from the beginning gives."""

from __future__ import annotations

import json
from typing import Any

from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.results import EventResults
from compete.domain.bundle.types import Bundle
from compete.domain.scoring.event_scorer import Written
from compete.domain.scoring.scorer import Scorer, score
from tests.domain.scoring.build import Plain, bundle, entrant, event, mark, module, stage, totals


def read(plain: Plain) -> Bundle:
    return read_bundle(json.dumps(plain).encode())


def followed(plain: Plain, **changes: Any) -> EventResults:
    """Put in one total after the other, and hold each time what follows to a fresh start."""
    scorer = Scorer(read(plain))
    for code, value in changes.items():
        plain["marks"] = [mark for mark in plain["marks"] if mark["entrant"] != code]
        plain["marks"].append(mark(code, str(value)))
        fresh = read(plain)
        last = fresh.marks[-1]
        written = Written(last.stage, last.module, code, last.judge, last.aspect, last.value)
        assert scorer.take([written]) == score(fresh)
    return scorer.results.events[0]


def test_whoever_no_longer_passes_loses_the_award() -> None:
    award = {"code": "first", "name": "一等奖", "top": 1, "pass_modules": True}
    the_event = event(stage(module("m", **{"pass": "60"})), awards=[award])
    plain = bundle(the_event, [entrant("P1"), entrant("P2")], totals(P1=70, P2=40))
    followed(plain, P1=55)
    followed(plain, P1=80, P2=90)


def test_a_team_falls_by_the_rank_of_a_member_whom_others_have_passed() -> None:
    """The best member of A keeps the total and loses the rank; B's is then the better one."""
    where = {"P1": "A", "P2": "A", "P3": "B", "P4": "B", "P5": "C", "P6": "C"}
    rule = {"best": 2, "ties": ["best_rank"]}
    plain = bundle(
        event(stage(module()), team_ranking=rule),
        [entrant(code, team=team) for code, team in where.items()],
        totals(P1=90, P2=70, P3=80, P4=80, P5=50, P6=10),
        teams=[{"code": letter, "name": letter, "event": "E", "unit": "U"} for letter in "ABC"],
    )
    results = followed(plain, P5=99, P3=95, P4=65)
    assert results.teams is not None
    assert [row.team for row in results.teams] == ["B", "A", "C"]


def test_a_working_time_that_comes_alone_moves_whoever_it_ranks() -> None:
    """Equal in points, they are told apart by the time that comes in later."""
    plain = bundle(
        event(stage(module()), ranking={"ties": ["time:m"]}),
        [entrant("P1"), entrant("P2"), entrant("P3")],
        totals(P1=90, P2=90, P3=80),
        times=[{"stage": "S", "module": "m", "entrant": "P2", "seconds": "40"}],
    )
    scorer = Scorer(read(plain))
    plain["times"].append({"stage": "S", "module": "m", "entrant": "P1", "seconds": "30"})
    fresh = read(plain)
    assert scorer.take((), fresh.times[-1:]) == score(fresh)
    assert [row.entrant for row in scorer.results.events[0].standings] == ["P1", "P2", "P3"]
    plain["times"][-1]["seconds"] = "50"
    fresh = read(plain)
    assert scorer.take((), fresh.times[-1:]) == score(fresh)
    assert [row.entrant for row in scorer.results.events[0].standings] == ["P2", "P1", "P3"]


def test_whoever_gets_the_last_mark_leaves_the_list_of_the_unranked() -> None:
    the_event = event(stage(module("m", weight=50), module("n", weight=50)))
    marks = [mark(code, "80", module_code=where) for code in ("P1", "P2") for where in "mn"]
    plain = bundle(the_event, [entrant("P1"), entrant("P2"), entrant("P3")], marks[:-1])
    scorer = Scorer(read(plain))
    for late in (marks[-1], mark("P3", "90"), mark("P3", "70", module_code="n")):
        plain["marks"].append(late)
        fresh = read(plain)
        assert scorer.change(fresh.marks[-1]) == score(fresh)
    ranked = {row.entrant: row.rank for row in scorer.results.events[0].standings}
    assert ranked == {"P1": 1, "P2": 1, "P3": 1}
