"""The values a judge could have given instead, from the worst to the best or back.

Marks never turn back along a ladder: each further value brings as many marks
or more on one way, as many or fewer on the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

import msgspec

from compete.domain.aspects.kind import Reckoning, Steps, Value, quantity
from compete.domain.bundle.types import Mark
from compete.domain.marking.module_book import ModuleBook
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.points import Number, exact


class Grid(msgspec.Struct, frozen=True):
    """The steps and limits by which seconds, quantities and deviations are tried.

    `finest` is the step where nobody measured more finely, `most` the number
    that no value reaches: the bundle format's own bound.
    """

    finest: Decimal = Decimal("0.01")
    most: Decimal = Decimal(10) ** 18


GRID = Grid()


class Ladder(msgspec.Struct, frozen=True):
    """The rungs `first` … `last`, and the rung `here` of the value that was given.

    `at` gives a rung's value, `points` how far its marks × factor are from
    those of the value that was given. `split` is the last rung of a stretch
    on whose other side everybody's marks move instead of one person's: of a
    `relative` aspect, where this value becomes the best. `all_below` and
    `all_above` say on which sides of it they do.
    """

    first: int
    last: int
    here: int
    at: Callable[[int], Value]
    points: Callable[[int], Number]
    split: int | None = None
    all_below: bool = False
    all_above: bool = False

    def stretches(self, way: int) -> list[tuple[int, int, bool]]:
        """Stretches from `here` up (1) or down (-1): near end, far end, and if all move there."""
        split = self.last if self.split is None else self.split
        stretches = []
        for low, high, all_move in (
            (self.first, split, self.all_below),
            (split + 1, self.last, self.all_above),
        ):
            if way > 0 and max(low, self.here) <= high:
                stretches.append((max(low, self.here), high, all_move))
            elif way < 0 and low <= min(high, self.here):
                stretches.insert(0, (min(high, self.here), low, all_move))
        return stretches


def steps_of(marks: Iterable[Mark], grid: Grid) -> dict[tuple[str, str, str], Decimal]:
    """The finest step in which each aspect was measured, by stage, module and aspect."""
    steps: dict[tuple[str, str, str], Decimal] = {}
    for mark in marks:
        where = mark.stage, mark.module, mark.aspect
        step = steps.get(where, grid.finest)
        if isinstance(mark.value, Decimal):
            exponent = mark.value.normalize().as_tuple().exponent
            if isinstance(exponent, int):
                step = min(step, Decimal(1).scaleb(exponent))
        steps[where] = step
    return steps


def ladder_of(
    book: ModuleBook, mark: Mark, entrants: Iterable[str], step: Decimal, grid: Grid
) -> Ladder:
    """Every value that the aspect allows in a mark's place."""
    position = book.plan.slots[mark.aspect][0]
    kind = book.plan.kinds[position]
    factor = exact(kind.aspect.factor)
    rungs = kind.rungs(mark.value, step, grid.most)

    def own(given: Value) -> Number:
        if kind.reckoning is Reckoning.TIME:
            seconds = book.with_seconds(mark.entrant, position, quantity(given))
            return kind.marks_at(seconds) * factor
        if kind.reckoning is Reckoning.DIFFICULTY:
            return exact(given) * book.difficulties[mark.entrant, position] * factor
        return (kind.marks(given) or 0) * factor

    if isinstance(rungs, list):
        return _listed(rungs, mark.value, own)
    if kind.reckoning is Reckoning.FIELD:
        return _quantities(book, mark, entrants, rungs)
    return _counted(rungs, mark.value, own)


def distance(number: Number, other: Number) -> Number:
    """The distance of two numbers."""
    return number - other if number > other else other - number


def _counted(rungs: Steps, value: Value, marks: Callable[[Value], Number]) -> Ladder:
    """Make a ladder of the multiples of a step."""
    usual = marks(value)

    def at(rung: int) -> Value:
        return rungs.step * rung

    return Ladder(
        rungs.first,
        rungs.last,
        int(exact(value) / exact(rungs.step)),
        at,
        lambda rung: distance(marks(at(rung)), usual),
    )


def _listed(values: list[Value], value: Value, marks: Callable[[Value], Number]) -> Ladder:
    """Make a ladder of values: of equal marks the first that was named, the given value first."""
    nearest: dict[Number, Value] = {}
    for other in values:
        nearest.setdefault(marks(other), other)
    usual = marks(value)
    nearest[usual] = value
    ordered = [nearest[step] for step in sorted(nearest)]
    return Ladder(
        0,
        len(ordered) - 1,
        ordered.index(value),
        lambda rung: ordered[rung],
        lambda rung: distance(marks(ordered[rung]), usual),
    )


def _quantities(book: ModuleBook, mark: Mark, entrants: Iterable[str], rungs: Steps) -> Ladder:
    """Make a ladder of all that can be measured; a new best moves everybody's marks.

    The points are then those of whoever gains or loses most.
    """
    position = book.plan.slots[mark.aspect][0]
    kind = book.plan.kinds[position]
    factor = exact(kind.aspect.factor)
    first, last, step = rungs.first, rungs.last, rungs.step
    there = mark.entrant not in book.outcomes
    rival = book.best_of(list(entrants), position, besides=mark.entrant)
    here = int(exact(mark.value) / exact(step))

    def value_at(rung: int) -> Number:
        return book.with_seconds(mark.entrant, position, quantity(step * rung))

    def marks(rung: int) -> tuple[Number, Number]:
        own = value_at(rung)
        if book.outcomes.get(mark.entrant) is OutcomeStatus.DNF:
            return 0, 0
        if not there:
            return kind.marks_at(own, rival), 0
        best = own if rival is None else pick(own, rival)
        return (
            kind.marks_at(own, best),
            0 if rival is None else kind.marks_at(rival, best),
        )

    pick = min if position in book.plan.lower else max
    usual = marks(here)

    def points(rung: int) -> Number:
        own, other = marks(rung)
        return max(distance(own, usual[0]), distance(other, usual[1])) * factor

    def at(rung: int) -> Value:
        return step * rung

    if not there or rival is None:
        return Ladder(first, last, here, at, points)
    edge = _last_up_to(rival, value_at, last)
    lower = position in book.plan.lower
    return Ladder(first, last, here, at, points, edge, all_below=lower, all_above=not lower)


def _last_up_to(rival: Number, given: Callable[[int], Number], last: int) -> int:
    """The last rung whose quantity is no greater than the rival's; 0 for none."""
    low, high = 0, last
    while low < high:
        middle = (low + high + 1) // 2
        if given(middle) <= rival:
            low = middle
        else:
            high = middle - 1
    return low
