"""Books of a stage: every mark, penalty, outcome and time of a bundle where it belongs."""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.bundle.event_types import Event, Rounding, Stage
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.marking.module_book import ModuleBook
from compete.domain.marking.module_plan import ModulePlan
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.points import exact


class StageBook:
    """The books of one stage's modules, by code, and who has an outcome in the stage.

    `attempts` holds, part by part, those modules that are attempts of one thing.
    """

    def __init__(
        self, modules: dict[str, ModuleBook], attempts: Sequence[Sequence[ModuleBook]] = ()
    ) -> None:
        self.modules = modules
        self.attempts = attempts
        self.outcomes: dict[str, OutcomeStatus] = {}
        self.fallen: dict[str, OutcomeStatus] = {}

    def settle_outcomes(self) -> None:
        """Give the stage's outcomes to the modules without their own."""
        tried = {id(book) for attempts in self.attempts for book in attempts}
        whole = [book.outcomes for book in self.modules.values() if id(book) not in tried]
        for outcomes in (self.outcomes, *whole):
            for entrant, status in outcomes.items():
                self._note(entrant, status)
        for book in self.modules.values():
            book.outcomes = {**self.outcomes, **book.outcomes}
        for attempts in self.attempts:
            for entrant in attempts[0].outcomes:
                outcomes_there = [book.outcomes.get(entrant) for book in attempts]
                if all(outcome in attempts[0].plan.void for outcome in outcomes_there):
                    for outcome in outcomes_there:
                        assert outcome is not None
                        self._note(entrant, outcome)

    def _note(self, entrant: str, status: OutcomeStatus) -> None:
        """Remember the heaviest outcome: dsq, then dns; a dnf costs no rank."""
        if status is not OutcomeStatus.DNF and self.fallen.get(entrant) is not OutcomeStatus.DSQ:
            self.fallen[entrant] = status


EventBooks = dict[str, StageBook]
"""By stage code."""


def open_books(bundle: Bundle) -> dict[str, EventBooks]:
    """All books of the competition, by event code, filled from the bundle."""
    books_of = {event.code: _empty(event) for event in bundle.events}
    event_of = {entrant.code: entrant.event for entrant in bundle.entrants}
    whose = {entrant: books_of[event] for entrant, event in event_of.items()}
    for outcome in bundle.outcomes:
        stage = whose[outcome.entrant][outcome.stage]
        where = stage if outcome.module is None else stage.modules[outcome.module]
        where.outcomes[outcome.entrant] = outcome.status
    for penalty in bundle.penalties:
        book = whose[penalty.entrant][penalty.stage].modules[penalty.module]
        book.penalise(penalty.entrant, penalty.points, penalty.seconds)
    _file_marks(bundle.marks, event_of, books_of)
    for time in bundle.times:
        book = whose[time.entrant][time.stage].modules[time.module]
        book.times[time.entrant] = exact(time.seconds)
    for event_books in books_of.values():
        for stage in event_books.values():
            stage.settle_outcomes()
    return books_of


def _empty(event: Event) -> EventBooks:
    return {stage.code: _empty_stage(stage, event.rounding) for stage in event.stages}


def _empty_stage(stage: Stage, rounding: Rounding) -> StageBook:
    tried = {part.code: part for part in stage.parts if part.take is not None}
    modules = {
        module.code: ModuleBook(ModulePlan(module, rounding, is_attempt=module.part in tried))
        for module in stage.modules
    }
    attempts = [
        [modules[module.code] for module in stage.modules if module.part == part] for part in tried
    ]
    for own in attempts:
        _share_bests(own)
    return StageBook(modules, attempts)


def _share_bests(attempts: Sequence[ModuleBook]) -> None:
    """Let relative aspects of one code and direction have one best in all attempts."""
    alike: dict[tuple[str, bool], list[tuple[ModuleBook, int]]] = {}
    for book in attempts:
        for position in book.plan.relative:
            key = book.plan.aspects[position].code, position in book.plan.lower
            alike.setdefault(key, []).append((book, position))
    for shared in alike.values():
        for book, position in shared:
            book.siblings[position] = [other for other in shared if other[0] is not book]


def _file_marks(
    marks: Sequence[Mark], whose: dict[str, str], books_of: dict[str, EventBooks]
) -> None:
    """File all marks: the one loop that sees every mark, so it looks up as little as it can."""
    shelves = {
        event: {stage: stage_book.modules for stage, stage_book in event_books.items()}
        for event, event_books in books_of.items()
    }
    shelf_of = {entrant: shelves[event] for entrant, event in whose.items()}
    # Marks of one sheet mostly stand together: it is then found once.
    stage = module = entrant = judge = None
    for mark in marks:
        if (
            mark.judge != judge
            or mark.entrant != entrant
            or mark.module != module
            or mark.stage != stage
        ):
            stage, module, entrant, judge = mark.stage, mark.module, mark.entrant, mark.judge
            book = shelf_of[entrant][stage][module]
            slots = book.plan.late_slots if entrant in book.seconds else book.plan.slots
            sheet = book.sheet(entrant, judge)
        try:
            position, known = slots[mark.aspect]
            sheet[position] = known[mark.value]
        except KeyError:
            book.write(mark.entrant, mark.judge, mark.aspect, mark.value, mark.difficulty)
