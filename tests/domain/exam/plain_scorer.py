"""A second scorer of theory examinations: slow, and written from the format's sentences alone."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

Plain = dict[str, Any]


def rounded_text(value: Fraction | None, places: int) -> str | None:
    """The number rounded half up, away from zero, with so many places."""
    if value is None:
        return None
    size = abs(value) * 10**places
    whole = size.numerator // size.denominator
    if size - whole >= Fraction(1, 2):
        whole += 1
    digits = str(whole).zfill(places + 1)
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"


def at(text: str) -> Fraction:
    """Seconds of an instant."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    zone = moment.utcoffset()
    assert zone is not None
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second - zone.seconds
    days = moment.toordinal() - zone.days
    return days * 86400 + seconds + Fraction(moment.microsecond, 10**6)


def fold(text: str, case: bool = False) -> str:
    out = ""
    for sign in text:
        if "\uff01" <= sign <= "\uff5e":
            sign = chr(ord(sign) - ord("\uff01") + ord("!"))
        elif sign in "\u3000\u00a0\t\r\n":
            sign = " "
        elif sign == "\u2212":
            sign = "-"
        out += sign
    out = unicodedata.normalize("NFC", out)
    while "  " in out:
        out = out.replace("  ", " ")
    out = out.removeprefix(" ").removesuffix(" ")
    if not case:
        out = "".join(sign.lower() if "A" <= sign <= "Z" else sign for sign in out)
    return out


def number(text: str) -> Fraction | None:
    match = re.fullmatch(r"([+-]?)([0-9]{1,18})(?:\.([0-9]{0,12}))?", text) or re.fullmatch(
        r"([+-]?)()\.([0-9]{1,12})", text
    )
    if match is None:
        return None
    after = match[3] or ""
    size = Fraction(int(match[2] + after or "0"), 10 ** len(after))
    return -size if match[1] == "-" else size


def rounded(points: Fraction) -> Fraction:
    return Fraction(rounded_text(points, 2) or "0")


def counting(exam: Plain, sitting: Plain) -> tuple[dict[str, Any], list[Plain]]:
    """The answers that count, and what was left out."""
    end = at(sitting["ends_at"]) + sum(g["seconds"] for g in sitting.get("grants") or [])
    acts: list[Plain] = []
    for act in sitting.get("acts") or []:
        stored, brought = at(act["held_at"]), bool(act.get("brought_by"))
        for other in acts:
            if other["uuid"] == act["uuid"]:
                other["stored"] = min(other["stored"], stored)
                other["brought"] = other["brought"] or brought
                break
        else:
            acts.append({**act, "stored": stored, "brought": brought})
    taken: list[tuple[int, int, Plain]] = []
    left_out = []
    for act in acts:
        device = act["device"]
        readings = sorted(
            (r for r in sitting.get("readings") or [] if r["device"] == device),
            key=lambda r: (r["seq"], at(r["server_at"])),
        )
        before = [r for r in readings if r["seq"] < act["seq"]][-1:]
        after = [r for r in readings if r["seq"] >= act["seq"]][:1]
        offsets = [at(r["server_at"]) - at(r["device_at"]) for r in before + after]
        instant = at(act["said_at"]) + min(offsets) if offsets else act["stored"]
        instant = min(
            [instant]
            + [o["stored"] for o in acts if o["device"] == device and o["seq"] >= act["seq"]]
        )
        first = next(d for d in sitting["devices"] if d["device"] == device)
        instant = max(instant, at(sitting["starts_at"]), at(first["from"]))
        term = max(n for n, d in enumerate(sitting["devices"]) if at(d["from"]) <= instant)
        hand_in = sitting.get("hand_in")
        late = Fraction(exam.get("late_minutes", 30) * 60)
        if sitting["devices"][term]["device"] != device:
            why = "other_device"
        elif hand_in and (
            act["seq"] > hand_in["seq"]
            if hand_in["device"] == device
            else instant > at(hand_in["at"])
        ):
            why = "after_hand_in"
        elif instant > end:
            why = "after_end"
        elif act["stored"] > end + late and not act["brought"]:
            why = "too_late"
        else:
            taken.append((term, act["seq"], act))
            continue
        left_out.append({"uuid": act["uuid"], "why": why})
    kinds = {q["code"]: q["kind"] for q in exam["questions"]}
    answers: dict[str, Any] = {}
    for _, _, act in sorted(taken, key=lambda row: row[:2]):
        answers[act["item"]] = act.get("value")
    for item, value in list(answers.items()):
        texts = value if kinds[item] == "blank" else [value]
        is_text = kinds[item] in ("blank", "numeric", "essay")
        if value is None or value == [] or (is_text and all(fold(text) == "" for text in texts)):
            answers[item] = None
    return answers, sorted(left_out, key=lambda row: row["uuid"])


