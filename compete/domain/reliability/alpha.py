"""Krippendorff's α: agreement with any number of judges and with gaps.

Krippendorff 2011, Computing Krippendorff's Alpha-Reliability: 1 minus what judges
differ by over what all values differ by. Differences are summed by squares about
means, never pair by pair: time and memory grow with the values, however many
different ones there are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from compete.domain.reliability.estimate import Estimate, squares, unknown
from compete.domain.values.messages import msg

Level = Literal["nominal", "ordinal", "interval"]


def alpha_of_targets(
    targets: Sequence[Sequence[float | None]], level: Level = "interval"
) -> Estimate:
    """α of the marks of each target, whoever gave them; None where one did not judge.

    `count` is the number of targets that two judges or more have marked; the
    value has no interval.
    """
    units = [[mark for mark in target if mark is not None] for target in targets]
    units = [unit for unit in units if len(unit) >= 2]
    if len(units) < 2:
        return unknown(msg("两名以上裁判都评过的选手不到 2 人，算不出 α"), len(units))
    many = Counter(mark for unit in units for mark in unit)
    if len(many) < 2:
        return unknown(msg("分数全都一样，算不出 α"), len(units))
    if level == "nominal":
        within = math.fsum(_unlike(Counter(unit)) / (len(unit) - 1) for unit in units)
        whole = _unlike(many)
    else:
        if level == "ordinal":
            place = _middle_places(many)
            units = [[place[mark] for mark in unit] for unit in units]
        # Of m values all ordered pairs together differ by 2 m times their sum of squares.
        within = math.fsum(2 * len(unit) * squares(unit) / (len(unit) - 1) for unit in units)
        values = [mark for unit in units for mark in unit]
        whole = 2 * len(values) * squares(values)
    total = many.total()
    return Estimate(1 - (total - 1) * within / whole, count=len(units))


def _unlike(many: Counter[float]) -> float:
    """The number of ordered pairs of two different values."""
    return many.total() ** 2 - math.fsum(count**2 for count in many.values())


def _middle_places(many: Counter[float]) -> dict[float, float]:
    """The middle place of each value among all: their differences are the ordinal ones."""
    places, before = {}, 0
    for value in sorted(many):
        places[value] = before + many[value] / 2
        before += many[value]
    return places
