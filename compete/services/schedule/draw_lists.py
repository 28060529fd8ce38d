"""Draw lists: a module's entrants and the places of its sessions; and their draw file."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
from sqlalchemy import func, or_, select

from compete.domain.ceremonies.holding import checked
from compete.domain.ceremonies.reading import read_draw_file
from compete.domain.ceremonies.types import (
    FORMAT,
    Before,
    Draw,
    DrawFile,
    Party,
    Person,
    Place,
    Rule,
)
from compete.domain.ceremonies.units_then_people import BY_ROUNDS, IN_A_ROW, layered_draws
from compete.domain.ceremonies.writing import write_draw_file
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.states import CeremonyState, CheckInKind
from compete.models import (
    CheckIn,
    DrawCeremony,
    DrawShare,
    Entrant,
    Event,
    OutcomeEntry,
    PaperDraw,
    Sheet,
    Slot,
    Unit,
    db,
)
from compete.services.kernel.clock import local_zone
from compete.services.kernel.competition_settings import RoomSeats, Timetable
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import kept_text
from compete.services.schedule.admissions import admitted_in
from compete.services.schedule.away import NOT_COMING
from compete.services.schedule.stage_moves import people_of_stage
from compete.services.scoring.live import live_results
from compete.services.sheets.absences import brought_along

_MOST_PLACES = 5000
_MOST_MINUTES = 24 * 60
_YEARS = range(1900, 2200)
"""A draw's sessions are in these; their turns go on for days, and no calendar may end there."""
_PARTS = 4
LONGEST_PLACE = 80
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class PlaceList:
    """The places of a draw in the file's words, and each place's instants as ISO texts.

    Beside the instants stand the number of its `room` and its `seat` there, where it has them.
    """

    places: list[dict[str, Any]]
    times: dict[str, dict[str, str | None]]


class PlacesError(ValueError):
    """A refusal of lines that make no places; `faults` says why, by field."""

    def __init__(self, faults: Mapping[str, Message]) -> None:
        super().__init__("; ".join(f"{name}: {fault}" for name, fault in faults.items()))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class _Session:
    name: str
    starts: datetime
    turns: int
    minutes: int

    @property
    def ends(self) -> datetime:
        """The time when the last turn is over."""
        return self.starts + timedelta(minutes=self.turns * self.minutes)

    def times(self, turn: int, early: timedelta) -> dict[str, str | None]:
        """The instants of a turn, counted from 0, with check-in so much earlier."""
        starts = self.starts + timedelta(minutes=self.minutes * turn)
        ends = starts + timedelta(minutes=self.minutes) if self.minutes else None
        return {
            "check_in": (starts - early).isoformat() if early else None,
            "starts": starts.isoformat(),
            "ends": ends.isoformat() if ends else None,
        }


def nfc(text: str) -> str:
    """A text of the desk's as draw files want it."""
    return unicodedata.normalize("NFC", text)


def _has_hidden_signs(text: str) -> bool:
    """True if a name has control characters or line breaks, which no draw file may hold."""
    return any(unicodedata.category(sign) in ("Cc", "Zl", "Zp") for sign in text)


def people_to_draw(event: Event, stage: str, module: str) -> list[dict[str, str]]:
    """List who is to be drawn, {code, unit} in code point order: in the stage and not away.

    Whoever brought the mark along sits nothing here, and where applicants are reviewed nobody
    sits who was not passed.
    """
    away = select(OutcomeEntry.entrant_id).where(
        OutcomeEntry.stage == stage,
        or_(OutcomeEntry.module.is_(None), OutcomeEntry.module == module),
        OutcomeEntry.withdrawn_at.is_(None),
        OutcomeEntry.status.in_(NOT_COMING),
    )
    query = (
        select(Entrant.id, Entrant.code, Unit.code)
        .join(Unit, Unit.id == Entrant.unit_id)
        .where(Entrant.event_id == event.id, Entrant.id.not_in(away), takes_part())
    )
    people = db.session.execute(query).tuples().all()
    if (admitted := admitted_in(event)) is not None:
        people = [row for row in people if row[0] in admitted]
    if stage != rules_of(event).stages[0].code:
        results = live_results(event.competition).event(event.code)
        in_stage = set(people_of_stage(results, stage))
        people = [row for row in people if row[1] in in_stage]
    if brought := brought_along(event):
        people = [row for row in people if (row[0], module) not in brought]
    return sorted(
        ({"code": code, "unit": unit} for _number, code, unit in people),
        key=lambda person: person["code"],
    )


