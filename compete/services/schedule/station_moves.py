"""Station moves (挪工位) before judging: to a free place, or a swap (对换) in one session; back.

People added after places were given have a rule of their own. A place is handed on, in a later
stage, to who newly goes on, and to who comes for somebody else. In a stage by one rule, which
leaves nothing to choose: places in the order of their time and station, people in the order of
their numbers; each gets the first at which nothing stands against them. Nobody gets one whose
time is over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import or_, select

from compete.domain.stations import station_order
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import (
    Account,
    Assignment,
    AuditEntry,
    Competition,
    Entrant,
    Event,
    Judge,
    Recusal,
    Sheet,
    Slot,
    db,
    utc_now,
)
from compete.models.types import keyed_hash
from compete.services.kernel import audit
from compete.services.kernel.clock import clock_text
from compete.services.kernel.event_rules import module_title, rules_of
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import standing_withdrawal, takes_part
from compete.services.kernel.refusal import Refused, invalid, refuse_if
from compete.services.kernel.slot_order import slot_order
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import for_update, unit_of_work
from compete.services.schedule.double_bookings import OtherTime, other_times, overlap
from compete.services.schedule.draw_lists import refuse_while_drawing
from compete.services.schedule.drawn_places import drawn_so_far
from compete.services.schedule.rooms import free_seats, places_sat
from compete.services.schedule.slots import (
    SlotPlace,
    follow_in_plan,
    own_slot,
    place_of,
    station_words,
    take_place,
)
from compete.services.schedule.stage_moves import in_later_stages, vacated
from compete.services.schedule.stations import stations_of, stations_of_sheets


@dataclass(frozen=True, slots=True)
class Move:
    """A place to move to: `other` is whom to swap with, `there` how many share the place."""

    key: str
    place: SlotPlace
    other: Entrant | None
    there: int
    why_not: Message | None


def why_not_moved(entrant: Entrant) -> Message | None:
    """Say why nobody can be moved any more; None before judging begins.

    Who was given a station while judging, without a draw, has a time to be given yet
    (`_placed_late`): that module's session can be chosen, its station stays. Who stands
    nowhere in a module (`unplaced_late`) can still be given a place in it, and another
    after that (`chosen_late`).
    """
    if _placed_late(entrant) or unplaced_late(entrant) or chosen_late(entrant):
        return None
    if entrant.competition.state is not CompetitionState.REGISTERING:
        return msg("评分已经开始，工位不能再挪")
    if standing_withdrawal(entrant) is not None:
        return msg("已经退赛，工位空出来了")
    if db.session.scalar(select(Sheet.id).where(Sheet.entrant_id == entrant.id).limit(1)):
        return msg("已经有评分表，工位不能再挪")
    return None


def possible_moves(entrant: Entrant, stage: str, module: str, *, whole: bool = False) -> list[Move]:
    """List where somebody could stand instead, by time and station; if impossible with why.

    Swaps are within the own session. Who has no place yet can join one that several share.
    Of the free seats of a room the first alone is listed, unless the `whole` is asked for.
    Who came while judging goes on can join any session at the own station, and any place
    where they have none.
    """
    others = _slots(entrant.event, stage, module)
    own = next((slot for slot in others if slot.entrant_id == entrant.id), None)
    if entrant.competition.state is not CompetitionState.REGISTERING:
        late = late_choice(entrant, stage, module)
        return _places_to_join(entrant, (stage, module), own, others, late) if late else []
    at_place: dict[tuple[Any, ...], list[Slot]] = defaultdict(list)
    for slot in others:
        at_place[_place_parts(slot)].append(slot)
    elsewhere = _times_elsewhere(entrant, stage, module)
    moves = []
    for place in _places(entrant.event, stage, module, others, whole=whole):
        if own is not None and _place_parts(place) == _place_parts(own):
            continue
        there = at_place.get(_place_parts(place), [])
        if own is not None and own.session == place.session:
            moves += [_swap(entrant, own, theirs, place, elsewhere) for theirs in there]
        if not there or (own is None and len(there) > 1):
            why = why_not_there(entrant, stage, module, place, elsewhere)
            moves.append(Move(_key(place, None), place, None, len(there), why))
    return sorted(moves, key=_order)


def _places_to_join(
    entrant: Entrant,
    module: tuple[str, str],
    own: Slot | None,
    others: Sequence[Slot],
    late: LateChoice,
) -> list[Move]:
    """List places where others stand or may: at any station, or at somebody's present one."""
    elsewhere = _times_elsewhere(entrant, *module)
    moves = []
    for place in _places(entrant.event, *module, others, whole=False):
        here = late is LateChoice.ANYWHERE or (
            own is not None
            and place.station == own.station
            and (place.starts_at is not None or place.session is not None)
        )
        if here and (own is None or _place_parts(place) != _place_parts(own)):
            there = sum(1 for slot in others if _place_parts(slot) == _place_parts(place))
            why = why_not_there(entrant, *module, place, elsewhere)
            moves.append(Move(_key(place, None), place, None, there, why))
    return sorted(moves, key=_order)


