"""The smallest change of a single mark that would change a medal, an award or a grade."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from compete.domain.aspects.kind import Value
from compete.domain.bundle.types import Mark
from compete.domain.robust.ladders import GRID, Grid, Ladder, ladder_of
from compete.domain.robust.looks import Line, Look, Viewer, same_between
from compete.domain.scoring.event_scorer import EventScorer, grade_rules_of
from compete.domain.values.points import Number

MEDALS = 3
MOST_TRIALS = 20_000
"""The most re-scorings that the search may take before it stops and says so."""


class Effect(msgspec.Struct, frozen=True):
    """A change to one person: in which single item if in one, and the values before and after."""

    who: str
    before: str | None
    after: str | None
    item: str | None = None


class Shift(msgspec.Struct, frozen=True):
    """One mark, another value for it, and what that would change.

    `points` is how far apart the two are on the module's scale, before the
    panel combines; of a `relative` value, which may move everybody's marks,
    how far those are apart that move most.
    """

    mark: Mark
    value: Value
    points: Number
    effects: tuple[Effect, ...]


class Search(msgspec.Struct, frozen=True):
    """A search for a shift: the smallest found; `is_complete` where no value was left out."""

    shift: Shift | None
    is_complete: bool


class Found(msgspec.Struct, frozen=True):
    """The two searches of an event, how many marks were looked at to the end, and re-scorings."""

    medals: Search
    grades: Search
    looked: int
    tried: int


Signature = dict[tuple[str, ...], str]
"""By kind and code of whom it concerns, and the single item if it is one, what could change."""


def medals_of(event: EventScorer) -> Signature:
    """Ranks 1 to 3 of people, and every award of people, teams and items."""
    signature: Signature = {}
    for rank, code in event.finals.ranking:
        if rank > MEDALS:
            break
        signature["entrant", code] = f"#{rank}"
    for row in event.results.awards or ():
        if row.team is not None:
            who: tuple[str, ...] = "team", row.team
        elif row.item is not None:
            who = "item", row.entrant or "", row.item
        else:
            who = "entrant", row.entrant or ""
        signature[who] = f"{signature.get(who, '')} {row.award}".strip()
    return signature


def grades_of(event: EventScorer) -> Signature:
    """Every promotion and title."""
    signature: Signature = {}
    for code, decisions in event.grades.decisions.items():
        for decision in decisions:
            parts = [honour.title for honour in decision.honours]
            member = next((honour.member for honour in decision.honours), None)
            if decision.grade is not None and decision.grade.change == "promoted":
                parts.insert(0, str(decision.grade.grade))
                member = decision.grade.member
            if parts:
                who = ("entrant", code) if member is None else ("member", member)
                signature[who] = " ".join(parts)
    return signature


Steps = Mapping[tuple[str, str, str], Decimal]
"""The fineness with which each aspect was measured, by stage, module and aspect."""


def smallest_shifts(
    event: EventScorer,
    marks: Sequence[Mark],
    steps: Steps,
    most_trials: int = MOST_TRIALS,
    grid: Grid = GRID,
) -> Found:
    """Look at every value that any mark could have; leaves the event as it was.

    Exact, unless the trials were used up.
    """
    trials = _Trials(event, most_trials)
    medals = _Smallest(trials, medals_of, lambda look: look.medals_differ)
    grades = _Smallest(trials, grades_of, lambda look: look.grades_differ)
    kinds = [medals, grades] if grade_rules_of(event.event) else [medals]
    looked = 0
    for mark in marks:
        around = _Around(trials, mark, steps, grid)
        try:
            for kind in kinds:
                kind.search(around)
        except _SpentError:
            break
        finally:
            around.leave()
        looked += 1
    done = looked == len(marks)
    return Found(
        medals=Search(medals.best, done),
        grades=Search(grades.best, done or grades not in kinds),
        looked=looked,
        tried=trials.count,
    )


class _SpentError(Exception):
    """Error: no more re-scorings are allowed."""


class _Trials:
    """A counter of re-scorings of one event."""

    def __init__(self, event: EventScorer, most: int) -> None:
        self.event = event
        self.most = most
        self.count = 0
        usual = medals_of(event), grades_of(event)
        self.viewer = Viewer(
            event, lambda now: (medals_of(now) != usual[0], grades_of(now) != usual[1])
        )
        items = [tie for item in event.event.items for tie in item.ties]
        self.by_aspect = any(
            tie.startswith(("aspect:", "criterion:")) for tie in (*event.event.ranking.ties, *items)
        )
        self.lines: dict[tuple[str, str, str], Line] = {}

    def take_trial(self) -> None:
        """Take one of the trials, if there are any left."""
        if self.count >= self.most:
            raise _SpentError
        self.count += 1


class _Around:
    """A mark and all that could stand in its place.

    Where no tie key reads single aspects, all that a mark does it does through
    the module's score, so that one line serves all judges of an entrant.
    """

    def __init__(self, trials: _Trials, mark: Mark, steps: Steps, grid: Grid) -> None:
        self.trials, self.mark = trials, mark
        event = trials.event
        stage = next(state for state in event.stages if state.plan.code == mark.stage)
        self.book = stage.module_books[stage.plan.module_places[mark.module]]
        step = steps[mark.stage, mark.module, mark.aspect]
        self.ladder = ladder_of(self.book, mark, stage.entrants, step, grid)
        self.by_score = not trials.by_aspect and self.ladder.split is None
        self._lines: dict[bool, Line] = {}
        self._is_rescored = False
        for all_move in {all_move for *_, all_move in self._all_stretches()}:
            look = trials.viewer.look(mark.entrant, all_move=all_move)
            self._line(all_move=all_move).keep(self._rung_place(self.ladder.here), look)

    def _all_stretches(self) -> Iterator[tuple[int, int, bool]]:
        for way in (1, -1):
            yield from self.ladder.stretches(way)

    def _line(self, *, all_move: bool) -> Line:
        if self.by_score:
            where = self.mark.stage, self.mark.module, self.mark.entrant
            return self.trials.lines.setdefault(where, Line(all_move=False))
        return self._lines.setdefault(all_move, Line(all_move=all_move))

    def _rung_place(self, rung: int) -> int:
        """The coordinate of a rung: the module's score that it makes, or the rung itself."""
        if not self.by_score:
            return rung
        mark = self.mark
        self.book.write(mark.entrant, mark.judge, mark.aspect, self.ladder.at(rung))
        score = self.book.score(mark.entrant).score
        return -1 if score is None else score

    def look(self, rung: int, *, all_move: bool) -> Look:
        """Look at the standings with the value of a rung."""
        line, where = self._line(all_move=all_move), self._rung_place(rung)
        look = line.known(where)
        if look is None:
            self.trials.take_trial()
            self.write(rung)
            look = self.trials.viewer.look(self.mark.entrant, all_move=all_move)
            line.keep(where, look)
        return look

    def write(self, rung: int) -> None:
        """Score the event with the value of a rung."""
        self._is_rescored = True
        self.trials.event.change(msgspec.structs.replace(self.mark, value=self.ladder.at(rung)))

    def leave(self) -> None:
        """Put back what was given."""
        mark = self.mark
        if self._is_rescored:
            self.trials.event.change(mark)
        else:
            self.book.write(mark.entrant, mark.judge, mark.aspect, mark.value)

    def first_change(
        self, near: int, far: int, *, all_move: bool, differs: Callable[[Look], bool]
    ) -> int | None:
        """The rung next to `near` that changes something, on one stretch of the ladder."""
        if differs(self.look(near, all_move=all_move)):
            return near
        return self._first_behind(near, far, all_move=all_move, differs=differs)

    def _first_behind(
        self, near: int, far: int, *, all_move: bool, differs: Callable[[Look], bool]
    ) -> int | None:
        """Find the first change as `first_change`, where `near` is known to change nothing."""
        if near == far:
            return None
        here, there = self.look(near, all_move=all_move), self.look(far, all_move=all_move)
        if same_between(here, there, all_move=all_move):
            return None
        if abs(far - near) == 1:
            return far if differs(there) else None
        middle = (near + far) // 2
        for start, other in ((near, middle), (middle, far)):
            change = self._first_behind(start, other, all_move=all_move, differs=differs)
            if change is not None:
                return change
        return None


