"""A skills bundle and a labour bundle with a bit of everything, and ways to spoil them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from compete.domain import read_bundle
from compete.domain.bundle.problems import BundleError

Plain = dict[str, Any]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BUNDLES = sorted(EXAMPLES.glob("*.bundle.json"))

GONE = object()
"""In place of a value: leave the key, or the list's element, out."""


def aspect(code: str, kind: str = "score", most: Any = "100", **keys: Any) -> Plain:
    return {"code": code, "name": code, "type": kind, "max": most, **keys}


def mark(module: str, entrant: str, judge: str, of: str, value: Any, stage: str = "s2") -> Plain:
    return {
        "stage": stage,
        "module": module,
        "entrant": entrant,
        "judge": judge,
        "aspect": of,
        "value": value,
    }


def skills() -> Plain:
    """Two stages; in the last a module alone, and a part of one module of every aspect type."""
    quick = {"code": "quick", "name": "速度", "weight": 0, "full": 100}
    quick["aspects"] = [
        aspect("clock", "time", 50, full_at=60, zero_at="120.5"),
        aspect("best", "relative", 50),
    ]
    craft: Plain = {"code": "craft", "name": "工艺", "part": "hands", "weight": "40"}
    craft |= {"full": "100", "pass": 60, "panel": {"size": 2, "min": 1, "max_spread": 5}}
    craft["aspects"] = [
        aspect("look", "judgement", 20, criterion="外观"),
        aspect("width", "measurement", 20),
        aspect("depth", "measurement", 20, bands=[{"within": "0.1", "marks": 20}]),
        aspect("scratch", "deduction", 20, points=2),
        aspect("neat", "score", 10, factor=2, step="0.5"),
    ]
    theory = {"code": "theory", "name": "理论", "weight": 60, "full": 100, "pass": "60"}
    theory["aspects"] = [aspect("paper")]
    first = {"code": "s1", "name": "预赛", "modules": [{**theory, "weight": 100}]}
    first["advance"] = {"top": 2, "per_unit": 1}
    last = {"code": "s2", "name": "决赛", "modules": [theory, craft, quick]}
    last["parts"] = [{"code": "hands", "name": "实操", "weight": "40", "full": 100, "pass": 50}]
    last["carry"] = {"from": "s1", "weight": "0.3", "own": 0.7}
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": "C",
            "name": "竞赛",
            "kind": "skills",
            "level": "municipal",
            "year": 2026,
            "starts": "2026-05-01",
        },
        "units": [
            {"code": "U1", "name": "集团"},
            {"code": "U2", "name": "分厂", "parent": "U1"},
            {"code": "U3", "name": "车间", "parent": "U2"},
        ],
        "judges": [
            {"code": "J1", "name": "裁判一", "unit": "U1", "role": "chief"},
            {"code": "J2", "name": "裁判二"},
            {"code": "J3", "name": "裁判三"},
        ],
        "entrants": [
            {"code": "E1", "name": "甲", "event": "X", "unit": "U2", "team": "T1", "grade": 4},
            {"code": "E2", "name": "乙", "event": "X", "unit": "U3", "birth": "1990-02-28"},
            {"code": "E3", "name": "丙", "event": "Y", "unit": "U3"},
            {"code": "E4", "name": "丁组", "event": "Y", "unit": "U3", "members": crew()},
        ],
        "teams": [
            {"code": "T1", "name": "一队", "event": "X", "unit": "U1"},
            {"code": "T2", "name": "二队", "event": "Y", "unit": "U1"},
        ],
        "events": [_event(first, last), _second_event(theory)],
        "marks": [
            mark("theory", "E1", "J1", "paper", "88.5", "s1"),
            mark("craft", "E1", "J1", "look", 3),
            mark("craft", "E1", "J2", "look", 2),
            mark("craft", "E1", "J1", "width", True),
            mark("craft", "E1", "J1", "depth", "-0.05"),
            mark("craft", "E1", "J1", "scratch", 1),
            mark("craft", "E1", "J1", "neat", "8.5"),
            mark("quick", "E1", "J1", "clock", 71.25),
            mark("quick", "E1", "J1", "best", 12),
            mark("rig", "E4", "J2", "gear", 2, "only"),
        ],
        "outcomes": [{"stage": "s2", "entrant": "E2", "status": "dns", "reason": "没来"}],
        "penalties": [{"stage": "s2", "module": "craft", "entrant": "E1", "points": 2}],
        "times": [{"stage": "s2", "module": "craft", "entrant": "E1", "seconds": 600}],
    }


def crew() -> list[Plain]:
    """A main member and an assistant, who is a student."""
    return [
        {"code": "E4a", "name": "丁一", "grade": 4, "birth": "1991-03-05"},
        {"code": "E4b", "name": "丁二", "group": "student", "role": "assistant"},
    ]


