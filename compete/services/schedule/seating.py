"""The panels of one module: one judge put somewhere, moved or taken away; steps taken back.

Each change is one seat, compared with what stands at that moment, so that two organisers
who change different seats lose nothing of each other's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec
from sqlalchemy import select

from compete.domain.seating import Seat
from compete.domain.stations import station_order
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Assignment,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    Expert,
    Judge,
    Slot,
    db,
)
from compete.services.directory.expert_fields import days_away
from compete.services.directory.experts import experts_among
from compete.services.kernel import audit
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import ClashRules, change_settings, settings_of
from compete.services.kernel.event_rules import module_of, module_title, rules_of
from compete.services.kernel.last_records import newest_records
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.transactions import changing, for_update, unit_of_work
from compete.services.schedule.allocation import assign_judges, replaced_judges
from compete.services.schedule.clashes import Clashes, clashes_in, scoring_judges
from compete.services.schedule.double_bookings import OtherTime, overlap
from compete.services.schedule.draw_lists import has_sheets
from compete.services.schedule.examiners import qualified
from compete.services.schedule.settled_panels import claim_seating, seats_subject, settled_at

_Post = tuple[int, str, str]


def _seats_elsewhere(
    event: Event, stage: str, module: str, stations: Sequence[str]
) -> dict[Seat, OtherTime]:
    """The time in another module, by judge and station, when the judge sits there meanwhile."""
    competition = event.competition
    times = _times(competition)
    own = times.get((event.id, stage, module), {})
    if not own:
        return {}
    elsewhere: dict[Seat, OtherTime] = {}
    for row in _all_seats(competition):
        key = row.event_id, row.stage, row.module
        if key == (event.id, stage, module):
            continue
        theirs = _at(times.get(key, {}), row.station)
        for station in stations:
            here = _at(own, station)
            met = next(
                (it for it in theirs if any(overlap(it, at.starts_at, at.ends_at) for at in here)),
                None,
            )
            if met is not None:
                elsewhere.setdefault((row.judge_id, station), met)
    return elsewhere


def _all_seats(competition: Competition) -> Iterable[Assignment]:
    events = [event.id for event in competition.events]
    seats = select(Assignment).where(Assignment.event_id.in_(events)).order_by(Assignment.id)
    return db.session.scalars(seats)


def _at(times: dict[str, list[OtherTime]], station: str) -> list[OtherTime]:
    """List the times of a station; "" is all of them."""
    if station:
        return times.get(station, [])
    return [span for spans in times.values() for span in spans]


def _times(competition: Competition) -> dict[_Post, dict[str, list[OtherTime]]]:
    """The times when people are expected, by module and station."""
    times: dict[_Post, dict[str, list[OtherTime]]] = defaultdict(lambda: defaultdict(list))
    events = {event.id: event for event in competition.events}
    rows = (
        select(
            *(Entrant.event_id, Slot.stage, Slot.module, Slot.station),
            *(Slot.starts_at, Slot.ends_at),
        )
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(Entrant.competition_id == competition.id, takes_part())
        .where(Slot.starts_at.is_not(None))
        .distinct()
        .order_by(Slot.starts_at)
    )
    for number, stage, module, station, starts, ends in db.session.execute(rows).tuples():
        if starts is not None:
            title = module_title(events[number], stage, module)
            times[number, stage, module][station or ""].append(OtherTime(starts, ends, title))
    return times


_MOST_RECORDS = 500


@dataclass(frozen=True, slots=True)
class Panels:
    """The panels of a module as they stand."""

    size: int
    stations: Sequence[str]
    """In order; a single "" where nobody is expected at a station."""
    judges: Sequence[Judge]
    """The judges who may judge, in the order of their codes; without those who were replaced."""
    seats: frozenset[Seat]
    clashes: Clashes
    loads: dict[int, int]
    """{judge: how many people they judge in the other modules}."""
    levels: dict[int, str]
    """{judge: the highest level that the pool knows of them and that has not run out}."""
    expired: dict[int, str]
    """{judge: the day on which all that the pool knows of them had run out}."""
    away: dict[int, Sequence[date]] = field(default_factory=dict)
    """{judge: the days of this module on which they cannot come, as the pool says}."""
    elsewhere: dict[Seat, OtherTime] = field(default_factory=dict)
    """{judge and station: another module in which they sit at a time of that station}."""

    def at(self, station: str) -> list[Judge]:
        """List the judges who sit there."""
        return [judge for judge in self.judges if (judge.id, station) in self.seats]

    @property
    def all_stations(self) -> Sequence[str]:
        """The stations, with "" first if somebody sits at all of them."""
        apart = self.stations != [""] and self.at("")
        return ["", *self.stations] if apart else self.stations

    def called(self, station: str) -> Message | str:
        """The words for a station."""
        return station or (msg("不分工位") if self.stations == [""] else msg("全部工位"))

    def wanted_at(self, station: str) -> int:
        """Count a station's seats beside those who sit at all of them."""
        return self.size - (len(self.at("")) if station else 0)

    def empty_at(self, station: str) -> int:
        """Count the free seats of a station."""
        return max(0, self.wanted_at(station) - len(self.at(station)))

    @property
    def mark(self) -> str:
        """The mark of what was looked at: it changes as soon as a seat or who comes does."""
        return short_mark([sorted(self.seats), sorted(self.clashes.people.items())])


