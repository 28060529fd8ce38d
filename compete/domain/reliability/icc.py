"""Intraclass correlations of a complete table, by its mean squares.

Shrout & Fleiss 1979, Psychological Bulletin 86: 420-428. Case 1: each target
has judges of its own; case 2: the same judges, who stand for all judges;
case 3: the same judges, who are all there is. `1` is one judge's mark, `k` the
mean of all k. Intervals for cases 1 and 3 come from F; that of case 2 from
Satterthwaite's approximation, as the paper gives it, where the value is above 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from compete.domain.reliability.estimate import Estimate, f_quantile, unknown
from compete.domain.values.messages import Message, msg

_LEVEL = 0.95
# Sums of squares below this share of the whole are nothing but rounding.
_NOTHING = 1e-12


class MeanSquares(msgspec.Struct, frozen=True):
    """Two-way analysis of variance of `n` targets (rows) by `k` judges (columns).

    `between` is between targets, `within` within them; `judges` and `error`
    split `within` into what judges differ by and what is left.
    """

    n: int
    k: int
    between: float
    within: float
    judges: float
    error: float


class Intraclass(msgspec.Struct, frozen=True):
    """The six coefficients by their names, `ICC(1,1)` to `ICC(3,k)`.

    `f_oneway` is between / within (cases 1), `f_targets` between / error (cases
    2 and 3); both are None where nothing is left to divide by.
    """

    coefficients: dict[str, Estimate]
    squares: MeanSquares | None = None
    f_oneway: float | None = None
    f_targets: float | None = None
    reason: Message | None = None

    def __getitem__(self, name: str) -> Estimate:
        return self.coefficients[name]


NAMES = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")


def mean_squares(table: Sequence[Sequence[float]]) -> MeanSquares:
    """The mean squares of a complete table of at least two targets and two judges."""
    n, k = len(table), len(table[0])
    rows = [math.fsum(row) / k for row in table]
    columns = [math.fsum(column) / n for column in zip(*table, strict=True)]
    grand = math.fsum(rows) / n
    total = math.fsum((cell - grand) ** 2 for row in table for cell in row)
    between = k * math.fsum((row - grand) ** 2 for row in rows)
    judges = n * math.fsum((column - grand) ** 2 for column in columns)
    within = _clean(total - between, total)
    error = _clean(within - judges, total)
    return MeanSquares(
        n=n,
        k=k,
        between=_clean(between, total) / (n - 1),
        within=within / (n * (k - 1)),
        judges=_clean(judges, total) / (k - 1),
        error=error / ((n - 1) * (k - 1)),
    )


def intraclass(table: Sequence[Sequence[float]], level: float = _LEVEL) -> Intraclass:
    """All six coefficients of a table of targets (rows) by judges (columns), without gaps.

    Too few rows or columns, or marks that are all the same, give no values but
    the reason.
    """
    if len(table) < 2 or len(table[0]) < 2:
        return _nothing(msg("两名以上裁判都评过的选手不到 2 人，算不出一致性"))
    ms = mean_squares(table)
    if ms.between == ms.within == 0:
        return _nothing(msg("分数全都一样，算不出一致性"), ms)
    coefficients = _from_f("1", ms, ms.within, ms.n * (ms.k - 1), level)
    coefficients |= _case_two(ms, level)
    coefficients |= _from_f("3", ms, ms.error, (ms.n - 1) * (ms.k - 1), level)
    return Intraclass(
        coefficients={name: coefficients[name] for name in NAMES},
        squares=ms,
        f_oneway=ms.between / ms.within if ms.within else None,
        f_targets=ms.between / ms.error if ms.error else None,
    )


def _from_f(
    case: str, ms: MeanSquares, noise: float, freedom: int, level: float
) -> dict[str, Estimate]:
    """The coefficients of cases 1 and 3: one noise, and an interval straight from F."""
    n, k = ms.n, ms.k
    of_one = _ratio(ms.between - noise, ms.between + (k - 1) * noise)
    many = _ratio(ms.between - noise, ms.between)
    single, mean = f"ICC({case},1)", f"ICC({case},k)"
    if noise == 0 or of_one is None:
        return {single: _bare(of_one, n), mean: _bare(many, n)}
    f = ms.between / noise
    share = (1 + level) / 2
    low = f / f_quantile(share, n - 1, freedom)
    high = f * f_quantile(share, freedom, n - 1)
    lower = 1 - 1 / low if low else None
    return {
        single: Estimate(of_one, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1), n),
        mean: Estimate(many, lower, 1 - 1 / high, n) if high else _bare(many, n),
    }


def _case_two(ms: MeanSquares, level: float) -> dict[str, Estimate]:
    n, k = ms.n, ms.k
    noise = ms.judges - ms.error
    # Where the parts cancel, what is left is rounding and no variance.
    whole = ms.between + ms.judges + ms.error
    belows = (ms.between + (k - 1) * ms.error + k * noise / n, ms.between + noise / n)
    of_one, many = (_ratio(ms.between - ms.error, _clean(it, whole)) for it in belows)
    # The approximation means something only where there is agreement to bound.
    if ms.error == 0 or of_one is None or of_one <= 0:
        return {"ICC(2,1)": _bare(of_one, n), "ICC(2,k)": _bare(many, n)}
    f_judges = ms.judges / ms.error
    weight = n * (1 + (k - 1) * of_one) - k * of_one
    above = (k - 1) * (n - 1) * (k * of_one * f_judges + weight) ** 2
    below = (n - 1) * (k * of_one * f_judges) ** 2 + weight**2
    freedom = above / below
    share = (1 + level) / 2
    shift = k * ms.judges + (k * n - k - n) * ms.error
    upper_f = f_quantile(share, n - 1, freedom)
    lower_f = f_quantile(share, freedom, n - 1)
    low = n * (ms.between - upper_f * ms.error) / (upper_f * shift + n * ms.between)
    high = n * (lower_f * ms.between - ms.error) / (shift + n * lower_f * ms.between)
    return {
        "ICC(2,1)": Estimate(of_one, low, high, n),
        "ICC(2,k)": Estimate(many, _stepped(low, k), _stepped(high, k), n)
        if many is not None
        else _bare(many, n),
    }


def _stepped(of_one: float, k: int) -> float | None:
    """Step one judge's reliability up to that of the mean of k (Spearman-Brown)."""
    return _ratio(k * of_one, 1 + (k - 1) * of_one)


def _ratio(above: float, below: float) -> float | None:
    """The share of a variance; none where noise has eaten the whole of it."""
    return above / below if below > 0 else None


def _bare(value: float | None, count: int) -> Estimate:
    if value is None:
        return unknown(msg("选手之间的差别还没有裁判之间的大，算不出一致性"), count)
    return Estimate(value, count=count)


def _nothing(reason: Message, squares: MeanSquares | None = None) -> Intraclass:
    empty = unknown(reason)
    return Intraclass(dict.fromkeys(NAMES, empty), squares, reason=reason)


def _clean(part: float, total: float) -> float:
    return part if part > total * _NOTHING else 0.0
