"""评分宽严: how far each judge lies from the panel, and how sure that is.

For judge j with n residuals (mark - panel mean) of mean d and sum of squares
SS about d:

    s² = Σ SS / Σ (n - 1)                      the noise of all judges together
    v  = (4 s² + SS) / (4 + n - 1)             this judge's noise, steadied by theirs
    τ² = Σ (n d² - s²) / Σ n, at least s² / 10 how much judges truly differ
    B  = τ² / (τ² + v / n)                     how far the sheets are believed
    severity = B d,  interval = B d ± t(4 + n - 1) √(B v / n)

With few sheets B is small and the judge is drawn toward 0; the floor of τ²
means that ten sheets are believed half even where judges hardly differ. It is
the posterior of θ ~ N(0, τ²), d | θ ~ N(θ, v / n) with an estimated τ².
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from compete.domain.reliability.estimate import (
    Estimate,
    around,
    mean,
    squares,
    unknown,
)
from compete.domain.reliability.readings import Residual
from compete.domain.values.messages import msg

LEAST_SHEETS = 3
_STEADY = 4
_FLOOR = 10


class Severity(msgspec.Struct, frozen=True):
    """`raw` is the plain mean of the residuals; `shrunk` what is to be believed of it.

    Below 0 is stricter than the panel, above 0 more lenient.
    """

    raw: float | None
    shrunk: Estimate


def severities(
    residuals: Mapping[str, Sequence[Residual]], level: float = 0.95
) -> dict[str, Severity]:
    """The severity of each judge; with fewer than three sheets no value but the reason."""
    values = {judge: [row.value for row in rows] for judge, rows in residuals.items()}
    freedom = sum(len(rows) - 1 for rows in values.values())
    noise = math.fsum(squares(rows) for rows in values.values()) / freedom if freedom else 0.0
    seen = sum(len(rows) for rows in values.values())
    spread = math.fsum(len(rows) * mean(rows) ** 2 - noise for rows in values.values())
    between = max(spread / seen, noise / _FLOOR) if seen else 0.0
    return {judge: _of_judge(rows, noise, between, level) for judge, rows in values.items()}


def _of_judge(rows: list[float], noise: float, between: float, level: float) -> Severity:
    n, raw = len(rows), mean(rows)
    if n < LEAST_SHEETS:
        reason = msg("只有 %(n)s 张能和同组比，满 %(least)s 张再看", n=n, least=LEAST_SHEETS)
        return Severity(raw, unknown(reason, n))
    freedom = _STEADY + n - 1
    own = (_STEADY * noise + squares(rows)) / freedom
    if own == 0:
        return Severity(raw, Estimate(raw, raw, raw, n))
    believed = between / (between + own / n)
    error = math.sqrt(believed * own / n)
    return Severity(raw, around(believed * raw, error, freedom, n, level))
