"""Explanations of a unit against its neighbours in a period, and of the flag."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from compete.domain.explanation.steps import Step, StepKind, compared, number
from compete.domain.labour.flags import Marked, flag_periods
from compete.domain.labour.outcome import Outcome
from compete.domain.labour.participants import Cell, LabourField
from compete.domain.labour.prizes import Compared
from compete.domain.labour.ranks import Ranks
from compete.domain.labour.totals import PLACES, Totals
from compete.domain.values.kinds import VetoRank
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import exact, show


def rank_steps(
    field: LabourField,
    totals: Totals,
    ranks: Ranks,
    scores: Mapping[Cell, Fraction],
    period: str,
    unit: str,
) -> list[Step]:
    """Compare a unit with the one before and the one behind in the group."""
    order = _in_order(field, ranks, period, unit)
    at = order.index(unit)
    steps = []
    for place, behind in ((at - 1, True), (at + 1, False)):
        if not 0 <= place < len(order):
            continue
        other = order[place]
        pair = (other, unit) if behind else (unit, other)
        why = _separated(field, totals, scores, period, pair)
        if field.veto_rank is VetoRank.KEEP and (period, other) in field.vetoed:
            why = msg("%(why)s（它被一票否决，不评优）", why=why)
        if ranks[period, other] == ranks[period, unit]:
            text = msg("与 %(other)s 并列：%(why)s", other=other, why=why)
        elif behind:
            text = msg("在 %(other)s 之后：%(why)s", other=other, why=why)
        else:
            text = msg("在 %(other)s 之前：%(why)s", other=other, why=why)
        steps.append(Step(kind=StepKind.RANK, code=other, text=text))
    return steps


def unit_tie_told(outcome: Outcome, period: str, better: str, worse: str) -> Message | None:
    """Say what parted two units with one total in a period; None where they share the place."""
    totals, ranks = outcome.totals, outcome.ranks
    alike = totals[period, better].total == totals[period, worse].total
    pair = ranks.get((period, better)), ranks.get((period, worse))
    if not alike or None in pair or pair[0] == pair[1]:
        return None
    why = _separated(outcome.field, totals, outcome.scores, period, (better, worse))
    return msg("在第 %(rank)s 名之后：%(why)s", rank=pair[0], why=why)


def _in_order(field: LabourField, ranks: Ranks, period: str, unit: str) -> list[str]:
    group = field.group_of[unit]
    there = [
        (ranks[period, other], other)
        for other in field.units
        if field.group_of[other] == group and (period, other) in ranks
    ]
    return [other for _, other in sorted(there)]


def _separated(
    field: LabourField,
    totals: Totals,
    scores: Mapping[Cell, Fraction],
    period: str,
    pair: tuple[str, str],
) -> Message:
    barred = [(period, unit) in field.vetoed for unit in pair]
    if field.veto_rank is VetoRank.LAST and barred[0] != barred[1]:
        return msg("被一票否决的排在最后")
    points = [totals[period, unit].total or 0 for unit in pair]
    if points[0] != points[1]:
        better, worse = (show(total, PLACES) for total in points)
        return msg("总分 %(better)s > %(worse)s", better=better, worse=worse)
    for place, key in enumerate(field.labour.ties, start=1):
        code = key.partition(":")[2]
        means = [_mean(field, scores, period, unit, code) for unit in pair]
        if means[0] != means[1]:
            name = next(
                indicator.name for indicator in field.labour.indicators if indicator.code == code
            )
            return msg(
                "总分相同，同分要比的第 %(place)s 项 %(key)s：%(values)s",
                place=place,
                key=name,
                values=compared(means[0], means[1], ">"),
            )
    return msg("总分和同分要比的各项都相同")


def _mean(
    field: LabourField, scores: Mapping[Cell, Fraction], period: str, unit: str, indicator: str
) -> Fraction:
    """The mean over the leaves inside the period in which the unit has a value."""
    found = [
        score
        for (who, leaf, code), score in scores.items()
        if who == unit and code == indicator and period in field.tree.around(leaf)
    ]
    return sum(found, Fraction(0)) / len(found) if found else Fraction(0)


def flag_step(
    field: LabourField, totals: Totals, ranks: Ranks, won: Marked, period: str, unit: str
) -> Step | None:
    """Say why the unit has the flag, or what it lacked; None where no flags go."""
    flags = field.labour.flags
    if flags is None or period not in flag_periods(field):
        return None
    if (period, unit) in won:
        text = msg("得流动红旗：第 %(rank)s 名", rank=ranks[period, unit])
        return Step(kind=StepKind.RED_FLAG, met=True, text=text)
    found = totals[period, unit]
    if found.total is None:
        why = msg("没有总分")
    elif (period, unit) in field.vetoed:
        why = msg("被一票否决")
    elif found.total < Fraction(flags.min) * 100:
        why = msg("总分低于 %(least)s", least=number(exact(flags.min)))
    elif found.present_leaves < flags.min_leaves:
        why = msg(
            "只参加了 %(there)s 期，至少要 %(least)s 期",
            there=found.present_leaves,
            least=flags.min_leaves,
        )
    else:
        why = msg("红旗 %(count)s 面，已发给名次在前的", count=flags.count)
    text = msg("没有得流动红旗：%(why)s", why=why)
    return Step(kind=StepKind.RED_FLAG, met=False, text=text)


def prize_steps(outcome: Outcome, period: str, unit: str) -> list[Step]:
    """Say of each prize for this period if the unit gets it, or what it lacked."""
    return [
        Step(
            kind=StepKind.AWARD,
            code=each.prize.code,
            met=unit in each.won,
            text=_prize_words(outcome.field, each, unit),
        )
        for each in outcome.prizes
        if each.period == period
    ]


def _prize_words(field: LabourField, dealt: Compared, unit: str) -> Message:
    name, value = dealt.prize.name, dealt.values.get(unit)
    if value is None:
        if (dealt.period, unit) in field.vetoed:
            return msg("没有得%(prize)s：%(why)s", prize=name, why=msg("被一票否决"))
        return msg("没有得%(prize)s：%(why)s", prize=name, why=msg("它比的指标没有填齐"))
    points = show(value, PLACES)
    if unit not in dealt.ranks:
        least = number(exact(dealt.prize.min or 0))
        why = msg("%(points)s 分，低于 %(least)s", points=points, least=least)
        return msg("没有得%(prize)s：%(why)s", prize=name, why=why)
    why = msg("%(points)s 分，第 %(rank)s 名", points=points, rank=dealt.ranks[unit])
    if unit in dealt.won:
        return msg("得%(prize)s：%(why)s", prize=name, why=why)
    return msg("没有得%(prize)s：%(why)s", prize=name, why=why)
