"""Robustness of an event's results: what one mark or judge would change, what a tie key.

`robustness` tells the smallest change of a single mark that would change a
medal or a grade, the ranks without each judge, and the places that rest on a
tie key alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import msgspec

from compete.domain.bundle.types import Mark
from compete.domain.explanation.ranks import deciding_key, separated_by
from compete.domain.ranking.stage import StageState
from compete.domain.robust.judges import WithoutJudge, without_each_judge
from compete.domain.robust.ladders import GRID, Grid, steps_of
from compete.domain.robust.shifts import MOST_TRIALS, Search, smallest_shifts
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.messages import Message


class Resting(msgspec.Struct, frozen=True):
    """Two neighbours with the same total: what separates them, or that nothing does."""

    stage: str
    better: str
    worse: str
    shared: bool
    why: Message


class Robustness(msgspec.Struct, frozen=True):
    """The robustness of one event.

    `marks` is how many marks stand in its last state, `looked` how many of
    them were looked at to the end, `tried` how many re-scorings that took.
    """

    event: str
    marks: int
    looked: int
    tried: int
    medals: Search
    grades: Search
    judges: list[WithoutJudge]
    resting: list[Resting]


def robustness(
    scorer: Scorer, event_code: str, most_trials: int = MOST_TRIALS, grid: Grid = GRID
) -> Robustness:
    """Look at one event from all sides. The scorer is the same afterwards."""
    event = scorer.events[event_code]
    marks = standing_marks(scorer, event)
    shifts = smallest_shifts(event, marks, steps_of(marks, grid), most_trials, grid)
    return Robustness(
        event=event_code,
        marks=len(marks),
        looked=shifts.looked,
        tried=shifts.tried,
        medals=shifts.medals,
        grades=shifts.grades,
        judges=without_each_judge(scorer.current(), event),
        resting=[resting for stage in event.stages for resting in _resting(stage)],
    )


def standing_marks(scorer: Scorer, event: EventScorer) -> list[Mark]:
    """The marks that count now, those of the foremost in the final standings first.

    Those without a rank come last: they may yet win an item, or set the best
    that others are measured against.
    """
    places = {code: place for place, (_, code) in enumerate(event.finals.ranking)}
    last: dict[tuple[str, str, str, str, str], Mark] = {}
    reached = {stage.plan.code: stage.entrants for stage in event.stages}
    for mark in (*scorer.bundle.marks, *scorer.later):
        if mark.entrant in event.entrants and mark.entrant in reached.get(mark.stage, ()):
            last[mark.stage, mark.module, mark.entrant, mark.judge, mark.aspect] = mark
    return sorted(last.values(), key=lambda mark: places.get(mark.entrant, len(places)))


def _resting(stage: StageState) -> Iterator[Resting]:
    """List neighbours whom the total alone does not separate."""
    order = stage.standing.codes()
    ranks = stage.standing.by_code()
    for better, worse in pairwise(order):
        if deciding_key(stage.standing, better, worse) != 0:
            shared = ranks[better] == ranks[worse]
            why = separated_by(stage, better, worse)
            yield Resting(stage.plan.code, better, worse, shared, why)
