"""The plan as a grid: rooms by sessions, who sits where, who judges there, and what it lacks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import combinations

from sqlalchemy import func, select

from compete.domain.evaluation.examiners import Exam, exam_of
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.days import day_words
from compete.domain.values.messages import Message, msg
from compete.models import (
    Assignment,
    Competition,
    Entrant,
    Judge,
    Room,
    Slot,
    db,
)
from compete.services.directory.rooms import rooms_by_number
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part
from compete.services.schedule.day_plan import (
    Module,
    SittingGroup,
    Sizes,
    groups_of,
    modules_to_draw,
    seatless,
    seats_lacking,
)
from compete.services.schedule.double_bookings import Span, meet
from compete.services.schedule.draw_lists import people_to_draw, places_of
from compete.services.schedule.overseers import session_key, why_plan_closed
from compete.services.schedule.rooms import room_clashes, seats_taken, span_of, times_of_others
from compete.services.schedule.timetables import timetable_of

SessionKey = tuple[date, str]
"""Its day and its name."""


@dataclass(slots=True, kw_only=True)
class GridSession:
    """A column: a session of one or several modules."""

    key: SessionKey
    starts: datetime
    ends: datetime | None
    names: dict[str, None] = field(default_factory=dict)
    """Of what is sat."""
    overseers: Sequence[Judge] = ()


@dataclass(slots=True, kw_only=True)
class GridCell:
    """A room in a session: how many of each event sit there, and who judges."""

    room: Room
    session: SessionKey
    people: Counter[int] = field(default_factory=Counter)
    """{event: how many}."""
    drawn: bool = True
    turns: set[datetime] = field(default_factory=set)
    ends: datetime | None = None
    at_once: Counter[tuple[datetime, Module]] = field(default_factory=Counter)
    spans: Counter[Span] = field(default_factory=Counter)
    """How many sit there from when to when."""
    on_seats: int = 0
    """So many of them have a seat; the others stand at stations."""
    judges: dict[int, str] = field(default_factory=dict)
    """{judge: name}."""
    seated: set[int] = field(default_factory=set)
    """Those of them who sit in this room, and not at every station."""
    wanted: int = 0
    """So many judges are wanted, where rules say so."""

    @property
    def sitting(self) -> int:
        """Count who sits there."""
        return self.people.total()

    @property
    def free(self) -> int:
        """Count the seats that nobody has."""
        return max(0, self.room.places * len(self.turns) - self.sitting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseated:
    """So many of a group have no seat: none is laid out, not drawn, or drawn without them."""

    group: SittingGroup
    people: int
    laid: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """The whole plan."""

    rooms: Sequence[Room]
    sessions: Sequence[GridSession]
    cells: Mapping[tuple[int, SessionKey], GridCell]
    people: Mapping[int, int]
    """{event: how many take part}."""
    sittings: int
    """Count each in each module."""
    seated: int
    unseated: Sequence[Unseated]
    late: int
    """Of these so many lack a seat in a module that is drawn."""
    to_draw: int
    """Of these so many are drawn by the next press; 0 where nothing waits to be drawn."""
    lacks: Sequence[Message]


def plan_of(competition: Competition) -> DayPlan:
    """Read the plan of the days from timetables, and from where people sit."""
    cells: dict[tuple[int, SessionKey], GridCell] = {}
    sessions: dict[SessionKey, GridSession] = {}
    groups = groups_of(competition)
    sits = _seated(competition)
    wanted = {
        (module[0].id, *module[1:]): {it["code"] for it in people_to_draw(*module)}
        for group in groups
        for module in group.modules
    }
    late = seatless(competition)
    late_in = Counter((lack.module[0].id, *lack.module[1:]) for lack in late)
    rooms = rooms_by_number(
        {room for rows in sits.values() for _s, room, *_rest in rows if room is not None}
        | {
            seats.room
            for group in groups
            for module in group.modules
            if (laid := timetable_of(*module)) is not None
            for seats in laid.seats
        }
        | {
            laid.room
            for group in groups
            for module in group.modules
            if (laid := timetable_of(*module)) is not None and laid.room is not None
        }
    )
    unseated, seated = [], 0
    for group in groups:
        lacking, laid_all = 0, True
        for module in group.modules:
            key = module[0].id, *module[1:]
            rows = sits.get(key, [])
            people = len(wanted[key])
            drawn = bool(rows)
            if not drawn:
                rows = list(_laid(module, people))
                lacking += people
                laid_all = laid_all and len(rows) >= people
            else:
                seated += people - late_in[key]
                lacking += late_in[key]
            _fill(cells, sessions, group, module, rows, rooms, drawn=drawn)
        if lacking:
            unseated.append(Unseated(group=group, people=lacking, laid=laid_all))
    _judges(competition, cells)
    by_code = {judge.code: judge for judge in competition.judges}
    kept = settings_of(competition).overseers
    for session in sessions.values():
        codes = kept.get(session_key(*session.key), ())
        session.overseers = [by_code[code] for code in codes if code in by_code]
    heads = {event.id: 0 for event in competition.events}
    counts = select(Entrant.event_id, func.count()).where(
        Entrant.competition_id == competition.id, takes_part()
    )
    heads |= dict(db.session.execute(counts.group_by(Entrant.event_id)).tuples().all())
    used = {room for room, _session in cells}
    sizes = {key: len(codes) for key, codes in wanted.items()}
    waiting = [] if why_plan_closed(competition) else modules_to_draw(competition, sizes)
    to_draw = sum(sizes[event.id, stage, code] for event, stage, code in waiting)
    return DayPlan(
        rooms=sorted((rooms[it] for it in used), key=lambda it: (it.name, it.id)),
        sessions=sorted(sessions.values(), key=lambda it: (it.starts, it.key)),
        cells=cells,
        people=heads,
        sittings=sum(map(len, wanted.values())),
        seated=seated,
        unseated=unseated,
        late=len(late),
        to_draw=to_draw,
        lacks=[*_outgrown(groups, sizes), *_lacks(competition, cells, sessions)],
    )


def rooms_for(
    competition: Competition, plan: DayPlan, rooms: Sequence[Room]
) -> dict[tuple[int, SessionKey], dict[int, int]]:
    """Say to which of these rooms everybody of a room in a session could move, and how many fit.

    By room and session, of those who were drawn to seats alone; by the number of the other room,
    in which nobody else sits then, or so few that there are seats for all. Seats are free here
    that are free to `free_seats`, by which they move: of who withdrew none is.
    """
    taken: dict[tuple[int, date], dict[Span, set[int | None]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for number, places in seats_taken(competition).items():
        for span, seat in places:
            for on in _days(span):
                taken[number, on][span].add(seat)
    for number, spans in times_of_others(competition, {room.id for room in rooms}).items():
        for span in spans:
            for on in _days(span):
                taken[number, on][span].add(None)

    @cache
    def free(room: Room, span: Span) -> int:
        there = {it: seats for on in _days(span) for it, seats in taken[room.id, on].items()}
        used = set[int | None]().union(*(seats for it, seats in there.items() if meet(span, it)))
        # Stations are no seats: nobody sits beside them.
        return 0 if None in used else room.places - len(used)

    fitting: dict[tuple[int, SessionKey], dict[int, int]] = {}
    for key, cell in plan.cells.items():
        if not cell.drawn or not _on_seats(cell):
            continue
        wanted = {
            span: sum(n for it, n in cell.spans.items() if meet(span, it)) for span in cell.spans
        }
        for room in rooms:
            if room.id == cell.room.id:
                continue
            if all(free(room, span) >= n for span, n in wanted.items()):
                fits = sum(free(room, span) for span in wanted)
                fitting.setdefault(key, {})[room.id] = fits
    return fitting


def _on_seats(cell: GridCell) -> bool:
    return cell.on_seats == cell.sitting


def _days(span: Span) -> set[date]:
    starts, ends = span
    return {local_time(starts).date(), local_time(ends or starts).date()}


_Row = tuple[str, int | None, str, datetime, datetime | None, int, int]
"""Session, room, station, begin, end, how many, and how many of them on seats."""


def _seated(competition: Competition) -> dict[tuple[int, str, str], list[_Row]]:
    """Count who sits where, by module, session, room and time."""
    columns = (
        *(Entrant.event_id, Slot.stage, Slot.module, Slot.session, Slot.room_id),
        *(Slot.station, Slot.starts_at, Slot.ends_at),
    )
    query = (
        select(*columns, func.count(), func.count(Slot.seat))
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.competition_id == competition.id, takes_part(), Slot.starts_at.is_not(None))
        .group_by(*columns)
    )
    sits: dict[tuple[int, str, str], list[_Row]] = defaultdict(list)
    for event, stage, module, session, *row in db.session.execute(query):
        room, station, starts, ends, n, seats = row
        place = session or "", room, station or "", starts, ends
        sits[event, stage, module].append((*place, n, seats))
    return sits


def _laid(module: Module, people: int) -> Iterator[_Row]:
    """The same of what is laid out and not drawn: the first places are taken."""
    timetable = timetable_of(*module)
    if timetable is None or not (timetable.seats or timetable.room):
        return
    laid = places_of(timetable)
    for place in laid.places[:people]:
        times = laid.times[place["code"]]
        starts, ends = span_of(times)
        seats = int(times.get("seat") is not None)
        yield place["session"], int(times["room"] or 0), place["line"], starts, ends, 1, seats


def _fill(
    cells: dict[tuple[int, SessionKey], GridCell],
    sessions: dict[SessionKey, GridSession],
    group: SittingGroup,
    module: Module,
    rows: Sequence[_Row],
    rooms: Mapping[int, Room],
    *,
    drawn: bool,
) -> None:
    for name, number, _station, starts, ends, count, seats in rows:
        if number is None or number not in rooms:
            continue
        key = local_time(starts).date(), name
        session = sessions.setdefault(key, GridSession(key=key, starts=starts, ends=ends))
        session.names[group.name] = None
        session.starts = min(session.starts, starts)
        if ends is not None:
            session.ends = max(session.ends or ends, ends)
        cell = cells.setdefault((number, key), GridCell(room=rooms[number], session=key))
        cell.people[module[0].id] += count
        cell.drawn = cell.drawn and drawn
        cell.turns.add(starts)
        cell.ends = _later(cell.ends, ends)
        cell.at_once[starts, module] += count
        cell.spans[starts, ends] += count
        cell.on_seats += seats


def _judges(competition: Competition, cells: Mapping[tuple[int, SessionKey], GridCell]) -> None:
    """Put down who judges in which room, and how many are wanted there."""
    seats: dict[tuple[int, str, str], dict[str, dict[int, str]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    rows = (
        select(
            *(Assignment.event_id, Assignment.stage, Assignment.module),
            *(Assignment.station, Judge.id, Judge.name),
        )
        .join(Judge, Judge.id == Assignment.judge_id)
        .where(Judge.competition_id == competition.id)
        .order_by(Assignment.id)
    )
    for event, stage_code, code, station, judge, name in db.session.execute(rows).tuples():
        seats[event, stage_code, code][station][judge] = name
    asks = competition_kind(competition).gives_verdicts
    rules = settings_of(competition).examiners
    for cell in cells.values():
        most: Counter[tuple[Exam, datetime]] = Counter()
        for (starts, module), count in cell.at_once.items():
            own = seats[module[0].id, *module[1:]]
            for station, names in own.items():
                # Where a room is the station its judges sit there; in a hall all of the module's.
                if station in ("", cell.room.name) or cell.room.name not in own:
                    cell.judges |= names
                    if station == cell.room.name:
                        cell.seated |= names.keys()
            if asks:
                stage = rules_of(module[0]).stages[0]
                exam = exam_of(stage, next(it for it in stage.modules if it.code == module[2]))
                most[exam, starts] += count
        for (exam, _starts), count in most.items():
            wants = rules.of(exam)
            number = max(wants.least, -(-count // wants.per) if wants.per else 0)
            if wants.odd and number % 2 == 0:
                number += 1
            cell.wanted = max(cell.wanted, number)


def _outgrown(groups: Sequence[SittingGroup], sizes: Sizes) -> Iterator[Message]:
    """Say of which modules more people are to sit than seats were laid out for."""
    for group in groups:
        for module in group.modules:
            if lacking := seats_lacking(module, sizes):
                yield msg(
                    "%(level)s的%(group)s排好以后多了人，差 %(n)s 个座位：重新排一次再抽",
                    level=module[0].name,
                    group=group.name,
                    n=lacking,
                )


def _lacks(
    competition: Competition,
    cells: Mapping[tuple[int, SessionKey], GridCell],
    sessions: Mapping[SessionKey, GridSession],
) -> Iterator[Message]:
    """Say what stands against the plan: rooms that two have, closed ones, too few examiners."""
    yield from room_clashes(competition)
    for cell in cells.values():
        if cell.room.ended_at is not None:
            yield msg(
                "%(room)s停用了，%(session)s还排着 %(n)s 人",
                room=cell.room.name,
                session=cell.session[1],
                n=cell.sitting,
            )
    for cell in sorted(cells.values(), key=lambda it: (sessions[it.session].starts, it.room.name)):
        turns: Counter[datetime] = Counter()
        for (starts, _module), count in cell.at_once.items():
            turns[starts] += count
        if (most := max(turns.values(), default=0)) > cell.room.places:
            yield msg(
                "%(room)s只有 %(places)s 个位置，%(session)s排了 %(n)s 人",
                room=cell.room.name,
                places=cell.room.places,
                session=cell.session[1],
                n=most,
            )
        if len(cell.judges) < cell.wanted:
            yield msg(
                "%(room)s %(session)s要 %(wanted)s 名裁判，差 %(n)s 名",
                room=cell.room.name,
                session=cell.session[1],
                wanted=cell.wanted,
                n=cell.wanted - len(cell.judges),
            )
    if competition_kind(competition).gives_verdicts:
        for session in sessions.values():
            if not session.overseers:
                yield msg(
                    "%(day)s %(session)s没有督导",
                    day=day_words(session.key[0]),
                    session=session.key[1],
                )
    yield from _at_two_places(competition, cells, sessions)


@dataclass(frozen=True, slots=True)
class _Duty:
    """A time at which somebody is somewhere."""

    name: str
    where: Message | str
    span: Span


def _at_two_places(
    competition: Competition,
    cells: Mapping[tuple[int, SessionKey], GridCell],
    sessions: Mapping[SessionKey, GridSession],
) -> Iterator[Message]:
    """Say who is in two rooms at one time, of this competition or of others."""
    duties: dict[int, list[_Duty]] = defaultdict(list)
    for cell in cells.values():
        session = sessions[cell.session]
        where = msg("%(room)s（%(session)s）", room=cell.room.name, session=cell.session[1])
        for judge in sorted(cell.seated):
            span = min(cell.turns), cell.ends or session.ends
            duties[judge].append(_Duty(cell.judges[judge], where, span))
    for session in sessions.values():
        for overseer in session.overseers:
            where = msg("%(session)s督导", session=session.key[1])
            duty = _Duty(overseer.name, where, (session.starts, session.ends))
            duties[overseer.id].append(duty)
    for own in duties.values():
        for first, second in combinations(own, 2):
            if meet(first.span, second.span):
                yield _twice(first, second)
    for judge, theirs in _elsewhere(competition, duties.keys()):
        for own_duty in duties[judge]:
            if meet(own_duty.span, theirs.span):
                yield _twice(own_duty, theirs)


def _twice(first: _Duty, second: _Duty) -> Message:
    return msg(
        "%(name)s 同时在%(here)s和%(there)s",
        name=first.name,
        here=first.where,
        there=second.where,
    )


def _elsewhere(competition: Competition, judges: Collection[int]) -> Iterator[tuple[int, _Duty]]:
    """The times at which these people judge in other competitions, by whom they are here."""
    people = {
        judge.person_id: judge.id
        for judge in competition.judges
        if judge.id in judges and judge.person_id is not None
    }
    if not people:
        return
    rows = (
        select(
            *(Judge.person_id, Judge.name, Competition.name, Slot.station),
            *(Slot.starts_at, Slot.ends_at),
        )
        .join(Assignment, Assignment.judge_id == Judge.id)
        .join(Competition, Competition.id == Judge.competition_id)
        .join(Entrant, Entrant.event_id == Assignment.event_id)
        .join(Slot, Slot.entrant_id == Entrant.id)
        .where(
            Judge.person_id.in_(people),
            Judge.competition_id != competition.id,
            Slot.stage == Assignment.stage,
            Slot.module == Assignment.module,
            Slot.station == Assignment.station,
            Slot.starts_at.is_not(None),
            takes_part(),
        )
        .distinct()
    )
    days: dict[tuple[int, str, str, date], _Duty] = {}
    for person, name, where, station, starts, ends in db.session.execute(rows).tuples():
        if person is None or starts is None:
            continue
        # From the first turn to the last of a day: nobody is told the same of each.
        key = person, where, station or "", local_time(starts).date()
        before = days.get(key)
        span = (
            (min(starts, before.span[0]), _later(ends, before.span[1]))
            if before
            else (starts, ends)
        )
        there = msg("“%(competition)s”的%(room)s", competition=where, room=station or "")
        days[key] = _Duty(name, there, span)
    for (person, *_rest), duty in days.items():
        yield people[person], duty


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((it for it in (first, second) if it is not None), default=None)
