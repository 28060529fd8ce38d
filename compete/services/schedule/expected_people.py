"""Expected people: the plan alone, remembered, so that a page of arrivals reads a page.

Everybody who stands in the plan is kept as a number under their occasion. What a check-in or an
outcome says of them is read beside it, and names only of those who are shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import ColumnElement, and_, select

from compete.domain.stations import station_order
from compete.domain.values.states import CheckInKind
from compete.models import CheckIn, Competition, Entrant, Slot, db, utc_now
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.schedule.arrivals import (
    Arrival,
    ArrivalState,
    EventOccasions,
    Occasion,
    OccasionKey,
    arrival_state,
    arrivals_of,
    outcome_of,
    outcomes_of,
    when,
)


@dataclass(frozen=True, slots=True)
class Expected:
    """An occasion of an event, and whom it waits for: entrants' ids, in the order of codes."""

    occasion: Occasion
    event_id: int
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Same:
    """The people of one occasion who are in one state."""

    expected: Expected
    people: Sequence[int]


def _by_stations(same: _Same) -> tuple[tuple[object, ...], ...]:
    return tuple(map(station_order, same.expected.occasion.stations))


class ArrivalStates:
    """The states of everybody of some occasions at a moment, read a part at a time."""

    def __init__(
        self, competition: Competition, expected: Sequence[Expected], now: datetime | None = None
    ) -> None:
        self._competition, self._now = competition, now or utc_now()
        self._states: dict[ArrivalState, list[_Same]] = defaultdict(list)
        closes = settings_of(competition).check_in_closes
        outcomes = outcomes_of(competition)
        passed = _passed(competition, {each.occasion.key for each in expected})
        for each in expected:
            occasion = each.occasion
            closes_at = occasion.closes_at(closes)
            untouched = arrival_state(False, None, closes_at, self._now)
            here = passed.get(occasion.key, set())
            if not here and not outcomes:
                self._states[untouched].append(_Same(each, each.people))
                continue
            groups: dict[ArrivalState, list[int]] = defaultdict(list)
            for number in each.people:
                if number in here or number in outcomes:
                    outcome = outcome_of(occasion, outcomes.get(number, {}))
                    state = arrival_state(number in here, outcome, closes_at, self._now)
                    groups[state].append(number)
                else:
                    groups[untouched].append(number)
            for state, people in groups.items():
                self._states[state].append(_Same(each, people))

    def counts(self) -> Counter[ArrivalState]:
        """Count people in each state; together they are all."""
        return Counter(
            {
                state: sum(len(same.people) for same in groups)
                for state, groups in self._states.items()
            }
        )

    def part(
        self, states: Sequence[ArrivalState], *, limit: int, offset: int = 0
    ) -> Sequence[Arrival]:
        """List those in these states, in that order and then by station, with all that is known."""
        wanted: list[tuple[int, OccasionKey]] = []
        for state in states:
            for same in sorted(self._states[state], key=_by_stations):
                rest = limit - len(wanted)
                if rest <= 0:
                    break
                people = same.people[offset : offset + rest]
                offset = max(0, offset - len(same.people))
                wanted += ((number, same.expected.occasion.key) for number in people)
        found = {
            (row.entrant.id, row.occasion.key): row
            for row in arrivals_of(
                self._competition, self._now, only={number for number, _key in wanted}
            )
        }
        return [found[each] for each in wanted if each in found]


def expected_of(competition: Competition) -> Sequence[Expected]:
    """List everybody on every occasion, in the order of time."""
    return remembered_beside_check_ins(competition, "expected", lambda: _expected(competition))


def count_whole(competition: Competition, now: datetime | None = None) -> Counter[ArrivalState]:
    """Count people in each state, without reading who they are."""
    return ArrivalStates(competition, expected_of(competition), now).counts()


def came_on(
    competition: Competition, days: Collection[date]
) -> Mapping[tuple[int, *OccasionKey], datetime]:
    """The time each was first let in, by entrant and occasion, to what begins on these days."""
    found: dict[tuple[int, *OccasionKey], datetime] = {}
    for *key, said_at, received_at in db.session.execute(
        select(*_WHERE, CheckIn.said_at, CheckIn.received_at).where(
            *_standing_passes(competition), CheckIn.day.in_(days)
        )
    ):
        who, came = cast("tuple[int, *OccasionKey]", tuple(key)), min(said_at, received_at)
        found[who] = min(found.get(who, came), came)
    return found


_WHERE = (CheckIn.entrant_id, CheckIn.stage, CheckIn.session, CheckIn.module, CheckIn.day)


def _standing_passes(competition: Competition) -> tuple[ColumnElement[bool], ...]:
    """The conditions of passes that nobody took back."""
    here = CheckIn.competition_id == competition.id
    undone = select(CheckIn.undoes).where(here, CheckIn.undoes.is_not(None))
    return here, CheckIn.kind == CheckInKind.PASSED, CheckIn.uuid.not_in(undone)


def _expected(competition: Competition) -> list[Expected]:
    events = {event.id: EventOccasions(event) for event in competition.events}
    of_this = and_(Entrant.competition_id == competition.id, takes_part())
    slots: dict[int, list[Slot]] = defaultdict(list)
    columns = (Slot.entrant_id, Slot.stage, Slot.module, Slot.session, Slot.station)
    for slot in db.session.execute(
        select(*columns, Slot.check_in_at, Slot.starts_at)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(of_this)
    ):
        # A row answers by the same names.
        slots[slot.entrant_id].append(cast("Slot", slot))
    people: dict[tuple[Occasion, int], list[int]] = defaultdict(list)
    for number, event in db.session.execute(
        select(Entrant.id, Entrant.event_id).where(of_this).order_by(Entrant.code)
    ).tuples():
        for occasion in events[event].of(number, slots.get(number, ())):
            people[occasion, event].append(number)
    found = [Expected(*key, tuple(numbers)) for key, numbers in people.items()]
    return sorted(found, key=lambda each: when(each.occasion))


def _passed(competition: Competition, keys: set[OccasionKey]) -> dict[OccasionKey, set[int]]:
    """The people let in to each, where nobody took that back; read no wider than one occasion."""
    query = select(*_WHERE).where(*_standing_passes(competition))
    if len(keys) == 1:
        ((stage, session, module, day),) = keys
        query = query.where(
            CheckIn.stage == stage,
            CheckIn.session.is_not_distinct_from(session),
            CheckIn.module.is_not_distinct_from(module),
            CheckIn.day.is_not_distinct_from(day),
        )
    found: dict[OccasionKey, set[int]] = defaultdict(set)
    for number, *key in db.session.execute(query):
        found[cast("OccasionKey", tuple(key))].add(number)
    return found
