"""Tables over several events: what each unit's people bring, added up and ranked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import msgspec

from compete.domain.bundle.overall_types import Overall
from compete.domain.bundle.results import OverallResults, OverallRow
from compete.domain.bundle.types import Bundle
from compete.domain.ranking.standing import ranks_of
from compete.domain.ranking.units import MEDALS, RankPoints
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.kinds import OverallBy, OverallTie, OverallWho, RankStyle, TeamMethod
from compete.domain.values.points import Number, divided, exact, round_half_up, show_or_none


class Brought(msgspec.Struct, frozen=True):
    """The value of one ranked entrant."""

    value: Number
    rank: int
    entrant: str


class UnitSum(msgspec.Struct):
    """The sum of one unit: values by event, of all its ranked people; numbers of medals."""

    values: dict[str, list[Brought]]
    medals: list[int]

    def counted(self, table: Overall) -> dict[str, list[Brought]]:
        """The values of each event that count: the highest, as many as the table takes.

        Of equal ones those of the better final rank, then by code.
        """
        return {
            event: sorted(values, key=lambda own: (-own.value, own.rank, own.entrant))[: table.best]
            for event, values in self.values.items()
        }


def overall_results(bundle: Bundle, events: Iterable[EventScorer]) -> list[OverallResults] | None:
    """Every table, in the bundle's order; None where there are none."""
    if not bundle.overall:
        return None
    scorers = list(events)
    tops = delegations(bundle)
    return [_results(table, unit_sums(table, scorers, tops)) for table in bundle.overall]


def unit_sums(
    table: Overall, events: Iterable[EventScorer], tops: Mapping[str, str]
) -> dict[str, UnitSum]:
    """Add up each unit or delegation that has a ranked entrant in one of the table's events."""
    sums: dict[str, UnitSum] = {}
    for event in events:
        if table.events and event.event.code not in table.events:
            continue
        worth = _rank_points(table, event)
        for rank, code in event.finals.ranking:
            unit = counted_for(table, event, code, tops)
            own = sums.setdefault(unit, UnitSum({}, [0] * MEDALS))
            if rank <= MEDALS:
                own.medals[rank - 1] += 1
            value = _value_of_rank(table, event, rank, code, worth)
            if value is not None:
                values = own.values.setdefault(event.event.code, [])
                values.append(Brought(value, rank, code))
    return sums


def rank_points(table: Overall) -> RankPoints:
    """The points of ranks in a table that goes by them."""
    points = {int(rank): value for rank, value in (table.points or {}).items()}
    return RankPoints(points, averages=table.averages)


def _rank_points(table: Overall, event: EventScorer) -> Mapping[int, Number]:
    if table.by is not OverallBy.RANKS:
        return {}
    return rank_points(table).by_rank(event.finals.ranking)


def counted_for(table: Overall, event: EventScorer, code: str, tops: Mapping[str, str]) -> str:
    """The unit or delegation to which an entrant counts."""
    unit = event.unit_of[code]
    return tops[unit] if table.who is OverallWho.DELEGATIONS else unit


def _value_of_rank(
    table: Overall, event: EventScorer, rank: int, code: str, worth: Mapping[int, Number]
) -> Number | None:
    """The value that one ranked entrant brings; None where that is no value."""
    points = table.points or {}
    match table.by:
        case OverallBy.RANKS:
            return worth.get(rank, 0)
        case OverallBy.AWARDS:
            return exact(points.get(event.awards.award_of.get(code, ""), 0))
        case OverallBy.MEDALS:
            return 0
        case OverallBy.TOTALS:
            total = event.finals.places[code].total
            return None if total is None else divided(total, 10**event.event.rounding.total)
        case OverallBy.SCALED:
            scaled = (event.awards.scaled or {}).get(code)
            return None if scaled is None else divided(scaled, event.awards.scaled_unit)


def _counted_values(table: Overall, own: UnitSum) -> list[Number]:
    """The highest values of each event, as many as count."""
    return [own.value for values in own.counted(table).values() for own in values]


def _rounded(table: Overall, own: UnitSum) -> int | None:
    """The value in units of its last place; None with medals and where nothing counts."""
    counted = _counted_values(table, own)
    if table.by is OverallBy.MEDALS or not counted:
        return None
    over = len(counted) if table.method is TeamMethod.MEAN else 1
    return round_half_up(sum(counted, Fraction(0)), over, table.decimals)


def _key(table: Overall, own: UnitSum) -> tuple[Number, ...]:
    """The sort key by which units are compared, the higher the better."""
    key: list[Number] = list(own.medals) if table.by is OverallBy.MEDALS else []
    key.append(_rounded(table, own) or 0)
    for tie in table.ties:
        if tie is OverallTie.MEDALS:
            key += own.medals
        elif tie is OverallTie.BEST:
            key.append(max(it.value for values in own.values.values() for it in values))
        else:
            key.append(len(own.values))
    return tuple(key)


def _results(table: Overall, sums: Mapping[str, UnitSum]) -> OverallResults:
    keys = {
        unit: _key(table, own)
        for unit, own in sums.items()
        if len(own.values) >= table.least_events
    }
    first = sorted(keys, key=keys.__getitem__, reverse=True)
    shared = ranks_of([keys[unit] for unit in first], RankStyle.COMPETITION)
    ranks = dict(zip(first, shared, strict=True))
    order = sorted(sums, key=lambda unit: (unit not in ranks, ranks.get(unit, 0), unit))
    rows = [
        OverallRow(
            unit=unit,
            rank=ranks.get(unit),
            value=show_or_none(_rounded(table, sums[unit]), table.decimals),
            medals=sums[unit].medals,
            events=len(sums[unit].values),
        )
        for unit in order
    ]
    return OverallResults(table.code, rows)


def delegations(bundle: Bundle) -> dict[str, str]:
    """Each unit's delegation: the one at the top of its line of parents."""
    parents = {unit.code: unit.parent for unit in bundle.units}

    def top(unit: str) -> str:
        while (above := parents[unit]) is not None:
            unit = above
        return unit

    return {unit: top(unit) for unit in parents}
