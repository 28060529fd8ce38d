"""Events for tests: one with every key of the rules at least once, and one with the fewest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any

import msgspec
from msgspec import inspect

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.version_types import USUAL, type_in
from tests.support.aspect_types import AGAINST_OTHERS, TYPES

KEEPS = {"code", "extra"}
"""Keys that no form asks: codes are the form's own affair, `extra` is kept as it is."""
LONG = "港口起重装卸机械操作工（叉车司机）" * 3 + "甲乙丙丁戊己庚辛壬"
"""60 characters."""


def every_rule(code: str) -> dict[str, Any]:
    """Build rules as a file writes them by hand; names are of 1 and of 60 characters."""
    return {
        "code": code,
        "name": LONG,
        "occupation": {"code": "6-30-05-01", "name": "起", "track": LONG},
        "rounding": {"aspect": 3, "module": 1, "total": 1, "mode": "down"},
        "stages": [
            {
                "code": "first",
                "name": "预",
                "modules": [_module("quiz", "笔", weight="100", full="10", **{"pass": "6"})],
                "advance": {
                    "top": 12,
                    "per_unit": 4,
                    "ties": "cut",
                    "without": ["A1"],
                    "also": ["A2"],
                    "missed": ["A3"],
                },
            },
            {
                "code": "final",
                "name": LONG,
                "carry": {"from": "first", "weight": "0.3", "own": "0.7"},
                "parts": [
                    {"code": "p", "name": LONG, "weight": "60", "full": "50", "pass": "30"},
                    {"code": "q", "name": "跳", "weight": "0", "full": "9", "take": {"best": 1}},
                ],
                "modules": [
                    _module("one", LONG, weight="50", full="10", part="p"),
                    _module("two", "乙", weight="50", full="10", part="p", **_COMPARED),
                    _all_types(),
                    _module("jump1", "一", weight="1", full="10", part="q"),
                    _module("jump2", "二", weight="1", full="10", part="q"),
                ],
            },
        ],
        "ranking": {
            "ties": [
                *("part:p", "module:one", "time:two", f"criterion:{LONG}", "criterion:细"),
                *("next:q", "time:all", "time:one+two"),
                *("aspect:score0", "aspect:checklist0", "stage:first", "age:younger"),
            ],
            "on": "exact",
            "style": "ordinal",
            "ordinal_by": "code",
        },
        "team_ranking": {
            "best": 2,
            "method": "mean",
            "ties": ["best_rank", "module:one"],
            "require_full": False,
            "min_members": 3,
        },
        "unit_ranking": {"points": {"1": "9", "2": "7.5"}, "shared": "average"},
        "items": [
            {"code": "i1", "name": LONG, "of": "p", "ties": ["time:one", "age:older"]},
            {"code": "i2", "name": "乙", "of": "two"},
        ],
        "awards": [
            {
                "code": "w1",
                "name": "一",
                "ratio": "0.125",
                "round": "ceil",
                "at_least": 1,
                "min_total": "60.5",
                "pass_modules": True,
                "min_scaled": "699.5",
            },
            {
                "code": "w2",
                "name": LONG,
                "top": 3,
                "scope": "items",
                "min_total": "6",
                "within": "0.5",
            },
            {"code": "w3", "name": "队", "ratio": "0.3", "round": "floor", "scope": "teams"},
        ],
        "grades": [
            {
                "code": "g1",
                "cite": LONG,
                "when": {
                    "levels": ["provincial-1", "municipal"],
                    "groups": ["worker"],
                    "max_rank": 3,
                    "awards": ["w1"],
                    "item": {"code": "i1", "max_rank": 2},
                    "top_percent": "10.5",
                    "min_total": "80",
                    "pass_modules": ["quiz", "p"],
                    "once_a_year": True,
                    "under": ["U1"],
                    "holds": {"at_least": 5, "at_most": 3},
                    "min_ranked": 10,
                    "roles": ["main", "assistant"],
                },
                "grant": {"up": 1, "floor": 4, "ceiling": 2, "max_step": 1, "titles": ["能手"]},
            },
            {
                "code": "g2",
                "when": {"pass_modules": "all", "item": {"code": "any", "max_rank": 1}},
                "grant": {"to": 3},
            },
        ],
        "scale": {"centre": "mean", "at": "500", "spread": "none", "of": "30", "places": 1},
        "extra": {"blind": True, "code_prefix": code},
    }


def least_rules(code: str) -> dict[str, Any]:
    """Build the same lists of things under the same codes, each with only what it must have."""
    least = least_of(every_rule(code))
    # Others are in the part than shall be.
    first, *_others, last = least["stages"][-1]["modules"]
    last["part"] = first.pop("part")
    return least | {"extra": {"code_prefix": code}}


