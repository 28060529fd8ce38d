"""A forklift contest of two attempts of which the better counts, while it is judged."""

from __future__ import annotations

import json
from typing import Any

from compete.domain import read_bundle
from compete.domain.values.roles import Role
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.loading import load_bundle
from compete.services.schedule.allocation import assign_judges, open_judging
from tests.support.panels import Panel

CODE = "TWICE"


def attempts_bundle(
    *,
    attempts: int = 2,
    best: int = 1,
    theory: bool = False,
    blind: bool = False,
    size: int = 2,
    rounds: bool = False,
) -> dict[str, Any]:
    """Build three entrants; each attempt has marks out of 60 and a run against the watch of 40.

    Times are cut off upwards to whole points. `theory` is a further module.
    """
    modules: list[dict[str, Any]] = [
        {
            "code": f"run{n}",
            "name": "叉车作业",
            "part": "run",
            "weight": 1,
            "full": 100,
            "panel": {"size": size},
            "aspects": [
                {"code": "work", "name": "堆码", "type": "score", "max": 60, "step": "0.5"},
                {
                    **{"code": "time", "name": "用时", "type": "time", "max": 40},
                    **{"full_at": 100, "zero_at": 400},
                },
            ],
        }
        for n in range(1, attempts + 1)
    ]
    if theory:
        marks = [{"code": "all", "name": "卷面", "type": "score", "max": 100}]
        modules.append(
            {"code": "paper", "name": "理论", "weight": 40, "full": 100, "aspects": marks}
        )
    weight = 60 if theory else 100
    run = {"code": "run", "name": "叉车作业", "weight": weight, "full": 100}
    by_rounds: dict[str, Any] = {"extra": {"rounds": True}} if rounds else {}
    event: dict[str, Any] = {
        "code": "FORK",
        "name": "叉车司机",
        "rounding": {"module": 0, "mode": "up"},
        "stages": [
            {
                **{"code": "final", "name": "决赛", "modules": modules},
                "parts": [run | {"take": {"best": best}} | by_rounds],
            }
        ],
        "ranking": {"ties": ["next:run"]} if best < attempts else {},
    }
    if blind:
        event["extra"] = {"blind": True}
    people = (("E1", "王一"), ("E2", "李二"), ("E3", "周三"))
    return {
        "format": "compete-bundle/2",
        "competition": {"code": CODE, "name": "叉车比武", "kind": "skills", "level": "enterprise"},
        "units": [{"code": "U1", "name": "甲港"}],
        "judges": [
            {"code": "C1", "name": "沈国梁", "role": "chief"},
            *({"code": f"J{n}", "name": name, "role": "judge"} for n, name in _JUDGES),
        ],
        "entrants": [
            {"code": code, "name": name, "event": "FORK", "unit": "U1"} for code, name in people
        ],
        "events": [event],
    }


_JUDGES = ((1, "许静"), (2, "邵建华"), (3, "季红"), (4, "顾文"))


def load_attempts(**keys: Any) -> Panel:
    """Load it with an organiser; nobody is seated."""
    organiser = create_account("吴敏", username="organiser")
    bundle = read_bundle(json.dumps(attempts_bundle(**keys)).encode())
    grant_role(organiser, load_bundle(bundle, by=organiser), Role.ORGANISER)
    return Panel(CODE)


def seat_first(panel: Panel, *judges: str, module: str = "run1", station: str = "") -> None:
    """Seat judges at one module, at first the first attempt."""
    event = panel.competition.events[0]
    seats = [(panel.judge(code), station) for code in judges]
    assign_judges(event, "final", module, seats, panel.organiser)


def open_attempts(**keys: Any) -> Panel:
    """Load it, seat two judges at the first attempt alone, and begin judging."""
    panel = load_attempts(**keys)
    seat_first(panel, "J1", "J2")
    if keys.get("theory"):
        seat_first(panel, "J3", module="paper")
    open_judging(panel.competition, panel.organiser)
    return panel


def attempt(
    panel: Panel, entrant: str, number: int, work: str, seconds: str, judges: str = "12"
) -> None:
    """Let these judges mark an attempt alike, and hand it in."""
    for judge in judges:
        sheet = panel.sheet(f"J{judge}", entrant, f"run{number}")
        panel.fill(sheet, {"work": work, "time": seconds})
