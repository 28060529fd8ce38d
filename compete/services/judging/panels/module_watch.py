"""Module watch: the chief judge's look at panels too far apart, odd sheets and odd values.

All rest on every mark of the module. So they are worked out once, kept in the memory
of the process, and brought up to date for the people on whose sheets something was done:
the records since tell who they are or, after a record of another kind, the sheets themselves.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, or_, select

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.bundle.event_types import Module, Rounding
from compete.domain.marking.apart import apart
from compete.domain.marking.module_plan import ModulePlan
from compete.domain.values.states import HANDED_IN, SheetState
from compete.models import Act, AuditEntry, Competition, Entrant, Event, Sheet, db
from compete.services.judging.panels.doubts import (
    Doubt,
    Implausible,
    LookedAt,
    Outlier,
    Total,
    follow_looks,
    implausible_values,
    looked_at,
    not_ruled,
    odd_totals,
)
from compete.services.judging.panels.reveal import (
    PanelView,
    is_limited,
    open_book,
    panels_of,
    write_sheet,
)
from compete.services.kernel.bounded_cache import Latest
from compete.services.kernel.event_rules import module_of, rules_of
from compete.services.kernel.installation import memory_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.versions import Version, is_writing, records_since, version_of
from compete.services.sheets.counts import MOVING_NOTHING
from compete.services.sheets.difficulties import attempts_in
from compete.services.sheets.totals import Totals
from compete.services.sheets.values import standing_values

_BY_LABEL = frozenset({"dispute.rule", "sheet.return", "sheet.remark"})
_OF_NO_PANEL = MOVING_NOTHING | {"sheet.sign", "marks.lock"}
_BOUNDED = (Reckoning.TIME, Reckoning.FIELD)
"""Of these alone the chief judge is told: a slip there may lie far beyond the scale."""
_MOST_WATCHES = 16
_KEY = "compete.watches"


@dataclass
class ModuleWatch:
    """The watch of one module. `disputes`: since when a panel is in and too far apart."""

    disputes: dict[int, datetime | None] = field(default_factory=dict)
    totals: dict[int, dict[int, Total]] = field(default_factory=lambda: defaultdict(dict))
    odd: dict[int, list[Outlier]] = field(default_factory=dict)
    values: dict[int, dict[int, Mapping[str, Decimal]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    doubtful: dict[int, list[Implausible]] = field(default_factory=dict)
    looks: dict[Doubt, LookedAt] = field(default_factory=dict)
    rows_of: dict[int, set[tuple[int, int]]] = field(default_factory=lambda: defaultdict(set))
    """By entrant the judges and sheets of whom `totals` and `values` know anything."""

    @property
    def disputed(self) -> list[int]:
        """The rows of the entrants in dispute, who waits longest first."""
        return sorted(self.disputes, key=lambda entrant: str(self.disputes[entrant] or ""))

    @property
    def outliers(self) -> list[Outlier]:
        """The odd sheets, the furthest off first; those found right are not among them."""
        outliers = [outlier for outlier in self._odd() if not self.looked_at(outlier)]
        return sorted(outliers, key=lambda outlier: -abs(outlier.number - outlier.mean))

    @property
    def implausible(self) -> list[Implausible]:
        """The values that the tablet would have asked about, in the order of their sheets.

        Those found right are not among them.
        """
        doubts = [doubt for doubt in self._doubted() if not self.looked_at(doubt)]
        return sorted(doubts, key=lambda value: value.sheet)

    @property
    def found_right(self) -> list[Implausible | Outlier]:
        """List what was looked at and found right, though it lies outside; the last look first."""
        pairs = [(look, doubt) for doubt in self.doubts() if (look := self.looked_at(doubt))]
        pairs.sort(key=lambda pair: (pair[0].at, pair[0].sheet), reverse=True)
        return [doubt for _look, doubt in pairs]

    def doubtful_of(self, entrant: int) -> dict[str, Implausible]:
        """The doubtful values by aspect on this entrant's panel that nobody found right."""
        sheets = {sheet for _judge, sheet in self.rows_of.get(entrant, ())}
        return {doubt.aspect.code: doubt for doubt in self.implausible if doubt.sheet in sheets}

    def doubts(self) -> Iterable[Implausible | Outlier]:
        """All values and totals that lie outside, looked at or not."""
        yield from self._doubted()
        yield from self._odd()

    def looked_at(self, doubt: Implausible | Outlier) -> LookedAt | None:
        """The look that found this very value right; None where nobody did."""
        look = self.looks.get(doubt.key)
        return look if look and look.value == doubt.number else None

    def _odd(self) -> Iterable[Outlier]:
        return (outlier for rows in self.odd.values() for outlier in rows)

    def _doubted(self) -> Iterable[Implausible]:
        return (value for values in self.doubtful.values() for value in values)


