"""Names, judges and rules that were changed in the database are found by their seal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, text

from compete.models import Account, Competition, db
from compete.services.kernel import unit_of_work
from compete.services.registration import add_person, check_people, correct_person, people_seals
from compete.services.registration.people_seals import newest_seal
from tests.sheets.people import citizen_id
from tests.support.appealing import person

pytestmark = pytest.mark.each_database


def found(competition: Competition) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [str(fault) for fault in check_people(competition)]


def spoil(sql: str) -> None:
    with unit_of_work() as session:
        session.execute(text(sql))


def test_what_was_left_alone_fits(judged: Competition) -> None:
    assert found(judged) == []


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
    assert found(judged) == [f"{what}在登记以后被改过"]


def test_a_record_without_a_seal_says_nothing(judged: Competition, organiser: Account) -> None:
    spoil("UPDATE audit_entry SET after = NULL WHERE action = 'competition.load'")
    spoil("UPDATE entrant SET name = '王五' WHERE code = 'P1'")
    assert found(judged) == []


def add(competition: Competition, number: int, by: Account) -> None:
    born = citizen_id(date(2001, 1, 1) + timedelta(days=number), 9)
    typed = {"unit": competition.units[0].code, "name": f"新来{number}", "id_number": born}
    add_person(competition, typed, by)


def test_one_more_is_sealed_without_reading_everybody_again(
    fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    rows = people_seals._rows

    def counted(query: Select[Any]) -> Iterator[tuple[int, bytes]]:
        for number, said in rows(query):
            if "entrant.id_number" in str(query):
                read.append(number)
            yield number, said

    monkeypatch.setattr(people_seals, "_rows", counted)
    people_seals._LAST.clear()
    add(fresh, 1, organiser)
    assert len(read) == 5, "the first of a process reads all"
    read.clear()
    add(fresh, 2, organiser)
    assert len(read) == 1
    # What another process wrote meanwhile is caught up with, or else all is read.
    before = dict(people_seals._LAST)
    kept = people_seals._List(before[fresh.id].begun.copy(), before[fresh.id].last)
    add(fresh, 3, organiser)
    people_seals._LAST[fresh.id] = kept
    read.clear()
    add(fresh, 4, organiser)
    assert len(read) == 2
    correct_person(person("P1"), {"name": "赵启"}, "写错了", organiser)
    add(fresh, 5, organiser)
    people_seals._LAST[fresh.id] = kept
    add(fresh, 6, organiser)
    assert newest_seal(fresh) is not None
    assert found(fresh) == []


def test_what_was_changed_before_one_more_came_is_still_found(
    fresh: Competition, organiser: Account
) -> None:
    add(fresh, 1, organiser)
    spoil("UPDATE entrant SET name = '王五' WHERE code = 'P1'")
    add(fresh, 2, organiser)
    assert found(fresh) == ["选手名单在登记以后被改过"]
