"""Random theory examinations that are right, with what rarely happens happening often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

Plain = dict[str, Any]

START = datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=8)))
MINUTES = 6
KINDS = ("single", "multiple", "true_false", "blank", "numeric", "essay")
TEXTS = ["", " ", "\u3000\t", "开", "开 启", "开  启", "Open", "ＯＰＥＮ", "open", "é", "e\u0301"]
NUMBERS = ["12.5", "+12.50", "１２．５", "12.", "12.6", "12.4", "-12.5", "\u221212.5", ".5", "0.5"]
NUMBERS += ["1,2", "1e1", "12.55", "０", "-0", "12 .5", " 12.5 ", "125e-1", "1" * 18, "1" * 19]


def moment(rng: Random, seconds: float) -> str:
    """So many seconds after the start, in some zone."""
    instant = START + timedelta(milliseconds=round(seconds * 1000))
    zone = rng.choice([UTC, START.tzinfo, timezone(timedelta(hours=-3, minutes=-30))])
    text = instant.astimezone(zone).isoformat(timespec=rng.choice(["auto", "milliseconds"]))
    if "." in text:
        head, tail = text.split(".")
        text = f"{head}.{tail[:3]}{tail.lstrip('0123456789')}"
    return text.replace("+00:00", "Z") if rng.random() < 0.5 else text


def some_time(rng: Random) -> float:
    """Seconds about a sitting, on a grid so coarse that times are often equal."""
    step = rng.choice([30, 30, 30, 1, 0.001])
    return rng.randint(0, round((MINUTES + 3) * 60 / step)) * step


def decimal(rng: Random, hundredths: int) -> str | int:
    """A decimal as one may write it."""
    if hundredths % 100 == 0 and rng.random() < 0.3:
        return hundredths // 100
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    return text.rstrip("0").rstrip(".") if rng.random() < 0.5 else text


def key_of(rng: Random, question: Plain, blanks: int, *, corrected: bool = False) -> Any:
    match question["kind"]:
        case "single":
            many = rng.randint(1, 2 if corrected else 1)
            return rng.sample(question["options"], many)
        case "multiple":
            least = 1 if corrected else 2
            return rng.sample(question["options"], rng.randint(least, len(question["options"])))
        case "true_false":
            return rng.random() < 0.5
        case "blank":
            good = [text for text in TEXTS + NUMBERS if text.strip("\u3000\t ")]
            return [rng.sample(good, rng.randint(1, 3)) for _ in range(blanks)]
        case "numeric":
            return rng.choice(["12.5", 12, "-12.5", "0", "0.5", "012.500"])
    return None


def deviation(rng: Random) -> Plain:
    return rng.choice(
        [{}, {"tolerance": "0.1"}, {"relative": "0.01"}, {"tolerance": None, "relative": "1"}]
    )


def random_question(rng: Random, code: str, points: int, sections: list[str]) -> Plain:
    kind = rng.choice(KINDS)
    question: Plain = {
        "code": code,
        "version": rng.randint(1, 3),
        "kind": kind,
        "section": rng.choice(sections),
        "points": decimal(rng, points),
    }
    if kind in ("single", "multiple"):
        question["options"] = rng.sample("DCBAE", rng.randint(2, 5))
    if kind != "essay":
        question["key"] = key_of(rng, question, rng.choice([1, 2, 3]))
    if kind == "numeric":
        question |= deviation(rng)
    if kind == "blank" and rng.random() < 0.5:
        question["case"] = rng.random() < 0.7
    return question


def value_of(rng: Random, question: Plain) -> Any:
    if rng.random() < 0.1:
        return None
    match question["kind"]:
        case "single":
            return rng.choice([*question["options"], question["key"][0]])
        case "multiple":
            if rng.random() < 0.3:
                return rng.sample(question["key"], rng.randint(1, len(question["key"])))
            return rng.sample(question["options"], rng.randint(0, len(question["options"])))
        case "true_false":
            return rng.random() < 0.6
        case "blank":
            return [
                rng.choice([*TEXTS, *NUMBERS, *accepted, *accepted]) for accepted in question["key"]
            ]
        case "numeric":
            return rng.choice(NUMBERS)
    return rng.choice(TEXTS)


def random_sitting(rng: Random, code: str, form: Plain, questions: dict[str, Plain]) -> Plain:
    state = rng.choice(["sat"] * 12 + ["absent", "void"])
    sitting: Plain = {
        "code": code,
        "form": form["form"],
        "starts_at": moment(rng, 0),
        "ends_at": moment(rng, MINUTES * 60),
    }
    if state != "sat" or rng.random() < 0.2:
        sitting["state"] = state
    if rng.random() < 0.2:
        grant = {"reason": "…", "by": "…", "at": moment(rng, some_time(rng))}
        sitting["grants"] = [
            {"seconds": rng.choice([30, 60, 90]), **grant} for _ in range(rng.randint(1, 2))
        ]
    if state == "absent":
        return sitting
    if state == "void":
        sitting["reason"] = "…"
    many = rng.choice([1, 1, 2, 3])
    froms = sorted(rng.sample(range(-60, MINUTES * 60, 30), many))
    names = [rng.choice(["T1", "T2"]) for _ in froms]
    sitting["devices"] = [
        {"device": name, "from": moment(rng, seconds)}
        for name, seconds in zip(names, froms, strict=True)
    ]
    skew = {name: rng.choice([0, 0, 3600, -90, 0.5]) for name in names}
    sitting["readings"] = [
        {
            "device": name,
            "seq": rng.randint(0, 6),
            "server_at": moment(rng, seconds := some_time(rng)),
            "device_at": moment(rng, seconds + skew[name] + rng.choice([0, 0, 0, 30, 60, 60.001])),
        }
        for name in rng.choices(names, k=rng.choice([0, 1, 2, 4]))
    ]
    sitting["acts"] = [
        act
        for name in dict.fromkeys(names)
        for act in random_acts(rng, code, name, sitting, skew[name], form, questions, froms, names)
    ]
    rng.shuffle(sitting["acts"])
    if rng.random() < 0.3:
        hand_in = {"seq": rng.randint(0, 10), "at": moment(rng, some_time(rng))}
        sitting["hand_in"] = {"device": rng.choice(names), **hand_in}
    return sitting


def calm_sitting(code: str, rng: Random, form: Plain, questions: dict[str, Plain]) -> Plain:
    """A sitting without trouble, of somebody who knows nearly everything."""
    acts = []
    for seq, item in enumerate(form["questions"], 1):
        question = questions[item]
        value = question.get("key", "…")
        if question["kind"] == "single":
            value = value[0]
        elif question["kind"] == "blank":
            value = [accepted[0] for accepted in value]
        elif question["kind"] == "numeric":
            value = str(value)
        if rng.random() < 0.03:
            value = value_of(rng, question)
        act: Plain = {"uuid": f"{code}-{seq}", "item": item, "value": value, "seq": seq}
        acts.append({**act, "device": "T", "said_at": moment(rng, 9), "held_at": moment(rng, 9)})
    sitting: Plain = {"code": code, "form": form["form"], "acts": acts}
    sitting |= {"starts_at": moment(rng, 0), "ends_at": moment(rng, MINUTES * 60)}
    return {**sitting, "devices": [{"device": "T", "from": moment(rng, 0)}]}


def random_acts(
    rng: Random,
    code: str,
    name: str,
    sitting: Plain,
    skew: float,
    form: Plain,
    questions: dict[str, Plain],
    froms: list[int],
    names: list[str],
) -> list[Plain]:
    acts = []
    least = max(0, froms[names.index(name)])
    for seq in range(1, rng.randint(2, 2 + 2 * len(form["questions"]))):
        item = rng.choice(form["questions"])
        instant = some_time(rng)
        stored = max(least, instant + rng.choice([0, 0, 0.5, 30, 120, -60]))
        act = {
            "uuid": f"{code}-{name}-{seq}",
            "item": item,
            "value": value_of(rng, questions[item]),
            "said_at": moment(rng, instant + skew),
            "held_at": moment(rng, stored),
            "device": name,
            "seq": seq,
        }
        if rng.random() < 0.1:
            act["brought_by"] = ["甲", "乙"]
        if act["value"] is None and rng.random() < 0.5:
            del act["value"]
        acts.append(act)
        if rng.random() < 0.1:
            acts.append({**act, "held_at": moment(rng, stored + rng.choice([0, 30, 600]))})
            acts[-1].pop("brought_by", None)
            if rng.random() < 0.3:
                acts[-1]["brought_by"] = ["甲", "丙"]
    return acts


def random_keys(rng: Random, questions: list[Plain]) -> list[Plain]:
    rows = []
    for question in questions:
        for number in range(2, 2 + rng.choice([0, 0, 0, 1, 2])):
            row: Plain = {"question": question["code"], "number": number, "reason": "…"}
            row |= {"asked_by": "甲", "agreed_by": "乙", "at": moment(rng, 9000)}
            if question["kind"] == "essay" or rng.random() < 0.3:
                row["struck"] = True
            else:
                row["key"] = key_of(
                    rng,
                    question,
                    len(question["key"]) if question["kind"] == "blank" else 0,
                    corrected=True,
                )
                if question["kind"] == "numeric":
                    row |= deviation(rng)
            rows.append(row)
    # In any order between questions, rising within one.
    order = sorted(range(len(rows)), key=lambda _: rng.random())
    mixed = [rows[index] for index in order]
    for question in questions:
        places = [n for n, row in enumerate(mixed) if row["question"] == question["code"]]
        there = sorted((mixed[n] for n in places), key=lambda row: row["number"])
        for place, row in zip(places, there, strict=True):
            mixed[place] = row
    return mixed


def random_exam(rng: Random, *, most_sittings: int = 6) -> Plain:
    """An examination of one or two forms."""
    sections = rng.sample(["A", "B", "乙"], rng.randint(1, 3))
    pairs = []
    for number in range(rng.randint(1, 7)):
        points = rng.choice([100, 200, 50, 133, 1, 250])
        pairs.append([random_question(rng, f"Q{number}{side}", points, sections) for side in "ab"])
    questions = [question for pair in pairs for question in pair]
    rng.shuffle(questions)
    by_code = {question["code"]: question for question in questions}
    forms = []
    for name in rng.choice([["A"], ["B", "A"]]):
        codes = [rng.choice(pair)["code"] for pair in pairs]
        rng.shuffle(codes)
        forms.append({"form": name, "questions": codes})
    most = sum(round(float(pair[0]["points"]) * 100) for pair in pairs)
    is_calm = rng.random() < 0.3
    sittings = []
    for number in rng.sample(range(1000, 9999), rng.randint(0, most_sittings)):
        code, form = f"S{number}", rng.choice(forms)
        sittings.append(
            calm_sitting(code, rng, form, by_code)
            if is_calm
            else random_sitting(rng, code, form, by_code)
        )
    marks = []
    for sitting in sittings:
        form = next(form for form in forms if form["form"] == sitting["form"])
        for code in form["questions"]:
            if by_code[code]["kind"] == "essay" and sitting.get("state") != "absent":
                full = round(float(by_code[code]["points"]) * 100)
                for marker in rng.choices(["M1", "M2", "M3"], k=rng.choice([0, 2, 2, 3, 3, 5])):
                    mark = {"sitting": sitting["code"], "question": code, "marker": marker}
                    marks.append({**mark, "points": decimal(rng, rng.randint(0, full))})
    exam: Plain = {
        "format": "compete-exam/1",
        "code": "E",
        "pass": decimal(rng, rng.randint(0, most)),
        "marking": {
            "multiple": rng.choice(
                [
                    {"rule": "all"},
                    {"rule": "share", "part": rng.choice(["0.5", "0.333", 1])},
                    {"rule": "each", "part": rng.choice(["0.5", "0.335", 2])},
                    {"rule": "proportion"},
                ]
            ),
            "essay": rng.choice(
                [{}, {"line": "0.5", "third": "final"}, {"line": "0.25"}, {"third": "nearest"}]
            ),
        },
        "sections": [{"code": code, "name": code} for code in sections],
        "questions": questions,
        "forms": forms,
        "keys": random_keys(rng, questions),
        "sittings": sittings,
        "marks": marks,
    }
    if rng.random() < 0.5:
        exam["late_minutes"] = rng.choice([0, 1, 2, 1440])
    if rng.random() < 0.3:
        del exam["marking"]
    return exam
