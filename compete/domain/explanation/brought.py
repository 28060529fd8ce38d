"""Explanations of what an entrant brings to its unit, or why nothing of it counts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import msgspec

from compete.domain.bundle.crews import called, crewed, heads
from compete.domain.bundle.overall_types import Overall
from compete.domain.bundle.results import OverallRow
from compete.domain.bundle.types import Bundle
from compete.domain.explanation.steps import Step, StepKind, codes, number, numbers
from compete.domain.ranking.units import MEDALS, RankPoints, shown_points
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.scoring.overall import (
    Brought,
    UnitSum,
    counted_for,
    delegations,
    rank_points,
    unit_sums,
)
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.equations import comes_to
from compete.domain.values.kinds import OverallBy, TeamMethod
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.points import Number, divided

_MOST_TERMS = 12
"""The most values that a sum is written out with."""


def unit_steps(event: EventScorer, code: str) -> list[Step]:
    """Say what the entrant brings to its unit in the event's own ranking of units."""
    rank, units = event.finals.places[code].rank, event.units
    if units is None or rank is None:
        return []
    unit = event.unit_of[code]
    row = next(row for row in units.rows if row.unit == unit)
    inner: list[Step] = []
    if units.by_medals:
        text = msg(
            "单位排名：%(medal)s，%(unit)s 第 %(rank)s 名",
            medal=_medal(unit, rank),
            unit=unit,
            rank=row.rank,
        )
    else:
        text = msg(
            "单位排名：给 %(unit)s 带来 %(value)s，它的是 %(total)s，第 %(rank)s 名",
            unit=unit,
            value=number(units.points_of.get(rank, 0)),
            total=shown_points(units.tallies[unit].points),
            rank=row.rank,
        )
        inner = _shared_steps(event, units.rule, rank)
    return [Step(kind=StepKind.TEAM, code=unit, text=text, steps=tuple(inner))]


def overall_steps(scorer: Scorer, code: str) -> list[Step]:
    """Say what the entrant brings to each table, or whose value counts, and how its unit stands."""
    event = scorer.event_of(code)
    rank = event.finals.places[code].rank
    if rank is None:
        return []
    tops = delegations(scorer.bundle)
    steps = []
    for table, results in zip(scorer.bundle.overall, scorer.results.overall or (), strict=True):
        if table.events and event.event.code not in table.events:
            continue
        unit = counted_for(table, event, code, tops)
        row = next(row for row in results.standings if row.unit == unit)
        own = unit_sums(table, scorer.events.values(), tops)[unit]
        text = msg(
            "总表“%(name)s”：%(share)s", name=table.name, share=_share(table, event, code, own, row)
        )
        if row.rank is None:
            text = msg("%(share)s，没有名次", share=text)
        else:
            text = msg("%(share)s，第 %(rank)s 名", share=text, rank=row.rank)
        inner = []
        if table.by is OverallBy.RANKS:
            inner = _shared_steps(event, rank_points(table), rank)
        steps.append(Step(kind=StepKind.TEAM, code=table.code, text=text, steps=tuple(inner)))
    return steps


class _UnitShare(msgspec.Struct, frozen=True):
    """What one entrant is in the table of a unit: its value in words, and whether that counts."""

    entrant: str
    value: Message | str
    counts: bool


def _unit_shares(scorer: Scorer, table: Overall) -> dict[str, list[_UnitShare]]:
    """List by unit what its ranked people bring to a table, those who do not count with them."""
    tops = delegations(scorer.bundle)
    sums = unit_sums(table, scorer.events.values(), tops)
    counted = {unit: own.counted(table) for unit, own in sums.items()}
    shares: dict[str, list[_UnitShare]] = {unit: [] for unit in sums}
    for event in scorer.events.values():
        here = event.event.code
        if table.events and here not in table.events:
            continue
        for rank, code in event.finals.ranking:
            unit = counted_for(table, event, code, tops)
            values = {it.entrant: it.value for it in sums[unit].values.get(here, ())}
            value: Message | str
            if table.by is OverallBy.MEDALS:
                value, counts = msg("第 %(rank)s 名", rank=rank), rank <= MEDALS
            elif code not in values:
                value, counts = msg("没有标准分"), False
            else:
                value = number(values[code])
                counts = any(it.entrant == code for it in counted[unit][here])
            shares[unit].append(_UnitShare(code, value, counts))
    return shares


