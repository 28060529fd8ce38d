"""sample_events/coal-sampling: three practical modules, five judges, high and low dropped."""

from __future__ import annotations

import random
from typing import Any

from making.coal_rules import JUDGED, PANEL, event
from making.notes import invented
from making.people import People

SEED = 628

UNITS = {
    "F1": "燃料管理一部",
    "F2": "燃料管理二部",
    "LAB": "化验中心",
    "COL": "某技师学院",
}
_PLACES = "F1 F1 F1 F1 F1 F2 F2 F2 F2 F2 LAB LAB LAB LAB LAB COL COL COL COL"
PLACES = _PLACES.split()
RECUSED = {"A03": "J2", "A11": "J4", "A12": "J4"}
"""Who was taught by a judge: that judge stands back, and the panel of four takes a plain mean."""


def bundle() -> dict[str, Any]:
    """The whole competition with its marks."""
    entrants = _entrants()
    dice = random.Random(SEED)
    marks = [mark for one in entrants for mark in _marks(dice, one["code"])]
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": "COAL-2026",
            "name": "电煤采制化专业技能竞赛",
            "kind": "skills",
            "level": "enterprise",
            "year": 2026,
            "starts": "2026-06-28",
            "ends": "2026-06-29",
            "host": "燃料管理部",
            "venue": "采制样间、化验中心",
            "extra": {"note": invented(SEED), "schedule": _schedule(entrants)},
        },
        "units": [{"code": code, "name": name} for code, name in UNITS.items()],
        "judges": _judges(),
        "entrants": entrants,
        "events": [event()],
        "marks": marks,
        "outcomes": [
            {
                "stage": "final",
                "module": "assay",
                "entrant": "A17",
                "status": "dns",
                "reason": "没有参加化验",
            }
        ],
        "penalties": [
            {
                "stage": "final",
                "module": "preparing",
                "entrant": "A08",
                "points": "1.5",
                "reason": "清扫不净，留有余样",
            }
        ],
        # The watch that the mark was read from.
        "times": [
            {
                "stage": "final",
                "module": "assay",
                "entrant": mark["entrant"],
                "seconds": mark["value"],
            }
            for mark in marks
            if mark["aspect"] == "assay-time"
        ],
    }


def _entrants() -> list[dict[str, Any]]:
    people = People(SEED, region=26)
    grades = {1: 2, 4: 3, 6: 3, 9: 5, 11: 2, 12: 1, 15: None}
    rows = []
    for number, unit in enumerate(PLACES, start=1):
        person = people.person()
        student = unit == "COL"
        grade = None if student else grades.get(number, 4)
        rows.append(
            {
                "code": f"A{number:02d}",
                "name": person.name,
                "event": "COAL",
                "unit": unit,
                "id_number": person.id_number,
                **({"group": "student"} if student else {}),
                **({"grade": grade} if grade else {}),
                **({"promoted": 2026} if number == 13 else {}),
                "phone": person.phone,
                "gender": person.gender,
                "birth": person.birth.isoformat(),
            }
        )
    return rows


def _judges() -> list[dict[str, Any]]:
    people = People(SEED + 1, region=27)
    return [
        {"code": "C1", "name": people.person().name, "role": "chief"},
        *({"code": code, "name": people.person().name, "role": "judge"} for code in PANEL),
        {"code": "S1", "name": people.person().name, "role": "supervisor"},
    ]


def _marks(dice: random.Random, who: str) -> list[dict[str, Any]]:
    skill = dice.uniform(0.68, 0.95)
    marks = [
        _mark(who, "theory", "J1", "paper", f"{round(skill * 200 + dice.randint(-30, 8)) / 2:g}")
    ]
    for module, aspects in JUDGED.items():
        for judge in PANEL:
            if RECUSED.get(who) != judge:
                marks += [
                    _mark(who, module, judge, code, _judged(dice, skill, full))
                    for code, _, full in aspects
                ]
    if who == "A17":
        return marks
    return [
        *marks,
        _mark(
            who, "assay", "J1", "deviation", f"{dice.choice((-1, 1)) * dice.randint(1, 62) / 100}"
        ),
        _mark(who, "assay", "J1", "repeat", f"{dice.randint(0, 34) / 100}"),
        _mark(who, "assay", "J1", "handling", dice.randint(0, 4)),
        _mark(who, "assay", "J1", "assay-time", dice.randint(2650, 3300)),
    ]


def _judged(dice: random.Random, skill: float, full: int) -> str:
    """What one judge gives, to half a point: near the skill, a little apart from the others."""
    halves = round(full * 2 * (skill + dice.uniform(-0.05, 0.04)))
    return f"{min(max(halves, 0), full * 2) / 2:g}"


def _mark(who: str, module: str, judge: str, aspect: str, value: Any) -> dict[str, Any]:
    return {
        "stage": "final",
        "module": module,
        "entrant": who,
        "judge": judge,
        "aspect": aspect,
        "value": value,
    }


def _schedule(entrants: list[dict[str, Any]]) -> list[dict[str, Any]]:
    everybody = [one["code"] for one in entrants]
    slots = (
        ("theory", "理论考试", "2026-06-28T08:30", "2026-06-28T10:00", "会议室", ["J1"]),
        ("sampling", "采样", "2026-06-28T10:30", "2026-06-28T12:00", "采样平台", list(PANEL)),
        ("preparing", "制样", "2026-06-28T13:30", "2026-06-28T17:00", "制样间", list(PANEL)),
        ("assay", "化验", "2026-06-29T08:30", "2026-06-29T12:00", "化验室", ["J1"]),
    )
    return [
        {
            "event": "COAL",
            "stage": "final",
            "module": module,
            "session": session,
            "check_in": starts,
            "starts": starts,
            "ends": ends,
            "station": station,
            "judges": judges,
            "entrants": everybody,
        }
        for module, session, starts, ends, station, judges in slots
    ]
