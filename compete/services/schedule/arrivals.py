"""Arrivals: who is checked in, late, not yet expected or absent: the plan, and who has come.

Everybody who stands in the plan is remembered as a number under their occasion: a page of
arrivals reads beside it what check-ins and outcomes say, and names only of those it shows.

The clerk's device works the same out without network: `static/js/check_in/rounds.js`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import cast

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import defer, joinedload, selectinload

from compete.domain.bundle import event_types
from compete.domain.stations import station_order
from compete.domain.values.states import CheckInKind
from compete.models import (
    CheckIn,
    Competition,
    Entrant,
    Event,
    Member,
    OutcomeEntry,
    Slot,
    db,
    utc_now,
)
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.schedule.admissions import unpassed_in
from compete.services.schedule.stage_moves import in_later_stages
from compete.services.sheets.absences import Outcomes, waived_among

OccasionKey = tuple[str, str | None, str | None, date | None]
"""Stage, session, module, day.

The module is told where there is no session, and where one of that name begins earlier that day:
the earliest is the session's alone, as check-ins of before modules were told apart have it.
"""


NOT_PASSED = "not_passed"
"""Stands where an outcome stands: no reviewer passed them, so they do not come (`unpassed_in`)."""


class ArrivalState(StrEnum):
    """The state of an arrival: each entrant is in exactly one for each occasion."""

    PRESENT = "present"
    LATE = "late"
    EXPECTED = "expected"
    UNTIMED = "untimed"
    """Nobody planned until when they are to come."""
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Occasion:
    """An occasion to check in for once: a session, or a module where the plan names none.

    Without a place in the plan it is a stage, at no known time: the first, and a later one that
    somebody is in.
    """

    stage: str
    session: str | None = None
    module: str | None = None
    day: date | None = None
    modules: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    opens_at: datetime | None = None
    starts_at: datetime | None = None
    begins: datetime | None = None
    """The first arrival at the session, of whoever is in it; events' sessions of one name and
    another begin are not one."""

    @property
    def key(self) -> OccasionKey:
        """The key by which a record names it."""
        return self.stage, self.session, self.module, self.day

    def closes_at(self, minutes: int) -> datetime | None:
        """The end of check-in (`closing_time`); where no start is known, the time when it opens."""
        if self.starts_at is None:
            return self.opens_at
        return closing_time(self.starts_at, self.opens_at, minutes)


def closing_time(starts_at: datetime, opens_at: datetime | None, minutes: int) -> datetime:
    """The end of check-in: so long before the start, and never before it opens."""
    closes = starts_at - timedelta(minutes=minutes)
    return max(closes, opens_at) if opens_at else closes


@dataclass(frozen=True, slots=True)
class Arrival:
    """The arrival of one entrant on one occasion. Of several `passes` the earliest counts.

    `came` are the records of those of a crew who are there and wait for the others. `stopped` is
    the last time that they were not let in, where nobody let them in since.
    `outcome` is the status that stands for all of the occasion's modules, such as `dns`, or
    `NOT_PASSED`.
    """

    entrant: Entrant
    occasion: Occasion
    state: ArrivalState
    closes_at: datetime | None
    passes: tuple[CheckIn, ...] = ()
    came: tuple[CheckIn, ...] = ()
    stopped: CheckIn | None = None
    outcome: str | None = None
    waived: bool = False
    """True if the `dns` is of an attempt that they did not want, and not of all attempts."""

    @property
    def came_at(self) -> datetime | None:
        """The time when they were checked in; None while no record says so."""
        return act_time(self.passes[0]) if self.passes else None

    @property
    def missing(self) -> list[Member]:
        """List members of a crew whom nobody has seen; nobody where it was compared as one."""
        acts = [*self.passes[:1]] or [*self.came]
        seen = {code for act in acts for code in act.seen or ()}
        if not seen:
            return [] if acts else [*self.entrant.members]
        return [member for member in self.entrant.members if member.code not in seen]

    @property
    def late_by(self) -> timedelta | None:
        """The time from its close until they were checked in."""
        came = self.came_at
        if came is None or self.closes_at is None or came <= self.closes_at:
            return None
        return came - self.closes_at


def act_time(act: CheckIn) -> datetime:
    """The time of the act: what the device says, but never later than it was received."""
    return min(act.said_at, act.received_at)


def occasions_of(entrant: Entrant) -> list[Occasion]:
    """List the occasions that the entrant has to check in for, in the order of time."""
    return EventOccasions(entrant.event).of(entrant.id, entrant.slots)


class SessionStarts:
    """The modules of an event's sessions by name and day, and when people first arrive for each.

    People of one module in one session may come one after another; modules that begin together
    are come to once.
    """

    def __init__(self, event: Event) -> None:
        self._starts = remembered_beside_check_ins(
            event.competition, ("session starts", event.id), lambda: _session_starts(event)
        )

    def begin_of(self, slot: Slot, day: date | None) -> datetime | None:
        """The first arrival at the place's session for its module; None without a session."""
        return self._of(slot, day).get(slot.module)

    def module_of(self, slot: Slot, day: date | None) -> str | None:
        """The module by which the place's occasion is told apart; None where none is needed."""
        if not slot.session:
            return slot.module
        modules = self._of(slot, day)
        begin = modules.get(slot.module)
        if begin is None or begin == min(modules.values()):
            return None
        return min(module for module, at in modules.items() if at == begin)

    def _of(self, slot: Slot, day: date | None) -> Mapping[str, datetime]:
        return self._starts.get((slot.stage, slot.session, day), {})


