"""Kendall's W: measures if judges put the same people first.

Siegel 1956, Nonparametric Statistics, chapter 9; ties by the usual correction
of the denominator. W is 1 where all give one order and 0 where none agrees.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import msgspec

from compete.domain.values.messages import Message, msg


class Concordance(msgspec.Struct, frozen=True):
    """W of `n` targets by `k` judges; `s` is Siegel's sum of squares of rank sums.

    `p` is the chance of so much agreement by accident (χ² with n - 1 degrees),
    an approximation that is good for n above 7.
    """

    w: float | None
    n: int = 0
    k: int = 0
    s: float | None = None
    chi2: float | None = None
    p: float | None = None
    reason: Message | None = None


def kendall_w(table: Sequence[Sequence[float]]) -> Concordance:
    """Concordance of a table of targets (rows) by judges (columns), without gaps."""
    n = len(table)
    k = len(table[0]) if table else 0
    if n < 2 or k < 2:
        reason = msg("两名以上裁判都评过的选手不到 2 人，算不出名次一致")
        return Concordance(None, n, k, reason=reason)
    columns = list(zip(*table, strict=True))
    sums = [math.fsum(ranks) for ranks in zip(*map(average_ranks, columns), strict=True)]
    middle = k * (n + 1) / 2
    s = math.fsum((total - middle) ** 2 for total in sums)
    ties = sum(t**3 - t for column in columns for t in Counter(column).values())
    most = k * k * (n**3 - n) - k * ties
    if most == 0:
        return Concordance(None, n, k, s, reason=msg("每位裁判给的分都一样，排不出先后"))
    w = 12 * s / most
    chi2 = k * (n - 1) * w
    return Concordance(w, n, k, s, chi2, _chance(chi2, n - 1))


def average_ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1 for the smallest; equal values share the mean of their places."""
    many = Counter(values)
    middle, before = {}, 0
    for value in sorted(many):
        middle[value] = before + (many[value] + 1) / 2
        before += many[value]
    return [middle[value] for value in values]


def _chance(chi2: float, freedom: int) -> float:
    from scipy.special import chdtrc

    return chdtrc(freedom, chi2).item()  # type: ignore[no-any-return]
