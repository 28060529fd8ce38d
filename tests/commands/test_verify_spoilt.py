"""A value spoilt to nonsense in the database is named, and the rest is looked at all the same."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from itertools import zip_longest

import pytest
from flask import Flask
from sqlalchemy import select

from compete.cli import main
from compete.commands.verify import all_faults
from compete.config import Config
from compete.models import AuditEntry, Base, db
from compete.services.kernel.audit import plain_hash
from compete.services.kernel.row_digests import rows_of, sealed_columns, sealed_tables
from compete.services.kernel.sealed_columns import TABLES, Protection
from tests.support.begun import by_hand, copied
from tests.support.filled import fill
from tests.support.panels import Panel

HUGE = "9" * 30
COLUMNS = AuditEntry.__table__.columns
Spoilt = tuple[str, int, str]


@pytest.fixture
def path(app: Flask, opened: Panel, config: Config) -> Iterator[str]:
    """A competition that is being judged, and one with a row in every table."""

    def make() -> None:
        opened.fill_panel("2", "2", "2")
        fill()

    with app.app_context():
        copied("filled panel", make)
        yield config.database_url.removeprefix("sqlite:///")
        db.session.remove()


def _ask() -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [where for where, _fault in all_faults()]


def _spoil(raw: sqlite3.Connection, cell: Spoilt, value: object) -> bool:
    """Write it past everything; False where even the database refuses."""
    table, row, column = cell
    try:
        raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', (value, row))
    except sqlite3.IntegrityError:
        return False
    return True


def _digest(cell: Spoilt) -> str:
    table, row, column = cell
    (record,) = rows_of(db.session.connection(), table, [row])
    return record.digests[column]


def _digests(raw: sqlite3.Connection, names: list[str]) -> dict[Spoilt, str]:
    """What is sealed of the last row of each table."""
    digests = {}
    for name in {*names} & {*sealed_tables()}:
        (number,) = raw.execute(f'SELECT max(id) FROM "{name}"').fetchone()
        (row,) = rows_of(db.session.connection(), name, [number])
        digests |= {(name, number, column): it for column, it in row.digests.items()}
    db.session.rollback()
    return digests


def _rounds(raw: sqlite3.Connection, names: list[str], together: int) -> Iterator[list[Spoilt]]:
    """So many columns of every table at a time, in the table's last row."""
    cells = []
    for name in names:
        (row,) = raw.execute(f'SELECT max(id) FROM "{name}"').fetchone()
        columns = [
            column.name for column in Base.metadata.tables[name].columns if column.name != "id"
        ]
        cells.append([(name, row, column) for column in columns])
    one_each = [[cell for cell in row if cell is not None] for row in zip_longest(*cells)]
    for start in range(0, len(one_each), together):
        yield [cell for cells_of_one in one_each[start : start + together] for cell in cells_of_one]


@pytest.mark.parametrize(
    ("value", "together"),
    [
        # One by one, and together where they mix.
        ("x", 1),
        *((value, 8) for value in (None, HUGE, 2**62)),
    ],
)
def test_any_column_spoilt_to_nonsense_is_named(path: str, value: object, together: int) -> None:
    before = _ask()
    chained = {name for name, kept in TABLES.items() if kept.protection is Protection.CHAINED}
    missed = []
    names = [name for name in TABLES if name not in chained]
    with by_hand(path) as raw:
        was = _digests(raw, names)
        for spoilt in _rounds(raw, names, together):
            sealed = [
                cell
                for cell in spoilt
                if cell[0] in sealed_tables() and cell[2] in sealed_columns(cell[0])
            ]
            kept = [
                raw.execute(f'SELECT "{column}" FROM "{name}" WHERE id = ?', (row,)).fetchone()[0]
                for name, row, column in spoilt
            ]
            done = [cell for cell in spoilt if _spoil(raw, cell, value)]
            raw.commit()
            places = _ask()
            for cell in sealed:
                name = " ".join(map(str, cell))
                if cell not in done or any(where.endswith(f" {name}") for where in places):
                    continue
                # What reads as before, as nothing for JSON's null, is no other value.
                if _digest(cell) != was[cell]:
                    missed.append((cell, places))
            db.session.rollback()
            for cell, old in zip(spoilt, kept, strict=True):
                _spoil(raw, cell, old)
            raw.commit()
    assert missed == []
    assert _ask() == before