class LateChoice(Enum):
    """The choice in a module of somebody who came while judging goes on."""

    TIME = "time"
    """The station was given by the program and stays."""
    ANYWHERE = "anywhere"


def late_choice(entrant: Entrant, stage: str, module: str) -> LateChoice | None:
    """The choice in a module of who came late; None for who did not, or not in it.

    Before judging begins that is who has no place in a module in which others stand.
    """
    if entrant.competition.state is CompetitionState.REGISTERING:
        slots = () if why_not_moved(entrant) else _slots(entrant.event, stage, module)
        late = slots and all(slot.entrant_id != entrant.id for slot in slots)
        return LateChoice.ANYWHERE if late else None
    if (stage, module) in unplaced_late(entrant) | chosen_late(entrant):
        return LateChoice.ANYWHERE
    return LateChoice.TIME if (stage, module) in _placed_late(entrant) else None


def stations_to_choose(entrant: Entrant, stage: str, module: str) -> list[str]:
    """List the stations at which a latecomer may be given a time of their own."""
    if late_choice(entrant, stage, module) is not LateChoice.ANYWHERE:
        own = own_slot(entrant, stage, module)
        return [own.station] if own is not None and own.station else []
    return stations_of(entrant.event, stage, module)


def give_own_time(
    entrant: Entrant,
    stage: str,
    module: str,
    at: datetime | None,
    station: str,
    reason: str,
    by: Account,
) -> None:
    """Give somebody who came late a time that no session has, at a station if there are any.

    Raises `Refused` (INVALID) without a time, a reason or a known station, (CONFLICT) for
    who did not come late, and for a time at which they are elsewhere.
    """
    if at is None:
        raise invalid(msg("几点开始要写上，写成 2026-09-16 08:40 这样"))
    reason = reason_text(reason, msg("挪工位要写原因"))
    with unit_of_work() as session:
        for_update(entrant.competition)
        session.refresh(entrant)
        if late_choice(entrant, stage, module) is None:
            raise Refused(why_not_moved(entrant) or msg("评分已经开始，工位不能再挪"))
        known = stations_to_choose(entrant, stage, module)
        if station not in (known or [""]):
            raise invalid(msg("先选在哪个工位"))
        own = own_slot(entrant, stage, module)
        old = place_of(own) if own is not None else None
        place = SlotPlace(old.session if old else None, station or None, None, at, None)
        if entrant.competition.state is CompetitionState.REGISTERING:
            place = _as_long_as_others(place, _slots(entrant.event, stage, module))
        refuse_if(why_not_there(entrant, stage, module, place))
        put_at(entrant, stage, module, place)
        session.flush()
        follow_in_plan(entrant.event, stage, module)
        note_move(entrant, by, (stage, module), old, place, reason)


def _as_long_as_others(place: SlotPlace, others: Sequence[Slot]) -> SlotPlace:
    """Give check-in and end as others have them. Raises `Refused` where somebody stands there."""
    for slot in others:
        if place.starts_at and slot.starts_at and slot.ends_at:
            early = slot.starts_at - slot.check_in_at if slot.check_in_at else None
            place = replace(
                place,
                check_in_at=place.starts_at - early if early is not None else None,
                ends_at=place.starts_at + (slot.ends_at - slot.starts_at),
            )
            break
    for slot in others:
        if slot.station == place.station and overlap(slot, place.starts_at, place.ends_at):
            raise invalid(msg("那里这时有 %(name)s，换一个时间或工位", name=slot.entrant.name))
    return place


