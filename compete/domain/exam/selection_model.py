"""The choice of questions as a linear problem in whole numbers, for HiGHS.

Questions that count alike are one unknown: how many of them fill a line of a form. All
coefficients are whole, so a bound may be moved by half a unit: what is lost in the
solver's floating numbers then never takes a good choice for a bad one. What it finds is
counted again in whole numbers by whoever asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import gcd, inf
from typing import Any

from compete.domain.exam.bank import DIFFICULTY_PLACES, Question
from compete.domain.exam.basis import Basis
from compete.domain.exam.item_points import hundredths
from compete.domain.exam.option_order import Chance
from compete.domain.exam.syllabus import Importance
from compete.domain.exam.table import DifficultyAim, Table, why_not

DIFFICULTY_UNIT = 10**DIFFICULTY_PLACES


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A question, and all that counts where it is chosen or not."""

    question: Question
    lines: tuple[int, ...]
    """The places of the lines that it can fill."""
    point: str | None
    """Its point, where a form holds one question of each."""
    family: str | None
    """Its family, where that rules out more than its point does."""
    importance: Importance
    ease: int
    """Its difficulty less the target, in units of the last place; 0 without a target."""
    uses: int


def candidates(basis: Basis, chance: Chance) -> list[Candidate]:
    """The questions that fit a line, the least used first, equals by chance."""
    table = basis.table
    target = None if table.difficulty is None else in_units(table.difficulty.target)
    usable = []
    for question in basis.bank.questions:
        if why_not(question, table) is None:
            fits = (number for number, line in enumerate(table.lines) if basis.fits(question, line))
            lines = tuple(fits)
            if lines:
                usable.append((question, lines))
    binding = _families_that_bind([question for question, _lines in usable], basis)
    questions = [
        Candidate(
            question=question,
            lines=lines,
            point=question.node if table.one_per_point else None,
            family=question.family if question.family in binding else None,
            importance=basis.importance[question.node],
            ease=0 if target is None else in_units(question.last.difficulty) - target,
            uses=len(question.uses),
        )
        for question, lines in usable
    ]
    chance.shuffle(questions)
    return sorted(questions, key=lambda candidate: candidate.uses)


def in_units(difficulty: Decimal) -> int:
    """A difficulty, or a distance of such, in units of the last place."""
    return int(difficulty * DIFFICULTY_UNIT)


def _families_that_bind(questions: list[Question], basis: Basis) -> set[str | None]:
    """The families with members that could otherwise stand in a form together."""
    members: dict[str, list[str]] = defaultdict(list)
    if basis.table.one_per_family:
        for question in questions:
            if question.family is not None:
                members[question.family].append(question.node)
    return {
        family
        for family, nodes in members.items()
        if len(set(nodes) if basis.table.one_per_point else nodes) > 1
    }


Choice = list[list[tuple[int, Candidate]]]
"""For each form its items: the place of a line, and what fills it."""

_HALF = 0.5
_LARGE = 4000
"""Unknowns from which presolve takes longer over rows of difficulties than solving does."""
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Found:
    """What the solver found: a choice or none, and whether nothing better exists."""

    choice: Choice | None
    proven: bool
    gap: int | None = None
    """By how much something better can cost less, in whole units; None where that is unknown."""


def solver_name() -> str:
    """The solver and its version."""
    try:
        from scipy.optimize._highspy import _core

        numbers = (_core.HIGHS_VERSION_MAJOR, _core.HIGHS_VERSION_MINOR, _core.HIGHS_VERSION_PATCH)
        return "HiGHS " + ".".join(map(str, numbers))
    except (ImportError, AttributeError):
        import scipy

        return f"HiGHS (scipy {scipy.__version__})"


def least_missing(candidates: Sequence[Candidate], table: Table, seconds: float) -> Found:
    """The choice that lacks least; difficulty has no part in it."""
    model = _Model(candidates, table, by_ease=False)
    model.lines_and_classes(full=False)
    return model.solved(seconds)


def within_aim(candidates: Sequence[Candidate], table: Table, seconds: float) -> Found:
    """A full choice whose means lie as the table wants; None and proven where there is none."""
    model = _Model(candidates, table, by_ease=True)
    model.lines_and_classes(full=True)
    model.means()
    return model.solved(seconds)


