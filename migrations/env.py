"""How Alembic reaches the application's database.

On SQLite a batch migration rebuilds a table: with foreign keys on, dropping
the old one would carry out ON DELETE and lose the rows that refer to it. So
they are switched off on the raw connection before any BEGIN, and checked when
all is done.
"""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from compete.models import Base, db
from compete.models.types import EncryptedBytes, EncryptedText, Points, UtcDateTime


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our column types by name, with the import they need."""
    if kind == "type" and isinstance(item, EncryptedBytes | EncryptedText | Points | UtcDateTime):
        autogen_context.imports.add(f"from compete.models.types import {type(item).__name__}")
        return f"{type(item).__name__}()"
    return False


def run(connection: Connection) -> None:
    """Migrate on an open connection; on SQLite with foreign keys off meanwhile."""
    if connection.dialect.name != "sqlite":
        migrate(connection)
        return
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        migrate(connection)
    finally:
        # The pool hands this connection out again, whatever happened here.
        raw.execute("PRAGMA foreign_keys = ON")


def migrate(connection: Connection) -> None:
    """Run the migrations in one transaction, which a reference left open undoes."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        # SQLite can undo changes of tables too, though Alembic does not expect it to.
        transactional_ddl=True,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration would leave references open: {broken[:5]}")


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with current_app.app_context(), db.engine.connect() as fresh:
        run(fresh.execution_options(writing=True))