def move_person(
    entrant: Entrant, stage: str, module: str, key: str, reason: str, by: Account
) -> Move:
    """Give somebody another place, or swap; badge, forms and the plan of the file follow.

    Raises `Refused` (INVALID) without a reason or a place, (CONFLICT) once judging has begun,
    and where the place is no longer free or was never possible.
    """
    if not key:
        raise invalid(msg("先选挪到哪里"))
    reason = reason_text(reason, msg("挪工位要写原因"))
    with unit_of_work() as session:
        for_update(entrant.competition)
        session.refresh(entrant)
        refuse_if(why_not_moved(entrant))
        known = {move.key: move for move in possible_moves(entrant, stage, module, whole=True)}
        if key not in known:
            raise Refused(msg("那里刚被别人占了，再选一次"))
        move = known[key]
        refuse_if(move.why_not)
        before = own_slot(entrant, stage, module)
        old = place_of(before) if before is not None else None
        put_at(entrant, stage, module, move.place)
        if move.other is not None:
            assert old is not None
            put_at(move.other, stage, module, old)
        session.flush()
        follow_in_plan(entrant.event, stage, module)
        note_move(entrant, by, (stage, module), old, move.place, reason, move.other)
        if move.other is not None:
            note_move(move.other, by, (stage, module), move.place, old, reason, entrant)
    return move


def swap_people(
    entrant: Entrant, other: Entrant, stage: str, module: str, reason: str, by: Account
) -> None:
    """Let two people change places, also those of different sessions.

    Raises `Refused` (INVALID) without a reason, (CONFLICT) once judging has begun, where one of
    them has no place, and for what stands against one of them there.
    """
    reason = reason_text(reason, msg("挪工位要写原因"))
    if entrant.id == other.id:
        raise invalid(msg("“谁”和“和谁”是同一个参赛号，写两个不同的"))
    with unit_of_work() as session:
        for_update(entrant.competition)
        places: list[SlotPlace] = []
        for person in (entrant, other):
            session.refresh(person)
            refuse_if(why_not_moved(person))
            slot = own_slot(person, stage, module)
            if slot is None:
                raise Refused(msg("%(name)s 还没有工位", name=person.name))
            places.append(place_of(slot))
        own, theirs = places
        moves = ((entrant, own, theirs), (other, theirs, own))
        for person, _old, new in moves:
            refuse_if(why_not_there(person, stage, module, new))
        for person, old, new in moves:
            put_at(person, stage, module, new)
            partner = other if person is entrant else entrant
            note_move(person, by, (stage, module), old, new, reason, partner)
        session.flush()
        follow_in_plan(entrant.event, stage, module)


def place_words(place: SlotPlace | Slot) -> str:
    """The words of a place, 第1场 1号工位 08:40, as the record has them."""
    at = clock_text(place.starts_at) if place.starts_at else None
    return " ".join(part for part in (place.session, station_words(place), at) if part)


def note_move(
    entrant: Entrant,
    by: Account,
    module: tuple[str, str],
    before: SlotPlace | None,
    after: SlotPlace | None,
    reason: str,
    partner: Entrant | None = None,
) -> None:
    """Record that somebody was moved; inside a unit of work."""
    was = {"place": place_words(before) if before else None}
    now: dict[str, object] = {
        "place": place_words(after) if after else None,
        "module": module_title(entrant.event, *module),
        # By these the draw that gave the place shows the move.
        "of": [entrant.event.code, *module],
    }
    if partner is not None:
        now["with"] = partner.code
    if before is None and entrant.competition.state is CompetitionState.JUDGING:
        # Nobody drew this place: `chosen_late` lets it be chosen again.
        now["late"] = list(module)
    competition, code = entrant.competition, entrant.code
    audit.record(competition, by, "entrant.move", code, before=was, after=now, reason=reason)


def _slots(event: Event, stage: str, module: str) -> list[Slot]:
    query = select(Slot).where(of_event(Slot, event, stage, module), takes_part())
    return list(db.session.scalars(query.order_by(Slot.id)))


def _place_parts(place: SlotPlace | Slot) -> tuple[Any, ...]:
    return place.session, place.station, place.starts_at, place.seat


