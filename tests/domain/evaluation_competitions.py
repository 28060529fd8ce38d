"""Evaluations made up at random: small, legal, and close to every line and day.

Every choice comes from the `Random` handed in, so a seed brings them back. What
comes out is the plain object of a bundle file.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

Plain = dict[str, Any]

DAYS = ["2024-02-28", "2024-02-29", "2025-02-28", "2026-05-10", "2026-12-31"]
SINCE = ["2020-02-29", "2021-05-10", "2021-05-11", "2023-02-28", "2022-12-31", "1996-02-29"]
SITTINGS = [("A", None), ("B", "A"), ("C", "B")]
"""Events, each of which re-sits the one before."""


def evaluation(rng: Random, *, version: int | None = 2) -> Plain:
    """Three sittings of one occupation and grade: `version` is there for those who ask for one."""
    on = rng.choice(DAYS)
    modules, parts = _stage(rng)
    event: Plain = {
        "name": "认定",
        "occupation": {"code": "4-09", "name": "工", **rng.choice([{}, {"track": "甲"}])},
        "verdict": "pass",
        "grade": rng.choice([4, 3]),
        "carry_months": rng.choice([1, 12, 24]),
        "rounding": {"module": rng.choice([0, 1, 2]), "mode": rng.choice(["half_up", "down"])},
        "stages": [{"code": "s", "name": "考核", "modules": modules, "parts": parts}],
    }
    if rng.random() < 0.8:
        event["apply"] = [{"code": f"l{n}", "when": _when(rng)} for n in range(rng.randint(1, 3))]
    if rng.random() < 0.5:
        event["cite"] = "4.2"
    events = [{"code": code, **event} for code, _ in SITTINGS]
    if rng.random() < 0.5:
        events[0]["on"] = on
    bundle: Plain = {
        "format": "compete-bundle/2",
        "competition": {"code": "X", "name": "试", "kind": "evaluation", "level": "enterprise"},
        "units": [{"code": "U", "name": "甲"}],
        "judges": [{"code": f"J{n}", "name": f"考评员{n}"} for n in range(1, 6)],
        "events": events,
        "entrants": [],
        "marks": [],
        "outcomes": [],
        "penalties": [],
    }
    bundle["competition"]["starts"] = on
    for number in range(rng.randint(1, 5)):
        _person(rng, bundle, number)
    _accidents(rng, bundle)
    return bundle


def _stage(rng: Random) -> tuple[list[Plain], list[Plain]]:
    modules = [_module(rng, "theory"), _module(rng, "one"), _module(rng, "two")]
    for module in modules[1:]:
        module |= {"part": "hands", "weight": rng.choice(["60", "33.3", "1"])}
    if rng.random() < 0.5:
        modules.append(_module(rng, "review", review=True))
    full = rng.choice(["50", "33.33", "100"])
    part = {"code": "hands", "name": "技能", "full": full}
    return modules, [part | _pass(rng, full)]


def _module(rng: Random, code: str, *, review: bool = False) -> Plain:
    full = rng.choice(["100", "50", "33.33"])
    size = 3 if review else rng.choice([1, 2])
    aspects = [{"code": "a", "name": "点", "type": "score", "max": full}]
    if full == "50":
        steps = {"type": "checklist", "checks": ["一", "二", "三", "四", "五"]}
        aspects = [{"code": "a", "name": "点", "max": full, **steps}]
    module: Plain = {
        "code": code,
        "name": code,
        "full": full,
        "panel": {"size": size, "combine": rng.choice(["mean", "median"])},
        "aspects": aspects,
        **_pass(rng, full),
    }
    return module | {"review": True} if review else module


def _pass(rng: Random, full: str) -> Plain:
    return rng.choice([{}, {}, {"pass": str(Decimal(full) / 2)}, {"pass": full}])


def _when(rng: Random) -> Plain:
    given: Plain = {
        "holds": rng.choice([{"at_least": 5}, {"at_least": 4, "at_most": 5}, {"at_most": 5}]),
        "years_in_grade": rng.choice([1, 3, 4, 5]),
        "years_in_trade": rng.choice([1, 5, 10]),
        "min_age": rng.choice([18, 30, 99]),
        "papers": {"of": rng.choice([["中专"], ["职称", "中专"]]), **_years(rng)},
        "groups": rng.choice([["worker"], ["student", "teacher"]]),
    }
    keys = rng.sample(list(given), rng.randint(1, 3))
    return {key: given[key] for key in keys}


def _years(rng: Random) -> Plain:
    return rng.choice([{}, {"years": 0}, {"years": 1}, {"years": 4}])


def _person(rng: Random, bundle: Plain, number: int) -> None:
    """One person in one sitting, and perhaps again in those after it."""
    on = bundle["competition"]["starts"]
    facts: Plain = {"name": f"王{'小' * number}明", "unit": "U", "id_number": f"ID{number}"}
    if rng.random() < 0.7:
        facts["grade"] = 5
        since = [day for day in SINCE if day <= on]
        facts |= rng.choice([{}, {"grade_since": rng.choice(since)}])
    if rng.random() < 0.5:
        at = rng.choice([day for day in [*SINCE, on] if day <= on])
        facts["trade"] = {"months": rng.choice([0, 11, 59, 60, 118, 300]), "at": at}
    if rng.random() < 0.5:
        kinds = rng.sample(["中专", "职称", "别的"], rng.randint(1, 3))
        facts["papers"] = [
            {"kind": kind, "since": rng.choice([*SINCE, "2027-01-01"])} for kind in kinds
        ]
    if rng.random() < 0.5:
        facts["birth"] = rng.choice(["1996-02-29", "1990-05-10", "2008-02-29"])
    facts |= rng.choice([{}, {"group": "student"}, {"group": "teacher"}])
    if rng.random() < 0.1:
        facts["exempt"] = True
    before = None
    for attempt, (event, _) in enumerate(SITTINGS[: rng.randint(1, 3)], 1):
        entrant: Plain = {"code": f"{event}{number}", "event": event, **facts}
        if before is not None:
            where = rng.choice([{}, {"competition": "X"}])
            resit = {"event": before[0], "entrant": before, "attempt": attempt}
            entrant["resit"] = {**where, **resit}
        elif rng.random() < 0.1:
            break
        before = entrant["code"]
        _sit(rng, bundle, entrant)


def _sit(rng: Random, bundle: Plain, entrant: Plain) -> None:
    """Marks for what is not brought along."""
    event = next(
        candidate for candidate in bundle["events"] if candidate["code"] == entrant["event"]
    )
    (stage,) = event["stages"]
    brought = []
    for scored in [
        *(scored_module for scored_module in stage["modules"] if "part" not in scored_module),
        *stage["parts"],
    ]:
        carried = _carried(rng, scored, event, bundle["competition"]["starts"])
        if carried is not None and rng.random() < 0.25:
            brought.append(carried)
    if brought:
        entrant["carried"] = brought
    bundle["entrants"].append(entrant)
    standing = {carried_part["of"] for carried_part in brought if "void" not in carried_part}
    for module in stage["modules"]:
        if not standing & {module["code"], module.get("part")}:
            bundle["marks"] += _marks(rng, module, entrant["code"])


def _carried(rng: Random, scored: Plain, event: Plain, on: str) -> Plain | None:
    """Just at the line, or full marks; none where the sitting's places have no such mark."""
    full = Fraction(scored["full"])
    least = Fraction(scored["pass"]) if "pass" in scored else full * Fraction(3, 5)
    unit = 10 ** event["rounding"]["module"]
    lowest, highest = -(-least * unit // 1), full * unit // 1
    if lowest > highest:
        return None
    mark = Fraction(rng.choice([int(lowest), int(highest)]), unit)
    carried: Plain = {
        "of": scored["code"],
        "mark": f"{Decimal(mark.numerator) / Decimal(mark.denominator):f}",
        "until": rng.choice([on, "2030-01-01"]),
        "from": {"competition": "Y", "event": "E", "entrant": "P", "publication": "1"},
    }
    if rng.random() < 0.3:
        carried["void"] = {"day": on, "reason": "更正"}
        carried["until"] = "2001-01-01"
    return carried


def _marks(rng: Random, module: Plain, entrant: str) -> list[Plain]:
    full, aspect = Decimal(module["full"]), module["aspects"][0]
    line = (full * 6 / 10).quantize(Decimal("0.01"))
    near = [line, line, line - Decimal("0.01"), line + Decimal("0.01"), full, full, Decimal(0)]
    values = (
        [3, 3, 2, 5, 5]
        if aspect["type"] == "checklist"
        else [f"{near_value:f}" for near_value in near]
    )
    same = rng.choice(values)
    return [
        {
            "stage": "s",
            "module": module["code"],
            "entrant": entrant,
            "judge": f"J{judge}",
            "aspect": "a",
            "value": same if rng.random() < 0.6 else rng.choice(values),
        }
        for judge in range(1, module["panel"]["size"] + 1)
        if rng.random() < 0.97
    ]


def _accidents(rng: Random, bundle: Plain) -> None:
    for entrant in bundle["entrants"]:
        event = next(
            candidate for candidate in bundle["events"] if candidate["code"] == entrant["event"]
        )
        brought = {carried["of"] for carried in entrant.get("carried", []) if "void" not in carried}
        if rng.random() < 0.15:
            status = rng.choice(["dns", "dnf", "dsq"])
            where = {"stage": "s", "entrant": entrant["code"]}
            bundle["outcomes"].append({**where, "status": status, "reason": "记录"})
        for module in event["stages"][0]["modules"]:
            if brought & {module["code"], module.get("part")}:
                continue
            there = {"stage": "s", "entrant": entrant["code"], "module": module["code"]}
            if rng.random() < 0.06:
                status = rng.choice(["dns", "dnf", "dsq"])
                bundle["outcomes"].append({**there, "status": status, "reason": "记录"})
            if rng.random() < 0.05:
                bundle["penalties"].append({**there, "points": "0.01", "reason": "违规"})
