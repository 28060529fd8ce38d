"""Every column of every table is sealed, or somebody said why it need not be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Enum,
    LargeBinary,
    Table,
    UniqueConstraint,
    select,
    text,
    update,
)

from compete.config import Config
from compete.models import Competition, RowSeal, Unit, db
from compete.models.types import EncryptedBytes, EncryptedText, Points, UtcDateTime
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.chains import KnownChain, known_chains
from compete.services.kernel.row_checks import RowFault, check_rows
from compete.services.kernel.row_digests import rows_of, sealed_columns, sealed_tables
from compete.services.kernel.row_seals import UnsealedWriteError, seal_what_has_none
from compete.services.kernel.transactions import unit_of_work
from tests.support.begun import Begin, by_hand
from tests.support.filled import fill
from tests.support.small import read, small


@pytest.fixture
def filled(app: Flask, begin: Begin) -> Iterator[Competition]:
    with app.app_context():
        begin("filled", fill)
        yield db.session.scalars(select(Competition)).one()
        db.session.rollback()


def faults(table: str | None = None, chains: Sequence[KnownChain] | None = None) -> list[RowFault]:
    """All there are, or of one table, in every chain or in these."""
    db.session.rollback()
    db.session.expire_all()
    tables = {table} if table else None
    known = known_chains() if chains is None else chains
    return [fault for chain in known for fault in check_rows(chain.number, tables)]


def fault_texts() -> list[str]:
    return [f"{fault.place}: {fault.fault}" for fault in faults()]


def _other(column: Any) -> Any:
    kind = column.type
    if isinstance(kind, JSON):
        return '{"b": 1, "a": [true, null, "字"]}'
    if isinstance(kind, EncryptedText | EncryptedBytes | LargeBinary):
        return b"\x01other"
    if isinstance(kind, UtcDateTime):
        return "2026-09-16 01:02:03.000005"
    if isinstance(kind, Date):
        return "2026-09-17"
    if isinstance(kind, Enum):
        return list(kind.enums)[-1]
    if isinstance(kind, Boolean):
        return 1
    if column.foreign_keys or isinstance(kind, Points) or kind.python_type is int:
        return 999
    return "other"


def test_a_column_of_any_table_changed_in_the_database_is_named(
    filled: Competition, config: Config
) -> None:
    """One column of each table at a time; each table has one row."""
    assert faults() == []
    tables = sealed_tables()
    columns = [[(name, column) for column in sealed_columns(name)] for name in tables]
    missed = []
    with by_hand(config.database_url.removeprefix("sqlite:///")) as raw:
        for one_each in zip_longest(*columns):
            restored = []
            wanted = set()
            for name, column in filter(None, one_each):
                row, old = raw.execute(f'SELECT id, "{column}" FROM "{name}"').fetchone()
                _write(raw, tables[name], column, row, _other(tables[name].c[column]))
                restored.append((tables[name], column, 999 if column == "id" else row, old))
                wanted.add((name, row, None if column == "id" else column))
            missed += wanted - {(fault.table, fault.row, fault.column) for fault in faults()}
            for cell in restored:
                _write(raw, *cell)
    assert missed == []
    assert faults() == []


def test_a_row_of_any_table_deleted_or_slipped_in_is_named(
    filled: Competition, config: Config
) -> None:
    path = config.database_url.removeprefix("sqlite:///")
    missed = []
    db.session.rollback()
    known = known_chains()
    for name, table in sealed_tables().items():
        # A competition brings a chain of its own.
        chains = None if name == "competition" else known
        with by_hand(path) as raw:
            columns = [column.name for column in table.columns]
            named = ", ".join(f'"{column}"' for column in columns)
            (row,) = raw.execute(f'SELECT {named} FROM "{name}" LIMIT 1')
            put = f'INSERT INTO "{name}" ({named}) VALUES ({", ".join("?" * len(row))})'
            number = row[columns.index("id")]
            raw.execute(f'DELETE FROM "{name}" WHERE id = ?', (number,))
            raw.commit()
            without = faults(name, chains)
            raw.execute(put, row)
            another = _another(table, dict(zip(columns, row, strict=True)))
            raw.execute(put, tuple(another.values()))
            raw.commit()
            beside = faults(name, chains)
            raw.execute(f'DELETE FROM "{name}" WHERE id = ?', (another["id"],))
            raw.commit()
        if not without or {(fault.table, fault.row) for fault in without} != {(name, number)}:
            missed.append(("deleted", name, without))
        if not beside or {(fault.table, fault.row) for fault in beside} != {(name, another["id"])}:
            missed.append(("slipped in", name, beside))
    assert missed == []
    assert faults() == []


def _another(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row like this one beside it, in nobody's way."""
    other = row | {"id": row["id"] + 1000}
    uniques = [
        constraint for constraint in (*table.constraints, *table.indexes) if _is_unique(constraint)
    ]
    for column in {column for rule in uniques for column in rule.columns}:
        value = row[column.name]
        if column.name != "competition_id" and not isinstance(column.type, Enum):
            other[column.name] = f"{value}2" if isinstance(value, str) else 998
    return other


