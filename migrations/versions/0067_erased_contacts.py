"""Contacts and evidence of labour competitions whose personal data were erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0067"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("account", "labour_note"):
        op.add_column(table, sa.Column("erased_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    for table in ("labour_note", "account"):
        with op.batch_alter_table(table) as batch:
            batch.drop_column("erased_at")
