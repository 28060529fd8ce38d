"""Names, judges and rules that were changed in the database are found by their seal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select, text

from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, Entrant, db
from compete.services.competitions.erasure_requests import erase_person
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration import people_seals
from compete.services.registration.corrections import correct_person
from compete.services.registration.officials import add_official
from compete.services.registration.people_seals import check_people, newest_seal
from compete.services.registration.units.unit_list import (
    add_units,
    last_units_change,
    remove_unit,
    rename_unit,
    undo_units,
)
from compete.services.registration.writing import add_person
from tests.sheets.people import citizen_id
from tests.support.appealing import person
from tests.support.begun import Begin


def faults_of(competition: Competition) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [str(fault) for fault in check_people(competition)]


def spoil(sql: str) -> None:
    with unit_of_work() as session:
        session.execute(text(sql))


def test_what_was_left_alone_fits(judged: Competition) -> None:
    assert faults_of(judged) == []


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE entrant SET name = '王五' WHERE code = 'P1'", "选手名单"),
        ("UPDATE entrant SET unit_id = (SELECT max(unit_id) FROM entrant)", "选手名单"),
        ("UPDATE entrant SET id_number = NULL WHERE code = 'P2'", "选手名单"),
        ("UPDATE entrant SET grade = 1", "选手名单"),
        ("UPDATE judge SET name = '某人' WHERE code = 'J1'", "裁判名单"),
        ("UPDATE rule_version SET sha256 = 'x'", "评分规则"),
        ("DELETE FROM rule_version", "评分规则"),
    ],
)
def test_what_was_changed_behind_the_programs_back_is_found(
    judged: Competition, change: str, what: str
) -> None:
    spoil(change)
    assert faults_of(judged) == [f"{what}在登记以后被改过"]


def test_a_record_without_a_seal_says_nothing(judged: Competition, organiser: Account) -> None:
    spoil("UPDATE audit_entry SET after = NULL WHERE action = 'competition.load'")
    spoil("UPDATE entrant SET name = '王五' WHERE code = 'P1'")
    assert faults_of(judged) == []


def add(competition: Competition, number: int, by: Account) -> None:
    born = citizen_id(date(2001, 1, 1) + timedelta(days=number), 9)
    typed = {"unit": competition.units[0].code, "name": f"新来{number}", "id_number": born}
    add_person(competition, typed, by)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The entrants whose rows were read for a seal, as they are."""
    numbers: list[int] = []
    rows = people_seals._rows

    def counted(query: Select[Any]) -> Iterator[tuple[int, bytes]]:
        for number, content in rows(query):
            if "entrant.id_number" in str(query):
                numbers.append(number)
            yield number, content

    monkeypatch.setattr(people_seals, "_rows", counted)
    return numbers


@pytest.mark.each_database
def test_one_more_is_sealed_without_reading_the_others(
    fresh: Competition, organiser: Account, read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_seals, "_BLOCK", 3)
    spoil("UPDATE audit_entry SET after = NULL WHERE action = 'competition.load'")
    add(fresh, 1, organiser)
    assert len(read) == 5, "nothing to go on from: all are read"
    for number in (2, 3, 4):
        read.clear()
        add(fresh, number, organiser)
        assert len(read) == 1
    everybody = set(db.session.scalars(select(Entrant.id)))
    db.session.expire_all()
    read.clear()
    correct_person(person("P1"), {"name": "赵启"}, "写错了", organiser)
    first = person("P1").id
    block = {number for number in everybody if number // 3 == first // 3}
    assert set(read) == block != set(everybody)
    read.clear()
    add_official(fresh, Role.JUDGE, "新裁判", organiser)
    assert read == [], "a judge is no entrant"
    assert faults_of(fresh) == []
    assert newest_seal(fresh) is not None


@pytest.fixture
def parts(
    fresh: Competition, organiser: Account, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> Competition:
    """Seven in blocks of three, one of them corrected, some rows of theirs gone."""
    monkeypatch.setattr(people_seals, "_BLOCK", 3)

    def fill() -> None:
        spoil("UPDATE audit_entry SET after = NULL WHERE action = 'competition.load'")
        for number in (1, 2, 3):
            add(fresh, number, organiser)
        correct_person(person("P2"), {"name": "钱二"}, "写错了", organiser)
        assert faults_of(fresh) == []
        for table in ("consent", "slot"):
            spoil(
                f"DELETE FROM {table} WHERE entrant_id IN (SELECT id FROM entrant "
                "WHERE name LIKE '新来%')"
            )

    begin("many parts", fill)
    assert faults_of(fresh) == []
    return fresh


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entrant SET name = '王五' WHERE code = 'P1'",
        "UPDATE entrant SET name = '王五' WHERE name = '新来1'",
        "UPDATE entrant SET name = '王五' WHERE name = '新来3'",
        "DELETE FROM entrant WHERE name = '新来2'",
        "UPDATE entrant SET id = id + 100 WHERE name = '新来3'",
        "UPDATE entrant SET id = 0 WHERE name = '新来3'",
    ],
)
def test_what_was_changed_among_many_parts_is_found(parts: Competition, change: str) -> None:
    spoil(change)
    assert faults_of(parts) == ["选手名单在登记以后被改过"]


