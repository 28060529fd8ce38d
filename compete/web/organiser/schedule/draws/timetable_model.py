"""The timetable of a module, sessions × stations: before it is drawn, and once people stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from compete.domain.ceremonies.holding import moved_from
from compete.domain.ceremonies.units_then_people import final_places
from compete.domain.stations import station_order
from compete.domain.values.states import CeremonyState
from compete.models import DrawCeremony, Entrant, Slot
from compete.services.kernel.competition_settings import Timetable
from compete.services.schedule.draw_files import published_file
from compete.services.schedule.draw_lists import PlacesError, read_places
from compete.web.organiser.schedule.draws.shapes import Cell, Head, TimetableView
from compete.web.templating import clock, moment

_MANY_STATIONS = 16
"""Beyond so many, stations go down and sessions across."""
_NAMED = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """A row of places at the same time."""

    session: str | None
    starts: datetime | None
    ends: datetime | None


_At = tuple[Turn, str]
"""A place: when, and at which station."""


def laid_table(
    timetable: Timetable, people: int, marks: Mapping[str, Sequence[str]] | None = None
) -> TimetableView | None:
    """The places before anybody stands there; None where its lines make none.

    `marks` are the numbers that were typed for each place: what is doubled or left is marked.
    """
    cells = _laid(timetable, people, marks)
    return _table(cells) if cells else None


def _laid(
    timetable: Timetable, people: int = 0, marks: Mapping[str, Sequence[str]] | None = None
) -> dict[_At, Cell]:
    try:
        laid = read_places(timetable.stations, timetable.sessions, timetable.check_in)
    except PlacesError:
        return {}
    closed = set(timetable.closed)
    cells: dict[_At, Cell] = {}
    number = 0
    for place in laid.places:
        code = place["code"]
        number += code not in closed
        if code in closed:
            why = timetable.reasons.get(code, "")
            note = _("不用") if why else ""
            cell = Cell(kind="closed", text=why or _("不用"), note=note, place=code)
        elif marks is not None:
            cell = _typed(marks.get(code, ()), code)
        else:
            kind = "free" if number <= people else "spare"
            cell = Cell(kind=kind, text=str(number), place=code)
        cells[_turn(place["session"], laid.times[code]), place["line"]] = cell
    return cells


def sealed_table(ceremony: DrawCeremony) -> TimetableView:
    """The places of a list that is sealed and not drawn yet."""
    return _table(
        {
            (_turn(place["session"], ceremony.times.get(place["code"], {})), place["line"]): Cell(
                kind="free" if at <= len(ceremony.people) else "spare", text=str(at)
            )
            for at, place in enumerate(ceremony.places, start=1)
        }
    )


def _turn(session: str | None, times: Mapping[str, str | None]) -> Turn:
    starts, ends = times.get("starts"), times.get("ends")
    return Turn(
        session,
        datetime.fromisoformat(starts) if starts else None,
        datetime.fromisoformat(ends) if ends else None,
    )


def _typed(codes: Sequence[str], place: str) -> Cell:
    if not codes:
        return Cell(kind="none", text=_("空"), place=place)
    double = len(codes) > 1
    return Cell(
        kind="double" if double else "named",
        text=_("、").join(codes),
        note=_("写了两次") if double else "",
        place=place,
    )


def standing_table(
    slots: Sequence[tuple[Entrant, Slot]],
    moved: Mapping[str, str],
    find: str,
    laid: Timetable | None,
) -> TimetableView:
    """Show everybody's place, with the closed ones as they were `laid` out.

    `moved` are the numbers of those whom the rule put elsewhere.
    """
    plan = _laid(laid) if laid else {}
    there: dict[_At, list[Entrant]] = defaultdict(list)
    for entrant, slot in slots:
        turn = Turn(slot.session, slot.starts_at, slot.ends_at)
        there[turn, slot.station or ""].append(entrant)
    closed = {at: cell for at, cell in plan.items() if cell.kind == "closed"}
    return _table(closed | {at: _stands(people, moved, find) for at, people in there.items()})


def _stands(people: Sequence[Entrant], moved: Mapping[str, str], find: str) -> Cell:
    first = people[0]
    named = _("、").join(person.name for person in people[:_NAMED])
    adjusted = len(people) == 1 and first.code in moved
    unit = first.unit.name if len(people) == 1 else _("共 %(n)s 个", n=len(people))
    return Cell(
        kind="moved" if adjusted else "named",
        text=named,
        note=_("%(unit)s，调", unit=unit) if adjusted else unit,
        moved_from=moved[first.code] if adjusted else "",
        person=first.code if len(people) == 1 else "",
        found=bool(find) and any(is_found(person, find) for person in people),
    )


def is_found(person: Entrant, find: str) -> bool:
    """True if the search words are found in a person."""
    return any(find in text for text in (person.name, person.code, person.unit.name))


def moved_in(
    ceremony: DrawCeremony | None, slots: Sequence[tuple[Entrant, Slot]]
) -> dict[str, str]:
    """Return the people moved by the rule alone, by number, each with their former place."""
    file = published_file(ceremony) if ceremony and ceremony.state is CeremonyState.DRAWN else None
    if file is None:
        return {}
    put = {row.code: (row.place.session, row.place.line) for row in final_places(file) if row.moved}
    came = moved_from(file) if put else {}
    return {
        person.code: " ".join(
            part for part in (came[person.code].session, came[person.code].line) if part
        )
        for person, slot in slots
        if person.code in came and put.get(person.code) == (slot.session, slot.station)
    }


def list_rows(slots: Sequence[tuple[Entrant, Slot]], by: str) -> list[tuple[Entrant, Slot]]:
    """The same as a list, by unit or by name."""
    return sorted(
        slots,
        key=lambda row: (row[0].unit.name if by == "unit" else "", row[0].name_key, row[0].code),
    )


def _table(cells: Mapping[_At, Cell]) -> TimetableView:
    turns = sorted(
        dict.fromkeys(turn for turn, _station in cells),
        key=lambda turn: (turn.starts is None, turn.starts.timestamp() if turn.starts else 0),
    )
    stations = sorted(dict.fromkeys(station for _turn, station in cells), key=station_order)
    nobody = Cell(kind="none")
    days = {turn.starts.date() for turn in turns if turn.starts}
    times = [_head(turn, several=len(days) > 1) for turn in turns]
    posts = [Head(label=station or "—") for station in stations]
    if len(stations) > _MANY_STATIONS:
        return TimetableView(
            corner=_("工位"),
            turned=True,
            heads=times,
            rows=[
                (head, [cells.get((turn, station), nobody) for turn in turns])
                for head, station in zip(posts, stations, strict=True)
            ],
        )
    return TimetableView(
        corner=_("场次"),
        heads=posts,
        rows=[
            (head, [cells.get((turn, station), nobody) for station in stations])
            for head, turn in zip(times, turns, strict=True)
        ],
    )


def _head(turn: Turn, *, several: bool) -> Head:
    """Return the time of a turn; with its day if the timetable has `several`."""
    starts, ends = clock(turn.starts), f"–{clock(turn.ends)}" if turn.ends else ""
    when = (moment(turn.starts) if several else starts) + ends if turn.starts else ""
    return Head(label=turn.session, note=when) if turn.session else Head(label=when or "—")
