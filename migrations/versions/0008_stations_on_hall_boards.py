"""Whether the hall's board tells who is at which station."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hall_board", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stations", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("hall_board", schema=None) as batch_op:
        batch_op.alter_column("stations", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("hall_board", schema=None) as batch_op:
        batch_op.drop_column("stations")