def check_people(people: Sequence[Any], places: Sequence[Any]) -> None:
    """Raise `Refused` where nobody is to be drawn, or (INVALID) there are too few places."""
    if not people:
        raise Refused(msg("这个模块还没有谁要抽签"))
    if len(places) < len(people):
        raise invalid(
            msg(
                "有 %(people)s 个参赛号，只有 %(places)s 个位置，加场次或者每场多几个",
                people=len(people),
                places=len(places),
            )
        )


def has_sheets(event: Event, stage: str, module: str | None = None) -> bool:
    """True if judges have sheets there: then a station cannot change any more; None: in a stage."""
    query = select(Sheet.id).where(of_event(Sheet, event, stage, module))
    return db.session.scalar(query.limit(1)) is not None


def refuse_while_drawing(event: Event, stage: str) -> None:
    """Raise `Refused` while shares are being opened: no sheet goes by a station till then."""
    running = db.session.scalar(
        select(DrawCeremony.name).where(
            of_event(DrawCeremony, event, stage),
            DrawCeremony.state.in_((CeremonyState.OPENING, CeremonyState.FIXED)),
        )
    )
    if running is not None:
        raise Refused(msg("“%(name)s”正在抽签，抽完再来", name=running))


def read_places(stations: str, sessions: str, check_in: str) -> PlaceList:
    """The places that the organiser's lines make. Raises `PlacesError`, by field.

    A line of `stations` is a station's name. One of `sessions` has a name, when it
    begins, how many turns each station has, and the minutes from turn to turn.
    `check_in` is how many minutes before their turn people are to check in.
    """
    faults: dict[str, Message] = {}
    lines = _lines(stations)
    if not lines:
        faults["stations"] = msg("写工位，一行一个")
    elif len(set(lines)) < len(lines):
        faults["stations"] = msg("有两个工位同名")
    _refuse_long("stations", lines, faults)
    known = _sessions(sessions, faults)
    for name, text in (("stations", lines), ("sessions", _lines(sessions))):
        if any(_has_hidden_signs(line) for line in text):
            faults[name] = msg("有看不见的字符，请删掉再试")
    early = whole_number(check_in or "0", _MOST_MINUTES)
    if early is None:
        faults["check_in"] = msg("写 0 或更大的整数，单位是分钟")
    if not faults and len(lines) * sum(session.turns for session in known) > _MOST_PLACES:
        faults["sessions"] = msg("位置太多了，最多 %(most)s 个", most=_MOST_PLACES)
    if faults:
        raise PlacesError(faults)
    return _places(lines, known, timedelta(minutes=early or 0))


def places_of(timetable: Timetable) -> PlaceList:
    """List the places that are laid out and not closed. Raises `PlacesError`, by field."""
    whole = whole_places(timetable)
    closed = set(timetable.closed)
    return PlaceList([place for place in whole.places if place["code"] not in closed], whole.times)


def whole_places(timetable: Timetable) -> PlaceList:
    """List the places that are laid out, closed ones too. Raises `PlacesError`, by field."""
    whole = read_places(timetable.stations, timetable.sessions, timetable.check_in)
    if timetable.seats:
        return _seats(timetable)
    if timetable.room is not None:
        for times in whole.times.values():
            times["room"] = str(timetable.room)
    return whole


def _seats(timetable: Timetable) -> PlaceList:
    """List the seats of rooms: by session, turn, room and seat, as they are in the rooms."""
    sessions = {it.name: it for it in _sessions(timetable.sessions, {})}
    lines = _lines(timetable.stations)
    early = timedelta(minutes=whole_number(timetable.check_in or "0", _MOST_MINUTES) or 0)
    before = _turns_before(sessions.values())
    seats: list[tuple[tuple[int, int, int, int], RoomSeats]] = []
    place_of: dict[str, int] = {name: number for number, name in enumerate(sessions)}
    for it in timetable.seats:
        for at in range(it.first - 1, it.first - 1 + it.count):
            turn, seat = divmod(at, it.places)
            seats.append(((place_of[it.session], turn, lines.index(it.station), seat), it))
    place_list = PlaceList([], {})
    times: dict[tuple[str, int], dict[str, str | None]] = {}
    for (_session, turn, line, seat), it in sorted(seats, key=lambda row: row[0]):
        session = sessions[it.session]
        order = (before[it.session] + turn) * it.places + seat + 1
        code = f"{line + 1}-{order}"
        place = {"code": code, "line": it.station, "order": order, "session": it.session}
        place_list.places.append(place)
        turn_times = times.get((it.session, turn))
        if turn_times is None:
            turn_times = times[it.session, turn] = session.times(turn, early)
        place_list.times[code] = turn_times | {
            "room": str(it.room),
            "seat": str(seat + 1),
        }
    return place_list


