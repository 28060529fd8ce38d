"""`compete audit` and `compete verify` on a database that was altered: named, never a traceback."""

from __future__ import annotations

import random
import sqlite3

import pytest
from flask import Flask
from sqlalchemy import Boolean

from compete.cli import main
from compete.config import Config
from compete.models import Account, Base, Competition, db
from compete.services.kernel.row_digests import sealed_columns, sealed_tables
from tests.support.announced import announce
from tests.support.begun import by_hand, copied

JUNK = b"\x01\xff\x00junk\x1b[2J"
TRIED = 6


class Altered:
    """A published competition's database, and the two commands."""

    def __init__(self, path: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
        self._path, self._code, self._capsys = path, code, capsys

    def sql(self, text: str, *values: object) -> list[tuple[object, ...]]:
        with by_hand(self._path) as raw:
            rows = raw.execute(text, values).fetchall()
            raw.commit()
            return rows

    def status_and_output(self, word: str) -> tuple[int, str]:
        """The exit status, and all that was said, as plain text."""
        db.session.remove()
        status = main([word, self._code] if word == "audit" else [word])
        output = self._capsys.readouterr()
        text = output.out + output.err
        assert all(sign.isprintable() or sign == "\n" for sign in text), ascii(text)
        assert "Traceback" not in text
        return status, text


@pytest.fixture
def altered(
    app: Flask,
    judged: Competition,
    organiser: Account,
    config: Config,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Altered:
    copied("announced", lambda: announce(judged, organiser))
    code = judged.code
    db.session.remove()
    monkeypatch.setenv("COMPETE_DATA_DIR", str(config.data_dir))
    monkeypatch.setenv("COMPETE_DATABASE_URL", config.database_url)
    return Altered(config.database_url.removeprefix("sqlite:///"), code, capsys)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE publication SET results = 'x'", "publication 1 results"),
        ("UPDATE publication SET results = substr(results, 1, 20)", "publication 1 results"),
        ("UPDATE publication SET bundle = substr(bundle, 1, 20)", "publication 1 bundle"),
        ("UPDATE publication SET published_at = 'x'", "publication 1 published_at"),
        ("UPDATE entrant SET id_number = x'01ff00' WHERE id = 1", "entrant 1 id_number"),
        ("UPDATE entrant SET id_number = 'x' WHERE id = 1", "entrant 1 id_number"),
        ("UPDATE competition SET settings = '{' WHERE id = 1", "competition 1 settings"),
    ],
)
def test_what_was_altered_is_named_by_table_row_and_column(
    altered: Altered, change: str, place: str
) -> None:
    altered.sql(change)
    for word in ("audit", "verify"):
        status, output = altered.status_and_output(word)
        assert status == 1
        assert place in output, word


def reads_alike(table: str, column: str, was: object, value: object) -> bool:
    """Whether the program reads both as the same yes: it knows no other than 0 and 1."""
    kind = Base.metadata.tables[table].columns[column].type
    return isinstance(kind, Boolean) and bool(was) is bool(value)


def test_any_cell_altered_at_random_is_told_and_nothing_breaks(altered: Altered) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    tables = [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        if "id" in table.columns and altered.sql(f'SELECT 1 FROM "{table.name}" LIMIT 1')
        for column in table.columns
        if column.name not in ("id", "code")
    ]
    for table, column in chance.sample(tables, min(TRIED, len(tables))):
        ((row,),) = altered.sql(f'SELECT max(id) FROM "{table}"')
        ((was,),) = altered.sql(f'SELECT "{column}" FROM "{table}" WHERE id = ?', row)
        for value in chance.sample(["x", JUNK, 2**62, JUNK.decode("latin-1")], 1):
            try:
                altered.sql(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', value, row)
            except sqlite3.IntegrityError:
                continue
            for word in ("audit", "verify"):
                status, output = altered.status_and_output(word)
                sealed = table in sealed_tables() and column in sealed_columns(table)
                if sealed and was != value and not reads_alike(table, column, was, value):
                    assert status == 1, (seed, table, column, value, word)
                    assert f"{table} {row} {column}" in output, (seed, value, word, output)
        altered.sql(f'UPDATE "{table}" SET "{column}" = ? WHERE id = ?', was, row)
    assert altered.status_and_output("audit")[0] == 0