def _event(first: Plain, last: Plain) -> Plain:
    return {
        "code": "X",
        "name": "赛项",
        "rounding": {"module": 2},
        "stages": [first, last],
        "ranking": {"ties": ["part:hands", "criterion:外观", "time:craft", "age:older"]},
        "team_ranking": {"best": 2, "ties": ["best", "module:craft"]},
        "unit_ranking": {"points": {"1": 9, "2": "7.5"}},
        "items": [{"code": "hands-on", "name": "实操单项", "of": "hands", "ties": ["stage:s1"]}],
        "awards": [
            {"code": "gold", "name": "一等奖", "top": 1},
            {"code": "silver", "name": "二等奖", "ratio": "0.2", "pass_modules": True},
            {"code": "best", "name": "单项奖", "top": 1, "scope": "items"},
        ],
        "grades": [
            {
                "code": "r1",
                "cite": "规则",
                "when": {
                    "max_rank": 3,
                    "awards": ["gold"],
                    "item": {"code": "any", "max_rank": 1},
                    "pass_modules": ["craft", "hands"],
                    "under": ["U1"],
                    "holds": {"at_most": 3},
                },
                "grant": {"up": 1, "floor": 3, "titles": ["能手"]},
            }
        ],
    }


def _second_event(theory: Plain) -> Plain:
    rig = {"code": "rig", "name": "穿戴", "weight": 40, "full": 10}
    rig["aspects"] = [aspect("gear", "checklist", 10, checks=["安全帽", "手套", "工作服"])]
    stage = {"code": "only", "name": "决赛", "modules": [{**theory, "weight": 60}, rig]}
    return {"code": "Y", "name": "另一个", "stages": [stage]}


def labour() -> Plain:
    """A year of two halves, the first of which has two quarters."""
    return {
        "format": "compete-bundle/1",
        "competition": {"code": "L", "name": "劳动竞赛", "kind": "labour", "level": "enterprise"},
        "units": [{"code": "A", "name": "一队"}, {"code": "B", "name": "二队"}],
        "labour": {
            "periods": [
                {"code": "year", "name": "全年"},
                {"code": "h1", "name": "上半年", "part_of": "year", "weight": 60},
                {"code": "h2", "name": "下半年", "part_of": "year", "weight": 40},
                {"code": "q1", "name": "一季度", "part_of": "h1"},
                {"code": "q2", "name": "二季度", "part_of": "h1"},
            ],
            "indicators": [
                _indicator("safe", {"type": "score"}, heading="比安全"),
                _indicator("done", {"type": "completion", "cap": "1.2"}),
                _indicator("cost", {"type": "linear", "zero_at": 100, "full_at": 80}),
                _indicator("bad", {"type": "deduction", "points": "0.5"}, periods=["q1", "q2"]),
                _indicator("most", {"type": "rank", "points": [5, "3.5", 1]}),
            ],
            "values": [
                {"unit": "A", "period": "q1", "indicator": "safe", "value": 95},
                {"unit": "A", "period": "q1", "indicator": "done", "value": 7, "target": 8},
                {"unit": "A", "period": "h2", "indicator": "cost", "value": "91.5"},
                {"unit": "B", "period": "q1", "indicator": "bad", "value": 3},
                {"unit": "B", "period": "q2", "indicator": "most", "value": -3},
            ],
            "groups": {"A": "一线", "B": "二线"},
            "adjustments": [{"unit": "A", "period": "h1", "points": "-1.5", "reason": "通报"}],
            "adjust_cap": 3,
            "ties": ["indicator:safe"],
            "vetoes": [{"unit": "B", "period": "q2", "reason": "事故"}],
            "flags": {"count": 1, "min": 60, "periods": ["q1", "h1"]},
            "warn_below": "55",
        },
    }


def _indicator(code: str, scoring: Plain, **keys: Any) -> Plain:
    return {"code": code, "name": code, "max": 100, "scoring": scoring, **keys}


def changed(plain: Plain, path: str, value: Any) -> Plain:
    """The bundle with another value at `path`, which may be one past a list's end."""
    plain = json.loads(json.dumps(plain))
    *way, last = [
        int(step[1:-1]) if step.startswith("[") else step
        for step in re.findall(r"\[\d+\]|[^.\[\]]+", path)
    ]
    here: Any = plain
    for step in way:
        here = here[step] if isinstance(step, int) else here.setdefault(step, {})
    if value is GONE:
        del here[last]
    elif isinstance(last, int) and last == len(here):
        here.append(value)
    else:
        here[last] = value
    return plain


def refused(plain: Any) -> dict[str, str]:
    """What is said about a bundle, by path; empty for one that is read."""
    data = plain if isinstance(plain, bytes) else json.dumps(plain).encode()
    try:
        read_bundle(data)
    except BundleError as error:
        messages: dict[str, str] = {}
        for problem in error.problems:
            messages[problem.path] = str(problem.message)
        return messages
    return {}
