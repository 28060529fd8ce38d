"""Schema: check that the migrations make exactly the tables that the models describe.

Migrations are numbered in sequence, and `migrations/HEAD` names the newest, so
that two of them made side by side collide in git and not on a server.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import replace
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade

from compete import create_app
from compete.config import Config
from compete.models import db
from tools.outcome import Outcome


def check(root: Path) -> Outcome:
    """Check for one head, named in the head file, and for migrations that match the models."""
    script = ScriptDirectory(str(root / "migrations"))
    heads = script.get_heads()
    if not heads:
        return Outcome(problems=["migrations/versions is empty"])
    problems = _head_faults(root / "migrations" / "HEAD", heads)
    if len(heads) > 1:
        return Outcome(problems=problems)
    problems += differences()
    count = len(list(script.walk_revisions()))
    return Outcome(problems=problems, note=f"{count} migrations, newest {heads[0]}")


def _head_faults(head_file: Path, heads: list[str]) -> list[str]:
    if len(heads) > 1:
        return [f"{len(heads)} migrations claim to be the newest: {', '.join(sorted(heads))}"]
    named = head_file.read_text(encoding="utf-8").strip() if head_file.is_file() else "nothing"
    if named == heads[0]:
        return []
    return [f"migrations/HEAD names {named}, the newest migration is {heads[0]}"]


def differences() -> list[str]:
    """Differences between the models and a fresh SQLite database, migrated to the newest."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        config = Config.from_env({"COMPETE_DATA_DIR": folder})
        app = create_app(replace(config, testing=True))
        with app.app_context():
            upgrade()
            with db.engine.connect() as connection:
                context = MigrationContext.configure(connection, opts={"compare_type": True})
                changes = compare_metadata(context, db.metadata)
            db.engine.dispose()
    return [f"models and migrations differ: {difference!r}" for difference in changes]
