"""A panel's marks: hidden until all are in, then shown with what is too far apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from compete.domain.aspects.kinds import kind_of
from compete.domain.bundle.event_types import Module
from compete.domain.marking.apart import Apart, apart
from compete.domain.marking.module_book import ModuleBook
from compete.domain.marking.module_plan import ModulePlan
from compete.domain.values.kinds import Combine, OutcomeStatus
from compete.domain.values.points import exact
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Entrant, Event, OutcomeEntry, PenaltyEntry, Sheet, db
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.kernel.module_keys import EntrantModule, EventModule, of_event, place_of
from compete.services.sheets.difficulties import Attempts, attempts_in
from compete.services.sheets.totals import provisional_total
from compete.services.sheets.values import standing_values


@dataclass
class PanelView:
    """The panel's view: all sheets for one entrant in one module, but those closed by 回避.

    `apart` is empty until all have submitted (`revealed`): before that nobody
    may learn from it how the others marked.
    """

    module: Module
    sheets: list[Sheet] = field(default_factory=list)
    values: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    apart: list[Apart] = field(default_factory=list)
    attempted: dict[str, Decimal] = field(default_factory=dict)
    """The entrant's difficulties, by the aspect."""

    @property
    def submitted(self) -> int:
        """Count the sheets that are in."""
        return sum(1 for sheet in self.sheets if sheet.state in HANDED_IN)

    @property
    def revealed(self) -> bool:
        """True if all are in."""
        return bool(self.sheets) and self.submitted == len(self.sheets)

    def total(self, sheet: Sheet) -> str | None:
        """A sheet's total, by the difficulties that are told."""
        return provisional_total(self.module, self.values[sheet.id], self.attempted)


def is_limited(module: Module) -> bool:
    """True if the rules look at how far the judges of a panel lie apart."""
    return module.panel.max_spread is not None or module.panel.combine is Combine.AGREED


def panel_of(sheet: Sheet) -> PanelView | None:
    """The sheet's panel; None where one judge marks alone."""
    return panels_of([sheet]).get(place_of(sheet))


def panels_of(sheets: Sequence[Sheet]) -> dict[EntrantModule, PanelView]:
    """The panels that these sheets belong to, those of a single judge left out."""
    views: dict[EntrantModule, PanelView] = {}
    for event_id, stage, module_code in {_place(sheet) for sheet in sheets}:
        event = db.session.get_one(Event, event_id)
        rules = rules_of(event)
        module = module_of(rules, stage, module_code)
        if module.panel.size < 2:
            continue
        here = {s.entrant_id for s in sheets if _place(s) == (event_id, stage, module_code)}
        plan = ModulePlan(module, rules.rounding)
        # What a relative aspect is worth hangs on everybody in the stage.
        wide = None if plan.relative else here
        panels = _read(event_id, stage, module, wide)
        _compare(panels, plan, stage)
        views.update({key: view for key, view in panels.items() if key[0] in here})
    return views


def _place(sheet: Sheet) -> EventModule:
    return sheet.entrant.event_id, sheet.stage, sheet.module


def _read(
    event_id: int, stage: str, module: Module, entrants: Iterable[int] | None
) -> dict[EntrantModule, PanelView]:
    query = (
        select(Sheet)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .options(joinedload(Sheet.judge))
        .where(of_event(Sheet, event_id, stage, module.code), Sheet.state != SheetState.WITHDRAWN)
        .order_by(Sheet.judge_id)
    )
    if entrants is not None:
        query = query.where(Sheet.entrant_id.in_(list(entrants)))
    rows = db.session.scalars(query).all()
    values = standing_values([row.id for row in rows])
    views: dict[EntrantModule, PanelView] = defaultdict(lambda: PanelView(module))
    for row in rows:
        view = views[place_of(row)]
        view.sheets.append(row)
        view.values[row.id] = values[row.id]
    return dict(views)


def _compare(views: dict[EntrantModule, PanelView], plan: ModulePlan, stage: str) -> None:
    """Fill in `apart` of every panel that is revealed."""
    entrants = {key[0] for key in views}
    attempts = attempts_in(stage, plan.module, entrants)
    book = open_book(plan, stage, entrants, attempts)
    for key, view in views.items():
        for sheet in view.sheets:
            write_sheet(book, key[0], sheet.judge_id, view.values[sheet.id])
    by_entrant = {key[0]: view for key, view in views.items()}
    for (entrant, aspect), difficulty in attempts.items():
        by_entrant[entrant].attempted[aspect] = difficulty
    book.find_bests([str(entrant) for entrant in entrants])
    for key, view in views.items():
        if view.revealed:
            view.apart = apart(book, str(key[0]))


def open_book(
    plan: ModulePlan, stage: str, entrants: Collection[int], attempts: Attempts
) -> ModuleBook:
    """The book of a module with the outcomes and penalties of these entrants, by their rows.

    `attempts` are what they attempted there.
    """
    book = ModuleBook(plan)
    code = plan.module.code
    for entry in db.session.scalars(
        select(OutcomeEntry)
        .where(
            OutcomeEntry.entrant_id.in_(entrants),
            OutcomeEntry.stage == stage,
            or_(OutcomeEntry.module.is_(None), OutcomeEntry.module == code),
            OutcomeEntry.withdrawn_at.is_(None),
        )
        # A module's own outcome comes before the stage's.
        .order_by(OutcomeEntry.module.is_not(None), OutcomeEntry.id)
    ):
        book.outcomes[str(entry.entrant_id)] = OutcomeStatus(entry.status)
    for penalty in db.session.scalars(
        select(PenaltyEntry).where(
            PenaltyEntry.entrant_id.in_(entrants),
            PenaltyEntry.stage == stage,
            PenaltyEntry.module == code,
            PenaltyEntry.withdrawn_at.is_(None),
        )
    ):
        book.penalise(str(penalty.entrant_id), penalty.points, penalty.seconds)
    for (entrant, aspect), difficulty in attempts.items():
        book.difficulties[str(entrant), plan.slots[aspect][0]] = exact(difficulty)
    return book


def write_sheet(book: ModuleBook, entrant: int, judge: int, values: Mapping[str, Decimal]) -> None:
    """Put what stands on one sheet into the book."""
    for aspect in book.plan.aspects:
        value = values.get(aspect.code)
        if value is not None:
            book.write(str(entrant), str(judge), aspect.code, kind_of(aspect).judge_value(value))