def _session_starts(
    event: Event,
) -> Mapping[tuple[str, str | None, date | None], Mapping[str, datetime]]:
    starts: dict[tuple[str, str | None, date | None], dict[str, datetime]] = defaultdict(dict)
    columns = (Slot.stage, Slot.session, Slot.module, Slot.check_in_at, Slot.starts_at)
    here = of_event(Slot, event), Slot.session.is_not(None), takes_part()
    query = select(*columns).join(Entrant, Entrant.id == Slot.entrant_id).where(*here).distinct()
    for stage, session, module, check_in_at, starts_at in db.session.execute(query).tuples():
        begins = check_in_at or starts_at
        if begins:
            modules = starts[stage, session, local_time(begins).date()]
            modules[module] = min(modules.get(module, begins), begins)
    return dict(starts)


class EventOccasions:
    """The occasions that people of an event check in for; made once for all of them."""

    def __init__(self, event: Event) -> None:
        self._first, *self._later = (stage.code for stage in rules_of(event).stages)
        self._inside = in_later_stages(event) if self._later else frozenset()
        self._starts = SessionStarts(event)

    def of(self, entrant: int, slots: Sequence[Slot]) -> list[Occasion]:
        """List occasions as `occasions_of`, of an entrant by id with these places in the plan."""
        known = {slot.stage for slot in slots}
        planned = [occasion for occasion, _slots in self.places(slots)]
        return [
            *(planned or [Occasion(self._first)]),
            *(
                Occasion(stage)
                for stage in self._later
                if stage not in known and (entrant, stage) in self._inside
            ),
        ]

    def places(self, slots: Sequence[Slot]) -> list[tuple[Occasion, Sequence[Slot]]]:
        """List the occasions of somebody with these places in the plan, each with its places."""
        return _places_in(slots, self._starts)


def _places_in(
    slots: Iterable[Slot], starts: SessionStarts
) -> list[tuple[Occasion, Sequence[Slot]]]:
    """List the occasions to check in for with these places in the plan, in order of time."""
    groups: dict[OccasionKey, list[Slot]] = defaultdict(list)
    for slot in slots:
        begins = slot.check_in_at or slot.starts_at
        day = local_time(begins).date() if begins else None
        groups[slot.stage, slot.session, starts.module_of(slot, day), day].append(slot)
    places = ((_occasion(key, slots, starts), slots) for key, slots in groups.items())
    return sorted(places, key=lambda it: when(it[0]))


def arrivals_of(
    competition: Competition,
    now: datetime | None = None,
    *,
    with_papers: bool = False,
    only: Collection[int] | None = None,
) -> list[Arrival]:
    """List everybody on every occasion, by time and number; `only` entrants of these ids.

    ID numbers are opened only `with_papers`: that takes longer than all the rest.
    """
    of_these = () if only is None else (Entrant.id.in_(only),)
    papers = () if with_papers else (defer(Entrant.id_number),)
    entrants = db.session.scalars(
        select(Entrant)
        .where(Entrant.competition_id == competition.id, takes_part(), *of_these)
        .options(
            joinedload(Entrant.unit),
            joinedload(Entrant.event),
            selectinload(Entrant.slots),
            selectinload(Entrant.members).options(
                defer(Member.badge_token), defer(Member.phone), defer(Member.extra)
            ),
            defer(Entrant.phone),
            defer(Entrant.badge_token),
            defer(Entrant.extra),
            *papers,
        )
        .order_by(Entrant.code)
    ).all()
    acts = _acts_by_occasion(competition, only)
    outcomes, unpassed = outcomes_of(competition), unpassed_in(competition)
    closes = settings_of(competition).check_in_closes
    now = now or utc_now()
    by_event = {event.id: EventOccasions(event) for event in competition.events}
    arrivals = [
        _arrival(
            entrant,
            occasion,
            occasion.closes_at(closes),
            acts.get((entrant.id, *occasion.key), ()),
            outcome_of(occasion, own := outcomes.get(entrant.id, {}))
            or (NOT_PASSED if entrant.id in unpassed else None),
            now,
            waived=has_waived(entrant.event, occasion, own),
        )
        for entrant in entrants
        for occasion in by_event[entrant.event_id].of(entrant.id, entrant.slots)
    ]
    return sorted(arrivals, key=lambda arrival: (when(arrival.occasion), arrival.entrant.code))


