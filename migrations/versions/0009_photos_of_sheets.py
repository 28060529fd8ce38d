"""Photos that judges put with a sheet or an aspect."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sheet_photo",
        sa.Column("id", BIG, nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("sheet_id", BIG, nullable=False),
        sa.Column("judge_id", BIG, nullable=False),
        sa.Column("aspect", sa.String(length=80), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.String(length=40), nullable=True),
        sa.Column("held_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judge_id"],
            ["judge.id"],
            name=op.f("fk_sheet_photo_judge_id_judge"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["sheet_id"],
            ["sheet.id"],
            name=op.f("fk_sheet_photo_sheet_id_sheet"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_photo")),
        sa.UniqueConstraint("uuid", name=op.f("uq_sheet_photo_uuid")),
    )
    with op.batch_alter_table("sheet_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sheet_photo_judge_id"), ["judge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_photo_sheet_id"), ["sheet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_photo_sha256"), ["sha256"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("sheet_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_photo_sha256"))
        batch_op.drop_index(batch_op.f("ix_sheet_photo_sheet_id"))
        batch_op.drop_index(batch_op.f("ix_sheet_photo_judge_id"))

    op.drop_table("sheet_photo")
