"""The smallest shift against trying every value of every mark there is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import msgspec
import pytest

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.robust.ladders import Grid
from compete.domain.robust.robustness import robustness
from compete.domain.robust.shifts import Shift, grades_of, medals_of
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.scoring.scorer import Scorer
from tests.domain.scoring.competitions import competition
from tests.support.aspect_types import AGAINST_OTHERS, known, takes_seconds, worth

GRID = Grid(finest=Decimal(1), most=Decimal(25))
"""Coarse and short, so that everything can be tried."""


def every_value(aspect: Aspect, given: Decimal | bool) -> Iterator[Decimal | bool]:
    """All that the format allows on the grid, and a little beyond where nothing changes."""
    plain = msgspec.to_builtins(aspect)
    for value in known(plain).every(plain):
        yield value if isinstance(value, bool) else Decimal(value)
    yield given


class BruteForce:
    """One competition with every other value in every mark's place, scored from the start."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.modules: dict[tuple[str, str], Module] = {
            (stage.code, module.code): module
            for stage in bundle.events[0].stages
            for module in stage.modules
        }
        self.usual = self.signatures(bundle)
        self.reached = {
            stage.plan.code: stage.entrants for stage in Scorer(bundle).events["E"].stages
        }

    @staticmethod
    def signatures(bundle: Bundle) -> tuple[Any, Any]:
        event: EventScorer = Scorer(bundle).events["E"]
        return medals_of(event), grades_of(event)

    def aspect(self, mark: Mark) -> Aspect:
        module = self.modules[mark.stage, mark.module]
        return next(aspect for aspect in module.aspects if aspect.code == mark.aspect)

    def smallest(self) -> tuple[Fraction | None, Fraction | None]:
        """The fewest points that change a medal, and a grade."""
        least: list[Fraction | None] = [None, None]
        for place, mark in enumerate(self.bundle.marks):
            if mark.entrant not in self.reached[mark.stage]:
                continue
            for value in every_value(self.aspect(mark), mark.value):
                points = self.points(mark, value)
                if points == 0 or all(best is not None and points >= best for best in least):
                    continue
                marks = list(self.bundle.marks)
                marks[place] = msgspec.structs.replace(mark, value=value)
                changed = msgspec.structs.replace(self.bundle, marks=tuple(marks))
                for kind, now in enumerate(self.signatures(changed)):
                    best = least[kind]
                    if now != self.usual[kind] and (best is None or points < best):
                        least[kind] = points
        return least[0], least[1]

    def points(self, mark: Mark, value: Decimal | bool) -> Fraction:
        """How far the marks × factor of whoever moves most are apart."""
        aspect = self.aspect(mark)
        before, after = self._worth(mark, mark.value), self._worth(mark, value)
        return max(abs(after[code] - before[code]) for code in before) * Fraction(aspect.factor)

    def _worth(self, mark: Mark, value: Decimal | bool) -> dict[str, Fraction]:
        """Everybody's marks in the aspect, by the format's sentences."""
        plain = msgspec.to_builtins(self.aspect(mark)) | {"difficulty": mark.difficulty}
        number = Fraction(value)
        if plain["type"] in AGAINST_OTHERS:
            return self._relative(mark, self.aspect(mark), number)
        late = self._seconds(mark, mark.module, mark.entrant) if takes_seconds(plain) else 0
        return {mark.entrant: worth(plain, number + late)}

    def _relative(self, mark: Mark, aspect: Aspect, value: Fraction) -> dict[str, Fraction]:
        lower = aspect.better.value == "lower"
        own_place = mark.module, mark.entrant
        given = {
            (other.module, other.entrant): Fraction(other.value)
            for other in self.bundle.marks
            if (other.stage, other.aspect) == (mark.stage, mark.aspect)
            and self._has_one_best(mark, aspect, other)
            and other.entrant in self.reached[mark.stage]
        } | {own_place: value}
        if lower:
            given = {place: own + self._seconds(mark, *place) for place, own in given.items()}
        fallen = {place: self._outcome(mark, *place) for place in given}
        there = [own for place, own in given.items() if fallen[place] is None]
        if not there:
            return dict.fromkeys(map(str, given), Fraction(0))
        best = min(there) if lower else max(there)
        most = Fraction(aspect.max)
        return {
            str(place): min(most * (best / own if lower else own / best), most)
            for place, own in given.items()
            if place == own_place or fallen[place] is None
            if fallen[place] not in ("dnf", "dns")
        } or {mark.entrant: Fraction(0)}

    def _has_one_best(self, mark: Mark, aspect: Aspect, other: Mark) -> bool:
        """True in the module itself, and in attempts of its part by an aspect like it."""
        if other.module == mark.module:
            return True
        stage = next(it for it in self.bundle.events[0].stages if it.code == mark.stage)
        tried = {part.code for part in stage.parts if part.take is not None}
        parts = [self.modules[it.stage, it.module].part for it in (mark, other)]
        alike = self.aspect(other)
        same = (alike.type, alike.better) == (aspect.type, aspect.better)
        return parts[0] == parts[1] and parts[0] in tried and same

    def _seconds(self, mark: Mark, module: str, entrant: str) -> Fraction:
        return sum(
            (
                Fraction(penalty.seconds or 0)
                for penalty in self.bundle.penalties
                if (penalty.stage, penalty.module) == (mark.stage, module)
                and penalty.entrant == entrant
            ),
            Fraction(0),
        )

    def _outcome(self, mark: Mark, module: str, entrant: str) -> str | None:
        statuses = {
            outcome.module: outcome.status.value
            for outcome in self.bundle.outcomes
            if (outcome.stage, outcome.entrant) == (mark.stage, entrant)
        }
        return statuses.get(module, statuses.get(None))