def panels_in(event: Event, stage: str, module: str) -> Panels:
    """The panels of one module."""
    seats = _seats(event, stage, module)
    gone = replaced_judges(event.competition)
    judges = [judge for judge in scoring_judges(event.competition) if judge.id not in gone]
    clashes = clashes_in(event, stage, module)
    named = {station for station in clashes.people if station} | {
        station for _judge, station in seats if station
    }
    known = experts_among({judge.person_id for judge in judges if judge.person_id is not None})
    levels, expired = qualified(event.competition, judges, known)
    stations = sorted(named, key=station_order) or [""]
    return Panels(
        elsewhere=_seats_elsewhere(event, stage, module, [*stations, *([""] if named else [])]),
        levels=levels,
        expired=expired,
        away=_away_by_judge(judges, known, _days_judged(event, stage, module)),
        size=module_of(rules_of(event), stage, module).panel.size,
        stations=stations,
        judges=judges,
        seats=seats,
        clashes=clashes,
        loads=_loads(event.competition, (event.id, stage, module)),
    )


def reseat(
    event: Event,
    stage: str,
    module: str,
    leave: Sequence[tuple[Judge, str]],
    take: Sequence[tuple[Judge, str]],
    by: Account,
    reason: str = "",
) -> None:
    """Let these judges leave these stations and those take those, at once: one more judge, one who
    moves or goes, two who swap.

    Raises `Refused` as `assign_judges` does; (CONFLICT) where somebody sits there already, or no
    longer sits where they are to leave; (INVALID) without a reason once judging has begun.
    """
    with unit_of_work():
        seats = _claim(event, stage, module, reason)
        gone, come = ({(judge.id, at) for judge, at in them} for them in (leave, take))
        if not gone <= seats or gone & come:
            name = leave[0][0].name
            if not take:
                raise Refused(msg("%(name)s 已经不在这里了", name=name))
            raise Refused(msg("%(name)s 刚被别人换走了，看一看现在的分工", name=name))
        for judge, station in take:
            if (judge.id, station) in seats:
                raise Refused(msg("%(name)s 已经在这里了", name=judge.name))
        _assign(event, stage, module, seats - gone | come, by, reason)


def use_seating(
    event: Event,
    stage: str,
    module: str,
    seats: Collection[Seat],
    seen: str,
    by: Account,
    reason: str = "",
) -> None:
    """Use all seats of the module at once, as somebody saw them proposed.

    Raises `Refused` (CONFLICT) where the panels are others than when it was worked out.
    """
    with unit_of_work():
        _claim(event, stage, module, reason)
        if panels_in(event, stage, module).mark != seen:
            raise Refused(msg("分工或工位刚改过，这个方案是照以前的算的，再算一次"))
        _assign(event, stage, module, seats, by, reason)


def last_step(event: Event, stage: str, module: str) -> AuditEntry | None:
    """The change that is taken back next; None for none, or where seats changed past it."""
    subject = seats_subject(event, stage, module)
    kinds = ("judges.assign", "judges.undo")
    records = newest_records(event.competition, kinds, subject, most=_MOST_RECORDS)
    since = settled_at(event, stage, module)
    # What the chief judge agreed to is not taken back without a reason.
    records = [entry for entry in records if since is None or entry.seq > since]
    done: list[AuditEntry] = []
    for entry in reversed(records):
        if entry.action == "judges.assign":
            done.append(entry)
        elif done:
            done.pop()
    if not done or as_seats(done[-1].after) != _seats(event, stage, module):
        return None
    return done[-1]