def keyed(exam: Plain, corrected: bool) -> dict[str, Plain]:
    """The questions with the keys that count."""
    questions = {q["code"]: {**q, "struck": False} for q in exam["questions"]}
    for row in (exam.get("keys") or []) if corrected else []:
        question = questions[row["question"]]
        question["struck"] = bool(row.get("struck"))
        if question["struck"]:
            continue
        question["key"] = row["key"]
        if row.get("tolerance") is not None or row.get("relative") is not None:
            question["tolerance"] = row.get("tolerance")
            question["relative"] = row.get("relative")
    return questions


def item_points(exam: Plain, sitting: Plain, question: Plain, value: Any) -> Fraction | None:
    full = Fraction(question["points"])
    if question["struck"]:
        return full
    if value is None:
        return Fraction(0)
    kind = question["kind"]
    key: Any = question.get("key")
    marking = exam.get("marking") or {}
    if kind == "single":
        return full if value in key else Fraction(0)
    if kind == "true_false":
        return full if value == key else Fraction(0)
    if kind == "numeric":
        quantity = number(fold(value))
        if quantity is None:
            return Fraction(0)
        allowed = Fraction(question.get("tolerance") or 0)
        if question.get("relative") is not None:
            allowed = Fraction(question["relative"]) * abs(Fraction(key))
        return full if abs(quantity - Fraction(key)) <= allowed else Fraction(0)
    if kind == "multiple":
        by = marking.get("multiple") or {}
        rule, part = by.get("rule", "all"), Fraction(by.get("part") or 0)
        if set(value) == set(key):
            return full
        if any(option not in key for option in value) or rule == "all":
            return Fraction(0)
        if rule == "share":
            return rounded(full * part)
        if rule == "each":
            return rounded(min(full, part * len(value)))
        return rounded(full * len(value) / len(key))
    if kind == "blank":
        case = bool(question.get("case"))
        right = 0
        for text, accepted in zip(value, key, strict=True):
            mine = fold(text, case)
            for other in accepted:
                theirs = fold(other, case)
                if mine == theirs or (number(mine) is not None and number(mine) == number(theirs)):
                    right += 1
                    break
        return rounded(full * right / len(key))
    by = marking.get("essay") or {}
    markers: list[tuple[str, list[Fraction]]] = []
    for mark in exam.get("marks") or []:
        if (mark["sitting"], mark["question"]) != (sitting["code"], question["code"]):
            continue
        for known in markers:
            if known[0] == mark["marker"]:
                known[1][0] = Fraction(mark["points"])
                break
        else:
            markers.append((mark["marker"], [Fraction(mark["points"])]))
    marks = [points for _, [points] in markers]
    if len(marks) < 2:
        return None
    a, b = marks[:2]
    if abs(a - b) <= Fraction(by.get("line") or 0):
        return rounded((a + b) / 2)
    if len(marks) < 3:
        return None
    c = marks[2]
    if by.get("third", "nearest") == "final":
        return c
    if abs(a - c) == abs(b - c):
        return rounded((max(a, b) + c) / 2)
    return rounded(((a if abs(a - c) < abs(b - c) else b) + c) / 2)


