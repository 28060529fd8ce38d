"""Lists of result rows that follow a standing, patched where it has changed.

A list that was handed out is never changed afterwards: a patch makes a new
one that shares the untouched rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from compete.domain.bundle.results import ModuleResult, StageRow
from compete.domain.marking.module_plan import ModuleScore
from compete.domain.ranking.stage import INCOMPLETE, RANKED, StageState
from compete.domain.ranking.standing import Standing
from compete.domain.values.points import show_or_none

Row = TypeVar("Row")


class RankedRows(Generic[Row]):
    """One row for each ranked entrant, in order."""

    def __init__(self, standing: Standing, make: Callable[[int, str], Row]) -> None:
        self.standing = standing
        self.make = make
        self.rows: list[Row] = [make(rank, code) for rank, code in standing.ranked()]

    def refresh(self, start: int, end: int) -> None:
        """Make the rows of a stretch of places anew; see `Standing.move`."""
        order, ranks = self.standing.order, self.standing.ranks
        tail = self.rows[end:] if end < len(order) else []
        fresh = [self.make(ranks[place], order[place][1]) for place in range(start, end)]
        self.rows = self.rows[:start] + fresh + tail


_Counted = dict[str, list[str]] | msgspec.UnsetType
_Body = tuple[str | None, dict[str, ModuleResult], dict[str, str | None], _Counted]
UNRANKED = (INCOMPLETE, "dns", "dsq")
"""The order in which those without a rank are listed."""


class StageRows:
    """The rows of one stage: the ranked, then the incomplete, dns and dsq by code."""

    def __init__(self, state: StageState, following: StageState | None) -> None:
        self.state = state
        self.following = following
        self.bodies: dict[str, _Body] = {}
        self.rebuild()

    def rebuild(self) -> None:
        """All rows from the state as it is now."""
        self.bodies = {}
        self.reorder()

    def reorder(self) -> None:
        """All rows again, for changed places or advancing, with the same scores."""
        self.ranked = RankedRows(self.state.standing, self._row)
        self.list_unranked()

    def rows(self) -> list[StageRow]:
        return self.ranked.rows + self.unranked

    def forget(self, code: str) -> None:
        """Forget an entrant's scores, which have changed."""
        self.bodies.pop(code, None)

    def list_unranked(self) -> None:
        """Make the rows of those without a rank."""
        scores = self.state.scores
        fallen = sorted(
            (UNRANKED.index(scores[code].status), code)
            for code in self.state.entrants
            if scores[code].status != RANKED
        )
        self.unranked = [self._row(None, code) for _, code in fallen]

    def _row(self, rank: int | None, code: str) -> StageRow:
        body = self.bodies.get(code)
        if body is None:
            body = self.bodies[code] = self._body(code)
        total, modules, parts, counted = body
        advanced = None if self.following is None else code in self.following.entrants
        status = self.state.scores[code].status
        return StageRow(
            entrant=code,
            rank=rank,
            status=status,
            total=total,
            modules=modules,
            parts=parts,
            counted=counted,
            advanced=advanced,
        )

    def _body(self, code: str) -> _Body:
        plan, score = self.state.plan, self.state.scores[code]
        modules = {}
        for place, (module, module_score) in enumerate(
            zip(plan.stage.modules, score.modules, strict=True)
        ):
            points = None if module_score.score is None else plan.points(place, module_score.score)
            modules[module.code] = ModuleResult(
                show_or_none(module_score.score, plan.places),
                show_or_none(points, plan.total_places),
                list(module_score.flags),
            )
        parts = {
            part.code: show_or_none(mark, plan.places)
            for part, mark in zip(plan.stage.parts, score.parts, strict=True)
        }
        total = show_or_none(score.total, plan.total_places)
        return total, modules, parts, self._counted(score.modules)

    def _counted(self, scores: Sequence[ModuleScore]) -> _Counted:
        """The attempts that count, by part, in a stage that has such parts."""
        plan = self.state.plan
        if not plan.attempts:
            return msgspec.UNSET
        modules = plan.stage.modules
        return {
            part.part.code: [modules[place].code for place in part.counted(scores)]
            for part in plan.parts
            if part.take is not None
        }
