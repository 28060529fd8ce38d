"""Books of a stage: every mark, penalty, outcome and time of a bundle where it belongs."""

from __future__ import annotations

from collections.abc import Iterable

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.marking.module_book import ModuleBook, Sheet
from compete.domain.marking.module_plan import ModulePlan, Slots
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.points import Number, exact


class StageBook:
    """The books of one stage's modules, by code, and who has an outcome in the stage."""

    def __init__(self, modules: dict[str, ModuleBook]) -> None:
        self.modules = modules
        self.outcomes: dict[str, OutcomeStatus] = {}
        self.fallen: dict[str, OutcomeStatus] = {}

    def settle_outcomes(self) -> None:
        """Give the stage's outcomes to the modules without their own."""
        for outcomes in (self.outcomes, *(book.outcomes for book in self.modules.values())):
            for entrant, status in outcomes.items():
                if self.fallen.get(entrant) is not OutcomeStatus.DSQ:
                    self._note(entrant, status)
        for book in self.modules.values():
            book.outcomes = {**self.outcomes, **book.outcomes}

    def _note(self, entrant: str, status: OutcomeStatus) -> None:
        """Remember the heaviest outcome: dsq, then dns; a dnf costs no rank."""
        if status is not OutcomeStatus.DNF:
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
    return {
        stage.code: StageBook(
            {
                module.code: ModuleBook(ModulePlan(module, event.rounding))
                for module in stage.modules
            }
        )
        for stage in event.stages
    }


_Sheets = dict[str, dict[str, Sheet]]
_Late = dict[str, Number]


def _shelf(
    event_books: EventBooks,
) -> dict[str, dict[str, tuple[ModuleBook, _Sheets, Slots, _Late]]]:
    return {
        stage: {
            module: (book, book.sheets, book.plan.slots, book.seconds)
            for module, book in stage_book.modules.items()
        }
        for stage, stage_book in event_books.items()
    }


def _file_marks(
    marks: Iterable[Mark], whose: dict[str, str], books_of: dict[str, EventBooks]
) -> None:
    """File all marks: the one loop that sees every mark, so it looks up as little as it can."""
    shelves = {event: _shelf(event_books) for event, event_books in books_of.items()}
    shelf_of = {entrant: shelves[event] for entrant, event in whose.items()}
    for mark in marks:
        entrant = mark.entrant
        book, sheets, slots, late = shelf_of[entrant][mark.stage][mark.module]
        try:
            position, known = slots[mark.aspect]
            sheet = sheets[entrant][mark.judge]
            number = known[mark.value]
        except KeyError:
            book.write(entrant, mark.judge, mark.aspect, mark.value, mark.difficulty)
            continue
        if late and entrant in late:
            book.write(entrant, mark.judge, mark.aspect, mark.value, mark.difficulty)
        else:
            sheet[position] = number