def sat_out(exam: Plain, sitting: Plain, questions: dict[str, Plain]) -> Plain:
    """Points, total and verdict of a sitting by these keys."""
    form = next(f for f in exam["forms"] if f["form"] == sitting["form"])
    answers, left_out = counting(exam, sitting)
    points = {
        code: item_points(exam, sitting, questions[code], answers.get(code))
        for code in form["questions"]
    }
    total: Fraction | None = Fraction(0)
    verdict = "pending"
    if None in points.values():
        total = None
    else:
        total = sum(
            (points_of_item for points_of_item in points.values() if points_of_item is not None),
            Fraction(0),
        )
        verdict = "pass" if total >= Fraction(exam["pass"]) else "fail"
    return {
        "points": points,
        "answers": answers,
        "left_out": left_out,
        "total": total,
        "verdict": verdict,
        "form": form,
    }


def clocks(sitting: Plain) -> list[str]:
    for device in {d["device"] for d in sitting["devices"]}:
        readings = sorted(
            (r for r in sitting.get("readings") or [] if r["device"] == device),
            key=lambda r: (r["seq"], at(r["server_at"])),
        )
        offsets = [at(r["server_at"]) - at(r["device_at"]) for r in readings]
        for index in range(1, len(offsets)):
            if abs(offsets[index] - offsets[index - 1]) > 60:
                return ["clock"]
    return []


def variance(values: list[Fraction]) -> Fraction:
    mean = sum(values, Fraction(0)) / len(values)
    return sum(((value - mean) ** 2 for value in values), Fraction(0)) / len(values)