def small(rng: Random) -> Bundle:
    """Few people, few values, all types of aspects and everything that hangs on ranks."""
    plain = competition(rng, entrants=4, repeats=False, version=None)
    for stage in plain["events"][0]["stages"]:
        for module in stage["modules"]:
            for aspect in module["aspects"]:
                if aspect["type"] == "score":
                    aspect["step"] = "0.5"
                if aspect["type"] == "time":
                    aspect["full_at"], aspect["zero_at"] = "4", "9"
    kinds = {
        (stage["code"], module["code"], aspect["code"]): aspect["type"]
        for stage in plain["events"][0]["stages"]
        for module in stage["modules"]
        for aspect in module["aspects"]
    }
    for mark in plain["marks"]:
        kind = kinds[mark["stage"], mark["module"], mark["aspect"]]
        if kind == "score":
            mark["value"] = str(int(2 * Decimal(mark["value"])) / Decimal(2))
        elif kind == "time":
            mark["value"] = {"50": "5", "61.37": "6", "80": "8", "99": "10"}[mark["value"]]
        elif kind == "relative":
            mark["value"] = {"3": "3", "7": "7", "12.5": "12"}[mark["value"]]
    for penalty in plain["penalties"]:
        if "seconds" in penalty:
            penalty["seconds"] = "1.5"
    return read_bundle(json.dumps(plain).encode())


def points_of(shift: Shift | None) -> Fraction | None:
    return None if shift is None else Fraction(shift.points)


@pytest.mark.parametrize("seed", range(14))
def test_no_smaller_shift_is_found_by_trying_everything(seed: int) -> None:
    bundle = small(Random(seed))
    brute = BruteForce(bundle)
    report = robustness(Scorer(bundle), "E", 10**9, GRID)
    assert report.medals.is_complete
    assert report.grades.is_complete
    points = points_of(report.medals.shift), points_of(report.grades.shift)
    assert points == brute.smallest()
    for search, kind in ((report.medals, 0), (report.grades, 1)):
        if search.shift is not None:
            other = msgspec.structs.replace(search.shift.mark, value=search.shift.value)
            changed = msgspec.structs.replace(bundle, marks=(*bundle.marks, other))
            assert brute.signatures(changed)[kind] != brute.usual[kind]
            assert brute.points(search.shift.mark, search.shift.value) == search.shift.points
