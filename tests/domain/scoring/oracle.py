"""Module scores and stage totals worked out slowly, straight from the words of the format.

Everything is a `Fraction` and nothing is kept, so that it can be read beside
the format and be compared with the quick way. It takes the plain object of a
bundle file and knows nothing of the domain's own code.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.support.aspect_types import AGAINST_OTHERS, takes_seconds, worth

Plain = dict[str, Any]


def cut(number: Fraction, places: int) -> Fraction:
    return Fraction(int(number * 10**places), 10**places)


def half_up(number: Fraction, places: int) -> Fraction:
    scaled = abs(number) * 10**places + Fraction(1, 2)
    rounded = Fraction(scaled.numerator // scaled.denominator, 10**places)
    return rounded if number >= 0 else -rounded


def raised(number: Fraction, places: int) -> Fraction:
    lower = cut(number, places)
    further = Fraction(1 if number > 0 else -1, 10**places)
    return lower if lower == number else lower + further


class Oracle:
    """One stage of a bundle with one event, for the entrants who reached it."""

    def __init__(self, bundle: Plain, stage: Plain, reached: set[str]) -> None:
        self.stage = stage
        self.reached = reached
        self.rounding = {"module": 2, "total": 2, **bundle["events"][0].get("rounding", {})}
        self.round = {"down": cut, "up": raised}.get(self.rounding.get("mode", ""), half_up)
        tried = {part["code"] for part in stage.get("parts", []) if "take" in part}
        self.part_of = {
            module["code"]: module["part"]
            for module in stage["modules"]
            if module.get("part") in tried
        }
        """Of modules that are attempts, their part."""
        self.aspects = {
            (module["code"], aspect["code"]): aspect
            for module in stage["modules"]
            for aspect in module["aspects"]
        }
        here = stage["code"]
        self.marks: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
        self.difficulties: dict[tuple[str, str, str], str | None] = {}
        for mark in bundle["marks"]:
            if mark["stage"] == here:
                sheets = self.marks.setdefault((mark["module"], mark["entrant"]), {})
                sheets.setdefault(mark["judge"], {})[mark["aspect"]] = mark["value"]
                where = mark["module"], mark["entrant"], mark["aspect"]
                self.difficulties[where] = mark.get("difficulty")
        self.outcomes = {
            (outcome.get("module"), outcome["entrant"]): outcome["status"]
            for outcome in bundle.get("outcomes", [])
            if outcome["stage"] == here
        }
        self.penalties = [
            penalty for penalty in bundle.get("penalties", []) if penalty["stage"] == here
        ]

    def outcome(self, module: str, entrant: str) -> str | None:
        return self.outcomes.get((module, entrant)) or self.outcomes.get((None, entrant))

    def seconds(self, module: str, entrant: str) -> Fraction:
        return self._penalty(module, entrant, "seconds")

    def _penalty(self, module: str, entrant: str, key: str) -> Fraction:
        return sum(
            (
                Fraction(penalty[key])
                for penalty in self.penalties
                if (penalty["module"], penalty["entrant"]) == (module, entrant) and key in penalty
            ),
            Fraction(0),
        )

    def quantity(self, module: str, entrant: str, aspect: Plain, value: Any) -> Fraction:
        late = self.seconds(module, entrant) if takes_seconds(aspect) else 0
        return Fraction(value) + late

    def best(self, module: str, aspect: Plain) -> Fraction | None:
        values = [
            self.quantity(where, entrant, aspect, sheet[aspect["code"]])
            for (where, entrant), sheets in self.marks.items()
            if self.share_best(module, where, aspect)
            if entrant in self.reached and not self.outcome(where, entrant)
            for sheet in sheets.values()
            if aspect["code"] in sheet
        ]
        pick = min if aspect.get("better", "lower") == "lower" else max
        return pick(values) if values else None

    def share_best(self, module: str, other: str, aspect: Plain) -> bool:
        """Whether the aspect has one best in two modules: in itself, and in attempts of a part."""
        if module == other:
            return True
        alike = self.aspects.get((other, aspect["code"]), {})
        return (
            module in self.part_of
            and self.part_of.get(other) == self.part_of[module]
            and alike.get("type") == aspect["type"]
            and alike.get("better", "lower") == aspect.get("better", "lower")
        )

    def points(self, module: str, entrant: str, aspect: Plain, value: Any) -> Fraction:
        quantity = self.quantity(module, entrant, aspect, value)
        if aspect["type"] not in AGAINST_OTHERS:
            difficulty = self.difficulties.get((module, entrant, aspect["code"]))
            return worth({**aspect, "difficulty": difficulty}, quantity)
        if self.outcome(module, entrant) == "dnf":
            return Fraction(0)
        return worth(aspect, quantity, self.best(module, aspect))

    def module_score(self, module: Plain, entrant: str) -> Fraction | None:
        outcome = self.outcome(module["code"], entrant)
        if outcome == "dns" or (outcome == "dsq" and module["code"] in self.part_of):
            return Fraction(0)
        panel = {"size": 1, "combine": "mean", "at": "sheet", "reduced": "same", **module["panel"]}
        sheets = list(self.marks.get((module["code"], entrant), {}).values())
        if outcome != "dnf":
            sheets = [sheet for sheet in sheets if len(sheet) == len(module["aspects"])]
            if len(sheets) < panel.get("min", panel["size"]):
                return None
        tables = [
            [
                self.points(module["code"], entrant, aspect, sheet[aspect["code"]])
                if aspect["code"] in sheet
                else Fraction(0)
                for aspect in module["aspects"]
            ]
            for sheet in sheets
        ]
        marks = self._panel(module, panel, tables)
        marks -= self._penalty(module["code"], entrant, "points")
        return self.round(max(marks, Fraction(0)), self.rounding["module"])

    def _panel(self, module: Plain, panel: Plain, tables: list[list[Fraction]]) -> Fraction:
        if not tables:
            return Fraction(0)
        factors = [Fraction(aspect.get("factor", "1")) for aspect in module["aspects"]]
        if panel["at"] == "sheet":
            sums = [
                sum((value * by for value, by in zip(table, factors, strict=True)), Fraction(0))
                for table in tables
            ]
            return combine(panel, sums)
        total = Fraction(0)
        places = self.rounding.get("aspect")
        for column, factor in zip(zip(*tables, strict=True), factors, strict=True):
            mark = combine(panel, list(column))
            if places is None:
                total += mark * factor
            else:
                total += self.round(self.round(mark, places) * factor, places)
        return total

    def part_score(self, part: Plain, entrant: str) -> Fraction | None:
        if "take" in part:
            return self._best_of(part, entrant)
        top = weights = Fraction(0)
        for module in self.stage["modules"]:
            if module.get("part") != part["code"]:
                continue
            score = self.module_score(module, entrant)
            if score is None:
                return None
            top += score / Fraction(module["full"]) * Fraction(module["weight"])
            weights += Fraction(module["weight"])
        return self.round(Fraction(part["full"]) * top / weights, self.rounding["module"])

    def _best_of(self, part: Plain, entrant: str) -> Fraction | None:
        """The mean of the best attempts."""
        shares = []
        for module in self.stage["modules"]:
            if module.get("part") == part["code"]:
                score = self.module_score(module, entrant)
                if score is None:
                    return None
                shares.append(score / Fraction(module["full"]))
        best = sorted(shares, reverse=True)[: part["take"]["best"]]
        mean = sum(best, Fraction(0)) / len(best)
        return self.round(Fraction(part["full"]) * mean, self.rounding["module"])

    def total(self, entrant: str, carried: Fraction | None) -> Fraction | None:
        """The rounded total, disqualified or not; None while incomplete."""
        own = Fraction(0)
        alone = [module for module in self.stage["modules"] if "part" not in module]
        scores = [(module, self.module_score(module, entrant)) for module in alone]
        scores += [(part, self.part_score(part, entrant)) for part in self.stage.get("parts", [])]
        for part, score in scores:
            if score is None:
                return None
            own += score / Fraction(part["full"]) * Fraction(part["weight"])
        carry = self.stage.get("carry")
        if carry is not None and carried is not None:
            own = Fraction(carry["weight"]) * carried + Fraction(carry["own"]) * own
        return self.round(own, self.rounding["total"])


def combine(panel: Plain, values: list[Fraction]) -> Fraction:
    """A panel's judges as one; `agreed` stands at the mean."""
    mean = sum(values, Fraction(0)) / len(values)
    if len(values) < panel["size"] and panel["reduced"] == "mean":
        return mean
    ordered = sorted(values)
    count = len(values)
    if panel["combine"] == "sum":
        scaled = count < panel["size"] and panel["reduced"] == "scale"
        return sum(values, Fraction(0)) * (Fraction(panel["size"], count) if scaled else 1)
    if panel["combine"] == "median":
        return (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    if panel["combine"] == "trimmed_mean":
        kept = ordered[panel.get("drop_low", 0) : count - panel.get("drop_high", 0)]
        if kept:
            return sum(kept, Fraction(0)) / len(kept)
    return mean
