"""Papers of rooms: who sits where in a session, for a chart, a door, a list to sign, a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from compete.documents.dates import printed_date, printed_time
from compete.documents.forms import FormLine
from compete.documents.room_papers import RoomPaper, Seat, render_doors, render_seating
from compete.documents.typesetting import PrintedFile
from compete.domain.bundle.crews import heads
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.messages import Translate, listed, msg
from compete.models import Competition, Entrant, Room, Slot, db, utc_now
from compete.services.directory.rooms import rooms_by_number
from compete.services.kernel.clock import clock_text, local_time
from compete.services.kernel.event_rules import own_module_name, rules_of
from compete.services.kernel.installation import fonts
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.registration.day_forms import paper_text
from compete.services.registration.oversight_reports import report_words, reports_of
from compete.services.schedule.admissions import admitted_in
from compete.services.schedule.away import Away, away_among

_SEATING, _DOOR = "seating", "door"


@dataclass(slots=True)
class RoomSitting:
    """A room in a session: who sits there, by turn and seat."""

    room: Room
    session: str
    day: date
    modules: dict[str, None] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)

    @property
    def starts(self) -> datetime:
        """When the first turn begins."""
        return min(at for slot in self.slots if (at := slot.starts_at))

    @property
    def enters(self) -> datetime | None:
        """When the first are let in."""
        return min((at for slot in self.slots if (at := slot.check_in_at)), default=None)

    @property
    def turns(self) -> dict[datetime, list[Slot]]:
        """The slots by when they begin."""
        turns: dict[datetime, list[Slot]] = {}
        for slot in self.slots:
            if slot.starts_at is not None:
                turns.setdefault(slot.starts_at, []).append(slot)
        return turns

    def lasts(self) -> str:
        """From when to when, 09:00–10:30."""
        ends = [at for slot in self.slots if (at := slot.ends_at)]
        return "–".join(
            filter(None, (clock_text(self.starts), clock_text(max(ends)) if ends else None))
        )


def room_sittings(competition: Competition) -> list[RoomSitting]:
    """The rooms by session, in the order of time, each with who sits there."""
    query = (
        select(Slot)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .options(
            contains_eager(Slot.entrant).joinedload(Entrant.unit),
            contains_eager(Slot.entrant).joinedload(Entrant.event),
            contains_eager(Slot.entrant).selectinload(Entrant.members),
        )
        .where(
            Entrant.competition_id == competition.id,
            Slot.room_id.is_not(None),
            Slot.starts_at.is_not(None),
            takes_part(),
        )
        .order_by(Slot.starts_at, Slot.seat, Entrant.code)
    )
    slots = db.session.scalars(query).all()
    if competition_kind(competition).has_review:
        # Who is no longer passed is told of on the plan, and on no paper.
        passed = {row for event in competition.events for row in admitted_in(event) or ()}
        slots = [slot for slot in slots if slot.entrant_id in passed]
    rooms = rooms_by_number({slot.room_id for slot in slots if slot.room_id is not None})
    sittings: dict[tuple[int, date, str], RoomSitting] = {}
    for slot in slots:
        assert slot.room_id is not None, "asked for"
        assert slot.starts_at is not None, "asked for"
        on, name = local_time(slot.starts_at).date(), slot.session or ""
        sitting = sittings.setdefault(
            (slot.room_id, on, name), RoomSitting(rooms[slot.room_id], name, on)
        )
        title = own_module_name(rules_of(slot.entrant.event), slot.stage, slot.module)
        sitting.modules[title] = None
        sitting.slots.append(slot)
    return sorted(sittings.values(), key=lambda it: (it.starts, it.room.name, it.room.id))


def _sittings_to_print(competition: Competition) -> list[RoomSitting]:
    """The same. Raises `Refused` while nobody sits in a room."""
    sittings = room_sittings(competition)
    if not sittings:
        raise Refused(msg("还没有人排进赛场：先在“赛场安排”里排好、抽签"))
    return sittings


def plan_words(sittings: Sequence[RoomSitting], translate: Translate | None) -> str:
    """The words of the foot: what tells this plan from another, and when it was printed."""
    rows = [
        f"{slot.entrant.code} {slot.module} {it.room.id} {slot.seat} {slot.starts_at}"
        for it in sittings
        for slot in it.slots
    ]
    words = hash_phrase(sha256("\n".join(sorted(rows)).encode()).digest())
    at = printed_time(local_time(utc_now()), translate)
    return msg("核对词 %(words)s　%(at)s 打印", words=words, at=at).render(translate)


def print_seating(competition: Competition, translate: Translate | None) -> PrintedFile:
    """Print the charts of all rooms and sessions. Raises `Refused` while nobody sits in any."""
    sittings = _sittings_to_print(competition)
    away = away_among([slot.entrant for it in sittings for slot in it.slots])
    return render_seating(
        [_paper(it, translate, away) for it in sittings],
        title=msg("座位表"),
        of=competition.name,
        foot=plan_words(sittings, translate),
        signatures=(msg("裁判签名"), msg("实到人数"), msg("缺考人数")),
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
        day=sittings[0].day,
    )


def print_doors(competition: Competition, translate: Translate | None) -> PrintedFile:
    """Print the signs of all doors. Raises `Refused` while nobody sits in any room."""
    sittings = _sittings_to_print(competition)
    return render_doors(
        [_paper(it, translate) for it in sittings],
        title=msg("%(competition)s 门贴", competition=competition.name),
        of=competition.name,
        foot=plan_words(sittings, translate),
        number_label=msg("参赛号"),
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
        day=sittings[0].day,
    )


def sign_in_lines(competition: Competition, translate: Translate | None) -> list[FormLine]:
    """A line for each seat, under its room and session."""
    sittings = _sittings_to_print(competition)
    away = away_among([slot.entrant for it in sittings for slot in it.slots])
    lines = []
    for it in sittings:
        several = len({slot.entrant.event_id for slot in it.slots}) > 1
        turns = len(it.turns) > 1
        for slot in it.slots:
            who = slot.entrant
            lines.append(
                FormLine(
                    heading=_title(it, translate),
                    seat=_seat(slot),
                    lasts=clock_text(slot.starts_at) or "" if turns else "",
                    number=_marked(slot, away, translate),
                    name=who.name,
                    unit=who.unit.name,
                    event=who.event.name if several else "",
                )
            )
    return lines


_RECORD = (
    msg("实到人数"),
    msg("缺考的参赛号"),
    msg("开始和结束时间"),
    msg("试卷（任务书）发出、收回几份"),
    msg("迟到、提前离场"),
    msg("违纪、作弊"),
    msg("设备和别的意外，怎么处理"),
    msg("补时"),
    msg("备注"),
)


def record_lines(competition: Competition, translate: Translate | None) -> list[FormLine]:
    """What whoever watches a room writes down of a session; how many are expected is filled in.

    So is what whoever oversees it reported on the room, or on the whole session.
    """
    reports = reports_of(competition)
    return [
        FormLine(heading=_title(it, translate), name=label.render(translate), code=filled)
        for it in _sittings_to_print(competition)
        for label, filled in [
            (msg("应到人数"), str(len(it.slots))),
            *((label, "") for label in _RECORD),
            *(
                (msg("督导记录"), paper_text(report_words(report), translate))
                for report in reports
                if (report.day, report.session) == (it.day, it.session)
                and report.room_id in (None, it.room.id)
                and report.text
            ),
        ]
    ]


def _title(it: RoomSitting, translate: Translate | None) -> str:
    what = paper_text(listed(list(it.modules)), translate)
    return "　".join(
        filter(None, (it.room.name, what, printed_date(it.day, translate), it.lasts()))
    )


def _paper(it: RoomSitting, translate: Translate | None, away: Away | None = None) -> RoomPaper:
    levels = Counter(slot.entrant.event.name for slot in it.slots)
    several, turns = len(levels) > 1, it.turns
    return RoomPaper(
        room=it.room.name,
        address=it.room.address,
        what=paper_text(listed(list(it.modules)), translate),
        when=f"{printed_date(it.day, translate)} {it.lasts()}",
        enter=msg("%(at)s 进场", at=clock_text(it.enters) or "").render(translate)
        if it.enters
        else "",
        people=paper_text(heads(len(it.slots), frozenset({False})), translate),
        levels=[
            msg("%(level)s %(n)s 人", level=name, n=n).render(translate)
            for name, n in levels.items()
        ],
        numbers=number_ranges([slot.entrant.code for slot in it.slots]),
        turns=[
            (
                clock_text(at) or "" if len(turns) > 1 else "",
                [
                    Seat(
                        seat=_seat(slot),
                        number=_marked(slot, away, translate),
                        name="" if slot.entrant.event.blind else slot.entrant.name,
                        note=slot.entrant.event.name if several else "",
                    )
                    for slot in slots
                ],
            )
            for at, slots in turns.items()
        ],
    )


def _marked(slot: Slot, away: Away | None, translate: Translate | None) -> str:
    """Somebody's number, with the word for who does not come."""
    who = slot.entrant
    if away is None:
        return who.code
    return paper_text(away.marked(who, who.code, slot.stage, slot.module), translate)


def _seat(slot: Slot) -> str:
    return str(slot.seat) if slot.seat is not None else slot.station or ""


def number_ranges(codes: Sequence[str]) -> list[str]:
    """Numbers as ranges of those that follow one another: who sits elsewhere is in none."""
    ranges: list[tuple[str, str]] = []
    for code in sorted(set(codes), key=_number):
        if ranges and _number(code) == (_number(ranges[-1][1])[0], _number(ranges[-1][1])[1] + 1):
            ranges[-1] = ranges[-1][0], code
        else:
            ranges.append((code, code))
    return [first if first == last else f"{first}–{last}" for first, last in ranges]


def _number(code: str) -> tuple[str, int]:
    head = code.rstrip("0123456789")
    return (head, int(code[len(head) :])) if len(head) < len(code) else (code, -1)