@pytest.mark.each_database
def test_a_record_in_between_that_was_taken_out_is_found(
    fresh: Competition, organiser: Account
) -> None:
    for number in (1, 2, 3):
        add(fresh, number, organiser)
    newest = select(AuditEntry.id).where(AuditEntry.action == "entrants.add")
    middle = sorted(db.session.scalars(newest))[1]
    spoil(f"UPDATE audit_entry SET after = NULL WHERE id = {middle}")
    assert faults_of(fresh) == ["选手名单在登记以后被改过"]


def test_what_was_changed_before_one_more_came_is_still_found(
    fresh: Competition, organiser: Account
) -> None:
    add(fresh, 1, organiser)
    spoil("UPDATE entrant SET name = '王五' WHERE code = 'P1'")
    add(fresh, 2, organiser)
    assert faults_of(fresh) == ["选手名单在登记以后被改过"]


def add_to(competition: Competition, place: int, numbers: range, by: Account) -> None:
    unit = competition.units[place].code
    for number in numbers:
        born = citizen_id(date(2001, 1, 1) + timedelta(days=number), 9)
        add_person(competition, {"unit": unit, "name": f"新来{number}", "id_number": born}, by)


def rename(competition: Competition, by: Account) -> None:
    rename_unit(competition.units[1], competition, "新名", by)


def rename_and_undo(competition: Competition, by: Account) -> None:
    rename(competition, by)
    undo(competition, by)


def undo(competition: Competition, by: Account) -> None:
    last = last_units_change(competition)
    assert last is not None
    undo_units(competition, last.mark, by)


def erase(competition: Competition, by: Account) -> None:
    with unit_of_work():
        erase_person(db.session.query(Entrant).filter_by(name="新来10").one(), "本人要求", by)


ACTS = pytest.mark.parametrize("act", [rename, rename_and_undo, erase])


@pytest.fixture
def long(
    fresh: Competition, organiser: Account, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> Competition:
    """Six of one unit, then six of another, then six of the first, in blocks of three."""
    monkeypatch.setattr(people_seals, "_BLOCK", 3)

    def fill() -> None:
        spoil("UPDATE audit_entry SET after = NULL WHERE action = 'competition.load'")
        for place, first in ((0, 1), (1, 7), (0, 13)):
            add_to(fresh, place, range(first, first + 6), organiser)
        assert faults_of(fresh) == []

    begin("long", fill)
    return db.session.scalars(select(Competition)).one()


@pytest.mark.each_database
def test_a_unit_and_an_erasure_are_sealed_without_reading_who_stays(
    long: Competition, organiser: Account, read: list[int]
) -> None:
    unit = long.units[1].id
    of_it = set(db.session.scalars(select(Entrant.id).where(Entrant.unit_id == unit)))
    everybody = set(db.session.scalars(select(Entrant.id)))
    erased = {db.session.query(Entrant).filter_by(name="新来10").one().id}
    for act, theirs in ((rename, of_it), (undo, of_it), (rename_and_undo, of_it), (erase, erased)):
        read.clear()
        act(long, organiser)
        blocks = {number // 3 for number in theirs}
        assert set(read) == {number for number in everybody if number // 3 in blocks}, act
        assert theirs <= set(read) < everybody, act
        assert faults_of(long) == [], act


@ACTS
@pytest.mark.parametrize("before", [True, False])
def test_after_a_unit_or_an_erasure_each_block_still_tells(
    long: Competition, organiser: Account, act: Callable[..., None], before: bool
) -> None:
    blocks: dict[int, int] = {}
    unit = long.units[1].id
    for entrant in db.session.query(Entrant).order_by(Entrant.id):
        theirs = entrant.unit_id == unit
        # What an act seals anew it reads as it stands; everything else it must leave sealed.
        if not (before and theirs):
            blocks[entrant.id // 3] = entrant.id
    mixed = {holder.id // 3 for holder in db.session.query(Entrant).filter_by(unit_id=unit)}
    if not before:
        act(long, organiser)
    else:
        blocks = {block: number for block, number in blocks.items() if block not in mixed}
    assert len(blocks) >= 4
    acted = not before
    for number in blocks.values():
        name = db.session.scalars(select(Entrant.name).where(Entrant.id == number)).one()
        spoil(f"UPDATE entrant SET name = '王五' WHERE id = {number}")
        if not acted:
            act(long, organiser)
            acted = True
        assert faults_of(long) == ["选手名单在登记以后被改过"], number
        spoil(f"UPDATE entrant SET name = '{name}' WHERE id = {number}")
        assert faults_of(long) == []


def test_a_unit_without_people_reads_nobody_as_it_comes_back(
    long: Competition, organiser: Account, read: list[int]
) -> None:
    add_units(long, ["空的"], organiser)
    (empty,) = [unit for unit in long.units if unit.name == "空的"]
    remove_unit(empty, long, organiser)
    last = last_units_change(long)
    assert last is not None
    read.clear()
    undo_units(long, last.mark, organiser)
    assert read == []
    assert faults_of(long) == []
