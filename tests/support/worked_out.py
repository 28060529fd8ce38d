"""What comes out the same for every application of a worker is worked out once.

A test has an application and a database of its own, and they share nothing that a
request or a transaction could change. But to compile an address, a template or a
statement takes longer than most tests, and what comes out depends on its text alone:

- how addresses are built (Werkzeug writes a function for each rule),
- templates as Python code (Jinja),
- statements as SQL (SQLAlchemy, for each dialect).

Passwords and PINs are hashed as they are in earnest, with argon2id, but with as little
work as it takes: that work is there to hold up who steals the hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from compete.models.base import db
from compete.services.accounts import accounts, pins


class Compiled(BytecodeCache):
    """Templates by their name, file and text, as code; kept in this process."""

    def __init__(self) -> None:
        self.code: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.code[bucket.key, bucket.checksum] = bucket.code


def builders_kept(real: Callable[..., Any]) -> Callable[..., Any]:
    """`Rule._compile_builder`, once for each way a rule can be written.

    What it makes takes the rule as its first argument and keeps nothing of the one
    for which it was made but its text.
    """
    kept: dict[object, Any] = {}

    def builder(self: Rule, append_unknown: bool = True) -> Any:
        if self.defaults:
            return real(self, append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in kept:
            kept[key] = real(self, append_unknown)
        return kept[key]

    return builder


def engines_of_one_mind(real: Callable[..., Engine]) -> Callable[..., Engine]:
    """`SQLAlchemy._make_engine`; engines of one dialect share what they compiled.

    Compiled statements belong to a dialect object, so that is shared as well. It
    holds what a server of this kind can do, and there is one server of each kind.
    """
    kept: dict[str, tuple[Any, LRUCache[Any, Any]]] = {}

    def make(*arguments: Any, **options: Any) -> Engine:
        engine = real(*arguments, **options)
        if engine.dialect.name != "sqlite":
            # Others learn what server they speak to from a connection of their own.
            return engine
        dialect, statements = kept.setdefault(engine.dialect.name, (engine.dialect, LRUCache(5000)))
        engine.dialect = engine.pool._dialect = dialect
        engine._compiled_cache = statements
        return engine

    return make


@pytest.fixture(autouse=True, scope="session")
def _worked_out_once() -> Iterator[None]:
    """For every application that this process makes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", builders_kept(Rule._compile_builder))
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": Compiled()})
        patch.setattr(db, "_make_engine", engines_of_one_mind(db._make_engine))
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(accounts, "_hasher", hasher)
        patch.setattr(accounts, "_DECOY", hasher.hash("no such account"))
        patch.setattr(pins, "_hasher", hasher)
        yield
