"""An exemption from the conditions of a level takes two; one of a file has nobody who gave it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("exemption") as table:
        table.alter_column("made_by", existing_type=BigId, nullable=True)
        table.add_column(sa.Column("agreed_by", BigId, nullable=True))
        table.add_column(sa.Column("agreed_at", UtcDateTime(), nullable=True))
        table.create_foreign_key(
            op.f("fk_exemption_agreed_by_account"),
            "account",
            ["agreed_by"],
            ["id"],
            ondelete="RESTRICT",
        )
    op.create_index(op.f("ix_exemption_agreed_by"), "exemption", ["agreed_by"])


def downgrade() -> None:
    op.drop_index(op.f("ix_exemption_agreed_by"), "exemption")
    op.execute("DELETE FROM exemption WHERE made_by IS NULL")
    with op.batch_alter_table("exemption") as table:
        table.drop_constraint(op.f("fk_exemption_agreed_by_account"), type_="foreignkey")
        table.drop_column("agreed_at")
        table.drop_column("agreed_by")
        table.alter_column("made_by", existing_type=BigId, nullable=False)
