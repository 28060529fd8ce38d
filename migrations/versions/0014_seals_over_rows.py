"""Seals over rows, and prints by which a spoilt column of an act is named."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "row_seal",
        sa.Column("id", BigId, nullable=False),
        sa.Column("competition_id", BigId, nullable=True),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_row_seal_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_row_seal")),
    )
    with op.batch_alter_table("row_seal", schema=None) as batch_op:
        batch_op.create_index("ix_row_seal_row", ["table_name", "row_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_row_seal_competition_id"), ["competition_id"], unique=False
        )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rows", sa.JSON(), nullable=True))
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prints", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("act", schema=None) as batch_op:
        batch_op.drop_column("prints")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_column("rows")
    op.drop_table("row_seal")
