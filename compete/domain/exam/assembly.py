"""A paper put together from a bank by a table: complete, then near to its target, then fresh.

The least that must be missing comes first, and is proven. Only a paper that lacks nothing
has a difficulty to care for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from compete.domain.exam.bank import Question
from compete.domain.exam.basis import Basis, missing_of
from compete.domain.exam.option_order import Chance, paper_key
from compete.domain.exam.selection_model import (
    DIFFICULTY_UNIT,
    Candidate,
    Choice,
    Found,
    Sums,
    candidates,
    least_missing,
    nearest_to_aim,
    size,
    within_aim,
    worths,
)
from compete.domain.exam.table import Table

_LOOKED_AT = 100
"""How many candidates are tried for one place, the nearest first."""
_TRIES = 400
"""How many questions are exchanged at a venture where no single exchange comes nearer."""
_ROUNDS = 10


class Exchanges:
    """Forms made better question by question, and the candidates that could take a place in them.

    Nearer to the target, then of less used questions. Every exchange keeps what a paper must
    keep, and makes nothing more missing.
    """

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
        self.sums = [total - goal for total in self.sums]
        self._come_near()
        self.sums = [total + goal for total in self.sums]

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


SECONDS = 25.0
"""How long the solver may take for each of its questions."""
_FEW, _FEW_FOR_EACH = 20, 4
_SHAKEN = 1500
"""How many questions, all shakes together."""
_CLOSE = DIFFICULTY_UNIT // 10
"""By how much of an item's points forms that are worth shaking may lie too far."""
_SMALL, _NODES, _SECONDS_FOR_NEARER = 4000, 300, 10.0


@dataclass(frozen=True, slots=True)
class Assembled:
    """Forms, whether they meet their table, and if not, whether it is proven that none do.

    Where the solver came to its limit: by how much a better paper can be better at the most.
    """

    forms: list[list[tuple[int, Question]]]
    met: bool
    proven: bool
    fewer: int | None = None
    """So many missing questions fewer."""
    nearer: Fraction | None = None
    """So much nearer to the target, of the form that lies farthest."""


def assemble(basis: Basis, *, seed: int, seconds: float = SECONDS) -> Assembled:
    """The forms of a paper."""
    table = basis.table
    key = paper_key(seed, basis.bank_sha256, basis.table_sha256)
    chance = Chance(key, "compete-paper/1 choice")
    usable = candidates(basis, chance)
    few = _few(usable, table)
    fullest = _fullest(few, usable, table, seconds)
    choice, proven, nearer_by = fullest.choice or [], fullest.proven, None
    met = not _missing(choice, table)
    exchanges = Exchanges(choice, few, table, chance)
    if met and table.difficulty is not None:
        sums = Sums(table, table.difficulty)
        _come_near(exchanges, sums)
        if any(exchanges.sums):
            nearer = Exchanges(exchanges.forms, usable, table, chance)
            _come_near(nearer, sums)
            if sums.keep(nearer.sums) or not sums.keep(exchanges.sums):
                exchanges = nearer
        if not sums.keep(exchanges.sums):
            solution = within_aim(usable, table, seconds)
            proven = solution.proven
            if solution.choice is not None:
                exchanges = Exchanges(solution.choice, usable, table, chance)
        met = sums.keep(exchanges.sums)
        if met:
            exchanges, nearer_by = _nearer(exchanges, usable, table, sums, chance)
        else:
            # A choice that the exact count refuses tells nothing of others.
            proven = proven and solution.choice is None
    if met or _missing(exchanges.forms, table):
        exchanges.use_less()
    forms = [[(line, candidate.question) for line, candidate in items] for items in exchanges.forms]
    unit = DIFFICULTY_UNIT * sum(
        line.count * worth for line, worth in zip(table.lines, worths(table), strict=True)
    )
    nearer_so = Fraction(nearer_by, unit) if nearer_by else None
    return Assembled(forms, met, proven, None if met else fullest.gap or None, nearer_so)


def _come_near(exchanges: Exchanges, sums: Sums) -> None:
    """Bring forms near to their target, or all to one sum that is near enough."""
    exchanges.come_nearer()
    for goal in sorted(set(exchanges.sums), key=abs):
        if not sums.keep(exchanges.sums):
            exchanges.come_nearer(goal)
    close = sums.band + max(sums.worths) * _CLOSE
    every = range(len(exchanges.forms))
    for number in range(_SHAKEN // sum(map(len, exchanges.forms))):
        if sums.keep(exchanges.sums) or max(map(abs, exchanges.sums)) > close:
            break
        # Mostly those that lie off; now and then all, since they share what there is.
        exchanges.shake(every if number % 3 == 2 else [n for n in every if exchanges.sums[n]])
        exchanges.come_nearer()


def _missing(choice: Choice, table: Table) -> int:
    return missing_of(
        table,
        [Counter(line for line, _candidate in items) for items in choice],
        [Counter(candidate.importance for _line, candidate in items) for items in choice],
    ).total


def _fullest(
    few: Sequence[Candidate], usable: Sequence[Candidate], table: Table, seconds: float
) -> Found:
    """The choice that lacks least: of a few candidates where these are enough, else of all."""
    solution = least_missing(few, table, seconds)
    choice = solution.choice or [[] for _form in table.forms]
    lacks = _missing(choice, table)
    if not lacks:
        return Found(choice, proven=True, gap=0)
    if len(few) == len(usable):
        return Found(choice, solution.proven and solution.choice is not None, solution.gap)
    solution = least_missing(usable, table, seconds)
    if solution.choice is None:
        return Found(choice, proven=False)
    more = _missing(solution.choice, table) - lacks
    if more <= 0:
        return solution
    gap = None if solution.gap is None else solution.gap - more
    return Found(choice, proven=False, gap=gap)


def _few(usable: Sequence[Candidate], table: Table) -> list[Candidate]:
    """For each line the least used of each class, many times what is wanted."""
    taken: Counter[tuple[int, str]] = Counter()
    few = []
    for candidate in usable:
        wanted = False
        for line in candidate.lines:
            most = _FEW + _FEW_FOR_EACH * len(table.forms) * table.lines[line].count
            if taken[line, candidate.importance] < most:
                wanted = True
        if wanted:
            few.append(candidate)
            taken.update((line, candidate.importance) for line in candidate.lines)
    return few


def _nearer(
    exchanges: Exchanges,
    usable: Sequence[Candidate],
    table: Table,
    sums: Sums,
    chance: Chance,
) -> tuple[Exchanges, int | None]:
    """The same, or what the solver finds nearer where there is little to choose from.

    And by how much something else may lie nearer yet, where the solver came to its limit.
    """
    off = max(map(abs, exchanges.sums))
    if not off or size(usable, table) > _SMALL:
        return exchanges, None
    solution = nearest_to_aim(usable, table, off, nodes=_NODES, seconds=_SECONDS_FOR_NEARER)
    if solution.choice is None:
        return exchanges, None
    nearer = Exchanges(solution.choice, usable, table, chance)
    is_nearer = sums.keep(nearer.sums) and max(map(abs, nearer.sums)) < off
    if is_nearer and not _missing(nearer.forms, table):
        return nearer, solution.gap
    return exchanges, None