def _places(
    event: Event, stage: str, module: str, slots: Sequence[Slot], *, whole: bool
) -> list[SlotPlace]:
    """List every known place: where people stand, and each session at each station.

    Where they sit in rooms, their seats and the free ones: all, or of each room the first.
    """
    left = db.session.scalars(
        select(Slot).where(of_event(Slot, event, stage, module), ~takes_part())
    )
    places: dict[tuple[Any, ...], SlotPlace] = {}
    for slot in [*slots, *left]:
        places.setdefault(_place_parts(slot), place_of(slot))
    if any(place.seat is not None for place in places.values()):
        free = free_seats(event.competition, places_sat(event, stage, module, slots))
        seen: set[tuple[Any, ...]] = set()
        for place in free:
            if whole or _place_parts(replace(place, seat=None)) not in seen:
                places.setdefault(_place_parts(place), place)
            seen.add(_place_parts(replace(place, seat=None)))
        return list(places.values())
    stations = {place.station for place in places.values() if place.station}
    stations |= set(stations_of(event, stage, module))
    for place in list(places.values()):
        for station in stations:
            other = replace(place, station=station)
            places.setdefault(_place_parts(other), other)
    return [place for place in places.values() if place.station or not stations]


def _swap(
    entrant: Entrant, own: Slot, theirs: Slot, place: SlotPlace, elsewhere: Sequence[OtherTime]
) -> Move:
    other = theirs.entrant
    why = why_not_there(entrant, own.stage, own.module, place, elsewhere) or why_not_there(
        other, own.stage, own.module, place_of(own)
    )
    return Move(_key(place, other), place, other, 1, why)


def _times_elsewhere(entrant: Entrant, stage: str, module: str) -> Sequence[OtherTime]:
    """The times when somebody is in another module, or in another event of theirs."""
    return other_times(entrant.event, stage, module, entrant).get(entrant.code, ())


def why_not_there(
    entrant: Entrant,
    stage: str,
    module: str,
    place: SlotPlace,
    elsewhere: Sequence[OtherTime] | None = None,
) -> Message | None:
    """Say what stands against a place: another time of theirs, a judge who stays away.

    `elsewhere` is given where it was looked up before.
    """
    if elsewhere is None:
        elsewhere = _times_elsewhere(entrant, stage, module)
    for other in elsewhere:
        if overlap(other, place.starts_at, place.ends_at):
            return msg("%(name)s 这时在%(module)s", name=entrant.name, module=other.title)
    judge = db.session.scalar(
        select(Judge.name)
        .join(Assignment, Assignment.judge_id == Judge.id)
        .join(Recusal, Recusal.judge_id == Judge.id)
        .where(
            Assignment.event_id == entrant.event_id,
            Assignment.stage == stage,
            Assignment.module == module,
            Assignment.station == place.station,
            or_(Recusal.entrant_id == entrant.id, Recusal.unit_id == entrant.unit_id),
        )
        .limit(1)
    )
    if judge is not None:
        return msg("这个工位的裁判 %(judge)s 回避 %(name)s", judge=judge, name=entrant.name)
    return None


def _key(place: SlotPlace, other: Entrant | None) -> str:
    at = place.starts_at.isoformat() if place.starts_at else ""
    seat = [str(place.seat)] if place.seat is not None else []
    parts = [place.session or "", place.station or "", at, other.code if other else "", *seat]
    return keyed_hash("\n".join(parts))[:16]


def _order(move: Move) -> tuple[object, ...]:
    at = move.place.starts_at
    own = move.other.code if move.other else ""
    station = station_order(move.place.station or "")
    return at.timestamp() if at else 0.0, station, move.place.seat or 0, move.other is None, own


def put_at(entrant: Entrant, stage: str, module: str, place: SlotPlace) -> None:
    slot = own_slot(entrant, stage, module)
    if slot is None:
        slot = Slot(entrant_id=entrant.id, stage=stage, module=module)
        db.session.add(slot)
    take_place(slot, place)


_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMove(LastDone):
    """The last move of somebody: from where, and the way back."""

    stage: str
    module: str
    was: str
    """The place before, in words."""
    back: Move


