"""Judges' comments to contestants, in words that can be erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import BigId, EncryptedText, UtcDateTime

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_comment",
        sa.Column("id", BigId, nullable=False),
        sa.Column("act_uuid", sa.String(36), nullable=False),
        sa.Column("sheet_id", BigId, nullable=False),
        sa.Column("text", EncryptedText(), nullable=True),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["sheet.id"],
            name=op.f("fk_sheet_comment_sheet_id_sheet"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_comment")),
        sa.UniqueConstraint("act_uuid", name=op.f("uq_sheet_comment_act_uuid")),
    )
    op.create_index(op.f("ix_sheet_comment_sheet_id"), "sheet_comment", ["sheet_id"])


def downgrade() -> None:
    op.drop_table("sheet_comment")
