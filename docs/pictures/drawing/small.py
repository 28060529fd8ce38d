"""A competition made up for one picture: six people, two of whom share a rank."""

from __future__ import annotations

import json
from typing import Any

from compete.domain.bundle.reading import read_bundle
from compete.domain.scoring.scorer import score

TOTALS = {"甲": 95, "乙": 92, "丙": 90, "丁": 90, "戊": 87, "己": 85}
TOPS = {"first": 1, "second": 2, "third": 3}


def shared_border() -> tuple[list[tuple[str, int, str]], dict[str, str], dict[str, int]]:
    """Name, rank and total of each; award by name; the number of each award."""
    bundle = read_bundle(json.dumps(_file()).encode())
    event = score(bundle).events[0]
    names = {one.code: one.name for one in bundle.entrants}
    people = [(names[row.entrant], row.rank or 0, row.total or "") for row in event.standings]
    awards = {names[row.entrant]: row.award for row in event.awards or () if row.entrant}
    return people, awards, TOPS


def _file() -> dict[str, Any]:
    module = {
        "code": "m",
        "name": "实操",
        "weight": 100,
        "full": 100,
        "aspects": [{"code": "a", "name": "得分", "type": "score", "max": 100}],
    }
    codes = {name: f"E{number}" for number, name in enumerate(TOTALS, start=1)}
    return {
        "format": "compete-bundle/1",
        "competition": {"code": "S", "name": "某竞赛", "kind": "skills", "level": "enterprise"},
        "units": [{"code": "U", "name": "某单位"}],
        "judges": [{"code": "J", "name": "某裁判"}],
        "entrants": [
            {"code": code, "name": name, "event": "V", "unit": "U"} for name, code in codes.items()
        ],
        "events": [
            {
                "code": "V",
                "name": "某赛项",
                "stages": [{"code": "final", "name": "决赛", "modules": [module]}],
                "awards": [{"code": code, "name": code, "top": top} for code, top in TOPS.items()],
            }
        ],
        "marks": [
            {
                "stage": "final",
                "module": "m",
                "entrant": codes[name],
                "judge": "J",
                "aspect": "a",
                "value": total,
            }
            for name, total in TOTALS.items()
        ],
    }
