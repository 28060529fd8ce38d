"""Everybody of a competition has one record in the installation, found by the ID number's hash."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from compete import services
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Entrant, Judge, Person, db
from compete.services.directory.person_records import connect_everybody, others_under_number
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.chains import known_chains
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.corrections import correct_person
from compete.services.registration.officials import add_official
from compete.services.registration.people_seals import check_people
from tests.services.registration.test_registration import row, sent, written
from tests.sheets.people import citizen_id
from tests.support.small import IDS, small
from tests.support.statements import statements

SERVICES = Path(services.__file__).parent
NEW_ID = citizen_id(date(1991, 2, 3), 5)

Load = Callable[..., Competition]


def another(**people: dict[str, Any]) -> dict[str, Any]:
    """The small competition a year later; `people` are changed by code."""
    plain = small()
    plain["competition"]["code"] = "NEXT"
    plain["units"][0]["name"] = "甲单位（新）"
    for entrant in plain["entrants"]:
        entrant.update(people.get(entrant["code"], {}))
    return plain


def entrant(competition: Competition, code: str) -> Entrant:
    query = select(Entrant).where(Entrant.competition_id == competition.id, Entrant.code == code)
    return db.session.scalars(query).one()


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def assert_whole() -> None:
    """No seal is broken, no chain, and no list was changed behind the program's back."""
    db.session.rollback()
    for chain in known_chains():
        assert list(check_rows(chain.number)) == []
    for competition in db.session.scalars(select(Competition)):
        assert list(check_people(competition)) == []
        assert list(verify_chain(competition)) == []
    assert list(verify_chain(None)) == []


def test_equal_numbers_and_names_are_one_person_and_all_else_is_apart(
    load: Load, organiser: Account
) -> None:
    first = load(small())
    assert count() == 4 + 5  # Officials have no number: each a record of their own.
    second = load(another(P2={"name": "别名"}, P3={"id_number": None}))
    same, other_name, no_number = (
        (entrant(first, code).person, entrant(second, code).person) for code in ("P1", "P2", "P3")
    )
    assert same[0] is same[1]
    assert same[0] is not None
    assert same[0].id_number == IDS["P1"]
    assert same[0].unit_name == "甲单位（新）", "the unit they last came from"
    assert other_name[0] is not other_name[1], "two names under one number are not put together"
    assert other_name[0] is not None
    assert other_name[1] is not None
    assert other_name[0].id_hash == other_name[1].id_hash
    assert others_under_number(entrant(second, "P2"))
    assert not others_under_number(entrant(second, "P1"))
    assert no_number[0] is not no_number[1]
    written(sent(second, [row(unit="乙单位")], organiser), organiser)
    new = db.session.scalars(select(Entrant).where(Entrant.name == "新来")).one()
    assert new.person is not None
    assert new.person.id_number == NEW_ID
    official = add_official(second, Role.RECORDER, "新记分员", organiser)
    assert official.person is not None
    assert official.person.name == "新记分员"
    assert_whole()


def test_who_is_new_is_written_once_with_their_person(load: Load, organiser: Account) -> None:
    competition = load(small())
    with statements(db.engine) as queries:
        written(sent(competition, [row()], organiser), organiser)
    new = [text for text in queries if text.startswith(("INSERT INTO entrant", "UPDATE entrant"))]
    assert [text.split()[0] for text in new] == ["INSERT"]
    person = db.session.scalars(select(Entrant).order_by(Entrant.id.desc())).first()
    assert person is not None
    assert person.person is not None
    assert person.person.name == person.name
    assert_whole()


def test_a_corrected_number_is_followed(load: Load, organiser: Account) -> None:
    first, second = load(small()), load(another(P2={"id_number": NEW_ID}))
    shared = entrant(first, "P1").person_id
    before = count()
    # The record is theirs alone: it takes the correction along.
    alone = entrant(second, "P2").person_id
    number = citizen_id(date(1993, 4, 5), 7)
    correct_person(
        entrant(second, "P2"), {"id_number": number, "name": "钱文文"}, "录错", organiser
    )
    person = entrant(second, "P2").person
    assert person is not None
    assert (person.id, person.id_number, person.name) == (alone, number, "钱文文")
    # The number is that of a known person of the same name: connected, nothing left behind.
    correct_person(
        entrant(second, "P2"), {"id_number": IDS["P2"], "name": "钱文"}, "录错", organiser
    )
    assert entrant(second, "P2").person_id == entrant(first, "P2").person_id
    assert count() == before - 1
    # The record is another's too: it stays theirs.
    correct_person(entrant(second, "P1"), {"id_number": NEW_ID}, "录错", organiser)
    moved = entrant(second, "P1").person
    assert entrant(first, "P1").person_id == shared
    assert moved is not None
    assert moved.id != shared
    assert moved.id_number == NEW_ID
    # That of a person of another name: never put together, but told.
    third = load(another() | {"competition": another()["competition"] | {"code": "THIRD"}})
    correct_person(entrant(third, "P3"), {"id_number": NEW_ID}, "录错", organiser)
    apart = entrant(third, "P3").person
    assert apart is not None
    assert apart.id != moved.id
    assert apart.id_hash == moved.id_hash
    assert others_under_number(entrant(third, "P3"))
    assert_whole()


def test_an_upgrade_connects_everybody_once_and_it_is_sealed(load: Load) -> None:
    first, second = load(small()), load(another())
    with unit_of_work():
        for competition in (first, second):
            for table in (Entrant, Judge):
                query = select(table).where(table.competition_id == competition.id)
                for holder in db.session.scalars(query):
                    holder.person_id = None
    with unit_of_work() as session:
        for person in session.scalars(select(Person)):
            session.delete(person)
    with unit_of_work():
        connect_everybody()
    assert count() == 4 + 2 * 5
    assert entrant(first, "P1").person_id == entrant(second, "P1").person_id
    with unit_of_work():
        connect_everybody()
    assert count() == 4 + 2 * 5
    assert_whole()


def test_whoever_registers_people_connects_them() -> None:
    """A file of the services that makes such rows names the act that connects them."""
    makes = re.compile(r"(?<![\w.])(?:Entrant|Member|Judge)\(")
    makers = {
        path.name: "connect_people(" in source
        for path in SERVICES.rglob("*.py")
        if makes.search(source := path.read_text(encoding="utf-8"))
    }
    assert makers == {"loading.py": True, "writing.py": True, "officials.py": True}
