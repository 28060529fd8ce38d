"""Stage: totals of its entrants, and their places.

The bundle format, section “From modules to a stage total and a rank”.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from compete.domain.bundle.event_types import Event
from compete.domain.marking.module_book import ModuleBook
from compete.domain.marking.module_plan import ModuleScore
from compete.domain.marking.stage_book import StageBook
from compete.domain.ranking.playoffs import StagePlayoff, parted
from compete.domain.ranking.stage_plan import StagePlan, StageScore
from compete.domain.ranking.standing import Key, Standing
from compete.domain.ranking.tie_keys import TieKey, tie_keys
from compete.domain.values.kinds import OutcomeStatus, RankOn
from compete.domain.values.messages import Message
from compete.domain.values.points import round_to

RANKED, INCOMPLETE = "ranked", "incomplete"


class StageState:
    """The entrants of one stage with their scores and places."""

    def __init__(
        self,
        event: Event,
        index: int,
        book: StageBook,
        earlier: Sequence[StageState],
        births: dict[str, date | None],
        playoffs: Sequence[StagePlayoff] = (),
    ) -> None:
        self.event = event
        self.plan = StagePlan(event, index)
        self.book = book
        self.module_books: list[ModuleBook] = [
            book.modules[module.code] for module in self.plan.stage.modules
        ]
        self.earlier = tuple(earlier)
        self.births = births
        self.on_exact = event.ranking.on is RankOn.EXACT
        self.playoffs = playoffs
        self.unfit: dict[int, Message] = {}
        """By a playoff's place in the bundle, why it does not fit; it then parts nobody."""
        self.ties: list[TieKey] = tie_keys(event.ranking.ties, self)
        advance = self.plan.stage.advance
        self.away = frozenset(advance.without if advance is not None else ())
        """Who takes no part in the next stage, whose place is another's."""
        self.entrants: frozenset[str] = frozenset()
        self.scores: dict[str, StageScore] = {}
        self.standing = Standing(event.ranking.style, {})

    def enter(self, entrants: Iterable[str]) -> None:
        """Score these, and nobody else, from the start."""
        self.entrants = frozenset(entrants)
        for book in self.module_books:
            book.find_bests(self.entrants)
        self.scores = {
            code: self._stage_score(code, tuple(book.score(code) for book in self.module_books))
            for code in sorted(self.entrants)
        }
        self.rank_all()

    def rank_all(self) -> None:
        """Put everybody in order by the scores as they are now."""
        keys = {
            code: self.key(code) for code, score in self.scores.items() if score.status == RANKED
        }
        if self.playoffs:
            parting = parted(keys, self.playoffs)
            keys, self.unfit = parting.keys, parting.unfit
        self.standing = Standing(self.event.ranking.style, keys)

    def rescore(self, code: str, place: int) -> None:
        """Score one module of an entrant again, and what follows from it."""
        modules = list(self.scores[code].modules)
        modules[place] = self.module_books[place].score(code)
        self.scores[code] = self._stage_score(code, tuple(modules))

    def recarry(self, code: str) -> None:
        """Work out an entrant's total again after an earlier stage has changed."""
        self.scores[code] = self._stage_score(code, self.scores[code].modules)

    def replace(self, code: str) -> tuple[int, int]:
        """Put an entrant in the place that the score now earns; see `Standing.move`.

        Not for a stage with playoffs, where it may change what parts others.
        """
        ranked = self.scores[code].status == RANKED
        return self.standing.move(code, self.key(code) if ranked else None)

    def key(self, code: str) -> Key:
        """The entrant's sort key before all playoffs: the total, then the tie keys."""
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
        rounded = round_to(total, plan.unit, plan.total_places, plan.mode)
        return StageScore(modules, parts, total, rounded, fallen.value if fallen else RANKED)
