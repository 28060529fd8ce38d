"""The plan of the days: modules of one name share rooms and sessions, and people their seats.

It has no places of its own. What it lays out are the timetables of the modules, whose draws say
who sits where; what it shows is read from them, and from where people sit since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from compete.domain.rooms import FreeSeats, share_rooms
from compete.domain.values.canonical import short_mark
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.states import CeremonyState
from compete.models import (
    Account,
    Competition,
    DrawCeremony,
    Entrant,
    Event,
    Room,
    Slot,
    db,
)
from compete.services.directory.rooms import rooms_offered
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    RoomSeats,
    Timetable,
    settings_of,
)
from compete.services.kernel.event_rules import module_key, module_title, rules_of
from compete.services.kernel.fields import Setting
from compete.services.kernel.last_records import LastDone, last_record, require_last_shown
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import FieldRefused, Refused, invalid, refuse_if
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.kernel.versions import write_prepared
from compete.services.schedule.double_bookings import Span, meet
from compete.services.schedule.draw_ceremonies import (
    DRAWS_OVER,
    InParts,
    draw_now,
    latest_ceremony,
    seal_list,
    why_no_draw,
)
from compete.services.schedule.draw_lists import (
    PlacesError,
    people_to_draw,
    places_of,
    read_places,
    why_over_paper,
)
from compete.services.schedule.overseers import why_plan_closed
from compete.services.schedule.rooms import (
    follow_timetable,
    free_seats,
    places_sat,
    seats_taken,
    span_of,
)
from compete.services.schedule.slots import (
    SlotPlace,
    follow_in_plan,
    take_place,
)
from compete.services.schedule.station_moves import note_move, why_not_there
from compete.services.schedule.timetables import (
    Bulk,
    laid_out,
    lay_out,
    rule_of,
    timetable_of,
    undo_timetable,
    why_laid_out,
)

PLAN_LAID = "plan.lay_out"

Module = tuple[Event, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingGroup:
    """Modules of one name, which are sat together: the theory of all levels."""

    key: str
    name: str
    modules: Sequence[Module]


class DayLayout(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions one after the other, as they were typed."""

    begins: Annotated[
        str, Setting(msg("从几点"), clock="moment", needed=msg("写从哪天几点开始"))
    ] = ""
    count: Annotated[int, Setting(msg("几场"), least=1, most=99)] = 1
    a_day: Annotated[
        int, Setting(msg("一天几场"), msg("排不完的接着排下一天，同一时间开始"), least=1, most=99)
    ] = 10
    turns: Annotated[
        int, Setting(msg("一场几轮"), msg("一起开始的写 1；轮着上设备的写几轮"), least=1, most=50)
    ] = 1
    minutes: Annotated[int, Setting(msg("一轮几分钟"), least=1, most=1440)] = 90
    pause: Annotated[int, Setting(msg("两场中间歇几分钟"), most=1440)] = 30
    check_in: Annotated[int, Setting(msg("提前几分钟进场"), most=1440)] = 20
    apart: Annotated[bool, Setting(msg("同单位的人不挨着坐"))] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LaidPlan(LastDone):
    """Sessions and rooms were laid out for some modules."""

    group: str
    people: int
    modules: Sequence[Module]


def groups_of(competition: Competition) -> list[SittingGroup]:
    """The modules of the first stages, those of one name together, in the order of the rules."""
    named: dict[str, list[Module]] = {}
    for event in competition.events:
        stage = rules_of(event).stages[0]
        for module in stage.modules:
            named.setdefault(module.name, []).append((event, stage.code, module.code))
    return [
        SittingGroup(key=str(number), name=name, modules=modules)
        for number, (name, modules) in enumerate(named.items(), 1)
    ]


def plan_mark(competition: Competition) -> str:
    """A mark of what is laid out: another one as soon as anybody lays anything out."""
    timetables = settings_of(competition).timetables
    now = {key: msgspec.to_builtins(kept[-1]) for key, kept in timetables.items() if kept}
    return short_mark(now)


def refuse_changed(competition: Competition, seen: str) -> None:
    """Raise `Refused` where it was laid out otherwise than `seen`, its `plan_mark`, says."""
    if seen and seen != plan_mark(competition):
        raise Refused(msg("别人刚改过怎么排，看一下现在的，再按一次"))


