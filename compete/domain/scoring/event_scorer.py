"""Scorer of one event: from its books to its results, and again after a single mark."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import msgspec

from compete.domain.awards.event_awards import AwardState
from compete.domain.bundle.crews import birth_of, people_in
from compete.domain.bundle.event_types import Event
from compete.domain.bundle.grade_types import GradeRule
from compete.domain.bundle.results import EventResults, FinalRow, Notice, StageResults
from compete.domain.bundle.types import Bundle, Entrant, Mark, WorkingTime
from compete.domain.bundle.versions import version_of
from compete.domain.grades.conditions import Field
from compete.domain.grades.decisions import GradeState
from compete.domain.marking.stage_book import EventBooks
from compete.domain.ranking.advancement_cut import Going, advancing
from compete.domain.ranking.finals import Changes, FinalStandings
from compete.domain.ranking.items import ItemState
from compete.domain.ranking.passing import Passing
from compete.domain.ranking.playoffs import StagePlayoff
from compete.domain.ranking.result_rows import StageRows
from compete.domain.ranking.scaled import scaled_totals
from compete.domain.ranking.stage import StageState
from compete.domain.ranking.teams import TeamState
from compete.domain.ranking.units import UnitState
from compete.domain.values.messages import Message
from compete.domain.values.points import exact, show_or_none


class Written(NamedTuple):
    """A judge's present value for one aspect; None where the value was taken back."""

    stage: str
    module: str
    entrant: str
    judge: str
    aspect: str
    value: Decimal | bool | None
    difficulty: Decimal | None = None


FEW = 16
"""Up to so many people are moved one by one; beyond it a stage is ranked afresh."""


