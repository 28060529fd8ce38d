"""Final standings over all stages of an event.

The bundle format: the last stage's entrants first, then those whose last
stage was the one before, and so on back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from compete.domain.bundle.results import FinalRow
from compete.domain.ranking.result_rows import UNRANKED
from compete.domain.ranking.stage import RANKED, StageState
from compete.domain.ranking.standing import Standing
from compete.domain.values.kinds import OutcomeStatus, RankStyle
from compete.domain.values.points import show_or_none


class FinalPlace(msgspec.Struct, frozen=True, gc=False):
    """The final place of an entrant: `total` in units of its last place, `stage` by position."""

    rank: int | None
    status: str
    total: int | None
    stage: int


Changes = dict[str, tuple[FinalPlace | None, FinalPlace]]
"""People with another final place than before: the old one and the new one."""

Places = dict[str, FinalPlace]


class Segment:
    """The ranked of one stage who went no further, in order.

    `offset` is how many stand before them all. The last stage's segment
    shares that stage's own standing.
    """

    def __init__(self, state: StageState, standing: Standing, offset: int) -> None:
        self.state = state
        self.standing = standing
        self.offset = offset
        self.ranking: list[tuple[int, str]] = []
        self.rows: list[FinalRow] = []

    def replace(self, code: str) -> tuple[int, int]:
        """Put one of them in the place of the stage's key, if ranked there."""
        key = None if code in self.state.away else self.state.standing.keys.get(code)
        return self.standing.move(code, key)

    def refresh(self, start: int, end: int, places: Places, changes: Changes) -> None:
        """Follow a stretch of the standing; see `Standing.move`."""
        order, ranks, plan = self.standing.order, self.standing.ranks, self.state.plan
        pairs = {pair[1]: pair for pair in self.ranking[start:end]}
        rows = {row.entrant: row for row in self.rows[start:end]}
        for position in range(start, end):
            code = order[position][1]
            score = self.state.scores[code]
            rank = self.offset + ranks[position]
            place = FinalPlace(rank, score.status, score.total, plan.index)
            before = places.get(code)
            if place == before and code in rows:
                continue
            places[code] = place
            pairs[code] = rank, code
            rows[code] = _row(self.state, code, place)
            if place != before:
                _note(changes, code, before, place)
        fresh = [order[position][1] for position in range(start, end)]
        rest = end if end < len(order) else len(self.rows)
        self.ranking[start:rest] = [pairs[code] for code in fresh]
        self.rows = self.rows[:start] + [rows[code] for code in fresh] + self.rows[rest:]


class FinalStandings:
    """Everybody's final place, and the rows in order; empty until `rebuild`.

    `ranking` holds the rank and code of all who are ranked, in order.
    """

    def __init__(self, stages: Sequence[StageState], style: RankStyle) -> None:
        self.stages = stages
        self.style = style
        self.places: Places = {}
        self.segments: list[Segment] = []
        self.ranking: list[tuple[int, str]] = []
        self.rows: list[FinalRow] = []

    def rebuild(self) -> Changes:
        """Everybody's place from the stages as they are now."""
        before, self.places = self.places, {}
        self.segments = []
        for state in reversed(self.stages):
            segment = self._open(state)
            segment.refresh(0, len(segment.standing.order), self.places, {})
            self.segments.append(segment)
            for code in state.entrants:
                if code not in self.places:
                    self._place_fallen(state, code)
        self._join()
        return {
            code: (before.get(code), place)
            for code, place in self.places.items()
            if before.get(code) != place
        }

    def _open(self, state: StageState) -> Segment:
        """Open the segment of a stage, all later ones having been placed."""
        if not self.segments:
            return Segment(state, state.standing, 0)
        keys = state.standing.keys
        left = {
            code: key
            for code, key in keys.items()
            if code not in self.places and code not in state.away
        }
        offset = sum(
            place.status != "dsq" and code not in self.stages[place.stage].away
            for code, place in self.places.items()
        )
        return Segment(state, Standing(self.style, left), offset)

    def follow(self, touched: Iterable[str], stretch: tuple[int, int] | None) -> Changes:
        """Follow these entrants, while nobody has come into a stage or left one.

        `stretch` is where the last stage's order has changed; None where more
        has than the order of the ranked.
        """
        changes: Changes = {}
        moved = list(touched)
        last = self.segments[0]
        for code in moved:
            index = self.places[code].stage
            if index < last.state.plan.index:
                segment = self.segments[last.state.plan.index - index]
                segment.refresh(*segment.replace(code), self.places, changes)
        if stretch is None:
            stretch = 0, len(last.standing.order)
        last.refresh(*stretch, self.places, changes)
        for code in moved:
            state = self.stages[self.places[code].stage]
            if code not in state.standing.keys or code in state.away:
                before = self.places[code]
                self._place_fallen(state, code)
                if self.places[code] != before:
                    _note(changes, code, before, self.places[code])
        self._join()
        return changes

    def _place_fallen(self, state: StageState, code: str) -> None:
        score = state.scores[code]
        away = code in state.away and score.status == RANKED
        status = OutcomeStatus.DNS.value if away else score.status
        self.places[code] = FinalPlace(None, status, score.total, state.plan.index)

    def _join(self) -> None:
        """Join the lists of all segments and of those without a rank."""
        self.ranking = [pair for segment in self.segments for pair in segment.ranking]
        self.rows = [row for segment in self.segments for row in segment.rows]
        if len(self.rows) < len(self.places):
            self.rows += self._fallen_rows()

    def _fallen_rows(self) -> list[FinalRow]:
        fallen = sorted(
            (UNRANKED.index(place.status), code)
            for code, place in self.places.items()
            if place.rank is None
        )
        return [
            _row(self.stages[self.places[code].stage], code, self.places[code])
            for _, code in fallen
        ]


def _note(changes: Changes, code: str, before: FinalPlace | None, place: FinalPlace) -> None:
    """Note a change; of several in one go the first keeps the entrant's earlier place."""
    first = changes.get(code)
    changes[code] = (before if first is None else first[0]), place


def _row(state: StageState, code: str, place: FinalPlace) -> FinalRow:
    total = show_or_none(place.total, state.plan.total_places)
    return FinalRow(code, place.rank, place.status, total, state.plan.code)


def is_ranked(place: FinalPlace) -> bool:
    """True if the place bears a rank."""
    return place.status == RANKED
