"""Question banks out of text: a head, the lines of the syllabus, and a question a line.

A question is `POINT DIFFICULTY STEM`, then ` | ` before each option, right ones with `*`; or
` = ` before 对, 错, a number (` ± ` how far off) or blanks (`a|b;c`); or ` > ` before what markers
look for. An explanation follows ` # `. A point with `!` makes a practice question, with `?` a
draft.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_LETTERS = "ABCDEFGHIJ"


def bank(file: Path) -> dict[str, Any]:
    """The bank of a text, as its file has it."""
    head, syllabus, questions = file.read_text("utf-8").strip().split("\n\n")
    code, name, occupation, trade = head.split("|")
    return {
        "format": "compete-bank/1",
        "code": code,
        "name": name,
        "grade": 3,
        "edition": "2026",
        "source": "示例，不用于真正的考试",
        "occupation": {"code": occupation, "name": trade},
        "syllabus": [_node(line) for line in syllabus.splitlines()],
        "questions": [
            _question(line, f"Q{number:03}")
            for number, line in enumerate(questions.splitlines(), 1)
        ],
    }


def _node(line: str) -> dict[str, Any]:
    """`A 40 基本要求` is a scope, `A-001 X 交接班` a point of what its code begins with."""
    code, kind, name = line.split(maxsplit=2)
    parent = code.rpartition("-")[0]
    node = {"code": code, "name": name}
    if parent:
        node["parent"] = parent
    node["importance" if kind in "XYZ" else "weight"] = kind
    return node


def _question(line: str, code: str) -> dict[str, Any]:
    text, _mark, explanation = line.partition(" # ")
    node, difficulty, text = text.split(maxsplit=2)
    version: dict[str, Any] = {"number": 1, "difficulty": difficulty}
    if " | " in text:
        stem, *options = text.split(" | ")
        version["options"] = [
            {"id": letter, "text": option.removeprefix("*")}
            for letter, option in zip(_LETTERS, options, strict=False)
        ]
        version["key"] = [
            letter
            for letter, option in zip(_LETTERS, options, strict=False)
            if option.startswith("*")
        ]
        kind = "single" if len(version["key"]) == 1 else "multiple"
    elif " = " in text:
        stem, _mark, answer = text.rpartition(" = ")
        number, _mark, deviation = answer.partition(" ± ")
        if answer in ("对", "错"):
            kind, version["key"] = "true_false", answer == "对"
        elif _NUMBER.fullmatch(number):
            kind, version["key"] = "numeric", number
            if deviation:
                version["tolerance"] = deviation
        else:
            kind = "blank"
            version["key"] = [accepted.split("|") for accepted in answer.split(";")]
    else:
        kind = "essay"
        stem, _mark, version["guide"] = text.partition(" > ")
    version["stem"] = stem
    if explanation:
        version["explanation"] = explanation
    question = {"code": code, "node": node.rstrip("!?"), "kind": kind, "versions": [version]}
    if node.endswith("!"):
        question["pool"] = "practice"
    if node.endswith("?"):
        question["state"] = "draft"
    return question
