"""A void certificate given again by two; a ruling on a re-check corrected, both kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "revocation", sa.Column("again", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("recheck_entry", sa.Column("earlier", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("recheck_entry") as batch_op:
        batch_op.drop_column("earlier")
    with op.batch_alter_table("revocation") as batch_op:
        batch_op.drop_column("again")