def least_of(full: Mapping[str, Any]) -> dict[str, Any]:
    """Build an event's lists of things under the same codes, each with only what it must have."""

    def stage(it: Mapping[str, Any]) -> dict[str, Any]:
        modules = [_least_module(module) for module in it["modules"]]
        parts = [part["code"] for part in it.get("parts") or ()]
        for module, part in zip(modules, parts, strict=False):
            module["part"] = part
        fields = {"code": it["code"], "name": "段", "modules": modules}
        # Whom a decision names is asked where it is taken, not in the form.
        advance = it.get("advance") or {}
        named = {key: advance[key] for key in ("without", "also", "missed") if advance.get(key)}
        if named:
            fields["advance"] = {"top": 1, **named}
        return fields | (
            {"parts": [{"code": p, "name": "部", "weight": "1", "full": "1"} for p in parts]}
            if parts
            else {}
        )

    stages = [stage(it) for it in full["stages"]]
    of = stages[-1]["modules"][0]["code"]
    rows = {
        "items": {"name": "项", "of": of},
        "awards": {"name": "奖", "top": 1},
        "grades": {"grant": {"titles": ["称号"]}},
    }
    tree: dict[str, Any] = {"code": full["code"], "name": "别的", "stages": stages}
    for key, fields in rows.items():
        if full.get(key):
            tree[key] = [{"code": it["code"]} | fields for it in full[key]]
    return tree | ({"extra": full["extra"]} if full.get("extra") else {})


def _least_module(module: Mapping[str, Any]) -> dict[str, Any]:
    rows = [
        {"code": row["code"], "name": "行", "type": "score", "max": "1"}
        for row in module["aspects"]
    ]
    weight = {"weight": "1", "full": str(len(rows))}
    return {"code": module["code"], "name": "模块", "aspects": rows} | weight


def keys_of_rules() -> set[str]:
    """List every key that the contract gives a contest's rules, as `Award.scope`, `Aspect.max`."""
    of_contests = inspect.type_info(type_in(USUAL, Event))
    return {f"{kind}.{key}" for kind, key in keys_within(of_contests, set())}


def keys_in(rules: Event) -> set[str]:
    """The keys of the contract that an event sets."""
    return {f"{kind}.{key}" for kind, key in said_in(rules)}


def as_stored(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Rules written by hand, as the database keeps them."""
    event = msgspec.convert(dict(plain), type=Event, strict=False)
    tree: dict[str, Any] = json.loads(msgspec.json.encode(event))
    return tree


_COMPARED: dict[str, Any] = {"type": "relative", "better": "higher"}


def _module(code: str, name: str, **keys: Any) -> dict[str, Any]:
    row = {"code": "s", "name": name, "max": "10"}
    kinds = {key: keys.pop(key) for key in _COMPARED if key in keys}
    row |= kinds or {"type": "score", "step": "0.5"}
    return {"code": code, "name": name, "aspects": [row], **keys}


def one_of_each_type() -> list[dict[str, Any]]:
    """Build an aspect of every form of every type; the first two have all else that a row may."""
    rng = Random("every rule")
    rows = [
        _row(f"{kind}{n}", kind, **form.keys(rng, Decimal(10)))
        for kind, forms in TYPES.items()
        for n, form in enumerate(forms)
    ]
    type_fields: list[dict[str, Any]] = [
        {"step": "0.5", "min": "-1", "criterion": LONG, "standard": "1.2", "factor": "2"},
        {"scale": 2, "criterion": "细", "extra": _WORDS},
    ]
    by_code = {row["code"]: row for row in rows}
    for code, more in zip(("score0", "judgement0"), type_fields, strict=True):
        by_code[code] |= more
    return rows


_WORDS: dict[str, Any] = {"descriptors": ["差", "中", LONG], "unit": "次", "hint": LONG}


def _row(code: str, kind: str, **keys: Any) -> dict[str, Any]:
    return {"code": code, "name": LONG, "type": kind, "max": "10", **keys}


def _all_types() -> dict[str, Any]:
    # An aspect compared with others is marked by one judge: it gets its own module.
    rows = [row for row in one_of_each_type() if row["type"] not in AGAINST_OTHERS]
    full = 160  # what is left goes to one more; the first counts twice
    return {
        "code": "all",
        "name": "全",
        "weight": "40",
        "full": str(full),
        "panel": {
            "size": 5,
            "combine": "trimmed_mean",
            "at": "aspect",
            "drop_high": 1,
            "drop_low": 1,
            "max_spread": "2.5",
            "min": 4,
            "reduced": "mean",
        },
        "aspects": [
            *rows,
            _row("f", "score", step="1") | {"max": str(full - 10 * (len(rows) + 1))},
        ],
    }


def keys_within(kind: inspect.Type, seen: set[type]) -> Iterator[tuple[str, str]]:
    if isinstance(kind, inspect.StructType):
        if kind.cls in seen:
            return
        seen.add(kind.cls)
        for field in kind.fields:
            yield _named(kind.cls), field.encode_name
            yield from keys_within(field.type, seen)
    for name in ("types", "item_types"):
        for inner in getattr(kind, name, ()):
            yield from keys_within(inner, seen)
    for name in ("item_type", "key_type", "value_type", "type"):
        if isinstance(inner := getattr(kind, name, None), inspect.Type):
            yield from keys_within(inner, seen)


def said_in(record: Any) -> Iterator[tuple[str, str]]:
    if isinstance(record, msgspec.Struct):
        for field in msgspec.structs.fields(record):
            value = getattr(record, field.name)
            if value not in (field.default, None) or field.required:
                yield _named(type(record)), field.encode_name
            yield from said_in(value)
    elif isinstance(record, tuple):
        for part in record:
            yield from said_in(part)


def _named(kind: type) -> str:
    return kind.__name__