def _turns_before(sessions: Iterable[_Session]) -> dict[str, int]:
    """Count the turns before each session begins."""
    before, turns = {}, 0
    for session in sessions:
        before[session.name] = turns
        turns += session.turns
    return before


def _places(stations: Sequence[str], sessions: Sequence[_Session], early: timedelta) -> PlaceList:
    """List places by session, turn, station; a station's turns are counted over all sessions."""
    place_list = PlaceList([], {})
    turns_before = 0
    for session in sessions:
        for turn in range(1, session.turns + 1):
            for number, station in enumerate(stations, start=1):
                order = turns_before + turn
                code = f"{number}-{order}"
                place_list.places.append(
                    {"code": code, "line": station, "order": order, "session": session.name}
                )
                place_list.times[code] = session.times(turn - 1, early)
        turns_before += session.turns
    return place_list


def _sessions(text: str, faults: dict[str, Message]) -> list[_Session]:
    sessions: list[_Session] = []
    for number, line in enumerate(_lines(text), start=1):
        session = _session(line)
        if session is None:
            faults["sessions"] = msg(
                "第 %(n)s 行“%(line)s”看不懂。要写成：第1场，2026-09-16 08:40，6，10",
                n=number,
                line=line[:40],
            )
            return []
        sessions.append(session)
    if _refuse_long("sessions", [session.name for session in sessions], faults):
        return []
    if not sessions:
        faults["sessions"] = msg("写场次，一行一场")
    elif len({session.name for session in sessions}) < len(sessions):
        faults["sessions"] = msg("有两场同名")
    else:
        _refuse_overlaps(sessions, faults)
    return sessions


def _refuse_long(field: str, names: Sequence[str], faults: dict[str, Message]) -> bool:
    """Note the first name that is too long; never cut, or two would become one."""
    for number, name in enumerate(names, start=1):
        if len(name) > LONGEST_PLACE:
            faults[field] = msg(
                "第 %(n)s 行的名称最长 %(most)s 个字，现在是 %(found)s 个",
                n=number,
                most=LONGEST_PLACE,
                found=len(name),
            )
            return True
    return False


def _refuse_overlaps(sessions: Sequence[_Session], faults: dict[str, Message]) -> None:
    """Refuse sessions that overlap: each is at every station, so none begins before one is over."""
    for before, after in pairwise(sorted(sessions, key=lambda session: session.starts)):
        if after.starts < before.ends:
            faults["sessions"] = msg(
                "%(after)s %(starts)s 开始，%(before)s 要到 %(ends)s 才完，同一个工位上会有两个人",
                after=after.name,
                starts=f"{after.starts:%H:%M}",
                before=before.name,
                ends=f"{before.ends:%H:%M}",
            )
            return


def _session(line: str) -> _Session | None:
    parts = [part.strip() for part in line.replace(",", "，").split("，")]
    if len(parts) != _PARTS or not parts[0]:
        return None
    starts = day_and_time(parts[1])
    if starts is None:
        return None
    turns, minutes = whole_number(parts[2], _MOST_PLACES), whole_number(parts[3], _MOST_MINUTES)
    if not turns or minutes is None:
        return None
    return _Session(parts[0], starts, turns, minutes)


def day_and_time(text: str) -> datetime | None:
    """The instant of 2026-09-16 08:40 by the hall's clock, or None."""
    try:
        at = datetime.fromisoformat(text.strip().replace("：", ":"))
    except ValueError:
        return None
    return at.replace(tzinfo=local_zone()) if at.year in _YEARS else None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in nfc(text).splitlines() if line.strip()]


def plain_name(text: str, missing: Message) -> str:
    """A name as draw files want it. Raises `Refused` for none, or for one that they refuse."""
    name = kept_text(nfc(text), LONGEST_NAME, missing)
    if _has_hidden_signs(name):
        raise invalid(msg("有看不见的字符，请删掉再试"))
    return name


def standing_papers(
    event: Event, stage: str | None = None, module: str | None = None
) -> list[PaperDraw]:
    """List an event's or a module's draws on paper that count, the newest first.

    Those count that were not ended, and over which nothing was drawn since.
    """
    papers = db.session.scalars(
        select(PaperDraw)
        .where(of_event(PaperDraw, event, stage, module), PaperDraw.ended_at.is_(None))
        .order_by(PaperDraw.id.desc())
    ).all()
    if not papers:
        return []
    drawn = db.session.execute(
        select(DrawCeremony.stage, DrawCeremony.module, func.max(DrawCeremony.drawn_at))
        .where(of_event(DrawCeremony, event, stage, module), DrawCeremony.drawn_at.is_not(None))
        .group_by(DrawCeremony.stage, DrawCeremony.module)
    )
    since = {(stage, module): at for stage, module, at in drawn.tuples()}
    return [
        paper
        for paper in papers
        if (at := since.get((paper.stage, paper.module))) is None or paper.made_at > at
    ]


