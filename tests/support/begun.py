"""Common beginnings of tests, set up once a worker; the next test gets a copy of the database.

Two ways: `begin` for what a name says, on a database in which nobody has done anything but to
open accounts; `copied` for any step at all, wherever the database is the same to the byte.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import current_app

from compete.models import Account, Base, db
from compete.services.kernel.installation import installation_here
from tests.support.databases import GIVEN, Emptied, Rows

Begin = Callable[[str, Callable[[], object]], None]


AT_MOST = 64
"""So many databases are kept: more than the tests of a folder begin with."""


class _Kept:
    """The databases of this worker, by what was set up in them and what stood there before.

    Those that nobody has asked for the longest go first.
    """

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.files: dict[tuple[Any, ...], Path | Rows] = {}
        self._numbers = count()

    def made_or_given(self, key: tuple[Any, ...], make: Callable[[], object]) -> bool:
        """Set the database up as `make` leaves it; True if it was given, being there already."""
        if key in self.files:
            # Who was made before stands in both, under the same number.
            db.session.rollback()
            db.session.expire_all()
            self._lay(self.files[key])
            self.files[key] = self.files.pop(key)
            return True
        make()
        db.session.rollback()
        self.files[key] = self._take()
        while len(self.files) > AT_MOST:
            self._let_go(next(iter(self.files)))
        return False

    def _let_go(self, key: tuple[Any, ...]) -> None:
        kept = self.files.pop(key)
        if isinstance(kept, Path):
            kept.unlink()

    def _take(self) -> Path | Rows:
        if given := _given():
            return given.rows()
        assert self.folder is not None
        kept = self.folder / f"{next(self._numbers)}.sqlite"
        copy_database(_file(), kept)
        return kept

    def _lay(self, kept: Path | Rows) -> None:
        if isinstance(kept, Rows):
            GIVEN[_name()].lay(kept)
        else:
            db.engine.dispose()
            lay_database(kept, _file())


_KEPT = _Kept()


@pytest.fixture(autouse=True, scope="session")
def _folder_of_what_was_begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    _KEPT.folder = tmp_path_factory.mktemp("begun")
    yield
    _KEPT.folder = None


def copied(name: str, make: Callable[[], object]) -> None:
    """Set the database up as `make` leaves it: made, or copied from an equal beginning.

    `name` says all that `make` hangs on beside the database. Made anew at another time than
    now, with something still to be written, and on PostgreSQL to whoever is no superuser.
    """
    if not _is_plain() or db.session.new or db.session.dirty or db.session.deleted:
        make()
        return
    db.session.rollback()
    _KEPT.made_or_given((name, current_app.secret_key, _digest()), make)


def begun(name: str, make: Callable[[], object]) -> None:
    """Set the database up as `make` leaves it, made or copied.

    Inside an application's context. It is made anew at another time than now, where something
    else stands in the database than did when it was made, and on PostgreSQL to whoever is no
    superuser.
    """
    if not _is_plain():
        make()
        return
    if _KEPT.made_or_given((name, current_app.secret_key, *_standing()), make):
        assert not installation_here().memory, "what is remembered would be of another database"


@pytest.fixture
def begin() -> Begin:
    """`begin("panel", make)`: what `begun` does."""
    return begun


def is_untouched() -> bool:
    """True if there is nothing in the database but accounts; False where nothing is copied."""
    if not _is_plain():
        return False
    if given := _given():
        return {*given.filled()} <= {*_THERE, *given.own}
    tables = (name for name in Base.metadata.tables if name not in _THERE)
    some = " UNION ALL ".join(f'SELECT * FROM (SELECT 1 FROM "{name}" LIMIT 1)' for name in tables)
    return db.session.execute(db.text(some)).first() is None


_THERE = ("account", "generation", "audit_entry", "row_seal")


def _is_plain() -> bool:
    # Who takes these helpers without tests, as `tools.leave_behind` does, keeps nothing.
    if _KEPT.folder is None or time_machine.escape_hatch.is_travelling():
        return False
    given = _given()
    return given.superuser if given else bool(db.engine.dialect.name == "sqlite")


def _given() -> Emptied | None:
    """The PostgreSQL database that goes from test to test, if this is one."""
    return GIVEN.get(_name())


def _name() -> str:
    assert db.engine.url.database is not None
    return db.engine.url.database


def _file() -> Path:
    return Path(_name())


def _digest() -> bytes:
    if given := _given():
        return given.rows().digest()
    with closing(sqlite3.connect(_file())) as database:
        return hashlib.blake2b(database.serialize()).digest()


def _standing() -> tuple[Any, ...]:
    """What is in the database: how many rows of each table, and who has an account."""
    who = db.select(Account.name, Account.username, Account.is_admin, Account.language)
    accounts = map(tuple, db.session.execute(who.order_by(Account.id)))
    if given := _given():
        return "postgres", *given.counts(), *accounts
    counts = " UNION ALL ".join(f'SELECT count(*) FROM "{name}"' for name in Base.metadata.tables)
    return *db.session.execute(db.text(counts)).scalars(), *accounts


def lay_database(kept: Path, target: Path) -> None:
    """A database in the place of another, at a seventh of what copying its pages costs.

    Where somebody still has the other open, by its log, the pages are copied.
    """
    if target.with_name(f"{target.name}-wal").exists():
        copy_database(kept, target)
    else:
        shutil.copyfile(kept, target)


@contextmanager
def by_hand(file: Path | str) -> Iterator[sqlite3.Connection]:
    """Open a SQLite database that asks no foreign key and waits for no disk."""
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA synchronous = OFF")
        yield raw


def copy_database(source: Path, target: Path) -> None:
    """Every page of a SQLite database, also of one that is open."""
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
        to.execute("PRAGMA synchronous = OFF")
        from_.backup(to)


@contextmanager
def set_back(folder: Path) -> Iterator[Callable[[], None]]:
    """Keep the SQLite database as it stands; what is given puts it back, as often as it is asked.

    What the process remembers of it goes, too.
    """
    kept = folder / f"{secrets.token_hex(8)}.sqlite"
    db.session.rollback()
    db.engine.dispose()
    copy_database(_file(), kept)

    def put_back() -> None:
        db.session.rollback()
        db.session.expire_all()
        db.engine.dispose()
        installation_here().memory.clear()
        lay_database(kept, _file())

    yield put_back
    installation_here().memory.clear()
    kept.unlink()