def is_check_in_recorded(competition: Competition) -> bool:
    """True if anybody records check-ins: without that nothing is known of who came."""
    query = select(CheckIn.id).where(CheckIn.competition_id == competition.id).limit(1)
    return db.session.scalar(query) is not None


def standing_acts(acts: Sequence[CheckIn]) -> list[CheckIn]:
    """List the acts of an entrant and occasion that nobody took back, the earliest first."""
    undone = {act.undoes for act in acts if act.kind is CheckInKind.UNDONE}
    kept = [act for act in acts if act.kind is not CheckInKind.UNDONE and act.uuid not in undone]
    return sorted(kept, key=lambda act: (act_time(act), act.id))


def _occasion(key: OccasionKey, slots: list[Slot], starts: SessionStarts) -> Occasion:
    stage, session, module, day = key
    return Occasion(
        stage=stage,
        session=session,
        module=module,
        day=day,
        modules=tuple(dict.fromkeys(slot.module for slot in slots)),
        stations=tuple(dict.fromkeys(slot.station for slot in slots if slot.station)),
        opens_at=min((slot.check_in_at for slot in slots if slot.check_in_at), default=None),
        starts_at=min((slot.starts_at for slot in slots if slot.starts_at), default=None),
        begins=starts.begin_of(slots[0], day),
    )


def when(occasion: Occasion) -> tuple[bool, float, str, str]:
    """The key by which occasions are sorted."""
    begins = occasion.opens_at or occasion.starts_at
    name = occasion.session or occasion.module or ""
    return begins is None, begins.timestamp() if begins else 0.0, occasion.stage, name


def _arrival(
    entrant: Entrant,
    occasion: Occasion,
    closes_at: datetime | None,
    acts: Sequence[CheckIn],
    outcome: str | None,
    now: datetime,
    *,
    waived: bool,
) -> Arrival:
    standing = standing_acts(acts)
    passes = tuple(act for act in standing if act.kind is CheckInKind.PASSED)
    came = tuple(act for act in standing if act.kind is CheckInKind.CAME)
    last = standing[-1] if standing else None
    return Arrival(
        entrant=entrant,
        occasion=occasion,
        state=arrival_state(bool(passes), outcome, closes_at, now),
        closes_at=closes_at,
        passes=passes,
        came=came,
        stopped=last if last and last.kind is CheckInKind.STOPPED else None,
        outcome=outcome,
        waived=waived,
    )


def has_waived(event: Event, occasion: Occasion, outcomes: Outcomes) -> bool:
    """True if all that keeps them from this occasion is that they waived an attempt."""
    stage, rules = occasion.stage, rules_of(event)
    if (stage, None) in outcomes or outcome_of(occasion, outcomes) != "dns":
        return False
    return None not in [waived_among(rules, outcomes, stage, it) for it in occasion.modules]


def arrival_state(
    passed: bool, outcome: str | None, closes_at: datetime | None, now: datetime
) -> ArrivalState:
    """The state of somebody's arrival; who is late is told here alone.

    `closes_at` is until when they may check in, to the moment. A test holds `stateOf` in
    `rounds.js`, which tells it on a device without network, to the same cases.
    """
    if outcome == "dns" or (outcome and not passed):
        return ArrivalState.ABSENT
    if passed:
        return ArrivalState.PRESENT
    if closes_at is None:
        return ArrivalState.UNTIMED
    return ArrivalState.LATE if now > closes_at else ArrivalState.EXPECTED


