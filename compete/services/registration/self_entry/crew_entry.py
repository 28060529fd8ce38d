"""A crew entered from one phone: each of them an entry of their own, handed in together."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from hashlib import sha256

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition, db
from compete.models.types import token_hash
from compete.services.registration.applications import cells_of
from compete.services.registration.crews import crews_around
from compete.services.registration.self_entry.settings import OwnFields, read_own, self_entry_of

OTHERS = range(2, 5)
"""The places of those who are entered beside the one who fills in the form."""
OF_OTHERS = (
    *("name", "paper", "id_number", "gender", "birth", "phone", "role", "group"),
    *("grade", "certificate", "months", "post", "promoted"),
)
"""The fields asked of each of them; whether the whole name is published they say themselves."""
TOGETHER = "together"
"""Among the fields as kept: of those who came from one phone, whose entry was the first."""
_SHARED = ("event", "unit", "other_unit", "crew")
_WHO = ("name", "id_number", "phone")


def field_of(key: str, place: int) -> str:
    """The field's name in the form: `name-2` of the second."""
    return f"{key}-{place}"


def member_link(link: str, place: int) -> str:
    """The link of the one at `place`, which follows from the first one's, and from no other."""
    digest = sha256(f"{link}/{place}".encode()).digest()
    return urlsafe_b64encode(digest[:24]).decode("ascii")


def read_crew(competition: Competition, typed: Mapping[str, str]) -> dict[int, OwnFields]:
    """Read what the form tells of each, by place, from 1; alone is who names nobody beside.

    What is wrong with others is under `field_of`, with the first one's problems. Raises nothing.
    """
    first = read_own(competition, typed, {})
    crew, problems = {1: first}, dict(first.problems)
    shared = {key: typed.get(key, "") for key in _SHARED}
    numbers = {first.checked.values.id_number}
    for place in OTHERS if self_entry_of(competition).crews else ():
        own = {key: typed.get(field_of(key, place), "") for key in OF_OTHERS}
        if not any(own[key].strip() for key in _WHO):
            continue
        fields = read_own(competition, {**own, **shared}, {})
        wrong = {key: what for key, what in fields.problems.items() if key in OF_OTHERS}
        number = fields.checked.values.id_number
        if number and number in numbers:
            wrong["id_number"] = msg("和同组前面的人一样")
        numbers.add(number)
        problems |= {field_of(key, place): what for key, what in wrong.items()}
        crew[place] = fields
    if len(crew) > 1 and "crew" not in problems and not shared["crew"].strip():
        problems["crew"] = msg("写组合的名字")
    crew[1] = OwnFields(
        unit=first.unit, cells=first.cells, checked=first.checked, problems=problems
    )
    return crew


def mark_together(application: Application, first: str) -> None:
    """Keep with whom somebody came; who only wrote the same name of a crew is not of them."""
    if first:
        cells = {**cells_of(application), TOGETHER: first}
        application.cells = json.dumps(cells, ensure_ascii=False)


def partners_of(
    application: Application, states: Collection[ApplicationState]
) -> Sequence[Application]:
    """The others who came from the same phone for the same crew, in these states."""
    mark = cells_of(application).get(TOGETHER)
    if not mark:
        return []
    [people] = crews_around([application], states).values() or [[]]
    return [
        person
        for person in people
        if person.id != application.id and cells_of(person).get(TOGETHER) == mark
    ]


def others_under(link: str) -> list[tuple[str, Application]]:
    """List who was handed in together with the one under this link, each with their own."""
    links = [member_link(link, place) for place in OTHERS]
    rows = db.session.scalars(
        select(Application).where(Application.link_hash.in_([token_hash(own) for own in links]))
    )
    there = {row.link_hash: row for row in rows}
    return [(own, there[key]) for own in links if (key := token_hash(own)) in there]
