"""An evaluation of levels that share theory and practice, and rooms for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from compete.models import Account, Competition, Room, Slot
from compete.services.directory.rooms import ROOMS
from compete.services.kernel.event_rules import module_key
from compete.services.schedule.day_plan import (
    DayLayout,
    draw_days,
    groups_of,
    lay_out_days,
    modules_to_draw,
)
from compete.services.schedule.double_bookings import Span, meet
from tests.support.evaluation import module

Plain = dict[str, Any]
LEVELS = {"A": "四级/中级工", "B": "三级/高级工"}


def centre(code: str = "EV", people: Mapping[str, int] = {"A": 70, "B": 50}) -> Plain:
    """Build a batch of so many people a level, of three units in turn."""
    levels = [
        {
            "code": level,
            "name": LEVELS.get(level, level),
            "occupation": {"code": "6-28", "name": "泵站运行工"},
            "verdict": "pass",
            "grade": 4,
            "stages": [
                {
                    "code": "s",
                    "name": "考核",
                    "modules": [
                        module("theory", name="理论", panel={"size": 3}),
                        module("hands", name="实操", panel={"size": 3}),
                    ],
                }
            ],
        }
        for level in people
    ]
    return {
        "format": "compete-bundle/2",
        "competition": {
            "code": code,
            "name": f"泵站运行工认定 {code}",
            "kind": "evaluation",
            "level": "enterprise",
            "starts": "2026-12-07",
            "ends": "2026-12-08",
        },
        "units": [{"code": unit, "name": f"{unit}站"} for unit in "UVW"],
        "judges": [{"code": f"J{n}", "name": f"考评{n}"} for n in range(1, 10)],
        "entrants": [
            {
                "code": f"{level}{n:04}",
                "name": f"考生{level}{n}",
                "event": level,
                "unit": "UVW"[n % 3],
            }
            for level, count in people.items()
            for n in range(1, count + 1)
        ],
        "events": levels,
        "marks": [],
        "outcomes": [],
        "penalties": [],
    }


def make_rooms(by: Account, **places: int) -> dict[str, Room]:
    """Add rooms of these names and sizes."""
    return {
        name: ROOMS.add({"name": name, "places": str(size), "address": "实训楼"}, by)
        for name, size in places.items()
    }


def lay_in(
    competition: Competition, key: str, begins: str, rooms: list[Room], by: Account, **typed: Any
) -> None:
    """Lay out sessions of the group of that key in these rooms."""
    wanted = DayLayout(begins=begins, **{"pause": 0} | typed)
    lay_out_days(competition, key, [room.id for room in rooms], wanted, by)


def draw_all(competition: Competition, by: Account) -> int:
    """Draw all that is laid out."""
    names = {
        module_key(*it): f"{competition.code} {it[0].code} {it[2]}"
        for it in modules_to_draw(competition)
    }
    return draw_days(competition, names, by)


def planned(competition: Competition, by: Account, rooms: list[Room], hall: Room) -> None:
    """Lay both days out and draw: theory in rooms, practice by turns in a hall."""
    theory, practice = groups_of(competition)
    lay_in(competition, theory.key, "2026-12-07 09:00", rooms, by)
    turns = {"turns": 6, "minutes": 30, "count": 3}
    lay_in(competition, practice.key, "2026-12-08 08:30", [hall], by, **turns)
    draw_all(competition, by)


def doubled_seats(slots: Sequence[Slot]) -> list[tuple[Slot, Slot]]:
    """List who sit on one seat at one time, two by two."""
    there: dict[tuple[int, int], list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.room_id is not None and slot.seat is not None and slot.starts_at is not None:
            there[slot.room_id, slot.seat].append(slot)
    return [
        (first, second)
        for its in there.values()
        for first, second in combinations(its, 2)
        if meet(_span(first), _span(second))
    ]


def _span(slot: Slot) -> Span:
    assert slot.starts_at is not None, "asked for"
    return slot.starts_at, slot.ends_at
