"""Labour competitions for tests: one with every key of its rules, and one with the fewest."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from msgspec import inspect

from compete.domain.bundle.labour_types import Labour
from tests.support.every_rule import LONG, keys_within, said_in

ENTERED = {"LabourValue", "Adjustment", "Veto"}
"""Kinds entered in the course of it, which are no rules; they have pages of their own."""
UNITS = [("U1", "一"), ("U2", LONG), ("U3", "丙")]


def every_labour_rule() -> dict[str, Any]:
    """Build rules as a file writes them by hand; names are of 1 and of 60 characters."""

    def row(code: str, **keys: Any) -> dict[str, Any]:
        return {"code": code, "name": LONG, "heading": "比", "max": "10", **keys}

    return {
        "periods": [
            {"code": "Y", "name": "年"},
            {"code": "Q1", "name": LONG, "part_of": "Y", "weight": "30"},
            {"code": "Q2", "name": "二", "part_of": "Y", "weight": "70.5"},
            {"code": "M1", "name": "1 月", "part_of": "Q1"},
            {"code": "I1", "name": "查", "part_of": "Q1", "weight": "0.3"},
        ],
        "indicators": [
            row("a", scoring={"type": "score"}, periods=["M1", "Q2"]),
            row("b", scoring={"type": "completion", "cap": "1.1"}),
            row("c", scoring={"type": "linear", "zero_at": "90", "full_at": "100"}),
            row(
                "d",
                scoring={"type": "deduction", "points": "2.5"},
                heading=LONG,
                extra={"self_assessed": False},
            ),
            row("e", scoring={"type": "rank", "points": ["10", "7.5"], "better": "lower"}),
        ],
        "groups": {"U1": "土建", "U2": LONG},
        "adjust_cap": "3",
        "ties": ["indicator:c", "indicator:a"],
        "missing": "zero",
        "veto_rank": "last",
        "flags": {"count": 2, "min": "90", "periods": ["Q1", "Y"], "min_leaves": 2},
        "warn_below": "80",
        "prizes": [
            {"code": "z", "name": LONG, "by": "heading:比", "top": 2, "period": "Q1", "min": "5"}
        ],
    }


def least_labour_rules() -> dict[str, Any]:
    """Build the same lists under the same codes, each with only what it must have."""
    full = every_labour_rule()
    return {
        "periods": [
            {"code": period["code"], "name": "期"} | ({"part_of": "Y"} if n else {})
            for n, period in enumerate(full["periods"])
        ],
        "indicators": [
            {"code": indicator["code"], "name": "项", "max": "1", "scoring": {"type": "score"}}
            for indicator in full["indicators"]
        ],
    }


def labour_as_stored(plain: dict[str, Any]) -> dict[str, Any]:
    """Rules written by hand, as the database keeps them."""
    labour = msgspec.convert(plain, type=Labour, strict=False)
    tree: dict[str, Any] = json.loads(msgspec.json.encode(labour))
    return tree


def keys_of_labour() -> set[str]:
    """List every key that the contract gives the rules, as `Flags.min`."""
    key_pairs = keys_within(inspect.type_info(Labour), set())
    return {f"{kind}.{key}" for kind, key in key_pairs if kind not in ENTERED}


def labour_keys_in(plain: dict[str, Any]) -> set[str]:
    """The keys of the contract that rules set."""
    labour = msgspec.convert(plain, type=Labour, strict=False)
    return {f"{kind}.{key}" for kind, key in said_in(labour)}
