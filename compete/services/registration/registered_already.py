"""Who is registered already, as far as a few new rows are concerned: not everybody is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select

from compete.models import Competition, Entrant, Member, db
from compete.services.kernel.beginnings import begins
from compete.services.kernel.clock import local_today
from compete.services.registration.preview import id_key, known_people
from compete.sheets.registration.draft import check_fields
from compete.sheets.registration.people import KnownPeople, RegistrationOffer
from compete.sheets.registration.table import RawRow
from compete.sheets.texts import as_typed

_FEW = 200


def known_to(
    competition: Competition, offer: RegistrationOffer, rows: Sequence[RawRow]
) -> KnownPeople:
    """Those who bear an ID number or a code of these rows, and the highest codes in use.

    Of many rows, or where one names a crew, which is found by a name alone, it is everybody.
    """
    if len(rows) > _FEW or any("crew" in row.cells for row in rows):
        return known_people(competition)
    keys, codes, today = set(), set(), local_today()
    for row in rows:
        typed = {key: as_typed(cell) for key, cell in row.cells.items()}
        checked = check_fields(typed, offer, today=today)
        if checked.said.paper and checked.said.id_number:
            keys.add(id_key(checked.said.paper, checked.said.id_number))
        if checked.said.code:
            codes.add(checked.said.code)
    prefixes = {event.code_prefix for event in offer.events}
    known = known_people(competition, (keys, codes))
    return replace(known, codes=highest_codes(competition, prefixes))


def highest_codes(competition: Competition, prefixes: set[str]) -> list[str]:
    """Of the codes that begin so those after which the next one is given: the last of each length.

    Where the last of a length is no number after its prefix, all of that length.
    """
    found: list[str] = []
    for prefix in sorted(prefixes):
        for table in (Entrant, Member):
            here = [table.competition_id == competition.id, begins(table.code, prefix)]
            if "-" not in prefix:
                # Such as a crew's members have: the crew's code, a dash and a number.
                here.append(~table.code.contains("-"))
            size = func.length(table.code)
            query = select(size, func.max(table.code)).where(*here).group_by(size).order_by(size)
            for length, last in db.session.execute(query).tuples():
                rest = last[len(prefix) :]
                if rest.isascii() and rest.isdigit():
                    found.append(last)
                else:
                    found += db.session.scalars(select(table.code).where(*here, size == length))
    return found