def last_move(entrant: Entrant) -> LastMove | None:
    """The last move; None where there is none, they stand elsewhere by now, or cannot go back."""
    entry = _last_entry(entrant)
    if entry is None or why_not_moved(entrant) is not None:
        return None
    if not isinstance(entry.after, dict) or not isinstance(entry.before, dict):
        return None
    was, slot = entry.before.get("place"), _moved_slot(entrant, entry.after)
    if not was or slot is None:
        return None
    ways = [
        move
        for move in possible_moves(entrant, slot.stage, slot.module, whole=True)
        if place_words(move.place) == was and _came_with(move.other, entry)
    ]
    if len(ways) != 1 or ways[0].why_not is not None:
        return None
    return LastMove(entry=entry, stage=slot.stage, module=slot.module, was=was, back=ways[0])


def undo_move(entrant: Entrant, seen: str, reason: str, by: Account) -> Move:
    """Put somebody back to the place before the last move; whom they swapped with goes back, too.

    `seen` is the mark that the page showed, `reason` is recorded. Raises `Refused` (CONFLICT)
    where they were moved since, and as `move_person` does.
    """
    last = require_last_shown(last_move(entrant), seen)
    return move_person(entrant, last.stage, last.module, last.back.key, reason[:_LONGEST], by)


def _moved_slot(entrant: Entrant, after: dict[str, object]) -> Slot | None:
    """The slot that a record left, where it still is so."""
    return next(
        (
            slot
            for slot in entrant.slots
            if place_words(slot) == after.get("place")
            and module_title(entrant.event, slot.stage, slot.module) == after.get("module")
        ),
        None,
    )


def _last_entry(entrant: Entrant) -> AuditEntry | None:
    return last_record(entrant.competition, ["entrant.move"], entrant.code)


def _came_with(other: Entrant | None, entry: AuditEntry) -> bool:
    """True if nobody stands there, or whom they swapped with: nobody else gives way."""
    if other is None:
        return True
    theirs = _last_entry(other)
    return theirs is not None and abs(theirs.seq - entry.seq) == 1


def rule_for_late(competition: Competition) -> Message | None:
    """The rule by which somebody added now gets a place; None where nobody has one yet."""
    known = drawn_so_far(competition)
    if competition.state is CompetitionState.JUDGING:
        return msg(
            "现在加的人没有抽签。裁判分工位的模块，写入时排到人最少的工位，场次到他那一页定；"
            "别的模块的场次和工位也到他那一页定"
        )
    if known.last_on is not None:
        return msg(
            "已经抽过签。现在加的人还没有场次和工位：有空位子的，到他那一页挪过去；"
            "没有的，写明理由结束那一次，再抽一次"
        )
    if known.placed:
        return msg(
            "别人的工位是随竞赛文件来的。现在加的人，文件的赛程里有他就照赛程，没有就还没有工位"
        )
    return None


