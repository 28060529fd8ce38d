"""Values that the tablet would have asked about, wherever they came from.

A tablet asks once before it keeps 0.9 s of a run of eight minutes. Paper, a file and a
program that calls the interface ask nobody: so the chief judge is shown what lies outside.
A hint, never a verdict, and nothing is refused for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.services.sheets.values import ruled_aspects

_MANY = 60
"""From so many on one value more or less among the others moves no bound that matters."""


@dataclass(frozen=True)
class Implausible:
    """A sheet's value of an aspect, and between what its judge's others let expect it."""

    sheet: int
    aspect: Aspect
    value: Decimal
    least: Decimal
    most: Decimal

    @property
    def key(self) -> tuple[int, str]:
        """The key of the doubt: the sheet's aspect."""
        return self.sheet, self.aspect.code

    @property
    def number(self) -> Decimal:
        """The value in doubt."""
        return self.value


def implausible_values(
    values: Mapping[int, Mapping[str, Decimal]], module: Module
) -> list[Implausible]:
    """List one judge's implausible values of the module, by sheet: held against the others'."""
    found = []
    for aspect in module.aspects:
        given = {sheet: row[aspect.code] for sheet, row in values.items() if aspect.code in row}
        kind, everything = kind_of(aspect), list(given.values())
        bounds = kind.plausible(everything)
        for place, (sheet, value) in enumerate(given.items()):
            if len(everything) < _MANY:
                bounds = kind.plausible([*everything[:place], *everything[place + 1 :]])
            if bounds is not None and not bounds[0] <= value <= bounds[1]:
                found.append(Implausible(sheet, aspect, value, *bounds))
    return found


def not_ruled(found: Mapping[int, Sequence[Implausible]]) -> dict[int, list[Implausible]]:
    """The doubts on values that a judge recorded: the chief judge's rulings raise no question."""
    doubtful = {each.sheet for values in found.values() for each in values}
    rulings = ruled_aspects(sorted(doubtful))
    return {
        judge: [each for each in values if (each.sheet, each.aspect.code) not in rulings]
        for judge, values in found.items()
    }
