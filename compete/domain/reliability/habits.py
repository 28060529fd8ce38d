"""A judge's habits: drift through the day, spread, agreement, own people.

Each takes the judge's residuals (mark - panel mean), except the spread, which
compares marks with marks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from compete.domain.reliability.estimate import Estimate, around, mean, squares, unknown
from compete.domain.reliability.readings import Reading, Residual
from compete.domain.values.messages import msg

LEAST_FOR_DRIFT = 6
LEAST_FOR_SPREAD = 5


def drift(rows: Sequence[Residual], level: float = 0.95) -> Estimate:
    """Points per hour by which the judge moves: the least-squares slope on time.

    Needs six sheets with times that differ.
    """
    timed = [(row.hour, row.value) for row in rows if row.hour is not None]
    n = len(timed)
    if n < LEAST_FOR_DRIFT:
        return unknown(msg("有时间的不到 %(n)s 张，看不出先后变化", n=LEAST_FOR_DRIFT), n)
    middle, level_of = mean([at for at, _ in timed]), mean([value for _, value in timed])
    across = math.fsum((at - middle) ** 2 for at, _ in timed)
    if across == 0:
        return unknown(msg("时间都一样，看不出先后变化"), n)
    slope = math.fsum((at - middle) * (value - level_of) for at, value in timed) / across
    left = math.fsum((value - level_of - slope * (at - middle)) ** 2 for at, value in timed)
    return around(slope, math.sqrt(left / (n - 2) / across), n - 2, n, level)


def spread(judge: str, groups: Mapping[str, Sequence[Reading]]) -> Estimate:
    """The judge's standard deviation over the panel's, on the same entrants.

    The panel's is the root mean square of all who marked at least those
    entrants, the judge included: 1 is as the others, below 1 squeezed together,
    above 1 drawn apart. Needs five entrants.
    """
    own = {
        entrant: reading.marks
        for entrant, group in groups.items()
        for reading in group
        if reading.judge == judge
    }
    if len(own) < LEAST_FOR_SPREAD:
        return unknown(msg("能和同组比的不到 %(n)s 张", n=LEAST_FOR_SPREAD), len(own))
    panel: dict[str, list[float]] = {}
    paired: dict[str, list[float]] = {}
    for entrant, marks in own.items():
        for reading in groups[entrant]:
            panel.setdefault(reading.judge, []).append(reading.marks)
            paired.setdefault(reading.judge, []).append(marks)
    # Each colleague counts on the entrants that both have marked.
    others = [name for name, marks in panel.items() if len(marks) >= LEAST_FOR_SPREAD]
    theirs = math.fsum(squares(panel[name]) for name in others)
    mine = math.fsum(squares(paired[name]) for name in others)
    if theirs == 0:
        return unknown(msg("同组给的分都一样，没有可比的"), len(own))
    return Estimate(math.sqrt(mine / theirs), count=len(own))


def agreement(rows: Sequence[Residual]) -> Estimate:
    """The mean distance from the panel's mean, in points; 0 is full agreement."""
    if not rows:
        return unknown(msg("还没有能和同组比的"))
    return Estimate(mean([abs(row.value) for row in rows]), count=len(rows))


def own_bias(rows: Sequence[Residual], level: float = 0.95) -> Estimate:
    """Points given to entrants of the judge's own unit above what others get.

    The difference of two means with their common variance. Needs two entrants
    of the own unit and two others.
    """
    own = [row.value for row in rows if row.own]
    others = [row.value for row in rows if not row.own]
    if len(own) < 2 or len(others) < 2:
        return unknown(msg("评过的本单位选手不到 2 人"), len(own))
    freedom = len(own) + len(others) - 2
    pooled = (squares(own) + squares(others)) / freedom
    error = math.sqrt(pooled * (1 / len(own) + 1 / len(others)))
    return around(mean(own) - mean(others), error, freedom, len(own), level)
