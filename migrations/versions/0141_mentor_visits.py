"""A visit of a mentor that was written down by mistake is withdrawn, and says why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("mentor_note") as table:
        table.add_column(sa.Column("ended_by", BigId, nullable=True))
        table.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))
        table.add_column(sa.Column("ended_why", sa.String(length=500), nullable=True))
        table.create_foreign_key(
            op.f("fk_mentor_note_ended_by_account"),
            "account",
            ["ended_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        table.create_index(op.f("ix_mentor_note_ended_by"), ["ended_by"])


def downgrade() -> None:
    with op.batch_alter_table("mentor_note") as table:
        table.drop_index(op.f("ix_mentor_note_ended_by"))
        table.drop_constraint(op.f("fk_mentor_note_ended_by_account"), type_="foreignkey")
        for column in ("ended_why", "ended_at", "ended_by"):
            table.drop_column(column)
