"""Units ranked by what their people's final places bring, or by medals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from compete.domain.bundle.event_types import UnitRanking
from compete.domain.bundle.results import UnitRow
from compete.domain.ranking.finals import Changes, FinalPlace, FinalStandings
from compete.domain.ranking.standing import Key, ranks_of
from compete.domain.values.kinds import RankStyle
from compete.domain.values.points import Number, divided, exact, round_half_up, shortest, show

MEDALS = 3
_ENDLESS_PLACES = 6
"""The places of points whose decimal never ends."""


class RankPoints:
    """The points that a final rank brings, by a map of them.

    Where ranks average, those who share one bring the mean of the ranks that they fill.
    """

    def __init__(self, points: Mapping[int, Decimal], *, averages: bool) -> None:
        self.points = {rank: exact(value) for rank, value in points.items()}
        self.averages = averages

    def filled(self, rank: int, sharers: int) -> list[Number]:
        """The points of each rank that the sharers of one fill."""
        return [self.points.get(rank + behind, 0) for behind in range(sharers)]

    def by_rank(self, ranking: Iterable[tuple[int, str]]) -> dict[int, Number]:
        """What everybody with a rank brings, by the rank."""
        if not self.averages:
            return self.points
        sharers = Counter(rank for rank, _ in ranking)
        return {
            rank: divided(sum(self.filled(rank, count)), count) for rank, count in sharers.items()
        }


class _Tally:
    """The tally of a unit: people ranked, their points, and ranks 1, 2 and 3."""

    __slots__ = ("medals", "points", "ranked")

    def __init__(self) -> None:
        self.ranked = 0
        self.points: Number = 0
        self.medals = [0] * MEDALS


class UnitState:
    """The tally of every unit of an event."""

    def __init__(
        self, rule: UnitRanking, unit_of: Mapping[str, str], finals: FinalStandings
    ) -> None:
        self.by_medals = rule.medals
        self.rule = RankPoints(rule.points or {}, averages=rule.averages)
        self.finals = finals
        self.points_of = self.rule.by_rank(())
        self.unit_of = unit_of
        self.tallies: dict[str, _Tally] = {}
        self.rows: list[UnitRow] = []

    def follow(self, changes: Changes) -> None:
        """Take the old places out of the tallies and put the new ones in.

        Where ranks average, one who comes or goes changes what others bring: all are counted anew.
        """
        if self.rule.averages:
            self.points_of = self.rule.by_rank(self.finals.ranking)
            self.tallies = {}
            for code, place in self.finals.places.items():
                self._count(code, place, 1)
            self.rows = self._ordered_rows()
            return
        changed = False
        for code, (before, after) in changes.items():
            if self._brings(before) != self._brings(after):
                changed = True
                self._count(code, before, -1)
                self._count(code, after, 1)
        if changed:
            self.rows = self._ordered_rows()

    def _brings(self, place: FinalPlace | None) -> tuple[Number, int] | None:
        """The points and the medal that a place brings; None without a rank."""
        if place is None or place.rank is None:
            return None
        return self.points_of.get(place.rank, 0), min(place.rank, MEDALS + 1)

    def _count(self, code: str, place: FinalPlace | None, times: int) -> None:
        brings = self._brings(place)
        if brings is None:
            return
        points, medal = brings
        tally = self.tallies.setdefault(self.unit_of[code], _Tally())
        tally.ranked += times
        tally.points += times * points
        if medal <= MEDALS:
            tally.medals[medal - 1] += times

    def _ordered_rows(self) -> list[UnitRow]:
        """Rows by rank, then code; equal units share the rank."""
        order = sorted(
            (self._key(tally), unit) for unit, tally in self.tallies.items() if tally.ranked
        )
        ranks = ranks_of([key for key, _ in order], RankStyle.COMPETITION)
        return [self._row(rank, unit) for rank, (_, unit) in zip(ranks, order, strict=True)]

    def _key(self, tally: _Tally) -> Key:
        if self.by_medals:
            return tuple(-count for count in tally.medals)
        return (-tally.points,)

    def _row(self, rank: int, unit: str) -> UnitRow:
        tally = self.tallies[unit]
        return UnitRow(unit, rank, shown_points(tally.points), list(tally.medals))


def shown_points(points: Number) -> str:
    """Write a unit's points: the shortest decimal, or so many places where it has no end."""
    return shortest(points) or show(round_half_up(points, 1, _ENDLESS_PLACES), _ENDLESS_PLACES)
