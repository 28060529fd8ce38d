"""Small competition to follow by hand: four people, two modules, three judges."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from compete.domain import read_bundle
from compete.domain.bundle.types import Bundle
from tests.domain.scoring.build import aspect, bundle, entrant, event, mark, module, panel, stage
from tests.sheets.people import citizen_id

PEOPLE = ("P1", "P2", "P3", "P4")
IDS = {code: citizen_id(date(1990, 1, 1), n) for n, code in enumerate(PEOPLE, start=1)}


def small_event(**keys: Any) -> dict[str, Any]:
    """Build 操作 by two judges: a score and faults; 用时 by one: seconds."""
    drive = module(
        "m",
        [
            aspect("a", full=60, step="0.5"),
            aspect("f", full=30, kind="deduction", points="5"),
            aspect("y", full=10, kind="measurement"),
        ],
        weight=60,
        panel=panel(2),
    )
    clock = module("t", [aspect("s", full=100, kind="time", full_at=60, zero_at=160)], weight=40)
    ranking = {"ties": ["module:m", "time:t"]}
    return event(stage(drive, clock), ranking=ranking, **keys)


def small(marks: list[dict[str, Any]] | None = None, **keys: Any) -> dict[str, Any]:
    """Build the bundle as plain values; `event` and `competition` add keys to those parts."""
    names = ("赵启明", "钱文", "孙䶮", "李小小")
    people = [
        entrant(code, unit="U1" if place < 2 else "U2", name=name, id_number=IDS[code])
        for place, (code, name) in enumerate(zip(PEOPLE, names, strict=True))
    ]
    the_event = small_event(**keys.pop("event", {}))
    plain = bundle(the_event, people, marks or [], **keys)
    plain["competition"]["name"] = "小赛"
    plain["units"] = [{"code": "U1", "name": "甲单位"}, {"code": "U2", "name": "乙单位"}]
    plain["judges"] = [
        {"code": "J1", "name": "周一", "role": "judge"},
        {"code": "J2", "name": "周二", "role": "judge"},
        {"code": "J3", "name": "周三", "role": "judge"},
        {"code": "C1", "name": "裁判长甲", "role": "chief"},
        {"code": "S1", "name": "监督乙", "role": "supervisor"},
    ]
    return plain


def all_marks() -> list[dict[str, Any]]:
    """Build marks of everybody by everybody: P1 best, then P2, P3, P4."""
    marks = []
    for place, code in enumerate(PEOPLE):
        for judge in ("J1", "J2"):
            marks += [
                mark(code, str(50 - 5 * place), judge, "a"),
                mark(code, place, judge, "f"),
                mark(code, True, judge, "y"),
            ]
        marks.append(mark(code, str(60 + 10 * place), "J3", "s", "t"))
    return marks


def read(plain: dict[str, Any]) -> Bundle:
    """Read the plain values as a bundle, checked on the way."""
    return read_bundle(json.dumps(plain, ensure_ascii=False).encode())