def lay_out_days(
    competition: Competition,
    key: str,
    numbers: Sequence[int],
    wanted: DayLayout,
    by: Account,
    seen: str = "",
) -> None:
    """Lay sessions and rooms out for the modules of a group: each has its seats, by the level.

    Those of them that are drawn stay as they are. `seen` is the `plan_mark` of what was shown.
    Raises `Refused`: INVALID without rooms or sessions, and where some find no seat, with how
    many; CONFLICT once all of them are drawn, where somebody laid out otherwise meanwhile, and
    where somebody else has a room.
    """

    def prepare() -> _Layout:
        refuse_changed(competition, seen)
        return _worked_out(competition, key, numbers, wanted)

    def write(ready: _Layout) -> None:
        # What one has so far may be another's now.
        _release([it for it in ready.modules if ready.laid.get(it) != timetable_of(*it)])
        for module, timetable in ready.laid.items():
            lay_out(*module, timetable, by)
        audit.record(competition, by, PLAN_LAID, competition.code, after=ready.told)

    write_prepared(competition, prepare, write)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """What laying out comes to, worked out before anything is locked.

    `modules` are all that are laid out, `told` is what the record says.
    """

    modules: Sequence[Module]
    laid: Mapping[Module, Timetable]
    told: Mapping[str, Any]


def _worked_out(
    competition: Competition, key: str, numbers: Sequence[int], wanted: DayLayout
) -> _Layout:
    group = _group(competition, key)
    rooms = _chosen_rooms(numbers)
    sessions = _sessions(group, wanted)
    turns = wanted.turns
    stay = {module: why_laid_out(*module) for module in group.modules}
    modules = [module for module, why in stay.items() if why is None]
    if not modules:
        refuse_if(next(iter(stay.values())))
    sizes = {module: len(people_to_draw(*module)) for module in modules}
    sizes = {module: size for module, size in sizes.items() if size}
    if not sizes:
        raise Refused(msg("“%(group)s”还没有人要排", group=group.name))
    free = _free(competition, modules, sessions, rooms, turns)
    shared = share_rooms(sizes, free)
    if shared.lacking:
        raise invalid(
            msg(
                "放不下：%(people)s 人，这些场次和赛场有 %(seats)s 个空位，"
                "还差 %(lacking)s 个（%(levels)s）。加赛场、加场次，或者多几轮",
                people=sum(sizes.values()),
                seats=sum(block.count for block in free),
                lacking=sum(shared.lacking.values()),
                levels=listed(
                    [
                        msg("%(level)s %(n)s 人", level=module[0].name, n=n)
                        for module, n in shared.lacking.items()
                    ]
                ),
            )
        )
    return _Layout(
        modules=modules,
        laid={
            module: _timetable(sessions, blocks, rooms, wanted)
            for module, blocks in shared.seats.items()
        },
        told={
            "group": group.name,
            "modules": [[module[0].code, *module[1:]] for module in shared.seats],
            "rooms": [room.name for room in rooms.values()],
            "people": sum(sizes.values()),
        },
    )


def last_layout(competition: Competition) -> LaidPlan | None:
    """The last time that rooms were laid out, while no timetable of it was changed since."""
    entry = last_record(competition, [PLAN_LAID, "draw.timetable"])
    if entry is None or entry.action != PLAN_LAID or entry.after is None:
        return None
    modules, after = _modules_of(competition, entry.after["modules"]), entry.after
    why = next((why for module in modules if (why := why_laid_out(*module))), None)
    return LaidPlan(
        entry=entry,
        why_not=why,
        group=after["group"],
        people=after["people"],
        modules=modules,
    )


def undo_layout_of_days(competition: Competition, seen: str, by: Account) -> None:
    """Take the last layout back; each module is laid out as it was before."""
    with changing(competition) as competition:
        last = require_last_shown(last_layout(competition), seen)
        _release(last.modules)
        for module in last.modules:
            undo_timetable(*module, by)


def _release(modules: Sequence[Module]) -> None:
    for module in modules:
        follow_timetable(*module, None)


Sizes = Mapping[tuple[int, str, str], int]
"""How many are to sit each module, by event, stage and module, where that is known already."""


def modules_to_draw(competition: Competition, sizes: Sizes | None = None) -> list[Module]:
    """The modules that are laid out in rooms and can be drawn, or gone on with.

    None of a group in which somebody was entered since it was laid out and finds no seat: what
    is drawn of it could not be laid out anew with the others.
    """
    return [
        module
        for group in groups_of(competition)
        if all(seats_lacking(module, sizes) <= 0 for module in group.modules)
        for module in group.modules
        if (laid := timetable_of(*module)) is not None
        and laid.seats
        and _waits(latest_ceremony(*module))
        and why_no_draw(*module) is None
        and why_over_paper(*module) is None
        and _size(module, sizes)
    ]


def seats_lacking(module: Module, sizes: Sizes | None = None) -> int:
    """Count who finds no seat in what is laid out and not sealed yet; 0 where nothing is."""
    laid, last = timetable_of(*module), latest_ceremony(*module)
    sealed = last is not None and last.state not in (*DRAWS_OVER, CeremonyState.PREPARING)
    if laid is None or not laid.seats or sealed:
        return 0
    return max(0, _size(module, sizes) - sum(block.count for block in laid.seats))


