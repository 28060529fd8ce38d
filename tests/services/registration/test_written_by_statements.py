"""Many new people are written by statements: what then stands is what the mapper writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text

from compete.models import (
    Account,
    AuditEntry,
    Competition,
    Consent,
    Entrant,
    Person,
    RowSeal,
    Unit,
    db,
)
from compete.models.compiled_statements import table_of
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.sealed_inserts import insert_new
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration import writing
from tests.services.directory.test_person_records import assert_whole
from tests.services.registration.test_entry_fields import SAID
from tests.services.registration.test_registration import row, sent, written
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.small import small
from tests.support.statements import statements

Load = Callable[..., Competition]
OWN = {
    *("id", "competition_id", "event_id", "unit_id", "person_id", "team_id", "entrant_id"),
    *("id_number", "id_hash", "id_tail", "badge_hash", "badge_token", "registered_at", "made_at"),
    "birth",
}
"""Columns that differ from person to person, or from one writing to the next."""


def people(serial: int) -> list[RegistrationRow]:
    """Three, of whom one says all that may be said besides."""
    numbers = [citizen_id(date(1992, 3, 4 + place), serial) for place in range(3)]
    return [
        row("赵一", numbers[0], phone="13800000001", **SAID),
        row("钱二", numbers[1], grade="四级/中级工", team="联队"),
        row("孙三", numbers[2], consent="否"),
    ]


def stands(table: Any, *here: Any) -> list[tuple[dict[str, Any], set[str], list[set[str]]]]:
    """Of each row what its columns say, which of the rest are filled, and the columns sealed."""
    rows_and_seals = []
    query = select(table_of(table)).where(*here).order_by(table_of(table).c.id)
    for kept in db.session.execute(query).mappings():
        name = table.__tablename__
        plain = {column: value for column, value in kept.items() if column not in OWN}
        seals = select(RowSeal.columns).where(
            RowSeal.table_name == name, RowSeal.row_id == kept["id"]
        )
        filled = {column for column in OWN & set(kept) if kept[column] is not None}
        rows_and_seals.append((plain, filled, [set(seal) for seal in db.session.scalars(seals)]))
    return rows_and_seals


@pytest.mark.each_database
def test_statements_write_what_the_mapper_writes(
    load: Load, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = small()
    by_mapper = load(plain)
    plain["competition"]["code"] = "NEXT"
    by_statements = load(plain)
    seen, entries = [], []
    for many, competition, serial in ((99, by_mapper, 5), (1, by_statements, 7)):
        monkeypatch.setattr(writing, "_MANY", many)
        there = db.session.scalar(select(func.max(Person.id)))
        batch = sent(competition, people(serial), organiser)
        with statements(db.engine) as run:
            written(batch, organiser)
        db.session.rollback()
        news = select(Entrant.id).where(
            Entrant.competition_id == competition.id, Entrant.name.in_(("赵一", "钱二", "孙三"))
        )
        table = table_of(Entrant)
        persons = stands(Person, table_of(Person).c.id > there)
        seen.append(
            (
                stands(Entrant, table.c.id.in_(news)),
                persons,
                stands(Consent, table_of(Consent).c.entrant_id.in_(news)),
            )
        )
        records = select(AuditEntry.after).where(AuditEntry.action == "people.connect")
        entries.append(db.session.scalars(records.order_by(AuditEntry.id.desc())).first())
        assert not [
            statement for statement in run if many == 1 and statement.startswith("UPDATE entrant")
        ]
    assert seen[0] == seen[1]
    assert [len(rows) for rows in seen[1]] == [3, 3, 2]
    assert entries == [{"new": 3, "known": 0, "left": 0}] * 2
    assert_whole()


def test_what_was_written_by_statements_is_sealed_against_a_hand(
    fresh: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "_MANY", 1)
    written(sent(fresh, people(5), organiser), organiser)
    assert_whole()
    person = db.session.scalars(select(Entrant).where(Entrant.name == "赵一")).one()
    number, record = person.id, person.person_id
    with db.engine.begin() as connection:
        connection.execute(text(f"UPDATE entrant SET grade = 1 WHERE id = {number}"))
        connection.execute(text(f"UPDATE person SET name = '李四' WHERE id = {record}"))
    db.session.rollback()
    assert [(fault.table, fault.row) for fault in check_rows(fresh.id)] == [("entrant", number)]
    assert [(fault.table, fault.row) for fault in check_rows(None)] == [("person", record)]


@pytest.mark.each_database
def test_rows_past_the_session_are_checked_numbered_and_may_say_different_things(
    fresh: Competition,
) -> None:
    def unit(code: str, **more: Any) -> Unit:
        return Unit(competition_id=fresh.id, code=code, name=f"单位{code}", **more)

    with unit_of_work():
        audit.record(fresh, None, "unit.add", "X1")
        rows = [unit("X1"), unit("X2", extra={"credit_code": "1"}), unit("X3")]
        insert_new(fresh, rows)
        insert_new(fresh, [])
    units = db.session.scalars(select(Unit).where(Unit.code.startswith("X")).order_by(Unit.id))
    assert [(extra_unit.id, extra_unit.code, extra_unit.extra) for extra_unit in units] == [
        (rows[0].id, "X1", None),
        (rows[1].id, "X2", {"credit_code": "1"}),
        (rows[2].id, "X3", None),
    ]
    nulls = text("SELECT count(*) FROM unit WHERE code LIKE 'X%' AND extra IS NULL")
    assert db.session.scalar(nulls) == 2
    assert list(check_rows(fresh.id)) == []
    with pytest.raises(Refused), unit_of_work():
        insert_new(fresh, [unit("Y" * 5000)])
