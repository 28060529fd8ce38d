"""Krippendorff's α: agreement with any number of judges and with gaps.

Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; worked out by
the `krippendorff` package.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from compete.domain.reliability.estimate import Estimate, unknown
from compete.domain.values import msg

Level = Literal["nominal", "ordinal", "interval", "ratio"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")


def krippendorff_alpha(
    by_judge: Sequence[Sequence[float | None]], level: Level = "interval"
) -> Estimate:
    """α of one row for each judge and one column for each target; None where not judged.

    `count` is the number of targets that two judges or more have marked; the
    value has no interval.
    """
    width = len(by_judge[0]) if by_judge else 0
    pairable = [
        column
        for column in ([row[i] for row in by_judge] for i in range(width))
        if sum(cell is not None for cell in column) >= 2
    ]
    if len(pairable) < 2:
        return unknown(msg("两名以上裁判都评过的选手不到 2 人，算不出 α"), len(pairable))
    seen = {cell for column in pairable for cell in column if cell is not None}
    if len(seen) < 2:
        return unknown(msg("分数全都一样，算不出 α"), len(pairable))
    import krippendorff

    rows = [
        [math.nan if cell is None else cell for cell in (column[j] for column in pairable)]
        for j in range(len(by_judge))
    ]
    found: float = krippendorff.alpha(reliability_data=rows, level_of_measurement=level)
    return Estimate(found, count=len(pairable))
