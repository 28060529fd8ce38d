"""Who drew what: people in the order of places, units in that of their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from compete.domain.ceremonies import DrawFile, final_places
from compete.models import DrawCeremony, Entrant
from compete.services.registration import entrants_by_code
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


def rows_of(ceremony: DrawCeremony, drawn: DrawFile) -> Sequence[PlaceRow]:
    """Who got which place, in the order of places."""
    people = people_of(ceremony)
    rows = []
    for position, row in enumerate(final_places(drawn), start=1):
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
