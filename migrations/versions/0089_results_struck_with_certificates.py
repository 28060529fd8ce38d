"""A certificate may be made void together with the result that it rests on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("revocation") as batch:
        batch.add_column(
            sa.Column("strike", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("revocation") as batch:
        batch.drop_column("strike")