class EventScorer:
    """The scorer of one event. Its parts may be read, not changed."""

    def __init__(
        self, bundle: Bundle, event: Event, entrants: Iterable[Entrant], event_books: EventBooks
    ) -> None:
        self.event = event
        self.version = version_of(bundle)
        self.entrants = {entrant.code: entrant for entrant in entrants}
        self.unit_of = {code: entrant.unit for code, entrant in self.entrants.items()}
        self.goings: dict[int, Going] = {}
        """By stage, who goes on to the next one, and who does not for which reason."""
        self.stages = self._open_stages(bundle, event_books)
        self.has_playoffs = any(state.playoffs for state in self.stages)
        for index, state in enumerate(self.stages):
            state.enter(self._going_to(index))
        followers = [*self.stages[1:], None]
        self.rows = [
            StageRows(state, after) for state, after in zip(self.stages, followers, strict=True)
        ]
        self.finals = FinalStandings(self.stages, event.ranking.style)
        changes = self.finals.rebuild()
        self.passing = Passing(self.stages, every_stage=self.version.every_stage)
        self._open_rankings(bundle)
        self._open_rules(bundle)
        self._follow(changes, (), items_changed=())
        self.results = self._results()

    @property
    def unfit_playoffs(self) -> dict[int, Message]:
        """Reasons why playoffs do not fit and part nobody, by their place in the bundle."""
        return {index: why for state in self.stages for index, why in state.unfit.items()}

    def _open_stages(self, bundle: Bundle, event_books: EventBooks) -> list[StageState]:
        births = {code: birth_of(entrant) for code, entrant in self.entrants.items()}
        stages: list[StageState] = []
        for index, stage in enumerate(self.event.stages):
            playoffs = [
                StagePlayoff(place, playoff)
                for place, playoff in enumerate(bundle.playoffs)
                if (playoff.event, playoff.stage) == (self.event.code, stage.code)
            ]
            book = event_books[stage.code]
            stages.append(StageState(self.event, index, book, stages, births, playoffs))
        return stages

    def _open_rankings(self, bundle: Bundle) -> None:
        """Items, teams and units beside the people's ranking."""
        event = self.event
        self.items = [ItemState(item, self.stages[-1]) for item in event.items]
        self.teams: TeamState | None = None
        if event.team_ranking is not None:
            members: dict[str, dict[str, int]] = {}
            for code, entrant in self.entrants.items():
                if entrant.team is not None:
                    members.setdefault(entrant.team, {})[code] = people_in(entrant)
            teams = [team for team in bundle.teams if team.event == event.code]
            self.teams = TeamState(event.team_ranking, teams, members, self.finals, event.rounding)
        self.units: UnitState | None = None
        if event.unit_ranking is not None:
            self.units = UnitState(event.unit_ranking, self.unit_of, self.finals)

    def _open_rules(self, bundle: Bundle) -> None:
        """Awards and grades."""
        event = self.event
        places = event.rounding.module, event.rounding.total
        self.awards = AwardState(
            event.awards, self.finals, self.passing, self.teams, self.items, places
        )
        if event.scale is not None:
            self.awards.scaled_unit = 10**event.scale.places
        field = Field(
            bundle.competition,
            self.entrants,
            {unit.code: unit for unit in bundle.units},
            self.finals,
            self.passing,
            {item.item.code: item for item in self.items},
            self.awards.award_of,
            event.rounding.total,
        )
        self.grades = GradeState(grade_rules_of(event), field)

    def _going_to(self, index: int) -> Iterable[str]:
        """All who may into a stage, by the one before it as it is now."""
        if index == 0:
            return self.entrants
        before = self.stages[index - 1]
        going = advancing(
            before.standing,
            before.plan.stage,
            self.unit_of,
            code_decides=self.version.code_decides,
        )
        self.goings[index - 1] = going
        return going.entrants

    def change(self, mark: Mark) -> EventResults:
        """Put one mark in place of the judge's earlier one, and bring everything up to date."""
        where = mark.stage, mark.module, mark.entrant, mark.judge, mark.aspect
        return self.take([Written(*where, mark.value, mark.difficulty)])

    def take(self, values: Iterable[Written], times: Iterable[WorkingTime] = ()) -> EventResults:
        """Put in many values and working times at once, and bring everything up to date once."""
        indexes = {state.plan.code: index for index, state in enumerate(self.stages)}
        rescored: dict[tuple[int, int], set[str]] = {}
        relative: set[tuple[int, int]] = set()
        touched: dict[int, set[str]] = {}
        for written in values:
            index = indexes[written.stage]
            state = self.stages[index]
            where = index, state.plan.module_places[written.module]
            book = state.module_books[where[1]]
            position = book.write(*written[2:])
            if written.entrant in state.entrants:
                rescored.setdefault(where, set()).add(written.entrant)
                if position in book.plan.relative:
                    relative.add(where)
        for time in times:
            state = self.stages[indexes[time.stage]]
            book = state.module_books[state.plan.module_places[time.module]]
            book.times[time.entrant] = exact(time.seconds)
            if time.entrant in state.entrants:
                touched.setdefault(indexes[time.stage], set()).add(time.entrant)
        for index, place in relative:
            self._find_bests(index, place, rescored)
        for (index, place), codes in rescored.items():
            state = self.stages[index]
            for code in codes:
                state.rescore(code, place)
            touched.setdefault(index, set()).update(codes)
        for index in sorted(touched):
            # An earlier stage may have sent some of them home meanwhile.
            self._settle(index, touched[index] & self.stages[index].entrants)
        if touched:
            self.results = self._results()
        return self.results

    def _find_bests(
        self, index: int, place: int, rescored: dict[tuple[int, int], set[str]]
    ) -> None:
        """Find a module's best values anew, and note all whom another one moves.

        Attempts of a part that have a best with it are looked at, too.
        """
        state = self.stages[index]
        own = state.module_books[place]
        module_books = [own, *(book for alike in own.siblings.values() for book, _ in alike)]
        for book in dict.fromkeys(module_books):
            if book.find_bests(state.entrants):
                moved = {code for code in book.sheets if code in state.entrants}
                rescored.setdefault((index, state.module_books.index(book)), set()).update(moved)

    def _settle(self, index: int, touched: set[str]) -> None:
        """Bring places, later stages and all that hangs on them up to date."""
        self.passing.forget(touched)
        stretch = self._replace(index, touched)
        last = len(self.stages) - 1
        again = False
        for later in range(index + 1, last + 1):
            state = self.stages[later]
            going = frozenset(self._going_to(later))
            if again or going != state.entrants:
                again = True
                state.enter(going)
                self.rows[later - 1].reorder()
                self.rows[later].rebuild()
            else:
                here = touched & going
                for code in here:
                    state.recarry(code)
                stretch = self._replace(later, here)
        if again:
            self.passing.forget_all()
            touched = set(self.entrants)
        if again or self.has_playoffs or len(touched) > FEW:
            changes = self.finals.rebuild()
        else:
            changes = self.finals.follow(touched, stretch if index == last else None)
        moved_in_items = self._replace_items(touched, afresh=again)
        self._follow(changes, touched, items_changed=moved_in_items)

    def _replace(self, index: int, touched: set[str]) -> tuple[int, int] | None:
        """Put these in their new places of a stage; return the stretch that has changed.

        None where more has changed than places: the whole stage, or who is ranked.
        """
        state, rows = self.stages[index], self.rows[index]
        for code in touched:
            rows.forget(code)
        if state.playoffs or len(touched) > FEW:
            state.rank_all()
            rows.reorder()
            return None
        start, end = len(state.standing.order), 0
        always_ranked = True
        for code in touched:
            always_ranked &= code in state.standing.keys
            first, behind = state.replace(code)
            always_ranked &= code in state.standing.keys
            rows.ranked.refresh(first, behind)
            start, end = min(start, first), max(end, behind)
        if always_ranked:
            return min(start, end), end
        rows.list_unranked()
        return None

    def _replace_items(self, touched: set[str], *, afresh: bool) -> set[str]:
        """Follow in the items; return whose rank in one may have changed."""
        if afresh or len(touched) > FEW:
            for item in self.items:
                item.rebuild()
            return set(self.entrants)
        here = touched & self.stages[-1].entrants
        return {other for item in self.items for other in item.replace(here)}

    def _follow(
        self, changes: Changes, touched: Iterable[str], items_changed: Iterable[str]
    ) -> None:
        """Follow in teams, units, awards and grades after these final places have changed."""
        moved = {*changes, *touched}
        if self.teams is not None:
            self.teams.follow(changes, touched)
        if self.units is not None:
            self.units.follow(changes)
        self.awards.scaled = self._scaled()
        awarded = self.awards.deal()
        self.grades.follow({*moved, *items_changed, *awarded})

    def _scaled(self) -> dict[str, int] | None:
        """The standard scores of those ranked in the last stage; None where the event has none."""
        if self.event.scale is None:
            return None
        return scaled_totals(self.event.scale, self.last_totals(), 10**self.event.rounding.total)

    def last_totals(self) -> dict[str, int]:
        """The rounded totals of those ranked in the last stage, in units of their last place."""
        last = self.stages[-1]
        return {code: last.scores[code].total or 0 for code in last.standing.keys}

    def _final_rows(self) -> list[FinalRow]:
        scale, scaled = self.event.scale, self.awards.scaled
        if scale is None or scaled is None:
            return self.finals.rows
        return [
            msgspec.structs.replace(row, scaled=show_or_none(scaled.get(row.entrant), scale.places))
            for row in self.finals.rows
        ]

    def _notices(self) -> list[Notice]:
        """Notices of all stages: places of the next one that stay open among equals."""
        return [notice for _, going in sorted(self.goings.items()) for notice in going.notices]

    def _results(self) -> EventResults:
        event = self.event
        grades, honours = self.grades.results() if self.grades.rules else (None, None)
        return EventResults(
            code=event.code,
            stages=[
                StageResults(state.plan.code, rows.rows())
                for state, rows in zip(self.stages, self.rows, strict=True)
            ],
            standings=self._final_rows(),
            teams=None if self.teams is None else self.teams.results(),
            units=None if self.units is None else self.units.rows,
            items=[item.results() for item in self.items] or None,
            awards=self.awards.results() if event.awards else None,
            grades=grades,
            honours=honours,
            notices=self._notices() or None,
        )


def grade_rules_of(event: Event) -> tuple[GradeRule, ...]:
    """The event's grade rules. A pack's name must have been replaced by its rules before."""
    if isinstance(event.grades, str):
        raise ValueError(f"the rule pack {event.grades} of {event.code} was not written out")
    return event.grades
