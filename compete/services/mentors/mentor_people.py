"""People of agreements: those that the directory knows, and new ones, looked up many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import aliased

from compete.domain.identity.errors import IdentityError
from compete.domain.identity.papers import Paper, check_paper
from compete.domain.values.messages import Message, msg
from compete.models import Account, Mentorship, Person, db
from compete.models.types import keyed_hash
from compete.services.directory.merged import standing
from compete.services.directory.own_competitions import sees_all
from compete.services.directory.person_records import name_key_of
from compete.services.directory.visible_people import comes_to_one_of
from compete.services.kernel.chunks import rows_among, tuples_among
from compete.services.mentors.mentor_rights import is_seen_by

Somebody: TypeAlias = int | tuple[str, str, str]
"""The number of a record that stands, or of a new one its name, unit and number's hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Who is written in a row: a name, a unit, an ID number or none."""

    name: str
    unit: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """Who is meant: a record, or somebody new under this key; or why nobody can be."""

    who: Somebody
    person: Person | None
    id_hash: str | None
    fault: Message | None = None
    number: str = ""
    """The ID number as it is kept."""


class PeopleSought:
    """The records among which the people of some rows are looked for.

    By the number and the name; without a number by name and unit, of whom the account sees.
    """

    def __init__(self, meant: Iterable[Meant], by: Account) -> None:
        sought = set(meant)
        hashes = {keyed_hash(number) for it in sought if (number := _checked(it)[0])}
        keys = {name_key_of(it.name) for it in sought if not it.number}
        people = select(Person).order_by(Person.id)
        self._by_hash: dict[tuple[str, str], Person] = {}
        for row in rows_among(people, Person.id_hash, sorted(hashes)):
            self._by_hash.setdefault((row.id_hash or "", row.name_key), standing(row))
        self._by_name: dict[str, dict[int, tuple[Person, set[str]]]] = defaultdict(dict)
        seen = people if sees_all(by) else people.where(comes_to_one_of(by, Person))
        for row in rows_among(seen, Person.name_key, sorted(keys)):
            self._remember(row.name_key, row, row.unit_key or "")
        for column, unit in (
            (Mentorship.mentor_id, Mentorship.mentor_unit),
            (Mentorship.pupil_id, Mentorship.pupil_unit),
        ):
            person = aliased(Person)
            own = (
                select(person, unit)
                .join(Mentorship, column == person.id)
                .where(is_seen_by(by))
                .order_by(Mentorship.id)
            )
            for row, word in tuples_among(own, person.name_key, sorted(keys)):
                self._remember(row.name_key, row, name_key_of(word))

    def _remember(self, key: str, row: Person, unit: str) -> None:
        person = standing(row)
        self._by_name[key].setdefault(person.id, (person, set()))[1].add(unit)

    def find(self, meant: Meant) -> FoundPerson:
        """Who is meant; somebody new where nobody is."""
        name, unit = name_key_of(meant.name), name_key_of(meant.unit)
        if meant.number:
            number, fault = _checked(meant)
            key = keyed_hash(number) if number else None
            person = self._by_hash.get((key or "", name))
            who: Somebody = person.id if person is not None else (name, "", key or meant.number)
            return FoundPerson(who, person, key, fault, number)
        people = list(self._by_name.get(name, {}).values())
        near = [person for person, units in people if unit in units] if unit else []
        if not near and not unit:
            near = [person for person, _units in people]
        if len(near) > 1:
            words = msg("有 %(n)s 个同名的，写身份证号码", n=len(near))
            return FoundPerson((name, unit, ""), None, None, words)
        if near:
            return FoundPerson(near[0].id, near[0], near[0].id_hash)
        return FoundPerson((name, unit, ""), None, None)


def _checked(meant: Meant) -> tuple[str, Message | None]:
    """The number as it is kept, or what is wrong with it."""
    if not meant.number:
        return "", None
    try:
        return check_paper(Paper.CITIZEN_ID, meant.number), None
    except IdentityError as error:
        return "", error.message


def new_person(meant: Meant, sought: FoundPerson) -> Person:
    """A record of somebody whom the directory does not know; inside a unit of work."""
    person = Person(name=meant.name, name_key=name_key_of(meant.name))
    person.unit_name, person.unit_key = meant.unit or None, name_key_of(meant.unit) or None
    if sought.id_hash is not None:
        person.id_number, person.id_hash = sought.number, sought.id_hash
    db.session.add(person)
    return person


def mentorships_about(people: Sequence[int]) -> list[Mentorship]:
    """The agreements that count and have one of these records, in their order."""
    rows: dict[int, Mentorship] = {}
    query = select(Mentorship).order_by(Mentorship.id)
    for column in (Mentorship.mentor_id, Mentorship.pupil_id):
        rows |= {row.id: row for row in rows_among(query, column, people)}
    return [rows[number] for number in sorted(rows)]
