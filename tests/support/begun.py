"""What many tests begin with is set up once a worker; the next test gets a copy of the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import current_app

from compete.models import Account, Base, db
from compete.services.kernel import installation_here

Begin = Callable[[str, Callable[[], object]], None]


@pytest.fixture(scope="session")
def _begun(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[Any, ...], Path]:
    """Databases of this worker, by what was set up in them and what stood there before."""
    tmp_path_factory.mktemp("begun")
    return {}


@pytest.fixture
def begin(_begun: dict[tuple[Any, ...], Path], tmp_path_factory: pytest.TempPathFactory) -> Begin:
    """`begin("panel", make)`: the database as `make` leaves it, made or copied.

    Inside an application's context. It is made anew on PostgreSQL, at another time than
    now, and where something else stands in the database than did when it was made.
    """

    def run(name: str, make: Callable[[], object]) -> None:
        database = db.engine.url.database
        if db.engine.dialect.name != "sqlite" or time_machine.escape_hatch.is_travelling():
            make()
            return
        assert database is not None
        here = (name, current_app.secret_key, *_standing())
        if here in _begun:
            # Who was made before stands in both, under the same number.
            db.session.rollback()
            db.session.expire_all()
            db.engine.dispose()
            _copy(_begun[here], Path(database))
            assert not installation_here().memory, "what is remembered would be of another database"
            return
        make()
        kept = tmp_path_factory.getbasetemp() / "begun0" / f"{len(_begun)}.sqlite"
        _copy(Path(database), kept)
        _begun[here] = kept

    return run


def _standing() -> tuple[Any, ...]:
    """What is in the database: how many rows of each table, and who has an account."""
    counts = " UNION ALL ".join(f'SELECT count(*) FROM "{name}"' for name in Base.metadata.tables)
    rows = db.session.execute(db.text(counts)).scalars()
    return *rows, *db.session.scalars(db.select(Account.name).order_by(Account.id))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
        to.execute("PRAGMA synchronous = OFF")
        from_.backup(to)
