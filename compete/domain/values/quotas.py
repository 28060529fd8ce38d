"""Places dealt to equals, best first, over the quotas of units: nobody is preferred among equals.

Where too few are left for all equals, they stay open until the equals are parted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec


class KeptOpen(msgspec.Struct, frozen=True):
    """Places kept open among people; `unit` is None for the last places of all."""

    unit: str | None
    places: int
    people: list[str]


class Dealt(msgspec.Struct, frozen=True):
    """The equals who have a place, those whose unit is full, and places kept open."""

    taken: list[str]
    full: list[str]
    kept_open: list[KeptOpen]


class Quotas:
    """The places that are left of all (None for no end) and of each unit.

    Where `include`, all equals come along with the last place.
    """

    def __init__(self, places: int | None, per_unit: int | None, *, include: bool) -> None:
        self.left = places
        self.per_unit = per_unit
        self.include = include
        self.of_unit: Counter[str] = Counter()
        """The places of each unit that are given or kept."""

    @property
    def all_gone(self) -> bool:
        """True if no place is left."""
        return self.left is not None and self.left <= 0

    def deal(self, equals: Iterable[tuple[str, str | None]]) -> Dealt:
        """Give the next equals, as code and unit, their places; no unit has no quota."""
        units: dict[str | None, list[str]] = {}
        for code, unit in sorted(equals):
            units.setdefault(unit, []).append(code)
        rooms = {unit: self._room(unit) for unit in units}
        full = [code for unit, room in rooms.items() if room == 0 for code in units.pop(unit)]
        asked = {unit: self._asked(rooms[unit], len(people)) for unit, people in units.items()}
        if not self.include and self.left is not None and sum(asked.values()) > self.left:
            everybody = sorted(code for people in units.values() for code in people)
            last = KeptOpen(None, self.left, everybody)
            self.left = 0
            return Dealt([], full, [last])
        taken: list[str] = []
        kept_open: list[KeptOpen] = []
        for unit in sorted(units, key=lambda unit: unit or ""):
            if asked[unit] == len(units[unit]):
                taken += units[unit]
            else:
                kept_open.append(KeptOpen(unit, asked[unit], units[unit]))
            self._use(unit, asked[unit])
        return Dealt(taken, full, kept_open)

    def _room(self, unit: str | None) -> int | None:
        """The places left to a unit; None for no end."""
        if unit is None or self.per_unit is None:
            return None
        return max(0, self.per_unit - self.of_unit[unit])

    def _asked(self, room: int | None, people: int) -> int:
        """The places that so many of a unit ask for, at most those left to it."""
        return people if self.include or room is None else min(people, room)

    def _use(self, unit: str | None, places: int) -> None:
        if self.left is not None:
            self.left -= places
        if unit is not None:
            self.of_unit[unit] += places
