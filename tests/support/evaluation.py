"""Evaluation with a bit of everything, small, and what is needed to change it."""

from __future__ import annotations

from typing import Any

Plain = dict[str, Any]
FROM = {"competition": "Y", "event": "E", "entrant": "Q", "publication": "2"}


def module(code: str, full: str = "100", **keys: Any) -> Plain:
    aspects = [{"code": "a", "name": "点", "type": "score", "max": full}]
    return {"code": code, "name": code, "full": full, "aspects": aspects, **keys}


def mark(of: str, entrant: str, value: Any, judge: str = "J1") -> Plain:
    where = {"stage": "s", "module": of, "entrant": entrant, "judge": judge, "aspect": "a"}
    return {**where, "value": value}


def _event(code: str) -> Plain:
    return {
        "code": code,
        "name": "泵站运行工 四级",
        "occupation": {"code": "4-09", "name": "泵站运行工", "track": "甲"},
        "rounding": {"module": 2},
        "verdict": "pass",
        "grade": 4,
        "cite": "4.2",
        "carry_months": 24,
        "apply": [
            {
                "code": "from-5",
                "cite": "五级满 3 年",
                "when": {"holds": {"at_least": 5}, "years_in_grade": 3},
            },
            {"code": "paper", "when": {"papers": {"of": ["中专"], "years": 1}, "min_age": 18}},
        ],
        "stages": [
            {
                "code": "s",
                "name": "考核",
                "parts": [{"code": "hands", "name": "技能", "full": "100"}],
                "modules": [
                    module("theory"),
                    module("one", part="hands", weight="60"),
                    module("two", part="hands", weight="40"),
                    module("review", review=True, panel={"size": 3}),
                ],
            }
        ],
    }


def evaluation() -> Plain:
    """Build one: somebody brought the theory along, and tries the rest again in a second event."""
    first = {
        "code": "P1",
        "name": "王小明",
        "event": "A",
        "unit": "U",
        "id_number": "1",
        "grade": 5,
        "grade_since": "2020-02-29",
        "birth": "1990-05-10",
        "trade": {"months": 60, "at": "2025-05-10"},
        "papers": [{"kind": "中专", "since": "2010-07-01"}],
        "carried": [{"of": "theory", "mark": "72.5", "until": "2027-01-01", "from": FROM}],
    }
    resit = {"event": "A", "entrant": "P1", "attempt": 2}
    again = {"code": "P2", "name": "王小明", "event": "B", "unit": "U", "id_number": "1"}
    return {
        "format": "compete-bundle/2",
        "competition": {
            "code": "EV",
            "name": "认定",
            "kind": "evaluation",
            "level": "enterprise",
            "starts": "2026-05-10",
        },
        "units": [{"code": "U", "name": "一站"}],
        "judges": [{"code": f"J{n}", "name": f"考评员{n}"} for n in (1, 2, 3)],
        "entrants": [first, {**again, "resit": resit}],
        "events": [_event("A"), _event("B")],
        "marks": [
            mark("one", "P1", 70),
            mark("two", "P1", "59"),
            *(mark("review", "P1", 80, f"J{n}") for n in (1, 2, 3)),
            mark("theory", "P2", 90),
        ],
        "outcomes": [],
        "penalties": [],
    }
