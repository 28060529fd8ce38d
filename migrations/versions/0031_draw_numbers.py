"""The number of a discarded draw is not given to another one on SQLite."""

from __future__ import annotations

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(sqlite_autoincrement=True)


def downgrade() -> None:
    _rebuild(sqlite_autoincrement=False)


def _rebuild(*, sqlite_autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        # A sequence gives none twice.
        return
    options = {"sqlite_autoincrement": sqlite_autoincrement}
    with op.batch_alter_table("draw_ceremony", recreate="always", table_kwargs=options):
        pass
