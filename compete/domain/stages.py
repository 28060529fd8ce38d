"""One stage: totals of its entrants, and their places.

The bundle format, section “From modules to a stage total and a rank”.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from compete.domain.books import ModuleBook
from compete.domain.bundle import Event, Module, Part, Stage
from compete.domain.filing import StageBook
from compete.domain.kinds import OutcomeStatus, RankOn
from compete.domain.modules import ModuleScore
from compete.domain.points import Number, common_denominator, divided, exact, round_half_up
from compete.domain.ranking import Key, Standing
from compete.domain.ties import TieKey, tie_keys

RANKED, INCOMPLETE = "ranked", "incomplete"


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

    def __init__(self, part: Part, modules: Sequence[Module], places: int) -> None:
        self.part = part
        self.places = places
        self.members = [place for place, module in enumerate(modules) if module.part == part.code]
        inside = [modules[place] for place in self.members]
        weights = sum(exact(module.weight) for module in inside)
        shares = [
            divided(exact(part.full) * exact(module.weight), exact(module.full) * weights)
            for module in inside
        ]
        self.unit = common_denominator(*shares) * 10**places
        self.shares = [int(share * (self.unit // 10**places)) for share in shares]

    def score(self, modules: Sequence[ModuleScore]) -> int | None:
        """The part's score, None while one of its modules is incomplete."""
        total = 0
        for place, share in zip(self.members, self.shares, strict=True):
            score = modules[place].score
            if score is None:
                return None
            total += score * share
        return round_half_up(total, self.unit, self.places)


class StagePlan:
    """What a point of every module and part is worth in the stage total."""

    def __init__(self, event: Event, index: int) -> None:
        stage: Stage = event.stages[index]
        places, self.total_places = event.rounding.module, event.rounding.total
        self.index, self.stage, self.code = index, stage, stage.code
        self.places = places
        self.module_places = {module.code: i for i, module in enumerate(stage.modules)}
        self.part_places = {part.code: i for i, part in enumerate(stage.parts)}
        self.parts = [PartPlan(part, stage.modules, places) for part in stage.parts]
        self.own = exact(stage.carry.own) if stage.carry else 1
        self.from_ = self._stage_index(event, stage.carry.from_) if stage.carry else None
        module_worth = [
            0 if module.part is not None else self._worth(module) for module in stage.modules
        ]
        part_worth = [self._worth(part) for part in stage.parts]
        carried = divided(exact(stage.carry.weight), 10**self.total_places) if stage.carry else 0
        self.unit = common_denominator(*module_worth, *part_worth, carried)
        self.module_shares = [int(worth * self.unit) for worth in module_worth]
        self.part_shares = [int(worth * self.unit) for worth in part_worth]
        self.carried_share = int(carried * self.unit)
        self.point_ratios = [self._point_ratio(module) for module in stage.modules]

    @staticmethod
    def _stage_index(event: Event, code: str) -> int:
        return next(i for i, stage in enumerate(event.stages) if stage.code == code)

    def _worth(self, one: Module | Part) -> Number:
        """What one unit of its score adds to the stage total."""
        return divided(self.own * exact(one.weight), exact(one.full) * 10**self.places)

    def _point_ratio(self, module: Module) -> tuple[int, int]:
        worth = divided(exact(module.weight), exact(module.full) * 10**self.places)
        return worth.numerator, worth.denominator

    def points(self, place: int, score: int) -> int:
        """A module's weighted points, for showing."""
        top, bottom = self.point_ratios[place]
        return round_half_up(score * top, bottom, self.total_places)

    def exact_total(
        self, modules: Sequence[ModuleScore], parts: Sequence[int | None], carried: int | None
    ) -> int | None:
        """The total × `unit`; None where a score is missing."""
        total = (carried or 0) * self.carried_share
        for module, share in zip(modules, self.module_shares, strict=True):
            if module.score is None:
                return None
            total += module.score * share
        for part, share in zip(parts, self.part_shares, strict=True):
            if part is None:
                return None
            total += part * share
        return total


class StageState:
    """The entrants of one stage with their scores and places."""

    def __init__(
        self,
        event: Event,
        index: int,
        book: StageBook,
        earlier: Sequence[StageState],
        births: dict[str, date | None],
    ) -> None:
        self.event = event
        self.plan = StagePlan(event, index)
        self.book = book
        self.books: list[ModuleBook] = [
            book.modules[module.code] for module in self.plan.stage.modules
        ]
        self.earlier = tuple(earlier)
        self.births = births
        self.on_exact = event.ranking.on is RankOn.EXACT
        self.ties: list[TieKey] = tie_keys(event.ranking.ties, self)
        self.entrants: frozenset[str] = frozenset()
        self.scores: dict[str, StageScore] = {}
        self.standing = Standing(event.ranking.style, {})

    def enter(self, entrants: Iterable[str]) -> None:
        """Score these, and nobody else, from the start."""
        self.entrants = frozenset(entrants)
        for book in self.books:
            book.find_bests(self.entrants)
        self.scores = {
            code: self._stage_score(code, tuple(book.score(code) for book in self.books))
            for code in sorted(self.entrants)
        }
        self.rank_all()

    def rank_all(self) -> None:
        """Put everybody in order by the scores as they are now."""
        keys = {
            code: self.key(code) for code, score in self.scores.items() if score.status == RANKED
        }
        self.standing = Standing(self.event.ranking.style, keys)

    def rescore(self, code: str, place: int) -> None:
        """Score one module of an entrant again, and what follows from it."""
        modules = list(self.scores[code].modules)
        modules[place] = self.books[place].score(code)
        self.scores[code] = self._stage_score(code, tuple(modules))

    def recarry(self, code: str) -> None:
        """Work out an entrant's total again after an earlier stage has changed."""
        self.scores[code] = self._stage_score(code, self.scores[code].modules)

    def replace(self, code: str) -> tuple[int, int]:
        """Put an entrant in the place that the score now earns; see `Standing.move`."""
        ranked = self.scores[code].status == RANKED
        return self.standing.move(code, self.key(code) if ranked else None)

    def key(self, code: str) -> Key:
        """What the entrant is ordered by: the total, then the tie keys."""
        score = self.scores[code]
        total = score.exact if self.on_exact else score.total
        assert total is not None
        return (-total, *(tie.place(code) for tie in self.ties))

    def _stage_score(self, code: str, modules: tuple[ModuleScore, ...]) -> StageScore:
        plan = self.plan
        parts = tuple([part.score(modules) for part in plan.parts])
        fallen = self.book.fallen.get(code)
        if fallen is OutcomeStatus.DSQ:
            return StageScore(modules, parts, None, None, fallen.value)
        carried = None if plan.from_ is None else self.earlier[plan.from_].scores[code].total
        total = plan.exact_total(modules, parts, carried)
        if total is None:
            return StageScore(modules, parts, None, None, fallen.value if fallen else INCOMPLETE)
        rounded = round_half_up(total, plan.unit, plan.total_places)
        return StageScore(modules, parts, total, rounded, fallen.value if fallen else RANKED)
