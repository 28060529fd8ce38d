"""Varied competition with what is rare: two events, one blind, a crew, a checklist.

Both events have a stage `S`, modules `m` and `t`, and aspects `a` and `s`, so
whoever looks something up by code alone finds the other event's.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from compete.domain.bundle.types import Bundle
from tests.domain.scoring.build import aspect, mark, module, panel, stage
from tests.sheets.people import citizen_id
from tests.support.small import read

CHECKS = ("安全帽戴好", "手套戴好", "工作服扣好", "工具清点")
CREW = "C1"
MEMBERS = ("C1a", "C1b")


def _event(code: str, name: str, **keys: Any) -> dict[str, Any]:
    drive = module(
        "m",
        [
            aspect("a", full=60, step="0.5", criterion="操作"),
            aspect("w", full=40, kind="checklist", checks=list(CHECKS), criterion="安全"),
        ],
        weight=60,
        panel=panel(2),
    )
    clock = module("t", [aspect("s", full=100, kind="time", full_at=60, zero_at=160)], weight=40)
    rule = {"code": f"{code}-top", "cite": "规程第 3 条", "when": {"max_rank": 2}}
    helper = {"roles": ["assistant"], "max_rank": 1}
    return {
        "code": code,
        "name": name,
        "occupation": {"code": "6-30-05-06", "name": "起重装卸机械操作工"},
        "stages": [stage(drive, clock)],
        "ranking": {"ties": ["module:m", "time:t"]},
        "awards": [{"code": "first", "name": "一等奖", "top": 1}],
        "grades": [
            {**rule, "grant": {"up": 1, "titles": ["技术能手"]}},
            {"code": f"{code}-help", "when": helper, "grant": {"up": 1}},
        ],
        **keys,
    }


def _person(code: str, name: str, number: int, **keys: Any) -> dict[str, Any]:
    return {
        "code": code,
        "name": name,
        "id_number": citizen_id(date(1990, 1, 1), number),
        "grade": 4,
        **keys,
    }


def varied(marks: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Build the bundle as plain values: event `A` with a crew, `B` blind, one team in each."""
    of_a, of_b = {"event": "A", "unit": "U1"}, {"event": "B", "unit": "U2"}
    crew = {
        "code": CREW,
        "name": "甲一组",
        "team": "TA",
        **of_a,
        "members": [
            _person("C1a", "赵启明", 1),
            _person("C1b", "钱文", 2, group="student", phone="13800000002"),
        ],
    }
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": "VARIED",
            "name": "两项赛",
            "kind": "skills",
            "level": "provincial-1",
            "year": 2026,
        },
        "units": [{"code": "U1", "name": "甲单位"}, {"code": "U2", "name": "乙单位"}],
        "judges": [
            {"code": "J1", "name": "周一", "role": "judge"},
            {"code": "J2", "name": "周二", "role": "judge"},
            {"code": "K1", "name": "裁判长甲", "role": "chief"},
            {"code": "S1", "name": "监督乙", "role": "supervisor"},
        ],
        "entrants": [
            crew,
            _person("P1", "孙三", 3, **of_a),
            _person("P2", "李小小", 4, **of_b),
            _person("P3", "周五", 5, **of_b),
        ],
        "teams": [{"code": "TA", "name": "甲队", **of_a}],
        "events": [_event("A", "双人起重"), _event("B", "单人起重", extra={"blind": True})],
        "marks": marks or [],
    }


def varied_marks() -> list[dict[str, Any]]:
    """Build marks of everybody by everybody, the crew before P1 and P2 before P3."""
    marks = []
    for place, code in enumerate((CREW, "P2", "P1", "P3")):
        for judge in ("J1", "J2"):
            marks.append(mark(code, str(50 - place), judge, "a"))
            met = {"extra": {"met": list(range(4 - place))}}
            marks.append({**mark(code, 4 - place, judge, "w"), **met})
        marks.append(mark(code, str(60 + 10 * place), "J1", "s", "t"))
    return marks


def varied_bundle() -> Bundle:
    """Build the competition with all its marks."""
    return read(varied(varied_marks()))