def _acts_by_occasion(
    competition: Competition, only: Collection[int] | None
) -> Mapping[tuple[int, *OccasionKey], list[CheckIn]]:
    acts: dict[tuple[int, *OccasionKey], list[CheckIn]] = defaultdict(list)
    for act in db.session.scalars(
        select(CheckIn)
        .where(CheckIn.competition_id == competition.id)
        .where(*(() if only is None else (CheckIn.entrant_id.in_(only),)))
        .options(joinedload(CheckIn.account))
        .order_by(CheckIn.id)
    ):
        acts[act.entrant_id, act.stage, act.session, act.module, act.day].append(act)
    return acts


def outcomes_of(competition: Competition) -> Mapping[int, Outcomes]:
    """The outcomes that stand: {entrant: {(stage, module or None): status}}."""
    outcomes: dict[int, dict[tuple[str, str | None], str]] = defaultdict(dict)
    columns = (OutcomeEntry.entrant_id, OutcomeEntry.stage, OutcomeEntry.module)
    for row in db.session.execute(
        select(*columns, OutcomeEntry.status)
        .join(Entrant, Entrant.id == OutcomeEntry.entrant_id)
        .where(Entrant.competition_id == competition.id, OutcomeEntry.withdrawn_at.is_(None))
        .order_by(OutcomeEntry.id)
    ):
        outcomes[row.entrant_id][row.stage, row.module] = row.status
    return outcomes


def outcome_of(occasion: Occasion, outcomes: Outcomes) -> str | None:
    """The outcome of the whole stage, or of each of the occasion's modules."""
    whole = outcomes.get((occasion.stage, None))
    if whole or not occasion.modules:
        return whole
    parts = [outcomes.get((occasion.stage, module)) for module in occasion.modules]
    return parts[0] if all(parts) else None


def is_absent(rules: event_types.Event, outcomes: Outcomes) -> bool:
    """True if somebody with these outcomes is absent; not for one attempt of several."""
    return any(
        status == "dns" and (module is None or not waived_among(rules, outcomes, stage, module))
        for (stage, module), status in outcomes.items()
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
        outcomes, unpassed = outcomes_of(competition), unpassed_in(competition)
        passed = _passed(competition, {row.occasion.key for row in expected})
        for group in expected:
            occasion = group.occasion
            closes_at = occasion.closes_at(closes)
            untouched = arrival_state(False, None, closes_at, self._now)
            here = passed.get(occasion.key, set())
            if not here and not outcomes and not unpassed:
                self._states[untouched].append(_Same(group, group.people))
                continue
            groups: dict[ArrivalState, list[int]] = defaultdict(list)
            for number in group.people:
                if number in here or number in outcomes or number in unpassed:
                    outcome = outcome_of(occasion, outcomes.get(number, {})) or (
                        NOT_PASSED if number in unpassed else None
                    )
                    state = arrival_state(number in here, outcome, closes_at, self._now)
                    groups[state].append(number)
                else:
                    groups[untouched].append(number)
            for state, people in groups.items():
                self._states[state].append(_Same(group, people))

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
        arrivals = {
            (row.entrant.id, row.occasion.key): row
            for row in arrivals_of(
                self._competition, self._now, only={number for number, _key in wanted}
            )
        }
        return [arrivals[key] for key in wanted if key in arrivals]


def expected_of(competition: Competition) -> Sequence[Expected]:
    """List everybody on every occasion, in the order of time."""
    return remembered_beside_check_ins(competition, "expected", lambda: _expected(competition))


def count_whole(competition: Competition, now: datetime | None = None) -> Counter[ArrivalState]:
    """Count people in each state, without reading who they are."""
    return ArrivalStates(competition, expected_of(competition), now).counts()


def came_on(
    competition: Competition, days: Collection[date] | None = None
) -> Mapping[tuple[int, *OccasionKey], datetime]:
    """The time each was first let in, by entrant and occasion, to what begins on these days.

    Without `days` to whatever there is.
    """
    came_at: dict[tuple[int, *OccasionKey], datetime] = {}
    wanted = () if days is None else (CheckIn.day.in_(days),)
    for *key, said_at, received_at in db.session.execute(
        select(*_WHERE, CheckIn.said_at, CheckIn.received_at).where(
            *_standing_passes(competition), *wanted
        )
    ):
        who, came = cast("tuple[int, *OccasionKey]", tuple(key)), min(said_at, received_at)
        came_at[who] = min(came_at.get(who, came), came)
    return came_at


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
    expected = [Expected(*key, tuple(numbers)) for key, numbers in people.items()]
    return sorted(expected, key=lambda row: when(row.occasion))


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
    passed: dict[OccasionKey, set[int]] = defaultdict(set)
    for number, *key in db.session.execute(query):
        passed[cast("OccasionKey", tuple(key))].add(number)
    return passed
