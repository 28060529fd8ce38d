"""Labour competitions made up at random: small, legal, full of gaps and edge cases."""

from __future__ import annotations

from random import Random
from typing import Any

Plain = dict[str, Any]

UNITS = ["A", "B", "C", "D"]


def labour_competition(rng: Random, *, version: int | None = 1) -> Plain:
    """One labour competition, as the plain object of a bundle file; a version of None is either."""
    if version is None:
        version = rng.choice([1, 2])
    periods = _periods(rng)
    leaves = _leaves(periods)
    indicators = [_indicator(rng, number, leaves) for number in range(rng.randint(1, 4))]
    codes = [period["code"] for period in periods]
    labour: Plain = {
        "periods": periods,
        "indicators": indicators,
        "values": _values(rng, indicators, leaves),
        "adjustments": [
            {"unit": rng.choice(UNITS), "period": rng.choice(codes), "points": _number(rng, -5, 5)}
            for _ in range(rng.randint(0, 3))
        ],
        "vetoes": [
            {"unit": rng.choice(UNITS), "period": rng.choice(codes), "reason": "事故"}
            for _ in range(rng.randint(0, 2))
        ],
        "ties": [
            f"indicator:{indicator['code']}" for indicator in indicators if rng.random() < 0.4
        ],
        "missing": rng.choice(["blocks", "zero"]),
    }
    if rng.random() < 0.5:
        labour["groups"] = {unit: rng.choice("甲乙") for unit in UNITS if rng.random() < 0.8}
    if rng.random() < 0.5:
        labour["adjust_cap"] = rng.randint(0, 3)
    if rng.random() < 0.6:
        labour["flags"] = {"count": rng.randint(0, 2), "min": rng.choice([0, "60.5"])}
        labour["flags"]["min_leaves"] = rng.choice([0, 1, 2])
        labour["flags"]["periods"] = [code for code in codes if rng.random() < 0.5]
        labour["warn_below"] = "50"
    if version == 2 and rng.random() < 0.8:
        labour["veto_rank"] = rng.choice(["keep", "last", "none"])
    if version == 2:
        labour["prizes"] = [
            _prize(rng, number, indicators, codes) for number in range(rng.randint(0, 3))
        ]
    return {
        "format": f"compete-bundle/{version}",
        "competition": {"code": "L", "name": "竞赛", "kind": "labour", "level": "enterprise"},
        "units": [{"code": unit, "name": unit} for unit in UNITS],
        "labour": labour,
    }


def _periods(rng: Random) -> list[Plain]:
    periods: list[Plain] = [{"code": "P0", "name": "全部"}]
    for number in range(1, rng.randint(1, 7)):
        parent = rng.choice(periods)["code"]
        period = {"code": f"P{number}", "name": f"时段{number}", "part_of": parent}
        periods.append({**period, "weight": rng.choice([1, "0.5", 30, "33.3"])})
    rng.shuffle(periods)
    return periods


def _leaves(periods: list[Plain]) -> list[str]:
    parents = {period.get("part_of") for period in periods}
    return [period["code"] for period in periods if period["code"] not in parents]


def _indicator(rng: Random, number: int, leaves: list[str]) -> Plain:
    scoring = rng.choice(
        [
            {"type": "score"},
            {"type": "completion"},
            {"type": "completion", "cap": "1.25"},
            {"type": "linear", "zero_at": 10, "full_at": 90},
            {"type": "linear", "zero_at": 100, "full_at": "12.5"},
            {"type": "deduction", "points": "2.5"},
            {"type": "rank", "points": [10, "7.5", 3]},
            {"type": "rank", "points": [10, 5], "better": "lower"},
        ]
    )
    keys: Plain = {"code": f"I{number}", "name": f"指标{number}", "max": rng.choice([20, "100"])}
    if rng.random() < 0.3:
        keys["periods"] = rng.sample(leaves, rng.randint(1, len(leaves)))
    return {**keys, "heading": rng.choice(["比质量", "比质量", "比:安全"]), "scoring": scoring}


def _prize(rng: Random, number: int, indicators: list[Plain], codes: list[str]) -> Plain:
    indicator = rng.choice(indicators)
    by = [f"indicator:{indicator['code']}", f"heading:{indicator['heading']}"]
    prize: Plain = {"code": f"Z{number}", "name": "奖", "by": rng.choice(by)}
    prize["top"] = rng.randint(1, 3)
    if rng.random() < 0.5:
        prize["period"] = rng.choice(codes)
    if rng.random() < 0.5:
        prize["min"] = rng.choice([0, "8.5", 20])
    return prize


def _values(rng: Random, indicators: list[Plain], leaves: list[str]) -> list[Plain]:
    values = []
    for indicator in indicators:
        for leaf in indicator.get("periods", leaves):
            for unit in UNITS:
                if rng.random() < 0.75:
                    values.append({"unit": unit, "period": leaf, **_value(rng, indicator)})
    rng.shuffle(values)
    return values


def _value(rng: Random, indicator: Plain) -> Plain:
    kind = indicator["scoring"]["type"]
    top = int(indicator["max"]) if kind == "score" else 120
    value: Plain = {"indicator": indicator["code"], "value": _number(rng, 0, top)}
    if kind == "completion":
        value["target"] = rng.choice([80, "100", "0.5"])
    return value


def _number(rng: Random, least: int, most: int) -> int | str:
    whole = rng.randint(least, most - 1)
    return rng.choice([whole, f"{whole}.{rng.randint(0, 99):02d}" if whole >= 0 else whole])
