"""Panels: the numbers of several judges become one.

The bundle format, section “From marks to a module score”, points 3 to 5.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from compete.domain.bundle.event_types import Panel
from compete.domain.values.kinds import Combine, Reduced
from compete.domain.values.points import Number


class Method(msgspec.Struct, frozen=True):
    """The method to combine judges, and how many to leave out for a trimmed mean.

    A sum of fewer than `scaled_to` is scaled up to that many.
    """

    combine: Combine
    drop_high: int = 0
    drop_low: int = 0
    scaled_to: int = 0


PLAIN_MEAN = Method(Combine.MEAN)


def method_of(panel: Panel) -> Method:
    """The panel's method when all its judges are there."""
    scaled_to = panel.size if panel.reduced is Reduced.SCALE else 0
    return Method(panel.combine, panel.drop_high, panel.drop_low, scaled_to)


def is_reduced(panel: Panel, judges: int) -> bool:
    """True if so few judges are combined by a plain mean instead."""
    return judges < panel.size and panel.reduced is Reduced.MEAN


def combined(values: Sequence[Number], method: Method) -> tuple[Number, int]:
    """The judges' numbers as one, as the two sides of a ratio; 0 of nobody's.

    `agreed` stands at the mean; whether they do agree is asked elsewhere.

    >>> combined([78, 80, 80, 81, 83], Method(Combine.TRIMMED_MEAN, drop_high=1, drop_low=1))
    (241, 3)
    """
    count = len(values)
    if count == 0:
        return 0, 1
    if method.combine is Combine.SUM:
        if count < method.scaled_to:
            return sum(values) * method.scaled_to, count
        return sum(values), 1
    if method.combine is Combine.MEDIAN:
        ordered = sorted(values)
        middle = count // 2
        if count % 2:
            return ordered[middle], 1
        return ordered[middle - 1] + ordered[middle], 2
    if method.combine is Combine.TRIMMED_MEAN:
        kept = count - method.drop_high - method.drop_low
        if kept > 0:
            return sum(sorted(values)[method.drop_low : method.drop_low + kept]), kept
    return sum(values), count


def left_out(values: Sequence[Number], method: Method) -> tuple[list[int], list[int]]:
    """The positions left out as too high and as too low; of equals the first is the lower.

    A median leaves out all but the middle.
    """
    count = len(values)
    high = low = 0
    if method.combine is Combine.TRIMMED_MEAN and method.drop_high + method.drop_low < count:
        high, low = method.drop_high, method.drop_low
    elif method.combine is Combine.MEDIAN and count:
        high = low = (count - 1) // 2
    order = sorted(range(count), key=lambda position: (values[position], position))
    return sorted(order[count - high :]), sorted(order[:low])
