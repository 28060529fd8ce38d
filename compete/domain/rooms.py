"""How groups of people share rooms: together where they fit, in the least room that takes them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """The free seats of a room in a session: `count` of them, from `first` on."""

    session: str
    room: int
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class Shared(Generic[Group]):
    """The seats of each group, and how many people of which groups found none."""

    seats: Mapping[Group, Sequence[FreeSeats]]
    lacking: Mapping[Group, int]


def share_rooms(groups: Mapping[Group, int], free: Sequence[FreeSeats]) -> Shared[Group]:
    """Share out seats, the largest group first; one that fits nowhere whole is cut as seldom as
    can be.

    A group that fits goes to the room where the fewest seats are left over, among these to the
    earliest; one that does not fills the largest, and what is left of it is a group again. Equal
    groups go in their order.
    """
    left = list(free)
    seats: dict[Group, list[FreeSeats]] = {group: [] for group in groups}
    lacking: dict[Group, int] = {}
    order = {group: number for number, group in enumerate(groups)}
    for group in sorted(groups, key=lambda it: (-groups[it], order[it])):
        people = groups[group]
        while people:
            fits = [at for at, block in enumerate(left) if block.count >= people]
            if fits:
                at = min(fits, key=lambda it: (left[it].count, it))
            else:
                at = max(range(len(left)), key=lambda it: (left[it].count, -it), default=-1)
            if at < 0 or not left[at].count:
                lacking[group] = people
                break
            block = left[at]
            taken = min(people, block.count)
            seats[group].append(FreeSeats(block.session, block.room, block.first, taken))
            left[at] = FreeSeats(
                block.session, block.room, block.first + taken, block.count - taken
            )
            people -= taken
    in_order = {(block.session, block.room): at for at, block in enumerate(free)}
    ordered = {
        group: sorted(its, key=lambda it: (in_order[it.session, it.room], it.first))
        for group, its in seats.items()
    }
    return Shared(ordered, lacking)
