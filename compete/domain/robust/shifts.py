"""The smallest change of a single mark that would change a medal, an award or a grade."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from compete.domain.bundle import Mark
from compete.domain.ranking import RANKED
from compete.domain.robust.ladders import Ladder, Value, ladder_of, rung_of
from compete.domain.scoring import EventScorer
from compete.domain.values import Number

MEDALS = 3
MOST_TRIALS = 20_000
"""How many re-scorings one search may take before it stops and says so."""


class Effect(msgspec.Struct, frozen=True):
    """What would be otherwise: who, and what before and after."""

    who: str
    before: str | None
    after: str | None


class Shift(msgspec.Struct, frozen=True):
    """One mark, another value for it, and what that would change.

    `points` is how far apart the two are on the module's scale, before the
    panel combines.
    """

    mark: Mark
    value: Value
    points: Number
    effects: tuple[Effect, ...]


class Search(msgspec.Struct, frozen=True):
    """The smallest shift found, and how much was looked at."""

    found: Shift | None
    tried: int
    marks: int


Signature = dict[str, str]
"""By whom it concerns, what could change."""


def medals_of(event: EventScorer) -> Signature:
    """Ranks 1 to 3 and every award, of people, teams and items."""
    signature: Signature = {}
    for rank, code in event.finals.ranking:
        if rank > MEDALS:
            break
        signature[code] = f"#{rank}"
    for row in event.results.awards or ():
        who = row.entrant or row.team or ""
        key = f"{who} {row.item}" if row.item else who
        signature[key] = f"{signature.get(key, '')} {row.award}".strip()
    return signature


def grades_of(event: EventScorer) -> Signature:
    """Every promotion and title."""
    signature: Signature = {}
    for code, decision in event.grades.decisions.items():
        parts = [honour.title for honour in decision.honours]
        if decision.grade is not None and decision.grade.change == "promoted":
            parts.insert(0, str(decision.grade.grade))
        if parts:
            signature[code] = " ".join(parts)
    return signature


def smallest_shift(
    event: EventScorer,
    marks: list[Mark],
    signature_of: Callable[[EventScorer], Signature],
    most_trials: int = MOST_TRIALS,
) -> Search:
    """Try every mark both ways, each time no farther than the smallest shift so far.

    Leaves the event as it was. A change is taken to stay a change as the mark
    moves on, which `relative` aspects and trimming may now and then belie.
    """
    trial = _Trials(event, signature_of, most_trials)
    looked_at = 0
    for mark in marks:
        if trial.is_spent:
            break
        looked_at += 1
        trial.search(mark)
    return Search(trial.best, trial.count, looked_at)


class _Trials:
    """Re-scorings of one event, counted."""

    def __init__(
        self,
        event: EventScorer,
        signature_of: Callable[[EventScorer], Signature],
        most: int,
    ) -> None:
        self.event = event
        self.signature_of = signature_of
        self.most = most
        self.count = 0
        self.usual = signature_of(event)
        self.best: Shift | None = None

    @property
    def is_spent(self) -> bool:
        return self.count >= self.most

    def search(self, mark: Mark) -> None:
        """Find the smallest change of one mark, if it betters the best so far."""
        stage = next(stage for stage in self.event.stages if stage.plan.code == mark.stage)
        if stage.scores[mark.entrant].status != RANKED:
            return
        book = stage.books[stage.plan.module_places[mark.module]]
        ladder = ladder_of(book, book.plan.slots[mark.aspect][0], mark.value)
        at = rung_of(ladder, mark.value)
        changed = False
        for direction in (1, -1):
            changed |= self._search_way(mark, ladder, at, direction)
        if changed:
            self.event.change(mark)

    def _search_way(self, mark: Mark, ladder: Ladder, at: int, direction: int) -> bool:
        """Search up or down; returns whether anything was tried."""
        far = self._farthest(mark, ladder, at, direction)
        if far == at:
            return False
        if self._effects(mark, ladder.at(far)):
            near = at
            while abs(far - near) > 1:
                middle = (near + far) // 2
                if self._effects(mark, ladder.at(middle)):
                    far = middle
                else:
                    near = middle
            self._keep(mark, ladder, far)
        return True

    def _farthest(self, mark: Mark, ladder: Ladder, at: int, direction: int) -> int:
        """The last rung that is nearer than the best shift so far."""
        end = ladder.count - 1 if direction > 0 else 0
        if self.best is None:
            return end
        near, far = at, end
        if self._points(mark, ladder, end) < self.best.points:
            return end
        while abs(far - near) > 1:
            middle = (near + far) // 2
            if self._points(mark, ladder, middle) < self.best.points:
                near = middle
            else:
                far = middle
        return near

    def _points(self, mark: Mark, ladder: Ladder, rung: int) -> Number:
        gap = ladder.marks(ladder.at(rung)) - ladder.marks(mark.value)
        return gap if gap > 0 else -gap

    def _keep(self, mark: Mark, ladder: Ladder, rung: int) -> None:
        value = ladder.at(rung)
        points = self._points(mark, ladder, rung)
        if points and (self.best is None or points < self.best.points):
            self.best = Shift(mark, value, points, tuple(self._effects(mark, value)))

    def _effects(self, mark: Mark, value: Value) -> list[Effect]:
        """What would be otherwise with another value in a mark's place."""
        self.count += 1
        self.event.change(msgspec.structs.replace(mark, value=value))
        now = self.signature_of(self.event)
        return list(_differences(self.usual, now))


def _differences(before: Signature, after: Signature) -> Iterator[Effect]:
    if before == after:
        return
    for who in sorted(before.keys() | after.keys()):
        if before.get(who) != after.get(who):
            yield Effect(who, before.get(who), after.get(who))