class _Smallest:
    """The smallest shift that changes one kind of thing."""

    def __init__(
        self,
        trials: _Trials,
        signature_of: Callable[[EventScorer], Signature],
        differs: Callable[[Look], bool],
    ) -> None:
        self.trials = trials
        self.signature_of = signature_of
        self.usual = signature_of(trials.event)
        self.differs = differs
        self.best: Shift | None = None

    def search(self, around: _Around) -> None:
        """Look around one mark, no farther than the smallest shift so far."""
        for way in (1, -1):
            for near, end, all_move in around.ladder.stretches(way):
                far = self._nearer(around.ladder, near, end)
                if far is None:
                    break
                rung = around.first_change(near, far, all_move=all_move, differs=self.differs)
                if rung is not None:
                    self._keep(around, rung)
                    break

    def _nearer(self, ladder: Ladder, near: int, far: int) -> int | None:
        """The last rung of a stretch that is nearer than the best; None where none is."""
        if self.best is None or ladder.points(far) < self.best.points:
            return far
        if ladder.points(near) >= self.best.points:
            return None
        low, high = near, far
        while abs(high - low) > 1:
            middle = (low + high) // 2
            if ladder.points(middle) < self.best.points:
                low = middle
            else:
                high = middle
        return low

    def _keep(self, around: _Around, rung: int) -> None:
        value = around.ladder.at(rung)
        around.write(rung)
        now = self.signature_of(self.trials.event)
        effects = tuple(_differences(self.usual, now))
        self.best = Shift(around.mark, value, around.ladder.points(rung), effects)


def _differences(before: Signature, after: Signature) -> Iterator[Effect]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old != new:
            yield Effect(key[1], old, new, key[2] if len(key) > 2 else None)
