"""Who left a batch to go on in the next one is told from who left altogether."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("withdrawal") as table:
        table.add_column(sa.Column("onward", sa.Boolean(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("withdrawal") as table:
        table.drop_column("onward")
