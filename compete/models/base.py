"""The declarative base, the session, and the settings that SQLite needs."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, ForeignKey, MetaData, String, event
from sqlalchemy.orm import DeclarativeBase, mapped_column

from compete.models.checkpoints import BACKSTOP_PAGES
from compete.models.types import BigId, UtcDateTime

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Root of all tables; constraint names follow one convention on every database."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)

Id = Annotated[int, mapped_column(BigId, primary_key=True)]
Code = Annotated[str, mapped_column(String(80))]
Name = Annotated[str, mapped_column(String(200))]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]


def ref(table: str) -> Any:
    """A foreign key column type to `table`.id that forbids deleting what is in use."""
    return mapped_column(BigId, ForeignKey(f"{table}.id", ondelete="RESTRICT"), index=True)


def utc_now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def set_up_sqlite(engine: Engine, synchronous: str) -> None:
    """WAL, foreign keys, and writing transactions that take the lock at BEGIN.

    With a plain BEGIN a transaction that reads and then writes fails at once
    when another writes between; BEGIN IMMEDIATE makes it wait its turn. Units
    of work mark their connection `writing`; readers begin plainly and never wait.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 15000")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.execute(f"PRAGMA wal_autocheckpoint = {BACKSTOP_PAGES}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("writing", False)
        # By the driver's own cursor: the mapper's way costs a tenth of storing a mark.
        connection.connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN").close()
