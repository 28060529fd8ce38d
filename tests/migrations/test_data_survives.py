"""A whole competition outlives the rebuilding of every table, as SQLite needs it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text

from compete.domain.bundle.packs.named import expand_packs
from compete.models import Account, AuditEntry, Competition, db
from compete.models.types import EncryptedBytes, EncryptedText, Points, UtcDateTime
from compete.resources import resource_dir
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.publications import latest_publication
from compete.services.results.snapshots import stored_fault
from compete.services.scoring.bundle_out import export_bundle
from tests.support.announced import announce, approve_all, body_for
from tests.support.competitions import sample
from tests.support.issuing import issue_grade_certificates

REBUILD_ALL = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade():
    tables = sa.inspect(op.get_bind()).get_table_names()
    for table in sorted(set(tables) - {{"alembic_version"}}):
        with op.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(sa.Column("added", sa.Integer()))
"""


def with_a_rebuild(tmp_path: Path) -> str:
    """A copy of the migrations with one more, which rebuilds every table."""
    folder = tmp_path / "migrations"
    shutil.copytree(resource_dir("migrations"), folder)
    newest = (folder / "HEAD").read_text(encoding="utf-8").strip()
    rebuild = REBUILD_ALL.format(newest=newest)
    (folder / "versions" / "9999_rebuild.py").write_text(rebuild, encoding="utf-8")
    return str(folder)


def counts() -> dict[str, int]:
    """How many rows each table has."""
    db.session.rollback()
    return {
        name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in db.metadata.tables.items()
    }


def test_nothing_of_a_finished_competition_is_lost(
    here: Flask, forklift: Competition, organiser: Account, tmp_path: Path
) -> None:
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    issue_award_certificates(forklift, organiser, "急用")
    before = counts()
    assert sum(1 for count in before.values() if count) > 15
    db.session.remove()
    upgrade(directory=with_a_rebuild(tmp_path))
    assert db.session.execute(text("SELECT added FROM act")).first() == (None,)
    assert counts() == before
    again = db.session.query(Competition).one()
    assert export_bundle(again) == expand_packs(sample("port-forklift"))
    publication = latest_publication(again)
    assert publication is not None
    assert stored_fault(publication) is None
    assert list(verify_chain(again)) == []
    assert list(verify_chain(None)) == []
    assert db.session.query(AuditEntry).count() == before["audit_entry"]


@pytest.mark.each_database
def test_the_models_and_the_migrations_say_the_same(here: Flask) -> None:
    ours = (EncryptedBytes, EncryptedText, Points, UtcDateTime)

    def differs(_context: object, _there: object, wanted: object, *types: object) -> bool | None:
        # What wraps a plain type is as wide as the type that it wraps.
        return False if isinstance(types[-1], ours) else None

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": differs})
        assert compare_metadata(context, db.metadata) == []


def test_keys_of_one_installation_open_no_other(
    here: Flask, fresh: Competition, tmp_path: Path
) -> None:
    from cryptography.exceptions import InvalidTag

    from compete import create_app
    from compete.config import Config
    from compete.models import Entrant

    config: Config = here.extensions["compete.config"]
    other = create_app(replace(config, field_key=b"k" * 32))
    with other.app_context(), pytest.raises(InvalidTag):
        db.session.scalars(select(Entrant.id_number)).all()
