"""Skills competitions made up at random, for properties: small, legal, full of edge cases.

Every choice comes from the `Random` handed in, so a seed brings them back. What
comes out is the plain object of a bundle file.
"""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

from tests.domain.scoring.playoffs import with_playoffs
from tests.support.aspect_types import AGAINST_OTHERS, TYPES, WITH_DIFFICULTY, Known, known

Plain = dict[str, Any]

STYLES = ["competition", "competition", "dense", "ordinal"]
UNITS = ["U1", "U2", "U3"]


def competition(
    rng: Random,
    *,
    relative: bool = True,
    entrants: int = 9,
    repeats: bool = True,
    version: int | None = 1,
) -> Plain:
    """One event of one to three stages with everything that a bundle may ask for.

    With `repeats` a few things are given twice, of which the later counts. A `version` of
    None is either.
    """
    if version is None:
        version = rng.choice([1, 2])
    stages = [_stage(rng, place, relative) for place in range(rng.randint(1, 3))]
    if len(stages) > 1 and rng.random() < 0.6:
        before = rng.choice(stages[:-1])
        carry = {"from": before["code"], "weight": "0.3", "own": "0.7"}
        stages[-1]["carry"] = carry
    for stage in stages[:-1]:
        if rng.random() < 0.8:
            stage["advance"] = _advance(rng)
    people = [_entrant(rng, number) for number in range(1, rng.randint(2, entrants) + 1)]
    for stage in stages[:-1]:
        if "advance" in stage and rng.random() < 0.3:
            away = rng.sample(people, rng.randint(1, min(3, len(people))))
            stage["advance"]["without"] = [person["code"] for person in away]
        if "advance" in stage and rng.random() < 0.2:
            stage["advance"]["also"] = [rng.choice(people)["code"]]
        if "advance" in stage and rng.random() < 0.2:
            stage["advance"]["missed"] = [rng.choice(people)["code"]]
    event = _event(rng, stages)
    bundle: Plain = {
        "format": "compete-bundle/1",
        "competition": {
            "code": "X",
            "name": "试",
            "kind": "skills",
            "level": rng.choice(["provincial-1", "municipal"]),
            **rng.choice([{"year": 2026}, {"year": 2026}, {}]),
        },
        "units": [
            {"code": "U1", "name": "甲"},
            {"code": "U2", "name": "乙", "parent": "U1"},
            {"code": "U3", "name": "丙"},
        ],
        "judges": [{"code": f"J{n}", "name": f"裁判{n}"} for n in range(1, 6)],
        "entrants": people,
        "teams": [
            {"code": f"T{n}", "name": f"队{n}", "event": "E", "unit": "U1"} for n in (1, 2, 3)
        ],
        "events": [event],
    }
    bundle["marks"] = [
        mark
        for stage in stages
        for module in stage["modules"]
        for person in people
        for mark in marks_of(rng, stage, module, person["code"])
    ]
    _accidents(rng, bundle, stages, people)
    if repeats:
        _say_twice(rng, bundle)
    return _second(rng, bundle) if version == 2 else bundle


def several_events(rng: Random, *, version: int | None = 2) -> Plain:
    """Two events of version 2, with tables over both."""
    bundle, other = (competition(rng, entrants=6, version=2) for _ in range(2))
    text = json.dumps(other, ensure_ascii=False)
    for was, now in (('"P', '"Q'), ('"E"', '"F"'), ('"T', '"W')):
        text = text.replace(was, now)
    other = json.loads(text)
    for key in ("entrants", "teams", "events", "marks", "outcomes", "penalties", "times"):
        bundle[key] = [*bundle[key], *other[key]]
    bundle["playoffs"] = [*bundle.get("playoffs", ()), *other.get("playoffs", ())]
    bundle["overall"] = [_table(rng, number, bundle["events"]) for number in range(3)]
    return bundle


