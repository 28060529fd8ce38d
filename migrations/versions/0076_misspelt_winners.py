"""A winner's name misspelt: what it is to be, until a second person agrees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("distinction", sa.Column("new_name", sa.String(length=60), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("distinction") as table:
        table.drop_column("new_name")