def watch_module(event: Event, stage: str, module: str) -> ModuleWatch:
    """Watch a module: what there is to look at now; read it, and change nothing in it."""
    if is_writing():
        return _fresh(event, stage, module)
    watches = memory_of(_KEY, lambda: Latest(_Kept, _MOST_WATCHES))
    kept = watches.of((event.id, stage, module))
    with kept.lock:
        return kept.follow(event, stage, module)


def panels_of_entrants(
    event: Event, stage: str, module: str, entrants: Sequence[int]
) -> list[PanelView]:
    """The panels of these entrants, in their order."""
    sheets = db.session.scalars(
        select(Sheet).where(
            Sheet.entrant_id.in_(entrants),
            Sheet.stage == stage,
            Sheet.module == module,
            Sheet.state != SheetState.WITHDRAWN,
        )
    ).all()
    views = panels_of(sheets)
    return [views[key] for entrant in entrants if (key := (entrant, stage, module)) in views]


class _Kept:
    """A watch, the version it is of, and what it was worked out from."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.version: Version | None = None
        self.watch = ModuleWatch()
        self.rules: tuple[Module, Rounding] | None = None
        self.sheets: dict[int, list[_Row]] = {}
        self.act = 0

    def follow(self, event: Event, stage: str, module: str) -> ModuleWatch:
        now = version_of(event.competition)
        version, self.version = self.version, None
        if version != now:
            records = records_since(event.competition, version) if version else None
            # Read first: what comes in between is looked at once too often.
            last = db.session.scalar(select(func.max(Act.id))) or 0
            self._look(event, stage, module, records)
            self.act = last
        if version_of(event.competition) == now:
            self.version = now
        return self.watch

    def _look(
        self, event: Event, stage: str, module: str, records: Sequence[AuditEntry] | None
    ) -> None:
        of_event = rules_of(event)
        rules = (module_of(of_event, stage, module), of_event.rounding)
        anew = records is None or any(it.action == "difficulty.set" for it in records)
        if records is None or anew or rules != self.rules:
            self.watch, self.rules = ModuleWatch(looks=looked_at(event.competition)), rules
            self.sheets = _by_entrant(_rows(event, stage, module, None))
            _look_again(self.watch, event, stage, module, None)
            return
        follow_looks(self.watch.looks, records)
        touched = _touched(event.competition, records)
        if touched is None:
            sheets = _by_entrant(_rows(event, stage, module, None))
            touched = _otherwise(self.sheets, sheets) | _acted_on(event, stage, module, self.act)
            self.sheets = sheets
        elif touched:
            by_entrant = _by_entrant(_rows(event, stage, module, touched))
            for entrant in touched:
                self.sheets.pop(entrant, None)
            self.sheets |= by_entrant
        if touched:
            _look_again(self.watch, event, stage, module, touched)


def _by_entrant(rows: Iterable[_Row]) -> dict[int, list[_Row]]:
    sheets: dict[int, list[_Row]] = defaultdict(list)
    for row in rows:
        sheets[row.entrant].append(row)
    return dict(sheets)


def _otherwise(before: Mapping[int, list[_Row]], now: Mapping[int, list[_Row]]) -> set[int]:
    """The entrants whose sheets are others than before, or in another state."""
    return {
        entrant for entrant in before.keys() | now.keys() if before.get(entrant) != now.get(entrant)
    }


def _acted_on(event: Event, stage: str, module: str, act: int) -> set[int]:
    """The entrants on whose sheets of the module anything was done after that act."""
    query = (
        select(Sheet.entrant_id)
        .join(Act, Act.sheet_id == Sheet.id)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(Act.id > act, of_event(Sheet, event, stage, module))
        .distinct()
    )
    return set(db.session.scalars(query))


def _touched(competition: Competition, records: Sequence[AuditEntry]) -> set[int] | None:
    """The rows of the entrants on whose sheets these say something was done; None for any."""
    sheets: set[str] = set()
    labels: set[str] = set()
    for record in records:
        if record.action == "acts.take" and isinstance(record.after, dict):
            sheets.update(record.after.get("sheets", ()))
        elif record.action in _BY_LABEL:
            labels.add(record.subject)
        elif record.action not in _OF_NO_PANEL:
            return None
    if not sheets and not labels:
        return set()
    query = select(Sheet.entrant_id).where(
        Sheet.competition_id == competition.id,
        or_(Sheet.public_id.in_(sheets), Sheet.label.in_(labels)),
    )
    return set(db.session.scalars(query))


def _fresh(event: Event, stage: str, module: str) -> ModuleWatch:
    watch = ModuleWatch(looks=looked_at(event.competition))
    _look_again(watch, event, stage, module, None)
    return watch


def _look_again(
    watch: ModuleWatch, event: Event, stage: str, module: str, entrants: Collection[int] | None
) -> None:
    """Look at these entrants' sheets, or at all, and put what is found in the watch's place."""
    rules = rules_of(event)
    plan = ModulePlan(module_of(rules, stage, module), rules.rounding)
    if plan.relative:
        # What one of them is worth hangs on everybody in the stage.
        entrants = None
    rows = _rows(event, stage, module, entrants)
    # Nobody learns from this how one judge marked before the panel's others are in.
    waiting = {row.entrant for row in rows if row.state not in HANDED_IN}
    panel = plan.module.panel.size > 1
    there = [
        row for row in rows if row.state in HANDED_IN and not (panel and row.entrant in waiting)
    ]
    values = standing_values([row.sheet for row in there])
    judges = _forget(watch, entrants)
    totals = Totals(plan.module)
    bounded = [
        aspect.code for aspect in plan.module.aspects if kind_of(aspect).reckoning in _BOUNDED
    ]
    for row in there:
        marked = {code: values[row.sheet][code] for code in bounded if code in values[row.sheet]}
        if marked:
            judges.add(row.judge)
            watch.rows_of[row.entrant].add((row.judge, row.sheet))
            watch.values[row.judge][row.sheet] = marked
        cents = totals.cents(values[row.sheet])
        if cents is not None:
            judges.add(row.judge)
            watch.rows_of[row.entrant].add((row.judge, row.sheet))
            watch.totals[row.judge][row.sheet] = Total(row.sheet, row.entrant, cents)
    doubts = {}
    for judge in judges:
        watch.odd[judge] = odd_totals(list(watch.totals[judge].values()), plan.module)
        doubts[judge] = implausible_values(watch.values[judge], plan.module)
    watch.doubtful |= not_ruled(doubts)
    if panel and is_limited(plan.module):
        _find_disputes(watch, plan, stage, there, values)


def _find_disputes(
    watch: ModuleWatch,
    plan: ModulePlan,
    stage: str,
    rows: Sequence[_Row],
    values: Mapping[int, Mapping[str, Decimal]],
) -> None:
    sent: dict[int, datetime | None] = {}
    for row in rows:
        before = sent.get(row.entrant)
        times = [at for at in (before, row.submitted) if at is not None]
        sent[row.entrant] = max(times, default=None)
    book = open_book(plan, stage, sent, attempts_in(stage, plan.module, sent))
    for row in rows:
        write_sheet(book, row.entrant, row.judge, values[row.sheet])
    book.find_bests([str(entrant) for entrant in sent])
    for entrant, at in sent.items():
        if apart(book, str(entrant)):
            watch.disputes[entrant] = at


def _forget(watch: ModuleWatch, entrants: Collection[int] | None) -> set[int]:
    """Drop what is known of these entrants, or all; the judges who had marked them."""
    if entrants is None:
        watch.disputes.clear()
        watch.totals.clear()
        watch.odd.clear()
        watch.values.clear()
        watch.doubtful.clear()
        watch.rows_of.clear()
        return set()
    judges = set()
    for entrant in entrants:
        watch.disputes.pop(entrant, None)
        for judge, sheet in watch.rows_of.pop(entrant, ()):
            watch.totals[judge].pop(sheet, None)
            watch.values[judge].pop(sheet, None)
            judges.add(judge)
    return judges


class _Row(NamedTuple):
    sheet: int
    entrant: int
    judge: int
    state: SheetState
    submitted: datetime | None


def _rows(event: Event, stage: str, module: str, entrants: Collection[int] | None) -> list[_Row]:
    query = (
        select(Sheet.id, Sheet.entrant_id, Sheet.judge_id, Sheet.state, Sheet.submitted_at)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(of_event(Sheet, event, stage, module), Sheet.state != SheetState.WITHDRAWN)
        .order_by(Sheet.judge_id, Sheet.label)
    )
    if entrants is not None:
        query = query.where(Sheet.entrant_id.in_(entrants))
    return [_Row(*row) for row in db.session.execute(query).tuples()]
