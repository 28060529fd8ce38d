"""Papers of tiny banks, held against every selection of questions that there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, product
from random import Random
from typing import Any

from compete.domain.exam.assembly import Assembled, assemble
from compete.domain.exam.bank import read_bank
from compete.domain.exam.basis import Basis
from compete.domain.exam.files import file_sha256
from compete.domain.exam.paper import paper_differences, read_paper, write_paper
from compete.domain.exam.table import read_table
from tests.support.question_banks import random_bank

TABLES = 100
CLASSES = "XYZ"


def basis_of(bank: dict[str, Any], table: dict[str, Any]) -> Basis:
    files = [json.dumps(value).encode() for value in (bank, table)]
    hashes = [file_sha256(data) for data in files]
    return Basis(read_bank(files[0]), read_table(files[1]), *hashes)


def tiny_bank(random: Random) -> dict[str, Any]:
    return random_bank(
        random.randrange(10**9),
        scopes=2,
        points=random.choice((3, 4, 5)),
        questions=random.choice((5, 6, 7)),
        families=random.choice((0, 0, 2, 4)),
        places=random.choice((1, 2, 4)),
        kinds=("single", "true_false"),
    )


def tiny_table(random: Random, bank: dict[str, Any]) -> dict[str, Any]:
    nodes = [None, "A", "B", *(node["code"] for node in bank["syllabus"][2:])]
    lines: list[dict[str, Any]] = []
    for kind in ("single", "true_false"):
        for node in random.sample(nodes, random.choice((0, 1, 1, 2))):
            count, points = random.choice((1, 1, 1, 2)), random.choice(("1", "2", "0.5", "1.25"))
            line = {"kind": kind, "count": count, "points": points}
            lines.append(line if node is None else {**line, "node": node})
    lines = lines or [{"kind": "single", "count": 2, "points": 1}]
    total = sum(line["count"] * Fraction(line["points"]) for line in lines)
    table: dict[str, Any] = {
        "format": "compete-table/1",
        "code": "T",
        "name": "方案",
        "total": f"{float(total):.2f}",
        "minutes": 60,
        "lines": lines,
        "forms": ["A", "B"][: random.choice((1, 2, 2))],
        "one_per_family": random.random() < 0.6,
        "one_per_point": random.random() < 0.5,
    }
    if random.random() < 0.4:
        table["importance"] = {
            name: random.choice(({"at_least": 1}, {"at_most": 1}, {"at_least": 1, "at_most": 2}))
            for name in random.sample(CLASSES, random.randint(1, 2))
        }
    if random.random() < 0.7:
        table["difficulty"] = {
            "target": random.choice(("0.5", "0.6", "0.62", "0.9")),
            "band": random.choice(("0", "0.05", "0.1", "0.2", "0.3")),
        }
        if random.random() < 0.5:
            table["difficulty"]["apart"] = random.choice(("0", "0.01", "0.05"))
    if random.random() < 0.3:
        table["rest"] = {"months": random.choice((0, 6, 24)), "day": "2026-12-01"}
    return table


class EverySelection:
    """All forms that keep the conditions, worked out from the plain values alone."""

    def __init__(self, bank: dict[str, Any], table: dict[str, Any]) -> None:
        self.table = table
        self.nodes = {node["code"]: node for node in bank["syllabus"]}
        self.usable = [question for question in bank["questions"] if self.may_be_used(question)]
        self.forms = list(self.every_form())

    def may_be_used(self, question: dict[str, Any]) -> bool:
        if question.get("state", "in_use") != "in_use":
            return False
        if "rest" not in self.table:
            return True
        # The tables have these alone.
        latest = {0: "2026-12-01", 6: "2026-06-01", 24: "2024-12-01"}[self.table["rest"]["months"]]
        return all(use["day"] <= latest for use in question.get("uses", []))

    def is_under(self, question: dict[str, Any], node: str | None) -> bool:
        code = question["node"]
        while code is not None:
            if node in (None, code):
                return True
            code = self.nodes[code].get("parent")
        return False

    def fills(self, question: dict[str, Any]) -> list[int | None]:
        fitting = [
            number
            for number, line in enumerate(self.table["lines"])
            if line["kind"] == question["kind"] and self.is_under(question, line.get("node"))
        ]
        return [None, *fitting]

    def every_form(self) -> Iterator[tuple[frozenset[str], int, Fraction | None]]:
        """The questions of a form, what it lacks, and its mean."""
        for places in product(*(self.fills(question) for question in self.usable)):
            chosen = [
                (line, question)
                for line, question in zip(places, self.usable, strict=True)
                if line is not None
            ]
            lacks = self.lacks(chosen)
            if lacks is not None:
                worth = [
                    (Fraction(self.table["lines"][line]["points"]), question)
                    for line, question in chosen
                ]
                total = sum(points for points, _question in worth)
                got = sum(
                    points * Fraction(question["versions"][-1]["difficulty"])
                    for points, question in worth
                )
                codes = frozenset(question["code"] for _line, question in chosen)
                yield codes, lacks, Fraction(got) / total if total else None

    def lacks(self, chosen: list[tuple[int, dict[str, Any]]]) -> int | None:
        """How much a form lacks; None where it breaks a condition."""
        if self.table["one_per_family"]:
            families = [question["family"] for _line, question in chosen if "family" in question]
            if len(set(families)) < len(families):
                return None
        points = [question["node"] for _line, question in chosen]
        if self.table["one_per_point"] and len(set(points)) < len(points):
            return None
        missing = 0
        for number, line in enumerate(self.table["lines"]):
            filled = sum(place == number for place, _question in chosen)
            if filled > line["count"]:
                return None
            missing += line["count"] - filled
        for name, limits in self.table.get("importance", {}).items():
            there = sum(self.nodes[point]["importance"] == name for point in points)
            if there > limits.get("at_most", there):
                return None
            missing += max(0, limits.get("at_least", 0) - there)
        return missing

    def least(self) -> tuple[int, bool, Fraction | None]:
        """The least that is missing, whether a paper meets the table, and the smallest `off`."""
        least, nearest, met = None, None, False
        pairs: Any = ((form,) for form in self.forms)
        if len(self.table["forms"]) == 2:
            pairs = (
                (form, other)
                for form, other in combinations(self.forms, 2)
                if not form[0] & other[0]
            )
            # Two empty forms are no pair of different ones.
            least = 2 * next(lacks for codes, lacks, _mean in self.forms if not codes)
        for forms in pairs:
            missing = sum(lacks for _codes, lacks, _mean in forms)
            least = missing if least is None else min(least, missing)
            if not missing:
                kept, off = self.keeps([mean for _codes, _lacks, mean in forms])
                if kept:
                    met = True
                    nearest = off if nearest is None else min(nearest, off)
        assert least is not None
        return least, met, nearest

    def keeps(self, means: list[Any]) -> tuple[bool, Fraction]:
        aim = self.table.get("difficulty")
        if aim is None:
            return True, Fraction(0)
        off = max(abs(mean - Fraction(aim["target"])) for mean in means)
        apart = max(means) - min(means)
        within = "apart" not in aim or apart <= Fraction(aim["apart"])
        return off <= Fraction(aim["band"]) and within, off


def written(basis: Basis, selection: Assembled, seed: int) -> bytes:
    return write_paper(
        basis, selection.forms, seed=seed, solver="x", met=selection.met, proven=selection.proven
    )


def test_a_paper_lacks_the_least_meets_its_table_where_any_does_and_is_nearest() -> None:
    ended = set()
    for number in range(TABLES):
        random = Random(f"2 {number}")
        bank = tiny_bank(random)
        table = tiny_table(random, bank)
        basis = basis_of(bank, table)
        selection = assemble(basis, seed=number)
        least, met, nearest = EverySelection(bank, table).least()
        missing = basis.missing(selection.forms).total
        assert (missing, selection.met, selection.proven) == (least, met, True), (bank, table)
        if met and "difficulty" in table:
            means = [basis.mean(items) for items in selection.forms]
            target = Fraction(table["difficulty"]["target"])
            assert max(abs(mean - target) for mean in means if mean is not None) == nearest
        assert paper_differences(read_paper(written(basis, selection, number)), basis) == []
        ended.add((met, bool(missing), "difficulty" in table))
    assert {(True, False, True), (False, False, True), (False, True, False)} <= ended
