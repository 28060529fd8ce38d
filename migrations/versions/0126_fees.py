"""What applicants owe, and whether it was paid."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fee",
        sa.Column("id", BigId, nullable=False),
        sa.Column("entrant_id", BigId, nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("is_paid", sa.Boolean(), nullable=False),
        sa.Column("entered_by", BigId, nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrant_id"],
            ["entrant.id"],
            name=op.f("fk_fee_entrant_id_entrant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"],
            ["account.id"],
            name=op.f("fk_fee_entered_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
        sa.UniqueConstraint("entrant_id", name=op.f("uq_fee_entrant_id")),
    )
    op.create_index(op.f("ix_fee_entrant_id"), "fee", ["entrant_id"])
    op.create_index(op.f("ix_fee_entered_by"), "fee", ["entered_by"])


def downgrade() -> None:
    op.drop_table("fee")
