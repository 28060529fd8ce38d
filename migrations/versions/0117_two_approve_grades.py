"""Who asked for a grade to be approved, where two approve."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("grade_decision") as batch:
        batch.add_column(sa.Column("asked_by", BigId, nullable=True))
        batch.add_column(sa.Column("asked_at", UtcDateTime(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_grade_decision_asked_by_account"),
            "account",
            ["asked_by"],
            ["id"],
            ondelete="RESTRICT",
        )
        batch.create_index(op.f("ix_grade_decision_asked_by"), ["asked_by"])


def downgrade() -> None:
    with op.batch_alter_table("grade_decision") as batch:
        batch.drop_index(op.f("ix_grade_decision_asked_by"))
        batch.drop_constraint(op.f("fk_grade_decision_asked_by_account"), type_="foreignkey")
        batch.drop_column("asked_at")
        batch.drop_column("asked_by")
