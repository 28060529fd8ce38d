"""Forms made better question by question: nearer to the target, then of less used questions.

Every exchange keeps what a paper must keep, and makes nothing more missing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from compete.domain.exam.candidates import Candidate
from compete.domain.exam.option_order import Chance
from compete.domain.exam.selection_model import Choice, worths
from compete.domain.exam.table import Table

_LOOKED_AT = 100
"""How many candidates are tried for one place, the nearest first."""
_TRIES = 400
"""How many questions are exchanged at a venture where no single exchange comes nearer."""
_ROUNDS = 10


class Exchanges:
    """Forms, and the candidates that could take a place in them."""

    def __init__(
        self, choice: Choice, candidates: Sequence[Candidate], table: Table, chance: Chance
    ) -> None:
        self.forms = [list(items) for items in choice]
        self._chance, self._table, self._worths = chance, table, worths(table)
        # By difficulty; equals stay in their order, the least used first.
        in_order = sorted(candidates, key=lambda candidate: candidate.ease)
        self._pools: list[list[Candidate]] = [[] for _line in table.lines]
        for candidate in in_order:
            for line in candidate.lines:
                self._pools[line].append(candidate)
        self._eases = [[candidate.ease for candidate in pool] for pool in self._pools]
        self._used = {candidate for items in choice for _line, candidate in items}
        self._in_form = [
            Counter(mark for _line, candidate in items for mark in _marks(candidate))
            for items in choice
        ]
        self.sums = [
            sum(self._worths[line] * candidate.ease for line, candidate in items)
            for items in choice
        ]

    def come_nearer(self, goal: int = 0) -> None:
        """Bring the sum of each form as near to a goal as it goes."""
        self.sums = [each - goal for each in self.sums]
        self._come_near()
        self.sums = [each + goal for each in self.sums]

    def _come_near(self) -> None:
        for form in range(len(self.forms)):
            self._spread(form)
            tries = 0
            while self.sums[form] and tries < _TRIES:
                if not self._best_exchange(form):
                    tries += 1
                    self._venture(form)

    def shake(self, forms: Iterable[int]) -> None:
        """Exchange half of the questions of these forms by chance, to begin from elsewhere."""
        for form in forms:
            items = self.forms[form]
            for _exchange in range(len(items) // 2 + 1):
                place = self._chance.below(len(items))
                pool = self._pools[items[place][0]]
                candidate = pool[self._chance.below(len(pool))]
                if self._may(form, place, candidate):
                    self._exchange(form, place, candidate)

    def use_less(self) -> None:
        """Take less used questions of the same difficulty."""
        for _round in range(_ROUNDS):
            if not sum(self._less_used(form, place) for form, place in self._places()):
                break

    def _places(self) -> Iterator[tuple[int, int]]:
        for form, items in enumerate(self.forms):
            for place in range(len(items)):
                yield form, place

    def _may(self, form: int, place: int, candidate: Candidate) -> bool:
        """True if a candidate may take a place."""
        if candidate in self._used:
            return False
        leaving, there = self.forms[form][place][1], self._in_form[form]
        if candidate.point not in (None, leaving.point) and there[candidate.point, "point"]:
            return False
        if candidate.family not in (None, leaving.family) and there[candidate.family, "family"]:
            return False
        if candidate.importance is leaving.importance:
            return True
        most = self._table.limits(candidate.importance).at_most
        least = self._table.limits(leaving.importance).at_least
        return (most is None or there[candidate.importance, "class"] < most) and (
            least is None or there[leaving.importance, "class"] > least
        )

    def _exchange(self, form: int, place: int, candidate: Candidate) -> None:
        line, leaving = self.forms[form][place]
        self.forms[form][place] = line, candidate
        self._used.remove(leaving)
        self._used.add(candidate)
        self._in_form[form].subtract(_marks(leaving))
        self._in_form[form].update(_marks(candidate))
        self.sums[form] += self._worths[line] * (candidate.ease - leaving.ease)

    def _nearest(self, form: int, place: int, ease: int) -> Candidate | None:
        """The candidate for a place whose difficulty is nearest to this one."""
        line = self.forms[form][place][0]
        pool, eases = self._pools[line], self._eases[line]
        right = bisect_left(eases, ease)
        left = right - 1
        for _look in range(_LOOKED_AT):
            if right < len(pool) and (left < 0 or eases[right] - ease <= ease - eases[left]):
                candidate, right = pool[right], right + 1
            elif left >= 0:
                candidate, left = pool[left], left - 1
            else:
                return None
            if self._may(form, place, candidate):
                return candidate
        return None

    def _spread(self, form: int) -> None:
        """Bring a form near by a little at each of its places, rather than by much at a few."""
        places = list(range(len(self.forms[form])))
        self._chance.shuffle(places)
        rest = sum(self._worths[line] for line, _candidate in self.forms[form])
        for place in places:
            line, leaving = self.forms[form][place]
            candidate = self._nearest(form, place, leaving.ease - self.sums[form] // rest)
            rest -= self._worths[line]
            if candidate is not None and self._after(form, place, candidate) < abs(self.sums[form]):
                self._exchange(form, place, candidate)

    def _after(self, form: int, place: int, candidate: Candidate) -> int:
        """How far from 0 the sum is once a candidate has a place."""
        line, leaving = self.forms[form][place]
        return abs(self.sums[form] + self._worths[line] * (candidate.ease - leaving.ease))

    def _best_exchange(self, form: int, before: int | None = None) -> bool:
        """Make the single exchange that comes nearest to 0; false if none comes nearer."""
        best, nearest = None, abs(self.sums[form]) if before is None else before
        for place, (line, leaving) in enumerate(self.forms[form]):
            ease = leaving.ease - self.sums[form] // self._worths[line]
            candidate = self._nearest(form, place, ease)
            if candidate is not None and self._after(form, place, candidate) < nearest:
                best, nearest = (place, candidate), self._after(form, place, candidate)
                if not nearest:
                    break
        if best is not None:
            self._exchange(form, *best)
        return best is not None

    def _venture(self, form: int) -> None:
        """Exchange a question by chance and then the best; take it back if that came no nearer."""
        before = self.sums[form]
        place = self._chance.below(len(self.forms[form]))
        line, leaving = self.forms[form][place]
        candidate = self._pools[line][self._chance.below(len(self._pools[line]))]
        if self._may(form, place, candidate):
            self._exchange(form, place, candidate)
            if abs(self.sums[form]) >= abs(before) and not self._best_exchange(form, abs(before)):
                self._exchange(form, place, leaving)

    def _less_used(self, form: int, place: int) -> bool:
        line, leaving = self.forms[form][place]
        pool, eases = self._pools[line], self._eases[line]
        for number in range(bisect_left(eases, leaving.ease), len(pool)):
            candidate = pool[number]
            if candidate.ease != leaving.ease or candidate.uses >= leaving.uses:
                return False
            if self._may(form, place, candidate):
                self._exchange(form, place, candidate)
                return True
        return False


def _marks(candidate: Candidate) -> list[tuple[str | None, str]]:
    """What is counted in a form."""
    return [
        (candidate.importance, "class"),
        *([] if candidate.point is None else [(candidate.point, "point")]),
        *([] if candidate.family is None else [(candidate.family, "family")]),
    ]
