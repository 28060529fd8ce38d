"""Readings that the figures are worked out from: one judge's marks for one entrant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import msgspec

from compete.domain.reliability.estimate import mean


class Reading(msgspec.Struct, frozen=True):
    """One judge's marks for one entrant: of a whole sheet, or of one aspect.

    `hour` is when, in hours from any fixed instant, where that is known; `own`
    says that judge and entrant come from the same unit.
    """

    entrant: str
    judge: str
    marks: float
    hour: float | None = None
    own: bool = False


class Residual(msgspec.Struct, frozen=True):
    """The distance of a reading above (+) or below (-) the mean of the other judges."""

    entrant: str
    value: float
    hour: float | None
    own: bool


def by_entrant(readings: Iterable[Reading]) -> dict[str, list[Reading]]:
    """The readings of each entrant whom at least two judges have marked."""
    groups: dict[str, list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[reading.entrant].append(reading)
    return {entrant: group for entrant, group in groups.items() if len(group) > 1}


def residuals(
    readings: Iterable[Reading], without: Collection[str] = ()
) -> dict[str, list[Residual]]:
    """For each judge the residuals, r = mark - mean of the others who marked that entrant.

    Judges to be left out (`without`) are nobody's measure, unless nobody else was there.
    """
    by_judge: dict[str, list[Residual]] = defaultdict(list)
    for entrant, group in by_entrant(readings).items():
        for judged in group:
            others = [reading for reading in group if reading is not judged]
            measure = [reading for reading in others if reading.judge not in without] or others
            apart = judged.marks - mean([reading.marks for reading in measure])
            by_judge[judged.judge].append(Residual(entrant, apart, judged.hour, judged.own))
    return dict(by_judge)
