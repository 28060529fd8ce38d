"""Which list of marks a reading of paper was a row of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("listed", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.drop_column("listed")
