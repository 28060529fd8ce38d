"""Explanation of a judge's value becoming marks, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.aspects.kind import QUANTITY, Given, Value
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.marking.module_book import ModuleBook
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, divided, exact


def given_value(aspect: Aspect, value: Value) -> str:
    """A judge's value as it was given; a tick or a cross for yes and no."""
    return kind_of(aspect).shown(value)


def marks_sentence(
    book: ModuleBook, entrant: str, position: int, value: Value | None, marks: Number
) -> Message:
    """Say what was given, by which rule it counts, and the marks it makes before the factor."""
    if value is None:
        return msg("没有评分，计 0 分")
    kind = book.plan.kinds[position]
    seconds = book.seconds.get(entrant, 0) if kind.takes_seconds else 0
    given = Given(
        value=value,
        shown=kind.shown(value),
        marks=marks,
        added=divided(seconds, QUANTITY),
        best=book.bests.get(position),
        difficulty=book.difficulties.get((entrant, position)),
        withdrew=book.outcomes.get(entrant) is OutcomeStatus.DNF,
    )
    return kind.explained(given)


def judged_numbers(
    aspect: Aspect, values: Sequence[Value | None], marks: Sequence[Number]
) -> tuple[list[Number], int, Number]:
    """The numbers for a panel's formula: judgement values, or marks.

    The second is what the sum is divided by beside the number of judges, the
    third what it is multiplied by.
    """
    levels = kind_of(aspect).levels
    if levels is not None:
        given = [0 if value is None else exact(value) for value in values]
        return given, levels, exact(aspect.max)
    return list(marks), 1, 1


def in_points(number_of_units: Number, unit: int) -> Number:
    """Marks from the whole numbers that a plan keeps."""
    return divided(number_of_units, unit)
