"""Whether an entrant passed: modules and parts that have a pass mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

import msgspec

from compete.domain.bundle import Module, Part
from compete.domain.ranking.stage import StageState
from compete.domain.values import exact


class PassMark(msgspec.Struct, frozen=True):
    """A module or part with a pass mark; `least` is in units of its score's last place."""

    code: str
    is_part: bool
    place: int
    least: int


class Passing:
    """The pass marks of all stages, asked entrant by entrant."""

    def __init__(self, stages: Sequence[StageState]) -> None:
        self.stages = stages
        self.marks = [_pass_marks(stage) for stage in stages]
        self._known: dict[str, bool] = {}

    def forget(self, codes: Iterable[str]) -> None:
        """The scores of these have changed."""
        for code in codes:
            self._known.pop(code, None)

    def forget_all(self) -> None:
        self._known.clear()

    def passed_all(self, code: str) -> bool:
        """Everything with a pass mark, in every stage that the entrant took part in."""
        known = self._known.get(code)
        if known is None:
            known = self._known[code] = not any(True for _ in self.failed(code))
        return known

    def passed(self, code: str, wanted: Iterable[str]) -> bool:
        """Each of these modules and parts taken part in, and passed wherever it was."""
        return not any(True for _ in self.failed(code, wanted))

    def failed(self, code: str, wanted: Iterable[str] | None = None) -> Iterable[str]:
        """The codes that stand in the way: not passed, or wanted and not taken part in."""
        met: set[str] = set()
        only = None if wanted is None else list(wanted)
        for stage, marks in zip(self.stages, self.marks, strict=True):
            if code not in stage.entrants:
                continue
            for mark in marks:
                met.add(mark.code)
                if (only is None or mark.code in only) and not _reaches(stage, code, mark):
                    yield mark.code
        for missing in only or ():
            if missing not in met:
                yield missing


def score_of(stage: StageState, code: str, mark: PassMark) -> int | None:
    """The entrant's score in what the pass mark is for."""
    score = stage.scores[code]
    return score.parts[mark.place] if mark.is_part else score.modules[mark.place].score


def _reaches(stage: StageState, code: str, mark: PassMark) -> bool:
    score = score_of(stage, code, mark)
    return score is not None and score >= mark.least


def _pass_marks(stage: StageState) -> list[PassMark]:
    plan = stage.plan
    papers: list[tuple[bool, int, Module | Part]] = [
        *((False, place, module) for place, module in enumerate(plan.stage.modules)),
        *((True, place, part) for place, part in enumerate(plan.stage.parts)),
    ]
    return [
        PassMark(paper.code, is_part, place, ceil(exact(paper.pass_) * 10**plan.places))
        for is_part, place, paper in papers
        if paper.pass_ is not None
    ]
