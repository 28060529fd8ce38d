"""The places of a berth, dealt to groups of equals from the best down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from compete.domain.series.results import RowState, Undecided
from compete.domain.series.types import Berth, BerthTies, NominationState, Person


class Candidate(msgspec.Struct, frozen=True):
    """A person of the standings; `fit` to be given a place."""

    person: Person
    rank: int | None
    answer: NominationState | None
    short: list[str]
    fit: bool


class Outcome(msgspec.Struct, frozen=True):
    """The states of those who are fit, `PROPOSED` with a place, and the places left open."""

    states: Mapping[str, RowState]
    undecided: list[Undecided]


def deal_places(berth: Berth, groups: Sequence[Sequence[Candidate]]) -> Outcome:
    """Deal the places, then find the substitutes."""
    dealing = _Dealing(berth)
    for group in groups:
        dealing.take([each for each in group if each.fit])
    return Outcome(dealing.states, dealing.undecided)


class _Dealing:
    """The places that are left, and those of each unit that are given or kept."""

    def __init__(self, berth: Berth) -> None:
        self.berth = berth
        self.left = berth.places
        self.of_unit: Counter[str] = Counter()
        self.substitutes = 0
        self.states: dict[str, RowState] = {}
        self.undecided: list[Undecided] = []

    def take(self, fit: Sequence[Candidate]) -> None:
        """Take the fit people of the next group."""
        if self.left > 0:
            self._deal(self._with_room(fit))
        elif self.substitutes < self.berth.substitutes:
            self._put(RowState.SUBSTITUTE, fit)
            self.substitutes += len(fit)
        else:
            self._put(RowState.BELOW, fit)

    def _with_room(self, fit: Sequence[Candidate]) -> dict[str | None, list[Candidate]]:
        """Those whose unit has room, by unit; None is for all to whom no quota applies."""
        by_unit: dict[str | None, list[Candidate]] = {}
        for each in fit:
            unit = None if self.berth.per_unit is None else each.person.unit
            by_unit.setdefault(unit, []).append(each)
        for unit in [unit for unit, people in by_unit.items() if self._room(unit, people) <= 0]:
            self._put(RowState.OVER_QUOTA, by_unit.pop(unit))
        return by_unit

    def _room(self, unit: str | None, people: Sequence[Candidate]) -> int:
        if unit is None or self.berth.per_unit is None:
            return len(people)
        return self.berth.per_unit - self.of_unit[unit]

    def _deal(self, takers: Mapping[str | None, Sequence[Candidate]]) -> None:
        everybody = [each for people in takers.values() for each in people]
        rooms = {unit: self._room(unit, people) for unit, people in takers.items()}
        if self.berth.ties is BerthTies.INCLUDE:
            rooms = {unit: len(people) for unit, people in takers.items()}
        elif sum(min(len(people), rooms[unit]) for unit, people in takers.items()) > self.left:
            self._leave_open(None, self.left, everybody)
            return
        for unit in sorted(takers, key=lambda unit: unit or ""):
            people = takers[unit]
            if len(people) > rooms[unit]:
                self._leave_open(unit, rooms[unit], people)
            else:
                self._put(RowState.PROPOSED, people)
                self._use(unit, len(people))

    def _leave_open(self, unit: str | None, places: int, people: Sequence[Candidate]) -> None:
        codes = sorted(each.person.code for each in people)
        self.undecided.append(Undecided(people[0].rank, unit, places, codes))
        self._put(RowState.UNDECIDED, people)
        self._use(unit, places)

    def _use(self, unit: str | None, places: int) -> None:
        self.left -= places
        if unit is not None:
            self.of_unit[unit] += places

    def _put(self, state: RowState, people: Sequence[Candidate]) -> None:
        self.states |= {each.person.code: state for each in people}
