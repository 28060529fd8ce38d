"""Plan of a stage: what a point of every module and part is worth.

The bundle format, section “From modules to a stage total and a rank”.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from compete.domain.bundle.event_types import Event, Module, Part, Rounding, Stage
from compete.domain.marking.module_plan import ModuleScore
from compete.domain.values.points import Number, divided, exact, round_to, shared_unit, whole


class StageScore(msgspec.Struct, frozen=True, gc=False):
    """One entrant in one stage.

    `modules` and `parts` are in the stage's order; `exact` is the total before
    rounding × the stage's unit, `total` in units of its last place. Both are
    None while incomplete; a disqualified entrant's too.
    """

    modules: tuple[ModuleScore, ...]
    parts: tuple[int | None, ...]
    exact: Number | None
    total: int | None
    status: str


class PartPlan:
    """The modules of a part, and what a point of each is worth in it."""

    def __init__(self, part: Part, modules: Sequence[Module], rounding: Rounding) -> None:
        self.part = part
        self.places, self.mode = rounding.module, rounding.mode
        places = self.places
        self.members = [place for place, module in enumerate(modules) if module.part == part.code]
        self.take = None if part.take is None else part.take.best
        inside = [modules[place] for place in self.members]
        weights = sum(exact(module.weight) for module in inside)
        shares = [
            divided(exact(part.full) * exact(module.weight), exact(module.full) * weights)
            if self.take is None
            else divided(exact(part.full), exact(module.full))
            for module in inside
        ]
        unit = shared_unit(share.denominator for share in shares)
        self.unit = unit * 10**places
        self.shares = [whole(share * unit) for share in shares]

    def counted(self, modules: Sequence[ModuleScore]) -> tuple[int, ...]:
        """Which attempts of the part count, by place in the stage; none while one is incomplete.

        Of equal ones the earlier.
        """
        shares: list[tuple[Number, int]] = []
        for place, share in zip(self.members, self.shares, strict=True):
            score = modules[place].score
            if score is None:
                return ()
            shares.append((-score * share, place))
        return tuple(sorted(place for _, place in sorted(shares)[: self.take]))

    def next_share(self, modules: Sequence[ModuleScore]) -> Number | None:
        """The best attempt that does not count and was made, × `unit`; None without one."""
        counted = self.counted(modules)
        shares = [
            score * share
            for place, share in zip(self.members, self.shares, strict=True)
            if place not in counted
            and (score := modules[place].score) is not None
            and _is_made(modules[place])
        ]
        return max(shares, default=None)

    def score(self, modules: Sequence[ModuleScore]) -> int | None:
        """The part's score, None while one of its modules is incomplete."""
        if self.take is not None:
            return self._best(modules, self.take)
        total: Number = 0
        for place, share in zip(self.members, self.shares, strict=True):
            score = modules[place].score
            if score is None:
                return None
            total += score * share
        return round_to(total, self.unit, self.places, self.mode)

    def _best(self, modules: Sequence[ModuleScore], take: int) -> int | None:
        """The mean of the attempts that count."""
        counted = self.counted(modules)
        if not counted:
            return None
        total: Number = 0
        for place, share in zip(self.members, self.shares, strict=True):
            if place in counted:
                total += (modules[place].score or 0) * share
        return round_to(total, self.unit * take, self.places, self.mode)

    def is_missed(self, modules: Sequence[ModuleScore]) -> bool:
        """True if nobody can be ranked by the part: a module of it, or each attempt, not made."""
        own = [modules[place] for place in self.members]
        if self.take is None:
            return any("dns" in module.flags for module in own)
        return not any(map(_is_made, own))


def _is_made(attempt: ModuleScore) -> bool:
    return attempt.flags not in (("dns",), ("dsq",))


class StagePlan:
    """The worth of a point of every module and part in the stage total."""

    def __init__(self, event: Event, index: int) -> None:
        stage: Stage = event.stages[index]
        places, self.total_places = event.rounding.module, event.rounding.total
        self.mode = event.rounding.mode
        self.index, self.stage, self.code = index, stage, stage.code
        self.places = places
        self.codes_of_modules = {module.code for stage in event.stages for module in stage.modules}
        self.module_places = {module.code: i for i, module in enumerate(stage.modules)}
        self.part_places = {part.code: i for i, part in enumerate(stage.parts)}
        self.parts = [PartPlan(part, stage.modules, event.rounding) for part in stage.parts]
        self.attempts = {
            place: part for part in self.parts if part.take is not None for place in part.members
        }
        """By the place of a module that is an attempt, its part."""
        self.own = exact(stage.carry.own) if stage.carry else 1
        places_of = {stage.code: place for place, stage in enumerate(event.stages)}
        self.from_ = places_of[stage.carry.from_] if stage.carry else None
        module_worth = [
            0 if module.part is not None else self._worth(module) for module in stage.modules
        ]
        part_worth = [self._worth(part) for part in stage.parts]
        carried = divided(exact(stage.carry.weight), 10**self.total_places) if stage.carry else 0
        worths = (*module_worth, *part_worth, carried)
        self.unit = shared_unit(worth.denominator for worth in worths)
        self.module_shares = [whole(worth * self.unit) for worth in module_worth]
        self.part_shares = [whole(worth * self.unit) for worth in part_worth]
        self.carried_share = whole(carried * self.unit)
        self.point_ratios = [self._point_ratio(module) for module in stage.modules]

    def stands(self, place: int, modules: Sequence[ModuleScore]) -> bool:
        """True unless the module is an attempt that does not count."""
        part = self.attempts.get(place)
        return part is None or place in part.counted(modules)

    def is_missed(self, place: int, modules: Sequence[ModuleScore]) -> bool:
        """True if nobody can be ranked by the module: not begun, or an attempt annulled."""
        flags = modules[place].flags
        return "dns" in flags or (place in self.attempts and "dsq" in flags)

    def _worth(self, module_or_part: Module | Part) -> Number:
        """The part of the stage total that one unit of its score adds."""
        return divided(
            self.own * exact(module_or_part.weight), exact(module_or_part.full) * 10**self.places
        )

    def _point_ratio(self, module: Module) -> tuple[int, int]:
        worth = divided(exact(module.weight), exact(module.full) * 10**self.places)
        return worth.numerator, worth.denominator

    def points(self, place: int, score: int) -> int:
        """A module's weighted points, for showing."""
        top, bottom = self.point_ratios[place]
        return round_to(score * top, bottom, self.total_places, self.mode)

    def exact_total(
        self, modules: Sequence[ModuleScore], parts: Sequence[int | None], carried: int | None
    ) -> Number | None:
        """The total × `unit`; None where a score is missing."""
        total: Number = (carried or 0) * self.carried_share
        for module, share in zip(modules, self.module_shares, strict=True):
            if module.score is None:
                return None
            total += module.score * share
        for part, share in zip(parts, self.part_shares, strict=True):
            if part is None:
                return None
            total += part * share
        return total
