"""Reports on every judge of one module, in one place."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import msgspec

from compete.domain.reliability.estimate import Estimate, around, mean, squares, unknown
from compete.domain.reliability.readings import Reading, Residual, by_entrant, residuals
from compete.domain.values.messages import msg

# 评分宽严: how far each judge lies from the panel, and how sure that is.
#
# For judge j with n residuals (mark - mean of the others) of mean d and sum of squares
# SS about d:
#
# s² = Σ SS / Σ (n - 1)                      the noise of all judges together
# v  = (4 s² + SS) / (4 + n - 1)             this judge's noise, steadied by theirs
# τ² = Σ (n d² - s²) / Σ n, at least s² / 10 how much judges truly differ
# B  = τ² / (τ² + v / n)                     how far the sheets are believed
# severity = B d,  interval = B d ± t(4 + n - 1) √(B v / n)
#
# With few sheets B is small and the judge is drawn toward 0; the floor of τ²
# means that ten sheets are believed half even where judges hardly differ. It is
# the posterior of θ ~ N(0, τ²), d | θ ~ N(θ, v / n) with an estimated τ².

LEAST_SHEETS = 3
_STEADY = 4
_FLOOR = 10


class Severity(msgspec.Struct, frozen=True):
    """A judge's severity: `raw` is the plain mean of the residuals, `shrunk` the part to believe.

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


# A judge's habits: drift through the day, spread, agreement, own people.
#
# Each takes the judge's residuals (mark - mean of the others), except the spread, which
# compares marks with marks.

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
    across = squares([at for at, _ in timed])
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
    """The mean distance from the mean of the others, in points; 0 is full agreement."""
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


class JudgeReport(msgspec.Struct, frozen=True):
    """One judge: figures over whole sheets, and the severity on each aspect.

    `sheets` are those that at least one colleague has marked too; `hours` is
    how long the judge has been at it, 0 where times are not known.
    """

    judge: str
    sheets: int
    hours: float
    severity: Severity
    drift: Estimate
    spread: Estimate
    agreement: Estimate
    own_bias: Estimate
    aspects: dict[str, Severity]


FALSE_ALARMS = 0.05
"""The highest chance that some interval of a competition leaves out a 0 that is true."""


def judge_reports(
    sheets: Sequence[Reading],
    aspects: Mapping[str, Sequence[Reading]],
    compared: int | None = None,
    without: Collection[str] = (),
) -> dict[str, JudgeReport]:
    """The report of each judge who has marked anybody together with another.

    `sheets` are readings of whole sheets, `aspects` of each aspect by its code. `compared` is how
    many judges are looked at in the whole competition, once for each module; by default those
    here. Nobody is measured by the judges named in `without`.
    Drift and own unit are given at a level at which each is wrong in a competition no oftener
    than `FALSE_ALARMS` (Bonferroni).
    """
    groups = by_entrant(sheets)
    rows = residuals(sheets, without)
    level = 1 - FALSE_ALARMS / max(compared or 0, len(rows), 1)
    whole = severities(rows)
    by_aspect = {
        code: severities(residuals(readings, without)) for code, readings in aspects.items()
    }
    reports = {}
    for judge, own in rows.items():
        hours = [reading.hour for reading in own if reading.hour is not None]
        reports[judge] = JudgeReport(
            judge=judge,
            sheets=len(own),
            hours=max(hours) - min(hours) if hours else 0.0,
            severity=whole[judge],
            drift=drift(own, level),
            spread=spread(judge, {row.entrant: groups[row.entrant] for row in own}),
            agreement=agreement(own),
            own_bias=own_bias(own, level),
            aspects={
                code: by_judge[judge] for code, by_judge in by_aspect.items() if judge in by_judge
            },
        )
    return reports
