"""Evaluations of any size: one level with a line of conditions each way, marked by one examiner."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.sheets.people import citizen_id

CODE = "TRY"
UNITS, ON = 60, "2026-05-10"
MODULES = ("theory", "hands")
LACKING = 10
"""Of so many people one has no certificate, and so meets no condition."""


def evaluation_of(
    people: int, *, modules: tuple[str, ...] = MODULES, code: str = CODE, marked: bool = True
) -> dict[str, Any]:
    """An evaluation with so many people; all who meet the conditions pass where `marked`."""
    codes = [f"E{number:05d}" for number in range(people)]
    return {
        "format": "compete-bundle/2",
        "competition": {
            "code": code,
            "name": "灌排泵站运行工等级认定",
            "kind": "evaluation",
            "level": "enterprise",
            "starts": ON,
        },
        "units": [{"code": f"U{number:02d}", "name": f"{number}站"} for number in range(UNITS)],
        "judges": [
            {"code": "J1", "name": "考评员一"},
            {"code": "C1", "name": "考评组长", "role": "chief"},
            {"code": "S1", "name": "督导员", "role": "supervisor"},
        ],
        "entrants": [_entrant(number, entrant) for number, entrant in enumerate(codes)],
        "events": [_event(modules)],
        "marks": [
            {
                **{"stage": "s", "module": module, "entrant": entrant},
                **{"judge": "J1", "aspect": "a", "value": str(60 + number % 40)},
            }
            for number, entrant in enumerate(codes)
            for module in modules
        ]
        if marked
        else [],
    }


def _entrant(number: int, code: str) -> dict[str, Any]:
    birth = date(1970, 1, 1) + timedelta(days=number % 9000)
    known = {"grade": 5, "grade_since": "2020-03-01"} if number % LACKING else {}
    return {
        "code": code,
        "name": f"申报人{number}",
        "event": "EV",
        "unit": f"U{number % UNITS:02d}",
        "id_number": citizen_id(birth, number // 9000 + 1),
        "birth": birth.isoformat(),
        "trade": {"months": 40, "at": ON},
        "papers": [{"kind": "中职毕业", "since": "2026-01-01"}],
        **known,
    }


def _event(modules: tuple[str, ...]) -> dict[str, Any]:
    aspects = [{"code": "a", "name": "得分", "type": "score", "max": "100"}]
    names = {"theory": "理论", "hands": "技能"}
    return {
        "code": "EV",
        "name": "灌排泵站运行工 四级",
        "occupation": {"code": "4-09-01-05", "name": "灌排泵站运行工"},
        "verdict": "pass",
        "grade": 4,
        "carry_months": 24,
        "rounding": {"module": 2},
        "apply": [
            {"code": "from-5", "when": {"holds": {"at_least": 5}, "years_in_grade": 3}},
            {"code": "trade", "when": {"years_in_trade": 6, "min_age": 18}},
            {"code": "school", "when": {"papers": {"of": ["中职毕业"], "years": 2}}},
        ],
        "stages": [
            {
                "code": "s",
                "name": "考核",
                "modules": [
                    {"code": each, "name": names[each], "full": "100", "aspects": aspects}
                    for each in modules
                ],
            }
        ],
    }