def _size(module: Module, sizes: Sizes | None) -> int:
    event, stage, code = module
    return len(people_to_draw(*module)) if sizes is None else sizes[event.id, stage, code]


def _waits(ceremony: DrawCeremony | None) -> bool:
    if ceremony is None or ceremony.state in DRAWS_OVER:
        return True
    return ceremony.by_computer and ceremony.state is not CeremonyState.DRAWN


def draw_days(
    competition: Competition,
    names: Mapping[str, str],
    by: Account,
    seen: str = "",
    why: str = "",
    *,
    in_parts: InParts | None = None,
    begin: Callable[[str | Message], None] = lambda _module: None,
) -> int:
    """Draw all that is laid out in rooms, module by module; how many modules that were.

    Each list is sealed and published before it is drawn, as anywhere (`seal_list`, `draw_now`).
    What broke off is gone on with. `names` are those of the draws, by the module's key, `seen`
    is the `plan_mark` of what was shown, `why` the reason for which somebody may be in two
    places at one time; `begin` is told each module. Raises `Refused` as they do, and where it
    was laid out otherwise since.
    """
    refuse_changed(competition, seen)
    drawn = 0
    for event, stage, module in modules_to_draw(competition):
        begin(module_title(event, stage, module))
        laid, last = timetable_of(event, stage, module), latest_ceremony(event, stage, module)
        assert laid is not None, "asked by `modules_to_draw`"
        if last is None or last.state in (*DRAWS_OVER, CeremonyState.PREPARING):
            key = module_key(event, stage, module)
            last = seal_list(
                event,
                stage,
                module,
                name=names[key],
                places=places_of(laid),
                rule=rule_of(laid),
                why=why,
                by=by,
            )
        draw_now(last, by, in_parts)
        drawn += 1
    return drawn


@dataclass(frozen=True, slots=True)
class Seatless:
    """Somebody who lacks a seat in a module in which others have theirs."""

    module: Module
    person: Entrant


def seatless(competition: Competition) -> list[Seatless]:
    """List who came to the list after it was drawn, or lost the seat, by module and number."""
    lacking = []
    for group in groups_of(competition):
        for module in group.modules:
            here, last = of_event(Slot, *module), latest_ceremony(*module)
            if last is not None and last.state is CeremonyState.FIXED:
                # Its seats are being written.
                continue
            query = select(Entrant.code).join(Slot, Slot.entrant_id == Entrant.id).where(here)
            if db.session.scalar(query.where(Slot.seat.is_not(None)).limit(1)) is None:
                continue
            there = set(db.session.scalars(query))
            codes = [it["code"] for it in people_to_draw(*module) if it["code"] not in there]
            if codes:
                own = Entrant.event_id == module[0].id
                rows = select(Entrant).where(own, Entrant.code.in_(codes)).order_by(Entrant.code)
                lacking += [Seatless(module, person) for person in db.session.scalars(rows)]
    return lacking


def seat_the_rest(competition: Competition, reason: str, by: Account) -> list[Message]:
    """Give everybody who lacks a seat a free one; say where each went, by name.

    In the order of their numbers each gets the first that nothing stands against: in the rooms
    of the own module first, not beside the own unit where that can be, and one that somebody
    withdrew from last. Raises `Refused` with how many find none: then nobody is seated.
    """
    reason = reason_text(reason, msg("写为什么补排"))
    with changing(competition) as competition:
        refuse_if(why_plan_closed(competition))
        placed: list[Message] = []
        left: list[Seatless] = []
        for lack in seatless(competition):
            place = _seat_for(competition, lack)
            if place is None:
                left.append(lack)
                continue
            _put(lack.person, lack.module, place, reason, by)
            placed.append(
                msg(
                    "%(name)s：%(session)s %(room)s %(seat)s 座",
                    name=lack.person.name,
                    session=place.session or "",
                    room=place.station or "",
                    seat=place.seat or "",
                )
            )
        if left:
            names = listed([lack.person.name for lack in left][:10])
            raise Refused(
                msg(
                    "还有 %(n)s 人没有空位（%(names)s）：先加场次或者换大一点的赛场",
                    n=len(left),
                    names=names,
                )
            )
    return placed


def _group(competition: Competition, key: str) -> SittingGroup:
    group = next((it for it in groups_of(competition) if it.key == key), None)
    if group is None:
        raise invalid(msg("先选排哪个模块"))
    return group


def _chosen_rooms(numbers: Sequence[int]) -> dict[int, Room]:
    offered = {room.id: room for room in rooms_offered()}
    rooms = {number: offered[number] for number in numbers if number in offered}
    if not rooms:
        raise invalid(msg("至少选一个赛场"))
    return rooms


