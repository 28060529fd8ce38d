"""Made-up competitions of judges whose habits are known: fair ones, and one who is off."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from compete.domain.reliability.readings import Reading


class Lot(NamedTuple):
    """A lot of panels, judges in each, people of each, and the error of a mark."""

    panels: int
    judges: int
    people: int
    error: float


Chance = Callable[[random.Random], float]
UNITS = 6


def competition(
    chance: random.Random,
    lot: Lot,
    error: Chance | None = None,
    off: Callable[[float, bool], float] | None = None,
) -> list[Reading]:
    """Marks of a made-up competition; `off` is what J02 adds, by the day's share and own unit."""
    draw: Chance = error or (lambda source: source.gauss(0, 1))
    readings = []
    for panel in range(lot.panels):
        judges = [f"J{panel * lot.judges + place + 1:02}" for place in range(lot.judges)]
        units = {judge: chance.randrange(UNITS) for judge in judges}
        for number in range(lot.people):
            truth, unit = chance.gauss(80, 6), chance.randrange(UNITS)
            for judge in judges:
                own = units[judge] == unit
                marks = truth + lot.error * draw(chance)
                if off and judge == "J02":
                    marks += off(number / (lot.people - 1), own)
                hour = 8 + number / 4 + chance.random() / 20
                readings.append(Reading(f"{panel}-{number}", judge, round(marks, 2), hour, own))
    return readings


OFF: dict[str, Callable[[float, bool], float]] = {
    "severity": lambda share, own: 10,
    "drift": lambda share, own: -10 * share,
    "own_unit": lambda share, own: 10 if own else 0,
}
"""Ways in which a judge can be off by 10 of 100, by the share of the day and the own unit."""


def uniform(source: random.Random) -> float:
    """An error of spread 1 without tails."""
    return source.uniform(-(3**0.5), 3**0.5)


def two_sided(source: random.Random) -> float:
    """An error of spread 1 with long tails (Laplace)."""
    return (source.expovariate(1) - source.expovariate(1)) / 2**0.5


def lopsided(source: random.Random) -> float:
    """An error of spread 1 with one long tail."""
    return source.expovariate(1) - 1
