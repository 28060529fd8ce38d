"""Single items (单项): one module or part of the last stage ranked by itself."""

from __future__ import annotations

from collections.abc import Iterable

from compete.domain.bundle.event_types import Item
from compete.domain.bundle.results import ItemResults, ItemRow
from compete.domain.ranking.result_rows import RankedRows
from compete.domain.ranking.stage import StageState
from compete.domain.ranking.standing import Key, Standing
from compete.domain.ranking.tie_keys import tie_keys
from compete.domain.values.kinds import RankStyle
from compete.domain.values.points import show


class ItemState:
    """The ranking of one item."""

    def __init__(self, item: Item, state: StageState) -> None:
        self.item = item
        self.state = state
        self.ties = tie_keys(item.ties, state)
        plan = state.plan
        self.part = plan.part_places.get(item.of)
        self.rebuild()

    def rebuild(self) -> None:
        """Rank everybody from the last stage as it is now."""
        keys = {code: key for code in self.state.entrants if (key := self.key(code)) is not None}
        self.standing = Standing(RankStyle.COMPETITION, keys)
        self._rows = RankedRows(self.standing, self._row)
        self.ranks = self.standing.by_code()

    def replace(self, codes: Iterable[str]) -> set[str]:
        """Follow changes of these entrants' scores; returns whose rank has changed.

        All are moved before a row is made: a row of somebody who has just
        lost the score, and has not been taken out yet, can't be.
        """
        start, end = len(self.standing.order), 0
        count, changed = start, set()
        for code in codes:
            first, behind = self.standing.move(code, self.key(code))
            start, end = min(start, first), max(end, behind)
            if code not in self.standing.keys and self.ranks.pop(code, None) is not None:
                changed.add(code)
        if len(self.standing.order) != count:
            end = len(self.standing.order)
        end = min(end, len(self.standing.order))
        self._rows.refresh(min(start, end), end)
        for position in range(start, end):
            other, rank = self.standing.order[position][1], self.standing.ranks[position]
            if self.ranks.get(other) != rank:
                self.ranks[other] = rank
                changed.add(other)
        return changed

    def score(self, code: str) -> int | None:
        """The item's score in units of its last place; None for who has no place in it."""
        score = self.state.scores[code]
        if score.status == "dsq":
            return None
        plan = self.state.plan
        if self.part is None:
            place = plan.module_places[self.item.of]
            return None if plan.is_missed(place, score.modules) else score.modules[place].score
        is_missed = plan.parts[self.part].is_missed(score.modules)
        return None if is_missed else score.parts[self.part]

    def key(self, code: str) -> Key | None:
        score = self.score(code)
        return None if score is None else (-score, *(tie.place(code) for tie in self.ties))

    def results(self) -> ItemResults:
        return ItemResults(self.item.code, self._rows.rows)

    def _row(self, rank: int, code: str) -> ItemRow:
        score = self.score(code)
        assert score is not None
        return ItemRow(code, rank, show(score, self.state.plan.places))