@pytest.mark.parametrize("value", ["x", 2**62])
@pytest.mark.parametrize("table", ["audit_entry", "row_seal"])
def test_a_record_or_a_seal_spoilt_to_nonsense_breaks_no_check(
    path: str, table: str, value: object
) -> None:
    before = _ask()
    with by_hand(path) as raw:
        for (cell,) in _rounds(raw, [table], 1):
            name, row, column = cell
            old = raw.execute(f'SELECT "{column}" FROM "{name}" WHERE id = ?', (row,)).fetchone()[0]
            _spoil(raw, cell, value)
            raw.commit()
            assert _ask() != before, cell
            _spoil(raw, cell, old)
            raw.commit()


def test_the_command_says_it_in_words_and_goes_on(
    path: str, monkeypatch: pytest.MonkeyPatch, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    with by_hand(path) as raw:
        raw.execute("UPDATE competition SET starts = 'x' WHERE id = 1")
        raw.execute("UPDATE unit SET name = '别的' WHERE id = 1")
        raw.commit()
    db.session.remove()
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    for words in (["verify"], ["verify", "PANEL"], ["verify", "PANEL", "--against", "a" * 64]):
        assert main(words) == 1
        errors = capsys.readouterr().err
        assert "PANEL competition 1 starts: 读不出来，写入后被改过" in errors
        assert "PANEL unit 1 name: 写入后被改过" in errors


SPOIL_RECORD = "UPDATE audit_entry SET {} WHERE competition_id = 1 AND seq = 3"
CUT = "DELETE FROM audit_entry WHERE competition_id = 1 AND seq = 3"


@pytest.mark.parametrize(
    "breaking",
    [
        SPOIL_RECORD.format("actor = 'x'"),
        SPOIL_RECORD.format('rows = \'{"first": "x"}\''),
        SPOIL_RECORD.format("prev_hash = 'x', hash = 'y'"),
        SPOIL_RECORD.format("at = 'x'"),
        CUT,
    ],
)
def test_what_else_was_altered_is_named_though_the_chain_is_broken(
    path: str, breaking: str
) -> None:
    before = _ask()
    with by_hand(path) as raw:
        raw.execute(breaking)
        raw.commit()
        broken = set(_ask()) - set(before)
        # The chain alone is accused, and seals that no record vouches for: no row of anybody.
        assert {re.sub(r"\d+", "N", where) for where in broken} <= {
            *("PANEL", "PANEL #N", "PANEL row_seal N", "audit_entry N at"),
        }
        raw.execute("UPDATE unit SET name = '别的' WHERE id = 1")
        raw.execute("UPDATE entrant SET name = '别人' WHERE id = 2")
        raw.commit()
        named = set(_ask()) - broken - set(before)
    assert named == {"PANEL unit 1 name", "PANEL entrant 2 name"}


def test_a_record_that_anybody_could_make_vouches_for_no_seals(path: str) -> None:
    """In place of one that was cut stands one of the first form, whose hash needs no key."""
    record = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.competition_id == 1, AuditEntry.rows.is_not(None))
        .order_by(AuditEntry.seq.desc())
    ).first()
    assert record is not None
    number = record.id
    forged = plain_hash({column.name: getattr(record, column.name) for column in COLUMNS})
    db.session.rollback()
    with by_hand(path) as raw:
        raw.execute("UPDATE audit_entry SET form = 1, hash = ? WHERE id = ?", (forged, number))
        raw.commit()
        assert any(where.startswith("PANEL row_seal") for where in _ask())
