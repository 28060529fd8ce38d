"""Where a unit's totals, ranks and flags came from, period by period."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import msgspec

from compete.domain.bundle import Bundle, Indicator, LabourValue
from compete.domain.explain.labour_ranks import flag_step, rank_steps
from compete.domain.explain.steps import Explanation, NobodyError, Step, StepKind, codes, number
from compete.domain.labour import (
    PLACES,
    Cell,
    LabourField,
    Marked,
    Ranks,
    Standing,
    Totals,
    flagged,
    ranks_of,
    score_cells,
    totals_of,
    warned,
)
from compete.domain.values import Message, Missing, ScoringType, exact, msg, show


class Findings(msgspec.Struct, frozen=True):
    """All that was worked out of a labour competition."""

    field: LabourField
    scores: Mapping[Cell, Fraction]
    totals: Totals
    ranks: Ranks
    flagged: Marked
    warned: Marked


def explain_unit(bundle: Bundle, code: str) -> Explanation:
    """Everything about one unit. `NobodyError` for one that takes no part."""
    if bundle.labour is None:
        raise ValueError("not a labour competition")
    field = LabourField(bundle, bundle.labour)
    if code not in field.group_of:
        raise NobodyError(code)
    scores = score_cells(field)
    totals = totals_of(field, scores)
    ranks = ranks_of(field, totals, scores)
    found = Findings(
        field, scores, totals, ranks, flagged(field, totals, ranks), warned(field, totals)
    )
    name = next((unit.name for unit in bundle.units if unit.code == code), code)
    # Parts before wholes, so that every period finds the steps of its parts ready.
    steps: dict[str, Step] = {}
    for period in field.tree.upward:
        inside = tuple(steps.pop(part) for part in field.tree.parts[period])
        steps[period] = _period_step(found, period, code, inside)
    return Explanation(code=code, name=name, steps=(steps[field.tree.root],))


def _period_step(found: Findings, period: str, unit: str, inside: tuple[Step, ...]) -> Step:
    field = found.field
    steps = [*_vetoes(found, period, unit), *_adjustments(found, period, unit)]
    if field.tree.is_leaf(period):
        steps = [*_indicators(found, period, unit), *steps]
    steps += _total(found, period, unit)
    if (period, unit) in found.ranks:
        steps += rank_steps(found.field, found.totals, found.ranks, found.scores, period, unit)
    flag = flag_step(found.field, found.totals, found.ranks, found.flagged, period, unit)
    steps += [flag] if flag is not None else []
    if (period, unit) in found.warned:
        line = number(exact(field.labour.warn_below or Decimal(0)))
        text = msg("总分低于 %(line)s，提醒", line=line)
        steps.append(Step(kind=StepKind.FLAG, code="warned", text=text))
    return Step(
        kind=StepKind.PERIOD,
        code=period,
        text=_heading(found, period, unit),
        steps=(*steps, *inside),
    )


def _heading(found: Findings, period: str, unit: str) -> Message:
    name = found.field.tree.periods[period].name
    total = found.totals[period, unit]
    if total.standing is Standing.ABSENT:
        return msg("%(period)s：没有参加", period=name)
    if total.total is None:
        return msg("%(period)s：数据不全，没有总分", period=name)
    return msg(
        "%(period)s：第 %(rank)s 名，总分 %(total)s",
        period=name,
        rank=found.ranks[period, unit],
        total=show(total.total, PLACES),
    )


def _indicators(found: Findings, period: str, unit: str) -> list[Step]:
    """Every indicator that is asked in a leaf."""
    field = found.field
    named = {indicator.code: indicator for indicator in field.labour.indicators}
    return [
        Step(
            kind=StepKind.INDICATOR,
            code=code,
            text=msg(
                "%(name)s：%(sentence)s",
                name=named[code].name,
                sentence=_score_sentence(found, named[code], (unit, period, code)),
            ),
        )
        for code in field.asked[period]
    ]


def _score_sentence(found: Findings, indicator: Indicator, cell: Cell) -> Message:
    value = found.field.values.get(cell)
    if value is None:
        if found.field.labour.missing is Missing.ZERO:
            return msg("没有填报，计 0 分")
        return msg("没有填报")
    return _RULES[indicator.scoring.type](indicator, value, number(found.scores[cell]))


def _as_given(indicator: Indicator, value: LabourValue, score: str) -> Message:
    return msg("%(score)s 分", score=score)


def _completion(indicator: Indicator, value: LabourValue, score: str) -> Message:
    return msg(
        "%(score)s = %(max)s × 完成 %(value)s ÷ 目标 %(target)s，至多按 %(cap)s 倍计",
        score=score,
        max=number(exact(indicator.max)),
        value=number(exact(value.value)),
        target=number(exact(value.target or Decimal(1))),
        cap=number(exact(indicator.scoring.cap)),
    )


def _linear(indicator: Indicator, value: LabourValue, score: str) -> Message:
    return msg(
        "%(value)s，零分线 %(zero_at)s、满分线 %(full_at)s，得 %(score)s 分",
        value=number(exact(value.value)),
        zero_at=number(exact(indicator.scoring.zero_at or Decimal(0))),
        full_at=number(exact(indicator.scoring.full_at or Decimal(0))),
        score=score,
    )


def _deduction(indicator: Indicator, value: LabourValue, score: str) -> Message:
    points = indicator.scoring.points
    return msg(
        "%(score)s = %(max)s − %(value)s × %(points)s，扣完为止",
        score=score,
        max=number(exact(indicator.max)),
        value=number(exact(value.value)),
        points=number(exact(points if isinstance(points, Decimal) else Decimal(0))),
    )


def _by_rank(indicator: Indicator, value: LabourValue, score: str) -> Message:
    return msg("%(value)s，按名次得 %(score)s 分", value=number(exact(value.value)), score=score)


_RULES = {
    ScoringType.SCORE: _as_given,
    ScoringType.COMPLETION: _completion,
    ScoringType.LINEAR: _linear,
    ScoringType.DEDUCTION: _deduction,
    ScoringType.RANK: _by_rank,
}


def _adjustments(found: Findings, period: str, unit: str) -> list[Step]:
    labour = found.field.labour
    steps = []
    ups = Fraction(0)
    for adjustment in labour.adjustments:
        if (adjustment.period, adjustment.unit) != (period, unit):
            continue
        ups += max(Fraction(adjustment.points), Fraction(0))
        points = number(exact(adjustment.points))
        reason = adjustment.reason or msg("没有写原因")
        if adjustment.points > 0:
            text = msg("加 %(points)s 分：%(reason)s", points=points, reason=reason)
        else:
            text = msg("调整 %(points)s 分：%(reason)s", points=points, reason=reason)
        steps.append(Step(kind=StepKind.ADJUSTMENT, text=text))
    cap = labour.adjust_cap
    if cap is not None and ups > Fraction(cap):
        text = msg("加分至多计 %(cap)s 分", cap=number(exact(cap)))
        steps.append(Step(kind=StepKind.ADJUSTMENT, text=text))
    return steps


def _vetoes(found: Findings, period: str, unit: str) -> list[Step]:
    return [
        Step(
            kind=StepKind.VETO,
            text=msg("一票否决：%(reason)s", reason=veto.reason or msg("没有写原因")),
        )
        for veto in found.field.labour.vetoes
        if (veto.period, veto.unit) == (period, unit)
    ]


def _total(found: Findings, period: str, unit: str) -> list[Step]:
    """The sum of a leaf, or the weighted mean of the parts, and the adjustments."""
    total = found.totals[period, unit]
    field = found.field
    if total.total is None:
        if not total.missing or total.standing is Standing.ABSENT:
            return []
        text = msg("等 %(indicators)s 填报后才有总分", indicators=codes(total.missing))
        return [Step(kind=StepKind.TOTAL, text=text)]
    written = _leaf_sum if field.tree.is_leaf(period) else _weighted
    own = written(found, period, unit)
    adjusted = field.adjusted.get((period, unit), Fraction(0))
    params = {"total": show(total.total, PLACES), "own": own}
    if not adjusted:
        return [Step(kind=StepKind.TOTAL, text=msg("总分 %(total)s = %(own)s", **params))]
    sign = "+" if adjusted > 0 else "−"
    text = msg(
        "总分 %(total)s = %(own)s %(sign)s 调整 %(adjusted)s",
        **params,
        sign=sign,
        adjusted=number(abs(adjusted)),
    )
    return [Step(kind=StepKind.TOTAL, text=text)]


def _leaf_sum(found: Findings, period: str, unit: str) -> str:
    scores = [found.scores.get((unit, period, code)) for code in found.field.asked[period]]
    return " + ".join(number(score) for score in scores if score is not None)


def _weighted(found: Findings, period: str, unit: str) -> str:
    tree = found.field.tree
    present = [
        (show(part.total or 0, PLACES), number(exact(tree.periods[code].weight)))
        for code in tree.parts[period]
        if (part := found.totals[code, unit]).standing is not Standing.ABSENT
    ]
    weights = number(
        sum(
            exact(tree.periods[code].weight)
            for code in tree.parts[period]
            if found.totals[code, unit].standing is not Standing.ABSENT
        )
    )
    terms = " + ".join(f"{total} × {weight}" for total, weight in present)
    return f"({terms}) ÷ {weights}"