class CountedRow(msgspec.Struct, frozen=True):
    """A unit in a table, by names: what counts for it in words, and what does not."""

    rank: int | None
    unit: str
    value: str | None
    medals: list[int]
    events: int
    counted: Message | str
    left_out: Message | str


def counted_rows(scorer: Scorer, table: Overall, names: Bundle) -> list[CountedRow]:
    """The rows of a table in their order, with people and units called as in `names`."""
    people = {entrant.code: called(entrant) for entrant in names.entrants}
    units = {unit.code: unit.name for unit in names.units}
    shares = _unit_shares(scorer, table)

    def words(unit: str, *, counts: bool) -> Message | str:
        return listed(
            msg("%(name)s %(value)s", name=people[share.entrant], value=share.value)
            for share in shares[unit]
            if share.counts is counts
        )

    results = next(it for it in scorer.results.overall or () if it.code == table.code)
    return [
        CountedRow(
            row.rank,
            units[row.unit],
            row.value,
            row.medals,
            row.events,
            words(row.unit, counts=True),
            words(row.unit, counts=False),
        )
        for row in results.standings
    ]


def _share(table: Overall, event: EventScorer, code: str, own: UnitSum, row: OverallRow) -> Message:
    """What the entrant's value is in a table: what it brings, or why it does not count."""
    rank = event.finals.places[code].rank
    if table.by is OverallBy.MEDALS:
        medal = _medal(row.unit, rank or 0)
        return msg(
            "%(medal)s，%(unit)s 一共 %(all)s 个", medal=medal, unit=row.unit, all=sum(row.medals)
        )
    here = own.values.get(event.event.code, [])
    value = next((it.value for it in here if it.entrant == code), None)
    if value is None:
        return msg("不计，没有标准分；%(unit)s", unit=row.unit)
    counted = own.counted(table)
    if not any(it.entrant == code for it in counted[event.event.code]):
        return msg(
            "%(value)s 不计，计的是 %(others)s，%(unit)s 的是 %(total)s",
            value=number(value),
            others=_others(counted[event.event.code]),
            unit=row.unit,
            total=row.value,
        )
    if table.method is TeamMethod.MEAN:
        return msg(
            "%(value)s 计入 %(unit)s 的平均，%(mean)s",
            value=number(value),
            unit=row.unit,
            mean=_mean([it.value for it in chain.from_iterable(counted.values())], table.decimals),
        )
    return msg(
        "给 %(unit)s 带来 %(value)s，它的是 %(total)s",
        unit=row.unit,
        value=number(value),
        total=row.value,
    )


def _others(counted: Sequence[Brought]) -> Message:
    """Who counts in the place of somebody, and with what."""
    words = [
        msg("%(entrant)s 的 %(value)s", entrant=it.entrant, value=number(it.value))
        for it in counted
    ]
    text = words[0]
    for word in words[1:]:
        text = msg("%(first)s、%(next)s", first=text, next=word)
    return text


def _mean(values: Sequence[Number], places: int) -> Message:
    """The mean written out; of very many values their sum alone."""
    total = sum(values)
    terms = f"({numbers(values)})" if 1 < len(values) <= _MOST_TERMS else number(total)
    return comes_to(f"{terms} ÷ {len(values)}", divided(total, len(values)), places)


def _medal(unit: str, rank: int) -> Message:
    if rank > MEDALS:
        return msg("第 %(rank)s 名不计，只数前 %(most)s 名", rank=rank, most=MEDALS)
    return msg("给 %(unit)s 带来一个第 %(rank)s 名", unit=unit, rank=rank)


def _shared_steps(event: EventScorer, rule: RankPoints, rank: int) -> list[Step]:
    """Say how points are shared among those who share a rank."""
    sharers = [code for other, code in event.finals.ranking if other == rank]
    if not rule.averages or len(sharers) < 2:
        return []
    filled = rule.filled(rank, len(sharers))
    shown = numbers(filled) if len(filled) <= _MOST_TERMS else number(sum(filled))
    text = msg(
        "%(who)s并列第 %(rank)s 名：%(mean)s",
        who=heads(len(sharers), crewed(event.entrants.values())),
        rank=rank,
        mean=comes_to(f"({shown}) ÷ {len(filled)}", divided(sum(filled), len(filled))),
    )
    return [Step(kind=StepKind.TEAM, code=codes(sharers), text=text)]