def _table(rng: Random, number: int, events: list[Plain]) -> Plain:
    table: Plain = {"code": f"O{number}", "name": "总表"}
    table |= rng.choice([{}, {"who": "units"}, {"who": "delegations"}])
    if rng.random() < 0.3:
        events = [rng.choice(events)]
        table["events"] = [events[0]["code"]]
    by = ["ranks", "medals", "totals"]
    awards = sorted(
        {
            award["code"]
            for event in events
            for award in event["awards"]
            if award.get("scope", "entrants") == "entrants"
        }
    )
    by += ["awards"] * bool(awards) + ["scaled"] * all("scale" in event for event in events)
    table["by"] = rng.choice(by)
    if table["by"] == "ranks":
        table["points"] = {"1": 5, "2": "2.5", "4": 0}
        if all(event["ranking"]["style"] != "dense" for event in events):
            table |= rng.choice([{}, {"shared": "full"}, {"shared": "average"}])
    if table["by"] == "awards":
        table["points"] = {code: rng.choice([1, "0.5"]) for code in awards}
    ties = ["medals", "events"]
    if table["by"] != "medals":
        ties.append("best")
        for key, words in (("best", [1, 2]), ("method", ["sum", "mean"]), ("places", [0, 3])):
            if rng.random() < 0.5:
                table[key] = rng.choice(words)
    table["ties"] = rng.sample(ties, rng.randint(0, len(ties)))
    if rng.random() < 0.5:
        table["least_events"] = rng.randint(1, 2)
    return table


def _second(rng: Random, bundle: Plain) -> Plain:
    """The competition as one of version 2: what that refuses is said, and what it knows used."""
    bundle["format"] = "compete-bundle/2"
    event = bundle["events"][0]
    _add_times(rng, event)
    event["rounding"]["mode"] = rng.choice(["half_up", "down", "up"])
    if "points" in event["unit_ranking"] and event["ranking"]["style"] != "dense":
        event["unit_ranking"] |= rng.choice([{}, {"shared": "full"}, {"shared": "average"}])
    if rng.random() < 0.4:
        # Many stand level, also with their own.
        event["ranking"] |= {"ties": [], "on": "rounded"}
        event["rounding"] |= {"total": 0}
        for person in bundle["entrants"]:
            person["unit"] = rng.choice(UNITS[:2])
        for stage in event["stages"][:-1]:
            stage["advance"] = _advance(rng) | {"per_unit": rng.randint(1, 3)}
    if event["ranking"]["style"] == "ordinal":
        event["ranking"]["ordinal_by"] = "code"
    for stage in event["stages"]:
        for module in stage["modules"]:
            panel = module["panel"]
            if panel["combine"] == "sum" and (panel["min"] < panel["size"] or rng.random() < 0.5):
                panel["reduced"] = "scale"
    for award in event["awards"]:
        if "pass_modules" in award:
            award["pass_modules"] = rng.choice([True, "all", "taken"])
        if rng.random() < 0.3:
            award["within"] = rng.choice([0, "1.5", "8"])
    if rng.random() < 0.5:
        event["scale"] = _scale(rng)
        for award in event["awards"]:
            if award.get("scope", "entrants") == "entrants" and rng.random() < 0.4:
                award["min_scaled"] = rng.choice(["499.5", "700", 650])
    event["grades"][1]["when"]["pass_modules"] = rng.choice(["all", "taken"])
    _try_several_times(rng, bundle)
    _go_below_zero(rng, bundle)
    _attempt_difficulties(rng, bundle)
    return with_playoffs(rng, bundle)


def _scale(rng: Random) -> Plain:
    scale: Plain = {"of": rng.choice([30, "100", "0.5"])}
    for key, words in (
        ("centre", ["median", "mean"]),
        ("spread", ["sd", "none"]),
        ("at", ["500", "-0.5", 0]),
        ("places", [1, 3]),
    ):
        if rng.random() < 0.5:
            scale[key] = rng.choice(words)
    return scale