def nearest_to_aim(
    candidates: Sequence[Candidate], table: Table, off: int, *, nodes: int, seconds: float
) -> Found:
    """A full choice nearer to the target than `off`, in `Sums`, if the solver soon finds one."""
    model = _Model(candidates, table, by_ease=True)
    model.lines_and_classes(full=True)
    unit = model.means(below=off)
    solution = model.solved(seconds, nodes=nodes)
    gap = None if solution.gap is None else solution.gap * unit
    return Found(solution.choice, solution.proven, gap)


def size(candidates: Sequence[Candidate], table: Table) -> int:
    """How many unknowns there are where difficulty counts."""
    return len(_Model(candidates, table, by_ease=True).columns)


class Sums:
    """The sum of points × (difficulty − target) over a full form, in whole units."""

    def __init__(self, table: Table, aim: DifficultyAim) -> None:
        self.worths = worths(table)
        total = sum(
            line.count * worth for line, worth in zip(table.lines, self.worths, strict=True)
        )
        self.band = in_units(aim.band) * total
        self.apart = None if aim.apart is None else in_units(aim.apart) * total

    def of(self, items: Iterable[tuple[int, Candidate]]) -> int:
        """The sum of a form."""
        return sum(self.worths[line] * candidate.ease for line, candidate in items)

    def keep(self, sums: Sequence[int]) -> bool:
        """True if full forms of these sums lie as near as the table wants."""
        near = max(map(abs, sums)) <= self.band
        return near and (self.apart is None or max(sums) - min(sums) <= self.apart)


def worths(table: Table) -> list[int]:
    """The points of an item of each line, in hundredths."""
    return [hundredths(line.points) for line in table.lines]


