"""Deal the awards of one chain, from the highest down.

The bundle format, section “Awards”.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor

import msgspec

from compete.domain.bundle.event_types import Award
from compete.domain.values.kinds import AwardRound
from compete.domain.values.points import exact, round_half_up

RankedCode = tuple[int, str]
"""A rank, and the code of who stands there."""

Meets = Callable[[str], bool]
"""True if someone meets an award's conditions."""


Near = Callable[[str, str], bool]
"""True if the second is near enough to the first, who was taken last, to join."""


class Dealt(msgspec.Struct, frozen=True):
    """The winners of one award.

    `number` is its own number; `taken_off` how many of it sharers of a higher
    award's border had used up already; `winners` who got it, in order.
    """

    award: Award
    number: int
    taken_off: int
    winners: list[RankedCode]


def award_number(award: Award, ranked: int) -> int:
    """The number of places of an award, with so many ranked."""
    if award.top is not None or award.ratio is None:
        return award.top or 0
    share = exact(award.ratio) * ranked
    if award.round is AwardRound.FLOOR:
        number = floor(share)
    elif award.round is AwardRound.CEIL:
        number = ceil(share)
    else:
        number = round_half_up(share, 1, 0)
    return max(number, award.at_least)


def deal(
    awards: Iterable[Award],
    ranking: Sequence[RankedCode],
    conditions: Callable[[Award], Meets | None],
    nearness: Callable[[Award], Near | None],
) -> list[Dealt]:
    """Deal a chain of awards down a ranking, equal ranks in code order.

    `conditions` gives what an award asks, None where it asks nothing. Who
    does not meet it is passed over and stays in for the next award. All who
    share the last taken rank and meet it get the award too, and where
    `nearness` gives one all who are near the last taken by the number; each
    beyond the number takes one off the next.
    """
    waiting = list(ranking)
    owed = 0
    dealt = []
    for award in awards:
        number = award_number(award, len(ranking))
        taken_off = min(owed, number)
        left = number - taken_off
        given, waiting = _deal_one(left, waiting, conditions(award), nearness(award))
        owed += max(len(given) - left, 0) - taken_off
        dealt.append(Dealt(award, number, taken_off, given))
    return dealt


def _deal_one(
    number: int, waiting: list[RankedCode], meets: Meets | None, near: Near | None
) -> tuple[list[RankedCode], list[RankedCode]]:
    """Deal one award; return those who get it and those who wait for the next."""
    if near is not None and number > 0:
        return _deal_near(number, waiting, meets, near)
    if meets is None:
        end = _with_sharers(number, waiting)
        return waiting[:end], waiting[end:]
    given: list[RankedCode] = []
    passed: list[RankedCode] = []
    for position, place in enumerate(waiting):
        if len(given) >= number and (not given or place[0] != given[-1][0]):
            return given, passed + waiting[position:]
        (given if meets(place[1]) else passed).append(place)
    return given, passed


def _deal_near(
    number: int, waiting: list[RankedCode], meets: Meets | None, near: Near
) -> tuple[list[RankedCode], list[RankedCode]]:
    """Deal as `deal`, and let those near the last taken by number join, but not those near them."""
    given: list[RankedCode] = []
    passed: list[RankedCode] = []
    for place in waiting:
        last = given[number - 1] if len(given) >= number else None
        joins = last is None or place[0] == last[0] or near(last[1], place[1])
        fits = joins and (meets is None or meets(place[1]))
        (given if fits else passed).append(place)
    return given, passed


def _with_sharers(number: int, waiting: list[RankedCode]) -> int:
    """The first so many places, and all who share the rank of the last."""
    end = min(number, len(waiting))
    while 0 < end < len(waiting) and waiting[end][0] == waiting[end - 1][0]:
        end += 1
    return end