def _try_several_times(rng: Random, bundle: Plain) -> None:
    """Make attempts of some modules: of a part there is, or of one made of all there are."""
    event = bundle["events"][0]
    for stage in event["stages"]:
        modules = stage["modules"]
        if len(modules) < 2 or rng.random() < 0.5:
            continue
        attempts = modules[rng.randint(0, 1) :]
        part = {"code": "part", "name": "几次", "weight": "70", "full": rng.choice(["50", "33.3"])}
        part |= {"pass": "20", "take": {"best": rng.randint(1, len(attempts))}}
        stage["parts"] = [part]
        is_alike = rng.random() < 0.6
        for module in attempts:
            module |= {"part": "part", "weight": attempts[0]["weight"]}
            module.pop("pass", None)
            if is_alike and module is not attempts[0]:
                _repeat(rng, bundle, stage, module, attempts[0])
            for person in bundle["entrants"]:
                if rng.random() < 0.2:
                    where = {"stage": stage["code"], "module": module["code"]}
                    status = {"status": rng.choice(["dns", "dsq", "dnf"])}
                    bundle["outcomes"].append({**where, "entrant": person["code"], **status})
        if part["take"]["best"] < len(attempts):
            for ties in (event["ranking"]["ties"], event["items"][0]["ties"]):
                ties.insert(rng.randint(0, len(ties)), "next:part")
    _pass_what_is_left(event)


def _repeat(rng: Random, bundle: Plain, stage: Plain, module: Plain, first: Plain) -> None:
    """Mark a module as the first attempt is marked."""
    module |= deepcopy({key: first[key] for key in ("panel", "aspects", "full")})
    where = stage["code"], module["code"]
    kept = [mark for mark in bundle["marks"] if (mark["stage"], mark["module"]) != where]
    for person in bundle["entrants"]:
        kept += marks_of(rng, stage, module, person["code"])
    bundle["marks"] = kept


def _pass_what_is_left(event: Plain) -> None:
    """Let rules ask for no pass mark that attempts have lost, nor ties for a part that is none."""
    stages = event["stages"]
    scored = [it for stage in stages for it in (*stage["modules"], *stage.get("parts", []))]
    passable = {it["code"] for it in scored if "pass" in it}
    codes = {aspect["code"] for it in scored for aspect in it.get("aspects", [])}
    criteria = {aspect["criterion"] for it in scored for aspect in it.get("aspects", [])}
    for rule in event["grades"]:
        when = rule["when"]
        if isinstance(when.get("pass_modules"), list):
            when["pass_modules"] = [code for code in when["pass_modules"] if code in passable]
            if not when["pass_modules"]:
                del when["pass_modules"]
    for rule in (event["ranking"], *event["items"]):
        rule["ties"] = [
            key
            for key in rule["ties"]
            if not (key.startswith("aspect:") and key[7:] not in codes)
            and not (key.startswith("criterion:") and key[10:] not in criteria)
        ]


def _go_below_zero(rng: Random, bundle: Plain) -> None:
    """Let some scores lie below 0, of some modules all."""
    for stage in bundle["events"][0]["stages"]:
        for module in stage["modules"]:
            share = rng.choice([0, 0, 0.4, 1])
            least = {it["code"]: it for it in module["aspects"] if it["type"] == "score"}
            for aspect in least.values():
                if share:
                    aspect["min"] = "-2.5"
            for mark in bundle["marks"]:
                at = mark["stage"], mark["module"]
                is_here = at == (stage["code"], module["code"]) and mark["aspect"] in least
                if is_here and rng.random() < share:
                    mark["value"] = rng.choice(["-2.5", "-1", "-0.5"])


def _attempt_difficulties(rng: Random, bundle: Plain) -> None:
    """Multiply some scores by what the entrants attempted."""
    (form,) = TYPES["factored"]
    for stage in bundle["events"][0]["stages"]:
        for module in stage["modules"]:
            for aspect in module["aspects"]:
                if aspect["type"] != "score" or "min" in aspect or rng.random() < 0.5:
                    continue
                aspect |= {"type": "factored", **form.keys(rng, Decimal(aspect["max"]))}
                where = stage["code"], module["code"], aspect["code"]
                for mark in bundle["marks"]:
                    if (mark["stage"], mark["module"], mark["aspect"]) == where:
                        mark |= value_with_difficulty(rng, aspect, mark["entrant"])


def _add_times(rng: Random, event: Plain) -> None:
    """Let some keys add up the times of several modules."""
    codes = sorted({module["code"] for stage in event["stages"] for module in stage["modules"]})
    sums = ["time:all", *([f"time:{'+'.join(codes[-2:])}"] if len(codes) > 1 else [])]
    for rule in (event["ranking"], event["team_ranking"], event["items"][0]):
        rule["ties"] = [
            rng.choice([key, *sums]) if key.startswith("time:") else key for key in rule["ties"]
        ]


