"""A competition for a whole hall of judges: stations of five, every kind of control."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from compete.domain import read_bundle
from compete.domain.bundle.types import Bundle
from compete.models import Competition, Judge
from compete.services.accounts.accounts import account_of_judge, create_account
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.transactions import unit_of_work
from compete.services.schedule.allocation import open_judging

CODE = "HALL"
PANEL = 5
START = datetime.fromisoformat("2022-09-16T08:30")


@dataclass(frozen=True)
class Seat:
    """One tablet: its name, its judge, and the token of the judge's card."""

    tablet: str
    judge: str
    card: str
    alone: bool


def make_contest(tablets: int, *, entrants_each: int, shared: int = 0) -> list[Seat]:
    """The competition, open for judging, in an empty database; inside an app context.

    `shared` judges have two tablets, the others one. Every judge marks
    `entrants_each` entrants in a module of ten aspects.
    """
    judges = [f"J{number:03}" for number in range(1, tablets - shared + 1)]
    with unit_of_work():
        organiser = create_account("吴敏", username=f"organiser-{CODE}")
        competition = load_bundle(bundle_of(judges, entrants_each), by=organiser)
        open_judging(competition, organiser)
        cards = {
            judge.code: _card(judge, competition)
            for judge in competition.judges
            if judge.code in judges
        }
    return [
        Seat(f"{judge}-{hand}", judge, cards[judge], alone=number >= shared)
        for number, judge in enumerate(judges)
        for hand in ("a", "b")
        if hand == "a" or number < shared
    ]


def _card(judge: Judge, competition: Competition) -> str:
    account = account_of_judge(judge, competition, None)
    return issue_card(account, one_time=False)[1]


def bundle_of(judges: list[str], entrants_each: int) -> Bundle:
    """The competition as a bundle: five judges to a station, each with its own entrants."""
    panels = [judges[start : start + PANEL] for start in range(0, len(judges), PANEL)]
    groups = [
        [f"P{station:02}{number:02}" for number in range(entrants_each)]
        for station in range(len(panels))
    ]
    plain = {
        "format": "compete-bundle/1",
        "competition": {
            "code": CODE,
            "name": "一个大厅的竞赛",
            "kind": "skills",
            "level": "municipal",
            "extra": {"schedule": _schedule(panels, groups)},
        },
        "units": [{"code": "U1", "name": "甲单位"}],
        "judges": [{"code": code, "name": f"裁判{code}", "role": "judge"} for code in judges],
        "entrants": [
            {"code": code, "name": f"选手{code}", "event": "E", "unit": "U1"}
            for group in groups
            for code in group
        ],
        "events": [{"code": "E", "name": "赛项", "stages": [_stage()]}],
    }
    return read_bundle(json.dumps(plain).encode())


def _schedule(panels: list[list[str]], groups: list[list[str]]) -> list[dict[str, Any]]:
    return [
        {
            "event": "E",
            "stage": "final",
            "module": "practice",
            "session": f"第{turn + 1}场",
            "starts": (START + timedelta(minutes=15 * turn)).isoformat(timespec="minutes"),
            "ends": (START + timedelta(minutes=15 * turn + 15)).isoformat(timespec="minutes"),
            "station": f"{station + 1}号工位",
            "judges": panel,
            "entrants": [entrant],
        }
        for station, (panel, group) in enumerate(zip(panels, groups, strict=True))
        for turn, entrant in enumerate(group)
    ]


def _stage() -> dict[str, Any]:
    aspects: list[dict[str, Any]] = [
        {"code": "finish", "name": "堆码质量", "type": "score", "max": 20, "step": "0.1"},
        {"code": "order", "name": "工位整洁", "type": "score", "max": 10, "step": "0.5"},
        {"code": "smooth", "name": "操作平稳", "type": "judgement", "max": 10},
        {"code": "signal", "name": "手势规范", "type": "judgement", "max": 10},
        {"code": "poles", "name": "碰杆", "type": "deduction", "max": 10, "points": 2},
        {"code": "lines", "name": "压线", "type": "deduction", "max": 5, "points": "0.5"},
        {"code": "belt", "name": "系安全带", "type": "measurement", "max": 5},
        {"code": "horn", "name": "起步鸣笛", "type": "measurement", "max": 5},
        {"code": "gap", "name": "货叉偏差", "type": "measurement", "max": 5, "bands": _bands()},
        {
            **{"code": "time", "name": "用时", "type": "time", "max": 20},
            **{"full_at": 240, "zero_at": 480},
        },
    ]
    module = {
        **{"code": "practice", "name": "实操", "weight": 100, "full": 100},
        **{"panel": {"size": PANEL, "min": 2}, "aspects": aspects},
    }
    return {"code": "final", "name": "决赛", "modules": [module]}


def _bands() -> list[dict[str, Any]]:
    return [{"within": 5, "marks": 5}, {"within": 10, "marks": 3}, {"within": 20, "marks": 1}]
