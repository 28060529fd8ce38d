"""Competitions of any size for the desk's bench: 20 judges in panels of five, 90 marks each."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.sheets.people import citizen_id

CODE = "DESK"
PANELS, PANEL = 4, 5
ASPECTS = (14, 4)
"""Of the two modules; five judges make 90 marks a person of them."""
LATE = 10
"""Of so many people one is still being marked, where a bundle is made `late`."""

STRANGE = 500
"""Of so many people one has times that nobody believes, where a bundle is `timed`."""


def event_of(
    people: int,
    *,
    late: bool = False,
    timed: bool = False,
    aspects: tuple[int, int] = ASPECTS,
) -> dict[str, Any]:
    """A competition of one event with so many people; the same numbers every time.

    `late` leaves the second half of every tenth person's marks out. People stand at
    four stations, each with a panel of its own. `timed` makes the first aspect of each
    module a time, of which some are implausible.
    """
    rng = Random(people)
    modules = [
        _module("drive", "实操", aspects[0], 70, timed=timed),
        _module("talk", "答辩", aspects[1], 30, timed=timed),
    ]
    codes = [f"E{number:05d}" for number in range(people)]
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": CODE,
            "name": "大赛",
            "kind": "skills",
            "level": "municipal",
            "year": 2026,
            "extra": {"schedule": _schedule(codes)},
        },
        "units": [{"code": f"U{number:02d}", "name": f"单位{number}"} for number in range(60)],
        "judges": [
            *({"code": code, "name": f"裁判{code}", "role": "judge"} for code in _judges()),
            {"code": "C01", "name": "裁判长", "role": "chief"},
            {"code": "S01", "name": "监督", "role": "supervisor"},
        ],
        "entrants": [_entrant(number, code) for number, code in enumerate(codes)],
        "events": [_event(modules)],
        "marks": [
            mark
            for number, code in enumerate(codes)
            for mark in _marks(code, number, modules, rng, half=late and number % LATE == LATE - 1)
        ],
    }


def _judges() -> list[str]:
    return [f"J{number:02d}" for number in range(PANELS * PANEL)]


def panel_of(number: int) -> list[str]:
    """The five who mark the person of that number."""
    first = number % PANELS * PANEL
    return _judges()[first : first + PANEL]


def _schedule(codes: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "event": "EV",
            "stage": "final",
            "module": module,
            "session": f"第{station + 1}场",
            "station": f"{station + 1}号工位",
            "starts": f"2026-09-16T{8 + station:02d}:{30 * place:02d}",
            "ends": f"2026-09-16T{9 + station:02d}:{30 * place:02d}",
            "judges": panel_of(station),
            "entrants": codes[station::PANELS],
        }
        for place, module in enumerate(("drive", "talk"))
        for station in range(PANELS)
    ]


def _entrant(number: int, code: str) -> dict[str, Any]:
    birth = date(1970, 1, 1) + timedelta(days=number % 9000)
    return {
        "code": code,
        "name": f"选手{number}",
        "event": "EV",
        "unit": f"U{number % 60:02d}",
        "grade": 4,
        "id_number": citizen_id(birth, number // 9000 + 1),
        "birth": birth.isoformat(),
    }


def _module(
    code: str, name: str, aspects: int, weight: int, *, timed: bool = False
) -> dict[str, Any]:
    kinds: list[dict[str, Any]] = [
        {"type": "judgement", "scale": 3, "max": "10"}
        if place % 7 == 6
        else {"type": "score", "max": "10", "step": "0.1"}
        for place in range(aspects)
    ]
    if timed:
        kinds[0] = {"type": "time", "max": "10", "full_at": "300", "zero_at": "900"}
    return {
        "code": code,
        "name": name,
        "weight": str(weight),
        "full": str(10 * aspects),
        "pass": str(4 * aspects),
        "panel": {
            "size": PANEL,
            "combine": "trimmed_mean",
            "drop_high": 1,
            "drop_low": 1,
        },
        "aspects": [
            {"code": f"a{place}", "name": f"评分点{place}", **kind}
            for place, kind in enumerate(kinds)
        ],
    }


def _event(modules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "code": "EV",
        "name": "起重机司机",
        "occupation": {"code": "6-30-05-01", "name": "起重装卸机械操作工"},
        "stages": [{"code": "final", "name": "决赛", "modules": modules}],
        "ranking": {"ties": ["module:drive", "aspect:a0"]},
        "unit_ranking": {"medals": True},
        "awards": [
            {"code": "first", "name": "一等奖", "ratio": "0.1"},
            {"code": "second", "name": "二等奖", "ratio": "0.2"},
            {"code": "third", "name": "三等奖", "ratio": "0.3"},
        ],
        "grades": [
            {
                "code": "top",
                "cite": "前 60%",
                "when": {"levels": ["municipal"], "max_rank": 100000, "pass_modules": "all"},
                "grant": {"up": 1, "floor": 3, "ceiling": 2},
            }
        ],
    }


def _marks(
    entrant: str, number: int, modules: list[dict[str, Any]], rng: Random, *, half: bool
) -> list[dict[str, Any]]:
    able = rng.uniform(0.4, 0.95)
    marks = []
    for module in modules:
        aspects = module["aspects"]
        for judge in panel_of(number):
            for aspect in aspects[: max(1, len(aspects) // 2)] if half else aspects:
                value = min(1.0, max(0.0, rng.gauss(able, 0.08)))
                mark = str(round(3 * value)) if "scale" in aspect else f"{10 * value:.1f}"
                if aspect["type"] == "time":
                    mark = "0.9" if number % STRANGE == 0 else f"{900 - 600 * value:.1f}"
                marks.append(
                    {
                        "stage": "final",
                        "module": module["code"],
                        "entrant": entrant,
                        "judge": judge,
                        "aspect": aspect["code"],
                        "value": mark,
                    }
                )
    return marks
