"""What an evaluation comes to, worked out a second time, plainly, for those of the tests."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from statistics import median
from typing import Any

Plain = dict[str, Any]


def results(bundle: Plain) -> Plain:
    """The results file of a bundle that `evaluation_competitions` has made."""
    rows = {}
    got: set[str] = set()
    whose = {candidate["code"]: candidate for candidate in bundle["entrants"]}
    for code in sorted(whose, key=lambda code: whose[code].get("resit", {}).get("attempt", 1)):
        person = whose[code]
        rows[code] = _row(bundle, event_of(bundle, person), person)
        before = []
        at = person
        while "resit" in at:
            at = whose[at["resit"]["entrant"]]
            before.append(at["code"])
        if rows[code]["verdict"] == "pass" and rows[code]["eligible"] and not got & {*before}:
            got.add(code)
    event_rows = []
    for event in bundle["events"]:
        own = [rows[code] for code in sorted(whose) if whose[code]["event"] == event["code"]]
        count = Counter(row["verdict"] for row in own)
        grades = [
            {
                "entrant": row["entrant"],
                "grade": event["grade"],
                "ground": "assessment",
                "cite": event.get("cite"),
                "applies": row["applies"],
            }
            for row in own
            if row["entrant"] in got
        ]
        words = ("pass", "fail", "absent", "incomplete", "dsq")
        counts = {"entered": len(own), **{word: count[word] for word in words}}
        event_rows.append(
            {"code": event["code"], "verdicts": own, "counts": counts, "grades": grades}
        )
    return {"format": "compete-results/1", "competition": "X", "events": event_rows}


def event_of(bundle: Plain, person: Plain) -> Plain:
    return next(event for event in bundle["events"] if event["code"] == person["event"])


def months_on(day: str, months: int) -> str:
    """Day by day: the same date of the month that is meant, or the last that there is."""
    start = date.fromisoformat(day)
    number = start.year * 12 + start.month - 1 + months
    for last in range(start.day, 0, -1):
        try:
            return date(number // 12, number % 12 + 1, last).isoformat()
        except ValueError:
            continue
    raise AssertionError(day)


def line_of(scored: Plain) -> Fraction | None:
    if "pass" in scored:
        return Fraction(scored["pass"])
    return None if "part" in scored else Fraction(scored["full"]) * 60 / 100


def _row(bundle: Plain, event: Plain, person: Plain) -> Plain:
    (stage,) = event["stages"]
    code, places = person["code"], event["rounding"]["module"]
    day = event.get("on", bundle["competition"]["starts"])
    outcomes = {
        outcome.get("module"): outcome["status"]
        for outcome in bundle["outcomes"]
        if outcome["entrant"] == code
    }
    carried = {carried_part["of"]: carried_part for carried_part in person.get("carried", [])}
    brought = {
        of: carried_part for of, carried_part in carried.items() if "void" not in carried_part
    }
    out = outcomes.get(None) == "dsq"
    modules, exact = {}, {}
    for module in stage["modules"]:
        name = module["code"]
        if module.get("part") in brought:
            flags = ["carried", *(["dsq"] if out else [])]
            modules[name] = judged(module, None, flags, "dsq" if out else None, places)
            continue
        if name in brought:
            score, flags = Fraction(brought[name]["mark"]), ["carried", *(["dsq"] if out else [])]
        else:
            score, flags = _score(bundle, event, module, code, outcomes)
            if name in carried and flags != ["dns"]:
                flags = sorted([*flags, "carry_void"])
        exact[name] = score
        words = {"dsq": "dsq", "dns": "absent", "incomplete": "incomplete"}
        fallen = next((word for flag, word in words.items() if flag in flags), None)
        modules[name] = judged(module, score, flags, fallen, places)
    parts = {}
    for part in stage["parts"]:
        inside = [
            inner_module
            for inner_module in stage["modules"]
            if inner_module.get("part") == part["code"]
        ]
        if part["code"] in brought:
            mark = Fraction(brought[part["code"]]["mark"])
            parts[part["code"]] = judged(part, mark, ["carried"], "dsq" if out else None, places)
            continue
        verdicts = {modules[inner_module["code"]]["verdict"] for inner_module in inside}
        fallen = next((word for word in ("dsq", "absent", "incomplete") if word in verdicts), None)
        score = None
        if None not in [exact[inner_module["code"]] for inner_module in inside]:
            weights = [Fraction(inner_module["weight"]) for inner_module in inside]
            shares = [
                exact[inner_module["code"]] / Fraction(inner_module["full"])
                for inner_module in inside
            ]
            mean = sum(s * w for s, w in zip(shares, weights, strict=True)) / sum(weights)
            score = rounded(event, Fraction(part["full"]) * mean)
        flags = ["carry_void"] if part["code"] in carried else []
        parts[part["code"]] = judged(part, score, flags, fallen, places)
    all_verdicts = {row["verdict"] for row in (*modules.values(), *parts.values())}
    if "dsq" in outcomes.values():
        verdict = "dsq"
    elif "dns" in outcomes.values():
        verdict = "absent"
    else:
        verdict = next(word for word in ("incomplete", "fail", "pass") if word in all_verdicts)
    keeps = {}
    if verdict in ("fail", "absent"):
        for scored in (*stage["modules"], *stage["parts"]):
            mine = (modules | parts)[scored["code"]]
            if (
                "part" not in scored
                and mine["verdict"] == "pass"
                and "carried" not in mine["flags"]
            ):
                keeps[scored["code"]] = months_on(day, event["carry_months"])
    lines = [_line(line, person, day) for line in event.get("apply", [])]
    met = [line["line"] for line in lines if line["held"]]
    eligible = person.get("exempt", False) or not lines or bool(met)
    days = [line["met_on"] for line in lines if line["met_on"]]
    return {
        "entrant": code,
        "verdict": verdict,
        "attempt": person.get("resit", {}).get("attempt", 1),
        "modules": modules,
        "parts": parts,
        "keeps": keeps,
        "eligible": eligible,
        "applies": met[0] if met else None,
        "earliest": min(days) if days and not eligible else None,
        "reasons": lines,
    }


def judged(
    scored: Plain, score: Fraction | None, flags: list[str], fallen: str | None, places: int
) -> Plain:
    line = line_of(scored)
    verdict = fallen
    if verdict is None and line is not None and score is not None:
        verdict = "pass" if score >= line else "fail"
    shown = None if score is None else f"{int(score * 10**places):0{places + 1}d}"
    if shown is not None and places:
        shown = f"{shown[:-places]}.{shown[-places:]}"
    line_text = None
    if line is not None:
        whole, rest = divmod(line, 1)
        digits = f"{int(rest * 10**9):09d}".rstrip("0")
        line_text = f"{whole}.{digits}" if digits else f"{whole}"
    return {"score": shown, "pass": line_text, "verdict": verdict, "flags": flags}


def rounded(event: Plain, number: Fraction) -> Fraction:
    unit = 10 ** event["rounding"]["module"]
    half = Fraction(1, 2) if event["rounding"]["mode"] == "half_up" else 0
    return Fraction((number * unit + half) // 1, unit)


def _score(
    bundle: Plain, event: Plain, module: Plain, code: str, outcomes: Plain
) -> tuple[Fraction | None, list[str]]:
    outcome = outcomes.get(module["code"], outcomes.get(None))
    if outcome == "dns":
        return Fraction(0), ["dns"]
    flags = [outcome] if outcome else []
    off = [
        Fraction(penalty["points"])
        for penalty in bundle["penalties"]
        if (penalty["entrant"], penalty["module"]) == (code, module["code"])
    ]
    if off:
        flags.append("penalised")
    values = [
        Fraction(mark["value"])
        for mark in bundle["marks"]
        if (mark["entrant"], mark["module"]) == (code, module["code"])
    ]
    if module["aspects"][0]["type"] == "checklist":
        values = [Fraction(module["full"]) * number / 5 for number in values]
    if outcome != "dnf" and len(values) < module["panel"]["size"]:
        return None, sorted([*flags, "incomplete"])
    combined = Fraction(0)
    if values:
        combine = module["panel"]["combine"]
        combined = median(values) if combine == "median" else sum(values) / len(values)
    return rounded(event, max(combined - sum(off), Fraction(0))), sorted(flags)


def _line(line: Plain, person: Plain, day: str) -> Plain:
    conditions = [
        _condition(key, line["when"][key], person, day)
        for key in ("holds", "years_in_grade", "years_in_trade", "min_age", "papers", "groups")
        if key in line["when"]
    ]
    short = [condition["met_on"] for condition in conditions if not condition["held"]]
    met_on = max(short) if short and None not in short else None
    return {"line": line["code"], "held": not short, "conditions": conditions, "met_on": met_on}


def _condition(key: str, wanted: Any, person: Plain, day: str) -> Plain:
    grade, full = person.get("grade"), None
    if key == "holds":
        least, most = wanted.get("at_least", 9), wanted.get("at_most", 0)
        met = (grade or 6) <= least if "at_least" in wanted else True
        finding, met = grade, met and (grade or 6) >= most
    elif key == "groups":
        finding = person.get("group", "worker")
        met = finding in wanted
    else:
        if key == "years_in_grade":
            finding, start, months = (
                person.get("grade_since"),
                person.get("grade_since"),
                12 * wanted,
            )
        elif key == "min_age":
            finding, start, months = person.get("birth"), person.get("birth"), 12 * wanted
        elif key == "years_in_trade":
            finding = person.get("trade")
            start = finding and finding["at"]
            months = max(0, 12 * wanted - (finding["months"] if finding else 0))
        else:
            wanted = {"of": wanted["of"], "years": wanted.get("years", 0)}
            own = [
                paper["since"]
                for paper in person.get("papers", [])
                if paper["kind"] in wanted["of"]
            ]
            finding = start = min(own) if own else None
            months = 12 * wanted["years"]
        full = months_on(start, months) if start else None
        met = full is not None and full <= day
    return {
        "key": key,
        "wanted": wanted,
        "found": finding,
        "held": met,
        "met_on": None if met else full,
    }
