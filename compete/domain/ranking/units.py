"""Units ranked by what their people's final places bring, or by medals."""

from __future__ import annotations

from collections.abc import Mapping

from compete.domain.bundle.event_types import UnitRanking
from compete.domain.bundle.results import UnitRow
from compete.domain.ranking.finals import Changes, FinalPlace
from compete.domain.ranking.standing import Key, ranks_of
from compete.domain.values.kinds import RankStyle
from compete.domain.values.points import Number, exact, shortest

MEDALS = 3


class _Tally:
    """The tally of a unit: people ranked, their points, and ranks 1, 2 and 3."""

    __slots__ = ("medals", "points", "ranked")

    def __init__(self) -> None:
        self.ranked = 0
        self.points: Number = 0
        self.medals = [0] * MEDALS


class UnitState:
    """The tally of every unit of an event."""

    def __init__(self, rule: UnitRanking, unit_of: Mapping[str, str]) -> None:
        self.by_medals = rule.medals
        self.points_of = {rank: exact(points) for rank, points in (rule.points or {}).items()}
        self.unit_of = unit_of
        self.tallies: dict[str, _Tally] = {}
        self.rows: list[UnitRow] = []

    def follow(self, changes: Changes) -> None:
        """Take the old places out of the tallies and put the new ones in."""
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
        return UnitRow(unit, rank, shortest(tally.points) or "0", list(tally.medals))
