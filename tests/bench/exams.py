"""How fast banks, papers, examinations and series are, against the standard JSON reader.

Run as a script: `python tests/bench/exams.py`. It makes a bank of 24,000 questions, an
examination of 500 people with 100 items each, and a series of 2,000 nodes, runs whole
processes on them, and prints one table and the limits. The exit status is 1 where a
limit is passed.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.score import Command, cost, reading  # noqa: E402
from tests.domain.exam.random_exams import calm_sitting, random_question  # noqa: E402
from tests.support.question_banks import random_bank  # noqa: E402

HEADING = """\
| what | file MB | json.load s | command s | time × |
|---|--:|--:|--:|--:|"""


def bank() -> dict[str, Any]:
    """A bank of 24,000 questions over 500 points of examination."""
    return random_bank(1, scopes=24, points=500, questions=24_000, places=2)


def table() -> dict[str, Any]:
    """A table of two forms of 100 questions, as a centre would write it."""
    lines = [
        {"node": "A", "kind": "single", "count": 20, "points": 1},
        {"node": "B", "kind": "single", "count": 40, "points": 1},
        {"node": "B", "kind": "multiple", "count": 20, "points": 1},
        {"kind": "true_false", "count": 10, "points": 1},
        {"kind": "blank", "count": 10, "points": 1},
    ]
    return {
        "format": "compete-table/1",
        "code": "TABLE",
        "name": "三级理论",
        "total": 100,
        "minutes": 90,
        "forms": ["A", "B"],
        "lines": lines,
        "importance": {"X": {"at_least": 40}, "Z": {"at_most": 30}},
        "difficulty": {"target": "0.62", "band": "0.02", "apart": "0.01"},
        "rest": {"months": 12, "day": "2026-12-01"},
    }


def exam() -> dict[str, Any]:
    """An examination of 500 people, who each answer 100 items once."""
    random = Random(1)
    questions = [random_question(random, f"Q{n:03}", 100, ["A", "B"]) for n in range(100)]
    questions = [question for question in questions if question["kind"] != "essay"]
    form = {"form": "A", "questions": [question["code"] for question in questions]}
    by_code = {question["code"]: question for question in questions}
    return {
        "format": "compete-exam/1",
        "code": "E",
        "pass": 60,
        "sections": [{"code": code, "name": code} for code in "AB"],
        "questions": questions,
        "forms": [form],
        "sittings": [calm_sitting(f"S{n:03}", random, form, by_code) for n in range(500)],
    }


def series() -> dict[str, Any]:
    """A series of 2,000 unions below one, each with a berth, five people and a report."""
    nodes = [f"N{number:04}" for number in range(2_000)]
    low = "municipal"
    people = {node: [f"{node}-{place}" for place in range(1, 6)] for node in nodes}
    return {
        "format": "compete-series/1",
        "series": {"code": "S", "name": "系列"},
        "nodes": [
            {"code": "TOP", "name": "省", "level": "provincial-1"},
            *({"code": node, "name": node, "level": low, "parent": "TOP"} for node in nodes),
        ],
        "reports": [
            {"code": f"R-{node}", "node": node, "sessions": 3, "people": 90, "day": "2026-05-01",
             "by": node} for node in nodes
        ],
        "people": [
            {"code": code, "name": code, "unit": node} for node in nodes for code in people[node]
        ],
        "standings": [
            {"node": node, "event": "E", "rows": [
                {"person": code, "rank": place} for place, code in enumerate(people[node], 1)]}
            for node in nodes
        ],
        "berths": [
            {"code": f"B-{node}", "from": node, "event": "E", "to": "TOP", "to_event": "F",
             "places": 1, "substitutes": 1} for node in nodes
        ],
    }  # fmt: skip


class Work(NamedTuple):
    """A command, the file it is held against, and the most it may take of reading that."""

    name: str
    words: tuple[str, ...]
    against: str
    most: float


FILES: dict[str, Callable[[], dict[str, Any]]] = {
    "bank": bank, "table": table, "exam": exam, "series": series
}  # fmt: skip
WORKS = [
    Work("look through 24,000 questions", ("bank", "check", "bank"), "bank", 12),
    Work(
        "assemble two forms of 100",
        ("paper", "assemble", "bank", "table", "--seed", "1", "-o", "paper"),
        "bank",
        20,
    ),
    Work("check that paper", ("paper", "check", "paper", "bank", "table"), "bank", 12),
    Work("score 500 × 100 answers", ("exam", "score", "exam"), "exam", 16),
    Work("reckon 2,000 berths", ("series", "series"), "series", 14),
]


def command(words: tuple[str, ...], folder: Path) -> Command:
    """`compete` with these words; names of files are paths in the folder."""
    names = {*FILES, "paper"}
    first = words[0]
    rest = [str(folder / f"{word}.json") if word in names else word for word in words[1:]]
    code = "import sys; from compete.cli import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", code, first, *rest]


def main() -> int:
    """Measure everything and print it."""
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{name}.json" for name in FILES}
        for name, make in FILES.items():
            paths[name].write_text(json.dumps(make(), ensure_ascii=False), "utf-8")
        print(HEADING)
        for work in WORKS:
            file = paths[work.against]
            floor, taken = cost(reading(file), 5), cost(command(work.words, Path(folder)), 2)
            times = taken.seconds / floor.seconds
            megabytes = file.stat().st_size / 1e6
            print(
                f"| {work.name} | {megabytes:.1f} | {floor.seconds:.3f} | {taken.seconds:.3f} "
                f"| {times:.1f} |",
                flush=True,
            )
            if times > work.most:
                missed.append(f"MISS {work.name}: {times:.1f} (≤ {work.most:g})")
    print("\n".join(missed) or "ok   every limit holds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
