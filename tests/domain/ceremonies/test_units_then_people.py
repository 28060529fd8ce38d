"""Units are drawn first, then their people: one file holds both, and the places of both."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec.structs import replace

from compete.domain.ceremonies.checking import check_draw_file
from compete.domain.ceremonies.hashing import head
from compete.domain.ceremonies.holding import announce, draw, open_share, sealed
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.types import DrawFile, Person, Place
from compete.domain.ceremonies.units_then_people import (
    BY_ROUNDS,
    IN_A_ROW,
    final_places,
    is_layered,
    layered_draws,
)
from compete.domain.ceremonies.writing import write_draw_file
from tests.domain.ceremonies.test_holding import TITLE, shares, stations

SIZES = {"乙": 1, "U1": 3, "U2": 2}
PEOPLE = [
    Person(code=f"{unit}-{number}", unit=unit)
    for unit, size in SIZES.items()
    for number in range(1, size + 1)
]
PLACES = [
    Place(code=f"{line}-{order}", line=f"{line}号", order=order, session="第1场")
    for order in (1, 2, 3, 4)
    for line in (1, 2)
]


def layered_file(layer: str) -> DrawFile:
    """A whole ceremony of two layers."""
    parties = shares()
    draws = layered_draws("FORK", "final", "practical", layer, PEOPLE, PLACES)
    file = announce(TITLE, 1, draws, [sealed(party) for party in parties[:-1]], sealed(parties[-1]))
    for party in parties:
        file = open_share(file, party.name, party.share or "", party.key or "")
    return read_draw_file(write_draw_file(draw(file)))


def numbers(file: DrawFile) -> tuple[dict[str, int], dict[str, int]]:
    """What each unit drew, and each person within the unit."""
    first, *others = file.draws
    return (
        {row.code: int(row.place) for row in first.result},
        {row.code: int(row.place) for ceremony_draw in others for row in ceremony_draw.result},
    )


@pytest.mark.parametrize("layer", [IN_A_ROW, BY_ROUNDS])
def test_both_numbers_give_the_place_and_the_file_is_accepted(layer: str) -> None:
    file = layered_file(layer)
    assert check_draw_file(file).fits
    assert is_layered(file)
    # The list of units stands in code point order, and a draw for each follows in that order.
    assert [person.code for person in file.draws[0].people] == sorted(SIZES)
    assert [ceremony_draw.people[0].unit for ceremony_draw in file.draws[1:]] == sorted(SIZES)
    units, own = numbers(file)
    unit_of = {person.code: person.unit or "" for person in PEOPLE}

    def turn(code: str) -> tuple[int, int]:
        both = (units[unit_of[code]], own[code])
        return both if layer == IN_A_ROW else (both[1], both[0])

    wanted = zip(PLACES, sorted(unit_of, key=turn), strict=False)
    assert [(row.place, row.code) for row in final_places(file)] == list(wanted)
    # Eight places for six people: the last two stay empty.
    assert len(final_places(file)) == len(PEOPLE)
    first, *others = file.draws
    just_enough = replace(file, draws=(replace(first, places=first.places[:-2]), *others))
    assert final_places(just_enough) == final_places(file)


def test_people_of_a_unit_come_in_a_row_or_in_turns() -> None:
    unit_of = {person.code: person.unit for person in PEOPLE}
    in_a_row = [unit_of[row.code] for row in final_places(layered_file(IN_A_ROW))]
    assert sum(a != b for a, b in pairwise(in_a_row)) == len(SIZES) - 1
    by_rounds = [unit_of[row.code] for row in final_places(layered_file(BY_ROUNDS))]
    assert set(by_rounds[:3]) == set(SIZES)
    assert set(by_rounds[3:5]) == {"U1", "U2"}


def test_places_and_the_way_they_are_given_stand_in_the_head() -> None:
    file = layered_file(IN_A_ROW)
    first, *others = file.draws
    moved = replace(first, places=(*first.places[:-2], first.places[-1], first.places[-2]))
    rounds = tuple(replace(ceremony_draw, layer=BY_ROUNDS) for ceremony_draw in others)
    heads = {
        head(file),
        head(replace(file, draws=(moved, *others))),
        head(replace(file, draws=(first, *rounds))),
    }
    assert len(heads) == 3


def test_a_ceremony_of_several_other_draws_is_no_layered_one() -> None:
    file = layered_file(IN_A_ROW)
    first, second, *others = file.draws
    swapped = replace(file, draws=(first, *others, second))
    few = replace(first, places=first.places[:-3])
    mixed = replace(second, layer=BY_ROUNDS)
    other = replace(second, module="theory")
    for draws in (
        (first,),
        (first, *others),
        swapped.draws,
        (few, second, *others),
        (first, mixed, *others),
        (first, other, *others),
        (replace(first, layer="station"), second, *others),
        (stations(),),
    ):
        assert not is_layered(replace(file, draws=draws)), draws
    plain = replace(file, draws=(stations(), second))
    assert [row.code for row in final_places(plain)] == [row.code for row in second.result]


def test_a_void_ceremony_gives_nobody_a_place() -> None:
    file = layered_file(BY_ROUNDS)
    void = replace(file, spare=sealed(file.spare))
    assert final_places(draw(void)) == ()
