"""Plans for scoring one module, worked out once.

Marks are kept as whole numbers: marks × `unit`, and the aspects' factors as
factor × `factor_unit`, so that no fraction is made for a mark. Where there is
no such unit, as for relative aspects, marks are a `Fraction` instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import lcm

import msgspec

from compete.domain.aspects.kind import Reckoning, quantity
from compete.domain.aspects.kinds import kind_of
from compete.domain.aspects.types import Aspect
from compete.domain.bundle.event_types import Module, Rounding
from compete.domain.marking.panel import method_of
from compete.domain.values.kinds import Combine, CombineAt, OutcomeStatus
from compete.domain.values.points import (
    Number,
    common_denominator,
    divided,
    exact,
    shared_unit,
    whole,
)

Slots = dict[str, tuple[int, dict[Decimal | bool, Number]]]
"""By aspect code: its position, and what is kept of each value seen so far."""


class ModuleScore(msgspec.Struct, frozen=True, gc=False):
    """A module's score in units of its last place (None while incomplete), and its flags."""

    score: int | None
    flags: tuple[str, ...]


_NOT_STARTED = {OutcomeStatus.DNS: ModuleScore(0, ("dns",))}
_VOID: Mapping[OutcomeStatus, ModuleScore] = _NOT_STARTED
_VOID_ATTEMPT = {**_NOT_STARTED, OutcomeStatus.DSQ: ModuleScore(0, ("dsq",))}
"""The outcomes that make a score 0 whatever was marked: of an attempt its annulment too."""


class ModulePlan:
    """One module of one stage, ready to score many entrants."""

    def __init__(self, module: Module, rounding: Rounding, *, is_attempt: bool = False) -> None:
        panel = module.panel
        self.void = _VOID_ATTEMPT if is_attempt else _VOID
        self.module = module
        self.panel = panel
        self.aspects: tuple[Aspect, ...] = module.aspects
        self.places = rounding.module
        self.mode = rounding.mode
        self.at_aspect = panel.at is CombineAt.ASPECT
        self.aspect_places = rounding.aspect if self.at_aspect else None
        self.kinds = [kind_of(aspect) for aspect in self.aspects]
        self.unit = shared_unit(
            common_denominator(exact(kind.aspect.max), *kind.parts_of_marks())
            for kind in self.kinds
        )
        factors = [exact(aspect.factor) for aspect in self.aspects]
        self.factor_unit = common_denominator(*factors)
        self.factors = [int(factor * self.factor_unit) for factor in factors]
        self.plain = all(factor == 1 for factor in self.factors)
        self.over = self.unit * self.factor_unit
        self.timed = self._positions(Reckoning.TIME)
        self.relative = self._positions(Reckoning.FIELD)
        self.factored = self._positions(Reckoning.DIFFICULTY)
        self.full_units = [whole(exact(aspect.max) * self.unit) for aspect in self.aspects]
        self.lower = [place for place in self.relative if self.kinds[place].lower_is_better]
        self.method = method_of(panel)
        self.least = panel.least_sheets
        self.agreed = panel.combine is Combine.AGREED
        self.tie_unit = self.over * lcm(2, *range(1, panel.size + 1))
        if self.aspect_places is not None:
            self.tie_unit = 10**self.aspect_places
        self._limit_spreads()
        self.slots: Slots = {
            aspect.code: (position, {}) for position, aspect in enumerate(self.aspects)
        }
        self.late_slots: Slots = {
            code: (position, {}) if position in self.timed else (position, known)
            for code, (position, known) in self.slots.items()
        }

    def _positions(self, reckoning: Reckoning) -> list[int]:
        return [place for place, kind in enumerate(self.kinds) if kind.reckoning is reckoning]

    def _limit_spreads(self) -> None:
        """The most that judges may lie apart: by aspect, and for their sums."""
        limit = self.panel.max_spread
        self.aspect_limits: list[tuple[int, Number]] = []
        self.sum_limit: Number | None = None
        if limit is None:
            return
        most = exact(limit)
        levels = [kind.levels for kind in self.kinds]
        for position, top in enumerate(levels):
            if top is not None:
                per_step = divided(exact(self.aspects[position].max), top)
                self.aspect_limits.append((position, most * per_step * self.unit))
            elif self.at_aspect:
                self.aspect_limits.append((position, most * self.unit))
        if not self.at_aspect and None in levels:
            self.sum_limit = most * self.over

    def number(self, position: int, value: Decimal | bool, *, late: bool) -> Number:
        """Turn a judge's value into the number that is kept: marks × `unit`, or a `quantity`.

        A quantity is kept of relative values, and of the times of those who
        have penalty seconds (`late`): what they bring is known only later. Of
        a factored value it is value × `unit`: difficulties are the entrants'.
        """
        aspect = self.aspects[position]
        if position in self.relative or (late and position in self.timed):
            number = quantity(value)
        elif position in self.timed:
            number = self.time_marks(position, quantity(value))
        elif position in self.factored:
            return whole(exact(value) * self.unit)
        else:
            marks = self.kinds[position].marks(value)
            assert marks is not None
            number = whole(marks * self.unit)
        slots = self.late_slots if late else self.slots
        slots[aspect.code][1][value] = number
        return number

    def time_marks(self, position: int, value: Number) -> Number:
        """Marks × `unit` of a time, penalty seconds and all."""
        return whole(self.kinds[position].marks_at(value) * self.unit)

    def relative_marks(self, position: int, value: Number, best: Number | None) -> Number:
        """Marks × `unit` of a relative quantity, penalty seconds and all."""
        return whole(self.kinds[position].marks_at(value, best) * self.unit)

    def relative_ratio(
        self, position: int, value: Number, best: Number | None
    ) -> tuple[Number, Number]:
        """A relative quantity's marks as `relative_marks`, as a ratio that is not reduced."""
        if best is None:
            return 0, 1
        full = self.full_units[position]
        better, worse = (best, value) if position in self.lower else (value, best)
        return (full * better, worse) if better < worse else (full, 1)