def question_row(question: Plain, rows: list[Plain]) -> Plain:
    code, kind, n = question["code"], question["kind"], len(rows)
    options = {"true_false": ["true", "false"]}.get(kind) or question.get("options") or []
    few, struck = n < 30, question["struck"]
    chosen: dict[str, int] = {}
    for option in options:
        chosen[option] = sum(has_chosen(row["answers"].get(code), option) for row in rows)
    out: Plain = {
        "question": code,
        "n": n,
        "struck": struck,
        "share": None,
        "correlation": None,
        "unanswered": None
        if few
        else rounded_text(Fraction(sum(r["answers"].get(code) is None for r in rows), n), 3),
        "options": [
            {"option": o, "share": None if few else rounded_text(Fraction(chosen[o], n), 3)}
            for o in options
        ],
        "flags": [],
    }
    if few or struck:
        return out
    x = [row["points"][code] for row in rows]
    y = [row["total"] - row["points"][code] for row in rows]
    share = sum(x, Fraction(0)) / n / Fraction(question["points"])
    out["share"] = rounded_text(share, 3)
    weak = False
    if variance(x) and variance(y):
        mean_x, mean_y = sum(x, Fraction(0)) / n, sum(y, Fraction(0)) / n
        both = (
            sum(((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)), Fraction(0)) / n
        )
        square = both**2 / (variance(x) * variance(y))
        weak = both <= 0 or square < Fraction(1, 100)
        with localcontext() as context:
            context.prec = 80
            root = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
            text = str(root.quantize(Decimal("0.001"), ROUND_HALF_UP))
        out["correlation"] = f"-{text}" if both < 0 and text != "0.000" else text
    if share < Fraction("0.3"):
        out["flags"].append("hard")
    if share > Fraction("0.95"):
        out["flags"].append("easy")
    if weak:
        out["flags"].append("weak")
    if kind in ("single", "multiple") and 0 in chosen.values():
        out["flags"].append("unused")
    if kind == "single":
        line = sorted((row["total"] for row in rows), reverse=True)[(n + 3) // 4 - 1]
        best = [row for row in rows if row["total"] >= line]
        rest = [row for row in rows if row["total"] < line]
        if rest and any(
            Fraction(sum(r["answers"].get(code) == o for r in best), len(best))
            > Fraction(sum(r["answers"].get(code) == o for r in rest), len(rest))
            for o in options
            if o not in question["key"]
        ):
            out["flags"].append("key")
    return out


def has_chosen(value: Any, option: str) -> bool:
    if isinstance(value, bool):
        return value is (option == "true")
    return option in value if isinstance(value, list) else value == option


def form_row(form: Plain, rows: list[Plain], questions: dict[str, Plain]) -> Plain:
    out: Plain = {
        "form": form["form"],
        "n": len(rows),
        "passed": sum(row["verdict"] == "pass" for row in rows),
        "mean": None,
        "alpha": None,
    }
    if len(rows) < 30:
        return out
    out["mean"] = rounded_text(sum((row["total"] for row in rows), Fraction(0)) / len(rows), 2)
    items = [code for code in form["questions"] if not questions[code]["struck"]]
    sums = variance([sum((r["points"][c] for c in items), Fraction(0)) for r in rows])
    k = len(items)
    if k >= 2 and sums:
        parts = sum((variance([r["points"][c] for r in rows]) for c in items), Fraction(0))
        out["alpha"] = rounded_text(Fraction(k, k - 1) * (1 - parts / sums), 3)
    return out


def results(exam: Plain) -> Plain:
    """The whole results file of an examination that is right."""
    first, last = keyed(exam, False), keyed(exam, True)
    sittings, changed, rows = [], [], []
    for sitting in sorted(exam["sittings"], key=lambda s: s["code"]):
        row: Plain = {"sitting": sitting["code"], "form": sitting["form"]}
        sittings.append(row)
        if (sitting.get("state") or "sat") != "sat":
            row |= {"verdict": sitting["state"], "total": None}
            row |= {"flags": [], "items": [], "profile": [], "left_out": []}
            continue
        now, then = sat_out(exam, sitting, last), sat_out(exam, sitting, first)
        row |= {"verdict": now["verdict"], "total": rounded_text(now["total"], 2)}
        row["flags"] = clocks(sitting)
        row["items"] = []
        for code in now["form"]["questions"]:
            value = now["answers"].get(code)
            if value is not None and last[code]["kind"] == "multiple":
                value = sorted(value, key=last[code]["options"].index)
            points = rounded_text(now["points"][code], 2)
            row["items"].append({"question": code, "value": value, "points": points})
        row["profile"] = []
        for section in exam["sections"]:
            here = [c for c in now["form"]["questions"] if last[c]["section"] == section["code"]]
            if here:
                parts = [now["points"][code] for code in here]
                got = None if None in parts else sum(parts, Fraction(0))
                of = sum((Fraction(last[code]["points"]) for code in here), Fraction(0))
                row["profile"].append(
                    {
                        "section": section["code"],
                        "points": rounded_text(got, 2),
                        "of": rounded_text(of, 2),
                    }
                )
        row["left_out"] = now["left_out"]
        if (now["total"], now["verdict"]) != (then["total"], then["verdict"]):
            change = {"sitting": sitting["code"]}
            change |= {"from": rounded_text(then["total"], 2), "to": rounded_text(now["total"], 2)}
            change |= {"verdict_from": then["verdict"], "verdict_to": now["verdict"]}
            changed.append(change)
        if now["verdict"] != "pending":
            rows.append(now)
    return {
        "format": "compete-exam-results/1",
        "exam": exam["code"],
        "sittings": sittings,
        "changed": changed,
        "questions": [
            question_row(last[q["code"]], [r for r in rows if q["code"] in r["points"]])
            for q in exam["questions"]
        ],
        "forms": [
            form_row(f, [r for r in rows if r["form"]["form"] == f["form"]], last)
            for f in exam["forms"]
        ],
    }
