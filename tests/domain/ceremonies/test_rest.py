"""Who comes next is found by units as it would be by looking through everybody."""

from __future__ import annotations

from collections import Counter
from random import Random

from compete.domain.ceremonies.rest import Rest


def looked_through(units: list[int], place: int, barred: set[int]) -> int | None:
    """The first after `place` whose unit is not barred, one by one."""
    return next((at for at in range(place + 1, len(units)) if units[at] not in barred), None)


def test_each_place_gets_whom_looking_through_everybody_gives() -> None:
    moved = unmet = late = 0
    for seed in range(600):
        rng = Random(seed)
        count, sessions, most = rng.randint(4, 12), rng.randint(1, 3), rng.randint(1, 3)
        units = [rng.randint(0, 3) for _ in range(count)]
        session_of = [rng.randrange(sessions) for _ in range(count)]
        rest, full = Rest(units), [set[int]() for _ in range(sessions)]
        stood: Counter[tuple[int, int]] = Counter()
        for place, unit in enumerate(units):
            session, before = session_of[place], {units[place - 1]} if place else set()
            barred = full[session], before, set[int]()
            if unit in full[session] | before:
                # A session that is asked for late has a heap that is made late.
                late += session not in rest.heaps and place > 2
                successor = rest.next_fitting(place, barred, session, 1)
                assert successor == looked_through(units, place, full[session] | before), seed
                if successor is None:
                    unmet += 1
                else:
                    moved += 1
                    units[place], units[successor] = units[successor], unit
                    rest.comes(unit, successor)
            stood[session, units[place]] += 1
            if stood[session, units[place]] == most:
                full[session].add(units[place])
    assert min(moved, unmet, late) > 200
