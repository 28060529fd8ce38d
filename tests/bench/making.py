"""Bundles of any size for the bench: 5 judges × 10 aspects for every entrant."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from random import Random
from typing import Any

JUDGES, ASPECTS = 5, 10
MARKS_EACH = JUDGES * ASPECTS
PEOPLE_IN_EVENT = 1000


def write_bundle_of(marks: int, path: Path, people_in_event: int = PEOPLE_IN_EVENT) -> None:
    """Write a bundle with so many marks, entrants spread over as many events as it takes."""
    path.write_text(
        json.dumps(bundle_of(marks, people_in_event), ensure_ascii=False), encoding="utf-8"
    )


def bundle_of(marks: int, people_in_event: int = PEOPLE_IN_EVENT) -> dict[str, Any]:
    """The same in memory; the same numbers every time."""
    rng = Random(marks)
    people = marks // MARKS_EACH
    events = -(-people // people_in_event)
    entrants = [_entrant(number, number % events) for number in range(people)]
    return {
        "format": "compete-bundle/1",
        "competition": {
            "code": "BENCH",
            "name": "大赛",
            "kind": "skills",
            "level": "provincial-2",
            "year": 2026,
        },
        "units": [{"code": f"U{number:02d}", "name": f"单位{number}"} for number in range(40)],
        "judges": [{"code": f"J{number}", "name": f"裁判{number}"} for number in range(JUDGES)],
        "entrants": entrants,
        "events": [_event(number) for number in range(events)],
        "marks": [mark for entrant in entrants for mark in _marks(entrant["code"], rng)],
    }


def _entrant(number: int, event: int) -> dict[str, Any]:
    return {
        "code": f"E{number:06d}",
        "name": f"选手{number}",
        "event": f"EV{event:03d}",
        "unit": f"U{number % 40:02d}",
        "grade": 4,
    }


def _event(number: int) -> dict[str, Any]:
    aspects = [
        {"code": f"a{place}", "name": f"评分点{place}", "type": "score", "max": "10", "step": "0.1"}
        for place in range(ASPECTS)
    ]
    panel = {"size": JUDGES, "combine": "trimmed_mean", "drop_high": 1, "drop_low": 1}
    module = {
        "code": "practice",
        "name": "实操",
        "weight": "100",
        "full": "100",
        "pass": "40",
        "panel": panel,
        "aspects": aspects,
    }
    return {
        "code": f"EV{number:03d}",
        "name": f"赛项{number}",
        "stages": [{"code": "final", "name": "决赛", "modules": [module]}],
        "ranking": {"ties": ["aspect:a0", "aspect:a1"]},
        "unit_ranking": {"medals": True},
        "awards": [
            {"code": "first", "name": "一等奖", "ratio": "0.1"},
            {"code": "second", "name": "二等奖", "ratio": "0.2"},
            {"code": "third", "name": "三等奖", "ratio": "0.3"},
        ],
        "grades": [
            {
                "code": "top3",
                "cite": "前三名",
                "when": {"levels": ["provincial-2"], "max_rank": 3, "pass_modules": "all"},
                "grant": {"up": 1, "floor": 3, "ceiling": 2},
            }
        ],
    }


def _marks(entrant: str, rng: Random) -> list[dict[str, Any]]:
    return [
        {
            "stage": "final",
            "module": "practice",
            "entrant": entrant,
            "judge": f"J{judge}",
            "aspect": f"a{place}",
            "value": f"{rng.randint(0, 100) / 10:.1f}",
        }
        for judge in range(JUDGES)
        for place in range(ASPECTS)
    ]


if __name__ == "__main__":
    write_bundle_of(int(sys.argv[1]), Path(sys.argv[2]))
