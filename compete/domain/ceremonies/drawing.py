"""Draw places for people: up to a hundred tries out of one stream."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

from compete.domain.ceremonies.rest import Rest
from compete.domain.ceremonies.types import FORMAT, MOST_TRIES, Draw, Place, Placed
from compete.domain.values.chance import random_numbers, shuffled

NOBODYS = -1
"""The unit of who has none, the session or turn of a place without one: no rule binds it."""

_Kind = tuple[Hashable, int]
"""The heap of the rest that a place asks, and how many of its barred sets are that heap's."""


class Separated(NamedTuple):
    """An order of people after a pass; all are numbers from 0 in the draw's lists."""

    order: list[int]
    moved: set[int]
    unmet: list[int]


class Separation:
    """One draw's rule, ready to be held against many orders of its people."""

    def __init__(self, draw: Draw) -> None:
        rule = draw.rule
        places = draw.places[: len(draw.people)]
        apart = bool(rule and rule.apart)
        self.per_session = rule.per_session if rule else None
        self.units = _numbered([person.unit for person in draw.people])
        self.sessions = _numbered([place.session if self.per_session else None for place in places])
        turns = [(place.line, place.order) if apart and place.line else None for place in places]
        self.turns = _numbered(turns)
        self.beside = _beside(places, dict(zip(turns, self.turns, strict=True)))
        self.kinds = _kinds(self)
        self.binds = max(*self.sessions, *self.turns, NOBODYS) != NOBODYS

    def separate(self, order: list[int], most_unmet: int) -> Separated | None:
        """Make one pass over an order; None once `most_unmet` places are unmet."""
        if not self.binds:
            return Separated(order, set(), [])
        return _Pass(self, order).run(most_unmet)


class _Pass:
    """One pass: which units stand where so far."""

    def __init__(self, rule: Separation, order: list[int]) -> None:
        self.rule = rule
        self.order = order
        self.at = [rule.units[person] for person in order]
        # The last set of each, which -1 finds, stays empty.
        self.in_turn: list[set[int]] = [set() for _ in range(max(rule.turns) + 2)]
        self.full: list[set[int]] = [set() for _ in range(max(rule.sessions) + 2)]
        self.counts: Counter[tuple[int, int]] = Counter()

    def run(self, most_unmet: int) -> Separated | None:
        rule, order, at = self.rule, self.order, self.at
        rest = None
        moved: set[int] = set()
        unmet: list[int] = []
        for place, unit in enumerate(at):
            before, after = rule.beside[place]
            barred = self.full[rule.sessions[place]], self.in_turn[before], self.in_turn[after]
            if unit in barred[0] or unit in barred[1] or unit in barred[2]:
                rest = rest or Rest(at)
                other = rest.next_fitting(place, barred, *rule.kinds[place])
                if other is None:
                    unmet.append(place)
                    if len(unmet) >= most_unmet:
                        return None
                else:
                    moved |= {order[place], order[other]}
                    order[place], order[other] = order[other], order[place]
                    at[place], at[other] = at[other], unit
                    rest.comes(unit, other)
            self._stands(place, at[place])
        return Separated(order, moved, unmet)

    def _stands(self, place: int, unit: int) -> None:
        """Note that somebody of the unit stands at the place from now on."""
        rule = self.rule
        session, turn = rule.sessions[place], rule.turns[place]
        if unit == NOBODYS:
            return
        if turn != NOBODYS:
            self.in_turn[turn].add(unit)
        if session != NOBODYS:
            self.counts[session, unit] += 1
            if self.counts[session, unit] == rule.per_session:
                self.full[session].add(unit)


def _beside(
    places: Sequence[Place], turns: dict[tuple[str, int | None] | None, int]
) -> list[tuple[int, int]]:
    """The turns just before and just after each place at its station."""
    beside = []
    for place in places:
        if place.line is None or place.order is None:
            beside.append((NOBODYS, NOBODYS))
        else:
            before, after = (place.line, place.order - 1), (place.line, place.order + 1)
            beside.append((turns.get(before, NOBODYS), turns.get(after, NOBODYS)))
    return beside


def _kinds(rule: Separation) -> list[_Kind]:
    """The places that get a heap of their own.

    Those of a session and turn, or at least of a session, for which a heap is likely to be less
    work than to pass over what is barred at each.
    """
    turns = list(zip(rule.sessions, rule.turns, strict=True))
    own = _worth_a_heap(turns, rule) | _worth_a_heap(rule.sessions, rule)
    kinds: list[_Kind] = []
    for session, turn in turns:
        if (session, turn) in own:
            kinds.append(((session, turn), 3))
        elif session != NOBODYS and session in own:
            kinds.append((session, 1))
        else:
            kinds.append((None, 0))
    return kinds


def _worth_a_heap(keys: Sequence[Hashable], rule: Separation) -> set[Hashable]:
    count = Counter(keys)
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    last = {key: place for place, key in enumerate(keys)}
    units = max(rule.units) + 2
    return {
        key
        for key, places in count.items()
        # Each place may bar one unit more. A heap is made of all units, and then mended for
        # those that have come between two of its places.
        if places * min(places, units) > 2 * (units + last[key] - first[key])
    }


def _numbered(names: Sequence[Hashable]) -> list[int]:
    """Number names from 0; `NOBODYS` for None."""
    numbers: dict[Hashable, int] = {None: NOBODYS}
    return [numbers.setdefault(name, len(numbers) - 1) for name in names]


class Outcome(NamedTuple):
    """The result of a draw, as the file says it."""

    result: tuple[Placed, ...]
    unmet: tuple[str, ...]
    tries: int


NOTHING = Outcome((), (), 0)
"""The outcome of a void ceremony, and of a file before anything is drawn."""


def draw_places(seed: bytes, number: int, draw: Draw) -> Outcome:
    """Draw the people of one draw; `number` counts the ceremony's draws from 0.

    The first try that leaves no place unmet counts; else the one with the
    fewest, the first of equals. What the draw held as its result is not looked at.
    """
    best, _first, tries = _best(seed, number, draw)
    return _outcome_of(draw, best, tries)


def places_before(seed: bytes, number: int, draw: Draw) -> dict[str, Place]:
    """The earlier place of each whom the rule moved, by code."""
    best, first, _tries = _best(seed, number, draw)
    return {
        draw.people[person].code: place
        for place, person in zip(draw.places, first, strict=False)
        if person in best.moved
    }


def _best(seed: bytes, number: int, draw: Draw) -> tuple[Separated, list[int], int]:
    """The try that counts, the order in which it began, and how many tries there were."""
    numbers = random_numbers(seed, f"{FORMAT} {number} {draw.layer}")
    rule = Separation(draw)
    people = len(draw.people)
    best: Separated | None = None
    first: list[int] = []
    tries = 0
    while tries < MOST_TRIES and (best is None or best.unmet):
        tries += 1
        most_unmet = people + 1 if best is None else len(best.unmet)
        order = shuffled(numbers, people)
        begun = list(order)
        separated = rule.separate(order, most_unmet)
        if separated is not None:
            best, first = separated, begun
    assert best is not None
    return best, first, tries


def _outcome_of(draw: Draw, separated: Separated, tries: int) -> Outcome:
    result = tuple(
        Placed(place=place.code, code=draw.people[number].code, moved=number in separated.moved)
        # There may be more places than people: the last ones stay empty.
        for place, number in zip(draw.places, separated.order, strict=False)
    )
    return Outcome(result, tuple(draw.places[at].code for at in separated.unmet), tries)
