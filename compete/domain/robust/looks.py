"""Looks at a competition with another value in one mark's place.

Between two values that leave everybody's place the same, nobody's place can
differ: marks never turn back along a ladder, so neither does anybody's key.
That is what spares looking at every value there is.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import Any

import msgspec

from compete.domain.awards.event_awards import reaches
from compete.domain.ranking.standing import Standing
from compete.domain.scoring.event_scorer import EventScorer, grade_rules_of
from compete.domain.values.kinds import AwardScope
from compete.domain.values.points import exact

Places = tuple[Any, ...]
"""Everything about places that could differ; equal ones are equal places."""


class Look(msgspec.Struct, frozen=True):
    """The places with one value, and whether medals and grades are others than now.

    `keys` are everybody's keys in order, ranking by ranking, where more
    people than one move.
    """

    places: Places
    keys: tuple[tuple[tuple[Any, str], ...], ...]
    medals_differ: bool
    grades_differ: bool


def same_between(look: Look, other: Look, *, all_move: bool) -> bool:
    """True if every value between two has their places as well.

    One person who moves through a field that stands still can't have been
    elsewhere in between. Where all move, nobody's way may touch a
    neighbour's, unless both stand still.
    """
    if look.places != other.places:
        return False
    return not all_move or all(
        _keep_apart(before, after) for before, after in zip(look.keys, other.keys, strict=True)
    )


def _keep_apart(before: tuple[tuple[Any, str], ...], after: tuple[tuple[Any, str], ...]) -> bool:
    """True if neighbours in a ranking are apart wherever both are on their way."""
    ways = [(min(a, b), max(a, b)) for (a, _), (b, _) in zip(before, after, strict=True)]
    return all(
        better[1] < worse[0] or (better[0] == better[1] and worse[0] == worse[1])
        for better, worse in pairwise(ways)
    )


class Line:
    """A line of looks on which nobody's key turns back, by a coordinate."""

    def __init__(self, *, all_move: bool) -> None:
        self.all_move = all_move
        self._known: list[int] = []
        self._looks: dict[int, Look] = {}

    def known(self, at: int) -> Look | None:
        """The look that is known without looking: seen before, or between two that are the same."""
        look = self._looks.get(at)
        if look is not None:
            return look
        place = bisect_left(self._known, at)
        if 0 < place < len(self._known):
            low, high = (self._looks[self._known[side]] for side in (place - 1, place))
            if same_between(low, high, all_move=self.all_move):
                return low
        return None

    def keep(self, at: int, look: Look) -> None:
        insort(self._known, at)
        self._looks[at] = look


class Viewer:
    """A viewer, who takes looks at one event.

    `differ` says of the event as it is now whether its medals and whether its
    grades are others than at first.
    """

    def __init__(
        self, event: EventScorer, differ: Callable[[EventScorer], tuple[bool, bool]]
    ) -> None:
        self.event = event
        self.differ = differ
        least = [rule.when.min_total for rule in grade_rules_of(event.event)]
        least += [
            award.min_total for award in event.event.awards if award.scope is AwardScope.ENTRANTS
        ]
        unit = 10**event.event.rounding.total
        self.lines = sorted({exact(total) * unit for total in least if total is not None})
        carries = [stage.carry for stage in event.event.stages if stage.carry is not None]
        self.turns_back = any(min(carry.weight, carry.own) < 0 for carry in carries)
        # Somebody near in points gets an award without a change of places.
        self.turns_back |= any(
            award.within is not None or award.min_scaled is not None for award in event.event.awards
        )
        self.has_attempts = any(state.plan.attempts for state in event.stages)

    def look(self, mover: str, *, all_move: bool) -> Look:
        """Look at the standings now; at one person's places, or at everybody's."""
        medals, grades = self.differ(self.event)
        if not all_move:
            places = self._own_places(mover)
            if self.turns_back:
                places = (*places, tuple(state.scores.get(mover) for state in self.event.stages))
            if self.has_attempts:
                places = (*places, self._counted(mover))
            return Look(places, (), medals, grades)
        keys = tuple(self._orders())
        where = tuple(tuple(code for _, code in order) for order in keys)
        ranks = tuple(tuple(standing.ranks) for standing in self._standings())
        levels = tuple(self._levels(code) for code in sorted(self.event.entrants))
        places = (where, ranks, levels, self._teams_levels(self._teams()))
        if self.turns_back:
            places = (*places, tuple(sorted(keys, key=repr)))
        if self.has_attempts:
            places = (*places, tuple(map(self._counted, sorted(self.event.entrants))))
        return Look(places, keys, medals, grades)

    def _counted(self, code: str) -> Places:
        """The attempts of one person that count: where others do, times and aspects jump."""
        return tuple(
            part.counted(state.scores[code].modules)
            for state in self.event.stages
            if code in state.scores
            for part in state.plan.parts
            if part.take is not None
        )

    def _standings(self) -> Iterator[Standing]:
        for state in self.event.stages:
            yield state.standing
        for item in self.event.items:
            yield item.standing
        if self.event.teams is not None:
            yield self.event.teams.standing

    def _orders(self) -> Iterator[tuple[tuple[Any, str], ...]]:
        """List everybody's keys in order: of each ranking, and inside each team."""
        for standing in self._standings():
            yield tuple(standing.order)
        teams = self.event.teams
        for members in teams.members.values() if teams is not None else ():
            pairs = [(self.event.finals.places[code], code) for code in members]
            yield tuple(
                sorted(
                    ((-(place.total or 0), place.rank), code)
                    for place, code in pairs
                    if place.rank is not None
                )
            )

    def _own_places(self, code: str) -> Places:
        """One person's and team's place in every ranking, and what their scores reach."""
        team = self._team(code)
        teams = self.event.teams
        people = [state.standing for state in self.event.stages]
        people += [item.standing for item in self.event.items]
        return (
            *(_place_in(standing, code) for standing in people),
            self._levels(code),
            _place_in(teams.standing, team) if teams is not None and team is not None else None,
            self._teams_levels([team] if team is not None else []),
        )

    def _team(self, code: str) -> str | None:
        return self.event.teams.team_of.get(code) if self.event.teams is not None else None

    def _teams(self) -> Iterable[str]:
        return sorted(self.event.teams.members) if self.event.teams is not None else ()

    def _levels(self, code: str) -> Places:
        """The pass marks and least totals that one person reaches."""
        total = self.event.finals.places[code].total
        reached = None if total is None else sum(total >= line for line in self.lines)
        in_items = tuple(
            tuple(
                reaches(award, item.score(code), self.event.awards.item_unit)
                for award in self.event.awards.item_chain
            )
            for item in self.event.items
            if code in item.state.entrants
        )
        return tuple(self.event.passing.failed(code, "all")), reached, in_items

    def _teams_levels(self, teams: Iterable[str]) -> Places:
        """The counting members of each of these teams, and the least totals that it reaches."""
        state = self.event.teams
        if state is None:
            return ()
        chain = self.event.awards.chains[AwardScope.TEAMS]
        return tuple(
            (
                state.scores[team].members,
                tuple(
                    reaches(award, state.scores[team].total, self.event.awards.total_unit)
                    for award in chain
                ),
            )
            for team in teams
        )


def _place_in(standing: Standing, code: str) -> tuple[int, int, bool] | None:
    """The number who stand before, the rank, and whether the next behind shares the key.

    The rank tells if the one before shares it; where the code decides, nobody asks.
    """
    if code not in standing.keys:
        return None
    at, key = standing.position(code), standing.keys[code]
    behind = at + 1 < len(standing.order) and standing.order[at + 1][0] == key
    return at, standing.ranks[at], behind