def _is_unique(rule: Any) -> bool:
    return isinstance(rule, UniqueConstraint) or bool(getattr(rule, "unique", False))


def test_a_competition_gone_with_all_that_was_its_own_is_told(
    filled: Competition, config: Config
) -> None:
    """Also its chain and its seals: the installation's own chain knows that there was one."""
    number = filled.id
    _take_away(number, config)
    assert [fault.place for fault in faults()] == [f"competition {number}"]
    assert [chain.number for chain in known_chains()] == [None]


@pytest.mark.parametrize("home", ["competition_id IS NULL", "1 = 1"])
def test_an_upgrade_seals_which_competitions_there_are(
    filled: Competition, config: Config, home: str
) -> None:
    """Of a database without seals, and of one from before the installation had this one."""
    number = filled.id
    for table in ("row_seal", "audit_entry"):
        _sql(f"DELETE FROM {table} WHERE {home}", 0)
    with unit_of_work() as session:
        seal_what_has_none(session)
    _take_away(number, config)
    places = {fault.place for fault in faults()}
    assert f"competition {number}" in places


def _take_away(number: int, config: Config) -> None:
    """A competition with all that is its own, chain and seals included."""
    path = config.database_url.removeprefix("sqlite:///")
    db.session.rollback()
    with by_hand(path) as raw:
        for name in (*sealed_tables(), "act"):
            homes = {row.id for row in rows_of(db.session.connection(), name, None, number)}
            raw.executemany(f'DELETE FROM "{name}" WHERE id = ?', [(home,) for home in homes])
        db.session.rollback()
        raw.execute("DELETE FROM audit_entry WHERE competition_id = ?", (number,))
        raw.execute("DELETE FROM row_seal WHERE competition_id = ?", (number,))
        raw.commit()


def test_what_hangs_on_a_row_that_was_taken_away_is_not_called_slipped_in(
    filled: Competition, config: Config
) -> None:
    path = config.database_url.removeprefix("sqlite:///")
    db.session.rollback()
    with by_hand(path) as raw:
        raw.execute("DELETE FROM event")
        raw.execute("DELETE FROM entrant")
        raw.commit()
    assert fault_texts() == ["entrant 1: 登记过的一行不见了", "event 1: 登记过的一行不见了"]


def test_an_act_on_a_sheet_that_is_nowhere_is_told(filled: Competition, config: Config) -> None:
    path = config.database_url.removeprefix("sqlite:///")
    db.session.rollback()
    with by_hand(path) as raw:
        raw.execute("UPDATE act SET sheet_id = 999")
        raw.commit()
    assert [fault.place for fault in faults()] == ["act 1"]


