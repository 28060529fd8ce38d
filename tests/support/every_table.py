"""Tables over several events for tests: every key of them, and a competition for them."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from compete.domain.bundle.overall_types import Overall
from tests.support.every_rule import KEEPS, LONG


def every_table() -> list[dict[str, Any]]:
    """Build tables as a file writes them by hand, with every key at least once."""
    return [
        {
            "code": "T1",
            "name": LONG,
            "who": "delegations",
            "events": ["E1", "E2"],
            "by": "ranks",
            "points": {"1": "9", "2": "6.5"},
            "shared": "average",
            "best": 2,
            "method": "mean",
            "places": 1,
            "least_events": 2,
            "ties": ["medals", "best", "events"],
        },
        {"code": "T2", "name": "奖", "by": "awards", "points": {"w1": "5", "w2": "2.5"}},
        {"code": "T3", "name": "牌", "by": "medals", "ties": ["events"], "least_events": 2},
        {"code": "T4", "name": "总", "by": "totals", "events": ["E2"], "best": 1},
        {"code": "T5", "name": "标", "by": "scaled", "places": 0},
    ]


def keys_of_tables() -> set[str]:
    """List every key of a table that a form must be able to say."""
    return {field.encode_name for field in msgspec.structs.fields(Overall)} - KEEPS


def tables_as_stored(plain: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tables written by hand, as the database keeps them."""
    tables = msgspec.convert(plain, type=list[Overall], strict=False)
    stored: list[dict[str, Any]] = json.loads(msgspec.json.encode(tables))
    return stored


def two_events(code: str = "D", tables: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Build a competition of two events and two delegations, of which one has a unit below."""
    row = {"code": "a", "name": "卷面", "type": "score", "max": "100"}
    module = {"code": "m", "name": "理论", "weight": "100", "full": "100", "aspects": [row]}
    stages = [{"code": "S", "name": "决赛", "modules": [module]}]
    awards = [
        {"code": "w1", "name": "一等奖", "top": 1},
        {"code": "w2", "name": "二等奖", "top": 2},
    ]
    rules = {"stages": stages, "awards": awards, "scale": {"of": "30"}}
    return {
        "format": "compete-bundle/2",
        "competition": {"code": code, "name": "省赛", "kind": "skills", "level": "municipal"},
        "units": [
            {"code": "U1", "name": "甲市"},
            {"code": "U2", "name": "甲市一厂", "parent": "U1"},
            {"code": "U3", "name": "乙市"},
        ],
        "events": [
            {"code": "E1", "name": "叉车", **rules},
            {"code": "E2", "name": "吊车", **rules},
        ],
        **({"overall": tables} if tables else {}),
    }