def undo_seating(event: Event, stage: str, module: str, step: int, by: Account) -> None:
    """Take the last change back. Raises `Refused` (CONFLICT) where `step` is not the last."""
    with changing(event.competition):
        last = last_step(event, stage, module)
        if last is None or last.seq != step:
            raise Refused(msg("别人刚改过分工，没有撤销，看一看现在的样子"))
        _assign(event, stage, module, as_seats(last.before), by, last.reason or "", undoing=True)


def set_clash_rules(competition: Competition, rules: ClashRules, by: Account) -> bool:
    """Set what each kind of closeness means from now on; True if anything changed."""
    with unit_of_work() as session:
        competition = claim_seating(competition)
        stands = settings_of(competition).clashes
        if stands == rules:
            return False
        change_settings(competition, clashes=rules)
        session.flush()
        before, after = msgspec.to_builtins(stands), msgspec.to_builtins(rules)
        audit.record(competition, by, "clashes.rules", competition.code, before=before, after=after)
    return True


def stage_is_judged(event: Event, stage: str) -> bool:
    """True if judging has begun and this stage has sheets: who judges it changes with a reason."""
    return event.competition.state is CompetitionState.JUDGING and has_sheets(event, stage)


def _claim(event: Event, stage: str, module: str, reason: str) -> frozenset[Seat]:
    for_update(event.competition)
    if stage_is_judged(event, stage) and not reason.strip():
        raise invalid(msg("已经开始评分，换人要写理由"))
    return _seats(event, stage, module)


def _assign(
    event: Event,
    stage: str,
    module: str,
    seats: Iterable[Seat],
    by: Account,
    reason: str,
    *,
    undoing: bool = False,
) -> None:
    judges = {judge.id: judge for judge in event.competition.judges}
    named = [(judges[judge], station) for judge, station in seats]
    assign_judges(event, stage, module, named, by, reason=reason, undoing=undoing)


def _seats(event: Event, stage: str, module: str) -> frozenset[Seat]:
    rows = db.session.execute(
        select(Assignment.judge_id, Assignment.station).where(
            of_event(Assignment, event, stage, module)
        )
    ).tuples()
    return frozenset((judge, station) for judge, station in rows)


def as_seats(recorded: object) -> frozenset[Seat]:
    """The seats that one side of a record tells of."""
    rows = recorded if isinstance(recorded, list) else []
    return frozenset((judge, station) for judge, station in rows)


def _loads(competition: Competition, but: tuple[int, str, str]) -> dict[int, int]:
    """The load of each judge over the other modules of the competition."""
    of_here = Entrant.competition_id == competition.id, takes_part()
    rows = (
        select(Entrant.event_id, Slot.stage, Slot.module, Slot.station)
        .join(Slot, Slot.entrant_id == Entrant.id)
        .where(*of_here)
    )
    people = Counter(
        (*place, station or "") for *place, station in db.session.execute(rows).tuples()
    )
    everybody = Counter(db.session.scalars(select(Entrant.event_id).where(*of_here)))
    loads: Counter[int] = Counter()
    for row in _all_seats(competition):
        place = row.event_id, row.stage, row.module
        if place != but:
            here = people[*place, row.station] if row.station else everybody[row.event_id]
            loads[row.judge_id] += here
    return loads


_MOST_DAYS = 100
"""So many days of a competition are looked at; a labour competition is a year."""


def days_of(competition: Competition) -> list[date]:
    """The competition's own days; none while it has none."""
    first, last = competition.starts, competition.ends
    if first is None:
        return []
    days = ((last or first) - first).days + 1
    return [first + timedelta(days=n) for n in range(min(days, _MOST_DAYS))]


def _days_judged(event: Event, stage: str, module: str) -> list[date]:
    """The days on which somebody is expected in a module; the competition's while nobody is."""
    slots = select(Slot.starts_at).where(of_event(Slot, event, stage, module), takes_part())
    times = db.session.scalars(slots.where(Slot.starts_at.is_not(None)).distinct())
    days = sorted({local_time(at).date() for at in times if at is not None})
    return days or days_of(event.competition)


def _away_by_judge(
    judges: Sequence[Judge], known: Mapping[int, Sequence[Expert]], days: Sequence[date]
) -> dict[int, Sequence[date]]:
    """The days on which each judge cannot come, by every row that the pool has of them."""
    away_of: dict[int, Sequence[date]] = {}
    for judge in judges:
        absences = [set(days_away(row, days)) for row in known.get(judge.person_id or 0, ())]
        away = sorted(set.intersection(*absences)) if absences else []
        if away:
            away_of[judge.id] = away
    return away_of
