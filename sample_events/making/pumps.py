"""sample_events/pump-station: honours for four, and the first goes on to a national event."""

from __future__ import annotations

import random
from typing import Any

from making.notes import invented
from making.people import People
from making.pump_rules import NATIONAL, event

SEED = 2023

UNITS = {
    "W0": "江苏水源公司",
    "W1": "江都枢纽管理所",
    "W2": "泗洪泵站管理所",
    "W3": "淮安泵站管理所",
    "W4": "邳州泵站管理所",
    "W5": "宿迁市灌区管理处",
}
PARENTS = {"W1": "W0", "W2": "W0", "W3": "W0", "W4": "W0"}
_PLACES = "W1 W1 W1 W1 W1 W2 W2 W2 W2 W3 W3 W3 W3 W4 W4 W4 W4 W5 W5 W5"
PLACES = _PLACES.split()
PAPERS = (93, 91, 88, 86, 85, 90, 84, 78, 71, 87, 84, 76, 66, 82, 79, 74, 58, 83, 77, 69)
"""Everybody's theory paper. P05 has 85 but is the fifth of one unit, and stays out."""

FIRST = "P06"
JUDGES = {"operation": ("O1", "O2", "O3"), "fault": ("F1", "F2"), "assembly": ("A1",)}


def bundle() -> dict[str, Any]:
    """The whole competition with its marks."""
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": "PUMP-2023",
            "name": "2023年江苏省泵站运行和维修工职业技能竞赛",
            "kind": "skills",
            "level": "provincial-2",
            "year": 2023,
            "starts": "2023-06-12",
            "ends": "2023-06-15",
            "host": "江苏水源公司",
            "series": "江苏省泵站运行和维修工职业技能竞赛",
            "venue": "泵站技能学院",
            "extra": {
                "note": invented(SEED),
                "nominations": [
                    {
                        "entrant": FIRST,
                        "to": NATIONAL,
                        "level": "national-2",
                        "why": "省赛第 1 名",
                        "result": {"rank": 4},
                    }
                ],
                "schedule": _schedule(),
            },
        },
        "units": [
            {"code": code, "name": name, **({"parent": PARENTS[code]} if code in PARENTS else {})}
            for code, name in UNITS.items()
        ],
        "judges": _judges(),
        "entrants": _entrants(),
        "events": [event()],
        "marks": [*_papers(), *_final_marks()],
        "outcomes": [
            {
                "stage": "final",
                "module": "assembly",
                "entrant": "P18",
                "status": "dnf",
                "reason": "装配没有完成就停手",
            }
        ],
        "penalties": [
            {
                "stage": "final",
                "module": "operation",
                "entrant": "P10",
                "points": 3,
                "reason": "没等调度令就合闸",
            }
        ],
        "times": [
            {"stage": "final", "module": "fault", "entrant": who, "seconds": _seconds(who)}
            for who in _finalists()
        ],
    }


def _code(number: int) -> str:
    return f"P{number:02d}"


def _entrants() -> list[dict[str, Any]]:
    people = People(SEED, region=23)
    grades = {1: 3, 2: 4, 6: 3, 8: None, 10: 3, 11: 5, 14: 2}
    rows = []
    for number, unit in enumerate(PLACES, start=1):
        person = people.person()
        grade = grades.get(number, 4)
        going_on = {"extra": {"nominated_to": NATIONAL}} if _code(number) == FIRST else {}
        rows.append(
            {
                "code": _code(number),
                "name": person.name,
                "event": "PUMP",
                "unit": unit,
                "id_number": person.id_number,
                **({"grade": grade} if grade else {}),
                "phone": person.phone,
                "gender": person.gender,
                "birth": person.birth.isoformat(),
                **going_on,
            }
        )
    return rows


def _judges() -> list[dict[str, Any]]:
    people = People(SEED + 1, region=28)
    codes = [code for panel in JUDGES.values() for code in panel]
    return [
        {"code": "C1", "name": people.person().name, "role": "chief"},
        {"code": "T1", "name": people.person().name, "role": "judge"},
        *({"code": code, "name": people.person().name, "role": "judge"} for code in codes),
    ]


def _papers() -> list[dict[str, Any]]:
    return [
        _mark("preliminary", "theory", _code(number), "T1", "paper", marks)
        for number, marks in enumerate(PAPERS, start=1)
    ]


def _finalists() -> list[str]:
    """The best twelve papers, at most four of a unit; who shares the last place goes too."""
    taken: list[str] = []
    last = None
    for place in sorted(range(len(PAPERS)), key=lambda at: (-PAPERS[at], at)):
        of_unit = sum(PLACES[int(one[1:]) - 1] == PLACES[place] for one in taken)
        if len(taken) >= 12 and PAPERS[place] != last:
            break
        if of_unit < 4:
            taken.append(_code(place + 1))
            last = PAPERS[place]
    return sorted(taken)


def _seconds(who: str) -> int:
    return random.Random(f"{SEED}{who}").randint(840, 1400)


def _final_marks() -> list[dict[str, Any]]:
    dice = random.Random(SEED)
    marks: list[dict[str, Any]] = []
    for who in _finalists():
        best = who == FIRST
        slips = 0 if best else dice.randint(0, 3)
        calling = 3 if best else dice.randint(1, 3)
        for judge in JUDGES["operation"]:
            marks += [
                _mark("final", "operation", who, judge, "steps", slips),
                _mark("final", "operation", who, judge, "calling", calling),
                _mark("final", "operation", who, judge, "safety", dice.randint(15, 19)),
            ]
        found = [best or dice.random() < 0.8 for _ in range(5)]
        for judge in JUDGES["fault"]:
            marks += [
                _mark("final", "fault", who, judge, f"fault-{number}", ok)
                for number, ok in enumerate(found, start=1)
            ]
            marks.append(_mark("final", "fault", who, judge, "fault-time", _seconds(who)))
        marks += _assembled(dice, who, best)
    return marks


def _assembled(dice: random.Random, who: str, best: bool) -> list[dict[str, Any]]:
    deviation = f"{dice.choice((-1, 1)) * (4 if best else dice.randint(2, 24)) / 100}"
    marks = [_mark("final", "assembly", who, "A1", "tools", dice.randint(0, 3))]
    if who != "P18":
        marks.insert(0, _mark("final", "assembly", who, "A1", "clearance", deviation))
    return marks


def _mark(stage: str, module: str, who: str, judge: str, aspect: str, value: Any) -> dict[str, Any]:
    return {
        "stage": stage,
        "module": module,
        "entrant": who,
        "judge": judge,
        "aspect": aspect,
        "value": value,
    }


def _schedule() -> list[dict[str, Any]]:
    everybody = [_code(number) for number in range(1, len(PLACES) + 1)]
    finalists = _finalists()
    slots = (
        ("preliminary", "theory", "预赛理论", "2023-06-12T14:00", "2023-06-12T16:00", "机房"),
        ("final", "operation", "机组操作", "2023-06-14T08:30", "2023-06-14T11:30", "主机房"),
        ("final", "fault", "故障排除", "2023-06-14T13:30", "2023-06-14T17:30", "实训间"),
        ("final", "assembly", "检修装配", "2023-06-15T08:30", "2023-06-15T11:30", "检修间"),
    )
    return [
        {
            "event": "PUMP",
            "stage": stage,
            "module": module,
            "session": session,
            "check_in": starts,
            "starts": starts,
            "ends": ends,
            "station": station,
            "judges": list(JUDGES.get(module, ("T1",))),
            "entrants": everybody if stage == "preliminary" else finalists,
        }
        for stage, module, session, starts, ends, station in slots
    ]
