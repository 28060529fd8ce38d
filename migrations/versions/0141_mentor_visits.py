"""A visit of a mentor is withdrawn with a reason; an erased person's outside result is nobody's."""

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
    with op.batch_alter_table("outside_result") as table:
        table.alter_column("person_id", existing_type=BigId, nullable=True)
    with op.batch_alter_table("pay_rule") as table:
        table.alter_column("honour", existing_type=sa.String(60), type_=sa.String(80))


def downgrade() -> None:
    with op.batch_alter_table("pay_rule") as table:
        table.alter_column("honour", existing_type=sa.String(80), type_=sa.String(60))
    op.execute("DELETE FROM outside_result WHERE person_id IS NULL")
    with op.batch_alter_table("outside_result") as table:
        table.alter_column("person_id", existing_type=BigId, nullable=False)
    with op.batch_alter_table("mentor_note") as table:
        table.drop_index(op.f("ix_mentor_note_ended_by"))
        table.drop_constraint(op.f("fk_mentor_note_ended_by_account"), type_="foreignkey")
        for column in ("ended_why", "ended_at", "ended_by"):
            table.drop_column(column)
