"""Shared work: results alike for every application of a worker are worked out once.

A test has an application and a database of its own, and they share nothing that a
request or a transaction could change. But to compile an address, a template or a
statement takes longer than most tests, and what comes out depends on its text alone:

- how addresses are read and built (Werkzeug writes functions for each rule), and the
  tree in which they are looked for,
- templates as Python code (Jinja),
- statements as SQL (SQLAlchemy, for each dialect).

Two libraries are spared what tells nothing here: a table that a migration rebuilds is read
without all those to which it refers (Alembic), and a QR code takes the first mask, as readable
as the seven others that are tried in earnest for the evenest look.

Passwords and PINs are hashed as they are in earnest, with argon2id, but with as little
work as it takes: that work is there to hold up who steals the hashes.
"""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import RLock
from types import SimpleNamespace
from typing import Any

import pytest
from alembic.operations import batch
from argon2 import PasswordHasher
from flask import Flask
from flask.sansio.blueprints import BlueprintSetupState
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket
from limits.storage import memory
from qrcode.main import QRCode
from sqlalchemy import Engine, Table
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from compete.models.base import db
from compete.services.accounts import accounts, pins
from compete.services.kernel import write_holds
from compete.web import factory
from tests.support.known_fields import KnownFields


class Compiled(BytecodeCache):
    """Compiled templates by their name, file and text, as code; kept in this process.

    A given folder keeps it too, for the other workers of the run.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.code: dict[tuple[str, str], Any] = {}
        self.files = FileSystemBytecodeCache(str(folder)) if folder else None

    def load_bytecode(self, bucket: Bucket) -> None:
        place = (bucket.key, bucket.checksum)
        if place not in self.code and self.files:
            self.files.load_bytecode(bucket)
            if bucket.code is not None:
                self.code[place] = bucket.code
        bucket.code = self.code.get(place)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key, bucket.checksum] = bucket.code
        if self.files:
            self.files.dump_bytecode(bucket)


def shared_folder(factory: pytest.TempPathFactory, name: str) -> Path:
    """The folder that all workers of this run have in common."""
    base = factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / name
    folder.mkdir(exist_ok=True)
    return folder


def addresses_kept(real: Callable[..., None]) -> Callable[..., None]:
    """Keep `Rule.compile`, once for each way a rule can be written.

    What it leaves on a rule holds nothing of the one for which it was made but its
    text; builders take the rule as their first argument.
    """
    kept: dict[object, tuple[Any, ...]] = {}

    def compile_rule(self: Rule) -> None:
        assert self.map is not None
        if self.defaults or self.subdomain or self.host:
            return real(self)
        key = (self.rule, self.merge_slashes, *self.map.converters.values())
        if key not in kept:
            real(self)
            builders = self._build.__func__, self._build_unknown.__func__
            kept[key] = (self._parts, self._trace, self._converters, builders)
            return None
        self._parts, self._trace, self._converters, (build, unknown) = kept[key]
        self.arguments |= self._converters.keys()
        self._build, self._build_unknown = build.__get__(self, None), unknown.__get__(self, None)
        return None

    return compile_rule


STATEMENTS = 1000
"""So many compiled statements are kept of each dialect: each is some 400 objects."""


def engines_of_one_mind(real: Callable[..., Engine]) -> Callable[..., Engine]:
    """Replace `SQLAlchemy._make_engine`; engines of one dialect share what they compiled.

    Compiled statements belong to a dialect object, so that is shared as well. It
    holds what a server of this kind can do, and there is one server of each kind; a
    dialect that has not learnt from a connection yet whom it speaks to is not shared.
    """
    kept: dict[str, tuple[Any, LRUCache[Any, Any]]] = {}

    def make(*arguments: Any, **options: Any) -> Engine:
        engine = real(*arguments, **options)
        kind = engine.dialect.name
        if kind not in kept or not knows_its_server(kept[kind][0]):
            kept[kind] = (engine.dialect, LRUCache(STATEMENTS))
        dialect, statements = kept[kind]
        engine.dialect = engine.pool._dialect = dialect
        engine._compiled_cache = statements
        return engine

    return make


def faces_kept(real: Callable[[Flask], None]) -> Callable[[Flask], None]:
    """Replace `register every blueprint`; the addresses are those of the first application.

    What else a blueprint brings is registered with each. Who adds an address of its own
    afterwards is given a copy first, see `own_addresses`.
    """
    first: list[Flask] = []

    def register(app: Flask) -> None:
        if not first:
            first.append(app)
            return real(app)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BlueprintSetupState, "add_url_rule", lambda *_, **__: None)
            real(app)
        app.url_map = first[0].url_map
        # The application's own are about itself.
        app.view_functions = first[0].view_functions | app.view_functions
        app.extensions["shared addresses"] = True
        return None

    return register


def own_addresses(real: Callable[..., None]) -> Callable[..., None]:
    """Replace `Flask.add_url_rule`, for addresses that no other application has."""

    def add_url_rule(self: Flask, *arguments: Any, **options: Any) -> None:
        if self.extensions.pop("shared addresses", False):
            own = self.url_map_class()
            own.converters = self.url_map.converters
            for rule in self.url_map.iter_rules():
                copy = rule.empty()
                automatic = getattr(rule, "provide_automatic_options", False)
                copy.provide_automatic_options = automatic  # type: ignore[attr-defined]
                own.add(copy)
            self.url_map = own
        real(self, *arguments, **options)

    return add_url_rule


def knows_its_server(dialect: Any) -> bool:
    """True if it was connected once."""
    return getattr(dialect, "server_version_info", None) is not None


def _never(*_when_and_what: object) -> SimpleNamespace:
    """A timer that says it runs, and does not."""
    return SimpleNamespace(start=lambda: None, is_alive=lambda: True)


def keep_what_stays() -> None:
    """Set apart what is there: garbage is not looked for among it any more.

    Half a million objects of modules, tests, templates and statements stay to the end: to
    look among them again and again is a tenth of what tests cost.
    """
    gc.collect()
    gc.freeze()


TESTS_BETWEEN = 100
"""So many tests of a worker compile enough that it is set apart again."""
TESTS_OF_ALL = 1000
"""After so many, what was set apart and forgotten since is looked for as well."""
_tests_done = itertools.count(1)


def pytest_runtest_logfinish() -> None:
    """Set apart what the tests so far compiled; no test's application is alive here."""
    done = next(_tests_done)
    if done % TESTS_OF_ALL == 0:
        gc.unfreeze()
    if done % TESTS_BETWEEN == 0:
        keep_what_stays()


def pytest_sessionfinish() -> None:
    """Look for no garbage in what goes with the process."""
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _worked_out_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Do it once for every application that this process makes."""
    keep_what_stays()
    templates = shared_folder(tmp_path_factory, "templates")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", addresses_kept(Rule.compile))
        options = {"bytecode_cache": Compiled(templates), "undefined": KnownFields}
        patch.setattr(Flask, "jinja_options", options)
        patch.setattr(factory, "_register_faces", faces_kept(factory._register_faces))
        patch.setattr(Flask, "add_url_rule", own_addresses(Flask.add_url_rule))
        patch.setattr(db, "_make_engine", engines_of_one_mind(db._make_engine))
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(accounts, "_hasher", hasher)
        patch.setattr(pins, "_hasher", hasher)
        # What was counted is gone with its test: no thread need look for it, now or ever.
        patch.setattr(memory, "threading", SimpleNamespace(RLock=RLock, Timer=_never))
        patch.setattr(batch, "Table", partial(Table, resolve_fks=False))
        patch.setattr(QRCode, "best_mask_pattern", lambda _code: 0)
        # A busy machine keeps the lock for long, and what the log says of it is nobody's output.
        patch.setattr(write_holds, "MOST_HELD", 60.0)
        yield