def test_an_upgrade_takes_no_competition_in_that_was_slipped_in(
    filled: Competition, config: Config
) -> None:
    path = config.database_url.removeprefix("sqlite:///")
    db.session.rollback()
    with by_hand(path) as raw:
        raw.execute(
            "INSERT INTO competition (id, code, name, kind, level, state, settings, created_at)"
            " SELECT 77, 'C77', name, kind, level, state, settings, created_at FROM competition"
        )
        raw.commit()
    with unit_of_work() as session:
        assert seal_what_has_none(session) == 0
    assert [fault.place for fault in faults()] == ["competition 77"]


def _write(raw: sqlite3.Connection, table: Table, column: str, row: int, value: object) -> None:
    # Who has the database in hand asks no constraint.
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute(f'UPDATE "{table.name}" SET "{column}" = ? WHERE id = ?', (value, row))
    raw.commit()


@pytest.mark.each_database
def test_a_row_added_taken_away_or_brought_back_is_told(app: Flask) -> None:
    with app.app_context():
        fill()
        competition = db.session.scalars(select(Competition)).one()
        unit = Unit(competition_id=competition.id, code="U2", name="甲港")
        with unit_of_work() as session:
            session.add(unit)
        number = unit.id
        assert faults() == []
        _sql("UPDATE unit SET name = '乙港' WHERE id = :id", number)
        assert fault_texts() == [f"unit {number} name: 写入后被改过"]
        _sql("UPDATE unit SET name = '甲港' WHERE id = :id", number)
        _sql("DELETE FROM unit WHERE id = :id", number)
        assert fault_texts() == [f"unit {number}: 登记过的一行不见了"]
        _sql(
            "INSERT INTO unit (id, competition_id, code, name)"
            " SELECT :id, competition_id, 'U2', '甲港' FROM judge",
            number,
        )
        with unit_of_work() as session:
            session.delete(session.get_one(Unit, number))
        assert faults() == []
        _sql(
            "INSERT INTO unit (id, competition_id, code, name)"
            " SELECT :id, competition_id, 'U2', '甲港' FROM judge",
            number,
        )
        assert fault_texts() == [f"unit {number}: 删掉的一行又回来了"]
        assert not list(verify_chain(competition))


def _sql(statement: str, number: int) -> None:
    with unit_of_work() as session:
        session.execute(text(statement), {"id": number})


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE row_seal SET columns = '{}' WHERE table_name = 'unit'",
        "UPDATE row_seal SET row_id = row_id + 1 WHERE table_name = 'unit'",
        "UPDATE row_seal SET gone = 1 WHERE table_name = 'unit'",
        "UPDATE row_seal SET table_name = 'team' WHERE table_name = 'unit'",
        "UPDATE row_seal SET competition_id = NULL WHERE table_name = 'unit'",
        "DELETE FROM row_seal WHERE table_name = 'unit'",
        "DELETE FROM row_seal",
        "UPDATE row_seal SET id = id + 100000 WHERE table_name = 'unit'",
    ],
)
def test_a_seal_that_was_changed_is_told(filled: Competition, change: str) -> None:
    _sql(change, 0)
    assert any(fault.table == "row_seal" for fault in faults())


def test_a_seal_that_no_record_knows_is_told_by_its_number(filled: Competition) -> None:
    """And the batch in whose place it stood is told to be short of it."""
    last = db.session.scalar(select(RowSeal.id).order_by(RowSeal.id.desc()).limit(1)) or 0
    _sql("UPDATE row_seal SET id = id + 1000 WHERE id = :id", last)
    rows_with_faults = {
        (fault.table, fault.row, str(fault.fault))
        for fault in faults()
        if fault.table == "row_seal"
    }
    extra = [fault for _table, row, fault in rows_with_faults if row == last + 1000]
    assert extra == ["多出没有登记的封存"]
    assert any(
        fault.endswith(f"到 {last} 条封存写入后被改过") for _table, _row, fault in rows_with_faults
    )


