"""The big screen of a draw in words: its steps, the shares, and all places with their people."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.domain.ceremonies.types import DrawFile, Place
from compete.domain.ceremonies.units_then_people import Final, final_places
from compete.domain.values.hashwords import hash_phrase
from compete.domain.values.states import CeremonyState
from compete.models import DrawCeremony, DrawShare, utc_now
from compete.services.kernel.event_rules import module_title
from compete.services.schedule.draw_files import LAYERS, published_file
from compete.web.organiser.schedule.draws.view_model import (
    ceremony_url,
    check_url,
    ended_words,
    hashes_of,
    heads_of,
    people_of,
    rule_words,
    starts_at,
    steps_of,
    turns_of,
    units_of,
)
from compete.web.templating import clock, day, zone

_S = CeremonyState
_NAMED = 6
_SHARE_SHOWN = 60
_UNIT_COLUMNS, _UNIT_ROWS = 4, 8


def describe_screen(ceremony: DrawCeremony) -> dict[str, Any]:
    """Build the present screen, as `hall/draw.html` says; places have names once all is opened."""
    published = file = published_file(ceremony)
    if ceremony.state in (_S.VOID, _S.ENDED):
        file = None
    drawn = {row.place.code: row for row in final_places(file)} if file else {}
    filled = [Place(**place) for place in ceremony.places[: len(ceremony.people)]]
    stations = list(dict.fromkeys(place.line or "" for place in filled))
    places = _places(ceremony, filled, stations, drawn)
    now = utc_now().astimezone(zone())
    units = {person["unit"] for person in ceremony.people}
    told = {
        "who": heads_of(ceremony, len(ceremony.people)),
        "units": len(units),
        "stations": len(stations),
    }
    note = (
        _("%(who)s、%(units)s 个单位、%(stations)s 个工位。电脑随机抽，名单先封存", **told)
        if ceremony.by_computer
        else _(
            "%(who)s、%(units)s 个单位、%(stations)s 个工位。种子由各方的签合成，谁也不能单独定",
            **told,
        )
    )
    return {
        "key": f"draw-{ceremony.id}-{(ceremony.head or '')[:12]}",
        "competition": ceremony.event.competition.name,
        "title": module_title(ceremony.event, ceremony.stage, ceremony.module),
        "note": note
        if ceremony.number == 1
        else _("第 %(n)s 次抽：%(note)s", n=ceremony.number, note=note),
        "day": day(now),
        "seconds": now.hour * 3600 + now.minute * 60 + now.second,
        "phase": ceremony.state.value,
        "steps": steps_of(ceremony),
        "hashes": hashes_of(ceremony, published),
        "shares": [_share(ceremony, share) for share in ceremony.shares],
        "boards": [
            *([_units(ceremony, file if drawn else None)] if ceremony.layer in LAYERS else []),
            {
                "stations": stations,
                "turns": _turns(ceremony, filled),
                "places": places,
                "columns": len(stations),
            },
        ],
        "rule": rule_words(ceremony),
        "adjusted": _adjusted(ceremony, places, file),
        "ended": ended_words(ceremony),
        "check_url": check_url(ceremony),
        "data_url": ceremony_url(ceremony, "hall/data"),
    }


def _share(ceremony: DrawCeremony, share: DrawShare) -> dict[str, Any]:
    closed = share.opened_at is None
    over = (_S.DRAWN, _S.VOID, _S.ENDED)
    return {
        "name": share.name,
        "spare": share.spare,
        "words": hash_phrase(bytes.fromhex(share.seal)),
        "share": _clipped(share.share),
        "time": clock(share.opened_at) if share.opened_at else "",
        "refused": closed and share.refused_at is not None,
        "missed": closed and ceremony.state in (over if share.spare else (*over, _S.FIXED)),
    }


def _clipped(share: str | None) -> str | None:
    """Cut a share to the length that fits beside the others; the file has the whole of it."""
    return f"{share[:_SHARE_SHOWN]}…" if share and len(share) > _SHARE_SHOWN else share


def _turns(ceremony: DrawCeremony, places: list[Place]) -> list[dict[str, Any]]:
    """List a row for each turn; the session stands where it begins."""
    turns: list[dict[str, Any]] = []
    last_order, last_session, number = None, None, 0
    for place in places:
        if place.order == last_order:
            continue
        begins = place.session != last_session
        number = 1 if begins else number + 1
        turns.append(
            {
                "session": place.session or "" if begins else "",
                "time": starts_at(ceremony, place.code) if begins else "",
                "number": number,
            }
        )
        last_order, last_session = place.order, place.session
    return turns


def _places(
    ceremony: DrawCeremony, places: list[Place], stations: list[str], drawn: dict[str, Final]
) -> list[dict[str, Any]]:
    people = people_of(ceremony) if drawn else {}
    orders = {order: row for row, order in enumerate(dict.fromkeys(p.order for p in places), 1)}
    turns = turns_of(places)
    found = []
    for place in places:
        row = drawn.get(place.code)
        person = people.get(row.code) if row else None
        found.append(
            {
                "code": place.code,
                "column": stations.index(place.line or "") + 1,
                "row": orders[place.order],
                "station": place.line or place.code,
                "where": turns[place.code],
                "time": starts_at(ceremony, place.code),
                "person": row.code if row else "",
                "name": person.name if person else "",
                "unit": person.unit.name if person else "",
                "moved": bool(row and row.moved),
            }
        )
    return found


def _units(ceremony: DrawCeremony, drawn: DrawFile | None) -> dict[str, Any]:
    """The numbers of the units; before the draw empty."""
    rows = units_of(ceremony, drawn) if drawn else []
    number = len({person["unit"] for person in ceremony.people})
    columns = max(1, min(_UNIT_COLUMNS, -(-number // _UNIT_ROWS)))
    places = []
    for at in range(number):
        code, name, people = rows[at] if rows else ("", "", 0)
        places.append(
            {
                "code": str(at + 1),
                "column": at % columns + 1,
                "row": at // columns + 1,
                "station": _("第 %(n)s 号", n=at + 1),
                "where": _("单位的号"),
                "time": "",
                "person": code,
                "name": name,
                "unit": heads_of(ceremony, people) if rows else "",
                "moved": False,
            }
        )
    turns = [{"session": "", "time": "", "number": 0}] * -(-number // columns)
    return {"stations": [], "turns": turns, "places": places, "columns": columns}


def _adjusted(ceremony: DrawCeremony, places: list[dict[str, Any]], file: DrawFile | None) -> str:
    """Count the people whom the rule moved, and the places that could not meet it."""
    if file is None or ceremony.layer in LAYERS or not any(place["person"] for place in places):
        return ""
    unmet = {code for draw in file.draws for code in draw.unmet}
    moved = [place["name"] or place["person"] for place in places if place["moved"]]
    said = _("已调 %(who)s", who=heads_of(ceremony, len(moved)))
    if moved:
        named = _("、").join(moved[:_NAMED])
        said += _("：%(names)s 等", names=named) if len(moved) > _NAMED else f"：{named}"
    where = [place for place in places if place["code"] in unmet]
    if not where:
        return _("%(moved)s。没有做不到的", moved=said)
    return _(
        "%(moved)s。没做到的 %(n)s 处：%(places)s",
        moved=said,
        n=len(where),
        places=_("、").join(f"{place['station']} {place['where']}" for place in where[:_NAMED]),
    )
