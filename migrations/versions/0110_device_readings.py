"""Marks that a device read: what measured them, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("paper_entry", sa.Column("device", sa.String(200), nullable=True))
    op.add_column("paper_entry", sa.Column("read_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("paper_entry") as table:
        table.drop_column("read_at")
        table.drop_column("device")
