"""Practice of a bank's practice questions by a link, and how many sets were taken each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, UtcDateTime

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "practice",
        sa.Column("id", BigId, nullable=False),
        sa.Column("bank_id", BigId, nullable=False),
        sa.Column("node_id", BigId, nullable=True),
        sa.Column("link", sa.String(length=40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("made_by", BigId, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["question_bank.id"],
            name=op.f("fk_practice_bank_id_question_bank"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["node_id"],
            ["syllabus_node.id"],
            name=op.f("fk_practice_node_id_syllabus_node"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by"],
            ["account.id"],
            name=op.f("fk_practice_made_by_account"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice")),
        sa.UniqueConstraint("link", name=op.f("uq_practice_link")),
    )
    op.create_index(op.f("ix_practice_bank_id"), "practice", ["bank_id"])
    op.create_index(op.f("ix_practice_made_by"), "practice", ["made_by"])
    op.create_index(op.f("ix_practice_node_id"), "practice", ["node_id"])
    op.create_table(
        "practice_day",
        sa.Column("id", BigId, nullable=False),
        sa.Column("practice_id", BigId, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.id"],
            name=op.f("fk_practice_day_practice_id_practice"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_day")),
        sa.UniqueConstraint("practice_id", "day", name=op.f("uq_practice_day_practice_id_day")),
    )
    op.create_index(op.f("ix_practice_day_practice_id"), "practice_day", ["practice_id"])


def downgrade() -> None:
    op.drop_table("practice_day")
    op.drop_table("practice")
