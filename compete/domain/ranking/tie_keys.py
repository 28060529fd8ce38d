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
        "next": _by_next,
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
        (place, book, positions)
        for place, book in enumerate(stage.module_books)
        if (positions := [at for at, aspect in enumerate(book.plan.aspects) if wanted(aspect)])
    ]
    if not module_books:
        return None
    plan = stage.plan
    unit = shared_unit(book.plan.tie_unit for _, book, _ in module_books)
    shares = [divided(unit, book.plan.tie_unit) for _, book, _ in module_books]
    if len(module_books) == 1 and module_books[0][0] not in plan.attempts:
        _, book, positions = module_books[0]
        return lambda entrant: book.aspects_total(entrant, positions), True, book.plan.tie_unit
    return (
        lambda entrant: sum(
            book.aspects_total(entrant, positions) * share
            for (place, book, positions), share in zip(module_books, shares, strict=True)
            if plan.stands(place, stage.scores[entrant].modules)
        ),
        True,
        unit,
    )


def _by_time(code: str, stage: ReadStage) -> Made | None:
    places = timed_modules(code, stage)
    if not places:
        return None
    if len(places) == 1 and places[0] not in stage.plan.attempts:
        return stage.module_books[places[0]].times.get, False
    return lambda entrant: added_times(stage, places, entrant), False


def timed_modules(code: str, stage: ReadStage) -> list[int]:
    """The places of the modules whose times a key adds up: one, some (`A+B`), or `all`."""
    places = stage.plan.module_places
    if code in stage.plan.codes_of_modules:
        wanted = [code]
    else:
        wanted = list(places) if code == "all" else code.split("+")
    return [places[module] for module in wanted if module in places]


def added_times(stage: ReadStage, places: Sequence[int], entrant: str) -> Number | None:
    """An entrant's times in these modules together, without attempts that do not count.

    None where one is missing, none is left, or the part of an attempt has no score.
    """
    plan, modules = stage.plan, stage.scores[entrant].modules
    parts = {id(part): part for place in places if (part := plan.attempts.get(place))}
    if not all(part.counted(modules) for part in parts.values()):
        return None
    counted = [place for place in places if plan.stands(place, modules)]
    times = [stage.module_books[place].times.get(entrant) for place in counted]
    known = [time for time in times if time is not None]
    return sum(known) if counted and len(known) == len(times) else None


def _by_next(code: str, stage: ReadStage) -> Made | None:
    """The best attempt that does not count, on the scale of the part."""
    place = stage.plan.part_places.get(code)
    part = None if place is None else stage.plan.parts[place]
    if part is None or part.take is None or part.take >= len(part.members):
        return None
    return lambda entrant: part.next_share(stage.scores[entrant].modules), True, part.unit


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