def _say_twice(rng: Random, bundle: Plain) -> None:
    """Put something else before a few entries, which they replace."""
    for key, changes in (
        ("outcomes", lambda: {"status": rng.choice(["dns", "dnf", "dsq"])}),
        ("times", lambda: {"seconds": rng.choice(["299", "302"])}),
    ):
        for entry in [*bundle[key]]:
            if rng.random() < 0.15:
                bundle[key].insert(bundle[key].index(entry), {**entry, **changes()})
    aspects = {
        (stage["code"], module["code"], aspect["code"]): aspect
        for stage in bundle["events"][0]["stages"]
        for module in stage["modules"]
        for aspect in module["aspects"]
    }
    for mark in [*bundle["marks"]]:
        if rng.random() < 0.03:
            aspect = aspects[mark["stage"], mark["module"], mark["aspect"]]
            earlier = {**mark, "value": value_for(rng, aspect)}
            bundle["marks"].insert(rng.randrange(len(bundle["marks"])), earlier)
            bundle["marks"].remove(mark)
            bundle["marks"].append(mark)


def _entrant(rng: Random, number: int) -> Plain:
    person: Plain = {
        "code": f"P{number:02d}",
        "name": "某",
        "event": "E",
        "unit": rng.choice(UNITS),
        "group": rng.choice(["worker", "student"]),
        "team": rng.choice(["T1", "T2", "T3"]),
        "birth": rng.choice([None, "1990-01-01", "1995-05-05"]),
        "grade": rng.choice([None, 5, 4, 3, 2, 1]),
        "promoted": rng.choice([None, 2026, 2025]),
    }
    if rng.random() < 0.35:
        _man(rng, person)
    return {key: value for key, value in person.items() if value is not None}


def _man(rng: Random, person: Plain) -> None:
    """Make a crew of the entrant, whose members bear what belongs to one person."""
    for key in ("birth", "grade", "promoted"):
        del person[key]
    person["members"] = []
    for place in range(rng.randint(2, 3)):
        member: Plain = {"code": f"{person['code']}-{place}", "name": f"成员{place}"}
        member |= {
            "role": rng.choice([None, None, "main", "assistant"]),
            "group": rng.choice([None, "worker", "student"]),
            "grade": rng.choice([None, 5, 4, 3, 2, 1]),
            "promoted": rng.choice([None, 2026, 2025]),
            "birth": rng.choice([None, "1990-01-01", "1995-05-05"]),
        }
        person["members"].append({key: value for key, value in member.items() if value is not None})


def _stage(rng: Random, place: int, relative: bool) -> Plain:
    code = f"S{place}"
    modules = [_module(rng, number, relative) for number in range(rng.randint(1, 3))]
    stage: Plain = {"code": code, "name": code, "modules": modules}
    if len(modules) > 1 and rng.random() < 0.5:
        stage["parts"] = [
            {"code": "part", "name": "实操", "weight": "70", "full": "50", "pass": "20"}
        ]
        for module in modules[1:]:
            module["part"] = "part"
    return stage


def _module(rng: Random, number: int, relative: bool) -> Plain:
    size = rng.choice([1, 1, 2, 3, 4])
    kinds = [
        (kind, form)
        for kind, forms in TYPES.items()
        for form in forms
        if kind not in WITH_DIFFICULTY
        if kind not in AGAINST_OTHERS or (relative and size == 1)
    ]
    aspects = [_aspect(rng, place, *rng.choice(kinds)) for place in range(rng.randint(1, 3))]
    panel = _panel(rng, size)
    full = sum(Decimal(aspect["max"]) * Decimal(aspect.get("factor", "1")) for aspect in aspects)
    if panel["combine"] == "sum":
        full *= size
    module: Plain = {
        "code": f"m{number}",
        "name": f"模块{number}",
        "weight": rng.choice(["10", "33.3", "50"]),
        "full": str(full),
        "panel": panel,
        "aspects": aspects,
    }
    if rng.random() < 0.5:
        module["pass"] = str(full / 2)
    return module


