"""Question banks and tables made up by chance, of any size."""

from __future__ import annotations

from random import Random
from typing import Any

KINDS = ("single", "multiple", "true_false", "blank", "numeric", "essay")
IMPORTANCE = "XXXYYZ"


def random_syllabus(random: Random, scopes: int, points: int) -> list[dict[str, Any]]:
    """Scopes in two layers, which share the weight evenly, and points under the lower ones."""
    nodes: list[dict[str, Any]] = [
        {"code": "A", "name": "基本要求", "weight": "40"},
        {"code": "B", "name": "相关知识", "weight": 60},
    ]
    lower = [f"{'AB'[number % 2]}-{number:02}" for number in range(scopes)]
    for top, weight in ("A", 40), ("B", 60):
        below = [code for code in lower if code[0] == top]
        for number, code in enumerate(below):
            share = weight * 1000 // len(below)
            if number == len(below) - 1:
                share = weight * 1000 - share * (len(below) - 1)
            part = f"{share // 1000}.{share % 1000:03}"
            nodes.append({"code": code, "parent": top, "name": code, "weight": part})
    for number in range(points):
        scope = lower[number % len(lower)]
        nodes.append(
            {
                "code": f"{scope}-{number:04}",
                "parent": scope,
                "name": f"要素 {number}",
                "importance": random.choice(IMPORTANCE),
            }
        )
    return nodes


def random_question(
    random: Random, code: str, node: str, kind: str, *, difficulty: str
) -> dict[str, Any]:
    """A question in use with one version."""
    version: dict[str, Any] = {
        "number": 1,
        "stem": f"第 {code} 题：下面关于设备运行和维护的说法，应当选哪一个（　）。",
        "difficulty": difficulty,
    }
    if kind in ("single", "multiple"):
        version["options"] = [
            {"id": letter, "text": f"{code} 的第 {letter} 种说法"} for letter in "ABCD"
        ]
        right = random.sample("ABCD", 1 if kind == "single" else 2)
        version["key"] = sorted(right)
    elif kind == "true_false":
        version["key"] = random.random() < 0.5
    elif kind == "blank":
        version["key"] = [["3600", "3600 转"]]
    elif kind == "numeric":
        version["key"] = "12.5"
    return {"code": code, "node": node, "kind": kind, "versions": [version]}


def random_bank(
    seed: int,
    *,
    scopes: int,
    points: int,
    questions: int,
    families: int = 0,
    places: int = 2,
    kinds: tuple[str, ...] = KINDS[:4],
) -> dict[str, Any]:
    """A bank; `families` are drawn for about half of its questions where there are any."""
    random = Random(seed)
    syllabus = random_syllabus(random, scopes, points)
    nodes = [node["code"] for node in syllabus if "importance" in node]
    drawn = []
    for number in range(questions):
        value = random.randint(3 * 10**places // 10, 95 * 10**places // 100)
        question = random_question(
            random,
            f"Q{number:05}",
            random.choice(nodes),
            random.choice(kinds),
            difficulty=f"0.{value:0{places}}",
        )
        if families and random.random() < 0.5:
            question["family"] = f"F{random.randrange(families)}"
        if random.random() < 0.3:
            question["uses"] = [
                {"day": f"20{random.randint(23, 26)}-0{random.randint(1, 9)}-15"}
                for _use in range(random.randint(1, 3))
            ]
        if random.random() < 0.03:
            question["state"] = random.choice(("draft", "withdrawn"))
        drawn.append(question)
    return {
        "format": "compete-bank/1",
        "code": "BANK",
        "name": "随机题库",
        "syllabus": syllabus,
        "questions": drawn,
    }


_TRADES = {
    "泵站": ("离心泵", "轴流泵", "真空泵", "闸门", "拦污栅", "电动机", "填料函", "推力轴承"),
    "起重": ("钢丝绳", "吊钩", "卷筒", "滑轮组", "制动器", "臂架", "支腿", "吊索"),
    "电工": ("断路器", "接触器", "变压器", "互感器", "熔断器", "热继电器", "变频器", "电缆"),
}
_WHEN = ("启动前", "运行中", "停机后", "大修后", "雨季", "交接班时", "负荷变化时", "试验时")
_WHAT = ("温度", "振动", "绝缘电阻", "间隙", "磨损量", "电流", "噪声", "油位")
_UNITS = ("℃", "mm/s", "MΩ", "mm", "%", "A", "dB", "mm")
_OFTEN = ("每班", "每天", "每周", "每月", "每季", "每年")


def patterned_bank(seed: int, questions: int, points: int = 500) -> dict[str, Any]:
    """A bank of so many questions made of trades, parts, occasions, units and numbers.

    No two stems are the same; all kinds but essays are there.
    """
    random = Random(seed)
    syllabus = random_syllabus(random, 24, points)
    nodes = [node["code"] for node in syllabus if "importance" in node]
    trades = list(_TRADES.items())
    made = []
    for number in range(questions):
        trade, parts = trades[number % len(trades)]
        part, when = random.choice(parts), random.choice(_WHEN)
        place = random.randrange(len(_WHAT))
        what, unit, often = _WHAT[place], _UNITS[place], random.choice(_OFTEN)
        asked = f"{trade}的{part}{when}，{often}检查{what}，第 {number + 1} 号设备的允许值"
        right = random.randint(2, 400)
        kind = KINDS[number % 5]
        version: dict[str, Any] = {"number": 1, "difficulty": f"0.{random.randint(30, 95)}"}
        match kind:
            case "single" | "multiple":
                version["stem"] = f"{asked}是多少 {unit}？"
                version["options"] = [
                    {"id": letter, "text": f"{right + step} {unit}"}
                    for letter, step in zip("ABCD", (0, 5, 10, 15), strict=True)
                ]
                version["key"] = ["A"] if kind == "single" else ["A", "C"]
            case "true_false":
                version["stem"] = f"{asked}是 {right} {unit}。"
                version["key"] = right % 2 == 0
            case "blank":
                version["stem"] = f"{asked}是____{unit}。"
                version["key"] = [[str(right)]]
            case _:
                version["stem"] = f"{asked}是多少 {unit}（写数）？"
                version["key"], version["tolerance"] = str(right), "0.5"
        code = f"Q{number + 1:05}"
        node = nodes[number % len(nodes)]
        made.append({"code": code, "node": node, "kind": kind, "versions": [version]})
    return {
        "format": "compete-bank/1",
        "code": "PATTERN",
        "name": "照样子出的题库",
        "syllabus": syllabus,
        "questions": made,
    }