def _sessions(group: SittingGroup, wanted: DayLayout) -> str:
    """The lines of sessions, as timetables have them. Raises `FieldRefused` for no begin."""
    bulk = Bulk(
        begins=wanted.begins,
        count=str(wanted.count),
        minutes=str(wanted.minutes),
        a_day=str(wanted.a_day),
        pause=str(wanted.pause),
        posts="1",
        turns=str(wanted.turns),
        name=" ".join(group.name.replace("，", " ").replace(",", " ").split()),
    )
    try:
        return laid_out(bulk)[1]
    except PlacesError as error:
        name, fault = next(iter(error.faults.items()))
        raise FieldRefused(name, fault) from None


def _free(
    competition: Competition,
    modules: Sequence[Module],
    sessions: str,
    rooms: Mapping[int, Room],
    turns: int,
) -> list[FreeSeats]:
    """List the free seats of each room in each session: not where other modules sit then."""
    own = [(module[0].id, *module[1:]) for module in modules]
    taken = seats_taken(competition, but=own)
    whole = read_places("1", sessions, "0")
    spans: dict[str, list[Span]] = defaultdict(list)
    for place in whole.places:
        spans[place["session"]].append(span_of(whole.times[place["code"]]))
    free = []
    for session, its in spans.items():
        lasts = its[0][0], its[-1][1] or its[-1][0]
        for room in rooms.values():
            first = 1
            if others := [it for it in taken.get(room.id, ()) if meet(lasts, it[0])]:
                seats = [seat for span, seat in others if seat is not None and span == its[0]]
                # Beside others only where they sit at the very same time, once.
                if turns > 1 or len(seats) < len(others):
                    continue
                first = max(seats) + 1
            count = room.places * turns - first + 1
            if count > 0:
                free.append(FreeSeats(session, room.id, first, count))
    return free


def _timetable(
    sessions: str, blocks: Sequence[FreeSeats], rooms: Mapping[int, Room], wanted: DayLayout
) -> Timetable:
    used = list(dict.fromkeys(block.session for block in blocks))
    lines = [line for line in sessions.splitlines() if line.split("，")[0] in used]
    named = dict.fromkeys(rooms[block.room].name for block in blocks)
    return Timetable(
        stations="\n".join(named),
        sessions="\n".join(lines),
        check_in=str(wanted.check_in),
        apart=wanted.apart,
        seats=tuple(
            RoomSeats(
                session=block.session,
                station=rooms[block.room].name,
                room=block.room,
                places=rooms[block.room].places,
                first=block.first,
                count=block.count,
            )
            for block in blocks
        ),
    )


def _modules_of(competition: Competition, codes: Sequence[Sequence[str]]) -> list[Module]:
    events = {event.code: event for event in competition.events}
    return [(events[event], stage, module) for event, stage, module in codes if event in events]


def _slots(module: Module) -> Sequence[Slot]:
    query = (
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .options(contains_eager(Slot.entrant))
        .where(of_event(Slot, *module), takes_part())
        .order_by(Slot.id)
    )
    return db.session.scalars(query).all()


def _seat_for(competition: Competition, lack: Seatless) -> SlotPlace | None:
    """The seat that somebody gets by the rule; None for none."""
    own = {slot.room_id for slot in _slots(lack.module)}
    group = next(it for it in groups_of(competition) if lack.module in it.modules)
    of_modules = {module[0].id: (module, _slots(module)) for module in group.modules}
    slots = [slot for _module, its in of_modules.values() for slot in its]
    there = [place for module, its in of_modules.values() for place in places_sat(*module, its)]
    units = {(slot.room_id, slot.starts_at, slot.seat): slot.entrant.unit_id for slot in slots}

    def beside_own(place: SlotPlace) -> bool:
        return any(
            units.get((place.room, place.starts_at, (place.seat or 0) + by)) == lack.person.unit_id
            for by in (-1, 1)
        )

    for left in (False, True):
        free = free_seats(competition, there, left=left)
        for seat in sorted(free, key=lambda it: (it.room not in own, beside_own(it))):
            if why_not_there(lack.person, *lack.module[1:], seat) is None:
                if left:
                    _vacate(competition, seat)
                return seat
    return None


def _vacate(competition: Competition, place: SlotPlace) -> None:
    """Take the seat from who withdrew: should they come back they are seated as anybody is."""
    query = (
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(
            Entrant.competition_id == competition.id,
            Slot.room_id == place.room,
            Slot.seat == place.seat,
            Slot.starts_at == place.starts_at,
            ~takes_part(),
        )
    )
    for slot in db.session.scalars(query):
        db.session.delete(slot)
    db.session.flush()


def _put(person: Entrant, module: Module, place: SlotPlace, reason: str, by: Account) -> None:
    slot = Slot(entrant_id=person.id, stage=module[1], module=module[2])
    db.session.add(slot)
    take_place(slot, place)
    db.session.flush()
    follow_in_plan(*module)
    note_move(person, by, module[1:], None, place, reason)
