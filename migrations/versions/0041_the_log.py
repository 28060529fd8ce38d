"""The log that anyone can check: leaves, tiles of its tree, signed checkpoints."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from compete.models.types import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def _id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "log_leaf",
        sa.Column("id", _id(), nullable=False),
        sa.Column("number", _id(), nullable=False),
        sa.Column("competition_id", _id(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition_id"],
            ["competition.id"],
            name=op.f("fk_log_leaf_competition_id_competition"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_leaf")),
        sa.UniqueConstraint("number", name=op.f("uq_log_leaf_number")),
        sa.UniqueConstraint(
            "competition_id", "seq", "part", name=op.f("uq_log_leaf_competition_id_seq_part")
        ),
    )
    op.create_index(op.f("ix_log_leaf_competition_id"), "log_leaf", ["competition_id"])
    op.create_table(
        "log_tile",
        sa.Column("id", _id(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("number", _id(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_tile")),
        sa.UniqueConstraint("level", "number", name=op.f("uq_log_tile_level_number")),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("id", _id(), nullable=False),
        sa.Column("size", _id(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reached", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_checkpoint")),
        sa.UniqueConstraint("size", name=op.f("uq_log_checkpoint_size")),
    )


def downgrade() -> None:
    op.drop_table("log_checkpoint")
    op.drop_table("log_tile")
    op.drop_table("log_leaf")
