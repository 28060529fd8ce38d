"""Attempts: modules of a part with `take`, of which the best count."""

from __future__ import annotations

from typing import NamedTuple

from compete.domain.bundle.event_types import Stage
from compete.domain.bundle.results import StageRow
from compete.domain.values.messages import Message, listed, msg

BY_ROUNDS = "rounds"
"""The key within a part's `extra` by which everybody's first attempt comes before any second."""
WAIVED = "waived"
"""The flag of an attempt that was waived, where others of its part were made."""
UNCOUNTED = "uncounted"
"""The flag of an attempt that was made, while others of its part count."""
WAIVED_WORD = msg("放弃这一次")
NOT_MADE = frozenset({"dns", "dsq"})
"""The outcomes by which an attempt was not made."""


def waived_word(*numbers: int) -> Message:
    """Name the waiver of the attempts of these numbers."""
    return msg("放弃第 %(n)s 次", n=listed(map(str, numbers)))


class Attempt(NamedTuple):
    """The place of a module among the attempts of its part, in their order."""

    modules: tuple[str, ...]
    number: int
    """From 1."""
    best: int
    """The number of those that count."""
    rounds: bool = False
    """True where a second attempt is called when all first ones are through, not when it is in."""

    @property
    def first(self) -> str:
        """The module of the first attempt."""
        return self.modules[0]

    @property
    def before(self) -> tuple[str, ...]:
        """The modules of the attempts before it."""
        return self.modules[: self.number - 1]

    @property
    def others(self) -> tuple[str, ...]:
        """The modules of all attempts but it."""
        return (*self.before, *self.modules[self.number :])

    @property
    def words(self) -> str:
        """Its number and how many there are, as `1/2`."""
        return f"{self.number}/{len(self.modules)}"


def attempt_in(stage: Stage, module: str) -> Attempt | None:
    """The place of a module among the attempts of its part; None where it is no attempt."""
    taking = {part.code: part for part in stage.parts if part.take is not None}
    if not taking:
        return None
    code = next((it.part for it in stage.modules if it.code == module), None)
    part = taking.get(code) if code is not None else None
    if part is None or part.take is None:
        return None
    modules = tuple(it.code for it in stage.modules if it.part == code)
    rounds = bool((part.extra or {}).get(BY_ROUNDS))
    return Attempt(modules, modules.index(module) + 1, part.take.best, rounds)


def with_attempt(stage: Stage, module: str, name: str) -> str:
    """The name of a module; of several attempts also which, as `1/2`."""
    attempt = attempt_in(stage, module)
    return name if attempt is None else f"{name} {attempt.words}"


def attempt_flag(stage: Stage, row: StageRow, module: str) -> str | None:
    """`WAIVED` or `UNCOUNTED` for somebody's attempt; None for one that counts, or is none.

    Who made no attempt at all waived nothing: that is absence.
    """
    attempt = attempt_in(stage, module)
    if attempt is None or module not in row.modules:
        return None
    if "dns" in row.modules[module].flags:
        made = (row.modules[other].flags for other in attempt.others)
        return None if all(map(NOT_MADE.intersection, made)) else WAIVED
    part = next(it.part for it in stage.modules if it.code == module)
    counted = (row.counted or {}).get(part or "", ())
    return UNCOUNTED if counted and module not in counted else None


def attempt_words(stage: Stage, row: StageRow, module: str) -> Message | None:
    """What stands for the score of an attempt that does not count; None for any other."""
    flag = attempt_flag(stage, row, module)
    if flag == WAIVED:
        return WAIVED_WORD
    score = row.modules[module].score if flag == UNCOUNTED else None
    # Who is disqualified in it has that word.
    if score is None or "dsq" in row.modules[module].flags:
        return None
    return msg("%(score)s（不计）", score=score)
