"""Contest of any size with a paper module and two panels of judges whose habits we choose."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from compete.domain import read_bundle
from compete.domain.bundle.types import Bundle

PANELS = (("J1", "J2", "J3"), ("J4", "J5", "J6"))
NAMES = {
    "J1": "万立国",
    "J2": "何春兰",
    "J3": "许静",
    "J4": "邵建华",
    "J5": "沈岳",
    "J6": "罗平",
    "J7": "顾文",
}
STATIONS = ("1号工位", "2号工位")
START = datetime.fromisoformat("2022-09-16T08:30")


def contest(
    code: str = "CUP",
    *,
    entrants: int = 24,
    bias: Mapping[str, float] | None = None,
    level: str = "municipal",
    blind: bool = False,
    unmarked: Collection[str] = (),
    seed: int = 7,
) -> Bundle:
    """The contest as a bundle. `bias` is what a judge adds to the finish; `unmarked` are codes."""
    chance = random.Random(seed)
    people = [f"P{number:03}" for number in range(1, entrants + 1)]
    plain = {
        "format": "compete-bundle/1",
        "competition": {
            "code": code,
            "name": "2022年全市叉车司机职业技能竞赛",
            "kind": "skills",
            "level": level,
            "starts": "2022-09-16",
            "ends": "2022-09-17",
            "extra": {"schedule": _schedule(people)},
        },
        "units": [{"code": f"U{n}", "name": f"{name}港"} for n, name in enumerate("甲乙丙丁", 1)],
        "judges": [
            {"code": "C1", "name": "沈国梁", "role": "chief"},
            *({"code": j, "name": name, "role": "judge"} for j, name in NAMES.items()),
            {"code": "R1", "name": "季红", "role": "recorder"},
            {"code": "S1", "name": "田春", "role": "supervisor"},
        ],
        "entrants": [
            {"code": person, "name": f"选手{person[1:]}", "event": "FORK", "unit": f"U{1 + n % 4}"}
            for n, person in enumerate(people)
        ],
        "events": [_event(blind)],
        "marks": [
            mark
            for n, person in enumerate(people)
            if person not in unmarked
            for mark in _marks(person, PANELS[n % 2], chance, bias or {})
        ],
    }
    return read_bundle(json.dumps(plain).encode())


def _event(blind: bool) -> dict[str, Any]:
    paper = {
        "code": "paper",
        "name": "理论",
        "weight": 20,
        "full": 100,
        "aspects": [{"code": "all", "name": "卷面", "type": "score", "max": 100, "step": "0.5"}],
    }
    practice = {
        "code": "practice",
        "name": "实操",
        "weight": 80,
        "full": 100,
        "panel": {"size": 3, "min": 2},
        "aspects": [
            {"code": "finish", "name": "堆码质量", "type": "score", "max": 60, "step": "0.1"},
            {"code": "smooth", "name": "操作平稳", "type": "judgement", "max": 20, "scale": 4},
            {"code": "faults", "name": "碰杆", "type": "deduction", "max": 20, "points": 2},
        ],
    }
    event: dict[str, Any] = {
        "code": "FORK",
        "name": "叉车司机",
        "stages": [{"code": "final", "name": "决赛", "modules": [paper, practice]}],
    }
    return event | ({"extra": {"blind": True}} if blind else {})


def _marks(
    person: str, panel: tuple[str, ...], chance: random.Random, bias: Mapping[str, float]
) -> list[dict[str, Any]]:
    def mark(module: str, judge: str, aspect: str, value: str) -> dict[str, Any]:
        return {
            "stage": "final",
            "module": module,
            "entrant": person,
            "judge": judge,
            "aspect": aspect,
            "value": value,
        }

    skill = min(54, max(20, chance.gauss(42, 6)))
    smooth, faults = chance.randint(1, 4), chance.randint(0, 4)
    marks = [mark("paper", "J7", "all", f"{2 * round(skill + 20 + chance.gauss(0, 6)) / 2:.1f}")]
    for judge in panel:
        finish = min(60, max(0, skill + bias.get(judge, 0) + chance.gauss(0, 0.8)))
        marks += [
            mark("practice", judge, "finish", f"{finish:.1f}"),
            mark("practice", judge, "smooth", str(smooth)),
            mark("practice", judge, "faults", str(faults)),
        ]
    return marks


def _schedule(people: list[str]) -> list[dict[str, Any]]:
    """Schedule two stations side by side, a quarter of an hour for each."""
    return [
        {
            "event": "FORK",
            "stage": "final",
            "module": "practice",
            "session": f"第{1 + n // 2}场",
            "starts": (START + timedelta(minutes=15 * (n // 2))).isoformat(timespec="minutes"),
            "ends": (START + timedelta(minutes=15 * (n // 2) + 15)).isoformat(timespec="minutes"),
            "station": STATIONS[n % 2],
            "judges": list(PANELS[n % 2]),
            "entrants": [person],
        }
        for n, person in enumerate(people)
    ]