def why_over_paper(event: Event, stage: str, module: str) -> Message | None:
    """Say that a draw on paper stands that a supervisor signed: two have to end it; else None."""
    if not any(paper.signed_by for paper in standing_papers(event, stage, module)):
        return None
    return msg("这个模块在纸上抽过，监督签了名。要再抽，先作废那一次：写理由，另一个人同意")


def why_places_in_use(event: Event, stage: str, module: str) -> Message | None:
    """Say that people were let in for their places, which are kept then; None where nobody was."""
    sessions = select(Slot.session).where(
        of_event(Slot, event, stage, module), Slot.session.is_not(None)
    )
    people = select(Slot.entrant_id).where(of_event(Slot, event, stage, module))
    undone = select(CheckIn.undoes).where(
        CheckIn.competition_id == event.competition_id, CheckIn.undoes.is_not(None)
    )
    inside = db.session.scalar(
        select(func.count(CheckIn.entrant_id.distinct())).where(
            CheckIn.stage == stage,
            CheckIn.kind == CheckInKind.PASSED,
            CheckIn.uuid.not_in(undone),
            CheckIn.entrant_id.in_(people),
            or_(CheckIn.module == module, CheckIn.session.in_(sessions)),
        )
    )
    if not inside:
        return None
    return msg("已经有 %(n)s 个参赛号检录进场，抽签不能作废。检错的，先撤销检录", n=inside)


STATION = "station"
LAYERS = (IN_A_ROW, BY_ROUNDS)
"""The values of `layer` if units are drawn first; a ceremony of stations has none."""
UNSEALED = "0" * 64
"""Stands for a seal that nobody has handed in yet; a file with it is never published."""


def file_of(ceremony: DrawCeremony) -> DrawFile:
    """The ceremony as its file says it now, checked against the format.

    Raises `DrawFileError` where the format has something against it.
    """
    parties = [_party(share) for share in ceremony.shares if not share.spare]
    spares = [_party(share) for share in ceremony.shares if share.spare]
    return checked(
        DrawFile(
            format=FORMAT,
            ceremony=ceremony.name,
            number=ceremony.number,
            before=msgspec.convert(ceremony.before, Before) if ceremony.before else None,
            draws=_draws(ceremony),
            parties=tuple(parties),
            spare=spares[0] if spares else Party(name="", seal=UNSEALED, share=None, key=None),
        )
    )


def published_file(ceremony: DrawCeremony) -> DrawFile | None:
    """The file as it was last published; None before the head is."""
    return read_draw_file(ceremony.file.encode()) if ceremony.file is not None else None


def file_text(file: DrawFile) -> str:
    """The bytes of the file as text, to be kept."""
    return write_draw_file(file).decode()


def _draws(ceremony: DrawCeremony) -> tuple[Draw, ...]:
    """Make one draw for stations, or for each group that is drawn apart; or one of the units and
    one of the people of each."""
    event = ceremony.event
    people = _values(ceremony.people, Person)
    places = _values(ceremony.places, Place)
    if ceremony.layer in LAYERS:
        return layered_draws(
            event.code, ceremony.stage, ceremony.module, ceremony.layer, people, places
        )
    known = ceremony.rule or {}
    rule = msgspec.convert(known, Rule) if known.keys() & {"apart", "per_session"} else None
    alone = {
        "people": [person.code for person in people],
        "places": [place.code for place in places],
    }
    return tuple(
        Draw(
            event=event.code,
            stage=ceremony.stage,
            module=ceremony.module,
            layer=ceremony.layer,
            people=tuple(person for person in people if person.code in own),
            places=tuple(place for place in places if place.code in theirs),
            rule=rule,
            result=(),
            unmet=(),
            tries=0,
        )
        for group in known.get("groups") or [alone]
        for own, theirs in [(set(group["people"]), set(group["places"]))]
    )


def _values(rows: list[Any], kind: type[Any]) -> tuple[Any, ...]:
    return tuple(msgspec.convert(rows, list[kind]))  # type: ignore[valid-type]


def _party(share: DrawShare) -> Party:
    return Party(name=share.name, seal=share.seal, share=share.share, key=share.key)