def _panel(rng: Random, size: int) -> Plain:
    combine = rng.choice(["mean", "median", "trimmed_mean", "sum", "agreed"])
    panel: Plain = {"size": size, "combine": combine, "at": rng.choice(["sheet", "aspect"])}
    panel["min"] = rng.randint(1, size)
    if combine == "trimmed_mean":
        panel["drop_high"] = rng.randint(0, 1)
        panel["drop_low"] = rng.randint(0, 1)
    if combine != "sum":
        panel["reduced"] = rng.choice(["same", "mean"])
    if rng.random() < 0.5:
        panel["max_spread"] = rng.choice(["1", "2.5"])
    return panel


def _aspect(rng: Random, place: int, kind: str, form: Known) -> Plain:
    most = rng.choice(["10", "2", "7.5"])
    return {
        "code": f"a{place}",
        "name": "点",
        "type": kind,
        "max": most,
        "factor": rng.choice(["1", "1", "1.2"]),
        "criterion": rng.choice(["安全", "质量"]),
        **form.keys(rng, Decimal(most)),
    }


def value_for(rng: Random, aspect: Plain) -> Any:
    """A value that the aspect allows; few different ones, so that ties are common."""
    return known(aspect).value(rng, aspect)


def marks_of(rng: Random, stage: Plain, module: Plain, entrant: str) -> list[Plain]:
    """One entrant's marks in a module; now and then some are missing."""
    marks = []
    for judge in range(1, module["panel"]["size"] + 1):
        for aspect in module["aspects"]:
            if rng.random() < 0.03:
                continue
            marks.append(
                {
                    "stage": stage["code"],
                    "module": module["code"],
                    "entrant": entrant,
                    "judge": f"J{judge}",
                    "aspect": aspect["code"],
                    **value_with_difficulty(rng, aspect, entrant),
                }
            )
    return marks


def value_with_difficulty(rng: Random, aspect: Plain, entrant: str) -> Plain:
    """A value with, where the aspect wants it, the difficulty that the entrant attempted."""
    value: Plain = {"value": value_for(rng, aspect)}
    if aspect["type"] in WITH_DIFFICULTY:
        offered = aspect["difficulties"]
        value["difficulty"] = offered[sum(map(ord, entrant)) % len(offered)]
    return value


def _advance(rng: Random) -> Plain:
    advance: Plain = {"ties": rng.choice(["include", "cut"])}
    which = rng.choice(["top", "per_unit", "both"])
    if which != "per_unit":
        advance["top"] = rng.randint(1, 5)
    if which != "top":
        advance["per_unit"] = rng.randint(1, 3)
    return advance


def _event(rng: Random, stages: list[Plain]) -> Plain:
    aspects = [aspect for module in stages[-1]["modules"] for aspect in module["aspects"]]
    ties = ["module:m0", f"criterion:{aspects[0]['criterion']}", f"aspect:{aspects[0]['code']}"]
    ties += ["time:m0", "stage:S0", rng.choice(["age:older", "age:younger"])]
    if any("parts" in stage for stage in stages):
        ties.append("part:part")
    rng.shuffle(ties)
    rounding: Plain = {"module": rng.choice([0, 1, 2]), "total": rng.choice([0, 1, 2, 3])}
    if rng.random() < 0.5:
        rounding["aspect"] = rng.choice([0, 1, 2])
    event: Plain = {
        "code": "E",
        "name": "赛项",
        "rounding": rounding,
        "stages": stages,
        "ranking": {
            "ties": ties[: rng.randint(0, len(ties))],
            "on": rng.choice(["rounded", "exact"]),
            "style": rng.choice(STYLES),
        },
        "team_ranking": {
            "best": rng.randint(1, 3),
            "method": rng.choice(["sum", "mean"]),
            "require_full": rng.random() < 0.5,
            "min_members": rng.randint(1, 6),
            "ties": ["best", "best_rank", "module:m0", "time:m0"][: rng.randint(0, 4)],
        },
        "unit_ranking": rng.choice([{"points": {"1": 9, "2": "6.5", "3": 4}}, {"medals": True}]),
        "items": _items(rng, stages[-1]),
        "awards": _awards(rng),
        "grades": _grades(rng, stages),
    }
    return event


