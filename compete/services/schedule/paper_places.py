"""A draw on paper, entered: who drew which place, line by line as its record has them."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from compete.domain.values.messages import Message, listed, msg, some_of
from compete.models import Event
from compete.services.schedule.draw_lists import PlaceList, PlacesError, nfc, people_to_draw
from compete.services.schedule.slots import GivenPlace

_MOST_NAMED = 5
_MOST_FAULTS = 10
_FIELD = "lines"


def read_drawn(
    event: Event, stage: str, module: str, places: PlaceList | None, text: str
) -> list[GivenPlace]:
    """Read what everybody drew of these places; where they could not be read (None), nothing, and
    only who is named is looked at.

    A line has the number, the session, the station and, where known, which turn of the session
    at that station; else the lines stand in their turns. Raises `PlacesError` (`lines`) that
    tells at once every line that says no place, who or what stands twice, and who is left out.
    """
    people = {person["code"] for person in people_to_draw(event, stage, module)}
    turns = _turns(places.places) if places else None
    given: dict[str, GivenPlace] = {}
    taken: dict[str, str] = {}
    named: set[str] = set()
    faults: list[Message | str] = []
    for number, line in enumerate(nfc(text).splitlines(), start=1):
        if not line.strip():
            continue
        parts = _parts(line)
        found = _fault(parts, people, named, turns) or _place(parts, turns, taken)
        # Who stands in a line that is wrong is not left out besides.
        named.add(parts[0])
        if isinstance(found, Message):
            faults.append(msg("第 %(n)s 行：%(fault)s", n=number, fault=found))
        elif found is not None and places is not None:
            taken[found["code"]] = parts[0]
            times = places.times[found["code"]]
            given[parts[0]] = GivenPlace(parts[0], found["session"], found["line"], times)
    told = _told(faults, sorted(people - named))
    if told is not None:
        raise PlacesError({_FIELD: told})
    return list(given.values())


def typed_places(places: PlaceList, text: str) -> dict[str, list[str]]:
    """The people by place in lines that may be wrong; one too many joins the last one."""
    turns = _turns(places.places)
    found: dict[str, list[str]] = {}
    for line in nfc(text).splitlines():
        code, session, station, *turn = (*_parts(line), "", "", "")[:4]
        there = turns.get(session, {}).get(station, ())
        if not there:
            continue
        number = int(turn[0][:6]) if turn[0].isascii() and turn[0].isdigit() else 0
        free = (at for at, place in enumerate(there, 1) if place["code"] not in found)
        at = number or next(free, len(there))
        found.setdefault(there[min(at, len(there)) - 1]["code"], []).append(code)
    return found


def _told(faults: Sequence[Message | str], left: Sequence[str]) -> Message | None:
    """Say all that is wrong with the lines, or None: first faults, and who stands in no line."""
    parts = list(faults[:_MOST_FAULTS])
    if len(faults) > _MOST_FAULTS:
        parts.append(msg("一共 %(n)s 行有错", n=len(faults)))
    if left:
        codes = some_of(left, _MOST_NAMED)
        parts.append(msg("还有 %(n)s 个参赛号没有写：%(codes)s", n=len(left), codes=codes))
    return msg("%(faults)s", faults=listed(parts, msg("；"))) if parts else None


_Turns = Mapping[str, Mapping[str, Sequence[dict[str, Any]]]]


def _turns(places: Sequence[dict[str, Any]]) -> _Turns:
    """The places by session and station in the order of their turns."""
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for place in places:
        found.setdefault(place["session"], {}).setdefault(place["line"], []).append(place)
    return found


def _parts(line: str) -> list[str]:
    """The fields of a line: as a sheet's cells are pasted, or with commas between."""
    for mark in ("\t", "，", ","):
        if mark in line:
            return [part.strip() for part in line.split(mark)]
    return line.split()


def _fault(
    parts: Sequence[str], people: Container[str], named: Container[str], turns: _Turns | None
) -> Message | None:
    if len(parts) not in (3, 4):
        return msg("要写成：参赛号，场次，工位，第几个；第几个可以不写")
    code, session, station = parts[:3]
    if code not in people:
        return msg("这个模块没有参赛号 %(code)s", code=code)
    if code in named:
        return msg("%(code)s 写了两次", code=code)
    if turns is None:
        return None
    if session not in turns:
        return msg("没有场次“%(name)s”，有%(known)s", name=session[:40], known=_named(turns))
    stations = turns[session]
    if station not in stations:
        return msg("没有工位“%(name)s”，有%(known)s", name=station[:40], known=_named(stations))
    turn = parts[3] if len(parts) == 4 else ""
    if turn and not (turn.isascii() and turn.isdigit() and int(turn[:6]) > 0):
        return msg("第几个写 1 或更大的整数")
    return None


def _named(names: Mapping[str, object]) -> Message | str:
    return listed(list(names)[:_MOST_NAMED])


def _place(
    parts: Sequence[str], turns: _Turns | None, taken: Mapping[str, str]
) -> dict[str, Any] | Message | None:
    """The place that a sound line says, without a turn the first free one of its station; or
    why there is none.
    """
    if turns is None:
        return None
    there = turns[parts[1]][parts[2]]
    if len(parts) == 4 and parts[3]:
        turn = int(parts[3][:6])
        place = there[turn - 1] if turn <= len(there) else None
    else:
        place = next((place for place in there if place["code"] not in taken), None)
    if place is None:
        return msg("场次里这个工位没有这一个位置了")
    if place["code"] in taken:
        return msg("%(code)s 已经在这个位置", code=taken[place["code"]])
    return place
