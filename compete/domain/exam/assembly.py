"""A paper put together from a bank by a table: complete, then near to its target, then fresh.

The least that must be missing comes first, and is proven. Only a paper that lacks nothing
has a difficulty to care for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from compete.domain.exam.bank import Question
from compete.domain.exam.basis import Basis, missing_of
from compete.domain.exam.candidates import DIFFICULTY_UNIT, Candidate, candidates
from compete.domain.exam.exchanges import Exchanges
from compete.domain.exam.option_order import Chance, paper_key
from compete.domain.exam.selection_model import (
    Choice,
    Sums,
    least_missing,
    nearest_to_aim,
    size,
    within_aim,
)
from compete.domain.exam.table import Table

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
    """Forms, whether they meet their table, and if not, whether it is proven that none do."""

    forms: list[list[tuple[int, Question]]]
    met: bool
    proven: bool


def assemble(basis: Basis, *, seed: int, seconds: float = SECONDS) -> Assembled:
    """The forms of a paper."""
    table = basis.table
    key = paper_key(seed, basis.bank_sha256, basis.table_sha256)
    chance = Chance(key, "compete-paper/1 choice")
    usable = candidates(basis, chance)
    few = _few(usable, table)
    choice, proven = _fullest(few, usable, table, seconds)
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
            found = within_aim(usable, table, seconds)
            proven = found.proven
            if found.choice is not None:
                exchanges = Exchanges(found.choice, usable, table, chance)
        met = sums.keep(exchanges.sums)
        if met:
            exchanges = _nearer(exchanges, usable, table, sums, chance)
        else:
            # A choice that the exact count refuses tells nothing of others.
            proven = proven and found.choice is None
    if met or _missing(exchanges.forms, table):
        exchanges.use_less()
    forms = [[(line, candidate.question) for line, candidate in items] for items in exchanges.forms]
    return Assembled(forms, met, proven)


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
) -> tuple[Choice, bool]:
    """The choice that lacks least: of a few candidates where these are enough, else of all."""
    found = least_missing(few, table, seconds)
    choice = found.choice or [[] for _form in table.forms]
    if not _missing(choice, table):
        return choice, True
    if len(few) < len(usable):
        found = least_missing(usable, table, seconds)
        if found.choice is not None and _missing(found.choice, table) <= _missing(choice, table):
            return found.choice, found.proven
        return choice, False
    return choice, found.proven and found.choice is not None


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
) -> Exchanges:
    """The same, or what the solver finds nearer where there is little to choose from."""
    off = max(map(abs, exchanges.sums))
    if not off or size(usable, table) > _SMALL:
        return exchanges
    found = nearest_to_aim(usable, table, off, nodes=_NODES, seconds=_SECONDS_FOR_NEARER)
    if found.choice is None:
        return exchanges
    nearer = Exchanges(found.choice, usable, table, chance)
    is_nearer = sums.keep(nearer.sums) and max(map(abs, nearer.sums)) < off
    return nearer if is_nearer and not _missing(nearer.forms, table) else exchanges