def test_an_older_state_with_its_older_seal_is_told(filled: Competition) -> None:
    unit = db.session.scalars(select(Unit)).one()
    with unit_of_work() as session:
        session.get_one(Unit, unit.id).name = "新名"
    last = db.session.scalar(select(RowSeal.id).order_by(RowSeal.id.desc()).limit(1))
    _sql("DELETE FROM row_seal WHERE id = :id", last or 0)
    _sql("UPDATE unit SET name = 'x name'", 0)
    assert any(fault.table == "row_seal" for fault in faults())


def test_what_was_changed_is_not_sealed_by_the_next_to_write_the_row(filled: Competition) -> None:
    """Nor is a row that was slipped in, by being used."""
    unit = db.session.scalars(select(Unit)).one()
    _sql("UPDATE unit SET name = '别的' WHERE id = :id", unit.id)
    _sql(
        "INSERT INTO unit (id, competition_id, code, name)"
        " SELECT :id, competition_id, 'U2', '乙港' FROM judge",
        unit.id + 1,
    )
    with unit_of_work() as session:
        for row in session.scalars(select(Unit)):
            row.code += "x"
    assert [fault.place for fault in faults()] == [f"unit {unit.id} name", f"unit {unit.id + 1}"]
    with unit_of_work() as session:
        session.get_one(Unit, unit.id).name = "又一个"
    assert [fault.place for fault in faults()] == [f"unit {unit.id + 1}"]


def test_what_was_undone_is_not_sealed_with_what_is_done_next(filled: Competition) -> None:
    def add_and_fail() -> None:
        with unit_of_work() as session:
            unit = Unit(competition_id=filled.id, code="U2", name="乙港")
            session.add(unit)
            session.flush()
            raise KeyError(unit.id)

    with pytest.raises(KeyError) as undone:
        add_and_fail()
    number = undone.value.args[0]
    _sql(
        "INSERT INTO unit (id, competition_id, code, name)"
        " SELECT :id, competition_id, 'U2', '乙港' FROM judge",
        number,
    )
    with unit_of_work() as session:
        session.get_one(Competition, filled.id).name = "别的名"
    assert [fault.place for fault in faults()] == [f"unit {number}"]


def test_a_database_from_before_there_were_seals_gets_them_once(filled: Competition) -> None:
    _sql("DELETE FROM row_seal", 0)
    _sql("DELETE FROM audit_entry", 0)
    assert faults() == []
    with unit_of_work() as session:
        count = seal_what_has_none(session)
    assert count == len(sealed_tables())
    assert faults() == []
    _sql("UPDATE unit SET name = '别的'", 0)
    _sql(
        "INSERT INTO team (competition_id, event_id, unit_id, code, name)"
        " SELECT competition_id, event_id, unit_id, 'slipped in', 'T' FROM team",
        0,
    )
    places = [fault.place for fault in faults()]
    assert "unit 1 name" in places
    assert "team 2" in places
    with unit_of_work() as session:
        assert seal_what_has_none(session) == 0
    assert [fault.place for fault in faults()] == places


def test_a_silent_write_past_the_session_is_a_mistake_of_the_program(filled: Competition) -> None:
    with pytest.raises(UnsealedWriteError), unit_of_work() as session:
        session.execute(update(Unit).values(name="x"))


def test_the_number_of_a_deleted_row_given_to_another_competitions_is_no_fault(
    filled: Competition,
) -> None:
    """SQLite gives the last number again: the row there now is another one, and is looked at."""
    with unit_of_work() as session:
        spare = Unit(competition_id=filled.id, code="SPARE", name="多余的")
        session.add(spare)
        session.flush()
        number = spare.id
    with unit_of_work() as session:
        session.delete(session.get_one(Unit, number))
    plain = small()
    plain["competition"]["code"] = "Y"
    other = load_bundle(read(plain))
    assert number in {unit.id for unit in other.units}
    assert faults() == []
    with unit_of_work() as session:
        session.execute(
            update(Unit).where(Unit.id == number).values(name="改过"),
            execution_options={"noted": True},
        )
    assert [(fault.table, fault.row) for fault in faults()] == [("unit", number)]