def _items(rng: Random, last: Plain) -> list[Plain]:
    items = [{"code": "i0", "name": "单项", "of": "m0", "ties": ["age:older", "time:m0"]}]
    if "parts" in last:
        items.append({"code": "i1", "name": "实操", "of": "part", "ties": ["stage:S0"]})
    return items[: rng.randint(1, 2)]


def _awards(rng: Random) -> list[Plain]:
    return [
        {"code": "first", "name": "一", "top": rng.randint(0, 2)},
        {
            "code": "second",
            "name": "二",
            "ratio": rng.choice(["0.3", "0.125", "0"]),
            "round": rng.choice(["floor", "ceil", "half_up"]),
            "at_least": rng.randint(0, 1),
        },
        {"code": "third", "name": "三", "ratio": "0.4", "min_total": "20", "pass_modules": True},
        {"code": "team", "name": "团", "top": 1, "scope": "teams", "pass_modules": True},
        {"code": "team-2", "name": "团二", "ratio": "0.5", "scope": "teams", "min_total": "30"},
        {"code": "best", "name": "单", "top": 1, "scope": "items", "min_total": "1"},
        {"code": "good", "name": "单二", "top": 2, "scope": "items"},
    ]


def _grades(rng: Random, stages: list[Plain]) -> list[Plain]:
    most = rng.randint(1, 6)
    scored = [module for stage in stages for module in (*stage["modules"], *stage.get("parts", []))]
    passable = list(
        dict.fromkeys(scored_part["code"] for scored_part in scored if "pass" in scored_part)
    )
    rng.shuffle(passable)
    return [
        {
            "code": "r1",
            "cite": "甲",
            "when": {"levels": ["provincial-1"], "max_rank": most, "once_a_year": True},
            "grant": {"up": 1, "floor": 3, "ceiling": 2, "titles": ["能手"]},
        },
        {
            "code": "r2",
            "cite": "乙",
            "when": {"awards": ["second"], "pass_modules": "all", "groups": ["worker"]},
            "grant": {"to": 2, "max_step": 2},
        },
        {
            "code": "r3",
            "cite": "丙",
            "when": {"item": {"code": "any", "max_rank": 1}, "under": ["U1"], "min_ranked": 2},
            "grant": {"titles": ["能手", "标兵"]},
        },
        {
            "code": "r4",
            "cite": "丁",
            "when": {"top_percent": "50", "min_total": "10", "holds": {"at_most": 4}},
            "grant": {"up": 2, "max_step": 1},
        },
        {
            "code": "r5",
            "when": {
                "roles": rng.choice([["assistant"], ["main", "assistant"]]),
                "once_a_year": True,
                "holds": {"at_least": 5},
                "pass_modules": passable[: rng.randint(1, 2)],
            }
            if passable
            else {"roles": ["assistant"]},
            "grant": {"up": rng.randint(0, 2), "titles": rng.choice([[], ["好搭档", "能手"]])},
        },
    ]


def _accidents(rng: Random, bundle: Plain, stages: list[Plain], people: list[Plain]) -> None:
    """Outcomes, penalties and working times."""
    bundle["outcomes"], bundle["penalties"], bundle["times"] = [], [], []
    for stage in stages:
        for person in people:
            where = {"stage": stage["code"], "entrant": person["code"]}
            if rng.random() < 0.05:
                status = rng.choice(["dns", "dnf", "dsq"])
                bundle["outcomes"].append({**where, "status": status, "reason": "记录"})
            for module in stage["modules"]:
                there = {**where, "module": module["code"]}
                if rng.random() < 0.06:
                    status = rng.choice(["dns", "dnf", "dsq"])
                    bundle["outcomes"].append({**there, "status": status, "reason": "记录"})
                if rng.random() < 0.1:
                    penalty = rng.choice([{"points": "1.25"}, {"seconds": "7"}])
                    bundle["penalties"].append({**there, **penalty, "reason": "违规"})
                if rng.random() < 0.7:
                    bundle["times"].append({**there, "seconds": rng.choice(["300", "301.5"])})
