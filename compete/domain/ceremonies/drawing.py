"""Who gets which place: up to a hundred tries out of one stream."""

from __future__ import annotations

from typing import NamedTuple

from compete.domain.ceremonies.separation import Separated, Separation
from compete.domain.ceremonies.stream import random_numbers, shuffled
from compete.domain.ceremonies.types import MOST_TRIES, Draw, Place, Placed


class Outcome(NamedTuple):
    """What a draw gives, as the file says it."""

    result: tuple[Placed, ...]
    unmet: tuple[str, ...]
    tries: int


NOTHING = Outcome((), (), 0)
"""What a void ceremony gives, and what stands in a file before anything is drawn."""


def draw_places(seed: bytes, number: int, draw: Draw) -> Outcome:
    """Draw the people of one draw; `number` counts the ceremony's draws from 0.

    The first try that leaves no place unmet counts; else the one with the
    fewest, the first of equals. What the draw held as its result is not looked at.
    """
    best, _first, tries = _best(seed, number, draw)
    return _said(draw, best, tries)


def places_before(seed: bytes, number: int, draw: Draw) -> dict[str, Place]:
    """By the code of each whom the rule moved, the place at which they stood until it did."""
    best, first, _tries = _best(seed, number, draw)
    return {
        draw.people[person].code: place
        for place, person in zip(draw.places, first, strict=False)
        if person in best.moved
    }


def _best(seed: bytes, number: int, draw: Draw) -> tuple[Separated, list[int], int]:
    """The try that counts, the order in which it began, and how many tries there were."""
    numbers = random_numbers(seed, number, draw.layer)
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


def _said(draw: Draw, separated: Separated, tries: int) -> Outcome:
    result = tuple(
        Placed(place=place.code, code=draw.people[number].code, moved=number in separated.moved)
        # There may be more places than people: the last ones stay empty.
        for place, number in zip(draw.places, separated.order, strict=False)
    )
    return Outcome(result, tuple(draw.places[at].code for at in separated.unmet), tries)
