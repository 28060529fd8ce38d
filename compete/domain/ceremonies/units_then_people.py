"""Layered draws in one ceremony: the units are drawn first, then the people of each unit.

The file's first draw is of the layer `unit`: its list are the units, its places are their numbers
and, behind those, the places that people are to get. One draw for each unit follows, in the order
of that list, over its people and the numbers within it; their layer says how both numbers give
the place: `person`, one unit after the other, or `round`, the first of every unit, then the
second. All of it stands in the head, so that the places too are fixed before a share is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from compete.domain.ceremonies.types import Draw, DrawFile, Person, Place

UNIT, IN_A_ROW, BY_ROUNDS = "unit", "person", "round"


class Final(NamedTuple):
    """A person and the place in the end; `moved` if a rule had them change it."""

    place: Place
    code: str
    moved: bool


def layered_draws(
    event: str,
    stage: str,
    module: str,
    layer: str,
    people: Sequence[Person],
    places: Sequence[Place],
) -> tuple[Draw, ...]:
    """The draws of units and then of people for the places; `layer` is that of the people.

    Everybody has to have a unit. Nothing is drawn yet.
    """
    units = {
        unit: tuple(own)
        for unit, own in groupby(
            sorted(people, key=lambda person: (person.unit or "", person.code)),
            key=lambda person: person.unit or "",
        )
    }

    def draw(name: str, drawn: tuple[Person, ...], rest: Sequence[Place] = ()) -> Draw:
        numbers = (Place(code=str(number)) for number in range(1, len(drawn) + 1))
        return Draw(
            event=event,
            stage=stage,
            module=module,
            layer=name,
            people=drawn,
            places=(*numbers, *rest),
            result=(),
            unmet=(),
            tries=0,
        )

    first = draw(UNIT, tuple(Person(code=unit) for unit in units), places)
    return (first, *(draw(layer, own) for own in units.values()))


def is_layered(file: DrawFile) -> bool:
    """True if the ceremony is one of units and then of the people of each."""
    first, *others = file.draws
    layers = {draw.layer for draw in others}
    return (
        first.layer == UNIT
        and layers in ({IN_A_ROW}, {BY_ROUNDS})
        and len({(draw.event, draw.stage, draw.module) for draw in file.draws}) == 1
        and [{person.unit for person in draw.people} for draw in others]
        == [{unit.code} for unit in first.people]
        and len(first.places) - len(first.people) >= sum(len(draw.people) for draw in others)
    )


def final_places(file: DrawFile) -> tuple[Final, ...]:
    """Final places of people, in the order of places; none for a file without results."""
    if not is_layered(file):
        known = ({place.code: place for place in draw.places} for draw in file.draws)
        return tuple(
            Final(places[row.place], row.code, row.moved)
            for draw, places in zip(file.draws, known, strict=True)
            for row in draw.result
        )
    first, *others = file.draws
    units = {row.code: number for number, row in enumerate(first.result)}
    by_rounds = others[0].layer == BY_ROUNDS
    turns = [
        ((own, units[unit.code]) if by_rounds else (units[unit.code], own), row.code)
        for unit, draw in zip(first.people, others, strict=True)
        for own, row in enumerate(draw.result)
        if units
    ]
    places = first.places[len(first.people) :]
    return tuple(
        # There may be more places than people: the last ones stay empty.
        Final(place, code, moved=False)
        for place, (_turn, code) in zip(places, sorted(turns), strict=False)
    )
