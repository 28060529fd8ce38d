"""A labour competition as it stands now, worked out once for each version of it."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec
from sqlalchemy import select

from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.results import LabourResults, LabourRow, Results
from compete.domain.bundle.types import Bundle
from compete.domain.labour.closed_periods import only_periods, told_alone
from compete.domain.labour.gaps import away, still_entered
from compete.domain.labour.outcome import Outcome, outcome_of
from compete.domain.labour.participants import LabourField
from compete.domain.labour.recomputing import outcome_after, outcome_under
from compete.domain.labour.rows import labour_results
from compete.domain.labour.rule_versions import leaves_in_order
from compete.domain.labour.shares import Movement, moved_between_halves
from compete.domain.labour.totals import PeriodStanding
from compete.domain.values.period_states import PeriodState
from compete.models import Competition, PeriodStand, db
from compete.services.kernel.bounded_cache import Latest
from compete.services.kernel.installation import memory_of
from compete.services.kernel.versions import (
    Version,
    has_changed,
    is_writing,
    records_since,
    version_of,
)
from compete.services.scoring.bundle_labour import last_value, values_since
from compete.services.scoring.bundle_out import bundle_around, export_bundle

_BESIDE = frozenset(
    {
        *("labour.note", "labour.note.withdraw", "labour.self", "labour.sign"),
        *("labour.sign.withdraw", "labour.department", "labour.department.link"),
        *("labour.look", "labour.look.found", "labour.look.rules", "labour.safe_days"),
        *("labour.rules.ask", "labour.rules.refuse", "labour.rules.withdraw", "labour.remind"),
        *("labour.accident", "labour.accident.ask", "labour.accident.confirm"),
        *("labour.accident.refuse", "labour.accident.refuse.ask", "labour.accident.refuse.drop"),
        *(
            "unit.link",
            "unit.link.print",
            "unit.link.show",
            "unit.link.cancel",
            "role.grant",
            "card.show",
        ),
    }
)
"""Records of what no score depends on: a comment must not rank 130 units anew."""
_ENTERED = "labour.enter"
"""The record of values: what stood is ranked with these, not all anew."""
_MOST = 4
_KEY = "compete.labour"


@dataclass(frozen=True)
class LabourLive:
    """The bundle, the exact outcome, and the same as it is written. They are never altered."""

    bundle: Bundle
    outcome: Outcome
    period_results: LabourResults
    open_leaves: frozenset[str] = frozenset()
    """Periods with values of their own that are not closed; of a version, those it keeps back."""

    @property
    def labour(self) -> Labour:
        """The labour part: periods, indicators, values and the rest."""
        return self.outcome.field.labour

    @property
    def results(self) -> Results:
        """The results as a result file has them."""
        return Results(
            competition=self.bundle.competition.code, events=[], labour=self.period_results
        )

    @cached_property
    def still_entered(self) -> Sequence[str]:
        """Open periods that are not filled in yet: running totals are over the others."""
        return still_entered(self.outcome, self.open_leaves)

    def running(self, period: str) -> LabourLive:
        """The same for a whole that goes on: without the parts that are still entered.

        So one value of the next month moves nobody in the year.
        """
        if self.outcome.field.tree.is_leaf(period) or not self.still_entered:
            return self
        return self._running

    @cached_property
    def _running(self) -> LabourLive:
        left = set(self.outcome.field.tree.periods).difference(self.still_entered)
        labour = only_periods(self.labour, left)
        bundle = msgspec.structs.replace(self.bundle, labour=labour)
        outcome = outcome_of(LabourField(bundle, labour))
        return LabourLive(bundle, outcome, labour_results(outcome), self.open_leaves)

    def halves(self, period: str) -> Mapping[str, Movement]:
        """The move of each unit from a whole's first half to its second, worked out once."""
        if period not in self._halves:
            self._halves[period] = {
                row.unit: movement
                for row in self.standings[period]
                if (movement := moved_between_halves(self.outcome, period, row.unit)) is not None
            }
        return self._halves[period]

    @cached_property
    def _halves(self) -> dict[str, Mapping[str, Movement]]:
        return {}

    @cached_property
    def units(self) -> dict[str, str]:
        """The units' names by code."""
        return {unit.code: unit.name for unit in self.bundle.units}

    @cached_property
    def standings(self) -> dict[str, list[LabourRow]]:
        """The rows of each period by its code, in the order of the results file."""
        return {period.code: period.standings for period in self.period_results.periods}

    def is_absent(self, period: str, unit: str) -> bool:
        """True if a unit has no value at all in a period, so that there is nothing to fill in."""
        return self.outcome.totals[period, unit].standing is PeriodStanding.ABSENT

    @cached_property
    def away(self) -> Mapping[str, frozenset[str]]:
        """The units that take no part, by period: whoever is absent once it is over."""
        return {period: away(self.outcome, period, self.open_leaves) for period in self.standings}