def _placed_late(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules of which somebody was given a station while judging, without a draw.

    Nobody's draw stands against giving them a time; empty once marks are locked. So it is of a
    place that was handed on to them at a station whose judges mark them.
    """
    if entrant.competition.state is not CompetitionState.JUDGING:
        return set()
    rows = db.session.scalars(
        select(AuditEntry.after).where(
            AuditEntry.competition_id == entrant.competition_id,
            AuditEntry.action == "entrants.place",
            AuditEntry.subject == entrant.event.code,
        )
    )
    return {
        (after["stage"], module)
        for after in rows
        for module in after["stations"].get(entrant.code, ())
    } | (_moved_late(entrant) & _judged_by_station(entrant))


def unplaced_late(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules in which others have places and this one has none, while judging.

    Of a later stage for who is in it alone.

    Where judges are told apart by station the program gives the place itself (`_placed_late`);
    elsewhere any place can be chosen, since nobody else's draw changes by it.
    """
    if not _stays_while_judging(entrant):
        return set()
    planned = select(Slot.stage, Slot.module).join(Entrant, Entrant.id == Slot.entrant_id)
    others = planned.where(Entrant.event_id == entrant.event_id, takes_part()).distinct()
    known = {(stage, module) for stage, module in db.session.execute(others).tuples()}
    first, inside = rules_of(entrant.event).stages[0].code, in_later_stages(entrant.event)
    known = {it for it in known if it[0] == first or (entrant.id, it[0]) in inside}
    return known - _judged_by_station(entrant) - {(s.stage, s.module) for s in entrant.slots}


def chosen_late(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules in which a place was chosen by hand while judging (`unplaced_late`).

    Nobody drew it, so it can be chosen again; empty once marks are locked.
    """
    if not _stays_while_judging(entrant):
        return set()
    return _moved_late(entrant) - _judged_by_station(entrant)


def _stays_while_judging(entrant: Entrant) -> bool:
    judging = entrant.competition.state is CompetitionState.JUDGING
    return judging and standing_withdrawal(entrant) is None


def _moved_late(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules in which a place that somebody was given while judging still stands."""
    rows = db.session.scalars(
        select(AuditEntry.after).where(
            AuditEntry.competition_id == entrant.competition_id,
            AuditEntry.action == "entrant.move",
            AuditEntry.subject == entrant.code,
        )
    )
    chosen = {tuple(after["late"]) for after in rows if after.get("late")}
    return {(slot.stage, slot.module) for slot in entrant.slots} & chosen


def _judged_by_station(entrant: Entrant) -> set[tuple[str, str]]:
    """The modules of the event whose judges are told apart by station."""
    apart = select(Assignment.stage, Assignment.module).where(
        Assignment.event_id == entrant.event_id, Assignment.station != ""
    )
    return {(stage, module) for stage, module in db.session.execute(apart).tuples()}


@dataclass(frozen=True, slots=True)
class HandedOn:
    """A place that goes from one to another."""

    module: str
    place: SlotPlace
    before: str
    """The code of who leaves it."""
    to: Entrant

    @property
    def words(self) -> str:
        """The words of the place: 第1场 1号工位 08:40."""
        return place_words(self.place)


def to_hand_on(
    event: Event, stage: str, inside: Collection[str], people: Sequence[Entrant]
) -> list[HandedOn]:
    """Give those people who newly go on the places of people not `inside` the stage."""
    now = utc_now()
    free: dict[str, list[Slot]] = defaultdict(list)
    for slot in sorted(vacated(event, stage, set(inside)), key=slot_order):
        if slot.starts_at is None or slot.starts_at > now:
            free[slot.module].append(slot)
    judged = stations_of_sheets(event, stage)
    handed_on = []
    for module, slots in free.items():
        for person in sorted(people, key=lambda person: person.code):
            if any((it.stage, it.module) == (stage, module) for it in person.slots):
                continue
            # Who comes back is judged by those whose sheets are opened again, where they sit.
            own = judged.get((person.id, module))
            fit = next(
                (
                    it
                    for it in slots
                    if (not own or it.station in own)
                    and why_not_there(person, stage, module, place_of(it)) is None
                ),
                None,
            )
            if fit is not None:
                slots.remove(fit)
                handed_on.append(HandedOn(module, place_of(fit), fit.entrant.code, person))
    return handed_on


def hand_on(event: Event, stage: str, handed: Sequence[HandedOn], by: Account) -> None:
    """Give these places to who gets them; inside a unit of work, once nobody stands there."""
    for it in handed:
        put_at(it.to, stage, it.module, it.place)
    db.session.flush()
    for module in sorted({it.module for it in handed}):
        follow_in_plan(event, stage, module)
    for it in handed:
        why = msg("接 %(who)s 空出的位置", who=it.before).render()
        note_move(it.to, by, (stage, it.module), None, it.place, why)


def hand_over_places(old: Entrant, new: Entrant) -> dict[str, str]:
    """Give the new one all places of the old one, who has none then; by module which.

    What the plan had for the new one's number is given up. Inside a unit of work. Raises
    `Refused` (CONFLICT) while a draw of one of them is under way.
    """
    places = {old.id: _slots_of(old), new.id: _slots_of(new)}
    for stage in {slot.stage for slots in places.values() for slot in slots}:
        refuse_while_drawing(old.event, stage)
    for slot in places[new.id]:
        db.session.delete(slot)
    db.session.flush()
    handed_over = {}
    for slot in places[old.id]:
        slot.entrant_id = new.id
        handed_over[slot.module] = place_words(slot)
    db.session.flush()
    for who in (old, new):
        db.session.expire(who, ["slots"])
    for stage, module in sorted(
        {(slot.stage, slot.module) for slots in places.values() for slot in slots}
    ):
        follow_in_plan(old.event, stage, module)
    return handed_over


def _slots_of(entrant: Entrant) -> list[Slot]:
    query = select(Slot).where(Slot.entrant_id == entrant.id).order_by(Slot.id)
    return list(db.session.scalars(query))
