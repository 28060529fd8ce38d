"""How often a weighted sum of errors goes so far, for errors that need not be normal.

Lugannani & Rice 1980, Advances in Applied Probability 12: 475-490, with the errors' own
distribution in the place of a known one (Davison & Hinkley 1988, Biometrika 75: 417-431).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_STEPS = 60
# Nearer to the middle the formula divides nothing by nothing, and the normal tail is right.
_MIDDLE = 0.05
# The farthest that an error is tilted: beyond it the sum is as good as out of reach.
_FARTHEST = 200.0


def normal_tail(z: float) -> float:
    """The chance that a normal value goes beyond `z` standard deviations, above 0."""
    return math.erfc(z / math.sqrt(2)) / 2


def tail_of_sum(errors: Sequence[float], weights: Sequence[float], reached: float) -> float:
    """The chance that a sum of independent errors, so weighted, goes beyond `reached` on its side.

    `errors` are the ones seen; each of those in the sum is like any of them about their mean.
    0 where no such errors could reach so far.
    """
    import numpy as np

    seen = np.asarray(errors) - np.mean(errors)
    weighted = np.asarray(weights) * (1 if reached >= 0 else -1)
    goal = abs(reached)
    size = math.sqrt(np.mean(seen**2) * np.sum(weighted**2))
    if not size or goal / size < _MIDDLE:
        return 0.5
    seen = seen / np.sqrt(np.mean(seen**2))
    weighted = weighted / np.sqrt(np.sum(weighted**2))
    goal /= size
    if goal >= np.sum(np.maximum(weighted * seen.max(), weighted * seen.min())):
        return 0.0
    different, counts = np.unique(weighted, return_counts=True)
    times = counts.astype(np.float64)
    low, high = 0.0, 1.0
    while _tilted(seen, different, times, high)[1] < goal:
        low, high = high, 2 * high
        if high > _FARTHEST:
            return 0.0
    for _ in range(_STEPS):
        tilt = (low + high) / 2
        if _tilted(seen, different, times, tilt)[1] < goal:
            low = tilt
        else:
            high = tilt
    tilt = (low + high) / 2
    generated, _, wide = _tilted(seen, different, times, tilt)
    far = 2 * (tilt * goal - generated)
    if far <= 0 or wide <= 0:
        return normal_tail(goal)
    w, u = math.sqrt(far), tilt * math.sqrt(wide)
    tail = normal_tail(w) + math.exp(-(w**2) / 2) / math.sqrt(2 * math.pi) * (1 / u - 1 / w)
    return max(tail, 0.0)


def _tilted(
    seen: Numbers, weights: Numbers, times: Numbers, tilt: float
) -> tuple[float, float, float]:
    """The sum's cumulant generating function at `tilt`, with its first two derivatives."""
    import numpy as np

    powers = tilt * weights[:, None] * seen[None, :]
    most = powers.max(axis=1)
    shares = np.exp(powers - most[:, None])
    whole = shares.sum(axis=1)
    shares /= whole[:, None]
    first = shares @ seen
    second = shares @ seen**2 - first**2
    generated = most + np.log(whole / len(seen))
    return (
        (times @ generated).item(),
        (times @ (weights * first)).item(),
        (times @ (weights**2 * second)).item(),
    )
