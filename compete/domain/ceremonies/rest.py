"""People who are still to come in a pass, looked through by units.

The first person of a unit that may stand at a place is wanted again and again,
each time with other units barred. A heap holds one entry for each unit, with a
position that none of the unit comes before; an entry is raised to where the unit
really comes next when it is looked at, and a unit that is barred is passed over.

Units that are barred once from all places of one kind for good, as from a
session that is full of them, need not be passed over at each: such places may
have a heap of their own, which lets those units go.
"""

from __future__ import annotations

from collections.abc import Container, Hashable
from heapq import heapify, heappop, heappush, heapreplace

Barred = tuple[Container[int], Container[int], Container[int]]
"""The units that may not stand at a place: those in one of these."""


class Rest:
    """The units of an order of people, and where each comes next.

    `units` is the unit at each position and may change while it is looked
    through; whoever changes it says so with `comes`.
    """

    def __init__(self, units: list[int]) -> None:
        self.units = units
        self.positions: dict[int, list[int]] = {}
        for position, unit in enumerate(units):
            self.positions.setdefault(unit, []).append(position)
        firsts = [(positions[0], unit) for unit, positions in self.positions.items()]
        heapify(firsts)
        self.heaps: dict[Hashable, list[tuple[int, int]]] = {None: firsts}

    def next_fitting(
        self, place: int, barred: Barred, kind: Hashable = None, lasting: int = 0
    ) -> int | None:
        """The first position after `place` of a unit that is not barred.

        The unit at `place` itself has to be barred. Places of a `kind` have a
        heap of their own; the first `lasting` sets of what is barred from one
        only grow, and are contained in those of its kind's later places.
        """
        heap = self._heap(kind, place)
        first, second, third = barred
        passed = []
        position = None
        while heap and position is None:
            lowest, unit = heap[0]
            if unit in first or unit in second or unit in third:
                heappop(heap)
                if not any(unit in units for units in barred[:lasting]):
                    passed.append((lowest, unit))
            else:
                position = self._raise(heap, lowest, unit, place)
        for entry in passed:
            heappush(heap, entry)
        return position

    def comes(self, unit: int, position: int) -> None:
        """Note that somebody of the unit, who stood before the position, stands at it from now on.

        The unit's entries are at most where that was, so they need no change.
        """
        heappush(self.positions[unit], position)

    def _heap(self, kind: Hashable, place: int) -> list[tuple[int, int]]:
        if kind not in self.heaps:
            self._raise_all(self.heaps[None], place)
            self.heaps[kind] = self.heaps[None].copy()
        return self.heaps[kind]

    def _raise_all(self, heap: list[tuple[int, int]], place: int) -> None:
        """Mend all entries before a place but the one of the unit there, who may yet come later."""
        own = []
        while heap and heap[0][0] <= place:
            lowest, unit = heap[0]
            if unit == self.units[place]:
                own.append(heappop(heap))
            else:
                self._raise(heap, lowest, unit, place)
        for entry in own:
            heappush(heap, entry)

    def _raise(self, heap: list[tuple[int, int]], lowest: int, unit: int, place: int) -> int | None:
        """The next place of the first entry's unit; None if the entry was wrong and was mended."""
        positions = self.positions[unit]
        while positions and (positions[0] <= place or self.units[positions[0]] != unit):
            heappop(positions)
        if not positions:
            heappop(heap)
        elif positions[0] == lowest:
            return lowest
        else:
            heapreplace(heap, (positions[0], unit))
        return None