class _Room:
    """The room of one competition in memory, with its version."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.kept: tuple[Version, LabourLive] | None = None
        self.last = 0
        """The number of the newest row of values that `kept` knows."""


def labour_live(competition: Competition) -> LabourLive:
    """Score what the database has now; ValueError where it is no labour competition.

    Inside a unit of work nothing is kept; what was kept before is good until it changes something.
    """
    if has_changed():
        # What is seen here may be rolled back.
        return _work_out(competition)
    room = _room(competition)
    with room.lock:
        version, last = version_of(competition), last_value(competition)
        if room.kept is not None:
            kept, live = room.kept
            news = () if kept == version else records_since(competition, kept)
            if news is not None and all(record.action in _BESIDE for record in news):
                if not is_writing():
                    room.kept = version, live
                return live
            if news is not None and all(record.action in _BESIDE | {_ENTERED} for record in news):
                live = _with_entered(competition, live, room.last, last)
            elif news is not None:
                live = _with_news(competition, live, room.last, last)
            else:
                live = _work_out(competition)
        else:
            live = _work_out(competition)
        # Another's work may have ended in between: then it is good for this answer alone.
        if not is_writing() and version_of(competition) == version:
            room.kept, room.last = (version, live), last
        return live


def _room(competition: Competition) -> _Room:
    return memory_of(_KEY, lambda: Latest(_Room, _MOST)).of(competition.id)


def keep_labour_live(competition: Competition, live: LabourLive, action: str) -> None:
    """Keep what a unit of work that has ended worked out of what it had changed.

    Where nothing but its record, of that `action`, came since what is kept: else, and where
    nothing is, whoever asks next works it out.
    """
    room = _room(competition)
    with room.lock:
        if is_writing() or room.kept is None:
            return
        version, last = version_of(competition), last_value(competition)
        news = records_since(competition, room.kept[0]) or ()
        counted = [record.action for record in news if record.action not in _BESIDE]
        if counted == [action] and version_of(competition) == version:
            room.kept, room.last = (version, live), last


def _with_entered(competition: Competition, live: LabourLive, since: int, last: int) -> LabourLive:
    """Add rows of values up to `last` to what stood at `since`: the same as all anew."""
    labour = live.labour
    values, changed = values_since(competition, labour, since, last)
    labour = msgspec.structs.replace(labour, values=values)
    outcome = outcome_after(live.outcome, labour, changed)
    bundle = msgspec.structs.replace(live.bundle, labour=labour)
    return LabourLive(bundle, outcome, labour_results(outcome), live.open_leaves)


def _with_news(competition: Competition, live: LabourLive, since: int, last: int) -> LabourLive:
    """The same after records of any kind: all but the values is read anew, and the values since.

    Where what is asked, or who takes part, is other now, everything is worked out anew.
    """
    values, changed = values_since(competition, live.labour, since, last)
    bundle = bundle_around(competition, (), values)
    labour = bundle.labour
    assert labour is not None  # as before
    units, known = ([unit.code for unit in all_of.units] for all_of in (bundle, live.bundle))
    if units != known or _reading_basis(labour) != _reading_basis(live.labour):
        return _work_out(competition)
    if _rules(labour) == _rules(live.labour):
        outcome = outcome_after(live.outcome, labour, changed)
    else:
        before = outcome_after(live.outcome, live.labour, changed)
        outcome = outcome_under(before, bundle, labour)
    return LabourLive(bundle, outcome, labour_results(outcome), _open_leaves(competition, outcome))


def closed_periods(competition: Competition) -> frozenset[str]:
    """The codes of the periods that are closed, announced or not."""
    query = select(PeriodStand.period).where(
        PeriodStand.competition_id == competition.id, PeriodStand.state != PeriodState.OPEN
    )
    return frozenset(db.session.scalars(query))


def _open_leaves(competition: Competition, outcome: Outcome) -> frozenset[str]:
    return frozenset(outcome.field.tree.leaves) - closed_periods(competition)


def _rules(labour: Labour) -> Labour:
    """The rules of scoring, without what is entered."""
    return msgspec.structs.replace(labour, values=(), adjustments=(), vetoes=(), extra=None)


def _reading_basis(labour: Labour) -> tuple[object, list[str]]:
    """The basis on which values are read: what is asked, and in which periods."""
    return labour.indicators, leaves_in_order(labour)


def _work_out(competition: Competition) -> LabourLive:
    live = labour_of_bundle(export_bundle(competition))
    return replace(live, open_leaves=_open_leaves(competition, live.outcome))


def labour_of_bundle(bundle: Bundle, periods: Collection[str] | None = None) -> LabourLive:
    """Score a bundle, of these periods alone; ValueError for one of another kind.

    All of them count as closed, as they do where a version announces them.
    """
    if bundle.labour is None:
        raise ValueError("not a labour competition")
    outcome = outcome_of(LabourField(bundle, bundle.labour))
    if periods is not None:
        outcome = told_alone(outcome, periods)
    kept_back = set(outcome.field.tree.leaves).difference(periods) if periods is not None else ()
    return LabourLive(bundle, outcome, labour_results(outcome), frozenset(kept_back))
