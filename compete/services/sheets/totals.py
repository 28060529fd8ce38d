"""Totals of a sheet while it is being marked, before anybody is ranked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from types import MappingProxyType

from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import Number, exact, round_half_up, show


def provisional_total(
    module: Module,
    values: Mapping[str, Decimal],
    attempted: Mapping[str, Decimal] = MappingProxyType({}),
) -> str | None:
    """The sum of the marks entered so far, × factor, half up to two places; None for none.

    A `relative` aspect needs everybody's values, a `factored` one the difficulty: both count
    0 until ranking, but for those of which it is told what was `attempted`.
    """
    cents = Totals(module, attempted).cents(values)
    return None if cents is None else show(cents, 2)


def is_only_compared(module: Module) -> bool:
    """True if a sheet has no marks of its own: each depends on others, or on a difficulty."""
    return counted_apart(module) == len(module.aspects)


def counted_apart(module: Module) -> int:
    """How many aspects no total of a sheet has: their marks depend on others, or a difficulty."""
    return sum(not kind_of(aspect).is_judges_alone for aspect in module.aspects)


def sum_words(module: Module) -> Message:
    """The word before a sheet's total, with what it leaves out."""
    n = counted_apart(module)
    return msg("合计，%(n)s 项另算", n=n) if n else msg("合计")


def running_total(
    module: Module, values: Mapping[str, Decimal], anew: Collection[str] = ()
) -> str | None:
    """The total that the sheet itself shows its judge while it is open.

    None for a sheet that `is_only_compared`: 0.00 would be read as a mark. A counter of
    faults counts full while it is untouched, but for those to be marked `anew`.
    """
    if is_only_compared(module):
        return None
    untouched = {
        aspect.code: Decimal(0)
        for aspect in module.aspects
        if aspect.code not in values and _starts_at_none(aspect, anew)
    }
    return provisional_total(module, {**values, **untouched}) or show(0, 2)


def left_to_mark(
    module: Module, values: Mapping[str, Decimal], anew: Collection[str] = ()
) -> list[Aspect]:
    """The aspects that a judge has still to mark.

    A counter of faults stands at none untouched, unless it is to be marked `anew`.
    """
    return [
        aspect
        for aspect in module.aspects
        if aspect.code not in values and not _starts_at_none(aspect, anew)
    ]


def _starts_at_none(aspect: Aspect, anew: Collection[str]) -> bool:
    return kind_of(aspect).counts_faults and aspect.code not in anew


class Totals:
    """The totals of many sheets of one module: what a value is worth is worked out once."""

    def __init__(
        self, module: Module, attempted: Mapping[str, Decimal] = MappingProxyType({})
    ) -> None:
        self.attempted = attempted
        self.aspects = {aspect.code: aspect for aspect in module.aspects}
        self.known: dict[tuple[str, Decimal], Number] = {}

    def cents(self, values: Mapping[str, Decimal]) -> int | None:
        """The total of one sheet in hundredths, as `provisional_total`."""
        if not values:
            return None
        total: Number = 0
        for code, value in values.items():
            marks = self.known.get((code, value))
            if marks is None:
                aspect = self.aspects.get(code)
                marks = (aspect_marks(aspect, value) if aspect else None) or 0
                if aspect and (difficulty := self.attempted.get(code)) is not None:
                    marks = exact(value) * exact(difficulty) * exact(aspect.factor)
                self.known[code, value] = marks
            total += marks
        return round_half_up(total, 1, 2)


def aspect_marks(aspect: Aspect, value: Decimal) -> Number | None:
    """The marks × factor of one value; None where they depend on the others in the field."""
    kind = kind_of(aspect)
    marks = kind.marks(kind.judge_value(value))
    return None if marks is None else marks * exact(aspect.factor)
