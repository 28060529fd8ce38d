"""Tie keys of entrants: what separates equal totals, read in one stage.

The bundle format, section “From modules to a stage total and a rank”.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

import msgspec

from compete.domain.aspects.types import Aspect
from compete.domain.marking.module_book import ModuleBook
from compete.domain.ranking.stage_plan import StagePlan, StageScore
from compete.domain.ranking.standing import Key, higher_first, lower_first
from compete.domain.values.points import Number, divided, shared_unit


class ReadStage(Protocol):
    """The parts of a stage that a tie key reads."""

    @property
    def plan(self) -> StagePlan: ...
    @property
    def scores(self) -> Mapping[str, StageScore]: ...
    @property
    def module_books(self) -> Sequence[ModuleBook]: ...
    @property
    def earlier(self) -> Sequence[ReadStage]: ...
    @property
    def births(self) -> Mapping[str, date | None]: ...


Reading = Callable[[str], Number | None]
"""An entrant's value for a key; None where there is none, which is last."""


class TieKey(msgspec.Struct, frozen=True):
    """One tie key that means something in the stage.

    `read` gives its value × `unit`.
    """

    text: str
    read: Reading
    higher: bool
    unit: int = 1

    def place(self, code: str) -> Key:
        value = self.read(code)
        return higher_first(value) if self.higher else lower_first(value)


Made = tuple[Reading, bool] | tuple[Reading, bool, int]
"""The parts of a `TieKey` beside its text."""


def tie_keys(texts: Sequence[str], stage: ReadStage) -> list[TieKey]:
    """The keys that name something in this stage; the others are passed over."""
    return [key for text in texts if (key := _tie_key(text, stage)) is not None]


def _tie_key(text: str, stage: ReadStage) -> TieKey | None:
    """Make one key as it is read in this stage."""
    kind, _, name = text.partition(":")
    makers: dict[str, Callable[[str, ReadStage], Made | None]] = {
        "module": _by_module,
        "part": _by_part,
        "criterion": _by_criterion,
        "aspect": _by_aspect,
        "time": _by_time,
        "stage": _by_stage,
        "age": _by_age,
    }
    made = makers[kind](name, stage)
    return None if made is None else TieKey(text, *made)


def _by_module(code: str, stage: ReadStage) -> Made | None:
    place = stage.plan.module_places.get(code)
    if place is None:
        return None
    return lambda entrant: stage.scores[entrant].modules[place].score, True


def _by_part(code: str, stage: ReadStage) -> Made | None:
    place = stage.plan.part_places.get(code)
    if place is None:
        return None
    return lambda entrant: stage.scores[entrant].parts[place], True


def _by_criterion(name: str, stage: ReadStage) -> Made | None:
    return _by_aspects(stage, lambda aspect: aspect.criterion == name)


def _by_aspect(code: str, stage: ReadStage) -> Made | None:
    return _by_aspects(stage, lambda aspect: aspect.code == code)


def _by_aspects(stage: ReadStage, wanted: Callable[[Aspect], bool]) -> Made | None:
    """The sum of some aspects' marks over the stage."""
    module_books = [
        (book, positions)
        for book in stage.module_books
        if (positions := [at for at, aspect in enumerate(book.plan.aspects) if wanted(aspect)])
    ]
    if not module_books:
        return None
    unit = shared_unit(book.plan.tie_unit for book, _ in module_books)
    shares = [divided(unit, book.plan.tie_unit) for book, _ in module_books]
    if len(module_books) == 1:
        book, positions = module_books[0]
        return lambda entrant: book.aspects_total(entrant, positions), True, book.plan.tie_unit
    return (
        lambda entrant: sum(
            book.aspects_total(entrant, positions) * share
            for (book, positions), share in zip(module_books, shares, strict=True)
        ),
        True,
        unit,
    )


def _by_time(code: str, stage: ReadStage) -> Made | None:
    module_books = timed_books(code, stage)
    if not module_books:
        return None
    if len(module_books) == 1:
        return module_books[0].times.get, False
    return lambda entrant: added_times(module_books, entrant), False


def timed_books(code: str, stage: ReadStage) -> list[ModuleBook]:
    """The modules of a stage whose times a key adds up: one, some (`A+B`), or `all`."""
    places = stage.plan.module_places
    if code in stage.plan.codes_of_modules:
        wanted = [code]
    else:
        wanted = list(places) if code == "all" else code.split("+")
    return [stage.module_books[places[module]] for module in wanted if module in places]


def added_times(module_books: Sequence[ModuleBook], entrant: str) -> Number | None:
    """An entrant's times together; None where one is missing, or there is no module."""
    times = [book.times.get(entrant) for book in module_books]
    known = [time for time in times if time is not None]
    return sum(known) if module_books and len(known) == len(times) else None


def _by_stage(code: str, stage: ReadStage) -> Made | None:
    named = next(
        (stage_state for stage_state in (*stage.earlier, stage) if stage_state.plan.code == code),
        None,
    )
    if named is None:
        return None
    return lambda entrant: named.scores[entrant].total, True


def _by_age(which: str, stage: ReadStage) -> Made | None:
    return lambda entrant: _day(stage.births.get(entrant)), which == "younger"


def _day(birth: date | None) -> int | None:
    return None if birth is None else birth.toordinal()
