"""A statement that is compiled once says the same as one that SQLAlchemy runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import DateTime, bindparam, func, insert, select, update
from sqlalchemy.dialects import sqlite

from compete.domain.values.states import SheetState
from compete.models import Account, AuditEntry, Entrant, Sheet, TimeEntry, db, utc_now
from compete.models.compiled_statements import Prepared, is_one_of, table_of
from compete.models.types import UtcDateTime
from compete.services.accounts.accounts import create_account
from compete.services.kernel.transactions import unit_of_work
from tests.tablets.contest import make_contest

pytestmark = pytest.mark.each_database

_RECORD = ("competition_id", "seq", "at", "actor", "action", "subject", "after", "prev_hash")


def run(statement: Prepared, **values: Any) -> list[tuple[Any, ...]]:
    with unit_of_work() as session:
        return statement.rows(session.connection(), **values)


def test_values_come_back_in_pythons_types(here: Flask) -> None:
    make_contest(2, entrants_each=1)
    now = datetime(2026, 9, 16, 8, 30, 1, 123456, tzinfo=UTC)
    with unit_of_work() as session:
        sheet = session.scalars(select(Sheet)).first()
        assert sheet is not None
        sheet.submitted_at, sheet.state = now, SheetState.SUBMITTED
        columns = {"stage": "final", "module": "practice", "made_at": now}
        time = TimeEntry(entrant_id=sheet.entrant_id, seconds=Decimal("75.25"), **columns)
        session.add(time)
    read = Prepared(
        select(Sheet.state, Sheet.submitted_at, TimeEntry.seconds, TimeEntry.extra)
        .join(TimeEntry, TimeEntry.entrant_id == Sheet.entrant_id)
        .where(Sheet.public_id == bindparam("name"), Sheet.state == SheetState.SUBMITTED)
    )
    assert run(read, name=sheet.public_id) == [(SheetState.SUBMITTED, now, Decimal("75.25"), None)]
    assert run(read, name="f" * 32) == []


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 9, 16, 8, 30, 1, 123456, tzinfo=UTC),
        datetime(2026, 9, 16, 8, 30, tzinfo=UTC),
        datetime(987, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        datetime(2026, 9, 16, 0, 30, tzinfo=timezone(timedelta(hours=8))),
    ],
)
def test_an_instant_stands_in_sqlite_as_sqlalchemy_writes_it(at: datetime) -> None:
    dialect = sqlite.dialect()
    theirs = DateTime().dialect_impl(dialect).bind_processor(dialect)
    ours = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    assert theirs is not None
    assert ours is not None
    assert ours(at) == theirs(at.astimezone(UTC).replace(tzinfo=None))
    assert ours(None) is None
    with pytest.raises(ValueError, match="time zone"):
        ours(at.replace(tzinfo=None))


def test_what_is_inserted_is_what_the_models_read(here: Flask) -> None:
    keys = (*_RECORD, "hash", "form")
    put = Prepared(insert(table_of(AuditEntry)).returning(AuditEntry.id), columns=keys)
    after = {"键": ["值", 1, None]}
    now = utc_now()
    values = {"competition_id": None, "seq": 900, "at": now, "after": after, "form": 1}
    texts = {"actor": "甲", "action": "x", "subject": "乙", "prev_hash": "0" * 64, "hash": "1" * 64}
    (number,) = run(put, **values, **texts)[0]
    row = db.session.get_one(AuditEntry, number)
    assert (row.at, row.after, row.before, row.actor) == (now, after, None, "甲")


def test_what_is_updated_is_only_what_was_named(here: Flask) -> None:
    account = create_account("甲")
    change = Prepared(
        update(table_of(Account)).where(Account.id == bindparam("account")),
        columns=("name", "session_epoch"),
    )
    with unit_of_work() as session:
        change.run(session.connection(), account=account.id, name="乙", session_epoch=7)
    assert (account.name, account.session_epoch, account.active) == ("乙", 7, True)


def test_many_rows_stand_as_if_each_had_been_put_alone(here: Flask) -> None:
    make_contest(2, entrants_each=1)
    now, later = utc_now(), utc_now() + timedelta(minutes=1)
    with unit_of_work() as session:
        entrant = session.scalars(select(Entrant.id)).first()
        columns = ("entrant_id", "stage", "module", "seconds", "made_at", "extra")
        put = Prepared(insert(table_of(TimeEntry)), columns=columns)
        marks = [
            (Decimal("75.50"), now, {"by": 1}),
            (Decimal("75.5"), now, {"by": True}),
            (Decimal(1), later, {"by": 1}),
        ]
        values: list[dict[str, Any]] = [
            dict(zip(columns, (entrant, "final", "practice", *mark), strict=True)) for mark in marks
        ]
        put.run_many(session.connection(), values)
    rows = select(TimeEntry.seconds, TimeEntry.made_at, TimeEntry.extra).order_by(TimeEntry.id)
    assert [tuple(row) for row in db.session.execute(rows)] == marks
    assert db.session.scalars(select(TimeEntry.extra)).all()[1] == {"by": True}


def test_a_list_may_stand_in_the_statement(here: Flask) -> None:
    for name in ("甲", "乙", "丙"):
        create_account(name)
    count = select(func.count(Account.id))
    assert run(Prepared(count.where(is_one_of(Account.name, ["甲", "丙", "丁"])))) == [(2,)]
    states = select(func.count(Sheet.id)).where(is_one_of(Sheet.state, SheetState))
    assert run(Prepared(states)) == [(0,)]
    with pytest.raises(TypeError, match="IN list"):
        run(Prepared(count.where(Account.name.in_(["甲", "丙"]))))


def test_a_default_that_nobody_fills_is_a_mistake(here: Flask) -> None:
    with pytest.raises(TypeError, match="at"):
        run(Prepared(insert(table_of(TimeEntry)), columns=("stage",)))


def test_it_is_part_of_the_unit_of_work(here: Flask) -> None:
    account = create_account("甲")
    number = account.id
    rename = Prepared(
        update(table_of(Account)).where(Account.id == bindparam("account")), columns=("name",)
    )
    with unit_of_work() as session:
        rename.run(session.connection(), account=number, name="乙")
        session.rollback()
    assert db.session.get_one(Account, number).name == "甲"
