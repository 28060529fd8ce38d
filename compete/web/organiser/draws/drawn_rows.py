"""Who drew what: people in the order of places, units in that of their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext as _

from compete.domain.ceremonies.types import DrawFile, Place
from compete.domain.ceremonies.units_then_people import final_places
from compete.models import DrawCeremony, Entrant
from compete.services.registration.finding import entrants_by_code
from compete.web.organiser.draws.shapes import PlaceRow, UnitRow
from compete.web.templating import clock


def people_of(ceremony: DrawCeremony) -> dict[str, Entrant]:
    """Who was drawn, by code."""
    codes = [person["code"] for person in ceremony.people]
    return entrants_by_code(ceremony.event.competition, codes)


def starts_at(ceremony: DrawCeremony, place: str) -> str:
    """When a place begins, by the hall's clock."""
    text = ceremony.times.get(place, {}).get("starts")
    return clock(datetime.fromisoformat(text)) if text else ""


def units_of(ceremony: DrawCeremony, drawn: DrawFile) -> Sequence[UnitRow]:
    """The units of a draw in which they are drawn first, in the order that they drew."""
    names = {person.unit.code: person.unit.name for person in people_of(ceremony).values()}
    people = Counter(person["unit"] for person in ceremony.people)
    return [
        UnitRow(
            number=number,
            code=row.code,
            name=names.get(row.code, row.code),
            people=people[row.code],
        )
        for number, row in enumerate(drawn.draws[0].result, start=1)
    ]


def moved_by_rule(ceremony: DrawCeremony, drawn: DrawFile | None) -> int | None:
    """How many the rule moved; None where there is no rule."""
    if not (ceremony.rule or {}).keys() & {"apart", "per_session"}:
        return None
    return sum(row.moved for draw in drawn.draws for row in draw.result) if drawn else 0


def turns_of(places: Iterable[Place]) -> dict[str, str]:
    """By its code which turn of its session a place is, in words."""
    numbers: dict[str | None, dict[int | None, int]] = {}
    said = {}
    for place in places:
        turns = numbers.setdefault(place.session, {})
        turn = turns.setdefault(place.order, len(turns) + 1)
        said[place.code] = _("%(session)s第 %(n)s 个", session=place.session, n=turn)
    return said


def unmet_of(drawn: DrawFile) -> Sequence[str]:
    """The places at which the rule could not be met: station, session and turn."""
    said = []
    for draw in drawn.draws:
        turns = turns_of(draw.places)
        stations = {place.code: place.line or place.code for place in draw.places}
        said += [f"{stations[code]} {turns[code]}" for code in draw.unmet]
    return said


def rows_of(ceremony: DrawCeremony, drawn: DrawFile) -> Sequence[PlaceRow]:
    """Who got which place, in the order of places."""
    people = people_of(ceremony)
    order = {place["code"]: number for number, place in enumerate(ceremony.places)}
    rows = []
    final = sorted(final_places(drawn), key=lambda row: order[row.place.code])
    for position, row in enumerate(final, start=1):
        person, place = people.get(row.code), row.place
        rows.append(
            PlaceRow(
                position=position,
                place=place.line or place.code,
                session=place.session or "",
                time=starts_at(ceremony, place.code),
                code=row.code,
                name=person.name if person else "",
                unit=person.unit.name if person else "",
                moved=row.moved,
            )
        )
    return rows
