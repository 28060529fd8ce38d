"""Passing: modules and parts that have a pass mark.

The bundle format, sections “Awards” and “Read differently”, key `pass_modules`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Literal

import msgspec

from compete.domain.bundle.event_types import Module, Part
from compete.domain.ranking.stage import StageState
from compete.domain.values.points import exact

Wanted = bool | Literal["all", "taken"] | Sequence[str]
"""The value of `pass_modules`: true is `all`."""


class PassMark(msgspec.Struct, frozen=True):
    """A module or part with a pass mark; `least` is in units of its score's last place."""

    code: str
    is_part: bool
    place: int
    least: int


class Passing:
    """The pass marks of all stages, asked entrant by entrant.

    With `every_stage`, who has no row in a stage does not meet its pass marks.
    """

    def __init__(self, stages: Sequence[StageState], *, every_stage: bool) -> None:
        self.stages = stages
        self.every_stage = every_stage
        self.marks = [_pass_marks(stage) for stage in stages]
        self._known: dict[tuple[str, str], bool] = {}

    def forget(self, codes: Iterable[str]) -> None:
        """Forget the scores of these, which have changed."""
        for code in codes:
            for wanted in ("all", "taken"):
                self._known.pop((code, wanted), None)

    def forget_all(self) -> None:
        self._known.clear()

    def passed(self, code: str, wanted: Wanted) -> bool:
        """True if nothing stands in the way."""
        whole = _whole(wanted)
        if whole is None:
            return not any(True for _ in self.failed(code, wanted))
        known = self._known.get((code, whole))
        if known is None:
            known = not any(True for _ in self.failed(code, wanted))
            self._known[code, whole] = known
        return known

    def failed(self, code: str, wanted: Wanted) -> Iterable[str]:
        """The codes that stand in the way: not passed, or wanted and not taken part in."""
        met: set[str] = set()
        only = () if isinstance(wanted, bool | str) else wanted
        for stage, marks in zip(self.stages, self.marks, strict=True):
            is_there = code in stage.entrants
            if not is_there and (wanted == "taken" or not self.every_stage):
                continue
            for mark in marks:
                if only and mark.code not in only:
                    continue
                met.add(mark.code)
                if not is_there or not _reaches(stage, code, mark):
                    yield mark.code
        for missing in only:
            if missing not in met:
                yield missing


def _whole(wanted: Wanted) -> str | None:
    """The word for a wanted list that asks about everything there is; None for a list."""
    if isinstance(wanted, str):
        return wanted
    return "all" if isinstance(wanted, bool) else None


def _reaches(stage: StageState, code: str, mark: PassMark) -> bool:
    scores = stage.scores[code]
    score = scores.parts[mark.place] if mark.is_part else scores.modules[mark.place].score
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