class _Model:
    def __init__(self, candidates: Sequence[Candidate], table: Table, *, by_ease: bool) -> None:
        self.table, self.candidates = table, candidates
        alike: dict[Hashable, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            kind = candidate.lines, candidate.point, candidate.family, candidate.importance
            alike[kind, candidate.ease if by_ease else 0].append(candidate)
        self.groups = list(alike.values())
        # An unknown: the group, the form, the place of the line.
        self.columns = [
            (number, form, line)
            for number, members in enumerate(self.groups)
            for form in range(len(table.forms))
            for line in members[0].lines
        ]
        self.above: list[float] = []
        for number, _form, _line in self.columns:
            first = self.groups[number][0]
            alone = first.point is not None or first.family is not None
            self.above.append(1 if alone else len(self.groups[number]))
        self.cost = [0.0] * len(self.columns)
        self.entries: tuple[list[int], list[int], list[float]] = ([], [], [])
        self.low: list[float] = []
        self.high: list[float] = []
        self.presolve = not by_ease or len(self.columns) <= _LARGE
        self._one_of_each()

    def row(self, entries: Iterable[tuple[int, float]], low: float, high: float) -> None:
        for column, value in entries:
            self.entries[0].append(len(self.low))
            self.entries[1].append(column)
            self.entries[2].append(value)
        self.low.append(low)
        self.high.append(high)

    def unknown(self, cost: float, most: float) -> int:
        self.cost.append(cost)
        self.above.append(most)
        return len(self.cost) - 1

    def _one_of_each(self) -> None:
        """No question twice; of a point and of a family one in a form."""
        together: dict[Hashable, list[int]] = defaultdict(list)
        for column, (number, form, _line) in enumerate(self.columns):
            first = self.groups[number][0]
            together["question", number].append(column)
            if first.point is not None:
                together["point", form, first.point].append(column)
            if first.family is not None:
                together["family", form, first.family].append(column)
        for what, columns in together.items():
            assert isinstance(what, tuple)
            most = len(self.groups[what[1]]) if what[0] == "question" else 1
            if sum(self.above[column] for column in columns) > most:
                self.row(((column, 1) for column in columns), -inf, most)

    def lines_and_classes(self, *, full: bool) -> None:
        """Fill the lines and keep the limits of classes; what is missing costs, or may not be."""
        fitting: dict[int, int] = defaultdict(int)
        of_class: dict[Importance, int] = defaultdict(int)
        for candidate in self.candidates:
            of_class[candidate.importance] += 1
            for line in candidate.lines:
                fitting[line] += 1
        by_line: dict[tuple[int, int], list[int]] = defaultdict(list)
        by_class: dict[tuple[int, Importance], list[int]] = defaultdict(list)
        for column, (number, form, line) in enumerate(self.columns):
            by_line[form, line].append(column)
            by_class[form, self.groups[number][0].importance].append(column)
        for form in range(len(self.table.forms)):
            for number, wanted in enumerate(self.table.lines):
                # What surely is missing is left out: counts have no end.
                count = wanted.count if full else min(wanted.count, fitting[number])
                lacking = self.unknown(1, 0 if full else count)
                columns = [*by_line[form, number], lacking]
                self.row(((column, 1) for column in columns), count, count)
            for importance in Importance:
                limits = self.table.limits(importance)
                columns = by_class[form, importance]
                most = inf if limits.at_most is None else limits.at_most
                if most < inf:
                    self.row(((column, 1) for column in columns), -inf, most)
                if limits.at_least:
                    least = limits.at_least
                    least = least if full else min(least, of_class[importance])
                    lacking = self.unknown(1, 0 if full else least)
                    self.row(((column, 1) for column in [*columns, lacking]), least, inf)

    def means(self, below: int | None = None) -> int:
        """Keep the means as the table wants; with `below`, as near as can be and nearer than it.

        The unit of what that costs.
        """
        assert self.table.difficulty is not None
        sums = Sums(self.table, self.table.difficulty)
        values = [
            sums.worths[line] * self.groups[number][0].ease for number, _form, line in self.columns
        ]
        unit = gcd(*values) or 1
        forms: list[list[tuple[int, float]]] = [[] for _form in self.table.forms]
        for column, ((_number, form, _line), value) in enumerate(
            zip(self.columns, values, strict=True)
        ):
            if value:
                forms[form].append((column, value // unit))
        band: int = sums.band // unit
        if below is not None:
            band = min(band, (below - 1) // unit)
            farthest = self.unknown(1, band)
            for entries in forms:
                self.row([*entries, (farthest, -1)], -inf, 0)
                self.row([*entries, (farthest, 1)], 0, inf)
        else:
            for entries in forms:
                self.row(entries, -band - _HALF, band + _HALF)
        if sums.apart is not None:
            apart = sums.apart // unit
            for number, entries in enumerate(forms):
                for other in forms[:number]:
                    both = [*entries, *((column, -value) for column, value in other)]
                    self.row(both, -apart - _HALF, apart + _HALF)
        return unit

    def solved(self, seconds: float, nodes: int | None = None) -> Found:
        """Solve it; a choice that is not the best, or none, is proven only where it says so."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        count = len(self.cost)
        rows, columns, values = self.entries
        matrix = csr_array((values, (rows, columns)), shape=(len(self.low), count), dtype=float)
        options: dict[str, Any] = {"time_limit": seconds, "mip_rel_gap": 0}
        if nodes is not None:
            options["node_limit"] = nodes
        whole = np.zeros(count)
        whole[: len(self.columns)] = 1
        for presolve in self.presolve, not self.presolve:
            solution = milp(
                np.array(self.cost),
                integrality=whole,
                bounds=Bounds(np.zeros(count), np.array(self.above, dtype=float)),
                constraints=LinearConstraint(matrix, np.array(self.low), np.array(self.high)),
                options={**options, "presolve": presolve},
            )
            # 4: it could not cope, which now and then hangs on what presolve left.
            if solution.status != 4:
                break
        # 0 the best, 2 none: all else came to its limit first.
        if solution.x is None:
            return Found(None, solution.status == 2)
        left = [list(members) for members in self.groups]
        choice: Choice = [[] for _form in self.table.forms]
        for column, (number, form, line) in enumerate(self.columns):
            for _item in range(round(solution.x[column])):
                choice[form].append((line, left[number].pop(0)))
        bound = solution.mip_dual_bound
        gap = None if bound is None or bound == -inf else solution.fun - bound
        is_best = solution.status == 0 or (gap is not None and gap < 1 - _CLOSE)
        # All costs are whole.
        return Found(choice, is_best, 0 if is_best else None if gap is None else int(gap + _CLOSE))
