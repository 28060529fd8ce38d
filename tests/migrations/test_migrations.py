"""The migrations go up and down, and rebuilding a table loses nothing that refers to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from compete import create_app
from compete.config import Config
from compete.models import db
from compete.resources import resource_dir

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade():
    with op.batch_alter_table("competition", recreate="always") as batch:
        batch.add_column(sa.Column("added", sa.Integer()))
"""
BREAK = """
    op.execute("DELETE FROM competition")
"""


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[[str], Flask]:
    """An application on the database named, whatever state that is in."""

    def make(url: str) -> Flask:
        config = Config.from_env({"COMPETE_DATA_DIR": str(tmp_path / "var")})
        return create_app(replace(config, database_url=url, testing=True))

    return make


@pytest.mark.each_database
def test_they_go_up_down_and_up_again(database_url: str, make_app: Callable[[str], Flask]) -> None:
    """Up they went before: that is how the tests' databases are made."""
    with make_app(database_url).app_context():
        first = set(inspect(db.engine).get_table_names())
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
        assert (
            set(inspect(db.engine).get_table_names())
            == first
            == {*db.metadata.tables, "alembic_version"}
        )
        db.engine.dispose()


def with_one_more(tmp_path: Path, *more: str) -> str:
    """A copy of the migrations with one that rebuilds a table many others refer to."""
    folder = tmp_path / "migrations"
    shutil.copytree(resource_dir("migrations"), folder)
    newest = (folder / "HEAD").read_text(encoding="utf-8").strip()
    (folder / "versions" / "9999_rebuild.py").write_text(
        REBUILD.replace("{newest}", newest) + "".join(more), encoding="utf-8"
    )
    return str(folder)


def put_a_competition_with_a_keepsake() -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO competition (id, code, name, kind, level, state, settings, created_at)"
            " VALUES (1, 'A', '甲', 'skills', 'city', 'registering', '{}', '2026-09-16')"
        )
        connection.exec_driver_sql(
            "CREATE TABLE keepsake (id INTEGER PRIMARY KEY,"
            " competition_id INTEGER NOT NULL REFERENCES competition (id) ON DELETE CASCADE)"
        )
        connection.exec_driver_sql("INSERT INTO keepsake VALUES (1, 1)")


def test_rebuilding_a_table_on_sqlite_keeps_the_rows_that_refer_to_it(
    database_url: str, make_app: Callable[[str], Flask], tmp_path: Path
) -> None:
    with make_app(database_url).app_context():
        put_a_competition_with_a_keepsake()
        upgrade(directory=with_one_more(tmp_path))
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT id FROM keepsake").fetchall() == [(1,)]
            assert connection.exec_driver_sql("SELECT added FROM competition").fetchall()
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        db.engine.dispose()


def test_a_migration_that_leaves_references_open_is_undone(
    database_url: str,
    make_app: Callable[[str], Flask],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with make_app(database_url).app_context():
        put_a_competition_with_a_keepsake()
        with pytest.raises(SystemExit):
            upgrade(directory=with_one_more(tmp_path, BREAK))
        assert "keepsake" in caplog.text
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT code FROM competition").scalar() == "A"
            columns = {column["name"] for column in inspect(connection).get_columns("competition")}
            assert "added" not in columns
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        db.engine.dispose()
