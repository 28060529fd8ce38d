"""Explanations of a unit's totals, ranks and flags, period by period."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from compete.domain.bundle.labour_types import Indicator, LabourValue
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.steps import (
    Explanation,
    NobodyError,
    Step,
    StepKind,
    behind_words,
    beside_words,
    codes,
    compared,
    number,
    numbers,
    reason_words,
)
from compete.domain.labour.flags import flag_periods
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.prizes import Compared
from compete.domain.labour.ranks import tie_mean
from compete.domain.labour.rows import barred_words
from compete.domain.labour.totals import PLACES, PeriodStanding
from compete.domain.values.equations import equation, negative_in_brackets
from compete.domain.values.kinds import Missing, ScoringType, VetoRank
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, divided, exact, show


def rank_steps(outcome: Outcome, period: str, unit: str) -> list[Step]:
    """Compare a unit with the one before and the one behind in the group."""
    field, order = outcome.field, _in_order(outcome, period, unit)
    at = order.index(unit)
    steps = []
    for place, behind in ((at - 1, True), (at + 1, False)):
        if not 0 <= place < len(order):
            continue
        other = order[place]
        pair = (other, unit) if behind else (unit, other)
        why = _separated(outcome, period, pair)
        if field.veto_rank is VetoRank.KEEP and (period, other) in field.vetoed:
            why = msg("%(why)s（它被一票否决，不评优）", why=why)
        level = outcome.ranks[period, other] == outcome.ranks[period, unit]
        text = beside_words(other, why, level=level, behind=behind)
        steps.append(Step(kind=StepKind.RANK, code=other, text=text))
    return steps


def unit_tie_sentence(outcome: Outcome, period: str, better: str, worse: str) -> Message | None:
    """Say what parted two units with one total in a period; None where they share the place."""
    totals, ranks = outcome.totals, outcome.ranks
    alike = totals[period, better].total == totals[period, worse].total
    pair = ranks.get((period, better)), ranks.get((period, worse))
    if not alike or None in pair or pair[0] == pair[1]:
        return None
    why = _separated(outcome, period, (better, worse))
    return behind_words(pair[0], why)


def _in_order(outcome: Outcome, period: str, unit: str) -> list[str]:
    group_of = outcome.field.group_of
    there = [
        (outcome.ranks[period, other], other)
        for other in outcome.field.units
        if group_of[other] == group_of[unit] and (period, other) in outcome.ranks
    ]
    return [other for _, other in sorted(there)]


def _separated(outcome: Outcome, period: str, pair: tuple[str, str]) -> Message:
    field = outcome.field
    barred = [(period, unit) in field.vetoed for unit in pair]
    if field.veto_rank is VetoRank.LAST and barred[0] != barred[1]:
        return msg("被一票否决的排在最后")
    points = [outcome.totals[period, unit].total or 0 for unit in pair]
    if points[0] != points[1]:
        better, worse = (show(total, PLACES) for total in points)
        return msg("总分 %(better)s > %(worse)s", better=better, worse=worse)
    for place, key in enumerate(field.labour.ties, start=1):
        code = key.partition(":")[2]
        means = [_mean(outcome, period, unit, code) for unit in pair]
        if means[0] != means[1]:
            return msg(
                "总分相同，同分要比的第 %(place)s 项 %(key)s：%(values)s",
                place=place,
                key=field.labour.indicator_names[code],
                values=compared(means[0], means[1], ">"),
            )
    return msg("总分和同分要比的各项都相同")


def _mean(outcome: Outcome, period: str, unit: str, indicator: str) -> Fraction:
    """The mean that ranks are parted by."""
    leaves = outcome.field.tree.leaves_in(period)
    return tie_mean(outcome.scores, unit, indicator, leaves) or Fraction(0)


def _flag_step(outcome: Outcome, period: str, unit: str) -> Step | None:
    """Say why the unit has the flag, or what it lacked; None where no flags go."""
    field, total = outcome.field, outcome.totals[period, unit]
    flags = field.labour.flags
    if flags is None or period not in flag_periods(field):
        return None
    if (period, unit) in outcome.flagged:
        text = msg("得流动红旗：第 %(rank)s 名", rank=outcome.ranks[period, unit])
        return Step(kind=StepKind.RED_FLAG, met=True, text=text)
    if total.total is None:
        why = msg("没有总分")
    elif (period, unit) in field.vetoed:
        why = msg("被一票否决")
    elif total.total < Fraction(flags.min) * 100:
        why = msg("总分低于 %(least)s", least=number(exact(flags.min)))
    elif total.present_leaves < flags.min_leaves:
        why = msg(
            "只参加了 %(there)s 期，至少要 %(least)s 期",
            there=total.present_leaves,
            least=flags.min_leaves,
        )
    else:
        why = msg("红旗 %(count)s 面，已发给名次在前的", count=flags.count)
    text = msg("没有得流动红旗：%(why)s", why=why)
    return Step(kind=StepKind.RED_FLAG, met=False, text=text)


def _prize_steps(outcome: Outcome, period: str, unit: str) -> list[Step]:
    """Say of each prize for this period if the unit gets it, or what it lacked."""
    return [
        Step(
            kind=StepKind.AWARD,
            code=prize.prize.code,
            met=unit in prize.won,
            text=_prize_words(outcome.field, prize, unit),
        )
        for prize in outcome.prizes
        if prize.period == period
    ]


def _prize_words(field: LabourField, dealt: Compared, unit: str) -> Message:
    name, value = dealt.prize.name, dealt.values.get(unit)
    if value is None:
        vetoed = (dealt.period, unit) in field.vetoed
        why = msg("被一票否决") if vetoed else msg("它比的指标没有填齐")
    elif unit not in dealt.ranks:
        least = number(exact(dealt.prize.min or 0))
        why = msg("%(points)s 分，低于 %(least)s", points=show(value, PLACES), least=least)
    else:
        rank = dealt.ranks[unit]
        why = msg("%(points)s 分，第 %(rank)s 名", points=show(value, PLACES), rank=rank)
    if unit in dealt.won:
        return msg("得%(prize)s：%(why)s", prize=name, why=why)
    return msg("没有得%(prize)s：%(why)s", prize=name, why=why)


def explain_unit(bundle: Bundle, code: str) -> Explanation:
    """Explain everything about one unit. `NobodyError` for one that takes no part."""
    if bundle.labour is None:
        raise ValueError("not a labour competition")
    field = LabourField(bundle, bundle.labour)
    if code not in field.group_of:
        raise NobodyError(code)
    name = next((unit.name for unit in bundle.units if unit.code == code), code)
    return explain_outcome(outcome_of(field), code, name)


def explain_outcome(outcome: Outcome, code: str, name: str) -> Explanation:
    """Explain a unit that takes part, from an outcome that was worked out already."""
    field = outcome.field
    # Parts before wholes, so that every period finds the steps of its parts ready.
    steps: dict[str, Step] = {}
    for period in field.tree.upward:
        inside = tuple(steps.pop(part) for part in field.tree.parts[period])
        steps[period] = _period_step(outcome, period, code, inside)
    return Explanation(code=code, name=name, steps=(steps[field.tree.root],))


def _period_step(outcome: Outcome, period: str, unit: str, inside: tuple[Step, ...]) -> Step:
    field = outcome.field
    steps = [*_vetoes(outcome, period, unit), *_adjustments(outcome, period, unit)]
    if field.tree.is_leaf(period):
        steps = [*_indicators(outcome, period, unit), *steps]
    steps += _total(outcome, period, unit)
    if (period, unit) in outcome.ranks:
        steps += rank_steps(outcome, period, unit)
    elif outcome.totals[period, unit].total is not None:
        steps.append(Step(kind=StepKind.RANK, text=msg("被一票否决，不排名次")))
    flag = _flag_step(outcome, period, unit)
    steps += [flag] if flag is not None else []
    steps += _prize_steps(outcome, period, unit)
    if (period, unit) in outcome.warned:
        line = number(exact(field.labour.warn_below or Decimal(0)))
        text = msg("总分低于 %(line)s，提醒", line=line)
        steps.append(Step(kind=StepKind.FLAG, code="warned", text=text))
    return Step(
        kind=StepKind.PERIOD,
        code=period,
        text=_heading(outcome, period, unit),
        steps=(*steps, *inside),
    )


def _heading(outcome: Outcome, period: str, unit: str) -> Message:
    name = outcome.field.tree.periods[period].name
    total = outcome.totals[period, unit]
    if total.standing is PeriodStanding.ABSENT:
        return msg("%(period)s：没有参加", period=name)
    if total.total is None:
        return msg("%(period)s：数据不全，没有总分", period=name)
    params: dict[str, object] = {"period": name, "total": show(total.total, PLACES)}
    rank = outcome.ranks.get((period, unit))
    if rank is None:
        return msg("%(period)s：一票否决，没有名次，总分 %(total)s", **params)
    if (period, unit) in outcome.field.vetoed:
        params |= {"rank": rank, "said": barred_words()}
        return msg("%(period)s：第 %(rank)s 名（%(said)s），总分 %(total)s", **params)
    return msg("%(period)s：第 %(rank)s 名，总分 %(total)s", rank=rank, **params)


def _indicators(outcome: Outcome, period: str, unit: str) -> list[Step]:
    """Explain every indicator that is asked in a leaf."""
    field = outcome.field
    named = {indicator.code: indicator for indicator in field.labour.indicators}
    return [
        Step(
            kind=StepKind.INDICATOR,
            code=code,
            text=msg(
                "%(name)s：%(sentence)s",
                name=named[code].name,
                sentence=_score_sentence(outcome, named[code], (unit, period, code)),
            ),
        )
        for code in field.asked[period]
    ]


def _score_sentence(outcome: Outcome, indicator: Indicator, cell: Cell) -> Message:
    value = outcome.field.values.get(cell)
    if value is None:
        if outcome.field.labour.missing is Missing.ZERO:
            return msg("没有填报，计 0 分")
        return msg("没有填报")
    return _scored(indicator, value, outcome.scores[cell])


def _scored(indicator: Indicator, value: LabourValue, score: Number) -> Message:
    """Say by which rule a value counts, and what it makes."""
    match indicator.scoring.type:
        case ScoringType.SCORE:
            return msg("%(score)s 分", score=number(score))
        case ScoringType.COMPLETION:
            return _completion(indicator, value, score)
        case ScoringType.LINEAR:
            return _linear(indicator, value, score)
        case ScoringType.DEDUCTION:
            return _deduction(indicator, value, score)
        case ScoringType.RANK:
            return msg(
                "%(value)s，按名次得 %(score)s 分",
                value=number(exact(value.value)),
                score=number(score),
            )
        case _:
            assert_never(indicator.scoring.type)


def _completion(indicator: Indicator, value: LabourValue, score: Number) -> Message:
    target, cap = exact(value.target or Decimal(1)), exact(indicator.scoring.cap)
    most = number(exact(indicator.max))
    params = {"value": number(exact(value.value)), "target": number(target)}
    share = divided(exact(value.value), target)
    if share <= cap:
        written = msg("%(max)s × 完成 %(value)s ÷ 目标 %(target)s", max=most, **params)
        return equation(score, written)
    reached = equation(share, msg("完成 %(value)s ÷ 目标 %(target)s", **params))
    return msg(
        "%(reached)s，超过 %(cap)s 倍的按 %(cap)s 倍计；%(equation)s",
        reached=reached,
        cap=number(cap),
        equation=equation(score, f"{most} × {number(cap)}"),
    )


def _linear(indicator: Indicator, value: LabourValue, score: Number) -> Message:
    zero_at = exact(indicator.scoring.zero_at or Decimal(0))
    full_at = exact(indicator.scoring.full_at or Decimal(0))
    given = exact(value.value)
    params: dict[str, object] = {
        "value": number(given),
        "zero_at": number(zero_at),
        "full_at": number(full_at),
    }
    if not min(zero_at, full_at) < given < max(zero_at, full_at):
        return msg(
            "%(value)s，零分线 %(zero_at)s、满分线 %(full_at)s，得 %(score)s 分",
            **params,
            score=number(score),
        )
    zero = negative_in_brackets(number(zero_at))
    share = f"({number(given)} − {zero}) ÷ ({number(full_at)} − {zero})"
    return msg(
        "%(value)s，在零分线 %(zero_at)s 和满分线 %(full_at)s 之间：%(equation)s",
        **params,
        equation=equation(score, f"{number(exact(indicator.max))} × {share}"),
    )


def _deduction(indicator: Indicator, value: LabourValue, score: Number) -> Message:
    points = indicator.scoring.points
    deducted = exact(points if isinstance(points, Decimal) else Decimal(0))
    given, most = number(exact(value.value)), number(exact(indicator.max))
    if exact(value.value) * deducted > exact(indicator.max):
        return msg(
            "%(value)s，每个扣 %(points)s 分，%(max)s 分扣完为止，得 0 分",
            value=given,
            points=number(deducted),
            max=most,
        )
    written = f"{most} − {negative_in_brackets(given)} × {number(deducted)}"
    return equation(score, written)


def _adjustments(outcome: Outcome, period: str, unit: str) -> list[Step]:
    labour = outcome.field.labour
    steps = []
    ups: list[Number] = []
    downs: list[Number] = []
    for adjustment in labour.adjustments:
        if (adjustment.period, adjustment.unit) != (period, unit):
            continue
        points = exact(adjustment.points)
        reason = reason_words(adjustment.reason, adjustment.extra)
        if points > 0:
            ups.append(points)
            text = msg("加 %(points)s 分：%(reason)s", points=number(points), reason=reason)
        else:
            downs.append(points)
            text = msg("调整 %(points)s 分：%(reason)s", points=number(points), reason=reason)
        steps.append(Step(kind=StepKind.ADJUSTMENT, text=text))
    cap = None if labour.adjust_cap is None else exact(labour.adjust_cap)
    if cap is not None and sum(ups) > cap:
        added = equation(sum(ups), numbers(ups)) if len(ups) > 1 else number(ups[0])
        text = msg("加分 %(added)s，至多计 %(cap)s 分", added=added, cap=number(cap))
        steps.append(Step(kind=StepKind.ADJUSTMENT, text=text))
        ups = [cap]
    if len(ups) + len(downs) > 1:
        written = " + ".join(negative_in_brackets(number(points)) for points in (*ups, *downs))
        text = msg("调整合计 %(equation)s", equation=equation(sum((*ups, *downs)), written))
        steps.append(Step(kind=StepKind.ADJUSTMENT, text=text))
    return steps


def _vetoes(outcome: Outcome, period: str, unit: str) -> list[Step]:
    return [
        Step(
            kind=StepKind.VETO,
            text=msg("一票否决：%(reason)s", reason=reason_words(veto.reason, veto.extra)),
        )
        for veto in outcome.field.labour.vetoes
        if (veto.period, veto.unit) == (period, unit)
    ]


def _total(outcome: Outcome, period: str, unit: str) -> list[Step]:
    """Explain a total: the sum of a leaf, or the weighted mean of the parts, and adjustments."""
    total = outcome.totals[period, unit]
    field = outcome.field
    if total.total is None:
        if not total.missing or total.standing is PeriodStanding.ABSENT:
            return []
        text = msg("等 %(indicators)s 填报后才有总分", indicators=codes(total.missing))
        return [Step(kind=StepKind.TOTAL, text=text)]
    written, value = (_leaf_sum if field.tree.is_leaf(period) else _weighted)(outcome, period, unit)
    adjusted = field.adjusted.get((period, unit), Fraction(0))
    own: str | Message = written
    if adjusted:
        own = msg(
            "%(own)s %(sign)s 调整 %(adjusted)s",
            own=written,
            sign="+" if adjusted > 0 else "−",
            adjusted=number(abs(adjusted)),
        )
    text = msg("总分 %(equation)s", equation=equation(value + adjusted, own, PLACES))
    return [Step(kind=StepKind.TOTAL, text=text)]


def _leaf_sum(outcome: Outcome, period: str, unit: str) -> tuple[str, Number]:
    """The scores of a leaf, written out and added up."""
    scores = [
        score
        for code in outcome.field.asked[period]
        if (score := outcome.scores.get((unit, period, code))) is not None
    ]
    return numbers(scores) or "0", sum(scores)


def _weighted(outcome: Outcome, period: str, unit: str) -> tuple[str, Number]:
    """The weighted mean of the parts in which the unit was there, written out and worked out."""
    tree = outcome.field.tree
    present = [
        (part.total or 0, exact(tree.periods[code].weight))
        for code in tree.parts[period]
        if (part := outcome.totals[code, unit]).standing is not PeriodStanding.ABSENT
    ]
    weights: Number = sum(weight for _, weight in present)
    terms = " + ".join(
        f"{negative_in_brackets(show(total, PLACES))} × {number(weight)}"
        for total, weight in present
    )
    points = sum(total * weight for total, weight in present)
    return f"({terms}) ÷ {number(weights)}", divided(points, weights * 10**PLACES)
