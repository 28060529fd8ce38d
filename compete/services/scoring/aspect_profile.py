"""Aspect profile: one person's marks aspect by aspect beside the field's median, for the radar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.bundle.event_types import Module
from compete.domain.marking.module_book import ModuleBook
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.points import Number, divided, exact, readable

FEWEST_AXES = 5


@dataclass(frozen=True)
class AspectLine:
    """An aspect's mark, the median of all who have one, and full marks, × factor."""

    name: str
    mine: str
    median: str
    full: str
    my_share: Decimal
    median_share: Decimal


@dataclass(frozen=True)
class AspectChart:
    """The module with the most aspects, if there are enough for a radar."""

    module: str
    lines: list[AspectLine]


def is_void(flags: Sequence[str]) -> bool:
    """True if a module's score is nobody's: absent and disqualified is never 0, nor a mark."""
    return not {"dns", "dsq"}.isdisjoint(flags)


def aspect_chart(event: EventScorer, entrant: str) -> AspectChart | None:
    """The entrant's aspects in the richest module of the last stage reached, or None.

    None too where the entrant is absent or disqualified there, who counts in no median either.
    """
    state = next(s for s in reversed(event.stages) if entrant in s.entrants)
    place = max(
        range(len(state.module_books)),
        key=lambda number: len(state.plan.stage.modules[number].aspects),
    )
    module = state.plan.stage.modules[place]
    own = state.scores[entrant].modules[place]
    if len(module.aspects) < FEWEST_AXES or own.score is None or is_void(own.flags):
        return None
    book = state.module_books[place]
    modules = {code: state.scores[code].modules[place] for code in state.entrants}
    others = [
        code
        for code, judged in modules.items()
        if judged.score is not None and not is_void(judged.flags)
    ]
    return AspectChart(
        module.name,
        [
            _line(
                module,
                position,
                _mark(book, entrant, position),
                [_mark(book, code, position) for code in others],
            )
            for position in range(len(module.aspects))
        ],
    )


def aspect_marks(event: EventScorer, entrant: str) -> dict[tuple[str, str, str], tuple[str, str]]:
    """The same as `aspect_points`, as people read them."""
    points = aspect_points(event, entrant)
    return {key: (readable(mine, 2), readable(full, 2)) for key, (mine, full) in points.items()}


def aspect_points(
    event: EventScorer, entrant: str
) -> dict[tuple[str, str, str], tuple[Number, Number]]:
    """The entrant's mark and full marks of each aspect, by stage, module and aspect.

    Nothing of a module that has no score, or none that is the entrant's (`is_void`).
    """
    marks: dict[tuple[str, str, str], tuple[Number, Number]] = {}
    for state in event.stages:
        if entrant not in state.entrants:
            continue
        for place, module in enumerate(state.plan.stage.modules):
            own = state.scores[entrant].modules[place]
            if own.score is None or is_void(own.flags):
                continue
            for position, aspect in enumerate(module.aspects):
                mine = _mark(state.module_books[place], entrant, position)
                full = exact(aspect.max) * exact(aspect.factor)
                key = state.plan.stage.code, module.code, aspect.code
                marks[key] = mine, full
    return marks


def _line(module: Module, position: int, mine: Number, everybody: Sequence[Number]) -> AspectLine:
    aspect = module.aspects[position]
    full = exact(aspect.max) * exact(aspect.factor)
    middle = _median(everybody)
    return AspectLine(
        name=aspect.name,
        mine=readable(mine, 2),
        median=readable(middle, 2),
        full=readable(full, 2),
        my_share=_share(mine, full),
        median_share=_share(middle, full),
    )


def _mark(book: ModuleBook, entrant: str, position: int) -> Number:
    """The mark of one aspect, combined over the panel, × its factor."""
    return divided(book.aspects_total(entrant, [position]), book.plan.tie_unit)


def _median(values: Sequence[Number]) -> Number:
    """The median, exact: the library's would make a float of two ints."""
    if not values:
        return 0
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return divided(ordered[half - 1] + ordered[half], 2)


def _share(marks: Number, full: Number) -> Decimal:
    """The share of full marks, 0 to 1; a picture needs no more than four places."""
    if full <= 0:
        return Decimal(0)
    part = 10_000 * marks * full.denominator // full.numerator
    return Decimal(int(part)) / 10_000
